"""The routes of all pages of the site, the sitemap and `robots.txt`, and the error pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any
from urllib.parse import quote, unquote

from anyio import CapacityLimiter
from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from crmgraph.http.languages import LANGUAGES, marked
from crmgraph.http.messages import REVALIDATE_HEADERS, context_of, problem_of
from crmgraph.namespaces import ONTOLOGY
from crmgraph.searching import LONGEST
from crmgraph.site.base import (
    CSV,
    HTML,
    JSON,
    PAGE_FORMS,
    QUERY,
    TEXT,
    Handler,
    Links,
    Page,
    PageCache,
    PageRequest,
    PageRoutes,
    Site,
    graph_names,
    query_about,
    render_template,
    with_graph_forms,
)
from crmgraph.site.charts.drawing import SVG
from crmgraph.site.charts.plan import TREE_PARAMETERS, schedule_page, tree_page
from crmgraph.site.charts.processes import MEMBERS_PARAMETERS, members_page, processes_page
from crmgraph.site.charts.responsibilities import MATRIX_PARAMETERS, responsibilities_page
from crmgraph.site.comparisons import comparison_page, crosswalk_page, version_page
from crmgraph.site.dataset import catalog_page, graph_page, home_page, ontology_page, scheme_page
from crmgraph.site.findings import REPORT_PARAMETERS, SHAPES, findings_page, read_checks
from crmgraph.site.indexes.kinds import index_pages
from crmgraph.site.plans import FACET_PARAMETERS, PLAN_FORMS, compared_pairs, comparison_path, name_of_plan, plan_page
from crmgraph.site.questions.pages import (
    ANSWER_FORMS,
    INDEX_PARAMETERS,
    openapi_operation,
    question_page,
    questions_page,
)
from crmgraph.site.search import SEARCH_PARAMETERS, Searcher, search_page
from crmgraph.site.service import service_pages
from crmgraph.site.source import PASSAGES_PARAMETERS, passages_page
from crmgraph.site.things.pages import concept_pages, thing_page
from crmgraph.site.tools import (
    EXPLANATION_PARAMETERS,
    NOTICES_PARAMETERS,
    completions_response,
    explanation_page,
    notices_page,
    workbench_page,
)
from crmgraph.sparql.formats import Format

# For each chart: the path and summary of its page, the function that returns the page, the subject of its triples
# (see `query_about`), and the parameters of the page, as OpenAPI describes them.
_CHARTS: tuple[tuple[str, str, Handler, str, tuple[dict[str, Any], ...]], ...] = (
    (
        "/pictures/responsibilities",
        "Who does what in the plan",
        responsibilities_page,
        "responsibilities",
        MATRIX_PARAMETERS,
    ),
    ("/pictures/schedule", "The schedule of the plan", schedule_page, "schedule", ()),
    ("/pictures/plan-tree", "The plan as a tree", tree_page, "plan", TREE_PARAMETERS),
    (
        "/pictures/members",
        "The members of a process and their processes",
        members_page,
        "processes",
        MEMBERS_PARAMETERS,
    ),
)
_PROCESSES = "The consultative processes, and the States that they have in common"
_GALLERY = (
    (
        "/pictures/responsibilities",
        marked("Who does what in the plan"),
        marked("Which actors the plan names for each objective, with how many participations and in which role."),
    ),
    (
        "/pictures/schedule",
        marked("The schedule of the plan"),
        marked("Schedule entries along the years and by status, with what the plan says about when."),
    ),
    (
        "/pictures/plan-tree",
        marked("The plan as a tree"),
        marked("From the themes, through objectives, actions and activities, to the schedule."),
    ),
    (
        "/processes",
        marked("Which processes share members"),
        marked("The consultative processes on migration, and the States that they have in common."),
    ),
    (
        "/pictures/members",
        marked("Members and their processes"),
        marked("The member States of a process, and all the processes that they take part in, and in which capacity."),
    ),
)


def chart_pages() -> Iterator[Page]:
    """Yield the page that lists all charts, then the page and the SVG file of each chart."""
    gallery = partial(PageRequest.render, template="pictures/index.html", context={"pictures": _GALLERY})
    yield with_graph_forms(Page("/pictures", "All charts", gallery, (HTML,)), partial(query_about, "plan"))
    for path, summary, page, subject, parameters in _CHARTS:
        yield Page(f"{path}.svg", f"{summary}, as a file", page, (SVG,), parameters)
        yield with_graph_forms(Page(path, summary, page, (HTML, SVG), parameters), partial(query_about, subject))
    yield Page("/processes.svg", f"{_PROCESSES}, as a file", processes_page, (SVG,))
    yield Page("/processes", _PROCESSES, processes_page, (*PAGE_FORMS, CSV, SVG))


_THINGS = 'SELECT DISTINCT ?x { GRAPH ?any { ?x a ?class } FILTER (STRSTARTS(STR(?x), "%s")) } ORDER BY ?x'
_SCHEMES = "SELECT DISTINCT ?x { ?x a skos:ConceptScheme } ORDER BY ?x"
_VERSIONS = "SELECT DISTINCT ?x { ?x dcterms:isVersionOf ?plan . ?next prov:wasRevisionOf ?x } ORDER BY ?x"
_PLANS = "SELECT DISTINCT ?x { ?x a cg:Plan } ORDER BY ?x"
_CONCEPTS = f"""
SELECT DISTINCT ?x {{
  ?x skos:inScheme ?any FILTER (STRSTARTS(STR(?x), "{ONTOLOGY}/%s#"))
}} ORDER BY ?x"""
_FILE_SUFFIXES = (".txt", ".xml", ".svg", ".json")
# Crawlers should not visit tools, whose answers are costly and no use as search results, nor downloads of all data.
_TOOL_PATHS = ("/sparql", "/notices", "/explain", "/search", "/passages", "/reconcile")
_PART_SIZE = 2000
"""The most pages in a part of the sitemap; each has an address per language (sitemaps.org allows 50,000 addresses)."""


def _sitemap_paths(visit: PageRequest) -> list[str]:
    """Return the paths of all pages but tools, without language.

    These are the routes without variables, and one page for each question, check, compared pair of plans, version,
    plan, topic, population group, concept scheme, thing and named graph.
    """
    site, app = visit.site, visit.request.scope.get("app")
    links = Links(site.names)
    described = app.openapi()["paths"] if isinstance(app, FastAPI) else {}
    own = [
        path
        for path, methods in described.items()
        if "site" in methods.get("get", {}).get("tags", ()) and "{" not in path and not path.endswith(_FILE_SUFFIXES)
    ]
    by_query: dict[str, Callable[[str], str | None]] = {
        _VERSIONS: lambda iri: f"/versions/{name_of_plan(iri)}",
        _PLANS: lambda iri: f"/plan/{name_of_plan(iri)}",
        _CONCEPTS % "topic": lambda iri: f"/topics/{iri.rpartition('#')[2]}",
        _CONCEPTS % "population-group": lambda iri: f"/population-groups/{iri.rpartition('#')[2]}",
        _SCHEMES: links.path,
        _THINGS % site.names.id(): links.path,
    }
    found = [path(row["x"].value) for query, path in by_query.items() for row in site.select(query, is_cached=True)]
    every = dict.fromkeys(
        (
            *own,
            *(f"/queries/{quote(name)}" for name in site.library),
            *(f"/findings/{check.code}" for check in read_checks(site, "en")),
            *(comparison_path(plan, other) for plan, other in compared_pairs(site)),
            *found,
            *map(links.path, (SHAPES, *graph_names(site))),
        )
    )
    return [path for path in every if path and not path.startswith(_TOOL_PATHS)]


def robots(visit: PageRequest) -> Response:
    """Return `robots.txt` (RFC 9309): the paths that crawlers should not visit, and the address of the sitemap."""
    links = visit.links
    listed = [
        *map(links.data_address, (*_TOOL_PATHS, "/graphs", "/dump.nq.gz")),
        *(links.page_address(language, path) for language in LANGUAGES for path in _TOOL_PATHS),
    ]
    rules = "".join(f"Disallow: {path}\n" for path in listed)
    where = f"Sitemap: {visit.origin}{links.data_address('/sitemap.xml')}\n"
    return PlainTextResponse(f"User-agent: *\n{rules}\n{where}", headers=REVALIDATE_HEADERS)


def sitemap(visit: PageRequest) -> Response:
    """Return the sitemap index, which lists the addresses of the parts of the sitemap."""
    parts = ceil(len(_sitemap_paths(visit)) / _PART_SIZE)
    addresses = [visit.origin + visit.links.data_address(f"/sitemap-{number}.xml") for number in range(1, parts + 1)]
    return _xml_response("sitemap-index.xml", addresses=addresses)


def sitemap_part(visit: PageRequest, number: str) -> Response:
    """Return the part of the sitemap with this number, from 1 on. Raises HTTPException 404 for any other number."""
    paths = _sitemap_paths(visit)
    if not number.isascii() or not number.isdecimal() or not 1 <= int(number) <= ceil(len(paths) / _PART_SIZE):
        raise HTTPException(404)
    first = (int(number) - 1) * _PART_SIZE
    pages = [
        {language: visit.origin + visit.links.page_address(language, path) for language in LANGUAGES}
        for path in paths[first : first + _PART_SIZE]
    ]
    return _xml_response("sitemap.xml", pages=pages)


def _xml_response(template: str, **context: object) -> Response:
    """Return a response with an XML file, rendered from a template."""
    return Response(
        render_template("en", template, context),
        headers={**REVALIDATE_HEADERS, "Content-Type": "application/xml; charset=utf-8"},
    )


_ADVICE = {
    404: marked("The address may be mistyped, or what you are looking for may never have been part of this dataset."),
    500: marked(
        "The mistake is ours; you did nothing wrong. Try again; if it happens again, tell those who run this service "
        "what you were looking for, and the name of the request."
    ),
    502: marked("Try again in a moment."),
    503: marked("Try again in a moment."),
}
"""What the visitor can do about an error, by HTTP status."""


def error_page(request: Request, site: Site, error: Exception) -> Response:
    """Return the page for an error in the visitor's language, with the HTTP status of the error."""
    visit = PageRequest(request, site)
    problem = replace(problem_of(error, visit.language), request=context_of(request).id)
    words = unquote(visit.path).rpartition("/")[2].replace("-", " ") if problem.status == 404 else ""
    advice = visit.gettext(_ADVICE.get(problem.status, ""))
    context = {"problem": problem, "explanation": advice, "words": words[:LONGEST]}
    return visit.render("error.html", context, problem.status, has_data=False)


