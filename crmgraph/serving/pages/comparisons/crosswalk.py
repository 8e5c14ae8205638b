"""What corresponds in other plans: how far two plans touch, and what corresponds to each part of them, and why."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from crmgraph.namespaces import ONTOLOGY
from crmgraph.serving.pages.dataset.graphs import graph_names
from crmgraph.serving.pages.plans.outline import KINDS
from crmgraph.serving.pages.site import Row, Site, in_language, reference
from crmgraph.serving.pages.source.excerpt import Quotation, quotations

__all__ = [
    "CERTAIN",
    "Comparison",
    "Guest",
    "Match",
    "Part",
    "Plan",
    "Way",
    "compared",
    "comparison_of",
    "comparisons",
    "crosswalk_path",
    "guests",
    "matches_of",
    "name_of_plan",
    "pair_path",
    "plans",
    "ways",
]

_WAYS = tuple(f"{ONTOLOGY}/correspondence#{name}" for name in ("exact", "close", "broad", "narrow", "related"))
"""The ways of corresponding, the nearest first."""

_BROAD, _NARROW = _WAYS[2:4]
_TURNED = {_BROAD: _NARROW, _NARROW: _BROAD}
"""What these ways are from the other side; the others are the same."""

CERTAIN = {"high": 0.8, "medium": 0.6}
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
_PAIRS = """
SELECT DISTINCT ?plan ?other {
  ?said cg:comparedWith ?other ; cg:subject ?subject . ?subject cg:within ?plan . ?plan a cg:Plan
}"""
_DEFINED = """
SELECT ?way ?label ?definition {
  VALUES ?way { %s }
  ?way skos:prefLabel ?label ; skos:definition ?definition FILTER (LANG(?label) = LANG(?definition))
}"""
_GUEST_SOURCES = """
SELECT DISTINCT ?graph ?source {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:source <http://purl.org/dc/elements/1.1/source> prov:hadPrimarySource prov:wasDerivedFrom }
  GRAPH ?graph { ?any ?property ?source }
}
ORDER BY ?source"""
_PLANS = """
SELECT ?plan ?process ?file ?address (COUNT(DISTINCT ?objective) AS ?objectives) (COUNT(DISTINCT ?part) AS ?parts) {
  ?plan a cg:Plan .
  VALUES ?kind { %s }
  ?part cg:within ?plan ; a ?kind .
  OPTIONAL { ?plan cg:planOf ?process }
  OPTIONAL {
    ?plan dcterms:source ?document . ?document prov:wasDerivedFrom ?made . ?made rdfs:label ?file .
    FILTER (LANG(?file) = "es")
    OPTIONAL { ?made dcterms:source ?address }
  }
  OPTIONAL { ?part a cg:Objective . BIND (?part AS ?objective) }
}
GROUP BY ?plan ?process ?file ?address"""


@dataclass(frozen=True)
class Plan:
    """A plan in the dataset: the process that it is of, how many objectives it has and how many parts in all, as its
    tree counts them.

    `file` is the name of the file that it was imported from, `address` the one that this is said to be from.
    """

    iri: str
    process: str
    objectives: int
    parts: int
    file: str = ""
    address: str = ""


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
class Guest:
    """The plan of others in RDF: the IRI of its graph, and where it says that it is from."""

    iri: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A plan and another that it was compared with: the parts of each with what corresponds in the other."""

    plan: str
    other: str
    own: tuple[Part, ...]
    theirs: tuple[Part, ...]

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


def name_of_plan(iri: str) -> str:
    """The name of a plan, or of the 2030 Agenda, in an address of this site."""
    return iri.rstrip("/").rpartition("/")[2]


def crosswalk_path(comparison: Comparison) -> str:
    """The path of the page with a comparison, without language or root."""
    return pair_path(comparison.plan, comparison.other)


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


def pair_path(plan: str, other: str) -> str:
    """The path of the page that compares two plans with these IRIs, without language or root."""
    return f"/crosswalk/{name_of_plan(plan)}/{name_of_plan(other)}"


