"""One worker process as the pool sees it."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import NamedTuple

from crmgraph.answering.child import Child, End
from crmgraph.answering.question import NOT_THERE, Answer
from crmgraph.answering.starting import Start, spawn
from crmgraph.answering.wire import READY, Header, unpack_header, unpack_reply, with_seconds
from crmgraph.errors import QueryTimeoutError, UnavailableError
from crmgraph.wording import Bilingual

__all__ = ["Said", "UntakenError", "WorkerProcess"]

_log = logging.getLogger(__name__)

_AT_ONCE = 16_000
"""How many bytes come through a pipe in one piece."""


class UntakenError(Exception):
    """The process had ended before it set to work on the question, which may be put to another."""


class Said(NamedTuple):
    """An answer or a part of it, whether that is the last, and how many seconds of a processor it took so far."""

    answer: Answer
    is_last: bool
    worked: float


class WorkerProcess:
    """A process with the store open, that answers one question at a time. It starts at once and is waited for later.

    It does so `since` then, on the clock of time.monotonic.

    A question is `put`, and then what it says is read: either as soon as it comes (`read`), or as far as it has come
    (`hear`). Where an error is raised that is no EngineError and not for the time limit, the process is ready for the
    next question; else it is of no further use.
    """

    def __init__(self, store: Path, memory: int, largest: int, largest_sent: int, start: Start = spawn) -> None:
        self.store = store
        self.since = time.monotonic()
        self._is_ready = False
        self._is_free = True
        self._is_slowed = False
        self._is_silent = False
        self._header: Header | None = None
        # What it had worked when it took the question.
        self._worked_before: float | None = None
        self._child = Child(
            "crmgraph.answering.worker",
            (store, memory, largest, largest_sent),
            Bilingual("query", "consulta"),
            Bilingual("Ask for less, for example with LIMIT.", "Pida menos, por ejemplo con LIMIT."),
            memory,
            start,
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._child.pid

    @property
    def descriptor(self) -> int:
        """The file that becomes readable when the process says something."""
        return self._child.pipe.fileno()

    @property
    def end_reason(self) -> End | None:
        """Why the process was ended before it was done with a question; None where it was not."""
        return self._child.end_reason

    def worked(self) -> float:
        """How many seconds of a processor it has worked on the question."""
        return 0.0 if self._worked_before is None else self._child.worked() - self._worked_before

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._child.is_alive()

    def is_as_before(self) -> bool:
        """Whether the process can take another question, as quickly as the first."""
        return self._is_free and not self._is_slowed and self.is_alive()

    def is_ready(self) -> bool:
        """Whether the store is open, so that a question would be answered without waiting for that."""
        return self._is_ready or self._child.pipe.poll(0)

    def open(self, seconds: float, deadline: float, gone: Event | None) -> None:
        """Wait until the store is open. Raises what `read` does."""
        while not self._is_ready:
            self._await(seconds, deadline, gone, None)
            self.hear(waits=True)

    def put(self, packed: bytes, seconds: float) -> None:
        """Put a question that `pack_question` packed, whose answer may take so many seconds.

        Until a large one has been taken this waits, without any limit where the store is not open yet.
        """
        self._is_free = False
        self._worked_before = None
        message = with_seconds(packed, max(seconds, 0.0))
        try:
            self._child.pipe.send_bytes(message)
        except OSError:
            # That it has ended will be heard.
            return

    def read(
        self,
        seconds: float,
        deadline: float,
        gone: Event | None,
        patience: Callable[[], float] | None = None,
    ) -> Said:
        """The answer, or the next part of one that comes by parts, as soon as it comes.

        `deadline` is on the clock of time.monotonic, `seconds` is what to call the limit. Raises QueryTimeoutError at
        the deadline, UnavailableError where there is no store, EngineError where the process ends or `gone` is set,
        DisplacedError when there is no more `patience`, which says how many seconds there is some, and UntakenError.
        """
        while True:
            self._await(seconds, deadline, gone, patience)
            said = self.hear(waits=True)
            if said is not None:
                return said

    def _await(self, seconds: float, deadline: float, gone: Event | None, patience: Callable[[], float] | None) -> None:
        try:
            self._child.wait(seconds, deadline, gone, patience)
        except OSError:
            raise self._ended() from None

    def hear(self, waits: bool = False) -> Said | None:
        """What has come of the answer or of its next part; None where it is not all there yet.

        Where the rest is long in coming, or will never come, that is left, unless this `waits`. Raises what `read` does
        but for limits.
        """
        pipe = self._child.pipe
        try:
            while pipe.poll(0):
                if not self._is_ready:
                    self._open(pipe.recv_bytes())
                elif self._worked_before is None:
                    pipe.recv_bytes()
                    self._worked_before = self._child.worked()
                elif self._header is None:
                    self._header = unpack_header(pipe.recv_bytes())
                elif waits or self._header.size <= _AT_ONCE:
                    return self._said(self._header, pipe.recv_bytes())
                else:
                    return None
        except (EOFError, OSError):
            if waits:
                raise self._ended() from None
            self._is_silent = True
        return None

    @property
    def has_to_be_waited_for(self) -> bool:
        """Whether `hear` leads nowhere any more."""
        return self._is_silent or (self._header is not None and self._header.size > _AT_ONCE)

    def _open(self, said: bytes) -> None:
        if said != READY:
            self.end()
            _log.error("%s cannot be opened: %s", self.store, said.decode(errors="replace"))
            raise UnavailableError(NOT_THERE)
        self._is_ready = True

    def _said(self, header: Header, body: bytes) -> Said:
        self._header = None
        self._is_free = header.is_last
        return Said(unpack_reply(header, body), header.is_last, header.worked)

    def _ended(self) -> Exception:
        """Why nothing comes any more."""
        if self._is_ready and self._worked_before is None:
            self._child.code()
            return UntakenError()
        return self._child.epitaph()

    def slow_down(self) -> None:
        """From now on the process works only when no other has anything to do."""
        if not self._is_slowed:
            self._is_slowed = True
            self._child.slow_down()

    def too_late(self, seconds: float) -> QueryTimeoutError:
        """That so many seconds are over; to be raised."""
        return self._child.too_late(seconds)

    def end_for(self, reason: End) -> None:
        """End the process for this reason, without waiting. Nobody may be asking it."""
        self._child.end_reason = reason
        self._child.kill()

    def kill(self) -> None:
        """End the process, whatever it is doing, without waiting; whoever asks it now gets EngineError."""
        self._child.kill()

    def end(self) -> None:
        """End the process and wait until it has ended. Nobody may be asking it."""
        self._child.end()
