"""How a process of ours is started: a new interpreter with one module of ours, that no word to stop reaches."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from pathlib import Path
from threading import Event
from typing import Protocol

from crmgraph.errors import AbandonedError, AnswerError, EngineError, LimitError, QueryTimeoutError
from crmgraph.sparql.limit import GLANCE
from crmgraph.sparql.messages import ABANDONED
from crmgraph.sparql.worker_process import End
from crmgraph.wording import Bilingual

__all__ = ["GLANCE", "Child", "End", "Running", "Start", "spawn"]

# A process of its own and not one of multiprocessing, which would import the caller's main module into each.
_PROGRAM = """
import importlib, json, sys
sys.path[:] = json.loads(sys.argv[1])
importlib.import_module(sys.argv[2]).main(*sys.argv[3:])
"""
# The engine takes and gives back many small pieces of memory: where more than 7 of a size are kept at hand, it is a
# twelfth faster. Each of its threads would have address space of its own set aside, half a gigabyte in all, which
# counts as memory; two can be shared.
_MEMORY = "glibc.malloc.tcache_count=1000:glibc.malloc.arena_max=2"


class Running(Protocol):
    """A process that was started, and may have ended since."""

    @property
    def pid(self) -> int:
        """The number of the process."""

    def code(self, seconds: float | None = 0) -> int | None:
        """How the process ended, minus the signal where that ended it; None where it runs on after so many seconds.

        Without a number this waits until it has ended.
        """

    def kill(self) -> None:
        """End the process, whatever it is doing, without waiting."""

    def close(self) -> None:
        """Give back what is kept for a process that has ended."""


class Start(Protocol):
    """Starts a process that runs `main` of a module, with the number of a file descriptor and with the arguments."""

    def __call__(self, module: str, descriptor: int, arguments: tuple[str, ...]) -> Running:
        """Raises OSError where the system has no room for it."""


class _Spawned:
    """A child process of this one."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pid = process.pid

    def code(self, seconds: float | None = 0) -> int | None:
        if seconds == 0:
            return self._process.poll()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()


def spawn(module: str, descriptor: int, arguments: tuple[str, ...]) -> Running:
    """Start a process in an interpreter of its own. Its standard input ends when this process does.

    Raises OSError where the system has no room for it.
    """
    path = json.dumps([folder for folder in sys.path if isinstance(folder, str)])
    with _deaf():
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own program
            # What `site` would find is in the path already.
            [sys.executable, "-S", "-P", "-c", _PROGRAM, path, module, str(descriptor), *arguments],
            pass_fds=[descriptor],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"GLIBC_TUNABLES": _MEMORY, **os.environ, "RUST_BACKTRACE": "0"},
        )
    return _Spawned(process)


