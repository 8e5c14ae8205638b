"""The routes of all pages of the site, each with and without a language at the start of its path."""

from functools import partial

from anyio import CapacityLimiter
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from crmgraph.http.languages import LANGUAGES
from crmgraph.site.base import CSV, HTML, JSON, PAGE_FORMS, QUERY, Page, PageCache, PageRequest, PageRoutes, Site
from crmgraph.site.charts.gallery import chart_pages
from crmgraph.site.comparisons import comparison_page, crosswalk_page
from crmgraph.site.dataset import catalog_page, graph_page, home_page
from crmgraph.site.explanations import EXPLANATION_PARAMETERS, explanation_page
from crmgraph.site.findings import REPORT_PARAMETERS, findings_page
from crmgraph.site.indexes.kinds import index_pages
from crmgraph.site.known_pages import robots, sitemap, sitemap_part
from crmgraph.site.ontology import ontology_page, scheme_page
from crmgraph.site.plans import FACET_PARAMETERS, PLAN_FORMS, plan_page
from crmgraph.site.questions.pages import (
    ANSWER_FORMS,
    INDEX_PARAMETERS,
    openapi_operation,
    question_page,
    questions_page,
)
from crmgraph.site.search.pages import PARAMETERS as SEARCH_PARAMETERS
from crmgraph.site.search.pages import Searcher, search_page
from crmgraph.site.service import service_pages
from crmgraph.site.source import PASSAGES_PARAMETERS, passages_page
from crmgraph.site.things.thing_page import concept_pages, thing_page
from crmgraph.site.versions import version_page
from crmgraph.site.workbench import completions_response, workbench_page
from crmgraph.sparql import Format

_THREADS = 40
"""The number of threads for pages that run slow queries. Other pages have their own threads and need not wait."""

_TEXT = Format("txt", "Text", "text/plain", "txt", "")
_XML = Format("xml", "XML", "application/xml", "xml", "")

_WELL_KNOWN = "/.well-known/void"

_CATALOG = Page("/void", "What the dataset is and where to find it (VoID, DCAT)", catalog_page)
_PAGES = (
    Page("/", "What this is, the plan at a glance, and where to begin", home_page),
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
        "/ontology/{name}",
        "A concept scheme of the ontology, or a version of it",
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
        examples={"code": ["activity-without-schedule"]},
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
    Page("/robots.txt", "What robots should not visit", robots, (_TEXT,)),
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
        answer = partial(question_page, name=each.name)
        path, title = f"/queries/{each.name}", each.title["en"]
        addresses.add_without_language(
            Page(path, title, answer, limiter=threads, has_own_parameter_check=True, operation=openapi_operation(each))
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
    addresses.add_undocumented(_WELL_KNOWN, _CATALOG)
    for file in _FILES:
        addresses.add_without_language(file)
    workbench = Page(
        "/sparql", "The query editor", workbench_page, limiter=threads, has_own_parameter_check=True, is_cacheable=False
    )
    for language in LANGUAGES:
        addresses.add_undocumented(f"/{language}/sparql", workbench)
        addresses.add_undocumented(f"/{language}{_WELL_KNOWN}", _CATALOG)
        addresses.add_undocumented(f"/{language}", Page("/", "The front page", _redirect_to_home))
    return router


def _redirect_to_home(visit: PageRequest) -> Response:
    return RedirectResponse(visit.links.page_address(visit.language, "/"), 308)
