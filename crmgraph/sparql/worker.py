"""A process that answers one question after another from a store; see `forkserver` for how it starts."""

import resource
import signal
import socket
import threading
import time

from crmgraph.errors import AnswerError, EngineError, LimitError
from crmgraph.sparql.evaluation import Stored, evaluate
from crmgraph.sparql.protocol import Limits, error_fields, pack, read_frame, unpack_question
from crmgraph.sparql.question import Answer
from crmgraph.sparql.sandbox import STACK, deny_sockets, limit_memory, shut_files
from crmgraph.wording import Bilingual

__all__ = ["serve"]

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
    requests = connection.makefile("rb")
    while True:
        try:
            header, _ = read_frame(requests)
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, header["seconds"] + _PATIENCE)
        began = time.thread_time()

        def send(answer: Answer, more: bool = True, began: float = began) -> None:
            fields = {"media_type": answer.media_type, "form": answer.form, "lasting": answer.lasting, "more": more}
            connection.sendall(pack({**fields, "cpu": time.thread_time() - began}, answer.body))

        question, in_parts = unpack_question(header), header["in_parts"]
        try:
            most, by_parts = (largest_in_parts, send) if in_parts else (largest, None)
            send(evaluate(stored, question, most, by_parts), more=False)
        except BaseException as error:  # a panic of the engine is not an Exception
            connection.sendall(pack({**error_fields(_answer_error(error)), "cpu": time.thread_time() - began}))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer_error(error: BaseException) -> AnswerError:
    if isinstance(error, AnswerError):
        return error
    if isinstance(error, MemoryError):
        return LimitError(Bilingual("The query needs too much memory.", "La consulta necesita demasiada memoria."))
    name = type(error).__name__
    return EngineError(
        Bilingual(f"The engine failed on the query ({name}).", f"El motor falló con la consulta ({name}).")
    )
