"""A copy stands in for an endpoint that does not answer, for the whole clause, and the answer says so."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from pyoxigraph import DefaultGraph, RdfFormat

from crmgraph.building import Manifest
from crmgraph.errors import LimitError, QueryRefusedError, QueryTimeoutError, RemoteError, UnavailableError, UsageError
from crmgraph.federating import Allowed, Federated, Fetcher, Snapshots
from crmgraph.federating.snapshots import EVERYTHING, take
from crmgraph.sparql import Pool, Question
from crmgraph.sparql.limit import Limit
from crmgraph.sparql.question import Snapshot
from tests.federating.conftest import THERE, Remote
from tests.federating.test_federated import QUERIES, rows
from tests.support.pages import read_page
from tests.support.servers import crmgraph_command, running_server
from tests.support.stores import EX, build_store

PREFIX = f"PREFIX : <{EX}> "
NOON = "2026-11-27T12:00:00Z"


def taken(remote: Remote, folder: Path, query: str = EVERYTHING, when: str = NOON) -> None:
    """Take a copy of what the endpoint has."""
    remote.body = remote.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
    remote.headers = {"Content-Type": "application/n-triples"}
    with closing(Fetcher(Allowed([remote.url]))) as fetcher:
        take(folder, remote.url, query, fetcher, Limit(20), when)
    remote.body, remote.headers = None, {}


@pytest.fixture
def folder(remote: Remote, tmp_path: Path) -> Path:
    taken(remote, tmp_path / "snapshots")
    return tmp_path / "snapshots"


@pytest.fixture
def engine(remote: Remote, folder: Path, tmp_path: Path) -> Iterator[Federated]:
    with Pool(build_store(tmp_path / "store"), memory_bytes=2**28) as pool:
        federated = Federated(pool, Fetcher(Allowed([remote.url, "http://127.0.0.1:9/"])), Snapshots(folder))
        yield federated
        federated.close()


@pytest.mark.parametrize("query", QUERIES)
def test_the_copy_answers_as_the_endpoint_did(engine: Federated, remote: Remote, query: str) -> None:
    text = PREFIX + query.replace("THERE", remote.url)
    expected = rows(engine, text)
    asked = len(remote.queries)
    remote.status = 503
    assert rows(engine, text) == expected
    assert len(remote.queries) > asked or not expected


def test_the_answer_says_of_when_the_copy_is(engine: Federated, remote: Remote) -> None:
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :bob :height ?h }} }}"
    assert engine.answer(Question(text), 20).snapshots == ()
    remote.status = 500
    answer = engine.answer(Question(text), 20)
    assert answer.snapshots == (Snapshot(remote.url, NOON, is_whole=True),)
    assert not answer.lasting


@pytest.mark.parametrize("status", [500, 502, 503, 504, 404, 429])
def test_an_endpoint_that_fails_is_stood_in_for(engine: Federated, remote: Remote, status: int) -> None:
    remote.status = status
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :bob :height ?h }} }}"
    assert len(rows(engine, text)) == 1


def test_an_endpoint_that_says_that_the_query_is_wrong_is_believed(engine: Federated, remote: Remote) -> None:
    remote.status = 400
    with pytest.raises(RemoteError):
        rows(engine, f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :bob :height ?h }} }}")


def test_an_endpoint_that_is_slow_has_half_of_the_time(engine: Federated, remote: Remote) -> None:
    remote.held.clear()
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :bob :height ?h }} }}"
    answer = engine.answer(Question(text), 3)
    assert answer.snapshots
    remote.held.set()
    assert not engine.answer(Question(text), 3).snapshots


def test_there_is_an_end_all_the_same(engine: Federated, remote: Remote) -> None:
    remote.status = 503
    product = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(12))
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ SELECT (COUNT(*) AS ?n) {{ {product} }} }} }}"
    with pytest.raises(QueryTimeoutError):
        engine.answer(Question(text), 2)


def test_a_clause_is_answered_by_one_of_the_two(engine: Federated, remote: Remote) -> None:
    """What the endpoint said before it broke off is forgotten, for it may have changed since the copy."""
    remote.store.update(f"{PREFIX} INSERT DATA {{ :bob :likes :news }}")
    text = f"{PREFIX} SELECT ?w {{ SERVICE <{remote.url}> {{ :bob :likes ?w }} }}"
    assert len(rows(engine, text)) == 2
    remote.status = 503
    assert rows(engine, text) == [{"w": json.dumps({"type": "uri", "value": f"{EX}maté"}, sort_keys=True)}]


def test_a_copy_has_no_graphs(engine: Federated, remote: Remote) -> None:
    remote.status = 503
    with pytest.raises(RemoteError):
        rows(engine, f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ GRAPH ?g {{ :bob :height ?h }} }} }}")


def test_of_others_there_is_no_copy(engine: Federated, remote: Remote) -> None:
    with pytest.raises(UnavailableError):
        rows(engine, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises(QueryRefusedError):
        rows(engine, "SELECT * { SERVICE <http://127.0.0.1:8/> { ?s ?p ?o } }")
    assert remote.queries == [f"{EVERYTHING}"]


def test_a_later_copy_takes_the_place_of_the_last(engine: Federated, remote: Remote, folder: Path) -> None:
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :bob :likes ?w }} }}"
    for number in range(3):
        remote.status = 503
        assert len(rows(engine, text)) == number + 1
        remote.status = 200
        remote.store.update(f"{PREFIX} INSERT DATA {{ :bob :likes :new{number} }}")
        taken(remote, folder, "CONSTRUCT WHERE { ?s ?p ?o }", f"2026-11-28T00:00:0{number}Z")
    assert len(list(folder.glob("*/store-*"))) == 2
    remote.status = 503
    answer = engine.answer(Question(text), 20)
    assert answer.snapshots == (Snapshot(remote.url, "2026-11-28T00:00:02Z", is_whole=False),)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [(b"<html>", "text/html"), (b"<a> <b> .", "application/n-triples"), (b"\xff", "application/n-triples")],
)
def test_what_is_no_graph_leaves_the_last_copy(remote: Remote, folder: Path, body: bytes, media_type: str) -> None:
    before = sorted(folder.rglob("*"))
    remote.body, remote.headers = body, {"Content-Type": media_type}
    with closing(Fetcher(Allowed([remote.url]))) as fetcher, pytest.raises(RemoteError):
        take(folder, remote.url, EVERYTHING, fetcher, Limit(20), NOON)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "PREFIX a: <http://a/> ASK {}", "", "# CONSTRUCT"])
def test_a_query_that_asks_for_no_graph_is_not_sent(remote: Remote, tmp_path: Path, query: str) -> None:
    with closing(Fetcher(Allowed([remote.url]))) as fetcher, pytest.raises(UsageError, match="begins with CONSTRUCT"):
        take(tmp_path, remote.url, query, fetcher, Limit(20), NOON)
    assert remote.queries == []


def test_a_copy_has_an_end(remote: Remote, tmp_path: Path) -> None:
    remote.body, remote.headers = THERE.encode() * 100, {"Content-Type": "application/n-triples"}
    with closing(Fetcher(Allowed([remote.url]), 1000)) as fetcher, pytest.raises(LimitError, match="1000 bytes"):
        take(tmp_path, remote.url, EVERYTHING, fetcher, Limit(20), NOON)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_or_holds_rubbish(remote: Remote, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no snapshots"):
        Snapshots(tmp_path / "nowhere")
    for file in folder.rglob("snapshot.json"):
        file.write_text("{", encoding="utf-8")
    assert Snapshots(folder).of(remote.url) is None


def test_two_servers_and_the_command_line(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert manifest.graphs
    environment = {**os.environ, "CRMGRAPH_BUILD": str(build_folder), "CRMGRAPH_SNAPSHOTS": str(tmp_path / "kept")}

    def run(*arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*crmgraph_command(), *arguments], input=text, capture_output=True, text=True, env=environment, check=False
        )

    with running_server(build_folder) as there:
        address = f"{there}/sparql"
        query = f"""PREFIX cg: <https://w3id.org/crmgraph/ontology#>
            SELECT ?n {{ SERVICE <{address}> {{ SELECT (COUNT(*) AS ?n) {{ ?s a cg:Activity }} }} }}"""
        refused = run("snapshot", address)
        assert (refused.returncode, "not among the addresses" in refused.stderr) == (2, True)
        done = run("snapshot", address, "--allow", address)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"{address}: ")
        expected = run("query", "-", "--allow", address, text=query)
        assert expected.stderr == ""
    told = run("query", "-", "--allow", address, text=query)
    assert told.stdout == expected.stdout
    assert f"{address} did not answer; a copy as of 20" in told.stderr
    with running_server(build_folder, "--allow", address, "--snapshots", str(tmp_path / "kept")) as here:
        answer = httpx.get(
            f"{here}/sparql", params={"query": query}, headers={"Accept": "text/csv"}, trust_env=False, timeout=60
        )
        assert answer.text.split() == expected.stdout.split()
        assert answer.headers["crmgraph-snapshot"].startswith(f'"{address}"; taken="20')
        assert "Crmgraph-Snapshot" in answer.headers["access-control-expose-headers"]
        page = httpx.get(f"{here}/es/sparql", params={"query": query}, trust_env=False, timeout=60).text
        notice = next(each for each in read_page(page).iter("p") if each.get("class") == "notice")
        assert "en su lugar respondió una copia de lo que tenía el 20" in "".join(notice.itertext())


def test_the_header_says_where_a_copy_is_of_a_part(
    build_folder: Path, manifest: Manifest, remote: Remote, folder: Path
) -> None:
    assert manifest.graphs
    query = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :bob :height ?h }} }}"
    with running_server(build_folder, "--allow", remote.url, "--snapshots", str(folder)) as here:

        def told() -> str:
            remote.status = 503
            answer = httpx.get(f"{here}/sparql", params={"query": query}, trust_env=False, timeout=60)
            remote.status = 200
            return answer.headers["crmgraph-snapshot"]

        assert told() == f'"{remote.url}"; taken="{NOON}"'
        taken(remote, folder, "CONSTRUCT WHERE { ?s ?p ?o }")
        assert told() == f'"{remote.url}"; taken="{NOON}"; part'


def test_many_at_once(engine: Federated, remote: Remote) -> None:
    remote.status = 503
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ ?s :likes ?w FILTER(!isBlank(?w)) }} }}"
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(rows(engine, text)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [5] * 6
