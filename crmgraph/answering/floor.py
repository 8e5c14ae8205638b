"""Where the work of a pool is done: it gives questions a process and a place in a lane, from many threads at once."""

import time
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Condition, Event
from typing import Protocol

from crmgraph.answering.apologies import CLOSED, CUT_OFF, all_busy, too_many
from crmgraph.answering.child import GLANCE, NOBODY_WAITS, End
from crmgraph.answering.crew import Crew
from crmgraph.answering.habits import Habits
from crmgraph.answering.lanes import Lane, Lanes
from crmgraph.answering.process import WorkerProcess
from crmgraph.answering.shares import Shares
from crmgraph.answering.transfer import PATIENCE, SHORT_PATIENCE, Transfer
from crmgraph.errors import AbandonedError, AnswerError, BusyError, EngineError, UnavailableError

__all__ = ["Floor", "Turn"]

_MOMENT = 0.05
"""How many seconds of a processor make a question a slow one."""

_AT_ONCE = 0.25
"""For how many seconds of a processor a slow question keeps the priority of the others."""

_SLICE = 1.0
"""How many seconds a slow question has been at work at least when it makes way for another's."""

_BLINK = 0.005


@dataclass
class Turn:
    """A question at work: in which process, in which lane, for whom, who `had` so many seconds of it so far, and since
    when on the clock of time.monotonic."""

    worker: WorkerProcess
    lane: Lane
    client: str = ""
    had: float = 0.0
    since: float = field(default_factory=time.monotonic)


class _Waiter(Protocol):
    @property
    def client(self) -> str:
        """Who asks."""

    def placed(self, turn: Turn | AnswerError) -> None:
        """Learn that it is one's turn, or why it will never be. Must not wait for anything."""


