"""The SPARQL endpoint (SPARQL 1.1 Protocol): queries, updates and the service description."""

import asyncio
import difflib
import math
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import partial
from urllib.parse import parse_qsl, quote

from pyoxigraph import Literal, NamedNode, Triple
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from crmgraph.http.caching import headers_of, matches, not_modified, tag_of
from crmgraph.http.context import context_of
from crmgraph.http.cors import DATA_HEADERS, Resource
from crmgraph.http.endpoint import Endpoint, response_of, url_of, writer_of
from crmgraph.http.negotiation import accepted, choose, nothing_fits
from crmgraph.namespaces import PREFIXES
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Format, Question
from crmgraph.sparql.engine import Snapshot
from crmgraph.sparql.formats import by_media_type, by_short, content_type, media_types
from crmgraph.sparql.results import write_graph
from crmgraph.store.changes import Change
from crmgraph.store.update_parser import LONGEST_UPDATE
from crmgraph.wording import Bilingual

__all__ = [
    "LARGEST_BODY",
    "LARGEST_UPDATE",
    "MOST_PARAMETERS",
    "Operation",
    "check_graph",
    "describe_service",
    "protocol_routes",
    "read_body",
    "read_operation",
    "seconds_of",
]

LARGEST_BODY = 2**20
"""Number of bytes that the body of a request may have."""

# A client that is still sending when the connection closes never reads why. So that it does, this much more is read
# and forgotten, for as long as it keeps coming.
_MOST_PASSED_OVER = 16 * 2**20
_PATIENCE = 1.0

MOST_PARAMETERS = 1000
"""Number of parameters that a request may have."""

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
"""Similarity (0 to 1) from which an unknown parameter counts as misspelt, and the longest name that is compared."""

_Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Operation:
    """An operation of the protocol: the query or the update, both None where a GET has none.

    The graphs are the dataset given beside it, `seconds` its time limit, and `format` the format that was asked for by
    name instead of by Accept; each is None where it was not given.
    """

    query: str | None
    update: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    seconds: float
    format: Format | None


