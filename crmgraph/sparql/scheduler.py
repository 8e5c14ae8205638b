"""The order of answers: a quick and a slow lane, a queue with a length, and a fair share for each client."""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from crmgraph.errors import AnswerError, BusyError
from crmgraph.sparql.messages import too_many

__all__ = ["Lane", "Scheduler"]

Lane = Literal["quick", "slow"]

_HALF_LIFE = 60.0
"""Seconds after which the processor time that a client has had counts half."""

_CLIENTS = 10_000
"""Number of clients that are remembered."""


@dataclass(eq=False)
class _Waiter:
    client: str
    lane: Lane
    place: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Scheduler:
    """Gives questions one of the `places` of a lane, in the event loop. At most `length` questions wait."""

    def __init__(self, places: int, length: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._busy: Counter[Lane] = Counter()
        self._length = length
        self._clock = clock
        self._waiters: list[_Waiter] = []
        # Seconds of processor time that a client has had, and when that was counted.
        self._usage: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @property
    def busy(self) -> int:
        """The number of questions at work."""
        return self._busy.total()

    @property
    def waiting(self) -> int:
        """The number of questions that wait."""
        return len(self._waiters)

    def has_room(self, lane: Lane) -> bool:
        """Tell whether a place in a lane is free."""
        return self._busy[lane] < self._places

    def clients_waiting(self, lane: Lane) -> set[str]:
        """Return the clients that wait for a place in a lane."""
        return {waiter.client for waiter in self._waiters if waiter.lane == lane}

    async def enter(self, lane: Lane, client: str, seconds: float) -> None:
        """Take a place in a lane, waiting at most so many seconds.

        Raises BusyError where the queue is full, and TimeoutError where no place was free in time.
        """
        if self.has_room(lane):
            self._busy[lane] += 1
            return
        if len(self._waiters) >= self._length:
            self._make_room(client)
        waiter = _Waiter(client, lane)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter.place
        except BaseException:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
            elif waiter.place.done() and not waiter.place.cancelled() and waiter.place.exception() is None:
                self.leave(lane)
            raise

    def leave(self, lane: Lane) -> None:
        """Give a place back: to the waiter whose client has had least."""
        waiting = [waiter for waiter in self._waiters if waiter.lane == lane and not waiter.place.done()]
        if not waiting:
            self._busy[lane] -= 1
            return
        first = min(waiting, key=lambda waiter: int(self.usage(waiter.client)))
        self._waiters.remove(first)
        first.place.set_result(None)

    def move(self) -> None:
        """Move a question at work from the quick lane to the slow one, which has room."""
        self._busy["slow"] += 1
        self.leave("quick")

    def refuse_all(self, error: AnswerError) -> None:
        """Let nobody wait any longer."""
        while self._waiters:
            self._refuse(self._waiters[-1], error)

    def usage(self, client: str) -> float:
        """Return the seconds of processor time that a client has had lately."""
        seconds, at = self._usage.get(client, (0.0, 0.0))
        return seconds and seconds * 0.5 ** ((self._clock() - at) / _HALF_LIFE)

    def charge(self, client: str, seconds: float) -> None:
        """Count processor time that a client has had."""
        self._usage[client] = (self.usage(client) + seconds, self._clock())
        self._usage.move_to_end(client)
        if len(self._usage) > _CLIENTS:
            self._usage.popitem(last=False)

    def _make_room(self, newcomer: str) -> None:
        """Refuse the newest question of the client with most in the queue. Raises BusyError where that is this one."""
        counts = Counter([newcomer, *(waiter.client for waiter in self._waiters)])
        most = max(counts.values())
        error = BusyError(too_many(self._length))
        if counts[newcomer] == most:
            raise error
        self._refuse(next(waiter for waiter in reversed(self._waiters) if counts[waiter.client] == most), error)

    def _refuse(self, waiter: _Waiter, error: AnswerError) -> None:
        self._waiters.remove(waiter)
        if not waiter.place.done():
            waiter.place.set_exception(error)
