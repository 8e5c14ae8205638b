"""Statements by their property, in the order in which the page of a thing shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.site.base.site import Certainty, Row, Site, Term, certainty_in, doubt, in_language, reference
from crmgraph.site.findings import Finding, findings_on
from crmgraph.site.plans import Crumb, plan_names, trail
from crmgraph.site.source import Quotation, quotations

__all__ = [
    "NO_READINGS",
    "POINTING_SHOWN",
    "TYPE",
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
    "grouped",
    "readings_about",
    "readings_in",
    "tables",
    "thing",
]

TYPE = PREFIXES["rdf"] + "type"
_NAMES = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_UNFOLDED = 20
_LISTED = 50


@dataclass(frozen=True)
class Statement:
    """A value and the graphs that state it: a graph's IRI each."""

    value: Term
    graphs: tuple[str, ...]
    is_inferred: bool


@dataclass(frozen=True)
class Group:
    """The statements with one property, what the graph's makers assert before what was inferred."""

    predicate: str
    statements: tuple[Statement, ...]

    @property
    def is_long(self) -> bool:
        """Whether there are so many that a page folds them."""
        return len(self.statements) > _UNFOLDED

    @property
    def listed(self) -> tuple[Statement, ...]:
        """The first of them, those that a page lists."""
        return self.statements[:_LISTED]


def grouped(rows: Iterable[Row], inferred: str, language: str) -> tuple[Group, ...]:
    """The groups of statements, each a row with its `property`, `value` and `graph`; `inferred` is the graph of those
    that were inferred, and what is in the language comes before what is in another."""
    graphs: dict[str, dict[Term, set[str]]] = {}
    for row in rows:
        graphs.setdefault(row["property"].value, {}).setdefault(row["value"], set()).add(row["graph"].value)
    groups = []
    for name, values in graphs.items():
        statements = [Statement(value, tuple(sorted(of)), of == {inferred}) for value, of in values.items()]
        statements.sort(key=lambda said: _statement_key(said, language))
        groups.append(Group(name, tuple(statements)))
    groups.sort(key=_rank)
    return tuple(groups)


def _rank(group: Group) -> tuple[bool, bool, bool, str]:
    """A key that puts what it is and what it is called first, and last the properties of which all is inferred."""
    return group.predicate != TYPE, group.predicate not in _NAMES, group.statements[0].is_inferred, group.predicate


def _statement_key(said: Statement, language: str) -> tuple[bool, bool, str, list[tuple[int, str]]]:
    """A key that puts the asserted before the inferred, and what is in the visitor's language before the rest."""
    spoken = said.value.language
    return said.is_inferred, spoken not in ("", language), spoken, _natural(said.value.value)


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that puts 2 before 10."""
    pieces: list[tuple[int, str]] = []
    for run in text.replace("/", "\0").replace("-", "\0").replace(".", "\0").split("\0"):
        pieces.append((int(run), "") if run.isascii() and run.isdigit() else (-1, run))
    return pieces


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

_MOST = 400
"""How many are asked for at once, so that the query does not become too long."""


@dataclass(frozen=True)
class Gist:
    """What is said of what, so far as anything is, and the words that it rests on; empty what there is not."""

    subject: str
    predicate: str
    value: Term | None
    quotation: Quotation | None

    @property
    def iris(self) -> set[str]:
        """The IRIs of all that it speaks of."""
        spoken = {self.subject, self.predicate, self.value.value if self.value and self.value.is_iri else ""}
        return spoken - {""}


def gists(site: Site, iris: Iterable[str]) -> dict[str, Gist]:
    """The gist of each mention, acronym, statement and passage among these IRIs, by IRI."""
    space = site.names.id()
    ours = {iri for iri in iris if iri.startswith(space)}
    wanted = list(map(reference, sorted(ours - site.labels(ours).keys())))
    pieces = (wanted[start : start + _MOST] for start in range(0, len(wanted), _MOST))
    rows = [row for piece in pieces for row in site.select(_GISTS % {"x": " ".join(piece)})]
    words = quotations(site, (row["passage"].value for row in rows if "passage" in row))
    found: dict[str, Gist] = {}
    for row in rows:
        subject, predicate = (row[name].value if name in row else "" for name in ("subject", "predicate"))
        passage = row["passage"].value if "passage" in row else ""
        found.setdefault(row["x"].value, Gist(subject, predicate, row.get("value"), words.get(passage)))
    return found


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


@dataclass(frozen=True)
class Claim:
    """A value that sources give, how sure that is (the IRI of a concept), the IRIs of the sources, and a word on it."""

    iri: str
    value: Term
    is_preferred: bool
    confidence: str
    sources: tuple[str, ...]
    note: str
    language: str


@dataclass(frozen=True)
class Dispute:
    """The property (`about`) of a thing (`of`) on which sources disagree, and what they say, the preferred first."""

    of: str
    about: str
    claims: tuple[Claim, ...]

    @property
    def iris(self) -> set[str]:
        """The IRIs of all that it speaks of."""
        spoken = {self.of, self.about}
        for claim in self.claims:
            spoken |= {claim.confidence, *claim.sources} | ({claim.value.value} if claim.value.is_iri else set())
        return spoken - {""}


def disputes(site: Site, iri: str, language: str) -> tuple[Dispute, ...]:
    """Where sources disagree about the thing with this IRI, then about what it is a member of and its memberships."""
    rows: dict[str, list[Row]] = {}
    for row in site.select(_CLAIMS % {"thing": reference(iri)}):
        rows.setdefault(row["said"].value, []).append(row)
    found = sorted(
        ((each[0]["of"].value, each[0]["property"].value, _claim(said, each, language)) for said, each in rows.items()),
        key=lambda found: (found[0] != iri, *found[:2], *_claim_key(found[2])),
    )
    # What a thing is called is another matter in each language.
    matters = groupby(found, key=lambda found: (*found[:2], found[2].value.language))
    return tuple(Dispute(of, name, tuple(claim for *_, claim in claims)) for (of, name, _), claims in matters)


def _claim_key(claim: Claim) -> tuple[str, bool, str, str]:
    return claim.value.language, not claim.is_preferred, claim.value.value, claim.iri


def _claim(iri: str, rows: Sequence[Row], language: str) -> Claim:
    notes = {row["note"].language: row["note"].value for row in rows if "note" in row}
    note, spoken = in_language(notes, language)
    first = rows[0]
    return Claim(
        iri,
        first["value"],
        first["rank"].value == _PREFERRED,
        first["confidence"].value if "confidence" in first else "",
        tuple(sorted({row["source"].value for row in rows if "source" in row})),
        note,
        spoken,
    )


# Where a query begins stands in each of its parts: an engine that answers them one by one need not answer them for all.
_READINGS = (
    """
