"""Endpoint and site under one roof: the endpoint first, the site when somebody asks for it or there is time."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crmgraph.answering import Pool
from crmgraph.building import Manifest
from crmgraph.serving.app import Later, create_app
from crmgraph.settings import read_settings
from crmgraph.storing.disk import STORE
from tests.support.clients import client_of


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest) -> Iterator[httpx.Client]:
    with (
        Pool(build_folder / STORE) as pool,
        client_of(create_app(read_settings(build=build_folder), manifest, pool)) as client,
    ):
        yield client


def test_endpoint_and_site_answer(client: httpx.Client) -> None:
    asked = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/csv"})
    assert (asked.status_code, asked.text) == (200, "true")
    for path in ("/es/", "/en/queries", "/findings", "/ontology", "/id/plan/crm/pgm/7.1.1"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")


def test_the_workbench_is_at_the_endpoint(client: httpx.Client) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.status_code == 200
    assert "<h1>Workbench" in page.text
    assert page.headers["access-control-allow-origin"] == "*"


def test_the_openapi_document_tells_of_both(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/queries/{name}", "/findings", "/dump.nq.gz", "/live"} <= set(paths)
    endpoint = paths["/sparql"]
    assert set(endpoint) == {"get", "post"}
    names = [parameter["name"] for parameter in endpoint["get"]["parameters"]]
    assert names == ["query", "default-graph-uri", "named-graph-uri", "timeout", "format"]
    assert set(endpoint["get"]["responses"]) >= {"200", "304", "400", "403", "406", "500", "503"}


@pytest.mark.parametrize("path", ["/nothing", "/id/plan/crm/pgm/99", "/queries/nothing", "/graph/nothing"])
def test_an_unknown_address_is_a_page_or_a_problem_document(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<html" in page.text
    document = client.get(path, headers={"Accept": "text/turtle"})
    assert document.status_code == 404
    assert document.json()["status"] == 404


def test_an_error_of_the_endpoint_is_a_page_for_a_browser(client: httpx.Client) -> None:
    page = client.get("/sparql", params={"query": "ASK", "timeout": "never"}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert page.headers["content-type"].startswith("text/html")


def test_a_wrong_method_names_the_right_ones(client: httpx.Client) -> None:
    refused = client.put("/sparql")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_the_site_is_made_in_time_though_nobody_asked(build_folder: Path, manifest: Manifest) -> None:
    with Pool(build_folder / STORE) as pool:
        app = create_app(read_settings(build=build_folder), manifest, pool)
        later = app.routes[-1].app  # type: ignore[attr-defined]
        assert isinstance(later, Later)
        assert not later.is_made
        with client_of(app):
            ends = time.monotonic() + 10
            while not later.is_made and time.monotonic() < ends:
                time.sleep(0.05)
        assert later.is_made
