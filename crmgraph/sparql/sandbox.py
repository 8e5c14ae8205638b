"""Processes of our own: how they are started, and the limits that they put on themselves."""

import ctypes
import errno
import fcntl
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
from collections.abc import Callable
from pathlib import Path

_STACK = 256 * 2**20
"""Bytes of stack for the engine, which parses and plans by recursion: 10,000 terms in a row of || end a
process with the usual 8 MiB."""

# Linux: the architecture's name for the kernel's audit, and its number of the system call socket().
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000


# An interpreter of its own, and no process of multiprocessing, which would import the main module of the caller. What
# `site` would find is in the path already.
_PROGRAM = """
import importlib, json, sys
sys.path[:] = json.loads(sys.argv[1])
importlib.import_module(sys.argv[2]).main(*sys.argv[3:])
"""
# The engine allocates many small pieces: with more of a size kept at hand it is a twelfth faster. Each of its threads
# would reserve address space, which counts as memory; two arenas can be shared.
_MALLOC = "glibc.malloc.tcache_count=1000:glibc.malloc.arena_max=2"


def start_process(
    module: str, *arguments: object, descriptor: int | None = None, stderr: int = subprocess.DEVNULL
) -> "subprocess.Popen[bytes]":
    """Start a process that runs `main` of a module with these arguments, the descriptor that it inherits first.

    Its standard input is a pipe that ends when this process does (see `end_with_parent`). Raises OSError where the
    system has no room for it.
    """
    path = json.dumps([folder for folder in sys.path if isinstance(folder, str)])
    inherited = [] if descriptor is None else [descriptor]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own program
        [sys.executable, "-S", "-P", "-c", _PROGRAM, path, module, *map(str, (*inherited, *arguments))],
        pass_fds=inherited,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        env={"GLIBC_TUNABLES": _MALLOC, **os.environ, "RUST_BACKTRACE": "0"},
    )


def end_with_parent(descriptor: int, group: bool = False) -> None:
    """Have the system end this process by SIGIO when the other end of this pipe is closed.

    The engine need not let another thread run for that. With `group`, the process leads a process group of its own,
    which ends as a whole, and which neither Ctrl-C of the terminal reaches nor SIGTERM: the parent says when to end.
    """
    if group:
        os.setpgid(0, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgid(0) if group else os.getpid())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([descriptor], [], [], 0)[0]:
        sys.exit()


def work_alone(work: Callable[..., object], *arguments: object) -> None:
    """Do some work in a thread with the stack that the engine needs, in this process without sockets and core files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    deny_sockets()
    threading.stack_size(_STACK)
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    thread.join()


def deny_sockets() -> bool:
    """From now on socket() fails in this process, whoever calls it; True if this system can be told so.

    To be called before any other thread begins, for those that run already are not told.
    """
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    architecture, socket_call = _MACHINES[platform.machine()]
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


def shut_files(store: Path | None) -> None:
    """Let nothing be opened in this process any more, neither file nor socket.

    RocksDB opens only sixteen tables of a store at once, and the others when they are needed. A process with a store
    that has more may go on opening files; a query has no way to name one. `store` is None where it is in memory.
    """
    if store is None or _all_open(store):
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit_memory(beyond: int) -> bool:
    """From now on this process gets at most `beyond` bytes more of address space than it has; True if that can be told.

    Linux only, for elsewhere nothing says how much it has.
    """
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return False
    most = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + beyond
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return True


def _all_open(store: Path) -> bool:
    """Tell whether this process has all tables of the store open, and of one within it, so far as the system tells."""
    descriptors = Path("/proc/self/fd")
    opened = {Path(os.path.realpath(each)) for each in descriptors.iterdir()} if descriptors.exists() else set()
    return opened >= {path.resolve() for path in store.rglob("*.sst")}
