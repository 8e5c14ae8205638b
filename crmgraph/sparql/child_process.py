"""A process that carries out one task after another for this one, and can be ended whatever it is doing."""

import importlib
import json
import os
import resource
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

from crmgraph.errors import AbandonedError, AnswerError, QueryTimeoutError, UnavailableError
from crmgraph.sparql.engine import GLANCE, End, Limit
from crmgraph.sparql.messages import CLOSED, QUERY
from crmgraph.sparql.protocol import error_fields, raise_error
from crmgraph.sparql.sandbox import STACK, deny_sockets, end_with_parent, limit_memory, start_process
from crmgraph.sparql.worker_process import why_ended
from crmgraph.wording import Bilingual

__all__ = ["ChildProcess", "EndedError", "TaskError", "main"]

_ENGINE = 2**29
"""Address space, in bytes, that the engine reserves for its own threads when it opens a store, mostly unused."""


class EndedError(Exception):
    """The process was ended, or ended by itself, before it was done; `error` says why to those who asked."""

    def __init__(self, error: AnswerError) -> None:
        super().__init__(str(error))
        self.error = error


class TaskError(Exception):
    """A task failed for no reason that is foreseen; its only argument is the name of the exception."""


class ChildProcess:
    """A process for tasks, started with the first one, and started anew where it ended.

    It may use `memory` bytes beside what it has with `module` imported, and ends with this process. `priority` is its
    nice value; messages call its tasks by the name of the `work`. A task is a function with arguments that can be
    pickled and a result that is JSON, for the process works on what strangers sent: nothing of it is unpickled here.
    There is one task at a time; `close` may be called from another thread.
    """

    def __init__(self, module: str, memory: int, work: Bilingual = QUERY, priority: int = 0) -> None:
        self._module = module
        self._memory = memory
        self._work = work
        self._priority = priority
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._is_closed = False
        self.ended: Counter[End] = Counter()
        self.seconds = 0.0

    @property
    def pid(self) -> int | None:
        """The id of the process; None where none was started."""
        return self._process.pid if self._process else None

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def run(
        self, limit: Limit, task: Callable[..., object], *arguments: object, too_late: Bilingual | None = None
    ) -> Any:
        """Return the result of a task; `seconds` is then the processor time that it took.

        Raises the errors below AnswerError that the task raises, TaskError for any other, and EndedError where the
        process ends: at the limit, with the message `too_late`, where whoever asked has left, where it takes too much,
        and where it is closed. Raises OSError where the system has no room for a process.
        """
        try:
            pipe = self._started()
            pipe.send((task, arguments))
            while not pipe.poll(min(limit.left(too_late), GLANCE)):
                pass
            reply = json.loads(pipe.recv_bytes())
        except (QueryTimeoutError, AbandonedError) as error:
            self.end("time" if isinstance(error, QueryTimeoutError) else "left")
            raise EndedError(error) from None
        except (EOFError, ConnectionError):
            assert self._process is not None
            reason, why = why_ended(self._process.wait(), self._memory, self._work)
            self.end(reason)
            raise EndedError(UnavailableError(CLOSED) if self._is_closed else why) from None
        raise_error(reply)
        if "failed" in reply:
            raise TaskError(reply["failed"])
        self.seconds = reply["seconds"]
        return reply["result"]

    def close(self) -> None:
        """End the process, whatever it is doing, and start no other; whoever waits for it gets EndedError."""
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

    def _started(self) -> Connection:
        if not self.is_alive:
            self.end()
            self._pipe, theirs = Pipe()
            with theirs:
                self._process = start_process(
                    __name__, self._module, self._memory, self._priority, descriptor=theirs.fileno()
                )
        if self._is_closed:
            self.end()
            raise EndedError(UnavailableError(CLOSED))
        assert self._pipe is not None
        return self._pipe


def main(descriptor: str, module: str, memory: str, priority: str) -> None:
    """Carry out the tasks that come through the pipe with this file descriptor, with `module` imported.

    Standard input is a pipe that nothing comes through: when its other end is closed, the process ends at once.
    """
    end_with_parent(sys.stdin.fileno(), group=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(int(priority))
    deny_sockets()
    importlib.import_module(module)
    threading.stack_size(STACK)
    working = threading.Thread(target=_work, args=(Connection(int(descriptor)), int(memory)))
    working.start()
    working.join()


def _work(pipe: Connection, memory: int) -> None:
    limit_memory(memory + _ENGINE)
    with suppress(EOFError):
        while True:
            pipe.send_bytes(json.dumps(_reply(*pipe.recv())).encode())


def _reply(task: Callable[..., object], arguments: tuple[object, ...]) -> dict[str, object]:
    began = time.thread_time()
    try:
        return {"result": task(*arguments), "seconds": time.thread_time() - began}
    except AnswerError as error:
        return error_fields(error)
    except BaseException as error:  # a panic of the engine is not an Exception
        return {"failed": type(error).__name__}
