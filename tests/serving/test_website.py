"""The website: what it offers beside the pages."""

import gzip
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import anyio
import httpx
import pytest

from crmgraph.building import Manifest
from crmgraph.serving.app import create_website
from crmgraph.settings import read_settings
from crmgraph.sparql import Pool
from crmgraph.storing import DUMP, STORE
from tests.support.clients import client_of
from tests.support.noting import NotingPool


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest) -> Iterator[httpx.Client]:
    with Pool(manifest.folder(build_folder) / STORE, memory_bytes=2**30) as pool:
        website = create_website(read_settings(build=build_folder), manifest, pool)
        with client_of(website.app) as client:
            yield client


def test_what_first_visitors_would_wait_for_is_read_before(build_folder: Path, manifest: Manifest) -> None:
    with NotingPool(manifest.folder(build_folder) / STORE) as pool:
        website = create_website(read_settings(build=build_folder), replace(manifest, dataset="unread"), pool)
        anyio.run(website.prepare)
        assert pool.asked
        with client_of(website.app, Accept="text/html") as visitor:
            for path in ("/es/processes", "/en/ontology", "/es/search?q=fondo"):
                pool.asked.clear()
                assert visitor.get(path).status_code == 200
                assert pool.asked == [], path
            pool.asked.clear()
            assert visitor.get("/es/plan/bali").status_code == 200
            assert pool.asked, "what is there for one plan alone is read when somebody asks for it"


def test_data_that_others_can_change_are_not_read_for_pages_that_nobody_asked_for(
    build_folder: Path, manifest: Manifest
) -> None:
    with NotingPool(manifest.folder(build_folder) / STORE, told="a state") as pool:
        website = create_website(read_settings(build=build_folder), manifest, pool)
        website.searcher.holdings()
        pool.asked.clear()
        anyio.run(website.prepare)
        assert pool.asked == []


@pytest.mark.parametrize(
    "path",
    ["/search.json?q=oim", "/findings.json", "/id/country/MEX.ttl", "/actors.csv", "/dump.nq.gz", "/openapi.json"],
)
def test_any_page_may_ask_for_data_with_headers_of_its_own(client: httpx.Client, path: str) -> None:
    before = client.options(path, headers={"Origin": "https://e", "Access-Control-Request-Headers": "if-none-match"})
    assert (before.status_code, before.content) == (204, b"")
    assert before.headers["access-control-allow-methods"] == before.headers["allow"] == "GET, HEAD, OPTIONS"
    for answer in (before, client.get(path)):
        assert answer.headers["access-control-allow-origin"] == "*"


def test_of_what_is_not_there_nobody_is_told_by_which_methods(client: httpx.Client) -> None:
    assert client.options("/nothing").status_code == 404


def test_the_dump_is_the_dataset(client: httpx.Client, build_folder: Path, manifest: Manifest) -> None:
    answer = client.get("/dump.nq.gz")
    assert answer.headers["content-type"] == "application/gzip"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert gzip.decompress(answer.content) == (manifest.folder(build_folder) / DUMP).read_bytes()


def test_a_dump_that_is_gone_is_told_without_saying_where_it_was(
    build_folder: Path, manifest: Manifest, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Pool(manifest.folder(build_folder) / STORE, memory_bytes=2**30) as pool:
        website = create_website(read_settings(build=tmp_path / "gone"), manifest, pool)
        with client_of(website.app, Accept="application/gzip") as client:
            answer = client.get("/dump.nq.gz")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "The dataset is not there; build it again."
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/static/no.js"],
)
def test_static_files_are_those_of_the_site_alone(client: httpx.Client, path: str) -> None:
    # Not by the client, which would resolve the dots itself.
    with socket.create_connection(("127.0.0.1", client.base_url.port or 0), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert connection.makefile("rb").readline().split()[1] == b"404"


def test_no_documentation_page_that_loads_from_elsewhere(client: httpx.Client) -> None:
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
