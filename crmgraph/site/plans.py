"""The plans of the dataset, the tree of the parts of each, and the page on which a plan can be browsed and filtered."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from crmgraph.errors import Bilingual
from crmgraph.reading.languages import key
from crmgraph.site.base import (
    CSV,
    HTML,
    JSON,
    PAGE_FORMS,
    SEVERITY_ORDER,
    PageRequest,
    Record,
    Row,
    Site,
    Texts,
    check_choice,
    distinct_values_by,
    graph_names,
    grouped,
    in_language,
    iri_ref,
    local_name,
    nothing_known,
    query_string,
    rows_by,
    texts_by,
    texts_by_language,
)

PLAN_FORMS = (*PAGE_FORMS, CSV)
_DEFAULT_PLAN = "crm"
PART_KINDS = ("Theme", "Objective", "Action", "Activity", "ScheduleEntry", "Note")
"""The local names of the classes of the parts of a plan.

Other elements, such as references to work plans, are in the text of a part.
"""
_PART_CLASSES = tuple(f"cg:{kind}" for kind in PART_KINDS)

_FACETS = {
    "status": (Bilingual("status", "estado"), "pending"),
    "actor": (Bilingual("actor", "actor"), "actor/oim"),
    "network": (Bilingual("network", "red"), "network/red-trata"),
    "group": (Bilingual("population group", "grupo de población"), "unaccompanied-minors"),
    "topic": (Bilingual("topic", "materia"), "return"),
    "finding": (Bilingual("finding", "hallazgo"), "activity-without-agent"),
}
"""The facets by which the parts of a plan can be filtered: the title of each, and an example of a value."""

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
# The status of a schedule entry holds of its activity as well, and is shown once: at the entry.
_PARTS = """
SELECT DISTINCT ?iri ?kind ?parent ?number ?order ?label ?status ?status_label {
  ?iri dcterms:isPartOf+ %s ; a ?class ; dcterms:isPartOf ?parent ; rdfs:label ?label FILTER (?class IN (%s))
  BIND (STRAFTER(STR(?class), "#") AS ?kind)
  OPTIONAL { ?iri cg:number ?number }
  OPTIONAL { ?iri cg:order ?order }
  OPTIONAL {
    ?iri cg:status ?concept FILTER NOT EXISTS { ?iri cg:schedule/cg:status ?concept }
    BIND (STRAFTER(STR(?concept), "#") AS ?status)
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
  OPTIONAL { ?iri cg:number ?number }
}"""
_PAIRS = """
SELECT DISTINCT ?plan ?other {
  ?said cg:comparedWith ?other ; rdf:subject ?subject . ?subject cg:within ?plan . ?plan a cg:Plan
}"""
_FACET_VALUES = """
SELECT DISTINCT ?x ?facet ?value {
  ?x cg:within %s
  { ?x cg:status ?value . VALUES ?facet { "status" } FILTER NOT EXISTS { ?x cg:schedule/cg:status ?value } }
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
  FILTER (LANGMATCHES(LANG(?label), "%(language)s") && LANGMATCHES(LANG(?part_of_label), "%(language)s"))
  OPTIONAL { ?part_of cg:number ?part_of_number }
  OPTIONAL { ?part cg:number ?number }
  OPTIONAL {
    ?part cg:status ?status FILTER NOT EXISTS { ?part cg:schedule/cg:status ?status }
    ?status skos:prefLabel ?status_label FILTER (LANG(?status_label) = "%(language)s")
  }
  OPTIONAL {
    ?part cg:passage ?passage .
    ?passage cg:source ?source ; cg:start ?start ; cg:end ?end ; cg:exact ?exact
  }
} ORDER BY ?order"""
_READ_FROM = "SELECT DISTINCT ?source { ?part cg:within %s ; cg:passage/cg:source ?source } ORDER BY ?source"
_REFERENCE_COUNT = """
SELECT (COUNT(DISTINCT ?x) AS ?count) { VALUES ?kind { cg:Referral cg:CrossReference } ?x a ?kind ; cg:within %s }"""
_GRAPH = "CONSTRUCT { ?x ?p ?o } WHERE { VALUES ?x { %s } ?x ?p ?o }"
_SOURCES = """
SELECT DISTINCT ?graph ?source {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:source <http://purl.org/dc/elements/1.1/source> prov:hadPrimarySource prov:wasDerivedFrom }
  GRAPH ?graph { ?any ?property ?source }
}
ORDER BY ?source"""
# Parts of a plan have titles too; only the title of the whole is wanted.
_TITLES = """
SELECT DISTINCT ?graph ?title {
  VALUES ?graph { %s }
  VALUES ?property { dcterms:title <http://purl.org/dc/elements/1.1/title> }
  GRAPH ?graph {
    ?thing ?property ?title FILTER NOT EXISTS { ?thing dcterms:isPartOf|skos:inScheme|skos:broader ?whole }
  }
}
ORDER BY DESC(?title)"""


class Node(Record):
    """A part of a plan in the tree of its parts.

    Attributes:
        iri: The IRI of the part.
        kind: The local name of its class, such as `Objective`.
        parent: The IRI of the part or plan above it.
        number: Its number; empty for none.
        label: Its label, in the language `language`.
        order: Its position in the document.
        place: Its position among its siblings, from 1.
        status: The id of its schedule status, such as `pending`; empty for none.
        status_label: The label of that status.
        findings: The severities of the findings that concern the part, the gravest first.
        children: The parts directly below it, in the order of the document.
    """

    def descendants(self) -> Iterator["Node"]:
        """Yield all parts below this one, in the order of the document."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def count(self, kind: str) -> int:
        """Return the number of descendants of this kind."""
        return sum(node.kind == kind for node in self.descendants())

    def finding_severities(self) -> list[str]:
        """Return the severities of the findings that concern this part or a descendant, the gravest first."""
        found = (severity for node in (self, *self.descendants()) for severity in node.findings)
        return sorted(found, key=SEVERITY_ORDER.index)


@dataclass(frozen=True)
class Facets:
    """The facet values of the parts of a plan, and the values that a visitor has chosen.

    A part with a narrower topic or population group also has the broader ones as values.

    Attributes:
        values_by_part: Pairs of a facet and a value, by the IRI of the part.
        labels: The labels of all values, by facet and value.
        chosen: The chosen value of each facet in the request. A part must have all of them.
    """

    values_by_part: Mapping[str, Collection[tuple[str, str]]]
    labels: Mapping[str, Texts]
    chosen: Mapping[str, str]

    def query(self, without: str = "") -> str:
        """Return the query string for the chosen values, less the facet `without`. Empty if no value is left."""
        return query_string({name: value for name, value in self.chosen.items() if name != without})

    def matching_parts(self, nodes: Iterable[Node]) -> frozenset[str]:
        """Return the IRIs of the parts that have all chosen values.

        A part matches if its own values include them. It also matches if its values and those of its descendants
        include them together, but none of the descendants matches. The second rule does not apply to themes, which
        contain too many parts.
        """
        return frozenset(
            _find_matches(nodes, self.values_by_part, self._values_of_subtrees(nodes), self.chosen)
            if self.chosen
            else ()
        )

    def options(self, facet: str, nodes: Iterable[Node]) -> list[Record]:
        """Return the values of a facet that a visitor can choose, given the chosen values of the other facets.

        Values that no part would match are left out, except for a chosen one. The result is sorted by label.

        Attributes of the result:
            value: The value, as in the query string.
            count: The number of parts that would match.
            is_chosen: Whether the value is chosen now.
        """
        together, kept = self._values_of_subtrees(nodes), self.chosen.get(facet, "")
        counts = {
            name: len(_find_matches(nodes, self.values_by_part, together, {**self.chosen, facet: name}))
            for name in self.labels[facet]
        }
        return [
            Record(value=name, label=label, count=counts[name], is_chosen=name == kept)
            for name, label in sorted(self.labels[facet].items(), key=lambda each: (key(each[1]), each[0]))
            if counts[name] or name == kept
        ]

    def _values_of_subtrees(self, nodes: Iterable[Node]) -> dict[str, set[tuple[str, str]]]:
        """Return the values of each part together with those of its descendants, by IRI of the part."""
        found: dict[str, set[tuple[str, str]]] = {}
        for node in nodes:
            found |= self._values_of_subtrees(node.children)
            own = set(self.values_by_part.get(node.iri, ()))
            found[node.iri] = own.union(*(found[child.iri] for child in node.children))
        return found


_ValuesByPart = Mapping[str, Collection[tuple[str, str]]]


def _find_matches(
    nodes: Iterable[Node], own: _ValuesByPart, of_subtrees: _ValuesByPart, chosen: Mapping[str, str]
) -> list[str]:
    """Return the IRIs of the parts that have all chosen values; see Facets.matching_parts."""
    found = []
    for node in nodes:
        if chosen.items() <= set(of_subtrees[node.iri]):
            below = _find_matches(node.children, own, of_subtrees, chosen)
            found += below
            if chosen.items() <= set(own.get(node.iri, ())) or (node.kind != "Theme" and not below):
                found.append(node.iri)
    return found


def plan_texts(site: Site) -> dict[str, Record]:
    """Return the texts of each plan, and of everything else that plans have been compared with, by IRI.

    Attributes of the result:
        names: The short name, by language; the title if there is no short name.
        titles: The title, by language.
        notes: Remarks, by language.
        is_abridged: Whether the graph contains only the titles of the plan's parts.
        sources: The IRIs of its sources: documents in this dataset, or web pages.
    """
    found = {}
    for (iri,), rows in rows_by(site.select(_TEXTS, is_cached=True), "plan").items():
        said = {name: each for (name,), each in rows_by(rows, "property").items()}
        titles = texts_by_language(reversed(said.get("title", ())), "value")
        names, notes = (_join_texts(said.get(name, ())) for name in ("name", "note"))
        # An imported plan has no short name.
        found[iri] = Record(
            names=names or titles,
            titles=titles,
            notes=notes,
            is_abridged="type" in said,
            sources=[row["value"].value for row in said.get("source", ())],
        )
    return found


def _join_texts(rows: Sequence[Row]) -> dict[str, str]:
    """Return the texts in these rows by language, joined by spaces."""
    terms = grouped((row["value"] for row in rows), lambda term: term.language)
    return {tag: " ".join(term.value for term in each) for tag, each in terms.items()}


def plan_names(site: Site) -> dict[str, Texts]:
    """Return the short names of plans by IRI and language. They follow one style, unlike the titles in the sources."""
    return {iri: each.names for iri, each in plan_texts(site).items()}


def name_of_plan(iri: str) -> str:
    """Return the last segment of the IRI of a plan or of the 2030 Agenda; paths of the site use it as a name."""
    return iri.rstrip("/").rpartition("/")[2]


def plans(site: Site) -> list[Record]:
    """Return all plans, those with the most parts first.

    Attributes of the result:
        iri: The IRI of the plan.
        process: The IRI of the consultative process that the plan belongs to; empty for none.
        objectives: The number of its objectives.
        parts: The number of all its parts.
        file: The name of the file that it was imported from; empty for none.
        address: The web address that the file is from, if stated.
    """
    found = site.records(_PLANS % " ".join(_PART_CLASSES), "iri", is_cached=True)
    return sorted(found, key=lambda plan: (-plan.parts, plan.iri))


def external_plans(site: Site, known: Iterable[Record]) -> list[Record]:
    """Return the external plans: graphs below `…/graph/plan/` that belong to none of the `known` plans.

    Such a graph was loaded as RDF, so that its things have IRIs of their own.

    Attributes of the result:
        iri: The IRI of the graph.
        titles: The titles of the plan, by language.
        sources: The IRIs of its sources.
    """
    start = site.names.graph("plan", "")
    taken = {site.names.graph("plan", name_of_plan(plan.iri)) for plan in known}
    found = [name for name in graph_names(site) if name.startswith(start) and name not in taken]
    listed = " ".join(map(iri_ref, found))
    sources = distinct_values_by(site.select(_SOURCES % listed), "graph", "source")
    titles = texts_by(site.select(_TITLES % listed), "graph", "title")
    return [Record(iri=name, titles=titles.get(name, {}), sources=sources.get(name, ())) for name in found]


def compared_pairs(site: Site) -> list[tuple[str, str]]:
    """Return the pairs of plans that have been compared, as IRIs. Each pair appears once.

    The plan of the RCM comes first in its pairs; otherwise the IRIs are in alphabetical order.
    """
    ours = site.names.id("plan", _DEFAULT_PLAN)
    pairs = ((row["plan"].value, row["other"].value) for row in site.select(_PAIRS, is_cached=True))
    return sorted(
        {(one, other) for one, other in (sorted(pair, key=lambda each: (each != ours, each)) for pair in pairs)}
    )


def comparisons_path(site: Site, plan: str) -> str:
    """Return the path of the page that compares a plan with another plan.

    With several comparisons, it is the path of the overview of comparisons; with none, an empty string.
    """
    paths = [comparison_path(*pair) for pair in compared_pairs(site) if plan in pair]
    return "/crosswalk" if len(paths) > 1 else next(iter(paths), "")


def comparison_path(plan: str, other: str) -> str:
    """Return the path, without language, of the page that compares the two plans with these IRIs."""
    return f"/crosswalk/{name_of_plan(plan)}/{name_of_plan(other)}"


def outline(site: Site, root: str, language: str) -> tuple[Node, ...]:
    """Return the parts directly below a plan or part with the IRI `root`, each with its descendants."""
    # Many pages show whole plans, so that these are worth keeping in the cache.
    query, is_cached = _PARTS % (iri_ref(root), ", ".join(_PART_CLASSES)), root in plan_names(site)
    parts = site.records(query, "iri", language=language, texts=("label", "status_label"), is_cached=is_cached)
    findings = rows_by(site.select(_FINDINGS, is_cached=True), "x")
    children = grouped(sorted(parts, key=lambda part: (part.order or 0, part.iri)), lambda part: part.parent)

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


def ancestors_of(site: Site, iri: str, language: str) -> list[Record]:
    """Return the ancestors of the part with this IRI, from the plan down; none if there is no such part.

    Attributes of the result:
        iri: The IRI of the ancestor.
        number: Its number; empty for none.
        label: Its label, in the language `language`.
        above: The IRIs of its own ancestors.
    """
    steps = site.records(_TRAIL % iri_ref(iri), "iri", lists=("above",))
    labels = site.labels(step.iri for step in steps)
    for step in steps:
        step.label, step.language = in_language(labels[step.iri], language)
    return sorted(steps, key=lambda step: len(step.above))


def read_facets(site: Site, plan: str, language: str, query: Mapping[str, str]) -> Facets:
    """Return the facet values of the parts of a plan, and the values that the parameters in `query` choose.

    Raises UsageError for a value that no part has.
    """

    def url_value(iri: str) -> str:
        """Return the value for an IRI in the query string, such as `pending` or `actor/oim`."""
        return local_name(iri).removeprefix(site.names.id())

    rows = site.select(_FACET_VALUES % iri_ref(plan), is_cached=True)
    named = site.labels(row["value"].value for row in rows)
    said = {
        part: {(row["facet"].value, url_value(row["value"].value)) for row in same}
        for (part,), same in rows_by(rows, "x").items()
    }
    values = distinct_values_by(rows, "facet", "value")
    labels = {
        facet: {url_value(iri): in_language(named.get(iri, {}), language)[0] or iri for iri in values.get(facet, ())}
        for facet in _FACETS
    }
    chosen = {facet: query[facet] for facet in _FACETS if query.get(facet)}
    for facet, value in chosen.items():
        check_choice(facet, _FACETS[facet][0], value, labels[facet])
    return Facets(said, labels, chosen)


def plan_page(visit: PageRequest, name: str = _DEFAULT_PLAN) -> Response:
    """Return the page of the plan with this name, or its data.

    If the request chooses facet values, the page marks the matching parts and shows them with their ancestors and
    descendants; the data contain only the matching parts.
    """
    site, language, plan = visit.site, visit.language, visit.links.thing_iri(f"plan/{name}")
    tree = outline(site, plan, language)
    if not tree:
        raise nothing_known(plan)
    facets = read_facets(site, plan, language, visit.parameters)
    hits = facets.matching_parts(tree)
    everything = [node for theme in tree for node in (theme, *theme.descendants())]
    wanted = [node for node in everything if node.iri in hits] if facets.chosen else everything
    if visit.form != HTML:
        return _parts_response(visit, [node.iri for node in wanted])
    address = "/plan" if name == _DEFAULT_PLAN else f"/plan/{name}"
    context = {
        "plan": plan,
        "compared": comparisons_path(site, plan),
        "known": plan_texts(site)[plan],
        "sources": [row["source"].value for row in site.select(_READ_FROM % iri_ref(plan))],
        "address": address,
        "branches": list(_prune(tree, hits)) if facets.chosen else tree,
        "themes": len(tree),
        "folds": any(objective.children for theme in tree for objective in theme.children),
        "is_flat": not any(theme.children for theme in tree),
        "hits": hits,
        "selection": facets,
        "facets": {facet: facets.options(facet, tree) for facet in _FACETS if facets.labels[facet]},
        "shown": len(wanted),
        "total": len(everything),
        "pointing": int(site.select(_REFERENCE_COUNT % iri_ref(plan))[0]["count"].value),
        # The labels in CSV and JSON are in the language of the page.
        **visit.data_links(PLAN_FORMS[1:], f"/{language}{address}", facets.query()),
    }
    return visit.render("plan.html", context)


def _prune(nodes: Iterable[Node], hits: Collection[str]) -> Iterator[Node]:
    """Yield the tree reduced to the parts in `hits`, their ancestors, and all their descendants."""
    for node in nodes:
        if node.iri in hits:
            yield node
        elif kept := tuple(_prune(node.children, hits)):
            yield Node(**{**vars(node), "children": kept})


def _parts_response(visit: PageRequest, parts: Iterable[str]) -> Response:
    site, listed = visit.site, " ".join(map(iri_ref, parts))
    query = _ROWS % {"parts": listed, "kinds": " ".join(_PART_CLASSES), "language": visit.language}
    return visit.respond_with_data(
        _GRAPH % listed,
        rows=({name: term.value for name, term in row.items()} for row in site.select(query))
        if visit.form == JSON
        else None,
        table=site.answer(query, CSV.media_type) if visit.form == CSV else "",
    )
