"""LOAD in an update (SPARQL 1.1 Update, section 3.1.4): what it names, and whether it may fail in silence."""

import re
from dataclasses import dataclass

from crmgraph.errors import Place, QuerySyntaxError
from crmgraph.sparql.tokens import Kind, Token, keyword
from crmgraph.updating.pieces import Piece
from crmgraph.wording import Bilingual

__all__ = ["MOST_LOADS", "Load", "is_load", "load_of", "may_load"]

MOST_LOADS = 10
"""How many LOADs an update may have where they are fetched."""

_LOAD = re.compile("LOAD( SILENT)? IRI(?: INTO GRAPH IRI)?")
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


def is_load(piece: Piece) -> bool:
    """Whether the piece of an update is a LOAD."""
    return piece.operations[0].word == "LOAD"


def load_of(piece: Piece) -> Load:
    """What a piece of an update loads. Raises QuerySyntaxError where that is no LOAD."""
    found = piece.operations[0].tokens
    shape = _LOAD.fullmatch(" ".join(map(_shape, found)))
    names = piece.iris([token.text for token in found if token.kind in _IRIS])
    if shape is None or names is None:
        raise _nothing_to_load(Place.of(piece.update, found[0].start))
    address, *graph = (name.value for name in names)
    return Load(address, graph[0] if graph else None, shape[1] is not None)


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
