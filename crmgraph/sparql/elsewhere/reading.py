"""What an engine said, read: an answer that is whole and well-formed, or an error that says what is wrong."""

import json
import re
from collections.abc import Sequence
from typing import Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from crmgraph.errors import QueryTimeoutError, RemoteError
from crmgraph.sparql.elsewhere.connection import N_TRIPLES, RESULTS, Reply
from crmgraph.wording import Advised, Bilingual

__all__ = ["ANY", "check_status", "read_results", "read_triples"]

ANY = ("*",)
"""Whatever columns there are."""

_ALSO_RESULTS = (RESULTS, "application/json")
_ALSO_TRIPLES = (N_TRIPLES, "text/plain")
_OK = range(200, 300)
_SHOWN = 300
_OUT_OF_TIME = re.compile(r"S1TAT|S1T00|time ?d? ?-?out|timeout|time limit|estimated execution time", re.IGNORECASE)


def read_results(reply: Reply, columns: Sequence[str] | None) -> QuerySolutions | QueryBoolean:
    """The table of SELECT with these columns, in this order; the truth value of ASK where there are None.

    Raises RemoteError for anything else.
    """
    _check(reply, _ALSO_RESULTS)
    try:
        found = parse_query_results(_mended(reply.body, columns), QueryResultsFormat.JSON)
        if isinstance(found, QueryBoolean if columns is None else QuerySolutions):
            return found
    except (SyntaxError, ValueError, KeyError, TypeError, AttributeError):
        pass
    raise RemoteError(_NO_ANSWER)


def read_triples(reply: Reply) -> list[Triple]:
    """The graph of CONSTRUCT, or of a Graph Store. Raises RemoteError for anything else."""
    _check(reply, _ALSO_TRIPLES)
    if not reply.is_framed:
        raise RemoteError(_MAYBE_CUT)
    try:
        return [quad.triple for quad in parse(reply.body, RdfFormat.N_TRIPLES)]
    except SyntaxError:
        raise RemoteError(_NO_ANSWER) from None


def check_status(reply: Reply) -> None:
    """Raises RemoteError with the engine's words where it refused, QueryTimeoutError where it ran out of time."""
    if reply.status in _OK:
        return
    # What an engine says where it broke off in the midst of an answer stands behind that.
    told = reply.body[-_SHOWN:] if reply.broke_off else reply.body[:2000]
    said = " ".join(told.decode("utf-8", "replace").split())
    if reply.media_type == "text/html" or "<html" in said.lower():
        said = ""
    if _OUT_OF_TIME.search(said):
        raise QueryTimeoutError(_OUT)
    said = said[:_SHOWN].rstrip(".")
    raise RemoteError(
        Bilingual(
            f"The engine that holds the data refused this (status {reply.status}){': ' if said else ''}{said}.",
            f"El motor que guarda los datos rechazó esto (estado {reply.status}){': ' if said else ''}{said}.",
        )
    )


def _check(reply: Reply, expected: tuple[str, ...]) -> None:
    check_status(reply)
    # Virtuoso gives what it has when the time is over, and says so in a header only.
    if "S1TAT" in " ".join(reply.headers.get(name, "") for name in ("x-sql-state", "x-sql-message")):
        raise QueryTimeoutError(_OUT)
    cut = reply.headers.get("x-sparql-maxrows")
    if cut is not None:
        raise RemoteError(
            Bilingual(
                f"The engine that holds the data gives at most {cut} rows and has cut the answer there. Ask for less "
                "at a time, with LIMIT and OFFSET.",
                f"El motor que guarda los datos da {cut} filas como máximo y cortó ahí la respuesta. Pida menos a la "
                "vez, con LIMIT y OFFSET.",
            )
        )
    if reply.media_type not in expected:
        given = reply.media_type or "nothing"
        raise RemoteError(
            Bilingual(
                f"The engine that holds the data answered with {given} and not with {expected[0]}.",
                f"El motor que guarda los datos respondió con {given} y no con {expected[0]}.",
            )
        )


def _mended(body: bytes, columns: Sequence[str] | None) -> bytes:
    """Results with the columns in their order, and `literal` for what older drafts, and Virtuoso, call `typed-literal`.

    Raises ValueError where a column is one that the query does not have.
    """
    given = json.loads(body, object_hook=_mended_term if b'"typed-literal"' in body else None)
    if columns is None:
        return body
    if columns is ANY:
        columns = given["head"]["vars"]
    if not set(given["head"]["vars"]) <= set(columns):
        raise ValueError
    return json.dumps({"head": {"vars": columns}, "results": given["results"]}, ensure_ascii=False).encode()


def _mended_term(term: dict[str, Any]) -> dict[str, Any]:
    return {**term, "type": "literal"} if term.get("type") == "typed-literal" else term


_OUT = Advised(
    Bilingual(
        "The engine that holds the data ran out of time.", "Al motor que guarda los datos se le acabó el tiempo."
    ),
    Bilingual("Ask for less, for example with LIMIT.", "Pida menos, por ejemplo con LIMIT."),
)
_NO_ANSWER = Bilingual(
    "What the engine that holds the data sent is no answer to this query.",
    "Lo que envió el motor que guarda los datos no es una respuesta a esta consulta.",
)
_MAYBE_CUT = Bilingual(
    "The engine that holds the data does not say how long its answer is, so it may have been cut.",
    "El motor que guarda los datos no dice cuánto mide su respuesta, así que puede estar cortada.",
)
