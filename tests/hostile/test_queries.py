"""Queries that mean harm, against a real server: each gets an error, and nobody else notices."""

import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse

from crmgraph.http.endpoint import Endpoint
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.protocol import protocol_routes
from crmgraph.sparql import Pool
from tests.support.clients import client_of
from tests.support.stores import EX, GRAPHS, build_store

pytestmark = pytest.mark.drill

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
TOO_LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER regex(concat(str(?c), str(?f)), '9') }"
QUICK = f"ASK {{ <{EX}ana> <{EX}age> 42 }}"


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    store = build_store(tmp_path_factory.mktemp("hostile") / "store")
    with Pool(store, workers=2, memory_bytes=2**28, answer_bytes=2**22, sent_bytes=2**22) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(pool: Pool) -> Iterator[httpx.Client]:
    app = FastAPI()
    app.router.routes.extend(
        protocol_routes(Endpoint(pool, "d", GRAPHS, {}, lambda *_: HTMLResponse("workbench"), seconds=20))
    )
    add_problem_handlers(app)
    with client_of(app) as client:
        client.timeout = httpx.Timeout(30)
        yield client


def ask(client: httpx.Client, query: str, timeout: str = "20") -> httpx.Response:
    headers = {"Accept": "text/csv", "Accept-Language": "en", "Content-Type": "application/sparql-query"}
    return client.post("/sparql", params={"timeout": timeout}, content=query, headers=headers)


def quick(client: httpx.Client) -> float:
    """How many seconds a small question takes; it is to be answered rightly in any case."""
    began = time.monotonic()
    assert ask(client, QUICK).text == "true"
    return time.monotonic() - began


@pytest.fixture(autouse=True)
def _the_service_goes_on(client: httpx.Client) -> Iterator[None]:
    quick(client)
    yield
    assert quick(client) < 2


