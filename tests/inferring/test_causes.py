"""The least that contradicts itself: asserted statements, each of them needed."""

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Dataset, Literal, URIRef

from crmgraph.inferring import infer_all
from crmgraph.inferring.closing import Closure
from crmgraph.inferring.contradictions import is_contradictory
from tests.inferring.test_contradictions import (
    EX,
    NAMES,
    ONTOLOGY,
    PART,
    PLAN,
    WHOLE,
    WITHIN,
    A,
    B,
    C,
    Triple,
    at_most,
    listed,
)

SPECIAL, ODD = URIRef("https://example.org/terms/Special"), URIRef("https://example.org/terms/Odd")
CASES: dict[str, tuple[list[Triple], list[Triple]]] = {
    "cax-dw": ([(PART, OWL.disjointWith, WHOLE)], [(A, RDF.type, PART), (A, RDF.type, WHOLE)]),
    "inferred": (
        [(PART, OWL.disjointWith, WHOLE), (SPECIAL, RDFS.subClassOf, ODD), (ODD, RDFS.subClassOf, WHOLE),
         (WITHIN, RDFS.domain, PART)],
        [(A, WITHIN, B), (A, RDF.type, SPECIAL)],
    ),
    "cax-adc": (
        listed(OWL.members, OWL.AllDisjointClasses, EX.other, PART, WHOLE), [(A, RDF.type, PART), (A, RDF.type, WHOLE)]
    ),
    "prp-fp": ([(PART, RDF.type, OWL.FunctionalProperty)], [(A, PART, Literal("1")), (A, PART, Literal("2"))]),
    "cls-maxc2": (
        [*at_most(OWL.maxCardinality, 1), (B, OWL.differentFrom, C)],
        [(A, RDF.type, PART), (A, WITHIN, B), (A, WITHIN, C)],
    ),
    "prp-irp": ([(WITHIN, RDF.type, OWL.IrreflexiveProperty), (WITHIN, RDF.type, OWL.TransitiveProperty)],
                [(A, WITHIN, B), (B, WITHIN, A)]),
    "dt-not-type": ([(PART, RDFS.range, XSD.byte)], [(A, PART, Literal(300))]),
    "ill-typed": ([], [(A, PART, Literal("three", datatype=XSD.integer, normalize=False))]),
    "eq-diff1": ([], [(A, OWL.sameAs, B), (B, OWL.sameAs, C), (C, OWL.differentFrom, A)]),
}  # fmt: skip


def made(axioms: list[Triple], facts: list[Triple]) -> Dataset:
    dataset = Dataset()
    for triple in axioms:
        dataset.graph(ONTOLOGY).add(triple)
    for triple in facts:
        dataset.graph(PLAN).add(triple)
    return dataset


@pytest.mark.parametrize("name", CASES)
def test_the_facts_are_found_and_nothing_beside_them(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of what is wrong on purpose
    axioms, facts = CASES[name]
    idle = [(C, RDF.type, EX.Other), (C, WITHIN, EX.far), (EX.Other, RDFS.subClassOf, EX.Thing)]
    _, found = infer_all(made([*axioms, idle[2]], [*facts, *idle[:2]]), NAMES)
    assert set(facts) in [set(each.facts) for each in found]
    assert not {triple for each in found for triple in (*each.facts, *each.axioms)} & set(idle)


@pytest.mark.parametrize("name", CASES)
def test_without_any_one_of_them_there_is_no_contradiction(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")
    _, found = infer_all(made(*CASES[name]), NAMES)
    assert found
    for each in found:
        whole = [*each.facts, *each.axioms]
        assert is_contradictory(Closure(whole))
        for left_out in whole:
            assert not is_contradictory(Closure(triple for triple in whole if triple != left_out))


def test_each_cause_once_whatever_the_ways_it_shows_in() -> None:
    axioms: list[Triple] = [
        (PART, OWL.disjointWith, WHOLE), (WHOLE, OWL.disjointWith, PART), (PART, OWL.complementOf, WHOLE)
    ]  # fmt: skip
    _, found = infer_all(made(axioms, [(A, RDF.type, PART), (A, RDF.type, WHOLE)]), NAMES)
    assert [set(each.facts) for each in found] == [{(A, RDF.type, PART), (A, RDF.type, WHOLE)}]


def test_what_can_be_true_has_none_and_the_conclusions_are_those_of_infer() -> None:
    inferred, found = infer_all(made([(PART, RDFS.subClassOf, WHOLE)], [(A, RDF.type, PART)]), NAMES)
    assert found == []
    assert (A, RDF.type, WHOLE) in inferred
