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

from crmgraph.errors import AnswerError, EngineError, LimitError
from crmgraph.namespaces import Names
from crmgraph.sparql.protocol import error_fields
from crmgraph.sparql.sandbox import STACK, deny_sockets, end_with_parent, limit_memory
from crmgraph.updating.change import Change
from crmgraph.updating.operations import loads_of
from crmgraph.updating.rights import Writer
from crmgraph.updating.work import carry_out
from crmgraph.wording import Bilingual

__all__ = ["CHECKING", "main", "pack_change", "pack_loads"]

CHECKING = b"checking"
"""What is said before a plan is checked, which takes longer than most changes."""

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
    """What `main` is sent: a header, and each part of the body; plans are checked where there are `names`.

    The answer has the fields of Outcome.
    """
    places = {"before": str(before), "proposed": str(proposed), "base": names.base if names else None}
    return _packed(change, writer, {"places": places})


def pack_loads(change: Change, writer: Writer) -> tuple[bytes, ...]:
    """What `main` is sent to tell the LOADs of an update: `loads` with the fields of each."""
    return _packed(change, writer, {})


def _packed(change: Change, writer: Writer, header: dict[str, object]) -> tuple[bytes, ...]:
    fields = {**asdict(change), "parts": len(change.parts)}
    return json.dumps({**header, "change": fields, "writer": asdict(writer)}).encode(), *change.parts


def _work(pipe: Connection, memory: int) -> None:
    limit_memory(memory + _ENGINE)
    pipe.send_bytes(b"ready")
    while True:
        try:
            given = json.loads(pipe.recv_bytes())
        except EOFError:
            return
        given["change"]["parts"] = [pipe.recv_bytes() for _ in range(given["change"]["parts"])]
        change, writer = Change(**_frozen(given["change"])), Writer(**_frozen(given["writer"]))
        if "places" in given:
            work = partial(_carried_out, change, writer, partial(pipe.send_bytes, CHECKING), **given["places"])
        else:
            work = partial(_loads, change, writer)
        pipe.send_bytes(_reply(work))


def _carried_out(
    change: Change, writer: Writer, checking: Callable[[], None], before: str, proposed: str, base: str | None
) -> dict[str, object]:
    return asdict(carry_out(change, Path(before), Path(proposed), writer, Names(base) if base else None, checking))


def _loads(change: Change, writer: Writer) -> dict[str, object]:
    return {"loads": [asdict(load) for load in loads_of(change, writer)]}


def _frozen(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def _packed_error(error: AnswerError) -> bytes:
    return json.dumps(error_fields(error)).encode()


def _reply(work: Callable[[], dict[str, object]]) -> bytes:
    try:
        return json.dumps(work()).encode()
    except AnswerError as error:
        return _packed_error(error)
    except MemoryError:
        return _packed_error(
            LimitError(
                Bilingual(
                    "The change needs too much memory. Nothing was changed.",
                    "El cambio necesita demasiada memoria. No se cambió nada.",
                )
            )
        )
    except BaseException as error:  # a panic of the engine is not an Exception
        return _packed_error(
            EngineError(
                Bilingual(
                    f"The engine failed on the change ({type(error).__name__}). Nothing was changed.",
                    f"El motor falló con el cambio ({type(error).__name__}). No se cambió nada.",
                )
            )
        )
