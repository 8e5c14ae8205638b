"""What plans are called where several are spoken of, and what was read of each."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.decisions import AGENDA
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.folding import key
from crmgraph.site.base.addresses import check_choice, check_parameters, language_of, links_of
from crmgraph.site.base.labels import SEVERITY_ORDER
from crmgraph.site.base.rendering import data_links, render
from crmgraph.site.base.representations import (
    CSV,
    EVERY,
    GRAPHS,
    HTML,
    NothingKnownError,
    data_response,
    graph_names,
    requested_form,
    rows_as_json,
    statements_as,
)
from crmgraph.site.base.site import Row, Site, in_language, reference
from crmgraph.sparql import Format
from crmgraph.wording import Bilingual

__all__ = [
    "FACETS",
    "FACET_PARAMETERS",
    "KINDS",
    "PLAN_FORMS",
    "Crumb",
    "ExternalPlan",
    "Facets",
    "Known",
    "Link",
    "Node",
    "Option",
    "Plan",
    "Selection",
    "compared",
    "comparison_of",
    "external_plans",
    "known",
    "links_from",
    "name_of_plan",
    "outline",
    "pair_path",
    "plan_names",
    "plan_page",
    "plan_read_in",
    "plans",
    "read_facets",
    "theme_place",
    "trail",
]

_LABEL, _SHORT = PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "alternative"
_NOTE, _TYPE = PREFIXES["skos"] + "note", PREFIXES["rdf"] + "type"
_SOURCE = PREFIXES["dcterms"] + "source"
_KNOWN = f"""
SELECT DISTINCT ?plan ?property ?value {{
  {{ ?plan a cg:Plan }} UNION {{ SELECT DISTINCT ?plan {{ ?said cg:comparedWith ?plan }} }}
  ?plan ?property ?value
  FILTER (?property IN (<{_LABEL}>, <{_SHORT}>, <{_NOTE}>, <{_SOURCE}>)
    || ?property = <{_TYPE}> && ?value = cg:AbridgedPlan)
  FILTER NOT EXISTS {{ ?value a cg:Passage }}
}}
ORDER BY ?value"""


@dataclass(frozen=True)
class Known:
    """A plan, or the 2030 Agenda: its short name, its title and notes on what was read of it, each by language."""

    names: Mapping[str, str]
    titles: Mapping[str, str]
    notes: Mapping[str, str]
    is_abridged: bool
    """Whether only the titles of its parts were read."""
    sources: tuple[str, ...] = ()
    """The IRIs of what it was read from: the document that is held here, and pages of others."""


def known(site: Site) -> dict[str, Known]:
    """All plans and whatever else plans were compared with, by IRI."""
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for row in site.recall(_KNOWN):
        said = found.setdefault(row["plan"].value, {}).setdefault(row["property"].value, {})
        said.setdefault(row["value"].language, []).append(row["value"].value)
    return {iri: _known(said) for iri, said in found.items()}


def plan_names(site: Site) -> dict[str, Mapping[str, str]]:
    """What each of them is called for short, by language: all in the same manner, whatever their sources print."""
    return {iri: each.names for iri, each in known(site).items()}


def plan_read_in(site: Site, source: str) -> Known | None:
    """The plan that was read in the document with this IRI; None where none was."""
    return next((each for each in known(site).values() if source in each.sources), None)


def _known(said: Mapping[str, Mapping[str, list[str]]]) -> Known:
    def texts(name: str) -> dict[str, str]:
        return {language: " ".join(each) for language, each in said.get(name, {}).items()}

    sources = tuple(iri for each in said.get(_SOURCE, {}).values() for iri in each)
    titles = {language: each[0] for language, each in said.get(_LABEL, {}).items()}
    # A plan that somebody imported has no short name.
    return Known(texts(_SHORT) or titles, titles, texts(_NOTE), _TYPE in said, sources)


_PLANS = """
SELECT ?plan ?process ?file ?address (COUNT(DISTINCT ?objective) AS ?objectives) (COUNT(DISTINCT ?part) AS ?parts) {
  ?plan a cg:Plan .
  VALUES ?kind { %s }
  ?part cg:within ?plan ; a ?kind .
  OPTIONAL { ?plan cg:planOf ?process }
  OPTIONAL {
    ?plan dcterms:source ?document . ?document prov:wasDerivedFrom ?made . ?made rdfs:label ?file .
    FILTER (LANG(?file) = "es")
    OPTIONAL { ?made dcterms:source ?address }
  }
  OPTIONAL { ?part a cg:Objective . BIND (?part AS ?objective) }
}
GROUP BY ?plan ?process ?file ?address"""


@dataclass(frozen=True)
class Plan:
    """A plan in the dataset: the process that it is of, how many objectives it has and how many parts in all, as its
    tree counts them.

    `file` is the name of the file that it was imported from, `address` the one that this is said to be from.
    """

    iri: str
    process: str
    objectives: int
    parts: int
    file: str = ""
    address: str = ""


def name_of_plan(iri: str) -> str:
    """The name of a plan, or of the 2030 Agenda, in an address of this site."""
    return iri.rstrip("/").rpartition("/")[2]


def plans(site: Site) -> tuple[Plan, ...]:
    """All plans, those with the most parts first."""
    found = [
        Plan(
            row["plan"].value,
            row["process"].value if "process" in row else "",
            int(row["objectives"].value),
            int(row["parts"].value),
            *(row[name].value if name in row else "" for name in ("file", "address")),
        )
        for row in site.recall(_PLANS % " ".join(KINDS))
    ]
    return tuple(sorted(found, key=lambda plan: (-plan.parts, plan.iri)))


KINDS = ("cg:Theme", "cg:Objective", "cg:Action", "cg:Activity", "cg:ScheduleEntry", "cg:Note")
"""The classes of the parts of a plan, as SPARQL has them; references to work plans, say, are words of such a part."""

_PARTS = """
SELECT DISTINCT ?x ?kind ?parent ?number ?order ?label ?status ?statusLabel {
  ?x dcterms:isPartOf+ %s ; a ?kind ; dcterms:isPartOf ?parent ; rdfs:label ?label FILTER (?kind IN (%s))
  OPTIONAL { ?x cg:number|skos:notation ?number }
  OPTIONAL { ?x cg:order ?order }
  OPTIONAL { ?x cg:status ?status OPTIONAL { ?status skos:prefLabel|rdfs:label ?statusLabel } }
}"""
_FINDINGS = """
SELECT DISTINCT ?finding ?x ?severity {
  ?finding a cg:Finding ; cg:element ?x ; cg:severity/skos:notation ?severity
}"""
_THEMES = "SELECT DISTINCT ?x ?order { ?x dcterms:isPartOf %s ; a cg:Theme OPTIONAL { ?x cg:order ?order } }"
_TRAIL = """
SELECT DISTINCT ?x ?parent ?number ?label {
  %s dcterms:isPartOf+ ?x . ?x rdfs:label ?label
  OPTIONAL { ?x dcterms:isPartOf ?parent }
  OPTIONAL { ?x cg:number|skos:notation ?number }
}"""


@dataclass(frozen=True)
class Node:
    """One part of a plan with the parts below it, in the order of the document.

    `place` is its place among the parts that it stands beside, from 1. `findings` are the severities of those that
    concern it, the gravest first.
    """

    iri: str
    kind: str
    place: int
    number: str
    label: str
    language: str
    status: str
    status_label: str
    findings: tuple[str, ...]
    children: tuple["Node", ...]

    def below(self) -> Iterator["Node"]:
        """Every part below this one, in the order of the document."""
        for child in self.children:
            yield child
            yield from child.below()

    def count(self, kind: str) -> int:
        """How many parts of a kind are below this one."""
        return sum(node.kind == kind for node in self.below())

    def statuses(self) -> dict[str, str]:
        """The schedule statuses below this part, each with its label, in the order in which they appear."""
        return {node.status: node.status_label for node in self.below() if node.status}

    def findings_below(self) -> tuple[str, ...]:
        """The severities of the findings that concern this part or any below it, the gravest first."""
        found = (severity for node in (self, *self.below()) for severity in node.findings)
        return tuple(sorted(found, key=SEVERITY_ORDER.index))


@dataclass(frozen=True)
class Crumb:
    """One step of the way from a plan down to a part of it."""

    iri: str
    number: str
    label: str
    language: str


def outline(site: Site, root: str, language: str) -> tuple[Node, ...]:
    """The parts directly below the plan or part with the IRI `root`, each with everything that is below it."""
    rows: dict[str, list[Row]] = {}
    # A whole plan is shown in many ways.
    ask = site.recall if root in plan_names(site) else site.select
    for row in ask(_PARTS % (reference(root), ", ".join(KINDS))):
        rows.setdefault(row["x"].value, []).append(row)
    findings: dict[str, list[str]] = {}
    for row in site.recall(_FINDINGS):
        findings.setdefault(row["x"].value, []).append(row["severity"].value)
    children: dict[str, list[str]] = {}
    for iri in sorted(rows, key=lambda iri: _place(rows[iri][0], iri)):
        children.setdefault(rows[iri][0]["parent"].value, []).append(iri)

    def nodes(parent: str) -> tuple[Node, ...]:
        return tuple(node(child, place) for place, child in enumerate(children.get(parent, ()), 1))

    def node(iri: str, place: int) -> Node:
        row = rows[iri][0]
        label, spoken = in_language({r["label"].language: r["label"].value for r in rows[iri]}, language)
        status = {r["statusLabel"].language: r["statusLabel"].value for r in rows[iri] if "statusLabel" in r}
        return Node(
            iri=iri,
            kind=row["kind"].value.rpartition("#")[2],
            place=place,
            number=row["number"].value if "number" in row else "",
            label=label,
            language=spoken,
            status=row["status"].value.rpartition("#")[2] if "status" in row else "",
            status_label=in_language(status, language)[0],
            findings=tuple(sorted(findings.get(iri, ()), key=SEVERITY_ORDER.index)),
            children=nodes(iri),
        )

    return nodes(root)


def trail(site: Site, iri: str, language: str) -> tuple[Crumb, ...]:
    """The way from the plan down to the part with this IRI, without the part itself; empty where there is none."""
    above: dict[str, list[Row]] = {}
    for row in site.select(_TRAIL % reference(iri)):
        above.setdefault(row["x"].value, []).append(row)

    def depth(step: str) -> int:
        parents = {row["parent"].value for row in above[step] if "parent" in row}
        return 1 + max((depth(parent) for parent in parents & above.keys() - {step}), default=0)

    names = plan_names(site) if above else {}
    crumbs = []
    for step in sorted(above, key=depth):
        rows = above[step]
        labels = names.get(step) or {row["label"].language: row["label"].value for row in rows}
        label, spoken = in_language(labels, language)
        crumbs.append(Crumb(step, rows[0]["number"].value if "number" in rows[0] else "", label, spoken))
    return tuple(crumbs)


def theme_place(site: Site, way: Sequence[str]) -> tuple[int, int]:
    """The place of the theme that this way leads through, from a plan down, and how many themes the plan has.

    The place is 0 where it leads through none.
    """
    rows = site.select(_THEMES % reference(way[0]))
    themes = [row["x"].value for row in sorted(rows, key=lambda row: _place(row, row["x"].value))]
    return next((themes.index(step) + 1 for step in way if step in themes), 0), len(themes)


def _place(row: Row, iri: str) -> tuple[int, str]:
    return (int(row["order"].value) if "order" in row else 0, iri)


_SOURCES = """
SELECT DISTINCT ?graph ?source {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:source <http://purl.org/dc/elements/1.1/source> prov:hadPrimarySource prov:wasDerivedFrom }
  GRAPH ?graph { ?any ?property ?source }
}
ORDER BY ?source"""
_TITLES = """
SELECT DISTINCT ?graph ?thing ?title {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:title <http://purl.org/dc/elements/1.1/title> }
  GRAPH ?graph { ?thing ?property ?title }
}
ORDER BY ?title"""
# What is here is never a subject in the graph of others; and of which class a thing is, is no link.
_LINKS = """
  GRAPH ?graph { ?thing ?property ?other }
  FILTER (?property != rdf:type && isIRI(?other)
    && (STRSTARTS(STR(?other), "%s") || STRSTARTS(STR(?other), "%s/") || STRSTARTS(STR(?other), "%s/")))
  FILTER NOT EXISTS { GRAPH ?graph { ?other ?any ?value } }"""
_COUNTS = "SELECT ?graph (COUNT(*) AS ?links) { VALUES ?graph { %s } %s } GROUP BY ?graph"
_LISTED = "SELECT ?thing ?property ?other { VALUES ?graph { %s } %s } ORDER BY ?thing ?property ?other LIMIT %s"
_MOST = 400


@dataclass(frozen=True)
class ExternalPlan:
    """The plan of others in RDF: the IRI of its graph, its title by language, where it says that it is from, and how
    many links it has to what is here.
    """

    iri: str
    titles: Mapping[str, str]
    sources: tuple[str, ...]
    links: int


@dataclass(frozen=True)
class Link:
    """That a thing in the graph of others has to do with one that is here, by which property (all IRIs)."""

    thing: str
    property: str
    other: str


def external_plans(site: Site, known: Sequence[Plan]) -> tuple[ExternalPlan, ...]:
    """The plans of others in RDF: the graphs of plans that are none of those that are `known`."""
    start = site.names.graph("plan", "")
    taken = {site.names.graph("plan", name_of_plan(plan.iri)) for plan in known}
    found = [name for name in graph_names(site) if name.startswith(start) and name not in taken]
    if not found:
        return ()
    listed = " ".join(map(reference, found))
    sources: dict[str, list[str]] = {}
    for row in site.select(_SOURCES % listed):
        sources.setdefault(row["graph"].value, []).append(row["source"].value)
    titles: dict[str, dict[str, dict[str, str]]] = {}
    for row in site.select(_TITLES % listed):
        of_graph = titles.setdefault(row["graph"].value, {})
        of_graph.setdefault(row["thing"].value, {}).setdefault(row["title"].language, row["title"].value)
    counts = {row["graph"].value: int(row["links"].value) for row in site.select(_COUNTS % (listed, _links(site)))}
    return tuple(
        ExternalPlan(name, _title(site, name, titles.get(name, {})), tuple(sources.get(name, ())), counts.get(name, 0))
        for name in found
    )


def links_from(site: Site, guest: str) -> tuple[tuple[Link, ...], bool]:
    """What in the graph of others with this IRI is linked to what is here, and whether that is all of it."""
    rows = site.select(_LISTED % (reference(guest), _links(site), _MOST + 1))
    found = tuple(Link(*(row[name].value for name in ("thing", "property", "other"))) for row in rows[:_MOST])
    return found, len(rows) <= _MOST


def _links(site: Site) -> str:
    return _LINKS % (site.names.id(), ONTOLOGY, AGENDA)


def _title(site: Site, graph: str, titles: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The title of what is called as the graph is, or else of the only thing in it that has any.

    Where several have one, each may be that of a part.
    """
    for iri in (site.names.id("plan", name_of_plan(graph)), graph):
        if iri in titles:
            return titles[iri]
    return next(iter(titles.values())) if len(titles) == 1 else {}


