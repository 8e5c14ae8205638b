"""The site over a store that was written to: pages show current data, or a notice if they show computed data."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from crmgraph.building.manifest import Manifest
from crmgraph.namespaces import Names
from tests.support.pages import having, read_page, text
from tests.support.servers import BEARER, writable_server

VOID = Namespace("http://rdfs.org/ns/void#")
NAMES = Names()
OBJECTIVE = "/id/plan/crm/pgm/1"
COMPUTED = (
    "/",
    OBJECTIVE,
    "/queries/finding-counts",
    "/findings",
    "/findings/date-past",
    "/ontology/shapes",
    "/void",
    "/graph/inferred",
    "/search?q=tilde",
    "/explain",
)
AS_WRITTEN = ("/queries", "/graph/plan/crm", "/ontology")
VALIDATED = {
    "/sparql?query=ASK%7B%7D": "*/*",
    "/sparql": "text/turtle",
    f"/graphs?graph={NAMES.graph('plan', 'crm')}": "text/turtle",
    f"/en{OBJECTIVE}": "text/html",
    "/es/": "text/html",
    "/plan.ttl": "*/*",
}
NOTICE = {"en": "The data have been written to since then", "es": "Desde entonces se ha escrito en los datos"}
SHOWN = [f"/{('en', 'es')[number % 2]}{path}" for number, path in enumerate(COMPUTED)]
TOLD = ("/en/queries", "/es/graph/plan/crm", "/es/", f"/en{OBJECTIVE}")
FOOTER = {"en": "written to since it was built", "es": "modificado desde que se construyó"}

# An objective gets another name, and the graph of another plan is deleted.
UPDATE = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
DELETE { GRAPH ?g { ?objective rdfs:label ?label } } INSERT { GRAPH ?g { ?objective rdfs:label "Another name"@en } }
WHERE {
  BIND (<https://w3id.org/crmgraph/id/plan/crm/pgm/1> AS ?objective)
  GRAPH ?g { ?objective rdfs:label ?label FILTER (LANG(?label) = "en") }
} ;
DELETE WHERE { GRAPH <https://w3id.org/crmgraph/graph/plan/marrakesh> { ?s ?p ?o } }
"""


@dataclass(frozen=True)
class WrittenServer:
    """A server whose store was written to, with its responses before that write."""

    client: httpx.Client
    pages: dict[str, httpx.Response]
    validated: dict[str, httpx.Response]
    description: Graph


def described(client: httpx.Client) -> Graph:
    return Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")


@pytest.fixture(scope="module")
def written(build_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WrittenServer]:
    with (
        writable_server(
            build_folder, tmp_path_factory.mktemp("written"), "--timeout", "900", "--no-check-writes"
        ) as url,
        httpx.Client(base_url=url, headers={"Accept": "text/html"}, timeout=900, trust_env=False) as client,
    ):
        pages = {path: client.get(path) for path in (*SHOWN, *TOLD)}
        validated = {path: client.get(path, headers={"Accept": accept}) for path, accept in VALIDATED.items()}
        before = described(client)
        assert client.post("/sparql", data={"update": UPDATE}, headers=BEARER).status_code == 204
        yield WrittenServer(client, pages, validated, before)


def notices(page: httpx.Response) -> list[str]:
    return [text(notice) for notice in having(read_page(page.text), "notice")]


def footer(page: httpx.Response) -> str:
    [found] = having(read_page(page.text), "colophon")
    return text(found)


def test_computed_pages_say_that_the_data_were_written_to(written: WrittenServer, manifest: Manifest) -> None:
    for path in SHOWN:
        language = path[1:3]
        before, now = written.pages[path], written.client.get(path)
        assert now.status_code == 200 or path.endswith("/explain")
        assert not [said for said in notices(before) if NOTICE[language] in said], path
        [notice] = [said for said in notices(now) if NOTICE[language] in said]
        assert manifest.dataset[:12] in notice
    for path in AS_WRITTEN:
        assert not notices(written.client.get(f"/en{path}")), path
    element = written.client.get("/findings.json").json()[0]["element"]
    page = written.client.get(f"/en/id/{element.removeprefix(NAMES.id())}")
    assert [said for said in notices(page) if NOTICE["en"] in said], "a finding beside a thing says when it was found"


def test_every_page_tells_which_data_it_shows(written: WrittenServer, manifest: Manifest) -> None:
    built, state = manifest.dataset[:12], written.client.get("/ready").json()["dataset"]
    for address in TOLD:
        before, now = footer(written.pages[address]), footer(written.client.get(address))
        assert before.endswith(built)
        assert now.endswith(f", {FOOTER[address[1:3]]} ({built})")
        assert f" {state.rpartition('+')[2][:12]}, " in now


def test_things_are_shown_and_found_as_they_are_now(written: WrittenServer) -> None:
    assert "Another name" not in written.pages[f"/en{OBJECTIVE}"].text
    assert "Another name" in written.client.get(f"/en{OBJECTIVE}").text
    assert "Another name" in written.client.get("/en/").text
    told = written.client.get("/search.json", params={"q": "another name"}).json()
    assert told["results"][0]["iri"] == NAMES.id(*OBJECTIVE.split("/")[2:])
    assert "Another name" in gzip.decompress(written.client.get("/dump.nq.gz").content).decode()
    graph, gone = (URIRef(NAMES.graph(*name)) for name in (("plan", "crm"), ("plan", "marrakesh")))
    before, now = written.description, described(written.client)
    assert before.value(graph, VOID.triples) == now.value(graph, VOID.triples)
    assert before.value(gone, VOID.triples) != now.value(gone, VOID.triples)
    assert now.value(gone, VOID.triples) in (None, Literal(0)), "emptied or gone"


def test_what_was_inferred_and_follows_no_more_is_told_apart(written: WrittenServer) -> None:
    statement = {"s": "plan/marrakesh/1", "p": "cg:within", "o": "plan/marrakesh"}
    for language, words in (("en", "nothing leads to it"), ("es", "nada lleva a ello")):
        page = written.client.get(f"/{language}/explain", params=statement)
        assert page.status_code == 404
        [told] = having(read_page(page.text), "problem")
        assert words in text(told)


def test_kept_copies_are_out_of_date(written: WrittenServer) -> None:
    for path, accept in VALIDATED.items():
        kept = written.validated[path].headers["etag"]
        now = written.client.get(path, headers={"Accept": accept, "If-None-Match": kept})
        assert (now.status_code, now.headers["etag"] != kept) == (200, True), path
    for path in (*AS_WRITTEN, *COMPUTED[:-1], "/findings.json", "/graph/catalog.ttl", "/dump.nq.gz"):
        now = written.client.get(path)
        assert (now.status_code, now.headers["cache-control"]) == (200, "no-cache"), path


def test_a_store_that_was_emptied_has_pages_still(written: WrittenServer) -> None:
    """Pages about things that were deleted answer 404; none fails. This is the last test of this server."""
    others = ("/queries/actions-without-activities", "/id/actor/crm", "/ontology/Objective", "/sparql")
    assert written.client.post("/sparql", data={"update": "DROP ALL"}, headers=BEARER).status_code == 204
    found = {path: written.client.get(f"/en{path}").status_code for path in (*COMPUTED, *AS_WRITTEN, *others)}
    turtle = {"Accept": "text/turtle"}
    data = {path: written.client.get(path, headers=turtle).status_code for path in ("/void", "/sparql")}
    assert {*found.values(), *data.values()} <= {200, 404}, (found, data)
    assert [found[path] for path in ("/", "/ontology", "/void")] == [200, 200, 404]
