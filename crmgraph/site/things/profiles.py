"""Profiles: what the page of a thing says of it in words, before all that the graph says.

Each class of things has a table of facts, and of sentences for what is not on record. Parts of plans have none: their
pages show their words and parts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crmgraph.http.languages import format_days, marked
from crmgraph.inference.terms import iri
from crmgraph.site.base import (
    CERTAIN,
    Certainty,
    Record,
    Row,
    Site,
    certainty_in,
    certainty_of,
    certainty_pattern,
    in_language,
    name_key,
    reference,
    rows_by,
    text_of,
)
from crmgraph.site.indexes.index import PlanPart, plan_parts, plan_reference
from crmgraph.site.indexes.kinds import address_of_concept, numeral_value_expression

_CONCERNED = {
    (False, False): marked("Objectives that concern it"),
    (False, True): marked("Objectives that concern it or something narrower"),
    (True, False): marked("Objectives that concern this group"),
    (True, True): marked("Objectives that concern this group or a narrower one"),
}
"""What the objectives are called of a topic or of a group, without and with narrower ones."""
_UNCONCERNED = {
    False: marked("No objective of the plan concerns it."),
    True: marked("No objective of the plan concerns this group."),
}


@dataclass(frozen=True)
class Value:
    """A value: a thing by its IRI, or words in a language (empty where they are of none), and a detail of it.

    The detail is what the things `detail_iris` are called, the `amount` (a date, a number), or a sentence in English,
    marked for translation, in which %(value)s stands for that. `certainty` is how certain all of it is.
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
    """A heading in English, marked for translation, and where its `values`, or `parts` of the plan, come from.

    They come from properties of the thing, a `query`, or a function of the site, the thing and the language
    (`compute`). A query has {thing} and {plan} for their IRIs. It binds ?x or words of the plan (?text), and may bind
    ?details (IRIs with spaces between them), an ?amount or the days ?began and ?ended, and what `certainty_pattern`
    does. `detail` is as in Value, `once` the same where the rows are counted and there is one. The values are sorted by
    `order`: by name, detail, amount, or as the query has them. `plural` is the heading of several values.
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
    parts: Sequence[PlanPart] = ()


def _told(fact: Fact, site: Site, thing: Record, language: str) -> Fact:
    """Return a fact with its values about a thing, in a language."""
    rows = site.select(_about(site, thing, fact.query)) if fact.query else ()
    if fact.are_parts:
        parts = plan_parts(site)
        found = {parts[row["x"].value] for row in rows if row["x"].value in parts}
        return replace(fact, parts=sorted(found, key=lambda part: part.place))
    if fact.compute:
        values = fact.compute(site, thing, language)
    else:
        values = _read(fact, site, rows, language) if fact.query else list(_stated(thing, *fact.properties))
    if fact.properties and fact.order == "name":
        values = _by_name(site, values, language)
    heading = fact.plural if fact.plural and len(values) > 1 else fact.heading
    return replace(fact, values=values, heading=heading)


def _read(fact: Fact, site: Site, rows: Iterable[Row], language: str) -> Sequence[Value]:
    """Return the values in the rows of the query of a fact."""
    values = []
    for each in rows_by(rows, "x", "text", "details", "amount", "began", "ended").values():
        row = each[0]
        days = format_days(text_of(row, "began"), text_of(row, "ended"), language)
        amount = str(len(each)) if fact.is_counted else text_of(row, "amount") or days
        values.append(
            Value(
                text_of(row, "x"),
                " ".join(text_of(row, "text").split()),
                "es" if "text" in row else "",
                tuple(sorted(text_of(row, "details").split())),
                (fact.once if fact.once and amount == "1" else fact.detail) if amount else "",
                amount,
                certainty_of(map(certainty_in, each)),
            )
        )
    if fact.order != "query":
        values = _by_name(site, values, language)
    if fact.order == "detail":
        values.sort(key=lambda each: each.detail_iris[:1])
    elif fact.order == "amount":
        values.sort(key=lambda each: -int(each.amount) if fact.is_counted else int(each.amount))
    return values


@dataclass(frozen=True)
class Kind:
    """The facts about the things of some classes of the ontology, and the sentences for what is not known.

    Each sentence is true where none of the facts with these headings has a value; with no headings, where the plan does
    not name the thing.
    """

    facts: Sequence[Fact]
    unknown: Mapping[str, Sequence[str]]


def profile(site: Site, thing: Record, language: str) -> Record | None:
    """Return the profile of a thing in a language; None for kinds of things that have none.

    It has a sentence that says what the thing is (`lead`), the `facts` that matter, and sentences on what is `unknown`.
    Those are in English, marked for translation; the first is in its `language`. `iris` are those of all that it names.
    """
    kind = next((each for name, each in _PROFILES.items() if name in thing.kinds), None) or _concept(thing)
    if kind is None:
        return None
    facts = [told for fact in kind.facts if (told := _told(fact, site, thing, language)).values or told.parts]
    headings = {fact.heading for fact in facts}
    unknown = [
        sentence
        for sentence, lacking in kind.unknown.items()
        if (headings.isdisjoint(lacking) if lacking else not _is_in_plan(site, thing))
    ]
    lead, spoken = _description(thing, language)
    iris = [iri for fact in facts for each in fact.values for iri in (each.iri, *each.detail_iris)]
    iris += [iri for fact in facts for part in fact.parts for iri in (part.iri, part.theme)]
    return Record(lead=lead, language=spoken, facts=facts, unknown=unknown, iris=iris)


def _concept(thing: Record) -> Kind | None:
    """Return the profile of a topic or a population group, which is people; None for anything else."""
    address = address_of_concept(thing.iri)
    if not address:
        return None
    is_group = address.startswith("/population-groups")
    heading = _CONCERNED[is_group, any(_stated(thing, "skos:narrower"))]
    facts = (
        Fact(marked("Belongs to"), ["skos:broader"]),
        Fact(marked("Includes directly"), ["skos:narrower"]),
        _objectives(heading, "?x cg:concernsTopic|cg:concernsGroup {thing}", is_inferred=True),
    )
    return Kind(facts, {_UNCONCERNED[is_group]: (heading,)})


def _about(site: Site, thing: Record, query: str) -> str:
    return query.replace("{thing}", reference(thing.iri)).replace("{plan}", plan_reference(site))


def _by_name(site: Site, values: Iterable[Value], language: str) -> list[Value]:
    """Return the values in the order of the names of the things; the process that the plan is of is before all."""
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


def _stated(thing: Record, *properties: str) -> Iterator[Value]:
    """Yield the values of a thing by properties such as `dcterms:date`, each once."""
    wanted = {iri(each).value for each in properties}
    terms = (each.value for group in thing.about if group.predicate in wanted for each in group.statements)
    for term in dict.fromkeys(terms):
        yield Value(term.value) if term.is_iri else Value(text=term.value, language=term.language)


def _description(thing: Record, language: str) -> tuple[str, str]:
    """Return the sentence that says what a thing is, with its language; empty where there is none."""
    texts: dict[str, list[str]] = {}
    for each in _stated(thing, "dcterms:description", "skos:definition"):
        texts.setdefault(each.language, []).append(each.text)
    return in_language({tongue: " ".join(each) for tongue, each in texts.items()}, language)


def _is_in_plan(site: Site, thing: Record) -> bool:
    plan, readings = site.names.id("plan", "crm"), thing.readings
    told = (each for kind in ("participations", "circumstances", "mentions") for each in readings.by_kind[kind])
    return any(f"{reading.element}/".startswith(f"{plan}/") for reading in told)


def _other_names(_: Site, thing: Record, language: str) -> Sequence[Value]:
    listed = [each for tongue in (language, "") for each in _stated(thing, "skos:altLabel") if each.language == tongue]
    return [
        Value(text=name, language=language)
        for name in dict.fromkeys(each.text for each in listed)
        if name != thing.label
    ]


def _notes(_: Site, thing: Record, language: str) -> Sequence[Value]:
    notes = list(_stated(thing, "skos:note"))
    tongue, _language = in_language({each.language: each.language for each in notes}, language)
    return [each for each in notes if each.language == tongue]


def _days(_: Site, thing: Record, language: str) -> Sequence[Value]:
    began, ended = (next(iter(_stated(thing, name)), Value()).text for name in ("cg:startDate", "cg:endDate"))
    days = format_days(began, ended, language)
    return [Value(text=days)] if days else []


def _membership(own: str, other: str, condition: str, bound: str) -> str:
    """Return the query for who takes part in what, from one end, under a condition on the ?role."""
    return f"""