_CALLED = {
    "status": Bilingual("status", "estado"),
    "actor": Bilingual("actor", "actor"),
    "network": Bilingual("network", "red"),
    "group": Bilingual("population group", "grupo de población"),
    "topic": Bilingual("topic", "materia"),
    "finding": Bilingual("finding", "hallazgo"),
}
FACETS = tuple(_CALLED)
_PAIRS = """
SELECT DISTINCT ?plan ?other {
  ?said cg:comparedWith ?other ; cg:subject ?subject . ?subject cg:within ?plan . ?plan a cg:Plan
}"""
FACET_PARAMETERS: tuple[dict[str, Any], ...] = tuple(
    {
        "name": name,
        "in": "query",
        "description": f"Only parts that say this {name}; leave empty for all",
        "schema": {"type": "string"},
        "example": example,
    }
    for name, example in zip(
        FACETS,
        ("pending", "actor/oim", "network/red-trata", "unaccompanied-minors", "return", "activity-without-schedule"),
        strict=True,
    )
)
"""What a plan can be looked through by."""
_SAID = """
SELECT DISTINCT ?x ?facet ?value {
  ?x cg:within %s
  { ?x cg:status ?value . VALUES ?facet { "status" } }
  UNION { { ?x cg:participation/cg:agent ?value } UNION { ?x cg:mentions ?value . ?value a cg:Agent }
    OPTIONAL { ?value a ?network . VALUES ?network { cg:Network } }
    BIND (IF(BOUND(?network), "network", "actor") AS ?facet) }
  UNION { ?x cg:deferredTo ?value . VALUES ?facet { "network" } }
  UNION { ?x cg:populationGroup/skos:broader* ?value . VALUES ?facet { "group" } }
  UNION { ?x cg:topic/skos:broader* ?value . VALUES ?facet { "topic" } }
  UNION { ?finding cg:element ?x ; sh:sourceShape ?value . VALUES ?facet { "finding" } }
}"""

