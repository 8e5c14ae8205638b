"""A process that says what it has, and does what it is told through a pipe."""

import os
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from crmgraph.sparql.door import end_with_parent

__all__ = ["main"]


def main(descriptor: str, *arguments: str) -> None:
    end_with_parent(sys.stdin.fileno())
    pipe = Connection(int(descriptor))
    listed = Path("/proc/self/fd")
    descriptors = sorted(int(each.name) for each in listed.iterdir() if each.exists())
    pipe.send({"arguments": list(arguments), "pid": os.getpid(), "parent": os.getppid(), "descriptors": descriptors})
    while True:
        try:
            told = pipe.recv()
        except EOFError:
            return
        if told == "abort":
            os.abort()
        elif told == "segv":
            os.kill(os.getpid(), 11)
        elif told == "fade":
            pipe.close()
            time.sleep(0.4)
            os.abort()
        elif told == "fail":
            raise ValueError(told)
        pipe.send(told)
