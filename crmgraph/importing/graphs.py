"""RDF of another process, as somebody else wrote it: read as statements that can be a graph of their own."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from crmgraph.errors import Place, SourceError, UsageError
from crmgraph.importing.datatypes import is_of_type
from crmgraph.namespaces import Names
from crmgraph.texts import declares_entities, in_double_quotes, read_bytes
from crmgraph.wording import first_of

__all__ = ["RDF_ENDINGS", "SOURCES", "as_n_triples", "check_address", "from_source", "read_graph", "says_source"]

RDF_ENDINGS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
}
"""The syntaxes that are read, by how a file's name ends."""

SOURCES = (
    "http://purl.org/dc/terms/source",
    "http://purl.org/dc/elements/1.1/source",
    "http://www.w3.org/ns/prov#hadPrimarySource",
    "http://www.w3.org/ns/prov#wasDerivedFrom",
)
"""The properties by which it is said where something is from."""

_LARGEST = 64 * 2**20
"""How many bytes a file may have."""

_MOST_TOLD = 3
_MOST_SHOWN = 60

_Term = NamedNode | BlankNode | Literal | Triple


def read_graph(file: Path, id: str, names: Names) -> list[Triple]:
    """The statements in a file, which is called `id` here.

    Nodes without a name get one below it, in the order in which they come, so that the same file is always the same
    graph; addresses that are relative stand below it too. All may be in one graph with a name, which becomes this one.

    Raises SourceError where the file is not RDF in the syntax of its ending, has several graphs, names contexts that
    stand elsewhere, declares entities, says nothing, or has literals that are not of their types.
    """
    syntax = RDF_ENDINGS[file.suffix.lower()]
    data = read_bytes(file, SourceError, _LARGEST).removeprefix(BOM_UTF8)
    if syntax is RdfFormat.RDF_XML:
        if declares_entities(data):
            raise SourceError(
                "its document type declares more than short names for the beginnings of IRIs, and such entities are "
                "not read; save it as Turtle (.ttl), or write what the entities stand for",
                Place(file),
            )
        data = in_double_quotes(data)
    try:
        quads = list(parse(data, syntax, base_iri=names.id("plan", id, "")))
    except SyntaxError as error:
        said = re.sub("^Parser error .*?: ", "", error.msg)
        if "LoadDocumentCallback" in said:
            said = "it names a context that stands elsewhere, and nothing is fetched; write the context into it"
        place = Place(file, error.lineno, error.offset)
        raise SourceError(f"this is not {syntax.name}: {said.rstrip('.')}", place) from None
    except MemoryError:
        raise SourceError("a literal or another word in it is too long to be read; shorten it", Place(file)) from None
    if not quads:
        raise SourceError("there is not one statement in this file", Place(file))
    _check_one_graph(quads, file)
    naming = _Naming(names.id("plan", id) + "/node-")
    found = list(dict.fromkeys(map(naming.named, quads)))
    _check_literals(found, file)
    return found


def from_source(address: str, id: str, names: Names) -> Triple:
    """The statement that the graph of the plan called `id` is from an address. Raises UsageError where that is none."""
    check_address(address)
    return Triple(NamedNode(names.graph("plan", id)), NamedNode(SOURCES[0]), NamedNode(address))


def check_address(address: str) -> None:
    """Raise UsageError where this is no address that something can be from."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", address):
        raise UsageError(f"the source {address} is no address, such as https://example.org/plan")


def says_source(statements: Iterable[Triple]) -> bool:
    """Whether one of the statements says where something is from."""
    return any(each.predicate.value in SOURCES for each in statements)


def as_n_triples(statements: list[Triple]) -> str:
    """The statements as N-Triples, one a line, in order."""
    written = cast(bytes, serialize(statements, format=RdfFormat.N_TRIPLES)).decode()
    return "".join(sorted(written.splitlines(keepends=True)))


def _check_one_graph(quads: Iterable[Quad], file: Path) -> None:
    graphs = {
        "the default graph" if isinstance(graph, DefaultGraph) else str(graph): None
        for graph in (quad.graph_name for quad in quads)
    }
    if len(graphs) > 1:
        raise SourceError(
            f"its statements are in {len(graphs)} graphs ({_listed(list(graphs))}), and a file is one graph here; save "
            "each as a file of its own",
            Place(file),
        )


def _check_literals(statements: Iterable[Triple], file: Path) -> None:
    wrong = [
        f'{each.subject} {each.predicate} "{_short(each.object.value)}" as {_short(str(each.object.datatype))}'
        for statement in statements
        for each in _said(statement)
        if isinstance(each.object, Literal) and not is_of_type(each.object.value, each.object.datatype.value)
    ]
    if wrong:
        told = "a literal is not of its type" if len(wrong) == 1 else f"{len(wrong)} literals are not of their types"
        raise SourceError(f"{told}: {_listed(wrong)}; mend what it says, or leave out the type", Place(file))


def _said(statement: Triple) -> Iterator[Triple]:
    """The statement, and those that it speaks of."""
    yield statement
    if isinstance(statement.object, Triple):
        yield from _said(statement.object)


def _listed(said: list[str]) -> str:
    return first_of(said, _MOST_TOLD, between="; ")


def _short(words: str) -> str:
    return words if len(words) <= _MOST_SHOWN else f"{words[: _MOST_SHOWN - 1]}…"


class _Naming:
    """Gives each node without a name one, by the order in which they come."""

    def __init__(self, beginning: str) -> None:
        self._beginning = beginning
        self._known: dict[BlankNode, NamedNode] = {}

    def named(self, quad: Quad) -> Triple:
        """The statement, with names for its nodes."""
        return self._triple(quad.triple)

    def _triple(self, triple: Triple) -> Triple:
        return Triple(cast(NamedNode, self._term(triple.subject)), triple.predicate, self._term(triple.object))

    def _term(self, term: _Term) -> _Term:
        if isinstance(term, Triple):
            return self._triple(term)
        if isinstance(term, BlankNode):
            return self._known.setdefault(term, NamedNode(f"{self._beginning}{len(self._known) + 1}"))
        return term
