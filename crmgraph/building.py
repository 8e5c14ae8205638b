"""Building: from the document, the tables and the ontology to the whole dataset in a folder, in one go."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from crmgraph import __version__
from crmgraph.errors import Place, UsageError
from crmgraph.namespaces import Names
from crmgraph.resources import resource

if TYPE_CHECKING:
    from rdflib import Dataset, Graph

    from crmgraph.checking import Finding

__all__ = ["FINDINGS", "MANIFEST", "Manifest", "build", "check_file", "inputs_digest", "read_manifest"]

FINDINGS = "findings.json"
MANIFEST = "manifest.json"
_LIBRARIES = ("owlrl", "pyoxigraph", "pyshacl", "rdflib")
_PLAN = "crm"


@dataclass(frozen=True)
class Manifest:
    """What a built folder was made from and holds: sha256 of inputs and dataset, statements and findings by kind."""

    inputs: str
    dataset: str
    graphs: dict[str, int]
    findings: dict[str, int]


def inputs_digest(names: Names) -> str:
    """The sha256 of all that a build depends on: our files, our code, the libraries' versions, the base."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    digest.update(f"crmgraph {__version__} {names.base}\n".encode())
    for file in _inputs():
        digest.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    for name in ("ontology", "data"):
        yield from sorted(file for file in resource(name).rglob("*") if file.is_file())
    package = Path(__file__).parent
    yield Path(__file__)
    for name in ("reading", "describing", "inferring", "checking", "storing"):
        yield from sorted((package / name).glob("*.py"))


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a built folder, None where there is none that this version can read."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def build(folder: Path, names: Names, say: Callable[[str], None] = lambda _: None) -> Manifest:
    """Make the dataset in `folder`, or leave it as it is where nothing changed; `say` is told of each step.

    The folder changes all at once or not at all. Raises an InputError for wrong data and ContradictionError where
    data and ontology cannot both be true.
    """
    inputs = inputs_digest(names)
    known = read_manifest(folder)
    if known is not None and known.inputs == inputs:
        say("nothing changed")
        return known
    if known is None and folder.exists() and any(folder.iterdir()):
        raise UsageError("this folder holds things that are no built dataset; name another folder", Place(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        manifest = _build_into(fresh, inputs, names, say)
        _replace(folder, fresh)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return manifest


def _dataset(file: Path, plan: str | None, names: Names, say: Callable[[str], None]) -> "tuple[Dataset, list[Finding]]":
    """A plan with the background it is read against, all that follows from them, and what is wrong with them."""
    from rdflib import Dataset, URIRef

    from crmgraph.checking import check
    from crmgraph.describing import describe_background, describe_plan
    from crmgraph.inferring import infer
    from crmgraph.reading import read_plan

    say("reading")
    read = read_plan(file, plan)
    say("describing")
    background = describe_background(resource("ontology"), resource("data"), names)
    dataset = Dataset()
    for part in (background.dataset, describe_plan(read, background)):
        for subject, predicate, value, graph in part.quads():
            dataset.graph(URIRef(str(graph))).add((subject, predicate, value))
    say("inferring")
    _put(dataset, names.graph("inferred"), infer(dataset, names))
    say("checking")
    return dataset, check(dataset, resource("ontology") / "shapes", names)


def _put(dataset: "Dataset", name: str, triples: "Graph") -> None:
    from rdflib import URIRef

    graph = dataset.graph(URIRef(name))
    for triple in triples:
        graph.add(triple)


def check_file(file: Path, plan: str | None, names: Names, say: Callable[[str], None]) -> "list[Finding]":
    """What is wrong with the plan in `file`, called `plan` or else by its file's name. Raises what `build` raises."""
    return _dataset(file, plan, names, say)[1]


def _build_into(folder: Path, inputs: str, names: Names, say: Callable[[str], None]) -> Manifest:
    from crmgraph.checking import SEVERITIES, as_json, describe_findings
    from crmgraph.describing.catalog import describe_catalog
    from crmgraph.storing.disk import write_dataset
    from crmgraph.storing.quads import quads

    dataset, findings = _dataset(resource("data") / "source" / f"{_PLAN}.txt", _PLAN, names, say)
    _put(dataset, names.graph("findings"), describe_findings(findings, names))
    sizes = {str(graph.identifier): len(graph) for graph in dataset.graphs() if len(graph)}
    catalog = describe_catalog(dict(sorted(sizes.items())), names)
    _put(dataset, names.graph("catalog"), catalog)
    say("storing")
    text = quads(dataset)
    write_dataset(text, folder)
    (folder / FINDINGS).write_text(as_json(findings) + "\n", encoding="utf-8")
    manifest = Manifest(
        inputs,
        hashlib.sha256(text.encode()).hexdigest(),
        dict(sorted({**sizes, names.graph("catalog"): len(catalog)}.items())),
        {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES},
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    return manifest


def _replace(folder: Path, fresh: Path) -> None:
    """Put `fresh` in the place of `folder`. Whoever has the old store open keeps it until they let it go."""
    if folder.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
        folder.rename(old / "build")
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        fresh.rename(folder)
    folder.chmod(0o755)
