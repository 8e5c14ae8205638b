"""The processes that answer questions: one that loads the store once, and workers that are forked from it."""

import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from crmgraph.errors import AnswerError, EngineError, LimitError
from crmgraph.sparql.engine import Answer
from crmgraph.sparql.evaluation import Stored, evaluate
from crmgraph.sparql.protocol import Frames, Limits, error_fields, pack, unpack_question
from crmgraph.sparql.sandbox import STACK, deny_sockets, end_with_parent, limit_memory, shut_files
from crmgraph.wording import Bilingual

__all__ = ["main", "serve"]

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


_PATIENCE = 5.0
"""Seconds after its time limit when a process ends by itself, should the pool hang."""


def serve(connection: socket.socket, stored: Stored, limits: Limits) -> None:
    """Answer the questions that come through a socket until its other end is closed, without network and files.

    The first frame sent says that the process is ready. Each question is a frame of `pack_question`; each answer is a
    frame, or several where it comes in parts, all but the last with `more` in the header.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    deny_sockets()
    threading.stack_size(STACK)
    thread = threading.Thread(target=_answer_all, args=(connection, stored, limits))
    thread.start()
    thread.join()


def _answer_all(connection: socket.socket, stored: Stored, limits: Limits) -> None:
    memory, largest, largest_in_parts = limits
    limit_memory(memory)
    shut_files(stored.folder)
    connection.sendall(pack({"ready": True}))
    frames = Frames()
    while received := connection.recv(_REQUEST):
        for header, _ in frames.feed(received):
            signal.setitimer(signal.ITIMER_REAL, header["seconds"] + _PATIENCE)
            _answer(connection, stored, header, largest, largest_in_parts)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(
    connection: socket.socket, stored: Stored, header: dict[str, Any], largest: int, largest_in_parts: int
) -> None:
    """Answer the question in the header of a frame."""
    began = time.thread_time()

    def send(answer: Answer, more: bool = True) -> None:
        fields = {"media_type": answer.media_type, "form": answer.form, "lasting": answer.lasting, "more": more}
        connection.sendall(pack({**fields, "cpu": time.thread_time() - began}, answer.body))

    try:
        most, by_parts = (largest_in_parts, send) if header["in_parts"] else (largest, None)
        send(evaluate(stored, unpack_question(header), most, by_parts), more=False)
    except BaseException as error:  # a panic of the engine is not an Exception
        connection.sendall(pack({**error_fields(_answer_error(error)), "cpu": time.thread_time() - began}))


def _answer_error(error: BaseException) -> AnswerError:
    if isinstance(error, AnswerError):
        return error
    if isinstance(error, MemoryError):
        return LimitError(Bilingual("The query needs too much memory.", "La consulta necesita demasiada memoria."))
    name = type(error).__name__
    return EngineError(
        Bilingual(f"The engine failed on the query ({name}).", f"El motor falló con la consulta ({name}).")
    )