SELECT DISTINCT ?x {bound} ?doubted ?degree {{
  ?membership cg:{own} {{thing}} ; cg:{other} ?x ; cg:role ?role {condition}
  OPTIONAL {{ ?membership cg:since ?since }}
  OPTIONAL {{ ?membership cg:year ?year }}{certainty_pattern("?membership")}
}}"""


def _capacities(own: str, other: str, *headings: str) -> tuple[Fact, ...]:
    """Return the facts on members, other participants, secretariats, observers and partners, and presidencies."""
    *since, also, presidencies = headings
    return (
        *(
            Fact(
                heading,
                query=_membership(own, other, f"FILTER (?role = membership-role:{role})", "(?since AS ?amount)"),
                detail=marked("since %(value)s"),
            )
            for heading, role in zip(since, ("member", "participant", "secretariat"), strict=True)
        ),
        # A capacity that is less certain than others of the same party stands by itself.
        Fact(
            also,
            query=f"""
SELECT ?x ?doubted ?degree (GROUP_CONCAT(DISTINCT STR(?role)) AS ?details) {{
  ?membership cg:{own} {{thing}} ; cg:{other} ?x ; cg:role ?role
  FILTER (?role NOT IN (membership-role:member, membership-role:participant, membership-role:secretariat,
    membership-role:presidency)){certainty_pattern("?membership")}
}} GROUP BY ?x ?doubted ?degree""",
            order="detail",
        ),
        Fact(
            presidencies,
            query=_membership(own, other, "FILTER (?role = membership-role:presidency)", "(?year AS ?amount)"),
            detail=marked("in %(value)s"),
            order="amount",
        ),
    )


def _meetings(heading: str, pattern: str) -> Fact:
    """Return the fact on the meetings that fulfil a pattern, the last to be known of last."""
    query = f"""
