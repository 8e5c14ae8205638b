"""The report as a SHACL validation report that any tool for RDF reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef

from crmgraph.checking.reporting.turtle import as_turtle
from crmgraph.describing.vocabulary import CG
from crmgraph.errors import UsageError
from crmgraph.namespaces import BASE
from tests.support.findings import ACCEPTED, PLAN, finding, report, spot

REPORT = URIRef(BASE + "id/validation-report")


def read(*findings: object) -> Graph:
    return Graph().parse(data=as_turtle(report(findings), BASE), format="turtle")  # type: ignore[arg-type]


def test_a_report_on_nothing_conforms() -> None:
    assert set(read()) == {(REPORT, RDF.type, SH.ValidationReport), (REPORT, SH.conforms, Literal(True))}


def test_a_result_has_what_shacl_asks_of_it() -> None:
    graph = read(finding(severity="violation", constraint="MinCountConstraintComponent"))
    assert graph.value(REPORT, SH.conforms) == Literal(False)
    [result] = graph.objects(REPORT, SH.result)
    assert result == URIRef(BASE + "id/finding/some-code/plan/crm/pgm/7/34-36")
    said = {
        RDF.type: {SH.ValidationResult, CG.Finding},
        SH.focusNode: {URIRef(PLAN + "pgm/7")},
        SH.resultSeverity: {SH.Violation},
        SH.sourceShape: {URIRef(BASE + "ontology/shapes#some-code")},
        SH.sourceConstraintComponent: {SH.MinCountConstraintComponent},
        SH.value: {Literal("12")},
        SH.resultMessage: {Literal("Algo pasa.", "es"), Literal("Something is wrong.", "en")},
    }
    for predicate, values in said.items():
        assert set(graph.objects(result, predicate)) == values
    passage = graph.value(result, CG.passage)
    assert passage == URIRef(BASE + "id/source/crm/34-36")
    assert (graph.value(passage, CG.start), graph.value(passage, CG.end)) == (Literal(34), Literal(36))
    assert graph.value(passage, CG.exact) == Literal("12")


def test_the_second_place_is_the_value() -> None:
    graph = read(finding(other=spot("7.1 Tres", element=PLAN + "pgm/7.1")))
    [result] = graph.objects(REPORT, SH.result)
    assert graph.value(result, SH.value) == graph.value(result, CG.relatedElement) == URIRef(PLAN + "pgm/7.1")
    assert graph.value(graph.value(result, CG.relatedPassage), CG.exact) == Literal("7.1 Tres")


def test_what_is_accepted_says_so() -> None:
    graph = read(finding(accepted=ACCEPTED))
    [result] = graph.objects(REPORT, SH.result)
    assert graph.value(result, CG.acceptedBy) == Literal("Ana")
    assert graph.value(result, CG.acceptedOn) == Literal("2026-11-26", datatype=XSD.date)
    assert set(graph.objects(result, CG.acceptedBecause)) == {Literal("Se sabe.", "es"), Literal("It is known.", "en")}


def test_two_contradictions_in_one_element_are_two_results() -> None:
    graph = read(finding(triples=("<a:> <b:> <c:> .",)), finding(triples=("<a:> <b:> <d:> .",)))
    assert len(set(graph.objects(REPORT, SH.result))) == 2


def test_the_same_bytes_whatever_the_order_and_no_node_without_a_name() -> None:
    findings = [finding(), finding("7.1 Tres"), finding(code="b")]
    assert as_turtle(report(findings), BASE) == as_turtle(report(findings[::-1]), BASE)
    assert not [node for node in read(*findings).all_nodes() if isinstance(node, BNode)]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
@pytest.mark.filterwarnings("ignore")
def test_whatever_the_words(words: str) -> None:
    made = finding(None, spot=spot(words, words), message_es=words)
    [result] = Graph().parse(data=as_turtle(report([made]), BASE), format="turtle").objects(REPORT, SH.result)
    graph = read(made)
    assert graph.value(result, SH.value) == Literal(words)
    assert Literal(words, "es") in set(graph.objects(result, SH.resultMessage))


def test_two_files_that_are_plans_of_one_name_are_not_mixed_up() -> None:
    with pytest.raises(UsageError, match=r"a\.txt and b\.txt are both the plan crm; rename one"):
        read(finding(file="a.txt"), finding(file="b.txt"))
