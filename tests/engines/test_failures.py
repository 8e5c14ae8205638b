"""An engine that is slow, gone, wrong, cut short or elsewhere: an error in words each time, and never an answer."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import pytest

from crmgraph.errors import AnswerError, EngineError, QueryTimeoutError, RemoteError, UnavailableError, UsageError
from crmgraph.http.errors import problem_of
from crmgraph.sparql import Question
from crmgraph.sparql.elsewhere import Address, Connection, Publication, RemoteEngine
from crmgraph.sparql.elsewhere.connection import N_TRIPLES, RESULTS
from crmgraph.sparql.elsewhere.reading import check_status, read_results, read_triples
from crmgraph.sparql.limit import Limit
from tests.support.engines import PLACES, Made, engine_at
from tests.support.servers import free_port

pytestmark = pytest.mark.drill

JSON = b"Content-Type: application/sparql-results+json\r\n"
EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
QUERY = Question("SELECT ?s { ?s ?p ?o }")


def reply(body: bytes = b"", *headers: bytes, status: bytes = b"200 OK") -> bytes:
    given = b"".join(header if header.endswith(b"\r\n") else header + b"\r\n" for header in headers)
    return b"HTTP/1.1 " + status + b"\r\n" + given + b"Content-Length: %d\r\n\r\n" % len(body) + body


def publication(state: str = "d.1") -> bytes:
    names = {"identifier": "d", "hasPart": "http://example.org/g"}
    pairs = [(f"http://purl.org/dc/terms/{name}", value) for name, value in names.items()]
    pairs += [("http://purl.org/dc/terms/conformsTo", "SPARQL 1.1")]
    pairs += [("http://www.w3.org/2002/07/owl#versionInfo", state)] if state else []
    rows = ",".join(
        f'{{"p":{{"type":"uri","value":"{name}"}},"o":{{"type":"literal","value":"{value}"}}}}' for name, value in pairs
    )
    return reply(f'{{"head":{{"vars":["p","o"]}},"results":{{"bindings":[{rows}]}}}}'.encode(), JSON)


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def engine(made: Made, tmp_path: Path) -> Iterator[RemoteEngine]:
    with made.running() as url, engine_at(Address.of(url), tmp_path, tmp_path / "nothing", "d") as (engine, _, _):
        yield engine


WRONG = {
    "redirects": (reply(b"", b"Location: http://example.org/", status=b"302 Found"), RemoteError, 502),
    "a web page": (reply(b"<html>hello</html>", b"Content-Type: text/html"), RemoteError, 502),
    "no type": (reply(EMPTY), RemoteError, 502),
    "not JSON": (reply(b"{", JSON), RemoteError, 502),
    "other JSON": (reply(b"[1]", JSON), RemoteError, 502),
    "a truth value": (reply(b'{"head":{},"boolean":true}', JSON), RemoteError, 502),
    "other columns": (reply(EMPTY.replace(b'"s"', b'"x"'), JSON), RemoteError, 502),
    "not HTTP": (b"\x00\xffwhat\r\n\r\n", RemoteError, 502),
    "cut": (b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 500\r\n\r\n" + EMPTY, RemoteError, 502),
    "compressed": (reply(EMPTY, JSON, b"Content-Encoding: gzip"), RemoteError, 502),
    "an error": (reply(b"no such function", b"Content-Type: text/plain", status=b"400 Bad"), RemoteError, 502),
    "no password": (reply(b"", status=b"401 Unauthorized"), RemoteError, 502),
    "no right": (reply(b"", status=b"403 Forbidden"), RemoteError, 502),
    "busy": (reply(b"", status=b"503 Busy"), UnavailableError, 503),
    "rows cut": (reply(EMPTY, JSON, b"X-SPARQL-MaxRows: 10000"), RemoteError, 502),
    "rows in part": (reply(EMPTY, JSON, b"X-SQL-State: S1TAT"), QueryTimeoutError, 503),
    "out of time": (reply(b"Virtuoso S1T00 Error SR171", status=b"500 Error"), QueryTimeoutError, 503),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_answer_is_an_error(name: str, made: Made, engine: RemoteEngine) -> None:
    given, kind, status = WRONG[name]
    made.replies = [publication(), given]
    with pytest.raises(kind) as raised:
        engine.answer(QUERY, 10)
    problem = problem_of(raised.value, "es")
    assert problem.status == status
    assert "motor" in problem.detail
    assert "127.0.0.1" not in problem.detail
    assert len(made.asked) == 2, "nothing is asked again, and no other address"


def test_an_answer_is_one(made: Made, engine: RemoteEngine) -> None:
    made.replies = [publication(), reply(EMPTY, JSON)]
    made.always = publication()
    assert engine.answer(QUERY, 10).body == EMPTY
    text = made.asked[1][2]
    assert "default-graph-uri=https%3A%2F%2Fw3id.org%2Fcrmgraph%2Funion" in text
    assert "named-graph-uri=http%3A%2F%2Fexample.org%2Fg" in text


def test_an_older_word_for_literals_is_understood(made: Made, engine: RemoteEngine) -> None:
    row = b'{"s":{"type":"typed-literal","value":"1","datatype":"http://www.w3.org/2001/XMLSchema#integer"}}'
    made.replies = [publication(), reply(EMPTY.replace(b"[]", b"[" + row + b"]"), JSON)]
    made.always = publication()
    assert b'"type":"literal"' in engine.answer(QUERY, 10).body


def test_a_connection_that_ends_is_tried_once_more(made: Made, engine: RemoteEngine) -> None:
    made.replies = [publication(), b"", reply(EMPTY, JSON)]
    made.always = publication()
    assert engine.answer(QUERY, 10).body == EMPTY
    made.replies = [b"", b""]
    with pytest.raises(RemoteError):
        engine.answer(QUERY, 10)


BROKEN = b'\n{ "head": { "link": [], "vars": ["s"] }, "results": { "bindings": [ { "s": ' + b"x" * 3000


def test_an_answer_that_is_broken_off_is_asked_for_once_more(made: Made, engine: RemoteEngine) -> None:
    broken = reply(BROKEN + b"Virtuoso 40001 Error SR172: deadlocked", status=b"500 Error")
    made.replies = [publication(), broken, reply(EMPTY, JSON)]
    made.always = publication()
    assert engine.answer(QUERY, 10).body == EMPTY
    made.replies = [broken, broken]
    with pytest.raises(RemoteError, match=r"status 500.*SR172: deadlocked"):
        engine.answer(QUERY, 10)
    late = reply(BROKEN + b"Virtuoso S1T00 Error SR171", status=b"500 Error")
    made.replies = [late, late]
    with pytest.raises(QueryTimeoutError):
        engine.answer(QUERY, 10)


def test_nobody_there(tmp_path: Path) -> None:
    address = Address.of(f"http://127.0.0.1:{free_port()}/query")
    with (
        engine_at(address, tmp_path, tmp_path / "nothing", "d") as (engine, _, _),
        pytest.raises(UnavailableError, match="cannot be reached"),
    ):
        engine.answer(QUERY, 10)


def test_a_slow_engine_is_given_up_at_the_limit(made: Made, engine: RemoteEngine) -> None:
    made.replies = [publication(), 3.0]
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"0\.5 s"):
        engine.answer(QUERY, 0.5)
    assert time.monotonic() - began < 2


def test_an_answer_in_drops_is_given_up_at_the_limit() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = Connection(Address.of(f"http://127.0.0.1:{listener.getsockname()[1]}/query"))
        Timer(0.1, _drip, (listener,)).start()
        with pytest.raises(QueryTimeoutError):
            connection.query("ASK {}", [], [], RESULTS, Limit(0.8))
        connection.close()


def _drip(listener: socket.socket) -> None:
    taken, _ = listener.accept()
    with taken:
        taken.sendall(b"HTTP/1.1 200 OK\r\n" + JSON + b"Content-Length: 1000\r\n\r\n")
        try:
            for _ in range(30):
                taken.sendall(b" ")
                time.sleep(0.1)
        except OSError:
            pass


def test_when_nobody_waits_the_engine_is_let_go(made: Made, engine: RemoteEngine) -> None:
    made.replies = [publication(), 3.0]
    gone = Event()
    Timer(0.3, gone.set).start()
    began = time.monotonic()
    with pytest.raises(EngineError, match="Nobody is waiting"):
        engine.answer(QUERY, 20, gone)
    assert time.monotonic() - began < 2


def test_what_is_not_whole_is_not_asked(made: Made, engine: RemoteEngine) -> None:
    for given in (publication(state=""), reply(EMPTY.replace(b'"s"', b'"p","o"'), JSON)):
        made.replies = [given]
        with pytest.raises(UnavailableError, match="being published"):
            engine.answer(QUERY, 10)


def test_an_answer_from_data_that_changed_meanwhile_is_asked_for_again(made: Made, engine: RemoteEngine) -> None:
    row = b'{"s":{"type":"literal","value":"old"}}'
    made.replies = [publication("d.1"), reply(EMPTY.replace(b"[]", b"[" + row + b"]"), JSON), publication("d.2")]
    made.replies += [reply(EMPTY, JSON), publication("d.2")]
    assert engine.answer(QUERY, 10).body == EMPTY
    assert engine.state == "d.2"


def test_a_graph_of_unknown_length_is_no_answer() -> None:
    from crmgraph.sparql.elsewhere import Reply

    body = b"<a:s> <a:p> <a:o> .\n"
    with pytest.raises(RemoteError, match="may have been cut"):
        read_triples(Reply(200, {"content-type": N_TRIPLES}, body))
    assert len(read_triples(Reply(200, {"content-type": N_TRIPLES, "content-length": "20"}, body))) == 1
    with pytest.raises(RemoteError):
        read_results(Reply(200, {"content-type": "text/plain", "content-length": "1"}, b"x"), None)
    with pytest.raises(RemoteError, match="status 404"):
        check_status(Reply(404, {}, b"<html>no</html>"))


@pytest.mark.parametrize("challenge", [b'Basic realm="x"', b'Digest realm="x", nonce="n", qop="auth"'])
def test_who_we_are_is_said_as_it_is_asked(challenge: bytes, made: Made) -> None:
    # It does end each connection, and whoever asks again at once need not find out.
    refusal = reply(b"", b"WWW-Authenticate: " + challenge, b"Connection: close", status=b"401 Unauthorized")
    made.replies = [refusal]
    made.replies *= 1 + challenge.startswith(b"Digest")
    made.always = reply(EMPTY, JSON)
    with made.running() as url:
        connection = Connection(Address.of(url, user="ana", password="secret"))
        assert connection.query("ASK {}", [], [], RESULTS, Limit(10)).status == 200
        assert made.asked[0][1] == ""
        assert made.asked[-1][1].startswith(challenge.split()[0].decode())
        connection.close()
        made.replies = [refusal] * 4
        connection = Connection(Address.of(url, user="ana", password="secret"))
        with pytest.raises(RemoteError, match="user, password or token") as raised:
            connection.query("ASK {}", [], [], RESULTS, Limit(10))
        connection.close()
    assert "secret" not in str(raised.value)


def test_a_token_is_borne(made: Made) -> None:
    made.always = reply(EMPTY, JSON)
    with made.running() as url:
        connection = Connection(Address.of(url, token="abc"))
        connection.query("ASK {}", [], [], RESULTS, Limit(10))
        connection.close()
    assert made.asked[0][1] == "Bearer abc"


def test_no_secret_is_shown() -> None:
    address = Address.of("http://example.org/query", user="ana", password="secret", token="abc")
    assert "secret" not in repr(address)
    assert "abc" not in repr(address)
    for url in ("http://ana:secret@example.org/query", "https://:secret@example.org/"):
        with pytest.raises(UsageError) as raised:
            Address.of(url)
        assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["ftp://example.org/", "http://", "http://x:0/", "http://x/ y", "http://x/#a", "nó"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="store_update"):
        Address.of("http://example.org/query", url)


@pytest.mark.parametrize(
    ("query", "update", "graphs"),
    [
        ("http://x/query", "http://x/update", "http://x/store"),
        ("http://x/sparql", "http://x/sparql-auth", "http://x/sparql-graph-crud-auth"),
        ("http://x/repositories/1", "http://x/repositories/1", None),
    ],
)
def test_other_addresses_are_guessed(query: str, update: str, graphs: str | None) -> None:
    address = Address.of(query)
    assert (address.update, address.graphs) == (update, graphs)
    assert Address.of(query, "http://y/u", "http://y/g").update == "http://y/u"


def test_a_publication_says_whether_it_is_as_it_was_published() -> None:
    fresh = Publication.fresh("d", ("a:g",), True)
    assert fresh.is_whole
    assert fresh.is_as_published
    changed = fresh.changed(("a:g", "a:h"))
    assert not changed.is_as_published
    assert changed.state != fresh.changed(()).state
    assert "versionInfo" in changed.triples(PLACES)[-1]
    assert not Publication("d", "", ()).is_whole


def test_errors_of_the_engine_are_answers_to_nobody(made: Made, engine: RemoteEngine) -> None:
    made.always = reply(b"boom", b"Content-Type: text/plain", status=b"500 Error")
    for _ in range(2):
        with pytest.raises(AnswerError):
            engine.answer(QUERY, 10)
