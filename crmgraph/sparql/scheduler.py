"""Who is answered next: a quick and a slow lane, a queue with a length, and a fair share for each client."""

import asyncio
import itertools
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from crmgraph.errors import AnswerError, BusyError
from crmgraph.sparql.messages import too_many

__all__ = ["Lane", "Scheduler"]

_HALF_LIFE = 60.0
"""Seconds after which the processor time that a client has had counts half."""

_CLIENTS = 10_000
"""Number of clients that are remembered."""


class Lane:
    """Places for questions at work, and those that wait for one."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.busy = 0
        self.waiting: list[_Waiter] = []

    @property
    def has_room(self) -> bool:
        """Whether a place is free."""
        return self.busy < self.places


@dataclass(eq=False)
class _Waiter:
    client: str
    order: int
    place: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def is_waiting(self) -> bool:
        return not self.place.done()

    def refuse(self, error: AnswerError) -> None:
        if self.is_waiting:
            self.place.set_exception(error)


class Scheduler:
    """Gives questions a place in a lane, in the event loop. At most `length` questions wait."""

    def __init__(self, places: int, length: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.quick, self.slow = Lane(places), Lane(places)
        self._length = length
        self._clock = clock
        self._order = itertools.count()
        # Seconds of processor time that a client has had, and when that was counted.
        self._usage: OrderedDict[str, tuple[float, float]] = OrderedDict()

    @property
    def busy(self) -> int:
        """The number of questions at work."""
        return self.quick.busy + self.slow.busy

    @property
    def waiting(self) -> int:
        """The number of questions that wait."""
        return len(self.quick.waiting) + len(self.slow.waiting)

    async def enter(self, lane: Lane, client: str, seconds: float) -> None:
        """Take a place in a lane, waiting at most so many seconds.

        Raises BusyError where the queue is full, and TimeoutError where no place was free in time.
        """
        if lane.has_room:
            lane.busy += 1
            return
        waiter = _Waiter(client, next(self._order))
        self._make_room(waiter)
        lane.waiting.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter.place
        except BaseException:
            if waiter in lane.waiting:
                lane.waiting.remove(waiter)
            elif waiter.place.done() and not waiter.place.cancelled() and waiter.place.exception() is None:
                self.leave(lane)
            raise

    def leave(self, lane: Lane) -> None:
        """Give a place back: to the waiter whose client has had least."""
        waiting = [waiter for waiter in lane.waiting if waiter.is_waiting]
        if not waiting:
            lane.busy -= 1
            return
        first = min(waiting, key=lambda waiter: (int(self.usage(waiter.client)), waiter.order))
        lane.waiting.remove(first)
        first.place.set_result(None)

    def move(self) -> None:
        """Move a question at work from the quick lane to the slow one, which has room."""
        self.slow.busy += 1
        self.leave(self.quick)

    def refuse_all(self, error: AnswerError) -> None:
        """Let nobody wait any longer."""
        for lane in (self.quick, self.slow):
            for waiter in lane.waiting:
                waiter.refuse(error)
            lane.waiting.clear()

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

    def _make_room(self, newcomer: _Waiter) -> None:
        """Where the queue is full, refuse the newest question of the client with most in it. Raises BusyError."""
        waiting = [*self.quick.waiting, *self.slow.waiting]
        if len(waiting) < self._length:
            return
        counts = Counter(waiter.client for waiter in (*waiting, newcomer))
        most = max(counts.values())
        if counts[newcomer.client] == most:
            raise BusyError(too_many(self._length))
        newest = max((waiter for waiter in waiting if counts[waiter.client] == most), key=lambda each: each.order)
        newest.refuse(BusyError(too_many(self._length)))
        for lane in (self.quick, self.slow):
            with suppress(ValueError):
                lane.waiting.remove(newest)
