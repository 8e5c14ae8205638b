"""Building: from the document, the tables and the ontology to the whole dataset in a folder, in one go."""

import hashlib
import json
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from crmgraph.building.inputs import (
    FINDINGS,
    MANIFEST,
    SOURCE,
    Manifest,
    by_document,
    current,
    documents,
    external_graphs,
    inputs_digest,
    plans_digests,
    plans_of,
    read_manifest,
    version_id,
    versions,
)
from crmgraph.errors import Place, UsageError
from crmgraph.namespaces import Names
from crmgraph.store.dataset import seal

__all__ = [
    "FINDINGS",
    "MANIFEST",
    "SOURCE",
    "Manifest",
    "build",
    "by_document",
    "current",
    "documents",
    "external_graphs",
    "inputs_digest",
    "plans_digests",
    "plans_of",
    "read_manifest",
    "version_id",
    "versions",
]

_UNFINISHED = ".unfinished-"
_OURS = re.compile(rf"{re.escape(_UNFINISHED)}.*|[0-9a-f]{{12}}|{re.escape(MANIFEST)}")
_HOUR = 3600


def build(
    folder: Path,
    names: Names,
    say: Callable[[str], None] = lambda _: None,
    anew: bool = False,
    plans: Path | None = None,
    reasoner: str = "rules",
) -> Manifest:
    """Make the dataset in `folder`, or leave it as it is where nothing changed and it is whole, unless `anew`.

    `say` is told of each step. The plans in the folder `plans` are in it beside those that are held; where none is
    named, those in the folder that the dataset which is there was built with. `reasoner` is "rules" or "owlrl".

    The manifest changes last and at once, so that whoever reads the folder sees one dataset or the other; the one
    before stays for those who still read it. Raises an InputError for wrong data or a folder that cannot be used, and
    ContradictionError where data and ontology cannot both be true.
    """
    unchanged = None if anew else current(folder, names, plans)
    if unchanged is not None:
        say("nothing changed")
        return unchanged
    plans = plans or plans_of(folder)
    inputs, further, known = inputs_digest(names), plans_digests(plans), read_manifest(folder)
    try:
        _check_folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
        try:
            manifest = _build_into(fresh, inputs, names, say, plans, reasoner)
            manifest = replace(manifest, plans=str(plans.absolute()) if plans else "", further=further)
            _publish(folder, fresh, manifest)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        _clear(folder, {manifest.folder(folder), *([known.folder(folder)] if known else [])})
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(folder)) from None
    return manifest


def _check_folder(folder: Path) -> None:
    if folder.is_dir() and not all(_OURS.fullmatch(file.name) for file in folder.iterdir()):
        raise UsageError("this folder holds things that are no built dataset; name another folder", Place(folder))


def _publish(folder: Path, fresh: Path, manifest: Manifest) -> None:
    """Give the finished dataset its name, and then say in the manifest that it is the one."""
    place = manifest.folder(folder)
    if place.exists():
        place.rename(fresh / "spoiled")
    (fresh / "dataset").rename(place)
    written = fresh / MANIFEST
    written.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    written.replace(folder / MANIFEST)


def _clear(folder: Path, kept: set[Path]) -> None:
    """Remove datasets that nobody can be reading any more, and what builds that were killed have left."""
    for place in folder.iterdir():
        old = place.name.startswith(_UNFINISHED) and time.time() - place.stat().st_mtime > _HOUR
        if old or (place.is_dir() and not place.name.startswith(_UNFINISHED) and place not in kept):
            shutil.rmtree(place, ignore_errors=True)


def _build_into(
    folder: Path, inputs: str, names: Names, say: Callable[[str], None], plans: Path | None, reasoner: str
) -> Manifest:
    # rdflib is slow to import, and whoever reads a dataset that is there has no use for it.
    from crmgraph.building.dataset import whole_dataset
    from crmgraph.checks.catalogue import SEVERITIES
    from crmgraph.checks.findings import as_json
    from crmgraph.store.dataset import write_dataset

    text, sizes, findings = whole_dataset(names, say, plans, reasoner)
    say("storing")
    place = folder / "dataset"
    place.mkdir()
    write_dataset(text, place)
    (place / FINDINGS).write_text(as_json(findings) + "\n", encoding="utf-8")
    seal(place)
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    return Manifest(inputs, hashlib.sha256(text.encode()).hexdigest(), sizes, counts)
