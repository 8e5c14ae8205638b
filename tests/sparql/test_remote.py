"""Asking an endpoint elsewhere (`query --endpoint`): only the address that was named, and failures in words."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from crmgraph.errors import EngineError, QueryTimeoutError, UsageError
from crmgraph.sparql import Question
from crmgraph.sparql.remote import ask_endpoint
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
    held: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append((self.path, self.headers["Accept"], parse_qs(body)["query"][0]))
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
        ("/wrong", r"answered 400 .*no good: line 1"),
        ("/moved", "answered 302"),
        ("/cut", r"broke off after 3 of 100 bytes|gives no whole answer"),
        ("/cut-chunk", "gives no whole answer"),
        ("/nothing", "gives no whole answer"),
        ("/garbage", "gives no whole answer"),
        ("/web", "answered with text/html and not with text/csv or text/turtle"),
        ("/untyped", "answered with no media type and not with"),
    ],
)
def test_what_is_no_answer(path: str, said: str, address: str) -> None:
    with pytest.raises(EngineError, match=said):
        ask_endpoint(address + path, EITHER, 60)
    assert Endpoint.asked[-1][0] == path, "no other address is asked"


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_the_time_limit(path: str, address: str) -> None:
    Endpoint.held.clear()
    with pytest.raises(QueryTimeoutError, match=r"longer than 0\.4 seconds"):
        ask_endpoint(address + path, CSV, 0.4)
    Endpoint.held.set()


def test_nobody_there() -> None:
    with pytest.raises(EngineError, match="cannot be reached"):
        ask_endpoint(f"http://127.0.0.1:{free_port()}/", CSV, 60)


def test_addresses_that_are_none() -> None:
    for address in (
        "file:///etc/passwd", "ftp://x/y", "sparql", "http://", "", "http://a b/", "http://h:abc/", "http://[x/",
        "http://h:99999/", "http://h/\n", "http://ñ/é",
    ):  # fmt: skip
        with pytest.raises(UsageError, match="--endpoint is an http or https address"):
            ask_endpoint(address, CSV, 60)
