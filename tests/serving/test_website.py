"""The application with endpoint and site together, over the real dataset."""

import gzip
import shlex
import socket
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from crmgraph.building.manifest import Manifest
from crmgraph.errors import UsageError
from crmgraph.files import STATIC, check_assets
from crmgraph.serving.server import Application
from crmgraph.serving.website import create_website
from crmgraph.settings import read_settings
from crmgraph.site.base.rendering import fingerprint
from crmgraph.sparql.pool import Pool
from crmgraph.store import DUMP, STORE
from tests.support.clients import client_of
from tests.support.pages import read_page, text
from tests.support.waiting import wait_for

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def pool(build_folder: Path, manifest: Manifest) -> Iterator[Pool]:
    folder = manifest.folder(build_folder)
    with Pool(folder / STORE, memory_bytes=2**30, dump=folder / DUMP) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest, pool: Pool) -> Iterator[httpx.Client]:
    with client_of(Application(read_settings(build=build_folder, timeout=60), manifest, pool)) as client:
        yield client


def test_endpoint_and_site_answer(client: httpx.Client) -> None:
    asked = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/csv"})
    assert (asked.status_code, asked.text) == (200, "true")
    for path in ("/es/", "/en/queries", "/ontology", "/search?q=oim"):
        page = client.get(path, headers=HTML)
        assert (page.status_code, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    page = client.get("/sparql", headers={**HTML, "Accept-Language": "en"})
    assert "<h1>Query editor" in page.text
    assert page.headers["access-control-allow-origin"] == "*"
    for path in ("/void", "/.well-known/void"):
        answer = client.get(path, headers={"Accept": "text/turtle"})
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
        assert "a void:Dataset" in answer.text
        assert "Creative Commons Attribution 4.0" in client.get(path, headers=HTML).text
    # Documentation pages that load from elsewhere.
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.drill)])
def test_every_example_for_programs_is_answered_with_something(client: httpx.Client, every: int) -> None:
    page = read_page(client.get("/en/api", headers=HTML).text)
    examples = [text(each) for each in page.iter("pre")]
    assert len(examples) > 100
    assert [example for example in examples[::every] if not _run_curl(client, example)] == []


def _run_curl(client: httpx.Client, command: str) -> str:
    """Send the request of a curl command, and return the body; empty for an error or an answer without results."""
    curl, *words = shlex.split(command)
    assert curl == "curl"
    flags = list(pairwise(words))
    headers = dict(value.split(": ", 1) for flag, value in flags if flag == "-H")
    sent = next((value for flag, value in flags if flag == "--data"), None)
    answer = client.request(
        "GET" if sent is None else "POST",
        words[-1],
        content=sent,
        headers={"Accept": "*/*", **headers},
        follow_redirects="--location" in words,
    )
    # A question about defects of the data rightly has an empty answer.
    is_rightly_empty = "statements-without-provenance" in command
    return answer.text if answer.status_code == 200 and (is_rightly_empty or not _nothing_in(answer)) else ""


def _nothing_in(answer: httpx.Response) -> bool:
    if "json" not in answer.headers["content-type"]:
        return not answer.content.strip()
    document = answer.json()
    return [] in (document.get("results", {}).get("bindings"), document.get("result"))


def test_openapi_document(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/queries/{name}", "/findings", "/dump.nq.gz", "/live", "/ready", "/metrics"} <= set(paths)
    endpoint = paths["/sparql"]
    assert set(endpoint) == {"get", "post"}
    names = [parameter["name"] for parameter in endpoint["get"]["parameters"]]
    assert names == ["query", "default-graph-uri", "named-graph-uri", "timeout", "format"]
    assert set(endpoint["get"]["responses"]) >= {"200", "304", "400", "403", "406", "422", "429", "500", "503"}


def test_the_site_is_made_though_nobody_asked(build_folder: Path, manifest: Manifest, pool: Pool) -> None:
    app = Application(read_settings(build=build_folder), manifest, pool)
    assert app.website is None
    with client_of(app):
        wait_for(lambda: app.website is not None)


def test_pages_of_other_sites_may_ask_for_data_with_headers_of_their_own(client: httpx.Client) -> None:
    for path in ("/search.json?q=oim", "/findings.json", "/id/country/MEX.ttl", "/dump.nq.gz", "/openapi.json"):
        asked = {"Origin": "https://e", "Access-Control-Request-Headers": "if-none-match"}
        before = client.options(path, headers=asked)
        assert (before.status_code, before.content) == (204, b"")
        assert before.headers["access-control-allow-methods"] == before.headers["allow"] == "GET, HEAD, OPTIONS"
        for answer in (before, client.get(path)):
            assert answer.headers["access-control-allow-origin"] == "*"
    assert client.options("/nothing").status_code == 404
    for method in ("PUT", "TRACE", "PROPFIND"):
        refused = client.request(method, "/findings")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_dump(client: httpx.Client, build_folder: Path, manifest: Manifest) -> None:
    answer = client.get("/dump.nq.gz")
    assert answer.headers["content-type"] == "application/gzip"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-encoding" not in answer.headers
    assert gzip.decompress(answer.content) == (manifest.folder(build_folder) / DUMP).read_bytes()


def test_a_dump_that_is_gone_is_told_without_saying_where_it_was(
    manifest: Manifest, pool: Pool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    website = create_website(read_settings(build=tmp_path / "gone"), manifest, pool)
    with client_of(website.app, Accept="application/gzip") as client:
        answer = client.get("/dump.nq.gz")
    assert answer.status_code == 503
    assert answer.json()["detail"] == "The dataset is not there; build it again."
    assert "Traceback" not in caplog.text


def test_static_files_are_those_of_the_site_alone(client: httpx.Client) -> None:
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/static/x.js?v=0",
    ):
        # A raw socket, because the HTTP client would resolve the dots itself.
        with socket.create_connection(("127.0.0.1", client.base_url.port or 0), timeout=60) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            assert connection.makefile("rb").readline().split()[1] == b"404", path


def test_assets_are_kept_by_browsers_where_the_address_says_which_they_are(client: httpx.Client) -> None:
    named = {"v": fingerprint("site.css")}
    answer = client.get("/static/site.css", params=named)
    assert answer.content == (STATIC / "site.css").read_bytes()
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = client.get("/static/site.css", params=named, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, answer.headers["cache-control"])
    for query in ("", "?v=", "?v=000000000000", "?x=1"):
        other = client.get(f"/static/site.css{query}")
        assert (other.status_code, "cache-control" in other.headers) == (200, False)


def test_without_its_assets_it_does_not_start(
    build_folder: Path, manifest: Manifest, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_assets()
    for name in ("site.css", "page.css", "noscript.css", "site.js", "picture.css", "pictures.js", "icon.svg"):
        (tmp_path / name).touch()
    with pytest.raises(UsageError, match=r"workbench\.js are not built; install the package again"):
        check_assets(tmp_path)
    monkeypatch.setattr("crmgraph.files.STATIC", tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"site\.css, page\.css, .*workbench\.js.* install the package again"):
        Application(read_settings(build=build_folder), manifest, pool)


def test_status_page_and_document(build_folder: Path, manifest: Manifest, pool: Pool) -> None:
    website = create_website(read_settings(build=build_folder, timeout=7), manifest, pool)
    with client_of(website.app) as client:
        said = text(read_page(client.get("/en/status", headers=HTML).text))
        for part in (
            "Operational",
            manifest.dataset,
            "7 seconds",
            "1,000; a download has them all",
        ):
            assert part in said
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
