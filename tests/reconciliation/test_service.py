"""Batches of names are worked on in turn in a process of their own, and none of them harms another."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from crmgraph.building.manifest import Manifest
from crmgraph.reconciliation import service
from crmgraph.serving.server import Application
from crmgraph.serving.website import Website
from crmgraph.settings import read_settings
from crmgraph.site import Site
from tests.hostile.crowd import BATCHES
from tests.support.clients import client_of
from tests.support.processes import is_running, seconds_worked
from tests.support.waiting import wait_for

SMALL = {"q": {"query": "Guatemla", "limit": 1}}
LONG = dict(list(BATCHES[0].items())[:4])


@pytest.fixture(scope="module")
def app(site: Site, build_folder: Path, manifest: Manifest) -> Application:
    return Application(read_settings(build=build_folder, queue=3, timeout=120), manifest, site.pool)


@pytest.fixture(scope="module")
def client(app: Application) -> Iterator[httpx.Client]:
    with client_of(app, Accept="application/json") as client:
        yield client


@pytest.fixture
def website(app: Application, client: httpx.Client) -> Website:
    """The website, whose names are matched by a process that is_running."""
    wait_for(lambda: post(client, SMALL).status_code == 200)
    assert app.website is not None
    return app.website


def post(client: httpx.Client, batch: object, language: str = "en") -> httpx.Response:
    return client.post(f"/{language}/reconcile", data={"queries": json.dumps(batch)}, timeout=300)


def pid_of(website: Website) -> int:
    """The process that matches names for the website, which is_running."""
    pid = website.reconciliation.pid
    assert pid is not None
    assert is_running(pid)
    return pid


@pytest.mark.usefixtures("website")
def test_a_small_batch_does_not_wait_for_a_long_one(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_CPU_LIMIT", 2.0)
    ended: list[str] = []

    def ask(name: str, batch: Any) -> int:
        status = post(client, batch).status_code
        ended.append(name)
        return status

    with ThreadPoolExecutor() as threads:
        long = threads.submit(ask, "long", BATCHES[0])
        time.sleep(0.3)
        assert ask("small", SMALL) == 200
        assert ended == ["small"]
        assert long.result() in (200, 503)


def test_a_batch_has_an_end(website: Website, client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_CPU_LIMIT", 0.3)
    form = {"queries": json.dumps(BATCHES[0])}
    answer = client.post("/es/reconcile", data=form, headers={"Accept-Language": "es"}, timeout=60)
    assert answer.status_code == 503
    assert "El lote no estaba listo a los 0.3 s" in answer.json()["detail"]
    # Only that batch has ended.
    pid = pid_of(website)
    assert post(client, SMALL).json()["q"]["result"][0]["name"] == "Guatemala"
    assert pid_of(website) == pid


def test_no_more_wait_than_may(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_CPU_LIMIT", 0.2)
    with ThreadPoolExecutor(30) as threads:
        told = list(threads.map(lambda _: post(client, BATCHES[0]), range(30)))
    busy = [each for each in told if each.json()["type"].endswith("/busy")]
    # Four of a client are worked on, and three wait.
    assert 0 < len(busy) <= 30 - 4 - 3


def test_calls_at_work_when_the_process_ends_are_answered_by_the_next(website: Website, client: httpx.Client) -> None:
    expected = post(client, LONG).json()
    pid = pid_of(website)
    before = seconds_worked(pid)
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(post, client, LONG) for _ in range(2)]
        wait_for(lambda: seconds_worked(pid) > before)
        os.kill(pid, signal.SIGKILL)
        told = [each.result() for each in asked]
    assert [each.status_code for each in told] == [200] * 2
    assert all(each.json() == expected for each in told)
    assert pid_of(website) != pid


def test_metrics_of_batches(website: Website, client: httpx.Client) -> None:
    def counted(name: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return next(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f"crmgraph_{name} "))

    def at_work() -> tuple[float, float]:
        return counted("batches_busy"), counted("batches_queue")

    answered, killed = 'requests_total{operation="reconciliation",status="200"}', 'kills_total{reason="other"}'
    before = counted(answered), counted(killed)
    assert at_work() == (0, 0)
    pid = pid_of(website)
    # Nothing ends meanwhile, and the process is at work when it is killed.
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(post, client, LONG) for _ in range(6)]
        wait_for(lambda: at_work() == (4, 2))
        os.kill(pid, signal.SIGKILL)
        assert {each.result().status_code for each in asked} == {200}
    # A request is counted when its answer has been sent.
    wait_for(lambda: (counted(answered), counted(killed)) == (before[0] + 6, before[1] + 1))
    assert at_work() == (0, 0)


def test_what_is_too_many_is_refused_before_it_is_work(website: Website, client: httpx.Client) -> None:
    pid = pid_of(website)
    before = seconds_worked(pid)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for parameter, bomb, said in (
        ("queries", {"q": {"type": [f"{number:06}" for number in range(90_000)]}}, "q/type has more than 50"),
        ("extend", {"ids": [], "properties": [1] * 300_000}, "properties has more than 10"),
        ("extend", {"ids": [1] * 300_000, "properties": []}, "ids has more than 200"),
    ):
        body = f"{parameter}={json.dumps(bomb, separators=(',', ':'))}"
        answer = client.post("/en/reconcile", content=body, headers=form)
        assert (answer.status_code, said in answer.json()["detail"]) == (400, True)
    assert seconds_worked(pid) - before < 1


@pytest.mark.usefixtures("website")
def test_a_client_that_sends_much_waits_for_itself(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six requests of one client are at work or in the line; another client's are answered before them."""
    monkeypatch.setattr(service, "_CPU_LIMIT", 0.5)
    # Another machine, as far as the server knows.
    transport = httpx.HTTPTransport(local_address="127.0.0.3")
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(post, client, BATCHES[0]) for _ in range(6)]
        time.sleep(0.5)
        with httpx.Client(transport=transport, base_url=client.base_url, timeout=60) as other:
            for _ in range(3):
                assert post(other, SMALL).status_code == 200
        assert not all(each.done() for each in asked)
        for each in asked:
            each.result()


def test_what_nobody_waits_for_is_not_worked_on(website: Website, client: httpx.Client) -> None:
    pid = pid_of(website)
    with pytest.raises(httpx.ReadTimeout):
        client.post("/reconcile", data={"queries": json.dumps(BATCHES[0])}, timeout=0.3)

    def is_idle() -> bool:
        before = seconds_worked(pid)
        time.sleep(0.3)
        return seconds_worked(pid) == before

    before = seconds_worked(pid)
    wait_for(is_idle)
    assert seconds_worked(pid) - before < 2.5, "a batch that is not given up goes on for five seconds"


def test_a_closed_service_says_so(website: Website, client: httpx.Client) -> None:
    """The last test: the service matches no names afterwards."""
    pid = pid_of(website)
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(post, client, BATCHES[0])
        time.sleep(0.3)
        website.reconciliation.close()
        assert asked.result().status_code == 503
    assert post(client, SMALL).json()["detail"].startswith("No more questions are answered")
    assert not is_running(pid)
