"""The processes that answer questions: one that loads the store once, and workers that are forked from it."""

import gc
import json
import os
import pickle
import signal
import socket
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from crmgraph.errors import AnswerError, EngineError, LimitError, UnavailableError
from crmgraph.sparql.engine import NOT_THERE, Answer, Question
from crmgraph.sparql.evaluation import Stored, evaluate
from crmgraph.sparql.messages import no_process
from crmgraph.sparql.protocol import Frames, error_fields, pack
from crmgraph.sparql.sandbox import end_with_parent, limit_memory, shut_files, work_alone
from crmgraph.wording import Bilingual

__all__ = ["main"]

_REQUEST = 65_536
_PATIENCE = 5.0
"""Seconds after its time limit when a process ends by itself, should the pool hang."""


def main(descriptor: str, dump: str) -> None:
    """Fork a worker for each request that comes through the socket with this file descriptor, until it is closed.

    A request is a JSON list, the folder of the store, empty for the one in memory, and the limits of the worker, with
    the worker's end of its connection. This process keeps that end, too, and when the worker has ended it sends the
    `status` as the last frame. `dump` is a file in N-Quads to be loaded into memory, and answers for the store of the
    same dataset; where it is empty each worker opens the store itself, for the threads of RocksDB do not survive a
    fork.
    """
    end_with_parent(sys.stdin.fileno(), group=True)
    requests = socket.socket(fileno=int(descriptor))
    loaded = Stored.load(Path(dump)) if dump else None
    # The collector would write to the memory that the workers share.
    gc.freeze()
    workers: dict[int, socket.socket] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _report_ended(workers))
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, _REQUEST, 1)
        if not message:
            return
        connection = socket.socket(fileno=descriptors[0])
        # A worker may end before it is among those whose end is reported.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        try:
            pid = os.fork()
        except OSError as error:
            with connection:
                connection.sendall(pack(error_fields(EngineError(no_process(str(error.strerror))))))
        else:
            if pid == 0:
                _work(connection, (requests, *workers.values()), loaded, *json.loads(message))
            workers[pid] = connection
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _report_ended(workers: dict[int, socket.socket]) -> None:
    """Send each worker that has ended its status; another signal may come meanwhile, and its handler report some."""
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            # The server has closed its end where it ended the worker.
            with workers.pop(pid) as connection, suppress(OSError):
                connection.send(pack({"status": os.waitstatus_to_exitcode(status)}), socket.MSG_DONTWAIT)


def _work(
    connection: socket.socket, others: Iterable[socket.socket], loaded: Stored | None, folder: str, limits: list[int]
) -> NoReturn:
    """Be a worker, without network and files, which tells its id first; never return."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in others:
            other.close()
        connection.sendall(pack({"pid": os.getpid()}))
        try:
            stored = Stored.open(Path(folder)) if folder or loaded is None else loaded
        except (OSError, RuntimeError) as error:
            connection.sendall(pack({**error_fields(UnavailableError(NOT_THERE)), "why": str(error)}))
        else:
            work_alone(_answer_all, connection, stored, *limits)
        status = 0
    finally:
        os._exit(status)


def _answer_all(connection: socket.socket, stored: Stored, memory: int, largest: int, largest_in_parts: int) -> None:
    """Answer the questions that come through a socket until its other end is closed.

    The first frame sent, an empty one, says that the process is ready. The body of a question's frame is pickled: the
    question, its seconds, and whether it is answered in parts. The server alone can send it. Each answer is a frame, or
    several where it comes in parts, all but the last with `more` in the header.
    """
    limit_memory(memory)
    shut_files(stored.folder)
    connection.sendall(pack({}))
    frames = Frames()
    while received := connection.recv(_REQUEST):
        for _, body in frames.feed(received):
            question, seconds, in_parts = pickle.loads(body)  # noqa: S301 - the server's own
            signal.setitimer(signal.ITIMER_REAL, seconds + _PATIENCE)
            _answer(connection, stored, question, largest_in_parts if in_parts else largest, in_parts)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(connection: socket.socket, stored: Stored, question: Question, most: int, in_parts: bool) -> None:
    began = time.thread_time()

    def send(fields: dict[str, Any], body: bytes = b"") -> None:
        connection.sendall(pack({**fields, "cpu": time.thread_time() - began}, body))

    def send_answer(answer: Answer, more: bool = True) -> None:
        fields = {"media_type": answer.media_type, "form": answer.form, "lasting": answer.lasting, "more": more}
        send(fields, answer.body)

    try:
        send_answer(evaluate(stored, question, most, send_answer if in_parts else None), more=False)
    except AnswerError as error:
        send(error_fields(error))
    except MemoryError:
        text = Bilingual("The query needs too much memory.", "La consulta necesita demasiada memoria.")
        send(error_fields(LimitError(text)))
    except BaseException as error:  # a panic of the engine is not an Exception
        name = type(error).__name__
        text = Bilingual(f"The engine failed on the query ({name}).", f"El motor falló con la consulta ({name}).")
        send(error_fields(EngineError(text)))
