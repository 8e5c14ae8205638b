"""What cannot be true stops the build, with the statements that clash."""

import pytest
from rdflib import OWL, RDF, RDFS, Dataset, Literal, URIRef

from crmgraph.errors import ContradictionError
from crmgraph.inferring import infer
from crmgraph.namespaces import Names

NAMES = Names("https://example.org/")
ONTOLOGY = URIRef(NAMES.graph("ontology"))
PLAN = URIRef(NAMES.graph("plan", "x"))
A, B = (URIRef(f"https://example.org/id/{name}") for name in "ab")
PART, WHOLE, WITHIN = (URIRef(f"https://example.org/terms/{name}") for name in ("Part", "Whole", "within"))


@pytest.fixture
def dataset() -> Dataset:
    dataset = Dataset()
    dataset.graph(ONTOLOGY).add((PART, OWL.disjointWith, WHOLE))
    dataset.graph(PLAN).add((A, RDF.type, PART))
    return dataset


def test_disjoint_classes_stop_it_with_the_statements_that_clash(dataset: Dataset) -> None:
    dataset.graph(PLAN).add((A, RDF.type, WHOLE))
    with pytest.raises(ContradictionError, match="cax-dw") as caught:
        infer(dataset, NAMES)
    assert set(caught.value.triples) == {
        f"{PART.n3()} {OWL.disjointWith.n3()} {WHOLE.n3()} .",
        f"{A.n3()} {RDF.type.n3()} {PART.n3()} .",
        f"{A.n3()} {RDF.type.n3()} {WHOLE.n3()} .",
    }


def test_an_inferred_premise_is_marked(dataset: Dataset) -> None:
    special = URIRef("https://example.org/terms/Special")
    dataset.graph(ONTOLOGY).add((special, RDFS.subClassOf, WHOLE))
    dataset.graph(PLAN).add((A, RDF.type, special))
    with pytest.raises(ContradictionError) as caught:
        infer(dataset, NAMES)
    assert f"{A.n3()} {RDF.type.n3()} {WHOLE.n3()} . # inferred" in caught.value.triples


@pytest.mark.parametrize(
    ("rule", "axioms", "facts"),
    [
        ("prp-irp", [(WITHIN, RDF.type, OWL.IrreflexiveProperty)], [(A, WITHIN, A)]),
        ("prp-asyp", [(PART, RDF.type, OWL.AsymmetricProperty)], [(A, PART, B), (B, PART, A)]),
        ("prp-pdw", [(PART, OWL.propertyDisjointWith, WHOLE)], [(A, PART, B), (A, WHOLE, B)]),
        ("prp-fp", [(PART, RDF.type, OWL.FunctionalProperty)], [(A, PART, Literal("1")), (A, PART, Literal("2"))]),
        ("eq-diff1", [], [(A, OWL.sameAs, B), (A, OWL.differentFrom, B)]),
        ("cls-nothing2", [], [(A, RDF.type, OWL.Nothing)]),
    ],
)
def test_each_rule_that_ends_in_false(
    rule: str, axioms: list[tuple[URIRef, URIRef, URIRef]], facts: list[tuple[URIRef, URIRef, URIRef | Literal]]
) -> None:
    dataset = Dataset()
    for triple in axioms:
        dataset.graph(ONTOLOGY).add(triple)
    for fact in facts:
        dataset.graph(PLAN).add(fact)
    with pytest.raises(ContradictionError, match=rule) as caught:
        infer(dataset, NAMES)
    for fact in facts:
        assert " ".join(term.n3() for term in fact) + " ." in caught.value.triples
    assert str(caught.value).count("\n") == len(caught.value.triples)
