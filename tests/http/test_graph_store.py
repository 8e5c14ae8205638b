"""Graph Store Protocol and SPARQL Update over HTTP: anybody can read, and only writers can write."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, Namespace
from rdflib.compare import isomorphic
from starlette.responses import HTMLResponse

from crmgraph.caching import SizedCache
from crmgraph.http.endpoint import Endpoint
from crmgraph.http.graph_store import LARGEST_UPLOAD
from crmgraph.http.openapi import written_description
from crmgraph.linking.entities import KINDS
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS, content_type, media_types
from crmgraph.sparql.pool import Pool
from crmgraph.store.generations import AUDIT
from tests.support.cases import cases
from tests.support.clients import app_of, client_of
from tests.support.stores import EX
from tests.support.writable import BEARER, LIMITED, writable_client

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
TURTLE = {"Content-Type": "text/turtle"}
DIRECT = {"Content-Type": "application/sparql-update"}
A = f"{EX}a"
BODY = '@prefix : <http://e/> . :s :p "ñ"@es , [ :q 1 ] .'
INSERT = "INSERT DATA { GRAPH <http://e/bea/g> { <http://e/s> <http://e/p> 'ñ' } }"
WRITTEN = "ASK { <http://e/s> <http://e/p> 'ñ' }"
OPERATIONS = written_description(takes_writes=True)["paths"]["/graphs"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("writable")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    """A client of one store for all tests; each test writes to graphs of its own, or leaves things as they were."""
    with writable_client(folder, SizedCache(2**20)) as client:
        client.headers["Accept-Language"] = "en"
        yield client


def parsed(response: httpx.Response) -> Graph:
    return Graph().parse(data=response.text, format="turtle")


def read(client: httpx.Client, iri: str, accept: str = "text/turtle", **headers: str) -> httpx.Response:
    return client.get("/graphs", params={"graph": iri}, headers={"Accept": accept, **headers})


def put(client: httpx.Client, iri: str, body: str = BODY, **headers: str) -> httpx.Response:
    return client.put("/graphs", params={"graph": iri}, content=body.encode(), headers={**BEARER, **TURTLE, **headers})


def ask(client: httpx.Client, query: str = WRITTEN) -> bool:
    return client.get("/sparql", params={"query": query}).json()["boolean"] is True


def update(client: httpx.Client, text: str, headers: dict[str, str] = BEARER, **parameters: str) -> httpx.Response:
    return client.post("/sparql", params=parameters, content=text.encode(), headers={**DIRECT, **headers})


def test_a_graph_in_every_syntax(client: httpx.Client) -> None:
    for each in GRAPH_FORMATS:
        response = read(client, A, each.media_type)
        assert (response.status_code, response.headers["content-type"]) == (200, content_type(each.media_type))
        assert "Accept" in response.headers["vary"]
        assert response.headers["access-control-allow-origin"] == "*"
        head = client.head("/graphs", params={"graph": A}, headers={"Accept": each.media_type})
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", response.headers["etag"])
    about = "<http://e/a> <http://e/b> <<( <http://e/a> <http://e/b> 1 )>> ."
    assert put(client, "http://e/statement", about).is_success
    refused = read(client, "http://e/statement", "application/ld+json")
    assert (refused.status_code, "JSON-LD cannot write" in refused.json()["detail"]) == (406, True)
    assert "<<(" in read(client, "http://e/statement").text


def test_put_and_get(client: httpx.Client) -> None:
    assert client.options("/graphs").headers["allow"] == "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    refused = client.patch("/graphs?default")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, PUT, POST, DELETE, OPTIONS")
    # The IRI of a graph is its URL exactly as sent.
    assert client.put("/graphs/a%20b/c%2Fd", content=BODY.encode(), headers={**BEARER, **TURTLE}).status_code == 201
    assert read(client, f"{client.base_url}/graphs/a%20b/c%2Fd").status_code == 200
    assert client.get("/graphs/a%20b/c/d").status_code == 404
    assert put(client, "http://e/new").status_code == 201
    first = read(client, "http://e/new")
    assert isomorphic(parsed(first), Graph().parse(data=BODY, format="turtle"))
    assert read(client, "http://e/new", **{"If-None-Match": first.headers["etag"]}).status_code == 304
    assert read(client, "http://e/new", **{"If-None-Match": "*"}).status_code == 304
    assert put(client, "http://e/new", "<http://e/x> <http://e/y> <> .").status_code == 204
    second = read(client, "http://e/new", "application/n-triples", **{"If-None-Match": first.headers["etag"]})
    assert (second.status_code, second.text) == (200, "<http://e/x> <http://e/y> <http://e/new> .\n")
    assert second.headers["etag"] != first.headers["etag"]
    assert read(client, "http://e/none", **{"If-None-Match": "*"}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_conditions_of_a_write(client: httpx.Client, method: str) -> None:
    there, missing = f"http://e/{method}", f"http://e/{method}/missing"

    def write(iri: str, name: str, value: str) -> int:
        headers = {**BEARER, **TURTLE, name: value}
        body = "" if method == "DELETE" else "<> <http://e/new> 1 ."
        return client.request(method, "/graphs", params={"graph": iri}, content=body, headers=headers).status_code

    put(client, there)
    before = read(client, there, "application/n-triples")
    tag = before.headers["etag"]
    assert write(there, "If-None-Match", "*") == write(there, "If-None-Match", tag) == 412
    assert write(there, "If-Match", '"nope"') == write(there, "If-Match", tag) == 412
    assert write(missing, "If-Match", "*") == 412
    assert read(client, there, "application/n-triples").text == before.text
    assert read(client, missing).status_code == 404
    assert write(missing, "If-None-Match", "*") == (404 if method == "DELETE" else 201)
    assert write(there, "If-None-Match", '"other"') == 204
    assert put(client, there).is_success
    assert write(there, "If-Match", "*") == 204


def test_multipart_bodies(client: httpx.Client) -> None:
    parts = [
        ("one", ("one.ttl", b"<http://e/1> <http://e/p> 1 .", "text/turtle")),
        ("two", ("two.nt", '<http://e/2> <http://e/p> "ñ" .\n'.encode(), "application/n-triples; charset=utf-8")),
    ]
    response = client.post("/graphs", params={"graph": "http://e/parts"}, files=parts, headers=BEARER)
    assert response.status_code == 201
    assert len(parsed(read(client, "http://e/parts"))) == 2
    wrong = client.post("/graphs?default", files=[("one", ("a.csv", b"a,b", "text/csv"))], headers=BEARER)
    assert wrong.status_code == 415
    broken = {**BEARER, "Content-Type": "multipart/form-data; boundary=x"}
    assert client.post("/graphs?default", content=b"--y", headers=broken).status_code == 400


def test_what_cannot_be_read(client: httpx.Client) -> None:
    for url, status, said in cases("http/graphs_unread"):
        response = client.get(url)
        assert (str(response.status_code), response.headers["content-type"]) == (status, "application/problem+json")
        assert said in response.json()["detail"]
        assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("headers", "body", "status", "said"),
    [
        ({}, BODY, 401, "need a token"),
        ({"Authorization": "Bearer wrong"}, BODY, 401, "none of those that may write"),
        ({"Authorization": "Basic YTpi"}, BODY, 401, "need a token"),
        (LIMITED, BODY, 403, "bea may not change the graph http://e/g"),
        (BEARER, "<http://e/s> <http://e/p> .", 400, "This is not Turtle"),
        ({**BEARER, "Content-Type": "text/csv"}, BODY, 415, "not as text/csv"),
        ({**BEARER, "Content-Type": ""}, BODY, 415, "without a type"),
        ({**BEARER, "Content-Type": "text/turtle; charset=latin-1"}, BODY, 415, "UTF-8"),
        ({**BEARER, "Content-Encoding": "gzip"}, BODY, 415, "not compressed"),
        ({**BEARER, "Content-Range": "bytes 0-10/20"}, BODY, 400, "whole"),
    ],
)
def test_what_is_not_written(client: httpx.Client, headers: dict[str, str], body: str, status: int, said: str) -> None:
    response = client.put("/graphs?graph=http://e/g", content=body.encode(), headers={**TURTLE, **headers})
    assert response.status_code == status
    assert said in response.json()["detail"]
    assert client.get("/graphs?graph=http://e/g").status_code == 404
    if "Turtle" in said:
        assert (response.json()["line"], response.json()["type"].rpartition("/")[2]) == (1, "data")
    if status == 401:
        told = response.headers["www-authenticate"]
        assert told.startswith("Bearer")
        assert ('error="invalid_token"' in told) is ("none of those" in said)


def test_a_body_that_is_announced_too_large_is_not_waited_for(client: httpx.Client) -> None:
    connection = HTTPConnection("127.0.0.1", client.base_url.port, timeout=60)
    with closing(connection):
        connection.putrequest("PUT", "/graphs?default")
        announced = {"Content-Length": str(LARGEST_UPLOAD + 1), "Expect": "100-continue"}
        for name, value in {**BEARER, **TURTLE, **announced}.items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_where_nobody_may_write_graphs_are_read(small_store: Path) -> None:
    with (
        Pool(small_store, memory_bytes=2**30) as pool,
        client_of(app_of(Endpoint(pool, "d", {}, {}, lambda *_: HTMLResponse("")))) as client,
    ):
        assert len(parsed(read(client, A))) > 0
        assert client.options("/graphs").headers["allow"] == "GET, HEAD, OPTIONS"
        refused = client.put("/graphs?default", content=b"", headers={**TURTLE, **BEARER})
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert "solo lectura" in client.delete("/graphs?default", headers={"Accept-Language": "es"}).text


def test_openapi_description(client: httpx.Client) -> None:
    described = written_description(takes_writes=False)["paths"]
    assert set(described["/graphs"]) == {"get"}
    assert list(OPERATIONS["get"]["responses"]["200"]["content"]) == list(media_types(GRAPH_FORMATS))
    answers = media_types(RESULT_FORMATS + GRAPH_FORMATS)
    assert set(described["/sparql"]["post"]["responses"]["200"]["content"]) == set(answers)
    assert described["/reconcile/properties"]["get"]["parameters"][0]["schema"]["enum"] == list(KINDS)
    secured = {method for method, described in OPERATIONS.items() if described.get("security")}
    assert secured == {"put", "post", "delete"}
    for method in OPERATIONS:
        for address in ("/graphs", "/graphs?default", "/graphs?graph=http://e/tried", "/graphs?graph=http://e/none"):
            for headers in ({}, TURTLE, {**TURTLE, **BEARER}, BEARER):
                answer = client.request(method.upper(), address, headers=headers)
                assert str(answer.status_code) in OPERATIONS[method]["responses"]


def test_updates_by_body_and_by_form_are_seen_by_the_next_who_asks(client: httpx.Client) -> None:
    delete = INSERT.replace("INSERT", "DELETE")
    for headers in (BEARER, LIMITED):
        assert not ask(client)
        assert update(client, INSERT, headers).status_code == 204
        assert ask(client)
        assert client.post("/sparql", data={"update": delete}, headers=headers).status_code == 204
    assert not ask(client)
    copy = "INSERT { GRAPH <http://e/copy> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    assert update(client, copy, BEARER, **{"using-graph-uri": A}).status_code == 204
    assert len(parsed(read(client, "http://e/copy"))) == len(parsed(read(client, A))) > 0


def test_writers_may_send_larger_updates_but_no_larger_queries(client: httpx.Client) -> None:
    query = "ASK {} #" + "x" * 300_000
    headers = {"Content-Type": "application/sparql-query", **BEARER}
    assert client.post("/sparql", content=query, headers=headers).status_code == 403
    long = f"INSERT DATA {{ GRAPH <http://e/long> {{ <http://e/s> <http://e/long> '{'x' * 2_000_000}' }} }}"
    assert update(client, long).status_code == 204


def test_an_answer_that_is_kept_elsewhere_is_out_of_date_after_a_write(client: httpx.Client) -> None:
    asked = {"query": "ASK { <http://e/s> <http://e/later> 1 }"}
    first = client.get("/sparql", params=asked)
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/sparql", params=asked, headers=known).status_code == 304
    before = parsed(client.get("/sparql", headers={"Accept": "text/turtle"}))
    assert update(client, f"INSERT DATA {{ GRAPH <http://e/later> {asked['query'][4:]} }}").status_code == 204
    again = client.get("/sparql", params=asked, headers=known)
    assert (again.status_code, again.json()["boolean"]) == (200, True)
    # The service description states that updates are accepted, and lists the current graphs.
    assert (None, SD.supportedLanguage, SD.SPARQL11Update) in before
    now = parsed(client.get("/sparql", headers={"Accept": "text/turtle"}))
    new = set(now.objects(None, SD.name)) - set(before.objects(None, SD.name))
    assert {str(name) for name in new} == {"http://e/later"}


def test_the_record_of_writes_has_the_identifier_of_the_request(client: httpx.Client, folder: Path) -> None:
    assert update(client, "CLEAR SILENT DEFAULT", {**BEARER, "X-Request-ID": "first"}).status_code == 204
    assert put(client, "http://e/recorded", **{"X-Request-ID": "second"}).status_code == 201
    lines = (folder / "kept" / AUDIT).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["request"] for line in lines[-2:]] == ["first", "second"]


def test_names_that_a_write_brings_in_have_no_notice_any_more(client: httpx.Client) -> None:
    query = {"query": "ASK { ?x <http://e/noticed> ?y }"}
    assert client.get("/sparql", params=query).headers["link"].startswith("<notices?properties=http://e/noticed>")
    put(client, "http://e/noticed-graph", "<http://e/s> <http://e/noticed> 1 .")
    assert "link" not in client.get("/sparql", params=query).headers
    client.delete("/graphs", params={"graph": "http://e/noticed-graph"}, headers=BEARER)
    assert "link" in client.get("/sparql", params=query).headers
