"""Names for what has none, and the way back."""

from rdflib import RDFS, XSD, BNode, Literal, URIRef

from crmgraph.inferring.nodes import Nodes
from crmgraph.inferring.rules import iri

A = URIRef("https://example.org/a")


def test_an_iri_is_its_own_name() -> None:
    nodes = Nodes()
    assert nodes.name(A).value == str(A)
    assert nodes.term(nodes.name(A)) == A
    assert nodes.term(iri("owl:sameAs")) == URIRef("http://www.w3.org/2002/07/owl#sameAs"), "never asked for"


def test_a_nameless_node_keeps_apart_from_others() -> None:
    nodes = Nodes()
    one, other = BNode(), BNode()
    assert nodes.name(one) != nodes.name(other)
    assert nodes.term(nodes.name(one)) == one
    assert nodes.value(nodes.name(one)) is None


def test_literals_of_one_value_are_one_node_and_come_back_as_the_first() -> None:
    nodes = Nodes()
    written = [Literal("01", datatype=XSD.byte, normalize=False), Literal(1)]
    names = {nodes.name(literal) for literal in written}
    assert len(names) == 1
    assert nodes.term(names.pop()) == min(written, key=lambda literal: literal.n3())
    assert nodes.name(Literal("1")) != nodes.name(Literal(1))
    assert len(nodes.literals()) == 2


def test_a_triple_of_names() -> None:
    nodes = Nodes()
    subject, predicate, value = nodes.triple(A, RDFS.label, Literal("a", lang="es"))
    assert (subject.value, predicate.value) == (str(A), str(RDFS.label))
    assert nodes.term(value) == Literal("a", lang="es")
