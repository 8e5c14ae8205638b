"""The plans of the dataset: which there are, the tree of each, and the page on which one is looked through."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from crmgraph.decisions import AGENDA
from crmgraph.errors import Bilingual
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.languages import key
from crmgraph.site.base import (
    CSV,
    HTML,
    JSON,
    PAGE_FORMS,
    SEVERITY_ORDER,
    NothingKnownError,
    PageRequest,
    Record,
    Row,
    Site,
    Texts,
    check_choice,
    distinct_values_by,
    graph_names,
    in_language,
    local_name,
    query_string,
    reference,
    rows_by,
    texts_by,
    texts_in,
)

PLAN_FORMS = (*PAGE_FORMS, CSV)
_OURS = "crm"
_KINDS = ("cg:Theme", "cg:Objective", "cg:Action", "cg:Activity", "cg:ScheduleEntry", "cg:Note")
"""The classes of the parts of a plan, as SPARQL has them; references to work plans, say, are words of such a part."""

_FACETS = {
    "status": (Bilingual("status", "estado"), "pending"),
    "actor": (Bilingual("actor", "actor"), "actor/oim"),
    "network": (Bilingual("network", "red"), "network/red-trata"),
    "group": (Bilingual("population group", "grupo de población"), "unaccompanied-minors"),
    "topic": (Bilingual("topic", "materia"), "return"),
    "finding": (Bilingual("finding", "hallazgo"), "activity-without-schedule"),
}
"""What a plan is looked through by: the name of each, and an example of a value."""

FACET_PARAMETERS: tuple[dict[str, Any], ...] = tuple(
    {
        "name": name,
        "in": "query",
        "description": f"Only parts that say this {name}; leave empty for all",
        "schema": {"type": "string"},
        "example": example,
    }
    for name, (_, example) in _FACETS.items()
)
"""The parameters of the page of a plan, as OpenAPI describes them."""

_TEXTS = """
SELECT DISTINCT ?plan ?property ?value {
  { ?plan a cg:Plan } UNION { SELECT DISTINCT ?plan { ?said cg:comparedWith ?plan } }
  VALUES (?predicate ?property) {
    (rdfs:label "title") (dcterms:alternative "name") (skos:note "note") (dcterms:source "source") (rdf:type "type")
  }
  ?plan ?predicate ?value
  FILTER (?property != "type" || ?value = cg:AbridgedPlan)
  FILTER NOT EXISTS { ?value a cg:Passage }
}
ORDER BY ?value"""
_PLANS = """
SELECT ?iri ?process ?file ?address (COUNT(DISTINCT ?objective) AS ?objectives) (COUNT(DISTINCT ?part) AS ?parts) {
  ?iri a cg:Plan .
  VALUES ?kind { %s }
  ?part cg:within ?iri ; a ?kind .
  OPTIONAL { ?iri cg:planOf ?process }
  OPTIONAL {
    ?iri dcterms:source ?document . ?document prov:wasDerivedFrom ?made . ?made rdfs:label ?file .
    FILTER (LANG(?file) = "es")
    OPTIONAL { ?made dcterms:source ?address }
  }
  OPTIONAL { ?part a cg:Objective . BIND (?part AS ?objective) }
}
GROUP BY ?iri ?process ?file ?address"""
_PARTS = """
SELECT DISTINCT ?iri ?kind ?parent ?number ?order ?label ?status ?status_label {
  ?iri dcterms:isPartOf+ %s ; a ?class ; dcterms:isPartOf ?parent ; rdfs:label ?label FILTER (?class IN (%s))
  BIND (STRAFTER(STR(?class), "#") AS ?kind)
  OPTIONAL { ?iri cg:number|skos:notation ?number }
  OPTIONAL { ?iri cg:order ?order }
  OPTIONAL {
    ?iri cg:status ?concept BIND (STRAFTER(STR(?concept), "#") AS ?status)
    OPTIONAL { ?concept skos:prefLabel|rdfs:label ?status_label }
  }
}"""
_FINDINGS = """
SELECT DISTINCT ?finding ?x ?severity {
  ?finding a cg:Finding ; cg:element ?x ; cg:severity/skos:notation ?severity
}"""
_TRAIL = """
SELECT DISTINCT ?iri ?above ?number {
  %s dcterms:isPartOf+ ?iri . ?iri rdfs:label ?label
  OPTIONAL { ?iri dcterms:isPartOf+ ?above }
  OPTIONAL { ?iri cg:number|skos:notation ?number }
}"""
_PAIRS = """
SELECT DISTINCT ?plan ?other {
  ?said cg:comparedWith ?other ; cg:subject ?subject . ?subject cg:within ?plan . ?plan a cg:Plan
}"""
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
_SOURCES = """
SELECT DISTINCT ?graph ?source {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:source <http://purl.org/dc/elements/1.1/source> prov:hadPrimarySource prov:wasDerivedFrom }
  GRAPH ?graph { ?any ?property ?source }
}
ORDER BY ?source"""
# The title of the plan, and not that of a part.
_TITLES = """
SELECT DISTINCT ?graph ?title {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:title <http://purl.org/dc/elements/1.1/title> }
  GRAPH ?graph {
    ?thing ?property ?title FILTER NOT EXISTS { ?thing dcterms:isPartOf|skos:inScheme|skos:broader ?whole }
  }
}
ORDER BY DESC(?title)"""
# What is here is never a subject in the graph of others; and of which class a thing is, is no link.
_LINKS = """
  GRAPH ?graph { ?thing ?property ?other }
  FILTER (?property != rdf:type && isIRI(?other)
    && (STRSTARTS(STR(?other), "%s") || STRSTARTS(STR(?other), "%s/") || STRSTARTS(STR(?other), "%s/")))
  FILTER NOT EXISTS { GRAPH ?graph { ?other ?any ?value } }"""
_COUNTS = "SELECT ?graph (COUNT(*) AS ?links) { VALUES ?graph { %s } %s } GROUP BY ?graph"
_LISTED = "SELECT ?thing ?property ?other { VALUES ?graph { %s } %s } ORDER BY ?thing ?property ?other LIMIT %s"
_MOST_LINKS = 400


class Node(Record):
    """A part of a plan: its `iri`, `number`, `label` and the `language` of that, the `kind`, a class of the ontology.

    `place` is its place among the parts that it stands beside, from 1; `status` and `status_label` are those of its
    schedule. `findings` are the severities of those that concern it, the gravest first, and `children` the parts below
    it in the order of the document.
    """

    def below(self) -> Iterator["Node"]:
        """Yield every part below this one, in the order of the document."""
        for child in self.children:
            yield child
            yield from child.below()

    def count(self, kind: str) -> int:
        """Return how many parts of a kind are below this one."""
        return sum(node.kind == kind for node in self.below())

    def statuses(self) -> dict[str, str]:
        """Return the schedule statuses below this part with their labels, in the order in which they appear."""
        return {node.status: node.status_label for node in self.below() if node.status}

    def findings_below(self) -> list[str]:
        """Return the severities of the findings that concern this part or any below it, the gravest first."""
        found = (severity for node in (self, *self.below()) for severity in node.findings)
        return sorted(found, key=SEVERITY_ORDER.index)


@dataclass(frozen=True)
class Facets:
    """The values that each part of a plan has, and those that a visitor chose, by facet.

    `said` has the facets of each part with the names of the values, each pair apart; who speaks of a narrower topic or
    group speaks of the broader one. `labels` has what each value of each facet is called. All that is `chosen` is to
    hold.
    """

    said: Mapping[str, Collection[tuple[str, str]]]
    labels: Mapping[str, Texts]
    chosen: Mapping[str, str]

    def query(self, without: str = "") -> str:
        """Return the query of the address that asks for it, or for it without one facet; empty for nothing."""
        return query_string({name: value for name, value in self.chosen.items() if name != without})

    def hits(self, nodes: Iterable[Node]) -> frozenset[str]:
        """Return the IRIs of the parts that say all that is chosen.

        A part does whose own words say all; and one which says all together with what is below it, where nothing below
        does so by itself. Only a theme has to say all in its own words: too much is below it.
        """
        return frozenset(_hits(nodes, self.said, self._together(nodes), self.chosen) if self.chosen else ())

    def options(self, facet: str, nodes: Iterable[Node]) -> list[Record]:
        """Return what may be chosen of a facet beside the rest, by name; without what would show nothing.

        Each has its `value` in the address, its `label`, the `count` of parts that it would show, and whether it
        `is_chosen`.
        """
        together, kept = self._together(nodes), self.chosen.get(facet, "")
        found = []
        for name, label in sorted(self.labels[facet].items(), key=lambda each: (key(each[1]), each[0])):
            count = len(_hits(nodes, self.said, together, {**self.chosen, facet: name}))
            if count or name == kept:
                found.append(Record(value=name, label=label, count=count, is_chosen=name == kept))
        return found

    def _together(self, nodes: Iterable[Node]) -> dict[str, set[tuple[str, str]]]:
        """Return the values of each part and all below it."""
        found: dict[str, set[tuple[str, str]]] = {}
        for node in nodes:
            found |= self._together(node.children)
            own = set(self.said.get(node.iri, ()))
            found[node.iri] = own.union(*(found[child.iri] for child in node.children))
        return found


_Values = Mapping[str, Collection[tuple[str, str]]]


def _hits(nodes: Iterable[Node], said: _Values, together: _Values, chosen: Mapping[str, str]) -> list[str]:
    """Return the IRIs of the parts that say all that is chosen; see Facets.hits."""
    found = []
    for node in nodes:
        if chosen.items() <= set(together[node.iri]):
            below = _hits(node.children, said, together, chosen)
            found += below
            if chosen.items() <= set(said.get(node.iri, ())) or (node.kind != "Theme" and not below):
                found.append(node.iri)
    return found


def plan_texts(site: Site) -> dict[str, Record]:
    """Return what was read of all plans and of whatever else plans were compared with, by IRI.

    That is the short `names`, the `titles` and `notes`, by language. It `is_abridged` where only the titles of its
    parts were read. `sources` are the IRIs of what it was read from: the document held here, and pages of others.
    """
    found = {}
    for (iri,), rows in rows_by(site.select_cached(_TEXTS), "plan").items():
        said = {name: each for (name,), each in rows_by(rows, "property").items()}
        titles = texts_in(reversed(said.get("title", ())), "value")
        names, notes = (_joined(said.get(name, ())) for name in ("name", "note"))
        sources = [row["value"].value for row in said.get("source", ())]
        # A plan that somebody imported has no short name.
        found[iri] = Record(
            names=names or titles, titles=titles, notes=notes, is_abridged="type" in said, sources=sources
        )
    return found


def _joined(rows: Sequence[Row]) -> dict[str, str]:
    """Return the texts of these rows by language, several put together."""
    terms = [row["value"] for row in rows]
    languages = dict.fromkeys(term.language for term in terms)
    return {tag: " ".join(term.value for term in terms if term.language == tag) for tag in languages}


def plan_names(site: Site) -> dict[str, Texts]:
    """Return the short names of plans by IRI and language: all in the same manner, whatever their sources print."""
    return {iri: each.names for iri, each in plan_texts(site).items()}


def plan_read_in(site: Site, source: str) -> Record | None:
    """Return the plan that was read in the document with this IRI; None where none was."""
    return next((each for each in plan_texts(site).values() if source in each.sources), None)


def name_of_plan(iri: str) -> str:
    """Return the name of a plan, or of the 2030 Agenda, in an address of this site."""
    return iri.rstrip("/").rpartition("/")[2]


def plans(site: Site) -> list[Record]:
    """Return all plans, those with the most parts first.

    Each has its `iri`, the `process` that it is of, the numbers of its `objectives` and of its `parts` in all. `file`
    is the name of the file that it was imported from, `address` the one that this is said to be from.
    """
    found = site.records(_PLANS % " ".join(_KINDS), "iri", is_cached=True)
    return sorted(found, key=lambda plan: (-plan.parts, plan.iri))


def external_plans(site: Site, known: Iterable[Record]) -> list[Record]:
    """Return the plans of others in RDF: the graphs of plans that are none of those that are known.

    Each has the `iri` of its graph, its `titles` by language, its `sources`, and the number of its `links`.
    """
    start = site.names.graph("plan", "")
    taken = {site.names.graph("plan", name_of_plan(plan.iri)) for plan in known}
    found = [name for name in graph_names(site) if name.startswith(start) and name not in taken]
    listed = " ".join(map(reference, found))
    sources = distinct_values_by(site.select(_SOURCES % listed), "graph", "source")
    titles = texts_by(site.select(_TITLES % listed), "graph", "title")
    counts = {row["graph"].value: int(row["links"].value) for row in site.select(_COUNTS % (listed, _links(site)))}
    return [
        Record(
            iri=name,
            titles=titles.get(name, {}),
            sources=sources.get(name, ()),
            links=counts.get(name, 0),
        )
        for name in found
    ]


def links_from(site: Site, plan: str) -> tuple[list[tuple[str, ...]], bool]:
    """Return the links of the external plan with this IRI to what is here, and whether that is all of them.

    Each is the thing there, the property and the thing here, by their IRIs.
    """
    rows = site.select(_LISTED % (reference(plan), _links(site), _MOST_LINKS + 1))
    found = [tuple(row[name].value for name in ("thing", "property", "other")) for row in rows[:_MOST_LINKS]]
    return found, len(rows) <= _MOST_LINKS


def _links(site: Site) -> str:
    return _LINKS % (site.names.id(), ONTOLOGY, AGENDA)


def compared(site: Site) -> list[tuple[str, str]]:
    """Return the IRIs of each two plans that somebody compared, once, from whichever side that was.

    The plan that the dataset is about comes first, or else the one whose IRI does.
    """
    ours = site.names.id("plan", _OURS)
    pairs = ((row["plan"].value, row["other"].value) for row in site.select_cached(_PAIRS))
    return sorted(
        {(one, other) for one, other in (sorted(pair, key=lambda each: (each != ours, each)) for pair in pairs)}
    )


def comparison_of(site: Site, plan: str) -> str:
    """Return the path of the page that compares a plan with the only other that it was compared with.

    It is that of all comparisons where there are several; empty where nobody has compared the plan.
    """
    paths = [pair_path(*pair) for pair in compared(site) if plan in pair]
    return "/crosswalk" if len(paths) > 1 else next(iter(paths), "")


def pair_path(plan: str, other: str) -> str:
    """Return the path of the page that compares two plans with these IRIs, without language or root."""
    return f"/crosswalk/{name_of_plan(plan)}/{name_of_plan(other)}"


def outline(site: Site, root: str, language: str) -> tuple[Node, ...]:
    """Return the parts directly below the plan or part with the IRI `root`, each with everything that is below it."""
    # A whole plan is shown in many ways.
    query, is_cached = _PARTS % (reference(root), ", ".join(_KINDS)), root in plan_names(site)
    parts = site.records(query, "iri", language=language, texts=("label", "status_label"), is_cached=is_cached)
    findings = rows_by(site.select_cached(_FINDINGS), "x")
    children: dict[str, list[Record]] = {}
    for part in sorted(parts, key=lambda part: (part.order or 0, part.iri)):
        children.setdefault(part.parent, []).append(part)

    def nodes(parent: str) -> tuple[Node, ...]:
        return tuple(
            Node(
                **vars(part),
                place=place,
                findings=sorted(
                    (row["severity"].value for row in findings.get((part.iri,), ())), key=SEVERITY_ORDER.index
                ),
                children=nodes(part.iri),
            )
            for place, part in enumerate(children.get(parent, ()), 1)
        )

    return nodes(root)


def trail(site: Site, iri: str, language: str) -> list[Record]:
    """Return the way from the plan down to the part with this IRI, without the part; empty where there is none.

    Each step has its `iri`, `number` and `label`, and the `language` of that.
    """
    steps = site.records(_TRAIL % reference(iri), "iri", lists=("above",))
    labels = site.labels(step.iri for step in steps)
    for step in steps:
        step.label, step.language = in_language(labels[step.iri], language)
    return sorted(steps, key=lambda step: len(step.above))


def read_facets(site: Site, plan: str, language: str, query: Mapping[str, str]) -> Facets:
    """Return what each part of the plan with this IRI says, and what the query of an address chooses.

    Raises UsageError for a value that no part has.
    """

    def name(iri: str) -> str:
        """Return a value as addresses have it: what is unlike in a scheme or below `/id/`."""
        return local_name(iri).removeprefix(site.names.id())

    def label(iri: str) -> str:
        return in_language(named.get(iri, {}), language)[0] or iri

    rows = site.select_cached(_SAID % reference(plan))
    named = site.labels(row["value"].value for row in rows)
    said = {
        part: {(row["facet"].value, name(row["value"].value)) for row in same}
        for (part,), same in rows_by(rows, "x").items()
    }
    values = distinct_values_by(rows, "facet", "value")
    labels = {facet: {name(iri): label(iri) for iri in values.get(facet, ())} for facet in _FACETS}
    chosen = {facet: query[facet] for facet in _FACETS if query.get(facet)}
    for facet, value in chosen.items():
        check_choice(facet, _FACETS[facet][0], value, labels[facet])
    return Facets(said, labels, chosen)


def plan_page(visit: PageRequest, name: str = _OURS) -> Response:
    """Return the plan with this name as a tree, as a table or as a graph; its parts can be chosen by facets.

    What is chosen is shown with what it is part of and with what is below it; the data hold what is chosen alone.
    """
    site, language, plan = visit.site, visit.language, visit.links.thing_iri(f"plan/{name}")
    tree = outline(site, plan, language)
    if not tree:
        raise NothingKnownError(plan)
    facets = read_facets(site, plan, language, visit.query)
    hits = facets.hits(tree)
    everything = [node for theme in tree for node in (theme, *theme.below())]
    wanted = [node for node in everything if node.iri in hits] if facets.chosen else everything
    if visit.form != HTML:
        return _data(visit, [node.iri for node in wanted])
    address = "/plan" if name == _OURS else f"/plan/{name}"
    context = {
        "plan": plan,
        "compared": comparison_of(site, plan),
        "known": plan_texts(site)[plan],
        "sources": [row["source"].value for row in site.select(_READ_FROM % reference(plan))],
        "address": address,
        "branches": list(_chosen(tree, hits)) if facets.chosen else tree,
        "themes": len(tree),
        "folds": any(objective.children for theme in tree for objective in theme.children),
        "is_flat": not any(theme.children for theme in tree),
        "hits": hits,
        "selection": facets,
        "facets": {facet: facets.options(facet, tree) for facet in _FACETS if facets.labels[facet]},
        "shown": len(wanted),
        "total": len(everything),
        "pointing": int(site.select(_POINTING % reference(plan))[0]["count"].value),
        # What the parts are called is in one language in the tables.
        **visit.data_links(PLAN_FORMS[1:], f"/{language}{address}", facets.query()),
    }
    return visit.render("plan.html", context)


def _chosen(nodes: Iterable[Node], hits: Collection[str]) -> Iterator[Node]:
    """Yield the hits with all that is below them, and what they are part of without the rest of it."""
    for node in nodes:
        if node.iri in hits:
            yield node
        elif kept := tuple(_chosen(node.children, hits)):
            yield Node(**{**vars(node), "children": kept})


def _data(visit: PageRequest, parts: Iterable[str]) -> Response:
    site, listed = visit.site, " ".join(map(reference, parts))
    query = _ROWS % {"parts": listed, "kinds": " ".join(_KINDS), "language": visit.language}
    return visit.data(
        _GRAPH % listed,
        rows=({name: term.value for name, term in row.items()} for row in site.select(query))
        if visit.form == JSON
        else None,
        table=site.answer(query, CSV.media_type) if visit.form == CSV else "",
    )
