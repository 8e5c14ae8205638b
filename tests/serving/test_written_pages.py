"""The site over a store that was written to: data as they are now, and a word where it shows what a build computed."""

import gzip
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, Namespace, URIRef

from crmgraph.building import Manifest
from crmgraph.namespaces import Names
from tests.support.pages import having, read_page, text
from tests.support.servers import BEARER, crmgraph_command, writable_server

VOID = Namespace("http://rdfs.org/ns/void#")
NAMES = Names()
OBJECTIVE = "/id/plan/crm/pgm/1"
COMPUTED = (
    "/",
    OBJECTIVE,
    "/id/country/MEX",
    "/queries/finding-counts",
    "/findings",
    "/findings/date-past",
    "/ontology/shapes",
    "/void",
    "/graph/findings",
    "/graph/inferred",
    "/graph/catalog",
    "/search?q=tilde",
    "/explain",
)
AS_WRITTEN = ("/queries", "/search", "/graph/plan/crm", "/graph/reference", "/ontology", "/ontology/status")
VALIDATED = {
    "/sparql?query=ASK%7B%7D": "*/*",
    "/sparql": "text/turtle",
    f"/graphs?graph={NAMES.graph('plan', 'crm')}": "text/turtle",
    f"/en{OBJECTIVE}": "text/html",
    "/es/": "text/html",
    "/plan.ttl": "*/*",
}
NOTICE = {"en": "The data have been written to since then", "es": "Desde entonces se ha escrito en los datos"}
FOOTER = {"en": "written to since it was built", "es": "modificado desde que se construyó"}

