"""Child Python processes: starting them, and the limits on memory, files and sockets that they set for themselves."""

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


def limit_memory(beyond: int) -> bool:
    """Limit the address space of this process to its present size plus `beyond` bytes.

    Returns whether the limit was set. It can be set on Linux only, where the present size is known.
    """
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return False
    most = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize() + beyond
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return True


def _has_all_tables_open(store: Path) -> bool:
    """Return whether this process has opened all tables of the store, including those of its union.

    False if the system does not show the open files of a process (no /proc).
    """
    descriptors = Path("/proc/self/fd")
    opened = {Path(os.path.realpath(each)) for each in descriptors.iterdir()} if descriptors.exists() else set()
    return opened >= {path.resolve() for path in store.rglob("*.sst")}
