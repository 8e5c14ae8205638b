"""The process that makes one change after another, each in a copy of the store, until it is ended."""

import resource
import subprocess
import sys
import threading
from collections import Counter
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from traceback import clear_frames
from typing import Any

from crmgraph.errors import AbandonedError, AnswerError, EngineError, LimitError, QueryTimeoutError, UnavailableError
from crmgraph.namespaces import Names
from crmgraph.sparql.engine import GLANCE, End, Limit
from crmgraph.sparql.messages import too_late
from crmgraph.sparql.sandbox import STACK, deny_sockets, end_with_parent, limit_memory, start_process
from crmgraph.sparql.worker_process import why_ended
from crmgraph.store.access_control import Writer
from crmgraph.store.changes import Change, Outcome, carry_out, loads_of, not_made
from crmgraph.store.update_parser import Load
from crmgraph.wording import Bilingual

__all__ = ["WriterProcess", "main"]

_READY, _CHECKING = "ready", "checking"
_ENGINE = 2**29
"""Address space, in bytes, that the engine reserves for its own threads when it opens a store, mostly unused."""

_CLOSED = Bilingual(
    "The server is being stopped. Nothing was changed; send it again later.",
    "El servidor se está deteniendo. No se cambió nada; vuelva a enviarlo más tarde.",
)
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
    """A process that makes changes in at most `memory` bytes beside what it has, started anew where it was ended.

    It ends with this process. The methods that ask it raise the errors of a change, and QueryTimeoutError,
    AbandonedError, LimitError and EngineError where it was ended or ended by itself, UnavailableError where it is
    closed, and OSError where the system has no room for it.
    """

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._is_closed = False
        self.ended: Counter[End] = Counter()

    @property
    def pid(self) -> int:
        """The id of the process; 0 where none runs."""
        return self._process.pid if self._process else 0

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

    def close(self) -> None:
        """End the process, whatever it is doing, and start no other; whoever waits for it gets UnavailableError."""
        self._is_closed = True
        if (process := self._process) is not None:
            process.kill()

    def end(self, reason: End | None = None) -> None:
        """End the process, at work for a reason, and wait until it has ended."""
        process, self._process = self._process, None
        if process is not None and self._pipe is not None:
            process.kill()
            process.wait()
            self._pipe.close()
            assert process.stdin is not None
            process.stdin.close()
        if reason is not None and not self._is_closed:
            self.ended[reason] += 1

    def _ask(self, message: object, limit: Limit) -> Any:
        try:
            if self._process is None or self._process.poll() is not None:
                self.end()
                self._pipe, theirs = Pipe()
                with theirs:
                    self._process = start_process(
                        "crmgraph.store.writer_process", self._memory, descriptor=theirs.fileno()
                    )
                self._receive(limit)
            if self._is_closed:
                raise UnavailableError(_CLOSED)
            assert self._pipe is not None
            self._pipe.send(message)
            advice = _ADVICE
            while (reply := self._receive(limit, advice)) == _CHECKING:
                advice = _ADVICE_ON_CHECKS
        except (EOFError, ConnectionError):
            assert self._process is not None
            reason, error = why_ended(self._process.wait(), self._memory, _WRITE)
            self.end(reason)
            raise UnavailableError(_CLOSED) if self._is_closed else not_made(error) from None
        if isinstance(reply, AnswerError):
            raise reply
        return reply

    def _receive(self, limit: Limit, advice: Bilingual = _ADVICE) -> Any:
        assert self._pipe is not None
        try:
            while not self._pipe.poll(min(limit.left(too_late(limit.seconds, _WRITE, advice)), GLANCE)):
                pass
        except (QueryTimeoutError, AbandonedError) as error:
            self.end("time" if isinstance(error, QueryTimeoutError) else "left")
            raise not_made(error) from None
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