_THREADS = 40
"""The number of threads for pages that run slow queries. Other pages have their own threads and need not wait."""

_XML = Format("xml", "XML", "application/xml", "xml", "")

_CATALOG = with_graph_forms(
    Page("/void", "What the dataset is and where to find it (VoID, DCAT)", catalog_page, (HTML,)),
    partial(query_about, "catalog"),
)
_PAGES = (
    with_graph_forms(
        Page("/", "What this is, the plan at a glance, and where to begin", home_page, (HTML,)),
        partial(query_about, "plan"),
    ),
    Page("/plan", "The plan as a tree, to browse", plan_page, PLAN_FORMS, FACET_PARAMETERS),
    Page(
        "/plan/{name}",
        "Another plan as a tree, to browse",
        plan_page,
        PLAN_FORMS,
        FACET_PARAMETERS,
        examples={"name": ["crm"]},
    ),
    Page(
        "/id/{path:path}",
        "Everything that the graph says about a thing",
        thing_page,
        examples={"path": ["plan/crm/pgm/7.1.1", "country/MEX"]},
    ),
    Page("/ontology", "The ontology", ontology_page),
    Page(
        "/ontology/{name:path}",
        "A concept scheme of the ontology, a version of it, or an alignment with another vocabulary",
        scheme_page,
        examples={"name": ["status", "shapes"]},
    ),
    Page("/graph/{path:path}", "A named graph", graph_page, examples={"path": ["plan/crm", "inferred"]}),
    Page("/crosswalk", "Correspondences with other plans, and how far the plans overlap", crosswalk_page),
    Page(
        "/crosswalk/{plan}/{other}",
        "What corresponds to what in two plans, and why",
        comparison_page,
        examples={"plan": ["crm"], "other": ["gcm", "sdg"]},
    ),
    Page("/versions/{name}", "What became of each part of an earlier version of a plan", version_page),
    _CATALOG,
    Page("/findings", "The consistency report", findings_page, (*PAGE_FORMS, CSV), REPORT_PARAMETERS),
    Page(
        "/findings/{code}",
        "The findings of one kind",
        findings_page,
        (*PAGE_FORMS, CSV),
        REPORT_PARAMETERS,
        examples={"code": ["activity-without-agent"]},
    ),
    Page(
        "/passages",
        "Words of a source in the row where they stand",
        passages_page,
        (HTML,),
        PASSAGES_PARAMETERS,
    ),
)
_FILES = (
    Page("/robots.txt", "What robots should not visit", robots, (TEXT,)),
    Page("/sitemap.xml", "All pages, in each language, or the parts of such a list", sitemap, (_XML,)),
    Page("/sitemap-{number}.xml", "A part of the list of all pages", sitemap_part, (_XML,), examples={"number": ["1"]}),
)


