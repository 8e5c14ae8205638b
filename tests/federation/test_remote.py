"""Asking an endpoint elsewhere, once or as the store: only the address that was named, and failures in words."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from crmgraph.errors import AnswerError, QueryRefusedError, QueryTimeoutError, RemoteError, UnavailableError, UsageError
from crmgraph.federation.remote import RemoteEngine, ask_endpoint, authorization
from crmgraph.sparql import Question
from crmgraph.sparql.states import is_as_built
from tests.support.servers import free_port, http_server

OK = b"HTTP/1.1 200 OK\r\n"
CSV = Question("ASK {}", result_type="text/csv", graph_type=None)
EITHER = Question("CONSTRUCT WHERE { ?s ?p ?o }", result_type="text/csv", graph_type="text/turtle")
TABLE = b"Content-Type: text/csv; charset=utf-8\r\n"
REPLIES = {
    "/sparql": OK + TABLE + b"\r\ntrue\n",
    "/graph": OK + b"Content-Type: text/turtle\r\n\r\n",
    "/json": OK + b"Content-Type: application/json\r\n\r\n{}",
    "/chunks": OK + TABLE + b"Transfer-Encoding: chunked\r\n\r\n3\r\nx\r\n\r\n2\r\n1\n\r\n0\r\n\r\n",
    "/wrong": b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nno good: line 1",
    "/moved": b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n",
    "/cut": OK + TABLE + b"Content-Length: 100\r\n\r\nx\r\n",
    "/cut-chunk": OK + TABLE + b"Transfer-Encoding: chunked\r\n\r\nff\r\nx\r\n",
    "/nothing": b"",
    "/garbage": b"\x00\xff what is this\r\n\r\n",
    "/web": OK + b"Content-Type: text/html\r\n\r\n<p>Hello",
    "/untyped": OK + b"\r\nx\r\n",
    "/drip": OK + TABLE + b"\r\nx\r\n",
}


class Endpoint(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str, str]]] = []
    forms: ClassVar[list[dict[str, list[str]]]] = []
    held: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = parse_qs(body)
        self.asked.append((self.path, self.headers["Accept"], form["query"][0]))
        self.forms.append(form | {"authorization": [self.headers.get("Authorization", "")]})
        if self.path == "/slow":
            self.held.wait(120)
        with suppress(OSError):
            self.wfile.write(REPLIES.get(self.path, REPLIES["/sparql"]))
            while self.path == "/drip" and not self.held.wait(0.1):
                self.wfile.write(b"x\r\n")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with http_server(Endpoint) as address:
        yield address


def test_answers(address: str) -> None:
    answer = ask_endpoint(f"{address}/sparql", CSV, 60)
    assert (answer.body, answer.media_type, answer.form) == (b"true\n", "text/csv", "SELECT")
    assert Endpoint.asked[-1] == ("/sparql", "text/csv", "ASK {}")
    assert ask_endpoint(f"{address}/graph", EITHER, 60).form == "CONSTRUCT"
    assert Endpoint.asked[-1][1] == "text/csv, text/turtle"
    assert ask_endpoint(f"{address}/chunks", CSV, 60).body == b"x\r\n1\n"
    answer = ask_endpoint(f"{address}/json", Question("ASK {}"), 60)
    assert (answer.media_type, answer.form) == ("application/sparql-results+json", "SELECT")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/wrong", "answered 400: no good: line 1"),
        ("/moved", "is not among the addresses"),
        ("/cut", "broke off"),
        ("/cut-chunk", "broke off"),
        ("/nothing", "broke off"),
        ("/garbage", "broke off"),
        ("/web", "answered with text/html and not with text/csv or text/turtle"),
        ("/untyped", "answered with no media type and not with"),
    ],
)
def test_what_is_no_answer(path: str, said: str, address: str) -> None:
    with pytest.raises(AnswerError, match=said):
        ask_endpoint(address + path, EITHER, 60)
    assert Endpoint.asked[-1][0] == path, "no other address is asked"


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_the_time_limit(path: str, address: str) -> None:
    Endpoint.held.clear()
    with pytest.raises(QueryTimeoutError, match=r"had not answered when the 0\.4 s"):
        ask_endpoint(address + path, CSV, 0.4)
    Endpoint.held.set()


def test_nobody_there() -> None:
    with pytest.raises(UnavailableError, match="cannot be reached"):
        ask_endpoint(f"http://127.0.0.1:{free_port()}/", CSV, 60)


def test_addresses_that_are_none() -> None:
    for address in (
        "file:///etc/passwd", "ftp://x/y", "sparql", "http://", "", "http://a b/", "http://h:abc/", "http://[x/",
        "http://h:99999/", "http://h/\n", "http://ñ/é", "http://u:p@h/",
    ):  # fmt: skip
        with pytest.raises(UsageError, match=r"setting endpoint: [^§]* is no address"):
            ask_endpoint(address, CSV, 60)


SIZES = b'{"head":{"vars":["g","n"]},"results":{"bindings":[{"g":{"type":"uri","value":"http://e/g"},"n":%s}]}}'
ONE = b'{"type":"literal","value":"1","datatype":"http://www.w3.org/2001/XMLSchema#integer"}'


class Engine(Endpoint):
    """An engine that holds one graph with a statement."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.forms.append(form | {"authorization": [self.headers.get("Authorization", "")]})
        if "GROUP BY ?g" in form["query"][0]:
            kind, body = "application/sparql-results+json", SIZES % ONE
        elif "CONSTRUCT" in form["query"][0]:
            kind, body = "application/n-triples", b"<a:a> <a:b> <a:c> .\n" * 2
        else:
            kind, body = "application/sparql-results+json", b'{"head":{},"boolean":true}'
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def engine() -> Iterator[RemoteEngine]:
    with http_server(Engine) as address:
        yield RemoteEngine(f"{address}/query", "d" * 8, {"http://e/g": 1}, authorization("ana", "secret", ""))


def test_an_endpoint_as_the_store(engine: RemoteEngine) -> None:
    answer = engine.answer(Question("ASK {}", result_type="text/csv"), 60)
    assert (answer.body, answer.media_type, answer.form) == (b"true", "text/csv", "ASK")
    assert is_as_built(engine.state)
    graph = Question(
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", ("http://e/g",), ("http://e/n",), base_iri="http://e/"
    )
    assert engine.answer(graph, 60).body.count(b"<a:a>") == 1
    asked = Engine.forms[-1]
    assert asked["query"][0].startswith("BASE <http://e/>")
    assert (asked["default-graph-uri"], asked["named-graph-uri"]) == (["http://e/g"], ["http://e/n"])
    assert asked["authorization"][0].startswith("Basic ")
    assert authorization("", "", "t") == {"Authorization": "Bearer t"}
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        engine.answer(Question("SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"), 60)


def test_an_endpoint_with_other_data(engine: RemoteEngine) -> None:
    changed = RemoteEngine(engine._endpoint, "d" * 8, {"http://e/g": 2})
    changed.refresh(60)
    assert not is_as_built(changed.state)
    with pytest.raises(RemoteError, match="no graph of the dataset"):
        RemoteEngine(engine._endpoint, "d" * 8, {"http://e/other": 1}).refresh(60)
