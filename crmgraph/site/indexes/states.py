"""The index of States: in which processes they are, which instruments they are parties to, and where the plan names
them."""

from crmgraph.http.languages import marked
from crmgraph.site.base.site import Site, in_language
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

__all__ = ["states"]

_STATES = "SELECT ?x ?code { ?x a cg:State . OPTIONAL { ?x cg:iso3 ?code } }"
_PROCESSES = """
SELECT DISTINCT ?x ?process ?in {
  { ?x a cg:State ; cg:memberOf ?process . ?process a cg:ConsultativeProcess . BIND ("member" AS ?in) }
  UNION
  { ?x a cg:State ; cg:takesPartIn ?process . ?process a cg:ConsultativeProcess .
    FILTER NOT EXISTS { ?x cg:memberOf ?process }
    BIND (IF(EXISTS {
      ?x cg:membership ?held . ?held cg:process ?process ; cg:role membership-role:participant
    }, "participant", "other") AS ?in) }
}"""
_SINCE = "SELECT ?x ?since { ?membership cg:memberIn %s ; cg:agent ?x ; cg:since ?since }"
_PARTIES = "SELECT DISTINCT ?x ?instrument { ?instrument cg:party ?x }"
_NAMED = """
SELECT DISTINCT ?x ?element {
  ?x a cg:State .
  { ?ground cg:mentioned ?x . ?element cg:mention ?ground }
  UNION { ?ground cg:agent ?x . ?element cg:participation ?ground }
  UNION { ?element cg:place ?x }
}"""
_COLUMNS = (
    Column("code", marked("Code (ISO 3166)"), "texts"),
    Column("since", marked("Member of the RCM since"), "date"),
    Column("member", marked("Member of the processes"), "things"),
    Column("participant", marked("Takes part in; membership not on record"), "things"),
    Column("other", marked("Observer or partner of, not a member"), "things"),
    Column("instruments", marked("Party to instruments"), "number"),
    Column("named", marked("Parts that name it"), "number"),
)


def states(site: Site, language: str) -> Index:
    """All States and territories: the members of the process that the plan is of, then those that the plan names, and
    then the others, each by name."""
    codes = {row["x"].value: row["code"].value if "code" in row else "" for row in site.select(_STATES)}
    home = site.names.id("process", "rcm")
    rows = site.recall(_PROCESSES)
    processes = {
        capacity: grouped((row for row in rows if row["in"].value == capacity), "x", "process")
        for capacity in ("member", "participant", "other")
    }
    member = processes["member"]
    since = grouped(site.select(_SINCE % f"<{home}>"), "x", "since")
    parties = grouped(site.select(_PARTIES), "x", "instrument")
    named = plan_parts(site).only(grouped(site.recall(_NAMED), "x", "element"))
    labels = site.labels(codes)

    def entry(iri: str) -> Entry:
        values: dict[str, Value] = {
            "code": {"": codes[iri]},
            "since": next(iter(since.get(iri, ())), ""),
            **{capacity: tuple(sorted(found.get(iri, ()))) for capacity, found in processes.items()},
            "instruments": len(parties.get(iri, ())),
            "named": len(named.get(iri, ())),
        }
        return Entry(iri, values)

    ordered = sorted(codes, key=lambda iri: folded(in_language(labels.get(iri, {}), language)[0]))
    members = [iri for iri in ordered if home in member.get(iri, ())]
    others = [iri for iri in ordered if iri in named and iri not in members]
    rest = [iri for iri in ordered if iri not in named and iri not in members]
    sections = [
        Section("members", marked("Members of the Regional Conference on Migration"), tuple(map(entry, members))),
        Section("named", marked("Others that the plan names"), tuple(map(entry, others))),
        Section("others", marked("All others, which the plan does not name"), tuple(map(entry, rest))),
    ]
    return indexed(site, _COLUMNS, sections, short_names(site))
