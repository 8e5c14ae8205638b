"""What cannot be true stops the build, and the least that leads to it is told."""

import re

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.errors import ContradictionError
from crmgraph.inference.entailment import Closure, infer, infer_all, is_consistent, triple_of
from crmgraph.namespaces import Names

NAMES = Names("https://example.org/")
EX = Namespace("https://example.org/terms/")
A, B, C = (URIRef(f"https://example.org/id/{name}") for name in "abc")
PART, WHOLE, WITHIN, SPECIAL, ODD = EX.Part, EX.Whole, EX.within, EX.Special, EX.Odd
Triple = tuple[Node, Node, Node]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of what is wrong on purpose


def made(axioms: list[Triple], facts: list[Triple]) -> Dataset:
    dataset = Dataset()
    for name, triples in ((NAMES.graph("ontology"), axioms), (NAMES.graph("plan", "x"), facts)):
        for triple in triples:
            dataset.graph(URIRef(name)).add(triple)
    return dataset


def listed(tie: URIRef, kind: URIRef, *members: URIRef) -> list[Triple]:
    """Return an axiom about a list, such as that its members are all different."""
    graph = Graph()
    Collection(graph, EX.list, list(members))
    return [(EX.all, RDF.type, kind), (EX.all, tie, EX.list), *graph]


def at_most(kind: URIRef, number: int, of: URIRef | None = None) -> list[Triple]:
    bound = Literal(number, datatype=XSD.nonNegativeInteger)
    return [(PART, OWL.onProperty, WITHIN), (PART, kind, bound), *([(PART, OWL.onClass, of)] if of else [])]


NOT = [(EX.no, OWL.sourceIndividual, A), (EX.no, OWL.assertionProperty, PART)]
BOTH: list[Triple] = [(A, RDF.type, PART), (A, RDF.type, WHOLE)]
FUNCTIONAL: list[Triple] = [(PART, RDF.type, OWL.FunctionalProperty)]
IMPOSSIBLE: list[tuple[str, list[Triple], list[Triple]]] = [
    ("cax-dw", [(PART, OWL.disjointWith, WHOLE)], BOTH),
    ("cax-adc", listed(OWL.members, OWL.AllDisjointClasses, EX.other, PART, WHOLE), BOTH),
    ("cls-com", [(PART, OWL.complementOf, WHOLE)], BOTH),
    ("cls-nothing2", [], [(A, RDF.type, OWL.Nothing)]),
    ("cls-maxc1", at_most(OWL.maxCardinality, 0), [(A, RDF.type, PART), (A, WITHIN, B)]),
    ("cls-maxqc1", at_most(OWL.maxQualifiedCardinality, 0, WHOLE),
     [(A, RDF.type, PART), (A, WITHIN, B), (B, RDF.type, WHOLE)]),
    ("cls-maxqc2", at_most(OWL.maxQualifiedCardinality, 0, OWL.Thing), [(A, RDF.type, PART), (A, WITHIN, B)]),
    ("prp-irp", [(WITHIN, RDF.type, OWL.IrreflexiveProperty)], [(A, WITHIN, A)]),
    ("prp-asyp", [(PART, RDF.type, OWL.AsymmetricProperty)], [(A, PART, B), (B, PART, A)]),
    ("prp-pdw", [(PART, OWL.propertyDisjointWith, WHOLE)], [(A, PART, B), (A, WHOLE, B)]),
    ("prp-adp", listed(OWL.members, OWL.AllDisjointProperties, WITHIN, PART, WHOLE), [(A, PART, B), (A, WHOLE, B)]),
    ("prp-fp", FUNCTIONAL, [(A, PART, Literal("1")), (A, PART, Literal("2"))]),
    ("prp-fp", [*FUNCTIONAL, (B, OWL.differentFrom, C)], [(A, PART, B), (A, PART, C)]),
    ("prp-npa1", [*NOT, (EX.no, OWL.targetIndividual, B)], [(A, PART, B)]),
    ("prp-npa2", [*NOT, (EX.no, OWL.targetValue, Literal("x"))], [(A, PART, Literal("x"))]),
    ("eq-diff1", [], [(A, OWL.sameAs, B), (A, OWL.differentFrom, B)]),
    ("eq-diff2", listed(OWL.members, OWL.AllDifferent, C, A, B), [(A, OWL.sameAs, B)]),
    ("eq-diff3", listed(OWL.distinctMembers, OWL.AllDifferent, C, A, B), [(A, OWL.sameAs, B)]),
    ("dt-not-type", [(PART, RDFS.range, XSD.integer)], [(A, PART, Literal("1.5", datatype=XSD.decimal))]),
    ("dt-not-type", [(PART, RDFS.range, XSD.integer)], [(A, PART, Literal("three"))]),
    ("dt-not-type", [], [(A, PART, Literal("three", datatype=XSD.integer, normalize=False))]),
]  # fmt: skip
# What first has to be inferred.
INDIRECT: list[tuple[str, list[Triple], list[Triple]]] = [
    ("cax-dw", [(PART, OWL.disjointWith, WHOLE), (SPECIAL, RDFS.subClassOf, ODD), (ODD, RDFS.subClassOf, WHOLE),
                (WITHIN, RDFS.domain, PART)], [(A, WITHIN, B), (A, RDF.type, SPECIAL)]),
    ("eq-diff1", [*at_most(OWL.maxCardinality, 1), (B, OWL.differentFrom, C)],
     [(A, RDF.type, PART), (A, WITHIN, B), (A, WITHIN, C)]),
    ("prp-irp", [(WITHIN, RDF.type, OWL.IrreflexiveProperty), (WITHIN, RDF.type, OWL.TransitiveProperty)],
     [(A, WITHIN, B), (B, WITHIN, A)]),
    ("eq-diff1", [], [(A, OWL.sameAs, B), (B, OWL.sameAs, C), (C, OWL.differentFrom, A)]),
]  # fmt: skip
POSSIBLE: list[tuple[list[Triple], list[Triple]]] = [
    ([(PART, RDFS.range, XSD.decimal)], [(A, PART, Literal(3))]),
    ([(PART, RDFS.range, XSD.string)], [(A, PART, Literal("three"))]),
    (FUNCTIONAL, [(A, PART, B), (A, PART, C)]),
    (listed(OWL.members, OWL.AllDisjointClasses, PART, WHOLE), [(A, RDF.type, PART), (B, RDF.type, WHOLE)]),
    (at_most(OWL.maxCardinality, 1), [(A, RDF.type, PART), (A, WITHIN, B), (A, WITHIN, C)]),
]