class Floor:
    """Gives questions their turn in a crew of processes over the store in a folder.

    `workers` have room in each lane, and `queue` may wait for one. What the lanes are for, and who comes first, is told
    of Pool.
    """

    def __init__(self, store: Path, limits: tuple[int, int, int], workers: int, queue: int) -> None:
        self._lock = Condition()
        self._workers = workers
        self._crew = Crew(store, limits, most=2 * workers)
        self._shares = Shares()
        self._lanes: Lanes[_Waiter] = Lanes(
            workers, queue, had=lambda waiter: self._shares.had(waiter.client), client=lambda waiter: waiter.client
        )
        self._queue = queue
        self._habits = Habits(_MOMENT)
        self._transfers: dict[Transfer, Turn] = {}
        self._ended: Counter[End] = Counter()
        self.is_closed = False

    @property
    def store(self) -> Path:
        """The folder of the store that is asked."""
        return self._crew.store

    @property
    def pids(self) -> frozenset[int]:
        """The numbers of the processes that there are now."""
        with self._lock:
            return self._crew.pids

    @property
    def busy(self) -> int:
        """How many processes are at work now."""
        return self._lanes.all_busy

    @property
    def waiting(self) -> int:
        """How many questions wait for a process now."""
        return self._lanes.all_waiting

    @property
    def ended(self) -> Mapping[End, int]:
        """How many processes have been ended at their work, by why."""
        with self._lock:
            return dict(self._ended)

    def serves(self, store: Path) -> bool:
        """Whether a process has the store in this folder open."""
        with self._lock:
            return self._crew.serves(store)

    def move_to(self, store: Path) -> None:
        """Ask the store in another folder from now on; what is at work goes on."""
        with self._lock:
            self._crew.move_to(store)
        self._fill_up()

    def close(self) -> None:
        """End all processes; whoever waits gets UnavailableError. May be called more than once."""
        with self._lock:
            self.is_closed = True
            for transfer in [*self._transfers]:
                transfer.cut(CLOSED)
            for waiter in self._lanes.empty():
                waiter.placed(UnavailableError(CLOSED))
            self._crew.end()
            self._lock.notify_all()

    def is_slow(self, question: Hashable) -> bool:
        """Whether the question took long the last time."""
        return self._habits.is_slow(question)

    def take(self, waiter: _Waiter, lane: Lane) -> None:
        """Have the waiter placed in this lane, now or when it is its turn.

        Raises UnavailableError where the pool is closed, BusyError where too many wait, and EngineError where no
        process can be started.
        """
        with self._lock:
            if self.is_closed:
                raise UnavailableError(CLOSED)
            crowded_out = self._lanes.crowd_out(lane, waiter)
            if crowded_out is not None:
                crowded_out.placed(BusyError(too_many(self._queue)))
            if self._lanes.enter(lane, waiter):
                try:
                    turn = Turn(self._crew.pick(), lane, waiter.client)
                except BaseException:
                    self._pass_on(self._lanes.leave(lane), lane)
                    raise
                waiter.placed(turn)

    def forget(self, waiter: _Waiter) -> None:
        """Let the waiter wait no longer."""
        with self._lock:
            self._lanes.forget(waiter)

    def give_back(self, turn: Turn) -> None:
        """End a turn."""
        with self._lock:
            if turn.worker.end_reason is not None and not self.is_closed:
                self._ended[turn.worker.end_reason] += 1
            self._charge(turn)
            is_kept = self._crew.give_back(turn.worker)
            self._pass_on(self._lanes.leave(turn.lane), turn.lane)
            if self.is_closed:
                self._crew.end()
            if turn.lane == "sending":
                self._lock.notify_all()
        if not is_kept:
            self._fill_up()

    def learn(self, question: Hashable, seconds: float, is_done: bool = True) -> None:
        """Remember that the question took so many seconds of a processor, or more where it `is_done` not."""
        with self._lock:
            self._habits.learn(question, seconds, is_done)

    def patience(self, turn: Turn) -> float:
        """For how many seconds a question may go on as it does; none where it must make way.

        After a moment of work it goes over to the slow lane where that has room, and else makes way where another
        waits. After a while it is slowed down, as soon as others work in the quick lane.
        """
        worked = turn.worker.worked()
        if worked < _MOMENT:
            return max(_MOMENT - worked, _BLINK)
        with self._lock:
            self._charge(turn)
            makes_way = self._makes_way(turn)
            if worked > _AT_ONCE and self._lanes.busy("quick") > (turn.lane == "quick"):
                turn.worker.slow_down()
        self._fill_up()
        return 0.0 if makes_way else GLANCE

    def _charge(self, turn: Turn) -> None:
        worked = turn.worker.worked()
        # What this program asks itself, whether it is ready for example, is before all others.
        if turn.client:
            self._shares.add(turn.client, worked - turn.had)
        turn.had = worked

    def _makes_way(self, turn: Turn, works: bool = True) -> bool:
        """Whether a question must leave its place to others; where the slow lane has room, it goes over to that.

        One in the slow lane makes way for those whose clients have had less than half as much, once it has had its
        slice, or where it only waits.
        """
        if turn.lane == "quick" and self._lanes.has_room("slow"):
            turn.lane = "slow"
            self._pass_on(self._lanes.move("quick", "slow"), "quick")
        if turn.lane == "quick":
            return self._lanes.waiting("quick") > 0
        has_had_its_slice = time.monotonic() - turn.since > _SLICE or not works
        return has_had_its_slice and 2 * self._lanes.least_had("slow") < self._shares.had(turn.client)

    def may_send(self, turn: Turn, seconds: float, deadline: float, gone: Event | None) -> bool:
        """Have a question whose answer is large go over to the lane for sending; False where it makes way.

        Waits for a place there. Raises UnavailableError where there is none until the deadline, or the pool is closed,
        and AbandonedError.
        """
        with self._lock:
            while not self._lanes.has_room("sending"):
                now = time.monotonic()
                try:
                    self._check_wait(now, seconds, deadline, gone)
                except AnswerError:
                    turn.worker.end_for("left")
                    raise
                # It is not to stand in the way of quick ones.
                self._charge(turn)
                if self._makes_way(turn, works=False):
                    turn.worker.end_for("turn")
                    return False
                if not self._cut_off(now, turn.client):
                    self._lock.wait(min(deadline - now, GLANCE))
            lane, turn.lane = turn.lane, "sending"
            self._pass_on(self._lanes.move(lane, "sending"), lane)
        return True

    def _cut_off(self, now: float, client: str) -> bool:
        """Cut off one transfer that is slow and not being read just now, for a client; whether there was one."""
        held = Counter(turn.client for turn in self._transfers.values())
        for transfer, turn in [*self._transfers.items()]:
            if transfer.is_slow(now, SHORT_PATIENCE if held[turn.client] > held[client] + 1 else PATIENCE):
                transfer.cut(CUT_OFF)
                if self._lanes.has_room("sending"):
                    return True
        return False

    def transfer(self, turn: Turn, seconds: float, left: float) -> Transfer:
        """What the process has still to send, in `left` seconds of its work."""
        transfer = Transfer(
            turn.worker, seconds, left, partial(self._slow_down, turn), lambda: self._end(transfer, turn)
        )
        with self._lock:
            self._transfers[transfer] = turn
        return transfer

    def _slow_down(self, turn: Turn) -> None:
        with self._lock:
            turn.worker.slow_down()

    def _end(self, transfer: Transfer, turn: Turn) -> None:
        with self._lock:
            self._transfers.pop(transfer, None)
        self.give_back(turn)

    def _pass_on(self, waiter: _Waiter | None, lane: Lane) -> None:
        """Give the place of somebody who has left to whoever waited for it."""
        while waiter is not None:
            try:
                turn = Turn(self._crew.pick(), lane, waiter.client)
            except EngineError as error:
                waiter.placed(error)
                waiter = self._lanes.leave(lane)
            else:
                waiter.placed(turn)
                return

    def _check_wait(self, now: float, seconds: float, deadline: float, gone: Event | None) -> None:
        """Raise the error of whoever waits in vain."""
        if self.is_closed:
            raise UnavailableError(CLOSED)
        if gone is not None and gone.is_set():
            raise AbandonedError(NOBODY_WAITS)
        if now >= deadline:
            raise UnavailableError(all_busy(seconds))

    def _fill_up(self) -> None:
        """Have processes ready for the quick lane, and for as many slow questions while there are such."""
        with self._lock:
            if self.is_closed:
                return
            wanted = self._workers * (2 if self._lanes.busy("slow") else 1)
            missing = self._crew.announce(wanted - self._lanes.busy("quick"))
        # To start a process takes too long to have others wait for the lock meanwhile.
        for _ in range(missing):
            worker = self._crew.start()
            with self._lock:
                self._crew.join(worker)
                if self.is_closed:
                    self._crew.end()
