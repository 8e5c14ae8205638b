"""The middleware: request ids, log and metrics."""

import json
import logging
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPResponse
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from crmgraph.http import operations
from crmgraph.http.endpoint import Endpoint
from crmgraph.http.graph_store import graph_store_routes
from crmgraph.http.messages import add_problem_handlers, client_network
from crmgraph.http.openapi import written_description
from crmgraph.http.operations import (
    ACCESS_LOG,
    Metrics,
    RequestMiddleware,
    operations_routes,
)
from crmgraph.http.protocol import protocol_routes
from crmgraph.sparql.pool import Pool
from tests.support.cases import cases
from tests.support.clients import client_of
from tests.support.stores import EX, GRAPHS
from tests.support.waiting import wait_for

ASKED = "/sparql?query=ASK%20%7B%7D"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def pool(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**28, workers=1, answer_bytes=2**20, queue=2) as pool:
        yield pool


def page(request: Request) -> Response:
    """Return a page, which is missing or fails by its name."""
    match request.path_params["name"]:
        case "crash":
            raise ZeroDivisionError("secret")
        case "missing":
            raise HTTPException(404)
    return PlainTextResponse("page")


@contextmanager
def service(pool: Pool, root_path: str = "") -> Iterator[httpx.Client]:
    """Yield a client of an application with endpoint, health checks and pages behind the middleware."""
    endpoint = Endpoint(pool, "the-digest", GRAPHS, {}, lambda *_: HTMLResponse("workbench"), seconds=60)
    metrics = Metrics(pool, lambda: "the-digest")
    routes = [*operations_routes(endpoint, metrics), *protocol_routes(endpoint), *graph_store_routes(endpoint)]
    app = Starlette(routes=[*routes, Route("/{name:path}", page, methods=["GET", "POST", "OPTIONS"])])
    add_problem_handlers(app)
    with client_of(RequestMiddleware(app, metrics), root_path) as client:
        yield client


@pytest.fixture
def client(pool: Pool) -> Iterator[httpx.Client]:
    with service(pool) as client:
        yield client


def ask(client: httpx.Client, query: str, timeout: str = "60") -> httpx.Response:
    return client.get("/sparql", params={"query": query, "timeout": timeout}, headers={"Accept": "text/csv"})


def problem(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].rpartition("/")[2]


def metric_samples(client: httpx.Client) -> dict[str, float]:
    """Return the value of every metric, by its name and labels."""
    return {
        f"{sample.name}{dict(sorted(sample.labels.items())) if sample.labels else ''}": sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }


def test_request_identifiers(client: httpx.Client) -> None:
    for path, status in ((ASKED, 200), ("/sparql?query=ASK", 400), ("/page", 200), ("/missing", 404), ("/graphs", 400)):
        named = client.get(path, headers={"X-Request-ID": "mine-1"})
        assert (named.status_code, named.headers["x-request-id"]) == (status, "mine-1")
        if status >= 400:
            assert named.json()["request"] == "mine-1"
            assert "instance" not in named.json()
            assert "X-Request-ID" in named.headers["access-control-expose-headers"]
    for given in ("0af7651916cd43dd8448eb211c80319c", "550e8400-e29b-41d4-a716-446655440000"):
        assert client.get("/page", headers={"X-Request-ID": given}).headers["x-request-id"] == given
    for given in ("", "a b", "<x>", '"', "a" * 129):
        made = {client.get("/page", headers={"X-Request-ID": given}).headers["x-request-id"] for _ in range(2)}
        assert len(made) == 2
        assert all(each.isalnum() for each in made)


