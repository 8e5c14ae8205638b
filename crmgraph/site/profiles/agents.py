"""The profiles of those who act: States, consultative processes, and organisations, bodies, networks and groups."""

from crmgraph.http.languages import format_days, marked
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.site import Certainty, Row, Site, certainty_in, doubt, reference
from crmgraph.site.indexes.plan_parts import plan_of, plan_parts
from crmgraph.site.profiles.fact import (
    Fact,
    Profile,
    Said,
    by_name,
    facts,
    lead,
    objects,
    remarks,
    said,
    texts,
)
from crmgraph.site.things.things import Thing

__all__ = ["actor", "process", "state"]

_CG = ONTOLOGY + "#"
_ALSO = "http://www.w3.org/2004/02/skos/core#altLabel"
_MEMBER, _PARTICIPANT, _SECRETARIAT, _PRESIDENCY = (
    f"{ONTOLOGY}/membership-role#{name}" for name in ("member", "participant", "secretariat", "presidency")
)
_MEMBERSHIPS = f"""
SELECT DISTINCT ?agent ?process ?role ?since ?year ?doubted ?degree {{
  VALUES ?%s {{ %s }}
  ?membership cg:agent ?agent ; cg:process ?process ; cg:role ?role .
  OPTIONAL {{ ?membership cg:since ?since }}
  OPTIONAL {{ ?membership cg:year ?year }}{doubt("?membership")}
}}"""
_PARTY = """
SELECT DISTINCT ?instrument ?date { ?instrument cg:party %s . OPTIONAL { ?instrument dcterms:date ?date } }"""
_HOSTED = f"""
SELECT ?meeting ?doubted ?degree (MIN(?first) AS ?began) (MAX(?last) AS ?ended) {{
  VALUES ?state {{ %s }}
  {{ ?meeting cg:place ?state }} UNION {{ ?meeting cg:place/cg:inState ?state }}
  ?meeting a cg:Meeting .
  OPTIONAL {{ ?meeting cg:startDate ?first }}
  OPTIONAL {{ ?meeting cg:endDate ?last }}{doubt("?meeting")}
}} GROUP BY ?meeting ?doubted ?degree
ORDER BY DESC(BOUND(?began) || BOUND(?ended)) COALESCE(?began, ?ended) ?meeting"""
_MEETINGS = f"""
SELECT ?meeting ?doubted ?degree (MIN(?first) AS ?began) (MAX(?last) AS ?ended) {{
  ?meeting cg:process|cg:ofBody %s ; a cg:Meeting .
  OPTIONAL {{ ?meeting cg:startDate ?first }}
  OPTIONAL {{ ?meeting cg:endDate ?last }}{doubt("?meeting")}
}} GROUP BY ?meeting ?doubted ?degree
ORDER BY DESC(BOUND(?began) || BOUND(?ended)) COALESCE(?began, ?ended) ?meeting"""
_BODIES = "SELECT DISTINCT ?x { ?x cg:bodyOf %s }"
_PLANS = "SELECT DISTINCT ?x { ?x cg:planOf %s }"
_TAKES_IN = f"""
SELECT DISTINCT ?x ?doubted ?degree {{
  %(x)s cg:member ?x
  OPTIONAL {{ ?said cg:subject %(x)s ; cg:predicate cg:member ; cg:object ?x{doubt("?said")} }}
}}"""
_TAKEN_IN = f"""
SELECT DISTINCT ?x ?doubted ?degree {{
  ?x a cg:Network ; cg:member %(x)s
  OPTIONAL {{ ?said cg:subject ?x ; cg:predicate cg:member ; cg:object %(x)s{doubt("?said")} }}
}}"""
_DEFERRING = """
SELECT DISTINCT ?objective ?through {
  ?objective a cg:Objective ; cg:within %(plan)s ; cg:involvesNetwork ?through .
  ?through cg:member? %(x)s
}"""


