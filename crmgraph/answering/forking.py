"""The process that others are forked from: it imports what they need, and forks when it is told to."""

import gc
import importlib
import json
import os
import select
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NoReturn

__all__ = ["MOST", "main"]

MOST = 65_536
"""How many bytes a request for a process has at most: its arguments."""

_BLINK = 20
"""After how many milliseconds to look again whether a process that ends has ended."""

_WHILE = 1.0
"""For how many seconds to wait for those that end when nobody asks for another any more."""

_FIRST = 3
"""The first descriptor that is no standard one."""


def main(descriptor: str, module: str) -> None:
    """Fork a process for each request that comes through the socket with this file descriptor, until it is closed.

    A request is the arguments of `main` of the module, as JSON, with three descriptors: the first of these arguments,
    the standard input, and where the process's end is to be told. The answer is its number and its name in the system.
    """
    start = importlib.import_module(module).main
    # What is collected later would be written to, and be shared no more.
    gc.freeze()
    requests = socket.socket(fileno=int(descriptor))
    telling: dict[int, tuple[int, int]] = {}
    dying: set[int] = set()
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    while True:
        for ready, _ in poll.poll(_BLINK if dying else None):
            if ready in telling:
                poll.unregister(ready)
                dying.add(ready)
                continue
            asked, given, _, _ = socket.recv_fds(requests, MOST, 3)
            if not asked:
                _bury_all(telling)
                return
            try:
                pid = os.fork()
            except OSError as error:
                requests.send(str(error.errno).encode())
            else:
                if pid == 0:
                    _live(start, json.loads(asked), *given[:2])
                name = os.pidfd_open(pid)
                telling[name] = (pid, given.pop())
                poll.register(name, select.POLLIN)
                socket.send_fds(requests, [str(pid).encode()], [name])
            for each in given:
                os.close(each)
        for name in [*dying]:
            if _bury(name, *telling[name]):
                del telling[name]
                dying.remove(name)


def _bury_all(telling: Mapping[int, tuple[int, int]]) -> None:
    """Tell how those ended that end within a while, so that none is left to whoever has no use for it."""
    left = dict(telling)
    until = time.monotonic() + _WHILE
    while left and time.monotonic() < until:
        left = {name: each for name, each in left.items() if not _bury(name, *each)}
        time.sleep(_BLINK / 1000)


def _live(start: Callable[..., None], arguments: list[str], descriptor: int, stdin: int) -> NoReturn:
    """Be the process that was asked for, and nothing else; whatever happens, this does not return."""
    code = 1
    try:
        os.dup2(stdin, 0)
        os.dup2(descriptor, _FIRST)
        os.closerange(_FIRST + 1, os.sysconf("SC_OPEN_MAX"))
        start(str(_FIRST), *arguments)
        code = 0
    finally:
        os._exit(code)


def _bury(name: int, pid: int, telling: int) -> bool:
    """Tell how a process ended, where it has: one with much memory takes a while, in which others are not to wait."""
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return False
    # Whoever asked for it may have ended too.
    with suppress(OSError):
        os.write(telling, str(os.waitstatus_to_exitcode(status)).encode())
    os.close(telling)
    os.close(name)
    return True
