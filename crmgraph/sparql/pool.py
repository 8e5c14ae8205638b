"""A pool of worker processes: it answers questions, ends those that take too long, and replaces the processes.

Its scheduler has a quick and a slow lane, a queue with a length, and a fair share for each client."""

import asyncio
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Literal

from crmgraph.errors import (
    AbandonedError,
    AnswerError,
    BusyError,
    EngineError,
    InputError,
    Place,
    QueryTimeoutError,
    UnavailableError,
)
from crmgraph.sparql.engine import (
    ABANDONED,
    CLOSED,
    LARGEST,
    LARGEST_IN_PARTS,
    POLL_INTERVAL,
    Activity,
    Answer,
    End,
    Engine,
    Question,
    all_busy,
    too_late,
    too_many,
)
from crmgraph.sparql.worker_process import ForkServer, Limits, UnansweredError, WorkerProcess

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


_QUEUE = 64
"""Default number of questions that may wait for a worker."""

_MOMENT = 0.05
"""Seconds of processor time after which a question is a slow one."""

_PRIORITY = 0.25
"""Seconds of processor time after which a slow question is worked on at low priority."""

_SLICE = 1.0
"""Seconds after which a slow question makes way for that of a client that has had less than half as much."""

_REMEMBERED = 10_000
"""Number of slow questions that are remembered."""

_STARTING = 10.0
"""Seconds that a worker may take to open the store."""


@dataclass(eq=False)
class _Turn:
    """A question at work."""

    question: Question
    lane: Lane
    seconds: float
    deadline: float
    since: float = 0.0
    worker: WorkerProcess | None = None
    watch: asyncio.TimerHandle | None = None

    @property
    def left(self) -> float:
        return max(self.deadline - time.monotonic(), 0.0)


