"""LOAD in an update (SPARQL 1.1 Update, section 3.1.4): what it names, and the update without it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.answering.guard import safe_tokens
from crmgraph.answering.iris import iris_written
from crmgraph.answering.tokens import Kind, Token, keyword
from crmgraph.errors import Place, QueryRefusedError, QuerySyntaxError
from crmgraph.updating.text import LONGEST_UPDATE, operations_of
from crmgraph.wording import Bilingual

__all__ = ["MOST_LOADS", "Load", "cut", "may_load", "without_loads"]

MOST_LOADS = 10
"""How many LOADs an update may have."""

_LOAD = re.compile("LOAD( SILENT)? IRI(?: INTO GRAPH IRI)?")
_NOTHING = "INSERT DATA{}"
_IRIS = (Kind.IRI, Kind.NAME)


@dataclass(frozen=True)
class Load:
    """A LOAD: the address, the IRI of the graph (None for the one without a name), and whether it says SILENT."""

    address: str
    graph: str | None
    is_silent: bool


def may_load(text: bytes) -> bool:
    """Whether there may be a LOAD in an update, at a glance."""
    return b"load" in text.lower()


def cut(text: str, base_iri: str | None) -> list[str | Load]:
    """What an update that is sent to `base_iri` does, in its order: each LOAD, and the text of what is between them.

    Such a text begins with all declarations before it. Raises QueryRefusedError where the update is too long, has too
    many LOADs, nests too deep or asks another service, QuerySyntaxError for a LOAD that is none.
    """
    operations = list(operations_of(safe_tokens(text, LONGEST_UPDATE)))
    loads = [index for index, (_, operation) in enumerate(operations) if operation and keyword(operation[0]) == "LOAD"]
    if len(loads) > MOST_LOADS:
        raise _too_many()
    pieces: list[str | Load] = []
    declared, first = "", 0
    for index in (*loads, len(operations)):
        between = [token for prologue, operation in operations[first:index] for token in (*prologue, *operation)]
        if any(operation for _, operation in operations[first:index]):
            pieces.append(declared + text[between[0].start : between[-1].end])
        if index < len(operations):
            declared += "".join(_written(text, prologue) for prologue, _ in operations[first : index + 1])
            pieces.append(_load(text, operations[index][1], declared, base_iri))
        first = index + 1
    return pieces


def _written(text: str, prologue: Sequence[Token]) -> str:
    return f"{text[prologue[0].start : prologue[-1].end]}\n" if prologue else ""


def _load(text: str, operation: Sequence[Token], declared: str, base_iri: str | None) -> Load:
    shape = _LOAD.fullmatch(" ".join(map(_shape, operation)))
    names = iris_written([token.text for token in operation if token.kind in _IRIS], declared, base_iri)
    if shape is None or names is None:
        raise _nothing_to_load(Place.of(text, operation[0].start))
    address, *graph = (name.value for name in names)
    return Load(address, graph[0] if graph else None, shape[1] is not None)


def without_loads(text: str, *, silent_only: bool = True) -> str:
    """The update with an operation that does nothing in the place of each LOAD, or of each that says SILENT.

    LOAD SILENT is never told of a failure (SPARQL 1.1 Update, 3.1.4), and here each LOAD fails. Raises
    QueryRefusedError where the update is too long, nests too deep or asks another service, QuerySyntaxError for a LOAD
    of nothing.
    """
    parts: list[str] = []
    done = 0
    for _, operation in operations_of(safe_tokens(text, LONGEST_UPDATE)):
        if not operation or keyword(operation[0]) != "LOAD":
            continue
        start, end = operation[0].start, operation[-1].end
        if not any(token.kind in _IRIS for token in operation):
            raise _nothing_to_load(Place.of(text, start))
        shape = _LOAD.fullmatch(" ".join(map(_shape, operation)))
        if not silent_only or (shape and shape[1]):
            # As long as what it stands for, so that the places of all that follows stay the same.
            lines = text.count("\n", start, end)
            parts += (text[done:start], _NOTHING.ljust(end - start - lines), "\n" * lines)
            done = end
    return "".join((*parts, text[done:]))


def _shape(token: Token) -> str:
    return "IRI" if token.kind in _IRIS else keyword(token)


def _nothing_to_load(at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: this is not LOAD <address> or LOAD <address> INTO GRAPH <graph>, or "
            "its names are not declared.",
            f"Línea {at.line}, columna {at.column}: esto no es LOAD <dirección> ni LOAD <dirección> INTO GRAPH "
            "<grafo>, o sus nombres no están declarados.",
        ),
        at.line,
        at.column,
    )


def _too_many() -> QueryRefusedError:
    return QueryRefusedError(
        Bilingual(
            f"An update may have {MOST_LOADS} LOADs at most.",
            f"Una actualización puede tener {MOST_LOADS} LOAD como máximo.",
        )
    )
