"""When things are to be done, and how far they are: the schedule entries of a plan, by status."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.pictures.statuses import rank
from crmgraph.site.site import Row, Site, in_language, reference
from crmgraph.site.source.excerpt import Quotation

__all__ = ["Entry", "Occasion", "schedule"]

_ENTRY = f"{ONTOLOGY}#ScheduleEntry"
_ENTRIES = """
SELECT DISTINCT ?x ?kind ?status ?number ?order ?theme ?date ?since ?recurrence ?delay ?above ?event ?meeting
  ?source ?passage ?start ?end ?exact {
  { ?x a cg:ScheduleEntry } UNION { ?x cg:status ?any }
  VALUES ?kind { cg:Theme cg:Objective cg:Action cg:Activity cg:ScheduleEntry cg:Note }
  ?x a ?kind ; cg:within %s ; cg:order ?order ; cg:passage ?passage .
  ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact .
  OPTIONAL { ?x cg:status ?status }
  OPTIONAL { ?x cg:number ?number }
  OPTIONAL { ?x cg:within? ?theme . ?theme a cg:Theme }
  OPTIONAL {
    ?x cg:date ?date
    OPTIONAL { ?x cg:tells ?event . ?event cg:date ?date }
    OPTIONAL { ?x cg:tells?/cg:meeting ?meeting . ?meeting cg:startDate ?date }
  }
  OPTIONAL { ?x cg:since ?since }
  OPTIONAL { ?x cg:recurrence ?recurrence }
  OPTIONAL { ?x cg:delay ?delay }
  OPTIONAL { ?x dcterms:isPartOf ?above }
}"""

_KIND = "SELECT ?x ?kind { VALUES ?x { %s } VALUES ?kind { cg:PlannedEvent cg:PastEvent cg:Meeting } ?x a ?kind }"


@dataclass(frozen=True)
class Occasion:
    """An event or a meeting that the words of an entry give the date of; `label` is in `language`."""

    iri: str
    label: str
    language: str
    kind_label: str

    @property
    def name(self) -> str:
        """What it is called, with what it is, where that does not say so."""
        kind = self.kind_label.lower()
        return self.label if kind in self.label.lower() else f"{self.label} ({kind})"


@dataclass(frozen=True)
class Entry:
    """A schedule entry, or another part of the plan that states a status, with what it says of when.

    `status` is the name of the status, empty where it states none. `date` and `since` are years, months or days,
    `recurrence` and `delay` durations of XML Schema, all as the words have them; empty where they say none. `above` is
    the IRI of the part that it belongs to. Where the date is that of something that the words tell of, and so not that
    of the status, this is the `occasion`.
    """

    iri: str
    kind: str
    kind_label: str
    number: str
    status: str
    status_iri: str
    status_label: str
    theme: str
    theme_label: str
    above: str
    date: str
    since: str
    recurrence: str
    delay: str
    occasion: Occasion | None
    quotation: Quotation

    @property
    def is_scheduled(self) -> bool:
        """Whether it is a schedule entry."""
        return self.kind == _ENTRY

    @property
    def own_date(self) -> str:
        """When it was or is to be itself; empty where its words date only what they tell of."""
        return "" if self.occasion else self.date

    @property
    def has_date(self) -> bool:
        """Whether its words say when it was or is to be itself."""
        return bool(self.own_date or self.since)


def schedule(site: Site, plan: str, language: str) -> tuple[Entry, ...]:
    """The entries of the plan with this IRI by status, those of a status in the order of the document."""
    rows: dict[str, list[Row]] = {}
    for row in site.select(_ENTRIES % reference(plan)):
        rows.setdefault(row["x"].value, []).append(row)
    occasions = {iri for each in rows.values() if (iri := _occasion_of(each))}
    listed = " ".join(map(reference, sorted(occasions)))
    kinds = {row["x"].value: row["kind"].value for row in site.select(_KIND % listed)} if occasions else {}
    names = ("status", "theme", "kind")
    named = {row[name].value for each in rows.values() for row in each for name in names if name in row}
    labels = site.labels(named | occasions | set(kinds.values()))

    def said(iri: str) -> tuple[str, str]:
        return in_language(labels.get(iri, {}), language)

    def occasion(iri: str) -> Occasion | None:
        return Occasion(iri, *said(iri), said(kinds.get(iri, ""))[0]) if iri else None

    found = [
        (int(each[0]["order"].value), _entry(each, lambda iri: said(iri)[0], occasion(_occasion_of(each))))
        for _, each in sorted(rows.items())
    ]
    found.sort(key=lambda pair: (rank(pair[1].status), pair[1].status, pair[0]))
    return tuple(entry for _, entry in found)


def _first(rows: Sequence[Row], name: str) -> str:
    """The value of this name: of two the earlier, so that it is always the same; empty where there is none."""
    return min((row[name].value for row in rows if name in row), default="")


def _occasion_of(rows: Sequence[Row]) -> str:
    """The IRI of what has the date that the words give: the event that they tell of, or the meeting that it was for."""
    date = _first(rows, "date")
    dated = [row for row in rows if "date" in row and row["date"].value == date]
    return _first(dated, "event") or _first(dated, "meeting")


def _entry(rows: Sequence[Row], said: Callable[[str], str], occasion: Occasion | None) -> Entry:
    def value(name: str) -> str:
        return _first(rows, name)

    first = min(rows, key=lambda row: (int(row["start"].value), int(row["end"].value)))
    status = value("status")
    return Entry(
        value("x"),
        value("kind"),
        said(value("kind")),
        value("number"),
        status.rpartition("#")[2],
        status,
        said(status),
        value("theme"),
        said(value("theme")),
        value("above"),
        value("date"),
        value("since"),
        value("recurrence"),
        value("delay"),
        occasion,
        Quotation(
            first["source"].value,
            int(first["start"].value),
            int(first["end"].value),
            first["exact"].value,
            first["passage"].value,
        ),
    )
