"""Requests that are not what they should be: each is answered or dropped, and nobody else notices."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from urllib.parse import quote

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.http.endpoint import Endpoint
from crmgraph.library import LibraryQuestion
from crmgraph.namespaces import Names
from crmgraph.site import Site, pages_router, workbench_page
from crmgraph.site.base.pages import PageRequest
from crmgraph.sparql.pool import Pool
from tests.support.clients import app_of, client_of
from tests.support.waiting import wait_for

START = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SLOW = LibraryQuestion("slow", {"es": "", "en": ""}, {}, "gaps", (), {}, RUNAWAY, Names())


@pytest.fixture(scope="module")
def pool(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(pool: Pool) -> Iterator[httpx.Client]:
    site = Site(pool, Names(), "d", {"slow": SLOW}, 20)

    def workbench(request: Request, cancel_event: Event) -> Response:
        return workbench_page(PageRequest(request, replace(site, cancel_event=cancel_event)))

    app = app_of(Endpoint(pool, "d", {}, {}, workbench))
    app.include_router(pages_router(site))
    with client_of(app) as client:
        yield client


@pytest.fixture(autouse=True)
def _the_service_goes_on(client: httpx.Client) -> Iterator[None]:
    yield
    assert client.get("/sparql", params={"query": "ASK {}", "format": "csv"}).text == "true"


def connected(client: httpx.Client) -> closing[socket.socket]:
    return closing(socket.create_connection(("127.0.0.1", client.base_url.port or 0), timeout=60))


def test_a_body_that_never_comes_whole_or_never_ends(client: httpx.Client) -> None:
    with connected(client) as waiting:
        waiting.sendall(START + b"Content-Length: 100\r\n\r\nASK")
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
    pieces = b"".join(b"1\r\n%c\r\n" % each for each in b"ASK { ?s ?p ?o }")
    with connected(client) as connection:
        connection.sendall(START + b"Transfer-Encoding: chunked\r\nAccept: text/csv\r\n\r\n" + pieces + b"0\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    with connected(client) as connection:
        connection.sendall(START + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(17):
            connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")
    for announced in (
        b"Content-Length: 99999999999\r\n\r\n",
        b"Content-Length: 1048577\r\nExpect: 100-continue\r\n\r\n",
    ):
        with connected(client) as connection:
            connection.sendall(START + announced)
            assert connection.recv(65536).startswith(b"HTTP/1.1 413")


def test_what_is_not_http(client: httpx.Client) -> None:
    for garbage in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", START + b"Content-Length: x\r\n\r\n"):
        with connected(client) as connection:
            connection.sendall(garbage + b"\r\n\r\n")
            assert connection.recv(65536)[:12] == b"HTTP/1.1 400"


def test_headers_without_end(client: httpx.Client) -> None:
    for name, value in (
        ("Accept", "a/b," * 10_000),
        ("Accept", "*/*;q=" + "9" * 40_000),
        ("Accept", '"' * 40_000),
        ("Accept", "text/csv;" * 5_000),
        ("Accept-Language", "es;q=0.1," * 5_000),
        ("If-None-Match", '"a",' * 10_000),
        ("If-None-Match", 'W/"' * 10_000),
        ("Content-Type", ";" * 40_000),
    ):
        before = time.process_time()
        response = client.get("/sparql", params={"query": "ASK {}"}, headers={name: value})
        assert response.status_code in (200, 406)
        assert time.process_time() - before < 5, "what takes quadratic time takes minutes"


def test_nothing_of_the_request_gets_into_the_headers_of_the_answer(client: httpx.Client) -> None:
    response = client.get("/sparql?format=csv%0d%0aX-Bad:%201&query=ASK%7B%7D")
    assert response.text == '{"head":{},"boolean":true}'
    assert "x-bad" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        f"/sparql?query={quote(RUNAWAY)}",
        f"/en/sparql?query={quote(RUNAWAY)}&part=results",
        f"/es/sparql?query={quote(RUNAWAY)}",
        "/en/queries/slow",
        "/queries/slow.csv",
    ],
)
def test_work_ends_when_the_client_leaves(client: httpx.Client, pool: Pool, path: str) -> None:
    before = pool.activity.end_counts.get("left", 0)
    with connected(client) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n".encode())
        wait_for(lambda: pool.activity.busy)
    wait_for(lambda: pool.activity.end_counts.get("left", 0) > before)
