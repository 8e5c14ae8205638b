"""The findings as a graph."""

from collections.abc import Iterable

from rdflib import RDF, RDFS, SH, XSD, Graph, Literal, URIRef

from crmgraph.checking.catalogue_graph import shape_of
from crmgraph.checking.findings import Finding, Spot
from crmgraph.describing.vocabulary import CG, SEVERITY

__all__ = ["describe_findings"]


def describe_findings(findings: Iterable[Finding], data: Graph) -> Graph:
    """The `findings` graph. A passage that `data` does not have, for only a finding is about it, is described here."""
    graph = Graph()
    for finding in findings:
        iri = URIRef(finding.iri)
        graph.add((iri, RDF.type, CG.Finding))
        graph.add((iri, CG.code, Literal(finding.code)))
        graph.add((iri, CG.severity, SEVERITY[finding.severity]))
        graph.add((iri, SH.sourceShape, shape_of(finding.code)))
        for seen, element, passage in (
            (finding.spot, CG.element, CG.passage),
            (finding.other, CG.relatedElement, CG.relatedPassage),
        ):
            if seen is not None:
                graph.add((iri, element, URIRef(seen.element)))
            if seen is not None and seen.passage is not None:
                graph.add((iri, passage, URIRef(seen.passage)))
                _describe_passage(graph, seen, data)
        for language in ("es", "en"):
            graph.add((iri, RDFS.comment, Literal(finding.message(language), language)))
            graph.add((iri, RDFS.label, Literal(finding.message(language), language)))
        _describe_acceptance(graph, iri, finding)
    return graph


def _describe_acceptance(graph: Graph, iri: URIRef, finding: Finding) -> None:
    accepted = finding.accepted
    if accepted is not None:
        graph.add((iri, CG.acceptedBy, Literal(accepted.by)))
        graph.add((iri, CG.acceptedOn, Literal(accepted.on, datatype=XSD.date)))
        graph.add((iri, CG.acceptedBecause, Literal(accepted.reason_es, "es")))
        graph.add((iri, CG.acceptedBecause, Literal(accepted.reason_en, "en")))


def _describe_passage(graph: Graph, spot: Spot, data: Graph) -> None:
    passage = URIRef(str(spot.passage))
    if (passage, RDF.type, CG.Passage) not in data:
        graph.add((passage, RDF.type, CG.Passage))
        graph.add((passage, CG.source, URIRef(passage.rpartition("/")[0])))
        graph.add((passage, CG.start, Literal(spot.start)))
        graph.add((passage, CG.end, Literal(spot.end)))
        graph.add((passage, CG.exact, Literal(spot.exact, datatype=XSD.string)))
