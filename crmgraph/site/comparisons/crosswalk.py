"""What the graph says corresponds in other plans: how far two plans touch, and what answers to each part of them."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.comparisons.comparison import WAYS, Comparison, Match, Part, Way, pair_path
from crmgraph.site.source.excerpt import Quotation, quotations

__all__ = ["by_plan", "compared", "comparison_of", "comparisons", "matches_of", "mirrored", "numbers", "ways"]

# What is compared in a plan are its objectives, or its themes where nobody knows objectives, and whatever else somebody
# compared; in the 2030 Agenda, the targets that concern migration.
_PARTS = """
SELECT DISTINCT ?whole ?part ?above ?number ?order ?label {
  { SELECT DISTINCT ?whole { ?said cg:comparedWith|cg:subject/cg:within ?whole ; cg:comparedWith ?any } }
  { ?part cg:within ?whole ; a cg:Objective }
  UNION {
    ?part cg:within ?whole ; a cg:Theme .
    FILTER NOT EXISTS { ?part dcterms:hasPart ?objective . ?objective a cg:Objective }
  }
  UNION { ?part skos:inScheme ?whole ; cg:concern ?concern }
  UNION { ?part cg:within ?whole ; ^(cg:subject|cg:object) ?statement . ?statement cg:comparedWith ?compared }
  ?part rdfs:label|skos:prefLabel ?label .
  OPTIONAL { ?part dcterms:isPartOf ?above }
  OPTIONAL { ?part cg:number|skos:notation ?number }
  OPTIONAL { ?part cg:order ?order }
}"""
_SAID = """
SELECT DISTINCT ?said ?subject ?plan ?other ?object ?way ?certainty ?author ?date ?passage ?why {
  %s
  ?said cg:comparedWith ?other ; cg:subject ?subject .
  ?subject cg:within ?plan . ?plan a cg:Plan .
  OPTIONAL { ?said a cg:Correspondence ; cg:object ?object ; cg:relation ?way }
  OPTIONAL { ?said cg:certainty ?certainty }
  OPTIONAL { ?said prov:wasAttributedTo ?author }
  OPTIONAL { ?said dcterms:date ?date }
  OPTIONAL { ?said cg:passage ?passage }
  OPTIONAL { ?said rdfs:comment ?why }
}"""
# That nothing in a whole plan corresponds to something is said of that, and not of the plan.
_SAID_OF = """
SELECT DISTINCT ?said {
  { ?said cg:subject %(part)s ; cg:comparedWith ?any } UNION { ?said a cg:Correspondence ; cg:object %(part)s }
}"""
_PAIRS = """
SELECT DISTINCT ?plan ?other {
  ?said cg:comparedWith ?other ; cg:subject ?subject . ?subject cg:within ?plan . ?plan a cg:Plan
}"""
_DEFINED = """
SELECT ?way ?label ?definition {
  VALUES ?way { %s }
  ?way skos:prefLabel ?label ; skos:definition ?definition FILTER (LANG(?label) = LANG(?definition))
}"""


def compared(site: Site) -> list[tuple[str, str]]:
    """The IRIs of each two plans that somebody compared, once, from whichever side that was.

    The plan that the dataset is about comes first, or else the one of whose parts it was said.
    """
    ours = site.names.id("plan", "crm")
    pairs = {(row["plan"].value, row["other"].value) for row in site.recall(_PAIRS)}

    def leading(plan: str, other: str) -> tuple[str, str]:
        is_led = plan != ours and (other == ours or ((other, plan) in pairs and other < plan))
        return (other, plan) if is_led else (plan, other)

    return sorted({leading(*pair) for pair in pairs})


def ways(site: Site, parts: Iterable[Part]) -> tuple[Way, ...]:
    """The ways in which anything corresponds to these parts, the nearest first."""
    said = {match.way for part in parts for match in part.corresponding}
    labels: dict[str, dict[str, str]] = {}
    definitions: dict[str, dict[str, str]] = {}
    for row in site.recall(_DEFINED % " ".join(map(reference, WAYS))):
        labels.setdefault(row["way"].value, {})[row["label"].language] = row["label"].value
        definitions.setdefault(row["way"].value, {})[row["label"].language] = row["definition"].value
    return tuple(Way(way, labels.get(way, {}), definitions.get(way, {})) for way in WAYS if way in said)


def comparison_of(site: Site, plan: str) -> str:
    """The path of the page that compares a plan with the only other that it was compared with.

    That of all comparisons where there are several; empty where nobody has compared it.
    """
    paths = [pair_path(*pair) for pair in compared(site) if plan in pair]
    return "/crosswalk" if len(paths) > 1 else next(iter(paths), "")


def comparisons(site: Site, language: str) -> tuple[Comparison, ...]:
    """All pairs of plans that somebody compared, those that touch most first."""
    parts: dict[str, dict[str, list[Row]]] = {}
    for row in site.recall(_PARTS):
        parts.setdefault(row["whole"].value, {}).setdefault(row["part"].value, []).append(row)
    said: dict[tuple[str, str], list[Match]] = {}
    for match in _said(site, site.recall(_SAID % ""), language):
        for seen in match.sides:
            said.setdefault((seen.plan, seen.other), []).append(seen)

    def side(plan: str, other: str) -> tuple[Part, ...]:
        return _parts(parts.get(plan, {}), _by_subject(said.get((plan, other), ())), language)

    found = [Comparison(plan, other, side(plan, other), side(other, plan)) for plan, other in compared(site)]
    return tuple(sorted(found, key=lambda each: (each.plan, *_reach(each))))


def by_plan(found: Iterable[Comparison], plans: Collection[str]) -> list[tuple[str, list[Comparison]]]:
    """These plans, those that were compared with most others first, each with its comparisons from its own side."""
    sides: dict[str, list[Comparison]] = {}
    for each in (side for one in found for side in (one, one.turned)):
        if each.plan in plans:
            sides.setdefault(each.plan, []).append(each)
    return [
        (plan, sorted(sides[plan], key=_reach)) for plan in sorted(sides, key=lambda plan: (-len(sides[plan]), plan))
    ]


def mirrored(sections: Sequence[tuple[str, Sequence[Comparison]]]) -> list[Comparison]:
    """Of plans that were compared with one other alone, what that one's section before theirs says from its side."""
    before: set[str] = set()
    found = []
    for plan, sides in sections:
        found += [each for each in sides if len(sides) == 1 and each.other in before]
        before.add(plan)
    return found


