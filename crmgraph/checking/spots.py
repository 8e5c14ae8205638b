"""Where to look: the element and the words that a result of a check is about."""

from dataclasses import replace
from typing import Any

from rdflib import DCTERMS, RDF, Graph, Literal
from rdflib.term import Node

from crmgraph.checking.findings import Spot
from crmgraph.checking.validating import Result
from crmgraph.describing.vocabulary import CG
from crmgraph.describing.writer import find_quote
from crmgraph.reading.model import Passage

__all__ = ["spot_of", "spots_of", "theme_of"]

_HOLDERS = (CG.inElement, CG.subject, CG.participationIn, CG.firstUsedIn, CG.toldIn)
"""What leads from a reading, such as a mention, to the element whose words it is about."""


def spots_of(result: Result, data: Graph) -> tuple[Spot, Spot | None]:
    """Where what a result is about is to be seen, and the second place of one that is about two."""
    spot, value = spot_of(result.focus, data), result.value
    if isinstance(value, Literal):
        return _narrowed(spot, str(value)), None
    if value is not None and (value, RDF.type, CG.Passage) in data:
        return replace(spot, **_extent(value, data)), None
    if value is not None and (value, CG.passage, None) in data and value != result.focus:
        return spot, spot_of(value, data)
    return spot, None


def spot_of(node: Node, data: Graph) -> Spot:
    """Where a node of the graph is to be seen: a part of a plan, or a reading of some words of one."""
    passage = node if (node, RDF.type, CG.Passage) in data else _words(node, data)
    element = _holder(node, data)
    number, theme = data.value(element, CG.number), theme_of(element, data)
    return Spot(
        str(element),
        str(number) if number else None,
        str(theme).rpartition("/")[2] if theme is not None else None,
        **(_extent(passage, data) if passage is not None else {}),
    )


def theme_of(element: Node, data: Graph) -> Node | None:
    """The theme that an element is part of or is."""
    node: Node | None = element
    while node is not None and (node, RDF.type, CG.Theme) not in data:
        node = data.value(node, DCTERMS.isPartOf)
    return node


def _extent(passage: Node, data: Graph) -> dict[str, Any]:
    """The fields of a spot that a passage gives."""
    start, end = (_integer(data.value(passage, way)) for way in (CG.start, CG.end))
    exact = data.value(passage, CG.exact)
    words = str(exact) if None not in (start, end, exact) else None
    return {"passage": str(passage), "start": start, "end": end, "exact": words}


def _holder(node: Node, data: Graph) -> Node:
    """The element that people look for: for a reading, a referral or a reference, that which has the words.

    For a passage it is the source.
    """
    if (node, RDF.type, CG.Passage) in data:
        return data.value(node, CG.source) or node
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


def _integer(value: Node | None) -> int | None:
    number = value.toPython() if isinstance(value, Literal) else None
    return number if isinstance(number, int) else None
