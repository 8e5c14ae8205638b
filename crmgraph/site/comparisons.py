"""What a comparison of two plans is: the parts of each, and what somebody said corresponds to them, and why."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph import wording
from crmgraph.comparing import CHANGES
from crmgraph.comparing.reporting import Piece, pieces_of
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.addresses import language_of, links_of
from crmgraph.site.base.rendering import data_links, render
from crmgraph.site.base.representations import (
    GRAPHS,
    HTML,
    JSON,
    NothingKnownError,
    about,
    requested_form,
    rows_as_json,
    statements_as,
    whole_graph,
)
from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.site.plans import compared, guests, known, name_of_plan, pair_path, plan_names, plans
from crmgraph.site.source import Quotation, quotations

__all__ = [
    "CERTAIN",
    "WAYS",
    "Comparison",
    "Match",
    "Part",
    "Revision",
    "Version",
    "Way",
    "by_plan",
    "comparison_page",
    "comparisons",
    "crosswalk_page",
    "matches_of",
    "mirrored",
    "numbers",
    "version",
    "version_page",
    "versions_of",
    "ways",
]

WAYS = tuple(f"{ONTOLOGY}/correspondence#{name}" for name in ("exact", "close", "broad", "narrow", "related"))
"""The ways of corresponding, the nearest first."""

_BROAD, _NARROW = WAYS[2:4]
_TURNED = {_BROAD: _NARROW, _NARROW: _BROAD}
"""What these ways are from the other side; the others are the same."""

CERTAIN = {"high": 0.8, "medium": 0.6}
"""From which certainty on it is said to be high or medium; below, it is low."""


@dataclass(frozen=True)
class Match:
    """What somebody said who read both: that `object` corresponds to `subject` in this way, or that nothing does.

    The subject is a part of `plan`, the object of the `other`. Where nothing does, `object` and `way` are empty.
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
    def sides(self) -> tuple["Match", ...]:
        """It from either side; that nothing corresponds is said of the subject alone."""
        return (self, self.turned) if self.object else (self,)

    @property
    def confidence(self) -> str:
        """How certain it is in a word, `high`, `medium` or `low`; nothing where that is not said."""
        if self.certainty is None:
            return ""
        return next((word for word, least in CERTAIN.items() if self.certainty >= least), "low")


@dataclass(frozen=True)
class Way:
    """A way of corresponding: its label and what it means, by language, and its degree (see Part)."""

    iri: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]

    @property
    def degree(self) -> int:
        """How near it is; see Part."""
        return _degree(self.iri)


@dataclass(frozen=True)
class Part:
    """A part of a plan that was compared, the IRI of what it is a part of, and all that was said of it.

    It is the subject of each match.
    """

    iri: str
    above: str
    number: str
    label: str
    language: str
    matches: tuple[Match, ...]

    @property
    def corresponding(self) -> tuple[Match, ...]:
        """What corresponds to it, the nearest first."""
        return tuple(match for match in self.matches if match.object)

    @property
    def degree(self) -> int:
        """How near the nearest is, from 5 for the same to 1 for related; 0 where nothing corresponds."""
        return max((_degree(match.way) for match in self.corresponding), default=0)


