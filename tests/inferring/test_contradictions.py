"""What cannot be true stops the build, with the statements that clash."""

import re

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.errors import ContradictionError
from crmgraph.inferring import infer
from crmgraph.namespaces import Names

NAMES = Names("https://example.org/")
ONTOLOGY = URIRef(NAMES.graph("ontology"))
PLAN = URIRef(NAMES.graph("plan", "x"))
EX = Namespace("https://example.org/terms/")
A, B, C = (URIRef(f"https://example.org/id/{name}") for name in "abc")
PART, WHOLE, WITHIN = (URIRef(f"https://example.org/terms/{name}") for name in ("Part", "Whole", "within"))
Triple = tuple[Node, Node, Node]


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


def listed(tie: URIRef, kind: URIRef, *members: URIRef) -> list[Triple]:
    """An axiom about a list, such as that its members are all different."""
    graph = Graph()
    Collection(graph, EX.list, list(members))
    return [(EX.all, RDF.type, kind), (EX.all, tie, EX.list), *graph]


def at_most(kind: URIRef, number: int, of: URIRef | None = None) -> list[Triple]:
    return [
        (PART, OWL.onProperty, WITHIN),
        (PART, kind, Literal(number, datatype=XSD.nonNegativeInteger)),
        *([(PART, OWL.onClass, of)] if of else []),
    ]


@pytest.mark.parametrize(
    ("rule", "axioms", "facts"),
    [
        ("prp-irp", [(WITHIN, RDF.type, OWL.IrreflexiveProperty)], [(A, WITHIN, A)]),
        ("prp-asyp", [(PART, RDF.type, OWL.AsymmetricProperty)], [(A, PART, B), (B, PART, A)]),
        ("prp-pdw", [(PART, OWL.propertyDisjointWith, WHOLE)], [(A, PART, B), (A, WHOLE, B)]),
        ("prp-adp", listed(OWL.members, OWL.AllDisjointProperties, WITHIN, PART, WHOLE), [(A, PART, B), (A, WHOLE, B)]),
        ("prp-fp", [(PART, RDF.type, OWL.FunctionalProperty)], [(A, PART, Literal("1")), (A, PART, Literal("2"))]),
        ("prp-fp", [(PART, RDF.type, OWL.FunctionalProperty), (B, OWL.differentFrom, C)], [(A, PART, B), (A, PART, C)]),
        ("cls-com", [(PART, OWL.complementOf, WHOLE)], [(A, RDF.type, PART), (A, RDF.type, WHOLE)]),
        ("cls-maxc1", at_most(OWL.maxCardinality, 0), [(A, RDF.type, PART), (A, WITHIN, B)]),
        (
            "cls-maxqc1", at_most(OWL.maxQualifiedCardinality, 0, WHOLE),
            [(A, RDF.type, PART), (A, WITHIN, B), (B, RDF.type, WHOLE)],
        ),
        ("cls-maxqc2", at_most(OWL.maxQualifiedCardinality, 0, OWL.Thing), [(A, RDF.type, PART), (A, WITHIN, B)]),
        ("cax-adc", listed(OWL.members, OWL.AllDisjointClasses, EX.other, PART, WHOLE),
         [(A, RDF.type, PART), (A, RDF.type, WHOLE)]),
        (
            "prp-npa1", [(EX.no, OWL.sourceIndividual, A), (EX.no, OWL.assertionProperty, PART),
                         (EX.no, OWL.targetIndividual, B)],
            [(A, PART, B)],
        ),
        (
            "prp-npa2", [(EX.no, OWL.sourceIndividual, A), (EX.no, OWL.assertionProperty, PART),
                         (EX.no, OWL.targetValue, Literal("x"))],
            [(A, PART, Literal("x"))],
        ),
        ("eq-diff1", [], [(A, OWL.sameAs, B), (A, OWL.differentFrom, B)]),
        ("eq-diff1", [], [(A, OWL.differentFrom, A)]),
        ("eq-diff2", listed(OWL.members, OWL.AllDifferent, C, A, B), [(A, OWL.sameAs, B)]),
        ("eq-diff3", listed(OWL.distinctMembers, OWL.AllDifferent, C, A, B), [(A, OWL.sameAs, B)]),
        ("cls-nothing2", [], [(A, RDF.type, OWL.Nothing)]),
        ("dt-not-type", [(PART, RDFS.range, XSD.byte)], [(A, PART, Literal(300))]),
        ("dt-not-type", [(PART, RDFS.range, XSD.integer)], [(A, PART, Literal("three"))]),
        ("dt-not-type", [], [(A, PART, Literal("three", datatype=XSD.integer, normalize=False))]),
    ],
)  # fmt: skip
def test_each_rule_that_ends_in_false(
    rule: str, axioms: list[Triple], facts: list[Triple], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of what is wrong on purpose
    dataset = Dataset()
    for triple in axioms:
        dataset.graph(ONTOLOGY).add(triple)
    for fact in facts:
        dataset.graph(PLAN).add(fact)
    with pytest.raises(ContradictionError, match=re.escape(f"({rule})")) as caught:
        infer(dataset, NAMES)
    for fact in facts:
        assert " ".join(term.n3() for term in fact) + " ." in caught.value.triples
    assert str(caught.value).count("\n") == len(caught.value.triples)


@pytest.mark.parametrize(
    ("axioms", "facts"),
    [
        ([(PART, RDFS.range, XSD.integer)], [(A, PART, Literal(3))]),
        ([(PART, RDFS.range, XSD.decimal)], [(A, PART, Literal(3))]),
        ([(PART, RDFS.range, XSD.string)], [(A, PART, Literal("three"))]),
        ([(PART, RDF.type, OWL.FunctionalProperty)], [(A, PART, B), (A, PART, C)]),
        (listed(OWL.members, OWL.AllDisjointClasses, PART, WHOLE), [(A, RDF.type, PART), (B, RDF.type, WHOLE)]),
        (at_most(OWL.maxCardinality, 1), [(A, RDF.type, PART), (A, WITHIN, B), (A, WITHIN, C)]),
    ],
)
def test_what_can_be_true_passes(axioms: list[Triple], facts: list[Triple]) -> None:
    dataset = Dataset()
    for triple in (*axioms, *facts):
        dataset.graph(PLAN).add(triple)
    infer(dataset, NAMES)


def test_of_several_ways_the_one_with_the_fewest_inferred_premises_is_told() -> None:
    dataset = Dataset()
    for triple in ((A, OWL.sameAs, B), (B, OWL.sameAs, C), (C, OWL.differentFrom, B)):
        dataset.graph(PLAN).add(triple)
    with pytest.raises(ContradictionError) as caught:
        infer(dataset, NAMES)
    assert sum("# inferred" in triple for triple in caught.value.triples) == 1
