"""The lanes of the pool: how many questions are at work in each, and who waits for a place."""

import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Literal, TypeVar

from crmgraph.answering.apologies import too_many
from crmgraph.errors import BusyError

__all__ = ["Lane", "Lanes"]

Lane = Literal["quick", "slow", "sending"]
"""For questions that take a moment; for those that take longer; and for large answers on their way."""


_Waiter = TypeVar("_Waiter")


class Lanes(Generic[_Waiter]):
    """Places in three lanes, and who waits for them: `workers` in each for questions, twice as many for sending.

    A place that is given back goes to whoever of those that wait has `had` least, and has waited longest for it. At
    most `queue` wait for a lane of questions. Not for several threads.
    """

    def __init__(
        self,
        workers: int,
        queue: int,
        had: Callable[[_Waiter], int] = lambda _: 0,
        client: Callable[[_Waiter], Hashable] = id,
    ) -> None:
        self._room: dict[Lane, int] = {"quick": workers, "slow": workers, "sending": 2 * workers}
        self._busy: dict[Lane, int] = dict.fromkeys(self._room, 0)
        self._lines: dict[Lane, OrderedDict[_Waiter, None]] = {lane: OrderedDict() for lane in self._room}
        self._queue = queue
        self._had = had
        self._client = client

    @property
    def all_busy(self) -> int:
        """How many places are taken."""
        return sum(self._busy.values())

    @property
    def all_waiting(self) -> int:
        """How many wait for a place."""
        return sum(map(len, self._lines.values()))

    def busy(self, lane: Lane) -> int:
        """How many places of the lane are taken."""
        return self._busy[lane]

    def waiting(self, lane: Lane) -> int:
        """How many wait for a place in the lane."""
        return len(self._lines[lane])

    def has_room(self, lane: Lane) -> bool:
        """Whether a place in the lane is free; then nobody waits for one."""
        return self._busy[lane] < self._room[lane]

    def crowd_out(self, lane: Lane, waiter: _Waiter) -> _Waiter | None:
        """Let somebody wait no longer, where too many wait for the lane for another to wait too.

        It is one whose client has had more, or has more waiting than this one would have.
        """
        line = self._lines[lane]
        if self.has_room(lane) or len(line) < self._queue:
            return None
        waiting = Counter(map(self._client, line))

        def claim(each: _Waiter) -> tuple[int, int]:
            return self._had(each), waiting[self._client(each)]

        had, own = claim(waiter)
        greedy = max(reversed(line), key=claim, default=waiter)
        if claim(greedy) <= (had, own + 1):
            return None
        del line[greedy]
        return greedy

    def least_had(self, lane: Lane) -> float:
        """How much whoever waits for the lane and has had least has had; without end where nobody waits."""
        return min(map(self._had, self._lines[lane]), default=math.inf)

    def enter(self, lane: Lane, waiter: _Waiter) -> bool:
        """Take a place, which is True, or wait for one in the line. Raises BusyError where too many wait."""
        if self.has_room(lane):
            self._busy[lane] += 1
            return True
        if len(self._lines[lane]) >= self._queue:
            raise BusyError(too_many(self._queue))
        self._lines[lane][waiter] = None
        return False

    def leave(self, lane: Lane) -> _Waiter | None:
        """Give a place back; whoever is returned has it now."""
        line = self._lines[lane]
        if line:
            waiter = min(line, key=self._had)
            del line[waiter]
            return waiter
        self._busy[lane] -= 1
        return None

    def move(self, lane: Lane, other: Lane) -> _Waiter | None:
        """Give a place back for one in another lane that has room; whoever is returned has it now."""
        self._busy[other] += 1
        return self.leave(lane)

    def forget(self, waiter: _Waiter) -> None:
        """Let somebody wait no longer."""
        for line in self._lines.values():
            line.pop(waiter, None)

    def empty(self) -> list[_Waiter]:
        """Let nobody wait any longer; who waited."""
        waiters = [waiter for line in self._lines.values() for waiter in line]
        for line in self._lines.values():
            line.clear()
        return waiters
