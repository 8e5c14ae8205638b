"""What those ask who run the server, of a real one over a small store."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from anyio import CapacityLimiter
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import HTMLResponse

from crmgraph.http.endpoint import Endpoint
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.health import OPERATIONS_PATHS, operations_routes
from crmgraph.http.metrics import Metrics
from crmgraph.http.middleware import Reception
from crmgraph.http.protocol import protocol_routes
from crmgraph.sparql import Pool, Question
from tests.support.clients import client_of
from tests.support.stores import GRAPHS, build_store

pytestmark = pytest.mark.drill

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    with Pool(build_store(tmp_path / "store"), memory_bytes=2**28, workers=1, answer_bytes=2**20, queue=2) as pool:
        yield pool


@pytest.fixture
def client(pool: Pool) -> Iterator[httpx.Client]:
    endpoint = Endpoint(pool, "the-digest", GRAPHS, {}, lambda *_: HTMLResponse("workbench"), seconds=20)
    metrics = Metrics(pool, lambda: endpoint.state)
    app = Starlette(routes=[*operations_routes(endpoint, metrics), *protocol_routes(endpoint)])
    add_problem_handlers(app)
    with client_of(Reception(app, metrics)) as client:
        client.timeout = httpx.Timeout(30)
        yield client


def ask(client: httpx.Client, query: str, timeout: str = "10") -> httpx.Response:
    return client.get("/sparql", params={"query": query, "timeout": timeout}, headers={"Accept": "text/csv"})


def counted(client: httpx.Client) -> dict[str, float]:
    """Every sample by its name and labels."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {
        f"{sample.name}{dict(sorted(sample.labels.items())) if sample.labels else ''}": sample.value
        for family in families
        for sample in family.samples
    }


def test_it_lives(client: httpx.Client) -> None:
    answer = client.get("/live")
    assert (answer.text, answer.headers["content-type"]) == ("live\n", "text/plain; charset=utf-8")
    assert client.head("/live").status_code == 200


def test_it_is_ready_where_the_engine_answers(client: httpx.Client) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {"ready": True, "dataset": "the-digest"}


def test_it_is_not_ready_where_the_engine_is_gone(client: httpx.Client, pool: Pool) -> None:
    pool.close()
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "dataset": "the-digest"}
    assert client.get("/live").status_code == 200


def test_it_is_not_ready_where_the_engine_does_not_answer_in_time_and_then_it_is_again(
    client: httpx.Client, pool: Pool
) -> None:
    assert client.get("/ready").status_code == 200
    time.sleep(0.6)
    for pid in pool.pids:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    with ThreadPoolExecutor(4) as threads:
        assert {look.status_code for look in threads.map(lambda _: client.get("/ready"), range(4))} == {503}
    assert 2 <= time.monotonic() - began < 4
    time.sleep(0.6)
    assert client.get("/ready").status_code == 200


def test_slow_questions_do_not_make_it_unready(client: httpx.Client) -> None:
    with ThreadPoolExecutor(3) as threads:
        slow = [threads.submit(ask, client, RUNAWAY, "3") for _ in range(3)]
        time.sleep(0.5)
        assert client.get("/ready").status_code == 200
        assert not any(each.done() for each in slow)


