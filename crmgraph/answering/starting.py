"""How a process of ours is started: a new interpreter with one module of ours, that no word to stop reaches."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["Running", "Start", "spawn"]

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
