"""The index of meetings: when and where they were, and whether in the years that the plan speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crmgraph.http.languages import marked
from crmgraph.site.base.site import Row, Site, doubt, in_language
from crmgraph.site.indexes.index import (
    Column,
    Entry,
    Index,
    Section,
    Value,
    folded,
    grouped,
    indexed,
    plan_parts,
    short_names,
)

__all__ = ["Held", "meetings", "rank", "years_spoken_of"]

_MEETINGS = (
    """
SELECT DISTINCT ?x ?body ?process ?ordinal ?began ?ended ?place ?state ?chair ?doubted ?degree {
  ?x a cg:Meeting .
  OPTIONAL { ?x cg:ofBody ?body }
  OPTIONAL { ?x cg:process ?process }
  OPTIONAL { ?x cg:ordinal ?ordinal }
  OPTIONAL { ?x cg:startDate ?began }
  OPTIONAL { ?x cg:endDate ?ended }
  OPTIONAL { ?x cg:place ?place }
  OPTIONAL { { ?x cg:place ?state } UNION { ?x cg:place/cg:inState ?state } ?state a cg:State }
  OPTIONAL { ?x cg:chair ?chair }"""
    + doubt("?x")
    + "}"
)
_NAMED = """
SELECT DISTINCT ?x ?element {
  ?x a cg:Meeting .
  { ?ground cg:mentioned ?x . ?element cg:mention ?ground } UNION { ?element cg:meeting ?x }
}"""
_QUESTION = "meetings-during-plan"
_NUMERALS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_COLUMNS = (
    Column("began", marked("Date"), "period"),
    Column("ended", marked("Ended"), "date", is_of="began"),
    Column("years", marked("Years, where no date is known"), "period", is_of="began"),
    Column("places", marked("Place"), "things"),
    Column("states", marked("State"), "things"),
    Column("chairs", marked("Chaired by"), "things"),
    Column("certainty", marked("Certainty"), "thing", is_below=True),
    Column("during", marked("In the plan’s years"), "truth"),
    Column("named", marked("Parts of the plan"), "parts"),
)


@dataclass(frozen=True)
class Held:
    """A meeting: its number among those of its body (0 without one), and the years of its first and last day, so far as
    they are known (0 where not)."""

    place: int
    first: int
    last: int

    def during(self, years: tuple[int, int], others: Sequence["Held"]) -> bool | None:
        """Whether it was in these years, if need be by the `others` of its body; None where nobody can tell."""
        first, last = self._between(others)
        if (last and last < years[0]) or (first and first > years[1]):
            return False
        return True if first >= years[0] and 0 < last <= years[1] else None

    def years(self, others: Sequence["Held"]) -> str:
        """The years in which it was, by the `others` of its body, where nothing else tells: `1996/1999`, with `..` for
        one that nobody knows; nothing where a year of its own is known, or none at all."""
        first, last = self._between(others)
        return "" if self.first or self.last or not (first or last) else f"{first or '..'}/{last or '..'}"

    def _between(self, others: Sequence["Held"]) -> tuple[int, int]:
        if self.first or self.last or not self.place:
            return self.first or self.last, self.last or self.first
        before = [each.last or each.first for each in others if 0 < each.place < self.place]
        after = [each.first or each.last for each in others if each.place > self.place]
        return max(filter(None, before), default=0), min(filter(None, after), default=0)


def years_spoken_of(site: Site) -> tuple[int, int]:
    """The first and the last year that the plan speaks of, as the library's question on them has it."""
    given = {each.name: int(each.default) for each in site.library[_QUESTION].parameters if each.type == "integer"}
    return given["from"], given["to"]


def rank(numeral: str) -> int:
    """The number that a Roman numeral stands for; 0 for anything else."""
    values = [_NUMERALS.get(sign, 0) for sign in numeral]
    if not values or not all(values):
        return 0
    return sum(-each if each < following else each for each, following in zip(values, [*values[1:], 0], strict=True))


def meetings(site: Site, language: str) -> Index:
    """All meetings, those of a body in their order, the bodies of the process that the plan is of first."""
    rows = site.select(_MEETINGS)
    told = {
        name: grouped(rows, "x", name)
        for name in ("body", "process", "place", "state", "chair", "began", "ended", "degree")
    }
    held = {row["x"].value: _held(row) for row in rows}
    named = grouped(site.select(_NAMED), "x", "element")
    parts, years = plan_parts(site), years_spoken_of(site)
    home = site.names.id("process", "rcm")
    bodies: dict[str, list[str]] = {}
    for iri in held:
        bodies.setdefault(next(iter(told["body"].get(iri, told["process"].get(iri, ()))), ""), []).append(iri)
    labels = site.labels([*held, *filter(None, bodies)])

    def entry(iri: str, body: str) -> Entry:
        others = [held[each] for each in bodies[body]] if body else []
        values: dict[str, Value] = {
            "began": next(iter(told["began"].get(iri, ())), ""),
            "ended": next(iter(told["ended"].get(iri, ())), ""),
            "places": tuple(told["place"].get(iri, ())),
            "states": tuple(told["state"].get(iri, ())),
            "chairs": tuple(told["chair"].get(iri, ())),
            "certainty": next(iter(told["degree"].get(iri, ())), ""),
            "years": held[iri].years(others),
            "during": held[iri].during(years, others),
            "named": parts.listed(named.get(iri, ())),
        }
        return Entry(iri, values)

    def when(iri: str) -> tuple[int, str, list[tuple[int, str]]]:
        began = next(iter(told["began"].get(iri, told["ended"].get(iri, ()))), "")
        return held[iri].place, began, folded(in_language(labels.get(iri, {}), language)[0])

    def first(body: str) -> tuple[bool, bool, int, list[tuple[int, str]]]:
        is_home = any(home in told["process"].get(iri, ()) for iri in bodies[body])
        name = folded(in_language(labels.get(body, {}), language)[0])
        return not is_home, not body, -len(bodies[body]), name

    sections = [
        Section(
            body.rpartition("/")[2] or "others",
            "" if body else marked("Meetings of bodies outside the graph"),
            tuple(entry(iri, body) for iri in sorted(bodies[body], key=when)),
            body,
        )
        for body in sorted(bodies, key=first)
    ]
    return replace(indexed(site, _COLUMNS, sections, short_names(site)), years=years)


def _held(row: Row) -> Held:
    def year(name: str) -> int:
        return int(row[name].value[:4]) if name in row else 0

    return Held(rank(row["ordinal"].value) if "ordinal" in row else 0, year("began"), year("ended"))
