"""What a request to the endpoint asks for (SPARQL 1.1 Protocol, sections 2.1 and 2.2), from its address and body."""

import asyncio
import difflib
import math
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.sparql import Format
from crmgraph.sparql.formats import by_media_type, by_short
from crmgraph.wording import Bilingual

__all__ = ["LARGEST_BODY", "MOST_PARAMETERS", "Operation", "check_graph", "read_body", "read_operation", "seconds_of"]

LARGEST_BODY = 2**20
"""How many bytes the body of a request may have."""

# A client that is still sending when the connection closes never reads why. So that it does, this much more is read
# and forgotten, for as long as it keeps coming.
_MOST_PASSED_OVER = 16 * 2**20
_PATIENCE = 1.0

MOST_PARAMETERS = 1000
"""How many parameters a request may have."""

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"

# The dataset beside a query, and beside an update: of its default graph, and of its named graphs.
_OF_QUERIES = ("default-graph-uri", "named-graph-uri")
_OF_UPDATES = ("using-graph-uri", "using-named-graph-uri")

_OF_THE_PROTOCOL = ("query", "update", *_OF_QUERIES, *_OF_UPDATES, "timeout")
_NEARLY = 0.85
_LONGEST_NAME = 40
"""From how like a name of the protocol one is that must be meant for it (from 0 to 1), and how long one may be."""

_Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Operation:
    """The query or the update (both None where a GET brings none), the dataset that comes beside it (None where none
    is given), the time limit in seconds, and the format that is asked for by its short name instead of by Accept (None
    where none is)."""

    query: str | None
    update: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    seconds: float
    format: Format | None


async def read_operation(request: Request, most_seconds: float, largest: int = LARGEST_BODY) -> Operation:
    """Read a GET, HEAD or POST request, whose body has at most `largest` bytes.

    Beyond the standard it may say `timeout`, in seconds, and `format`. `most_seconds` is the time limit where the
    request names none or a longer one. Raises HTTPException: 400 for what does not follow the protocol or names a
    parameter nearly as the protocol does, 413 for a body
    that is too large, 415 for one of another type.
    """
    parameters = _decoded(request.scope["query_string"])
    if request.method == "POST":
        body = await read_body(request, largest)
        kind = _content_type(request)
        if kind == _FORM:
            for name, values in _decoded(body).items():
                parameters.setdefault(name, []).extend(values)
        else:
            parameters.setdefault("update" if kind == _UPDATE else "query", []).append(_text(body))
    _check_names(parameters)
    query, update = _single(parameters, "query"), _single(parameters, "update")
    if update is not None:
        _check_update(request, query)
    elif query is None and request.method == "POST":
        raise _bad("The parameter query is missing.", "Falta el parámetro query.")
    names, other = (_OF_QUERIES, _OF_UPDATES) if update is None else (_OF_UPDATES, _OF_QUERIES)
    for meant, given in zip(names, other, strict=True):
        if given in parameters:
            raise _bad(f"{given} does not go here; say {meant}.", f"{given} no corresponde aquí; diga {meant}.")
    return Operation(
        query,
        update,
        _graphs(parameters, names[0]),
        _graphs(parameters, names[1]),
        seconds_of(_single(parameters, "timeout"), most_seconds),
        _format(parameters),
    )


def _check_names(parameters: _Parameters) -> None:
    """Clients send parameters that mean nothing here; one that is nearly ours would be missed without a word."""
    for name in parameters:
        if name in (*_OF_THE_PROTOCOL, "format") or len(name) > _LONGEST_NAME:
            continue
        near = difflib.get_close_matches(name.lower(), _OF_THE_PROTOCOL, 1, _NEARLY)
        if near:
            raise _bad(
                f"There is no parameter {name} here; {near[0]} may be meant.",
                f"No existe aquí el parámetro {name}; quizá quería decir {near[0]}.",
            )


def _check_update(request: Request, query: str | None) -> None:
    if request.method != "POST":
        raise _bad("An update is sent by POST.", "Una actualización se envía con POST.")
    if query is not None:
        raise _bad(
            "The request brings a query and an update; send one or the other.",
            "La petición trae una consulta y una actualización; envíe una de las dos.",
        )


def _decoded(encoded: bytes) -> dict[str, list[str]]:
    parameters: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    except ValueError as error:
        raise _bad(
            f"The request has more than {MOST_PARAMETERS} parameters.",
            f"La petición tiene más de {MOST_PARAMETERS} parámetros.",
        ) from error
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return parameters


