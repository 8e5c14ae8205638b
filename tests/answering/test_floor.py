"""Where questions get their turn: what happens to those that work for longer than a moment."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from crmgraph.sparql.floor import Floor, Turn
from crmgraph.sparql.wire import pack_question

from crmgraph.sparql import Question
from crmgraph.errors import AnswerError, BusyError, UnavailableError

pytestmark = pytest.mark.drill

RUNAWAY = Question("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


class Waiter:
    turns: ClassVar[list[Turn]] = []

    def __init__(self, client: str = "") -> None:
        self.client = client
        self.said: list[Turn | AnswerError] = []

    def placed(self, turn: Turn | AnswerError) -> None:
        self.said.append(turn)
        if isinstance(turn, Turn):
            self.turns.append(turn)

    @property
    def turn(self) -> Turn:
        [turn] = self.said
        assert isinstance(turn, Turn)
        return turn


@pytest.fixture
def floor(small_store: Path) -> Iterator[Floor]:
    floor = Floor(small_store, (2**28, 2**20, 2**20), workers=1, queue=4)
    yield floor
    floor.close()
    while Waiter.turns:
        floor.give_back(Waiter.turns.pop())


def working(floor: Floor, client: str = "") -> Turn:
    """A turn whose process has worked for longer than a moment."""
    waiter = Waiter(client)
    floor.take(waiter, "quick")
    waiter.turn.worker.put(pack_question(RUNAWAY, by_parts=False), 30)
    patience = time.monotonic() + 10
    while waiter.turn.worker.worked() < 0.3 and time.monotonic() < patience:
        assert waiter.turn.worker.hear() is None
        time.sleep(0.01)
    return waiter.turn


def test_one_that_has_not_worked_yet_has_patience(floor: Floor) -> None:
    waiter = Waiter()
    floor.take(waiter, "quick")
    assert 0 < floor.patience(waiter.turn) <= 0.05
    assert waiter.turn.lane == "quick"


def test_after_a_moment_it_goes_over_and_the_next_has_its_place(floor: Floor) -> None:
    turn, next_one = working(floor), Waiter()
    floor.take(next_one, "quick")
    assert next_one.said == []
    assert floor.patience(turn) > 0
    assert turn.lane == "slow"
    assert next_one.turn.lane == "quick"


def test_where_the_slow_lane_is_full_it_makes_way_for_others_only(floor: Floor) -> None:
    first = working(floor)
    assert floor.patience(first) > 0
    second = working(floor)
    assert floor.patience(second) > 0, "nobody waits for its place"
    assert second.lane == "quick"
    floor.take(Waiter(), "quick")
    assert floor.patience(second) == 0


def test_it_keeps_its_priority_until_others_work(floor: Floor) -> None:
    turn = working(floor)
    floor.patience(turn)
    nice = Path(f"/proc/{turn.worker.pid}/stat")
    if not nice.exists():
        pytest.skip("priorities are looked up on Linux only")
    assert int(nice.read_text(encoding="ascii").rpartition(")")[2].split()[16]) == 0
    floor.take(Waiter(), "quick")
    floor.patience(turn)
    assert int(nice.read_text(encoding="ascii").rpartition(")")[2].split()[16]) == 10


def test_who_has_had_the_processors_longer_waits_for_the_others(floor: Floor) -> None:
    greedy = working(floor, "greedy")
    while greedy.worker.worked() < 1.1:
        time.sleep(0.05)
    floor.patience(greedy)
    working(floor, "other")
    before, after = Waiter("greedy"), Waiter("modest")
    floor.take(before, "quick")
    floor.take(after, "quick")
    floor.give_back(Waiter.turns.pop())
    assert (before.said, after.turn.lane) == ([], "quick")


def test_who_has_had_them_longer_leaves_the_line_where_it_is_full(floor: Floor) -> None:
    greedy = working(floor, "greedy")
    while greedy.worker.worked() < 1.1:
        time.sleep(0.05)
    floor.patience(greedy)
    working(floor, "other")
    waiting = [Waiter("greedy") for _ in range(4)]
    for waiter in waiting:
        floor.take(waiter, "quick")
    with pytest.raises(BusyError):
        floor.take(Waiter("greedy"), "quick")
    modest = Waiter("modest")
    floor.take(modest, "quick")
    assert [len(waiter.said) for waiter in waiting] == [0, 0, 0, 1]
    assert isinstance(waiting[3].said[0], BusyError)
    floor.give_back(Waiter.turns.pop())
    assert modest.turn.lane == "quick"


def test_in_the_slow_lane_who_has_had_little_gets_the_place_of_who_has_had_much(floor: Floor) -> None:
    greedy = working(floor, "greedy")
    assert floor.patience(greedy) > 0
    assert greedy.lane == "slow"
    modest = Waiter("modest")
    floor.take(modest, "slow")
    assert floor.patience(greedy) > 0, "it has not had its slice"
    while greedy.worker.worked() < 1.1:
        time.sleep(0.05)
    alike = Waiter("greedy")
    floor.take(alike, "slow")
    assert floor.patience(greedy) == 0
    floor.give_back(greedy)
    assert (modest.turn.lane, alike.said) == ("slow", [])


def test_what_nobody_asks_is_counted_for_nobody(floor: Floor) -> None:
    own = working(floor)
    while own.worker.worked() < 1.1:
        time.sleep(0.05)
    floor.patience(own)
    assert own.lane == "slow"
    floor.take(Waiter("modest"), "slow")
    assert floor.patience(own) > 0


def test_in_the_slow_lane_nobody_makes_way_for_one_who_has_had_as_much(floor: Floor) -> None:
    greedy = working(floor, "greedy")
    while greedy.worker.worked() < 1.1:
        time.sleep(0.05)
    floor.patience(greedy)
    floor.take(Waiter("greedy"), "slow")
    assert floor.patience(greedy) > 0


def test_those_that_wait_are_told_when_it_closes(floor: Floor) -> None:
    floor.take(Waiter(), "quick")
    waiter = Waiter()
    floor.take(waiter, "quick")
    floor.close()
    assert [type(each) for each in waiter.said] == [UnavailableError]
    with pytest.raises(UnavailableError):
        floor.take(Waiter(), "quick")
