"""Logical contradictions as findings: one for each cause, in its place, with the least that it follows from."""

import pytest
from rdflib import OWL, RDF, Dataset, Literal, URIRef
from rdflib.term import Node

from crmgraph.building import SOURCE
from crmgraph.checking import Finding
from crmgraph.checking.plans import background, check_dataset, put
from crmgraph.describing import Background, describe_plan, spoken_of
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import ContradictionError
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan

NAMES = Names()
ACTION, MEXICO = (URIRef(NAMES.id(name)) for name in ("plan/crm/pgm/7.1", "country/MEX"))
Triple = tuple[Node, Node, Node]


@pytest.fixture(scope="module")
def known() -> Background:
    return background(NAMES)


def dataset(known: Background, *wrong: Triple) -> Dataset:
    described = describe_plan(read_plan(SOURCE, "crm"), known)
    whole = spoken_of(described, known)
    for graph in described.graphs():
        put(whole, str(graph.identifier), graph)
    for triple in wrong:
        whole.graph(URIRef(NAMES.graph("plan/crm"))).add(triple)
    return whole


def contradictions(data: Dataset) -> list[Finding]:
    _, findings = check_dataset(data, NAMES, lambda _: None, strict=False)
    return [finding for finding in findings if finding.code == "contradiction"]


def test_a_state_that_is_an_organisation(known: Background) -> None:
    data = dataset(known, (MEXICO, RDF.type, CG.Organisation))
    [found] = contradictions(data)
    assert (found.severity, found.spot.element, found.spot.exact) == ("violation", str(MEXICO), None)
    stated = "id:country/MEX a cg:Organisation; id:country/MEX a cg:State."
    assert found.message_es == f"id:country/MEX pertenece a dos clases que nada comparten. Lo que se afirma: {stated}"
    assert found.message_en == f"id:country/MEX belongs to two classes that share nothing. What is stated: {stated}"
    types = [f"{MEXICO.n3()} {RDF.type.n3()} {kind.n3()} ." for kind in (CG.Organisation, CG.State)]
    assert found.triples == (*types, f"{CG.State.n3()} {OWL.disjointWith.n3()} {CG.Organisation.n3()} .")


def test_it_is_shown_in_the_words_of_the_element_and_stops_what_must_be_true(known: Background) -> None:
    wrong = (ACTION, CG.number, Literal("9.9"))
    [found] = contradictions(dataset(known, wrong))
    assert found.spot.name == "pgm/7.1"
    assert (found.spot.exact or "").startswith("7.1 Retorno digno")
    assert 'cg:number "7.1"; id:plan/crm/pgm/7.1 cg:number "9.9".' in found.message_en
    with pytest.raises(ContradictionError, match="two values of a property that takes one"):
        check_dataset(dataset(known, wrong), NAMES, lambda _: None, strict=True)


def test_two_causes_are_two_findings(known: Background) -> None:
    data = dataset(known, (MEXICO, RDF.type, CG.Organisation), (ACTION, RDF.type, CG.Objective))
    assert {found.spot.element for found in contradictions(data)} == {str(MEXICO), str(ACTION)}


def test_the_document_contradicts_nothing(known: Background) -> None:
    assert contradictions(dataset(known)) == []
