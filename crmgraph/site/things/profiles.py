"""Profiles: the summary at the top of the page of a thing.

A profile has a sentence that describes the thing, a list of facts, and sentences about what is not known. Its content
depends on the class of the thing. Parts of plans have no profile: their pages show their text and their parts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crmgraph.http.languages import format_days, marked
from crmgraph.inference.rules import iri
from crmgraph.site.base import (
    CERTAIN,
    Certainty,
    Record,
    Row,
    Site,
    certainty_in,
    certainty_of,
    certainty_pattern,
    grouped,
    in_language,
    iri_ref,
    name_key,
    rows_by,
    value_or_empty,
)
from crmgraph.site.indexes.index import fill_placeholders, plan_parts
from crmgraph.site.indexes.kinds import address_of_concept, numeral_value_expression

_OBJECTIVES_HEADINGS = {
    (False, False): marked("Objectives that concern it"),
    (False, True): marked("Objectives that concern it or something narrower"),
    (True, False): marked("Objectives that concern this group"),
    (True, True): marked("Objectives that concern this group or a narrower one"),
}
"""The heading of the objectives of a concept: whether it is a population group, whether it has narrower concepts."""

_NO_OBJECTIVES_SENTENCES = {
    False: marked("No objective of the plan concerns it."),
    True: marked("No objective of the plan concerns this group."),
}


@dataclass(frozen=True)
class Value:
    """A value of a fact: a thing or a text, with an optional detail in brackets.

    Attributes:
        iri: The IRI of the thing; empty for a text.
        text: The text; empty for a thing.
        language: The language of the text; empty for none.
        detail_iris: The IRIs of things whose names are the detail, such as roles.
        detail: The detail as a sentence in English, marked for translation, with %(value)s for the `amount`.
        amount: A date or a number; without `detail`, it is the detail itself.
        certainty: How certain the value and its detail are.
    """

    iri: str = ""
    text: str = ""
    language: str = ""
    detail_iris: tuple[str, ...] = ()
    detail: str = ""
    amount: str = ""
    certainty: Certainty = CERTAIN


_Compute = Callable[[Site, Record, str], Sequence[Value]]


@dataclass(frozen=True)
class Fact:
    """A line of a profile: a heading with values, or with parts of the plan.

    The values come from `properties`, a `query` or `compute`. In a query, `{thing}` and `{plan}` stand for the IRIs of
    the thing and of the plan. A query binds ?x (a thing) or ?text (words of the plan). It may also bind ?details (IRIs
    separated by spaces), an ?amount, the days ?began and ?ended, and the variables of `certainty_pattern`.

    Attributes:
        heading: The heading, in English and marked for translation.
        properties: Properties of the thing, such as `dcterms:date`.
        query: A SPARQL query.
        compute: Returns the values, given the site, the thing and the language.
        order: The sort order of the values: `name`, `detail`, `amount`, or `query` for that of the rows or properties.
        detail: The `detail` of each value that has an amount.
        once: The `detail` of a value whose amount is 1.
        plural: The heading for several values; empty if it is the same.
        is_counted: Whether the amount of a value is the number of its rows.
        are_parts: Whether the query returns parts of the plan.
        is_inferred: Whether the fact is inferred: what concerns a part of an objective concerns the objective.
        is_prose: Whether each value is shown as a paragraph.
        values: The values, filled in for a thing.
        parts: The parts of the plan, filled in for a thing.
    """

    heading: str
    properties: Sequence[str] = ()
    query: str = ""
    compute: _Compute | None = None
    order: str = "name"
    detail: str = ""
    once: str = ""
    plural: str = ""
    is_counted: bool = False
    are_parts: bool = False
    is_inferred: bool = False
    is_prose: bool = False
    values: Sequence[Value] = ()
    parts: Sequence[Record] = ()


def _with_values(fact: Fact, site: Site, thing: Record, language: str) -> Fact:
    """Return the fact with its values, or parts of the plan, for a thing."""
    query = fill_placeholders(site, fact.query.replace("{thing}", iri_ref(thing.iri)))
    rows = site.select(query) if query else ()
    if fact.are_parts:
        parts = plan_parts(site)
        named = {row["x"].value for row in rows}
        return replace(fact, parts=sorted((parts[iri] for iri in parts.keys() & named), key=lambda part: part.place))
    if fact.compute:
        values = fact.compute(site, thing, language)
    else:
        values = (
            _values_in_rows(fact, site, rows, language)
            if fact.query
            else list(_property_values(thing, *fact.properties))
        )
    if fact.properties and fact.order == "name":
        values = _sort_by_name(site, values, language)
    heading = fact.plural if fact.plural and len(values) > 1 else fact.heading
    return replace(fact, values=values, heading=heading)


def _values_in_rows(fact: Fact, site: Site, rows: Iterable[Row], language: str) -> Sequence[Value]:
    """Return the values in the rows of the query of a fact, in the order of the fact."""
    values = []
    for each in rows_by(rows, "x", "text", "details", "amount", "began", "ended").values():
        row = each[0]
        days = format_days(value_or_empty(row, "began"), value_or_empty(row, "ended"), language)
        amount = str(len(each)) if fact.is_counted else value_or_empty(row, "amount") or days
        values.append(
            Value(
                value_or_empty(row, "x"),
                " ".join(value_or_empty(row, "text").split()),
                "es" if "text" in row else "",
                tuple(sorted(value_or_empty(row, "details").split())),
                (fact.once if fact.once and amount == "1" else fact.detail) if amount else "",
                amount,
                certainty_of(map(certainty_in, each)),
            )
        )
    if fact.order != "query":
        values = _sort_by_name(site, values, language)
    if fact.order == "detail":
        values.sort(key=lambda each: each.detail_iris[:1])
    elif fact.order == "amount":
        values.sort(key=lambda each: -int(each.amount) if fact.is_counted else int(each.amount))
    return values


_ProfileTemplate = tuple[Sequence[Fact], Mapping[str, Sequence[str]]]
"""The facts of the profiles of the things of some classes, and sentences about what is not known.

