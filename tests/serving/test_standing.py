"""How the service stands, as its page and its data tell."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from crmgraph.building import Manifest
from crmgraph.errors import UnavailableError
from crmgraph.http.draining import drain
from crmgraph.http.health import looking
from crmgraph.http.metrics import Metrics
from crmgraph.serving.website import create_website
from crmgraph.settings import read_settings
from crmgraph.sparql import Pool
from crmgraph.storing import STORE
from tests.support.clients import client_of
from tests.support.pages import read_page, text


@pytest.fixture(scope="module")
def pool(build_folder: Path, manifest: Manifest) -> Iterator[Pool]:
    with Pool(manifest.folder(build_folder) / STORE, memory_bytes=2**30) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest, pool: Pool) -> Iterator[httpx.Client]:
    settings = read_settings(build=build_folder, timeout=7, rate=3)
    website = create_website(settings, manifest, pool)
    with client_of(website.app, accept="text/html") as client:
        yield client
    website.desk.close()


def test_the_page_says_which_data_it_has_and_the_limits_that_hold(client: httpx.Client, manifest: Manifest) -> None:
    said = text(read_page(client.get("/en/status").text))
    assert "Operational" in said
    assert manifest.dataset in said
    assert "7 seconds" in said
    assert "3 a second on average, and 60 at once" in said
    assert "1,000; a download has them all" in said


def test_the_same_as_data(client: httpx.Client, manifest: Manifest, build_folder: Path) -> None:
    answer = client.get("/status", headers={"accept": "application/json"})
    assert answer.headers["cache-control"] == "no-store"
    document = answer.json()
    assert (document["ready"], document["dataset"], document["takes_writes"]) == (True, manifest.dataset, False)
    assert document["limits"]["seconds"] == 7.0
    assert datetime.fromisoformat(document["built"]) <= datetime.fromisoformat(document["since"])
    assert str(build_folder) not in answer.text
    assert client.get("/es/status.json").json()["dataset"] == manifest.dataset
    assert client.get("/status.xml").status_code == 404
    assert client.get("/status?x=1").status_code == 400


def test_a_server_that_stops_or_does_not_answer_says_so(
    build_folder: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = looking(read_settings(build=build_folder), pool, Metrics(pool, lambda: "d"), lambda: "d", takes_writes=True)
    state: dict[str, object] = {}
    assert look(state).ready
    drain(state)
    assert not look(state).ready

    def gone(*_: object) -> None:
        raise UnavailableError("gone")

    monkeypatch.setattr(pool, "answer", gone)
    assert not look({}).ready
    assert look({}).takes_writes


def test_when_it_was_built_is_not_known_where_there_is_nothing(pool: Pool, tmp_path: Path) -> None:
    look = looking(read_settings(build=tmp_path), pool, Metrics(pool, lambda: "d"), lambda: "d", takes_writes=False)
    assert look({}).built == ""
