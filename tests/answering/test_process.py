"""One worker process: it answers, is ended, and says why it ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Timer

import pytest
from crmgraph.sparql.process import UntakenError, WorkerProcess
from crmgraph.sparql.wire import pack_question

from crmgraph.sparql import Question
from crmgraph.errors import EngineError, QueryRefusedError, QueryTimeoutError, UnavailableError
from crmgraph.sparql.process import DisplacedError

pytestmark = pytest.mark.drill

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


needs_statm = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited on Linux only")


@pytest.fixture
def worker(small_store: Path) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(small_store, memory=2**28, largest=2**20, largest_sent=2**20)
    yield worker
    worker.end()


def packed(text: str) -> bytes:
    return pack_question(Question(text, result_type="text/csv"), by_parts=False)


def ask(worker: WorkerProcess, text: str, seconds: float = 10, gone: Event | None = None) -> bytes:
    worker.put(packed(text), seconds)
    said = worker.read(seconds, time.monotonic() + seconds, gone)
    assert said.is_last
    return said.answer.body


def test_it_answers_one_question_after_another(worker: WorkerProcess) -> None:
    assert ask(worker, "ASK {}") == b"true"
    assert worker.is_ready()
    with pytest.raises(QueryRefusedError):
        ask(worker, "ASK { SERVICE <http://e/> {} }")
    assert ask(worker, "ASK { FILTER(false) }") == b"false"
    assert worker.is_alive()


def test_it_ends_at_the_time_limit(worker: WorkerProcess) -> None:
    assert ask(worker, "ASK {}")
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"longer than 0\.3 s"):
        ask(worker, RUNAWAY, 0.3)
    assert 0.3 <= time.monotonic() - began < 1
    assert not worker.is_alive()


def test_one_that_ended_while_this_program_was_at_a_halt_was_too_late(
    worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(worker, "ASK {}")
    poll = Connection.poll

    def halted(pipe: Connection, seconds: float = 0.0) -> bool:
        if seconds:
            time.sleep(seconds + 0.1)
            os.kill(worker.pid, signal.SIGALRM)
        return poll(pipe, seconds and 10)

    monkeypatch.setattr(Connection, "poll", halted)
    with pytest.raises(QueryTimeoutError, match=r"longer than 0\.3 s"):
        ask(worker, RUNAWAY, 0.3)
    assert worker.end_reason == "time"


def test_it_ends_when_nobody_waits(worker: WorkerProcess) -> None:
    gone = Event()
    Timer(0.2, gone.set).start()
    began = time.monotonic()
    with pytest.raises(EngineError, match="Nobody is waiting"):
        ask(worker, RUNAWAY, 20, gone)
    assert time.monotonic() - began < 2
    assert not worker.is_alive()


def test_it_makes_way_after_its_turn_when_others_wait(worker: WorkerProcess) -> None:
    assert ask(worker, "ASK {}")
    waiting = Event()
    Timer(0.1, waiting.set).start()
    began = time.monotonic()
    worker.put(packed(RUNAWAY), 20)
    with pytest.raises(DisplacedError):
        worker.read(20, began + 20, None, lambda: 0.0 if waiting.is_set() else 0.02)
    assert 0.1 < time.monotonic() - began < 1
    assert not worker.is_alive()


def test_it_goes_on_after_its_turn_when_nobody_waits(worker: WorkerProcess) -> None:
    assert ask(worker, "ASK {}")
    worker.put(packed(RUNAWAY), 1.5)
    with pytest.raises(QueryTimeoutError):
        worker.read(1.5, time.monotonic() + 1.5, None, lambda: 0.02)


@needs_statm
def test_out_of_memory(worker: WorkerProcess) -> None:
    with pytest.raises(EngineError, match="more than 256 MiB of memory"):
        ask(worker, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i", 20)
    assert not worker.is_alive()


@pytest.mark.parametrize(
    ("ended_by", "said"),
    [(signal.SIGSEGV, "too deeply nested"), (signal.SIGKILL, "status -9"), (signal.SIGHUP, r"status -1\)")],
)
def test_ended_from_outside(worker: WorkerProcess, ended_by: int, said: str) -> None:
    assert ask(worker, "ASK {}")
    Timer(0.2, os.kill, (worker.pid, ended_by)).start()
    with pytest.raises(EngineError, match=said):
        ask(worker, RUNAWAY)


def test_a_question_that_it_never_saw_may_be_put_to_another(worker: WorkerProcess) -> None:
    assert ask(worker, "ASK {}")
    os.kill(worker.pid, signal.SIGSTOP)
    os.waitpid(worker.pid, os.WUNTRACED)
    Timer(0.1, os.kill, (worker.pid, signal.SIGKILL)).start()
    with pytest.raises(UntakenError):
        ask(worker, "ASK {}")
    assert not worker.is_alive()


@pytest.mark.parametrize("word", [signal.SIGINT, signal.SIGTERM])
def test_a_word_to_stop_is_the_servers_to_handle(worker: WorkerProcess, word: signal.Signals) -> None:
    assert ask(worker, "ASK {}")
    os.kill(worker.pid, word)
    assert ask(worker, "ASK {}") == b"true"


def test_one_that_lives_on_behind_a_broken_pipe_is_ended(
    worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmgraph.sparql.child._DYING", 0.2)
    assert ask(worker, "ASK {}")
    os.kill(worker.pid, signal.SIGSTOP)
    os.waitpid(worker.pid, os.WUNTRACED)
    worker._child.pipe.close()
    began = time.monotonic()
    with pytest.raises(UntakenError):
        ask(worker, "ASK {}")
    assert time.monotonic() - began < 2
    assert not worker.is_alive()


def test_no_store(tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path / "nothing", memory=2**28, largest=2**20, largest_sent=2**20)
    try:
        with pytest.raises(UnavailableError, match="build it again"):
            ask(worker, "ASK {}")
        assert not worker.is_alive()
    finally:
        worker.end()


def test_no_worker_outlives_the_process_that_started_it(small_store: Path) -> None:
    program = f"""
import os, sys, time
from pathlib import Path
from crmgraph.sparql import Question
from crmgraph.sparql.process import WorkerProcess
from crmgraph.sparql.wire import pack_question
idle, busy = (WorkerProcess(Path({str(small_store)!r}), 2**28, 2**20, 2**20) for _ in range(2))
idle.put(pack_question(Question("ASK {{}}"), False), 9)
idle.read(9, time.monotonic() + 9, None)
busy.put(pack_question(Question({RUNAWAY!r}), False), 60)
while not busy.is_ready():
    time.sleep(0.05)
time.sleep(0.3)
print(idle.pid, busy.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=20, check=False)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 2
    patience = time.monotonic() + 1
    while time.monotonic() < patience and any(map(_runs, pids)):
        time.sleep(0.05)
    assert not any(map(_runs, pids))


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except FileNotFoundError:
        return False
