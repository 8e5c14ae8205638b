"""The process that carries out calls to the reconciliation service, a slice of each in turn."""

import resource
import time
from collections.abc import Generator
from multiprocessing.connection import Connection
from typing import NamedTuple

from starlette.exceptions import HTTPException

from crmgraph.errors import EngineError, LimitError
from crmgraph.namespaces import Names
from crmgraph.reconciliation.matching import Things, read_things
from crmgraph.reconciliation.operations import Call, Preview, run
from crmgraph.sparql.sandbox import deny_sockets, limit_memory
from crmgraph.wording import Bilingual

__all__ = ["Data", "Result", "Slice", "main"]

_SLICE = 0.1
"""Seconds of processor time that a call is worked on before it is the turn of another."""


class Data(NamedTuple):
    """The answers to `labels_query` and `entities_query`, from which the things are read. The reply is empty."""

    labels: bytes
    entities: bytes


class Slice(NamedTuple):
    """Work on a call for a while. `wanted` are the numbers of all calls that somebody waits for."""

    number: int
    call: Call
    wanted: frozenset[int]


class Result(NamedTuple):
    """The reply to a slice: an answer or error, None where there is more to do, and the processor time in seconds."""

    answer: bytes | Preview | HTTPException | EngineError | None
    seconds: float


def main(descriptor: str, base: str, memory: str) -> None:
    """Carry out what comes through the pipe with this file descriptor until its other end is closed.

    The IRIs of things begin with `base`. The process may take `memory` bytes more than it has at the start.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    deny_sockets()
    limit_memory(int(memory))
    names, things = Names(base), Things({}, {})
    begun: dict[int, Generator[None, None, bytes | Preview]] = {}
    with Connection(int(descriptor)) as pipe:
        while True:
            try:
                message: Data | Slice = pipe.recv()
            except EOFError:
                return
            if isinstance(message, Data):
                things = read_things(message.labels, message.entities, names)
                # Both take a while to make, which the first call would wait for.
                _ = things.matcher, things.certainty
                pipe.send(Result(None, 0.0))
                continue
            begun = {number: work for number, work in begun.items() if number in message.wanted}
            work = begun.setdefault(message.number, run(message.call, things, names))
            pipe.send(_work_on(work))


def _work_on(work: Generator[None, None, bytes | Preview]) -> Result:
    began = time.thread_time()
    answer: bytes | Preview | HTTPException | EngineError | None = None
    try:
        while time.thread_time() - began < _SLICE:
            next(work)
    except StopIteration as done:
        answer = done.value
    except HTTPException as error:
        answer = error
    except MemoryError:
        answer = LimitError(Bilingual("The batch needs too much memory.", "El lote necesita demasiada memoria."))
    except Exception as error:  # the calls of others go on
        name = type(error).__name__
        answer = EngineError(
            Bilingual(f"The service failed on the request ({name}).", f"El servicio falló con la petición ({name}).")
        )
    return Result(answer, time.thread_time() - began)
