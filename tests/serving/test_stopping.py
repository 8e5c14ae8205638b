"""`crmgraph serve` is stopped while it is at work: what can finish does, and everybody is told how it went."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from crmgraph.building import Manifest
from crmgraph.updating import digest_of
from tests.hostile.crowd import BATCHES
from tests.support.servers import crmgraph_command

pytestmark = pytest.mark.drill

JOINED = "GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?x ?y ?z }"
RUNAWAY = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
TOKEN = "a-token-that-nobody-guesses"
EX = "http://example.org/"

Told = tuple[int, str]


@contextmanager
def process_of(build: Path, *flags: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that may be written to, and its address; nothing may be on its standard error when it has stopped."""
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build), *flags]
    writers = json.dumps([{"name": "ana", "token": digest_of(TOKEN)}])
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Who names writers and no store is told so.
        env={**os.environ, **({"CRMGRAPH_WRITERS": writers} if "--store" in flags else {})},
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield process, process.stdout.readline().split()[3].rstrip("/")
        finally:
            process.terminate()
            said = process.stderr.read()
    assert said == ""


def send(address: str, **parameters: str) -> Told:
    """The status of the answer to a query or update, and what it says."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "text/csv", "Accept-Language": "en"}
    request = urllib.request.Request(f"{address}/sparql", urllib.parse.urlencode(parameters).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)["detail"]


def stopped_while(process: subprocess.Popen[str], address: str, after: float, **parameters: str) -> Told:
    """How a request went that had begun so many seconds before the server, with all its processes, was told to stop."""
    with ThreadPoolExecutor(1) as threads:
        told: Future[Told] = threads.submit(send, address, **parameters)
        time.sleep(after)
        assert not told.done()
        os.killpg(process.pid, signal.SIGTERM)
        return told.result()


def test_a_query_has_a_moment_to_finish(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with process_of(build_folder) as (process, address):
        query = f"SELECT (COUNT(*) AS ?n) {RUNAWAY}"
        status, said = stopped_while(process, address, 0.5, query=query, timeout="1.5")
        assert status == 503
        assert "longer than 1.5 s" in said
        began = time.monotonic()
        assert process.wait(10) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < 1.5


def test_batches_of_names_are_told(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with process_of(build_folder) as (process, address), ThreadPoolExecutor(30) as threads:
        form = urllib.parse.urlencode({"queries": json.dumps(BATCHES[0])}).encode()

        def ask() -> Told:
            try:
                with urllib.request.urlopen(f"{address}/reconcile", form, timeout=60) as answer:
                    return answer.status, ""
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, json.load(error)["detail"]

        told = [threads.submit(ask) for _ in range(30)]
        time.sleep(2)
        began = time.monotonic()
        process.terminate()
        assert {each.result()[0] for each in told} == {503}
        assert any("being stopped" in each.result()[1] for each in told)
        assert process.wait(10) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < 6


@pytest.mark.parametrize("path", ["sparql", "reconcile"])
def test_a_second_break_from_the_keyboard_tells_those_who_wait_at_once(
    build_folder: Path, manifest: Manifest, path: str
) -> None:
    assert manifest.graphs
    forms = {
        "sparql": {"query": f"SELECT (COUNT(*) AS ?n) {RUNAWAY}"},
        "reconcile": {"queries": json.dumps(BATCHES[0])},
    }
    with process_of(build_folder) as (process, address), ThreadPoolExecutor() as threads:
        url, headers = f"{address}/{path}", {"Accept": "application/json"}
        asked = [threads.submit(httpx.post, url, data=forms[path], headers=headers, timeout=60) for _ in range(3)]
        time.sleep(1.5)
        began = time.monotonic()
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
        told = [each.result() for each in asked]
        assert {each.status_code for each in told} == {503}
        assert all("being stopped" in each.json()["detail"] for each in told)
        process.wait(10)
        assert time.monotonic() - began < 2.9


def test_while_it_drains_it_answers_but_is_not_ready(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with (
        process_of(build_folder, "--drain", "2") as (process, address),
        httpx.Client(trust_env=False, timeout=60) as client,
    ):
        ready = {"ready": True, "dataset": manifest.dataset}
        kept = client.get(f"{address}/ready")
        assert (kept.status_code, kept.json()) == (200, ready)
        assert "connection" not in kept.headers
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        # On the connection that is there already, and on a new one.
        for _ in range(2):
            told = client.get(f"{address}/ready")
            assert (told.status_code, told.json()) == (503, {**ready, "ready": False})
            assert told.headers["connection"] == "close"
        assert send(address, query="ASK {}") == (200, "true")
        assert process.wait(10) in (0, -signal.SIGTERM)
        assert 2 <= time.monotonic() - began < 3.5


def test_a_second_break_from_the_keyboard_ends_the_draining(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with process_of(build_folder, "--drain", "60") as (process, address):
        for _ in range(2):
            assert send(address, query="ASK {}") == (200, "true")
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
        assert process.wait(10) in (0, -signal.SIGINT, 130)


def test_without_anything_to_do_it_stops_at_once(build_folder: Path, manifest: Manifest) -> None:
    assert manifest.graphs
    with process_of(build_folder) as (process, address):
        assert send(address, query="ASK {}") == (200, "true")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) in (0, -signal.SIGTERM)
        assert time.monotonic() - began < 1.5


def test_an_update_finishes_and_is_there_afterwards(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert manifest.graphs
    store = ("--store", str(tmp_path / "store"))
    with process_of(build_folder, *store) as (process, address):
        update = f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}s> <{EX}p> 1 }} }}"
        assert stopped_while(process, address, 0.02, update=update) == (204, "")
        process.wait(10)
    with process_of(build_folder, *store) as (_, address):
        assert send(address, query=f"ASK {{ GRAPH <{EX}g> {{ ?s ?p 1 }} }}") == (200, "true")


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT])
def test_updates_that_take_too_long_are_told_that_nothing_was_changed(
    build_folder: Path, manifest: Manifest, tmp_path: Path, ended_by: signal.Signals
) -> None:
    assert manifest.graphs
    store = ("--store", str(tmp_path / "store"))
    with process_of(build_folder, *store) as (process, address), ThreadPoolExecutor(3) as threads:
        slow = f"INSERT {{ <{EX}s> <{EX}p> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {JOINED} }} }}"
        told = [threads.submit(send, address, update=slow) for _ in range(3)]
        time.sleep(1)
        assert not any(each.done() for each in told)
        process.send_signal(ended_by)
        for each in told:
            status, said = each.result()
            assert status == 503
            assert "being stopped. Nothing was changed" in said
        process.wait(10)
    with process_of(build_folder, *store) as (_, address):
        assert send(address, query=f"ASK {{ <{EX}s> ?p ?o }}") == (200, "false")
        assert send(address, update=f"INSERT DATA {{ <{EX}s> <{EX}p> 2 }}") == (204, "")
        assert send(address, query=f"ASK {{ <{EX}s> ?p 2 }}") == (200, "true")
