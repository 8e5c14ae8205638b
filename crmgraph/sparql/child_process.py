"""Child processes for tasks that may take long or crash: changes of a store, dumps, batches of reconciliation."""

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
from crmgraph.sparql.engine import CLOSED, POLL_INTERVAL, EndReason, Limit, no_process_message, out_of_memory_message
from crmgraph.sparql.sandbox import end_with_parent, limit_memory, run_isolated, start_process
from crmgraph.sparql.worker_process import error_fields, explain_end, raise_error_in

_RESERVED = 2**29
"""Bytes of address space that the engine reserves for its own threads when it opens a store; most stay unused."""


class ChildProcess:
    """A child process that runs one task at a time.

    The process starts with the first task, and again with the next task if it has ended. It ends when the parent does.
    A task is a function whose arguments can be pickled and whose result can be written as JSON. The process handles
    untrusted input, so the parent never unpickles anything that it sends.

    Args:
        module: Module that the process imports before its first task.
        memory: Bytes of memory that the tasks may use, beyond what the process has after that import.
        noun: Word for a task in error messages, such as "query".
        priority: Nice value of the process.

    Attributes:
        end_counts: Number of processes that ended during a task, by reason.
        cpu_seconds: Processor time of the last successful task, in seconds.
    """

    def __init__(self, module: str, memory: int, noun: Bilingual, priority: int = 0) -> None:
        self._arguments = module, memory, priority
        self._memory = memory
        self._noun = noun
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._is_closed = False
        self.end_counts: Counter[EndReason] = Counter()
        self.cpu_seconds = 0.0

    @property
    def pid(self) -> int | None:
        """The id of the process; None if no process is running."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def run(
        self, limit: Limit, task: Callable[..., object], *arguments: object, timeout_message: Bilingual | None = None
    ) -> Any:
        """Run a task in the process and return its result; `cpu_seconds` is set to the processor time of the task.

        Raises any AnswerError that the task itself raises, and:
        - QueryTimeoutError, with the message `timeout_message`, at the time limit;
        - AbandonedError if `limit.cancel_event` is set, that is, if the client has disconnected;
        - LimitError or EngineError if the process cannot start, ends during the task, or the task fails;
        - UnavailableError if `close` was called.
        """
        with self._lock:
            try:
                reply = self._exchange_frames(limit, timeout_message, task, arguments)
            except (QueryTimeoutError, AbandonedError) as error:
                self._end("time" if isinstance(error, QueryTimeoutError) else "left")
                raise
            except (EOFError, ConnectionError):
                assert self._process is not None
                reason, why = explain_end(self._process.wait(), self._memory, self._noun)
                self._end(reason)
                raise UnavailableError(CLOSED) if self._is_closed else why from None
            except OSError as error:
                raise EngineError(no_process_message(error.strerror or str(error))) from error
        raise_error_in(reply)
        if "failed" in reply:
            is_memory = reply["failed"] == "MemoryError"
            raise (
                LimitError(out_of_memory_message(self._memory, self._noun))
                if is_memory
                else EngineError(
                    Bilingual(
                        f"The {self._noun} failed on our side ({reply['failed']}).",
                        f"La {self._noun.spanish} falló de nuestro lado ({reply['failed']}).",
                    )
                )
            )
        self.cpu_seconds = reply["seconds"]
        return reply["result"]

    def end(self) -> None:
        """End the process after its current task; the next task starts a new one."""
        with self._lock:
            self._end()

    def close(self) -> None:
        """Kill the process, even during a task, and start no other. May be called more than once."""
        self._is_closed = True
        if (process := self._process) is not None:
            process.kill()
        self.end()

    def _exchange_frames(
        self,
        limit: Limit,
        timeout_message: Bilingual | None,
        task: Callable[..., object],
        arguments: tuple[object, ...],
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
        while not self._pipe.poll(min(limit.seconds_left(timeout_message), POLL_INTERVAL)):
            pass
        reply: dict[str, Any] = json.loads(self._pipe.recv_bytes())
        return reply

    def _end(self, reason: EndReason | None = None) -> None:
        """Kill the process and wait for its end; count the `reason` if the process was running a task."""
        process, self._process = self._process, None
        if process is not None and self._pipe is not None:
            with process:
                process.kill()
            self._pipe.close()
        if reason is not None and not self._is_closed:
            self.end_counts[reason] += 1


def main(descriptor: str, module: str, memory: str, priority: str) -> None:
    """Run the child process: import `module`, then run the tasks that arrive on the pipe `descriptor`.

    The arguments are those of `ChildProcess` as strings. Standard input is a pipe without data; when the parent closes
    the other end, this process ends at once.
    """
    end_with_parent(sys.stdin.fileno(), group=True)
    os.nice(int(priority))
    importlib.import_module(module)
    run_isolated(_run_tasks, Connection(int(descriptor)), int(memory))


def _run_tasks(pipe: Connection, memory: int) -> None:
    limit_memory(memory + _RESERVED)
    with suppress(EOFError):
        while True:
            pipe.send_bytes(json.dumps(_run_task(*pipe.recv())).encode())


def _run_task(task: Callable[..., object], arguments: tuple[object, ...]) -> dict[str, object]:
    began = time.thread_time()
    try:
        return {"result": task(*arguments), "seconds": time.thread_time() - began}
    except AnswerError as error:
        return error_fields(error)
    except BaseException as error:  # a panic of the engine is not an Exception
        return {"failed": type(error).__name__}
