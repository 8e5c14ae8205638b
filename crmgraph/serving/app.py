"""The application: protocol, pages and downloads under one roof."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from crmgraph import __version__
from crmgraph.answering import Pool
from crmgraph.building import Manifest
from crmgraph.library import load_library
from crmgraph.resources import resource
from crmgraph.serving.pages import STATIC, Site, error_page, pages_router, workbench_page
from crmgraph.serving.problems import Problem, add_problem_handlers
from crmgraph.serving.protocol import protocol_router
from crmgraph.settings import Settings
from crmgraph.storing.disk import DUMP

__all__ = ["create_app"]


def create_app(settings: Settings, manifest: Manifest, pool: Pool) -> FastAPI:
    """The application over the built dataset that `pool` answers from."""
    names = settings.names
    site = Site(pool, names, manifest.dataset, load_library(resource("queries"), names), settings.timeout)
    app = FastAPI(
        title="crmgraph",
        version=__version__,
        description="The Plan de Acción of the Regional Conference on Migration as a knowledge graph.",
        docs_url=None,
        redoc_url=None,
    )
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(
        protocol_router(
            pool,
            digest=manifest.dataset,
            graphs=manifest.graphs,
            prefixes=names.prefixes(),
            workbench=lambda request: workbench_page(request, site),
            seconds=settings.timeout,
        )
    )
    _add_operations(app, settings)
    app.include_router(pages_router(site))

    def page(request: Request, problem: Problem) -> Response:
        return error_page(request, site, problem.status, problem.detail)

    add_problem_handlers(app, page)
    return app


def _add_operations(app: FastAPI, settings: Settings) -> None:
    @app.get("/dump.nq.gz", tags=["data"], summary="The whole dataset as N-Quads", response_class=FileResponse)
    def dump() -> FileResponse:
        return FileResponse(settings.build / f"{DUMP}.gz", media_type="application/gzip", filename="crmgraph.nq.gz")

    @app.get("/live", tags=["operations"], summary="Whether the process runs", response_class=PlainTextResponse)
    def live() -> str:
        return "live\n"
