"""Correspondences between plans: how far two plans overlap, and what corresponds to each of their parts."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from starlette.responses import RedirectResponse, Response

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.representations import (
    GRAPHS,
    HTML,
    JSON,
    NothingKnownError,
    about,
)
from crmgraph.site.base.site import (
    Row,
    Site,
    Texts,
    in_language,
    name_key,
    reference,
    rows_by,
    text_of,
    texts_by,
    texts_in,
)
from crmgraph.site.base.visits import Visit
from crmgraph.site.plans import (
    PlanPart,
    compared,
    external_plans,
    name_of_plan,
    pair_path,
    plan_names,
    plan_texts,
    plans,
)
from crmgraph.site.source import Quotation, quotations

__all__ = [
    "Comparison",
    "Match",
    "Part",
    "Way",
    "comparison_page",
    "comparisons",
    "crosswalk_page",
    "matches_of",
    "numbers",
]

_WAYS = tuple(f"{ONTOLOGY}/correspondence#{name}" for name in ("exact", "close", "broad", "narrow", "related"))
"""The ways of corresponding, the nearest first."""

_TURNED = {_WAYS[2]: _WAYS[3], _WAYS[3]: _WAYS[2]}
"""What broader and narrower are from the other side; the other ways are the same."""

_CERTAIN = {"high": 0.8, "medium": 0.6}
"""From which certainty on it is said to be high or medium; below, it is low."""

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
_MATCHES = """
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
_DEFINED = """
SELECT ?way ?label ?definition {
  VALUES ?way { %s }
  ?way skos:prefLabel ?label ; skos:definition ?definition FILTER (LANG(?label) = LANG(?definition))
}"""


@dataclass(frozen=True)
class Match:
    """A statement by somebody who read both: `object` corresponds to `subject` in this way, or nothing does.

    The subject is a part of `plan`, the object of the `other`. Where nothing corresponds, `object` and `way` are empty.
    `certainty` goes from 0 to 1, where it is said. It `is_turned` where it was said of the object.
    """

    iri: str
    subject: str
    plan: str
    other: str
    object: str
    way: str
    certainty: float | None
    author: str
    date: str
    why: str
    language: str
    quotation: Quotation | None
    is_turned: bool = False

    @property
    def turned(self) -> "Match":
        """The same from the other side."""
        return replace(
            self,
            subject=self.object,
            plan=self.other,
            other=self.plan,
            object=self.subject,
            way=_TURNED.get(self.way, self.way),
            is_turned=not self.is_turned,
        )

    @property
    def confidence(self) -> str:
        """Its certainty in a word, `high`, `medium` or `low`; empty where none is given."""
        if self.certainty is None:
            return ""
        return next((word for word, least in _CERTAIN.items() if self.certainty >= least), "low")


@dataclass(frozen=True)
class Way:
    """A way of corresponding: its label and what it means, by language, and its degree (see Part)."""

    iri: str
    labels: Texts
    definitions: Texts
    degree: int


@dataclass(frozen=True)
class Part(PlanPart):
    """A part of a plan that was compared, the IRI of what is `above` it, and the matches of which it is the subject."""

    above: str
    matches: Sequence[Match]

    @property
    def corresponding(self) -> list[Match]:
        """The matches with what corresponds to it, the nearest first."""
        return [match for match in self.matches if match.object]

    @property
    def degree(self) -> int:
        """The degree of the nearest match, from 5 for the same to 1 for related; 0 where nothing corresponds."""
        return max((_degree(match.way) for match in self.corresponding), default=0)


@dataclass(frozen=True)
class Comparison:
    """A plan and another that it was compared with: the parts of each with what corresponds in the other.

    Its page has the parts of the plan first, or those of the other where it `is_turned`.
    """

    plan: str
    other: str
    own: Sequence[Part]
    theirs: Sequence[Part]
    is_turned: bool = False

    @property
    def turned(self) -> "Comparison":
        """The same from the other side."""
        return Comparison(self.other, self.plan, self.theirs, self.own, not self.is_turned)

    @property
    def parts(self) -> list[Part]:
        """The parts of both."""
        return [*self.own, *self.theirs]

    @property
    def answered(self) -> int:
        """The number of parts of the plan that something in the other corresponds to."""
        return sum(bool(part.corresponding) for part in self.own)

    @property
    def unread(self) -> int:
        """The number of parts of the plan of which nobody said what corresponds to them, or that nothing does.

        It is known of all where somebody went through all parts of the other.
        """
        are_known = all(any(not match.is_turned for match in part.matches) for part in self.theirs)
        return 0 if are_known else sum(not part.matches for part in self.own)

    @property
    def says_nothing(self) -> bool:
        """Whether of any part of either it is known that nothing corresponds to it."""
        sides = ((each.own, each.unread) for each in (self, self.turned))
        return any(not each.corresponding and (each.matches or not unread) for parts, unread in sides for each in parts)

    @property
    def path(self) -> str:
        """The path of its page, without language or root."""
        return pair_path(self.other, self.plan) if self.is_turned else pair_path(self.plan, self.other)

    @property
    def side(self) -> str:
        """The name of the side of the plan in the anchors of its page."""
        return "theirs" if self.is_turned else "own"

    def by_theme(self, parts: Sequence[Part]) -> list[tuple[str, list[Part]]]:
        """Return parts of one side by the IRI of what is above them, which is empty where it is the same for all."""
        groups = [(above, list(each)) for above, each in groupby(parts, key=lambda part: part.above)]
        return groups if len({above for above, _ in groups}) > 1 else [("", list(parts))]


