"""The addresses of the site, each with and without a language before it."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.serving.i18n import LANGUAGES
from crmgraph.serving.pages import questions, views, workbench
from crmgraph.serving.pages.rendering import language_of, links_of
from crmgraph.serving.pages.site import Site

__all__ = ["pages_router"]


def pages_router(site: Site) -> APIRouter:
    """The routes of every page. The address `/sparql` without a language is left to the protocol."""
    router = APIRouter(tags=["site"])

    def add(path: str, summary: str, handler: Callable[..., Response]) -> None:
        router.add_api_route(path, handler, methods=["GET"], summary=summary, response_class=Response)
        router.add_api_route(path, handler, methods=["HEAD"], include_in_schema=False)
        for language in LANGUAGES:
            add_hidden(f"/{language}{path}", handler)

    def add_hidden(path: str, handler: Callable[..., Response]) -> None:
        router.add_api_route(path, handler, methods=["GET", "HEAD"], include_in_schema=False)

    def home(request: Request) -> Response:
        return views.home_page(request, site)

    def to_home(request: Request) -> Response:
        return RedirectResponse(links_of(request, site).page(language_of(request), "/"), 308)

    def thing(request: Request, path: str) -> Response:
        return views.thing_page(request, site, path)

    def ontology(request: Request) -> Response:
        return views.ontology_page(request, site)

    def ontology_data(request: Request, suffix: str) -> Response:
        return views.ontology_page(request, site, "." + suffix)

    def scheme(request: Request, name: str) -> Response:
        return views.scheme_page(request, site, name)

    def graph(request: Request, path: str) -> Response:
        return views.graph_page(request, site, path)

    def findings(request: Request) -> Response:
        return views.findings_page(request, site)

    def findings_data(request: Request, suffix: str) -> Response:
        return views.findings_page(request, site, "." + suffix)

    def findings_of_a_kind(request: Request, code: str) -> Response:
        return views.findings_page(request, site, code)

    def library(request: Request) -> Response:
        return questions.questions_page(request, site)

    def question(request: Request, name: str) -> Response:
        return questions.question_page(request, site, name)

    def ask(request: Request) -> Response:
        return workbench.workbench_page(request, site)

    add("/", "The plan as a tree", home)
    add("/id/{path:path}", "Everything that the graph says about a thing", thing)
    add("/ontology", "The ontology", ontology)
    add("/ontology/{name}", "A concept scheme of the ontology, or a version of it", scheme)
    add("/graph/{path:path}", "A named graph", graph)
    add("/ontology.{suffix}", "The ontology as data", ontology_data)
    add("/findings.{suffix}", "The consistency report as data", findings_data)
    add("/findings", "The consistency report", findings)
    add("/findings/{code}", "The findings of one kind", findings_of_a_kind)
    add("/queries", "The library of questions", library)
    add("/queries/{name}", "A question of the library with its answer", question)
    for language in LANGUAGES:
        add_hidden(f"/{language}/sparql", ask)
        add_hidden(f"/{language}", to_home)
    return router