def state(site: Site, thing: Thing, language: str) -> Profile:
    """Since when a State is a member of what, which other capacities, presidencies and parties there are, and whether
    the plan names it."""
    rows = site.select(_MEMBERSHIPS % ("agent", reference(thing.iri)))
    parties = {row["instrument"].value: row for row in site.select(_PARTY % reference(thing.iri))}
    hosted = site.select(_HOSTED % reference(thing.iri))
    told = facts(
        *_capacities(site, rows, "process", language),
        Fact(
            marked("Party to"),
            tuple(
                Said(iri, amount=parties[iri]["date"].value if "date" in parties[iri] else "")
                for iri in by_name(site, parties, language)
            ),
        ),
        Fact(marked("Meetings held there"), _met(hosted, language)),
        _also_called(thing, language),
        *remarks(thing, language),
    )
    unknown = []
    if not rows:
        unknown.append(marked("It is not on record as taking part in any consultative process."))
    if not _is_in_plan(site, thing):
        unknown.append(marked("The plan does not name it and gives it no role."))
    return Profile(*lead(thing, language), told, tuple(unknown))


def process(site: Site, thing: Thing, language: str) -> Profile:
    """What a process is, since when, who takes part in it and how, through which bodies, plans and meetings."""
    rows = site.select(_MEMBERSHIPS % ("process", reference(thing.iri)))
    since = Fact(marked("Since"), tuple(Said(text=year) for year in objects(thing, _CG + "since")[:1]))
    kind = said(objects(thing, _CG + "processLevel", _CG + "processStatus"))
    meetings = site.select(_MEETINGS % reference(thing.iri))
    told = facts(
        since,
        Fact(marked("Level and status"), kind),
        *_capacities(site, rows, "agent", language),
        Fact(marked("Its bodies and networks"), said(_found(site, _BODIES, thing, language))),
        Fact(marked("Its plans"), said(_found(site, _PLANS, thing, language))),
        Fact(marked("Its meetings on record"), _met(meetings, language)),
        _also_called(thing, language),
        *remarks(thing, language),
    )
    unknown = (marked("It is not on record who takes part in it."),) if not rows else ()
    return Profile(*lead(thing, language), told, unknown)


def actor(site: Site, thing: Thing, language: str) -> Profile:
    """What an organisation, a body, a network or a group is, of what, and what it has to do with in the plan."""
    rows = site.select(_MEMBERSHIPS % ("agent", reference(thing.iri)))
    known = plan_parts(site)
    objectives = [part for part in known.listed(objects(thing, _CG + "involvedIn")) if _is_objective(site, part.iri)]
    deferring = site.select(_DEFERRING % {"plan": plan_of(site), "x": reference(thing.iri)})
    own, through = (
        known.listed(row["objective"].value for row in deferring if (row["through"].value == thing.iri) is is_own)
        for is_own in (True, False)
    )
    meetings = site.select(_MEETINGS % reference(thing.iri))
    told = facts(
        Fact(marked("A body of"), said(objects(thing, _CG + "bodyOf"))),
        Fact(marked("Takes in"), _doubting(site, _TAKES_IN, thing, language)),
        Fact(marked("Is one of"), _doubting(site, _TAKEN_IN, thing, language)),
        *_capacities(site, rows, "process", language),
        Fact(marked("Objectives that refer to its work plan"), parts=own),
        Fact(marked("Objectives that refer to the work plan of each network"), parts=through),
        Fact(marked("Objectives in which it has a role"), parts=tuple(objectives), is_inferred=True),
        Fact(marked("Its meetings on record"), _met(meetings, language)),
        _also_called(thing, language),
        *remarks(thing, language),
    )
    unknown = () if _is_in_plan(site, thing) else (marked("The plan does not name it and gives it no role."),)
    return Profile(*lead(thing, language), told, unknown)