Each sentence has headings of facts. It is shown if none of these facts has a value; with no headings, if the plan does
not mention the thing.
"""


def read_profile(site: Site, thing: Record, language: str) -> Record | None:
    """Return the profile of a thing in a language, or None if things of its classes have none.

    Attributes of the result:
        lead: A sentence that describes the thing, in the language `language`; empty for none.
        facts: The facts that have values.
        unknown: Sentences about what is not known, in English and marked for translation.
        iris: The IRIs of all things in the facts.
    """
    kind = next((each for name, each in _PROFILES.items() if name in thing.kinds), None) or _concept_template(thing)
    if kind is None:
        return None
    facts_of_kind, sentences = kind
    facts = [told for fact in facts_of_kind if (told := _with_values(fact, site, thing, language)).values or told.parts]
    headings = {fact.heading for fact in facts}
    unknown = [
        sentence
        for sentence, lacking in sentences.items()
        if (headings.isdisjoint(lacking) if lacking else not _is_in_plan(site, thing))
    ]
    lead, spoken = _description(thing, language)
    iris = [
        *(iri for fact in facts for each in fact.values for iri in (each.iri, *each.detail_iris)),
        *(iri for fact in facts for part in fact.parts for iri in (part.iri, part.theme)),
    ]
    return Record(lead=lead, language=spoken, facts=facts, unknown=unknown, iris=iris)


def _concept_template(thing: Record) -> _ProfileTemplate | None:
    """Return the template for a topic or a population group; None for anything else."""
    address = address_of_concept(thing.iri)
    if not address:
        return None
    is_group = address.startswith("/population-groups")
    heading = _OBJECTIVES_HEADINGS[is_group, any(_property_values(thing, "skos:narrower"))]
    facts = (
        Fact(marked("Belongs to"), ["skos:broader"]),
        Fact(marked("Includes directly"), ["skos:narrower"]),
        _objectives_fact(heading, "?x cg:topicWithin|cg:groupWithin {thing}", is_inferred=True),
    )
    return facts, {_NO_OBJECTIVES_SENTENCES[is_group]: (heading,)}


def _sort_by_name(site: Site, values: Iterable[Value], language: str) -> list[Value]:
    """Return the values sorted by the names of the things. The Regional Conference on Migration comes first."""
    listed, home = list(values), site.names.id("process", "rcm")
    labels = site.labels(each.iri for each in listed)
    return sorted(
        listed,
        key=lambda each: (
            each.iri != home,
            name_key(in_language(labels.get(each.iri, {}), language)[0] or each.iri),
            each.detail_iris,
        ),
    )


def _property_values(thing: Record, *properties: str) -> Iterator[Value]:
    """Yield the values of properties of a thing, such as `dcterms:date`; each value once."""
    wanted = {iri(each).value for each in properties}
    terms = (each.value for group in thing.about if group.predicate in wanted for each in group.statements)
    for term in dict.fromkeys(terms):
        yield Value(term.value) if term.is_iri else Value(text=term.value, language=term.language)


def _description(thing: Record, language: str) -> tuple[str, str]:
    """Return the description or definition of a thing, and its language; both empty if there is none."""
    found = grouped(_property_values(thing, "dcterms:description", "skos:definition"), lambda each: each.language)
    return in_language({tongue: " ".join(each.text for each in texts) for tongue, texts in found.items()}, language)


def _is_in_plan(site: Site, thing: Record) -> bool:
    plan, readings = site.names.id("plan", "crm"), thing.readings
    told = (each for kind in ("participations", "circumstances", "mentions") for each in readings.by_kind[kind])
    return any(f"{reading.element}/".startswith(f"{plan}/") for reading in told)


def _other_names(_: Site, thing: Record, language: str) -> Sequence[Value]:
    listed = [
        each
        for tongue in (language, "")
        for each in _property_values(thing, "skos:altLabel")
        if each.language == tongue
    ]
    return [
        Value(text=name, language=language)
        for name in dict.fromkeys(each.text for each in listed)
        if name != thing.label
    ]


def _notes(_: Site, thing: Record, language: str) -> Sequence[Value]:
    notes = list(_property_values(thing, "skos:note"))
    tongue, _language = in_language({each.language: each.language for each in notes}, language)
    return [each for each in notes if each.language == tongue]


def _days(_: Site, thing: Record, language: str) -> Sequence[Value]:
    began, ended = (next(iter(_property_values(thing, name)), Value()).text for name in ("cg:startDate", "cg:endDate"))
    days = format_days(began, ended, language)
    return [Value(text=days)] if days else []


def _membership_query(own: str, other: str, condition: str, bound: str) -> str:
    """Return the query for the agents of a process, or the processes of an agent.

    Arguments:
        own: The property from a membership to the thing of the profile: `org:member` or `org:organization`.
        other: The property from a membership to the values: the other of the two.
        condition: A SPARQL filter on the ?role of the membership.
        bound: The further variables to select.
    """
    return f"""
