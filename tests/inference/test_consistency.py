"""What cannot be true stops the build, and the least that leads to it is told."""

import re

import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.describing.vocabulary import triple_of
from crmgraph.errors import ContradictionError
from crmgraph.inference.entailment import Closure, infer, infer_all, is_consistent
from crmgraph.namespaces import Names
from tests.support.phrases import rows_of

NAMES = Names("https://example.org/")
PREFIXES = """@prefix : <https://example.org/terms/> . @prefix id: <https://example.org/id/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """
CASES = rows_of("contradictions", "inference")
Triple = tuple[Node, Node, Node]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of what is wrong on purpose


def read(turtle: str) -> list[Triple]:
    return list(Graph().parse(data=f"{PREFIXES}{turtle} ." if turtle else "", format="turtle"))


def made(axioms: list[Triple], facts: list[Triple]) -> Dataset:
    dataset = Dataset()
    for name, triples in ((NAMES.graph("ontology"), axioms), (NAMES.graph("plan", "x"), facts)):
        for triple in triples:
            dataset.graph(URIRef(name)).add(triple)
    return dataset


@pytest.mark.parametrize(("rule", "axioms", "facts"), [case for case in CASES if case[0]])
def test_contradiction_is_told_with_its_least_cause(rule: str, axioms: str, facts: str) -> None:
    terms, said = read(axioms), read(facts)
    with pytest.raises(ContradictionError, match=re.escape(f"({rule})")) as caught:
        infer(made(terms, said), NAMES)
    assert {" ".join(term.n3() for term in fact) + " ." for fact in said} <= set(caught.value.triples)
    assert str(caught.value).count("\n") == len(caught.value.triples)
    if rule in ("eq-diff2", "eq-diff3"):
        return  # lists of things, which our ontology has none of: the cells that are told may be more than are needed
    idle = made([*terms, *read(":Other rdfs:subClassOf :Thing")], [*said, *read("id:c a :Other ; :near :far")])
    _, causes = infer_all(idle, NAMES)
    assert any(set(said) <= set(cause.facts) for cause in causes)
    for cause in causes:
        whole = [*cause.facts, *cause.axioms]
        assert not is_consistent(Closure(map(triple_of, whole)))
        for left_out in whole:
            assert is_consistent(Closure(triple_of(triple) for triple in whole if triple != left_out)), left_out


def test_possible_statements_have_no_contradiction() -> None:
    for rule, axioms, facts in CASES:
        if not rule:
            infer(made(read(axioms), read(facts)), NAMES)
    inferred, causes = infer_all(made(read(":Part rdfs:subClassOf :Whole"), read("id:a a :Part")), NAMES)
    assert causes == []
    assert read("id:a a :Whole")[0] in inferred


def test_each_cause_is_told_once_and_the_simplest_way_first() -> None:
    axioms = ":Part owl:disjointWith :Whole ; owl:complementOf :Whole . :Whole owl:disjointWith :Part"
    both = read("id:a a :Part , :Whole")
    _, causes = infer_all(made(read(axioms), both), NAMES)
    assert [set(cause.facts) for cause in causes] == [set(both)]
    with pytest.raises(ContradictionError) as caught:
        infer(made([], read("id:a owl:sameAs id:b . id:b owl:sameAs id:c . id:c owl:differentFrom id:b")), NAMES)
    assert len(caught.value.triples) == 2
