"""Where requests are taken: each is worked on a while in turn, and nothing that one of them does harms another."""

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

from crmgraph.building import Manifest
from crmgraph.serving.pages import Site
from crmgraph.serving.reconciliation import Desk, desk
from crmgraph.serving.website import Website, create_website
from crmgraph.settings import read_settings
from tests.hostile.crowd import BATCHES
from tests.support.clients import client_of

SMALL = {"q": {"query": "Guatemla", "limit": 1}}
LONG = {str(number): {"query": f"migración regional derechos {number} laboral"} for number in range(200)}
LONG_TOO = dict(list(BATCHES[0].items())[:20])


@pytest.fixture
def website(site: Site, build_folder: Path, manifest: Manifest) -> Iterator[Website]:
    website = create_website(read_settings(build=build_folder, queue=3), manifest, site.pool)
    yield website
    website.close()


@pytest.fixture
def client(website: Website) -> Iterator[httpx.Client]:
    with client_of(website.app, Accept="application/json") as client:
        yield client


def post(client: httpx.Client, batch: object, language: str = "en") -> httpx.Response:
    return client.post(f"/{language}/reconcile", data={"queries": json.dumps(batch)}, timeout=60)


def workers() -> set[int]:
    """The processes that work on names for this one."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text(encoding="ascii", errors="replace")
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if f"PPid:\t{os.getpid()}\n" in text and b"reconciliation.worker" in command and "State:\tZ" not in text:
            found.add(int(status.parent.name))
    return found


def test_a_small_batch_does_not_wait_for_a_long_one(client: httpx.Client) -> None:
    assert post(client, SMALL).status_code == 200
    ended: list[str] = []

    def ask(name: str, batch: Any) -> int:
        status = post(client, batch).status_code
        ended.append(name)
        return status

    with ThreadPoolExecutor() as threads:
        long = [threads.submit(ask, "long", BATCHES[0]) for _ in range(2)]
        time.sleep(0.5)
        assert ask("small", SMALL) == 200
        assert ended == ["small"]
        assert {each.result() for each in long} <= {200, 503}


def test_a_batch_has_an_end(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_LONGEST", 0.3)
    answer = client.post(
        "/es/reconcile", data={"queries": json.dumps(BATCHES[0])}, headers={"Accept-Language": "es"}, timeout=60
    )
    assert answer.status_code == 503
    assert "El lote no estaba listo a los 5 s" in answer.json()["detail"]
    # Only that batch has ended.
    pids = workers()
    assert post(client, SMALL).json()["q"]["result"][0]["name"] == "Guatemala"
    assert workers() == pids


def test_no_more_wait_than_may(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_LONGEST", 0.2)
    with ThreadPoolExecutor(30) as threads:
        asked = [threads.submit(post, client, BATCHES[0]) for _ in range(30)]
        told = [each.result() for each in asked]
    busy = [each.json()["type"] for each in told if each.json()["type"].endswith("/busy")]
    assert busy
    assert len(busy) <= 30 - 16 - 3


def test_whoever_is_at_work_when_the_process_ends_is_answered_by_the_next(client: httpx.Client) -> None:
    expected = post(client, LONG_TOO).json()
    (pid,) = workers()
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(post, client, LONG_TOO) for _ in range(3)]
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        told = [each.result() for each in asked]
    # Who had the process work for it just then is told so.
    assert sorted(each.status_code for each in told)[:2] == [200, 200]
    assert all(each.json() == expected for each in told if each.status_code == 200)
    assert {each.json()["title"] for each in told if each.status_code != 200} <= {"The engine gave up on the query"}
    assert workers()
    assert pid not in workers()


def test_what_nobody_waits_for_is_not_worked_on(client: httpx.Client) -> None:
    post(client, SMALL)
    (pid,) = workers()

    def worked() -> float:
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[13:15])) / 100

    with pytest.raises(httpx.ReadTimeout):
        client.post("/reconcile", data={"queries": json.dumps(BATCHES[0])}, timeout=0.3)
    time.sleep(0.5)
    before = worked()
    time.sleep(0.5)
    assert worked() - before < 0.1


def test_long_answers_are_whole(client: httpx.Client) -> None:
    told = post(client, LONG, "es").json()
    assert list(told) == list(LONG)
    assert all(len(each["result"]) <= 10 for each in told.values())
    assert sum(len(each["result"]) for each in told.values()) > 1000


def test_a_desk_that_is_closed_says_so(website: Website, client: httpx.Client) -> None:
    post(client, SMALL)
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(post, client, BATCHES[0])
        time.sleep(0.3)
        website.close()
        assert asked.result().status_code == 503
    assert post(client, SMALL).json()["detail"].startswith("No more questions are answered")
    assert workers() == set()


def test_nothing_is_started_before_somebody_asks(site: Site) -> None:
    unused = Desk(site, 1)
    assert workers() == set()
    unused.close()