@dataclass(frozen=True)
class Comparison:
    """A plan and another that it was compared with: the parts of each with what corresponds in the other.

    Its page has the parts of the plan first, or those of the other where it `is_turned`.
    """

    plan: str
    other: str
    own: tuple[Part, ...]
    theirs: tuple[Part, ...]
    is_turned: bool = False

    @property
    def turned(self) -> "Comparison":
        """The same from the other side."""
        return Comparison(self.other, self.plan, self.theirs, self.own, not self.is_turned)

    @property
    def answered(self) -> int:
        """How many parts of the plan have something that corresponds to them in the other."""
        return sum(bool(part.corresponding) for part in self.own)

    @property
    def unread(self) -> int:
        """Of how many parts of the plan nobody said what corresponds to them in the other, nor that nothing does."""
        return _unread(self.own, self.theirs)

    @property
    def unread_there(self) -> int:
        """The same of the parts of the other."""
        return _unread(self.theirs, self.own)

    @property
    def says_nothing(self) -> bool:
        """Whether of any part of either it is known that nothing corresponds to it."""
        sides = ((self.own, self.unread), (self.theirs, self.unread_there))
        return any(not each.corresponding and (each.matches or not unread) for parts, unread in sides for each in parts)

    @property
    def path(self) -> str:
        """That of its page, without language or root."""
        return pair_path(self.other, self.plan) if self.is_turned else pair_path(self.plan, self.other)

    @property
    def side(self) -> str:
        """What the side of the plan is called in the anchors of its page."""
        return "theirs" if self.is_turned else "own"

    def by_theme(self, parts: Sequence[Part]) -> list[tuple[str, list[Part]]]:
        """Parts of one side in their order, those together that are parts of the same, with its IRI.

        That is empty where all are parts of the same, which then says nothing of them.
        """
        groups = [(above, list(each)) for above, each in groupby(parts, key=lambda part: part.above)]
        return groups if len({above for above, _ in groups}) > 1 else [("", list(parts))]

    @property
    def reached(self) -> int:
        """How many parts of the other have something that corresponds to them in the plan."""
        return sum(bool(part.corresponding) for part in self.theirs)


def _degree(way: str) -> int:
    return len(WAYS) - WAYS.index(way)


def _unread(parts: Sequence[Part], others: Sequence[Part]) -> int:
    """Of how many parts nobody said anything, where nobody went through all of the others to say what corresponds."""
    are_known = all(any(not match.is_turned for match in part.matches) for part in others)
    return 0 if are_known else sum(not part.matches for part in parts)


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
_DEFINED = """
SELECT ?way ?label ?definition {
  VALUES ?way { %s }
  ?way skos:prefLabel ?label ; skos:definition ?definition FILTER (LANG(?label) = LANG(?definition))
}"""


def ways(site: Site, parts: Iterable[Part]) -> tuple[Way, ...]:
    """The ways in which anything corresponds to these parts, the nearest first."""
    said = {match.way for part in parts for match in part.corresponding}
    labels: dict[str, dict[str, str]] = {}
    definitions: dict[str, dict[str, str]] = {}
    for row in site.recall(_DEFINED % " ".join(map(reference, WAYS))):
        labels.setdefault(row["way"].value, {})[row["label"].language] = row["label"].value
        definitions.setdefault(row["way"].value, {})[row["label"].language] = row["definition"].value
    return tuple(Way(way, labels.get(way, {}), definitions.get(way, {})) for way in WAYS if way in said)


def comparisons(site: Site, language: str) -> tuple[Comparison, ...]:
    """All pairs of plans that somebody compared, those that touch most first."""
    parts: dict[str, dict[str, list[Row]]] = {}
    for row in site.recall(_PARTS):
        parts.setdefault(row["whole"].value, {}).setdefault(row["part"].value, []).append(row)
    said: dict[tuple[str, str], list[Match]] = {}
    for match in _read_matches(site, site.recall(_SAID % ""), language):
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
    sides = (side for match in _read_matches(site, site.select(_SAID % about), language) for side in match.sides)
    return tuple(sorted((side for side in sides if side.subject == iri), key=_rank))


def numbers(site: Site) -> dict[str, str]:
    """The numbers of all that is compared, by IRI, without what has none."""
    return {row["part"].value: row["number"].value for row in site.recall(_PARTS) if "number" in row}


def _read_matches(site: Site, rows: Iterable[Row], language: str) -> list[Match]:
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
    return nearness, -(match.certainty or 0), _iri_key(match.object)


