"""The kinds of things that have an index, in the order in which the site lists them."""

import math
from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial

from crmgraph.http.languages import marked
from crmgraph.namespaces import ONTOLOGY
from crmgraph.site.base import Page, Record, Site, grouped, iri_ref, local_name
from crmgraph.site.indexes.index import (
    INDEX_FORMS,
    Column,
    Kind,
    fill_placeholders,
    index_page,
    name_keys,
)

ACTOR_SECTIONS = {
    "Organ": marked("Bodies"),
    "Network": marked("Networks"),
    "Organisation": marked("Organisations"),
    "AgentGroup": marked("Groups described, not named"),
    "State": marked("States"),
    "ConsultativeProcess": marked("Consultative processes"),
}
"""The headings of sections of actors by the class of the actors, in English and marked for translation."""

PROCESSES = ("/processes", marked("Consultative processes"))
"""The path and the title of the page of the processes: a chart that the site lists among the indexes."""

_CLASSES_LISTED_WITHOUT_ROLE = ("Organ", "Network", "Organisation", "AgentGroup")
# A FILTER is faster than a join: query engines would look up all parts of the plan first.
_IN_PLAN = "FILTER EXISTS { ?value cg:within {plan} ; cg:order ?order }"
_CERTAINTY = Column(
    "certainty",
    marked("Certainty"),
    "thing",
    "?x cg:confidence ?value FILTER (?value != confidence:high)",
    is_below=True,
)
_DESCRIPTION = Column("description", marked("What it is"), "texts", "?x a cg:Agent ; dcterms:description ?value")


def _year_expression(*dates: str) -> str:
    """Return the SPARQL expression for the year of the first of these dates that is bound."""
    return f"xsd:integer(SUBSTR(STR(COALESCE({', '.join(dates)})), 1, 4))"


def numeral_value_expression(numeral: str) -> str:
    """Return the SPARQL expression for the value of a Roman numeral up to XXXIX; 0 for any other text.

    The value is the sum of the letters, less 2 if an I is before a V or X.
    """
    letters = (f'{worth} * STRLEN(REPLACE({numeral}, "[^{sign}]", ""))' for sign, worth in (("X", 10), ("V", 5)))
    return f"""({" + ".join(letters)} + STRLEN(REPLACE({numeral}, "[^I]", "")) - IF(REGEX({numeral}, "I[VX]"), 2, 0))"""


_OF_BODY = """OPTIONAL { %(x)s cg:ofBody %(x)s_of } OPTIONAL { %(x)s cg:process %(x)s_in }
    BIND (COALESCE(%(x)s_of, %(x)s_in) AS %(body)s)"""
_UNDATED = f"""
  SELECT ?x (MAX(?past) AS ?after) (MIN(?future) AS ?before) {{
    ?x a cg:Meeting ; cg:ordinal ?numeral FILTER NOT EXISTS {{ ?x cg:startDate|cg:endDate ?known }}
    {_OF_BODY % {"x": "?x", "body": "?body"}}
    ?other a cg:Meeting ; cg:ordinal ?others ; cg:startDate|cg:endDate ?when .
    {_OF_BODY % {"x": "?other", "body": "?same"}} FILTER (?body = ?same)
    BIND ({_year_expression("?when")} AS ?year)
    BIND (IF({numeral_value_expression("?others")} < {numeral_value_expression("?numeral")}, ?year, 0) AS ?past)
    BIND (IF({numeral_value_expression("?others")} > {numeral_value_expression("?numeral")}, ?year, 9999) AS ?future)
  }} GROUP BY ?x"""
"""For a meeting without a date, the last year of earlier meetings of its body, and the first year of later ones."""
_YEARS = f"""{{ {_UNDATED} }} FILTER (?after > 0 || ?before < 9999)
  BIND (CONCAT(IF(?after > 0, STR(?after), ".."), "/", IF(?before < 9999, STR(?before), "..")) AS ?value)"""
_DURING = f"""?x a cg:Meeting OPTIONAL {{ ?x cg:startDate ?began }} OPTIONAL {{ ?x cg:endDate ?ended }}
  OPTIONAL {{ {_UNDATED} }}
  BIND (COALESCE({_year_expression("?began", "?ended")}, ?after, 0) AS ?first)
  BIND (COALESCE({_year_expression("?ended", "?began")}, ?before, 9999) AS ?last)
  BIND (IF(?last < {{from}} || ?first > {{to}}, false,
    IF(?first >= {{from}} && ?last <= {{to}}, true, ?x + 1)) AS ?value)"""
