"""A process that answers one question after another from a store on disk, until it is ended."""

import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from crmgraph.answering.door import STACK, deny_sockets, end_with_parent, limit_memory, shut_files
from crmgraph.answering.evaluation import evaluate
from crmgraph.answering.question import Answer, Question
from crmgraph.answering.stored import Stored
from crmgraph.answering.wire import READY, TAKEN, pack_reply, unpack_question
from crmgraph.errors import AnswerError, EngineError, LimitError
from crmgraph.wording import Bilingual

__all__ = ["main"]

_PATIENCE = 5.0
"""How many seconds after its limit a process ends by itself, with a pool that has come to a halt."""


def main(descriptor: str, store: str, memory: str, largest: str, largest_sent: str) -> None:
    """Answer what comes through the pipe with this file descriptor until its other end is closed.

    The answers come from `store`, in `memory` bytes more than it takes to open it, and have at most `largest` bytes,
    those that are sent part by part at most `largest_sent`.
    Standard input is a pipe that nothing comes through: when its other end is closed, the process ends at once.
    """
    end_with_parent(sys.stdin.fileno())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    deny_sockets()
    threading.stack_size(STACK)
    answering = threading.Thread(
        target=_open_and_answer,
        args=(Connection(int(descriptor)), Path(store), int(memory), int(largest), int(largest_sent)),
    )
    answering.start()
    answering.join()


def _open_and_answer(pipe: Connection, path: Path, memory: int, largest: int, largest_sent: int) -> None:
    try:
        stored = Stored.open(path)
    except (OSError, RuntimeError) as error:
        pipe.send_bytes(str(error).encode())
        return
    limit_memory(memory)
    shut_files(path)
    pipe.send_bytes(READY)
    while True:
        try:
            question, seconds, by_parts = unpack_question(pipe.recv_bytes())
        except EOFError:
            return
        # The pool ends a process at the time limit; this is for when the pool itself has come to a halt.
        signal.setitimer(signal.ITIMER_REAL, seconds + _PATIENCE)
        pipe.send_bytes(TAKEN)
        began = time.thread_time()
        if by_parts:
            reply = _reply(stored, question, largest_sent, partial(_send_part, pipe, seconds, began))
        else:
            reply = _reply(stored, question, largest)
        for message in pack_reply(reply, time.thread_time() - began):
            pipe.send_bytes(message)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _send_part(pipe: Connection, seconds: float, began: float, part: Answer) -> None:
    """Send a part of an answer; the time until somebody reads it does not count."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    for message in pack_reply(part, time.thread_time() - began, is_last=False):
        pipe.send_bytes(message)
    signal.setitimer(signal.ITIMER_REAL, seconds + _PATIENCE)


def _reply(
    stored: Stored, question: Question, largest: int, send: Callable[[Answer], None] | None = None
) -> Answer | AnswerError:
    try:
        return evaluate(stored, question, largest, send)
    except AnswerError as error:
        return error
    except MemoryError:
        return LimitError(
            Bilingual("The query needs too much memory.", "La consulta necesita demasiada memoria."),
        )
    except BaseException as error:  # a panic of the engine is not an Exception
        return EngineError(
            Bilingual(
                f"The engine failed on the query ({type(error).__name__}).",
                f"El motor falló con la consulta ({type(error).__name__}).",
            )
        )
