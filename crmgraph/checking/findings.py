"""What a check found: which element, which words, which message."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from rdflib import DCTERMS, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.shapes import SEVERITIES
from crmgraph.checking.validating import Result
from crmgraph.describing.quoting import find_quote
from crmgraph.describing.vocabulary import CG, SEVERITY
from crmgraph.namespaces import Names
from crmgraph.reading.plan import Passage
from crmgraph.reading.source import Source

__all__ = ["Finding", "Spot", "describe_findings", "find", "locate"]

_HOLDERS = (CG.inElement, CG.subject, CG.participationIn, CG.firstUsedIn, CG.toldIn)
"""What leads from a reading, such as a mention, to the element whose words it is about."""


@dataclass(frozen=True)
class Spot:
    """An element, and the words in it that are meant: `start` and `end` count code points, end exclusive.

    They and `exact` are None where the element stands on no passage; `number` and `theme` where it has none.
    `passage` is the IRI of those very words.
    """

    element: str
    number: str | None = None
    theme: str | None = None
    passage: str | None = None
    start: int | None = None
    end: int | None = None
    exact: str | None = None


@dataclass(frozen=True)
class Finding:
    """A defect in its place; `other` is the second place of one that is about two.

    `file`, `line` and `column`, both from 1, say where the words begin in the file of a plan that is not the built
    one's.
    """

    code: str
    severity: str
    spot: Spot
    other: Spot | None
    message_es: str
    message_en: str
    file: str | None = None
    line: int | None = None
    column: int | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Gravest first, then by code, then in the order of the source."""
        spot, other = self.spot, self.other
        place = SEVERITIES.index(self.severity), self.code, spot.start or 0, spot.element, spot.end or 0
        return *place, (other.start or 0, other.element) if other else (0, "")


def find(results: Iterable[Result], data: Graph, names: Names) -> list[Finding]:
    """The findings that SHACL results amount to, each once, in their order."""
    return sorted({_finding(result, data, names) for result in results}, key=lambda finding: finding.order)


def _finding(result: Result, data: Graph, names: Names) -> Finding:
    check, value = result.check, result.value
    spot = _spot(result.focus, data)
    other = None
    if isinstance(value, Literal):
        spot = _narrowed(spot, str(value))
    elif value is not None and (value, RDF.type, CG.Passage) in data:
        spot = replace(spot, **_extent(value, data))
    elif value is not None and (value, CG.passage, None) in data and value != result.focus:
        other = _spot(value, data)
    shown = {
        language: {
            "number": spot.number or "",
            "exact": _shortened(spot.exact or spot.element.removeprefix(names.id(""))),
            "label": _label(URIRef(spot.element), data, "es"),
            "name": _label(_meant(result.focus, data), data, language),
            "other": _shortened(other.exact or "") if other else "",
            "other_number": (other.number or other.element.rpartition("/")[2]) if other else "",
        }
        for language in ("es", "en")
    }
    return Finding(
        check.code,
        check.severity,
        spot,
        other,
        check.message.spanish.format(**shown["es"]),
        check.message.format(**shown["en"]),
    )


def _spot(node: Node, data: Graph) -> Spot:
    """Where a node of the graph is to be seen: a part of a plan, or a reading of some words of one."""
    passage = node if (node, RDF.type, CG.Passage) in data else _words(node, data)
    element = _holder(node, data)
    number = data.value(element, CG.number)
    return Spot(
        str(element),
        str(number) if number else None,
        _theme(element, data),
        **(_extent(passage, data) if passage is not None else {}),
    )


def _extent(passage: Node, data: Graph) -> dict[str, Any]:
    """The fields of a spot that a passage gives."""
    start, end = (_integer(data.value(passage, way)) for way in (CG.start, CG.end))
    return {"passage": str(passage), "start": start, "end": end, "exact": str(data.value(passage, CG.exact))}


