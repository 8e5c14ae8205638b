"""The page on which a plan is looked through: its tree, whole or only what a visitor chose."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.site.base.links import language_of, links_of
from crmgraph.site.base.parameters import check_parameters
from crmgraph.site.base.rendering import offers, render
from crmgraph.site.base.representations import (
    CSV,
    EVERY,
    GRAPHS,
    HTML,
    NothingKnownError,
    asked,
    data,
    rows_as_json,
    statements_as,
)
from crmgraph.site.base.site import Site, reference
from crmgraph.site.comparisons.crosswalk import comparison_of
from crmgraph.site.findings.checks import checks
from crmgraph.site.plans.facets import FACETS, Selection, read_facets
from crmgraph.site.plans.known import known
from crmgraph.site.plans.outline import KINDS, Node, outline
from crmgraph.sparql import Format

__all__ = ["PLAN_FORMS", "plan_page"]

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
_SOURCES = "SELECT DISTINCT ?source { ?part cg:within %s ; cg:passage/cg:source ?source } ORDER BY ?source"
_POINTING = """
SELECT (COUNT(DISTINCT ?x) AS ?count) { VALUES ?kind { cg:Referral cg:CrossReference } ?x a ?kind ; cg:within %s }"""
_GRAPH = "CONSTRUCT { ?x ?p ?o } WHERE { VALUES ?x { %s } ?x ?p ?o }"


def plan_page(request: Request, site: Site, name: str = _OURS) -> Response:
    """The plan with this name as a tree, as a table or as a graph; its parts can be chosen by each of FACETS.

    What is chosen is shown with what it is part of and with what is below it; the data hold what is chosen alone.
    """
    name, form = asked(request, name, PLAN_FORMS)
    language = language_of(request)
    plan = links_of(request, site).thing(f"plan/{name}")
    tree = outline(site, plan, language)
    if not tree:
        raise NothingKnownError(plan)
    check_parameters(request, FACETS)
    facets = read_facets(site, plan, language, {check.code: check.title for check in checks(site, language)})
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
        "sources": [row["source"].value for row in site.select(_SOURCES % reference(plan))],
        "address": address,
        "branches": tuple(_chosen(tree, hits)) if selection.chosen else tree,
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
        **offers(request, site, f"/{language}{address}", PLAN_FORMS[1:], selection.query),
    }
    return render(request, site, "plan.html", context=context)


def _chosen(nodes: Iterable[Node], hits: Collection[str]) -> Iterator[Node]:
    """The hits with all that is below them, and what they are part of without the rest of it."""
    for node in nodes:
        if node.iri in hits:
            yield node
            continue
        kept = tuple(_chosen(node.children, hits))
        if kept:
            yield replace(node, children=kept)


def _data(site: Site, parts: Iterable[str], form: Format, language: str) -> Response:
    listed = " ".join(map(reference, parts))
    if form in GRAPHS:
        return statements_as(site, _GRAPH % listed, form)
    query = _ROWS % {"parts": listed, "kinds": " ".join(KINDS), "language": language}
    if form == CSV:
        return data(site.table(query, CSV.media_type), CSV.media_type, speaks=True)
    return rows_as_json({name: term.value for name, term in row.items()} for row in site.select(query))
