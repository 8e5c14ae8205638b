"""A real server over the real dataset, in a process of its own."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["crmgraph_command", "free_port", "running_server"]


def crmgraph_command() -> list[str]:
    """The command line of the crmgraph that is being tested."""
    return [sys.executable, "-m", "crmgraph"]


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running_server(build: Path, *flags: str, cwd: Path | None = None) -> Iterator[str]:
    """The address of a `crmgraph serve` on a free port, run in the folder `cwd`, which ends with the context."""
    command = [*crmgraph_command(), "serve", "--port", "0", "--build", str(build), *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=cwd)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("crmgraph is at http://"), line
        yield line.split()[3].rstrip("/")
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout:
            process.stdout.close()
