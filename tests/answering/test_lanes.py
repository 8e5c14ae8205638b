"""Places in lanes: taken, waited for in order, and handed on."""

import math

import pytest
from crmgraph.sparql.lanes import Lanes
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import BusyError


def test_who_waited_longest_gets_the_place_that_is_given_back() -> None:
    lanes: Lanes[str] = Lanes(workers=1, queue=2)
    assert lanes.enter("quick", "a")
    assert not lanes.enter("quick", "b")
    assert not lanes.enter("quick", "c")
    assert (lanes.all_busy, lanes.all_waiting, lanes.waiting("quick"), lanes.waiting("slow")) == (1, 2, 2, 0)
    with pytest.raises(BusyError, match=r"may wait \(2\)"):
        lanes.enter("quick", "d")
    assert [lanes.leave("quick"), lanes.leave("quick"), lanes.leave("quick")] == ["b", "c", None]
    assert (lanes.all_busy, lanes.all_waiting) == (0, 0)


def test_each_lane_has_room_of_its_own() -> None:
    lanes: Lanes[str] = Lanes(workers=2, queue=0)
    assert all(lanes.enter("quick", each) for each in "ab")
    assert not lanes.has_room("quick")
    assert lanes.move("quick", "slow") is None
    assert lanes.has_room("quick")
    assert lanes.enter("quick", "c")
    assert (lanes.busy("quick"), lanes.busy("slow")) == (2, 1)
    assert [lanes.move("quick", "sending") for _ in range(2)] == [None, None]
    assert lanes.has_room("sending")
    assert lanes.all_busy == 3


def test_who_goes_over_leaves_the_place_to_the_next() -> None:
    lanes: Lanes[str] = Lanes(workers=1, queue=1)
    lanes.enter("quick", "a")
    lanes.enter("quick", "b")
    assert lanes.move("quick", "slow") == "b"
    assert (lanes.busy("quick"), lanes.busy("slow")) == (1, 1)


def test_who_is_forgotten_waits_no_longer() -> None:
    lanes: Lanes[str] = Lanes(workers=1, queue=3)
    for each in "abcd":
        lanes.enter("quick", each)
    lanes.forget("c")
    lanes.forget("nobody")
    assert lanes.leave("quick") == "b"
    assert lanes.empty() == ["d"]
    assert lanes.leave("quick") is None


def test_who_has_had_least_comes_first() -> None:
    lanes: Lanes[str] = Lanes(workers=1, queue=4, had=lambda waiter: {"b": 2, "c": 1}.get(waiter, 0))
    for each in "abcde":
        lanes.enter("quick", each)
    assert [lanes.leave("quick") for _ in range(5)] == ["d", "e", "c", "b", None]


def test_where_too_many_wait_who_has_had_most_leaves_the_line_to_who_has_had_less() -> None:
    had = {"a": 5, "b": 1, "c": 3, "d": 3}
    lanes: Lanes[str] = Lanes(workers=1, queue=3, had=lambda waiter: had.get(waiter, 0))
    assert lanes.crowd_out("quick", "a") is None, "there is room"
    for each in "abcd":
        lanes.enter("quick", each)
    assert lanes.crowd_out("slow", "e") is None
    assert lanes.crowd_out("quick", "c") is None, "nobody has had more"
    assert lanes.crowd_out("quick", "e") == "d", "of two alike the last to come"
    assert not lanes.enter("quick", "e")
    assert [lanes.crowd_out("quick", "e"), lanes.enter("slow", "d")] == ["c", True]


def test_where_too_many_wait_who_has_several_there_leaves_the_line_to_who_has_none() -> None:
    lanes: Lanes[str] = Lanes(workers=1, queue=3, client=lambda waiter: waiter[0])
    for each in ("a1", "a2", "b1", "a3"):
        lanes.enter("quick", each)
    assert lanes.crowd_out("quick", "b2") is None, "both would have two"
    assert lanes.crowd_out("quick", "c1") == "a3"
    assert not lanes.enter("quick", "c1")
    assert lanes.crowd_out("quick", "d1") is None, "each has one"


def test_the_least_that_somebody_has_had_who_waits() -> None:
    lanes: Lanes[str] = Lanes(workers=1, queue=3, had=lambda waiter: {"b": 5, "c": 3}.get(waiter, 0))
    for each in "abc":
        assert lanes.least_had("slow") == (math.inf if each != "c" else 5)
        lanes.enter("slow", each)
    assert lanes.least_had("slow") == 3


def test_where_nobody_may_wait_nobody_is_crowded_out() -> None:
    lanes: Lanes[str] = Lanes(workers=1, queue=0, had=lambda waiter: {"a": 5}.get(waiter, 0))
    lanes.enter("quick", "a")
    assert lanes.crowd_out("quick", "b") is None


@given(st.lists(st.sampled_from(["enter", "leave"]), max_size=60))
def test_nobody_waits_where_there_is_room(steps: list[str]) -> None:
    lanes: Lanes[int] = Lanes(workers=2, queue=99)
    for number, step in enumerate(steps):
        if step == "enter":
            lanes.enter("slow", number)
        elif lanes.busy("slow"):
            lanes.leave("slow")
        assert lanes.busy("slow") <= 2
        assert not (lanes.has_room("slow") and lanes.waiting("slow"))
