"""A pool of worker processes: it answers questions, ends those that take too long, and replaces the processes."""

import asyncio
import socket
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from crmgraph.errors import AbandonedError, EngineError, InputError, Place, QueryTimeoutError, UnavailableError
from crmgraph.sparql.engine import GLANCE, LARGEST, LARGEST_IN_PARTS, Answer, End, Engine, Question
from crmgraph.sparql.messages import ABANDONED, CLOSED, all_busy, no_process, too_late
from crmgraph.sparql.protocol import pack_question
from crmgraph.sparql.scheduler import Lane, Scheduler
from crmgraph.sparql.worker_process import ForkServer, UntakenError, WorkerProcess

__all__ = ["QUEUE", "Pool"]

QUEUE = 64
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


class _DisplacedError(Exception):
    """The question makes way for another."""


@dataclass(eq=False)
class _Turn:
    """A question at work."""

    client: str
    lane: Lane
    seconds: float
    deadline: float
    known_as: int
    worker: WorkerProcess | None = None
    since: float = field(default_factory=time.monotonic)
    watch: asyncio.TimerHandle | None = None
    is_displaced: bool = False


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
        queue: int = QUEUE,
        sent_bytes: int = LARGEST_IN_PARTS,
        dump: Path | None = None,
    ) -> None:
        store = Path(store_path).absolute()
        if not (store / "CURRENT").is_file():
            raise InputError("there is no store in this folder; build the dataset first", Place(store))
        self._data = store, ""
        self.workers = max(workers, 1)
        self.queue = queue
        self._limits = (memory_bytes, answer_bytes, sent_bytes)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_closed = False
        self._scheduler = Scheduler(self.workers, queue)
        self._slow: OrderedDict[int, None] = OrderedDict()
        self._all: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        self._ended: Counter[End] = Counter()
        self._dump, self._in_memory = dump, dump is not None
        self._forkserver = ForkServer(dump)

    @property
    def store_path(self) -> Path:
        """The folder of the store that the answers come from."""
        return self._data[0]

    @property
    def pids(self) -> frozenset[int]:
        """The ids of the worker processes."""
        return frozenset(worker.pid for worker in [*self._all] if worker.pid)

    @property
    def busy(self) -> int:
        """The number of questions at work."""
        return self._scheduler.busy

    @property
    def waiting(self) -> int:
        """The number of questions that wait for a worker."""
        return self._scheduler.waiting

    @property
    def ended(self) -> Mapping[End, int]:
        """The number of workers that were ended at work, by reason."""
        return dict(self._ended)

    def serves(self, store_path: Path) -> bool:
        """Tell whether a worker has the store in this folder open."""
        return any(worker.store == store_path.absolute() for worker in [*self._all])

    @property
    def digest(self) -> str:
        """The state of the data, as `move_to` was told."""
        return self._data[1]

    def move_to(self, store_path: Path, digest: str = "") -> None:
        """Answer from the store in another folder from now on; questions at work end as they began.

        Store and digest change at once, so that no answer from the store before is taken for one of this state.
        """
        self._data = store_path.absolute(), digest
        self._in_memory = False
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._drop_idle)

    def attach(self) -> None:
        """Live in the running event loop, unless the pool was used before."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.get_running_loop()
                self._forkserver.listen(self._loop)

    async def detach(self) -> None:
        """Leave the running event loop, which is about to end, if the pool lives in it; questions at work are ended."""
        with self._lock:
            if self._is_closed or self._loop is not asyncio.get_running_loop():
                return
            self._loop = None
        self._forkserver.ignore()
        self._end_workers()
        # What is closed, or was being started, is gone with the next turns of the loop.
        for _ in range(10):
            await asyncio.sleep(0)

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
                return asking.result(None if gone is None else GLANCE)
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
            loop, thread = self._loop, self._thread
        if loop is not None and not loop.is_closed():
            ended = threading.Event()
            loop.call_soon_threadsafe(self._end_all, ended)
            if thread is not None or not _is_running_in(loop):
                ended.wait(_STARTING)
        self._forkserver.close()
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    @property
    def _is_here(self) -> bool:
        """Whether the pool is open and lives in the running event loop: it may have left while a worker started."""
        return not self._is_closed and self._loop is asyncio.get_running_loop()

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._is_closed:
                raise UnavailableError(CLOSED)
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="pool", daemon=True)
                self._thread.start()
                self._loop.call_soon_threadsafe(self._forkserver.listen, self._loop)
            return self._loop

    def _end_workers(self) -> None:
        error = UnavailableError(CLOSED)
        self._scheduler.refuse_all(error)
        for worker in [*self._all]:
            worker.end(None, error)

    def _end_all(self, ended: threading.Event) -> None:
        self._end_workers()
        # Those that asked have to hear of it before the loop stops.
        asyncio.get_running_loop().call_later(0, asyncio.get_running_loop().call_later, 0, ended.set)

    async def _ask(self, question: Question, seconds: float, in_parts: bool) -> Answer:
        deadline = time.monotonic() + seconds
        known_as = hash((question.text, question.default_graphs, question.named_graphs))
        lane = self._scheduler.slow if known_as in self._slow else self._scheduler.quick
        while True:
            if not self._is_here:
                raise UnavailableError(CLOSED)
            if deadline <= time.monotonic():
                raise QueryTimeoutError(too_late(seconds))
            try:
                await self._scheduler.enter(lane, question.client, deadline - time.monotonic())
            except TimeoutError:
                raise UnavailableError(all_busy(seconds)) from None
            turn = _Turn(question.client, lane, seconds, deadline, known_as)
            try:
                turn.worker = await self._worker(turn)
                answer = await self._work(turn, question, in_parts)
            except _DisplacedError:
                lane = self._scheduler.slow
                continue
            except UntakenError:
                continue
            finally:
                self._finish(turn)
            return answer

    async def _worker(self, turn: _Turn) -> WorkerProcess:
        """Return a worker that has the store open."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_usable(self._data[0]):
                return worker
            worker.end(None)
        worker = await self._start()
        try:
            async with asyncio.timeout(min(turn.deadline - time.monotonic(), _STARTING)):
                await asyncio.shield(worker.ready)
        except BaseException as error:
            worker.end(None)
            if isinstance(error, TimeoutError):
                raise UnavailableError(all_busy(turn.seconds)) from None
            raise
        return worker

    async def _start(self) -> WorkerProcess:
        """Start a worker, which is not ready yet."""
        if not self._forkserver.is_alive():
            self._forkserver.close()
            self._forkserver = ForkServer(self._dump)
            self._forkserver.listen(asyncio.get_running_loop())
        ours, theirs = socket.socketpair()
        worker = WorkerProcess(self._data[0], self._limits[0], self._forget)
        try:
            with theirs:
                self._forkserver.fork(worker, theirs, self._limits, self._in_memory)
        except OSError as error:
            ours.close()
            raise EngineError(no_process(error.strerror or str(error))) from error
        self._all.add(worker)
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=ours)
        if not self._is_here:
            worker.end(None)
            raise UnavailableError(CLOSED)
        return worker

    async def _work(self, turn: _Turn, question: Question, in_parts: bool) -> Answer:
        loop, worker = asyncio.get_running_loop(), turn.worker
        assert worker is not None
        left = max(turn.deadline - time.monotonic(), 0.0)
        reply = worker.put(pack_question(question, left, in_parts))
        limit = loop.call_later(left, worker.end, "time", QueryTimeoutError(too_late(turn.seconds)))
        turn.watch = loop.call_later(_MOMENT, self._watch, turn)
        try:
            return await reply
        except asyncio.CancelledError:
            if turn.is_displaced:
                raise _DisplacedError from None
            worker.end("left")
            if reply.done() and not reply.cancelled() and reply.exception() is None and (rest := reply.result().rest):
                rest.close()
            raise
        finally:
            limit.cancel()
            turn.watch.cancel()

    def _watch(self, turn: _Turn) -> None:
        """See to it that a slow question holds up no other."""
        assert turn.worker is not None
        worked = turn.worker.worked()
        if turn.lane is self._scheduler.quick and worked >= _MOMENT:
            self._remember_slow(turn)
            if self._scheduler.slow.has_room:
                self._scheduler.move()
                turn.lane = self._scheduler.slow
            elif turn.lane.waiting:
                self._displace(turn)
                return
        elif turn.lane is self._scheduler.slow and self._makes_way(turn, worked):
            self._displace(turn)
            return
        if turn.lane is self._scheduler.slow and worked >= _PRIORITY:
            turn.worker.slow_down()
        turn.watch = asyncio.get_running_loop().call_later(_MOMENT, self._watch, turn)

    def _makes_way(self, turn: _Turn, worked: float) -> bool:
        """Tell whether another client waits for a place in the slow lane that has had less than half of this one's."""
        if time.monotonic() - turn.since < _SLICE:
            return False
        had = self._scheduler.usage(turn.client) + worked
        others = {waiter.client for waiter in turn.lane.waiting} - {turn.client}
        return any(self._scheduler.usage(client) < had / 2 for client in others)

    def _displace(self, turn: _Turn) -> None:
        assert turn.worker is not None
        turn.is_displaced = True
        turn.worker.end("turn")

    def _finish(self, turn: _Turn) -> None:
        """Give back the place and the worker."""
        worker = turn.worker
        if worker is not None:
            worked = worker.worked()
            self._scheduler.charge(turn.client, worked)
            if worked >= _MOMENT:
                self._remember_slow(turn)
            else:
                self._slow.pop(turn.known_as, None)
            if worker.end_reason is not None and not self._is_closed:
                self._ended[worker.end_reason] += 1
            if worker.is_usable(self._data[0]) and len(self._idle) < 2 * self.workers:
                self._idle.append(worker)
            else:
                worker.end(None)
        self._scheduler.leave(turn.lane)
        self._refill()

    def _refill(self) -> None:
        """Have a worker ready for the next question."""
        if not self._idle and self._is_here and len(self._all) < 2 * self.workers:
            asyncio.get_running_loop().create_task(self._start_idle())

    async def _start_idle(self) -> None:
        with suppress(EngineError, UnavailableError):
            worker = await self._start()
            await worker.ready
            if worker.is_usable(self._data[0]) and len(self._idle) < 2 * self.workers:
                self._idle.append(worker)
            else:
                worker.end(None)

    def _remember_slow(self, turn: _Turn) -> None:
        self._slow[turn.known_as] = None
        if len(self._slow) > _REMEMBERED:
            self._slow.popitem(last=False)

    def _drop_idle(self) -> None:
        while self._idle:
            self._idle.pop().end(None)

    def _forget(self, worker: WorkerProcess) -> None:
        self._all.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)


def _is_running_in(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
