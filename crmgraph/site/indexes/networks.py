"""The index of bodies and networks: what they are, and which objectives of the plan refer to their work plan."""

from crmgraph.http.languages import marked
from crmgraph.site.base.site import Site, in_language
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
    plan_parts,
    short_names,
)

__all__ = ["networks"]

_BODIES = """
SELECT DISTINCT ?x ?class ?process ?member {
  VALUES ?class { cg:Organ cg:Network }
  ?x a ?class .
  OPTIONAL { ?x cg:bodyOf ?process }
  OPTIONAL { ?x cg:member ?member }
}"""
_DEFERRING = """
SELECT DISTINCT ?x ?named ?objective {
  ?objective a cg:Objective ; cg:within %s ; cg:involvesNetwork ?named . ?named cg:member? ?x
}"""
_ACTS = """
SELECT DISTINCT ?x ?element {
  ?element cg:within %s ; cg:participation ?participation .
  ?participation cg:agent ?x ; cg:role/skos:broader <https://w3id.org/crmgraph/ontology/participation-role#acts>
}"""
_MEETINGS = "SELECT DISTINCT ?x ?meeting { ?meeting cg:ofBody ?x }"
_COLUMNS = (
    Column("description", marked("What it is"), "texts"),
    Column("process", marked("Of which process"), "things"),
    Column("members", marked("Networks that it takes in"), "things", is_below=True),
    Column("objectives", marked("Objectives that refer to its work plan"), "parts"),
    Column("throughAll", marked("Objectives that refer to the work plan of each network"), "parts"),
    Column("acts", marked("Parts in which it acts"), "number"),
    Column("meetings", marked("Meetings on record"), "number"),
)


def networks(site: Site, language: str) -> Index:
    """All networks and bodies of consultative processes, those on which most of the plan rests first."""
    rows = site.select(_BODIES)
    classes = {row["x"].value: row["class"].value.rpartition("#")[2] for row in rows}
    processes, members = grouped(rows, "x", "process"), grouped(rows, "x", "member")
    parts = plan_parts(site)
    deferring = site.select(_DEFERRING % plan_of(site))
    own = grouped((row for row in deferring if row["x"] == row["named"]), "x", "objective")
    through = grouped((row for row in deferring if row["x"] != row["named"]), "x", "objective")
    acts = grouped(site.select(_ACTS % plan_of(site)), "x", "element")
    meetings = grouped(site.select(_MEETINGS), "x", "meeting")
    texts, labels = descriptions(site, "cg:Agent"), site.labels(classes)

    def entry(iri: str) -> Entry:
        values: dict[str, Value] = {
            "description": texts.get(iri),
            "process": tuple(processes.get(iri, ())),
            "members": tuple(sorted(members.get(iri, ()))),
            "objectives": parts.listed(own.get(iri, ())),
            "throughAll": parts.listed(through.get(iri, ())),
            "acts": len(acts.get(iri, ())),
            "meetings": len(meetings.get(iri, ())),
        }
        return Entry(iri, values)

    def place(iri: str) -> tuple[int, int, list[tuple[int, str]]]:
        name = in_language(labels.get(iri, {}), language)[0]
        return -len(own.get(iri, ())), -len(acts.get(iri, ())), folded(name)

    entries = {
        name: tuple(entry(iri) for iri in sorted(classes, key=place) if classes[iri] == name)
        for name in classes.values()
    }
    sections = [
        Section("networks", marked("Networks"), entries.get("Network", ())),
        Section("bodies", marked("Bodies"), entries.get("Organ", ())),
    ]
    return indexed(site, _COLUMNS, sections, short_names(site))
