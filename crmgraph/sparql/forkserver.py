"""A process that loads the store once and forks the workers of a pool.

A worker forked from it starts in milliseconds and shares the memory of the store. It is not multiprocessing's fork
server, whose children import the main module of the parent. The fork server and its workers are a process group, so
that no Ctrl-C of the terminal reaches them, and all end when the parent does, whatever they are doing."""

import gc
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from crmgraph.sparql.evaluation import Stored
from crmgraph.sparql.protocol import pack
from crmgraph.sparql.sandbox import end_with_parent
from crmgraph.sparql.worker import serve

__all__ = ["main"]

_REQUEST = 65_536


def main(descriptor: str, dump: str) -> None:
    """Fork a worker for each request that comes through the socket with this file descriptor, until it is closed.

    A request is a JSON list, the folder of the store, empty for the one in memory, and the limits of the worker, with
    the worker's end of a socket.
    What is sent back is JSON too: `pid` of a worker that was forked, `pid` and `status` of one that ended, or an
    `error`. `dump` is a file in N-Quads to be loaded into memory, and answers for the store of the same dataset; where
    it is empty each worker opens the store itself, for the threads of RocksDB do not survive a fork.
    """
    end_with_parent(sys.stdin.fileno(), group=True)
    requests = socket.socket(fileno=int(descriptor))
    ended, wakeup = socket.socketpair()
    for end in (ended, wakeup):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakeup.fileno())
    loaded = Stored.load(Path(dump)) if dump else None
    # The collector would write to the memory that the workers share.
    gc.freeze()
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    poll.register(ended, select.POLLIN)
    while True:
        for ready, _ in poll.poll():
            if ready == ended.fileno():
                ended.recv(_REQUEST)
                _report_ended(requests)
                continue
            message, descriptors, _, _ = socket.recv_fds(requests, _REQUEST, 1)
            if not message:
                return
            try:
                pid = os.fork()
            except OSError as error:
                _send(requests, {"error": error.strerror})
            else:
                if pid == 0:
                    _work(requests, descriptors[0], loaded, *json.loads(message))
                _send(requests, {"pid": pid})
            os.close(descriptors[0])


def _work(requests: socket.socket, descriptor: int, loaded: Stored | None, folder: str, limits: list[int]) -> NoReturn:
    """Be a worker; never return."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        requests.close()
        connection = socket.socket(fileno=descriptor)
        try:
            stored = Stored.open(Path(folder)) if folder or loaded is None else loaded
        except (OSError, RuntimeError) as error:
            connection.sendall(pack({"ready": False, "why": str(error)}))
        else:
            memory, whole, in_parts = limits
            serve(connection, stored, (memory, whole, in_parts))
        status = 0
    finally:
        os._exit(status)


def _report_ended(requests: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _send(requests, {"pid": pid, "status": os.waitstatus_to_exitcode(status)})


def _send(requests: socket.socket, message: dict[str, object]) -> None:
    requests.send(json.dumps(message).encode())