def _iri_key(iri: str) -> list[tuple[int, str]]:
    """A key in the order of IRIs, and of the numbers in them."""
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in re.findall(r"\d+|\D+", iri)]


_VERSIONS = """
SELECT DISTINCT ?old ?label ?plan ?new ?headings {
  ?old dcterms:isVersionOf ?plan ; rdfs:label ?label .
  ?new prov:wasRevisionOf ?old .
  OPTIONAL { ?revision prov:used ?old ; prov:generated ?new ; skos:note ?headings }
  %s
}"""
_WAS = """OPTIONAL { ?old rdfs:label ?oldLabel ; dcterms:source ?source ; dcterms:type ?oldPart
      OPTIONAL { ?old skos:notation ?oldNumber } }"""
_IS = """OPTIONAL { ?new cg:text|rdfs:label ?newLabel OPTIONAL { ?new cg:number|skos:notation ?newNumber } }
      OPTIONAL { ?new a|dcterms:type ?newPart
        FILTER (?newPart IN (cg:Theme, cg:Objective, cg:Action, cg:Activity, cg:Note)) }
      OPTIONAL { ?new dcterms:source ?place }"""
# What is not there must not be looked up: it would be anything.
_REVISIONS = f"""
SELECT DISTINCT ?old ?new ?kind ?note ?oldLabel ?newLabel ?oldPart ?newPart ?oldNumber ?newNumber ?source ?place {{
  {{ GRAPH %(graph)s {{
      ?new prov:qualifiedRevision ?said . ?said prov:entity ?old . OPTIONAL {{ ?said dcterms:type ?kind }}
      OPTIONAL {{ ?said skos:note ?note }} }}
    {_WAS} {_IS} }}
  UNION {{ GRAPH %(graph)s {{ ?old prov:wasInvalidatedBy ?any BIND ("dropped" AS ?kind) }} {_WAS} }}
  UNION {{ GRAPH %(graph)s {{ ?new prov:wasGeneratedBy ?any BIND ("added" AS ?kind) }} {_IS} }}
}}"""
_UNCHANGED = "SELECT (COUNT(*) AS ?n) { GRAPH %s { ?new prov:wasDerivedFrom ?old } }"


@dataclass(frozen=True)
class Revision:
    """What became of one part: in which ways it changed (keys of CHANGES), its words, and what else is noted.

    `old` and `new` are the IRIs of what it was and is, empty where it is not there, and `part` that of its class, now
    or else then; `source` is the passage as it was, and `start` where it begins in its text, as it is or else
    as it was.
    """

    old: str
    new: str
    part: str
    kinds: tuple[str, ...]
    number: str
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...]
    source: str
    start: int


@dataclass(frozen=True)
class Version:
    """An earlier version of a plan: its IRI and title, the IRI of the plan, that of the version after it, what changed
    until then, and how many parts did not. `headings` say what stood above its table and stands there, if that changed.

    What changed stands in the order of the later text, and behind it in that of its own what was dropped, as in a
    Comparison of the two.
    """

    iri: str
    label: str
    plan: str
    following: str
    revisions: tuple[Revision, ...]
    unchanged: int
    headings: str = ""


def versions_of(site: Site, plan: str) -> tuple[Version, ...]:
    """The earlier versions of a plan, the last first, without what changed."""
    rows = site.select(_VERSIONS % f"FILTER (?plan = {reference(plan)})")
    found = {
        row["old"].value: Version(row["old"].value, row["label"].value, plan, row["new"].value, (), 0) for row in rows
    }
    return tuple(sorted(found.values(), key=lambda each: each.iri, reverse=True))