SELECT ?x ?doubted ?degree (MIN(?first) AS ?began) (MAX(?last) AS ?ended) {{
  {pattern} ?x a cg:Meeting .
  OPTIONAL {{ ?x cg:startDate ?first }}
  OPTIONAL {{ ?x cg:endDate ?last }}{certainty_pattern("?x")}
}} GROUP BY ?x ?doubted ?degree
ORDER BY DESC(BOUND(?began) || BOUND(?ended)) COALESCE(?began, ?ended) ?x"""
    return Fact(heading, query=query, order="query")


def _neighbour(heading: str, step: str) -> Fact:
    """Return the fact on the meeting of the same body whose number is that of this one and a step."""
    own, other = numeral_value_expression("?own"), numeral_value_expression("?other")
    condition = f"{other} = {own} {step} && {own} > 0"
    query = f"""
SELECT ?x {{
  {{thing}} cg:ofBody ?body ; cg:ordinal ?own . ?x cg:ofBody ?body ; cg:ordinal ?other FILTER ({condition})
}}"""
    return Fact(heading, query=query)


def _members(heading: str, whole: str, pattern: str) -> Fact:
    """Return the fact on what is taken in by a `whole`, with how certain that is."""
    part = "{thing}" if whole == "?x" else "?x"
    query = f"""
