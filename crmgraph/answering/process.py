"""One worker process as the pool sees it."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from crmgraph.answering.child import Child, DisplacedError, End
from crmgraph.answering.question import NOT_THERE, Answer, Question
from crmgraph.answering.wire import READY, pack_question, unpack_reply
from crmgraph.errors import UnavailableError
from crmgraph.wording import Bilingual

__all__ = ["WorkerProcess"]

_log = logging.getLogger(__name__)


class WorkerProcess:
    """A process with the store open, that answers one question at a time. It starts at once and is waited for later."""

    def __init__(self, store: Path, memory: int, largest: int, largest_sent: int) -> None:
        self.store = store
        self._ready = False
        self._is_free = True
        self._is_slowed = False
        self._child = Child(
            "crmgraph.answering.worker",
            (store, memory, largest, largest_sent),
            Bilingual("query", "consulta"),
            Bilingual("Ask for less, for example with LIMIT.", "Pida menos, por ejemplo con LIMIT."),
            memory,
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._child.pid

    @property
    def end_reason(self) -> End | None:
        """Why the process was ended before it was done with a question; None where it was not."""
        return self._child.end_reason

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._child.is_alive()

    def is_as_before(self) -> bool:
        """Whether the process can take another question, as quickly as the first."""
        return self._is_free and not self._is_slowed and self.is_alive()

    def is_ready(self) -> bool:
        """Whether the store is open, so that a question would be answered without waiting for that."""
        return self._ready or self._child.pipe.poll(0)

    def ask(
        self,
        question: Question,
        seconds: float,
        deadline: float,
        gone: Event | None,
        others_wait: Callable[[], bool] | None = None,
        by_parts: bool = False,
    ) -> tuple[Answer, bool] | None:
        """The answer, or the first part of it where it may come `by_parts`, and whether that is all.

        `deadline` is on the clock of time.monotonic, `seconds` is what to call the limit. None where the process had
        ended before it set to work, or was ended after its turn since `others_wait`: the question may be put to
        another. Raises QueryTimeoutError at the deadline, UnavailableError where there is no store, and EngineError
        where the process ends or `gone` is set; in all these cases this worker is of no further use. The other errors
        below AnswerError leave it ready for the next question.
        """
        child = self._child
        try:
            if not self._ready:
                child.wait(seconds, deadline, gone)
                said = child.pipe.recv_bytes()
                if said != READY:
                    self.end()
                    _log.error("%s cannot be opened: %s", self.store, said.decode(errors="replace"))
                    raise UnavailableError(NOT_THERE)
                self._ready = True
        except (EOFError, OSError):
            raise child.epitaph() from None
        message = pack_question(question, max(deadline - time.monotonic(), 0.0), by_parts)
        if not self._is_taken(message, seconds, deadline, gone):
            return None
        try:
            return self.read(seconds, deadline, gone, others_wait)
        except DisplacedError:
            return None

    def read(
        self, seconds: float, deadline: float, gone: Event | None, others_wait: Callable[[], bool] | None = None
    ) -> tuple[Answer, bool]:
        """The next part of the answer, and whether it is the last. Raises what `ask` does, and DisplacedError."""
        child = self._child
        try:
            child.wait(seconds, deadline, gone, others_wait)
            header, body = child.pipe.recv_bytes(), child.pipe.recv_bytes()
        except (EOFError, OSError):
            raise child.epitaph() from None
        self._is_free = True
        answer, is_last = unpack_reply(header, body)
        self._is_free = is_last
        return answer, is_last

    def _is_taken(self, message: bytes, seconds: float, deadline: float, gone: Event | None) -> bool:
        child = self._child
        self._is_free = False
        try:
            child.pipe.send_bytes(message)
            child.wait(seconds, deadline, gone)
            child.pipe.recv_bytes()
        except (EOFError, OSError):
            child.code()
            return False
        return True

    def slow_down(self) -> None:
        """From now on the process works only when no other has anything to do."""
        self._is_slowed = True
        self._child.slow_down()

    def end_for(self, reason: End) -> None:
        """End the process, and wait until it has ended, for this reason. Nobody may be asking it."""
        self._child.end_for(reason)

    def kill(self) -> None:
        """End the process, whatever it is doing, without waiting; whoever asks it now gets EngineError."""
        self._child.kill()

    def end(self) -> None:
        """End the process and wait until it has ended. Nobody may be asking it."""
        self._child.end()
