"""One worker process as the pool sees it."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from threading import Event

from crmgraph.answering.question import NOT_THERE, Answer, Question
from crmgraph.answering.wire import READY, pack_question, unpack_reply
from crmgraph.errors import EngineError, QueryTimeoutError, UnavailableError
from crmgraph.wording import Bilingual

__all__ = ["GLANCE", "NOBODY_WAITS", "WorkerProcess"]

_log = logging.getLogger(__name__)

# A process of its own and not one of multiprocessing, which would import the caller's main module into each.
_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from crmgraph.answering.worker import main
main(*sys.argv[2:])
"""
GLANCE = 0.1
"""How often to look, in seconds, whether whoever asked is still there."""

NOBODY_WAITS = Bilingual("Nobody is waiting for the answer any more.", "Ya nadie espera la respuesta.")

# How long a question is left to work, in seconds, before it has to make way.
_TURN = 0.5


class _DisplacedError(Exception):
    """The question has to make way for others."""


class WorkerProcess:
    """A process with the store open, that answers one question at a time. It starts at once and is waited for later."""

    def __init__(self, store: Path, memory: int, largest: int) -> None:
        self._store = store
        self._memory = memory
        self._ready = False
        self._pipe, theirs = Pipe()
        path = json.dumps([folder for folder in sys.path if isinstance(folder, str)])
        command = [sys.executable, "-P", "-c", _PROGRAM, path, *map(str, (theirs.fileno(), store, memory, largest))]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own program
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "RUST_BACKTRACE": "0"},
            )
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def is_ready(self) -> bool:
        """Whether the store is open, so that a question would be answered without waiting for that."""
        return self._ready or self._pipe.poll(0)

    def ask(
        self,
        question: Question,
        seconds: float,
        deadline: float,
        gone: Event | None,
        others_wait: Callable[[], bool] | None = None,
    ) -> Answer | None:
        """The answer; `deadline` is on the clock of time.monotonic, `seconds` is what to call the limit.

        None where the process had ended before it set to work, or was ended after its turn since `others_wait`: the
        question may be put to another. Raises QueryTimeoutError at the deadline, UnavailableError where there is no
        store, and EngineError where the process ends or `gone` is set; in all these cases this worker is of no further
        use. The other errors below AnswerError leave it ready for the next question.
        """
        try:
            if not self._ready:
                self._wait(seconds, deadline, gone)
                said = self._pipe.recv_bytes()
                if said != READY:
                    self.end()
                    _log.error("%s cannot be opened: %s", self._store, said.decode(errors="replace"))
                    raise UnavailableError(NOT_THERE)
                self._ready = True
            if not self._is_taken(question, seconds, deadline, gone):
                return None
            self._wait(seconds, deadline, gone, others_wait)
            header, body = self._pipe.recv_bytes(), self._pipe.recv_bytes()
        except _DisplacedError:
            return None
        except (EOFError, OSError):
            raise EngineError(self._epitaph()) from None
        return unpack_reply(header, body)

    def _is_taken(self, question: Question, seconds: float, deadline: float, gone: Event | None) -> bool:
        try:
            self._pipe.send_bytes(pack_question(question, max(deadline - time.monotonic(), 0.0)))
            self._wait(seconds, deadline, gone)
            self._pipe.recv_bytes()
        except (EOFError, OSError):
            self._code()
            return False
        return True

    def kill(self) -> None:
        """End the process, whatever it is doing, without waiting; whoever asks it now gets EngineError."""
        self._process.kill()

    def end(self) -> None:
        """End the process and wait until it has ended. Nobody may be asking it."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()
        if self._process.stdin:
            self._process.stdin.close()

    def _wait(
        self, seconds: float, deadline: float, gone: Event | None, others_wait: Callable[[], bool] | None = None
    ) -> None:
        turn_ends = time.monotonic() + _TURN
        while True:
            now = time.monotonic()
            if gone is not None and gone.is_set():
                self.end()
                raise EngineError(NOBODY_WAITS)
            if now >= deadline:
                self.end()
                raise QueryTimeoutError(_too_long(seconds))
            if others_wait is not None and now >= turn_ends and others_wait():
                self.end()
                raise _DisplacedError
            looks_up = gone is not None or others_wait is not None
            if self._pipe.poll(min(deadline - now, GLANCE) if looks_up else deadline - now):
                return

    def _code(self) -> int:
        """How the process ended, whose pipe is closed; one that lives on has the time of a glance for that."""
        try:
            return self._process.wait(GLANCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _epitaph(self) -> Bilingual:
        code = self._code()
        if code == -signal.SIGABRT:
            mebibytes = self._memory // 2**20
            return Bilingual(
                f"The query needs more than {mebibytes} MiB of memory, the most it may use. Ask for less at a time.",
                f"La consulta necesita más de {mebibytes} MiB de memoria, el máximo que puede usar. Pida menos datos "
                "a la vez.",
            )
        if code == -signal.SIGSEGV:
            return Bilingual(
                "The query is too deeply nested for the engine. Write it in fewer or shorter parts.",
                "La consulta tiene demasiados niveles de anidamiento para el motor. Escríbala en menos partes o en "
                "partes más cortas.",
            )
        return Bilingual(
            f"The process that answered the query ended before it was done (status {code}). Ask again.",
            f"El proceso que respondía a la consulta se cerró antes de terminar (estado {code}). Vuelva a preguntar.",
        )


def _too_long(seconds: float) -> Bilingual:
    return Bilingual(
        f"The query took longer than {seconds:g} s and was ended. Ask for less, for example with LIMIT.",
        f"La consulta tardó más de {seconds:g} s y se interrumpió. Pida menos, por ejemplo con LIMIT.",
    )