# An objective gets another name, what Honduras belongs to is forgotten, and an activity loses its time.
UPDATE = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE { GRAPH ?g { ?objective rdfs:label ?label } } INSERT { GRAPH ?g { ?objective rdfs:label "Another name"@en } }
WHERE {
  BIND (<https://w3id.org/crmgraph/id/plan/crm/pgm/1> AS ?objective)
  GRAPH ?g { ?objective rdfs:label ?label FILTER (LANG(?label) = "en") }
} ;
DELETE WHERE { GRAPH <https://w3id.org/crmgraph/graph/processes> { ?s ?p ?o } }
"""


@dataclass(frozen=True)
class Written:
    """A server whose store was written to, with what it had answered before."""

    client: httpx.Client
    pages: dict[str, httpx.Response]
    validated: dict[str, httpx.Response]
    description: Graph


def localized(path: str) -> list[str]:
    return [f"/{language}{path}" for language in NOTICE]


def described(client: httpx.Client) -> Graph:
    return Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")


@pytest.fixture(scope="module")
def written(build_folder: Path, manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    assert manifest.graphs
    with (
        writable_server(build_folder, tmp_path_factory.mktemp("written")) as url,
        httpx.Client(base_url=url, headers={"Accept": "text/html"}, timeout=160, trust_env=False) as client,
    ):
        pages = {path: client.get(path) for each in (*COMPUTED, *AS_WRITTEN) for path in localized(each)}
        validated = {path: client.get(path, headers={"Accept": accept}) for path, accept in VALIDATED.items()}
        before = described(client)
        assert client.post("/sparql", data={"update": UPDATE}, headers=BEARER).status_code == 204
        yield Written(client, pages, validated, before)


def notices(page: httpx.Response) -> list[str]:
    return [text(notice) for notice in having(read_page(page.text), "notice")]


def footer(page: httpx.Response) -> str:
    [found] = having(read_page(page.text), "colophon")
    return text(found)


@pytest.mark.parametrize("path", COMPUTED)
@pytest.mark.parametrize("language", NOTICE)
def test_what_a_build_computed_says_so(written: Written, manifest: Manifest, language: str, path: str) -> None:
    before, now = written.pages[f"/{language}{path}"], written.client.get(f"/{language}{path}")
    assert now.status_code == 200 or path == "/explain"
    assert not [said for said in notices(before) if NOTICE[language] in said]
    [notice] = [said for said in notices(now) if NOTICE[language] in said]
    assert manifest.dataset[:12] in notice


@pytest.mark.parametrize("path", AS_WRITTEN)
def test_what_is_as_it_is_now_says_nothing(written: Written, path: str) -> None:
    assert not notices(written.client.get(f"/en{path}"))


@pytest.mark.parametrize("path", [*AS_WRITTEN, "/", OBJECTIVE, "/findings"])
@pytest.mark.parametrize("language", NOTICE)
def test_every_page_tells_which_data_it_shows(written: Written, manifest: Manifest, language: str, path: str) -> None:
    address = f"/{language}{path}"
    before, now = footer(written.pages[address]), footer(written.client.get(address))
    built = manifest.dataset[:12]
    assert before.endswith(built)
    assert now.endswith(f", {FOOTER[language]} ({built})")
    state = written.client.get("/ready").json()["dataset"]
    assert f" {state.rpartition('+')[2][:12]}, " in now


def test_a_thing_is_shown_as_it_is_now(written: Written) -> None:
    page = written.client.get(f"/en{OBJECTIVE}")
    assert "Another name" in page.text
    assert "Another name" not in written.pages[f"/en{OBJECTIVE}"].text
    assert "Another name" in written.client.get("/en/").text


def test_what_was_written_is_found(written: Written) -> None:
    told = written.client.get("/search.json", params={"q": "another name"}).json()
    assert told["results"][0]["iri"] == NAMES.id(*OBJECTIVE.split("/")[2:])


def test_a_finding_beside_a_thing_says_when_it_was_found(written: Written) -> None:
    element = written.client.get("/findings.json").json()[0]["element"]
    page = written.client.get(f"/en/id/{element.removeprefix(NAMES.id())}")
    assert [said for said in notices(page) if NOTICE["en"] in said]


def test_what_was_inferred_and_follows_no_more_is_told_apart(written: Written) -> None:
    statement = {"s": "country/HND", "p": "cg:memberOf", "o": "process/rcm"}
    for language, words in (("en", "nothing leads to it"), ("es", "nada lleva a ello")):
        page = written.client.get(f"/{language}/explain", params=statement)
        assert page.status_code == 404
        [told] = having(read_page(page.text), "problem")
        assert words in text(told)


@pytest.mark.parametrize("path", VALIDATED)
def test_nobody_is_told_that_what_they_keep_is_still_right(written: Written, path: str) -> None:
    kept = written.validated[path].headers["etag"]
    now = written.client.get(path, headers={"Accept": VALIDATED[path], "If-None-Match": kept})
    assert now.status_code == 200
    assert now.headers["etag"] != kept


@pytest.mark.parametrize("path", [*AS_WRITTEN, *COMPUTED[:-1], "/findings.json", "/void.ttl", "/dump.nq.gz"])
def test_nothing_is_given_again_from_a_cache_without_asking(written: Written, path: str) -> None:
    now = written.client.get(path.replace("/void.ttl", "/graph/catalog.ttl"))
    assert now.status_code == 200
    assert now.headers["cache-control"] == "no-cache"


def test_the_download_is_what_there_is_now(written: Written) -> None:
    dump = written.client.get("/dump.nq.gz")
    assert "Another name" in gzip.decompress(dump.content).decode()


def test_the_service_counts_what_there_is_now(written: Written) -> None:
    graph, gone = (URIRef(NAMES.graph(*name)) for name in (("plan", "crm"), ("processes",)))
    before, now = written.description, described(written.client)
    assert before.value(graph, VOID.triples) == now.value(graph, VOID.triples)
    assert (gone, VOID.triples, None) in before
    assert (gone, VOID.triples, None) not in now


def test_what_is_loaded_while_nobody_serves_counts_as_written(
    build_folder: Path, manifest: Manifest, tmp_path: Path
) -> None:
    (tmp_path / "small.ttl").write_text("<https://example.org/a> <https://example.org/b> 1 .", encoding="utf-8")
    folders = ["--store", "kept", "--build", str(build_folder)]

    def run(*words: str) -> None:
        subprocess.run([*crmgraph_command(), *words], cwd=tmp_path, check=True, capture_output=True)

    def seen() -> str:
        with writable_server(build_folder, tmp_path) as url:
            return footer(httpx.get(f"{url}/en/", timeout=60, trust_env=False))

    assert seen().endswith(manifest.dataset[:12])
    run("backup", "saved", "--store", "kept")
    run("load", "small.ttl", "--graph", "https://example.org/graph/small", *folders)
    assert FOOTER["en"] in seen()
    run("restore", "saved", "--store", "kept")
    assert seen().endswith(manifest.dataset[:12])


def test_a_store_that_was_emptied_has_pages_still(build_folder: Path, tmp_path: Path) -> None:
    """Those of things that are gone say so; none fails."""
    paths = (
        *COMPUTED,
        *AS_WRITTEN,
        "/queries/actions-without-activities",
        "/id/actor/crm",
        "/ontology/Objective",
        "/sparql",
    )
    with (
        writable_server(build_folder, tmp_path) as url,
        httpx.Client(base_url=url, headers={"Accept": "text/html"}, timeout=160, trust_env=False) as client,
    ):
        assert client.post("/sparql", data={"update": "DROP ALL"}, headers=BEARER).status_code == 204
        found = {path: client.get(path).status_code for each in paths for path in localized(each)}
        data = {path: client.get(path, headers={"Accept": "text/turtle"}).status_code for path in ("/void", "/sparql")}
    assert {*found.values(), *data.values()} <= {200, 404}, (found, data)
    assert [found[path] for path in ("/en/", "/en/ontology", "/en/void")] == [200, 200, 404]
