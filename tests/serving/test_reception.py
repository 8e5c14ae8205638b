"""Every request is named, counted, and sent away where its client asks too often."""

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from crmgraph.http.access_log import LOGGER
from crmgraph.http.endpoint import Endpoint, Writing
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.graph_store import graph_store_routes
from crmgraph.http.metrics import Metrics
from crmgraph.http.middleware import Reception
from crmgraph.http.protocol import protocol_routes
from crmgraph.http.rates import Rates
from crmgraph.sparql import Pool
from crmgraph.storing.generations import Generations
from crmgraph.updating import Keeper, Writer, digest_of
from crmgraph.updating.keeper import AUDIT
from tests.support.clients import client_of
from tests.support.stores import EX, GRAPHS, build_store

ASKED = "/sparql?query=ASK%20%7B%7D"


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    with Pool(build_store(tmp_path_factory.mktemp("reception") / "store"), memory_bytes=2**28, workers=1) as pool:
        yield pool


def _page(request: Request) -> Response:
    if request.path_params["name"] == "crash":
        raise ZeroDivisionError("secret")
    if request.path_params["name"] == "slow":
        time.sleep(1)
    if request.path_params["name"] == "missing":
        raise HTTPException(404)
    if request.path_params["name"] == "long":
        return StreamingResponse(_slowly_read(), media_type="text/html")
    return PlainTextResponse("page")


def _slowly_read() -> Iterator[str]:
    """A page as it goes to somebody who takes their time over it."""
    yield "<p>begun"
    time.sleep(1)
    yield "</p>"


@contextmanager
def reception(
    pool: Pool,
    rates: Rates | None = None,
    pages: int = 100,
    page: Callable[[Request, Exception], Response | None] | None = None,
) -> Iterator[httpx.Client]:
    endpoint = Endpoint(pool, "d", GRAPHS, {}, lambda *_: HTMLResponse("workbench"))
    routes = [*protocol_routes(endpoint), *graph_store_routes(endpoint), Route("/{name:path}", _page)]
    app = Starlette(routes=routes)
    add_problem_handlers(app)
    with client_of(Reception(app, Metrics(pool, lambda: "d"), rates, pages, page)) as client:
        yield client