SELECT DISTINCT ?x {bound} ?doubted ?degree {{
  ?membership {own} {{thing}} ; {other} ?x ; org:role ?role {condition}
  OPTIONAL {{ ?membership cg:since ?since }}
  OPTIONAL {{ ?membership cg:year ?year }}{certainty_pattern("?membership")}
}}"""


def _membership_facts(own: str, other: str, *headings: str) -> tuple[Fact, ...]:
    """Return the facts about memberships, under these five headings.

    The order is: members, participants, secretariat, observers and partners, presidencies. `own` and `other` are as
    for `_membership_query`.
    """
    *since, also, presidencies = headings
    return (
        *(
            Fact(
                heading,
                query=_membership_query(own, other, f"FILTER (?role = membership-role:{role})", "(?since AS ?amount)"),
                detail=marked("since %(value)s"),
            )
            for heading, role in zip(since, ("member", "participant", "secretariat"), strict=True)
        ),
        # If the roles of an agent differ in certainty, the agent has several rows.
        Fact(
            also,
            query=f"""
SELECT ?x ?doubted ?degree (GROUP_CONCAT(DISTINCT STR(?role)) AS ?details) {{
  ?membership {own} {{thing}} ; {other} ?x ; org:role ?role
  FILTER (?role NOT IN (membership-role:member, membership-role:participant, membership-role:secretariat,
    membership-role:presidency)){certainty_pattern("?membership")}
}} GROUP BY ?x ?doubted ?degree""",
            order="detail",
        ),
        Fact(
            presidencies,
            query=_membership_query(own, other, "FILTER (?role = membership-role:presidency)", "(?year AS ?amount)"),
            detail=marked("in %(value)s"),
            order="amount",
        ),
    )


def _meetings_fact(heading: str, pattern: str) -> Fact:
    """Return the fact about the meetings ?x that fulfil a pattern, by date; those without a date come last."""
    return Fact(
        heading,
        query=f"""
SELECT ?x ?doubted ?degree (MIN(?first) AS ?began) (MAX(?last) AS ?ended) {{
  {pattern} ?x a cg:Meeting .
  OPTIONAL {{ ?x cg:startDate ?first }}
  OPTIONAL {{ ?x cg:endDate ?last }}{certainty_pattern("?x")}
}} GROUP BY ?x ?doubted ?degree
ORDER BY DESC(BOUND(?began) || BOUND(?ended)) COALESCE(?began, ?ended) ?x""",
        order="query",
    )


def _adjacent_meeting_fact(heading: str, step: str) -> Fact:
    """Return the fact about the meeting of the same body with the previous or next number (`step`: `- 1` or `+ 1`)."""
    own, other = numeral_value_expression("?own"), numeral_value_expression("?other")
    return Fact(
        heading,
        query=f"""
