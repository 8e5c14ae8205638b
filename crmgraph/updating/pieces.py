"""An update in the pieces that the engine can carry out, and its LOADs (SPARQL 1.1 Update, section 3.1.4)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crmgraph.answering.guard import safe_tokens
from crmgraph.answering.prologue import Prologue
from crmgraph.answering.tokens import Kind, Token, keyword
from crmgraph.errors import Place, QuerySyntaxError
from crmgraph.updating.change import DEFAULT_GRAPH
from crmgraph.updating.text import LONGEST_UPDATE, Operation, operations_of
from crmgraph.wording import Bilingual

__all__ = ["Load", "pieces_of"]

_LOAD = re.compile("LOAD( SILENT)? IRI(?: INTO GRAPH IRI)?")
_IRIS = (Kind.IRI, Kind.NAME)


@dataclass(frozen=True)
class Load:
    """A LOAD: where it begins, the address, the IRI of the graph or DEFAULT_GRAPH, and whether it says SILENT."""

    start: int
    address: str
    graph: str
    is_silent: bool


def pieces_of(text: str, base_iri: str | None) -> list[str | Load]:
    """What an update that is sent to `base_iri` does, in its order: each LOAD, and the text of what is between them.

    A text has all declarations that hold for it, before its first operation: the grammar allows them before any, and
    the engine does not. Everything is at its place in the update. Raises QueryRefusedError where the update is too
    long, nests too deep or asks another service, QuerySyntaxError for a LOAD that is none.
    """
    operations = [each for each in operations_of(safe_tokens(text, LONGEST_UPDATE)) if any(each)]
    starts = [(prologue or operation)[0].start for prologue, operation in operations]
    pieces: list[str | Load] = []
    declared: list[Token] = []
    first = 0
    for index, (prologue, operation) in enumerate(operations):
        declared += prologue
        is_load = bool(operation) and keyword(operation[0]) == "LOAD"
        if index > first and (is_load or prologue):
            pieces.append(text[: starts[index]])
            text = _without(text, operations[first:index], starts[index])
            first = index
        if is_load:
            pieces.append(_load(text, operation, declared, base_iri))
            end = starts[index + 1] if index + 1 < len(operations) else len(text)
            text = _without(text, operations[index : index + 1], end)
            first = index + 1
    return pieces if operations and first == len(operations) else [*pieces, text]


def _load(text: str, operation: Sequence[Token], declared: Sequence[Token], base_iri: str | None) -> Load:
    shape = _LOAD.fullmatch(" ".join(map(_shape, operation)))
    try:
        known = Prologue.of(declared, base_iri)
        address, graph = ([known.iri(token) for token in operation if token.kind in _IRIS] + [DEFAULT_GRAPH])[:2]
    except ValueError:
        address = graph = None
    if shape is None or address is None or graph is None:
        raise _nothing_to_load(Place.of(text, operation[0].start))
    return Load(operation[0].start, address, graph, shape[1] is not None)


def _without(text: str, operations: Sequence[Operation], end: int) -> str:
    """The text without these operations and their semicolons, but with their declarations; they reach to `end`."""
    parts, done = [], 0
    ends = [(prologue or operation)[0].start for prologue, operation in operations[1:]] + [end]
    for (_, operation), until in zip(operations, ends, strict=True):
        if operation:
            parts += [text[done : operation[0].start], re.sub(r"\S", " ", text[operation[0].start : until])]
            done = until
    return "".join((*parts, text[done:]))


def _shape(token: Token) -> str:
    return "IRI" if token.kind in _IRIS else keyword(token)


def _nothing_to_load(at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: this LOAD does not say what to load, as LOAD <address> INTO GRAPH "
            "<graph> does.",
            f"Línea {at.line}, columna {at.column}: este LOAD no dice qué cargar, como lo hace LOAD <dirección> INTO "
            "GRAPH <grafo>.",
        ),
        at.line,
        at.column,
    )