def comparisons(site: Site, language: str) -> list[Comparison]:
    """Return all pairs of plans that somebody compared, those that overlap most first."""
    said: dict[tuple[str, str], dict[str, list[Match]]] = {}
    for match in _read_matches(site, site.recall(_MATCHES % ""), language):
        said.setdefault((match.plan, match.other), {}).setdefault(match.subject, []).append(match)
    rows = rows_by(site.recall(_PARTS), "whole", "part")

    def side(plan: str, other: str) -> list[Part]:
        listed = {part: each for (whole, part), each in rows.items() if whole == plan}
        matches = said.get((plan, other), {})
        return [_part(part, each, matches.get(part, ()), language) for part, each in sorted(listed.items(), key=_place)]

    found = [Comparison(plan, other, side(plan, other), side(other, plan)) for plan, other in compared(site)]
    return sorted(found, key=lambda each: (each.plan, *_overlap(each)))


def matches_of(site: Site, iri: str, language: str) -> list[Match]:
    """Return what was said of one part: what corresponds to it, and where nothing does."""
    said = " ".join(reference(row["said"].value) for row in site.select(_SAID_OF % {"part": reference(iri)}))
    rows = site.select(_MATCHES % f"VALUES ?said {{ {said} }}") if said else ()
    return sorted((match for match in _read_matches(site, rows, language) if match.subject == iri), key=_rank)


def numbers(site: Site) -> dict[str, str]:
    """Return the numbers of all that is compared, by IRI, without what has none."""
    return {row["part"].value: row["number"].value for row in site.recall(_PARTS) if "number" in row}


def _read_matches(site: Site, rows: Sequence[Row], language: str) -> Iterator[Match]:
    """Yield the matches in these rows from either side; that nothing corresponds is said of the subject alone."""
    words = quotations(site, {row["passage"].value for row in rows if "passage" in row})
    for (said,), each in rows_by(rows, "said").items():
        first = {name: term.value for row in reversed(each) for name, term in row.items()}
        certainty = first.get("certainty")
        why, language_of_why = in_language(texts_in(each, "why"), language)
        match = Match(
            said,
            subject=first["subject"],
            plan=first["plan"],
            other=first["other"],
            object=first.get("object", ""),
            way=first.get("way", ""),
            certainty=float(certainty) if certainty else None,
            author=first.get("author", ""),
            date=first.get("date", ""),
            why=why,
            language=language_of_why,
            quotation=words.get(first.get("passage", "")),
        )
        yield match
        if match.object:
            yield match.turned


def _part(iri: str, rows: Sequence[Row], matches: Iterable[Match], language: str) -> Part:
    number, above = (next(filter(None, (text_of(row, name) for row in rows)), "") for name in ("number", "above"))
    label, spoken = in_language(texts_in(rows, "label"), language)
    return Part(iri, number, label, spoken, above, sorted(matches, key=_rank))


def _place(part: tuple[str, Sequence[Row]]) -> tuple[float, list[float], str]:
    """Return a key in the order of the document, or of numbers where there is none."""
    iri, rows = part
    pieces = text_of(rows[0], "number").split(".")
    order = [float(piece) if piece.isdecimal() else math.inf for piece in pieces]
    return float(text_of(rows[0], "order") or 0), order, iri


def _degree(way: str) -> int:
    return len(_WAYS) - _WAYS.index(way) if way in _WAYS else 0


def _overlap(found: Comparison) -> tuple[int, int, str]:
    """Return a key by which those plans come first that overlap most."""
    return -found.answered, -found.turned.answered, found.other