"""Whether a meeting was in the years of the plan. If unknown, the error in `?x + 1` leaves ?value unbound."""


def _split_into_sections(
    entries: Sequence[Record], *sections: tuple[str, str, Callable[[Record], object]]
) -> list[Record]:
    """Return the entries divided into sections with these names, headings and tests.

    An entry is in the first section whose test it passes. An entry that passes none is left out.
    """
    found = {name: Record(name=name, heading=heading, entries=[], iri="") for name, heading, _ in sections}
    for entry in entries:
        if name := next((name for name, _, test in sections if test(entry)), ""):
            found[name].entries.append(entry)
    return list(found.values())


def _arrange_actors(_: Site, entries: Sequence[Record], __: str) -> list[Record]:
    """Return a section for each class of actors with a role in the plan, and one for other organisations and groups.

    In each section, the actors with roles in most parts come first.
    """
    return _split_into_sections(
        sorted(entries, key=lambda each: -each.cells["parts"]),
        *(
            (name, heading, lambda each, name=name: bool(each.cells["parts"]) and _class_name(each) == name)
            for name, heading in ACTOR_SECTIONS.items()
        ),
        (
            "others",
            marked("Known from other sources; the plan gives them no role"),
            lambda each: not each.cells["parts"] and _class_name(each) in _CLASSES_LISTED_WITHOUT_ROLE,
        ),
    )


def _class_name(entry: Record) -> str:
    return local_name(entry.groups[-1])


def _arrange_networks(_: Site, entries: Sequence[Record], __: str) -> list[Record]:
    """Return sections of the networks and of the bodies, those with most objectives of the plan first."""
    return _split_into_sections(
        sorted(entries, key=lambda each: (-len(each.cells["objectives"]), -each.cells["acts"])),
        ("networks", marked("Networks"), lambda each: _class_name(each) == "Network"),
        ("bodies", marked("Bodies"), lambda each: _class_name(each) == "Organ"),
    )


def _arrange_instruments(site: Site, entries: Sequence[Record], _: str) -> list[Record]:
    """Return sections of the instruments in the plan, in its order, and of all others, by date."""
    first = {
        row["x"].value: int(row["first"].value)
        for row in site.select(fill_placeholders(site, _FIRST_OCCURRENCES))
        if "first" in row
    }
    by_date = sorted(entries, key=lambda each: "" if each.iri in first else each.cells["date"] or "9999")
    return _split_into_sections(
        sorted(by_date, key=lambda each: first.get(each.iri, math.inf)),
        ("plan", marked("In the plan"), lambda each: each.iri in first),
        ("others", marked("Known from other sources; the plan does not speak of them"), lambda _: True),
    )


_FIRST_OCCURRENCES = """
SELECT ?x (MIN(?order) AS ?first) {
  ?element cg:within {plan} ; cg:order ?order .
  { ?element cg:instrumentUse/cg:instrument ?x } UNION { ?element cg:mention/cg:mentioned ?x }
  ?x a cg:Instrument
} GROUP BY ?x"""


def _arrange_meetings(site: Site, entries: Sequence[Record], language: str) -> list[Record]:
    """Return a section for each body with its meetings by number and date. Bodies of the RCM come first."""
    home = iri_ref(site.names.id("process", "rcm"))
    ours = {row["x"].value for row in site.select(f"SELECT ?x {{ ?x cg:process {home} }}")}
    numbered = site.select(
        f"SELECT ?x ({numeral_value_expression('?ordinal')} AS ?n) {{ ?x a cg:Meeting ; cg:ordinal ?ordinal }}"
    )
    numbers = {row["x"].value: int(row["n"].value) for row in numbered}
    ordered = sorted(entries, key=lambda each: (numbers.get(each.iri, 0), each.cells["began"] or each.cells["ended"]))
    bodies: dict[str, list[Record]] = grouped(ordered, lambda each: next(iter(each.groups), ""))
    names = name_keys(site, bodies, language)

    def rank_of(body: str) -> tuple[object, ...]:
        return ours.isdisjoint(each.iri for each in bodies[body]), not body, -len(bodies[body]), names[body]

    return [
        Record(
            name=body.rpartition("/")[2] or "others",
            heading="" if body else marked("Meetings of bodies outside the graph"),
            entries=bodies[body],
            iri=body,
        )
        for body in sorted(bodies, key=rank_of)
    ]


