"""A question on its way: looked at without waiting, or finished."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, get_ident

import pytest
from crmgraph.sparql.asking import _key

from crmgraph.sparql import Answer, Asking, Pool, Question
from crmgraph.errors import (
    AbandonedError,
    BusyError,
    EngineError,
    QuerySyntaxError,
    QueryTimeoutError,
    UnavailableError,
)
from tests.support.stores import EX

pytestmark = pytest.mark.drill

ASK = Question("ASK {}", result_type="text/csv")
RUNAWAY = Question("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
# More than travels at once, and less than is sent by parts.
LARGE = Question(f"SELECT * {{ ?a <{EX}value> ?b . ?c <{EX}value> ?d }} LIMIT 5000", result_type="text/csv")


@pytest.fixture
def single(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**28, workers=1, queue=1) as pool:
        pool.answer(ASK, 10)
        yield pool


def put(pool: Pool, question: Question, seconds: float = 10, wake: Callable[[], None] = lambda: None) -> Asking:
    return pool.ask(question, seconds, time.monotonic(), by_parts=True, wake=wake)


def looked(asking: Asking, seconds: float = 5) -> Answer | None:
    patience = time.monotonic() + seconds
    while time.monotonic() < patience and not asking.has_to_wait:
        answer = asking.look()
        if answer is not None:
            return answer
        time.sleep(0.005)
    return None


def test_the_answer_is_there_after_some_looks(single: Pool) -> None:
    woken: list[int] = []
    asking = put(single, ASK, wake=lambda: woken.append(get_ident()))
    assert woken == [get_ident()], "there was a place for it at once"
    assert asking.descriptor is None
    # It may be there at the first look.
    answer = asking.look()
    if answer is None:
        assert asking.descriptor is not None
        answer = looked(asking)
    assert answer is not None
    assert answer.body == b"true"
    assert single.busy == 0


def test_an_error_is_raised_by_a_look_and_ends_it(single: Pool) -> None:
    asking = put(single, Question("ASK {"))
    with pytest.raises(QuerySyntaxError):
        looked(asking)
    assert single.busy == 0


def test_one_that_waits_is_woken_when_it_is_its_turn(single: Pool) -> None:
    first = put(single, ASK)
    woken = Event()
    second = put(single, ASK, wake=woken.set)
    assert not woken.is_set()
    assert (second.look(), second.descriptor, single.waiting) == (None, None, 1)
    with pytest.raises(BusyError):
        put(single, ASK)
    assert looked(first) is not None
    assert woken.is_set()
    assert looked(second) is not None


def test_what_was_looked_at_can_be_finished(single: Pool) -> None:
    for looks in range(3):
        asking = put(single, ASK)
        for _ in range(looks):
            if asking.look() is not None:
                break
        else:
            assert asking.finish().body == b"true"
    waiting = put(single, ASK), put(single, ASK)
    assert waiting[0].finish().body == b"true"
    assert waiting[1].finish().body == b"true"
    assert single.busy == 0


def test_a_large_answer_has_to_be_waited_for(single: Pool) -> None:
    asking = put(single, LARGE)
    assert looked(asking) is None
    assert asking.has_to_wait
    assert asking.finish().body == single.answer(LARGE, 10).body


def test_a_large_question_has_to_be_waited_for(single: Pool) -> None:
    asking = put(single, Question(f"ASK {{}} # {'x' * 100_000}", result_type="text/csv"))
    assert asking.has_to_wait
    assert asking.look() is None
    assert asking.finish().body == b"true"


def test_many_graphs_make_a_question_large(single: Pool) -> None:
    graphs = tuple(f"http://e/{'g' * 90}/{number}" for number in range(1000))
    asking = put(single, Question("ASK {}", graphs, result_type="text/csv"))
    assert asking.has_to_wait
    assert asking.finish().body == b"true"


def test_one_that_was_answered_can_be_dropped_all_the_same(single: Pool) -> None:
    before = single.pids
    asking = put(single, ASK)
    assert looked(asking) is not None
    asking.drop()
    assert (single.busy, single.pids) == (0, before)


def test_a_process_that_dies_is_no_matter_for_a_look(single: Pool) -> None:
    asking = put(single, RUNAWAY)
    patience = time.monotonic() + 0.3
    while time.monotonic() < patience:
        assert asking.look() is None
        time.sleep(0.01)
    for pid in single.pids:
        os.kill(pid, signal.SIGKILL)
    assert looked(asking) is None
    assert asking.has_to_wait
    with pytest.raises(EngineError, match="Try again"):
        asking.finish()
    assert single.busy == 0


@pytest.mark.parametrize("looks", [False, True])
def test_one_that_is_dropped_leaves_its_place_to_the_next(single: Pool, looks: bool) -> None:
    first, second = put(single, RUNAWAY), put(single, ASK)
    if looks:
        first.look()
    first.drop()
    assert second.finish().body == b"true"
    assert (single.busy, single.waiting) == (0, 0)


def test_one_that_is_dropped_waits_no_longer(single: Pool) -> None:
    first, second = put(single, ASK), put(single, ASK)
    second.drop()
    assert single.waiting == 0
    assert looked(first) is not None
    assert single.busy == 0


def test_who_has_left_before_the_work_began_costs_no_process(single: Pool) -> None:
    before = single.pids
    gone = Event()
    gone.set()
    with pytest.raises(AbandonedError):
        put(single, RUNAWAY).finish(gone)
    assert single.pids == before
    assert single.busy == 0


def test_who_comes_too_late_costs_no_process(single: Pool) -> None:
    before = single.pids
    with pytest.raises(QueryTimeoutError, match="longer than 0 s"):
        put(single, RUNAWAY, seconds=0).finish()
    assert (single.pids, single.busy) == (before, 0)


def test_a_limit_that_ends_a_quick_question_does_not_make_it_a_slow_one(single: Pool) -> None:
    with Pool(single.store_path, memory_bytes=2**28, workers=1) as starting:
        # It is over before a process that has just been started has the store open.
        with pytest.raises(QueryTimeoutError):
            starting.answer(ASK, 0.001)
        floor = starting._floor
        assert not floor.is_slow(_key(ASK))
        with pytest.raises(QueryTimeoutError):
            starting.answer(RUNAWAY, 1)
        assert floor.is_slow(_key(RUNAWAY))


def test_a_pool_that_closes_tells_those_that_wait(single: Pool) -> None:
    first, second = put(single, RUNAWAY), put(single, ASK)
    single.close()
    for asking in (first, second):
        with pytest.raises(UnavailableError, match="being stopped"):
            asking.finish()
    with pytest.raises(UnavailableError, match="being stopped"):
        put(single, ASK)


def test_a_question_that_took_long_begins_in_the_slow_lane(small_store: Path) -> None:
    with Pool(small_store, memory_bytes=2**28, workers=1) as pool:
        with pytest.raises(QueryTimeoutError):
            pool.answer(RUNAWAY, 0.3)
        slow = put(pool, RUNAWAY, 20)
        slow.look()
        before = pool.pids
        began = time.monotonic()
        assert pool.answer(ASK, 5).body == b"true"
        assert time.monotonic() - began < 2
        again = put(pool, RUNAWAY, 20)
        assert (again.look(), pool.waiting) == (None, 1), "one slow question waits for the other"
        assert pool.answer(ASK, 5).body == b"true"
        assert "turn" not in pool.ended
        assert before <= pool.pids
        again.drop()
        slow.drop()
