"""A pool of worker processes that answers questions, with a scheduler that shares the workers fairly among clients.

Questions run in one of two lanes, quick and slow. A worker whose question exceeds its time limit is killed and
replaced. The queue has a maximum length."""

import asyncio
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from typing import Literal, NamedTuple

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
    LARGEST_ANSWER,
    LARGEST_IN_PARTS,
    POLL_INTERVAL,
    Activity,
    Answer,
    EndReason,
    Engine,
    Question,
    all_busy_message,
    queue_full_message,
    timeout_message,
)
from crmgraph.sparql.worker_process import ForkServer, Frames, Limits, UnansweredError, WorkerProcess, receive_answer

Lane = Literal["quick", "trial", "slow"]
"""The lane of a question. Trial questions, which may turn out slow, share the places of the quick lane."""

_USAGE_HALF_LIFE = 60.0
"""Half-life, in seconds, of the processor time that is charged to a client."""

_MOST_CLIENTS = 10_000
"""Number of clients whose processor time is remembered."""


@dataclass(eq=False)
class _Waiter:
    client: str
    lane: Lane
    start: Callable[[], None]
    place: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class _Usage(NamedTuple):
    """Processor time of a client in seconds: in total at the time `at`, and for its last question."""

    total: float
    last: float
    at: float


class Scheduler:
    """A scheduler of questions over two lanes with `places` places each; all methods run in the event loop.

    A question takes a place while it runs. At most `length` questions wait for one. A free place goes to the waiting
    question whose client has used the least processor time lately. One place of the quick lane is kept for clients
    whose last question was quick, so that they need not wait for many newcomers with slow questions.
    """

    def __init__(self, places: int, length: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._busy: Counter[Lane] = Counter()
        self._length = length
        self._clock = clock
        self._waiters: list[_Waiter] = []
        self._usage: OrderedDict[str, _Usage] = OrderedDict()

    @property
    def busy(self) -> int:
        """The number of running questions."""
        return self._busy.total()

    @property
    def waiting(self) -> int:
        """The number of waiting questions."""
        return len(self._waiters)

    def has_free_place(self, lane: Lane) -> bool:
        """Return whether a place in a lane is free."""
        if lane == "slow":
            return self._busy["slow"] < self._places
        is_kept = lane == "trial" and self._busy["trial"] >= max(self._places - 1, 1)
        return self._busy["quick"] + self._busy["trial"] < self._places and not is_kept

    def first_lane(self, client: str) -> Lane:
        """Return the lane for a new question of a client."""
        known = self._usage.get(client)
        if known and known.last < _SLOW_AFTER:
            return "quick"
        return "slow" if known and self.has_free_place("slow") else "trial"

    def clients_waiting(self, *lanes: Lane) -> set[str]:
        """Return the clients that wait for a place in one of the lanes."""
        return {waiter.client for waiter in self._waiters if waiter.lane in lanes}

    async def enter(self, lane: Lane, client: str, start: Callable[[], None]) -> None:
        """Wait for a place in a lane for a question of this client.

        `start` is called in the moment in which the question gets its place. Raises BusyError if the queue is full.
        """
        if self.has_free_place(lane):
            self._busy[lane] += 1
            start()
            return
        if len(self._waiters) >= self._length:
            self._make_room(client)
        waiter = _Waiter(client, lane, start)
        self._waiters.append(waiter)
        try:
            await waiter.place
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)

    def leave(self, lane: Lane) -> None:
        """Give a place back, and pass it to the waiting question whose client has used the least processor time."""
        self._busy[lane] -= 1
        waiting = [each for each in self._waiters if self.has_free_place(each.lane) and not each.place.done()]
        if waiting:
            usage = {client: int(self.usage(client)) for client in {each.client for each in waiting}}
            first = min(waiting, key=lambda waiter: usage[waiter.client])
            self._waiters.remove(first)
            self._busy[first.lane] += 1
            first.start()
            first.place.set_result(None)

    def move_to_slow_lane(self, lane: Lane) -> None:
        """Move a running question from another lane to the slow lane, which must have a free place."""
        self._busy["slow"] += 1
        self.leave(lane)

    def refuse_all(self, error: AnswerError) -> None:
        """Make every waiting question raise this error."""
        while self._waiters:
            self._refuse(self._waiters[-1], error)

    def usage(self, client: str) -> float:
        """Return the seconds of processor time that a client has used lately (see `_USAGE_HALF_LIFE`)."""
        known = self._usage.get(client)
        return known.total * 0.5 ** ((self._clock() - known.at) / _USAGE_HALF_LIFE) if known else 0.0

    def charge(self, client: str, seconds: float) -> None:
        """Add the processor time of a question to the usage of its client."""
        self._usage[client] = _Usage(self.usage(client) + seconds, seconds, self._clock())
        self._usage.move_to_end(client)
        if len(self._usage) > _MOST_CLIENTS:
            self._usage.popitem(last=False)

    def _make_room(self, newcomer: str) -> None:
        """Refuse the newest waiting question of the client with the most questions in the queue.

        Raises BusyError if the newcomer has as many as that client, counting its new question.
        """
        counts = Counter([newcomer, *(waiter.client for waiter in self._waiters)])
        most = max(counts.values())
        error = BusyError(queue_full_message(self._length))
        if counts[newcomer] == most:
            raise error
        self._refuse(next(waiter for waiter in reversed(self._waiters) if counts[waiter.client] == most), error)

    def _refuse(self, waiter: _Waiter, error: AnswerError) -> None:
        self._waiters.remove(waiter)
        if not waiter.place.done():
            waiter.place.set_exception(error)