def _arrange_states(site: Site, entries: Sequence[Record], _: str) -> list[Record]:
    """Return sections of the members of the RCM, of other States in the plan, and of the rest."""
    home = site.names.id("process", "rcm")
    return _split_into_sections(
        entries,
        (
            "members",
            marked("Members of the Regional Conference on Migration"),
            lambda each: home in each.cells["member"],
        ),
        ("named", marked("Others that the plan names"), lambda each: each.cells["named"]),
        ("others", marked("All others, which the plan does not name"), lambda _: True),
    )


def _arrange_concepts(_: Site, entries: Sequence[Record], __: str) -> list[Record]:
    """Return one section with all concepts as a tree, each below its broader concept."""

    def subtree(broader: str, level: int) -> list[Record]:
        found = []
        for entry in entries:
            if broader in entry.groups if broader else not entry.groups:
                also = [each.iri for each in entries if each.iri != broader and each.iri in entry.groups]
                found += [Record(**{**vars(entry), "level": level, "also_below": also}), *subtree(entry.iri, level + 1)]
        return found

    return [Record(name="all", heading="", entries=subtree("", 0), iri="")]


def _concepts_pattern(scheme: str) -> str:
    """Return the SPARQL pattern for the concepts ?x of a scheme, with their direct broader concepts as ?group."""
    return f"""?x skos:inScheme <{ONTOLOGY}/{scheme}> .
  OPTIONAL {{ ?x skos:broader ?group . ?group skos:inScheme <{ONTOLOGY}/{scheme}>
    FILTER NOT EXISTS {{ ?x skos:broader ?between . ?between skos:broader ?group }} }}"""


def _concept_columns(own_property: str, concern_property: str, objectives: str, parts: str) -> tuple[Column, ...]:
    """Return the columns of an index of concepts.

    Arguments:
        own_property: The property from a part of the plan to a concept that its own text mentions.
        concern_property: The property from an objective to a concept that the text of the objective or its parts
            concerns.
        objectives: The heading of the column of objectives.
        parts: The heading of the column with the number of parts.
    """
    return (
        Column("definition", marked("What it means"), "texts", "?x skos:definition ?value"),
        Column(
            "objectives", objectives, "parts", f"?value a cg:Objective ; cg:within {{plan}} ; {concern_property} ?x"
        ),
        Column("parts", parts, "number", f"?value {own_property} ?x . {_IN_PLAN}"),
    )


