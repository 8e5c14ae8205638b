"""Locations: where in a plan the nodes are that a result is about."""

import re
from dataclasses import replace
from typing import Any

from rdflib import DCTERMS, RDF, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.engine import Result
from crmgraph.checks.findings import Location
from crmgraph.describing.vocabulary import CG
from crmgraph.describing.writer import find_quote
from crmgraph.reading.folding import fold
from crmgraph.reading.model import Passage

__all__ = ["cited", "location_of", "locations_of", "theme_of"]

_HOLDERS = (CG.inElement, CG.subject, CG.participationIn, CG.firstUsedIn, CG.toldIn)
"""The properties from a reading, such as a mention, to the element whose words it is about."""


def locations_of(result: Result, data: Graph) -> tuple[Location, Location | None]:
    """Return where what a result is about is to be seen, and the second place of one that is about two."""
    location, value = location_of(result.focus, data), result.value
    if isinstance(value, Literal):
        return _narrowed(location, str(value)), None
    if value is not None and (value, RDF.type, CG.Passage) in data:
        return replace(location, **_extent(value, data)), None
    if value is not None and (value, CG.passage, None) in data and value != result.focus:
        return location, location_of(value, data)
    return location, None


def location_of(node: Node, data: Graph) -> Location:
    """Return where a node is to be seen: a part of a plan, or a reading of some words of one."""
    passage = node if (node, RDF.type, CG.Passage) in data else _words(node, data)
    element = _holder(node, data)
    number, theme = data.value(element, CG.number), theme_of(element, data)
    return Location(
        str(element),
        str(number) if number else None,
        str(theme).rpartition("/")[2] if theme is not None else None,
        **(_extent(passage, data) if passage is not None else {}),
    )


def theme_of(element: Node, data: Graph) -> Node | None:
    """Return the theme that an element is part of or is."""
    node: Node | None = element
    while node is not None and (node, RDF.type, CG.Theme) not in data:
        node = data.value(node, DCTERMS.isPartOf)
    return node


def _extent(passage: Node, data: Graph) -> dict[str, Any]:
    """Return the fields of a location that a passage gives."""
    start, end = (_integer(data.value(passage, way)) for way in (CG.start, CG.end))
    exact = data.value(passage, CG.exact)
    words = str(exact) if None not in (start, end, exact) else None
    return {"passage": str(passage), "start": start, "end": end, "exact": words}


def _holder(node: Node, data: Graph) -> Node:
    """Return the element that people look for: for a reading, a referral or a reference, that which has the words.

    For a passage it is the source.
    """
    if (node, RDF.type, CG.Passage) in data:
        return data.value(node, CG.source) or node
    if any((node, RDF.type, kind) in data for kind in (CG.Referral, CG.CrossReference)):
        return data.value(node, DCTERMS.isPartOf) or node
    return next((holder for way in _HOLDERS if (holder := data.value(node, way)) is not None), node)


def _words(node: Node, data: Graph) -> Node | None:
    """Return the words to show: the node's own, of a cross-reference the number that it refers to."""
    words = [*data.objects(node, CG.targetPassage)] or [*data.objects(node, CG.passage)]
    return min(words, key=lambda passage: _integer(data.value(passage, CG.start)) or 0, default=None)


def _narrowed(location: Location, words: str) -> Location:
    """Return the place of some words within the passage of a location; the location itself where they are not in it."""
    if location.exact is None or location.start is None:
        return location
    try:
        place = find_quote(Passage(location.start, location.start + len(location.exact), location.exact), words)
    except ValueError:
        return location
    iri = f"{str(location.passage).rpartition('/')[0]}/{place.start}-{place.end}"
    return replace(location, passage=iri, start=place.start, end=place.end, exact=place.exact)


def _integer(value: Node | None) -> int | None:
    number = value.toPython() if isinstance(value, Literal) else None
    return number if isinstance(number, int) else None


_NOUN = re.compile(r"\b(obj|acc|actio|act)[a-z]*\.?")
_KINDS = {"obj": CG.Objective, "acc": CG.Action, "actio": CG.Action, "act": CG.Activity}
_NO_AND_IS = {
    "es": {
        CG.Objective: ("ningún objetivo", "el {} es un objetivo"),
        CG.Action: ("ninguna acción", "la {} es una acción"),
        CG.Activity: ("ninguna actividad", "la {} es una actividad"),
        CG.ScheduleEntry: ("ninguna entrada de calendario", "la {} es una entrada de calendario"),
    },
    "en": {
        CG.Objective: ("no objective", "{} is an objective"),
        CG.Action: ("no action", "{} is an action"),
        CG.Activity: ("no activity", "{} is an activity"),
        CG.ScheduleEntry: ("no schedule entry", "{} is a schedule entry"),
    },
}
"""The kinds of parts by the depth of their numbers: that there is none, and that something is one."""


def cited(reference: Node, data: Graph, language: str) -> str:
    """Return that there is no part such as a cross-reference cites: “no objective 12”.

    Where a part of another kind has its number, that is said too. Empty where it is no reference to a number.
    """
    number = data.value(reference, CG.targetNumber)
    if number is None:
        return ""
    theme, words = data.value(reference, CG.targetTheme), _NO_AND_IS[language]
    kind = _cited_kind(reference, str(number), data)
    parts = (part for part in data.subjects(CG.number, number) if (part, CG.within, theme) in data)
    other = next((each for part in parts for each in words if (part, RDF.type, each) in data), kind)
    told = f"{words[kind][0]} {number}"
    return told if other == kind else f"{told}: {words[other][1].format(number)}"


def _cited_kind(reference: Node, number: str, data: Graph) -> URIRef:
    """Return the kind of part that the last noun before the number says, or without one the depth of the number."""
    words = str(data.value(data.value(reference, CG.passage), CG.exact) or "")
    before = re.split(rf"(?<![\d.]){re.escape(number)}(?!\.?\d)", words)[0]
    nouns, by_depth = _NOUN.findall(fold(before).text), list(_NO_AND_IS["en"])
    return _KINDS[nouns[-1]] if nouns else by_depth[min(number.count("."), len(by_depth) - 1)]
