"""RDF of another process, as somebody else wrote it: read as statements that can be a graph of their own."""

import re
from pathlib import Path
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from crmgraph.errors import Place, SourceError
from crmgraph.namespaces import Names
from crmgraph.texts import declares_entities, read_bytes

__all__ = ["RDF_ENDINGS", "as_n_triples", "read_graph"]

RDF_ENDINGS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
"""The syntaxes that are read, by how a file's name ends."""

_LARGEST = 64 * 2**20
"""How many bytes a file may have."""

_Term = NamedNode | BlankNode | Literal | Triple


def read_graph(file: Path, id: str, names: Names) -> list[Triple]:
    """The statements in a file, which is called `id` here.

    Nodes without a name get one below it, in the order in which they come, so that the same file is always the same
    graph. Raises SourceError where the file is not RDF in the syntax of its ending, names graphs of its own or contexts
    that stand elsewhere, declares entities, or says nothing.
    """
    syntax = RDF_ENDINGS[file.suffix.lower()]
    data = read_bytes(file, SourceError, _LARGEST)
    if syntax is RdfFormat.RDF_XML and declares_entities(data):
        raise SourceError("RDF/XML with a document type or entities is not read; write the characters", Place(file))
    naming = _Naming(names.id("plan", id) + "/node-")
    try:
        quads = parse(data, syntax, base_iri=names.id("plan", id, ""), without_named_graphs=True)
        found = [naming.named(quad) for quad in quads]
    except SyntaxError as error:
        said = re.sub("^Parser error .*?: ", "", error.msg)
        if "LoadDocumentCallback" in said:
            said = "it names a context that stands elsewhere, and nothing is fetched; write the context into it"
        place = Place(file, error.lineno, error.offset)
        raise SourceError(f"this is not {syntax.name}: {said.rstrip('.')}", place) from None
    if not found:
        raise SourceError("there is not one statement in this file", Place(file))
    return list(dict.fromkeys(found))


def as_n_triples(statements: list[Triple]) -> str:
    """The statements as N-Triples, one a line, in order."""
    written = cast(bytes, serialize(statements, format=RdfFormat.N_TRIPLES)).decode()
    return "".join(sorted(written.splitlines(keepends=True)))


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