KINDS = (
    Kind(
        "/actors",
        marked("Actors"),
        marked(
            "Everybody to whom the plan gives a role: what they are, which roles they have, and in how many parts of "
            "the plan. Those known only from other sources come last."
        ),
        "All actors, and their roles in the plan",
        "VALUES ?class { cg:Organ cg:Network cg:Organisation cg:AgentGroup } ?x a ?class .",
        (
            _DESCRIPTION,
            Column(
                "parts",
                marked("Parts with a role"),
                "number",
                "?value cg:within {plan} ; cg:participation ?taking . ?taking cg:agent ?x ; cg:role ?role",
            ),
            Column(
                "roles",
                marked("Roles, and in how many parts"),
                "counted",
                "?element cg:within {plan} ; cg:participation ?taking . ?taking cg:agent ?x ; cg:role ?value",
            ),
            Column(
                "processes",
                marked("Processes that it takes part in"),
                "things",
                "?x ^org:member/org:organization ?value",
            ),
        ),
        _arrange_actors,
        {"role-counts": {}, "agent-roles": {"agent": "any"}, "agents-named": {}},
        ("Organisation", "AgentGroup"),
        grouped="VALUES ?group { cg:Organ cg:Network cg:Organisation cg:AgentGroup cg:State cg:ConsultativeProcess } "
        "?x a ?group",
    ),
    Kind(
        "/networks",
        marked("Bodies and networks"),
        marked(
            "The bodies and networks through which the process acts, and the objectives of the plan that refer to a "
            "network’s work plan instead of saying what is to be done. A body or network acts in a part if it does "
            "something there or is to do it. A part that only refers to its work plan, follows it up or assists it "
            "gives it a role too, but such roles are counted only on the page of the actors."
        ),
        "All bodies and networks, and the objectives that refer to their work plan",
        "VALUES ?class { cg:Organ cg:Network } ?x a ?class .",
        (
            _DESCRIPTION,
            Column("process", marked("Of which process"), "things", "?x cg:bodyOf ?value"),
            Column("members", marked("Networks that it takes in"), "things", "?x cg:member ?value", is_below=True),
            Column(
                "objectives",
                marked("Objectives that refer to its work plan"),
                "parts",
                "?value a cg:Objective ; cg:within {plan} ; cg:networkWithin ?x",
            ),
            Column(
                "throughAll",
                marked("Objectives that refer to the work plan of each network"),
                "parts",
                "?value a cg:Objective ; cg:within {plan} ; cg:networkWithin ?named . ?named cg:member ?x "
                "FILTER (?x != ?named)",
            ),
            Column(
                "acts",
                marked("Parts in which it acts"),
                "number",
                "?value cg:within {plan} ; cg:participation ?taking . ?taking cg:agent ?x ; "
                f"cg:role/skos:broader <{ONTOLOGY}/participation-role#acts>",
            ),
            Column("meetings", marked("Meetings on record"), "number", "?value cg:ofBody ?x"),
        ),
        _arrange_networks,
        {"network-objectives": {}, "body-duties": {}},
        ("Organ", "Network"),
        grouped="VALUES ?group { cg:Organ cg:Network } ?x a ?group",
    ),
    Kind(
        "/instruments",
        marked("Instruments, programmes and funds"),
        marked(
            "Agreements, laws, guidelines, programmes and funds: their kind and date, whether the plan relies on them "
            "or only speaks of them, and what else is on record. A part may use one without calling it by its name."
        ),
        "All instruments, and what the plan does with them",
        "?x a cg:Instrument .",
        (
            Column("kind", marked("Kind"), "thing", "?x cg:instrumentKind ?value"),
            Column("date", marked("Date"), "date", "?x dcterms:date ?value", is_below=True),
            _CERTAINTY,
            Column(
                "uses",
                marked("What the plan does with it, and in how many parts"),
                "counted",
                "?element cg:within {plan} ; cg:instrumentUse ?using . ?using cg:instrument ?x ; cg:use ?value",
            ),
            # Only for instruments that the plan uses: for the others, the value stays unknown instead of false.
            Column(
                "relied",
                marked("The plan relies on it"),
                "truth",
                """{ ?part cg:within {plan} ; cg:instrumentUse/cg:instrument ?x BIND (false AS ?value) }
                UNION { {plan} cg:reliesOn ?x BIND (true AS ?value) }""",
            ),
            Column(
                "named",
                marked("Parts that call it by its name"),
                "number",
                f"?x a cg:Instrument . ?ground cg:mentioned ?x . ?value cg:mention ?ground . {_IN_PLAN}",
            ),
            Column("parties", marked("Parties known"), "number", "?x cg:party ?value"),
            Column("adoptedBy", marked("Adopted by"), "things", "?x cg:adoptedBy ?value"),
        ),
        _arrange_instruments,
        {"instruments": {}, "cited-titles": {}, "instrument-objectives": {"instrument": "any"}},
        ("Instrument",),
        grouped="?x a cg:Instrument ; cg:instrumentKind ?kind",
    ),
    Kind(
        "/meetings",
        marked("Meetings"),
        marked(
            "When and where each meeting on record took place, and which parts of the plan name it. Where the date is "
            "not known, the meeting’s number in its series narrows down the years as far as possible."
        ),
        "All meetings, and whether they were in the years that the plan speaks of",
        "?x a cg:Meeting .",
        (
            Column("began", marked("Date"), "period", "?x a cg:Meeting ; cg:startDate ?value"),
            Column("ended", marked("Ended"), "date", "?x a cg:Meeting ; cg:endDate ?value", is_of="began"),
            Column("years", marked("Years, where no date is known"), "period", _YEARS, is_of="began"),
            Column("places", marked("Place"), "things", "?x a cg:Meeting ; cg:place ?value"),
            Column(
                "states",
                marked("State"),
                "things",
                "?x a cg:Meeting . { ?x cg:place ?value } UNION { ?x cg:place/cg:inState ?value } ?value a cg:State",
            ),
            Column("chairs", marked("Chaired by"), "things", "?x cg:chair ?value"),
            _CERTAINTY,
            Column("during", marked("In the plan’s years"), "truth", _DURING),
            Column(
                "named",
                marked("Parts of the plan"),
                "parts",
                """?x a cg:Meeting .
                { ?ground cg:mentioned ?x . ?value cg:mention ?ground } UNION { ?value cg:meeting ?x }""",
            ),
        ),
        _arrange_meetings,
        {"meetings-during-plan": {}, "meetings-named": {}},
        ("Meeting",),
        grouped="""?x a cg:Meeting . OPTIONAL { ?x cg:ofBody ?of } OPTIONAL { ?x cg:process ?process }
        BIND (COALESCE(?of, ?process) AS ?group)""",
        has_years=True,
    ),
    Kind(
        "/states",
        marked("States"),
        marked(
            "All States and territories on record: since when they have been members, which other processes they take "
            "part in, how many instruments they are parties to, and how many parts of the plan name them."
        ),
        "All States, and the processes that they take part in",
        "?x a cg:State .",
        (
            Column("code", marked("Code (ISO 3166)"), "texts", "?x a cg:State ; cg:iso3 ?value"),
            Column(
                "since",
                marked("Member of the RCM since"),
                "date",
                "{plan} cg:planOf ?home . ?held org:organization ?home ; org:role membership-role:member ; "
                "org:member ?x ; cg:since ?value",
            ),
            Column(
                "member",
                marked("Member of the processes"),
                "things",
                "?x a cg:State ; ^cg:member ?value . ?value a cg:ConsultativeProcess",
            ),
            Column(
                "participant",
                marked("Takes part in; membership not on record"),
                "things",
                """?x a cg:State . ?held org:member ?x ; org:role membership-role:participant ; org:organization ?value
                FILTER NOT EXISTS { ?x ^cg:member ?value }""",
            ),
            Column(
                "other",
                marked("Observer or partner of, not a member"),
                "things",
                """?x a cg:State ; ^org:member/org:organization ?value .
                MINUS { ?x ^cg:member ?value }
                MINUS { ?held org:member ?x ; org:organization ?value ; org:role membership-role:participant }""",
            ),
            Column("instruments", marked("Party to instruments"), "number", "?value cg:party ?x"),
            Column(
                "named",
                marked("Parts that name it"),
                "number",
                f"""?x a cg:State .
                {{ ?ground cg:mentioned ?x . ?value cg:mention ?ground }}
                UNION {{ ?ground cg:agent ?x . ?value cg:participation ?ground }}
                UNION {{ ?value cg:place ?x FILTER NOT EXISTS {{ ?value cg:schedule/cg:place ?x }} }}
                {_IN_PLAN}""",
            ),
        ),
        _arrange_states,
        {"states-named": {}, "process-members": {}, "instrument-parties": {}},
        ("State",),
    ),
    Kind(
        "/topics",
        marked("Topics"),
        marked(
            "What the plan is about. An objective concerns a topic if its words, or those of one of its parts, speak "
            "of it or of a narrower topic; the title of a theme that they only cite does not count. The number of "
            "parts leaves out those that speak only of a narrower one."
        ),
        "All topics, and the objectives that concern them",
        f"?x skos:inScheme <{ONTOLOGY}/topic> .",
        _concept_columns(
            "cg:topic",
            "cg:topicWithin",
            marked("Objectives that concern it or something narrower"),
            marked("Parts that speak of exactly this"),
        ),
        _arrange_concepts,
        {"topic-objectives": {"topic": "any"}, "topics-by-theme": {}},
        scheme="topic",
        example="return",
        grouped=_concepts_pattern("topic"),
    ),
    Kind(
        "/population-groups",
        marked("Population groups"),
        marked(
            "Whom the plan is about. An objective concerns a group if its words, or those of one of its parts, speak "
            "of it or of a narrower group. The number of parts leaves out those that speak only of a narrower one."
        ),
        "All population groups, and the objectives that concern them",
        f"?x skos:inScheme <{ONTOLOGY}/population-group> .",
        _concept_columns(
            "cg:populationGroup",
            "cg:groupWithin",
            marked("Objectives that concern this group or a narrower one"),
            marked("Parts that speak of this very group"),
        ),
        _arrange_concepts,
        {"group-objectives": {"group": "any"}, "population-groups-by-theme": {}},
        scheme="population-group",
        example="refugees",
        grouped=_concepts_pattern("population-group"),
    ),
)


def index_pages() -> Iterator[Page]:
    """Return the page of each index."""
    titles = [*((kind.path, kind.title) for kind in KINDS), PROCESSES]
    return (Page(kind.path, kind.summary, partial(index_page, kind=kind, kinds=titles), INDEX_FORMS) for kind in KINDS)


def find_index(classes: Container[str], iri: str) -> tuple[str, str]:
    """Return the path and the title of the index that contains a thing; both empty if there is none.

    A membership belongs to the page of the processes.

    Arguments:
        classes: The local names of the classes of the thing.
        iri: Its IRI.
    """
    if "ConsultativeProcess" in classes or "Membership" in classes:
        return PROCESSES
    found = next((kind for kind in KINDS if kind.address(iri) or any(name in classes for name in kind.classes)), None)
    return (found.path, found.title) if found else ("", "")


def address_of_concept(iri: str) -> str:
    """Return the path of the page of a topic or a population group; empty for anything else."""
    return next((address for kind in KINDS if (address := kind.address(iri))), "")