class Pool(Engine):
    """Answers questions from a store that does not change, in worker processes.

    There are `workers` for new questions, the quick lane, and as many for slow ones. A question that takes longer than
    a moment moves to the slow lane, where its worker goes on at low priority; where that has no room it stays, until
    another needs its place, and then begins anew in the slow lane. One that was slow before begins there. Of those that
    wait, the first is whose client has had least processor time lately. At most `queue` wait: one more is refused, or
    one of a client that has more waiting.

    A worker may use `memory_bytes` beyond the store, and give answers of at most `answer_bytes`, or `sent_bytes` in
    parts. `dump` is the store as N-Quads, to be held in memory; without it the workers open the store on disk. The
    pool lives in the event loop that it is attached to, or else in one in a thread of its own. Raises InputError where
    there is no store.
    """

    def __init__(
        self,
        store_path: Path | str,
        memory_bytes: int,
        workers: int = 2,
        answer_bytes: int = LARGEST,
        queue: int = _QUEUE,
        sent_bytes: int = LARGEST_IN_PARTS,
        dump: Path | None = None,
    ) -> None:
        store = Path(store_path).absolute()
        if not (store / "CURRENT").is_file():
            raise InputError("there is no store in this folder; build the dataset first", Place(store))
        self._data = store, ""
        self.workers = max(workers, 1)
        self._limits: Limits = (memory_bytes, answer_bytes, sent_bytes)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        self._scheduler = Scheduler(self.workers, queue)
        self._slow: OrderedDict[int, None] = OrderedDict()
        self._started: list[WorkerProcess] = []
        self._idle: list[WorkerProcess] = []
        self._ended: Counter[End] = Counter()
        self._dump, self._in_memory = dump, dump is not None
        self._forkserver = ForkServer(dump)

    @property
    def store_path(self) -> Path:
        """The folder of the store that the answers come from."""
        return self._data[0]

    @property
    def digest(self) -> str:
        """The state of the data, as `move_to` was told."""
        return self._data[1]

    @property
    def activity(self) -> Activity:
        """The questions at work and waiting, and the worker processes."""
        pids = frozenset(worker.pid for worker in self._running if worker.pid)
        return Activity(self._scheduler.busy, self._scheduler.waiting, pids, dict(self._ended))

    def serves(self, store_path: Path) -> bool:
        """Tell whether a worker has the store in this folder open."""
        return any(worker.store == store_path.absolute() for worker in self._running)

    def move_to(self, store_path: Path, digest: str = "") -> None:
        """Answer from the store in another folder from now on; questions at work end as they began.

        Store and digest change at once, so that no answer from the store before is taken for one of this state.
        """
        self._data = store_path.absolute(), digest
        self._in_memory = False
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end_idle)

    def attach(self) -> None:
        """Live in the running event loop, unless the pool was used before."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.get_running_loop()

    async def detach(self) -> None:
        """Leave the running event loop, which is about to end, if the pool lives in it; questions at work are ended."""
        with self._lock:
            if self._is_closed or self._loop is not asyncio.get_running_loop():
                return
            self._loop = None
        await self._end_all()

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """Return the answer to a question, within so many seconds; cancelling it ends the work.

        A large answer to a question that may be answered `in_parts` has a `rest`. Raises the errors below AnswerError:
        QueryTimeoutError at the limit, UnavailableError where no worker was free until then, the pool is closed or the
        store is gone, BusyError at once where too many wait, EngineError where the engine gave up, and LimitError where
        that was at a limit.
        """
        loop = self._own_loop()
        asking = self._ask(question, seconds, in_parts)
        if loop is asyncio.get_running_loop():
            return await asking
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asking, loop))

    def answer(self, question: Question, seconds: float, gone: Event | None = None, in_parts: bool = False) -> Answer:
        """Return the answer like `ask`, to a thread that is not that of the event loop.

        The work ends when `gone` is set, and AbandonedError is raised.
        """
        if gone is not None and gone.is_set():
            raise AbandonedError(ABANDONED)
        loop = self._own_loop()
        asking = asyncio.run_coroutine_threadsafe(self._ask(question, seconds, in_parts), loop)
        while True:
            try:
                return asking.result(None if gone is None else POLL_INTERVAL)
            except CancelledError:
                raise UnavailableError(CLOSED) from None
            except TimeoutError:
                if gone is not None and gone.is_set():
                    asking.cancel()
                    raise AbandonedError(ABANDONED) from None

    def close(self) -> None:
        """End all workers; questions at work or waiting get UnavailableError. May be called more than once."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        if self._loop is not None and self._thread is not None:
            asyncio.run_coroutine_threadsafe(self._end_all(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
        elif self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_workers)
        self._forkserver.close()

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._is_closed:
                raise UnavailableError(CLOSED)
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="pool", daemon=True)
                self._thread.start()
            return self._loop

    @property
    def _is_here(self) -> bool:
        """Whether the pool is open and lives in the running event loop: it may have left while a worker started."""
        return not self._is_closed and self._loop is asyncio.get_running_loop()

    @property
    def _running(self) -> list[WorkerProcess]:
        return [worker for worker in self._started if not worker.is_over]

    def _end_workers(self) -> None:
        error = UnavailableError(CLOSED)
        self._scheduler.refuse_all(error)
        for worker in self._running:
            worker.end(error=error)

    async def _end_all(self) -> None:
        self._end_workers()
        # Those that asked hear of it, and what is closed or was being started is gone, with the next turns of the loop.
        for _ in range(10):
            await asyncio.sleep(0)

    async def _ask(self, question: Question, seconds: float, in_parts: bool) -> Answer:
        deadline = time.monotonic() + seconds
        while True:
            if not self._is_here:
                raise UnavailableError(CLOSED)
            lane: Lane = "slow" if _key(question) in self._slow else "quick"
            turn = _Turn(question, lane, seconds, deadline)
            if not turn.left:
                raise QueryTimeoutError(too_late(seconds))
            try:
                await self._scheduler.enter(lane, question.client, turn.left)
            except TimeoutError:
                raise UnavailableError(all_busy(seconds)) from None
            try:
                return await self._work(turn, in_parts)
            except UnansweredError:
                continue
            finally:
                self._finish(turn)

    async def _work(self, turn: _Turn, in_parts: bool) -> Answer:
        """Have a question answered that has a place in its lane."""
        turn.since = time.monotonic()
        worker = self._idle_worker()
        if worker is None:
            try:
                async with asyncio.timeout(min(turn.left, _STARTING)):
                    worker = await self._start()
            except TimeoutError:
                raise UnavailableError(all_busy(turn.seconds)) from None
        turn.worker = worker
        loop, left = asyncio.get_running_loop(), turn.left
        limit = loop.call_later(left, worker.end, "time", QueryTimeoutError(too_late(turn.seconds)))
        turn.watch = loop.call_later(_MOMENT, self._watch, turn, worker)
        try:
            return await worker.ask(turn.question, left, in_parts)
        except asyncio.CancelledError:
            worker.end("left")
            raise
        finally:
            limit.cancel()
            turn.watch.cancel()

    def _idle_worker(self) -> WorkerProcess | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_usable(self._data[0]):
                return worker
            worker.end()
        return None

    async def _start(self) -> WorkerProcess:
        """Return a new worker that has the store open."""
        if not self._forkserver.is_alive():
            self._forkserver.close()
            self._forkserver = ForkServer(self._dump)
        store = self._data[0]
        connection = self._forkserver.fork(None if self._in_memory else store, self._limits)
        worker = WorkerProcess(store, self._limits[0])
        self._started = [*self._running, worker]
        try:
            await asyncio.get_running_loop().create_connection(lambda: worker, sock=connection)
            if not self._is_here:
                raise UnavailableError(CLOSED)
            await worker.ready()
        except BaseException:
            worker.end()
            raise
        return worker

    def _watch(self, turn: _Turn, worker: WorkerProcess) -> None:
        """See to it that a slow question holds up no other."""
        worked = worker.worked()
        makes_way = False
        if turn.lane == "slow":
            makes_way = self._makes_way(turn, worked)
        elif worked >= _MOMENT:
            self._remember_slow(turn)
            if self._scheduler.has_room("slow"):
                self._scheduler.move()
                turn.lane = "slow"
            else:
                makes_way = bool(self._scheduler.clients_waiting("quick"))
        if makes_way:
            worker.end("turn", UnansweredError())
            return
        if turn.lane == "slow" and worked >= _PRIORITY:
            worker.slow_down()
        turn.watch = asyncio.get_running_loop().call_later(_MOMENT, self._watch, turn, worker)

    def _makes_way(self, turn: _Turn, worked: float) -> bool:
        """Tell whether another client waits for a place in the slow lane that has had less than half of this one's."""
        if time.monotonic() - turn.since < _SLICE:
            return False
        had = self._scheduler.usage(turn.question.client) + worked
        others = self._scheduler.clients_waiting(turn.lane) - {turn.question.client}
        return any(self._scheduler.usage(client) < had / 2 for client in others)

    def _finish(self, turn: _Turn) -> None:
        """Give back the place and the worker."""
        worker = turn.worker
        if worker is not None:
            worked = worker.worked()
            self._scheduler.charge(turn.question.client, worked)
            if worked >= _MOMENT:
                self._remember_slow(turn)
            else:
                self._slow.pop(_key(turn.question), None)
            self._keep(worker)
            if worker.end_reason is not None and not self._is_closed:
                self._ended[worker.end_reason] += 1
        self._scheduler.leave(turn.lane)
        # A worker is to be ready for the next question.
        if self._is_here and not self._idle and len(self._running) < 2 * self.workers:
            asyncio.get_running_loop().create_task(self._start_idle())

    async def _start_idle(self) -> None:
        with suppress(EngineError, UnavailableError, UnansweredError):
            self._keep(await self._start())

    def _keep(self, worker: WorkerProcess) -> None:
        """Keep a worker for the next question, or end it."""
        if worker.is_usable(self._data[0]) and len(self._idle) < 2 * self.workers:
            self._idle.append(worker)
        else:
            worker.end()

    def _remember_slow(self, turn: _Turn) -> None:
        self._slow[_key(turn.question)] = None
        if len(self._slow) > _REMEMBERED:
            self._slow.popitem(last=False)

    def _end_idle(self) -> None:
        while self._idle:
            self._idle.pop().end()


def _key(question: Question) -> int:
    """Return what a slow question is remembered by."""
    return hash((question.text, question.default_graphs, question.named_graphs))
