"""What follows, kept apart; and what cannot be true, stopped."""

import pytest
from pyoxigraph import NamedNode, Store
from rdflib import OWL, RDF, RDFS, Dataset, URIRef

from crmgraph.inferring import infer
from crmgraph.namespaces import Names

NAMES = Names("https://example.org/")
ONTOLOGY = URIRef(NAMES.graph("ontology"))
PLAN = URIRef(NAMES.graph("plan", "x"))
A, B, C = (URIRef(f"https://example.org/id/{name}") for name in "abc")
PART, WHOLE, WITHIN = (URIRef(f"https://example.org/terms/{name}") for name in ("Part", "Whole", "within"))


@pytest.fixture
def dataset() -> Dataset:
    dataset = Dataset()
    ontology, plan = dataset.graph(ONTOLOGY), dataset.graph(PLAN)
    ontology.add((WITHIN, RDF.type, OWL.TransitiveProperty))
    ontology.add((PART, RDFS.subClassOf, OWL.Thing))
    ontology.add((PART, OWL.disjointWith, WHOLE))
    plan.add((A, RDF.type, PART))
    plan.add((A, WITHIN, B))
    plan.add((B, WITHIN, C))
    return dataset


def test_only_what_is_new_about_the_things(dataset: Dataset) -> None:
    assert set(infer(dataset, NAMES)) == {(A, WITHIN, C)}


def test_the_real_inferences_say_nothing_empty_and_nothing_twice(store: Store) -> None:
    inferred = NamedNode(Names().graph("inferred"))
    empty = {OWL.Thing.n3(), RDFS.Resource.n3()}
    count = 0
    for quad in store.quads_for_pattern(None, None, None, inferred):
        count += 1
        assert str(quad.subject).startswith("<" + Names().id(""))
        assert str(quad.object) not in empty
        assert quad.subject != quad.object
        elsewhere = {g.graph_name for g in store.quads_for_pattern(quad.subject, quad.predicate, quad.object)}
        assert elsewhere == {inferred}
    assert count > 1000
