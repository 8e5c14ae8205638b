"""What findings say: the results of checks told in both languages, each in its place."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_skeleton
from rdflib import DCTERMS, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checking.citing import cited
from crmgraph.checking.findings import Finding, Spot
from crmgraph.checking.quotes import nested, quoted
from crmgraph.checking.spots import spots_of
from crmgraph.checking.validating import Result
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.wording import shortened

__all__ = ["LONGEST", "find"]

LONGEST = 100
"""How many code points of the source a message shows."""

_CALLED = 60
"""How many code points of a part's words stand for its number."""


def find(results: Iterable[Result], data: Graph, names: Names) -> list[Finding]:
    """The findings that SHACL results amount to, each once, in their order."""
    return sorted({_finding(result, data, names) for result in results}, key=lambda finding: finding.order)


def _finding(result: Result, data: Graph, names: Names) -> Finding:
    check = result.check
    spot, other = spots_of(result, data)
    spanish, english = (_shown(result, spot, other, language, data, names) for language in ("es", "en"))
    return Finding(
        check.code,
        check.severity,
        spot,
        other,
        check.message.spanish.format(**spanish),
        check.message.format(**english),
        constraint=result.constraint,
    )


def _shown(result: Result, spot: Spot, other: Spot | None, language: str, data: Graph, names: Names) -> dict[str, str]:
    """What stands in a message for the words in braces; what has no number is called by its words in quotes."""
    focus = result.focus
    dated = data.value(_meant(result.value, data), DCTERMS.date)
    beginning, dot, last = (spot.number or "").rpartition(".")
    said = {
        "number_before": f"{beginning}{dot}{int(last) - 1}" if last.isdigit() else "",
        "exact": shortened(spot.exact or spot.element.removeprefix(names.id("")), LONGEST),
        "label": _label(URIRef(spot.element), data),
        "name": _label(_meant(focus, data), data, _language(focus, data)),
        "name_used": _name_used(focus, data),
        "other": shortened(other.exact or "", LONGEST).removesuffix(".") if other else "",
        "words": shortened(str(data.value(data.value(focus, CG.passage), CG.exact) or ""), LONGEST).removesuffix("."),
        "cited_theme": _label(data.value(focus, CG.targetTheme), data),
        "other_date": _date(dated, language),
    }
    return {name: nested(words, language) for name, words in said.items()} | {
        "number": _called(spot, language),
        "other_number": _called(other, language) if other else "",
        "other_key": other.name if other else "",
        "cited": cited(focus, data, language),
        "read_as": _read_as(spot, _name_used(focus, data), language),
    }


def _called(spot: Spot, language: str) -> str:
    """What people call a part: its number or, where it has none, its words in quotes."""
    return spot.number or (quoted(shortened(spot.exact, _CALLED), language) if spot.exact else "")


def _meant(node: Node | None, data: Graph) -> Node | None:
    return next((thing for way in (CG.mentioned, CG.standsFor) if (thing := data.value(node, way)) is not None), None)


def _name_used(node: Node, data: Graph) -> str:
    """The name that words are a form of, as it is rightly written."""
    return next((str(name) for way in (CG.nameUsed, CG.letters) if (name := data.value(node, way)) is not None), "")


def _read_as(spot: Spot, name: str, language: str) -> str:
    """What a misspelt word is meant as, in brackets; nothing where it is written as it should be."""
    if not name or name == spot.exact:
        return ""
    return f" ({'léase' if language == 'es' else 'read'} {quoted(name, language)})"


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
