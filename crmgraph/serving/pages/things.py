"""Everything that the graph says about one thing, ready for its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmgraph.namespaces import ONTOLOGY
from crmgraph.serving.pages.excerpt import Quotation, quotations
from crmgraph.serving.pages.findings import Finding, findings_on
from crmgraph.serving.pages.outline import Crumb, trail
from crmgraph.serving.pages.site import Row, Site, Term, in_language, reference

__all__ = ["Group", "Statement", "Thing", "thing"]

INCOMING_SHOWN = 200
_CG = ONTOLOGY + "#"
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
    """The statements with one property, what the graph's makers assert before what was inferred."""

    property: str
    statements: tuple[Statement, ...]


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
    groups = _groups(about, inferred), _groups(shown, inferred)
    names = {row["value"].language: row["value"].value for row in about if row["property"].value in _LABELS}
    label, spoken = in_language(names, language)
    passages = _values(about, _CG + "passage")
    if _CG + "Passage" in _values(about, _TYPE):
        passages.append(iri)
    return Thing(
        iri=iri,
        label=label,
        language=spoken,
        types=tuple(_types(groups[0])),
        number=next(iter(_values(about, _CG + "number")), ""),
        text=next((row["value"] for row in about if row["property"].value == _CG + "text"), None),
        status=next(iter(_values(about, _CG + "status")), ""),
        trail=trail(site, iri, language),
        about=groups[0],
        pointing=groups[1],
        is_cut=len(pointing) > len(shown),
        quotations=tuple(sorted(quotations(site, passages).values())),
        findings=findings_on(site, iri, language),
        labels=site.labels(_iris(about, shown)),
    )


def _groups(rows: Iterable[Row], inferred: str) -> tuple[Group, ...]:
    graphs: dict[str, dict[Term, set[str]]] = {}
    for row in rows:
        graphs.setdefault(row["property"].value, {}).setdefault(row["value"], set()).add(row["graph"].value)
    groups = []
    for name in sorted(graphs, key=lambda name: (name != _TYPE, name not in _LABELS, name)):
        statements = [Statement(value, tuple(sorted(of)), of == {inferred}) for value, of in graphs[name].items()]
        statements.sort(key=lambda said: (said.is_inferred, _natural(said.value.value), said.value.language))
        groups.append(Group(name, tuple(statements)))
    return tuple(groups)


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
