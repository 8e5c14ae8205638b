"""Child processes: starting them, the limits on memory, files and sockets that they set for themselves, and tasks."""

import ctypes
import errno
import fcntl
import importlib
import json
import os
import platform
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from crmgraph import errors
from crmgraph.errors import (
    AbandonedError,
    AnswerError,
    Bilingual,
    EngineError,
    LimitError,
    PlacedError,
    QueryTimeoutError,
    UnavailableError,
    in_language,
)
from crmgraph.sparql.engine import (
    CLOSED,
    POLL_INTERVAL,
    QUERY,
    EndReason,
    Limit,
    no_process_message,
    out_of_memory_message,
)

_STACK_SIZE = 256 * 2**20
"""Bytes of stack for the engine, which parses and plans recursively. With the usual 8 MiB, a query that joins 10,000
terms by || crashes the process."""

# Linux: the architecture's name for the kernel's audit, and its number of the system call socket().
_ARCHITECTURES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000


# A separate interpreter, because `multiprocessing` would import the main module of the caller. The path is passed, so
# that the module `site` need not run.
_PROGRAM = """
import importlib, json, sys
sys.path[:] = json.loads(sys.argv[1])
importlib.import_module(sys.argv[2]).main(*sys.argv[3:])
"""
# The engine allocates many small blocks: a larger thread cache makes it 8% faster. An arena per thread would reserve
# address space, which counts as memory, so the threads share two.
_MALLOC_TUNABLES = "glibc.malloc.tcache_count=1000:glibc.malloc.arena_max=2"


def start_process(
    module: str, *arguments: object, descriptor: int | None = None, stderr: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    """Start a Python process that calls the function `main` of a module with these arguments, as strings.

    If a file `descriptor` is given, the process inherits it and its number is the first argument. Standard input of
    the process is a pipe that closes when this process ends (see `end_with_parent`). Raises OSError if the system
    cannot start a process.
    """
    path = json.dumps([folder for folder in sys.path if isinstance(folder, str)])
    inherited = [] if descriptor is None else [descriptor]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, "-S", "-P", "-c", _PROGRAM, path, module, *map(str, (*inherited, *arguments))],
        pass_fds=inherited,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        env={"GLIBC_TUNABLES": _MALLOC_TUNABLES, **os.environ, "RUST_BACKTRACE": "0"},
    )


