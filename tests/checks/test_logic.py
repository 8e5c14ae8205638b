"""Logical contradictions as findings: one for each cause, with its location and the minimal set of statements."""

import pytest
from rdflib import OWL, RDF, Dataset, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.findings import Finding
from crmgraph.checks.plans import check_dataset
from crmgraph.describing import describe_plan, mentioned_background
from crmgraph.describing.vocabulary import CG, add_triples
from crmgraph.errors import ContradictionError
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan_text
from crmgraph.reading.model import Source
from tests.checks.made import activity, text_of
from tests.support.dataset import real_background

NAMES = Names()
ACTION, MEXICO = (URIRef(NAMES.id(name)) for name in ("plan/made/1.1", "country/MEX"))
Triple = tuple[Node, Node, Node]


def dataset(*wrong: Triple) -> Dataset:
    known = real_background()
    described = describe_plan(read_plan_text(Source(text_of(activity("Reunirse en México"))), "made"), known)
    whole = mentioned_background(described, known)
    for graph in described.graphs():
        add_triples(whole, str(graph.identifier), graph)
    for triple in wrong:
        whole.graph(URIRef(NAMES.graph("plan", "made"))).add(triple)
    return whole


def contradictions(data: Dataset) -> list[Finding]:
    _, findings = check_dataset(data, NAMES, lambda _: None, strict=False)
    return [finding for finding in findings if finding.code == "contradiction"]


def test_contradictions_and_their_causes() -> None:
    """Two causes are two findings, each with its location and the minimal set of statements."""
    state, element = contradictions(dataset((MEXICO, RDF.type, CG.Organisation), (ACTION, CG.number, Literal("9.9"))))
    if state.location.element != str(MEXICO):
        state, element = element, state
    assert (state.severity, state.location.element, state.location.exact) == ("violation", str(MEXICO), None)
    stated = "id:country/MEX a cg:Organisation; id:country/MEX a cg:State."
    assert state.statement_es == f"id:country/MEX pertenece a dos clases que nada comparten. Lo que se afirma: {stated}"
    assert state.statement_en == f"id:country/MEX belongs to two classes that share nothing. What is stated: {stated}"
    types = [f"{MEXICO.n3()} {RDF.type.n3()} {kind.n3()} ." for kind in (CG.Organisation, CG.State)]
    assert state.triples == (*types, f"{CG.State.n3()} {OWL.disjointWith.n3()} {CG.Organisation.n3()} .")
    # It is shown in the words of the element.
    assert element.location.name == "1.1"
    assert (element.location.exact or "").startswith("1.1 Acción")
    assert 'cg:number "1.1"; id:plan/made/1.1 cg:number "9.9".' in element.statement_en


def test_a_contradiction_stops_what_must_be_true() -> None:
    with pytest.raises(ContradictionError, match="two values of a property that takes one"):
        check_dataset(dataset((ACTION, CG.number, Literal("9.9"))), NAMES, lambda _: None, strict=True)
