"""The process that others are forked from: what they are given, how they end, and that it may end itself."""

import os
import signal
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from crmgraph.sparql.nursery import Nursery

from crmgraph.sparql.process import Running

pytestmark = pytest.mark.drill

ECHO = "tests.support.echo"


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


def started(nursery: Nursery, *arguments: str) -> tuple[Running, Connection]:
    ours, theirs = Pipe()
    with theirs:
        running = nursery.start(ECHO, theirs.fileno(), arguments)
    return running, ours


def ended(running: Running) -> int | None:
    try:
        return running.code(10)
    finally:
        running.close()


def test_a_process_has_what_it_is_given_and_nothing_else(nursery: Nursery) -> None:
    running, pipe = started(nursery, "a", "ñ b")
    said = pipe.recv()
    assert said["arguments"] == ["a", "ñ b"]
    assert said["pid"] == running.pid != os.getpid()
    assert said["descriptors"] == [0, 1, 2, 3]
    assert running.code() is None
    pipe.close()
    assert ended(running) == 0


def test_each_is_a_process_of_its_own(nursery: Nursery) -> None:
    several = [started(nursery, str(number)) for number in range(5)]
    assert [pipe.recv()["arguments"] for _, pipe in several] == [[str(number)] for number in range(5)]
    assert len({running.pid for running, _ in several}) == 5
    for running, _ in several:
        running.kill()
    assert [ended(running) for running, _ in several] == [-signal.SIGKILL] * 5


@pytest.mark.parametrize(("told", "code"), [("abort", -signal.SIGABRT), ("segv", -signal.SIGSEGV), ("fail", 1)])
def test_how_one_ends_is_told(nursery: Nursery, told: str, code: int) -> None:
    running, pipe = started(nursery)
    pipe.recv()
    pipe.send(told)
    assert ended(running) == code


def test_one_ends_when_nobody_keeps_it(nursery: Nursery) -> None:
    running, pipe = started(nursery)
    pipe.recv()
    running.close()
    assert pipe.poll(10)
    with pytest.raises(EOFError):
        pipe.recv()


def test_one_that_has_ended_may_be_ended_again(nursery: Nursery) -> None:
    running, _ = started(nursery)
    running.kill()
    assert running.code(None) == -signal.SIGKILL
    running.kill()
    running.close()
    running.kill()
    running.close()
    assert running.code() == -signal.SIGKILL


def test_no_word_to_stop_reaches_them(nursery: Nursery) -> None:
    running, pipe = started(nursery)
    parent = pipe.recv()["parent"]
    for pid in (parent, running.pid):
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGINT)
    time.sleep(0.1)
    assert running.code() is None
    other, _ = started(nursery)
    assert other.code() is None
    for each in (running, other):
        each.kill()
        ended(each)


def test_where_it_was_killed_it_is_started_again(nursery: Nursery) -> None:
    running, pipe = started(nursery)
    os.kill(pipe.recv()["parent"], signal.SIGKILL)
    other, others = started(nursery, "again")
    assert others.recv()["arguments"] == ["again"]
    for each in (running, other):
        each.kill()
        assert ended(each) == -signal.SIGKILL


def test_where_it_hangs_it_is_started_again(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmgraph.sparql.nursery._PATIENCE", 1.0)
    running, pipe = started(nursery)
    os.kill(pipe.recv()["parent"], signal.SIGSTOP)
    began = time.monotonic()
    other, others = started(nursery, "again")
    assert others.recv()["arguments"] == ["again"]
    assert time.monotonic() - began < 5
    for each in (running, other):
        each.kill()
        each.close()


def test_where_it_hangs_those_that_were_started_can_be_ended(nursery: Nursery) -> None:
    running, pipe = started(nursery)
    os.kill(pipe.recv()["parent"], signal.SIGSTOP)
    assert running.code(0.1) is None
    began = time.monotonic()
    running.kill()
    assert running.code(None) == -signal.SIGKILL
    assert time.monotonic() - began < 1
    nursery.close()
    assert time.monotonic() - began < 4
    running.close()


def test_one_goes_on_where_it_was_killed(nursery: Nursery) -> None:
    running, pipe = started(nursery)
    os.kill(pipe.recv()["parent"], signal.SIGKILL)
    time.sleep(0.2)
    assert running.code() is None
    pipe.send("still there")
    assert pipe.recv() == "still there"
    running.kill()
    assert ended(running) == -signal.SIGKILL


def test_what_was_started_goes_on_when_it_is_closed(nursery: Nursery) -> None:
    running, pipe = started(nursery)
    pipe.recv()
    nursery.close()
    pipe.send("echo")
    assert pipe.recv() == "echo"
    running.kill()
    running.close()


def test_a_module_that_cannot_be_imported_is_an_error_of_the_system(nursery: Nursery) -> None:
    ours, theirs = Pipe()
    with ours, theirs, pytest.raises(OSError, match="does not answer"):
        nursery.start("crmgraph.nothing", theirs.fileno(), ())


def test_where_processes_have_no_names_each_has_an_interpreter_of_its_own(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    running, pipe = started(nursery, "alone")
    said = pipe.recv()
    assert (said["arguments"], said["parent"]) == (["alone"], os.getpid())
    running.kill()
    assert ended(running) == -signal.SIGKILL


def test_a_process_that_is_forked_is_there_much_sooner(nursery: Nursery) -> None:
    """It has imported nothing itself."""
    running, pipe = started(nursery)
    used = Path(f"/proc/{running.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    pipe.recv()
    assert sum(map(int, used)) / os.sysconf("SC_CLK_TCK") < 0.05
    running.kill()
    ended(running)
