"""The addresses of the site, each with and without a language before it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial, wraps
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.answering import Format
from crmgraph.serving.clients import client_of
from crmgraph.serving.i18n import LANGUAGES
from crmgraph.serving.leaving import watching
from crmgraph.serving.pages import explanations, passages, questions, views, workbench
from crmgraph.serving.pages.answer_files import ANSWERS
from crmgraph.serving.pages.completions import completions_handler
from crmgraph.serving.pages.page_schema import (
    LISTED,
    PAGE_OR_GRAPH,
    REPORT,
    REPORT_PARAMETERS,
    responses,
    suffixes,
)
from crmgraph.serving.pages.pictures import views as pictures
from crmgraph.serving.pages.pictures.frame import SVG
from crmgraph.serving.pages.question_schema import operation
from crmgraph.serving.pages.rendering import language_of, links_of
from crmgraph.serving.pages.representations import HTML, JSON, QUERY
from crmgraph.serving.pages.site import Site

__all__ = ["pages_router"]

# Threads that wait for the queries of visitors; the other pages must not wait behind slow ones.
_THREADS = 40

_Handler = Callable[..., Response]
_ThingPath = Annotated[str, Path(examples=["plan/crm/pgm/7.1.1", "country/MEX"])]
_GraphPath = Annotated[str, Path(examples=["plan/crm", "inferred"])]
_SchemeName = Annotated[str, Path(examples=["status", "shapes"])]
_PlanName = Annotated[str, Path(examples=["crm"])]
_OtherName = Annotated[str, Path(examples=["gcm", "sdg"])]
_VersionName = Annotated[str, Path(examples=["crm-2006"])]
_CheckCode = Annotated[str, Path(examples=["number-gap"])]
_QuestionName = Annotated[str, Path(examples=["theme-counts"])]
_GraphSuffix = Annotated[str, Path(json_schema_extra=suffixes(PAGE_OR_GRAPH))]
_ListedSuffix = Annotated[str, Path(json_schema_extra=suffixes(LISTED))]
_ReportSuffix = Annotated[str, Path(json_schema_extra=suffixes(REPORT))]


def pages_router(site: Site) -> APIRouter:
    """The routes of every page. The address `/sparql` without a language is left to the protocol."""
    router = APIRouter(tags=["site"])
    threads = CapacityLimiter(_THREADS)

    def add(
        path: str,
        summary: str,
        handler: _Handler,
        forms: Sequence[Format] = (HTML,),
        limiter: CapacityLimiter | None = None,
        parameters: Sequence[dict[str, Any]] = (),
    ) -> None:
        visited = _visited(handler, limiter)
        router.add_api_route(
            path,
            visited,
            methods=["GET"],
            summary=summary,
            response_class=Response,
            responses=responses(forms, is_asked=bool(parameters) or "{" in path),
            openapi_extra={"parameters": list(parameters)},
        )
        router.add_api_route(path, visited, methods=["HEAD"], include_in_schema=False)
        for language in LANGUAGES:
            add_hidden(f"/{language}{path}", handler, limiter)

    def add_hidden(path: str, handler: _Handler, limiter: CapacityLimiter | None = None) -> None:
        visited = _visited(handler, limiter)
        router.add_api_route(path, visited, methods=["GET", "HEAD"], include_in_schema=False)

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

    def gallery(request: Request) -> Response:
        return pictures.pictures_page(request, here(request))

    def add_picture(
        path: str, summary: str, shown: Callable[..., Response], parameters: Sequence[dict[str, Any]] = ()
    ) -> None:
        def page(request: Request) -> Response:
            return shown(request, here(request))

        def file(request: Request) -> Response:
            return shown(request, here(request), is_file=True)

        add(path, summary, page, (HTML, SVG), parameters=parameters)
        add(f"{path}.svg", f"{summary}, as a file", file, (SVG,), parameters=parameters)

    def crosswalk(request: Request) -> Response:
        return views.crosswalk_page(request, here(request))

    def comparison(request: Request, plan: _PlanName, other: _OtherName) -> Response:
        return views.comparison_page(request, here(request), plan, other)

    def version(request: Request, name: _VersionName) -> Response:
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

        router.add_api_route(
            f"/queries/{name}",
            _visited(this, threads),
            methods=["GET"],
            operation_id=name,
            openapi_extra=described,
            response_class=Response,
        )

    def explanation(request: Request) -> Response:
        return explanations.explanation_page(request, here(request))

    def explanation_data(request: Request, suffix: _ListedSuffix) -> Response:
        return explanations.explanation_page(request, here(request), "." + suffix)

    def in_the_source(request: Request) -> Response:
        return passages.passages_page(request, here(request))

    complete = completions_handler()

    def completions(request: Request) -> Response:
        return complete(request, here(request))

    def ask(request: Request) -> Response:
        return workbench.workbench_page(request, here(request))

    add("/", "The plan as a tree", home)
    add("/id/{path:path}", "Everything that the graph says about a thing", thing, PAGE_OR_GRAPH)
    add("/ontology", "The ontology", ontology, PAGE_OR_GRAPH)
    add("/ontology/{name}", "A concept scheme of the ontology, or a version of it", scheme, PAGE_OR_GRAPH)
    add("/graph/{path:path}", "A named graph", graph, PAGE_OR_GRAPH)
    add("/pictures", "All pictures", gallery)
    asked = pictures.RESPONSIBILITIES_PARAMETERS
    add_picture("/pictures/responsibilities", "Who does what in the plan", pictures.responsibilities_page, asked)
    add_picture("/pictures/schedule", "The schedule of the plan", pictures.schedule_page)
    add_picture("/pictures/plan-tree", "The plan as a tree", pictures.plan_tree_page, pictures.TREE_PARAMETERS)
    asked = pictures.MEMBERS_PARAMETERS
    add_picture("/pictures/members", "The members of a process and their processes", pictures.members_page, asked)
    summary = "The consultative processes, and the States that they have in common"
    add_picture("/processes", summary, pictures.processes_page)
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
    asked = questions.INDEX_PARAMETERS
    add("/queries", "The library of questions", library, LISTED, parameters=asked)
    for each in site.library.values():
        add_question(each.name, operation(each))
    forms = (HTML, QUERY, *ANSWERS)
    add("/queries/{name}", "A question of the library with its answer", question, forms, threads)
    add("/passages", "Words of a source in the row where they stand", in_the_source, parameters=passages.PARAMETERS)
    add("/completions.json", "What a query can name, for an editor to propose", completions, (JSON,), threads)
    for language in LANGUAGES:
        add_hidden(f"/{language}/sparql", ask, threads)
        add_hidden(f"/{language}/.well-known/void", catalog)
        add_hidden(f"/{language}", to_home)
    return router


def _visited(handler: _Handler, limiter: CapacityLimiter | None) -> Callable[..., Awaitable[Response]]:
    """The handler, run in a thread while the request's `state.gone` tells whether the visitor has left."""

    @wraps(handler)
    async def visited(request: Request, **parameters: str) -> Response:
        async with watching(request) as request.state.gone:
            return await to_thread.run_sync(partial(handler, request, **parameters), limiter=limiter)

    return visited
