"""The addresses of the site, each with and without a language before it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any

from anyio import CapacityLimiter
from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crmgraph.answering import Format
from crmgraph.serving.clients import client_of
from crmgraph.serving.i18n import LANGUAGES
from crmgraph.serving.pages import crawlers, explanations, passages, questions, search, search_address, views, workbench
from crmgraph.serving.pages.addresses import Addresses
from crmgraph.serving.pages.answer_files import ANSWERS
from crmgraph.serving.pages.completions import Completions
from crmgraph.serving.pages.home import home_page
from crmgraph.serving.pages.indexes import add_indexes
from crmgraph.serving.pages.page_schema import FACET_PARAMETERS, REPORT_PARAMETERS
from crmgraph.serving.pages.pictures import views as pictures
from crmgraph.serving.pages.pictures.frame import SVG
from crmgraph.serving.pages.plan import PLAN_FORMS, plan_page
from crmgraph.serving.pages.question_schema import operation
from crmgraph.serving.pages.rendering import language_of, links_of
from crmgraph.serving.pages.representations import EVERY, HTML, JSON, QUERY
from crmgraph.serving.pages.searcher import Searcher
from crmgraph.serving.pages.service import add_service
from crmgraph.serving.pages.site import Site
from crmgraph.serving.pages.statements import about_plan, about_processes, about_responsibilities, about_schedule

__all__ = ["pages_router"]

# Threads that wait for the queries of visitors; the other pages must not wait behind slow ones.
_THREADS = 40

_TEXT = Format("txt", "Text", "text/plain", "txt", "")
_XML = Format("xml", "XML", "application/xml", "xml", "")

_ThingPath = Annotated[str, Path(examples=["plan/crm/pgm/7.1.1", "country/MEX"])]
_GraphPath = Annotated[str, Path(examples=["plan/crm", "inferred"])]
_SchemeName = Annotated[str, Path(examples=["status", "shapes"])]
_PlanName = Annotated[str, Path(examples=["crm"])]
_OtherName = Annotated[str, Path(examples=["gcm", "sdg"])]
_CheckCode = Annotated[str, Path(examples=["number-gap"])]
_PartNumber = Annotated[str, Path(examples=["1"])]
_QuestionName = Annotated[str, Path(examples=["theme-counts"])]


def pages_router(site: Site, searcher: Searcher | None = None) -> APIRouter:
    """The routes of every page, of which one finds what the `searcher` has, or else one of its own.

    The address `/sparql` without a language is left to the protocol.
    """
    found_by = searcher or Searcher(site)
    router = APIRouter(tags=["site"])
    threads = CapacityLimiter(_THREADS)

    addresses = Addresses(router)
    add, add_with_data, add_hidden = addresses.add, addresses.add_with_data, addresses.add_hidden

    def here(request: Request) -> Site:
        return replace(site, gone=request.state.gone, client=client_of(request))

    def home(request: Request) -> Response:
        return home_page(request, here(request))

    def to_home(request: Request) -> Response:
        return RedirectResponse(links_of(request, site).page(language_of(request), "/"), 308)

    def plan(request: Request) -> Response:
        return plan_page(request, here(request))

    def named_plan(request: Request, name: _PlanName) -> Response:
        return plan_page(request, here(request), name)

    def thing(request: Request, path: _ThingPath) -> Response:
        return views.thing_page(request, here(request), path)

    def ontology(request: Request) -> Response:
        return views.ontology_page(request, here(request))

    def scheme(request: Request, name: _SchemeName) -> Response:
        return views.scheme_page(request, here(request), name)

    def graph(request: Request, path: _GraphPath) -> Response:
        return views.graph_page(request, here(request), path)

    def gallery(request: Request) -> Response:
        return pictures.pictures_page(request, here(request))

    def add_picture(
        path: str,
        summary: str,
        shown: Callable[..., Response],
        made_of: Callable[[Site], str],
        parameters: Sequence[dict[str, Any]] = (),
    ) -> None:
        def page(request: Request) -> Response:
            return shown(request, here(request))

        def statements(request: Request) -> tuple[Site, str]:
            own = here(request)
            return own, made_of(own)

        def file(request: Request) -> Response:
            return shown(request, here(request), is_file=True)

        add(f"{path}.svg", f"{summary}, as a file", file, (SVG,), parameters=parameters)
        addresses.add_with_statements(path, summary, page, statements, (HTML, SVG), parameters)

    def plan_statements(request: Request) -> tuple[Site, str]:
        return here(request), about_plan(site)

    def consultative(request: Request) -> Response:
        return pictures.processes_page(request, here(request))

    def processes_file(request: Request) -> Response:
        return pictures.processes_page(request, here(request), is_file=True)

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

        addresses.add_described(f"/queries/{name}", name, described, this, threads)

    def explanation(request: Request) -> Response:
        return explanations.explanation_page(request, here(request))

    def search_for(request: Request) -> Response:
        return search.search_page(request, here(request), found_by)

    def in_the_source(request: Request) -> Response:
        return passages.passages_page(request, here(request))

    completions = Completions()

    def completed(request: Request) -> Response:
        return completions.answer(request, here(request))

    def ask(request: Request) -> Response:
        return workbench.workbench_page(request, here(request))

    add_with_data("/", "What this is, the plan at a glance, and where to begin", home)
    asked = FACET_PARAMETERS
    add_with_data("/plan", "The plan as a tree, to be looked through", plan, PLAN_FORMS, parameters=asked)
    add("/plan/{name}", "Another plan as a tree, to be looked through", named_plan, PLAN_FORMS, parameters=asked)
    add("/id/{path:path}", "Everything that the graph says about a thing", thing)
    add_with_data("/ontology", "The ontology", ontology)
    add("/ontology/{name}", "A concept scheme of the ontology, or a version of it", scheme)
    add("/graph/{path:path}", "A named graph", graph)
    addresses.add_with_statements("/pictures", "All pictures", gallery, plan_statements)
    asked = pictures.RESPONSIBILITIES_PARAMETERS
    summary = "Who does what in the plan"
    add_picture("/pictures/responsibilities", summary, pictures.responsibilities_page, about_responsibilities, asked)
    add_picture("/pictures/schedule", "The schedule of the plan", pictures.schedule_page, about_schedule)
    asked = pictures.TREE_PARAMETERS
    add_picture("/pictures/plan-tree", "The plan as a tree", pictures.plan_tree_page, about_plan, asked)
    asked = pictures.MEMBERS_PARAMETERS
    summary = "The members of a process and their processes"
    add_picture("/pictures/members", summary, pictures.members_page, about_processes, asked)
    summary = "The consultative processes, and the States that they have in common"
    add("/processes.svg", f"{summary}, as a file", processes_file, (SVG,))
    add_with_data("/processes", summary, consultative, (*EVERY, SVG))
    add_with_data("/crosswalk", "What corresponds in other plans, and how far the plans touch", crosswalk)
    add("/crosswalk/{plan}/{other}", "What corresponds to what in two plans, and why", comparison)
    add("/versions/{name}", "What became of each part of an earlier version of a plan", version)
    add_with_data("/void", "What the dataset is and where to find it (VoID, DCAT)", catalog)
    add_hidden("/.well-known/void", catalog)
    add_with_data("/findings", "The consistency report", findings, parameters=REPORT_PARAMETERS)
    add("/findings/{code}", "The findings of one kind", findings_of_a_kind, parameters=REPORT_PARAMETERS)
    asked = explanations.PARAMETERS
    summary = "How a statement is known, down to its sources"
    add_with_data("/explain", summary, explanation, limiter=threads, parameters=asked)
    # Whoever comes when the data have changed waits until they are read again.
    add_with_data("/search", "What is found by words", search_for, (HTML, JSON), threads, search_address.PARAMETERS)
    add_with_data("/queries", "The library of questions", library, parameters=questions.INDEX_PARAMETERS)
    for each in site.library.values():
        add_question(each.name, operation(each))
    forms = (HTML, QUERY, *ANSWERS)
    add("/queries/{name}", "A question of the library with its answer", question, forms, threads)
    passages_asked = passages.PARAMETERS
    add("/passages", "Words of a source in the row where they stand", in_the_source, (HTML,), parameters=passages_asked)
    add("/completions.json", "What a query can name, for an editor to propose", completed, (JSON,), threads)
    add_indexes(addresses, here)
    add_service(addresses, here, threads)
    for path, summary, handler, form in (
        ("/robots.txt", "What robots are to leave alone", robots, _TEXT),
        ("/sitemap.xml", "All pages, in each language, or the parts of such a list", sitemap, _XML),
        ("/sitemap-{number}.xml", "A part of the list of all pages", sitemap_part, _XML),
    ):
        addresses.add_alone(path, summary, handler, form)
    for language in LANGUAGES:
        add_hidden(f"/{language}/sparql", ask, threads)
        add_hidden(f"/{language}/.well-known/void", catalog)
        add_hidden(f"/{language}", to_home)
    return router