SELECT ?x {{
  {{thing}} cg:ofBody ?body ; cg:ordinal ?own . ?x cg:ofBody ?body ; cg:ordinal ?other
  FILTER ({other} = {own} {step} && {own} > 0)
}}""",
    )


def _members_fact(heading: str, whole: str, pattern: str) -> Fact:
    """Return the fact about the members of a network, or the networks that contain a member, with their certainty.

    Arguments:
        heading: The heading of the fact.
        whole: The SPARQL term of the network: `{thing}` or `?x`.
        pattern: The pattern that the values ?x fulfil.
    """
    part = "{thing}" if whole == "?x" else "?x"
    return Fact(
        heading,
        query=f"""
SELECT DISTINCT ?x ?doubted ?degree {{
  {pattern}
  OPTIONAL {{ ?said rdf:subject {whole} ; rdf:predicate cg:member ; rdf:object {part}{certainty_pattern("?said")} }}
}}""",
    )


def _objectives_fact(heading: str, pattern: str, *, is_inferred: bool = False) -> Fact:
    """Return the fact about the objectives ?x of the plan that fulfil a pattern."""
    return Fact(
        heading,
        query=f"SELECT DISTINCT ?x {{ ?x a cg:Objective ; cg:within {{plan}} . {pattern} }}",
        are_parts=True,
        is_inferred=is_inferred,
    )


_ALSO_CALLED = Fact(marked("Also called"), compute=_other_names)
_NOTE = Fact(marked("Note"), compute=_notes, plural=marked("Notes"), is_prose=True)
_SOURCE = Fact(marked("Source"), ["dcterms:source"], plural=marked("Sources"), order="query")
_REMARKS = (
    Fact(
        marked("Certainty"),
        query="SELECT ?x { {thing} cg:confidence ?x FILTER (?x != confidence:high) }",
    ),
    _NOTE,
    _SOURCE,
)
_HEADINGS_OF_AGENT = (
    marked("Member of"),
    marked("Takes part in; membership not on record"),
    marked("Secretariat of"),
    marked("Observer or partner of, not a member"),
    marked("Presidencies held, as far as they are on record"),
)
_HEADINGS_OF_PROCESS = (
    marked("Members"),
    marked("Participants; membership not on record"),
    marked("Secretariat"),
    marked("Observers and partners, not members"),
    marked("Presidencies on record"),
)
_NOT_IN_PLAN = marked("The plan does not name it and gives it no role.")
_NO_DATE = marked("Its date is not on record.")
_ACTOR: _ProfileTemplate = (
    (
        Fact(marked("A body of"), ["cg:bodyOf"], order="query"),
        _members_fact(marked("Takes in"), "{thing}", "{thing} cg:member ?x"),
        _members_fact(marked("Is one of"), "?x", "?x a cg:Network ; cg:member {thing}"),
        *_membership_facts("org:member", "org:organization", *_HEADINGS_OF_AGENT),
        _objectives_fact(marked("Objectives that refer to its work plan"), "?x cg:networkWithin {thing}"),
        _objectives_fact(
            marked("Objectives that refer to the work plan of each network"),
            "?x cg:networkWithin ?through . ?through cg:member {thing} FILTER (?through != {thing})",
        ),
        _objectives_fact(
            marked("Objectives in which it has a role"), "?x cg:participationWithin/cg:agent {thing}", is_inferred=True
        ),
        _meetings_fact(marked("Its meetings on record"), "?x cg:process|cg:ofBody {thing} ."),
        _ALSO_CALLED,
        *_REMARKS,
    ),
    {_NOT_IN_PLAN: ()},
)
_PROFILES: Mapping[str, _ProfileTemplate] = {
    "State": (
        (
            *_membership_facts("org:member", "org:organization", *_HEADINGS_OF_AGENT),
            Fact(
                marked("Party to"),
                query="SELECT DISTINCT ?x ?amount { ?x cg:party {thing} . OPTIONAL { ?x dcterms:date ?amount } }",
            ),
            _meetings_fact(
                marked("Meetings held there"), "{ ?x cg:place {thing} } UNION { ?x cg:place/cg:inState {thing} }"
            ),
            _ALSO_CALLED,
            *_REMARKS,
        ),
        {
            marked("It is not on record as taking part in any consultative process."): _HEADINGS_OF_AGENT,
            _NOT_IN_PLAN: (),
        },
    ),
    "ConsultativeProcess": (
        (
            Fact(marked("Since"), ["cg:since"], order="query"),
            Fact(marked("Level and status"), ["cg:processLevel", "cg:processStatus"], order="query"),
            *_membership_facts("org:organization", "org:member", *_HEADINGS_OF_PROCESS),
            Fact(marked("Its bodies and networks"), query="SELECT DISTINCT ?x { ?x cg:bodyOf {thing} }"),
            Fact(marked("Its plans"), query="SELECT DISTINCT ?x { ?x cg:planOf {thing} }"),
            _meetings_fact(marked("Its meetings on record"), "?x cg:process|cg:ofBody {thing} ."),
            _ALSO_CALLED,
            *_REMARKS,
        ),
        {marked("It is not on record who takes part in it."): _HEADINGS_OF_PROCESS},
    ),
    "Instrument": (
        (
            Fact(marked("Kind"), ["cg:instrumentKind"], order="query"),
            Fact(marked("Date"), ["dcterms:date"], order="query"),
            Fact(marked("Adopted by"), ["cg:adoptedBy"], order="query"),
            Fact(marked("Official title"), ["dcterms:title"], order="query"),
            Fact(
                marked("As the plan cites it"),
                query="""
