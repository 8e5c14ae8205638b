"""A process that works on requests to the service, on each a while in turn, until it is ended."""

import resource
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from starlette.exceptions import HTTPException

from crmgraph.errors import EngineError, LimitError
from crmgraph.namespaces import Names
from crmgraph.reconciliation.operations import Asked, Glance, Work, work_on
from crmgraph.reconciliation.things import Things, read_things
from crmgraph.sparql.sandbox import deny_sockets, end_with_parent, limit_memory
from crmgraph.wording import Bilingual

__all__ = ["Begin", "Forget", "GoOn", "Renew", "Said", "main"]

_WHILE = 0.1
"""For how many seconds it works on one request before it is the turn of another."""


@dataclass(frozen=True)
class Renew:
    """From now on this is what the engine answers to the queries for labels and for entities."""

    labels: bytes
    entities: bytes


@dataclass(frozen=True)
class Begin:
    """Begin to work on a request, which has this number from now on."""

    number: int
    asked: Asked


@dataclass(frozen=True)
class GoOn:
    """Work on it a while longer."""

    number: int


@dataclass(frozen=True)
class Forget:
    """Nobody wants its answer any more."""

    number: int


Said = bytes | Glance | HTTPException | EngineError | None
"""What is said to `Begin` and `GoOn`: the answer, why there is none, or None where there is more to do.

None is said to `Renew` too, when that is done; nothing to `Forget`.
"""


def main(descriptor: str, base: str, memory: str) -> None:
    """Work on what comes through the pipe with this file descriptor until its other end is closed.

    The things have their names below the IRI `base`. It all takes at most `memory` bytes more than the process itself.
    Standard input is a pipe that nothing comes through: when its other end is closed, the process ends at once.
    """
    end_with_parent(sys.stdin.fileno())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    deny_sockets()
    limit_memory(int(memory))
    pipe = Connection(int(descriptor))
    names = Names(base)
    things = Things({}, {})
    begun: dict[int, Work] = {}
    while True:
        try:
            message = pipe.recv()
        except EOFError:
            return
        if isinstance(message, Renew):
            things = read_things(message.labels, message.entities, names)
            pipe.send(None)
        elif isinstance(message, Forget):
            begun.pop(message.number, None)
        else:
            if isinstance(message, Begin):
                begun[message.number] = work_on(message.asked, things, names)
            said = _work(begun[message.number])
            if said is not None:
                del begun[message.number]
            pipe.send(said)


def _work(work: Work) -> Said:
    until = time.thread_time() + _WHILE
    try:
        while time.thread_time() < until:
            next(work)
    except StopIteration as done:
        answer: bytes | Glance = done.value
        return answer
    except HTTPException as error:
        return error
    except MemoryError:
        return LimitError(Bilingual("The batch needs too much memory.", "El lote necesita demasiada memoria."))
    except Exception as error:  # others are at work here too
        return EngineError(
            Bilingual(
                f"The service failed on the request ({type(error).__name__}).",
                f"El servicio falló con la petición ({type(error).__name__}).",
            )
        )
    return None
