"""The endpoint over HTTP, as clients of every kind use it."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from rdflib import RDF, Graph, Namespace, URIRef
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crmgraph.http.endpoint import Endpoint
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.protocol import protocol_routes
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Pool
from crmgraph.sparql.formats import content_type
from tests.support.clients import client_of
from tests.support.stores import EX, GRAPHS, build_store

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SELECT = f"SELECT ?age {{ <{EX}ana> <{EX}age> ?age }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ ?who <{EX}age> ?age }}"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
COMUNICA = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/turtle;q=0.6,text/html;q=0.2"
FORM = "application/x-www-form-urlencoded"


def make_app(pool: Pool, digest: str = "first") -> FastAPI:
    def workbench(request: Request, _: Event) -> HTMLResponse:
        return HTMLResponse(f"<h1>Workbench</h1>{request.query_params.get('query', '')}")

    app = FastAPI()
    app.router.routes.extend(protocol_routes(Endpoint(pool, digest, GRAPHS, {"ex": EX}, workbench, seconds=10)))
    add_problem_handlers(app)
    return app


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    store: Path = build_store(tmp_path_factory.mktemp("protocol") / "store")
    with Pool(store, memory_bytes=2**30) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(pool: Pool) -> Iterator[httpx.Client]:
    with client_of(make_app(pool)) as client:
        yield client


def get(client: httpx.Client, query: str | None = None, accept: str = "*/*", **parameters: str) -> httpx.Response:
    given = parameters if query is None else {"query": query, **parameters}
    return client.get("/sparql", params=given, headers={"Accept": accept, "Accept-Language": "en"})


def post(client: httpx.Client, body: str | bytes, kind: str, url: str = "/sparql", **headers: str) -> httpx.Response:
    return client.post(url, content=body, headers={"Content-Type": kind, "Accept-Language": "en", **headers})


def ages(response: httpx.Response) -> list[str]:
    return [row["age"]["value"] for row in response.json()["results"]["bindings"]]


def test_the_three_ways_to_ask(client: httpx.Client) -> None:
    assert ages(get(client, SELECT)) == ["42"]
    assert ages(post(client, urlencode({"query": SELECT}), FORM)) == ["42"]
    assert ages(post(client, SELECT, "application/sparql-query")) == ["42"]


@pytest.mark.parametrize("each", RESULT_FORMATS, ids=lambda each: each.short)
def test_every_table_syntax_by_accept_and_by_format(client: httpx.Client, each: object) -> None:
    media_type, short = each.media_type, each.short  # type: ignore[attr-defined]
    accepted, named = get(client, SELECT, media_type), get(client, SELECT, "text/turtle", format=short)
    assert accepted.headers["content-type"] == named.headers["content-type"] == content_type(media_type)
    assert accepted.content == named.content
    assert b"42" in accepted.content
    assert named.headers["content-disposition"] == f'inline; filename="answer.{short}"'
    assert "content-disposition" not in accepted.headers


@pytest.mark.parametrize("each", GRAPH_FORMATS, ids=lambda each: each.short)
def test_every_graph_syntax_by_accept_and_by_format(client: httpx.Client, each: object) -> None:
    media_type, short = each.media_type, each.short  # type: ignore[attr-defined]
    accepted, named = get(client, CONSTRUCT, media_type), get(client, CONSTRUCT, "text/csv", format=short)
    assert accepted.headers["content-type"] == named.headers["content-type"] == content_type(media_type)
    assert accepted.content == named.content
    assert b"42" in accepted.content


def test_turtle_is_abbreviated_by_our_prefixes(client: httpx.Client) -> None:
    assert get(client, CONSTRUCT).text == f"@prefix ex: <{EX}> .\n\nex:ana ex:age 42 .\n"


def test_plain_json_is_answered_as_such(client: httpx.Client) -> None:
    response = get(client, SELECT, "application/json")
    assert response.headers["content-type"] == "application/json"
    assert ages(response) == ["42"]


@pytest.mark.parametrize(
    ("query", "accept", "parameters"),
    [
        (SELECT, "image/png", {}),
        (SELECT, "text/turtle", {}),
        (SELECT, "image/png", {"format": "ttl"}),
        (CONSTRUCT, "text/csv", {}),
        (CONSTRUCT, "image/png", {"format": "csv"}),
        ("ASK {}", "application/n-triples", {}),
        (None, "image/png", {}),
    ],
)
def test_nothing_fits(client: httpx.Client, query: str | None, accept: str, parameters: dict[str, str]) -> None:
    response = get(client, query, accept, **parameters)
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "text/" in response.json()["detail"]


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    for accept in ("text/csv", "text/turtle"):
        query = SELECT if accept == "text/csv" else CONSTRUCT
        whole = get(client, query, accept)
        head = client.head("/sparql", params={"query": query}, headers={"Accept": accept})
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "content-length", "etag", "vary"):
            assert head.headers[name] == whole.headers[name]
    assert client.head("/sparql", params={"query": "SELECT"}).status_code == 400
    assert client.head("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"


def test_options(client: httpx.Client) -> None:
    for headers in ({}, {"Origin": "http://elsewhere", "Access-Control-Request-Method": "POST"}):
        response = client.options("/sparql", headers=headers)
        assert response.status_code == 204
        assert response.headers["access-control-allow-origin"] == "*"
        assert "POST" in response.headers["access-control-allow-methods"]
        assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods(client: httpx.Client, method: str) -> None:
    response = client.request(method, "/sparql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert response.headers["access-control-allow-origin"] == "*"


def test_a_dataset_beside_the_query(client: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?age) { ?s ?p ?o }"
    assert ages(get(client, query, **{"default-graph-uri": f"{EX}a"})) == ["4"]
    assert ages(get(client, query, **{"named-graph-uri": f"{EX}a"})) == ["0"]
    url = "/sparql?" + urlencode({"default-graph-uri": f"{EX}b"})
    assert ages(post(client, query, "application/sparql-query", url)) == ["3"]
    assert ages(post(client, urlencode({"query": query, "default-graph-uri": f"{EX}b"}), FORM)) == ["3"]
    for wrong in ("relative", "", "http://e/a b", "http://e/<a>"):
        assert get(client, query, **{"default-graph-uri": wrong}).status_code == 400


def test_a_syntax_error_says_where_in_the_language_of_the_client(client: httpx.Client) -> None:
    query = "SELECT *\nWHERE { ?s ?p }"
    for language, detail in (("en", "Line 2, column 15: } is not"), ("es", "Línea 2, columna 15: aquí no se espera }")):
        response = client.get("/sparql", params={"query": query}, headers={"Accept-Language": language})
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert (problem["line"], problem["column"]) == (2, 15)
        assert problem["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("INSERT DATA { <a:> <b:> <c:> }", "application/sparql-update", 403),
        (urlencode({"update": "CLEAR ALL"}), FORM, 403),
        ("CLEAR ALL", "application/sparql-query", 400),
        ("ASK {}", "text/plain", 415),
        ("", FORM, 400),
        ("query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),
        (b"ASK { ?s ?p '\xff' }", "application/sparql-query", 400),
        ("ASK {}".ljust(2**20 + 1), "application/sparql-query", 413),
        ("ASK {}".ljust(2**20), "application/sparql-query", 403),
        ("ASK { SERVICE <http://e/> {} }", "application/sparql-query", 403),
    ],
)
def test_what_is_refused(client: httpx.Client, body: str | bytes, kind: str, status: int) -> None:
    response = post(client, body, kind)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.json()["status"] == status


def test_a_get_is_answered_once(client: httpx.Client) -> None:
    first = get(client, SELECT, "text/csv")
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    for given in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get("/sparql", params={"query": SELECT}, headers={"Accept": "text/csv", "If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert "Accept" in again.headers["vary"]
        assert again.headers["access-control-allow-origin"] == "*"
    for given in ('"other"', "other", tag.strip('W/"'), ""):
        again = client.get("/sparql", params={"query": SELECT}, headers={"Accept": "text/csv", "If-None-Match": given})
        assert again.status_code == 200


def test_a_tag_is_of_one_answer_in_one_syntax_from_one_dataset(client: httpx.Client, pool: Pool) -> None:
    tags = [
        get(client, SELECT).headers["etag"],
        get(client, SELECT, "text/csv").headers["etag"],
        get(client, SELECT + " ").headers["etag"],
        get(client, SELECT, **{"default-graph-uri": f"{EX}a"}).headers["etag"],
        get(client, SELECT, **{"named-graph-uri": f"{EX}a"}).headers["etag"],
        get(client, CONSTRUCT).headers["etag"],
        get(client).headers["etag"],
        get(client, accept="application/n-triples").headers["etag"],
    ]
    assert len(set(tags)) == len(tags)
    assert get(client, SELECT, timeout="5").headers["etag"] == tags[0]
    with client_of(make_app(pool, digest="second")) as other:
        assert get(other, SELECT).headers["etag"] not in tags


def test_any_tag_does_not_make_an_error_an_answer(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT"}, headers={"If-None-Match": "*"})
    assert response.status_code == 400
    assert "etag" not in response.headers


def test_what_is_new_every_time_is_not_kept(client: httpx.Client) -> None:
    response = get(client, "SELECT (NOW() AS ?age) {}")
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


def test_a_post_has_no_tag(client: httpx.Client) -> None:
    response = post(client, SELECT, "application/sparql-query", **{"If-None-Match": "*"})
    assert response.status_code == 200
    assert "etag" not in response.headers


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "text/turtle, text/html;q=0.9", COMUNICA])
def test_without_a_query_it_tells_of_itself(client: httpx.Client, accept: str) -> None:
    response = get(client, accept=accept)
    url = URIRef(f"{client.base_url}/sparql")
    kind = "nt" if accept == COMUNICA else "turtle"
    assert response.headers["content-type"].startswith("application/n-quads" if kind == "nt" else "text/turtle")
    graph = Graph().parse(data=response.content, format=kind)
    assert (url, RDF.type, SD.Service) in graph
    assert len(set(graph.subjects(RDF.type, SD.NamedGraph))) == len(GRAPHS)
    again = client.get("/sparql", headers={"Accept": accept, "If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


def test_its_description_by_format(client: httpx.Client) -> None:
    response = get(client, accept="text/html", format="jsonld")
    assert response.headers["content-type"] == "application/ld+json"
    assert json.loads(response.content)


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_a_client_that_wants_a_table_forgot_the_query(client: httpx.Client, accept: str) -> None:
    response = get(client, accept=accept)
    assert response.status_code == 400
    assert "query is missing" in response.json()["detail"]


def test_a_browser_sees_the_workbench_with_the_query_of_its_address(client: httpx.Client) -> None:
    response = get(client, accept=BROWSER)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.text == "<h1>Workbench</h1>"
    assert "Accept" in response.headers["vary"]
    assert get(client, "ASK {}", BROWSER).text == "<h1>Workbench</h1>ASK {}"
    assert get(client, "ASK {}", BROWSER, format="csv").text == "true"


@pytest.mark.parametrize("format", ["xml", "turtle", "sparql-results+json"])
def test_a_format_that_cannot_write_the_answer_leaves_the_choice_to_accept(client: httpx.Client, format: str) -> None:
    response = get(client, CONSTRUCT, "application/rdf+xml", format=format)
    assert response.headers["content-type"] == "application/rdf+xml"
    assert response.text.startswith("<?xml")
    assert "answer.xml" not in response.headers.get("content-disposition", "")
