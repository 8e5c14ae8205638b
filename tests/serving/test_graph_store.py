"""The Graph Store Protocol over HTTP: graphs are read by anybody and written by those who may."""

from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from rdflib import Graph
from rdflib.compare import isomorphic
from starlette.responses import HTMLResponse

from crmgraph.http.endpoint import Endpoint
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.graph_store import LARGEST_UPLOAD, graph_store_routes
from crmgraph.sparql import GRAPH_FORMATS, Pool
from crmgraph.sparql.formats import content_type
from tests.support.clients import client_of
from tests.support.stores import EX, build_store
from tests.support.writable import BEARER, LIMITED, writable_client

TURTLE = {"Content-Type": "text/turtle"}
A = f"{EX}a"
BODY = '@prefix : <http://e/> . :s :p "ñ"@es , [ :q 1 ] .'


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    with writable_client(tmp_path) as client:
        client.headers["Accept-Language"] = "en"
        yield client


def graph(response: httpx.Response) -> Graph:
    return Graph().parse(data=response.text, format="turtle")


def put(client: httpx.Client, iri: str, body: str = BODY, **headers: str) -> httpx.Response:
    return client.put("/graphs", params={"graph": iri}, content=body.encode(), headers={**BEARER, **TURTLE, **headers})


@pytest.mark.parametrize("each", GRAPH_FORMATS, ids=lambda each: each.short)
def test_a_graph_in_every_syntax(client: httpx.Client, each: object) -> None:
    media_type = each.media_type  # type: ignore[attr-defined]
    response = client.get("/graphs", params={"graph": A}, headers={"Accept": media_type})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type(media_type))
    assert "Accept" in response.headers["vary"]
    assert response.headers["access-control-allow-origin"] == "*"
    head = client.head("/graphs", params={"graph": A}, headers={"Accept": media_type})
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", response.headers["etag"])


def test_what_is_put_is_given_back(client: httpx.Client) -> None:
    assert put(client, "http://e/new").status_code == 201
    first = client.get("/graphs", params={"graph": "http://e/new"}, headers={"Accept": "text/turtle"})
    assert isomorphic(graph(first), Graph().parse(data=BODY, format="turtle"))
    assert put(client, "http://e/new", "<http://e/x> <http://e/y> <> .").status_code == 204
    second = client.get("/graphs", params={"graph": "http://e/new"}, headers={"Accept": "application/n-triples"})
    assert second.text == "<http://e/x> <http://e/y> <http://e/new> .\n"
    assert second.headers["etag"] != first.headers["etag"]


