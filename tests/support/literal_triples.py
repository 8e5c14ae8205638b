"""RDF with its literals unchanged. The parsers of rdflib normalise literals."""

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

Triple = tuple[Node, Node, Node]


def triples_as_written(text: str | bytes, format: RdfFormat, base: str = "http://example.org/") -> list[Triple]:
    """Return the triples of a text in order, with unchanged literals."""
    body = text.encode() if isinstance(text, str) else text
    return [
        (_term(triple.subject), _term(triple.predicate), _term(triple.object))
        for triple in parse(body, format=format, base_iri=base)
    ]


def graph_as_written(text: str | bytes, format: RdfFormat, base: str = "http://example.org/") -> Graph:
    """Return the triples of a text as a graph, with unchanged literals."""
    graph = Graph()
    for triple in triples_as_written(text, format, base):
        graph.add(triple)
    return graph


def _term(term: object) -> Node:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    assert isinstance(term, Literal)
    if term.language:
        return RdflibLiteral(term.value, lang=term.language)
    return RdflibLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)