SELECT DISTINCT ?text ?mention {
  ?mention cg:mentioned {thing} ; ^cg:mention/cg:within? {plan} ; cg:passage/cg:exact ?text
} ORDER BY ?text""",
                order="amount",
                detail=marked("%(value)s times"),
                once=marked("once"),
                is_counted=True,
            ),
            Fact(marked("Parties"), ["cg:party"]),
            Fact(
                marked("What the plan does with it"),
                query=f"""
SELECT DISTINCT ?x ?using ?order ?doubted ?degree {{
  ?element cg:within {{plan}} ; cg:instrumentUse ?using . ?using cg:instrument {{thing}} ; cg:use ?x
  OPTIONAL {{ ?element cg:order ?order }}{certainty_pattern("?using")}
}} ORDER BY ?order ?x""",
                order="amount",
                detail=marked("%(value)s times"),
                once=marked("once"),
                is_counted=True,
            ),
            Fact(
                marked("Who takes part where the plan uses it"),
                query=f"""
SELECT DISTINCT ?x (STR(?role) AS ?details) ?doubted ?degree {{
  ?element cg:instrumentUse/cg:instrument {{thing}} ; cg:participation ?participation .
  ?participation cg:agent ?x ; cg:role ?role{certainty_pattern("?participation")}
}} ORDER BY ?x ?role ?doubted""",
            ),
            *_REMARKS,
        ),
        {
            marked("The plan does not use it and does not name it."): (
                "As the plan cites it",
                "What the plan does with it",
            ),
            _NO_DATE: ("Date",),
        },
    ),
    "Meeting": (
        (
            Fact(marked("A meeting of"), ["cg:ofBody"], order="query"),
            Fact(marked("In the process"), ["cg:process"], order="query"),
            Fact(marked("When"), compute=_days),
            Fact(
                marked("Where"),
                query="""
SELECT DISTINCT ?x ?step {
  { {thing} cg:place ?x BIND (1 AS ?step) } UNION { {thing} cg:place/cg:inState ?x BIND (2 AS ?step) }
} ORDER BY ?step ?x""",
                order="query",
            ),
            Fact(marked("Chaired by"), ["cg:chair"], order="query"),
            _adjacent_meeting_fact(marked("Previous meeting"), "- 1"),
            _adjacent_meeting_fact(marked("Next meeting"), "+ 1"),
            *_REMARKS,
        ),
        {_NO_DATE: ("When",), marked("Its place is not on record."): ("Where",)},
    ),
    "Membership": (
        (
            Fact(marked("Who"), ["org:member"], order="query"),
            Fact(marked("In the process"), ["org:organization"], order="query"),
            Fact(marked("In the capacity of"), ["org:role"], order="query"),
            Fact(marked("Since"), ["cg:since"], order="query"),
            Fact(marked("Year"), ["cg:year"], order="query"),
            # Unlike other profiles, that of a membership also shows a high certainty.
            Fact(marked("Certainty"), ["cg:confidence"], order="query"),
            _NOTE,
            _SOURCE,
        ),
        {marked("When it began is not on record."): ("Since", "Year")},
    ),
    **dict.fromkeys(("Organ", "Network", "Organisation", "AgentGroup"), _ACTOR),
}
