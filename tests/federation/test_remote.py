"""Asking an endpoint elsewhere, once or as the store: only the address that was named, and failures in words."""

import threading
from collections.abc import Iterator

import pytest

from crmgraph.errors import AnswerError, QueryRefusedError, QueryTimeoutError, RemoteError, UnavailableError, UsageError
from crmgraph.federation.endpoints import RemoteEngine, ask_endpoint, authorization_header
from crmgraph.sparql.engine import Question, is_as_built
from tests.support.cases import cases
from tests.support.elsewhere import Asked, Elsewhere, Reply, elsewhere
from tests.support.servers import free_port

CSV = Question("ASK {}", result_type="text/csv", graph_type=None)
EITHER = Question("CONSTRUCT WHERE { ?s ?p ?o }", result_type="text/csv", graph_type="text/turtle")
REPLIES = {path: reply.encode() for path, reply in cases("federation/replies")}
REPLIES["/garbage"] = b"\x00\xff what is this\r\n\r\n"
FREE = threading.Event()


def reply(asked: Asked) -> Iterator[bytes]:
    if asked.path == "/slow":
        FREE.wait(120)
    yield REPLIES.get(asked.path, REPLIES["/sparql"])
    while asked.path == "/drip" and not FREE.wait(0.1):
        yield b"x\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Elsewhere]:
    with elsewhere(reply) as server:
        yield server


@pytest.fixture
def address(server: Elsewhere) -> str:
    return server.url


def test_answers(server: Elsewhere, address: str) -> None:
    answer = ask_endpoint(f"{address}/sparql", CSV, 60)
    assert (answer.body, answer.media_type, answer.form) == (b"true\n", "text/csv", "SELECT")
    asked = server.asked[-1]
    assert (asked.path, asked.headers["Accept"], asked.form["query"]) == ("/sparql", "text/csv", ["ASK {}"])
    assert ask_endpoint(f"{address}/graph", EITHER, 60).form == "CONSTRUCT"
    assert server.asked[-1].headers["Accept"] == "text/csv, text/turtle"
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
def test_what_is_no_answer(path: str, said: str, server: Elsewhere, address: str) -> None:
    with pytest.raises(AnswerError, match=said):
        ask_endpoint(address + path, EITHER, 60)
    assert server.asked[-1].path == path, "no other address is asked"


@pytest.mark.parametrize("path", ["/slow", "/drip"])
def test_the_time_limit(path: str, address: str) -> None:
    FREE.clear()
    with pytest.raises(QueryTimeoutError, match=r"had not answered when the 0\.4 s"):
        ask_endpoint(address + path, CSV, 0.4)
    FREE.set()


def test_nobody_there() -> None:
    with pytest.raises(UnavailableError, match="cannot be reached"):
        ask_endpoint(f"http://127.0.0.1:{free_port()}/", CSV, 60)


def test_addresses_that_are_none() -> None:
    for address in (
        "file:///etc/passwd", "ftp://x/y", "sparql", "http://", "", "http://a b/", "http://h:abc/", "http://[x/",
        "http://h:99999/", "http://h/\n", "http://ñ/é", "http://u:p@h/",
    ):  # fmt: skip
        with pytest.raises(UsageError, match=r"endpoint: [^§]* is no address"):
            ask_endpoint(address, CSV, 60)


SIZES = b'{"head":{"vars":["g","n"]},"results":{"bindings":[{"g":{"type":"uri","value":"http://e/g"},"n":%s}]}}'
ONE = b'{"type":"literal","value":"1","datatype":"http://www.w3.org/2001/XMLSchema#integer"}'


def results(asked: Asked) -> Reply:
    """The answers of an engine that holds one graph with a statement."""
    if "CONSTRUCT" in asked.form["query"][0]:
        return Reply(b"<a:a> <a:b> <a:c> .\n" * 2, "application/n-triples")
    return Reply(SIZES % ONE if "GROUP BY ?g" in asked.form["query"][0] else b'{"head":{},"boolean":true}')


@pytest.fixture(scope="module")
def store() -> Iterator[Elsewhere]:
    with elsewhere(results) as server:
        yield server


@pytest.fixture
def engine(store: Elsewhere) -> RemoteEngine:
    return RemoteEngine(f"{store.url}/query", "d" * 8, {"http://e/g": 1}, authorization_header("ana", "secret", ""))


def test_an_endpoint_as_the_store(engine: RemoteEngine, store: Elsewhere) -> None:
    answer = engine.answer(Question("ASK {}", result_type="text/csv"), 60)
    assert (answer.body, answer.media_type, answer.form) == (b"true", "text/csv", "ASK")
    assert is_as_built(engine.state)
    graph = Question(
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", ("http://e/g",), ("http://e/n",), base_iri="http://e/"
    )
    assert engine.answer(graph, 60).body.count(b"<a:a>") == 1
    asked = store.asked[-1]
    assert asked.form["query"][0].startswith("BASE <http://e/>")
    assert (asked.form["default-graph-uri"], asked.form["named-graph-uri"]) == (["http://e/g"], ["http://e/n"])
    assert asked.headers["Authorization"].startswith("Basic ")
    assert authorization_header("", "", "t") == {"Authorization": "Bearer t"}
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        engine.answer(Question("SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"), 60)


def test_an_endpoint_with_other_data(engine: RemoteEngine) -> None:
    changed = RemoteEngine(engine._endpoint, "d" * 8, {"http://e/g": 2})
    changed.refresh(60)
    assert not is_as_built(changed.state)
    with pytest.raises(RemoteError, match="no graph of the dataset"):
        RemoteEngine(engine._endpoint, "d" * 8, {"http://e/other": 1}).refresh(60)