@contextmanager
def _deaf() -> Iterator[None]:
    """Have a process that is started meanwhile hear no word to stop, from its first moment to its last.

    A terminal and systemd tell all processes at once; but it is the parent that is to stop, which lets its children
    finish and then ends them.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_DYING = 10.0
"""How many seconds a process may take to end that has let go of its pipe: one with little priority waits for others."""

_LOW = 10


class Child:
    """A process that runs `main` of a module of ours: with the number of its end of a pipe, then with `arguments`.

    `work` is what it does, as one noun ("query", "consulta"), `advice` what to do where that takes too long, and
    `memory` the bytes that it may take: all are for what is said where it fails. Its standard input ends when this
    process does. Raises OSError where the system has no room for it.
    """

    end_reason: End | None = None
    """Why it ended before it was done; None where it did not."""

    advice: Bilingual
    """What to do where what it is doing now takes too long."""

    def __init__(
        self,
        module: str,
        arguments: tuple[object, ...],
        work: Bilingual,
        advice: Bilingual,
        memory: int,
        start: Start = spawn,
    ) -> None:
        self._work = work
        self.advice = advice
        self._memory = memory
        self.pipe, theirs = Pipe()
        with theirs:
            self._process = start(module, theirs.fileno(), tuple(map(str, arguments)))
        self._began = time.monotonic()
        self._clock = _clock_of(self._process.pid)
        self._worked = 0.0
        # What to call the limit of time, and when it is over, as whoever waited last said.
        self._limit: tuple[float, float] | None = None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.code() is None

    def slow_down(self) -> None:
        """Give it a low priority, a tenth of what others get, from which the system lets nobody raise it again."""
        tasks = Path(f"/proc/{self.pid}/task")
        # On Linux each thread has a priority of its own.
        numbers = [int(task.name) for task in tasks.iterdir()] if tasks.is_dir() else [self.pid]
        for number in numbers:
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, number, _LOW)

    def worked(self) -> float:
        """How many seconds of a processor it has taken; on a system that does not say so, how many have passed."""
        if self._clock is None:
            return time.monotonic() - self._began
        # One that has ended has no clock any more.
        with suppress(OSError):
            self._worked = time.clock_gettime(self._clock)
        return self._worked

    def kill(self) -> None:
        """End the process, whatever it is doing, without waiting."""
        self._process.kill()

    def end(self) -> None:
        """End the process and wait until it has ended. Nobody may be waiting for it."""
        self.worked()
        self._process.kill()
        self._process.code(None)
        self.pipe.close()
        self._process.close()

    def wait(self, seconds: float, deadline: float, gone: Event | None) -> None:
        """Wait until it says something; at the deadline, or when nobody waits any more, it is ended.

        `deadline` is on the clock of time.monotonic, `seconds` is what to call the limit. Raises QueryTimeoutError, and
        AbandonedError where `gone` is set.
        """
        self._limit = (seconds, deadline)
        while True:
            now = time.monotonic()
            if gone is not None and gone.is_set():
                self.end_for("left")
                raise AbandonedError(ABANDONED)
            if now >= deadline:
                self.end_for("time")
                raise self.too_late(seconds)
            if self.pipe.poll(deadline - now if gone is None else min(deadline - now, GLANCE)):
                return

    def end_for(self, reason: End) -> None:
        """End the process and wait until it has ended, for this reason. Nobody may be waiting for it."""
        self.end_reason = reason
        self.end()

    def code(self) -> int:
        """How the process ended, whose pipe is closed; one that lives on has _DYING seconds for that."""
        code = self._process.code(_DYING)
        if code is None:
            self._process.kill()
            code = self._process.code(None)
        assert code is not None
        return code

    def epitaph(self) -> AnswerError:
        """Why it ended before it was done, to be raised: LimitError, QueryTimeoutError, or EngineError for the rest."""
        english, spanish, code = self._work, self._work.spanish, self.code()
        if code == -signal.SIGABRT:
            mebibytes = self._memory // 2**20
            self.end_reason = "memory"
            return LimitError(
                Bilingual(
                    f"The {english} needs more than {mebibytes} MiB of memory, the most it may use. Ask for less at a "
                    "time.",
                    f"La {spanish} necesita más de {mebibytes} MiB de memoria, el máximo que puede usar. Pida menos a "
                    "la vez.",
                )
            )
        if code == -signal.SIGSEGV:
            self.end_reason = "nesting"
            return LimitError(
                Bilingual(
                    f"The {english} is too deeply nested for the engine. Write it in fewer or shorter parts.",
                    f"La {spanish} tiene demasiados niveles de anidamiento para el motor. Escríbala en menos partes o "
                    "en partes más cortas.",
                )
            )
        if self._limit is not None:
            seconds, deadline = self._limit
            # Where this program came to a halt, a process ends by itself a while after its limit.
            if time.monotonic() >= deadline:
                self.end_reason = "time"
                return self.too_late(seconds)
        self.end_reason = "other"
        return EngineError(
            Bilingual(
                f"The process of the {english} ended before it was done (status {code}). Try again.",
                f"El proceso de la {spanish} se cerró antes de terminar (estado {code}). Vuelva a intentarlo.",
            )
        )

    def too_late(self, seconds: float) -> QueryTimeoutError:
        """That so many seconds are over; to be raised."""
        return QueryTimeoutError(
            Bilingual(
                f"The {self._work} took longer than {seconds:g} s and was ended. {self.advice}",
                f"La {self._work.spanish} tardó más de {seconds:g} s y se interrumpió. {self.advice.spanish}",
            )
        )


def _clock_of(pid: int) -> int | None:
    """The clock of the processor time of another process (POSIX, clock_getcpuclockid); None where there is none."""
    clock = ctypes.c_int()
    try:
        failure = ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock))
    except AttributeError:
        return None
    return None if failure else clock.value
