"""An engine that is slow, gone, wrong, cut short or elsewhere: an error in words each time, and never an answer."""

import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import pytest
from pyoxigraph import Store

from crmgraph.answering import Question
from crmgraph.answering.elsewhere import Address, Connection, Copy, Publication, RemoteEngine
from crmgraph.answering.elsewhere.connection import RESULTS
from crmgraph.answering.limit import Limit
from crmgraph.errors import (
    EngineError,
    QueryTimeoutError,
    RemoteError,
    StorageError,
    UnavailableError,
    UsageError,
)
from crmgraph.serving.problems import problem_of
from tests.support.engines import PLACES, Made, engine_at
from tests.support.servers import free_port

JSON = b"Content-Type: application/sparql-results+json\r\n"
EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
QUERY = Question("SELECT ?s { ?s ?p ?o }")
BROKEN = b'\n{ "head": { "link": [], "vars": ["s"] }, "results": { "bindings": [ { "s": ' + b"x" * 3000


def reply(body: bytes = b"", *headers: bytes, status: bytes = b"200 OK") -> bytes:
    given = b"".join(header if header.endswith(b"\r\n") else header + b"\r\n" for header in headers)
    return b"HTTP/1.1 " + status + b"\r\n" + given + b"Content-Length: %d\r\n\r\n" % len(body) + body


def row(value: str, kind: str = "literal") -> bytes:
    return EMPTY.replace(b"[]", b'[{"s":{"type":"%s","value":"%s"}}]' % (kind.encode(), value.encode()))


def publication(state: str = "d.1") -> bytes:
    names = {"identifier": "d", "hasPart": "http://example.org/g"}
    pairs = [(f"http://purl.org/dc/terms/{name}", value) for name, value in names.items()]
    pairs += [("http://purl.org/dc/terms/conformsTo", "SPARQL 1.1")]
    pairs += [("http://www.w3.org/2002/07/owl#versionInfo", state)] if state else []
    rows = ",".join(
        f'{{"p":{{"type":"uri","value":"{name}"}},"o":{{"type":"literal","value":"{value}"}}}}' for name, value in pairs
    )
    return reply(f'{{"head":{{"vars":["p","o"]}},"results":{{"bindings":[{rows}]}}}}'.encode(), JSON)


@pytest.fixture(scope="module")
def asked_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Made, RemoteEngine]]:
    made, folder = Made(), tmp_path_factory.mktemp("made")
    with made.running() as url, engine_at(Address.of(url), folder, folder / "nothing", "d") as (engine, _, _):
        yield made, engine


@pytest.fixture
def made(asked_engine: tuple[Made, RemoteEngine]) -> Made:
    """An engine that is known to have our data, and does as it is told."""
    made, engine = asked_engine
    made.replies, made.always = [], publication()
    engine.refresh(60)
    made.asked.clear()
    return made


@pytest.fixture
def engine(asked_engine: tuple[Made, RemoteEngine]) -> RemoteEngine:
    return asked_engine[1]


