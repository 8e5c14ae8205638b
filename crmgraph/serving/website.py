"""The site as a FastAPI application: its pages and data, downloads, and the description of all addresses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from crmgraph import __version__
from crmgraph.building import FINDINGS, Manifest
from crmgraph.errors import UnavailableError
from crmgraph.http.caching import FRESH, shares
from crmgraph.http.context import client_of
from crmgraph.http.cors import DATA_HEADERS
from crmgraph.http.endpoint import Writing
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.health import OPERATIONS_PATHS, looking
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.metrics import Metrics
from crmgraph.http.openapi import PATHS, SCHEMAS, SECURITY, Responses, content, graph_store_paths, refusals
from crmgraph.library import load_library
from crmgraph.reconciliation import ReconciliationService, reconciliation_router
from crmgraph.resources import resource
from crmgraph.settings import Settings
from crmgraph.site import (
    PageCache,
    Searcher,
    Site,
    brief_page,
    error_page,
    pages_router,
    read_templates,
    workbench_page,
)
from crmgraph.site.base.rendering import Assets
from crmgraph.site.service import status_router
from crmgraph.sparql import Engine
from crmgraph.sparql.engine import NOT_THERE
from crmgraph.store import DUMP

__all__ = ["Website", "create_website"]

_GZIP = "application/gzip"
_VISITED_FIRST = (
    "/", "/plan", "/queries?q=plan", "/actors", "/states", "/processes", "/crosswalk", "/ontology", "/about", "/api",
    "/id/plan/crm", "/id/source/crm",
)  # fmt: skip
"""The pages that ask for what others need too, or for much."""


@dataclass(frozen=True)
class Website:
    """The application, and the pages that the endpoint shows: its workbench, and why something cannot be had, also to
    those who are turned away, in brief.

    `reconciliation` works for it alone, and is to be closed with it. `visits` are the pages that ask for most.
    """

    app: FastAPI
    workbench: Callable[[Request, Event], Response]
    refusal: Callable[[Request, Exception], Response]
    brief_refusal: Callable[[Request, Exception], Response]
    reconciliation: ReconciliationService
    searcher: Searcher
    visits: Sequence[str]

    async def prepare(self) -> None:
        """Read in a few seconds what the first visitors would wait for: the templates, what can be searched for, and
        what the pages `visits` ask of the data.

        Raises AnswerError where the data are not to be had now.
        """
        await to_thread.run_sync(read_templates, abandon_on_cancel=True)
        await to_thread.run_sync(self.searcher.holdings, abandon_on_cancel=True)
        transport = ASGITransport(self.app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://localhost", headers={"Accept": "text/html"}) as me:
            for path in self.visits:
                await me.get(path)


def create_website(
    settings: Settings,
    manifest: Manifest,
    pool: Engine,
    writing: Writing | None = None,
    metrics: Metrics | None = None,
) -> Website:
    """The site over the dataset that `pool` answers from: the built one, or one that is written to.

    What `metrics` counts is shown on the page of how the service is doing.
    """
    names = settings.names
    folder = manifest.folder(settings.build)
    library = load_library(resource("queries"), names)
    state = (lambda: writing.keeper.digest) if writing else None
    site = Site(
        pool, names, manifest.dataset, library, settings.timeout, folder / FINDINGS, settings.contact, written=state
    )
    app = FastAPI(
        title="crmgraph",
        version=__version__,
        description="The Plan of Action of the Regional Conference on Migration as a knowledge graph.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.mount("/static", Assets(), name="static")
    _add_dump(app, folder / f"{DUMP}.gz", settings.timeout, writing)
    searcher = Searcher(site)
    app.include_router(pages_router(site, searcher, PageCache(shares(settings.cache)[1])))
    counting = metrics or Metrics(pool, lambda: site.state)
    look = looking(settings, pool, counting, lambda: site.state, takes_writes=writing is not None)
    app.include_router(status_router(site, look))
    reconciliation = ReconciliationService(site, settings.queue)
    app.include_router(reconciliation_router(site, reconciliation))

    def refusal(request: Request, error: Exception) -> Response:
        return error_page(request, site, error)

    add_problem_handlers(app, refusal)
    document = app.openapi()
    written = graph_store_paths(writing is not None)
    document["paths"] = {**PATHS, **document["paths"], **written, **OPERATIONS_PATHS}
    document["components"] = {"schemas": SCHEMAS, "securitySchemes": SECURITY}
    _add_description(app, document)

    def workbench(request: Request, gone: Event) -> Response:
        return workbench_page(request, replace(site, gone=gone, client=client_of(request)))

    # Where others can change the data, they are asked for each page.
    visits = [f"/{language}{path}" for language in LANGUAGES for path in _VISITED_FIRST] if site.may_keep else ()

    def brief_refusal(request: Request, error: Exception) -> Response:
        return brief_page(request, site, error)

    return Website(app, workbench, refusal, brief_refusal, reconciliation, searcher, visits)


def _add_description(app: FastAPI, document: Mapping[str, Any]) -> None:
    """Have the site give the description of all addresses, which FastAPI would keep from the pages of other sites."""

    @app.get("/openapi.json", include_in_schema=False)
    def description(request: Request) -> JSONResponse:
        below = request.scope.get("root_path", "")
        servers = {"servers": [{"url": below}]} if below else {}
        return JSONResponse({**document, **servers}, headers=DATA_HEADERS)


def _add_dump(app: FastAPI, built: Path, seconds: float, writing: Writing | None) -> None:
    described: Responses = {
        "200": {"description": "N-Quads, compressed.", "content": content([_GZIP])},
        **refusals(429, 500, 502, 503, 507),
    }

    @app.get(
        "/dump.nq.gz",
        tags=["data"],
        summary="The whole dataset as N-Quads",
        response_class=FileResponse,
        responses=described,
    )
    def dump() -> FileResponse:
        file = writing.keeper.dump(seconds) if writing else built
        if not file.is_file():
            raise UnavailableError(NOT_THERE)
        headers = {**DATA_HEADERS, **FRESH}
        return FileResponse(file, headers=headers, media_type=_GZIP, filename="crmgraph.nq.gz")