SELECT DISTINCT ?x ?doubted ?degree {{
  {pattern}
  OPTIONAL {{ ?said cg:subject {whole} ; cg:predicate cg:member ; cg:object {part}{certainty_pattern("?said")} }}
}}"""
    return Fact(heading, query=query)


def _objectives(heading: str, pattern: str, *, is_inferred: bool = False) -> Fact:
    """Return the fact on objectives of the plan that fulfil a pattern."""
    query = f"SELECT DISTINCT ?x {{ ?x a cg:Objective ; cg:within {{plan}} . {pattern} }}"
    return Fact(heading, query=query, are_parts=True, is_inferred=is_inferred)


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
_AS_AGENT = (
    marked("Member of"),
    marked("Takes part in; membership not on record"),
    marked("Secretariat of"),
    marked("Observer or partner of, not a member"),
    marked("Presidencies held, as far as they are on record"),
)
_OF_PROCESS = (
    marked("Members"),
    marked("Participants; membership not on record"),
    marked("Secretariat"),
    marked("Observers and partners, not members"),
    marked("Presidencies on record"),
)
_NOT_IN_PLAN = marked("The plan does not name it and gives it no role.")
_NO_DATE = marked("Its date is not on record.")
_ACTOR = Kind(
    (
        Fact(marked("A body of"), ["cg:bodyOf"], order="query"),
        _members(marked("Takes in"), "{thing}", "{thing} cg:member ?x"),
        _members(marked("Is one of"), "?x", "?x a cg:Network ; cg:member {thing}"),
        *_capacities("agent", "process", *_AS_AGENT),
        _objectives(marked("Objectives that refer to its work plan"), "?x cg:involvesNetwork {thing}"),
        _objectives(
            marked("Objectives that refer to the work plan of each network"),
            "?x cg:involvesNetwork ?through . ?through cg:member {thing} FILTER (?through != {thing})",
        ),
        _objectives(marked("Objectives in which it has a role"), "{thing} cg:involvedIn ?x", is_inferred=True),
        _meetings(marked("Its meetings on record"), "?x cg:process|cg:ofBody {thing} ."),
        _ALSO_CALLED,
        *_REMARKS,
    ),
    {_NOT_IN_PLAN: ()},
)
_PROFILES = {
    "State": Kind(
        (
            *_capacities("agent", "process", *_AS_AGENT),
            Fact(
                marked("Party to"),
                query="SELECT DISTINCT ?x ?amount { ?x cg:party {thing} . OPTIONAL { ?x dcterms:date ?amount } }",
            ),
            _meetings(
                marked("Meetings held there"), "{ ?x cg:place {thing} } UNION { ?x cg:place/cg:inState {thing} }"
            ),
            _ALSO_CALLED,
            *_REMARKS,
        ),
        {marked("It is not on record as taking part in any consultative process."): _AS_AGENT, _NOT_IN_PLAN: ()},
    ),
    "ConsultativeProcess": Kind(
        (
            Fact(marked("Since"), ["cg:since"], order="query"),
            Fact(marked("Level and status"), ["cg:processLevel", "cg:processStatus"], order="query"),
            *_capacities("process", "agent", *_OF_PROCESS),
            Fact(marked("Its bodies and networks"), query="SELECT DISTINCT ?x { ?x cg:bodyOf {thing} }"),
            Fact(marked("Its plans"), query="SELECT DISTINCT ?x { ?x cg:planOf {thing} }"),
            _meetings(marked("Its meetings on record"), "?x cg:process|cg:ofBody {thing} ."),
            _ALSO_CALLED,
            *_REMARKS,
        ),
        {marked("It is not on record who takes part in it."): _OF_PROCESS},
    ),
    "Instrument": Kind(
        (
            Fact(marked("Kind"), ["cg:instrumentKind"], order="query"),
            Fact(marked("Date"), ["dcterms:date"], order="query"),
            Fact(marked("Adopted by"), ["cg:adoptedBy"], order="query"),
            Fact(marked("Official title"), ["dcterms:title"], order="query"),
            Fact(
                marked("As the plan cites it"),
                query="""
SELECT DISTINCT ?text ?mention {
  ?mention cg:mentioned {thing} ; cg:inElement/cg:within? {plan} ; cg:passage/cg:exact ?text
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
    "Meeting": Kind(
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
            _neighbour(marked("Previous meeting"), "- 1"),
            _neighbour(marked("Next meeting"), "+ 1"),
            *_REMARKS,
        ),
        {_NO_DATE: ("When",), marked("Its place is not on record."): ("Where",)},
    ),
    "Membership": Kind(
        (
            Fact(marked("Who"), ["cg:agent"], order="query"),
            Fact(marked("In the process"), ["cg:process"], order="query"),
            Fact(marked("In the capacity of"), ["cg:role"], order="query"),
            Fact(marked("Since"), ["cg:since"], order="query"),
            Fact(marked("Year"), ["cg:year"], order="query"),
            # How certain it is is told also where it is certain.
            Fact(marked("Certainty"), ["cg:confidence"], order="query"),
            _NOTE,
            _SOURCE,
        ),
        {marked("When it began is not on record."): ("Since", "Year")},
    ),
    **dict.fromkeys(("Organ", "Network", "Organisation", "AgentGroup"), _ACTOR),
}