def matches_of(site: Site, iri: str, language: str) -> tuple[Match, ...]:
    """What was said of one part: what corresponds to it, and where nothing does."""
    said = " ".join(reference(row["said"].value) for row in site.select(_SAID_OF % {"part": reference(iri)}))
    if not said:
        return ()
    about = f"VALUES ?said {{ {said} }}"
    sides = (side for match in _said(site, site.select(_SAID % about), language) for side in match.sides)
    return tuple(sorted((side for side in sides if side.subject == iri), key=_rank))


def numbers(site: Site) -> dict[str, str]:
    """The numbers of all that is compared, by IRI, without what has none."""
    return {row["part"].value: row["number"].value for row in site.recall(_PARTS) if "number" in row}


def _said(site: Site, rows: Iterable[Row], language: str) -> list[Match]:
    said: dict[str, list[Row]] = {}
    for row in rows:
        said.setdefault(row["said"].value, []).append(row)
    words = quotations(site, {row["passage"].value for each in said.values() for row in each if "passage" in row})
    return [_match(each, words, language) for each in said.values()]


def _match(rows: Sequence[Row], words: Mapping[str, Quotation], language: str) -> Match:
    def value(name: str) -> str:
        return next((row[name].value for row in rows if name in row), "")

    reasons = {row["why"].language: row["why"].value for row in rows if "why" in row}
    why, spoken = in_language(reasons, language)
    return Match(
        value("said"),
        value("subject"),
        value("plan"),
        value("other"),
        value("object"),
        value("way"),
        float(value("certainty")) if value("certainty") else None,
        value("author"),
        value("date"),
        why,
        spoken,
        words.get(value("passage")),
    )


def _by_subject(matches: Iterable[Match]) -> dict[str, list[Match]]:
    found: dict[str, list[Match]] = {}
    for match in matches:
        found.setdefault(match.subject, []).append(match)
    return found


def _parts(
    rows: Mapping[str, Sequence[Row]], matches: Mapping[str, Sequence[Match]], language: str
) -> tuple[Part, ...]:
    return tuple(
        _part(iri, rows[iri], matches.get(iri, ()), language)
        for iri in sorted(rows, key=lambda iri: _place(rows[iri][0], iri))
    )


def _part(iri: str, rows: Sequence[Row], matches: Sequence[Match], language: str) -> Part:
    label, spoken = in_language({row["label"].language: row["label"].value for row in rows}, language)
    number = next((row["number"].value for row in rows if "number" in row), "")
    above = next((row["above"].value for row in rows if "above" in row), "")
    return Part(iri, above, number, label, spoken, tuple(sorted(matches, key=_rank)))


def _place(row: Row, iri: str) -> tuple[float, list[float], str]:
    """A key in the order of the document, of numbers where there is none."""
    order = float(row["order"].value) if "order" in row else 0.0
    number = row["number"].value if "number" in row else ""
    pieces = [float(piece) if piece.isdecimal() else math.inf for piece in number.split(".")]
    return order, pieces, iri


def _reach(found: Comparison) -> tuple[int, int, str]:
    """A key by which those plans come first that touch most."""
    return -found.answered, -found.reached, found.other


def _rank(match: Match) -> tuple[int, float, list[tuple[int, str]]]:
    """A key by which the nearest come first, then the most certain; of those alike, part 9 before part 10."""
    nearness = WAYS.index(match.way) if match.way in WAYS else len(WAYS)
    return nearness, -(match.certainty or 0), _by_number(match.object)


def _by_number(iri: str) -> list[tuple[int, str]]:
    """A key in the order of IRIs, and of the numbers in them."""
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in re.findall(r"\d+|\D+", iri)]