def ways(site: Site, parts: Iterable[Part]) -> tuple[Way, ...]:
    """The ways in which anything corresponds to these parts, the nearest first."""
    said = {match.way for part in parts for match in part.corresponding}
    labels: dict[str, dict[str, str]] = {}
    definitions: dict[str, dict[str, str]] = {}
    for row in site.recall(_DEFINED % " ".join(map(reference, _WAYS))):
        labels.setdefault(row["way"].value, {})[row["label"].language] = row["label"].value
        definitions.setdefault(row["way"].value, {})[row["label"].language] = row["definition"].value
    return tuple(Way(way, labels.get(way, {}), definitions.get(way, {})) for way in _WAYS if way in said)


def comparison_of(site: Site, plan: str) -> str:
    """The path of the page that compares a plan with the only other that it was compared with.

    That of all comparisons where there are several; empty where nobody has compared it.
    """
    paths = [pair_path(*pair) for pair in compared(site) if plan in pair]
    return "/crosswalk" if len(paths) > 1 else next(iter(paths), "")


def plans(site: Site) -> tuple[Plan, ...]:
    """All plans, those with the most parts first."""
    found = [
        Plan(
            row["plan"].value,
            row["process"].value if "process" in row else "",
            int(row["objectives"].value),
            int(row["parts"].value),
            *(row[name].value if name in row else "" for name in ("file", "address")),
        )
        for row in site.select(_PLANS % KINDS)
    ]
    return tuple(sorted(found, key=lambda plan: (-plan.parts, plan.iri)))


def guests(site: Site, known: Sequence[Plan]) -> tuple[Guest, ...]:
    """The plans of others in RDF: the graphs of plans that are none of those that are `known`."""
    start = site.names.graph("plan", "")
    taken = {site.names.graph("plan", name_of_plan(plan.iri)) for plan in known}
    sources: dict[str, list[str]] = {
        name: [] for name in graph_names(site) if name.startswith(start) and name not in taken
    }
    if not sources:
        return ()
    for row in site.select(_GUEST_SOURCES % " ".join(map(reference, sources))):
        sources[row["graph"].value].append(row["source"].value)
    return tuple(Guest(name, tuple(said)) for name, said in sources.items())


def comparisons(site: Site, language: str) -> tuple[Comparison, ...]:
    """All pairs of plans that somebody compared, those that touch most first."""
    parts: dict[str, dict[str, list[Row]]] = {}
    for row in site.select(_PARTS):
        parts.setdefault(row["whole"].value, {}).setdefault(row["part"].value, []).append(row)
    said: dict[tuple[str, str], list[Match]] = {}
    for match in _said(site, "", language):
        for seen in match.sides:
            said.setdefault((seen.plan, seen.other), []).append(seen)

    def side(plan: str, other: str) -> tuple[Part, ...]:
        return _parts(parts.get(plan, {}), _by_subject(said.get((plan, other), ())), language)

    found = [Comparison(plan, other, side(plan, other), side(other, plan)) for plan, other in compared(site)]
    return tuple(sorted(found, key=lambda each: (each.plan, -each.answered, -each.reached, each.other)))


def matches_of(site: Site, iri: str, language: str) -> tuple[Match, ...]:
    """What was said of one part: what corresponds to it, and where nothing does."""
    here = reference(iri)
    # That nothing in a whole plan corresponds to something is said of that, and not of the plan.
    about = f"{{ ?said cg:subject {here} }} UNION {{ ?said a cg:Correspondence ; cg:object {here} }}"
    sides = (side for match in _said(site, about, language) for side in match.sides)
    return tuple(sorted((side for side in sides if side.subject == iri), key=_rank))


def _said(site: Site, where: str, language: str) -> list[Match]:
    rows: dict[str, list[Row]] = {}
    for row in site.select(_SAID % where):
        rows.setdefault(row["said"].value, []).append(row)
    words = quotations(site, {row["passage"].value for each in rows.values() for row in each if "passage" in row})
    return [_match(each, words, language) for each in rows.values()]


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


def _degree(way: str) -> int:
    return len(_WAYS) - _WAYS.index(way)


def _unread(parts: Sequence[Part], others: Sequence[Part]) -> int:
    """Of how many parts nobody said anything, where nobody went through all of the others to say what corresponds."""
    are_known = all(any(not match.is_turned for match in part.matches) for part in others)
    return 0 if are_known else sum(not part.matches for part in parts)


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


def _rank(match: Match) -> tuple[int, float, str]:
    return _WAYS.index(match.way) if match.way in _WAYS else len(_WAYS), -(match.certainty or 0), match.object
