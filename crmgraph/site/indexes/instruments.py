"""The index of instruments: of which kind and date they are, and how the plan uses them."""

from collections import Counter

from crmgraph.http.languages import marked
from crmgraph.site.base.site import Site, doubt, in_language
from crmgraph.site.indexes.index import (
    Column,
    Entry,
    Index,
    Section,
    Value,
    folded,
    grouped,
    indexed,
    plan_of,
    plan_parts,
    short_names,
)

__all__ = ["instruments"]

_INSTRUMENTS = (
    """
SELECT DISTINCT ?x ?kind ?date ?adopter ?party ?doubted ?degree {
  ?x a cg:Instrument ; cg:instrumentKind ?kind .
  OPTIONAL { ?x dcterms:date ?date }
  OPTIONAL { ?x cg:adoptedBy ?adopter }
  OPTIONAL { ?x cg:party ?party }"""
    + doubt("?x")
    + "}"
)
_USES = """
SELECT DISTINCT ?x ?use ?element {
  ?element cg:within %s ; cg:instrumentUse ?using . ?using cg:instrument ?x ; cg:use ?use
}"""
_RELIED_ON = "SELECT DISTINCT ?x { ?element cg:within %s ; cg:instrumentUse/cg:instrumentReliedOn ?x }"
_NAMED = "SELECT DISTINCT ?x ?element { ?x a cg:Instrument . ?ground cg:mentioned ?x . ?element cg:mention ?ground }"
_COLUMNS = (
    Column("kind", marked("Kind"), "thing"),
    Column("date", marked("Date"), "date", is_below=True),
    Column("certainty", marked("Certainty"), "thing", is_below=True),
    Column("uses", marked("What the plan does with it, and in how many parts"), "counted"),
    Column("relied", marked("The plan relies on it"), "truth"),
    Column("named", marked("Parts that call it by its name"), "number"),
    Column("parties", marked("Parties known"), "number"),
    Column("adoptedBy", marked("Adopted by"), "things"),
)
_OTHERS = marked("Known from other sources; the plan does not speak of them")


def instruments(site: Site, language: str) -> Index:
    """All instruments: those that the plan uses or names, in the order in which it does, and then the others by date.

    Of one that the plan does not use it is not said that it does not rely on it.
    """
    rows = site.select(_INSTRUMENTS)
    kinds, dates = grouped(rows, "x", "kind"), grouped(rows, "x", "date")
    adopters, parties = grouped(rows, "x", "adopter"), grouped(rows, "x", "party")
    degrees = grouped(rows, "x", "degree")
    plan = plan_of(site)
    used = site.select(_USES % plan)
    uses: dict[str, Counter[str]] = {}
    for row in used:
        uses.setdefault(row["x"].value, Counter())[row["use"].value] += 1
    relied = {row["x"].value for row in site.select(_RELIED_ON % plan)}
    parts = plan_parts(site)
    named = parts.only(grouped(site.select(_NAMED), "x", "element"))
    using = grouped(used, "x", "element")
    labels = site.labels(kinds)

    def entry(iri: str) -> Entry:
        values: dict[str, Value] = {
            "kind": kinds[iri][0],
            "date": next(iter(dates.get(iri, ())), ""),
            "certainty": next(iter(degrees.get(iri, ())), ""),
            "uses": tuple(uses.get(iri, Counter()).most_common()),
            "relied": iri in relied if iri in uses else None,
            "named": len(named.get(iri, ())),
            "parties": len(parties.get(iri, ())),
            "adoptedBy": tuple(adopters.get(iri, ())),
        }
        return Entry(iri, values)

    def name(iri: str) -> list[tuple[int, str]]:
        return folded(in_language(labels.get(iri, {}), language)[0])

    def first(iri: str) -> tuple[int, list[tuple[int, str]]]:
        found = parts.listed([*using.get(iri, ()), *named.get(iri, ())])
        return (found[0].place if found else 0), name(iri)

    in_plan = uses.keys() | named.keys()
    others = sorted(kinds.keys() - in_plan, key=lambda iri: (dates.get(iri, ["9999"])[0], name(iri)))
    sections = [
        Section("plan", marked("In the plan"), tuple(map(entry, sorted(in_plan & kinds.keys(), key=first)))),
        Section("others", _OTHERS, tuple(map(entry, others))),
    ]
    return indexed(site, _COLUMNS, sections, short_names(site))
