"""The catalogue of checks as a graph."""

from collections.abc import Iterable

from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.catalogue import Check
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY
from crmgraph.wording import Bilingual

__all__ = ["describe_checks", "shape_of"]

_SEVERITY = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}


def shape_of(code: str) -> URIRef:
    """The IRI of the shape that is the check with this code."""
    return URIRef(f"{ONTOLOGY}/shapes#{code}")


def describe_checks(checks: Iterable[Check]) -> Graph:
    """What people need to know of each check, under the IRI of its shape; what the shape asks for is left out."""
    graph = Graph()
    for check in checks:
        shape, group = shape_of(check.code), URIRef(f"{ONTOLOGY}/shapes#{check.group.name}")
        graph.add((shape, RDF.type, CG.Check))
        graph.add((shape, CG.code, Literal(check.code)))
        graph.add((shape, SH.severity, _SEVERITY[check.severity]))
        graph.add((shape, SH.group, group))
        graph.add((group, RDF.type, SH.PropertyGroup))
        graph.add((group, SH.order, Literal(check.group.order)))
        _say(graph, group, RDFS.label, check.group.title)
        _say(graph, shape, RDFS.label, check.title)
        _say(graph, shape, RDFS.comment, check.explanation)
        _say(graph, shape, SKOS.example, check.example)
        _say(graph, shape, CG.remedy, check.remedy)
    return graph


def _say(graph: Graph, thing: URIRef, predicate: Node, text: Bilingual) -> None:
    graph.add((thing, predicate, Literal(text.spanish, "es")))
    graph.add((thing, predicate, Literal(str(text), "en")))
