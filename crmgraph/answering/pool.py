"""A pool of worker processes: it answers questions, ends those that take too long, and replaces the processes."""

import time
from contextlib import suppress
from pathlib import Path
from threading import Condition, Event
from types import TracebackType
from typing import Literal

from crmgraph.answering.process import GLANCE, NOBODY_WAITS, WorkerProcess
from crmgraph.answering.question import LARGEST, Answer, Question
from crmgraph.errors import EngineError, InputError, Place, UnavailableError
from crmgraph.wording import Bilingual

__all__ = ["Pool"]

_PATIENCE = 0.5

_Part = Literal["works", "helps"]
_WORKS: _Part = "works"
_HELPS: _Part = "helps"


class Pool:
    """Answers questions from the Oxigraph store in a folder, in as many processes as there are `workers`.

    The first process starts at once, the others when they are first needed; where all have been busy for half a second
    as many again come to help out, so that slow questions do not hold up quick ones. A question that a helper works on
    makes way after its turn, as soon as another waits that had none; it then waits for one of the workers, from which
    nobody displaces it. Each process may use `memory_bytes` beyond what the open store takes, and write answers of at
    most `answer_bytes`. The store must not be written to meanwhile. Raises InputError where there is no store.
    """

    def __init__(
        self,
        store_path: Path | str,
        memory_bytes: int,
        workers: int = 2,
        answer_bytes: int = LARGEST,
    ) -> None:
        self._store = Path(store_path).absolute()
        if not (self._store / "CURRENT").is_file():
            raise InputError("there is no store in this folder; build the dataset first", Place(self._store))
        self._workers = max(workers, 1)
        self._memory = memory_bytes
        self._largest = answer_bytes
        self._changed = Condition()
        self._closed = False
        self._waiting = 0
        self._busy = {_WORKS: 0, _HELPS: 0}
        self._all = {self._start()}
        self._idle = list(self._all)

    @property
    def store_path(self) -> Path:
        """The folder of the store that the answers come from."""
        return self._store

    def answer(
        self, question: Question, seconds: float, gone: Event | None = None, since: float | None = None
    ) -> Answer:
        """The answer to the question, in at most `seconds`; may be called from many threads at once.

        Waiting for a free process counts, and so does what has passed `since` then on the clock of time.monotonic.
        When `gone` is set, nobody waits any more and the work is ended. Raises the errors below AnswerError:
        QueryTimeoutError at the time limit, UnavailableError where no process was free until then, the pool is closed
        or the store is gone, EngineError where the engine gave up.
        """
        deadline = (time.monotonic() if since is None else since) + seconds
        had_turn = False
        while True:
            worker, part = self._take(seconds, deadline, gone, had_turn)
            try:
                others_wait = self._others_wait if part == _HELPS else None
                answer = worker.ask(question, seconds, deadline, gone, others_wait)
            except EngineError:
                if self._closed:
                    raise UnavailableError(_CLOSED) from None
                raise
            finally:
                self._give_back(worker, part)
            if answer is not None:
                return answer
            had_turn = had_turn or part == _HELPS

    def close(self) -> None:
        """End all processes; questions that wait for an answer get UnavailableError. May be called more than once."""
        with self._changed:
            self._closed = True
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

    def _others_wait(self) -> bool:
        return self._waiting > 0

    def _take(self, seconds: float, deadline: float, gone: Event | None, had_turn: bool) -> tuple[WorkerProcess, _Part]:
        """A process, and what part it has; a question that had its turn with a helper waits for a worker."""
        patient = time.monotonic() + _PATIENCE
        with self._changed:
            self._waiting += not had_turn
            try:
                while True:
                    if self._closed:
                        raise UnavailableError(_CLOSED)
                    if gone is not None and gone.is_set():
                        raise EngineError(NOBODY_WAITS)
                    now = time.monotonic()
                    part = self._free_part(had_turn, now >= patient)
                    if part is not None:
                        worker = self._pick()
                        self._busy[part] += 1
                        return worker, part
                    if now >= deadline:
                        raise UnavailableError(_all_busy(seconds))
                    until = min(deadline, patient if now < patient else deadline)
                    self._changed.wait(until - now if gone is None else min(until - now, GLANCE))
            finally:
                self._waiting -= not had_turn

    def _free_part(self, had_turn: bool, is_impatient: bool) -> _Part | None:
        if self._busy[_WORKS] < self._workers:
            return _WORKS
        may_be_helped = not had_turn and (is_impatient or bool(self._idle))
        return _HELPS if may_be_helped and self._busy[_HELPS] < self._workers else None

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

    def _give_back(self, worker: WorkerProcess, part: _Part) -> None:
        with self._changed:
            self._busy[part] -= 1
            if worker.is_alive() and not self._closed and len(self._idle) < self._workers:
                self._idle.append(worker)
            else:
                self._bury(worker)
                self._replace()
            self._changed.notify_all()

    def _bury(self, worker: WorkerProcess) -> None:
        self._all.discard(worker)
        worker.end()

    def _replace(self) -> None:
        # Where the system has no room for a process now, the next question tries again and is told.
        with suppress(EngineError):
            if not self._closed and len(self._all) < self._workers:
                worker = self._start()
                self._all.add(worker)
                self._idle.append(worker)

    def _start(self) -> WorkerProcess:
        try:
            return WorkerProcess(self._store, self._memory, self._largest)
        except OSError as error:
            raise EngineError(_no_process(error)) from error


_CLOSED = Bilingual(
    "No more questions are answered: the server is being stopped.",
    "Ya no se responden preguntas: el servidor se está deteniendo.",
)


def _all_busy(seconds: float) -> Bilingual:
    return Bilingual(
        f"All processes were busy with other queries for {seconds:g} s. Ask again later.",
        f"Todos los procesos estuvieron ocupados con otras consultas durante {seconds:g} s. Vuelva a preguntar "
        "más tarde.",
    )


def _no_process(error: OSError) -> Bilingual:
    return Bilingual(
        f"A process for the query could not be started: {error.strerror}.",
        f"No se pudo iniciar un proceso para la consulta: {error.strerror}.",
    )
