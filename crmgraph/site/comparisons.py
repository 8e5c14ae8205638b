"""Correspondences between plans: how far two plans overlap, and what corresponds to each of their parts."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from starlette.responses import RedirectResponse, Response

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    JSON,
    NothingKnownError,
    PageRequest,
    Record,
    Site,
    Texts,
    name_key,
    query_about,
    reference,
)
from crmgraph.site.plans import (
    compared,
    external_plans,
    name_of_plan,
    pair_path,
    plan_names,
    plan_texts,
    plans,
)
from crmgraph.site.source import quotations

_WAYS = tuple(f"{ONTOLOGY}/correspondence#{name}" for name in ("exact", "close", "broad", "narrow", "related"))
"""The ways of corresponding, the nearest first."""

_CERTAIN = {"high": 0.8, "medium": 0.6}
"""From which certainty on it is said to be high or medium; below, it is low."""

# What is compared in a plan are its objectives, or its themes where nobody knows objectives, and whatever else somebody
# compared; in the 2030 Agenda, the targets that concern migration.
_PARTS = """
SELECT DISTINCT ?whole ?iri ?above ?number ?order ?label {
  { SELECT DISTINCT ?whole { ?said cg:comparedWith|cg:subject/cg:within ?whole ; cg:comparedWith ?any } }
  { ?iri cg:within ?whole ; a cg:Objective }
  UNION {
    ?iri cg:within ?whole ; a cg:Theme .
    FILTER NOT EXISTS { ?iri dcterms:hasPart ?objective . ?objective a cg:Objective }
  }
  UNION { ?iri skos:inScheme ?whole ; cg:concern ?concern }
  UNION { ?iri cg:within ?whole ; ^(cg:subject|cg:object) ?statement . ?statement cg:comparedWith ?compared }
  ?iri rdfs:label|skos:prefLabel ?label .
  OPTIONAL { ?iri dcterms:isPartOf ?above }
  OPTIONAL { ?iri cg:number|skos:notation ?number }
  OPTIONAL { ?iri cg:order ?order }
}"""
# What corresponds is told from either side: from the other, broader is narrower, and narrower is broader.
_MATCHES = (
    """
