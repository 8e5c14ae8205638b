"""`crmgraph serve` as a process: its answers, trusted proxies, the access log, and how it stops."""

import csv
import gzip
import http.client
import io
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from crmgraph.building.manifest import MANIFEST, Manifest
from crmgraph.errors import UsageError
from crmgraph.serving import server
from crmgraph.store.changes import token_digest
from tests.support.processes import children, is_running
from tests.support.servers import BEARER, TOKEN, crmgraph_command
from tests.support.waiting import wait_for

EX = "http://example.org/"
COUNT = (
    "PREFIX cg: <https://w3id.org/crmgraph/ontology#> SELECT (COUNT(*) AS ?n) "
    "{ ?x a cg:Objective ; cg:within <https://w3id.org/crmgraph/id/plan/crm> }"
)
ALL = "SELECT * { ?s ?p ?o }"
PAIRS = "SELECT * { ?s ?p ?o . ?a a ?b }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
JOINED = "GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?x ?y ?z }"
SLOW = f"INSERT {{ <{EX}s> <{EX}p> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {JOINED} }} }}"
CSV = {"Accept": "text/csv", "Accept-Language": "en"}
ENDED = (0, -signal.SIGTERM, -signal.SIGINT, 130)


class Served:
    """A running server with a client of it; `stderr_lines` has its standard error after it has ended."""

    def __init__(self, process: subprocess.Popen[str], client: httpx.Client) -> None:
        self.process = process
        self.client = client
        self.stderr_lines: list[str] = []

    @property
    def port(self) -> int:
        return self.client.base_url.port or 80

    def ask(self, query: str, **parameters: str) -> httpx.Response:
        return self.client.get("/sparql", params={"query": query, **parameters})

    def update(self, update: str) -> httpx.Response:
        return self.client.post("/sparql", data={"update": update}, headers=BEARER)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def metric(self, name: str) -> float:
        lines = self.client.get("/metrics").text.splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


@contextmanager
def served(build: Path, *flags: str) -> Iterator[Served]:
    """Run a server with these flags; with `--store` among them, the test may write to it."""
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build), *flags]
    writers = json.dumps([{"name": "ana", "token": token_digest(TOKEN)}])
    # Without a store, the server would reject the setting.
    environment = {**os.environ, **({"CRMGRAPH_WRITERS": writers} if "--store" in flags else {})}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("crmgraph is at http://127.0.0.1:"), line
            with httpx.Client(base_url=line.split()[3], headers=CSV, trust_env=False, timeout=300) as client:
                running = Served(process, client)
                yield running
        finally:
            process.terminate()
            said = process.stderr.read().splitlines()
    running.stderr_lines += said


@pytest.fixture(scope="module")
def shared(build_folder: Path) -> Iterator[Served]:
    with served(build_folder, "--timeout", "300") as running:
        yield running
    assert running.stderr_lines == []


# What it answers