_NOTHING: frozenset[str] = frozenset()
_Said = Mapping[str, frozenset[str]]
"""The values of each facet."""


@dataclass(frozen=True)
class Option:
    """A value that a facet may have: its name in the address, what it is called, and how many parts it would show."""

    name: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facets:
    """What the words of each part of a plan say themselves: `said` has, by part and by facet, the names of the values.

    Who speaks of a narrower topic or group speaks of the broader one. `labels` has the name of each value of each
    facet, and what it is called.
    """

    said: Mapping[str, _Said]
    labels: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Selection:
    """The values that a visitor chose, by facet; those of several facets are all to hold."""

    chosen: Mapping[str, str]

    @classmethod
    def read(cls, query: Mapping[str, str], facets: Facets) -> "Selection":
        """What the address asks for; nothing for an empty value. Raises UsageError for a value that no part has."""
        chosen = {name: query[name] for name in FACETS if query.get(name)}
        for name, value in chosen.items():
            check_choice(name, _CALLED[name], value, facets.labels[name])
        return cls(chosen)

    @property
    def query(self) -> str:
        """The query of the address that asks for it, with its question mark; empty where nothing is chosen."""
        return "?" + urlencode(self.chosen) if self.chosen else ""

    def with_value(self, facet: str, value: str) -> "Selection":
        """The same with another value of one facet; an empty one for any."""
        rest = {name: kept for name, kept in self.chosen.items() if name != facet}
        return Selection({**rest, facet: value} if value else rest)

    def hits(self, nodes: Iterable[Node], facets: Facets) -> frozenset[str]:
        """The IRIs of the parts that say all of it.

        A part does whose own words say all; and one which says all together with what is below it, where nothing below
        does so by itself. Only a theme has to say all in its own words: too much is below it.
        """
        facet, value = next(iter(self.chosen.items()), ("", ""))
        return frozenset(iri for iri, values in self._hits(facet, nodes, facets) if value in values)

    def _hits(self, facet: str, nodes: Iterable[Node], facets: Facets) -> Iterator[tuple[str, frozenset[str]]]:
        """Each part, and the values of one facet that would hit it, beside what is chosen of the others."""
        for node in nodes:
            yield from self._reached(facet, node, facets)[0]

    def _reached(self, facet: str, node: Node, facets: Facets) -> tuple[list[tuple[str, frozenset[str]]], _Said]:
        """The hits of a part and of all below it, and what these say together."""
        below = [self._reached(facet, child, facets) for child in node.children]
        hits = [hit for found, _ in below for hit in found]
        own = facets.said.get(node.iri, {})
        together = {
            name: own.get(name, _NOTHING).union(*(said[name] for _, said in below)) for name in (*self.chosen, facet)
        }
        values = own.get(facet, _NOTHING) if self._holds(own, facet) else _NOTHING
        if node.kind != "Theme" and self._holds(together, facet):
            values |= together[facet].difference(*(found for _, found in hits))
        return [*hits, (node.iri, values)], together

    def _holds(self, said: _Said, facet: str) -> bool:
        """Whether what is said has all that is chosen, whatever it has of one facet."""
        return all(value in said.get(name, ()) for name, value in self.chosen.items() if name != facet)

    def options(self, facet: str, nodes: Iterable[Node], facets: Facets) -> tuple[Option, ...]:
        """What may be chosen of a facet beside the rest, by what it is called; without what would show nothing."""
        kept = self.chosen.get(facet, "")
        counts = Counter(value for _, values in self._hits(facet, nodes, facets) for value in values)
        return tuple(
            Option(name, label, counts[name], name == kept)
            for name, label in sorted(facets.labels[facet].items(), key=lambda each: (key(each[1]), each[0]))
            if counts[name] or name == kept
        )