async def read_operation(request: Request, most_seconds: float, largest: int = LARGEST_BODY) -> Operation:
    """Read a GET, HEAD or POST request, whose body has at most `largest` bytes.

    Beyond the standard, `timeout` sets a time limit in seconds, at most `most_seconds`, and `format` a format. Raises
    HTTPException: 400 for a request that breaks the protocol or misspells a parameter of it, 413 for a body that is too
    large, 415 for one of another type.
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
    """Raise HTTPException 400 for a misspelt parameter; unknown ones are ignored, since clients send their own."""
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
    """Return the body of the request. Raises HTTPException 413 for more than `largest` bytes, 415 if compressed."""
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
    """Return the next part of a body; empty at the end, or where it takes longer than `patience` (seconds)."""
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
    """Return the IRI of a graph that a parameter gives. Raises HTTPException 400 where it is not an absolute IRI."""
    if not _ABSOLUTE_IRI.fullmatch(iri):
        raise _bad(f"{name} is an absolute IRI, not “{iri}”.", f"{name} es un IRI absoluto, no «{iri}».")
    return iri


def seconds_of(given: str | None, most: float) -> float:
    """Return the time limit that the parameter `timeout` sets, in seconds and at most `most`; `most` without one.

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
    """Return the format that the parameter `format` gives by a short name or a media type.

    Some clients send several names, and names of other endpoints, which are ignored. Raises HTTPException 400 where two
    known names disagree.
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


_SD = "http://www.w3.org/ns/sparql-service-description#"
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_TRIPLES = NamedNode(PREFIXES["void"] + "triples")
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")


def describe_service(
    endpoint: str, graphs: Mapping[str, int], media_type: str, takes_updates: bool = False, federates: bool = False
) -> bytes:
    """Return the description of the endpoint at this URL (SPARQL 1.1 Service Description); it has no blank node.

    `graphs` gives the number of triples of each named graph by its IRI, `takes_updates` whether there are writers, and
    `federates` whether SERVICE is answered.
    """
    prefixes = {"sd": _SD, "void": PREFIXES["void"], "formats": "http://www.w3.org/ns/formats/"}
    return write_graph(_triples(endpoint, graphs, takes_updates, federates), media_type, prefixes)


def _triples(endpoint: str, graphs: Mapping[str, int], takes_updates: bool, federates: bool) -> Iterator[Triple]:
    # The URL itself is the service: clients look for statements about the address that they asked.
    service = NamedNode(endpoint)
    dataset, default_graph = NamedNode(endpoint + "#dataset"), NamedNode(endpoint + "#default-graph")
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    if takes_updates:
        yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    if federates:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    for each in RESULT_FORMATS + GRAPH_FORMATS:
        yield Triple(service, _sd("resultFormat"), NamedNode(each.iri))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default_graph)
    named_graphs = {iri: NamedNode(f"{endpoint}#graph-{quote(iri, safe='')}") for iri in sorted(graphs)}
    for named_graph in named_graphs.values():
        yield Triple(dataset, _sd("namedGraph"), named_graph)
    yield Triple(default_graph, _TYPE, _sd("Graph"))
    for iri, named_graph in named_graphs.items():
        graph = NamedNode(iri)
        yield Triple(named_graph, _TYPE, _sd("NamedGraph"))
        yield Triple(named_graph, _sd("name"), graph)
        yield Triple(named_graph, _sd("graph"), graph)
        yield Triple(graph, _TYPE, _sd("Graph"))
        yield Triple(graph, _TRIPLES, Literal(str(graphs[iri]), datatype=_INTEGER))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


LARGEST_UPDATE = 4 * LONGEST_UPDATE
"""Number of bytes that the body of an update may have: more would exceed its limit of characters."""


_METHODS = "GET, HEAD, POST, OPTIONS"
_HTML = "text/html"
_RESULTS = media_types(RESULT_FORMATS)
_GRAPHS = media_types(GRAPH_FORMATS)


def protocol_routes(endpoint: Endpoint) -> list[BaseRoute]:
    """Return the routes of `/sparql`."""

    async def respond(request: Request) -> Response:
        return await _respond(endpoint, request)

    return [Route("/sparql", Resource(respond, _METHODS))]


async def _respond(endpoint: Endpoint, request: Request) -> Response:
    may_write = endpoint.writing is not None and endpoint.writing.bearer(request) is not None
    await endpoint.look(request)
    operation = await read_operation(request, endpoint.seconds, LARGEST_UPDATE if may_write else LARGEST_BODY)
    if operation.update is not None:
        response = await _update(endpoint, request, operation, operation.update)
    elif request.method != "POST" and operation.format is None and _prefers_page(request, operation):
        context_of(request).asks("page", operation.query or "")
        response = await endpoint.run(request, lambda gone, _: endpoint.workbench(request, gone))
    elif operation.query is None:
        response = await _description(endpoint, request, operation)
    else:
        response = await _answer(endpoint, request, operation, operation.query)
    response.headers.update(DATA_HEADERS)
    response.headers.add_vary_header("Accept")
    return response


async def _update(endpoint: Endpoint, request: Request, operation: Operation, update: str) -> Response:
    visit = context_of(request)
    visit.asks("update", update)
    store_writer, writer = writer_of(endpoint.writing, request)
    change = Change(
        "update",
        (update.encode(),),
        base_iri=url_of(request),
        using=operation.default_graphs or (),
        using_named=operation.named_graphs or (),
    )
    await endpoint.run(
        request, lambda gone, since: store_writer.write(change, writer, operation.seconds, visit.id, gone, since)
    )
    return Response(status_code=204)


def _prefers_page(request: Request, operation: Operation) -> bool:
    others = (*_GRAPHS, *_RESULTS) if operation.query is None else (*_RESULTS, *_GRAPHS)
    return choose(accepted(request), (*others, _HTML)) == _HTML


async def _description(endpoint: Endpoint, request: Request, operation: Operation) -> Response:
    if operation.format is not None:
        media_type: str | None = operation.format.media_type
    else:
        media_type = choose(accepted(request), (*_GRAPHS, *_RESULTS))
    if media_type in _RESULTS:
        raise HTTPException(400, Bilingual("The parameter query is missing.", "Falta el parámetro query."))
    if media_type is None:
        raise nothing_fits((*_RESULTS, *_GRAPHS))
    url = url_of(request)
    tag = tag_of(endpoint.state, url, media_type)
    if matches(request, tag):
        return not_modified(tag)
    sizes = await endpoint.sizes(request)
    body = describe_service(
        url, sizes, media_type, takes_updates=endpoint.writing is not None, federates=endpoint.federates
    )
    return Response(body, headers=headers_of(tag) | {"Content-Type": content_type(media_type)})


async def _answer(endpoint: Endpoint, request: Request, operation: Operation, query: str) -> Response:
    context_of(request).asks("query", query)
    result_type, graph_type = _wanted(request, operation)
    if result_type is None and graph_type is None:
        raise nothing_fits((*_RESULTS, *_GRAPHS))
    is_cacheable = request.method != "POST"
    # Relative IRIs in a query are relative to the address that it is sent to (RFC 3986, section 5.1.3).
    base = url_of(request)
    tag_for = partial(tag_of, endpoint.state, base, query, operation.default_graphs, operation.named_graphs)
    # A tag is only ever given for an answer, so one that matches stands for a query that is known to have one.
    may_match = is_cacheable and "if-none-match" in request.headers
    for media_type in (result_type, graph_type):
        if may_match and media_type and matches(request, tag_for(media_type), any_tag=False):
            return not_modified(tag_for(media_type))
    question = Question(
        query, operation.default_graphs, operation.named_graphs, result_type, graph_type, endpoint.prefixes, base
    )
    answer = await endpoint.ask(request, question, operation.seconds)
    headers = {"Content-Type": content_type(answer.media_type)}
    if operation.format is not None and (written := by_media_type(answer.media_type)):
        headers["Content-Disposition"] = f'inline; filename="answer.{written.extension}"'
    if answer.snapshots:
        headers["Crmgraph-Snapshot"] = ", ".join(map(_told, answer.snapshots))
    if is_cacheable and not answer.lasting:
        headers["Cache-Control"] = "no-store"
    elif is_cacheable:
        tag = tag_for(answer.media_type)
        if matches(request, tag):
            if answer.rest is not None:
                answer.rest.close()
            return not_modified(tag)
        headers |= headers_of(tag)
    return response_of(answer, headers)


def _told(copy: Snapshot) -> str:
    """Return a snapshot as a member of a list in a header (RFC 9651)."""
    return f'"{copy.endpoint}"; taken="{copy.taken}"' + ("" if copy.is_whole else "; part")


def _wanted(request: Request, operation: Operation) -> tuple[str | None, str | None]:
    """Return the media types for a table and for a graph; a named format decides for the one that it can write."""
    accept = accepted(request)
    named = operation.format
    return (
        named.media_type if named in RESULT_FORMATS else choose(accept, _RESULTS),
        named.media_type if named in GRAPH_FORMATS else choose(accept, _GRAPHS),
    )
