"""Statements as things: a name that is a digest of what is said and where, and all of it as triples."""

import hashlib

import pytest
from rdflib import DCTERMS, PROV, RDF, XSD, Graph, Literal, URIRef

from crmgraph.describing.statements import describe_statement, statement_iri
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names

NAMES = Names()
SUBJECT, PROPERTY, VALUE, GROUND = (URIRef(f"https://example.org/{name}") for name in "spog")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (VALUE, "<https://example.org/o>"),
        (Literal("año", "es"), '"año"@es'),
        (Literal("a"), '"a"'),
        (Literal("a", datatype=XSD.string), '"a"'),
        (Literal("2010", datatype=XSD.gYear), '"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        (Literal('él dijo: "no"\n\\ y\r', "es"), '"él dijo: \\"no\\"\\n\\\\ y\\r"@es'),
    ],
)
def test_the_name_is_a_digest_of_the_statement_in_n_triples(value: URIRef | Literal, written: str) -> None:
    said = f"<https://example.org/s> <https://example.org/p> {written} <https://example.org/g>"
    digest = hashlib.sha256(said.encode()).hexdigest()[:12]
    assert (
        str(statement_iri(NAMES, SUBJECT, PROPERTY, value, GROUND))
        == f"https://w3id.org/crmgraph/id/statement/{digest}"
    )


def test_a_statement_read_in_a_passage() -> None:
    graph = Graph()
    node = describe_statement(graph, NAMES, (SUBJECT, PROPERTY, VALUE), passage=GROUND, by="me")
    assert set(graph) == {
        (node, RDF.type, CG.Statement),
        (node, CG.subject, SUBJECT),
        (node, CG.predicate, PROPERTY),
        (node, CG.object, VALUE),
        (node, CG.passage, GROUND),
        (node, PROV.wasAttributedTo, URIRef(NAMES.id("annotator", "me"))),
    }


def test_a_statement_of_a_source_with_a_literal() -> None:
    graph, year = Graph(), Literal("1996", datatype=XSD.gYear)
    node = describe_statement(graph, NAMES, (SUBJECT, PROPERTY, year), source=GROUND)
    assert set(graph) == {
        (node, RDF.type, CG.Statement),
        (node, CG.subject, SUBJECT),
        (node, CG.predicate, PROPERTY),
        (node, CG.literal, year),
        (node, DCTERMS.source, GROUND),
    }


def test_another_ground_is_another_statement() -> None:
    assert statement_iri(NAMES, SUBJECT, PROPERTY, VALUE, GROUND) != statement_iri(
        NAMES, SUBJECT, PROPERTY, VALUE, SUBJECT
    )
