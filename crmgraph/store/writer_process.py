"""The process that makes one change after another, each in a copy of the store, until it is ended."""

import resource
import sys
import threading
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from traceback import clear_frames
from typing import Any

from crmgraph.errors import AbandonedError, AnswerError, EngineError, LimitError, QueryTimeoutError
from crmgraph.namespaces import Names
from crmgraph.sparql.engine import GLANCE, End, Limit
from crmgraph.sparql.messages import too_late
from crmgraph.sparql.sandbox import STACK, deny_sockets, end_with_parent, limit_memory, start_process
from crmgraph.sparql.worker_process import why_ended
from crmgraph.store.access_control import Writer
from crmgraph.store.changes import Change, Outcome, carry_out, loads_of
from crmgraph.store.update_parser import Load
from crmgraph.wording import Bilingual

__all__ = ["WriterProcess", "main"]

_READY, _CHECKING = "ready", "checking"
_ENGINE = 2**29
"""Address space, in bytes, that the engine reserves for its own threads when it opens a store, mostly unused."""

_WRITE = Bilingual("write", "escritura")
_ADVICE = Bilingual(
    "Write less at a time; whoever runs the service can raise its time limit.",
    "Escriba menos a la vez; quien administra el servicio puede ampliar el límite de tiempo.",
)
_ADVICE_ON_CHECKS = Bilingual(
    "It was the check of the plan that took the time, however little is written: whoever runs the service can raise "
    "`timeout`, or have plans not checked by `--no-check-writes`.",
    "Fue la comprobación del plan lo que llevó el tiempo, por poco que se escriba: quien administra el servicio puede "
    "ampliar `timeout`, o no comprobar los planes con `--no-check-writes`.",
)


class WriterProcess:
    """A process that makes changes in at most `memory` bytes beside what it has. It ends with this process.

    Its methods raise the errors of a change, and QueryTimeoutError, AbandonedError, LimitError and EngineError where it
    was ended or ended by itself. Raises OSError where the system has no room for it.
    """

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = start_process("crmgraph.store.writer_process", memory, descriptor=theirs.fileno())
        self._is_ready = False
        self.end_reason: End | None = None

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.poll() is None

    def carry_out(
        self, change: Change, before: Path, proposed: Path, writer: Writer, names: Names | None, limit: Limit
    ) -> Outcome:
        """Make a change (see `changes.carry_out`)."""
        outcome: Outcome = self._ask((change, writer, (before, proposed, names)), limit)
        return outcome

    def loads_of(self, change: Change, writer: Writer, limit: Limit) -> list[Load]:
        """Return the LOADs of an update (see `changes.loads_of`)."""
        loads: list[Load] = self._ask((change, writer, None), limit)
        return loads

    def kill(self) -> None:
        """End the process, whatever it is doing, without waiting."""
        self._process.kill()

    def end(self, reason: End | None = None) -> None:
        """End the process and wait until it has ended."""
        self.end_reason = reason
        self._process.kill()
        self._process.wait()
        self._pipe.close()
        assert self._process.stdin is not None
        self._process.stdin.close()

    def _ask(self, message: object, limit: Limit) -> Any:
        try:
            if not self._is_ready:
                self._receive(limit)
                self._is_ready = True
            self._pipe.send(message)
            reply = self._receive(limit)
            if reply == _CHECKING:
                reply = self._checked(limit)
        except (EOFError, ConnectionError):
            reason, reply = why_ended(self._process.wait(), self._memory, _WRITE)
            self.end(reason)
        if isinstance(reply, AnswerError):
            raise reply
        return reply

    def _checked(self, limit: Limit) -> Any:
        reply = _CHECKING
        while reply == _CHECKING:
            reply = self._receive(limit, _ADVICE_ON_CHECKS)
        return reply

    def _receive(self, limit: Limit, advice: Bilingual = _ADVICE) -> Any:
        try:
            while not self._pipe.poll(min(limit.left(too_late(limit.seconds, _WRITE, advice)), GLANCE)):
                pass
        except (QueryTimeoutError, AbandonedError) as error:
            self.end("time" if isinstance(error, QueryTimeoutError) else "left")
            raise
        return self._pipe.recv()


def main(descriptor: str, memory: str) -> None:
    """Make the changes that come through the pipe with this file descriptor, in `memory` bytes beside what it has.

    Standard input is a pipe that nothing comes through: when its other end is closed, the process ends at once.
    """
    end_with_parent(sys.stdin.fileno(), group=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    deny_sockets()
    threading.stack_size(STACK)
    working = threading.Thread(target=_work, args=(Connection(int(descriptor)), int(memory)))
    working.start()
    working.join()


def _work(pipe: Connection, memory: int) -> None:
    limit_memory(memory + _ENGINE)
    pipe.send(_READY)
    while True:
        try:
            change, writer, places = pipe.recv()
        except EOFError:
            return
        pipe.send(_reply(pipe, change, writer, places))


def _reply(
    pipe: Connection, change: Change, writer: Writer, places: tuple[Path, Path, Names | None] | None
) -> Outcome | list[Load] | AnswerError:
    try:
        if places is None:
            return loads_of(change, writer)
        before, proposed, names = places
        return carry_out(change, before, proposed, writer, names, partial(pipe.send, _CHECKING))
    except AnswerError as error:
        # The engine must have let go of the copy before it is removed.
        cause: BaseException | None = error
        while cause is not None:
            clear_frames(cause.__traceback__)
            cause = cause.__context__
        return error
    except MemoryError:
        return LimitError(
            Bilingual(
                "The change needs too much memory. Nothing was changed.",
                "El cambio necesita demasiada memoria. No se cambió nada.",
            )
        )
    except BaseException as error:  # a panic of the engine is not an Exception
        return EngineError(
            Bilingual(
                f"The engine failed on the change ({type(error).__name__}). Nothing was changed.",
                f"El motor falló con el cambio ({type(error).__name__}). No se cambió nada.",
            )
        )
