"""A process that makes one change after another, each in a copy of the store, until it is ended."""

import json
import resource
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from crmgraph.answering.door import STACK, deny_sockets, end_with_parent, limit_memory
from crmgraph.answering.wire import READY, pack_error
from crmgraph.errors import AnswerError, EngineError, LimitError
from crmgraph.namespaces import Names
from crmgraph.updating.change import Change
from crmgraph.updating.rights import Writer
from crmgraph.updating.work import carry_out
from crmgraph.wording import Bilingual

__all__ = ["main", "pack_change"]

# Address space, in bytes, that the engine lays hold of for its own threads when it opens a store, mostly without use.
_ENGINE = 2**29


def main(descriptor: str, memory: str) -> None:
    """Make the changes that come through the pipe with this file descriptor, in `memory` bytes beside what it has.

    Standard input is a pipe that nothing comes through: when its other end is closed, the process ends at once.
    """
    end_with_parent(sys.stdin.fileno())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    deny_sockets()
    threading.stack_size(STACK)
    working = threading.Thread(target=_work, args=(Connection(int(descriptor)), int(memory)))
    working.start()
    working.join()


def pack_change(
    change: Change, before: Path, proposed: Path, writer: Writer, names: Names | None = None
) -> tuple[bytes, ...]:
    """What `main` is sent: a header, and each part of the body; plans are checked where there are `names`."""
    fields = {**asdict(change), "parts": len(change.parts)}
    header: dict[str, object] = {
        "change": fields,
        "before": str(before),
        "proposed": str(proposed),
        "writer": asdict(writer),
    }
    header["base"] = names.base if names else None
    return json.dumps(header).encode(), *change.parts


def _work(pipe: Connection, memory: int) -> None:
    limit_memory(memory + _ENGINE)
    pipe.send_bytes(READY)
    while True:
        try:
            given = json.loads(pipe.recv_bytes())
        except EOFError:
            return
        given["change"]["parts"] = [pipe.recv_bytes() for _ in range(given["change"]["parts"])]
        change, writer = Change(**_frozen(given["change"])), Writer(**_frozen(given["writer"]))
        names = Names(given["base"]) if given["base"] else None
        work = partial(carry_out, change, Path(given["before"]), Path(given["proposed"]), writer, names)
        pipe.send_bytes(_reply(work))


def _frozen(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _reply(work: Callable[[], bool]) -> bytes:
    try:
        return json.dumps({"existed": work()}).encode()
    except AnswerError as error:
        return pack_error(error)
    except MemoryError:
        return pack_error(
            LimitError(Bilingual("The change needs too much memory.", "El cambio necesita demasiada memoria."))
        )
    except BaseException as error:  # a panic of the engine is not an Exception
        return pack_error(
            EngineError(
                Bilingual(
                    f"The engine failed on the change ({type(error).__name__}).",
                    f"El motor falló con el cambio ({type(error).__name__}).",
                )
            )
        )
