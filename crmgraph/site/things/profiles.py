"""What a page says of a thing in words, before all that the graph says of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from crmgraph.http.languages import format_days, marked, translations
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base.rows import name_key
from crmgraph.site.base.site import (
    SURE,
    Certainty,
    Row,
    Site,
    certainty_in,
    certainty_of,
    doubt,
    in_language,
    reference,
)
from crmgraph.site.indexes.index import Part, plan_of, plan_parts
from crmgraph.site.indexes.kinds import address_of_concept, rank
from crmgraph.site.things.thing import Thing

__all__ = [
    "Fact",
    "Profile",
    "Said",
    "actor",
    "by_name",
    "concept",
    "facts",
    "instrument",
    "lead",
    "meeting",
    "membership",
    "narrower_read",
    "objects",
    "process",
    "profile",
    "remarks",
    "said",
    "state",
    "texts",
]

_DESCRIPTIONS = ("http://purl.org/dc/terms/description", "http://www.w3.org/2004/02/skos/core#definition")
_NOTE = "http://www.w3.org/2004/02/skos/core#note"
_CONFIDENCE = ONTOLOGY + "#confidence"
_SOURCE = "http://purl.org/dc/terms/source"


@dataclass(frozen=True)
class Said:
    """One value: a thing by its IRI, or words in a language (empty where they are of none), and a detail of it.

    The detail is what the things `detail_iris` are called, the `amount` (a date, a number), or a sentence in English,
    marked for translation, in which %(value)s stands for that. `certainty` is how certain all of it is.
    """

    iri: str = ""
    text: str = ""
    language: str = ""
    detail_iris: tuple[str, ...] = ()
    detail: str = ""
    amount: str = ""
    certainty: Certainty = SURE


@dataclass(frozen=True)
class Fact:
    """Values under a heading in English, marked for translation, or parts of the plan; asserted, or inferred.

    Values that are prose are a paragraph each.
    """

    heading: str
    values: tuple[Said, ...] = ()
    parts: tuple[Part, ...] = ()
    is_inferred: bool = False
    is_prose: bool = False


@dataclass(frozen=True)
class Profile:
    """What a thing is, in one sentence in a language, the facts that matter of it, and sentences (in English, marked
    for translation) on what is not known."""

    lead: str
    language: str
    facts: tuple[Fact, ...]
    unknown: tuple[str, ...] = ()

    @property
    def iris(self) -> Iterator[str]:
        """The IRIs of all that it names."""
        for fact in self.facts:
            for each in fact.values:
                yield from filter(None, (each.iri, *each.detail_iris))
            for part in fact.parts:
                yield from filter(None, (part.iri, part.theme))


def said(iris: Iterable[str]) -> tuple[Said, ...]:
    """Things without details."""
    return tuple(Said(iri) for iri in iris)


def facts(*told: Fact) -> tuple[Fact, ...]:
    """Those facts that have something to say."""
    return tuple(fact for fact in told if fact.values or fact.parts)


def by_name(site: Site, iris: Iterable[str], language: str, first: str = "") -> list[str]:
    """The IRIs, each once, in the order of what they are called in a language; the one that goes `first` before all."""
    found = set(iris)
    labels: Mapping[str, Mapping[str, str]] = site.labels(found)
    return sorted(found, key=lambda iri: (iri != first, name_key(in_language(labels.get(iri, {}), language)[0] or iri)))


def texts(thing: Thing, *properties: str) -> dict[str, list[str]]:
    """The words that are said of a thing with these properties, by language."""
    found: dict[str, list[str]] = {}
    for group in thing.about:
        for each in group.statements:
            if group.predicate in properties and not each.value.is_iri:
                found.setdefault(each.value.language, []).append(each.value.value)
    return found


def objects(thing: Thing, *properties: str) -> list[str]:
    """The values that a thing has with these properties, each once."""
    return list(
        dict.fromkeys(
            each.value.value for group in thing.about if group.predicate in properties for each in group.statements
        )
    )


def lead(thing: Thing, language: str) -> tuple[str, str]:
    """The sentence that says what a thing is, with its language; nothing where there is none."""
    return _joined(texts(thing, *_DESCRIPTIONS), language)


def remarks(thing: Thing, language: str) -> tuple[Fact, Fact, Fact]:
    """How certain what is said of a thing is, if that is less than high, what is to be noted, and the sources."""
    noted = texts(thing, _NOTE)
    tongue, _ = in_language({spoken: spoken for spoken in noted}, language)
    notes = tuple(Said(text=note, language=tongue) for note in noted.get(tongue, ()))
    doubts = (degree for degree in objects(thing, _CONFIDENCE) if Certainty(thing.iri, degree).words)
    sources = said(objects(thing, _SOURCE))
    return (
        Fact(marked("Certainty"), said(doubts)),
        Fact(marked("Notes") if len(notes) > 1 else marked("Note"), notes, is_prose=True),
        Fact(marked("Sources") if len(sources) > 1 else marked("Source"), sources),
    )


def _joined(said: Mapping[str, Iterable[str]], language: str) -> tuple[str, str]:
    return in_language({tongue: " ".join(each) for tongue, each in said.items()}, language)


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
    objectives = [part for part in _listed(site, objects(thing, _CG + "involvedIn")) if _is_objective(site, part.iri)]
    deferring = site.select(_DEFERRING % {"plan": plan_of(site), "x": reference(thing.iri)})
    own, through = (
        _listed(site, [row["objective"].value for row in deferring if (row["through"].value == thing.iri) is is_own])
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


_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OBJECTIVES = "SELECT DISTINCT ?x { ?x a cg:Objective ; cg:within %s ; cg:concernsTopic|cg:concernsGroup %s }"
_HEADINGS = {
    (False, False): marked("Objectives that concern it"),
    (False, True): marked("Objectives that concern it or something narrower"),
    (True, False): marked("Objectives that concern this group"),
    (True, True): marked("Objectives that concern this group or a narrower one"),
}
"""What the objectives are called: of a topic or of a group, which is people, without and with narrower ones."""
_NARROWER = "SELECT DISTINCT ?x { ?x skos:broader+ %s . ?part cg:topic|cg:populationGroup ?x }"


def concept(site: Site, thing: Thing, language: str) -> Profile | None:
    """The definition, the concepts around it, and the objectives that concern it; None for other concepts."""
    if not address_of_concept(thing.iri):
        return None
    rows = site.select(_OBJECTIVES % (plan_of(site), reference(thing.iri)))
    objectives = _listed(site, [row["x"].value for row in rows])
    narrower = objects(thing, _SKOS + "narrower")
    is_group = address_of_concept(thing.iri).startswith("/population-groups")
    told = facts(
        Fact(marked("Belongs to"), said(by_name(site, objects(thing, _SKOS + "broader"), language))),
        Fact(marked("Includes directly"), said(by_name(site, narrower, language))),
        Fact(
            _HEADINGS[is_group, bool(narrower)],
            parts=objectives,
            is_inferred=bool(objectives),
        ),
    )
    none = (
        marked("No objective of the plan concerns this group.")
        if is_group
        else marked("No objective of the plan concerns it.")
    )
    unknown = () if objectives else (none,)
    return Profile(*lead(thing, language), told, unknown)


def narrower_read(site: Site, thing: Thing, language: str) -> list[str]:
    """The topics or groups narrower than this one, near or far, of which parts of plans speak, by name."""
    if not address_of_concept(thing.iri):
        return []
    return by_name(site, (row["x"].value for row in site.select(_NARROWER % reference(thing.iri))), language)


_CG = ONTOLOGY + "#"
_DATE, _TITLE = (f"http://purl.org/dc/terms/{name}" for name in ("date", "title"))
_CITED = """
SELECT ?words (COUNT(DISTINCT ?mention) AS ?times) {
  ?mention cg:mentioned %s ; cg:inElement ?element ; cg:passage/cg:exact ?words FILTER (STRSTARTS(STR(?element), "%s"))
} GROUP BY ?words ORDER BY DESC(?times) ?words"""

_BESIDE = f"""
SELECT DISTINCT ?agent ?role ?doubted ?degree {{
  ?element cg:instrumentUse/cg:instrument %s ; cg:participation ?participation .
  ?participation cg:agent ?agent ; cg:role ?role{doubt("?participation")}
}} ORDER BY ?agent ?role ?doubted"""


def instrument(site: Site, thing: Thing, language: str) -> Profile:
    """Kind and date, the title that a source gives it beside the words by which the plan cites it, parties, uses."""
    plan = site.names.id("plan", "crm")
    cited = site.select(_CITED % (reference(thing.iri), plan))
    titles = [
        Said(text=title, language=tongue)
        for tongue, all in sorted(texts(thing, _TITLE).items(), key=lambda each: (each[0] != language, each[0]))
        for title in all
    ]
    uses: defaultdict[str, list[Certainty]] = defaultdict(list)
    for use in thing.readings.uses:
        if use.element.startswith(plan):
            uses[use.way].append(use.certainty)
    told = facts(
        Fact(marked("Kind"), said(objects(thing, _CG + "instrumentKind"))),
        Fact(marked("Date"), tuple(Said(text=date) for date in objects(thing, _DATE))),
        Fact(marked("Adopted by"), said(objects(thing, _CG + "adoptedBy"))),
        Fact(marked("Official title"), tuple(titles)),
        Fact(
            marked("As the plan cites it"),
            tuple(
                Said(
                    text=" ".join(row["words"].value.split()),
                    language="es",
                    detail=marked("%(value)s times") if row["times"].value != "1" else marked("once"),
                    amount=row["times"].value,
                )
                for row in cited
            ),
        ),
        Fact(marked("Parties"), said(by_name(site, objects(thing, _CG + "party"), language))),
        Fact(
            marked("What the plan does with it"),
            tuple(
                Said(
                    way,
                    detail=marked("%(value)s times") if len(uses[way]) > 1 else marked("once"),
                    amount=str(len(uses[way])),
                    certainty=certainty_of(uses[way]),
                )
                for way in sorted(uses, key=lambda way: -len(uses[way]))
            ),
        ),
        Fact(marked("Who takes part where the plan uses it"), _beside(site, thing, language)),
        *remarks(thing, language),
    )
    unknown = []
    if not uses and not cited:
        unknown.append(marked("The plan does not use it and does not name it."))
    if not objects(thing, _DATE):
        unknown.append(marked("Its date is not on record."))
    return Profile(*lead(thing, language), told, tuple(unknown))


def _beside(site: Site, thing: Thing, language: str) -> tuple[Said, ...]:
    """Who takes part, in which role, where the plan uses it, and how certain that is of each time."""
    found: defaultdict[tuple[str, str], list[Certainty]] = defaultdict(list)
    for row in site.select(_BESIDE % reference(thing.iri)):
        found[row["agent"].value, row["role"].value].append(certainty_in(row))
    names = by_name(site, (agent for agent, _ in found), language)
    ordered = sorted(found, key=lambda each: (names.index(each[0]), each[1]))
    return tuple(
        Said(agent, detail_iris=(role,), certainty=certainty_of(found[agent, role])) for agent, role in ordered
    )


_CG = ONTOLOGY + "#"
_STATES = "SELECT DISTINCT ?x { %s cg:place/cg:inState ?x }"
_OTHERS = """
SELECT DISTINCT ?x ?ordinal ?when {
  %s cg:ofBody ?body . ?x cg:ofBody ?body ; cg:ordinal ?ordinal . OPTIONAL { ?x cg:startDate|cg:endDate ?when }
}"""


def meeting(site: Site, thing: Thing, language: str) -> Profile:
    """Whose meeting it was and which in their order, when and where, and what is not known of that."""
    states = [row["x"].value for row in site.select(_STATES % reference(thing.iri))]
    began, ended = (next(iter(objects(thing, _CG + name)), "") for name in ("startDate", "endDate"))
    days = format_days(began, ended, language)
    numbered = {rank(row["ordinal"].value): row["x"].value for row in site.select(_OTHERS % reference(thing.iri))}
    own = rank(next(iter(objects(thing, _CG + "ordinal")), ""))
    told = facts(
        Fact(marked("A meeting of"), said(objects(thing, _CG + "ofBody"))),
        Fact(marked("In the process"), said(objects(thing, _CG + "process"))),
        Fact(marked("When"), (Said(text=days),) if days else ()),
        Fact(marked("Where"), said((*objects(thing, _CG + "place"), *states))),
        Fact(marked("Chaired by"), said(objects(thing, _CG + "chair"))),
        Fact(marked("Previous meeting"), said(filter(None, [numbered.get(own - 1, "") if own else ""]))),
        Fact(marked("Next meeting"), said(filter(None, [numbered.get(own + 1, "") if own else ""]))),
        *remarks(thing, language),
    )
    unknown = [] if days else [marked("Its date is not on record.")]
    if not objects(thing, _CG + "place"):
        unknown.append(marked("Its place is not on record."))
    return Profile(*lead(thing, language), told, tuple(unknown))


_CG = ONTOLOGY + "#"
_ROLES = f"{ONTOLOGY}/membership-role#"
_SENTENCES = {
    "member": marked("%(who)s is a member of the consultative process “%(process)s”"),
    "participant": marked("%(who)s takes part in the consultative process “%(process)s”"),
    "observer": marked("%(who)s takes part as an observer in the consultative process “%(process)s”"),
    "partner": marked("%(who)s works as a partner with the consultative process “%(process)s”"),
    "secretariat": marked("%(who)s provides or supports the secretariat of the consultative process “%(process)s”"),
    "presidency": marked("%(who)s held the presidency of the consultative process “%(process)s”"),
}
_SINCE = {
    "member": marked("%(who)s has been a member of the consultative process “%(process)s” since %(year)s."),
    "participant": marked("%(who)s has taken part in the consultative process “%(process)s” since %(year)s."),
    "observer": marked(
        "%(who)s has taken part as an observer in the consultative process “%(process)s” since %(year)s."
    ),
    "partner": marked("%(who)s has worked as a partner with the consultative process “%(process)s” since %(year)s."),
    "secretariat": marked(
        "%(who)s has provided or supported the secretariat of the consultative process “%(process)s” since %(year)s."
    ),
}
"""The same where it is on record when it began: English has another tense then."""


def membership(site: Site, thing: Thing, language: str) -> Profile:
    """A sentence that says all of it, and the same piece by piece, with how certain it is, also where it is certain."""
    agents, processes = objects(thing, _CG + "agent"), objects(thing, _CG + "process")
    roles, since, year = (objects(thing, _CG + name) for name in ("role", "since", "year"))
    _, note, source = remarks(thing, language)
    told = facts(
        Fact(marked("Who"), said(agents)),
        Fact(marked("In the process"), said(processes)),
        Fact(marked("In the capacity of"), said(roles)),
        Fact(marked("Since"), tuple(Said(text=each) for each in since)),
        Fact(marked("Year"), tuple(Said(text=each) for each in year)),
        Fact(marked("Certainty"), said(objects(thing, _CG + "confidence"))),
        note,
        source,
    )
    unknown = () if since or year else (marked("When it began is not on record."),)
    return Profile(_sentence(site, agents, processes, roles, since, year, language), language, told, unknown)


def _sentence(
    site: Site,
    agents: list[str],
    processes: list[str],
    roles: list[str],
    since: list[str],
    year: list[str],
    language: str,
) -> str:
    """All of it in one sentence; nothing where somebody wrote a membership that lacks one of its ends."""
    role = roles[0].removeprefix(_ROLES) if roles else ""
    pattern = _SENTENCES.get(role)
    if not (agents and processes and pattern):
        return ""
    labels = site.labels((agents[0], processes[0]))
    who, process = (in_language(labels.get(iri, {}), language)[0] or iri for iri in (agents[0], processes[0]))
    gettext = translations(language).gettext
    if since and role in _SINCE:
        return gettext(_SINCE[role]) % {"who": who, "process": process, "year": since[0]}
    sentence = gettext(pattern) % {"who": who, "process": process}
    return (gettext("%(sentence)s in %(year)s.") % {"sentence": sentence, "year": year[0]}) if year else sentence + "."


_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
_BY_CLASS: Mapping[str, Callable[[Site, Thing, str], Profile]] = {
    "State": state,
    "ConsultativeProcess": process,
    "Instrument": instrument,
    "Meeting": meeting,
    "Membership": membership,
    "Organ": actor,
    "Network": actor,
    "Organisation": actor,
    "AgentGroup": actor,
}


def profile(site: Site, thing: Thing, language: str) -> Profile | None:
    """The profile of a thing in a language; None for kinds of things that have none."""
    for name, made in _BY_CLASS.items():
        if thing.is_a(name):
            return made(site, thing, language)
    return concept(site, thing, language) if _CONCEPT in thing.types else None


def _listed(site: Site, iris: Iterable[str]) -> tuple[Part, ...]:
    """Return those of these IRIs that are parts of the plan, each once, in its order."""
    parts = plan_parts(site)
    return tuple(sorted({parts[iri] for iri in iris if iri in parts}, key=lambda part: part.place))
