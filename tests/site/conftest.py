"""The real dataset behind the pages, served by a thread of the test's own process."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from httpx import Client

from crmgraph.http.messages import add_problem_handlers
from crmgraph.http.operations import Metrics
from crmgraph.serving.website import status_reader
from crmgraph.settings import read_settings
from crmgraph.site import Site, error_page, pages_router
from crmgraph.site.service import status_router
from tests.support.clients import client_of
from tests.support.visiting import Serve, Visitor

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="session")
def client(site: Site) -> Iterator[Client]:
    app = FastAPI()
    app.include_router(pages_router(site))
    metrics = Metrics(site.pool, lambda: site.digest)
    look = status_reader(read_settings(), site.pool, metrics, lambda: site.digest, takes_writes=False)
    app.include_router(status_router(site, look))
    add_problem_handlers(app, lambda request, error: error_page(request, site, error))
    with client_of(app, accept="text/html") as client:
        yield client


@pytest.fixture(scope="session")
def visit(client: Client) -> Visitor:
    return Visitor(client)


@pytest.fixture(scope="session")
def sitemap(visit: Visitor) -> dict[str, dict[str, str]]:
    """The addresses in the sitemap, each with those of the same page by language."""
    index = ElementTree.fromstring(visit.get("/sitemap.xml").content)
    assert index.tag.endswith("}sitemapindex")
    found: dict[str, dict[str, str]] = {}
    for part in index.iterfind("s:sitemap/s:loc", SPACE):
        for url in ElementTree.fromstring(visit.get(part.text or "").content).iterfind("s:url", SPACE):
            address = url.findtext("s:loc", "", SPACE)
            assert address not in found
            found[address] = {each.get("hreflang", ""): each.get("href", "") for each in url.iterfind("x:link", SPACE)}
    return found


@pytest.fixture(scope="session")
def serve(site: Site) -> Serve:
    """Serves the pages with other fields of the site, below a path, or over other data."""

    def serving(root_path: str = "", host: str = "", **fields: object) -> AbstractContextManager[Client]:
        app = FastAPI()
        other = replace(site, **fields)  # type: ignore[arg-type]
        app.include_router(pages_router(other))
        add_problem_handlers(app, lambda request, error: error_page(request, other, error))
        headers = {"host": host} if host else {}
        return client_of(app, root_path=root_path, accept="text/html", **headers)

    return serving
