"""A copy stands in for an endpoint that does not answer, for the whole clause, and the answer says so."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from pyoxigraph import DefaultGraph, RdfFormat

from crmgraph.errors import LimitError, QueryRefusedError, QueryTimeoutError, RemoteError, UnavailableError, UsageError
from crmgraph.federation.endpoints import AllowedUrls, Fetcher
from crmgraph.federation.federated import FederatedEngine
from crmgraph.federation.snapshots import ALL_TRIPLES_QUERY, Snapshots, take_snapshot
from crmgraph.sparql.engine import Limit, Question, Snapshot
from crmgraph.sparql.pool import Pool
from tests.federation.conftest import THERE, Remote
from tests.federation.test_federated import QUERIES, federating, rows
from tests.support.commands import commands_in
from tests.support.pages import read_page
from tests.support.servers import running_server
from tests.support.stores import EX

PREFIX = f"PREFIX : <{EX}> "
NOON = "2026-11-27T12:00:00Z"


def offer(remote: Remote) -> None:
    """Have the endpoint answer with all that it has."""
    remote.body = remote.store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph()) or b""
    remote.headers = {"Content-Type": "application/n-triples"}


def taken(remote: Remote, folder: Path, query: str = ALL_TRIPLES_QUERY, when: str = NOON) -> None:
    """Take a copy of what the endpoint has."""
    offer(remote)
    with closing(Fetcher(AllowedUrls([remote.url]))) as fetcher:
        take_snapshot(folder, remote.url, query, fetcher, Limit(120), when)
    remote.body, remote.headers = None, {}


@pytest.fixture
def folder(remote: Remote, tmp_path: Path) -> Path:
    taken(remote, tmp_path / "snapshots")
    return tmp_path / "snapshots"


@pytest.fixture
def engine(pool: Pool, remote: Remote, folder: Path) -> Iterator[FederatedEngine]:
    with federating(pool, remote.url, "http://127.0.0.1:9/", snapshots=Snapshots(folder)) as engine:
        yield engine


def test_the_copy_answers_as_the_endpoint_did(engine: FederatedEngine, remote: Remote) -> None:
    for query in QUERIES:
        text = PREFIX + query.replace("THERE", remote.url)
        remote.status = 200
        expected = rows(engine, text)
        asked = len(remote.queries)
        remote.status = 503
        assert rows(engine, text) == expected
        assert len(remote.queries) > asked or not expected
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ ?s :likes ?w FILTER(!isBlank(?w)) }} }}"
    with ThreadPoolExecutor(6) as threads:
        assert [len(each) for each in threads.map(lambda _: rows(engine, text), range(6))] == [5] * 6


def test_when_the_copy_stands_in(engine: FederatedEngine, remote: Remote) -> None:
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :bob :height ?h }} }}"
    assert engine.answer(Question(text), 120).snapshots == ()
    for remote.status in (500, 502, 503, 504, 404, 429):
        answer = engine.answer(Question(text), 120)
        assert answer.snapshots == (Snapshot(remote.url, NOON, is_whole=True),)
        assert not answer.is_deterministic
        assert len(rows(engine, text)) == 1
    with pytest.raises(RemoteError):
        rows(engine, f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ GRAPH ?g {{ :bob :height ?h }} }} }}")
    remote.status = 400
    with pytest.raises(RemoteError):
        rows(engine, text)
    with pytest.raises(UnavailableError):
        rows(engine, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    with pytest.raises(QueryRefusedError):
        rows(engine, "SELECT * { SERVICE <http://127.0.0.1:8/> { ?s ?p ?o } }")
    remote.status = 200
    remote.server.free.clear()
    assert engine.answer(Question(text), 10).snapshots, "who is slow has half of the time"
    remote.server.free.set()
    remote.status = 503
    product = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(12))
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ SELECT (COUNT(*) AS ?n) {{ {product} }} }} }}"
    with pytest.raises(QueryTimeoutError):
        engine.answer(Question(text), 2)


def test_a_later_copy_takes_the_place_of_the_last(engine: FederatedEngine, remote: Remote, folder: Path) -> None:
    text = f"{PREFIX} SELECT * {{ SERVICE <{remote.url}> {{ :bob :likes ?w }} }}"
    for number in range(3):
        remote.status = 503
        assert len(rows(engine, text)) == number + 1
        remote.status = 200
        remote.store.update(f"{PREFIX} INSERT DATA {{ :bob :likes :new{number} }}")
        taken(remote, folder, "CONSTRUCT WHERE { ?s ?p ?o }", f"2026-11-28T00:00:0{number}Z")
    assert len(list(folder.glob("*/store-*"))) == 2
    remote.status = 503
    answer = engine.answer(Question(text), 120)
    assert answer.snapshots == (Snapshot(remote.url, "2026-11-28T00:00:02Z", is_whole=False),)


def test_what_cannot_be_taken(remote: Remote, folder: Path, tmp_path: Path) -> None:
    before = sorted(folder.rglob("*"))
    kinds = ("text/html", "application/n-triples", "application/n-triples")
    with closing(Fetcher(AllowedUrls([remote.url]))) as fetcher:
        for remote.body, kind in zip((b"<html>", b"<a> <b> .", b"\xff"), kinds, strict=True):
            remote.headers = {"Content-Type": kind}
            with pytest.raises(RemoteError):
                take_snapshot(folder, remote.url, ALL_TRIPLES_QUERY, fetcher, Limit(120), NOON)
        assert sorted(folder.rglob("*")) == before
        asked = len(remote.queries)
        for query in ("SELECT * { ?s ?p ?o }", "PREFIX a: <http://a/> ASK {}", "", "# CONSTRUCT"):
            with pytest.raises(UsageError, match="begins with CONSTRUCT"):
                take_snapshot(folder, remote.url, query, fetcher, Limit(120), NOON)
        assert len(remote.queries) == asked
    remote.body = THERE.encode() * 100
    with closing(Fetcher(AllowedUrls([remote.url]), 1000)) as fetcher, pytest.raises(LimitError, match="1000 bytes"):
        take_snapshot(tmp_path / "large", remote.url, ALL_TRIPLES_QUERY, fetcher, Limit(120), NOON)
    assert not (tmp_path / "large").exists() or list((tmp_path / "large").iterdir()) == []
    with pytest.raises(UsageError, match="no snapshots"):
        Snapshots(tmp_path / "nowhere")
    for file in folder.rglob("snapshot.json"):
        file.write_text("{", encoding="utf-8")
    assert Snapshots(folder).find(remote.url) is None


def test_the_server_and_the_command_line_say_so(build_folder: Path, remote: Remote, tmp_path: Path) -> None:
    query = f"{PREFIX} SELECT ?h {{ SERVICE <{remote.url}> {{ :bob :height ?h }} }}"
    kept, allow = ("--snapshots", str(tmp_path / "kept")), ("--allow", remote.url)
    with commands_in(tmp_path, build_folder) as run:
        refused = run("snapshot", remote.url, *kept)
        assert (refused.status, "not among the addresses" in refused.err) == (2, True)
        offer(remote)
        done = run("snapshot", remote.url, *kept, *allow)
        assert (done.status, done.err, done.out.startswith(f"{remote.url}: ")) == (0, "", True)
        remote.body, remote.headers, remote.status = None, {}, 503
        told = run("query", "-", *allow, *kept, "--timeout", "300", stdin=query)
        assert "1.8" in told.out
        assert f"{remote.url} did not answer; a copy as of 20" in told.err
    with (
        running_server(build_folder, *allow, *kept) as here,
        httpx.Client(base_url=here, trust_env=False, timeout=120) as client,
    ):
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
        assert answer.text.split() == ["h", "1.8"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["crmgraph-snapshot"].startswith(f'"{remote.url}"; taken="20')
        assert "part" not in answer.headers["crmgraph-snapshot"]
        assert "Crmgraph-Snapshot" in answer.headers["access-control-expose-headers"]
        page = client.get("/es/sparql", params={"query": query}).text
        notice = next(each for each in read_page(page).iter("p") if each.get("class") == "notice")
        assert "en su lugar respondió una copia de lo que tenía el 20" in "".join(notice.itertext())
        remote.status = 200
        taken(remote, tmp_path / "kept", "CONSTRUCT WHERE { ?s ?p ?o }")
        remote.status = 503
        assert client.get("/sparql", params={"query": query}).headers["crmgraph-snapshot"] == (
            f'"{remote.url}"; taken="{NOON}"; part'
        )
        remote.status = 200
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
        assert (answer.text.split(), "crmgraph-snapshot" in answer.headers) == (["h", "1.8"], False)
        for address in (f"{here}/sparql", f"{remote.url}/other", "http://127.0.0.1:1/sparql"):
            refused_there = client.get("/sparql", params={"query": query.replace(remote.url, address)})
            assert refused_there.status_code == 403
            assert refused_there.json()["type"].endswith("/query-refused")
        assert "sd:BasicFederatedQuery" in client.get("/sparql", headers={"Accept": "text/turtle"}).text
