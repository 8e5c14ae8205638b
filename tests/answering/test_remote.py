"""Asking an endpoint elsewhere: only the address that was named, and every failure in words."""

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from crmgraph.sparql import Question
from crmgraph.errors import EngineError, QueryTimeoutError, UsageError
from crmgraph.sparql.remote import ask_endpoint

pytestmark = pytest.mark.drill

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"
RAW = {
    "/cut": [OK, b"Content-Length: 100\r\n\r\nx\r\n"],
    "/cut-chunk": [OK, b"Transfer-Encoding: chunked\r\n\r\nff\r\nx\r\n"],
    "/chunks": [OK, b"Transfer-Encoding: chunked\r\n\r\n3\r\nx\r\n\r\n2\r\n1\n\r\n0\r\n\r\n"],
    "/nothing": [],
    "/garbage": [b"\x00\xff what is this\r\n\r\n"],
    "/web": [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Hello"],
    "/untyped": [b"HTTP/1.1 200 OK\r\n\r\nx\r\n"],
    "/json": [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}"],
    "/drip": [OK, b"\r\n", *[b"x\r\n"] * 20],
}
CSV = Question("ASK {}", result_type="text/csv", graph_type=None)


class Endpoint(http.server.BaseHTTPRequestHandler):
    asked: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append({"path": self.path, "accept": self.headers["Accept"], "query": parse_qs(body)["query"][0]})
        if self.path == "/slow":
            time.sleep(2)
        if self.path in RAW:
            for piece in RAW[self.path]:
                self.wfile.write(piece)
                time.sleep(0.15 if self.path == "/drip" else 0)
            self.close_connection = True
            return
        status = {"/wrong": 400, "/moved": 302}.get(self.path, 200)
        self.send_response(status)
        self.send_header("Content-Type", "text/turtle" if self.path == "/graph" else "text/csv; charset=utf-8")
        if self.path == "/moved":
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"no good: line 1" if status == 400 else b"true\n")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def address() -> Iterator[str]:
    Endpoint.asked.clear()
    with served() as address:
        yield address


def test_the_query_and_what_is_wanted_are_sent(address: str) -> None:
    answer = ask_endpoint(f"{address}/sparql", CSV, 5)
    assert (answer.body, answer.media_type, answer.form) == (b"true\n", "text/csv", "SELECT")
    assert Endpoint.asked == [{"path": "/sparql", "accept": "text/csv", "query": "ASK {}"}]


def test_a_graph_is_no_table(address: str) -> None:
    question = Question("DESCRIBE <urn:x>", result_type="text/csv", graph_type="text/turtle")
    assert ask_endpoint(f"{address}/graph", question, 5).form == "CONSTRUCT"
    assert Endpoint.asked[0]["accept"] == "text/csv, text/turtle"


def test_what_the_endpoint_says_against_it_is_told(address: str) -> None:
    with pytest.raises(EngineError, match=r"answered 400 .*no good: line 1"):
        ask_endpoint(f"{address}/wrong", CSV, 5)


def test_no_other_address_is_asked(address: str) -> None:
    with pytest.raises(EngineError, match="answered 302"):
        ask_endpoint(f"{address}/moved", CSV, 5)
    assert [asked["path"] for asked in Endpoint.asked] == ["/moved"]


def test_it_does_not_wait_for_ever(address: str) -> None:
    with pytest.raises(QueryTimeoutError, match=r"longer than 0\.2 seconds"):
        ask_endpoint(f"{address}/slow", CSV, 0.2)


def test_nobody_there() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(EngineError, match="cannot be reached"):
        ask_endpoint(f"http://127.0.0.1:{port}/", CSV, 5)


@pytest.mark.parametrize("path", ["/cut", "/cut-chunk"])
def test_an_answer_in_part_is_none(path: str, address: str) -> None:
    with pytest.raises(EngineError, match=r"broke off after 3 of 100 bytes|gives no whole answer"):
        ask_endpoint(address + path, CSV, 5)


def test_an_answer_in_chunks_is_put_together(address: str) -> None:
    assert ask_endpoint(f"{address}/chunks", CSV, 5).body == b"x\r\n1\n"


def test_an_answer_that_drips_is_ended_at_the_time_limit(address: str) -> None:
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"longer than 0\.4 seconds"):
        ask_endpoint(f"{address}/drip", CSV, 0.4)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("path", ["/nothing", "/garbage"])
def test_what_is_no_answer_at_all(path: str, address: str) -> None:
    with pytest.raises(EngineError, match="gives no whole answer"):
        ask_endpoint(address + path, CSV, 5)


@pytest.mark.parametrize(("path", "given"), [("/web", "text/html"), ("/untyped", "no media type")])
def test_another_form_than_was_asked_for(path: str, given: str, address: str) -> None:
    question = Question("CONSTRUCT WHERE { ?s ?p ?o }", result_type="text/csv", graph_type="text/turtle")
    with pytest.raises(EngineError, match=f"answered with {given} and not with text/csv or text/turtle"):
        ask_endpoint(address + path, question, 5)


def test_another_name_for_what_was_asked_for(address: str) -> None:
    answer = ask_endpoint(f"{address}/json", Question("ASK {}"), 5)
    assert (answer.media_type, answer.form) == ("application/sparql-results+json", "SELECT")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "ftp://x/y", "sparql", "http://", "", "http://a b/", "http://h:abc/", "http://[x/",
        "http://h:99999/", "http://h/\n", "http://ñ/é",
    ],
)  # fmt: skip
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(UsageError, match="--endpoint is an http or https address"):
        ask_endpoint(address, CSV, 5)
