"""Where requests are taken: each is worked on a while in turn, and nothing that one of them does harms another."""

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from crmgraph.building import Manifest
from crmgraph.reconciliation import Desk, desk
from crmgraph.serving.app import Website, create_app, create_website
from crmgraph.settings import read_settings
from crmgraph.site import Site
from tests.hostile.crowd import BATCHES
from tests.support.clients import client_of

pytestmark = pytest.mark.drill

SMALL = {"q": {"query": "Guatemla", "limit": 1}}
LONG = {str(number): {"query": f"migración regional derechos {number} laboral"} for number in range(200)}
LONG_TOO = dict(list(BATCHES[0].items())[:20])


@pytest.fixture
def website(site: Site, build_folder: Path, manifest: Manifest) -> Iterator[Website]:
    website = create_website(read_settings(build=build_folder, queue=3), manifest, site.pool)
    yield website
    website.desk.close()


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
    # Four of a client are worked on, and three wait.
    assert busy
    assert len(busy) <= 30 - 4 - 3


def test_whoever_is_at_work_when_the_process_ends_is_answered_by_the_next(client: httpx.Client) -> None:
    expected = post(client, LONG_TOO).json()
    (pid,) = workers()
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(post, client, LONG_TOO) for _ in range(3)]
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        told = [each.result() for each in asked]
    assert [each.status_code for each in told] == [200] * 3
    assert all(each.json() == expected for each in told)
    assert workers()
    assert pid not in workers()


def test_a_request_that_ends_each_process_is_told_so(client: httpx.Client) -> None:
    post(client, SMALL)
    over = Event()

    def kill() -> None:
        while not over.wait(0.05):
            for pid in workers():
                os.kill(pid, signal.SIGKILL)

    with ThreadPoolExecutor() as threads:
        killing = threads.submit(kill)
        answer = post(client, BATCHES[0])
        over.set()
        killing.result()
    assert answer.status_code == 500
    assert post(client, SMALL).status_code == 200


def test_how_things_stand_can_be_looked_up(site: Site, build_folder: Path, manifest: Manifest) -> None:
    app = create_app(read_settings(build=build_folder, queue=20), manifest, site.pool)

    def counted(client: httpx.Client) -> dict[str, str]:
        lines = client.get("/metrics").text.splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    with client_of(app) as client:
        before = counted(client)
        assert (before["crmgraph_batches_busy"], before["crmgraph_batches_queue"]) == ("0.0", "0.0")
        post(client, SMALL)
        with ThreadPoolExecutor(7) as threads:
            asked = [threads.submit(post, client, LONG_TOO) for _ in range(7)]
            time.sleep(0.3)
            during = counted(client)
            for pid in workers():
                os.kill(pid, signal.SIGKILL)
            assert {each.result().status_code for each in asked} == {200}
        after = counted(client)
    assert (during["crmgraph_batches_busy"], during["crmgraph_batches_queue"]) == ("4.0", "3.0")
    assert (after["crmgraph_batches_busy"], after["crmgraph_batches_queue"]) == ("0.0", "0.0")
    killed = 'crmgraph_kills_total{reason="other"}'
    assert float(after[killed]) == float(before[killed]) + 1
    assert after['crmgraph_requests_total{operation="reconciliation",status="200"}'] == "8.0"


BOMB = [f"{number:06}" for number in range(90_000)]


@pytest.mark.parametrize(
    ("parameter", "bomb", "said"),
    [
        ("queries", {"q": {"type": BOMB}}, "q/type has more than 50"),
        ("queries", {"q": {"type": [1] * 300_000}}, "q/type has more than 50"),
        ("extend", {"ids": [], "properties": [1] * 300_000}, "properties has more than 10"),
        ("extend", {"ids": [1] * 300_000, "properties": []}, "ids has more than 200"),
    ],
)
def test_what_is_too_many_is_refused_before_it_is_work(
    client: httpx.Client, parameter: str, bomb: object, said: str
) -> None:
    post(client, SMALL)
    began = time.monotonic()
    body = f"{parameter}={json.dumps(bomb, separators=(',', ':'))}"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/en/reconcile", content=body, headers=form)
    assert (answer.status_code, said in answer.json()["detail"]) == (400, True)
    assert time.monotonic() - began < 1


def test_a_client_that_sends_much_waits_for_itself(
    site: Site, build_folder: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "_LONGEST", 1.0)
    website = create_website(read_settings(build=build_folder), manifest, site.pool)
    over = Event()
    # Another machine, as far as the server knows.
    transport = httpx.HTTPTransport(local_address="127.0.0.3")
    with closing(website.desk), client_of(website.app) as crowd, ThreadPoolExecutor(24) as threads:
        post(crowd, SMALL)

        def send() -> None:
            while not over.is_set():
                post(crowd, BATCHES[0])

        sending = [threads.submit(send) for _ in range(20)]
        times = []
        try:
            time.sleep(1)
            with httpx.Client(transport=transport, base_url=crowd.base_url, timeout=60) as other:
                for _ in range(5):
                    began = time.monotonic()
                    assert post(other, SMALL).status_code == 200
                    times.append(time.monotonic() - began)
        finally:
            over.set()
        for each in sending:
            each.result()
    assert max(times) < 4, times


def test_a_short_time_limit_is_not_for_starting(site: Site, build_folder: Path, manifest: Manifest) -> None:
    settings = read_settings(build=build_folder, timeout=0.5)
    website = create_website(settings, manifest, site.pool)
    with closing(website.desk), client_of(website.app) as client:
        assert post(client, SMALL).status_code == 200


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
        website.desk.close()
        assert asked.result().status_code == 503
    assert post(client, SMALL).json()["detail"].startswith("No more questions are answered")
    assert workers() == set()


def test_nothing_is_started_before_somebody_asks(site: Site) -> None:
    unused = Desk(site, 1)
    assert workers() == set()
    unused.close()
