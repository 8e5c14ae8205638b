"""SPARQL Update over HTTP: by form and by body, by those who may, and seen by the next who asks."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, Namespace
from SPARQLWrapper import POST, SPARQLWrapper

from tests.support.stores import EX
from tests.support.writable import BEARER, LIMITED, writable_client

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
INSERT = "INSERT DATA { GRAPH <http://e/bea/g> { <http://e/s> <http://e/p> 'ñ' } }"
DIRECT = {"Content-Type": "application/sparql-update"}
WRITTEN = "ASK { <http://e/s> <http://e/p> 'ñ' }"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    with writable_client(tmp_path) as client:
        client.headers["Accept-Language"] = "en"
        yield client


def ask(client: httpx.Client, query: str = WRITTEN) -> bool:
    return client.get("/sparql", params={"query": query}).json()["boolean"] is True


@pytest.mark.parametrize("headers", [BEARER, LIMITED])
def test_by_body_and_by_form(client: httpx.Client, headers: dict[str, str]) -> None:
    assert client.post("/sparql", content=INSERT.encode(), headers={**DIRECT, **headers}).status_code == 204
    assert ask(client)
    delete = INSERT.replace("INSERT", "DELETE")
    assert client.post("/sparql", data={"update": delete}, headers=headers).status_code == 204
    assert not ask(client)


def test_the_graphs_beside_an_update(client: httpx.Client) -> None:
    update = "INSERT { GRAPH <http://e/copy> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    parameters = {"using-graph-uri": f"{EX}a"}
    assert client.post("/sparql", params=parameters, content=update, headers={**DIRECT, **BEARER}).status_code == 204
    counts = [
        client.get("/sparql", params={"query": f"SELECT ?s {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"}).json()
        for graph in ("http://e/copy", f"{EX}a")
    ]
    assert len(counts[0]["results"]["bindings"]) == len(counts[1]["results"]["bindings"]) > 0


@pytest.mark.parametrize(
    ("headers", "update", "status", "said"),
    [
        ({}, INSERT, 401, "need a token"),
        (LIMITED, "CLEAR ALL", 403, "bea may not change"),
        (BEARER, "INSERT DATA {", 400, "Line 1, column 14"),
        (BEARER, "INSERT DATA { <http://e/s> a:b 1 }", 400, "prefix a: is not declared"),
        (BEARER, "LOAD <http://127.0.0.1:9/x>", 403, "LOAD"),
        (BEARER, "ASK {}", 400, "not expected"),
    ],
)
def test_what_is_refused(client: httpx.Client, headers: dict[str, str], update: str, status: int, said: str) -> None:
    response = client.post("/sparql", content=update.encode(), headers={**DIRECT, **headers})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert said in response.json()["detail"]
    assert response.headers["access-control-allow-origin"] == "*"


def test_a_token_is_no_way_to_send_larger_queries(client: httpx.Client) -> None:
    query = "ASK {} #" + "x" * 300_000
    headers = {"Content-Type": "application/sparql-query", **BEARER}
    assert client.post("/sparql", content=query, headers=headers).status_code == 403
    long = INSERT.replace("'ñ'", f"'{'x' * 2_000_000}'").encode()
    assert client.post("/sparql", content=long, headers={**DIRECT, **BEARER}).status_code == 204
    assert client.post("/sparql", content=long, headers=DIRECT).status_code == 413


def test_an_answer_that_is_kept_elsewhere_is_out_of_date_after_a_write(client: httpx.Client) -> None:
    first = client.get("/sparql", params={"query": WRITTEN})
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/sparql", params={"query": WRITTEN}, headers=known).status_code == 304
    client.post("/sparql", content=INSERT.encode(), headers={**DIRECT, **BEARER})
    again = client.get("/sparql", params={"query": WRITTEN}, headers=known)
    assert (again.status_code, again.json()["boolean"]) == (200, True)


def test_the_description_tells_of_updates_and_of_the_graphs_as_they_are(client: httpx.Client) -> None:
    def described() -> Graph:
        return Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")

    before = described()
    assert (None, SD.supportedLanguage, SD.SPARQL11Update) in before
    client.post("/sparql", content=INSERT.encode(), headers={**DIRECT, **BEARER})
    new = set(described().objects(None, SD.name)) - set(before.objects(None, SD.name))
    assert {str(name) for name in new} == {"http://e/bea/g"}


def test_a_client_that_we_did_not_write(client: httpx.Client) -> None:
    wrapper = SPARQLWrapper(f"{client.base_url}/sparql")
    wrapper.addCustomHttpHeader("Authorization", BEARER["Authorization"])
    wrapper.setMethod(POST)
    wrapper.setQuery(INSERT)
    wrapper.query()
    assert ask(client)
