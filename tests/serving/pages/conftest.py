"""The real dataset behind the pages, without a network between."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Client

from crmgraph.building import FINDINGS, Manifest
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.health import looking
from crmgraph.http.metrics import Metrics
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from crmgraph.settings import read_settings
from crmgraph.site import Site, error_page, pages_router
from crmgraph.site.service import status_router
from crmgraph.sparql import Pool
from crmgraph.storing import STORE
from tests.support.clients import client_of


@pytest.fixture(scope="session")
def site(build_folder: Path, manifest: Manifest) -> Iterator[Site]:
    names = Names()
    folder = manifest.folder(build_folder)
    with Pool(folder / STORE, memory_bytes=2**30) as pool:
        library = load_library(resource("queries"), names)
        yield Site(pool, names, manifest.dataset, library, 20.0, folder / FINDINGS)


@pytest.fixture(scope="session")
def client(site: Site) -> Iterator[Client]:
    app = FastAPI()
    app.include_router(pages_router(site))
    metrics = Metrics(site.pool, lambda: site.digest)
    look = looking(read_settings(), site.pool, metrics, lambda: site.digest, takes_writes=False)
    app.include_router(status_router(site, look))
    add_problem_handlers(app, lambda request, error: error_page(request, site, error))
    with client_of(app, accept="text/html") as client:
        yield client