def read_facets(site: Site, plan: str, language: str) -> Facets:
    """What each part of the plan with this IRI says; `checks` has the title of each check by its code."""
    said: dict[str, dict[str, set[str]]] = {}
    iris: dict[str, dict[str, str]] = {name: {} for name in FACETS}
    for row in site.recall(_SAID % reference(plan)):
        facet, value = row["facet"].value, row["value"].value
        name = _name(site, value)
        iris[facet][name] = value
        said.setdefault(row["x"].value, {}).setdefault(facet, set()).add(name)
    labels = site.labels(iri for values in iris.values() for iri in values.values())

    def label(iri: str) -> str:
        return in_language(labels.get(iri, {}), language)[0] or iri

    return Facets(
        {x: {facet: frozenset(names) for facet, names in found.items()} for x, found in said.items()},
        {facet: {name: label(iri) for name, iri in values.items()} for facet, values in iris.items()},
    )


def _name(site: Site, value: str) -> str:
    """A value as addresses have it: what is unlike in a scheme or below `/id/`."""
    return value.rpartition("#")[2].removeprefix(site.names.id())


PLAN_FORMS = (*EVERY, CSV)
_OURS = "crm"
_ROWS = """
SELECT ?part ?kind ?number ?label ?status_label ?part_of ?part_of_number ?part_of_label ?source ?start ?end ?exact {
  VALUES ?part { %(parts)s }
  VALUES ?kind { %(kinds)s }
  ?part a ?kind ; dcterms:isPartOf ?part_of ; cg:order ?order ; rdfs:label ?label .
  ?part_of rdfs:label ?part_of_label
  FILTER (LANG(?label) = "%(language)s" || NOT EXISTS {
    ?part rdfs:label ?nearer FILTER (LANG(?nearer) = "%(language)s" || LANG(?nearer) < LANG(?label))
  })
  FILTER (LANG(?part_of_label) = "%(language)s" || NOT EXISTS {
    ?part_of rdfs:label ?nearest FILTER (LANG(?nearest) = "%(language)s" || LANG(?nearest) < LANG(?part_of_label))
  })
  OPTIONAL { ?part_of cg:number ?part_of_number }
  OPTIONAL { ?part cg:number ?number }
  OPTIONAL { ?part cg:status/skos:prefLabel ?status_label FILTER (LANG(?status_label) = "%(language)s") }
  OPTIONAL {
    ?part cg:passage ?passage .
    ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact
  }
} ORDER BY ?order"""
_READ_FROM = "SELECT DISTINCT ?source { ?part cg:within %s ; cg:passage/cg:source ?source } ORDER BY ?source"
_POINTING = """
SELECT (COUNT(DISTINCT ?x) AS ?count) { VALUES ?kind { cg:Referral cg:CrossReference } ?x a ?kind ; cg:within %s }"""
_GRAPH = "CONSTRUCT { ?x ?p ?o } WHERE { VALUES ?x { %s } ?x ?p ?o }"


