"""The pool: many askers, and what happens to one of them is nobody else's business."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer

import pytest

from crmgraph.sparql import Pool, Question
from crmgraph.errors import (
    BusyError,
    EngineError,
    InputError,
    LimitError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    UnavailableError,
)
from tests.support.stores import EX

pytestmark = pytest.mark.drill

RUNAWAY = Question("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
SORTED = Question("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i")
ASK = Question("ASK {}", result_type="text/csv")


def test_it_answers(pool: Pool) -> None:
    answer = pool.answer(Question(f"SELECT ?age {{ <{EX}ana> <{EX}age> ?age }}"), 10)
    assert json.loads(answer.body)["results"]["bindings"][0]["age"]["value"] == "42"


def test_errors_come_through(pool: Pool) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        pool.answer(Question("ASK {\n ?s }"), 10)
    assert (caught.value.line, caught.value.column) == (2, 5)
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        pool.answer(Question("ASK { SERVICE <http://e/> {} }"), 10)


def test_many_askers_each_get_their_own_answer(pool: Pool) -> None:
    def ask(number: int) -> bytes:
        return pool.answer(Question(f"SELECT ({number} AS ?n) {{}}", result_type="text/csv"), 20).body

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, range(200))) == [b"n\r\n%d\r\n" % number for number in range(200)]
    assert len(pool.pids) <= 4


def test_a_runaway_query_ends_on_time_and_disturbs_nobody(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=2) as pool, ThreadPoolExecutor(1) as threads:
        pool.answer(ASK, 10)
        before = pool.pids
        began = time.monotonic()
        runaway = threads.submit(pool.answer, RUNAWAY, 1)
        time.sleep(0.05)
        assert pool.answer(ASK, 5).body == b"true"
        assert not runaway.done()
        assert isinstance(runaway.exception(), QueryTimeoutError)
        assert time.monotonic() - began < 2
        assert before - pool.pids, "the process of the runaway query was not replaced"
        assert pool.answer(ASK, 5).body == b"true"


def test_slow_questions_in_all_workers_do_not_hold_up_a_quick_one(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool, ThreadPoolExecutor(1) as threads:
        slow = threads.submit(pool.answer, RUNAWAY, 1.6)
        time.sleep(0.1)
        assert pool.answer(ASK, 10).body == b"true"
        assert not slow.done()
        assert isinstance(slow.exception(), QueryTimeoutError)
        assert len(pool.pids) <= 2, "more than one for each lane stay no longer than they are needed"


def test_waiting_for_a_process_counts(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool, ThreadPoolExecutor(2) as threads:
        first = threads.submit(pool.answer, RUNAWAY, 2.5)
        time.sleep(0.5)
        began = time.monotonic()
        second = threads.submit(pool.answer, RUNAWAY, 1.2)
        time.sleep(0.3)
        assert pool.answer(ASK, 10).body == b"true", "the second makes way, and waits until the first is done"
        with pytest.raises(UnavailableError, match=r"busy with other queries for 1\.2 s"):
            second.result()
        assert time.monotonic() - began < 1.6
        assert isinstance(first.exception(), QueryTimeoutError)


def test_many_slow_questions_at_once_do_not_hold_up_a_quick_one(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool, ThreadPoolExecutor(5) as threads:
        slow = [threads.submit(pool.answer, RUNAWAY, 10) for _ in range(3)]
        time.sleep(0.2)
        assert pool.answer(ASK, 9).body == b"true"
        assert not any(each.done() for each in slow)
        began = time.monotonic()
        assert pool.answer(ASK, 5).body == b"true"
        assert time.monotonic() - began < 0.5, "those that had their turn do not come before"
        kinds = {type(each.exception()) for each in slow}
        assert kinds in ({QueryTimeoutError}, {QueryTimeoutError, UnavailableError})


def test_a_question_that_made_way_is_answered_later(small_store: Path) -> None:
    # A helper needs longer for this than its turn, so only the worker answers it, when it is free again.
    long = Question(
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ex:value ?i }".replace("ex:value", f"<{EX}value>")
    )
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool, ThreadPoolExecutor(2) as threads:
        slow = threads.submit(pool.answer, RUNAWAY, 3.5)
        time.sleep(0.2)
        displaced = threads.submit(pool.answer, long, 60)
        time.sleep(1.5)
        assert pool.answer(ASK, 10).body == b"true"
        assert isinstance(slow.exception(), QueryTimeoutError)
        assert int(json.loads(displaced.result().body)["results"]["bindings"][0]["n"]["value"]) == 400 * 406**2


def test_who_leaves_while_waiting_costs_nobody_a_process(small_store: Path) -> None:
    gone = Event()
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool, ThreadPoolExecutor(2) as threads:
        slow = threads.submit(pool.answer, RUNAWAY, 3)
        time.sleep(0.3)
        waiting = threads.submit(pool.answer, RUNAWAY, 20, gone)
        time.sleep(0.3)
        assert pool.answer(ASK, 5).body == b"true"
        patience = time.monotonic() + 1
        while not pool.waiting and time.monotonic() < patience:
            time.sleep(0.01)
        assert pool.waiting == 1
        before = pool.pids
        gone.set()
        began = time.monotonic()
        with pytest.raises(EngineError, match="Nobody is waiting"):
            waiting.result()
        assert time.monotonic() - began < 0.4
        assert pool.pids == before
        assert isinstance(slow.exception(), QueryTimeoutError)


def test_a_store_that_is_gone_is_told_without_saying_where_it_was(
    small_store: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    with Pool(store, memory_bytes=2**30, workers=1) as pool:
        assert pool.answer(ASK, 10).body == b"true"
        shutil.rmtree(store)
        for pid in pool.pids:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(UnavailableError, match="build it again") as caught:
            pool.answer(ASK, 10)
        assert str(tmp_path) not in str(caught.value)
        assert str(store) in caplog.text
        shutil.copytree(small_store, store)
        assert pool.answer(ASK, 10).body == b"true"


def test_a_store_that_is_there_when_it_is_asked_is_opened_again(small_store: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    current = store / "CURRENT"
    there = current.rename(tmp_path / "CURRENT")
    # The process waits here for the first file that it reads, until that turns out to be empty.
    os.mkfifo(current)
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool, ThreadPoolExecutor(1) as threads:
        pool.move_to(store)
        with current.open("wb"):
            there.replace(current)
            answer = threads.submit(pool.answer, ASK, 10)
            time.sleep(0.1)
        assert answer.result().body == b"true"


def test_no_time_is_no_answer(pool: Pool) -> None:
    with pytest.raises(QueryTimeoutError):
        pool.answer(RUNAWAY, 0)


def test_time_that_has_passed_before_counts(pool: Pool) -> None:
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError, match="longer than 5 s"):
        pool.answer(RUNAWAY, 5, since=began - 4.8)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("wait", [0, 0.001, 0.1])
def test_a_process_that_dies_idle_is_not_noticed(small_store: Path, wait: float) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool:
        assert pool.answer(ASK, 10).body == b"true"
        (pid,) = pool.pids
        os.kill(pid, signal.SIGKILL)
        time.sleep(wait)
        assert pool.answer(ASK, 10).body == b"true"
        assert pid not in pool.pids


def test_a_process_that_dies_at_work_fails_one_question(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool:
        assert pool.answer(ASK, 10).body == b"true"
        (pid,) = pool.pids
        Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
        with pytest.raises(EngineError, match="Try again"):
            pool.answer(RUNAWAY, 10)
        assert pool.answer(ASK, 10).body == b"true"


def test_work_for_somebody_who_has_left_ends(small_store: Path) -> None:
    gone = Event()
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool:
        Timer(0.2, gone.set).start()
        began = time.monotonic()
        with pytest.raises(EngineError, match="Nobody is waiting"):
            pool.answer(RUNAWAY, 20, gone)
        assert time.monotonic() - began < 2
        assert pool.answer(ASK, 10, Event()).body == b"true"


def test_closing_ends_every_process_and_every_question(small_store: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        pool = Pool(small_store, memory_bytes=2**30, workers=2)
        assert pool.answer(ASK, 10).body == b"true"
        slow = threads.submit(pool.answer, RUNAWAY, 20)
        time.sleep(0.2)
        pids = pool.pids
        pool.close()
        assert isinstance(slow.exception(5), UnavailableError)
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
        assert pool.pids == frozenset()
        pool.close()
        with pytest.raises(UnavailableError, match="being stopped"):
            pool.answer(ASK, 10)


@pytest.mark.parametrize("make", [Path.resolve, Path.mkdir, Path.touch])
def test_no_store_is_told_at_once(tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "store"
    make(path)
    with pytest.raises(InputError, match="build the dataset first") as caught:
        Pool(path, memory_bytes=2**30)
    assert caught.value.place is not None
    assert caught.value.place.file == path


def test_the_limit_of_answers_is_the_pool_s(small_store: Path) -> None:
    with (
        Pool(small_store, memory_bytes=2**30, workers=1, answer_bytes=1000) as pool,
        pytest.raises(LimitError, match="larger than 1000 bytes"),
    ):
        pool.answer(Question("SELECT * { ?s ?p ?o }"), 10)


def test_more_slow_questions_than_may_wait_are_refused_and_no_quick_one(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1, queue=1) as pool, ThreadPoolExecutor(3) as threads:
        assert pool.answer(ASK, 10).body == b"true"
        slow = []
        for _ in range(3):
            slow.append(threads.submit(pool.answer, RUNAWAY, 3))
            time.sleep(0.4)
        assert (pool.busy, pool.waiting) == (2, 1)
        assert pool.answer(ASK, 10).body == b"true"
        with pytest.raises(BusyError, match=r"may wait \(1\)"):
            slow[2].result()
        assert all(isinstance(each.exception(), QueryTimeoutError | UnavailableError) for each in slow[:2])
        assert (pool.busy, pool.waiting) == (0, 0)


def test_more_quick_questions_than_may_wait_are_refused_at_once(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1, queue=2) as pool, ThreadPoolExecutor(40) as threads:
        asked = [threads.submit(pool.answer, ASK, 10) for _ in range(40)]
        errors = {type(each.exception()) for each in asked}
        assert errors == {type(None), BusyError}
        assert pool.answer(ASK, 10).body == b"true"


def test_why_processes_ended_is_counted(small_store: Path) -> None:
    gone = Event()
    with Pool(small_store, memory_bytes=2**27, workers=1) as pool:
        for question, seconds in ((RUNAWAY, 0.2), (SORTED, 20), (ASK, 20)):
            with suppress(QueryTimeoutError, LimitError):
                pool.answer(question, seconds)
        Timer(0.2, gone.set).start()
        with pytest.raises(EngineError, match="Nobody is waiting"):
            pool.answer(RUNAWAY, 20, gone)
        assert pool.ended == {"time": 1, "memory": 1, "left": 1}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited on Linux only")
def test_the_limit_of_memory_is_the_pool_s(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**27, workers=1) as pool, pytest.raises(LimitError, match="128 MiB"):
        pool.answer(SORTED, 20)


def test_a_script_that_makes_a_pool_is_not_run_again_by_its_workers(small_store: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from crmgraph.sparql import Pool, Question\n"
        f"with Pool({str(small_store)!r}, memory_bytes=2**30) as pool:\n"
        "    print(pool.answer(Question('ASK {}', result_type='text/csv'), 10).body.decode())\n"
    )
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, timeout=20, check=False, env=environment, cwd=tmp_path
    )
    assert (done.stdout, done.stderr, done.returncode) == (b"true\n", b"", 0)
