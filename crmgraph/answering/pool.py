"""A pool of worker processes: it answers questions, ends those that take too long, and replaces the processes."""

import time
from contextlib import suppress
from pathlib import Path
from threading import Condition, Event
from types import TracebackType

from crmgraph.answering.process import WorkerProcess
from crmgraph.answering.question import LARGEST, Answer, Question
from crmgraph.errors import EngineError, InputError, Place, QueryTimeoutError
from crmgraph.wording import Bilingual

__all__ = ["Pool"]

_PATIENCE = 0.5


class Pool:
    """Answers questions from the Oxigraph store in a folder, in as many processes as there are `workers`.

    The first process starts at once, the others when they are first needed; where all have been busy for half a second
    as many again come to help out, so that slow questions do not hold up quick ones. Each may use `memory_bytes` beyond
    what the open store takes, and write answers of at most `answer_bytes`. The store must not be written to meanwhile.
    Raises InputError where there is no store.
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
        self._all = {self._start()}
        self._idle = list(self._all)

    def answer(
        self, question: Question, seconds: float, gone: Event | None = None, since: float | None = None
    ) -> Answer:
        """The answer to the question, in at most `seconds`; may be called from many threads at once.

        Waiting for a free process counts, and so does what has passed `since` then on the clock of time.monotonic.
        When `gone` is set, nobody waits any more and the work is ended. Raises the errors below AnswerError:
        QueryTimeoutError at the time limit, EngineError where the engine gave up.
        """
        deadline = (time.monotonic() if since is None else since) + seconds
        answer = None
        while answer is None:
            worker = self._take(seconds, deadline)
            try:
                answer = worker.ask(question, seconds, deadline, gone)
            finally:
                self._give_back(worker)
        return answer

    def close(self) -> None:
        """End all processes; questions that wait for an answer get EngineError. May be called more than once."""
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

    def _take(self, seconds: float, deadline: float) -> WorkerProcess:
        patient = time.monotonic() + _PATIENCE
        with self._changed:
            while True:
                if self._closed:
                    raise EngineError(_CLOSED)
                now = time.monotonic()
                worker = self._pick()
                if worker is None and len(self._all) < self._workers * (1 if now < patient else 2):
                    worker = self._start()
                    self._all.add(worker)
                if worker is not None:
                    return worker
                if now >= deadline:
                    raise QueryTimeoutError(_all_busy(seconds))
                self._changed.wait(min(deadline, patient if now < patient else deadline) - now)

    def _pick(self) -> WorkerProcess | None:
        for worker in [each for each in self._idle if not each.is_alive()]:
            self._idle.remove(worker)
            self._bury(worker)
        if not self._idle:
            return None
        worker = next((each for each in reversed(self._idle) if each.is_ready()), self._idle[-1])
        self._idle.remove(worker)
        return worker

    def _give_back(self, worker: WorkerProcess) -> None:
        with self._changed:
            if worker.is_alive() and not self._closed and len(self._idle) < self._workers:
                self._idle.append(worker)
            else:
                self._bury(worker)
                self._replace()
            self._changed.notify()

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
