"""The processes of a pool: picked, kept, let go and replaced."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from crmgraph.sparql.crew import Crew

pytestmark = pytest.mark.drill

LIMITS = (2**28, 2**20, 2**20)


@pytest.fixture
def crew(small_store: Path) -> Iterator[Crew]:
    crew = Crew(small_store, LIMITS, most=2)
    yield crew
    crew.end()


def runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_process_that_is_as_good_as_new_is_picked_again(crew: Crew) -> None:
    worker = crew.pick()
    assert crew.pids == {worker.pid}
    assert crew.give_back(worker)
    assert crew.pick() is worker
    crew.give_back(worker)


def test_one_that_was_slowed_down_is_let_go(crew: Crew) -> None:
    worker = crew.pick()
    worker.slow_down()
    assert not crew.give_back(worker)
    assert crew.pids == frozenset()
    other = crew.pick()
    assert other is not worker
    crew.give_back(other)


def test_one_that_has_died_is_not_picked(crew: Crew) -> None:
    worker = crew.pick()
    crew.give_back(worker)
    os.kill(worker.pid, signal.SIGKILL)
    # The first of its threads may have ended before the others.
    while worker.is_alive():
        time.sleep(0.01)
    other = crew.pick()
    assert other is not worker
    crew.give_back(other)


def test_no_more_are_kept_than_may_be(crew: Crew) -> None:
    workers = [crew.pick() for _ in range(4)]
    assert len(crew.pids) == 4
    kept = [crew.give_back(worker) for worker in workers]
    assert kept == [True] * 4
    assert crew.pids == {worker.pid for worker in workers[2:]}
    patience = time.monotonic() + 5
    while any(runs(worker.pid) for worker in workers[:2]) and time.monotonic() < patience:
        time.sleep(0.01)
    assert [runs(worker.pid) for worker in workers] == [False, False, True, True]


def test_it_is_filled_up(crew: Crew) -> None:
    assert crew.announce(1) == 0
    assert [crew.announce(9), crew.announce(9)] == [1, 0], "what was announced is not announced again"
    crew.join(crew.start())
    assert len(crew.pids) == 2
    worker = crew.pick()
    assert crew.announce(2) == 1
    crew.join(None)
    assert crew.announce(2) == 1, "one that could not be started is missing again"
    crew.join(None)
    crew.give_back(worker)


def test_when_it_moves_those_at_work_are_let_go_later(crew: Crew, small_store: Path, tmp_path: Path) -> None:
    worker, idle = crew.pick(), crew.pick()
    crew.give_back(idle)
    crew.move_to(tmp_path)
    assert (crew.serves(small_store), crew.serves(tmp_path)) == (True, False)
    assert crew.pids == {worker.pid}
    assert not crew.give_back(worker)
    assert not crew.serves(small_store)


def test_one_that_was_started_before_it_moved_is_let_go(crew: Crew, tmp_path: Path) -> None:
    crew.announce(2)
    started = crew.start()
    crew.move_to(tmp_path)
    crew.join(started)
    assert crew.pids == frozenset()


def test_moves_leave_nothing_behind(crew: Crew, small_store: Path) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("descriptors are counted on Linux only")
    before = len(list(descriptors.iterdir()))
    for _ in range(6):
        crew.move_to(small_store)
        for _ in range(crew.announce(2)):
            crew.join(crew.start())
        time.sleep(0.1)
    assert len(list(descriptors.iterdir())) < before + 10


def test_nobody_is_left_when_it_ends(small_store: Path) -> None:
    crew = Crew(small_store, LIMITS, most=2)
    worker, idle = crew.pick(), crew.pick()
    crew.give_back(idle)
    crew.end()
    crew.give_back(worker)
    crew.end()
    assert not runs(worker.pid)
    assert not runs(idle.pid)
