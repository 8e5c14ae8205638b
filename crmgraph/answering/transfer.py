"""The rest of a large answer, made as it is taken: nobody holds more of it than a part."""

import time
from collections.abc import Callable
from threading import Event, Lock

from crmgraph.answering.process import WorkerProcess
from crmgraph.errors import UnavailableError
from crmgraph.wording import Bilingual

__all__ = ["PATIENCE", "SHORT_PATIENCE", "Transfer"]

_AT_ONCE = 0.25
"""For how many seconds a process may work for a transfer before that is slow."""

PATIENCE = 30.0
"""How many seconds a transfer may have waited for its reader when another waits for its place."""

SHORT_PATIENCE = 2.0
"""How many where its client has several, and the other has fewer."""


class Transfer:
    """What a process has still to send of an answer.

    `seconds` is what to call the time limit, and `left` what is left of it: the time that the process needs counts, and
    what the reader needs does not. `slows` is called when it turns out to work for long, and `give_back` when nothing
    more is wanted of the process; each once at most.
    """

    def __init__(
        self,
        worker: WorkerProcess,
        seconds: float,
        left: float,
        slows: Callable[[], None],
        give_back: Callable[[], None],
    ) -> None:
        self._worker = worker
        self._seconds = seconds
        self._left = left
        self._slows = slows
        self._give_back = give_back
        self._reading = Lock()
        self._is_over = False
        self._why_cut: Bilingual | None = None
        self._worked = self._waited = 0.0
        self._waits_since: float | None = time.monotonic()

    def read(self, gone: Event | None = None) -> bytes:
        """The next part, none at the end; the work is ended when `gone` is set. Raises the errors below AnswerError."""
        with self._reading:
            if self._why_cut is not None:
                raise UnavailableError(self._why_cut)
            if self._is_over:
                return b""
            began = time.monotonic()
            self._waited += began - (self._waits_since or began)
            self._waits_since = None
            try:
                said = self._worker.read(self._seconds, began + self._left, gone)
            except BaseException:
                self._end()
                raise
            now = time.monotonic()
            self._left -= now - began
            if self._worked <= _AT_ONCE < self._worked + now - began:
                self._slows()
            self._worked += now - began
            self._waits_since = now
            if said.is_last:
                self._end()
            return said.answer.body

    def close(self) -> None:
        """Want no more of it. May be called more than once."""
        with self._reading:
            self._end()

    def is_slow(self, now: float, patience: float) -> bool:
        """Whether it has waited so many seconds for its reader, at `now` on the clock of time.monotonic."""
        since = self._waits_since
        return self._waited + (now - since if since is not None else 0.0) > patience

    def cut(self, why: Bilingual) -> None:
        """End it where nobody is reading right now: whoever reads on gets UnavailableError."""
        if not self._reading.acquire(blocking=False):
            return
        try:
            self._why_cut = None if self._is_over else why
            self._end()
        finally:
            self._reading.release()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._give_back()
