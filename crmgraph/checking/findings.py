"""What a check found: which element, which words, which message."""

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import DCTERMS, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.shapes import SEVERITIES, Check
from crmgraph.describing.vocabulary import CG, SEVERITY
from crmgraph.namespaces import Names

__all__ = ["Finding", "Result", "describe_findings", "find"]


@dataclass(frozen=True)
class Result:
    """That a check fails for an element. `value` is what SHACL names as the cause, which may be a passage."""

    check: Check
    element: Node
    value: Node | None


@dataclass(frozen=True)
class Finding:
    """A defect in its place. `start` and `end` count code points of the source, end exclusive.

    They and `exact` are None where the element stands on no passage; `number` and `theme` where it has none.
    """

    code: str
    severity: str
    element: str
    number: str | None
    theme: str | None
    passage: str | None
    start: int | None
    end: int | None
    exact: str | None
    message_es: str
    message_en: str

    @property
    def order(self) -> tuple[int, str, int, str, int]:
        """Gravest first, then by code, then in the order of the source."""
        return SEVERITIES.index(self.severity), self.code, self.start or 0, self.element, self.end or 0


def find(results: Iterable[Result], data: Graph, names: Names) -> list[Finding]:
    """The findings that SHACL results amount to, each once, in their order."""
    return sorted({_finding(result, data, names) for result in results}, key=lambda finding: finding.order)


def _finding(result: Result, data: Graph, names: Names) -> Finding:
    element, check = _holder(result.element, data), result.check
    passage = _passage(result, data)
    exact = data.value(passage, CG.exact) if passage else None
    number = data.value(element, CG.number)
    shown = {
        "number": str(number or ""),
        "label": str(next((o for o in data.objects(element, RDFS.label) if getattr(o, "language", "") == "es"), "")),
        "exact": _shortened(str(exact or _tail(element, names))),
    }
    return Finding(
        check.code,
        check.severity,
        str(element),
        str(number) if number else None,
        _theme(element, data),
        str(passage) if passage else None,
        _integer(data.value(passage, CG.start)) if passage else None,
        _integer(data.value(passage, CG.end)) if passage else None,
        str(exact) if exact else None,
        check.message_es.format(**shown),
        check.message_en.format(**shown),
    )


def _holder(element: Node, data: Graph) -> Node:
    """The part that holds a referral or cross-reference; any other element is itself what people look for."""
    if any((element, RDF.type, kind) in data for kind in (CG.Referral, CG.CrossReference)):
        return data.value(element, DCTERMS.isPartOf) or element
    return element


def _passage(result: Result, data: Graph) -> Node | None:
    for node in (result.value, result.element):
        if node is not None and (node, RDF.type, CG.Passage) in data:
            return node
    return min(data.objects(result.element, CG.passage), key=str, default=None)


def _integer(value: Node | None) -> int | None:
    return int(value.toPython()) if isinstance(value, Literal) else None


def _theme(element: Node, data: Graph) -> str | None:
    node: Node | None = element
    while node is not None and (node, RDF.type, CG.Theme) not in data:
        node = data.value(node, DCTERMS.isPartOf)
    return str(node).rpartition("/")[2] if node is not None else None


def _shortened(words: str, most: int = 100) -> str:
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _tail(iri: Node, names: Names) -> str:
    return str(iri).removeprefix(names.id(""))


def describe_findings(findings: Iterable[Finding], names: Names) -> Graph:
    """The `findings` graph. A finding's IRI is its code, its element, and where its words begin."""
    graph = Graph()
    for finding in findings:
        place = "" if finding.start is None else f"/{finding.start}-{finding.end}"
        iri = URIRef(names.id("finding", finding.code, finding.element.removeprefix(names.id("")) + place))
        graph.add((iri, RDF.type, CG.Finding))
        graph.add((iri, CG.code, Literal(finding.code)))
        graph.add((iri, CG.severity, SEVERITY[finding.severity]))
        graph.add((iri, CG.element, URIRef(finding.element)))
        if finding.passage is not None:
            graph.add((iri, CG.passage, URIRef(finding.passage)))
        for text, language in ((finding.message_es, "es"), (finding.message_en, "en")):
            graph.add((iri, RDFS.comment, Literal(text, language)))
            graph.add((iri, RDFS.label, Literal(text, language)))
    return graph
