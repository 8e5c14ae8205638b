"""The tests of the W3C's suites for SPARQL 1.1, SPARQL 1.2 and RDF 1.2, read from their manifests."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyoxigraph import NamedNode, Quad, parse
from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.term import Node

from tests.support.suites import find_suite

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

_TESTS = find_suite("w3c-rdf-tests")
REFUSED = ("service", "syntax-fed")
"""The folders whose tests query another service. The server refuses these queries."""

FOLDERS = (
    "aggregates", "bind", "bindings", "cast", "construct", "exists", "functions", "grouping", "negation",
    "project-expression", "property-path", "subquery", "syntax-query", "csv-tsv-res", "json-res", "add", "basic-update",
    "clear", "copy", "delete", "delete-data", "delete-insert", "delete-where", "drop", "move", "syntax-update-1",
    "syntax-update-2", "update-silent", *REFUSED,
)  # fmt: skip
FOLDERS_12 = (
    *(f"sparql12/{name}" for name in (
        "grouping", "codepoint-escapes", "syntax-triple-terms-negative", "syntax-triple-terms-positive",
        "eval-triple-terms", "expression", "lang-basedir", "rdf11", "version", "syntax",
    )),
    *(f"rdf12/{name}" for name in ("rdf-turtle/eval", "rdf-turtle/syntax", "rdf-n-triples/syntax", "rdf-xml/eval")),
)  # fmt: skip
"""The folders of the suites for SPARQL 1.2 and RDF 1.2. Their names begin with that of the suite."""


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
    text: Path  # the query, the update, or the RDF to parse
    before: Dataset = field(default_factory=Dataset)
    result: Path | None = None  # of a query, or the parsed RDF
    after: Dataset = field(default_factory=Dataset)  # of an update

    @property
    def name(self) -> str:
        return f"{self.folder}/{self.iri.partition('#')[2]}"

    @property
    def sort(self) -> str:
        """The sort of test: query, update, syntax, formats, service or rdf."""
        if self.folder in REFUSED:
            return "service"
        if self.folder.startswith("rdf12/"):
            return "rdf"
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
    """Return all tests by name, in the order of folders and manifests, without those of suites that are missing."""
    folders = (folder for folder in (*FOLDERS, *FOLDERS_12) if _TESTS and _place(folder).exists())
    return {case.name: case for folder in folders for case in _read(folder)}


def _place(folder: str) -> Path:
    """Return the path of a manifest."""
    assert _TESTS is not None
    suite = {"sparql12": "sparql", "rdf12": "rdf"}.get(folder.partition("/")[0], "sparql/sparql11")
    return _TESTS / suite / folder / "manifest.ttl"


@cache
def _manifest(folder: str) -> Graph:
    return Graph().parse(_place(folder))


def _read(folder: str) -> Iterator[Case]:
    manifest = _manifest(folder)
    for entries in manifest.objects(None, MF.entries):
        for test in manifest.items(entries):
            yield _case(folder, manifest, test)


def _case(folder: str, manifest: Graph, test: Node) -> Case:
    kind = str(manifest.value(test, RDF.type)).partition("#")[2]
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
    """Return the graphs of a test. Graphs of a query are named after their file, graphs of an update by a label.

    A file with named graphs is listed for each of its graphs.
    """
    default = [*manifest.objects(node, QT.data), *manifest.objects(node, UT.data)]
    named = [(_file(file).name, _file(file)) for file in manifest.objects(node, QT.graphData)]
    for graph in manifest.objects(node, UT.graphData):
        file = manifest.value(graph, UT.graph)
        assert file is not None
        named.append((str(manifest.value(graph, RDFS.label)), _file(file)))
    files = sorted(map(_file, default))
    named += [(name, file) for file in files for name in graph_names(file)]
    return Dataset(tuple(files), tuple(sorted(named)))


def graph_names(file: Path) -> list[str]:
    """Return the IRIs of the named graphs in a file, sorted."""
    return sorted({quad.graph_name.value for quad in quads(file) if isinstance(quad.graph_name, NamedNode)})


@cache
def quads(file: Path) -> list[Quad]:
    """Return the quads of a TriG file, always with the same blank nodes; none for other files."""
    return list(parse(path=file, rename_blank_nodes=True)) if file.suffix == ".trig" else []


def _file(node: Node) -> Path:
    return Path(unquote(urlsplit(str(node)).path))