def _rank(match: Match) -> tuple[int, float, list[tuple[int, str]]]:
    """Return a key by which the nearest come first, then the most certain; of those alike, part 9 before part 10."""
    return -_degree(match.way), -(match.certainty or 0), name_key(match.object)


def _ways(site: Site, parts: Iterable[Part]) -> list[Way]:
    """Return the ways in which anything corresponds to these parts, the nearest first."""
    said = {match.way for part in parts for match in part.corresponding}
    rows = site.recall(_DEFINED % " ".join(map(reference, _WAYS)))
    labels, definitions = (texts_by(rows, "way", name) for name in ("label", "definition"))
    return [Way(way, labels.get(way, {}), definitions.get(way, {}), _degree(way)) for way in _WAYS if way in said]


def _by_plan(found: Iterable[Comparison], plans: Collection[str]) -> list[tuple[str, list[Comparison]]]:
    """Return these plans with their comparisons from their side, those that were compared with most others first."""
    sides: dict[str, list[Comparison]] = {}
    for each in (side for one in found for side in (one, one.turned) if side.plan in plans):
        sides.setdefault(each.plan, []).append(each)
    ordered = sorted(sides, key=lambda plan: (-len(sides[plan]), plan))
    return [(plan, sorted(sides[plan], key=_overlap)) for plan in ordered]


def crosswalk_page(visit: Visit) -> Response:
    """Return how far the plans overlap that somebody compared, and all plans."""
    site = visit.site
    found = comparisons(site, visit.language)
    if visit.form != HTML:
        labels = site.labels(iri for each in found for iri in (each.plan, each.other))
        return visit.data(about("comparisons", site), (_pair_row(each, labels) for each in found))
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
        "plans": [(plan, sides, _ways(site, own[plan])) for plan, sides in sections if plan not in mirrored],
        "mirrored": list(mirrored.values()),
        "is_partial": any(each.unread for each in found),
        "known": plans_known,
        "abridged": len({each.other for each in found if plans_known[each.other].is_abridged}),
        "plan_names": plan_names(site),
        "labels": site.labels((above | {plan.process for plan in all_plans}) - {""}),
        "questions": [question for question in site.library.values() if question.group == "correspondences"],
    }
    return visit.render("crosswalk.html", context, offers=(*GRAPHS, JSON))


def comparison_page(visit: Visit, plan: str, other: str) -> Response:
    """Return what corresponds to what in two plans, from either side, with the reasons."""
    site = visit.site
    found = comparisons(site, visit.language)
    pairs = {(name_of_plan(each.plan), name_of_plan(each.other)): each for each in found}
    one = pairs.get((plan, other))
    if one is None and (turned := pairs.get((other, plan))):
        # It has both sides.
        return RedirectResponse(visit.links.page(visit.language, turned.path), 308)
    if one is None:
        raise NothingKnownError(f"/crosswalk/{plan}/{other}", [(each.path, each.path) for each in found])
    named = {
        iri
        for part in one.parts
        for match in part.matches
        for iri in (match.subject, match.object, match.way, match.author)
    }
    labels = site.labels({one.plan, one.other, *named, *(part.above for part in one.parts)} - {""})
    if visit.form != HTML:
        # What was said of the parts of the plan, and of those of the other to which nothing corresponds.
        rows = (
            _match_row(match, part.number, labels)
            for part in one.parts
            for match in part.matches
            if match.plan == one.plan or not match.object
        )
        return visit.data(about("comparison", site, one.plan, one.other), rows)
    context = {
        "comparison": one,
        "known": plan_texts(site),
        "plan_names": plan_names(site),
        "ways": _ways(site, one.parts),
        "says_nothing": one.says_nothing,
        "certain": _CERTAIN,
        "labels": labels,
        "numbers": {part.iri: part.number for part in one.parts},
    }
    return visit.render("comparison.html", context, offers=(*GRAPHS, JSON))


def _pair_row(pair: Comparison, labels: Mapping[str, Texts]) -> dict[str, object]:
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


def _match_row(match: Match, number: str, labels: Mapping[str, Texts]) -> dict[str, object]:
    """Return a match as JSON has it, with the number of its subject."""
    return {
        "statement": match.iri,
        "subject": match.subject,
        "subject_number": number or None,
        "subject_label": labels.get(match.subject, {}),
        "object": match.object or None,
        "object_label": labels.get(match.object, {}),
        "way": match.way or None,
        "certainty": match.certainty,
        "author": match.author,
        "date": match.date,
        "why": {match.language: match.why},
        "passage": match.quotation.iri if match.quotation else None,
    }