def _capacities(site: Site, rows: tuple[Row, ...], other: str, language: str) -> tuple[Fact, ...]:
    """Members, participants, of whom the source does not say that they are members, secretariats, who takes part
    without being either, with all its capacities, and presidencies, with the process or the agent that is at the
    `other` end."""
    home = site.names.id("process", "rcm")

    def of(*roles: str) -> list[Row]:
        return [row for row in rows if row["role"].value in roles]

    def ordered(found: list[Row]) -> list[Row]:
        place = {iri: at for at, iri in enumerate(by_name(site, (row[other].value for row in found), language, home))}
        return sorted(found, key=lambda row: place[row[other].value])

    # A capacity that is less certain than others of the same party stands by itself.
    capacities: dict[tuple[str, Certainty], dict[str, None]] = {}
    for row in sorted(ordered(list(rows)), key=lambda row: row["role"].value):
        if row["role"].value not in (_MEMBER, _PARTICIPANT, _SECRETARIAT, _PRESIDENCY):
            capacities.setdefault((row[other].value, certainty_in(row)), {})[row["role"].value] = None
    is_agent = other == "process"
    return (
        Fact(
            marked("Member of") if is_agent else marked("Members"),
            tuple(_since(row[other].value, row) for row in ordered(of(_MEMBER))),
        ),
        Fact(
            marked("Takes part in; membership not on record")
            if is_agent
            else marked("Participants; membership not on record"),
            tuple(_since(row[other].value, row) for row in ordered(of(_PARTICIPANT))),
        ),
        Fact(
            marked("Secretariat of") if is_agent else marked("Secretariat"),
            tuple(_since(row[other].value, row) for row in ordered(of(_SECRETARIAT))),
        ),
        Fact(
            marked("Observer or partner of, not a member")
            if is_agent
            else marked("Observers and partners, not members"),
            tuple(Said(iri, detail_iris=tuple(roles), certainty=sure) for (iri, sure), roles in capacities.items()),
        ),
        Fact(
            marked("Presidencies held, as far as they are on record") if is_agent else marked("Presidencies on record"),
            tuple(
                Said(
                    row[other].value,
                    detail=marked("in %(value)s"),
                    amount=row["year"].value,
                    certainty=certainty_in(row),
                )
                for row in sorted(of(_PRESIDENCY), key=lambda row: row["year"].value)
            ),
        ),
    )


def _since(iri: str, row: Row) -> Said:
    if "since" not in row:
        return Said(iri, certainty=certainty_in(row))
    return Said(iri, detail=marked("since %(value)s"), amount=row["since"].value, certainty=certainty_in(row))


def _doubting(site: Site, query: str, thing: Thing, language: str) -> tuple[Said, ...]:
    """What a query finds, each with how certain it is that it belongs to the thing."""
    rows = {row["x"].value: row for row in site.select(query % {"x": reference(thing.iri)})}
    return tuple(Said(iri, certainty=certainty_in(rows[iri])) for iri in by_name(site, rows, language))


def _met(rows: tuple[Row, ...], language: str) -> tuple[Said, ...]:
    """Meetings, with the days that are on record and how certain that is."""

    def day(row: Row, name: str) -> str:
        return row[name].value if name in row else ""

    return tuple(
        Said(
            row["meeting"].value,
            amount=format_days(day(row, "began"), day(row, "ended"), language),
            certainty=certainty_in(row),
        )
        for row in rows
    )


def _also_called(thing: Thing, language: str) -> Fact:
    names = texts(thing, _ALSO)
    listed = [name for tongue in (language, "") for name in names.get(tongue, ()) if name != thing.label]
    return Fact(marked("Also called"), tuple(Said(text=name, language=language) for name in dict.fromkeys(listed)))


def _found(site: Site, query: str, thing: Thing, language: str) -> list[str]:
    return by_name(site, (row["x"].value for row in site.select(query % reference(thing.iri))), language)


def _is_in_plan(site: Site, thing: Thing) -> bool:
    plan = site.names.id("plan", "crm")
    readings = thing.readings
    told = (*readings.participations, *readings.circumstances, *readings.mentions)
    return any(reading.element == plan or reading.element.startswith(plan + "/") for reading in told)


def _is_objective(site: Site, iri: str) -> bool:
    """Whether this is the IRI of an objective, which is that of the plan, its theme, and a number without dots."""
    path = iri.removeprefix(site.names.id("plan", "crm") + "/")
    return path.count("/") == 1 and "." not in path
