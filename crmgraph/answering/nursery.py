"""A process that others are forked from, so that what all of them import is imported once.

A process that is started for a question costs a fifth of what it would cost in an interpreter of its own, and shares
the memory of what it has not changed.
"""

import json
import os
import select
import signal
import socket
from contextlib import suppress
from threading import Lock

from crmgraph.answering.forking import MOST
from crmgraph.answering.starting import Running, spawn

__all__ = ["Nursery"]

_PATIENCE = 5.0
"""How many seconds it may take to answer: a fork takes a thousandth, and the first imports a tenth."""

_TELLING = 10.0
"""How many seconds it may take to tell how a process ended that has ended, on a machine where all is at work."""


class Nursery:
    """Starts processes that run `main` of a module. May be asked from several threads at once.

    It is itself started with the first of them, and again where it has ended or does not answer. Where the system
    cannot tell processes apart by more than a number (Linux 5.3 can), they are started in interpreters of their own.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: Running | None = None
        self._socket: socket.socket | None = None

    def start(self, module: str, descriptor: int, arguments: tuple[str, ...]) -> Running:
        """Start a process (see Start). Raises OSError where the system has no room for it."""
        if not _can_name_processes():
            return spawn(module, descriptor, arguments)
        with self._lock:
            for _ in range(2):
                with suppress(ConnectionError, TimeoutError):
                    return self._forked(module, descriptor, arguments)
                self._close()
        raise ConnectionError("the process that others are forked from does not answer")

    def close(self) -> None:
        """End it; what was started from it goes on. It may be asked again."""
        with self._lock:
            self._close()

    def _forked(self, module: str, descriptor: int, arguments: tuple[str, ...]) -> Running:
        if self._socket is None:
            self._open(module)
        assert self._socket is not None
        stdin, life = os.pipe()
        status, told = os.pipe()
        try:
            socket.send_fds(self._socket, [json.dumps(arguments).encode()], [descriptor, stdin, told])
            number, named, _, _ = socket.recv_fds(self._socket, MOST, 1)
            if not named:
                raise ConnectionError if not number else OSError(int(number), os.strerror(int(number)))
        except BaseException:
            os.close(life)
            os.close(status)
            raise
        finally:
            os.close(stdin)
            os.close(told)
        return _Forked(int(number), named[0], life, status)

    def _open(self, module: str) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = spawn("crmgraph.answering.forking", theirs.fileno(), (module,))
        ours.settimeout(_PATIENCE)
        self._socket = ours

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            # It ends by itself, once those that have ended are buried, unless it hangs.
            self._process.code(1.5)
            self._process.kill()
            self._process.code(None)
            self._process.close()
            self._process = None


class _Forked:
    """A process that is no child of this one: `name` is its descriptor in the system, which no other can take over.

    Its standard input ends when `life` is closed; what it ended with can be read from `status`.
    """

    def __init__(self, pid: int, name: int, life: int, status: int) -> None:
        self.pid = pid
        self._name, self._life, self._status = name, life, status
        self._code: int | None = None
        self._is_killed = self._is_closed = False

    def code(self, seconds: float | None = 0) -> int | None:
        if self._code is None and _is_readable(self._name, seconds):
            # Whoever does not wait wants to know only that it has ended; and how is known of one that was killed here.
            is_told = _is_readable(self._status, 0 if seconds == 0 or self._is_killed else _TELLING)
            if not is_told and seconds == 0:
                return -signal.SIGKILL
            # Nothing is told where the process that it was forked from was killed, or hangs.
            self._code = int((is_told and os.read(self._status, 16)) or -signal.SIGKILL)
        return self._code

    def kill(self) -> None:
        if not self._is_closed:
            self._is_killed = True
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._name, signal.SIGKILL)

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            for descriptor in (self._name, self._life, self._status):
                os.close(descriptor)


def _is_readable(descriptor: int, seconds: float | None) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(None if seconds is None else 1000 * seconds))


def _can_name_processes() -> bool:
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True
