"""The addresses of the site, each with and without a language before it."""

from dataclasses import replace
from typing import Annotated, Any

from anyio import CapacityLimiter
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.serving.clients import client_of
from crmgraph.serving.i18n import LANGUAGES
from crmgraph.serving.pages import explanations, questions, views, workbench
from crmgraph.serving.pages.addresses import Addresses
from crmgraph.serving.pages.indexes import add_indexes
from crmgraph.serving.pages.page_schema import (
    LISTED,
    PAGE_OR_GRAPH,
    REPORT,
    REPORT_PARAMETERS,
    suffixes,
)
from crmgraph.serving.pages.question_schema import operation
from crmgraph.serving.pages.rendering import language_of, links_of
from crmgraph.serving.pages.representations import HTML, QUERY, TABLES
from crmgraph.serving.pages.service import add_service
from crmgraph.serving.pages.site import Site

__all__ = ["pages_router"]

# Threads that wait for the queries of visitors; the other pages must not wait behind slow ones.
_THREADS = 40

_ThingPath = Annotated[str, Path(examples=["plan/crm/pgm/7.1.1", "country/MEX"])]
_GraphPath = Annotated[str, Path(examples=["plan/crm", "inferred"])]
_SchemeName = Annotated[str, Path(examples=["status", "shapes"])]
_PlanName = Annotated[str, Path(examples=["crm"])]
_OtherName = Annotated[str, Path(examples=["gcm", "sdg"])]
_CheckCode = Annotated[str, Path(examples=["number-gap"])]
_QuestionName = Annotated[str, Path(examples=["theme-counts"])]
_GraphSuffix = Annotated[str, Path(json_schema_extra=suffixes(PAGE_OR_GRAPH))]
_ListedSuffix = Annotated[str, Path(json_schema_extra=suffixes(LISTED))]
_ReportSuffix = Annotated[str, Path(json_schema_extra=suffixes(REPORT))]


def pages_router(site: Site) -> APIRouter:
    """The routes of every page. The address `/sparql` without a language is left to the protocol."""
    router = APIRouter(tags=["site"])
    threads = CapacityLimiter(_THREADS)

    addresses = Addresses(router)
    add, add_hidden = addresses.add, addresses.add_hidden

    def here(request: Request) -> Site:
        return replace(site, gone=request.state.gone, client=client_of(request))

    def home(request: Request) -> Response:
        return views.home_page(request, here(request))

    def to_home(request: Request) -> Response:
        return RedirectResponse(links_of(request, site).page(language_of(request), "/"), 308)

    def thing(request: Request, path: _ThingPath) -> Response:
        return views.thing_page(request, here(request), path)

    def ontology(request: Request) -> Response:
        return views.ontology_page(request, here(request))

    def ontology_data(request: Request, suffix: _GraphSuffix) -> Response:
        return views.ontology_page(request, here(request), "." + suffix)

    def scheme(request: Request, name: _SchemeName) -> Response:
        return views.scheme_page(request, here(request), name)

    def graph(request: Request, path: _GraphPath) -> Response:
        return views.graph_page(request, here(request), path)

    def consultative(request: Request) -> Response:
        return views.processes_page(request, here(request))

    def crosswalk(request: Request) -> Response:
        return views.crosswalk_page(request, here(request))

    def comparison(request: Request, plan: _PlanName, other: _OtherName) -> Response:
        return views.comparison_page(request, here(request), plan, other)

    def version(request: Request, name: str) -> Response:
        return views.version_page(request, here(request), name)

    def catalog(request: Request) -> Response:
        return views.catalog_page(request, here(request))

    def findings(request: Request) -> Response:
        return views.findings_page(request, here(request))

    def findings_data(request: Request, suffix: _ReportSuffix) -> Response:
        return views.findings_page(request, here(request), "." + suffix)

    def findings_of_a_kind(request: Request, code: _CheckCode) -> Response:
        return views.findings_page(request, here(request), code)

    def library(request: Request) -> Response:
        return questions.questions_page(request, here(request))

    def question(request: Request, name: _QuestionName) -> Response:
        return questions.question_page(request, here(request), name)

    def add_question(name: str, described: dict[str, Any]) -> None:
        def this(request: Request) -> Response:
            return question(request, name)

        addresses.add_described(f"/queries/{name}", name, described, this, threads)

    def explanation(request: Request) -> Response:
        return explanations.explanation_page(request, here(request))

    def explanation_data(request: Request, suffix: _ListedSuffix) -> Response:
        return explanations.explanation_page(request, here(request), "." + suffix)

    def ask(request: Request) -> Response:
        return workbench.workbench_page(request, here(request))

    add("/", "The plan as a tree", home)
    add("/id/{path:path}", "Everything that the graph says about a thing", thing, PAGE_OR_GRAPH)
    add("/ontology", "The ontology", ontology, PAGE_OR_GRAPH)
    add("/ontology/{name}", "A concept scheme of the ontology, or a version of it", scheme, PAGE_OR_GRAPH)
    add("/graph/{path:path}", "A named graph", graph, PAGE_OR_GRAPH)
    add("/processes", "The consultative processes, and the States that they have in common", consultative)
    add("/crosswalk", "What corresponds in other plans, and how far the plans touch", crosswalk)
    add("/crosswalk/{plan}/{other}", "What corresponds to what in two plans, and why", comparison)
    add("/versions/{name}", "What became of each part of an earlier version of a plan", version)
    add("/void", "What the dataset is and where to find it (VoID, DCAT)", catalog, PAGE_OR_GRAPH)
    add_hidden("/.well-known/void", catalog)
    add("/ontology.{suffix}", "The ontology as data", ontology_data, PAGE_OR_GRAPH)
    asked = REPORT_PARAMETERS
    add("/findings.{suffix}", "The consistency report as data", findings_data, REPORT, parameters=asked)
    add("/findings", "The consistency report", findings, REPORT, parameters=asked)
    add("/findings/{code}", "The findings of one kind", findings_of_a_kind, REPORT, parameters=asked)
    asked = explanations.PARAMETERS
    add("/explain", "How a statement is known, down to its sources", explanation, LISTED, threads, asked)
    add("/explain.{suffix}", "How a statement is known, as data", explanation_data, LISTED, threads, asked)
    add("/queries", "The library of questions", library, LISTED)
    for each in site.library.values():
        add_question(each.name, operation(each))
    forms = (HTML, QUERY, *TABLES)
    add("/queries/{name}", "A question of the library with its answer", question, forms, threads)
    add_indexes(addresses, here)
    add_service(addresses, here, threads)
    for language in LANGUAGES:
        add_hidden(f"/{language}/sparql", ask, threads)
        add_hidden(f"/{language}/.well-known/void", catalog)
        add_hidden(f"/{language}", to_home)
    return router
