"""The tests of the W3C's SPARQL 1.1 suites, read from their manifests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

from tests.support.suites import find_suite

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

SUITE = find_suite("w3c-rdf-tests/sparql/sparql11")
REFUSED = ("service", "syntax-fed")
"""The folders whose tests query another service. The server refuses these queries."""

FOLDERS = (
    "aggregates", "bind", "bindings", "cast", "construct", "exists", "functions", "grouping", "negation",
    "project-expression", "property-path", "subquery", "syntax-query", "csv-tsv-res", "json-res", "add", "basic-update",
    "clear", "copy", "delete", "delete-data", "delete-insert", "delete-where", "drop", "move", "syntax-update-1",
    "syntax-update-2", "update-silent", *REFUSED,
)  # fmt: skip


@dataclass(frozen=True)
class Dataset:
    """The files of the default graph, and the named graphs as pairs of name and file."""

    default: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True)
class Case:
    """A test of a suite."""

    iri: str
    folder: str
    kind: str  # such as `QueryEvaluationTest`
    text: Path  # the query or update
    before: Dataset = field(default_factory=Dataset)
    result: Path | None = None  # of a query
    after: Dataset = field(default_factory=Dataset)  # of an update

    @property
    def name(self) -> str:
        return f"{self.folder}/{self.iri.partition('#')[2]}"

    @property
    def sort(self) -> str:
        """The sort of test: query, update, syntax, formats or service."""
        if self.folder in REFUSED:
            return "service"
        if "Syntax" in self.kind:
            return "syntax"
        if self.folder.endswith("-res"):
            return "formats"
        return "update" if self.is_update else "query"

    @property
    def is_update(self) -> bool:
        """Whether the text is an update, and not a query."""
        return self.text.suffix == ".ru"


@cache
def cases() -> dict[str, Case]:
    """Return all tests by name, in the order of folders and manifests; empty if the suites are missing."""
    found = (case for folder in FOLDERS for case in _read(folder)) if SUITE else ()
    return {case.name: case for case in found}


@cache
def _manifest(folder: str) -> Graph:
    assert SUITE is not None
    return Graph().parse(SUITE / folder / "manifest.ttl")


def _read(folder: str) -> Iterator[Case]:
    manifest = _manifest(folder)
    for entries in manifest.objects(None, MF.entries):
        for test in manifest.items(entries):
            yield _case(folder, manifest, test)


def _case(folder: str, manifest: Graph, test: Node) -> Case:
    kind = str(manifest.value(test, RDF.type)).removeprefix(MF)
    action, result = manifest.value(test, MF.action), manifest.value(test, MF.result)
    assert action is not None
    text = manifest.value(action, QT.query) or manifest.value(action, UT.request) or action
    has_file = isinstance(result, URIRef)
    return Case(
        iri=str(test),
        folder=folder,
        kind=kind,
        text=_file(text),
        before=_dataset(manifest, action),
        result=_file(result) if has_file and result is not None else None,
        after=Dataset() if has_file or result is None else _dataset(manifest, result),
    )


def _dataset(manifest: Graph, node: Node) -> Dataset:
    """Return the graphs of a test. Graphs of a query are named after their file, graphs of an update by a label."""
    default = [*manifest.objects(node, QT.data), *manifest.objects(node, UT.data)]
    named = [(_file(file).name, _file(file)) for file in manifest.objects(node, QT.graphData)]
    for graph in manifest.objects(node, UT.graphData):
        file = manifest.value(graph, UT.graph)
        assert file is not None
        named.append((str(manifest.value(graph, RDFS.label)), _file(file)))
    return Dataset(tuple(sorted(map(_file, default))), tuple(sorted(named)))


def _file(node: Node) -> Path:
    return Path(unquote(urlsplit(str(node)).path))
