"""RDF with its literals unchanged. The parsers of rdflib normalise literals.

What rdflib cannot represent is encoded: a triple term as a blank node that has its parts, and a base direction as a
datatype.
"""

import hashlib
from collections.abc import Iterable

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from rdflib import BNode, Graph, Namespace, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

Triple = tuple[Node, Node, Node]
_ENCODED = Namespace("tag:crmgraph,2026:encoded/")


def triples_as_written(text: str | bytes, format: RdfFormat, base: str = "http://example.org/") -> list[Triple]:
    """Return the triples of a text in order, with unchanged literals."""
    body = text.encode() if isinstance(text, str) else text
    return encoded_triples(quad.triple for quad in parse(body, format=format, base_iri=base))


def graph_as_written(text: str | bytes, format: RdfFormat, base: str = "http://example.org/") -> Graph:
    """Return the triples of a text as a graph, with unchanged literals."""
    graph = Graph()
    for triple in triples_as_written(text, format, base):
        graph.add(triple)
    return graph


def encoded_triples(triples: Iterable[pyoxigraph.Triple]) -> list[Triple]:
    """Return triples of the engine, followed by the parts of the triple terms in each."""
    found: list[Triple] = []
    for triple in triples:
        value, parts = encoded_term(triple.object)
        found += [(_term(triple.subject), _term(triple.predicate), value), *parts]
    return found


def encoded_term(term: object) -> tuple[Node, list[Triple]]:
    """Return a term of the engine, and the parts of the triple terms in it."""
    if not isinstance(term, pyoxigraph.Triple):
        return _term(term), []
    node = BNode(hashlib.md5(str(term).encode()).hexdigest())
    value, parts = encoded_term(term.object)
    subject, predicate = _term(term.subject), _term(term.predicate)
    about = [(_ENCODED.subject, subject), (_ENCODED.predicate, predicate), (_ENCODED.object, value)]
    return node, [*((node, name, part) for name, part in about), *parts]


def _term(term: object) -> Node:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    assert isinstance(term, Literal)
    if term.direction:
        return RdflibLiteral(term.value, datatype=_ENCODED[f"{term.language}--{term.direction.value}"])
    if term.language:
        return RdflibLiteral(term.value, lang=term.language)
    return RdflibLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)
