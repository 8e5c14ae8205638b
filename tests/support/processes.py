"""Processes of this machine, as /proc tells of them."""

import os
from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether the process has not ended."""
    return bool(_stat(pid))


def seconds_worked(pid: int) -> float:
    """The seconds of a processor that the process has had; none where it has ended."""
    return sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that the process has started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]


def limit(pid: int, name: str) -> str:
    """A limit of the process, such as that of `Max open files`."""
    lines = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
    return next(line for line in lines if line.startswith(name)).removeprefix(name).split()[0]


def has_sockets_denied(pid: int) -> bool:
    """Whether a filter of system calls keeps the process from opening sockets."""
    return "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; none where the process has ended."""
    try:
        found = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return found if found[0] != "Z" else []
