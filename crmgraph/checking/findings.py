"""What a check found: which element, which words, which message."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rdflib import DCTERMS, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.shapes import SEVERITIES, Check
from crmgraph.describing.vocabulary import CG, SEVERITY
from crmgraph.namespaces import Names
from crmgraph.reading.source import Source

__all__ = ["Finding", "Result", "describe_findings", "find", "locate"]


@dataclass(frozen=True)
class Result:
    """That a check fails for a focus node. `value` is what SHACL names as the cause: a passage, or a part within."""

    check: Check
    focus: Node
    value: Node | None


@dataclass(frozen=True)
class Finding:
    """A defect in its place. `start` and `end` count code points of the source, end exclusive.

    They and `exact` are None where the element stands on no passage; `number` and `theme` where it has none. `file`,
    `line` and `column`, both from 1, say where the words begin in the file of a plan that is not the built one's.
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
    file: str | None = None
    line: int | None = None
    column: int | None = None

    @property
    def order(self) -> tuple[int, str, int, str, int]:
        """Gravest first, then by code, then in the order of the source."""
        return SEVERITIES.index(self.severity), self.code, self.start or 0, self.element, self.end or 0


def find(results: Iterable[Result], data: Graph, names: Names) -> list[Finding]:
    """The findings that SHACL results amount to, each once, in their order."""
    return sorted({_finding(result, data, names) for result in results}, key=lambda finding: finding.order)


def _finding(result: Result, data: Graph, names: Names) -> Finding:
    fault, check = _fault(result, data), result.check
    element = _holder(fault, data)
    passage = result.value if _is_passage(result.value, data) else _passage(fault, data)
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


def _fault(result: Result, data: Graph) -> Node:
    """What is at fault: the focus node, or the part within it that a check of a whole plan names."""
    inner = result.value
    return inner if inner is not None and (inner, CG.within, result.focus) in data else result.focus


def _is_passage(node: Node | None, data: Graph) -> bool:
    return node is not None and (node, RDF.type, CG.Passage) in data


def _passage(element: Node, data: Graph) -> Node | None:
    """The words to show: an element's own, of a cross-reference the number that it refers to."""
    if _is_passage(element, data):
        return element
    words = [*data.objects(element, CG.targetPassage)] or [*data.objects(element, CG.passage)]
    return min(words, key=str, default=None)


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


def locate(findings: Iterable[Finding], source: Source) -> list[Finding]:
    """The findings about a plan that was read in `source`, each with the place in the file where its words begin."""
    lines = [start for start, _ in source.lines]
    located = []
    for finding in findings:
        line = column = None
        if finding.start is not None:
            line = bisect_right(lines, finding.start)
            column = finding.start - lines[line - 1] + 1
        located.append(replace(finding, file=str(source.file), line=line, column=column))
    return located


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
