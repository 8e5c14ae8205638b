"""The front page, and the pages of the dataset as a whole and of its named graphs."""

from collections import Counter
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from crmgraph.decisions import AGENDA
from crmgraph.site.base.addresses import address_of, language_of
from crmgraph.site.base.labels import rank
from crmgraph.site.base.metadata import catalog, dataset_json_ld
from crmgraph.site.base.rendering import data_links, render
from crmgraph.site.base.representations import (
    HTML,
    NothingKnownError,
    about,
    graph_names,
    requested_form,
    statements_as,
    triples_in,
    whole_graph,
)
from crmgraph.site.base.site import Site, reference
from crmgraph.site.plans import compared, external_plans, links_from, outline, pair_path, plan_names, plan_texts, plans
from crmgraph.site.questions.forms import good_questions

__all__ = ["catalog_page", "graph_page", "home_page"]

_FINDINGS = "SELECT (COUNT(DISTINCT ?x) AS ?findings) { ?x a cg:Finding }"
_CLASSES = """
SELECT ?class (COUNT(DISTINCT ?x) AS ?things) { GRAPH %s { ?x a ?class } } GROUP BY ?class ORDER BY DESC(?things) ?class
"""
_TEXTS = """
SELECT ?x ?property ?text { GRAPH %s { ?x ?property ?text . FILTER (isIRI(?x) && isLiteral(?text)) } }
ORDER BY ?x ?property ?text LIMIT %s
"""
_MOST_TEXTS = 400
_COMPUTED = ("inferred", "findings", "catalog")


def home_page(request: Request, site: Site) -> Response:
    """Answer with the front page: what this is, questions to begin with and the plan; as data, the plan's outline."""
    _, form = requested_form(request)
    if form != HTML:
        return statements_as(site, about("plan", site), form)
    language = language_of(request)
    ours = site.names.id("plan", "crm")
    themes = outline(site, ours, language)
    dataset = catalog(site, language)
    everything = [node for theme in themes for node in (theme, *theme.below())]
    labels = {node.status: node.status_label for node in everything if node.status}
    scheduled = Counter(node.status for node in everything if node.kind == "ScheduleEntry")
    stated = Counter(node.status for node in everything)
    all_plans = plans(site)
    context = {
        "plan": themes,
        "counts": Counter(node.kind for node in everything),
        "statuses": [(name, labels[name], scheduled[name], stated[name]) for name in sorted(labels, key=rank)],
        "findings": int(site.select(_FINDINGS)[0]["findings"].value),
        "questions": good_questions(site, language),
        "source": site.names.id("source", "crm"),
        "others": [plan for plan in all_plans if plan.iri != ours],
        "processes": site.labels(plan.process for plan in all_plans if plan.process),
        "agenda": {"path": pair_path(ours, AGENDA), "titles": plan_texts(site)[AGENDA].titles}
        if (ours, AGENDA) in compared(site)
        else None,
        "external_plans": external_plans(site, all_plans),
        "labels": plan_names(site),
        "said": dataset_json_ld(dataset, address_of(request, site, "/")) if dataset else [],
        **data_links(request, site, "/index"),
    }
    return render(request, site, "home.html", context=context)


def catalog_page(request: Request, site: Site) -> Response:
    """Answer with the catalogue of the dataset."""
    _, form = requested_form(request)
    graph = site.names.graph("catalog")
    if form != HTML:
        return statements_as(site, whole_graph(graph), form)
    found = catalog(site, language_of(request))
    if found is None:
        raise NothingKnownError(graph)
    said = dataset_json_ld(found, address_of(request, site, "/void"))
    context = {"catalog": found, "said": said, **data_links(request, site, "/void")}
    return render(request, site, "catalog.html", context=context)


def graph_page(request: Request, site: Site, path: str) -> Response:
    """Answer with a named graph: what it holds; of a graph of others, what it says in words and links to, too."""
    path, form = requested_form(request, path)
    iri = site.names.graph(path)
    names = graph_names(site)
    if iri not in names:
        raise NothingKnownError(iri)
    if form != HTML:
        return statements_as(site, whole_graph(iri), form)
    others = {plan.iri: plan for plan in external_plans(site, plans(site))}
    is_other = iri in others
    rows = site.select(_TEXTS % (reference(iri), _MOST_TEXTS + 1)) if is_other else ()
    linked, are_all = links_from(site, iri) if is_other else ((), True)
    things = [
        {"iri": thing, "texts": [(row["property"].value, row["text"].value, row["text"].language) for row in texts]}
        for thing, texts in groupby(rows[:_MOST_TEXTS], key=lambda row: row["x"].value)
    ]
    counted = site.select(_CLASSES % reference(iri))
    classes = [(row["class"].value, int(row["things"].value)) for row in counted if "class" in row]
    used = {name for name, _ in classes} | {row["property"].value for row in rows[:_MOST_TEXTS]}
    used |= {each for link in linked for each in link}
    titles = {name: plan.titles for name, plan in others.items() if plan.titles}
    context = {
        "name": path,
        "iri": iri,
        "told": things,
        "is_all": len(rows) <= _MOST_TEXTS,
        "linked": linked,
        "are_all": are_all,
        "total": triples_in(site, iri),
        "classes": classes,
        "labels": {**site.labels({*used, *names}), **titles},
        "graphs": names,
        "is_computed": path in _COMPUTED,
        **data_links(request, site, f"/graph/{path}"),
    }
    return render(request, site, "graph.html", context=context)