def test_large_answers_are_sent_in_parts_and_whole(shared: Served) -> None:
    answer = shared.client.get("/sparql", params={"query": ALL}, headers={"Accept-Encoding": "identity"})
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    count = shared.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(list(csv.reader(io.StringIO(answer.text)))) == int(count.text.split()[1]) + 1
    with shared.client.stream("GET", "/sparql", params={"query": ALL}, headers={"Accept-Encoding": "gzip"}) as zipped:
        assert zipped.headers["Content-Encoding"] == "gzip"
        whole = gzip.decompress(b"".join(zipped.iter_raw()))
    assert sorted(whole.splitlines()) == sorted(answer.content.splitlines())
    for given in (answer.headers["ETag"], "*"):
        again = shared.client.get("/sparql", params={"query": ALL}, headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
    with shared.connect() as line:
        line.sendall(f"GET /sparql?query={quote(ALL)} HTTP/1.0\r\n\r\n".encode())
        old = http.client.HTTPResponse(line)
        old.begin()
        assert len(old.read()) == int(old.headers["Content-Length"]) > 2**20


def test_an_answer_is_whole_or_an_error(shared: Served) -> None:
    assert shared.ask(f"{PAIRS} ORDER BY ?o", timeout="1").status_code in (422, 503)
    assert shared.ask(PAIRS, timeout="1").status_code == 503
    assert shared.ask("ASK {}").text == "true"


def test_a_large_answer_takes_no_memory_of_the_server(shared: Served) -> None:
    """The first attempts may fail, while the server is still loading the site."""
    for _ in range(4):
        before = shared.metric("process_resident_memory_bytes")
        asked = {"query": f"{PAIRS} LIMIT 250000"}
        with shared.client.stream("GET", "/sparql", params=asked, headers={"Accept-Encoding": "identity"}) as answer:
            assert sum(map(len, answer.iter_raw())) > 2**24
        grown = shared.metric("process_resident_memory_bytes") - before
        if grown < 2**24:
            break
    assert grown < 2**24


# Trusted proxies, and the access log


def clients(running: Served, *forwarded: str) -> None:
    """Send a request with each value of X-Forwarded-For."""
    for each in forwarded:
        running.client.get("/sparql", params={"query": "ASK {}"}, headers={"X-Forwarded-For": each})


def test_clients_behind_a_trusted_proxy_are_told_apart(build_folder: Path) -> None:
    with served(build_folder, "--log", "json", "--proxies", "127.0.0.1, 10.0.0.0/8") as running:
        # What the client itself wrote in the header comes before the address that the proxy adds.
        clients(running, "203.0.113.2", "203.0.113.9, 203.0.113.1", "203.0.113.1, 10.1.2.3")
    lines = [json.loads(line)["client"] for line in running.stderr_lines]
    assert lines == ["203.0.113.2", "203.0.113.1", "203.0.113.1"]


def test_other_clients_are_not_believed_and_each_request_is_logged(build_folder: Path) -> None:
    with served(build_folder, "--proxies", "192.0.2.1", "--log", "json", "--root-path", "/crm") as running:
        answer = running.client.get("/sparql", params={"query": "ASK {}"}, headers={"X-Request-ID": "abc"})
        assert answer.headers["x-request-id"] == "abc"
        page = running.client.get("/en/plan", headers={"Accept": "text/html"})
        # Links contain the path prefix, but the server itself is not below it.
        assert 'href="/crm/en/id/plan/crm/pgm/7.1.1"' in page.text
        assert 'href="/en/' not in page.text
        refused = running.ask("nonsense")
        clients(running, "203.0.113.1")
        for sent in (
            b"nonsense\r\n\r\n",
            b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
        ):
            with running.connect() as line:
                line.sendall(sent)
                assert sent.startswith(b"POST") or line.recv(1000).startswith(b"HTTP/1.1 ")
        wait_for(lambda: running.client.get("/live").status_code == 200)
    lines = [json.loads(line) for line in running.stderr_lines]
    assert [(line["path"], line["status"], line["operation"]) for line in lines[:3]] == [
        ("/sparql", 200, "query"),
        ("/en/plan", 200, "page"),
        ("/sparql", 400, "query"),
    ]
    assert [line["request"] for line in lines[:3]] == ["abc", page.headers["x-request-id"], refused.json()["request"]]
    assert (lines[0]["bytes"], lines[0]["query"]) == (4, "ASK {}")
    assert lines[2]["problem"] == "query-syntax"
    assert {line["client"] for line in lines} == {"127.0.0.1"}


def test_an_address_that_cannot_be_had() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="name another with --host and --port"):
            server._listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(UsageError, match="cannot serve at no such host"):
        server._listen("no such host", 0)


# Stopping


def test_killed_and_started_again_without_building(build_folder: Path) -> None:
    before = (build_folder / MANIFEST).stat().st_mtime_ns
    with served(build_folder) as running:
        assert running.ask(COUNT).text.split() == ["n", "20"]
        workers = children(running.process.pid)
        assert workers
        running.process.kill()
        running.process.wait(60)
        wait_for(lambda: not any(map(is_running, workers)))
    with served(build_folder) as running:
        assert running.ask(COUNT).text.split() == ["n", "20"]
        assert (build_folder / MANIFEST).stat().st_mtime_ns == before
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(60) in ENDED
    assert running.stderr_lines == []