def refused(response: httpx.Response, status: int, said: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert said in response.json()["detail"]


def test_a_runaway_query_ends_at_its_limit_while_others_are_answered(client: httpx.Client) -> None:
    with ThreadPoolExecutor(1) as threads:
        began = time.monotonic()
        runaway = threads.submit(ask, client, RUNAWAY, "1")
        time.sleep(0.05)
        quick(client)
        assert not runaway.done()
        refused(runaway.result(), 503, "longer than 1 s")
        assert time.monotonic() - began < 3


def test_as_many_runaway_queries_as_there_are_workers_do_not_shut_the_others_out(client: httpx.Client) -> None:
    with ThreadPoolExecutor(2) as threads:
        runaways = [threads.submit(ask, client, RUNAWAY, "1.8") for _ in range(2)]
        time.sleep(0.1)
        quick(client)
        assert not any(runaway.done() for runaway in runaways)
        for runaway in runaways:
            refused(runaway.result(), 503, "longer than 1.8 s")


def test_who_asks_for_much_does_not_shut_out_who_asks_for_little(client: httpx.Client) -> None:
    """Twenty runaway queries of one address, none of which was asked before: another's slow one is before them."""
    elsewhere = httpx.Client(
        transport=httpx.HTTPTransport(local_address="127.0.0.9"), base_url=client.base_url, timeout=60
    )
    with elsewhere, ThreadPoolExecutor(21) as threads:
        limits = ["2", "2", *["8"] * 18]
        runaways = [
            threads.submit(ask, elsewhere, f"{RUNAWAY} # {number}", limit) for number, limit in enumerate(limits)
        ]
        time.sleep(1.2)
        slow = threads.submit(ask, client, SLOW)
        for _ in range(5):
            quick(client)
        assert slow.result().status_code == 200
        assert not any(each.done() for each in runaways[2:]), "they were the first to ask, and all have had their turn"
        assert {each.result().status_code for each in runaways} == {503}


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "(" * 20_000 + "1=1" + ")" * 20_000 + ") }",
        "ASK " + "{" * 20_000 + "}" * 20_000,
        "ASK { ?s ?p " + "[ ?p " * 20_000 + "1" + "]" * 20_000 + " }",
        "ASK { " + "FILTER EXISTS { ?s ?p ?o . " * 5_000 + "}" * 5_000 + " }",
        "ASK { ?s " + "(" * 20_000 + "<http://e/>" + ")*" * 20_000 + " ?o }",
        "ASK " + "(" * 20_000,
    ],
    ids=["brackets", "groups", "nodes", "exists", "paths", "unclosed"],
)
def test_deep_nesting(client: httpx.Client, query: str) -> None:
    refused(ask(client, query), 403, "nest deeper than")


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "!" * 100_000 + "true) }",
        "ASK { FILTER(" + "||".join(["?x"] * 50_000) + ") }",
        "ASK { " + "UNION".join(["{}"] * 20_000) + " }",
        "ASK { ?s " + "/".join(["<a:>"] * 5_000) + " ?o }",
        "ASK { " + " . ".join(["?s ?p ?o"] * 2_000) + " }",
        "ASK { " + "OPTIONAL {?s ?p ?o}" * 10_000 + " }",
    ],
    ids=["not", "or", "unions", "path", "triples", "optionals"],
)
def test_long_chains_without_brackets(client: httpx.Client, query: str) -> None:
    response = ask(client, query, "0.2")
    assert response.status_code in (200, 422, 503)
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
        "SELECT * { VALUES ?e { <%s> } SERVICE ?e { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<%s> { ?s ?p ?o } }",
        "SELECT * { ?s ?p true . BIND(1 AS ?x) SERVICE#\n<%s>{} }",
        "PREFIX : <%s> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "SELECT * FROM <%s> { ?s ?p ?o }",
        "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
        "DESCRIBE <%s>",
        "LOAD <%s>",
    ],
)
def test_no_query_reaches_another_address(client: httpx.Client, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
        response = ask(client, query % url)
        if "SERVICE" in query:
            refused(response, 403, "SERVICE")
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_query_that_eats_memory(client: httpx.Client) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
    refused(ask(client, query), 422, "more than 256 MiB of memory")


def test_an_answer_that_is_too_large_is_not_cut_short(client: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        ask(client, TOO_LARGE)


def test_an_answer_that_is_too_large_is_refused_where_it_could_not_be_seen_to_break_off(client: httpx.Client) -> None:
    address = client.base_url
    with socket.create_connection((address.host, address.port or 80), timeout=30) as connection:
        connection.sendall(f"GET /sparql?query={quote(TOO_LARGE)} HTTP/1.0\r\n\r\n".encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == 422
        assert b"4194304 bytes" in answer.read()


def test_a_worker_that_is_killed_at_its_work(client: httpx.Client, pool: Pool) -> None:
    def kill_all() -> None:
        for pid in pool.pids:
            os.kill(pid, signal.SIGKILL)

    threading.Timer(0.3, kill_all).start()
    refused(ask(client, RUNAWAY), 500, "ended before it was done")


def test_work_ends_when_the_client_leaves(client: httpx.Client, pool: Pool) -> None:
    quick(client)
    before = pool.pids
    with pytest.raises(httpx.ReadTimeout):
        client.get("/sparql", params={"query": RUNAWAY}, timeout=0.3)
    patience = time.monotonic() + 3
    while before <= pool.pids and time.monotonic() < patience:
        time.sleep(0.02)
    assert before - pool.pids, "the worker goes on for nobody"


def test_a_crowd_with_slow_and_quick_questions(client: httpx.Client) -> None:
    with ThreadPoolExecutor(24) as threads:
        slow = [threads.submit(ask, client, RUNAWAY, "0.7") for _ in range(4)]
        fast = [threads.submit(ask, client, QUICK, "20") for _ in range(60)]
        assert all(each.result().text == "true" for each in fast)
        assert {each.result().status_code for each in slow} == {503}