SELECT DISTINCT ?kind ?plan ?element ?order ?number ?way ?value ?passage ?doubted ?degree {
  { %(where)s VALUES ?kind { "participations" }
    ?element cg:participation ?x . ?x cg:agent ?value ; cg:role ?way ; cg:passage ?passage }
  UNION { %(where)s VALUES ?kind { "uses" }
    ?element cg:instrumentUse ?x . ?x cg:instrument ?value ; cg:use ?way ; cg:passage ?passage }
  UNION { %(where)s VALUES ?kind { "circumstances" }
    ?x cg:subject ?element ; cg:predicate ?way ; cg:object|cg:literal ?value ; cg:passage ?passage .
    ?element a cg:PlanElement
    FILTER (?way IN (
      cg:date, cg:since, cg:until, cg:recurrence, cg:recursWith, cg:delay, cg:place, cg:meeting, cg:topic,
      cg:populationGroup
    )) }
  UNION { %(where)s VALUES ?kind { "circumstances" }
    VALUES ?way { cg:PastEvent cg:PlannedEvent }
    ?element cg:tells ?value . ?value a ?way ; cg:passage ?passage . BIND (?value AS ?x) }
  %(mentions)s
  %(plan)s
  OPTIONAL { ?element cg:order ?order }
  OPTIONAL { ?element cg:number ?number }"""
    + doubt("?x")
    + "}"
)
_MENTIONS = """
  UNION { VALUES ?value { %s } VALUES ?kind { "mentions" }
    ?x cg:mentioned ?value ; cg:passage ?passage ; cg:nameForm ?way . ?element cg:mention ?x }"""
_PLAN = "OPTIONAL { ?element cg:within? ?plan . ?plan a cg:Plan }"
_PLACE = ONTOLOGY + "#place"
_UNFOLDED, _UNFOLDED_BESIDE = 20, 5
"""How many of a kind a page shows unfolded: where all do, and beside some that it folds."""

_SUBJECTS = ("topic", "populationGroup")


@dataclass(frozen=True)
class Reading:
    """That an element of a `plan` brings in `value` in this `way`, a role, a use, a property or a kind of event, by
    these words, and how certain that reading of them is. The plan is told only where it may be any."""

    element: str
    plan: str
    number: str
    way: str
    value: Term
    quotation: Quotation
    certainty: Certainty

    @property
    def is_subject(self) -> bool:
        """Whether it says what or whom the element is about."""
        return self.way.rpartition("#")[2] in _SUBJECTS

    def covers(self, other: "Reading") -> bool:
        """Whether its words are of the same element as those of the other, and have these among them."""
        own, its = self.quotation, other.quotation
        if (self.element, own.source) != (other.element, its.source):
            return False
        return own.start <= its.start and its.end <= own.end


@dataclass(frozen=True)
class Readings:
    """The readings of each kind, in the order of the document, and what all that they name and the plans are called.

    `ours` is the plan that the site is about, of which its pages speak as the plan.
    `whole` is the part of the plan that they are all in; empty where they are about one value, wherever it is. Only in
    the latter case there are mentions, each in the `way` that is the form of the name.
    """

    whole: str
    ours: str
    participations: tuple[Reading, ...]
    uses: tuple[Reading, ...]
    subjects: tuple[Reading, ...]
    circumstances: tuple[Reading, ...]
    mentions: tuple[Reading, ...]
    labels: Mapping[str, Mapping[str, str]]
    plan_names: Mapping[str, Mapping[str, str]]

    @property
    def unfolded(self) -> int:
        """How many of a kind a page shows unfolded."""
        kinds = (self.participations, self.uses, self.subjects, self.circumstances, self.mentions)
        return _UNFOLDED_BESIDE if any(len(kind) > _UNFOLDED for kind in kinds) else _UNFOLDED

    @property
    def is_only_a_place(self) -> bool:
        """Whether it is a place in all of its circumstances: a meeting is none, nor is a body that meets."""
        return all(reading.way == _PLACE for reading in self.circumstances)

    @property
    def further_mentions(self) -> tuple[Reading, ...]:
        """The mentions but those in words that already stand in another reading of the same part."""
        told = (*self.participations, *self.uses, *self.subjects, *self.circumstances)
        return tuple(each for each in self.mentions if not any(other.covers(each) for other in told))

    def elsewhere(self, listed: Sequence[Reading]) -> tuple[Reading, ...]:
        """Those of these that are in other plans; none where all are in one part of a plan."""
        return tuple(each for each in listed if not self.whole and each.plan != self.ours)


NO_READINGS = Readings("", "", (), (), (), (), (), {}, {})


def readings_in(site: Site, element: str) -> Readings:
    """What the words of this part of a plan and of the parts below bring in."""
    where = f"?element cg:within? {reference(element)} ."
    return _read(site, _READINGS % {"where": where, "mentions": "", "plan": ""}, element)


def readings_about(site: Site, value: str) -> Readings:
    """Where plans bring in, or name, the actor, instrument, event, place, meeting, topic or group with this IRI."""
    here = reference(value)
    where = f"VALUES ?value {{ {here} }}"
    return _read(site, _READINGS % {"where": where, "mentions": _MENTIONS % here, "plan": _PLAN}, "")


def _read(site: Site, query: str, whole: str) -> Readings:
    rows = site.select(query)
    words = quotations(site, (row["passage"].value for row in rows))
    listed = [(row, words[row["passage"].value]) for row in rows if row["passage"].value in words]
    listed.sort(key=lambda pair: _reading_key(site, *pair))
    read = [(row["kind"].value, _reading(row, quotation)) for row, quotation in listed]

    def of_kind(kind: str) -> tuple[Reading, ...]:
        return tuple(reading for its_kind, reading in read if its_kind == kind)

    told = of_kind("circumstances")
    labels = site.labels(term.value for row in rows for term in row.values() if term.is_iri)
    ways = {reading.way for _, reading in read if reading.way in labels}
    return Readings(
        whole,
        site.names.id("plan", "crm"),
        of_kind("participations"),
        of_kind("uses"),
        tuple(each for each in told if each.is_subject),
        tuple(each for each in told if not each.is_subject),
        of_kind("mentions"),
        {**labels, **{way: {tongue: _uncapitalised(text) for tongue, text in labels[way].items()} for way in ways}},
        plan_names(site),
    )


def _uncapitalised(label: str) -> str:
    """A label as it stands beside those of properties and roles: that of a class begins with a capital."""
    return label[:1].lower() + label[1:]


def _reading(row: Row, quotation: Quotation) -> Reading:
    plan, number = (row[name].value if name in row else "" for name in ("plan", "number"))
    return Reading(row["element"].value, plan, number, row["way"].value, row["value"], quotation, certainty_in(row))


def _reading_key(site: Site, row: Row, quotation: Quotation) -> tuple[bool, str, int, Quotation, str, str]:
    """A key that puts what the plan that the site is about says before what other plans do, in its order."""
    order = int(row["order"].value) if "order" in row else 0
    is_other = quotation.source != site.names.id("source", "crm")
    return is_other, quotation.source, order, quotation, row["way"].value, row["value"].value


_CG = ONTOLOGY + "#"
_NOTATION = PREFIXES["skos"] + "notation"
_PART_OF = PREFIXES["dcterms"] + "isPartOf"
_ABOUT = "SELECT ?graph ?property ?value { GRAPH ?graph { %s ?property ?value } }"
_SPOKEN_OF = "SELECT ?x { ?x ?property %s } LIMIT 1"


@dataclass(frozen=True)
class Thing:
    """One thing: what it is, where it stands, and what is said of it (`about`).

    Where it is part of a plan, `readings` are those of its words and of those of its parts; a whole plan has too many.
    """

    iri: str
    label: str
    language: str
    types: tuple[str, ...]
    number: str
    text: Term | None
    status: str
    trail: tuple[Crumb, ...]
    about: tuple[Group, ...]
    quotations: tuple[Quotation, ...]
    findings: tuple[Finding, ...]
    readings: Readings

    def is_a(self, name: str) -> bool:
        """Whether it is of the class of our ontology with this name."""
        return _CG + name in self.types

    @property
    def is_of_plan(self) -> bool:
        """Whether it is a plan, or a part of one."""
        return _is_of_plan(self.types)


def thing(site: Site, iri: str, language: str) -> Thing | None:
    """What the graph says about the thing with this IRI; None where it says nothing."""
    about = site.select(_ABOUT % reference(iri))
    if not about and not site.select(_SPOKEN_OF % reference(iri)):
        return None
    groups = grouped(about, site.names.graph("inferred"), language)
    label, spoken = in_language(site.labels((iri,)).get(iri, {}), language)
    passages = _values(about, _CG + "passage")
    if _CG + "Passage" in _values(about, TYPE):
        passages.append(iri)
    types = tuple(_types(groups))
    return Thing(
        iri=iri,
        label=label,
        language=spoken,
        types=types,
        number=next(
            iter((*_values(about, _CG + "number"), *(_values(about, _NOTATION) if _is_of_plan(types) else ()))), ""
        ),
        text=next((row["value"] for row in about if row["property"].value == _CG + "text"), None),
        status=next(iter(_values(about, _CG + "status")), ""),
        trail=trail(site, iri, language) if _values(about, _PART_OF) else (),
        about=groups,
        quotations=tuple(sorted(quotations(site, passages).values())),
        findings=findings_on(site, iri, language),
        readings=_readings(site, iri, types),
    )


def _is_of_plan(types: Iterable[str]) -> bool:
    return not {_CG + "Plan", _CG + "PlanElement"}.isdisjoint(types)


def _readings(site: Site, iri: str, types: Iterable[str]) -> Readings:
    if _CG + "Plan" in types:
        return NO_READINGS
    return readings_in(site, iri) if _CG + "PlanElement" in types else readings_about(site, iri)


def _types(groups: Iterable[Group]) -> Iterable[str]:
    """The classes, those that are asserted first."""
    return [said.value.value for group in groups if group.predicate == TYPE for said in group.statements]


def _values(rows: Iterable[Row], name: str) -> list[str]:
    return [row["value"].value for row in rows if row["property"].value == name]


POINTING_SHOWN = 200
_POINTING = "SELECT ?graph ?property ?value { GRAPH ?graph { ?value ?property %s } }"


@dataclass(frozen=True)
class Tables:
    """The statements about a thing and those that point to it, with what their parts are called.

    `gists` are for those values that have no name. `is_cut` tells that more statements point to it.
    """

    about: tuple[Group, ...]
    pointing: tuple[Group, ...]
    is_cut: bool
    gists: dict[str, Gist]
    labels: Mapping[str, Mapping[str, str]]


def tables(site: Site, thing: Thing, language: str) -> Tables:
    """The statements about the thing, and at most POINTING_SHOWN of those that point to it."""
    # Engines look up two names in each of their comparisons, so that they put in order slower than they answer.
    rows = sorted(site.select(_POINTING % reference(thing.iri)), key=itemgetter("property", "value", "graph"))
    pointing = grouped(rows[:POINTING_SHOWN], site.names.graph("inferred"), language)
    named = _named((*thing.about, *pointing))
    unnamed = gists(site, {thing.iri, *named})
    return Tables(
        about=thing.about,
        pointing=pointing,
        is_cut=len(rows) > POINTING_SHOWN,
        gists=unnamed,
        labels=site.labels(named.union(*(gist.iris for gist in unnamed.values()))),
    )


def _named(groups: Iterable[Group]) -> set[str]:
    """The IRIs of all that is listed."""
    named = set()
    for group in groups:
        named.add(group.predicate)
        for said in group.listed:
            named.update(said.graphs)
            if said.value.is_iri:
                named.add(said.value.value)
    return named
