"""Everything that the graph says about one thing, ready for its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.serving.pages.findings.findings import Finding, findings_on
from crmgraph.serving.pages.plans.known import plan_names
from crmgraph.serving.pages.plans.outline import Crumb, trail
from crmgraph.serving.pages.site import Row, Site, Term, in_language, reference
from crmgraph.serving.pages.source.excerpt import Quotation, quotations
from crmgraph.serving.pages.things.gists import Gist, gists
from crmgraph.serving.pages.things.readings import Readings, readings_about, readings_in

__all__ = ["Group", "Statement", "Thing", "thing"]

INCOMING_SHOWN = 200
_UNFOLDED = 20
_CG = ONTOLOGY + "#"
_NOTATION = PREFIXES["skos"] + "notation"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABELS = ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#prefLabel")
_OUTGOING = "SELECT ?graph ?property ?value { GRAPH ?graph { %s ?property ?value } }"
_INCOMING = "SELECT ?graph ?property ?value { GRAPH ?graph { ?value ?property %s } } ORDER BY ?property ?value LIMIT %d"


@dataclass(frozen=True)
class Statement:
    """A value and the graphs that state it: a graph's IRI each."""

    value: Term
    graphs: tuple[str, ...]
    is_inferred: bool


@dataclass(frozen=True)
class Group:
    """The statements with one property, what the graph's makers assert before what was inferred.

    `is_long` where there are so many that the page folds them.
    """

    property: str
    statements: tuple[Statement, ...]
    is_long: bool


@dataclass(frozen=True)
class Thing:
    """One thing: what it is, where it stands, what is said of it (`about`) and what points to it (`pointing`)."""

    iri: str
    label: str
    language: str
    types: tuple[str, ...]
    number: str
    text: Term | None
    status: str
    trail: tuple[Crumb, ...]
    about: tuple[Group, ...]
    pointing: tuple[Group, ...]
    is_cut: bool
    quotations: tuple[Quotation, ...]
    findings: tuple[Finding, ...]
    readings: Readings
    gists: dict[str, Gist]
    labels: dict[str, dict[str, str]]

    def is_a(self, name: str) -> bool:
        """Whether it is of the class of our ontology with this name."""
        return _CG + name in self.types


def thing(site: Site, iri: str, language: str) -> Thing | None:
    """What the graph says about the thing with this IRI; None where it says nothing.

    At most INCOMING_SHOWN statements that point to it are given; `is_cut` tells that there are more.
    """
    about = site.select(_OUTGOING % reference(iri))
    pointing = site.select(_INCOMING % (reference(iri), INCOMING_SHOWN + 1))
    if not about and not pointing:
        return None
    inferred = site.names.graph("inferred")
    shown = pointing[:INCOMING_SHOWN]
    groups = _groups(about, inferred, language), _groups(shown, inferred, language)
    labels = {row["value"].language: row["value"].value for row in about if row["property"].value in _LABELS}
    names = plan_names(site).get(iri) or labels
    label, spoken = in_language(names, language)
    passages = _values(about, _CG + "passage")
    if _CG + "Passage" in _values(about, _TYPE):
        passages.append(iri)
    types = tuple(_types(groups[0]))
    is_in_plan = not {_CG + "Plan", _CG + "PlanElement"}.isdisjoint(types)
    named = _iris(about, shown)
    unnamed = gists(site, {iri, *named})
    graphs = {row["graph"].value for row in (*about, *shown)}
    return Thing(
        iri=iri,
        label=label,
        language=spoken,
        types=types,
        number=next(iter((*_values(about, _CG + "number"), *(_values(about, _NOTATION) if is_in_plan else ()))), ""),
        text=next((row["value"] for row in about if row["property"].value == _CG + "text"), None),
        status=next(iter(_values(about, _CG + "status")), ""),
        trail=trail(site, iri, language),
        about=groups[0],
        pointing=groups[1],
        is_cut=len(pointing) > len(shown),
        quotations=tuple(sorted(quotations(site, passages).values())),
        findings=findings_on(site, iri, language),
        readings=readings_in(site, iri) if is_in_plan else readings_about(site, iri),
        gists=unnamed,
        labels=site.labels(named.union(graphs, *(gist.iris for gist in unnamed.values()))),
    )


def _groups(rows: Iterable[Row], inferred: str, language: str) -> tuple[Group, ...]:
    graphs: dict[str, dict[Term, set[str]]] = {}
    for row in rows:
        graphs.setdefault(row["property"].value, {}).setdefault(row["value"], set()).add(row["graph"].value)
    groups = []
    for name, values in graphs.items():
        statements = [Statement(value, tuple(sorted(of)), of == {inferred}) for value, of in values.items()]
        statements.sort(key=lambda said: _place(said, language))
        groups.append(Group(name, tuple(statements), len(statements) > _UNFOLDED))
    groups.sort(key=_rank)
    return tuple(groups)


def _rank(group: Group) -> tuple[bool, bool, bool, str]:
    """A key that puts what it is and what it is called first, and last the properties of which all is inferred."""
    return group.property != _TYPE, group.property not in _LABELS, group.statements[0].is_inferred, group.property


def _place(said: Statement, language: str) -> tuple[bool, bool, str, list[tuple[int, str]]]:
    """A key that puts the asserted before the inferred, and what is in the visitor's language before the rest."""
    spoken = said.value.language
    return said.is_inferred, spoken not in ("", language), spoken, _natural(said.value.value)


def _types(groups: Iterable[Group]) -> Iterable[str]:
    """The classes, those that are asserted first."""
    return [said.value.value for group in groups if group.property == _TYPE for said in group.statements]


def _values(rows: Iterable[Row], name: str) -> list[str]:
    return [row["value"].value for row in rows if row["property"].value == name]


def _iris(*tables: Iterable[Row]) -> set[str]:
    return {term.value for rows in tables for row in rows for term in row.values() if term.is_iri}


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that puts 2 before 10."""
    pieces: list[tuple[int, str]] = []
    for run in text.replace("/", "\0").replace("-", "\0").replace(".", "\0").split("\0"):
        pieces.append((int(run), "") if run.isascii() and run.isdigit() else (-1, run))
    return pieces