_DEFAULT_QUEUE = 64
"""Default length of the queue."""

_SLOW_AFTER = 0.02
"""Seconds of processor time after which a question counts as slow."""

_LONG_AFTER = 0.25
"""Seconds of processor time after which the worker of a slow question gets low priority. In the quick lane the question
then yields its place to others of its client, too."""

_TIME_SLICE = 1.0
"""Seconds that a slow question runs before it may have to yield its place (see `Pool._has_to_yield`)."""


@dataclass(eq=False)
class _Run:
    """One run of a question on a worker: its lane, its time limit, and its worker.

    Attributes:
        lane: The lane of the question.
        has_place: Whether it has a place in that lane.
        seconds: The time limit in seconds.
        deadline: When the time limit ends, on the clock of time.monotonic.
        started_at: When the question got its place, on the same clock.
        worker: The worker, once there is one.
        frames: What the worker answers.
        timer: The next call of `Pool._check`.
        is_slow: Whether the question has turned out to be slow.
    """

    question: Question
    lane: Lane
    seconds: float
    deadline: float
    in_parts: bool
    has_place: bool = False
    started_at: float = 0.0
    worker: WorkerProcess | None = None
    frames: Frames | None = None
    timer: asyncio.TimerHandle | None = None
    is_slow: bool = False

    @property
    def seconds_left(self) -> float:
        return max(self.deadline - time.monotonic(), 0.0)