def test_what_is_counted(client: httpx.Client, pool: Pool) -> None:
    assert ask(client, "ASK {}").status_code == 200
    assert ask(client, "ASK {").status_code == 400
    assert ask(client, RUNAWAY, "0.3").status_code == 503
    assert ask(client, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i").status_code == 422
    assert client.get("/nothing").status_code == 404
    found = counted(client)
    requests = {key: value for key, value in found.items() if key.startswith("crmgraph_requests_total")}
    assert requests == {
        "crmgraph_requests_total{'operation': 'query', 'status': '200'}": 1,
        "crmgraph_requests_total{'operation': 'query', 'status': '400'}": 1,
        "crmgraph_requests_total{'operation': 'query', 'status': '503'}": 1,
        "crmgraph_requests_total{'operation': 'query', 'status': '422'}": 1,
        "crmgraph_requests_total{'operation': 'page', 'status': '404'}": 1,
    }
    assert found["crmgraph_request_seconds_count{'operation': 'query'}"] == 4
    assert found["crmgraph_request_seconds_sum{'operation': 'query'}"] > 0.3
    assert found["crmgraph_kills_total{'reason': 'time'}"] == 1
    assert found["crmgraph_kills_total{'reason': 'memory'}"] == 1
    assert found["crmgraph_dataset_info{'digest': 'the-digest', 'version': '0.1.0'}"] == 1
    assert 0 < found["crmgraph_start_time_seconds"] <= time.time()
    # What the store shares with the one within it takes no more room.
    files = [file.stat() for file in pool.store_path.rglob("*") if file.is_file()]
    assert found["crmgraph_store_bytes"] == sum({file.st_ino: file.st_size for file in files}.values()) > 0
    assert len({file.st_ino for file in files}) < len(files)
    assert found["crmgraph_processes_busy"] == found["crmgraph_queue"] == 0
    assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")


def test_whoever_leaves_is_not_a_fault_of_the_server(client: httpx.Client) -> None:
    for method, request in (("GET", {"params": {"query": RUNAWAY}}), ("POST", {"data": {"query": RUNAWAY}})):
        with pytest.raises(httpx.ReadTimeout):
            client.request(method, "/sparql", timeout=0.4, **request)  # type: ignore[arg-type]
    with socket.create_connection(("127.0.0.1", client.base_url.port or 0)) as half:
        half.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    patience = time.monotonic() + 5
    left = "crmgraph_requests_total{'operation': 'query', 'status': 'none'}"
    while counted(client).get(left, 0) < 3 and time.monotonic() < patience:
        time.sleep(0.05)
    found = counted(client)
    assert {key: value for key, value in found.items() if "requests_total{'operation': 'query'" in key} == {left: 3}
    assert found["crmgraph_kills_total{'reason': 'left'}"] == 2


def test_more_questions_than_may_wait_are_told(client: httpx.Client, pool: Pool) -> None:
    assert pool.answer(Question("ASK {}"), 10)
    with ThreadPoolExecutor(10) as threads:
        slow = []
        for _ in range(2):
            slow.append(threads.submit(ask, client, RUNAWAY, "4"))
            time.sleep(0.4)
        found = counted(client)
        assert (found["crmgraph_processes_busy"], found["crmgraph_queue"]) == (2, 0)
        slow += [threads.submit(ask, client, RUNAWAY, "4") for _ in range(6)]
        time.sleep(0.1)
        assert client.get("/live").elapsed.total_seconds() < 1
        answers = [each.result() for each in slow]
    kinds = [answer.json()["type"].rpartition("/")[2] for answer in answers]
    refused = [answer for answer, kind in zip(answers, kinds, strict=True) if kind == "busy"]
    # One in the slow lane, one in the quick one, and two that wait.
    assert len(refused) == len(answers) - 4
    assert set(kinds) <= {"busy", "query-timeout", "unavailable"}
    for answer in refused:
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["access-control-allow-origin"] == "*"
    assert ask(client, "ASK {}").text == "true"
    assert counted(client)["crmgraph_refusals_total{'reason': 'queue'}"] == len(refused)


def test_quick_answers_need_no_place_and_nobody_waits_for_one(pool: Pool) -> None:
    endpoint = Endpoint(
        pool, "d", GRAPHS, {}, lambda *_: HTMLResponse("workbench"), seconds=20, places=CapacityLimiter(1)
    )
    app = Starlette(routes=protocol_routes(endpoint))
    add_problem_handlers(app)
    with client_of(Reception(app, Metrics(pool, lambda: "d"))) as client, ThreadPoolExecutor(1) as threads:
        slow = threads.submit(ask, client, RUNAWAY, "4")
        time.sleep(0.4)
        # As long as a process starts, a place is needed to wait for it.
        while ask(client, "ASK {}").text != "true" and not slow.done():
            time.sleep(0.1)
        began = time.monotonic()
        assert ask(client, "ASK {}").text == "true"
        for query, accept in (("ASK {}", "text/html"), (f"{RUNAWAY} #", "text/csv")):
            refused = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
            assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (503, "busy")
        assert time.monotonic() - began < 0.4
        assert slow.result().status_code == 503
        assert ask(client, "ASK {}").text == "true"


def test_all_addresses_are_described(client: httpx.Client) -> None:
    for path, described in OPERATIONS_PATHS.items():
        answer = client.get(path)
        content = described["get"]["responses"][str(answer.status_code)]["content"]
        assert answer.headers["content-type"].partition(";")[0] in content
