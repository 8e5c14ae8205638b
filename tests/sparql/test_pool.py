"""The pool: limits are enforced, clients do not block each other, and processes that end are replaced."""

import asyncio
import os
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from crmgraph.building.manifest import Manifest
from crmgraph.errors import (
    AbandonedError,
    AnswerError,
    EngineError,
    InputError,
    LimitError,
    NotAcceptableError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    UnavailableError,
    in_language,
)
from crmgraph.sparql.engine import Answer, Question
from crmgraph.sparql.pool import Pool, Scheduler
from crmgraph.sparql.worker import ReadOnlyStore, evaluate
from crmgraph.store import DUMP, STORE
from tests.support.processes import has_sockets_denied, is_running, limit, seconds_worked
from tests.support.stores import EX
from tests.support.waiting import wait_for

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at on Linux only")

RUNAWAY = Question("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
SORTED = Question("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i")
ASK = Question("ASK {}", result_type="text/csv")
LIMIT = 120.0
"""Timeout in seconds, long enough for a busy machine."""


def pool_cpu_seconds(pool: Pool) -> float:
    """The seconds of a processor that the processes of the pool have had."""
    return sum(map(seconds_worked, pool.activity.pids))


@contextmanager
def running_questions(pool: Pool, question: Question, times: int = 1) -> Iterator[list[Future[Answer]]]:
    """Ask a question several times at once, each in a thread, and yield the futures. All are abandoned on exit."""
    cancel_event = Event()
    with ThreadPoolExecutor(times) as threads:
        try:
            yield [threads.submit(pool.answer, question, LIMIT, cancel_event) for _ in range(times)]
        finally:
            cancel_event.set()


@contextmanager
def running_runaway(pool: Pool) -> Iterator[Future[Answer]]:
    """Have a process of the pool work on a question that does not end."""
    before = pool_cpu_seconds(pool)
    with running_questions(pool, RUNAWAY) as [running]:
        wait_for(lambda: pool_cpu_seconds(pool) > before + 0.3)
        yield running


def is_answering(pool: Pool) -> bool:
    return pool.answer(ASK, LIMIT).body == b"true"


@pytest.mark.parametrize(
    "question",
    [
        ASK,
        Question(f"SELECT * {{ <{EX}bob> ?p ?o }} ORDER BY ?p"),
        Question("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", (f"{EX}a",), (f"{EX}b",)),
        Question("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", joins_graphs=False),
        Question("ASK { <ana> <age> 42 }", base_iri=EX),
        Question(f"DESCRIBE <{EX}ana>", prefixes={"e": EX}),
        Question(f"CONSTRUCT WHERE {{ <{EX}eve> ?p ?o }}", graph_type="application/rdf+xml"),
        Question(f"ASK {{}} # {'x' * 100_000}", result_type="application/sparql-results+xml"),
        Question("ASK {}", tuple(f"{EX}{'g' * 90}/{number}" for number in range(1000))),
    ],
)
def test_answers_are_those_of_the_engine(pool: Pool, stored: ReadOnlyStore, question: Question) -> None:
    assert pool.answer(question, LIMIT) == evaluate(stored, question)


def test_errors_come_through(pool: Pool) -> None:
    cases: list[tuple[Question, type[AnswerError], str, str]] = [
        (Question("ASK {\n ?s }"), QuerySyntaxError, "Line 2, column 5", "Línea 2, columna 5"),
        (Question("ASK { SERVICE <http://e/> {} }"), QueryRefusedError, "SERVICE", "no se"),
        (Question("ASK {}", result_type=None), NotAcceptableError, "text/csv", "se ofrece como"),
        (Question("ASK {" + "{" * 200 + "}" * 201), QueryRefusedError, "nest deeper", "niveles"),
    ]
    for question, kind, english, spanish in cases:
        with pytest.raises(kind) as caught:
            pool.answer(question, LIMIT)
        assert type(caught.value) is kind
        assert english in in_language(caught.value, "en")
        assert spanish in in_language(caught.value, "es")
        if isinstance(caught.value, QuerySyntaxError):
            assert (caught.value.line, caught.value.column) == (2, 5)
    assert pool.answer(Question("SELECT (NOW() AS ?t) {}"), LIMIT).is_deterministic is False


def test_many_clients_each_get_their_own_answer(pool: Pool) -> None:
    def ask(number: int) -> bytes:
        return pool.answer(Question(f"SELECT ({number} AS ?n) {{}}", result_type="text/csv"), LIMIT).body

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, range(60))) == [b"n\r\n%d\r\n" % number for number in range(60)]
    assert (pool.activity.busy, pool.activity.waiting) == (0, 0)
    assert len(pool.activity.pids) <= 2 * pool.workers


def test_time_memory_and_leaving_end_a_process(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**27, workers=1) as pool:
        assert is_answering(pool)
        before = pool.activity.pids
        with pytest.raises(QueryTimeoutError, match=r"longer than 0\.3 s"):
            pool.answer(RUNAWAY, 0.3)
        wait_for(lambda: not all(map(is_running, before)))
        assert is_answering(pool)
        with pytest.raises(LimitError, match="128 MiB"):
            pool.answer(SORTED, LIMIT)
        assert is_answering(pool)
        before = pool.activity.pids
        with running_runaway(pool) as running:
            pass
        assert isinstance(running.exception(), AbandonedError)
        wait_for(lambda: not all(map(is_running, before)))
        assert is_answering(pool)
        wait_for(lambda: pool.activity.end_counts == {"time": 1, "memory": 1, "left": 1})
        wait_for(lambda: (pool.activity.busy, pool.activity.waiting) == (0, 0))


