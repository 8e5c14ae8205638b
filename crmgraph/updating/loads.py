"""LOAD, which nobody carries out here, put out of an update."""

import re

from crmgraph.answering.guard import keyword, safe_tokens
from crmgraph.answering.tokens import Kind, Token
from crmgraph.errors import Place, QuerySyntaxError
from crmgraph.updating.text import LONGEST_UPDATE, operations_of
from crmgraph.wording import Bilingual

__all__ = ["without_loads"]

_SILENT = re.compile("LOAD SILENT IRI(?: INTO GRAPH IRI)?")
_NOTHING = "INSERT DATA{}"


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
        if not any(token.kind in (Kind.IRI, Kind.NAME) for token in operation):
            raise _nothing_to_load(Place.of(text, start))
        if not silent_only or _SILENT.fullmatch(" ".join(map(_shape, operation))):
            # As long as what it stands for, so that the places of all that follows stay the same.
            lines = text.count("\n", start, end)
            parts += (text[done:start], _NOTHING.ljust(end - start - lines), "\n" * lines)
            done = end
    return "".join((*parts, text[done:]))


def _shape(token: Token) -> str:
    return "IRI" if token.kind in (Kind.IRI, Kind.NAME) else keyword(token)


def _nothing_to_load(at: Place) -> QuerySyntaxError:
    return QuerySyntaxError(
        Bilingual(
            f"Line {at.line}, column {at.column}: LOAD does not say what.",
            f"Línea {at.line}, columna {at.column}: LOAD no dice qué.",
        ),
        at.line,
        at.column,
    )