SELECT DISTINCT ?iri ?is_turned ?subject ?plan ?other ?object ?way ?certainty ?author ?date ?passage ?why ?confidence {
  %s
  ?iri cg:comparedWith ?second ; cg:subject ?from .
  ?from cg:within ?first . ?first a cg:Plan .
  OPTIONAL { ?iri a cg:Correspondence ; cg:object ?to ; cg:relation ?relation }
  VALUES ?is_turned { false true } FILTER (BOUND(?to) || !?is_turned)
  BIND (IF(?is_turned, ?to, ?from) AS ?subject) BIND (IF(?is_turned, ?from, ?to) AS ?object)
  BIND (IF(?is_turned, ?second, ?first) AS ?plan) BIND (IF(?is_turned, ?first, ?second) AS ?other)
  BIND (IF(!?is_turned || ?relation NOT IN (correspondence:broad, correspondence:narrow), ?relation,
    IF(?relation = correspondence:broad, correspondence:narrow, correspondence:broad)) AS ?way)
  OPTIONAL {
    ?iri cg:certainty ?certainty
    BIND (IF(?certainty >= """
    + f"{_CERTAIN['high']}, 'high', IF(?certainty >= {_CERTAIN['medium']}, 'medium', 'low'))"
    + """ AS ?confidence)
  }
  OPTIONAL { ?iri prov:wasAttributedTo ?author }
  OPTIONAL { ?iri dcterms:date ?date }
  OPTIONAL { ?iri cg:passage ?passage }
  OPTIONAL { ?iri rdfs:comment ?why }
}"""
)
# That nothing in a whole plan corresponds to something is said of that, and not of the plan.
_SAID_OF = """
SELECT DISTINCT ?said {
  { ?said cg:subject %(part)s ; cg:comparedWith ?any } UNION { ?said a cg:Correspondence ; cg:object %(part)s }
}"""
_DEFINED = """
SELECT ?iri ?label ?definition {
  VALUES ?iri { %s }
  ?iri skos:prefLabel ?label ; skos:definition ?definition FILTER (LANG(?label) = LANG(?definition))
}"""


def comparisons(site: Site, language: str) -> list[Record]:
    """Return all pairs of plans that somebody compared, those that overlap most first; see `comparison`."""
    said: dict[tuple[str, str, str], list[Record]] = {}
    for match in _matches(site, "", language, is_cached=True):
        said.setdefault((match.plan, match.other, match.subject), []).append(match)
    listed = site.records(_PARTS, "whole", "iri", language=language, texts=("label",), is_cached=True)

    def side(plan: str, other: str) -> list[Record]:
        own = sorted((part for part in listed if part.whole == plan), key=_place)
        return [part_with(part, said.get((plan, other, part.iri), ())) for part in own]

    found = [comparison(plan, other, side(plan, other), side(other, plan)) for plan, other in compared(site)]
    return sorted(found, key=lambda each: (each.plan, *_overlap(each)))


def part_with(part: Record, matches: Iterable[Record]) -> Record:
    """Return a part with the `matches` of which it is the subject, the nearest first.

    `corresponding` are those with what corresponds to it; `degree` is that of the nearest, from 5 for the same to 1 for
    related, 0 where nothing corresponds.
    """
    ordered = sorted(matches, key=_rank)
    corresponding = [match for match in ordered if match.object]
    degree = max((_degree(match.way) for match in corresponding), default=0)
    return Record(**{**vars(part), "matches": ordered, "corresponding": corresponding, "degree": degree})


def comparison(plan: str, other: str, own: Sequence[Record], theirs: Sequence[Record]) -> Record:
    """Return what corresponds in two plans, given the parts of each with what corresponds in the other.

    It has the same (`plan`, `other`, `own`, `theirs`), the `path` of its page and the name of its `side` there, and by
    `turned` the comparison from the other side (`is_turned`). `answered` is the number of parts of the plan that
    something in the other corresponds to; `unread` that of those of which nobody said what corresponds to them, or that
    nothing does. It is known of all where somebody went through all parts of the other.
    """

    def seen(plan: str, other: str, own: Sequence[Record], theirs: Sequence[Record], **more: object) -> Record:
        are_known = all(any(not match.is_turned for match in part.matches) for part in theirs)
        unread = 0 if are_known else sum(not part.matches for part in own)
        answered = sum(bool(part.corresponding) for part in own)
        return Record(plan=plan, other=other, own=own, theirs=theirs, answered=answered, unread=unread, **more)

    path = pair_path(plan, other)
    found = seen(plan, other, own, theirs, path=path, side="own", is_turned=False)
    found.turned = seen(other, plan, theirs, own, path=path, side="theirs", is_turned=True, turned=found)
    return found


def says_nothing(found: Record) -> bool:
    """Return whether of any part of either plan it is known that nothing corresponds to it."""
    return any(
        not part.corresponding and (part.matches or not side.unread)
        for side in (found, found.turned)
        for part in side.own
    )


def matches_of(site: Site, iri: str, language: str) -> list[Record]:
    """Return what was said of one part: what corresponds to it, and where nothing does; see `_matches`."""
    said = " ".join(reference(row["said"].value) for row in site.select(_SAID_OF % {"part": reference(iri)}))
    found = _matches(site, f"VALUES ?iri {{ {said} }}", language) if said else []
    return sorted((match for match in found if match.subject == iri), key=_rank)


def numbers(site: Site) -> dict[str, str]:
    """Return the numbers of all that is compared, by IRI, without what has none."""
    return {row["iri"].value: row["number"].value for row in site.select_cached(_PARTS) if "number" in row}


def _matches(site: Site, condition: str, language: str, *, is_cached: bool = False) -> list[Record]:
    """Return the statements, under a condition, by somebody who read both plans, from either side.

    `object` corresponds to `subject` in this `way`, or nothing does: then both are empty, and it is said of the subject
    alone. The subject is a part of `plan`, the object of the `other`. `certainty` goes from 0 to 1, and `confidence` is
    that in a word; both are empty where it is not said. It `is_turned` where it was said of the object.
    """
    keys = ("iri", "is_turned")
    found = site.records(_MATCHES % condition, *keys, language=language, texts=("why",), is_cached=is_cached)
    words = quotations(site, filter(None, (match.passage for match in found)))
    for match in found:
        match.quotation = words.get(match.passage)
    return found


def _place(part: Record) -> tuple[float, list[float], str]:
    """Return a key in the order of the document, or of numbers where there is none."""
    order = [float(piece) if piece.isdecimal() else math.inf for piece in part.number.split(".")]
    return part.order or 0, order, part.iri


def _degree(way: str) -> int:
    return len(_WAYS) - _WAYS.index(way) if way in _WAYS else 0


def _overlap(found: Record) -> tuple[int, int, str]:
    """Return a key by which those plans come first that overlap most."""
    return -found.answered, -found.turned.answered, found.other


def _rank(match: Record) -> tuple[int, float, list[tuple[int, str]]]:
    """Return a key by which the nearest come first, then the most certain; of those alike, part 9 before part 10."""
    return -_degree(match.way), -(match.certainty or 0), name_key(match.object)


def _ways(site: Site, parts: Iterable[Record], language: str) -> list[Record]:
    """Return the ways in which anything corresponds to these parts, the nearest first, with labels and definitions."""
    said = {match.way for part in parts for match in part.corresponding}
    query = _DEFINED % " ".join(map(reference, _WAYS))
    found = site.records(query, "iri", language=language, texts=("label", "definition"), is_cached=True)
    for way in found:
        way.degree = _degree(way.iri)
    return sorted((way for way in found if way.iri in said), key=lambda way: -way.degree)


def _by_theme(parts: Sequence[Record]) -> list[tuple[str, list[Record]]]:
    """Return parts of one plan by the IRI of what is above them, which is empty where it is the same for all."""
    groups = [(above, list(each)) for above, each in groupby(parts, key=lambda part: part.above)]
    return groups if len({above for above, _ in groups}) > 1 else [("", list(parts))]


def _by_plan(found: Iterable[Record], plans: Collection[str]) -> list[tuple[str, list[Record]]]:
    """Return these plans with their comparisons from their side, those that were compared with most others first."""
    sides: dict[str, list[Record]] = {}
    for each in (side for one in found for side in (one, one.turned) if side.plan in plans):
        sides.setdefault(each.plan, []).append(each)
    ordered = sorted(sides, key=lambda plan: (-len(sides[plan]), plan))
    return [(plan, sorted(sides[plan], key=_overlap)) for plan in ordered]


def crosswalk_page(visit: PageRequest) -> Response:
    """Return how far the plans overlap that somebody compared, and all plans."""
    site = visit.site
    found = comparisons(site, visit.language)
    if visit.form != HTML:
        labels = site.labels(iri for each in found for iri in (each.plan, each.other))
        return visit.data(query_about("comparisons", site), (_pair_row(each, labels) for each in found))
    all_plans, plans_known = plans(site), plan_texts(site)
    sections = _by_plan(found, {plan.iri for plan in all_plans})
    order = [plan for plan, _ in sections]
    # Of a plan that was compared with one other alone, the section of that says the same, where it comes before.
    mirrored = {
        plan: sides[0] for plan, sides in sections if len(sides) == 1 and sides[0].other in order[: order.index(plan)]
    }
    own = {plan: [part for each in sides for part in each.own] for plan, sides in sections}
    above = {part.above for parts in own.values() for part in parts}
    context = {
        "all": all_plans,
        "external_plans": external_plans(site, all_plans),
        "plans": [
            (plan, sides, _ways(site, own[plan], visit.language)) for plan, sides in sections if plan not in mirrored
        ],
        "mirrored": list(mirrored.values()),
        "is_partial": any(each.unread for each in found),
        "known": plans_known,
        "abridged": len({each.other for each in found if plans_known[each.other].is_abridged}),
        "plan_names": plan_names(site),
        "labels": site.labels((above | {plan.process for plan in all_plans}) - {""}),
        "questions": [question for question in site.library.values() if question.group == "correspondences"],
    }
    return visit.render("crosswalk.html", context, offers=(*GRAPHS, JSON))


def comparison_page(visit: PageRequest, plan: str, other: str) -> Response:
    """Return what corresponds to what in two plans, from either side, with the reasons."""
    site = visit.site
    found = comparisons(site, visit.language)
    pairs = {(name_of_plan(each.plan), name_of_plan(each.other)): each for each in found}
    one = pairs.get((plan, other))
    if one is None and (turned := pairs.get((other, plan))):
        # It has both sides.
        return RedirectResponse(visit.links.page(visit.language, turned.path), 308)
    if one is None:
        raise NothingKnownError(f"/crosswalk/{plan}/{other}")
    parts = [*one.own, *one.theirs]
    named = {
        iri
        for part in parts
        for match in part.matches
        for iri in (match.subject, match.object, match.way, match.author)
    }
    labels = site.labels({one.plan, one.other, *named, *(part.above for part in parts)} - {""})
    if visit.form != HTML:
        # What was said of the parts of the plan, and of those of the other to which nothing corresponds.
        rows = (
            _match_row(match, part.number, labels)
            for part in parts
            for match in part.matches
            if match.plan == one.plan or not match.object
        )
        return visit.data(query_about("comparison", site, one.plan, one.other), rows)
    context = {
        "comparison": one,
        "known": plan_texts(site),
        "plan_names": plan_names(site),
        "ways": _ways(site, parts, visit.language),
        "says_nothing": says_nothing(one),
        "by_theme": _by_theme,
        "certain": _CERTAIN,
        "labels": labels,
        "numbers": {part.iri: part.number for part in parts},
    }
    return visit.render("comparison.html", context, offers=(*GRAPHS, JSON))


def _pair_row(pair: Record, labels: Mapping[str, Texts]) -> dict[str, object]:
    """Return how many parts of either of two plans have something that corresponds, as JSON has it."""
    return {
        "plan": pair.plan,
        "plan_label": labels.get(pair.plan, {}),
        "parts": len(pair.own),
        "parts_with_counterpart": pair.answered,
        "other": pair.other,
        "other_label": labels.get(pair.other, {}),
        "other_parts": len(pair.theirs),
        "other_parts_with_counterpart": pair.turned.answered,
    }


def _match_row(match: Record, number: str, labels: Mapping[str, Texts]) -> dict[str, object]:
    """Return a match as JSON has it, with the number of its subject."""
    return {
        "statement": match.iri,
        "subject": match.subject,
        "subject_number": number or None,
        "subject_label": labels.get(match.subject, {}),
        "object": match.object or None,
        "object_label": labels.get(match.object, {}),
        "way": match.way or None,
        "certainty": None if match.certainty == "" else match.certainty,
        "author": match.author,
        "date": match.date,
        "why": {match.why_language: match.why},
        "passage": match.quotation.iri if match.quotation else None,
    }
