"""A worker process as it looks from the other end of its pipe."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from crmgraph.sparql.wire import READY, TAKEN, pack_question, unpack_header, unpack_reply, with_seconds

from crmgraph.sparql import Answer, Question
from crmgraph.errors import EngineError, QuerySyntaxError
from crmgraph.wording import in_language

pytestmark = pytest.mark.drill

PLAIN = "import sys; from crmgraph.sparql.worker import main; main(*sys.argv[1:])"
FAILING = """
import sys
from crmgraph.sparql import worker

class Panic(BaseException):
    pass

def fail(stored, question, largest, send):
    raise {"memory": MemoryError, "panic": Panic, "bug": ZeroDivisionError}[question.text]

worker.evaluate = fail
worker.main(*sys.argv[1:])
"""


@contextmanager
def started(
    store: Path, program: str = PLAIN, largest: int = 2**20
) -> Iterator[tuple[Connection, subprocess.Popen[bytes]]]:
    ours, theirs = Pipe()
    command = [sys.executable, "-c", program, *map(str, (theirs.fileno(), store, 2**28, largest, largest))]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    theirs.close()
    try:
        yield ours, process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stderr):
            if stream:
                stream.close()
        ours.close()


def ask(pipe: Connection, text: str) -> Answer:
    pipe.send_bytes(with_seconds(pack_question(Question(text, result_type="text/csv"), by_parts=False), 10))
    assert pipe.recv_bytes() == TAKEN
    header = unpack_header(pipe.recv_bytes())
    assert header.is_last
    return unpack_reply(header, pipe.recv_bytes())


def test_it_says_that_it_is_ready_and_answers_until_the_pipe_is_closed(small_store: Path) -> None:
    with started(small_store) as (pipe, process):
        assert pipe.recv_bytes() == READY
        assert ask(pipe, "ASK {}").body == b"true"
        with pytest.raises(QuerySyntaxError):
            ask(pipe, "ASK {")
        assert ask(pipe, "SELECT (1 AS ?x) {}") == Answer(b"x\r\n1\r\n", "text/csv", "SELECT")
        pipe.close()
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize("text", [None, "ASK {}", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"])
def test_it_ends_whatever_it_does_when_standard_input_is_closed(small_store: Path, text: str | None) -> None:
    with started(small_store) as (pipe, process):
        assert pipe.recv_bytes() == READY
        if text:
            pipe.send_bytes(with_seconds(pack_question(Question(text), by_parts=False), 60))
            assert pipe.recv_bytes() == TAKEN
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(1) == -signal.SIGIO


def test_it_does_not_begin_where_standard_input_is_closed_already(small_store: Path) -> None:
    ours, theirs = Pipe()
    with closing(ours), closing(theirs):
        command = [sys.executable, "-c", PLAIN, *map(str, (theirs.fileno(), small_store, 2**28, 2**20, 2**20))]
        done = subprocess.run(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, timeout=20, check=False)
        assert done.returncode == 0
        assert not ours.poll(0)


def test_it_says_why_it_cannot_open_its_store(tmp_path: Path) -> None:
    with started(tmp_path / "nothing") as (pipe, process):
        assert pipe.recv_bytes() != READY
        assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("kind", "english", "spanish"),
    [
        ("memory", "too much memory", "demasiada memoria"),
        ("panic", "failed on the query (Panic)", "falló con la consulta (Panic)"),
        ("bug", "failed on the query (ZeroDivisionError)", "falló con la consulta (ZeroDivisionError)"),
    ],
)
def test_whatever_goes_wrong_it_tells_and_goes_on(small_store: Path, kind: str, english: str, spanish: str) -> None:
    with started(small_store, FAILING) as (pipe, _):
        assert pipe.recv_bytes() == READY
        for _ in range(2):
            with pytest.raises(EngineError) as caught:
                ask(pipe, kind)
            assert english in in_language(caught.value, "en")
            assert spanish in in_language(caught.value, "es")


def test_answers_have_a_largest_size(small_store: Path) -> None:
    with started(small_store, largest=50) as (pipe, _):
        assert pipe.recv_bytes() == READY
        with pytest.raises(EngineError, match="larger than 50 bytes"):
            ask(pipe, "SELECT * { ?s ?p ?o }")
        assert ask(pipe, "ASK {}").body == b"true"


def test_a_long_chain_does_not_overrun_its_stack(small_store: Path) -> None:
    with started(small_store) as (pipe, _):
        assert pipe.recv_bytes() == READY
        assert ask(pipe, "ASK { FILTER(" + "!" * 20_000 + "true) }").body == b"true"
        assert ask(pipe, "ASK { " + "FILTER(true)" * 3_000 + " }").body == b"true"