def answer_during_stop(running: Served, *signals: signal.Signals) -> httpx.Response:
    """Send the server these signals while a runaway query runs, and return the response to the query."""
    with ThreadPoolExecutor(1) as threads, running.connect() as sending:
        asked = threads.submit(running.ask, RUNAWAY)
        sending.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        wait_for(lambda: running.metric("crmgraph_processes_busy") > 0)
        with pytest.raises(httpx.ReadTimeout):
            running.client.get("/sparql", params={"query": f"{RUNAWAY} # left"}, timeout=0.5)
        workers = children(running.process.pid)
        assert workers
        for each in signals:
            running.process.send_signal(each)
            time.sleep(0.3)
        answer = asked.result()
        assert running.process.wait(60) in ENDED
    wait_for(lambda: not any(map(is_running, workers)))
    return answer


@pytest.mark.parametrize(
    "signals",
    [
        [signal.SIGTERM],
        pytest.param([signal.SIGINT], marks=pytest.mark.drill),
    ],
)
def test_a_runaway_query_does_not_keep_it_from_stopping(build_folder: Path, signals: list[signal.Signals]) -> None:
    with served(build_folder, "--timeout", "100") as running:
        answer = answer_during_stop(running, *signals)
    assert (answer.status_code, "being stopped" in answer.json()["detail"]) == (503, True)
    assert running.stderr_lines == []


def test_while_it_drains_it_answers_but_is_not_ready(build_folder: Path, manifest: Manifest) -> None:
    with served(build_folder, "--drain", "300") as running:
        ready = {"ready": True, "dataset": manifest.dataset}
        wait_for(lambda: running.client.get("/ready").status_code == 200)
        before = running.client.get("/ready")
        assert (before.status_code, before.json(), "connection" in before.headers) == (200, ready, False)
        running.process.send_signal(signal.SIGINT)
        wait_for(lambda: running.client.get("/ready").status_code == 503)
        draining = running.client.get("/ready")
        assert (draining.json(), draining.headers["connection"]) == ({**ready, "ready": False}, "close")
        assert running.ask("ASK {}").text == "true"
        # A second Ctrl-C ends the draining.
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(60) in ENDED
    assert running.stderr_lines == []


@pytest.mark.parametrize("is_busy", [True, pytest.param(False, marks=pytest.mark.drill)])
def test_updates_finish_or_are_told_that_nothing_was_changed(build_folder: Path, tmp_path: Path, is_busy: bool) -> None:
    """On a busy machine a client may be cut off before it is told, which is a second after it should have been."""
    store = ("--store", str(tmp_path / "store"), "--timeout", "100")
    with served(build_folder, *store) as running, ThreadPoolExecutor(2) as threads:
        assert running.update(f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}s> <{EX}q> 1 }} }}").status_code == 204
        slow = [threads.submit(running.update, SLOW) for _ in range(2)]
        time.sleep(1)
        assert not any(each.done() for each in slow)
        running.process.send_signal(signal.SIGTERM)
        for each in slow:
            with suppress(*(httpx.RemoteProtocolError,) * is_busy):
                answer = each.result()
                assert answer.status_code == 503
                assert "being stopped. Nothing was changed" in answer.json()["detail"]
        assert running.process.wait(60) in ENDED
    assert running.stderr_lines == []
    with served(build_folder, *store) as running:
        assert running.ask(f"SELECT ?o {{ <{EX}s> ?p ?o }}").text.split() == ["o", "1"]
        assert running.update(f"INSERT DATA {{ <{EX}s> <{EX}p> 2 }}").status_code == 204
        assert running.ask(f"ASK {{ <{EX}s> ?p 2 }}").text == "true"


@pytest.mark.drill
def test_what_takes_a_moment_finishes(build_folder: Path, tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "store"))
    with served(build_folder, *store) as running, ThreadPoolExecutor(2) as threads:
        asked = threads.submit(running.ask, RUNAWAY, timeout="1.5")
        time.sleep(0.5)
        told = threads.submit(running.update, f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}s> <{EX}p> 1 }} }}")
        time.sleep(0.02)
        os.killpg(running.process.pid, signal.SIGTERM)
        assert told.result().status_code == 204
        assert "longer than 1.5 s" in asked.result().json()["detail"]
    with served(build_folder, *store) as running:
        assert running.ask(f"ASK {{ GRAPH <{EX}g> {{ ?s ?p 1 }} }}").text == "true"