def test_what_one_has_is_not_sent_again_until_something_is_written(client: httpx.Client) -> None:
    def ask(tag: str) -> httpx.Response:
        return client.get("/graphs", params={"graph": A}, headers={"Accept": "text/turtle", "If-None-Match": tag})

    tag = ask('"other"').headers["etag"]
    assert ask(tag).status_code == 304
    assert ask("*").status_code == 304
    put(client, "http://e/other")
    assert ask(tag).status_code == 200
    assert client.get("/graphs", params={"graph": "http://e/none"}, headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_write_depends_on_what_it_says(client: httpx.Client, method: str) -> None:
    def write(iri: str, **conditions: str) -> int:
        headers = {**BEARER, **TURTLE, **{name.replace("_", "-"): value for name, value in conditions.items()}}
        body = "" if method == "DELETE" else "<> <http://e/new> 1 ."
        return client.request(method, "/graphs", params={"graph": iri}, content=body, headers=headers).status_code

    before = client.get("/graphs", params={"graph": A}, headers={"Accept": "application/n-triples"})
    there, missing = before.headers["etag"], "http://e/missing"
    assert write(A, If_None_Match="*") == 412
    assert write(A, If_None_Match=there) == 412
    assert write(A, If_Match='"nope"') == write(A, If_Match=there) == 412
    assert write(missing, If_Match="*") == 412
    unchanged = client.get("/graphs", params={"graph": A}, headers={"Accept": "application/n-triples"})
    assert unchanged.text == before.text
    assert client.get("/graphs", params={"graph": missing}).status_code == 404
    assert write(missing, If_None_Match="*") == (404 if method == "DELETE" else 201)
    assert write(A, If_None_Match='"other"') == 204
    assert put(client, A).is_success
    assert write(A, If_Match="*") == 204


@pytest.mark.parametrize("condition", ["If-Match: *", 'If-Match: W/"x"', "If-None-Match: {there}"])
def test_what_is_not_as_a_write_says_is_one_problem(client: httpx.Client, condition: str) -> None:
    there = client.get("/graphs", params={"graph": A}, headers={"Accept": "application/n-triples"}).headers["etag"]
    name, value = condition.format(there=there).split(": ")
    graph = "http://e/missing-still" if value == "*" else A
    headers = {**BEARER, **TURTLE, name: value, "Accept-Language": "es"}
    problem = client.put("/graphs", params={"graph": graph}, content="", headers=headers).json()
    assert (problem["status"], problem["type"].rpartition("/problem/")[2]) == (412, "precondition")
    assert problem["title"] == "No se cumple la condición de la petición"
    assert problem["detail"].endswith(("No se cambió nada.", "envíe If-Match: *."))


def test_a_part_of_a_graph_is_not_taken_for_the_whole(client: httpx.Client) -> None:
    response = put(client, A, **{"Content-Range": "bytes 0-10/20"})
    assert (response.status_code, "whole" in response.json()["detail"]) == (400, True)


def test_a_token_that_is_not_known_is_told_from_none(client: httpx.Client) -> None:
    assert 'error="invalid_token"' in put(client, A, Authorization="Bearer x").headers["www-authenticate"]
    assert "error" not in client.put("/graphs", params={"graph": A}).headers["www-authenticate"]


def test_a_statement_about_a_statement_is_no_json_ld(client: httpx.Client) -> None:
    assert put(client, "http://e/new", "<http://e/a> <http://e/b> <<( <http://e/a> <http://e/b> 1 )>> .").is_success
    said = client.get("/graphs", params={"graph": "http://e/new"}, headers={"Accept": "application/ld+json"})
    assert (said.status_code, "JSON-LD cannot write" in said.json()["detail"]) == (406, True)
    assert "<<(" in client.get("/graphs", params={"graph": "http://e/new"}).text


def test_a_large_graph_is_sent_by_parts(client: httpx.Client) -> None:
    many = "".join(f'<http://e/{n}> <http://e/p> "{"x" * 100}" .\n' for n in range(20_000))
    assert put(client, "http://e/many", many).is_success
    said = client.get("/graphs", params={"graph": "http://e/many"}, headers={"Accept": "application/n-triples"})
    assert said.headers["transfer-encoding"] == "chunked"
    assert sorted(said.text.splitlines()) == sorted(many.splitlines())


def test_a_graph_is_added_to(client: httpx.Client) -> None:
    before = len(graph(client.get("/graphs", params={"graph": A})))
    for status in (204, 204):
        response = client.post("/graphs", params={"graph": A}, content=BODY.encode(), headers={**BEARER, **TURTLE})
        assert response.status_code == status
    assert len(graph(client.get("/graphs", params={"graph": A}))) == before + 5, "a node without a name is another one"


def test_a_new_graph_gets_an_address(client: httpx.Client) -> None:
    response = client.post("/graphs", content=BODY.encode(), headers={**BEARER, **TURTLE})
    assert response.status_code == 201
    location = response.headers["location"]
    assert location.startswith(f"{client.base_url}/graphs/")
    assert len(graph(client.get(location))) == 3
    assert client.delete(location, headers=BEARER).status_code == 204
    assert client.get(location).status_code == 404


def test_a_graph_is_named_by_its_address_as_it_is_sent(client: httpx.Client) -> None:
    written = client.put("/graphs/a%20b/c%2Fd", content=BODY.encode(), headers={**BEARER, **TURTLE})
    assert written.status_code == 201
    name = f"{client.base_url}/graphs/a%20b/c%2Fd"
    assert client.get("/graphs", params={"graph": name}).status_code == 200
    assert client.get("/graphs/a%20b/c/d").status_code == 404


def test_the_default_graph_is_the_one_without_a_name(client: httpx.Client) -> None:
    def nameless() -> Graph:
        return graph(client.get("/graphs?default"))

    before = nameless()
    assert client.put("/graphs?default", content=BODY.encode(), headers={**BEARER, **TURTLE}).status_code == 204
    assert len(nameless()) == 3
    assert client.delete("/graphs?default", headers=BEARER).status_code == 204
    assert len(nameless()) == 0 <= len(before)


def test_a_body_in_parts(client: httpx.Client) -> None:
    parts = [
        ("one", ("one.ttl", b"<http://e/1> <http://e/p> 1 .", "text/turtle")),
        ("two", ("two.nt", '<http://e/2> <http://e/p> "ñ" .\n'.encode(), "application/n-triples; charset=utf-8")),
    ]
    response = client.post("/graphs", params={"graph": "http://e/parts"}, files=parts, headers=BEARER)
    assert response.status_code == 201
    assert len(graph(client.get("/graphs", params={"graph": "http://e/parts"}))) == 2
    wrong = client.post("/graphs?default", files=[("one", ("a.csv", b"a,b", "text/csv"))], headers=BEARER)
    assert wrong.status_code == 415
    broken = {**BEARER, "Content-Type": "multipart/form-data; boundary=x"}
    assert client.post("/graphs?default", content=b"--y", headers=broken).status_code == 400


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        ("/graphs", 400, "Name the graph"),
        ("/graphs?graph=relative", 400, "absolute IRI"),
        ("/graphs?graph=", 400, "absolute IRI"),
        ("/graphs?default=yes", 400, "no value"),
        ("/graphs?default&graph=http://e/g", 400, "More than one"),
        ("/graphs?graph=http://e/g&graph=http://e/h", 400, "More than one"),
        ("/graphs?grpah=http://e/g", 400, "no parameter grpah"),
        ("/graphs?graph=%FF", 400, "cannot be read"),
        ("/graphs?graph=http://e/none", 404, "no graph http://e/none"),
        ("/graphs/none", 404, "no graph http://"),
        ("/graphs?graph=http://e/x%3E%20%7B%7D", 400, "absolute IRI"),
    ],
)
def test_what_cannot_be_read(client: httpx.Client, url: str, status: int, said: str) -> None:
    response = client.get(url)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
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
    ],
)
def test_what_is_not_written(client: httpx.Client, headers: dict[str, str], body: str, status: int, said: str) -> None:
    response = client.put("/graphs?graph=http://e/g", content=body.encode(), headers={**TURTLE, **headers})
    assert response.status_code == status
    assert said in response.json()["detail"]
    assert client.get("/graphs?graph=http://e/g").status_code == 404
    if status == 401:
        assert response.headers["www-authenticate"].startswith("Bearer")


