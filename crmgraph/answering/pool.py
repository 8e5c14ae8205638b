"""A pool of worker processes: it answers questions, ends those that take too long, and replaces the processes."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

from crmgraph.answering.asking import Asking
from crmgraph.answering.child import End
from crmgraph.answering.floor import Floor
from crmgraph.answering.question import LARGEST, LARGEST_SENT, Answer, Question
from crmgraph.errors import InputError, Place

__all__ = ["QUEUE", "Pool"]

QUEUE = 64
"""How many questions may wait for a process, unless something else is said."""


class Pool:
    """Answers questions from the Oxigraph store in a folder, in as many processes as there are `workers`.

    The first process starts at once, the others when they are first needed. A question begins in the quick lane, which
    has room for `workers`. One that takes longer than a moment goes over to the slow lane, which has as much room
    again: its process goes on, after a while at a low priority. Where there is no room it stays, until another waits
    for its place; then it makes way, and begins anew when there is room in the slow lane. One that took long when it
    was last asked begins there. So slow questions hold up each other and no quick one. Of those that wait, the first is
    whose client has had least of the processors in the last minutes. Where `queue` questions wait for a lane, the next
    is refused, or one in its place whose client has had more.

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
        store = Path(store_path).absolute()
        if not (store / "CURRENT").is_file():
            raise InputError("there is no store in this folder; build the dataset first", Place(store))
        self._workers = max(workers, 1)
        self._queue = queue
        self._floor = Floor(store, (memory_bytes, answer_bytes, sent_bytes), self._workers, queue)

    @property
    def store_path(self) -> Path:
        """The folder of the store that the answers come from."""
        return self._floor.store

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
        self._floor.move_to(store_path.absolute())

    def serves(self, store_path: Path) -> bool:
        """Whether a process has the store in this folder open."""
        return self._floor.serves(store_path.absolute())

    def ask(self, question: Question, seconds: float, since: float, by_parts: bool, wake: Callable[[], None]) -> Asking:
        """Put a question to the pool without waiting for anything; `wake` is called when it is time to look.

        `since` is when its `seconds` began on the clock of time.monotonic. Raises the errors below AnswerError.
        """
        return Asking(self._floor, question, seconds, since, by_parts, wake)

    def answer(
        self,
        question: Question,
        seconds: float,
        gone: Event | None = None,
        since: float | None = None,
        by_parts: bool = False,
    ) -> Answer:
        """Answer the question (see Engine). Waiting for a free process counts.

        Raises the errors below AnswerError: QueryTimeoutError at the time limit, UnavailableError where no process was
        free until then, the pool is closed or the store is gone, BusyError at once where too many wait, EngineError
        where the engine gave up or `gone` is set and LimitError where that was at a limit.
        """
        began = time.monotonic() if since is None else since
        return Asking(self._floor, question, seconds, began, by_parts).finish(gone)

    def close(self) -> None:
        """End all processes; questions that wait for an answer get UnavailableError. May be called more than once."""
        self._floor.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pids(self) -> frozenset[int]:
        """The numbers of the processes that there are now."""
        return self._floor.pids

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
        return self._floor.waiting

    @property
    def busy(self) -> int:
        """How many processes are at work now."""
        return self._floor.busy

    @property
    def ended(self) -> Mapping[End, int]:
        """How many processes have been ended at their work, by why."""
        return self._floor.ended