def pages_router(site: Site, searcher: Searcher | None = None, cache: PageCache | None = None) -> APIRouter:
    """Return the routes of every page of the site.

    The path `/sparql` without a language is absent: it belongs to the SPARQL endpoint.

    Arguments:
        site: The site that the pages show.
        searcher: The search index; by default, a new one.
        cache: The cache of finished pages; by default, each page is rendered for each request.
    """
    router = APIRouter(tags=["site"])
    threads = CapacityLimiter(_THREADS)
    addresses = PageRoutes(router, site, cache)
    for each in site.library.values():
        addresses.add_without_language(
            Page(
                f"/queries/{each.name}",
                each.title["en"],
                partial(question_page, name=each.name),
                limiter=threads,
                has_own_parameter_check=True,
                operation=openapi_operation(each),
            )
        )
    searcher = searcher or Searcher(site)
    slow = (
        Page(
            "/queries",
            "The library of questions",
            partial(questions_page, searcher=searcher),
            parameters=INDEX_PARAMETERS,
            limiter=threads,
        ),
        Page(
            "/explain",
            "How a statement is known, down to its sources",
            explanation_page,
            PAGE_FORMS,
            EXPLANATION_PARAMETERS,
            threads,
        ),
        with_graph_forms(
            Page(
                "/notices",
                "Names in a query that the data do not have, and what was meant",
                notices_page,
                (HTML, JSON),
                NOTICES_PARAMETERS,
                threads,
            ),
            partial(query_about, "catalog"),
        ),
        # The first search after a change of the data waits until the search index is built again.
        Page(
            "/search",
            "What is found by words",
            partial(search_page, searcher=searcher),
            PAGE_FORMS,
            SEARCH_PARAMETERS,
            threads,
        ),
        Page(
            "/queries/{name}",
            "A question of the library with its answer",
            question_page,
            (HTML, *ANSWER_FORMS, QUERY),
            limiter=threads,
            has_own_parameter_check=True,
            examples={"name": ["theme-counts"]},
        ),
        Page(
            "/completions.json",
            "What a query can name, for an editor to propose",
            completions_response,
            (JSON,),
            limiter=threads,
        ),
    )
    for page in (*_PAGES, *chart_pages(), *slow, *index_pages(), *concept_pages(), *service_pages(threads)):
        addresses.add(page)
    for prefix in ("", *(f"/{language}" for language in LANGUAGES)):
        addresses.add_undocumented(f"{prefix}/.well-known/void", _CATALOG)
    for file in _FILES:
        addresses.add_without_language(file)
    workbench = Page(
        "/sparql", "The query editor", workbench_page, limiter=threads, has_own_parameter_check=True, is_cacheable=False
    )
    front_page = Page(
        "/",
        "The front page",
        lambda visit: RedirectResponse(visit.links.page_address(visit.language, "/"), 308),
    )
    for language in LANGUAGES:
        addresses.add_undocumented(f"/{language}/sparql", workbench)
        addresses.add_undocumented(f"/{language}", front_page)
    return router
