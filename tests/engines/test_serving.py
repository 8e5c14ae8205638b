"""The whole product over an engine elsewhere: published by a command, served, read, written to."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from crmgraph.answering.elsewhere import Address
from crmgraph.building import Manifest
from crmgraph.updating import digest_of
from tests.engines.conftest import own_server
from tests.support.engines import oxigraph_server, virtuoso_server
from tests.support.servers import crmgraph_command, running_server

TOKEN, NARROW = "t" * 40, "n" * 40
PAGES = ("/en/", "/es/id/plan/crm/pgm/7", "/en/queries/findings", "/en/graph/plan/crm", "/en/meetings")


@dataclass(frozen=True)
class Served:
    client: httpx.Client
    address: Address
    folder: Path
    build: Path


def settings(folder: Path, password: str = "dba") -> dict[str, str]:
    record = json.dumps(str(folder / "record.jsonl"))
    writers = "".join(
        f'[[writers]]\nname = "{name}"\ntoken = "{digest_of(token)}"\ngraphs = {json.dumps(graphs)}\n'
        for name, token, graphs in (("ana", TOKEN, ["*"]), ("bob", NARROW, ["http://example.org/bob/*"]))
    )
    (folder / "crmgraph.toml").write_text(f"store_record = {record}\n{writers}", encoding="utf-8")
    return {"CRMGRAPH_STORE_USER": "dba", "CRMGRAPH_STORE_PASSWORD": password}


def published(address: Address, folder: Path, build: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*crmgraph_command(), "publish", "--store", address.query, "--build", str(build)],
        cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@contextmanager
def inside(folder: Path, **environment: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module", params=[oxigraph_server, virtuoso_server], ids=["oxigraph", "virtuoso"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, build_folder: Path
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("elsewhere")
    with request.param(folder) as address:
        said = settings(folder)
        done = published(address, folder, build_folder, **said)
        assert done.returncode == 0, done.stderr
        assert re.search(r"published \d+,\d{3} statements", done.stdout)
        (folder / "scratch").mkdir()
        with (
            inside(folder, TMPDIR=str(folder / "scratch"), **said),
            running_server(build_folder, "--store", address.query) as url,
            httpx.Client(base_url=url, timeout=120, trust_env=False) as client,
        ):
            yield Served(client, address, folder, build_folder)
        assert list((folder / "scratch").iterdir()) == [], "a server that was stopped leaves nothing"


@pytest.mark.drill
def test_reading(served: Served, manifest: Manifest) -> None:
    for path in PAGES:
        page = served.client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "<h1" in page.text
    assert served.client.get("/dump.nq.gz").content[:2] == b"\x1f\x8b"
    assert served.client.get("/findings", headers={"Accept": "application/json"}).json()
    asked = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
    first = served.client.get("/sparql", params=asked, headers={"Accept": "text/csv"})
    assert first.text.split() == ["n", str(sum(manifest.graphs.values()))]
    tag = {"If-None-Match": first.headers["etag"], "Accept": "text/csv"}
    assert served.client.get("/sparql", params=asked, headers=tag).status_code == 304
    assert served.client.get("/sparql", params={"query": "SELECT x"}).status_code == 400


def graph(served: Served, method: str, name: str, body: str = "", token: str = TOKEN) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", **({"Content-Type": "text/turtle"} if body else {})}
    return served.client.request(
        method, "/graphs", params={"graph": f"http://example.org/{name}"}, content=body, headers=headers
    )


def update(served: Served, text: str, token: str = TOKEN) -> httpx.Response:
    return served.client.post("/sparql", data={"update": text}, headers={"Authorization": f"Bearer {token}"})


def rows(served: Served, pattern: str) -> list[str]:
    answer = served.client.get("/sparql", params={"query": f"SELECT * {{ {pattern} }}"}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    return answer.text.split()[1:]


@pytest.mark.drill
def test_graphs_are_written(served: Served) -> None:
    assert graph(served, "PUT", "bob/1", '<urn:s> <urn:p> "ñ—" , 01 .', NARROW).status_code == 201
    assert graph(served, "POST", "bob/1", "<urn:s> <urn:p> true .").status_code == 204
    assert sorted(rows(served, "<urn:s> <urn:p> ?o")) == ["1", "true", "ñ—"]
    assert len(graph(served, "GET", "bob/1").text.splitlines()) >= 1
    assert graph(served, "PUT", "bob/1", "<urn:s> <urn:p> 2 .").status_code == 204
    assert rows(served, "GRAPH ?g { <urn:s> <urn:p> ?o }") == ["http://example.org/bob/1,2"]
    assert graph(served, "DELETE", "bob/1").status_code == 204
    assert graph(served, "GET", "bob/1").status_code == 404
    assert rows(served, "<urn:s> <urn:p> ?o") == []


@pytest.mark.drill
def test_updates_are_made_as_our_own_engine_makes_them(served: Served) -> None:
    done = update(
        served,
        "INSERT DATA { GRAPH <http://example.org/u> { <urn:a> <urn:p> 1 , 2 } } ; DELETE { GRAPH ?g { ?s ?p ?o } } "
        "INSERT { GRAPH ?g { ?s ?p 20 } } WHERE { GRAPH ?g { ?s ?p ?o . FILTER (?o = 2 && ?p = <urn:p>) } }",
    )
    assert done.status_code == 204, done.text
    assert sorted(rows(served, "GRAPH <http://example.org/u> { ?s ?p ?o }"))[-1] == "urn:a,urn:p,20"
    assert update(served, "DROP GRAPH <http://example.org/u>").status_code == 204
    lines = (served.folder / "record.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["writer"] for line in lines} <= {"ana", "bob"}


@pytest.mark.drill
def test_what_may_not_be_written(served: Served) -> None:
    for text, token, status in (
        ("INSERT DATA { <urn:a> <urn:p> 1 }", TOKEN, 403),
        ("INSERT DATA { GRAPH <http://example.org/u> { _:a <urn:p> 1 } }", TOKEN, 403),
        ("INSERT DATA { GRAPH <http://example.org/ana> { <urn:a> <urn:p> 1 } }", NARROW, 403),
        ("INSERT DATA { GRAPH <https://w3id.org/crmgraph/union> { <urn:a> <urn:p> 1 } }", TOKEN, 403),
        ("LOAD <http://example.org/>", TOKEN, 403),
        ("INSERT DATA {", TOKEN, 400),
        ("DROP ALL", "x" * 40, 401),
    ):
        assert update(served, text, token).status_code == status, text
    assert rows(served, "?s <urn:p> ?o") == []


@pytest.mark.drill
def test_a_second_publication_has_nothing_to_do(served: Served) -> None:
    done = published(served.address, served.folder, served.build, **settings(served.folder))
    assert (done.returncode, "nothing to do" in done.stdout) == (0, True)


@pytest.mark.drill
def test_an_engine_that_goes_away(served: Served, tmp_path: Path) -> None:
    """The last of these tests: nobody else may ask what it has published."""
    with httpx.Client(trust_env=False, timeout=120) as client:
        with oxigraph_server(tmp_path) as address:
            done = published(address, served.folder, served.build, **settings(served.folder))
            assert done.returncode == 0, done.stderr
            held = running_server(served.build, "--store", address.query)
            url = held.__enter__()
            ask = f"{url}/sparql?query=ASK%20%7B%7D"
            assert client.get(ask).status_code == 200
        given = client.get(ask, headers={"Accept-Language": "es"})
        assert given.status_code == 503
        assert given.headers["content-type"] == "application/problem+json"
        assert given.json()["detail"].startswith("No se puede llegar al motor")
        page = client.get(f"{url}/en/id/country/MEX", headers={"Accept": "text/html"})
        assert page.status_code == 503
        assert "cannot be reached" in page.text
        held.__exit__(None, None, None)


def test_an_engine_that_has_nothing_of_ours(tmp_path: Path, build_folder: Path) -> None:
    with own_server(tmp_path) as address:
        command = [*crmgraph_command(), "serve", "--store", address.query, "--build", str(build_folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "publish them" in done.stderr
