"""The SPARQL 1.1 Protocol over HTTP: parameters, formats, caching, errors and the service description."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi import FastAPI
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crmgraph.caching import SizedCache
from crmgraph.http.endpoint import Endpoint
from crmgraph.sparql.engine import Answer
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS, content_type
from crmgraph.sparql.pool import Pool
from tests.support.cases import cases
from tests.support.clients import app_of, client_of
from tests.support.stores import EX, GRAPHS
from tests.support.waiting import wait_for

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
SELECT = f"SELECT ?age {{ <{EX}ana> <{EX}age> ?age }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ ?who <{EX}age> ?age }}"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
COMUNICA = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/turtle;q=0.6,text/html;q=0.2"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
MEBIBYTE = 2**20


def make_app(pool: Pool, digest: str = "first", seconds: float = 10) -> FastAPI:
    def workbench(request: Request, _: Event) -> HTMLResponse:
        return HTMLResponse(f"<h1>Workbench</h1>{request.query_params.get('query', '')}")

    return app_of(Endpoint(pool, digest, GRAPHS, {"ex": EX}, workbench, seconds=seconds))


@pytest.fixture(scope="module")
def pool(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**30) as pool:
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


@pytest.mark.parametrize("text", ["42", "é + & = %20 %2525 # ?query=", "\\u00F1 😀 ;", "x" * 5_000])
def test_the_three_ways_to_ask(client: httpx.Client, text: str) -> None:
    query = f"SELECT ('{text}' AS ?age) {{}}"
    said = [text.replace("\\u00F1", "ñ")]
    assert ages(get(client, query)) == said
    assert ages(client.get(f"/sparql?query={quote(query, safe='')}")) == said
    assert ages(post(client, urlencode({"query": query}), FORM)) == said
    assert ages(post(client, query, QUERY)) == said


def test_every_syntax_by_accept_and_by_format(client: httpx.Client) -> None:
    for query, formats, other in ((SELECT, RESULT_FORMATS, "text/turtle"), (CONSTRUCT, GRAPH_FORMATS, "text/csv")):
        for each in formats:
            accepted, named = get(client, query, each.media_type), get(client, query, other, format=each.short)
            assert accepted.headers["content-type"] == named.headers["content-type"] == content_type(each.media_type)
            assert accepted.content == named.content
            assert b"42" in accepted.content
            assert named.headers["content-disposition"] == f'inline; filename="answer.{each.short}"'
            assert "content-disposition" not in accepted.headers
    assert get(client, CONSTRUCT).text == f"@prefix ex: <{EX}> .\n\nex:ana ex:age 42 .\n"
    plain = get(client, SELECT, "application/json")
    assert (plain.headers["content-type"], ages(plain)) == ("application/json", ["42"])
    # If the parameter `format` does not suit the form of the query, Accept decides.
    for short in ("xml", "turtle", "sparql-results+json"):
        response = get(client, CONSTRUCT, "application/rdf+xml", format=short)
        assert response.headers["content-type"] == "application/rdf+xml"
        assert "answer.xml" not in response.headers.get("content-disposition", "")


def test_relative_iris_are_relative_to_the_endpoint(client: httpx.Client) -> None:
    response = get(client, "CONSTRUCT { <s> <p> 1 } WHERE {}")
    assert response.text == f"<{client.base_url}/s> <{client.base_url}/p> 1 .\n"


@pytest.mark.parametrize(
    ("query", "accept", "parameters"),
    [
        (SELECT, "text/turtle", {}),
        (SELECT, "image/png", {"format": "ttl"}),
        (CONSTRUCT, "text/csv", {}),
        ("ASK {}", "application/n-triples", {}),
        (None, "image/png", {}),
    ],
)
def test_nothing_fits(client: httpx.Client, query: str | None, accept: str, parameters: dict[str, str]) -> None:
    response = get(client, query, accept, **parameters)
    assert (response.status_code, response.headers["content-type"]) == (406, "application/problem+json")
    assert response.headers["access-control-allow-origin"] == "*"
    assert "text/" in response.json()["detail"]


def test_methods(client: httpx.Client) -> None:
    for accept, query in (("text/csv", SELECT), ("text/turtle", CONSTRUCT)):
        whole = get(client, query, accept)
        head = client.head("/sparql", params={"query": query}, headers={"Accept": accept})
        assert (head.status_code, head.content) == (200, b"")
        for name in ("content-type", "content-length", "etag", "vary"):
            assert head.headers[name] == whole.headers[name]
    assert client.head("/sparql", params={"query": "SELECT"}).status_code == 400
    assert client.head("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"
    for headers in ({}, {"Origin": "http://elsewhere", "Access-Control-Request-Method": "POST"}):
        response = client.options("/sparql", headers=headers)
        assert (response.status_code, response.content) == (204, b"")
        assert response.headers["access-control-allow-origin"] == "*"
        methods = response.headers["access-control-allow-methods"]
        assert methods == response.headers["allow"] == "GET, HEAD, POST, OPTIONS"
        assert "Content-Type" in response.headers["access-control-allow-headers"]
        assert response.headers["access-control-max-age"] == "86400"
    for method in ("PUT", "DELETE", "TRACE", "PROPFIND"):
        refused = client.request(method, "/sparql")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
        assert refused.headers["access-control-allow-origin"] == "*"
    answer = get(client, SELECT)
    assert {"ETag", "Content-Language"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_dataset_beside_the_query(client: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?age) { ?s ?p ?o }"
    assert ages(get(client, query, **{"named-graph-uri": f"{EX}a"})) == ["0"]
    url = "/sparql?" + urlencode({"default-graph-uri": f"{EX}b"})
    assert ages(post(client, query, QUERY, url)) == ["3"]
    # The graphs named in the body and in the URL form one dataset; they have one triple in common.
    assert ages(post(client, urlencode({"query": query, "default-graph-uri": f"{EX}a"}), FORM, url)) == ["6"]
    for wrong in ("relative", "http://e/a b", "http://e/<a>"):
        assert get(client, query, **{"default-graph-uri": wrong}).status_code == 400


REFUSED: list[tuple[str, str | bytes, str, str, str]] = [
    *((url, body, kind, status, said) for url, body, kind, status, said in cases("http/refused")),
    ("", b"query=%C3", FORM, "400", "not in UTF-8"),
    ("", "ASK { ?s ?p 'é' }".encode("latin-1"), QUERY, "400", "not in UTF-8"),
    ("", b"\xff", UPDATE, "400", "not in UTF-8"),
    ("?query=ASK" + "&a=" * 1_000, "", "", "400", "parameters"),
    ("", "ASK {}".ljust(MEBIBYTE + 1), QUERY, "413", str(MEBIBYTE)),
    ("", "query=".ljust(MEBIBYTE + 1, "x"), FORM, "413", str(MEBIBYTE)),
    ("", "ASK {}".ljust(MEBIBYTE), QUERY, "403", ""),
]
"""Address, body, its type, the status, and words of the answer."""


def test_refused_requests(client: httpx.Client) -> None:
    missed = []
    for url, body, kind, status, said in REFUSED:
        method = "POST" if body or kind else "GET"
        content = body.encode() if isinstance(body, str) else body
        headers = {"Accept-Language": "en", **({"Content-Type": kind} if kind else {})}
        response = client.request(method, f"/sparql{url}", content=content, headers=headers)
        is_problem = response.headers["content-type"] == "application/problem+json"
        is_readable = response.headers["access-control-allow-origin"] == "*"
        if not (
            is_problem and is_readable and str(response.status_code) == status and said in response.json()["detail"]
        ):
            missed.append((method, url[:80], body[:80], kind, response.status_code, response.text[:200]))
    assert missed == []


def test_bodies_of_types_and_codings_that_are_not_read_say_which_are(client: httpx.Client) -> None:
    refused = post(client, "ASK {}", "text/plain")
    assert refused.headers["accept-post"] == f"{FORM}, {QUERY}, {UPDATE}"
    for coding in ("gzip", "identity, gzip"):
        refused = post(client, "ASK {}", QUERY, **{"Content-Encoding": coding})
        assert (refused.status_code, refused.headers["accept-encoding"]) == (415, "identity")
    assert post(client, "ASK {}", f"{QUERY}; charset=UTF-8", **{"Content-Encoding": "Identity"}).status_code == 200


def test_time_limit_is_never_above_the_server_s(pool: Pool) -> None:
    with client_of(make_app(pool, seconds=2)) as client:
        for timeout, limit in (("1e9", "2"), ("0.5", "0.5")):
            # There is a process that waits, so that the time limit is not spent on its start.
            wait_for(lambda: get(client, "ASK {}").status_code == 200)
            refused = get(client, RUNAWAY, timeout=timeout)
            assert (refused.status_code, f"longer than {limit} s" in refused.json()["detail"]) == (503, True)


def test_answers_are_not_sent_again_to_clients_that_have_them(client: httpx.Client) -> None:
    first = get(client, SELECT, "text/csv")
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    assert tag.startswith('W/"')

    def again(given: str) -> httpx.Response:
        headers = {"Accept": "text/csv", "If-None-Match": given}
        return client.get("/sparql", params={"query": SELECT}, headers=headers)

    for given in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        same = again(given)
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
        assert "Accept" in same.headers["vary"]
        assert same.headers["access-control-allow-origin"] == "*"
    for given in ('"other"', "other", tag.strip('W/"'), ""):
        assert again(given).status_code == 200
    wrong = client.get("/sparql", params={"query": "SELECT"}, headers={"If-None-Match": "*"})
    assert (wrong.status_code, "etag" in wrong.headers) == (400, False)
    new = get(client, "SELECT (NOW() AS ?age) {}")
    assert (new.headers["cache-control"], "etag" in new.headers) == ("no-store", False)
    posted = post(client, SELECT, QUERY, **{"If-None-Match": "*"})
    assert (posted.status_code, "etag" in posted.headers) == (200, False)


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


@pytest.mark.parametrize(
    ("accept", "parser"),
    [("*/*", "turtle"), ("text/turtle, text/html;q=0.9", "turtle"), (COMUNICA, "nt"), ("application/rdf+xml", "xml")],
)
def test_without_a_query_it_describes_itself(client: httpx.Client, accept: str, parser: str) -> None:
    response = get(client, accept=accept)
    service = URIRef(f"{client.base_url}/sparql")
    graph = Graph().parse(data=response.content, format=parser)
    assert (service, RDF.type, SD.Service) in graph
    assert (service, SD.endpoint, service) in graph
    assert set(graph.objects(service, SD.supportedLanguage)) == {SD.SPARQLQuery, SD.SPARQL11Query}
    assert set(graph.objects(service, SD.feature)) == {SD.UnionDefaultGraph}
    assert set(graph.objects(service, SD.resultFormat)) == {URIRef(f.iri) for f in RESULT_FORMATS + GRAPH_FORMATS}
    dataset = graph.value(service, SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in graph
    assert (graph.value(dataset, SD.defaultGraph), RDF.type, SD.Graph) in graph
    sizes = {}
    for named in graph.objects(dataset, SD.namedGraph):
        assert (named, RDF.type, SD.NamedGraph) in graph
        sizes[str(graph.value(named, SD.name))] = graph.value(graph.value(named, SD.graph), VOID.triples)
    assert sizes == {iri: Literal(size) for iri, size in GRAPHS.items()}
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]
    again = client.get("/sparql", headers={"Accept": accept, "If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    assert get(client, accept=accept).content == response.content


def test_it_has_the_version_and_the_extension_that_it_declares(client: httpx.Client) -> None:
    graph = Graph().parse(data=get(client, accept="text/turtle").content, format="turtle")
    versions = {str(version).rpartition("-1.")[2] for version in graph.objects(None, SD.supportedVersion)}
    assert versions == {"1", "2-basic", "2"}
    [extension] = graph.objects(None, SD.languageExtension)
    assert graph.value(extension, RDFS.label) == Literal("LATERAL")
    counts = get(client, "SELECT * { VALUES ?x { 1 2 } LATERAL { SELECT ?x (?x + 1 AS ?y) {} } }", "text/csv")
    assert sorted(counts.text.split()) == ["1,2", "2,3", "x,y"]
    terms = 'VERSION "1.2" ASK { BIND (<<( <a:s> <a:p> "a"@en--ltr )>> AS ?t) FILTER (LANGDIR(OBJECT(?t)) = "ltr") }'
    assert get(client, terms, "text/csv").text == "true"


def test_requests_without_a_query(client: httpx.Client) -> None:
    described = get(client, accept="text/html", format="jsonld")
    assert described.headers["content-type"] == "application/ld+json"
    assert json.loads(described.content)
    for accept in ("application/sparql-results+json", "text/csv"):
        missing = get(client, accept=accept)
        assert (missing.status_code, "query is missing" in missing.json()["detail"]) == (400, True)
    page = get(client, accept=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text == "<h1>Workbench</h1>"
    assert "Accept" in page.headers["vary"]
    assert get(client, "ASK {}", BROWSER).text == "<h1>Workbench</h1>ASK {}"
    assert get(client, "ASK {}", BROWSER, format="csv").text == "true"


def test_answers_lead_to_notices_on_names_that_are_not_there(pool: Pool) -> None:
    cache = SizedCache[Answer](MEBIBYTE)
    endpoint = Endpoint(pool, "first", GRAPHS, {"ex": EX}, lambda *_: HTMLResponse(""), seconds=150, cache=cache)
    wrong = f"SELECT ?x {{ ?x <{EX}knows> ?y MINUS {{ ?x <{EX}nope> ?y }} }}"
    with client_of(app_of(endpoint)) as client:
        # The second time, the answer comes from the cache.
        for response in (get(client, wrong), get(client, wrong), post(client, wrong, QUERY)):
            assert response.headers["link"] == '<notices?properties=ex:nope>; rel="help"'
            head = {"link": [f"{client.base_url}/notices?properties=ex:nope"], "vars": ["x"]}
            assert response.json()["head"] == head
            assert len(response.json()["results"]["bindings"]) == 2
            assert "Link" in response.headers["access-control-expose-headers"].split(", ")
        asked = get(client, f"ASK {{ ?x a <{EX}Nobody> }}")
        assert asked.json() == {"head": {"link": [f"{client.base_url}/notices?classes=ex:Nobody"]}, "boolean": False}
        for accept in ("text/csv", "application/sparql-results+xml"):
            assert get(client, wrong, accept).headers["link"] == '<notices?properties=ex:nope>; rel="help"'
        many = f"SELECT ?s ?o ?t ?p {{ ?s <{EX}value> ?o . ?t <{EX}value> ?p OPTIONAL {{ ?s <{EX}nope> ?x }} }}"
        large = get(client, many)
        assert large.headers["link"] == '<notices?properties=ex:nope>; rel="help"'
        assert len(large.json()["results"]["bindings"]) == 160_000
        for query in (SELECT, CONSTRUCT, "SELECT * { VALUES ?x { 1 } }"):
            assert "link" not in get(client, query).headers
        assert "link" not in get(client, SELECT).json()["head"]
