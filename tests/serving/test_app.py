"""Endpoint and site under one roof: the endpoint first, the site when somebody asks for it or there is time."""

import shlex
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from crmgraph.building import Manifest
from crmgraph.errors import UsageError
from crmgraph.serving.app import Later, create_app
from crmgraph.settings import read_settings
from crmgraph.sparql import Pool
from crmgraph.storing import STORE
from tests.support.clients import client_of
from tests.support.pages import read_page, text


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest) -> Iterator[httpx.Client]:
    with (
        Pool(manifest.folder(build_folder) / STORE, memory_bytes=2**30) as pool,
        client_of(create_app(read_settings(build=build_folder), manifest, pool)) as client,
    ):
        yield client


def test_endpoint_and_site_answer(client: httpx.Client) -> None:
    asked = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "text/csv"})
    assert (asked.status_code, asked.text) == (200, "true")
    for path in ("/es/", "/en/queries", "/findings", "/ontology", "/id/plan/crm/pgm/7.1.1", "/search?q=oim"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")


def test_every_example_for_programs_is_answered_with_something(client: httpx.Client) -> None:
    page = read_page(client.get("/en/api", headers={"Accept": "text/html"}).text)
    examples = [text(each) for each in page.iter("pre")]
    assert len(examples) > 100
    assert [example for example in examples if not _answer_to(client, example)] == []


def _answer_to(client: httpx.Client, command: str) -> str:
    """What a command of curl is answered with; nothing for an error, and for an answer that is empty."""
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
    # What should not be in the graph is rightly not there.
    is_rightly_empty = "statements-without-provenance" in command
    return answer.text if answer.status_code == 200 and (is_rightly_empty or not _nothing_in(answer)) else ""


def _nothing_in(answer: httpx.Response) -> bool:
    if "json" not in answer.headers["content-type"]:
        return not answer.content.strip()
    document = answer.json()
    return [] in (document.get("results", {}).get("bindings"), document.get("result"))


def test_the_workbench_is_at_the_endpoint(client: httpx.Client) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.status_code == 200
    assert "<h1>Query editor" in page.text
    assert page.headers["access-control-allow-origin"] == "*"


def test_the_openapi_document_tells_of_both(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/queries/{name}", "/findings", "/dump.nq.gz", "/live", "/ready", "/metrics"} <= set(paths)
    endpoint = paths["/sparql"]
    assert set(endpoint) == {"get", "post"}
    names = [parameter["name"] for parameter in endpoint["get"]["parameters"]]
    assert names == ["query", "default-graph-uri", "named-graph-uri", "timeout", "format"]
    assert set(endpoint["get"]["responses"]) >= {"200", "304", "400", "403", "406", "422", "429", "500", "503"}


@pytest.mark.parametrize("path", ["/nothing", "/id/plan/crm/pgm/99", "/queries/nothing", "/graph/nothing"])
def test_an_unknown_address_is_a_page_or_a_problem_document(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<html" in page.text
    document = client.get(path, headers={"Accept": "text/turtle"})
    assert document.status_code == 404
    assert document.json()["status"] == 404


def test_an_error_of_the_endpoint_is_a_page_for_a_browser(client: httpx.Client) -> None:
    page = client.get("/sparql", params={"query": "ASK", "timeout": "never"}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["access-control-allow-origin"] == "*"
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/en/",
        "/en/id/plan/crm/vmd/1.2.1",
        "/es/id/country/MEX",
        "/en/queries/findings",
        "/es/findings",
        "/es/search?q=oim",
    ],
)
def test_links_lead_somewhere(client: httpx.Client, path: str) -> None:
    page = read_page(client.get(path, headers={"Accept": "text/html"}).text)
    named = (element.get(name, "") for element in page.iter() for name in ("href", "src", "action"))
    addresses = {address.partition("#")[0] for address in named if address.startswith("/")}
    assert {"/sparql", "/void", "/dump.nq.gz", "/openapi.json", "/es/", "/en/"} - addresses <= {"/es/", "/en/"}
    found = {address: client.get(address, headers={"Accept": "text/html"}).status_code for address in addresses}
    assert found == dict.fromkeys(addresses, 200)


def test_the_catalogue_is_where_clients_look_for_it(client: httpx.Client) -> None:
    for path in ("/void", "/.well-known/void"):
        answer = client.get(path, headers={"Accept": "text/turtle"})
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
        assert "a void:Dataset" in answer.text
        page = client.get(path, headers={"Accept": "text/html"})
        assert "Creative Commons Attribution 4.0" in page.text


def test_answers_are_compressed_for_who_takes_that(client: httpx.Client) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 100"
    for path, parameters in (("/en/", {}), ("/sparql", {"query": query}), ("/openapi.json", {})):
        zipped, plain = (
            client.get(
                path, params=parameters, headers={"Accept": "text/html;q=0.1, */*;q=0.2", "Accept-Encoding": way}
            )
            for way in ("gzip", "identity")
        )
        assert zipped.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        # The engine may give the statements of a graph in another order next time.
        assert sorted(zipped.text.split()) == sorted(plain.text.split())
        assert "Accept-Encoding" in zipped.headers["vary"]
    assert "content-encoding" not in client.get("/dump.nq.gz").headers
    assert client.head("/dump.nq.gz").status_code == 200


def test_without_its_assets_it_does_not_start(
    build_folder: Path, manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmgraph.site.assets.STATIC", tmp_path)
    with (
        Pool(manifest.folder(build_folder) / STORE, memory_bytes=2**30) as pool,
        pytest.raises(UsageError, match="install the package again"),
    ):
        create_app(read_settings(build=build_folder), manifest, pool)


def test_a_wrong_method_names_the_right_ones(client: httpx.Client) -> None:
    refused = client.put("/sparql")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_the_site_is_made_in_time_though_nobody_asked(build_folder: Path, manifest: Manifest) -> None:
    with Pool(manifest.folder(build_folder) / STORE, memory_bytes=2**30) as pool:
        app = create_app(read_settings(build=build_folder), manifest, pool)
        later = app.app.routes[-1].app  # type: ignore[attr-defined]
        assert isinstance(later, Later)
        assert not later.is_made
        with client_of(app):
            ends = time.monotonic() + 10
            while not later.is_made and time.monotonic() < ends:
                time.sleep(0.05)
        assert later.is_made


def test_what_can_be_searched_for_is_read_in_time_though_nobody_asked(build_folder: Path, manifest: Manifest) -> None:
    with Pool(manifest.folder(build_folder) / STORE, memory_bytes=2**30) as pool:
        app = create_app(read_settings(build=build_folder), manifest, pool)
        later = app.app.routes[-1].app  # type: ignore[attr-defined]
        with client_of(app):
            ends = time.monotonic() + 20
            while not (later.is_made and later.get().searcher.is_ready) and time.monotonic() < ends:
                time.sleep(0.05)
            assert later.get().searcher.is_ready
