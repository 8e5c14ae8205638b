"""The dataset and the background data of the real plans, built once for all tests, test processes and runs."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from pyoxigraph import RdfFormat, Store
from rdflib import Dataset, URIRef

from crmgraph.building.dataset import build
from crmgraph.building.manifest import _CODE_PATHS, Manifest
from crmgraph.checks.plans import background
from crmgraph.describing import Background
from crmgraph.namespaces import Names
from tests.support.literal_triples import triples_as_written

_ROOT = Path(__file__).parents[2]
_KEPT = 12

_NOT_BUILT_WITH = {"cli", "serving", "reconciliation", "site", "http", "searching", "federation", "store", "sparql"}
"""Packages that `crmgraph.building` does not import, but for the files that its inputs name."""


def code_digest() -> str:
    """Return a digest of all inputs of the dataset: code, ontology, data, questions and pinned libraries."""
    digest = hashlib.sha256()
    paths = [_ROOT / "requirements.lock"]
    for folder, pattern in (
        ("crmgraph", "*.py"),
        ("crmgraph", "*.yaml"),
        ("ontology", "*"),
        ("data", "*"),
        ("queries", "*"),
    ):
        for path in (_ROOT / folder).rglob(pattern):
            inner = path.relative_to(_ROOT / folder)
            if path.is_file() and (inner.parts[0] not in _NOT_BUILT_WITH or inner.as_posix() in _CODE_PATHS):
                paths.append(path)
    for path in sorted(paths):
        digest.update(str(path.relative_to(_ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def built_dataset() -> tuple[Path, Manifest]:
    """Return the folder of the built dataset, which must not be modified, and its manifest. Concurrent callers wait."""
    place = Path(os.environ.get("CRMGRAPH_TEST_CACHE") or Path(tempfile.gettempdir()) / f"crmgraph-tests-{os.getuid()}")
    place.mkdir(mode=0o700, exist_ok=True)
    folder = place / code_digest()
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        manifest = build(folder, Names())
        os.utime(folder)
        kept = sorted((each for each in place.iterdir() if each.is_dir()), key=lambda each: each.stat().st_mtime)
        for old in kept[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    return folder, manifest


@cache
def real_background() -> Background:
    """Return the real reference data, vocabularies and plans for describing a plan. The result must not be modified."""
    return background(Names())


def stated(store: Store) -> Dataset:
    """Return the asserted triples of the built dataset, without inferred triples, findings and statistics."""
    dataset, names = Dataset(), Names()
    later = {names.graph(name) for name in ("inferred", "findings", "catalog")}
    for name in store.named_graphs():
        if name.value not in later:
            lines = store.dump(format=RdfFormat.N_TRIPLES, from_graph=name) or b""
            for triple in triples_as_written(lines, RdfFormat.N_TRIPLES):
                dataset.graph(URIRef(str(name.value))).add(triple)
    return dataset
