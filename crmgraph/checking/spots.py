"""Where to look: the results of checks as findings, each in its place, with the words that it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.findings import Finding, Spot
from crmgraph.checking.validating import Result
from crmgraph.describing.quoting import find_quote
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading.plan import Passage

__all__ = ["find", "shortened", "spot_of"]

_HOLDERS = (CG.inElement, CG.subject, CG.participationIn, CG.firstUsedIn, CG.toldIn)
"""What leads from a reading, such as a mention, to the element whose words it is about."""


_CALLED = 60
"""How many characters of a part's words stand for its number."""


def find(results: Iterable[Result], data: Graph, names: Names) -> list[Finding]:
    """The findings that SHACL results amount to, each once, in their order."""
    return sorted({_finding(result, data, names) for result in results}, key=lambda finding: finding.order)


def _finding(result: Result, data: Graph, names: Names) -> Finding:
    check, value = result.check, result.value
    spot = spot_of(result.focus, data)
    other = None
    if isinstance(value, Literal):
        spot = _narrowed(spot, str(value))
    elif value is not None and (value, RDF.type, CG.Passage) in data:
        spot = replace(spot, **_extent(value, data))
    elif value is not None and (value, CG.passage, None) in data and value != result.focus:
        other = spot_of(value, data)
    dated = data.value(_meant(value, data), DCTERMS.date) if value is not None else None
    spanish, english = (
        _shown(spot, other, result.focus, quotes, data, names) | {"other_date": _date(dated, language)}
        for quotes, language in (("«»", "es"), ("“”", "en"))
    )
    return Finding(
        check.code,
        check.severity,
        spot,
        other,
        check.message.spanish.format(**spanish),
        check.message.format(**english),
        constraint=result.constraint,
    )


def _shown(spot: Spot, other: Spot | None, focus: Node, quotes: str, data: Graph, names: Names) -> dict[str, str]:
    """What stands in a message for the words in braces; what has no number is called by its words in `quotes`."""
    called = f"{quotes[0]}{shortened(other.exact or '', _CALLED)}{quotes[1]}" if other else ""
    beginning, dot, last = (spot.number or "").rpartition(".")
    return {
        "number": spot.number or "",
        "number_before": f"{beginning}{dot}{int(last) - 1}" if last.isdigit() else "",
        "exact": shortened(spot.exact or spot.element.removeprefix(names.id(""))),
        "label": _label(URIRef(spot.element), data),
        "name": _label(_meant(focus, data), data, _language(focus, data)),
        "name_used": _name_used(focus, data),
        "other": shortened(other.exact or "").removesuffix(".") if other else "",
        "other_number": (other.number or called) if other else "",
        "words": shortened(str(data.value(data.value(focus, CG.passage), CG.exact) or "")).removesuffix("."),
        "cited_theme": _label(data.value(focus, CG.targetTheme), data),
        "other_theme": _label(_theme_of(URIRef(other.element), data), data) if other else "",
    }


def spot_of(node: Node, data: Graph) -> Spot:
    """Where a node of the graph is to be seen: a part of a plan, or a reading of some words of one."""
    passage = node if (node, RDF.type, CG.Passage) in data else _words(node, data)
    element = _holder(node, data)
    number, theme = data.value(element, CG.number), _theme_of(element, data)
    return Spot(
        str(element),
        str(number) if number else None,
        str(theme).rpartition("/")[2] if theme is not None else None,
        **(_extent(passage, data) if passage is not None else {}),
    )


def _extent(passage: Node, data: Graph) -> dict[str, Any]:
    """The fields of a spot that a passage gives."""
    start, end = (_integer(data.value(passage, way)) for way in (CG.start, CG.end))
    return {"passage": str(passage), "start": start, "end": end, "exact": str(data.value(passage, CG.exact))}


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


def _meant(node: Node, data: Graph) -> Node | None:
    return next((thing for way in (CG.mentioned, CG.standsFor) if (thing := data.value(node, way)) is not None), None)


def _name_used(node: Node, data: Graph) -> str:
    """The name that words are a form of, as it is rightly written."""
    return next((str(name) for way in (CG.nameUsed, CG.letters) if (name := data.value(node, way)) is not None), "")


def _language(node: Node, data: Graph) -> str:
    """The language of the name that words are a form of: English where it is a name in that language alone."""
    name, thing = _name_used(node, data), _meant(node, data)
    languages = {str(language) for language in ("es", "en") if _is_name(thing, Literal(name, language), data)}
    return "en" if languages == {"en"} else "es"


def _is_name(thing: Node | None, name: Literal, data: Graph) -> bool:
    return any((thing, way, name) in data for way in (RDFS.label, SKOS.prefLabel, SKOS.altLabel))


def _label(thing: Node | None, data: Graph, language: str = "es") -> str:
    """What a source in a language calls it: its name there, in Spanish, or the one that it has."""
    labels = {
        str(getattr(label, "language", "")): str(label)
        for way in (RDFS.label, SKOS.prefLabel)
        for label in (data.objects(thing, way) if thing is not None else ())
    }
    return labels.get(language) or labels.get("es") or next(iter(labels.values()), "")


def _date(value: Node | None, language: str) -> str:
    """A year, month or day as people write it: mayo de 2006, May 2006."""
    written = str(value or "")
    if len(written) <= len("2006"):
        return written
    day = date.fromisoformat(f"{written}-01"[: len("2006-05-01")])
    return str(format_skeleton("yMMMM" if len(written) == len("2006-05") else "yMMMMd", day, locale=language))


def _integer(value: Node | None) -> int | None:
    return int(value.toPython()) if isinstance(value, Literal) else None


def _theme_of(element: Node, data: Graph) -> Node | None:
    node: Node | None = element
    while node is not None and (node, RDF.type, CG.Theme) not in data:
        node = data.value(node, DCTERMS.isPartOf)
    return node


def shortened(words: str, most: int = 100) -> str:
    """The words on one line, cut where there are more characters than `most`."""
    words = " ".join(words.split())
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