class Pool(Engine):
    """An engine that answers questions from a read-only Oxigraph store, in worker processes.

    The quick lane and the slow lane have one worker for each place. A question starts in the quick lane, unless the
    last question of its client was slow and the slow lane has a free place. After 20 ms of processor time it moves to
    the slow lane, and after 250 ms its worker gets low priority. If the slow lane is full, the question stays in the
    quick lane until another question needs its place; then it starts again in the slow lane.

    The pool runs in the event loop that it was attached to, or else in a thread with its own loop.

    Args:
        store_path: Folder of the store. Raises InputError if it contains no store.
        memory_bytes: Memory that a worker may use beyond the store.
        workers: Number of places in each lane.
        answer_bytes: Size of the largest answer in one piece.
        queue: Number of questions that may wait for a place. A further question is refused, or else the newest of the
            client with the most waiting questions.
        sent_bytes: Size of the largest answer in parts.
        dump: The store as an N-Quads file, to be loaded into memory. Without it, the workers open the store on disk.
    """

    def __init__(
        self,
        store_path: Path | str,
        memory_bytes: int,
        workers: int = 2,
        answer_bytes: int = LARGEST_ANSWER,
        queue: int = _DEFAULT_QUEUE,
        sent_bytes: int = LARGEST_IN_PARTS,
        dump: Path | None = None,
    ) -> None:
        store = Path(store_path).absolute()
        if not (store / "CURRENT").is_file():
            raise InputError("there is no store in this folder; build the dataset first", Place(store))
        self._store_and_digest = store, ""
        self.workers = max(workers, 1)
        self._limits: Limits = (memory_bytes, answer_bytes, sent_bytes)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        self._scheduler = Scheduler(self.workers, queue)
        self._workers: list[WorkerProcess] = []
        self._idle_workers: list[WorkerProcess] = []
        self._end_counts: Counter[EndReason] = Counter()
        self._dump, self._in_memory = dump, dump is not None
        self._forkserver = ForkServer(dump)

    @property
    def store_path(self) -> Path:
        """The folder of the store that questions are answered from."""
        return self._store_and_digest[0]

    @property
    def digest(self) -> str:
        """The state of the data that was given to `move_to`; empty before that."""
        return self._store_and_digest[1]

    @property
    def activity(self) -> Activity:
        """The numbers of running and waiting questions, and the ids of the worker processes."""
        pids = frozenset(worker.pid for worker in self._running_workers if worker.pid)
        return Activity(self._scheduler.busy, self._scheduler.waiting, pids, dict(self._end_counts))

    def has_open_store(self, store_path: Path) -> bool:
        """Return whether any running worker has the store in this folder open."""
        return any(worker.store == store_path.absolute() for worker in self._running_workers)

    def move_to(self, store_path: Path, digest: str = "") -> None:
        """Answer from the store in another folder from now on; running questions finish with the previous store.

        Store and digest change in one step, so that no answer from the previous store is attributed to the new digest.
        """
        self._store_and_digest = store_path.absolute(), digest
        self._in_memory = False
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end_idle)

    def attach(self) -> None:
        """Run in the current event loop, unless the pool already runs in one."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.get_running_loop()

    async def detach(self) -> None:
        """Stop running in the current event loop, before it closes. Running questions are aborted."""
        with self._lock:
            if self._is_closed or self._loop is not asyncio.get_running_loop():
                return
            self._loop = None
        await self._end_all()

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """Return the answer to a question within `seconds`; cancellation kills the worker.

        With `in_parts`, a large answer has a `rest`. Raises the AnswerError of the query, or:
        - QueryTimeoutError at the time limit;
        - UnavailableError if no worker was free until then, the pool is closed, or the store was deleted;
        - BusyError at once if the queue is full;
        - LimitError if the query or its answer exceeds a limit of size;
        - EngineError if the engine fails.
        """
        loop = self._own_loop()
        asking = self._ask(question, seconds, in_parts)
        if loop is asyncio.get_running_loop():
            return await asking
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asking, loop))

    def answer(
        self, question: Question, seconds: float, cancel_event: Event | None = None, in_parts: bool = False
    ) -> Answer:
        """Return the answer like `ask`, but block the calling thread, which must not run the event loop.

        When `cancel_event` is set, the worker is killed and AbandonedError is raised.
        """
        if cancel_event is not None and cancel_event.is_set():
            raise AbandonedError(ABANDONED)
        loop = self._own_loop()
        asking = asyncio.run_coroutine_threadsafe(self._ask(question, seconds, in_parts), loop)
        while True:
            try:
                return asking.result(None if cancel_event is None else POLL_INTERVAL)
            except CancelledError:
                raise UnavailableError(CLOSED) from None
            except TimeoutError:
                if cancel_event is not None and cancel_event.is_set():
                    asking.cancel()
                    raise AbandonedError(ABANDONED) from None

    def close(self) -> None:
        """Kill all workers; running and waiting questions raise UnavailableError. May be called more than once."""
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
    def _is_open_here(self) -> bool:
        """Whether the pool is open and runs in the current event loop; it may have left while a worker was starting."""
        return not self._is_closed and self._loop is asyncio.get_running_loop()

    @property
    def _running_workers(self) -> list[WorkerProcess]:
        return [worker for worker in self._workers if not worker.has_ended]

    def _end_workers(self) -> None:
        error = UnavailableError(CLOSED)
        self._scheduler.refuse_all(error)
        for worker in self._running_workers:
            worker.end(error=error)

    async def _end_all(self) -> None:
        self._end_workers()
        # In its next iterations the loop raises the errors, closes connections and cancels workers that are starting.
        for _ in range(10):
            await asyncio.sleep(0)

    async def _ask(self, question: Question, seconds: float, in_parts: bool) -> Answer:
        deadline = time.monotonic() + seconds
        lane = self._scheduler.first_lane(question.client)
        while True:
            if not self._is_open_here:
                raise UnavailableError(CLOSED)
            run = _Run(question, lane, seconds, deadline, in_parts)
            if not run.seconds_left:
                raise QueryTimeoutError(timeout_message(seconds))
            try:
                try:
                    async with asyncio.timeout(run.seconds_left):
                        await self._scheduler.enter(lane, question.client, partial(self._begin, run))
                        frames = run.frames or self._give(run, await self._start())
                except TimeoutError:
                    raise UnavailableError(all_busy_message(seconds)) from None
                return await receive_answer(frames)
            except UnansweredError:
                lane = "slow" if run.is_slow else lane
            except asyncio.CancelledError:
                if run.worker is not None and run.has_place:
                    run.worker.end("left")
                raise
            finally:
                self._finish(run)

    def _begin(self, run: _Run) -> None:
        """Give a question that has just got its place to an idle worker, if there is one."""
        run.has_place, run.started_at = True, time.monotonic()
        worker = self._take_idle_worker()
        if worker is not None:
            self._give(run, worker)

    def _give(self, run: _Run, worker: WorkerProcess) -> Frames:
        """Send a question to a worker, which is killed at the time limit, and return what will have its answer."""
        run.worker = worker
        run.frames = worker.send(run.question, run.seconds_left, run.in_parts, partial(self._finish, run))
        self._check_later(run, worker)
        return run.frames

    def _take_idle_worker(self) -> WorkerProcess | None:
        while self._idle_workers:
            worker = self._idle_workers.pop()
            if worker.is_usable(self._store_and_digest[0]):
                return worker
            worker.end()
        return None

    async def _start(self) -> WorkerProcess:
        """Start a worker and return it when it has the store open."""
        if not self._forkserver.is_alive():
            self._forkserver.close()
            self._forkserver = ForkServer(self._dump)
        store = self._store_and_digest[0]
        connection = self._forkserver.fork(None if self._in_memory else store, self._limits)
        worker = WorkerProcess(store, self._limits[0])
        self._workers = [*self._running_workers, worker]
        try:
            await asyncio.get_running_loop().create_connection(lambda: worker, sock=connection)
            if not self._is_open_here:
                raise UnavailableError(CLOSED)
            await worker.wait_until_ready()
            if not worker.is_usable(store):
                raise UnansweredError
        except BaseException:
            worker.end()
            raise
        return worker

    def _check_later(self, run: _Run, worker: WorkerProcess) -> None:
        seconds = min(_SLOW_AFTER, run.seconds_left)
        run.timer = asyncio.get_running_loop().call_later(seconds, self._check, run, worker)

    def _check(self, run: _Run, worker: WorkerProcess) -> None:
        """End a question at its time limit, or if it has to yield its place and start again.

        Other slow questions move to the slow lane or get low priority. Repeated until the question is answered.
        """
        if not run.seconds_left:
            worker.end("time", QueryTimeoutError(timeout_message(run.seconds)))
            return
        cpu_seconds = worker.cpu_seconds()
        has_to_yield = False
        if run.lane == "slow":
            has_to_yield = self._has_to_yield(run, cpu_seconds)
        elif cpu_seconds >= _SLOW_AFTER:
            run.is_slow = True
            if self._scheduler.has_free_place("slow"):
                self._scheduler.move_to_slow_lane(run.lane)
                run.lane = "slow"
            else:
                waiting = self._scheduler.clients_waiting("quick", "trial")
                has_to_yield = bool(waiting if cpu_seconds >= _LONG_AFTER else waiting - {run.question.client})
        if has_to_yield:
            worker.end("turn", UnansweredError())
            return
        if run.lane == "slow" and cpu_seconds >= _LONG_AFTER:
            worker.lower_priority()
        self._check_later(run, worker)

    def _has_to_yield(self, run: _Run, cpu_seconds: float) -> bool:
        """Return whether a slow question must yield its place, after its time slice, to a question of another client.

        That is so if a waiting client has used less than half the processor time of this question's client.
        """
        if time.monotonic() - run.started_at < _TIME_SLICE:
            return False
        had = self._scheduler.usage(run.question.client) + cpu_seconds
        others = self._scheduler.clients_waiting("slow") - {run.question.client}
        return any(self._scheduler.usage(client) < had / 2 for client in others)

    def _finish(self, run: _Run) -> None:
        """Give back the place and the worker, and charge the client for the processor time.

        This happens in the moment in which the answer arrives, so that the worker has its next question before the
        answer is passed on.
        """
        if not run.has_place:
            return
        run.has_place = False
        if run.timer is not None:
            run.timer.cancel()
        worker = run.worker
        if worker is not None:
            self._scheduler.charge(run.question.client, worker.cpu_seconds())
            self._keep_or_end(worker)
            if worker.end_reason is not None and not self._is_closed:
                self._end_counts[worker.end_reason] += 1
        self._scheduler.leave(run.lane)
        # Start a spare worker, so that the next question need not wait for one to start.
        if self._is_open_here and not self._idle_workers and len(self._running_workers) < 2 * self.workers:
            asyncio.get_running_loop().create_task(self._start_idle())

    async def _start_idle(self) -> None:
        with suppress(EngineError, UnavailableError, UnansweredError):
            self._keep_or_end(await self._start())

    def _keep_or_end(self, worker: WorkerProcess) -> None:
        """Keep a worker idle for the next question, or kill it."""
        if worker.is_usable(self._store_and_digest[0]) and len(self._idle_workers) < 2 * self.workers:
            self._idle_workers.append(worker)
        else:
            worker.end()

    def _end_idle(self) -> None:
        while self._idle_workers:
            self._idle_workers.pop().end()
