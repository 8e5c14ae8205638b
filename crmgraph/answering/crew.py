"""The worker processes of a pool: who is at work, who is idle, and who is started or let go."""

from contextlib import suppress
from pathlib import Path

from crmgraph.answering.apologies import no_process
from crmgraph.answering.nursery import Nursery
from crmgraph.answering.process import WorkerProcess
from crmgraph.errors import EngineError

__all__ = ["Crew"]


class Crew:
    """Worker processes over the store in a folder; `most` of them are kept when they have nothing to do.

    `limits` are those of each process, in bytes: of its memory, of a whole answer, and of one sent part by part.
    Not for several threads.
    """

    def __init__(self, store: Path, limits: tuple[int, int, int], most: int) -> None:
        self.store = store
        self._limits = limits
        self._most = most
        self._all: set[WorkerProcess] = set()
        self._idle: list[WorkerProcess] = []
        # Those that were told to end and may not have done so yet.
        self._ending: list[WorkerProcess] = []
        self._starting = 0
        self._nursery = Nursery()
        self._idle.append(self._started())

    @property
    def pids(self) -> frozenset[int]:
        """The numbers of the processes that there are now."""
        return frozenset(worker.pid for worker in self._all)

    def serves(self, store: Path) -> bool:
        """Whether a process has the store in this folder open."""
        return any(worker.store == store for worker in self._all)

    def pick(self) -> WorkerProcess:
        """A process for a question: one that is ready, else the next to be. Raises EngineError where there is none."""
        for worker in [each for each in self._idle if not each.is_alive()]:
            self._idle.remove(worker)
            self._let_go(worker)
        if not self._idle:
            self._idle.append(self._started())
        worker = next((each for each in reversed(self._idle) if each.is_ready()), self._idle[-1])
        self._idle.remove(worker)
        return worker

    def give_back(self, worker: WorkerProcess) -> bool:
        """Take back a process that was picked; whether it is kept, as one is that is as good as new."""
        is_kept = worker.store == self.store and worker.is_as_before()
        if is_kept:
            self._idle.append(worker)
        else:
            self._let_go(worker)
        while len(self._idle) > self._most:
            self._let_go(self._idle.pop(0))
        self._bury()
        return is_kept

    def announce(self, idle: int) -> int:
        """How many processes are missing that so many are idle; whoever asks has to start them, and have them join."""
        missing = max(min(idle, self._most) - len(self._idle) - self._starting, 0)
        self._starting += missing
        return missing

    def start(self) -> WorkerProcess | None:
        """A new process; None where the system has no room for one. May be called from several threads at once."""
        with suppress(OSError):
            return WorkerProcess(self.store, *self._limits, self._nursery.start)
        return None

    def join(self, worker: WorkerProcess | None) -> None:
        """Take in a process that was announced and started."""
        self._starting -= 1
        if worker is not None:
            self._all.add(worker)
            self.give_back(worker)

    def move_to(self, store: Path) -> None:
        """Have whoever is picked from now on have the store in another folder open."""
        self.store = store
        while self._idle:
            self._let_go(self._idle.pop())
        self._bury()

    def end(self) -> None:
        """End all processes; those that are picked are still to be given back."""
        for worker in self._all:
            worker.kill()
        while self._idle:
            self._let_go(self._idle.pop())
        for worker in self._ending:
            worker.end()
        self._ending.clear()
        self._nursery.close()

    def _started(self) -> WorkerProcess:
        try:
            worker = WorkerProcess(self.store, *self._limits, self._nursery.start)
        except OSError as error:
            raise EngineError(no_process(error)) from error
        self._all.add(worker)
        return worker

    def _let_go(self, worker: WorkerProcess) -> None:
        """End it; nobody waits for that here, since large processes take a while."""
        self._all.discard(worker)
        worker.kill()
        self._ending.append(worker)

    def _bury(self) -> None:
        for worker in [each for each in self._ending if not each.is_alive()]:
            self._ending.remove(worker)
            worker.end()