def plan_page(request: Request, site: Site, name: str = _OURS) -> Response:
    """The plan with this name as a tree, as a table or as a graph; its parts can be chosen by each of FACETS.

    What is chosen is shown with what it is part of and with what is below it; the data hold what is chosen alone.
    """
    name, form = requested_form(request, name, PLAN_FORMS)
    language = language_of(request)
    plan = links_of(request, site).thing(f"plan/{name}")
    tree = outline(site, plan, language)
    if not tree:
        raise NothingKnownError(plan)
    check_parameters(request, FACETS)
    facets = read_facets(site, plan, language)
    selection = Selection.read(request.query_params, facets)
    hits = selection.hits(tree, facets)
    everything = [node for theme in tree for node in (theme, *theme.below())]
    wanted = [node for node in everything if node.iri in hits] if selection.chosen else everything
    if form != HTML:
        return _data(site, [node.iri for node in wanted], form, language)
    plans = known(site)
    address = "/plan" if name == _OURS else f"/plan/{name}"
    context = {
        "plan": plan,
        "compared": comparison_of(site, plan),
        "known": plans[plan],
        "sources": [row["source"].value for row in site.select(_READ_FROM % reference(plan))],
        "address": address,
        "branches": tuple(_chosen_only(tree, hits)) if selection.chosen else tree,
        "themes": len(tree),
        "folds": any(objective.children for theme in tree for objective in theme.children),
        "is_flat": not any(theme.children for theme in tree),
        "hits": hits,
        "selection": selection,
        "facets": {facet: selection.options(facet, tree, facets) for facet in FACETS if facets.labels[facet]},
        "labels": facets.labels,
        "shown": len(wanted),
        "total": len(everything),
        "pointing": int(site.select(_POINTING % reference(plan))[0]["count"].value),
        # What the parts are called is in one language in the tables.
        **data_links(request, site, f"/{language}{address}", PLAN_FORMS[1:], selection.query),
    }
    return render(request, site, "plan.html", context=context)


