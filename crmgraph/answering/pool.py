"""A pool of worker processes: it answers questions, ends those that take too long, and replaces the processes."""

import math
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Condition, Event
from types import TracebackType
from typing import Literal

from crmgraph.answering.apologies import CLOSED, CUT_OFF, all_busy, no_process, too_many
from crmgraph.answering.child import GLANCE, NOBODY_WAITS, End
from crmgraph.answering.process import WorkerProcess
from crmgraph.answering.question import LARGEST, LARGEST_SENT, Answer, Question
from crmgraph.answering.transfer import Transfer
from crmgraph.errors import AbandonedError, AnswerError, BusyError, EngineError, InputError, Place, UnavailableError

__all__ = ["QUEUE", "Pool"]

QUEUE = 64
"""How many questions may wait for a process, unless something else is said."""

_Lane = Literal["quick", "slow", "sending"]


@dataclass
class _Turn:
    """A question at work: in which process, and in which lane."""

    worker: WorkerProcess
    lane: _Lane


class Pool:
    """Answers questions from the Oxigraph store in a folder, in as many processes as there are `workers`.

    The first process starts at once, the others when they are first needed. Every question begins in the quick lane,
    which has room for `workers`. One that takes longer than a moment goes over to the slow lane, which has as much room
    again: its process goes on, at a low priority. Where there is no room it stays, until another waits that had no
    turn yet; then it makes way, and begins anew when there is room in the slow lane. So slow questions hold up each
    other and no quick one. Where `queue` questions wait for a lane, the next is refused.

    A large answer that is sent part by part is made as it is read, in a lane of its own with twice as much room: a slow
    reader holds up other large answers only, and is cut off where one of them waits.

    Each process may use `memory_bytes` beyond what the open store takes, and write answers of at most `answer_bytes`,
    or `sent_bytes` part by part. The store must not be written to meanwhile. Raises InputError where there is no store.
    """

    def __init__(
        self,
        store_path: Path | str,
        memory_bytes: int,
        workers: int = 2,
        answer_bytes: int = LARGEST,
        queue: int = QUEUE,
        sent_bytes: int = LARGEST_SENT,
    ) -> None:
        self._store = Path(store_path).absolute()
        if not (self._store / "CURRENT").is_file():
            raise InputError("there is no store in this folder; build the dataset first", Place(self._store))
        self._workers = max(workers, 1)
        self._memory = memory_bytes
        self._largest = answer_bytes, sent_bytes
        self._queue = queue
        self._changed = Condition()
        self._closed = False
        # Those that wait for their first turn, and those that had one.
        self._waiting = self._waiting_again = 0
        self._ended: Counter[End] = Counter()
        self._busy: dict[_Lane, int] = {"quick": 0, "slow": 0, "sending": 0}
        self._transfers: set[Transfer] = set()
        self._all = {self._start()}
        self._idle = list(self._all)

    @property
    def store_path(self) -> Path:
        """The folder of the store that the answers come from."""
        return self._store

    @property
    def state(self) -> str | None:
        """What names the data is known to whoever writes them: nobody else can change them."""
        return None

    def refresh(self, seconds: float) -> None:
        """There is nothing to see."""

    def move_to(self, store_path: Path) -> None:
        """Answer what is asked from now on from the store in another folder.

        What is being answered goes on as it began, from the store as it was then.
        """
        with self._changed:
            self._store = store_path.absolute()
            for worker in [*self._idle]:
                self._idle.remove(worker)
                self._bury(worker)
            self._replace()
            self._changed.notify_all()

    def serves(self, store_path: Path) -> bool:
        """Whether a process has the store in this folder open."""
        with self._changed:
            return any(worker.store == store_path.absolute() for worker in self._all)

    def answer(
        self,
        question: Question,
        seconds: float,
        gone: Event | None = None,
        since: float | None = None,
        by_parts: bool = False,
    ) -> Answer:
        """The answer to the question, in at most `seconds`; may be called from many threads at once.

        Where it may come `by_parts`, a large one has a rest, which must be read to its end or closed.
        Waiting for a free process counts, and so does what has passed `since` then on the clock of time.monotonic.
        When `gone` is set, nobody waits any more and the work is ended. Raises the errors below AnswerError:
        QueryTimeoutError at the time limit, UnavailableError where no process was free until then, the pool is closed
        or the store is gone, BusyError at once where too many wait, EngineError where the engine gave up and LimitError
        where that was at a limit.
        """
        deadline = (time.monotonic() if since is None else since) + seconds
        had_turn = False
        while True:
            turn = self._take(seconds, deadline, gone, had_turn)
            transfer = None
            try:
                said = turn.worker.ask(question, seconds, deadline, gone, partial(self._makes_way, turn), by_parts)
                if said is not None and not said[1] and self._may_send(turn, seconds, deadline, gone):
                    transfer = self._transfer(turn, seconds, deadline)
            except EngineError:
                if self._closed:
                    raise UnavailableError(CLOSED) from None
                raise
            finally:
                if transfer is None:
                    self._give_back(turn)
            if said is not None and (transfer or said[1]):
                return replace(said[0], rest=transfer)
            had_turn = had_turn or turn.worker.end_reason == "turn"

    def close(self) -> None:
        """End all processes; questions that wait for an answer get UnavailableError. May be called more than once."""
        with self._changed:
            self._closed = True
            for transfer in [*self._transfers]:
                transfer.cut(CLOSED)
            idle, self._idle = self._idle, []
            for worker in self._all:
                worker.kill()
            self._all.difference_update(idle)
            self._changed.notify_all()
        for worker in idle:
            worker.end()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pids(self) -> frozenset[int]:
        """The numbers of the processes that there are now."""
        with self._changed:
            return frozenset(worker.pid for worker in self._all)

    @property
    def queue(self) -> int:
        """How many questions may wait for a process."""
        return self._queue

    @property
    def workers(self) -> int:
        """How many processes there may be in each of the two lanes."""
        return self._workers

    @property
    def waiting(self) -> int:
        """How many questions wait for a process now."""
        return self._waiting + self._waiting_again

    @property
    def busy(self) -> int:
        """How many processes are at work now."""
        return sum(self._busy.values())

    @property
    def ended(self) -> Mapping[End, int]:
        """How many processes have been ended at their work, by why."""
        with self._changed:
            return dict(self._ended)

    def _makes_way(self, turn: "_Turn") -> bool:
        """Whether a question that has taken a moment must make way; where the slow lane has room, it goes over."""
        with self._changed:
            if turn.lane == "quick" and self._busy["slow"] < self._workers:
                self._busy["quick"] -= 1
                self._busy["slow"] += 1
                turn.lane = "slow"
                turn.worker.slow_down()
                self._replace()
                self._changed.notify_all()
            return turn.lane == "quick" and self._waiting > 0

    def _may_send(self, turn: "_Turn", seconds: float, deadline: float, gone: Event | None) -> bool:
        """Have a question whose answer is large go over to the lane for sending; False where it makes way."""
        with self._changed:
            while self._busy["sending"] >= 2 * self._workers:
                now = time.monotonic()
                try:
                    self._check_wait(now, seconds, deadline, gone)
                except AnswerError:
                    turn.worker.end_for("left")
                    raise
                # It is not to stand in the way of quick ones.
                if turn.lane == "quick" and self._makes_way(turn):
                    turn.worker.end_for("turn")
                    return False
                slow = next((each for each in self._transfers if each.is_slow(now)), None)
                if slow:
                    slow.cut(CUT_OFF)
                self._changed.wait(min(deadline - now, GLANCE))
            self._busy[turn.lane] -= 1
            self._busy["sending"] += 1
            turn.lane = "sending"
            self._changed.notify_all()
        return True

    def _transfer(self, turn: "_Turn", seconds: float, deadline: float) -> Transfer:
        left = deadline - time.monotonic()
        transfer = Transfer(
            turn.worker, seconds, left, partial(self._slow_down, turn), lambda: self._end(transfer, turn)
        )
        with self._changed:
            self._transfers.add(transfer)
        return transfer

    def _slow_down(self, turn: "_Turn") -> None:
        with self._changed:
            turn.worker.slow_down()
            self._replace()

    def _end(self, transfer: Transfer, turn: "_Turn") -> None:
        with self._changed:
            self._transfers.discard(transfer)
        self._give_back(turn)

    def _take(self, seconds: float, deadline: float, gone: Event | None, had_turn: bool) -> "_Turn":
        """A process in the quick lane, or in the slow one for a question that had its turn."""
        lane: _Lane = "slow" if had_turn else "quick"
        with self._changed:
            # Slow questions that wait are no reason to refuse a quick one.
            waiting = self._waiting_again if had_turn else self._waiting
            if waiting >= self._queue and self._busy[lane] >= self._workers:
                raise BusyError(too_many(self._queue))
            self._waiting += not had_turn
            self._waiting_again += had_turn
            try:
                while True:
                    now = time.monotonic()
                    has_room = self._busy[lane] < self._workers
                    self._check_wait(now, seconds, math.inf if has_room else deadline, gone)
                    if has_room:
                        turn = _Turn(self._pick(), lane)
                        self._busy[lane] += 1
                        if had_turn:
                            turn.worker.slow_down()
                        return turn
                    self._changed.wait(deadline - now if gone is None else min(deadline - now, GLANCE))
            finally:
                self._waiting -= not had_turn
                self._waiting_again -= had_turn

    def _check_wait(self, now: float, seconds: float, deadline: float, gone: Event | None) -> None:
        """Raise the error of whoever waits in vain."""
        if self._closed:
            raise UnavailableError(CLOSED)
        if gone is not None and gone.is_set():
            raise AbandonedError(NOBODY_WAITS)
        if now >= deadline:
            raise UnavailableError(all_busy(seconds))

    def _pick(self) -> WorkerProcess:
        for worker in [each for each in self._idle if not each.is_alive()]:
            self._idle.remove(worker)
            self._bury(worker)
        if not self._idle:
            worker = self._start()
            self._all.add(worker)
            return worker
        worker = next((each for each in reversed(self._idle) if each.is_ready()), self._idle[-1])
        self._idle.remove(worker)
        return worker

    def _give_back(self, turn: "_Turn") -> None:
        worker = turn.worker
        with self._changed:
            self._busy[turn.lane] -= 1
            if worker.end_reason is not None and not self._closed:
                self._ended[worker.end_reason] += 1
            is_current = worker.store == self._store
            if is_current and worker.is_as_before() and not self._closed:
                self._idle.append(worker)
            else:
                self._bury(worker)
                self._replace()
            while len(self._idle) > self._spare:
                self._bury(self._idle.pop(0))
            self._changed.notify_all()

    def _bury(self, worker: WorkerProcess) -> None:
        self._all.discard(worker)
        worker.end()

    @property
    def _spare(self) -> int:
        """How many processes are kept for the quick lane: twice as many while slow questions use them up."""
        return self._workers * (2 if self._busy["slow"] or self._waiting_again else 1)

    def _replace(self) -> None:
        # Where the system has no room for a process now, the next question tries again and is told.
        with suppress(EngineError):
            while not self._closed and len(self._idle) + self._busy["quick"] < self._spare:
                worker = self._start()
                self._all.add(worker)
                self._idle.append(worker)

    def _start(self) -> WorkerProcess:
        try:
            return WorkerProcess(self._store, self._memory, *self._largest)
        except OSError as error:
            raise EngineError(no_process(error)) from error
