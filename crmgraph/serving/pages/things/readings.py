"""What the plan says of who, by which instrument, when and where, statement by statement with its words."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.serving.pages.site import Row, Site, Term, reference
from crmgraph.serving.pages.source.excerpt import Quotation, quotations

__all__ = ["Reading", "Readings", "readings_about", "readings_in"]

_READINGS = """
SELECT DISTINCT ?kind ?element ?order ?number ?way ?value ?passage {
  %s
  { VALUES ?kind { "participations" }
    ?element cg:participation ?x . ?x cg:agent ?value ; cg:role ?way ; cg:passage ?passage }
  UNION { VALUES ?kind { "uses" }
    ?element cg:instrumentUse ?x . ?x cg:instrument ?value ; cg:use ?way ; cg:passage ?passage }
  UNION { VALUES ?kind { "circumstances" }
    VALUES ?way {
      cg:date cg:since cg:until cg:recurrence cg:recursWith cg:delay cg:place cg:meeting cg:topic cg:populationGroup
    }
    ?x cg:subject ?element ; cg:predicate ?way ; cg:object|cg:literal ?value ; cg:passage ?passage .
    ?element a cg:PlanElement }
  UNION { VALUES ?kind { "circumstances" }
    VALUES ?way { cg:PastEvent cg:PlannedEvent }
    ?element cg:tells ?value . ?value a ?way ; cg:passage ?passage }
  %s
  OPTIONAL { ?element cg:order ?order }
  OPTIONAL { ?element cg:number ?number }
}"""
_MENTIONS = """
  UNION { VALUES ?kind { "mentions" }
    ?x cg:mentioned ?value ; cg:passage ?passage ; cg:nameForm ?way . ?element cg:mention ?x }"""
_SUBJECTS = ("topic", "populationGroup")
_WITHIN = "?element cg:within? %s ."
_ABOUT = "VALUES ?value { %s }"


@dataclass(frozen=True)
class Reading:
    """That an element brings in `value` in this `way`, a role, a use, a property or a kind of event, by these words."""

    element: str
    number: str
    way: str
    value: Term
    quotation: Quotation

    @property
    def is_subject(self) -> bool:
        """Whether it says what or whom the element is about."""
        return self.way.rpartition("#")[2] in _SUBJECTS


@dataclass(frozen=True)
class Readings:
    """The readings of each kind, in the order of the document, and the labels of all that they name.

    `whole` is the part of the plan that they are all in; empty where they are about one value, wherever it is. Only in
    the latter case there are mentions, each in the `way` that is the form of the name.
    """

    whole: str
    participations: tuple[Reading, ...]
    uses: tuple[Reading, ...]
    subjects: tuple[Reading, ...]
    circumstances: tuple[Reading, ...]
    mentions: tuple[Reading, ...]
    labels: dict[str, dict[str, str]]


def readings_in(site: Site, element: str) -> Readings:
    """What the words of the plan, or of this part of it and of the parts below, bring in."""
    return _read(site, _READINGS % (_WITHIN % reference(element), ""), element)


def readings_about(site: Site, value: str) -> Readings:
    """Where plans bring in, or name, the actor, instrument, event, place, meeting, topic or group with this IRI."""
    return _read(site, _READINGS % (_ABOUT % reference(value), _MENTIONS), "")


def _read(site: Site, query: str, whole: str) -> Readings:
    rows = site.select(query)
    words = quotations(site, (row["passage"].value for row in rows))
    listed = [(row, words[row["passage"].value]) for row in rows if row["passage"].value in words]
    listed.sort(key=lambda pair: _place(site, *pair))
    told = tuple(_of_kind(listed, "circumstances"))
    return Readings(
        whole,
        tuple(_of_kind(listed, "participations")),
        tuple(_of_kind(listed, "uses")),
        tuple(each for each in told if each.is_subject),
        tuple(each for each in told if not each.is_subject),
        tuple(_of_kind(listed, "mentions")),
        site.labels(term.value for row in rows for term in row.values() if term.is_iri),
    )


def _of_kind(listed: Iterable[tuple[Row, Quotation]], kind: str) -> Iterable[Reading]:
    for row, quotation in listed:
        if row["kind"].value == kind:
            number = row["number"].value if "number" in row else ""
            yield Reading(row["element"].value, number, row["way"].value, row["value"], quotation)


def _place(site: Site, row: Row, quotation: Quotation) -> tuple[bool, str, int, Quotation, str, str]:
    """A key that puts what the plan that the site is about says before what other plans do, in its order."""
    order = int(row["order"].value) if "order" in row else 0
    is_other = quotation.source != site.names.id("source", "crm")
    return is_other, quotation.source, order, quotation, row["way"].value, row["value"].value
