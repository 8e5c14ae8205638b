"""The index of actors: who they are, and in how many parts of the plan they have which roles."""

from collections import Counter

from crmgraph.http.languages import marked
from crmgraph.site.base.site import Row, Site, in_language
from crmgraph.site.indexes.index import (
    Column,
    Entry,
    Index,
    Section,
    Value,
    descriptions,
    folded,
    grouped,
    indexed,
    plan_of,
    short_names,
)

__all__ = ["SECTIONS", "actors"]

_AGENTS = """
SELECT DISTINCT ?x ?class {
  VALUES ?class { cg:Organ cg:Network cg:Organisation cg:AgentGroup cg:State cg:ConsultativeProcess }
  ?x a ?class
}"""
_ROLES = """
SELECT DISTINCT ?x ?role ?element {
  ?element cg:within %s ; cg:participation ?participation .
  ?participation cg:agent ?x ; cg:role ?role
}"""
_PROCESSES = "SELECT DISTINCT ?x ?process { ?x cg:membership/cg:process ?process }"
_COLUMNS = (
    Column("description", marked("What it is"), "texts"),
    Column("parts", marked("Parts with a role"), "number"),
    Column("roles", marked("Roles, and in how many parts"), "counted"),
    Column("processes", marked("Processes that it takes part in"), "things"),
)
SECTIONS = {
    "Organ": marked("Bodies"),
    "Network": marked("Networks"),
    "Organisation": marked("Organisations"),
    "AgentGroup": marked("Groups described, not named"),
    "State": marked("States"),
    "ConsultativeProcess": marked("Consultative processes"),
}
"""What those of a class are called together, in English and marked for translation."""
_HAVE_PAGES_OF_THEIR_OWN = ("State", "ConsultativeProcess")
_OTHERS = marked("Known from other sources; the plan gives them no role")


def actors(site: Site, language: str) -> Index:
    """Everybody who has a role in the plan, those with the most first, and then all other organisations and groups."""
    classes = {row["x"].value: row["class"].value.rpartition("#")[2] for row in site.select(_AGENTS)}
    rows = site.select(_ROLES % plan_of(site))
    parts, roles = grouped(rows, "x", "element"), _roles(rows)
    processes = grouped(site.select(_PROCESSES), "x", "process")
    texts, short = descriptions(site, "cg:Agent"), short_names(site)
    labels = site.labels(classes)

    def entry(iri: str) -> Entry:
        values: dict[str, Value] = {
            "description": texts.get(iri),
            "parts": len(parts.get(iri, ())),
            "roles": tuple(roles.get(iri, Counter()).most_common()),
            "processes": tuple(sorted(processes.get(iri, ()))),
        }
        return Entry(iri, values)

    def place(iri: str) -> tuple[int, list[tuple[int, str]]]:
        return -len(parts.get(iri, ())), folded(in_language(labels.get(iri, {}), language)[0])

    ordered = sorted(classes, key=place)
    sections = [
        Section(name, heading, tuple(entry(iri) for iri in ordered if classes[iri] == name and iri in parts))
        for name, heading in SECTIONS.items()
    ]
    without = [iri for iri in ordered if iri not in parts and classes[iri] not in _HAVE_PAGES_OF_THEIR_OWN]
    return indexed(site, _COLUMNS, [*sections, Section("others", _OTHERS, tuple(map(entry, without)))], short)


def _roles(rows: tuple[Row, ...]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row["x"].value, Counter())[row["role"].value] += 1
    return found