@pytest.mark.parametrize(("rule", "axioms", "facts"), [*IMPOSSIBLE, *INDIRECT])
def test_contradiction_is_told_with_its_least_cause(rule: str, axioms: list[Triple], facts: list[Triple]) -> None:
    with pytest.raises(ContradictionError, match=re.escape(f"({rule})")) as caught:
        infer(made(axioms, facts), NAMES)
    if (rule, axioms, facts) in IMPOSSIBLE:
        assert {" ".join(term.n3() for term in fact) + " ." for fact in facts} <= set(caught.value.triples)
    else:
        assert any(triple.endswith(" . # inferred") for triple in caught.value.triples)
    assert str(caught.value).count("\n") == len(caught.value.triples)
    if rule in ("eq-diff2", "eq-diff3"):
        return  # lists of things, which our ontology has none of: the cells that are told may be more than are needed
    idle = [(C, RDF.type, EX.Other), (C, EX.near, EX.far)]
    _, causes = infer_all(made([*axioms, (EX.Other, RDFS.subClassOf, EX.Thing)], [*facts, *idle]), NAMES)
    assert any(set(facts) <= set(cause.facts) for cause in causes)
    for cause in causes:
        whole = [*cause.facts, *cause.axioms]
        assert not is_consistent(Closure(map(triple_of, whole)))
        for left_out in whole:
            assert is_consistent(Closure(triple_of(triple) for triple in whole if triple != left_out)), left_out


def test_possible_statements_have_no_contradiction() -> None:
    for axioms, facts in POSSIBLE:
        infer(made(axioms, facts), NAMES)
    inferred, causes = infer_all(made([(PART, RDFS.subClassOf, WHOLE)], [(A, RDF.type, PART)]), NAMES)
    assert causes == []
    assert (A, RDF.type, WHOLE) in inferred


def test_each_cause_is_told_once_and_the_simplest_way_first() -> None:
    axioms: list[Triple] = [
        (PART, OWL.disjointWith, WHOLE), (WHOLE, OWL.disjointWith, PART), (PART, OWL.complementOf, WHOLE)
    ]  # fmt: skip
    _, causes = infer_all(made(axioms, BOTH), NAMES)
    assert [set(cause.facts) for cause in causes] == [set(BOTH)]
    with pytest.raises(ContradictionError) as caught:
        infer(made([], [(A, OWL.sameAs, B), (B, OWL.sameAs, C), (C, OWL.differentFrom, B)]), NAMES)
    assert sum("# inferred" in triple for triple in caught.value.triples) == 1
