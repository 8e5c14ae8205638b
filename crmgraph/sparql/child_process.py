"""A process for tasks that may take long or fail hard: changes of a store, dumps, batches of reconciliation."""

import importlib
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from crmgraph.errors import (
    AbandonedError,
    AnswerError,
    Bilingual,
    EngineError,
    LimitError,
    QueryTimeoutError,
    UnavailableError,
)
from crmgraph.sparql.engine import CLOSED, POLL_INTERVAL, End, Limit, no_process, out_of_memory
from crmgraph.sparql.sandbox import end_with_parent, limit_memory, start_process, work_alone
from crmgraph.sparql.worker_process import error_fields, raise_error, why_ended

_RESERVED = 2**29
"""Address space, in bytes, that the engine reserves for its own threads when it opens a store, mostly unused."""


class ChildProcess:
    """A process for tasks, one at a time, which is started with the first one, and anew where it ended.

    It may use `memory` bytes beside what it has with `module` imported, and ends with this process. Messages call its
    tasks by the name of the `work`; `priority` is its nice value. A task is a function with arguments that can be
    pickled and a result that is JSON, for the process works on what strangers sent: nothing of it is unpickled here.
    """

    def __init__(self, module: str, memory: int, work: Bilingual, priority: int = 0) -> None:
        self._arguments = module, memory, priority
        self._memory = memory
        self._work = work
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._is_closed = False
        self.ended: Counter[End] = Counter()
        self.seconds = 0.0

    @property
    def pid(self) -> int | None:
        """The id of the process; None where none runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def run(
        self, limit: Limit, task: Callable[..., object], *arguments: object, too_late: Bilingual | None = None
    ) -> Any:
        """Return the result of a task; `seconds` is then the processor time that it took.

        Raises the errors below AnswerError that the task raises. Raises QueryTimeoutError at the limit, with the
        message `too_late`, AbandonedError where whoever asked has left, LimitError and EngineError where the process
        ends by itself or the task fails, and UnavailableError where it is closed.
        """
        with self._lock:
            try:
                reply = self._reply(limit, too_late, task, arguments)
            except (QueryTimeoutError, AbandonedError) as error:
                self._end("time" if isinstance(error, QueryTimeoutError) else "left")
                raise
            except (EOFError, ConnectionError):
                assert self._process is not None
                reason, why = why_ended(self._process.wait(), self._memory, self._work)
                self._end(reason)
                raise UnavailableError(CLOSED) if self._is_closed else why from None
            except OSError as error:
                raise EngineError(no_process(error.strerror or str(error))) from error
        raise_error(reply)
        if "failed" in reply:
            is_memory = reply["failed"] == "MemoryError"
            raise (
                LimitError(out_of_memory(self._memory, self._work))
                if is_memory
                else EngineError(
                    Bilingual(
                        f"The {self._work} failed on our side ({reply['failed']}).",
                        f"La {self._work.spanish} falló de nuestro lado ({reply['failed']}).",
                    )
                )
            )
        self.seconds = reply["seconds"]
        return reply["result"]

    def end(self) -> None:
        """End the process when its task is done; the next task starts another."""
        with self._lock:
            self._end()

    def close(self) -> None:
        """End the process, whatever it is doing, and start no other. May be called more than once."""
        self._is_closed = True
        if (process := self._process) is not None:
            process.kill()
        self.end()

    def _reply(
        self, limit: Limit, too_late: Bilingual | None, task: Callable[..., object], arguments: tuple[object, ...]
    ) -> dict[str, Any]:
        if self.pid is None:
            self._end()
            self._pipe, theirs = Pipe()
            with theirs:
                self._process = start_process(__name__, *self._arguments, descriptor=theirs.fileno())
        if self._is_closed:
            self._end()
            raise UnavailableError(CLOSED)
        assert self._pipe is not None
        self._pipe.send((task, arguments))
        while not self._pipe.poll(min(limit.left(too_late), POLL_INTERVAL)):
            pass
        reply: dict[str, Any] = json.loads(self._pipe.recv_bytes())
        return reply

    def _end(self, reason: End | None = None) -> None:
        """End the process, at work for a reason, and wait until it has ended."""
        process, self._process = self._process, None
        if process is not None and self._pipe is not None:
            with process:
                process.kill()
            self._pipe.close()
        if reason is not None and not self._is_closed:
            self.ended[reason] += 1


def main(descriptor: str, module: str, memory: str, priority: str) -> None:
    """Carry out the tasks that come through the pipe with this file descriptor, with `module` imported.

    Standard input is a pipe that nothing comes through: when its other end is closed, the process ends at once.
    """
    end_with_parent(sys.stdin.fileno(), group=True)
    os.nice(int(priority))
    importlib.import_module(module)
    work_alone(_work, Connection(int(descriptor)), int(memory))


def _work(pipe: Connection, memory: int) -> None:
    limit_memory(memory + _RESERVED)
    with suppress(EOFError):
        while True:
            pipe.send_bytes(json.dumps(_result(*pipe.recv())).encode())


def _result(task: Callable[..., object], arguments: tuple[object, ...]) -> dict[str, object]:
    began = time.thread_time()
    try:
        return {"result": task(*arguments), "seconds": time.thread_time() - began}
    except AnswerError as error:
        return error_fields(error)
    except BaseException as error:  # a panic of the engine is not an Exception
        return {"failed": type(error).__name__}