def _holder(node: Node, data: Graph) -> Node:
    """The element that people look for: for a reading, a referral or a reference, that which has the words."""
    if any((node, RDF.type, kind) in data for kind in (CG.Referral, CG.CrossReference)):
        return data.value(node, DCTERMS.isPartOf) or node
    return next((holder for way in _HOLDERS if (holder := data.value(node, way)) is not None), node)


def _words(node: Node, data: Graph) -> Node | None:
    """The words to show: the node's own, of a cross-reference the number that it refers to."""
    words = [*data.objects(node, CG.targetPassage)] or [*data.objects(node, CG.passage)]
    return min(words, key=lambda passage: _integer(data.value(passage, CG.start)) or 0, default=None)


def _narrowed(spot: Spot, words: str) -> Spot:
    """The place of some words within the passage of a spot; the spot as it is where they are not in it."""
    if spot.exact is None or spot.start is None:
        return spot
    try:
        place = find_quote(Passage(spot.start, spot.start + len(spot.exact), spot.exact), words)
    except ValueError:
        return spot
    iri = f"{str(spot.passage).rpartition('/')[0]}/{place.start}-{place.end}"
    return replace(spot, passage=iri, start=place.start, end=place.end, exact=place.exact)


def _meant(node: Node, data: Graph) -> Node | None:
    return next((thing for way in (CG.mentioned, CG.standsFor) if (thing := data.value(node, way)) is not None), None)


def _label(thing: Node | None, data: Graph, language: str) -> str:
    labels = {
        str(getattr(label, "language", "")): str(label)
        for way in (RDFS.label, SKOS.prefLabel)
        for label in (data.objects(thing, way) if thing is not None else ())
    }
    return labels.get(language) or labels.get("es") or next(iter(labels.values()), "")


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


def locate(findings: Iterable[Finding], source: Source) -> list[Finding]:
    """The findings about a plan that was read in `source`, each with the place in the file where its words begin."""
    lines = [start for start, _ in source.lines]
    located = []
    for finding in findings:
        line = column = None
        if finding.spot.start is not None:
            line = bisect_right(lines, finding.spot.start)
            column = finding.spot.start - lines[line - 1] + 1
        located.append(replace(finding, file=str(source.file), line=line, column=column))
    return located


def describe_findings(findings: Iterable[Finding], data: Graph, names: Names) -> Graph:
    """The `findings` graph. A finding's IRI is its code, its element, and where its words and the others begin.

    A passage that `data` does not have, for nothing but the finding is about it alone, is described here.
    """
    graph = Graph()
    for finding in findings:
        spot, other = finding.spot, finding.other
        place = "" if spot.start is None else f"/{spot.start}-{spot.end}"
        place += "" if other is None or other.start is None else f"/{other.start}"
        iri = URIRef(names.id("finding", finding.code, spot.element.removeprefix(names.id("")) + place))
        graph.add((iri, RDF.type, CG.Finding))
        graph.add((iri, CG.code, Literal(finding.code)))
        graph.add((iri, CG.severity, SEVERITY[finding.severity]))
        for seen, element, passage in (
            (spot, CG.element, CG.passage),
            (other, CG.relatedElement, CG.relatedPassage),
        ):
            if seen is not None:
                graph.add((iri, element, URIRef(seen.element)))
            if seen is not None and seen.passage is not None:
                graph.add((iri, passage, URIRef(seen.passage)))
                _describe_passage(graph, seen, data)
        for text, language in ((finding.message_es, "es"), (finding.message_en, "en")):
            graph.add((iri, RDFS.comment, Literal(text, language)))
            graph.add((iri, RDFS.label, Literal(text, language)))
    return graph


def _describe_passage(graph: Graph, spot: Spot, data: Graph) -> None:
    passage = URIRef(str(spot.passage))
    if (passage, RDF.type, CG.Passage) not in data:
        graph.add((passage, RDF.type, CG.Passage))
        graph.add((passage, CG.source, URIRef(passage.rpartition("/")[0])))
        graph.add((passage, CG.start, Literal(spot.start)))
        graph.add((passage, CG.end, Literal(spot.end)))
        graph.add((passage, CG.exact, Literal(spot.exact, datatype=XSD.string)))