def end_with_parent(descriptor: int, group: bool = False) -> None:
    """Have the kernel end this process by SIGIO when the other end of the pipe `descriptor` is closed.

    A signal works even while the engine holds the interpreter lock. With `group`, the process becomes the leader of a
    new process group, and the whole group is ended. Such a process ignores Ctrl-C and SIGTERM, because the parent
    decides when it ends.
    """
    if group:
        os.setpgid(0, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgid(0) if group else os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([descriptor], [], [], 0)[0]:
        sys.exit()


def run_isolated(work: Callable[..., object], *arguments: object) -> None:
    """Run `work` in a thread with a large stack, and wait until it is done.

    Before that, sockets and core dumps are disabled for the whole process.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    deny_sockets()
    threading.stack_size(_STACK_SIZE)
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    thread.join()


def deny_sockets() -> bool:
    """Install a seccomp filter that makes every later call of socket() in this process fail.

    Returns whether the system supports this (Linux on x86_64 or aarch64). Must be called before other threads start,
    because the filter does not apply to threads that are already running.
    """
    if sys.platform != "linux" or platform.machine() not in _ARCHITECTURES:
        return False
    architecture, socket_call = _ARCHITECTURES[platform.machine()]
    steps = (
        (_LOAD, 0, 0, 4),  # the architecture
        (_IF_EQUAL, 0, 2, architecture),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_IF_EQUAL, 1, 0, socket_call),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _FAIL | errno.EACCES),
    )
    # struct sock_filter and struct sock_fprog of the kernel.
    instructions = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HP", len(steps), ctypes.addressof(instructions))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return not prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) and not prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0
    )


def deny_files(store: Path | None) -> None:
    """Prevent this process from opening more files or sockets, unless it must still open tables of its store.

    RocksDB opens sixteen tables of a store at first, and the rest when they are needed. A process with a larger store
    can still open files, which is safe because no query can name a file. `store` is the folder of the store that the
    process uses, or None for a store in memory.
    """
    if store is None or _has_all_tables_open(store):
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit_memory(beyond: int) -> None:
    """Limit the address space of this process to its present size plus `beyond` bytes.

    The limit can be set on Linux only, where the present size is known.
    """
    statm = Path("/proc/self/statm")
    if statm.exists():
        most = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + beyond
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _has_all_tables_open(store: Path) -> bool:
    """Return whether this process has opened all tables of the store, including those of its union.

    False if the system does not show the open files of a process (no /proc).
    """
    descriptors = Path("/proc/self/fd")
    opened = {Path(os.path.realpath(each)) for each in descriptors.iterdir()} if descriptors.exists() else set()
    return opened >= {path.resolve() for path in store.rglob("*.sst")}


_RESERVED = 2**29
"""Bytes of address space that the engine reserves for its own threads when it opens a store; most stay unused."""


def error_fields(error: BaseException, memory: int = 0, noun: Bilingual = QUERY) -> dict[str, Any]:
    """Return an error as fields of a message from a child process, in both languages, for `raise_error_in`.

    An error of the engine or of Python is replaced by a LimitError or an EngineError. `memory` is the number of bytes
    that the task was allowed to use, and `noun` the word for the task.
    """
    if isinstance(error, MemoryError):
        error = LimitError(out_of_memory_message(memory, noun))
    elif not isinstance(error, AnswerError):
        why = type(error).__name__
        error = EngineError(
            Bilingual(f"The {noun} failed on our side ({why}).", f"La {noun.spanish} falló de nuestro lado ({why}).")
        )
    return {
        "error": type(error).__name__,
        "texts": (in_language(error, "en"), in_language(error, "es")),
        "place": (error.line, error.column) if isinstance(error, PlacedError) else (),
    }


def raise_error_in(header: Mapping[str, Any]) -> None:
    """Raise the error that `error_fields` has put into this header, if any."""
    if "error" in header:
        raise vars(errors)[header["error"]](Bilingual(*header["texts"]), *header["place"])


def explain_end(status: int | None, memory: int, noun: Bilingual = QUERY) -> tuple[EndReason, AnswerError]:
    """Return why a process ended during a task, as a reason for the statistics and as an error for the client.

    `status` is its exit status, or None if unknown. `memory` is the number of bytes that the task was allowed to use,
    and `noun` the word for the task in the message.
    """
    if status == -signal.SIGABRT:
        return "memory", LimitError(out_of_memory_message(memory, noun))
    if status == -signal.SIGSEGV:
        return "nesting", LimitError(
            Bilingual(
                f"The {noun} is too deeply nested for the engine. Write it in fewer or shorter parts.",
                f"La {noun.spanish} tiene demasiados niveles de anidamiento para el motor. Escríbala en menos partes o "
                "en partes más cortas.",
            )
        )
    return "other", EngineError(
        Bilingual(
            f"The process of the {noun} ended before it was done (status {status}). Try again.",
            f"El proceso de la {noun.spanish} se cerró antes de terminar (estado {status}). Vuelva a intentarlo.",
        )
    )


class ChildProcess:
    """A child process that runs one task at a time.

    The process starts with the first task, and again with the next task if it has ended. It ends when the parent does.
    A task is a function whose arguments can be pickled and whose result can be written as JSON. The process handles
    untrusted input, so the parent never unpickles anything that it sends.

    Args:
        module: Module that the process imports before its first task.
        memory: Bytes of memory that the tasks may use, beyond what the process has after that import.
        noun: Word for a task in error messages, such as "query".
        priority: Increment of the nice value of the process after its first task, which loads what the others need.

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
        self._pipe.send((self._noun, task, arguments))
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
    importlib.import_module(module)
    run_isolated(_run_tasks, Connection(int(descriptor)), int(memory), int(priority))


def _run_tasks(pipe: Connection, memory: int, priority: int) -> None:
    limit_memory(memory + _RESERVED)
    with suppress(EOFError):
        while True:
            noun, task, arguments = pipe.recv()
            began = time.thread_time()
            try:
                reply = {"result": task(*arguments), "seconds": time.thread_time() - began}
            except BaseException as error:  # a panic of the engine is not an Exception
                reply = error_fields(error, memory, noun)
            pipe.send_bytes(json.dumps(reply).encode())
            os.nice(priority)
            priority = 0