def test_the_place_of_a_mistake_is_told(client: httpx.Client) -> None:
    problem = put(client, "http://e/g", "<http://e/s> <http://e/p> 1 .\n<http://e/s> ; .").json()
    assert (problem["line"], problem["type"].rpartition("/")[2]) == (2, "data")


def test_one_writes_where_one_may(client: httpx.Client) -> None:
    url = "/graphs?graph=http://e/bea/plan"
    assert client.put(url, content=BODY.encode(), headers={**TURTLE, **LIMITED}).status_code == 201
    assert client.delete(url, headers=LIMITED).status_code == 204
    assert client.delete(url, headers=LIMITED).status_code == 404
    assert client.delete("/graphs", params={"graph": A}, headers=LIMITED).status_code == 403


def test_a_body_that_is_announced_too_large_is_not_waited_for(client: httpx.Client) -> None:
    connection = HTTPConnection("127.0.0.1", client.base_url.port, timeout=10)
    with closing(connection):
        connection.putrequest("PUT", "/graphs?default")
        announced = {"Content-Length": str(LARGEST_UPLOAD + 1), "Expect": "100-continue"}
        for name, value in {**BEARER, **TURTLE, **announced}.items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_methods(client: httpx.Client) -> None:
    assert client.options("/graphs").headers["allow"] == "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    refused = client.patch("/graphs?default")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, PUT, POST, DELETE, OPTIONS")


def test_where_nobody_may_write_graphs_are_read(tmp_path: Path) -> None:
    app = FastAPI()
    with Pool(build_store(tmp_path / "store"), memory_bytes=2**30) as pool:
        app.router.routes.extend(graph_store_routes(Endpoint(pool, "d", {}, {}, lambda *_: HTMLResponse(""))))
        add_problem_handlers(app)
        with client_of(app) as client:
            assert len(graph(client.get("/graphs", params={"graph": A}))) > 0
            assert client.options("/graphs").headers["allow"] == "GET, HEAD, OPTIONS"
            refused = client.put("/graphs?default", content=b"", headers={**TURTLE, **BEARER})
            assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
            assert "solo lectura" in client.delete("/graphs?default", headers={"Accept-Language": "es"}).text