def version(site: Site, iri: str, language: str) -> Version | None:
    """The earlier version with this IRI, and what changed until the next; None if there is none."""
    rows = site.select(_VERSIONS % f"FILTER (?old = {reference(iri)})")
    if not rows:
        return None
    graph = reference(site.names.graph("versions", iri.removeprefix(site.names.id("plan", ""))))
    told: dict[tuple[str, str], list[Row]] = {}
    for row in site.select(_REVISIONS % {"graph": graph}):
        pair = tuple(row[key].value if key in row else "" for key in ("old", "new"))
        told.setdefault((pair[0], pair[1]), []).append(row)
    unchanged = site.select(_UNCHANGED % graph)
    revisions = [_revision(*pair, each, language) for pair, each in told.items()]
    # The new version itself is generated too.
    parts = [each for each in revisions if each.kinds]
    first = rows[0]
    return Version(
        iri,
        first["label"].value,
        first["plan"].value,
        first["new"].value,
        tuple(sorted(parts, key=lambda each: (not each.new, each.start))),
        int(unchanged[0]["n"].value),
        first["headings"].value if "headings" in first else "",
    )


def _revision(old: str, new: str, rows: Sequence[Row], language: str) -> Revision:
    before = in_language(_texts(rows, "oldLabel"), language)[0]
    # What was written stands beside what is written, not beside a translation.
    spoken = next((row["oldLabel"].language for row in rows if "oldLabel" in row), language)
    after = in_language(_texts(rows, "newLabel"), spoken)[0]
    number = next((row[key].value for key in ("newNumber", "oldNumber") for row in rows if key in row), "")
    source = next((row["source"].value for row in rows if "source" in row), "")
    place = next((row["place"].value for row in rows if "place" in row), source)
    return Revision(
        old,
        new,
        next((row[key].value for key in ("newPart", "oldPart") for row in rows if key in row), ""),
        tuple(sorted({row["kind"].value for row in rows if "kind" in row})),
        number,
        tuple(pieces_of(before, after)),
        tuple(sorted({row["note"].value for row in rows if "note" in row and row["note"].language in ("", language)})),
        source,
        _passage_start(place),
    )


def _texts(rows: Sequence[Row], name: str) -> Mapping[str, str]:
    return {row[name].language: row[name].value for row in rows if name in row}


def _passage_start(passage: str) -> int:
    """Where a passage begins, as its IRI tells: it ends in its first character and that after its last."""
    start = passage.rpartition("/")[2].partition("-")[0]
    return int(start) if start.isdecimal() else 0


def crosswalk_page(request: Request, site: Site) -> Response:
    """How far the plans touch that somebody compared."""
    _, form = requested_form(request)
    if form in GRAPHS:
        return statements_as(site, about("comparisons", site), form)
    found = comparisons(site, language_of(request))
    if form == JSON:
        return rows_as_json(_pair_rows(found, site.labels(iri for each in found for iri in (each.plan, each.other))))
    all_plans = plans(site)
    sections = by_plan(found, {plan.iri for plan in all_plans})
    again = mirrored(sections)
    folded = {each.plan for each in again}
    above = {part.above for _, sides in sections for each in sides for part in each.own}
    plans_known = known(site)
    context = {
        "all": all_plans,
        "guests": guests(site, all_plans),
        "plans": [
            (plan, sides, ways(site, (part for each in sides for part in each.own)))
            for plan, sides in sections
            if plan not in folded
        ],
        "mirrored": again,
        "is_partial": any(each.unread for each in found),
        "known": plans_known,
        "abridged": len({each.other for each in found if plans_known[each.other].is_abridged}),
        "plan_names": plan_names(site),
        "labels": site.labels((above | {plan.process for plan in all_plans}) - {""}),
        "questions": [question for question in site.library.values() if question.group == "correspondences"],
        **data_links(request, site, "/crosswalk", (*GRAPHS, JSON)),
    }
    return render(request, site, "crosswalk.html", context=context)


