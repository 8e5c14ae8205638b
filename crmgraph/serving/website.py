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
from crmgraph.http.health import OPERATIONS_PATHS, status_reader
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.metrics import Metrics
from crmgraph.http.openapi import PATHS, SCHEMAS, SECURITY, Responses, content, graph_store_paths, refusals
from crmgraph.library import load_library
from crmgraph.reconciliation.service import ReconciliationService, reconciliation_router
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
from crmgraph.site.base.visits import Visit
from crmgraph.site.service import status_router
from crmgraph.sparql import Engine
from crmgraph.sparql.engine import NOT_THERE
from crmgraph.store import DUMP

__all__ = ["Website", "create_website"]

_GZIP = "application/gzip"
_PREFETCHED = (
    "/", "/plan", "/queries?q=plan", "/actors", "/states", "/processes", "/crosswalk", "/ontology", "/about", "/api",
    "/id/plan/crm", "/id/source/crm",
)  # fmt: skip
"""The pages that ask for much, or for what others need too."""


@dataclass(frozen=True)
class Website:
    """The site as an application, and the pages that the endpoint shows.

    These are the `workbench` and the pages of errors, in brief for requests that were refused. `reconciliation` works
    for the site alone and is to be closed with it. `prefetched` are the pages that ask for most.
    """

    app: FastAPI
    workbench: Callable[[Request, Event], Response]
    error_page: Callable[[Request, Exception], Response]
    brief_error_page: Callable[[Request, Exception], Response]
    reconciliation: ReconciliationService
    searcher: Searcher
    prefetched: Sequence[str]

    async def prepare(self) -> None:
        """Load what the first visitors would wait for: templates, the search index, and the pages `prefetched`.

        Takes a few seconds. Raises AnswerError where the engine does not answer.
        """
        await to_thread.run_sync(read_templates, abandon_on_cancel=True)
        await to_thread.run_sync(self.searcher.current, abandon_on_cancel=True)
        transport = ASGITransport(self.app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://localhost", headers={"Accept": "text/html"}) as me:
            for path in self.prefetched:
                await me.get(path)


def create_website(
    settings: Settings,
    manifest: Manifest,
    pool: Engine,
    writing: Writing | None = None,
    metrics: Metrics | None = None,
) -> Website:
    """Return the site over the dataset that `pool` answers from; `metrics` is shown on its page /status."""
    names = settings.names
    folder = manifest.folder(settings.build)
    library = load_library(resource("queries"), names)
    state = (lambda: writing.store_writer.digest) if writing else None
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
    read_status = status_reader(settings, pool, counting, lambda: site.state, takes_writes=writing is not None)
    app.include_router(status_router(site, read_status))
    reconciliation = ReconciliationService(site, settings.queue)
    app.include_router(reconciliation_router(site, reconciliation))

    def on_error(request: Request, error: Exception) -> Response:
        return error_page(request, site, error)

    def on_refusal(request: Request, error: Exception) -> Response:
        return brief_page(request, site, error)

    add_problem_handlers(app, on_error)
    document = app.openapi()
    written = graph_store_paths(writing is not None)
    document["paths"] = {**PATHS, **document["paths"], **written, **OPERATIONS_PATHS}
    document["components"] = {"schemas": SCHEMAS, "securitySchemes": SECURITY}
    _add_description(app, document)

    def workbench(request: Request, gone: Event) -> Response:
        return workbench_page(Visit(request, replace(site, gone=gone, client=client_of(request))))

    # Where others can change the data, each page asks for them.
    prefetched = [f"/{language}{path}" for language in LANGUAGES for path in _PREFETCHED] if site.may_keep else ()
    return Website(app, workbench, on_error, on_refusal, reconciliation, searcher, prefetched)


def _add_description(app: FastAPI, document: Mapping[str, Any]) -> None:
    """Serve the OpenAPI document with CORS headers, which FastAPI does not send."""

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
        file = writing.store_writer.dump(seconds) if writing else built
        if not file.is_file():
            raise UnavailableError(NOT_THERE)
        headers = {**DATA_HEADERS, **FRESH}
        return FileResponse(file, headers=headers, media_type=_GZIP, filename="crmgraph.nq.gz")