def _content_type(request: Request) -> str:
    header = Message()
    header["Content-Type"] = request.headers.get("content-type", "")
    kind = header.get_content_type() if request.headers.get("content-type") else ""
    charset = header.get_content_charset("utf-8")
    if kind not in (_FORM, _QUERY, _UPDATE):
        raise HTTPException(
            415,
            Bilingual(
                f"What is asked is sent as {_FORM}, {_QUERY} or {_UPDATE}, not as {kind or 'a body without a type'}.",
                f"Lo que se pide se envía como {_FORM}, {_QUERY} o {_UPDATE}, no como {kind or 'un cuerpo sin tipo'}.",
            ),
            {"Accept-Post": f"{_FORM}, {_QUERY}, {_UPDATE}"},
        )
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise HTTPException(
            415,
            Bilingual(
                f"What is asked is sent in UTF-8, not in {charset}.",
                f"Lo que se pide se envía en UTF-8, no en {charset}.",
            ),
        )
    return kind


async def read_body(request: Request, largest: int) -> bytes:
    """The body of the request. Raises HTTPException: 413 where it has more bytes than `largest`, 415 if compressed."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(
            415,
            Bilingual("A body is sent as it is, not compressed.", "El cuerpo se envía tal cual, sin comprimir."),
            {"Accept-Encoding": "identity"},
        )
    passed_over = max(largest, _MOST_PASSED_OVER)
    given = request.headers.get("content-length", "0")
    announced = int(given) if given.isdecimal() else 0
    # Who asks beforehand whether to send it has not begun to.
    if announced > (largest if "expect" in request.headers else passed_over):
        raise _too_large(largest)
    body = bytearray()
    size = 0
    parts = request.stream()
    while part := await _next(parts, None if size <= largest else _PATIENCE):
        size += len(part)
        if size <= largest:
            body += part
        elif size > passed_over:
            break
    if size > largest:
        raise _too_large(largest)
    return bytes(body)


async def _next(parts: AsyncIterator[bytes], patience: float | None) -> bytes:
    """The next part; none at the end, or where it does not come in as many seconds."""
    try:
        async with asyncio.timeout(patience):
            return await anext(parts)
    except TimeoutError:
        return b""


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8() from error


def _single(parameters: _Parameters, name: str) -> str | None:
    values = parameters.get(name, ())
    if len(values) > 1:
        raise _bad(f"The parameter {name} is given more than once.", f"El parámetro {name} se da más de una vez.")
    return values[0] if values else None


def _graphs(parameters: _Parameters, name: str) -> tuple[str, ...] | None:
    # Forms send a field that nobody filled in as an empty one.
    given = [iri for iri in parameters.get(name, ()) if iri]
    return tuple(check_graph(name, iri) for iri in given) if given else None


def check_graph(name: str, iri: str) -> str:
    """The IRI of a graph that the parameter `name` gives. Raises HTTPException 400 where it is none, or relative."""
    if not _ABSOLUTE_IRI.fullmatch(iri):
        raise _bad(f"{name} is an absolute IRI, not “{iri}”.", f"{name} es un IRI absoluto, no «{iri}».")
    return iri


def seconds_of(given: str | None, most: float) -> float:
    """The time limit that the parameter `timeout` asks for, in seconds and never above `most`; `most` without one.

    Raises HTTPException 400 for anything but a number above 0.
    """
    if given is None:
        return most
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise _bad(
            f"The parameter timeout is a number of seconds above 0, not {given}.",
            f"El parámetro timeout es un número de segundos mayor que 0, no {given}.",
        )
    return min(seconds, most)


def _format(parameters: _Parameters) -> Format | None:
    """Return the format that is asked for by a short name or a media type of ours.

    Some clients send several names for it, and names that other endpoints have beside the right Accept header: the
    latter say nothing here. Raises HTTPException 400 where two of ours disagree.
    """
    known = {found for given in parameters.get("format", ()) if (found := by_short(given) or by_media_type(given))}
    if len(known) > 1:
        raise _bad(
            f"The parameter format is given as {' and as '.join(sorted(each.short for each in known))}.",
            f"El parámetro format se da como {' y como '.join(sorted(each.short for each in known))}.",
        )
    return known.pop() if known else None


def _bad(english: str, spanish: str) -> HTTPException:
    return HTTPException(400, Bilingual(english, spanish))


def _not_utf8() -> HTTPException:
    return _bad("The request is not in UTF-8.", "La petición no está en UTF-8.")


def _too_large(largest: int) -> HTTPException:
    return HTTPException(
        413,
        Bilingual(
            f"The body has more than {largest} bytes.",
            f"El cuerpo tiene más de {largest} bytes.",
        ),
    )