def comparison_page(request: Request, site: Site, plan: str, other: str) -> Response:
    """What corresponds to what in two plans, from either side, with the reasons."""
    other, form = requested_form(request, other)
    found = comparisons(site, language_of(request))
    pairs = {(name_of_plan(each.plan), name_of_plan(each.other)): each for each in found}
    one = pairs.get((plan, other))
    if one is None and (turned := pairs.get((other, plan))):
        # It has both sides.
        return RedirectResponse(links_of(request, site).page(language_of(request), turned.path), 308)
    if one is None:
        near = [(path, path) for path in (each.path for each in found)]
        raise NothingKnownError(f"/crosswalk/{plan}/{other}", near)
    if form in GRAPHS:
        return statements_as(site, about("comparison", site, one.plan, one.other), form)
    matches = {match for part in (*one.own, *one.theirs) for match in part.matches}
    named = {iri for match in matches for iri in (match.subject, match.object, match.way, match.author) if iri}
    above = {part.above for part in (*one.own, *one.theirs) if part.above}
    labels = site.labels({one.plan, one.other, *named, *above})
    if form == JSON:
        return rows_as_json(_match_rows(one, labels))
    context = {
        "comparison": one,
        "known": known(site),
        "plan_names": plan_names(site),
        "ways": ways(site, (*one.own, *one.theirs)),
        "says_nothing": one.says_nothing,
        "certain": CERTAIN,
        "labels": labels,
        "numbers": {part.iri: part.number for part in (*one.own, *one.theirs)},
        **data_links(request, site, one.path, (*GRAPHS, JSON)),
    }
    return render(request, site, "comparison.html", context=context)


def version_page(request: Request, site: Site, name: str) -> Response:
    """What became of each part of an earlier version of a plan in the next."""
    name, form = requested_form(request, name)
    language = language_of(request)
    found = version(site, links_of(request, site).thing(f"plan/{name}"), language)
    if found is None:
        raise NothingKnownError(f"/versions/{name}")
    if form == JSON:
        return rows_as_json(_revision_rows(found.revisions))
    if form != HTML:
        return statements_as(site, whole_graph(site.names.graph("versions", name)), form)
    context = {
        "version": found,
        "counts": Counter(kind for each in found.revisions for kind in each.kinds),
        "changes": {name: wording.in_language(said, language) for name, said in CHANGES.items()},
        "labels": site.labels({found.plan, found.following, *(each.part for each in found.revisions if each.part)}),
        **data_links(request, site, f"/versions/{name}", (*GRAPHS, JSON)),
    }
    return render(request, site, "version.html", context=context)


def _pair_rows(found: Iterable[Comparison], labels: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, object]]:
    """The pairs of plans that were compared, each with how many parts of either have something that corresponds."""
    for each in found:
        yield {
            "plan": each.plan,
            "plan_label": labels.get(each.plan, {}),
            "parts": len(each.own),
            "parts_with_counterpart": each.answered,
            "other": each.other,
            "other_label": labels.get(each.other, {}),
            "other_parts": len(each.theirs),
            "other_parts_with_counterpart": each.reached,
        }


def _match_rows(found: Comparison, labels: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, object]]:
    """What was said of each part of the plan: what corresponds to it in the other, or that nothing does.

    Then the parts of the other to which nothing in the plan does.
    """
    for part in (*found.own, *found.theirs):
        for match in part.matches:
            if match.plan == found.plan or not match.object:
                yield _match_row(match, part.number, labels)


def _revision_rows(found: Iterable[Revision]) -> Iterator[dict[str, object]]:
    """What became of each part that changed, with the words as they were and as they are."""
    for each in found:
        yield {
            "earlier": each.old or None,
            "later": each.new or None,
            "number": each.number or None,
            "kind": each.part or None,
            "changes": list(each.kinds),
            "earlier_words": " ".join(words for words, kind in each.pieces if kind != "new") or None,
            "later_words": " ".join(words for words, kind in each.pieces if kind != "old") or None,
            "notes": list(each.notes),
            "earlier_passage": each.source or None,
        }


def _match_row(match: Match, number: str, labels: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
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
