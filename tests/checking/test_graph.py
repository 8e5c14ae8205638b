"""The findings as a graph."""

from rdflib import RDF, XSD, Graph, Literal, URIRef

from crmgraph.checking.graph import describe_findings
from crmgraph.describing.vocabulary import CG
from tests.support.findings import ACCEPTED, finding, spot


def test_a_finding_with_both_its_places() -> None:
    made = finding(other=spot("7.1 Tres"))
    graph = describe_findings([made], Graph())
    [iri] = graph.subjects(RDF.type, CG.Finding)
    assert str(iri) == made.iri
    assert graph.value(graph.value(iri, CG.passage), CG.exact) == Literal("12", datatype=XSD.string)
    assert graph.value(graph.value(iri, CG.relatedPassage), CG.exact) == Literal("7.1 Tres", datatype=XSD.string)
    assert graph.value(iri, CG.acceptedBy) is None


def test_a_passage_that_the_data_have_is_not_described_again() -> None:
    data = Graph()
    data.add((URIRef(str(finding().spot.passage)), RDF.type, CG.Passage))
    assert list(describe_findings([finding()], data).subject_objects(CG.exact)) == []


def test_who_accepted_it_when_and_why() -> None:
    graph = describe_findings([finding(accepted=ACCEPTED)], Graph())
    [iri] = graph.subjects(RDF.type, CG.Finding)
    assert graph.value(iri, CG.acceptedBy) == Literal("Ana")
    assert graph.value(iri, CG.acceptedOn) == Literal("2026-11-26", datatype=XSD.date)
    assert set(graph.objects(iri, CG.acceptedBecause)) == {Literal("Se sabe.", "es"), Literal("It is known.", "en")}
