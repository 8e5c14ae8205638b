"""The W3C's tests of the SPARQL 1.1 protocols and of the service description, as requests and expected responses."""

import csv
import re
from functools import cache

import httpx
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

from tests.support.suites import find_suite

SUITE = find_suite("protocol_tests.csv")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
STATUSES = {"OK": {200}, "Created": {201}, "NoContent": {204}, "NotFound": {404}}
CLASSES = {"StatusCode2xx": range(200, 300), "StatusCode3xx": range(300, 400), "StatusCode4xx": range(400, 500)}
SYNTAXES = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples", "text/html"},
}
Step = dict[str, str]


@cache
def steps() -> dict[str, list[Step]]:
    """Return the requests of each test by its name, without the deprecated suite, whose tests the others contain."""
    tests: dict[str, list[Step]] = {}
    if SUITE is not None:
        with SUITE.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if "deprecated" not in row["suite"]:
                    tests.setdefault(f"{row['suite']}/{row['test_id']}", []).append(row)
    return tests


def go_through(client: httpx.Client, requests: list[Step]) -> None:
    """Send the requests of a test to an empty store. Raises AssertionError for an unexpected response."""
    client.post("/sparql", data={"update": "DROP ALL"}).raise_for_status()
    location = ""
    for step in requests:
        for loaded in filter(None, step["preload_graphs"].split("; ")):
            iri = loaded.partition("<=")[0]
            body, headers = f"<{iri}> a <http://xmlns.com/foaf/0.1/Document> .", {"Content-Type": "text/turtle"}
            client.put("/graphs", params={"graph": iri}, content=body, headers=headers).raise_for_status()
        path = re.sub(r"^/sparql/?", "/sparql", step["path"].replace("$LOCATION$", location))
        url = str(client.base_url).rstrip("/") + re.sub(r"^/gsp", "/graphs", path)
        headers = dict(line.split(": ", 1) for line in step["request_headers"].splitlines())
        encoding = step["body_encoding"] or "utf-8"
        response = client.request(step["method"], url, headers=headers, content=step["body"].encode(encoding))
        location = response.headers.get("location", location)
        check(step, response, url)


def check(step: Step, response: httpx.Response, url: str) -> None:
    expected = step["expected_status"].split("|")
    allowed = set().union(*(STATUSES.get(each, CLASSES.get(each, ())) for each in expected))
    assert response.status_code in allowed, response.text
    kind = response.headers.get("content-type", "").partition(";")[0]
    if step["expected_format"]:
        assert kind in SYNTAXES[step["expected_format"]]
    if step["expected_boolean"]:
        assert response.json()["boolean"] is (step["expected_boolean"] == "true")
    for header in filter(None, step["expected_response_headers"].splitlines()):
        given, _, value = header.partition(": ")
        assert response.headers[given] == value
    if step["expected_body_isomorphic"]:
        assert isomorphic(graph_of(response.text, url), graph_of(step["expected_body_isomorphic"], url))
    if step["suite"] == "service-description":
        check_description(graph_of(response.text, url), url)


def graph_of(text: str, base: str) -> Graph:
    return Graph().parse(data=text, format="turtle", publicID=base)


def check_description(graph: Graph, url: str) -> None:
    """Check that a service description names the address and uses the terms of its vocabulary correctly."""
    assert (None, SD.endpoint, URIRef(url)) in graph
    services = set(graph.subjects(RDF.type, SD.Service))
    assert services
    for term, subjects in ((SD.endpoint, services), (SD.defaultDataset, services), (SD.feature, services)):
        assert set(graph.subjects(term, None)) <= subjects
    assert set(graph.objects(None, SD.defaultDataset)) <= set(graph.subjects(RDF.type, SD.Dataset))
    assert set(graph.objects(None, SD.namedGraph)) <= set(graph.subjects(RDF.type, SD.NamedGraph))