@pytest.fixture(scope="module")
def client(pool: Pool) -> Iterator[httpx.Client]:
    with reception(pool) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status"), [(ASKED, 200), ("/sparql?query=ASK", 400), ("/page", 200), ("/missing", 404), ("/graphs", 400)]
)
def test_every_answer_says_what_the_request_is_called(client: httpx.Client, path: str, status: int) -> None:
    named = client.get(path, headers={"X-Request-ID": "mine-1"})
    assert named.status_code == status
    assert named.headers["x-request-id"] == "mine-1"
    ids = {client.get(path, headers={"X-Request-ID": "not <well> formed"}).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    if status >= 400:
        assert named.json()["request"] == "mine-1"
        assert "instance" not in named.json()
        assert "X-Request-ID" in named.headers["access-control-expose-headers"]


def test_a_crash_is_called_by_its_name_too(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/crash", headers={"X-Request-ID": "mine-2"})
    assert answer.status_code == 500
    assert answer.json()["request"] == answer.headers["x-request-id"] == "mine-2"
    assert "secret" not in answer.text
    [told] = [each for each in caplog.records if each.getMessage() == "Request mine-2 failed."]
    assert told.exc_info
    assert isinstance(told.exc_info[1], ZeroDivisionError)


def test_after_a_crash_the_connection_goes_on(pool: Pool) -> None:
    with reception(pool) as client, socket.create_connection((client.base_url.host, client.base_url.port)) as line:
        for path, status in (("/crash", 500), ("/page", 200)):
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: e\r\n\r\n".encode())
            answer = HTTPResponse(line)
            answer.begin()
            assert answer.status == status
            answer.read()


@pytest.mark.parametrize("path", [ASKED, "/graphs?default", "/page", "/queries/x", "/dump.nq.gz"])
def test_whoever_asks_too_often_is_told_when_to_go_on(pool: Pool, path: str) -> None:
    with reception(pool, Rates(0.1)) as client:
        assert [client.get(path).status_code for _ in range(2)] == [200, 200]
        refused = client.get(path, headers={"Accept-Language": "es", "X-Request-ID": "a"})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 10
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["access-control-allow-origin"] == "*"
        assert refused.json()["title"] == "Demasiadas peticiones"
        assert refused.json()["request"] == "a"
        for free in ("/live", "/ready", "/metrics", "/static/site.css"):
            assert {client.get(free).status_code for _ in range(5)} == {200}
        assert client.get(path).status_code == 429


def test_only_so_many_wait_for_a_page(pool: Pool) -> None:
    with reception(pool, pages=2) as client, ThreadPoolExecutor(8) as threads:
        slow = [threads.submit(client.get, "/slow") for _ in range(2)]
        time.sleep(0.2)
        refused = client.get("/page", headers={"Accept": "text/html"})
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (503, "busy")
        assert int(refused.headers["retry-after"]) > 0
        assert client.get(ASKED).status_code == 200
        assert client.get("/dump.nq.gz").status_code == 200
        assert [each.result().status_code for each in slow] == [200, 200]
        assert client.get("/page").status_code == 200


@pytest.mark.parametrize(
    ("accept", "page", "type_"),
    [
        ("text/html,*/*;q=0.8", lambda *_: HTMLResponse("<p>later</p>", 429), "text/html"),
        ("text/html,*/*;q=0.8", lambda *_: None, "application/problem+json"),
        ("application/json", lambda *_: HTMLResponse("<p>later</p>", 429), "application/problem+json"),
        ("*/*", lambda *_: HTMLResponse("<p>later</p>", 429), "application/problem+json"),
    ],
)
def test_whoever_likes_pages_is_turned_away_by_one(
    pool: Pool, accept: str, page: Callable[[Request, Exception], Response | None], type_: str
) -> None:
    with reception(pool, Rates(0.1), page=page) as client:
        answers = [client.get("/page", headers={"Accept": accept}) for _ in range(200)]
    refused = next(each for each in answers if each.status_code == 429)
    assert refused.headers["content-type"].partition(";")[0] == type_
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["cache-control"] == "no-store"


def test_those_who_read_a_page_keep_nobody_from_another(pool: Pool) -> None:
    with reception(pool, pages=2) as client, ThreadPoolExecutor(8) as threads:
        slow = []
        for _ in range(3):
            slow.append(threads.submit(client.get, "/long"))
            time.sleep(0.1)
        assert client.get("/page").status_code == 200
        assert not any(each.done() for each in slow)
        assert [each.result().text for each in slow] == ["<p>begun</p>"] * 3


def test_what_is_told_of_each_request(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, LOGGER.name):
        client.get(ASKED, headers={"X-Request-ID": "q", "Authorization": "Bearer secret"})
        client.post("/sparql", data={"query": f"ASK {{ <{EX}{'x' * 500}> ?p ?o }}"})
        client.post("/sparql", data={"update": "CLEAR ALL"}, headers={"Authorization": "Bearer secret"})
        client.get("/sparql", headers={"Accept": "text/html"}, params={"query": "ASK {}"})
        client.put("/graphs", params={"graph": f"{EX}a", "token": "secret"}, content=b"secret")
        client.get("/page", params={"token": "secret"})
    told = [json.loads(record.message) for record in caplog.records if record.name == LOGGER.name]
    assert [(line["method"], line["path"], line["operation"], line["status"]) for line in told] == [
        ("GET", "/sparql", "query", 200),
        ("POST", "/sparql", "query", 200),
        ("POST", "/sparql", "update", 403),
        ("GET", "/sparql", "page", 200),
        ("PUT", "/graphs", "graph_write", 405),
        ("GET", "/page", "page", 200),
    ]
    assert [line.get("query", "")[:9] for line in told] == ["ASK {}", "ASK { <ht", "CLEAR ALL", "ASK {}", "", ""]
    assert len(told[1]["query"]) == 200
    assert told[0]["request"] == "q"
    assert {line["client"] for line in told} == {"127.0.0.1"}
    assert all(line["milliseconds"] > 0 and line["bytes"] > 0 for line in told)
    assert "secret" not in caplog.text


def test_the_name_of_the_request_is_in_the_record_of_writes(tmp_path: Path) -> None:
    generations = Generations.create(tmp_path / "kept", build_store(tmp_path / "seed"))
    with Pool(generations.path, memory_bytes=2**28, workers=1) as pool, Keeper(generations, pool, 2**30) as keeper:
        writing = Writing(keeper, [Writer("ana", digest_of("open-sesame"))])
        endpoint = Endpoint(pool, "d", GRAPHS, {}, lambda *_: HTMLResponse("workbench"), writing=writing)
        app = Starlette(routes=[*protocol_routes(endpoint), *graph_store_routes(endpoint)])
        add_problem_handlers(app)
        metrics = Metrics(pool, lambda: keeper.digest, keeper)
        with client_of(Reception(app, metrics), Authorization="Bearer open-sesame") as client:
            client.timeout = httpx.Timeout(30)
            update = {"update": f"INSERT DATA {{ <{EX}x> <{EX}p> 1 }}"}
            assert client.post("/sparql", data=update, headers={"X-Request-ID": "first"}).status_code == 204
            graph = {"params": {"graph": f"{EX}new"}, "content": b"<a:a> <a:b> <a:c> ."}
            sent = {"X-Request-ID": "second", "Content-Type": "text/turtle"}
            assert client.put("/graphs", headers=sent, **graph).status_code == 201  # type: ignore[arg-type]
        written = metrics.document("")[0].decode()
    record = [json.loads(line) for line in (tmp_path / "kept" / AUDIT).read_text(encoding="utf-8").splitlines()]
    assert [entry["request"] for entry in record] == ["first", "second"]
    for operation, status in (("update", "204"), ("graph_write", "201")):
        assert f'crmgraph_requests_total{{operation="{operation}",status="{status}"}} 1.0' in written