def test_a_crash_is_logged_by_its_request_and_the_connection_goes_on(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as line:
        for path, status in (("/crash", 500), ("/page", 200)):
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: e\r\nX-Request-ID: mine-2\r\n\r\n".encode())
            answer = HTTPResponse(line)
            answer.begin()
            said = answer.read()
            assert (answer.status, answer.headers["x-request-id"]) == (status, "mine-2")
            assert b"secret" not in said
            assert status == 200 or json.loads(said)["request"] == "mine-2"
    [told] = [each for each in caplog.records if each.getMessage() == "Request mine-2 failed."]
    assert told.exc_info
    assert isinstance(told.exc_info[1], ZeroDivisionError)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.9", "203.0.113.10", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("no:address", "another:one", False),
    ],
)
def test_clients_are_told_apart(one: str, other: str, is_same: bool) -> None:
    assert (client_network(one) == client_network(other)) == is_same


OPERATIONS = dict(cases("http/operations"))


@pytest.mark.parametrize("root_path", ["", "/crm"])
def test_access_log(pool: Pool, caplog: pytest.LogCaptureFixture, root_path: str) -> None:
    with service(pool, root_path=root_path) as client, caplog.at_level(logging.INFO, ACCESS_LOG.name):
        client.get(ASKED, headers={"X-Request-ID": "q", "Authorization": "Bearer secret"})
        client.post("/sparql", data={"query": f"ASK {{ <{EX}{'x' * 500}> ?p ?o }}"})
        client.post("/sparql", data={"update": "CLEAR ALL"}, headers={"Authorization": "Bearer secret"})
        client.get("/sparql", headers={"Accept": "text/html"}, params={"query": "ASK {}"})
        client.put("/graphs", params={"graph": f"{EX}a", "token": "secret"}, content=b"secret")
        client.get("/page", params={"token": "secret"})
        for each in OPERATIONS:
            client.request(*each.split())
    told = [json.loads(record.message) for record in caplog.records if record.name == ACCESS_LOG.name]
    assert [(line["method"], line["path"], line["operation"], line["status"]) for line in told[:6]] == [
        ("GET", "/sparql", "query", 200),
        ("POST", "/sparql", "query", 200),
        ("POST", "/sparql", "update", 403),
        ("GET", "/sparql", "page", 200),
        ("PUT", "/graphs", "graph_write", 405),
        ("GET", "/page", "page", 200),
    ]
    assert [line.get("query", "")[:9] for line in told[:6]] == ["ASK {}", "ASK { <ht", "CLEAR ALL", "ASK {}", "", ""]
    assert len(told[1]["query"]) == 200
    assert told[0]["request"] == "q"
    assert {line["client"] for line in told} == {"127.0.0.1"}
    assert all(line["milliseconds"] > 0 and line["bytes"] > 0 for line in told[:6])
    assert all(datetime.fromisoformat(line["time"]).tzinfo for line in told)
    assert "secret" not in caplog.text
    assert {f"{line['method']} {line['path']}": line["operation"] for line in told[6:]} == OPERATIONS


