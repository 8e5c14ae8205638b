"""The site as a FastAPI application: its pages and data, downloads, and the description of all addresses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from crmgraph import __version__
from crmgraph.answering import Engine
from crmgraph.answering.question import NOT_THERE
from crmgraph.building import FINDINGS, Manifest
from crmgraph.errors import UnavailableError
from crmgraph.library import load_library
from crmgraph.resources import resource
from crmgraph.serving.assets import Assets
from crmgraph.serving.authorization import Writing
from crmgraph.serving.cors import DATA_HEADERS
from crmgraph.serving.graph_store_schema import GRAPH_STORE_PATHS
from crmgraph.serving.operations import OPERATIONS_PATHS
from crmgraph.serving.pages import Site, error_page, pages_router, workbench_page
from crmgraph.serving.problems import add_problem_handlers
from crmgraph.serving.protocol_schema import PATHS
from crmgraph.settings import Settings
from crmgraph.storing import DUMP

__all__ = ["Website", "create_website"]


@dataclass(frozen=True)
class Website:
    """The application, and the pages that the endpoint shows: its workbench, and why something cannot be had."""

    app: FastAPI
    workbench: Callable[[Request, Event], Response]
    refusal: Callable[[Request, Exception], Response]


def create_website(settings: Settings, manifest: Manifest, pool: Engine, writing: Writing | None = None) -> Website:
    """The site over the dataset that `pool` answers from: the built one, or one that is written to."""
    names = settings.names
    folder = manifest.folder(settings.build)
    library = load_library(resource("queries"), names)
    site = Site(pool, names, manifest.dataset, library, settings.timeout, folder / FINDINGS)
    app = FastAPI(
        title="crmgraph",
        version=__version__,
        description="The Plan de Acción of the Regional Conference on Migration as a knowledge graph.",
        docs_url=None,
        redoc_url=None,
    )
    app.mount("/static", Assets(), name="static")
    _add_dump(app, folder / f"{DUMP}.gz", settings.timeout, writing)
    app.include_router(pages_router(site))

    def refusal(request: Request, error: Exception) -> Response:
        return error_page(request, site, error)

    add_problem_handlers(app, refusal)
    document = app.openapi()
    document["paths"] = {**PATHS, **document["paths"], **GRAPH_STORE_PATHS, **OPERATIONS_PATHS}
    return Website(app, lambda request, gone: workbench_page(request, replace(site, gone=gone)), refusal)


def _add_dump(app: FastAPI, built: Path, seconds: float, writing: Writing | None) -> None:
    @app.get("/dump.nq.gz", tags=["data"], summary="The whole dataset as N-Quads", response_class=FileResponse)
    def dump() -> FileResponse:
        file = writing.keeper.dump(seconds) if writing else built
        if not file.is_file():
            raise UnavailableError(NOT_THERE)
        return FileResponse(file, headers=DATA_HEADERS, media_type="application/gzip", filename="crmgraph.nq.gz")
