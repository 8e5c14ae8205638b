"""Information about processes of this machine, from /proc."""

import os
from contextlib import suppress
from pathlib import Path


def is_running(pid: int) -> bool:
    return bool(_stat(pid))


def seconds_worked(pid: int) -> float:
    """Return the CPU time of a process in seconds; 0 after its end."""
    return sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """Return the processes that a process has started. Each of its threads has a list of those that it started."""
    found = list[int]()
    for started in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, started.read_text(encoding="ascii").split())
    return found


def limit(pid: int, name: str) -> str:
    """Return a resource limit of a process, such as `Max open files`."""
    lines = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
    return next(line for line in lines if line.startswith(name)).removeprefix(name).split()[0]


def has_sockets_denied(pid: int) -> bool:
    """Return whether a system call filter prevents the process from opening sockets."""
    return "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; empty after the end of the process."""
    try:
        found = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return found if found[0] != "Z" else []
