"""Nothing goes out: a listener that every trick names is never contacted."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from urllib.parse import quote

import httpx
import pytest

from tests.support.writable import BEARER, writable_client

REFUSALS = range(400, 500)


class Listener:
    """Takes every connection at a port of this machine, and counts them."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.contacted = 0
        self._thread = Thread(target=self._take, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.contacted += 1
                connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with writable_client(tmp_path_factory.mktemp("outbound")) as client:
        yield client


QUERIES = (
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND (<{0}> AS ?u) SERVICE ?u {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?u {{ <{0}> }} {{ SELECT * {{ SERVICE ?u {{ ?s ?p ?o }} }} }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{}} }} }}",
    "PREFIX x: <{0}> ASK {{ SERVICE x: {{}} }}",
    "ASK {{ SERVICESILENT<{0}>{{}} }}",
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "DESCRIBE <{0}>",
    "CONSTRUCT {{ <{0}> a <{0}> }} WHERE {{}}",
    "ASK {{ FILTER (<{0}>(1)) }}",
    "SELECT (IRI('{0}') AS ?x) {{}}",
)
UPDATES = (
    "LOAD <{0}>",
    "LOAD SILENT <{0}> INTO GRAPH <http://e/g>",
    "PREFIX x: <{0}> LOAD x:",
    "CLEAR SILENT GRAPH <http://e/g> ; loadsilent<{0}>",
    "PREFIX:<a:>LOAD<{0}>",
    "PREFIXa:<a:>LOAD SILENT<{0}>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "INSERT {{ ?s ?p ?o }} USING <{0}> WHERE {{ ?s ?p ?o }}",
    "COPY GRAPH <{0}> TO GRAPH <http://e/g>",
    "INSERT DATA {{ <http://e/o> <http://www.w3.org/2002/07/owl#imports> <{0}> }}",
)
BODIES = (
    ("application/ld+json", '{{"@context": "{0}", "@id": "http://e/s"}}'),
    ("application/ld+json", '{{"@context": ["{0}", {{}}], "@id": "http://e/s"}}'),
    ("application/ld+json", '{{"@context": {{"@import": "{0}"}}, "@id": "http://e/s"}}'),
    ("application/rdf+xml", '<!DOCTYPE r SYSTEM "{0}"><r xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&x;</r>'),
    ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY x SYSTEM "{0}">]><r>&x;</r>'),
    ("application/rdf+xml", '<?xml-stylesheet href="{0}"?><x:r xmlns:x="{0}" xmlns:xi="http://www.w3.org/2001/XInclude">'
     '<xi:include href="{0}"/></x:r>'),
    ("text/turtle", "@base <{0}> . @prefix x: <{0}> . <> a x: ; <http://www.w3.org/2002/07/owl#imports> <{0}> ."),
)  # fmt: skip


def test_queries(client: httpx.Client, listener: Listener) -> None:
    for query in QUERIES:
        text = query.format(listener.url)
        for response in (client.get("/sparql", params={"query": text}), client.post("/sparql", data={"query": text})):
            assert response.status_code == 200 or response.status_code in REFUSALS, text
            assert "SERVICE" not in text or response.status_code == 403, text
    for name in ("default-graph-uri", "named-graph-uri"):
        assert client.get("/sparql", params={"query": "ASK {}", name: listener.url}).status_code == 200
    assert listener.contacted == 0


def test_updates(client: httpx.Client, listener: Listener) -> None:
    for update in UPDATES:
        text = update.format(listener.url)
        response = client.post("/sparql", data={"update": text}, headers=BEARER)
        assert response.status_code == 204 or response.status_code in REFUSALS, text
    using = {"using-graph-uri": listener.url}
    response = client.post("/sparql", params=using, data={"update": "CLEAR ALL"}, headers=BEARER)
    assert response.status_code == 204
    assert listener.contacted == 0


def test_graphs(client: httpx.Client, listener: Listener) -> None:
    for media_type, body in BODIES:
        headers = {**BEARER, "Content-Type": media_type}
        response = client.put("/graphs?graph=http://e/g", content=body.format(listener.url), headers=headers)
        assert response.status_code in (201, 204) or response.status_code in REFUSALS, response.text
    for address in (f"/graphs?graph={quote(listener.url)}", f"/graphs/{quote(listener.url, safe='')}"):
        assert client.get(address).status_code == 404
    assert listener.contacted == 0
    with suppress(httpx.HTTPError):
        httpx.get(listener.url, trust_env=False, timeout=60)
    assert listener.contacted == 1, "the listener counts"
    listener.contacted = 0