def test_live_and_ready(client: httpx.Client) -> None:
    live = client.get("/live")
    assert (live.text, live.headers["content-type"]) == ("live\n", "text/plain; charset=utf-8")
    assert client.head("/live").status_code == 200
    ready = client.get("/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "dataset": "the-digest"})
    assert ready.headers["access-control-allow-origin"] == "*"
    assert ready.headers["cache-control"] == "no-store"
    for path in ("/live", "/ready", "/metrics"):
        answer = client.get(path)
        content = written_description(False)["paths"][path]["get"]["responses"][str(answer.status_code)]["content"]
        assert answer.headers["content-type"].partition(";")[0] in content


def test_not_ready_where_the_engine_does_not_answer(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**28, workers=1) as pool, service(pool) as client:
        wait_for(lambda: client.get("/ready").status_code == 200)
        time.sleep(0.6)
        # The processes of an engine are one group, so that none that is starting escapes.
        group = pool._forkserver._process.pid
        os.killpg(group, signal.SIGSTOP)
        with ThreadPoolExecutor(4) as threads:
            assert {look.status_code for look in threads.map(lambda _: client.get("/ready"), range(4))} == {503}
        os.killpg(group, signal.SIGCONT)
        wait_for(lambda: client.get("/ready").status_code == 200)
        pool.close()
        wait_for(lambda: client.get("/ready").status_code == 503)
        assert client.get("/ready").json() == {"ready": False, "dataset": "the-digest"}
        assert client.get("/live").status_code == 200


def test_metrics(client: httpx.Client) -> None:
    assert ask(client, "ASK {}").status_code == 200
    before = metric_samples(client)
    assert ask(client, "ASK {").status_code == 400
    assert ask(client, RUNAWAY, "0.3").status_code == 503
    assert ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i").status_code == 422
    assert client.get("/missing").status_code == 404
    found = metric_samples(client)
    requests = {key: value for key, value in found.items() if key.startswith("crmgraph_requests_total")}
    assert requests == {
        "crmgraph_requests_total{'operation': 'other', 'status': '200'}": 1,
        "crmgraph_requests_total{'operation': 'query', 'status': '200'}": 1,
        "crmgraph_requests_total{'operation': 'query', 'status': '400'}": 1,
        "crmgraph_requests_total{'operation': 'query', 'status': '503'}": 1,
        "crmgraph_requests_total{'operation': 'query', 'status': '422'}": 1,
        "crmgraph_requests_total{'operation': 'page', 'status': '404'}": 1,
    }
    assert found["crmgraph_request_seconds_count{'operation': 'query'}"] == 4
    assert found["crmgraph_request_seconds_sum{'operation': 'query'}"] > 0.3
    for reason in ("time", "memory"):
        kills = f"crmgraph_kills_total{{'reason': '{reason}'}}"
        assert found[kills] == before.get(kills, 0) + 1
    assert found["crmgraph_dataset_info{'digest': 'the-digest', 'version': '0.2.0'}"] == 1
    assert 0 < found["crmgraph_start_time_seconds"] <= time.time()
    assert found["crmgraph_processes_busy"] == found["crmgraph_queue"] == 0


def test_clients_that_leave_are_no_fault_of_the_server(client: httpx.Client) -> None:
    left = "crmgraph_requests_total{'operation': 'query', 'status': 'none'}"
    kills = "crmgraph_kills_total{'reason': 'left'}"
    before = metric_samples(client).get(kills, 0)
    for method, request in (("GET", {"params": {"query": RUNAWAY}}), ("POST", {"data": {"query": RUNAWAY}})):
        with pytest.raises(httpx.ReadTimeout):
            client.request(method, "/sparql", timeout=0.5, **request)  # type: ignore[arg-type]
    with socket.create_connection(("127.0.0.1", client.base_url.port or 0)) as half:
        half.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    wait_for(lambda: metric_samples(client).get(left) == 3)
    found = metric_samples(client)
    assert {key: value for key, value in found.items() if "requests_total{'operation': 'query'" in key} == {left: 3}
    assert 0 < found[kills] - before <= 2


def test_more_questions_than_may_wait_are_refused(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = "crmgraph_refusals_total"
    # A readiness check is not refused, however long it waits on a busy machine.
    monkeypatch.setattr(operations, "_READY_TIMEOUT", 60)
    assert ask(client, "ASK {}").text == "true"
    before = metric_samples(client).get(busy, 0)
    with ThreadPoolExecutor(10) as threads:
        slow = [threads.submit(ask, client, f"{RUNAWAY} # {n}", "2") for n in range(8)]
        wait_for(lambda: metric_samples(client).get(busy, 0) > before)
        assert client.get("/live").status_code == 200
        assert client.get("/ready").status_code == 200
        answers = [each.result() for each in slow]
    kinds = [problem(answer)[1] for answer in answers]
    refused = [answer for answer, kind in zip(answers, kinds, strict=True) if kind == "busy"]
    # One running request and at least one waiting request are not refused.
    assert 0 < len(refused) <= len(answers) - 2
    assert set(kinds) <= {"busy", "query-timeout", "unavailable"}
    for answer in refused:
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["access-control-allow-origin"] == "*"
    assert ask(client, "ASK {}").text == "true"
    assert metric_samples(client)[busy] - before == len(refused)
