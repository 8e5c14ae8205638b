"""Statements as things of their own, so that each can say which words, which page and which reader it rests on."""

import hashlib

from rdflib import DCTERMS, PROV, RDF, XSD, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names

__all__ = ["OURS", "RECOGNISER", "Value", "describe_statement", "statement_iri"]

OURS = "crmgraph"
"""The id of the annotator that stands for this project."""

RECOGNISER = "recogniser"
"""The id of the annotator that stands for the program which reads what nobody has read."""

Value = URIRef | Literal


def statement_iri(names: Names, subject: URIRef, predicate: URIRef, value: Value, ground: URIRef) -> URIRef:
    """The IRI of a statement: a digest of what it says and of its ground, a passage or a source."""
    said = " ".join(map(_term, (subject, predicate, value, ground)))
    return URIRef(names.id("statement", hashlib.sha256(said.encode()).hexdigest()[:12]))


def describe_statement(
    graph: Graph,
    names: Names,
    triple: tuple[URIRef, URIRef, Value],
    *,
    passage: URIRef | None = None,
    source: URIRef | None = None,
    by: str | None = None,
) -> URIRef:
    """Adds the cg:Statement that says `triple`, and gives its IRI; the triple itself is not added.

    Exactly one of `passage` (where a plan says it) and `source` (the page that says it) is its ground; `by` is the id
    of the annotator who read it there.
    """
    ground = passage or source
    assert ground is not None
    subject, predicate, value = triple
    statement = statement_iri(names, subject, predicate, value, ground)
    graph.add((statement, RDF.type, CG.Statement))
    graph.add((statement, CG.subject, subject))
    graph.add((statement, CG.predicate, predicate))
    graph.add((statement, CG.literal if isinstance(value, Literal) else CG.object, value))
    graph.add((statement, CG.passage if passage else DCTERMS.source, ground))
    if by is not None:
        graph.add((statement, PROV.wasAttributedTo, URIRef(names.id("annotator", by))))
    return statement


def _term(term: Value) -> str:
    """The term in canonical N-Triples; rdflib's own form breaks lines within literals."""
    if isinstance(term, URIRef):
        return f"<{term}>"
    text = str(term)
    for raw, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, escaped)
    if term.language:
        return f'"{text}"@{term.language}'
    return f'"{text}"' if term.datatype in (None, XSD.string) else f'"{text}"^^<{term.datatype}>'
