"""Of all that follows, what is worth saying."""

import pytest
from rdflib import OWL, RDF, RDFS, BNode, Dataset, Literal, URIRef
from rdflib.term import Node

from crmgraph.inferring.useful import is_useful, useful_statements
from crmgraph.namespaces import Names

NAMES = Names("https://example.org/")
A, B, P = (URIRef(f"https://example.org/id/{name}") for name in ("a", "b", "p"))


@pytest.mark.parametrize(
    "triple",
    [
        (A, OWL.sameAs, A), (A, RDF.type, OWL.Thing), (A, RDF.type, OWL.NamedIndividual), (A, RDF.type, RDFS.Resource),
        (A, P, BNode()), (BNode(), P, A), (A, BNode(), B), (Literal("a"), P, B), (A, Literal("a"), B),
    ],
)  # fmt: skip
def test_what_says_nothing_or_cannot_be_said(triple: tuple[Node, Node, Node]) -> None:
    assert not is_useful(*triple)


@pytest.mark.parametrize("triple", [(A, OWL.sameAs, B), (A, RDF.type, P), (A, P, A), (A, P, Literal("a"))])
def test_what_says_something(triple: tuple[Node, Node, Node]) -> None:
    assert is_useful(*triple)


def test_sameness_takes_everything_with_it_and_terms_stay_out() -> None:
    dataset = Dataset()
    terms, things = (dataset.graph(URIRef(NAMES.graph(name))) for name in ("ontology", "reference"))
    terms.add((P, RDFS.subPropertyOf, RDFS.seeAlso))
    terms.add((P, RDF.type, OWL.ObjectProperty))
    things.add((A, OWL.sameAs, B))
    things.add((B, P, Literal("x")))
    assert set(useful_statements(dataset, NAMES)) == {
        (B, OWL.sameAs, A),
        (A, P, Literal("x")),
        (A, RDFS.seeAlso, Literal("x")),
        (B, RDFS.seeAlso, Literal("x")),
    }
