"""Things: their statements, the readings of plans about them, and disagreements of sources."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.site.base.site import (
    Certainty,
    Row,
    Site,
    Term,
    Texts,
    certainty_in,
    doubt,
    in_language,
    reference,
    rows_by,
    text_of,
    texts_in,
)
from crmgraph.site.findings import Finding, findings_on
from crmgraph.site.plans import PlanPart, plan_names, trail
from crmgraph.site.source import Quotation, quotations

__all__ = [
    "POINTING_SHOWN",
    "Claim",
    "Dispute",
    "Gist",
    "Group",
    "Reading",
    "Readings",
    "Statement",
    "Tables",
    "Thing",
    "disputes",
    "gists",
    "readings_about",
    "readings_in",
    "tables",
    "thing",
]

_CG = ONTOLOGY + "#"
_TYPE = PREFIXES["rdf"] + "type"
_NAMES = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_UNFOLDED, _LISTED = 20, 50
"""How many statements with a property a page shows unfolded, and how many it lists at all."""

POINTING_SHOWN = 200
_READINGS_UNFOLDED, _READINGS_UNFOLDED_BESIDE = 20, 5
"""How many readings of a kind a page shows unfolded: where all do, and beside some that it folds."""

_GISTS_AT_ONCE = 400
"""How many things are asked about at once, so that the query does not become too long."""

_ABOUT = "SELECT ?graph ?property ?value { GRAPH ?graph { %s ?property ?value } }"
_SPOKEN_OF = "SELECT ?x { ?x ?property %s } LIMIT 1"
_POINTING = "SELECT ?graph ?property ?value { GRAPH ?graph { ?value ?property %s } }"
# The engine looks up what each part names itself; named once for all parts, it would go through all there is.
_GISTS = """
SELECT ?x ?subject ?predicate ?value ?passage {
  { VALUES ?x { %(x)s } ?x a cg:Mention ; cg:mentioned ?value . OPTIONAL { ?x cg:passage ?passage } }
  UNION
  { VALUES ?x { %(x)s } ?x a cg:Statement ; cg:subject ?subject ; cg:predicate ?predicate ; cg:object|cg:literal ?value
    OPTIONAL { ?x cg:passage ?passage } }
  UNION
  { VALUES ?x { %(x)s } ?x a cg:Acronym ; cg:passage ?passage }
  UNION
  { VALUES ?x { %(x)s } ?x a cg:Passage . BIND (?x AS ?passage) }
}
ORDER BY ?x ?predicate ?value ?passage"""
_PREFERRED = f"{ONTOLOGY}/rank#preferred"
_CLAIMS = """
SELECT DISTINCT ?said ?of ?property ?value ?rank ?confidence ?source ?note {
  { ?said cg:subject %(thing)s }
  UNION { ?said cg:object %(thing)s ; cg:predicate cg:member }
  UNION { %(thing)s cg:membership/^cg:subject ?said }
  ?said cg:subject ?of ; cg:rank ?rank ; cg:predicate ?property ; cg:object|cg:literal ?value .
  OPTIONAL { ?said cg:confidence ?confidence }
  OPTIONAL { ?said dcterms:source ?source }
  OPTIONAL { ?said skos:note ?note }
}"""
_READING_KINDS = ("participations", "uses", "subjects", "circumstances", "mentions")
# Where a query begins stands in each of its parts: an engine that answers them one by one need not answer them for all.
_READINGS = f"""
SELECT DISTINCT ?kind ?plan ?element ?order ?number ?way ?value ?passage ?doubted ?degree {{
  {{ %(where)s VALUES ?kind {{ "participations" }}
    ?element cg:participation ?x . ?x cg:agent ?value ; cg:role ?way ; cg:passage ?passage }}
  UNION {{ %(where)s VALUES ?kind {{ "uses" }}
    ?element cg:instrumentUse ?x . ?x cg:instrument ?value ; cg:use ?way ; cg:passage ?passage }}
  UNION {{ %(where)s
    ?x cg:subject ?element ; cg:predicate ?way ; cg:object|cg:literal ?value ; cg:passage ?passage .
    ?element a cg:PlanElement
    VALUES (?kind ?way) {{
      ("circumstances" cg:date) ("circumstances" cg:since) ("circumstances" cg:until) ("circumstances" cg:recurrence)
      ("circumstances" cg:recursWith) ("circumstances" cg:delay) ("circumstances" cg:place)
      ("circumstances" cg:meeting) ("subjects" cg:topic) ("subjects" cg:populationGroup)
    }} }}
  UNION {{ %(where)s VALUES ?kind {{ "circumstances" }}
    VALUES ?way {{ cg:PastEvent cg:PlannedEvent }}
    ?element cg:tells ?value . ?value a ?way ; cg:passage ?passage . BIND (?value AS ?x) }}
  %(more)s
  OPTIONAL {{ ?element cg:order ?order }}
  OPTIONAL {{ ?element cg:number ?number }}{doubt("?x")}
}}"""
_MENTIONS = """
  UNION { VALUES ?value { %s } VALUES ?kind { "mentions" }
    ?x cg:mentioned ?value ; cg:passage ?passage ; cg:nameForm ?way . ?element cg:mention ?x }
  OPTIONAL { ?element cg:within? ?plan . ?plan a cg:Plan }"""


@dataclass(frozen=True)
class Statement:
    """A value and the IRIs of the graphs that state it."""

    value: Term
    graphs: tuple[str, ...]
    is_inferred: bool


@dataclass(frozen=True)
class Group:
    """The statements with one property, the asserted ones before those that were inferred."""

    predicate: str
    statements: Sequence[Statement]

    @property
    def is_long(self) -> bool:
        """Whether there are so many that a page folds them."""
        return len(self.statements) > _UNFOLDED

    @property
    def listed(self) -> Sequence[Statement]:
        """Those that a page lists."""
        return self.statements[:_LISTED]


@dataclass(frozen=True)
class Gist:
    """The content of a mention, a statement, an acronym or a passage, and its words; empty where there is none."""

    subject: str
    predicate: str
    value: Term | None
    quotation: Quotation | None


@dataclass(frozen=True)
class Claim:
    """A value that sources give, how sure that is (the IRI of a concept), the IRIs of the sources, and a note on it."""

    iri: str
    value: Term
    is_preferred: bool
    confidence: str
    sources: Sequence[str]
    note: str
    language: str


@dataclass(frozen=True)
class Dispute:
    """The property (`about`) of a thing (`of`) on which sources disagree, with their claims, the preferred first."""

    of: str
    about: str
    claims: Sequence[Claim]

    @property
    def iris(self) -> set[str]:
        """The IRIs of all that it speaks of."""
        values = {claim.value.value for claim in self.claims if claim.value.is_iri}
        said = (iri for claim in self.claims for iri in (claim.confidence, *claim.sources))
        return {self.of, self.about, *values, *said} - {""}


@dataclass(frozen=True)
class Reading:
    """A statement that an element brings in `value` in this `way`, by these words, with its certainty.

    The way is a role, a use, a property, a kind of event or a form of a name. The plan is told where it may be any.
    """

    element: str
    plan: str
    number: str
    way: str
    value: Term
    quotation: Quotation
    certainty: Certainty

    def covers(self, other: "Reading") -> bool:
        """Return whether its words are of the same element as those of the other, and have these among them."""
        own, its = self.quotation, other.quotation
        is_same = (self.element, own.source) == (other.element, its.source)
        return is_same and own.start <= its.start and its.end <= own.end


@dataclass(frozen=True)
class Readings:
    """The readings of each kind in the order of the document, and the names of all in them and of the plans.

    `ours` is the plan that the site is about. `whole` is the part of a plan that all are in, or empty where they are
    about one value, wherever it is; only then there are mentions.
    """

    whole: str
    ours: str
    by_kind: Mapping[str, Sequence[Reading]]
    labels: Mapping[str, Texts]
    plan_names: Mapping[str, Texts]

    @property
    def unfolded(self) -> int:
        """The number of readings of a kind that a page shows unfolded."""
        is_long = any(len(kind) > _READINGS_UNFOLDED for kind in self.by_kind.values())
        return _READINGS_UNFOLDED_BESIDE if is_long else _READINGS_UNFOLDED

    @property
    def is_only_a_place(self) -> bool:
        """Whether it is a place in all of its circumstances."""
        return all(reading.way == _CG + "place" for reading in self.by_kind["circumstances"])

    @property
    def further_mentions(self) -> Sequence[Reading]:
        """The mentions but those in words that already stand in another reading of the same part."""
        told = [each for kind in _READING_KINDS if kind != "mentions" for each in self.by_kind[kind]]
        return [each for each in self.by_kind["mentions"] if not any(other.covers(each) for other in told)]

    def elsewhere(self, listed: Sequence[Reading]) -> Sequence[Reading]:
        """Return those of these that are in other plans; none where all are in one part of a plan."""
        return [each for each in listed if not self.whole and each.plan != self.ours]


@dataclass(frozen=True)
class Thing:
    """A thing: what it is, where it stands, and what is said of it (`about`).

    The `readings` of a part of a plan are those of its words and of its parts; a whole plan has too many.
    """

    iri: str
    label: str
    language: str
    types: Sequence[str]
    number: str
    status: str
    trail: Sequence[PlanPart]
    about: Sequence[Group]
    quotations: Sequence[Quotation]
    findings: Sequence[Finding]
    readings: Readings

    def is_a(self, name: str) -> bool:
        """Return whether it is of the class of our ontology with this name."""
        return _CG + name in self.types

    @property
    def is_of_plan(self) -> bool:
        """Whether it is a plan, or a part of one."""
        return self.is_a("Plan") or self.is_a("PlanElement")


@dataclass(frozen=True)
class Tables:
    """The statements that point to a thing, of which there are more where it `is_cut`.

    `labels` are the names of all in these and in those about the thing, `gists` are for what has no name.
    """

    pointing: Sequence[Group]
    is_cut: bool
    gists: Mapping[str, Gist]
    labels: Mapping[str, Texts]


def thing(site: Site, iri: str, language: str) -> Thing | None:
    """Return what the graph says about the thing with this IRI; None where it says nothing."""
    rows = site.select(_ABOUT % reference(iri))
    if not rows and not site.select(_SPOKEN_OF % reference(iri)):
        return None
    about = _grouped(rows, site.names.graph("inferred"), language)
    values = {group.predicate: [said.value.value for said in group.statements] for group in about}
    label, spoken = in_language(site.labels((iri,)).get(iri, {}), language)
    types = values.get(_TYPE, [])
    is_plan, is_part = (_CG + name in types for name in ("Plan", "PlanElement"))
    numbers = values.get(_CG + "number") or (values.get(PREFIXES["skos"] + "notation") if is_plan or is_part else None)
    passages = [*values.get(_CG + "passage", ()), *([iri] if _CG + "Passage" in types else ())]
    return Thing(
        iri=iri,
        label=label,
        language=spoken,
        types=types,
        number=numbers[0] if numbers else "",
        status=next(iter(values.get(_CG + "status", ())), ""),
        trail=trail(site, iri, language) if PREFIXES["dcterms"] + "isPartOf" in values else (),
        about=about,
        quotations=sorted(quotations(site, passages).values()),
        findings=findings_on(site, iri, language),
        readings=_NO_READINGS if is_plan else readings_in(site, iri) if is_part else readings_about(site, iri),
    )


def _grouped(rows: Iterable[Row], inferred: str, language: str) -> list[Group]:
    """Return statements, each a row with its ?property, ?value and ?graph, by property.

    What is asserted comes before what is only in the graph `inferred`, what is in the language before the rest.
    """

    def place(said: Statement) -> tuple[object, ...]:
        spoken = said.value.language
        return said.is_inferred, spoken not in ("", language), spoken, _natural(said.value.value)

    def rank(group: Group) -> tuple[object, ...]:
        name = group.predicate
        return name != _TYPE, name not in _NAMES, group.statements[0].is_inferred, name

    graphs: dict[str, dict[Term, set[str]]] = {}
    for row in rows:
        graphs.setdefault(row["property"].value, {}).setdefault(row["value"], set()).add(row["graph"].value)
    groups = [
        Group(
            name,
            sorted((Statement(value, tuple(sorted(of)), of == {inferred}) for value, of in said.items()), key=place),
        )
        for name, said in graphs.items()
    ]
    return sorted(groups, key=rank)


def _natural(text: str) -> list[tuple[int, str]]:
    """Return a key that puts 2 before 10."""
    runs = re.split("[/.-]", text)
    return [(int(run), "") if run.isascii() and run.isdigit() else (-1, run) for run in runs]


def tables(site: Site, thing: Thing, language: str) -> Tables:
    """Return at most POINTING_SHOWN of the statements that point to the thing, with the names in all statements."""
    # Engines look up two names in each of their comparisons, so that they put in order slower than they answer.
    rows = sorted(site.select(_POINTING % reference(thing.iri)), key=itemgetter("property", "value", "graph"))
    pointing = _grouped(rows[:POINTING_SHOWN], site.names.graph("inferred"), language)
    groups = (*thing.about, *pointing)
    listed = [said for group in groups for said in group.listed]
    named = {group.predicate for group in groups}.union(*(said.graphs for said in listed))
    named |= {said.value.value for said in listed if said.value.is_iri}
    unnamed = gists(site, {thing.iri, *named})
    for gist in unnamed.values():
        named |= {gist.subject, gist.predicate, gist.value.value if gist.value and gist.value.is_iri else ""}
    return Tables(pointing, len(rows) > POINTING_SHOWN, unnamed, site.labels(named - {""}))


def gists(site: Site, iris: Iterable[str]) -> dict[str, Gist]:
    """Return the gist of each mention, acronym, statement and passage among these IRIs that has no name, by IRI."""
    ours = {iri for iri in iris if iri.startswith(site.names.id())}
    wanted = sorted(ours - site.labels(ours).keys())
    starts = range(0, len(wanted), _GISTS_AT_ONCE)
    listed = (" ".join(map(reference, wanted[start : start + _GISTS_AT_ONCE])) for start in starts)
    rows = [row for some in listed for row in site.select(_GISTS % {"x": some})]
    words = quotations(site, (row["passage"].value for row in rows if "passage" in row))
    return {
        row["x"].value: Gist(
            text_of(row, "subject"), text_of(row, "predicate"), row.get("value"), words.get(text_of(row, "passage"))
        )
        for row in reversed(rows)
    }


def disputes(site: Site, iri: str, language: str) -> list[Dispute]:
    """Return where sources disagree about the thing with this IRI, then about what it is a member of and as what."""

    def place(found: tuple[str, str, Claim]) -> tuple[object, ...]:
        of, about, claim = found
        return of != iri, of, about, claim.value.language, not claim.is_preferred, claim.value.value, claim.iri

    found = []
    rows = site.select(_CLAIMS % {"thing": reference(iri)})
    for (of, about, said), each in rows_by(rows, "of", "property", "said").items():
        value, rank, confidence = each[0]["value"], each[0]["rank"].value, text_of(each[0], "confidence")
        sources = sorted({text_of(row, "source") for row in each} - {""})
        note = in_language(texts_in(each, "note"), language)
        found.append((of, about, Claim(said, value, rank == _PREFERRED, confidence, sources, *note)))
    # What a thing is called is another matter in each language.
    matters = groupby(sorted(found, key=place), key=lambda each: (*each[:2], each[2].value.language))
    return [Dispute(of, about, [claim for *_, claim in claims]) for (of, about, _), claims in matters]


def readings_in(site: Site, element: str) -> Readings:
    """Return what the words of this part of a plan and of the parts below bring in."""
    where = f"?element cg:within? {reference(element)} ."
    return _read(site, _READINGS % {"where": where, "more": ""}, element)


def readings_about(site: Site, value: str) -> Readings:
    """Return where plans bring in, or name, the actor, instrument, event, place, meeting, topic or group."""
    here = reference(value)
    return _read(site, _READINGS % {"where": f"VALUES ?value {{ {here} }}", "more": _MENTIONS % here}, "")


_NO_READINGS = Readings("", "", dict.fromkeys(_READING_KINDS, ()), {}, {})


def _read(site: Site, query: str, whole: str) -> Readings:
    def place(pair: tuple[Row, Quotation]) -> tuple[object, ...]:
        """Return a key that puts what the plan that the site is about says before what other plans do."""
        row, quotation = pair
        is_other = quotation.source != site.names.id("source", "crm")
        order = int(text_of(row, "order") or 0)
        return is_other, quotation.source, order, quotation, row["way"].value, row["value"].value

    rows = site.select(query)
    words = quotations(site, (row["passage"].value for row in rows))
    by_kind: dict[str, list[Reading]] = {kind: [] for kind in _READING_KINDS}
    known = [(row, words[row["passage"].value]) for row in rows if row["passage"].value in words]
    for row, quotation in sorted(known, key=place):
        element, plan, number, way = (text_of(row, name) for name in ("element", "plan", "number", "way"))
        reading = Reading(element, plan, number, way, row["value"], quotation, certainty_in(row))
        by_kind[row["kind"].value].append(reading)
    labels = dict(site.labels(term.value for row in rows for term in row.values() if term.is_iri))
    for way in {text_of(row, "way") for row in rows} & labels.keys():
        # The label of a class begins with a capital, those of properties and roles do not.
        labels[way] = {language: text[:1].lower() + text[1:] for language, text in labels[way].items()}
    return Readings(whole, site.names.id("plan", "crm"), by_kind, labels, plan_names(site))