def _chosen_only(nodes: Iterable[Node], hits: Collection[str]) -> Iterator[Node]:
    """The hits with all that is below them, and what they are part of without the rest of it."""
    for node in nodes:
        if node.iri in hits:
            yield node
            continue
        kept = tuple(_chosen_only(node.children, hits))
        if kept:
            yield replace(node, children=kept)


def _data(site: Site, parts: Iterable[str], form: Format, language: str) -> Response:
    listed = " ".join(map(reference, parts))
    if form in GRAPHS:
        return statements_as(site, _GRAPH % listed, form)
    query = _ROWS % {"parts": listed, "kinds": " ".join(KINDS), "language": language}
    if form == CSV:
        return data_response(site.table(query, CSV.media_type), CSV.media_type, speaks=True)
    return rows_as_json({name: term.value for name, term in row.items()} for row in site.select(query))


def compared(site: Site) -> list[tuple[str, str]]:
    """The IRIs of each two plans that somebody compared, once, from whichever side that was.

    The plan that the dataset is about comes first, or else the one of whose parts it was said.
    """
    ours = site.names.id("plan", "crm")
    pairs = {(row["plan"].value, row["other"].value) for row in site.recall(_PAIRS)}

    def leading(plan: str, other: str) -> tuple[str, str]:
        is_led = plan != ours and (other == ours or ((other, plan) in pairs and other < plan))
        return (other, plan) if is_led else (plan, other)

    return sorted({leading(*pair) for pair in pairs})


def comparison_of(site: Site, plan: str) -> str:
    """The path of the page that compares a plan with the only other that it was compared with.

    That of all comparisons where there are several; empty where nobody has compared it.
    """
    paths = [pair_path(*pair) for pair in compared(site) if plan in pair]
    return "/crosswalk" if len(paths) > 1 else next(iter(paths), "")


def pair_path(plan: str, other: str) -> str:
    """The path of the page that compares two plans with these IRIs, without language or root."""
    return f"/crosswalk/{name_of_plan(plan)}/{name_of_plan(other)}"
