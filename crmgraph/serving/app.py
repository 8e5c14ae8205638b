"""The application: protocol, pages and the rest under one roof."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from crmgraph import __version__
from crmgraph.answering import Pool
from crmgraph.building import Manifest
from crmgraph.library import load_library
from crmgraph.resources import resource
from crmgraph.serving.pages import STATIC, Site, error_page, pages_router, workbench_page
from crmgraph.serving.problems import problem_response
from crmgraph.serving.protocol import protocol_router
from crmgraph.settings import Settings
from crmgraph.storing import DUMP, STORE

__all__ = ["create_app"]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@contextmanager
def create_app(settings: Settings, manifest: Manifest) -> Iterator[FastAPI]:
    """The application over the built dataset; its worker processes end with the context."""
    names = settings.names
    library = load_library(resource("queries"), names)
    with Pool(settings.build / STORE, workers=settings.workers, memory_bytes=settings.memory) as pool:
        site = Site(pool, names, manifest.dataset, library, settings.timeout)
        app = FastAPI(
            title="crmgraph",
            version=__version__,
            description="The Plan de Acción of the Regional Conference on Migration as a knowledge graph.",
            docs_url=None,
            redoc_url=None,
        )
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
        yield app
