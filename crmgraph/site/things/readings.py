"""What the plan says of who, by which instrument, when and where, statement by statement with its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Certainty, Row, Site, Term, certainty_in, doubt, reference
from crmgraph.site.plans.known import plan_names
from crmgraph.site.source.excerpt import Quotation, quotations

__all__ = ["NO_READINGS", "Reading", "Readings", "readings_about", "readings_in"]

# Where a query begins stands in each of its parts: an engine that answers them one by one need not answer them for all.
_READINGS = (
    """
SELECT DISTINCT ?kind ?plan ?element ?order ?number ?way ?value ?passage ?doubted ?degree {
  { %(where)s VALUES ?kind { "participations" }
    ?element cg:participation ?x . ?x cg:agent ?value ; cg:role ?way ; cg:passage ?passage }
  UNION { %(where)s VALUES ?kind { "uses" }
    ?element cg:instrumentUse ?x . ?x cg:instrument ?value ; cg:use ?way ; cg:passage ?passage }
  UNION { %(where)s VALUES ?kind { "circumstances" }
    ?x cg:subject ?element ; cg:predicate ?way ; cg:object|cg:literal ?value ; cg:passage ?passage .
    ?element a cg:PlanElement
    FILTER (?way IN (
      cg:date, cg:since, cg:until, cg:recurrence, cg:recursWith, cg:delay, cg:place, cg:meeting, cg:topic,
      cg:populationGroup
    )) }
  UNION { %(where)s VALUES ?kind { "circumstances" }
    VALUES ?way { cg:PastEvent cg:PlannedEvent }
    ?element cg:tells ?value . ?value a ?way ; cg:passage ?passage . BIND (?value AS ?x) }
  %(mentions)s
  %(plan)s
  OPTIONAL { ?element cg:order ?order }
  OPTIONAL { ?element cg:number ?number }"""
    + doubt("?x")
    + "}"
)
_MENTIONS = """
  UNION { VALUES ?value { %s } VALUES ?kind { "mentions" }
    ?x cg:mentioned ?value ; cg:passage ?passage ; cg:nameForm ?way . ?element cg:mention ?x }"""
_PLAN = "OPTIONAL { ?element cg:within? ?plan . ?plan a cg:Plan }"
_PLACE = ONTOLOGY + "#place"
_UNFOLDED, _UNFOLDED_BESIDE = 20, 5
"""How many of a kind a page shows unfolded: where all do, and beside some that it folds."""

_SUBJECTS = ("topic", "populationGroup")


@dataclass(frozen=True)
class Reading:
    """That an element of a `plan` brings in `value` in this `way`, a role, a use, a property or a kind of event, by
    these words, and how certain that reading of them is. The plan is told only where it may be any."""

    element: str
    plan: str
    number: str
    way: str
    value: Term
    quotation: Quotation
    certainty: Certainty

    @property
    def is_subject(self) -> bool:
        """Whether it says what or whom the element is about."""
        return self.way.rpartition("#")[2] in _SUBJECTS

    def covers(self, other: "Reading") -> bool:
        """Whether its words are of the same element as those of the other, and have these among them."""
        own, its = self.quotation, other.quotation
        if (self.element, own.source) != (other.element, its.source):
            return False
        return own.start <= its.start and its.end <= own.end


@dataclass(frozen=True)
class Readings:
    """The readings of each kind, in the order of the document, and what all that they name and the plans are called.

    `ours` is the plan that the site is about, of which its pages speak as the plan.
    `whole` is the part of the plan that they are all in; empty where they are about one value, wherever it is. Only in
    the latter case there are mentions, each in the `way` that is the form of the name.
    """

    whole: str
    ours: str
    participations: tuple[Reading, ...]
    uses: tuple[Reading, ...]
    subjects: tuple[Reading, ...]
    circumstances: tuple[Reading, ...]
    mentions: tuple[Reading, ...]
    labels: Mapping[str, Mapping[str, str]]
    plan_names: Mapping[str, Mapping[str, str]]

    @property
    def unfolded(self) -> int:
        """How many of a kind a page shows unfolded."""
        kinds = (self.participations, self.uses, self.subjects, self.circumstances, self.mentions)
        return _UNFOLDED_BESIDE if any(len(kind) > _UNFOLDED for kind in kinds) else _UNFOLDED

    @property
    def is_only_a_place(self) -> bool:
        """Whether it is a place in all of its circumstances: a meeting is none, nor is a body that meets."""
        return all(reading.way == _PLACE for reading in self.circumstances)

    @property
    def further_mentions(self) -> tuple[Reading, ...]:
        """The mentions but those in words that already stand in another reading of the same part."""
        told = (*self.participations, *self.uses, *self.subjects, *self.circumstances)
        return tuple(each for each in self.mentions if not any(other.covers(each) for other in told))

    def elsewhere(self, listed: Sequence[Reading]) -> tuple[Reading, ...]:
        """Those of these that are in other plans; none where all are in one part of a plan."""
        return tuple(each for each in listed if not self.whole and each.plan != self.ours)


NO_READINGS = Readings("", "", (), (), (), (), (), {}, {})


def readings_in(site: Site, element: str) -> Readings:
    """What the words of this part of a plan and of the parts below bring in."""
    where = f"?element cg:within? {reference(element)} ."
    return _read(site, _READINGS % {"where": where, "mentions": "", "plan": ""}, element)


def readings_about(site: Site, value: str) -> Readings:
    """Where plans bring in, or name, the actor, instrument, event, place, meeting, topic or group with this IRI."""
    here = reference(value)
    where = f"VALUES ?value {{ {here} }}"
    return _read(site, _READINGS % {"where": where, "mentions": _MENTIONS % here, "plan": _PLAN}, "")


def _read(site: Site, query: str, whole: str) -> Readings:
    rows = site.select(query)
    words = quotations(site, (row["passage"].value for row in rows))
    listed = [(row, words[row["passage"].value]) for row in rows if row["passage"].value in words]
    listed.sort(key=lambda pair: _place(site, *pair))
    read = [(row["kind"].value, _reading(row, quotation)) for row, quotation in listed]

    def of_kind(kind: str) -> tuple[Reading, ...]:
        return tuple(reading for its_kind, reading in read if its_kind == kind)

    told = of_kind("circumstances")
    labels = site.labels(term.value for row in rows for term in row.values() if term.is_iri)
    ways = {reading.way for _, reading in read if reading.way in labels}
    return Readings(
        whole,
        site.names.id("plan", "crm"),
        of_kind("participations"),
        of_kind("uses"),
        tuple(each for each in told if each.is_subject),
        tuple(each for each in told if not each.is_subject),
        of_kind("mentions"),
        {**labels, **{way: {tongue: _uncapitalised(text) for tongue, text in labels[way].items()} for way in ways}},
        plan_names(site),
    )


def _uncapitalised(label: str) -> str:
    """A label as it stands beside those of properties and roles: that of a class begins with a capital."""
    return label[:1].lower() + label[1:]


def _reading(row: Row, quotation: Quotation) -> Reading:
    plan, number = (row[name].value if name in row else "" for name in ("plan", "number"))
    return Reading(row["element"].value, plan, number, row["way"].value, row["value"], quotation, certainty_in(row))


def _place(site: Site, row: Row, quotation: Quotation) -> tuple[bool, str, int, Quotation, str, str]:
    """A key that puts what the plan that the site is about says before what other plans do, in its order."""
    order = int(row["order"].value) if "order" in row else 0
    is_other = quotation.source != site.names.id("source", "crm")
    return is_other, quotation.source, order, quotation, row["way"].value, row["value"].value
