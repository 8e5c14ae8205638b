"""The site as a FastAPI application: pages, data, downloads, reconciliation, and the OpenAPI document of all paths."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from threading import Event
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from crmgraph import __version__
from crmgraph.building.manifest import FINDINGS, MANIFEST, Manifest
from crmgraph.errors import UnavailableError
from crmgraph.files import resource
from crmgraph.http.endpoint import WriteAccess
from crmgraph.http.languages import LANGUAGES
from crmgraph.http.messages import DATA_HEADERS, REVALIDATE_HEADERS, add_problem_handlers, client_id
from crmgraph.http.openapi import written_description
from crmgraph.http.operations import DRAINING, Metrics, is_answering
from crmgraph.http.protocol import LARGEST_BODY, MOST_PARAMETERS
from crmgraph.library import load_library
from crmgraph.reconciliation.service import ReconciliationService, reconciliation_routes
from crmgraph.settings import Settings
from crmgraph.site import (
    PageCache,
    Searcher,
    Site,
    error_page,
    pages_router,
    workbench_page,
)
from crmgraph.site.base.pages import PageRequest
from crmgraph.site.base.rendering import Assets
from crmgraph.site.service import status_router
from crmgraph.sparql.engine import DATASET_MISSING, Engine
from crmgraph.store import DUMP

_PREFETCHED = (
    "/", "/plan", "/queries?q=plan", "/actors", "/states", "/processes", "/crosswalk", "/ontology", "/about", "/api",
    "/id/plan/crm", "/id/source/crm",
)  # fmt: skip
"""Paths of pages that take long to render, or whose queries other pages need too; they are rendered in advance."""


@dataclass(frozen=True)
class Website:
    """The site as an application, with the pages that the endpoint needs: query editor and errors.

    Attributes:
        app: The FastAPI application.
        site: What all pages of the site share.
        searcher: The full-text search.
        reconciliation: The reconciliation service, which must be closed with the site.
    """

    app: FastAPI
    site: Site
    searcher: Searcher
    reconciliation: ReconciliationService

    def workbench(self, request: Request, cancel_event: Event) -> Response:
        """Return the page of the query editor; `cancel_event` is set when the client disconnects."""
        return workbench_page(
            PageRequest(request, replace(self.site, cancel_event=cancel_event, client=client_id(request)))
        )

    def error_page(self, request: Request, error: Exception) -> Response:
        """Return the page for an error."""
        return error_page(request, self.site, error)

    async def prepare(self) -> None:
        """Load in advance what the first visitors would wait for: search index, templates and the slowest pages.

        Takes a few seconds. Raises AnswerError if the engine does not answer.
        """
        await to_thread.run_sync(self.searcher.current_index, abandon_on_cancel=True)
        # Where other programs can change the data, pages are not cached.
        if self.site.may_cache:
            async with AsyncClient(
                transport=ASGITransport(self.app, raise_app_exceptions=False),
                base_url="http://localhost",
                headers={"Accept": "text/html"},
            ) as client:
                for language, path in product(LANGUAGES, _PREFETCHED):
                    await client.get(f"/{language}{path}")


def create_website(
    settings: Settings,
    manifest: Manifest,
    pool: Engine,
    write_access: WriteAccess | None = None,
    metrics: Metrics | None = None,
) -> Website:
    """Return the site over the dataset of the engine `pool`; `metrics` are shown on the page /status."""
    names = settings.names
    folder = manifest.folder(settings.build)
    state = (lambda: write_access.store_writer.digest) if write_access else None
    site = Site(
        pool,
        names,
        manifest.dataset,
        load_library(resource("queries"), names),
        settings.timeout,
        folder / FINDINGS,
        settings.contact,
        read_state=state,
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
    _add_dump(app, folder / f"{DUMP}.gz", settings.timeout, write_access)
    searcher = Searcher(site)
    app.include_router(pages_router(site, searcher, PageCache(settings.cache // 4)))
    counting = metrics or Metrics(pool, lambda: site.state)
    read_status = status_reader(settings, pool, counting, lambda: site.state, takes_writes=write_access is not None)
    app.include_router(status_router(site, read_status))
    reconciliation = ReconciliationService(site, settings.queue)
    app.router.routes += reconciliation_routes(site, reconciliation)

    add_problem_handlers(app, lambda request, error: error_page(request, site, error))
    # FastAPI forgets what is added to its document when a route comes later.
    _add_description(app)
    document = app.openapi()
    written = written_description(write_access is not None)
    document["paths"] = {**written["paths"], **document["paths"]}
    document["components"] = written["components"]
    return Website(app, site, searcher, reconciliation)


def status_reader(
    settings: Settings, pool: Engine, metrics: Metrics, dataset: Callable[[], str], takes_writes: bool
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function that reads the current status of the service, for the page /status.

    The function takes the ASGI lifespan state and returns a dict with these keys:
    - `ready`, `dataset`, `version`, `takes_writes`;
    - `built`: when the dataset was built, in ISO 8601, or empty if unknown; `since`: when the server was started;
    - `busy`, `processes`, `waiting`, `connections`: running queries, worker processes, waiting queries, connections;
    - `limits`: time (seconds) and memory (bytes) of a query, waiting queries, connections, size (bytes) of a request's
      body and number of its parameters.
    """
    limits = {
        "seconds": settings.timeout,
        "memory": settings.memory,
        "waiting": settings.queue,
        "connections": settings.connections,
        "body": LARGEST_BODY,
        "parameters": MOST_PARAMETERS,
    }
    manifest = settings.build / MANIFEST

    def read(state: Mapping[str, Any]) -> dict[str, Any]:
        is_ready = DRAINING not in state and is_answering(pool)
        activity = pool.activity
        return {
            "ready": is_ready,
            "dataset": dataset(),
            "built": _as_iso(manifest.stat().st_mtime) if manifest.is_file() else "",
            "since": _as_iso(metrics.since),
            "version": __version__,
            "busy": activity.busy,
            "processes": len(activity.pids),
            "waiting": activity.waiting,
            "connections": metrics.connections(),
            "takes_writes": takes_writes,
            "limits": limits,
        }

    return read


def _as_iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _add_description(app: FastAPI) -> None:
    """Add a route for the OpenAPI document, with CORS headers, which the route of FastAPI does not send."""

    @app.get("/openapi.json", include_in_schema=False)
    def description(request: Request) -> JSONResponse:
        below = request.scope.get("root_path", "")
        return JSONResponse(app.openapi() | ({"servers": [{"url": below}]} if below else {}), headers=DATA_HEADERS)


def _add_dump(app: FastAPI, built: Path, seconds: float, write_access: WriteAccess | None) -> None:
    @app.get("/dump.nq.gz", include_in_schema=False)
    def dump() -> FileResponse:
        file = write_access.store_writer.dump(seconds) if write_access else built
        if not file.is_file():
            raise UnavailableError(DATASET_MISSING)
        return FileResponse(
            file,
            headers={**DATA_HEADERS, **REVALIDATE_HEADERS},
            media_type="application/gzip",
            filename="crmgraph.nq.gz",
        )
