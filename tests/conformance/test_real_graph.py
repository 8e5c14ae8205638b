"""The fast closure beside owlrl on the real graph: the very same statements follow."""

from owlrl import OWLRL_Semantics
from pyoxigraph import RdfFormat, Store, serialize
from rdflib import XSD, Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.inferring import infer
from crmgraph.inferring.useful import is_useful
from crmgraph.namespaces import Names

NAMES = Names()
LATER = {NAMES.graph(name) for name in ("inferred", "findings", "catalog")}


def in_words(triple: tuple[Node, Node, Node]) -> str:
    """The triple, in which a string is one whether or not that is written (RDF 1.1 Concepts, section 3.3)."""
    return " ".join(term.n3().removesuffix(f"^^{XSD.string.n3()}") for term in triple)


def before_inferring(store: Store) -> Dataset:
    dataset = Dataset()
    for graph in store.named_graphs():
        if graph.value not in LATER:
            triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
            dataset.graph(URIRef(graph.value)).parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    return dataset


def test_the_same_follows_from_the_real_graph(store: Store) -> None:
    dataset = before_inferring(store)
    asserted = {(subject, predicate, value) for subject, predicate, value, _ in dataset.quads()}
    terms = URIRef(NAMES.graph("ontology"))
    things = {subject for subject, _, _, graph in dataset.quads() if graph != terms}
    closed = Graph()
    for triple in asserted:
        closed.add(triple)
    engine = OWLRL_Semantics(closed, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    assert engine.error_messages == []
    expected = {triple for triple in set(closed) - asserted if triple[0] in things and is_useful(*triple)}
    assert {in_words(triple) for triple in infer(dataset, NAMES)} == {in_words(triple) for triple in expected}
    assert len(expected) > 10_000