WRONG = {
    "redirects": (reply(b"", b"Location: http://example.org/", status=b"302 Found"), RemoteError, 502),
    "a web page": (reply(b"<html>hello</html>", b"Content-Type: text/html"), RemoteError, 502),
    "not JSON": (reply(b"{", JSON), RemoteError, 502),
    "a truth value": (reply(b'{"head":{},"boolean":true}', JSON), RemoteError, 502),
    "other columns": (reply(EMPTY.replace(b'"s"', b'"x"'), JSON), RemoteError, 502),
    "not HTTP": (b"\x00\xffwhat\r\n\r\n", RemoteError, 502),
    "cut": (b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 500\r\n\r\n" + EMPTY, RemoteError, 502),
    "compressed": (reply(EMPTY, JSON, b"Content-Encoding: gzip"), RemoteError, 502),
    "an error": (reply(b"no such function", b"Content-Type: text/plain", status=b"400 Bad"), RemoteError, 502),
    "no password": (reply(b"", status=b"401 Unauthorized"), RemoteError, 502),
    "busy": (reply(b"", status=b"503 Busy"), UnavailableError, 503),
    "rows cut": (reply(EMPTY, JSON, b"X-SPARQL-MaxRows: 10000"), RemoteError, 502),
    "rows in part": (reply(EMPTY, JSON, b"X-SQL-State: S1TAT"), QueryTimeoutError, 503),
    "out of time": (reply(b"Virtuoso S1T00 Error SR171", status=b"500 Error"), QueryTimeoutError, 503),
}


def test_what_is_no_answer_is_an_error(made: Made, engine: RemoteEngine) -> None:
    for name, (given, kind, status) in WRONG.items():
        made.asked.clear()
        made.replies = [given]
        with pytest.raises(kind) as raised:
            engine.answer(QUERY, 60)
        problem = problem_of(raised.value, "es")
        assert problem.status == status, name
        assert "motor" in problem.detail
        assert "127.0.0.1" not in problem.detail
        assert len(made.asked) == 1, "nothing is asked again, and no other address"


def test_what_is_an_answer(made: Made, engine: RemoteEngine) -> None:
    made.replies = [reply(EMPTY, JSON, b"Server: Virtuoso/07")]
    assert engine.answer(QUERY, 60).body == EMPTY
    text = made.asked[0][2]
    assert "default-graph-uri=https%3A%2F%2Fw3id.org%2Fcrmgraph%2Funion" in text
    assert "named-graph-uri=http%3A%2F%2Fexample.org%2Fg" in text
    assert "timeout=" not in text
    made.replies = [reply(row("1", "typed-literal"), JSON)]
    assert b'"type":"literal"' in engine.answer(QUERY, 60).body
    assert "timeout=" in made.asked[2][2], "Virtuoso is told of the limit"
    # A connection that ends, or a table that breaks off, is tried once more.
    broken = reply(BROKEN + b"Virtuoso 40001 Error SR172: deadlocked", status=b"500 Error")
    for fault, said in ((b"", "."), (broken, r"status 500.*SR172: deadlocked")):
        made.replies = [fault, reply(EMPTY, JSON)]
        assert engine.answer(QUERY, 60).body == EMPTY
        made.replies = [fault, fault]
        with pytest.raises(RemoteError, match=said):
            engine.answer(QUERY, 60)
    late = reply(BROKEN + b"Virtuoso S1T00 Error SR171", status=b"500 Error")
    made.replies = [late, late]
    with pytest.raises(QueryTimeoutError):
        engine.answer(QUERY, 60)


def test_who_waits(made: Made, engine: RemoteEngine) -> None:
    made.replies = [3.0]
    with pytest.raises(QueryTimeoutError, match=r"0\.5 s"):
        engine.answer(QUERY, 0.5)
    made.replies = [3.0]
    gone = Event()
    Timer(0.3, gone.set).start()
    with pytest.raises(EngineError, match="Nobody is waiting"):
        engine.answer(QUERY, 60, gone)
    # Time that passed before counts.
    with pytest.raises(QueryTimeoutError, match="engine that holds the data took longer than 0 s"):
        engine.answer(QUERY, 0)


def test_data_that_are_not_whole_or_change(made: Made, engine: RemoteEngine) -> None:
    for given in (publication(state=""), reply(EMPTY.replace(b'"s"', b'"p","o"'), JSON)):
        made.replies = [given]
        with pytest.raises(UnavailableError, match="being published"):
            engine.refresh(60)
    engine.refresh(60)
    made.replies = [reply(row("old"), JSON), publication("d.2"), reply(EMPTY, JSON), publication("d.2")]
    assert engine.answer(QUERY, 60).body == EMPTY, "an answer from data that changed meanwhile is asked for again"
    assert engine.state == "d.2"


def test_nobody_there() -> None:
    address = Address.of(f"http://127.0.0.1:{free_port()}/query")
    connection = Connection(address)
    with pytest.raises(UnavailableError, match="cannot be reached"):
        connection.query("ASK {}", [], [], RESULTS, Limit(60))
    connection.close()
    with pytest.raises(UnavailableError, match="being stopped"):
        connection.query("ASK {}", [], [], RESULTS, Limit(60))


@pytest.mark.parametrize("challenge", [b'Basic realm="x"', b'Digest realm="x", nonce="n", qop="auth"'])
def test_who_we_are_is_said_as_it_is_asked(challenge: bytes) -> None:
    # It does end each connection, and whoever asks again at once need not find out.
    refusal = reply(b"", b"WWW-Authenticate: " + challenge, b"Connection: close", status=b"401 Unauthorized")
    made = Made(replies=[refusal] * (1 + challenge.startswith(b"Digest")), always=reply(EMPTY, JSON))
    with made.running() as url:
        connection = Connection(Address.of(url, user="ana", password="secret"))
        assert connection.query("ASK {}", [], [], RESULTS, Limit(60)).status == 200
        assert made.asked[0][1] == ""
        assert made.asked[-1][1].startswith(challenge.split()[0].decode())
        connection.close()
        made.replies = [refusal] * 4
        connection = Connection(Address.of(url, user="ana", password="secret"))
        with pytest.raises(RemoteError, match="user, password or token") as raised:
            connection.query("ASK {}", [], [], RESULTS, Limit(60))
        connection.close()
        assert "secret" not in str(raised.value)
        made.replies = []
        connection = Connection(Address.of(url, token="abc"))
        connection.query("ASK {}", [], [], RESULTS, Limit(60))
        connection.close()
    assert made.asked[-1][1] == "Bearer abc"


def test_addresses() -> None:
    address = Address.of("http://example.org/query", user="ana", password="secret", token="abc")
    assert "secret" not in repr(address)
    assert "abc" not in repr(address)
    for url in ("http://ana:secret@example.org/query", "https://:secret@example.org/"):
        with pytest.raises(UsageError) as raised:
            Address.of(url)
        assert "secret" not in str(raised.value)
    for url in ("ftp://example.org/", "http://", "http://x:0/", "http://x/ y", "http://x/#a", "nó"):
        with pytest.raises(UsageError, match="store_update"):
            Address.of("http://example.org/query", url)


FETCH = "crmgraph.answering.elsewhere.copy.fetch_graph"
KNOWN = Publication("d", "d.1", ("a:g", "a:h"))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Copy]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    connection = Connection(Address.of(f"http://127.0.0.1:{free_port()}/query"))
    copy = Copy(connection, PLACES, tmp_path / "built", "other", 2**30, 1)
    yield copy
    copy.close()
    connection.close()
    assert list(tmp_path.iterdir()) == []


def statements(*_: object) -> list[str]:
    return ["<a:s> <a:p> <a:o>"]


def test_the_copy_here_is_fetched_again_after_a_failure(
    copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fails(_: Connection, __: object, graph: str, ___: Limit) -> list[str]:
        asked.append(graph)
        if len(asked) == 2:
            raise QueryTimeoutError("too slow")
        return statements()

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path))

    monkeypatch.setattr(FETCH, fails)
    # Whoever tells of the error may still hold it.
    with pytest.raises(QueryTimeoutError) as held:
        copy.path(KNOWN, Limit(60))
    with monkeypatch.context() as patch:
        patch.setattr("crmgraph.answering.elsewhere.copy.write_union", full)
        with pytest.raises(StorageError, match=r"copy .* \(No space left on device\)"):
            copy.path(KNOWN, Limit(60))
    assert [each for each in tmp_path.glob("crmgraph-*/*") if each.is_dir()] == []
    assert len(Store.read_only(str(copy.path(KNOWN, Limit(60))))) == 2
    assert asked == ["a:g", "a:h"] * 3
    assert held.value.args == ("too slow",)
