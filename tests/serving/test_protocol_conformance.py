"""The cases of SPARQL 1.1 Protocol that its own test suite names, asked of our endpoint."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi import FastAPI
from pyoxigraph import Literal, NamedNode, Quad, Store
from starlette.responses import HTMLResponse

from crmgraph.http.endpoint import Endpoint
from crmgraph.http.errors import add_problem_handlers
from crmgraph.http.protocol import protocol_routes
from crmgraph.sparql import Pool
from tests.support.clients import client_of

G = [f"http://example.org/graphs/{number}" for number in range(4)]
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("conformance") / "store"
    store = Store(path)
    store.extend(Quad(NamedNode(g), NamedNode("http://e/p"), Literal("x"), NamedNode(g)) for g in G)
    store.flush()
    del store
    app = FastAPI()
    with Pool(path, memory_bytes=2**30) as pool:
        app.router.routes.extend(protocol_routes(Endpoint(pool, "d", {}, {}, lambda *_: HTMLResponse("workbench"))))
        add_problem_handlers(app)
        with client_of(app) as client:
            yield client


Parameters = list[tuple[str, str | int | float | bool | None]]


def dataset(*, default: tuple[int, ...] = (), named: tuple[int, ...] = ()) -> Parameters:
    return [*(("default-graph-uri", G[n]) for n in default), *(("named-graph-uri", G[n]) for n in named)]


IN_DEFAULT = f"ASK {{ <{G[1]}> ?p ?x . <{G[2]}> ?q ?y }}"
IN_NAMED = f"ASK {{ GRAPH ?g {{ <{G[1]}> ?p ?x }} GRAPH ?h {{ <{G[2]}> ?q ?y }} }}"
IN_BOTH = f"ASK {{ <{G[3]}> ?r ?z GRAPH ?g {{ <{G[1]}> ?p ?x }} GRAPH ?h {{ <{G[2]}> ?q ?y }} }}"
TRUE: dict[str, tuple[str, Parameters, str, str]] = {
    "query_get": ("GET", [("query", "ASK {}"), *dataset(default=(0,))], "", ""),
    "query_post_form": ("POST", dataset(default=(0,)), urlencode({"query": "ASK {}"}), FORM),
    "query_post_direct": ("POST", dataset(default=(0,)), "ASK {}", QUERY),
    "query_dataset_default_graphs_get": ("GET", [("query", IN_DEFAULT), *dataset(default=(1, 2))], "", ""),
    "query_dataset_default_graphs_post": ("POST", dataset(default=(1, 2)), IN_DEFAULT, QUERY),
    "query_dataset_named_graphs_get": ("GET", [("query", IN_NAMED), *dataset(named=(1, 2))], "", ""),
    "query_dataset_named_graphs_post": ("POST", dataset(named=(1, 2)), IN_NAMED, QUERY),
    "query_dataset_full": ("POST", dataset(default=(3,), named=(1, 2)), IN_BOTH, QUERY),
    "query_multiple_dataset": ("POST", dataset(named=(1, 2)), IN_NAMED.replace("ASK", f"ASK FROM <{G[3]}>"), QUERY),
}


@pytest.mark.parametrize("name", TRUE)
def test_true(client: httpx.Client, name: str) -> None:
    method, parameters, body, kind = TRUE[name]
    headers = {"Content-Type": kind} if kind else {}
    response = client.request(method, "/sparql", params=parameters, content=body or None, headers=headers)
    assert response.status_code == 200
    assert response.json()["boolean"] is True


@pytest.mark.parametrize("query", [IN_DEFAULT, IN_NAMED, IN_BOTH])
@pytest.mark.parametrize("parameters", [dataset(default=(0,)), dataset(named=(0,)), dataset(default=(1,), named=(1,))])
def test_the_same_queries_are_false_of_other_datasets(client: httpx.Client, query: str, parameters: Parameters) -> None:
    response = client.post("/sparql", params=parameters, content=query, headers={"Content-Type": QUERY})
    assert response.json()["boolean"] is False


@pytest.mark.parametrize(
    ("query", "media_types"),
    [
        ("SELECT (1 AS ?value) {}", {"application/sparql-results+json", "application/sparql-results+xml"}),
        ("ASK {}", {"application/sparql-results+json", "application/sparql-results+xml"}),
        ("DESCRIBE <http://example.org/>", {"text/turtle", "application/rdf+xml"}),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", {"text/turtle", "application/rdf+xml"}),
    ],
    ids=["query_content_type_select", "_ask", "_describe", "_construct"],
)
def test_content_type(client: httpx.Client, query: str, media_types: set[str]) -> None:
    response = client.post("/sparql", content=query, headers={"Content-Type": QUERY})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] in media_types


BAD = {
    "bad_query_method": ("PUT", "?query=ASK%20%7B%7D", b"", ""),
    "bad_multiple_queries": ("GET", "?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", b"", ""),
    "bad_query_wrong_media_type": ("POST", "", b"ASK {}", "text/plain"),
    "bad_query_missing_form_type": ("POST", "", b"query=" + quote("ASK {}").encode(), ""),
    "bad_query_missing_direct_type": ("POST", "", b"ASK {}", ""),
    "bad_query_non_utf8": ("POST", "", "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16"),
    "bad_query_syntax": ("GET", "?query=ASK%20%7B", b"", ""),
    "bad_update_get": ("GET", "?update=CLEAR%20NAMED", b"", ""),
    "bad_update_media_type": ("POST", "", b"CLEAR NAMED", "text/plain"),
    "bad_update_missing_form_type": ("POST", "", b"update=CLEAR%20NAMED", ""),
    "bad_update_non_utf8": ("POST", "", "CLEAR NAMED".encode("utf-16"), f"{UPDATE}; charset=UTF-16"),
    "bad_update_syntax": ("POST", "", urlencode({"update": "CLEAR XYZ"}).encode(), FORM),
}


@pytest.mark.parametrize("name", BAD)
def test_bad(client: httpx.Client, name: str) -> None:
    method, url, body, kind = BAD[name]
    response = client.request(method, f"/sparql{url}", content=body, headers={"Content-Type": kind} if kind else {})
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"] == "application/problem+json"


def test_a_relative_iri_is_relative_to_the_endpoint(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "CONSTRUCT { <s> <p> 1 } WHERE {}"})
    assert response.text == f"<{client.base_url}/s> <{client.base_url}/p> 1 .\n"
