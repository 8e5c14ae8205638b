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
from crmgraph.serving.pages import crawlers, explanations, questions, views, workbench
from crmgraph.serving.pages.page_schema import REPORT_PARAMETERS, responses, suffix
from crmgraph.serving.pages.question_schema import operation
from crmgraph.serving.pages.rendering import language_of, links_of
from crmgraph.serving.pages.representations import EVERY, HTML, QUERY, TABLES
from crmgraph.serving.pages.site import Site

__all__ = ["pages_router"]

# Threads that wait for the queries of visitors; the other pages must not wait behind slow ones.
_THREADS = 40

_TEXT = Format("txt", "Text", "text/plain", "txt", "")
_XML = Format("xml", "XML", "application/xml", "xml", "")

_Handler = Callable[..., Response]
_ThingPath = Annotated[str, Path(examples=["plan/crm/pgm/7.1.1", "country/MEX"])]
_GraphPath = Annotated[str, Path(examples=["plan/crm", "inferred"])]
_SchemeName = Annotated[str, Path(examples=["status", "shapes"])]
_PlanName = Annotated[str, Path(examples=["crm"])]
_OtherName = Annotated[str, Path(examples=["gcm", "sdg"])]
_VersionName = Annotated[str, Path(examples=["crm-2006"])]
_CheckCode = Annotated[str, Path(examples=["number-gap"])]
_PartNumber = Annotated[str, Path(examples=["1"])]
_QuestionName = Annotated[str, Path(examples=["theme-counts"])]


def pages_router(site: Site) -> APIRouter:
    """The routes of every page. The address `/sparql` without a language is left to the protocol."""
    router = APIRouter(tags=["site"])
    threads = CapacityLimiter(_THREADS)

    def add(
        path: str,
        summary: str,
        handler: _Handler,
        forms: Sequence[Format] = EVERY,
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

    def add_alone(path: str, summary: str, handler: _Handler, form: Format) -> None:
        """Add an address that has one form and no language."""
        router.add_api_route(
            path,
            _visited(handler, None),
            methods=["GET"],
            summary=summary,
            response_class=Response,
            responses=responses((form,), is_asked="{" in path),
        )
        router.add_api_route(path, _visited(handler, None), methods=["HEAD"], include_in_schema=False)

    def add_with_data(
        path: str,
        summary: str,
        handler: _Handler,
        limiter: CapacityLimiter | None = None,
        parameters: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Add an address that ends in no parameter, and those of its data, by their suffixes."""
        add(path, summary, handler, limiter=limiter, parameters=parameters)
        named = "/index" if path == "/" else path
        add(f"{named}.{{suffix}}", f"{summary}, as data", handler, EVERY, limiter, (suffix(EVERY), *parameters))

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

    def version(request: Request, name: _VersionName) -> Response:
        return views.version_page(request, here(request), name)

    def catalog(request: Request) -> Response:
        return views.catalog_page(request, here(request))

    def findings(request: Request) -> Response:
        return views.findings_page(request, here(request))

    def findings_of_a_kind(request: Request, code: _CheckCode) -> Response:
        return views.findings_page(request, here(request), code)

    def library(request: Request) -> Response:
        return questions.questions_page(request, here(request))

    def question(request: Request, name: _QuestionName) -> Response:
        return questions.question_page(request, here(request), name)

    def robots(request: Request) -> Response:
        return crawlers.robots(request, here(request))

    def sitemap(request: Request) -> Response:
        return crawlers.sitemap(request, here(request))

    def sitemap_part(request: Request, number: _PartNumber) -> Response:
        return crawlers.sitemap_part(request, here(request), number)

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

    def ask(request: Request) -> Response:
        return workbench.workbench_page(request, here(request))

    add_with_data("/", "The plan as a tree", home)
    add("/id/{path:path}", "Everything that the graph says about a thing", thing)
    add_with_data("/ontology", "The ontology", ontology)
    add("/ontology/{name}", "A concept scheme of the ontology, or a version of it", scheme)
    add("/graph/{path:path}", "A named graph", graph)
    add_with_data("/processes", "The consultative processes, and the States that they have in common", consultative)
    add_with_data("/crosswalk", "What corresponds in other plans, and how far the plans touch", crosswalk)
    add("/crosswalk/{plan}/{other}", "What corresponds to what in two plans, and why", comparison)
    add("/versions/{name}", "What became of each part of an earlier version of a plan", version)
    add_with_data("/void", "What the dataset is and where to find it (VoID, DCAT)", catalog)
    add_hidden("/.well-known/void", catalog)
    add_with_data("/findings", "The consistency report", findings, parameters=REPORT_PARAMETERS)
    add("/findings/{code}", "The findings of one kind", findings_of_a_kind, parameters=REPORT_PARAMETERS)
    asked = explanations.PARAMETERS
    add_with_data("/explain", "How a statement is known, down to its sources", explanation, threads, asked)
    add_with_data("/queries", "The library of questions", library)
    for each in site.library.values():
        add_question(each.name, operation(each))
    forms = (HTML, QUERY, *TABLES)
    add("/queries/{name}", "A question of the library with its answer", question, forms, threads)
    for path, summary, handler, form in (
        ("/robots.txt", "What robots are to leave alone", robots, _TEXT),
        ("/sitemap.xml", "All pages, in each language, or the parts of such a list", sitemap, _XML),
        ("/sitemap-{number}.xml", "A part of the list of all pages", sitemap_part, _XML),
    ):
        add_alone(path, summary, handler, form)
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
