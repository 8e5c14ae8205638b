"""The home page, and the pages of the whole dataset and of its named graphs."""

from collections import Counter
from itertools import groupby

from starlette.responses import Response

from crmgraph.decisions import AGENDA
from crmgraph.site.base import (
    GRAPHS,
    HTML,
    NothingKnownError,
    PageRequest,
    catalog,
    count_triples,
    dataset_json_ld,
    graph_names,
    iri_ref,
    query_about,
    status_rank,
    whole_graph_query,
)
from crmgraph.site.plans import (
    compared_pairs,
    comparison_path,
    external_plans,
    links_of_external_plan,
    outline,
    plan_names,
    plan_texts,
    plans,
)
from crmgraph.site.questions.forms import starting_questions

_FINDINGS = "SELECT (COUNT(DISTINCT ?x) AS ?findings) { ?x a cg:Finding }"
_CLASSES = """
SELECT ?class (COUNT(DISTINCT ?x) AS ?things) { GRAPH %s { ?x a ?class } } GROUP BY ?class ORDER BY DESC(?things) ?class
"""
_TEXTS = """
SELECT ?x ?property ?text { GRAPH %s { ?x ?property ?text . FILTER (isIRI(?x) && isLiteral(?text)) } }
ORDER BY ?x ?property ?text LIMIT %s
"""
_MOST_TEXTS = 400
"""How many texts of an external plan the page of its graph shows at most."""

_COMPUTED = ("inferred", "findings", "catalog")


def home_page(visit: PageRequest) -> Response:
    """Return the home page: an introduction, some questions to begin with, and the outline of the plan.

    As data, it is the description of the plan.
    """
    site, language = visit.site, visit.language
    if visit.form != HTML:
        return visit.respond_with_data(query_about("plan", site))
    ours = site.names.id("plan", "crm")
    themes = outline(site, ours, language)
    dataset = catalog(site, language)
    everything = [node for theme in themes for node in (theme, *theme.descendants())]
    labels = {node.status: node.status_label for node in everything if node.status}
    scheduled = Counter(node.status for node in everything if node.kind == "ScheduleEntry")
    stated = Counter(node.status for node in everything)
    all_plans = plans(site)
    context = {
        "plan": themes,
        "counts": Counter(node.kind for node in everything),
        "statuses": [(name, labels[name], scheduled[name], stated[name]) for name in sorted(labels, key=status_rank)],
        "findings": int(site.select(_FINDINGS)[0]["findings"].value),
        "questions": starting_questions(site, language),
        "source": site.names.id("source", "crm"),
        "others": [plan for plan in all_plans if plan.iri != ours],
        "processes": site.labels(plan.process for plan in all_plans if plan.process),
        "agenda": {"path": comparison_path(ours, AGENDA), "titles": plan_texts(site)[AGENDA].titles}
        if (ours, AGENDA) in compared_pairs(site)
        else None,
        "external_plans": external_plans(site, all_plans),
        "labels": plan_names(site),
        "said": dataset_json_ld(dataset, visit.address("/")) if dataset else [],
    }
    return visit.render("home.html", context, offers=GRAPHS)


def catalog_page(visit: PageRequest) -> Response:
    """Return the catalogue of the dataset (VoID, DCAT), as a page or as the graph `catalog`."""
    graph = visit.site.names.graph("catalog")
    if visit.form != HTML:
        return visit.respond_with_data(whole_graph_query(graph))
    found = catalog(visit.site, visit.language)
    if found is None:
        raise NothingKnownError(graph)
    said = dataset_json_ld(found, visit.address("/void"))
    return visit.render("catalog.html", {"catalog": found, "said": said, **visit.data_links(GRAPHS, "/void")})


def graph_page(visit: PageRequest, path: str) -> Response:
    """Return the page of a named graph: its size and classes. As data, it is the whole graph.

    The page of an external plan, which was loaded as RDF, also shows the texts of the plan and its links to this
    dataset.
    """
    site = visit.site
    iri = site.names.graph(path)
    names = graph_names(site)
    if iri not in names:
        raise NothingKnownError(iri)
    if visit.form != HTML:
        return visit.respond_with_data(whole_graph_query(iri))
    others = {plan.iri: plan for plan in external_plans(site, plans(site))}
    is_other = iri in others
    rows = site.select(_TEXTS % (iri_ref(iri), _MOST_TEXTS + 1)) if is_other else ()
    linked, are_all = links_of_external_plan(site, iri) if is_other else ((), True)
    things = [
        {"iri": thing, "texts": [(row["property"].value, row["text"].value, row["text"].language) for row in texts]}
        for thing, texts in groupby(rows[:_MOST_TEXTS], key=lambda row: row["x"].value)
    ]
    counted = site.select(_CLASSES % iri_ref(iri))
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
        "total": count_triples(site, iri),
        "classes": classes,
        "labels": {**site.labels({*used, *names}), **titles},
        "graphs": names,
        "is_computed": path in _COMPUTED,
        **visit.data_links(GRAPHS, f"/graph/{path}"),
    }
    return visit.render("graph.html", context)