def test_slow_questions_do_not_hold_up_a_quick_one(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool:
        with running_questions(pool, RUNAWAY, 3) as slow:
            wait_for(lambda: pool.activity.busy)
            assert all(is_answering(pool) for _ in range(3))
            # Waiting for a process counts.
            with pytest.raises((UnavailableError, QueryTimeoutError), match=r"0\.5 s"):
                pool.answer(RUNAWAY, 0.5)
            assert not any(each.done() for each in slow)
        assert {type(each.exception()) for each in slow} == {AbandonedError}
        wait_for(lambda: (pool.activity.busy, pool.activity.waiting) == (0, 0))
        assert is_answering(pool)


def test_newcomers_leave_a_place_for_quick_questions() -> None:
    async def run() -> None:
        scheduler = Scheduler(places=2, length=1)
        scheduler.charge("quick", 0.001)
        scheduler.charge("slow", 1.0)
        assert [scheduler.first_lane(client) for client in ("quick", "slow", "new")] == ["quick", "slow", "trial"]
        await scheduler.enter("trial", "new", Event().set)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(scheduler.enter("trial", "newer", Event().set), 0.01)
        await scheduler.enter("quick", "quick", Event().set)
        assert (scheduler.busy, scheduler.waiting) == (2, 0)

    asyncio.run(run())


def test_one_client_does_not_hold_all_places(small_store: Path) -> None:
    """A greedy client fills neither the workers nor the queue. `longer` takes about 0.5 s of processor time."""
    longer = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?v {{ {' '.join(map(str, range(20)))} }} ?a ?b ?c . ?d ?e ?f }}"
    with (
        Pool(small_store, memory_bytes=2**30, workers=1, queue=2) as pool,
        running_questions(pool, replace(RUNAWAY, client="greedy"), 12) as slow,
    ):
        wait_for(lambda: any(each.done() for each in slow))
        assert pool.answer(replace(ASK, client="modest"), LIMIT).body == b"true"
        assert pool.answer(Question(longer, result_type="text/csv", client="modest"), LIMIT).body.split()[1] == (
            str(20 * 406**2).encode()
        )
        assert not all(each.done() for each in slow)


def test_a_killed_process_is_replaced(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool:
        assert is_answering(pool)
        before = pool.activity.pids
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert is_answering(pool), "one that was idle is not missed"
        assert not before & pool.activity.pids
        with running_runaway(pool) as running:
            for pid in pool.activity.pids:
                os.kill(pid, signal.SIGKILL)
            assert isinstance(running.exception(LIMIT), EngineError)
            assert "Try again" in str(running.exception())
        assert is_answering(pool)
        # Ctrl-C is sent to all processes of a terminal, but workers ignore it: the server ends them.
        before = pool.activity.pids
        for pid in before:
            os.kill(pid, signal.SIGINT)
            os.kill(pid, signal.SIGTERM)
        assert is_answering(pool)
        assert before <= pool.activity.pids


def test_processes_that_end_at_once_are_replaced(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=4) as pool:
        assert is_answering(pool)
        forks = pool._forkserver
        for _ in range(5):
            with running_questions(pool, RUNAWAY, 8):
                wait_for(lambda: len(pool.activity.pids) >= 4)
            wait_for(lambda: pool.activity.busy == 0)
            assert is_answering(pool)
        assert pool._forkserver is forks


def test_processes_are_shut_in(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool:
        assert is_answering(pool)
        pids = pool.activity.pids
        wait_for(lambda: all(has_sockets_denied(pid) and limit(pid, "Max open files") == "0" for pid in pids))
        assert all(int(limit(pid, "Max address space")) < 2**35 for pid in pids)
        assert {limit(pid, "Max core file size") for pid in pids} == {"0"}


def test_no_store(tmp_path: Path) -> None:
    for make in (Path.resolve, Path.mkdir, Path.touch):
        path = tmp_path / make.__name__
        make(path)
        with pytest.raises(InputError, match="build the dataset first") as caught:
            Pool(path, memory_bytes=2**30)
        assert caught.value.place is not None
        assert caught.value.place.file == path


def test_a_store_that_is_gone_and_comes_back(
    small_store: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = tmp_path / "store"
    shutil.copytree(small_store, store)
    with Pool(store, memory_bytes=2**30, workers=1) as pool:
        assert is_answering(pool)
        shutil.rmtree(store)
        wait_for(lambda: len(pool.activity.pids) == len(pool._running_workers))
        for pid in pool.activity.pids:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(UnavailableError, match="build it again") as caught:
            pool.answer(ASK, LIMIT)
        assert str(tmp_path) not in str(caught.value)
        assert str(store) in caplog.text
        shutil.copytree(small_store, store)
        assert is_answering(pool)


def test_moves_to_another_store_leave_nothing_behind(small_store: Path) -> None:
    descriptors = Path("/proc/self/fd")
    with Pool(small_store, memory_bytes=2**30, workers=1) as pool:
        assert is_answering(pool)
        before, first = len(list(descriptors.iterdir())), pool.activity.pids
        for _ in range(6):
            pool.move_to(small_store)
            assert is_answering(pool)
        wait_for(lambda: not any(map(is_running, first)))
        wait_for(lambda: len(list(descriptors.iterdir())) < before + 10)


def test_a_store_in_memory_gives_the_same_answers(build_folder: Path, manifest: Manifest, small_store: Path) -> None:
    folder = manifest.folder(build_folder)
    question = Question("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p", result_type="text/csv")
    with Pool(folder / STORE, 2**30, 1, dump=folder / DUMP) as memory, Pool(folder / STORE, 2**30, 1) as disk:
        assert memory.answer(question, LIMIT) == disk.answer(question, LIMIT)
        memory.move_to(small_store)
        disk.move_to(small_store)
        assert memory.answer(question, LIMIT) == disk.answer(question, LIMIT)
