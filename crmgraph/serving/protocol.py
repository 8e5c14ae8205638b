"""The SPARQL endpoint (SPARQL 1.1 Protocol): queries by GET, by form and by body, and what it says of itself."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Event

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from crmgraph import __version__
from crmgraph.answering import GRAPH_FORMATS, RESULT_FORMATS, Answer, Pool, Question
from crmgraph.answering.formats import by_media_type, content_type, media_types
from crmgraph.errors import NotAcceptableError
from crmgraph.serving.cors import DATA_HEADERS, preflight
from crmgraph.serving.leaving import watching
from crmgraph.serving.negotiation import accepted, choose
from crmgraph.serving.operation import Operation, read_operation
from crmgraph.serving.service_description import describe_service
from crmgraph.wording import Bilingual

__all__ = ["Endpoint", "protocol_routes"]

_METHODS = "GET, HEAD, POST, OPTIONS"
_HTML = "text/html"
_RESULTS = media_types(RESULT_FORMATS)
_GRAPHS = media_types(GRAPH_FORMATS)
_TAG = re.compile(r'(?:W/)?("[^"]*")')
# Threads that wait for the pool; apart from those that the pages share, which must not wait behind slow queries.
_THREADS = 40


@dataclass(frozen=True)
class Endpoint:
    """What the endpoint stands on.

    `digest` identifies the dataset and is part of every ETag, `graphs` gives the number of triples of each named
    graph, `prefixes` abbreviate the answers, `seconds` is the longest that a query may take. `workbench` gives the page
    for those who prefer HTML; it is run in a thread, the request tells it a query by the parameter `query`, and the
    event is set when the client has left.
    """

    pool: Pool
    digest: str
    graphs: Mapping[str, int]
    prefixes: Mapping[str, str]
    workbench: Callable[[Request, Event], Response]
    seconds: float = 30.0
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_THREADS))


def protocol_routes(endpoint: Endpoint) -> list[BaseRoute]:
    """The routes of `/sparql`."""

    async def respond(request: Request) -> Response:
        return await _respond(endpoint, request)

    async def options(_: Request) -> Response:
        return preflight(_METHODS)

    async def refuse(_: Request) -> Response:
        raise HTTPException(405, headers={"Allow": _METHODS})

    return [
        Route("/sparql", respond, methods=["GET", "HEAD", "POST"]),
        Route("/sparql", options, methods=["OPTIONS"]),
        Route("/sparql", refuse, methods=["PUT", "PATCH", "DELETE"]),
    ]


async def _respond(endpoint: Endpoint, request: Request) -> Response:
    operation = await read_operation(request, endpoint.seconds)
    if request.method != "POST" and operation.format is None and _prefers_page(request, operation):
        async with watching(request) as gone:
            response = await to_thread.run_sync(endpoint.workbench, request, gone, limiter=endpoint.threads)
    elif operation.query is None:
        response = _description(endpoint, request, operation)
    else:
        response = await _answer(endpoint, request, operation, operation.query)
    response.headers.update(DATA_HEADERS)
    response.headers.add_vary_header("Accept")
    return response


def _prefers_page(request: Request, operation: Operation) -> bool:
    others = (*_GRAPHS, *_RESULTS) if operation.query is None else (*_RESULTS, *_GRAPHS)
    return choose(accepted(request), (*others, _HTML)) == _HTML


def _description(endpoint: Endpoint, request: Request, operation: Operation) -> Response:
    if operation.format is not None:
        media_type: str | None = operation.format.media_type
    else:
        media_type = choose(accepted(request), (*_GRAPHS, *_RESULTS))
    if media_type in _RESULTS:
        raise HTTPException(400, Bilingual("The parameter query is missing.", "Falta el parámetro query."))
    if media_type is None:
        raise _nothing_fits()
    url = _url(request)
    tag = _tag(endpoint, url, media_type)
    if _matches(request, tag):
        return _not_modified(tag)
    body = describe_service(url, endpoint.graphs, media_type)
    return Response(body, headers=_headers(tag) | {"Content-Type": content_type(media_type)})


async def _answer(endpoint: Endpoint, request: Request, operation: Operation, query: str) -> Response:
    result_type, graph_type = _wanted(request, operation)
    if result_type is None and graph_type is None:
        raise _nothing_fits()
    is_cacheable = request.method != "POST"
    # Relative IRIs in a query are relative to the address that it is sent to (RFC 3986, section 5.1.3).
    base = _url(request)
    tag_for = partial(_tag, endpoint, base, query, operation.default_graphs, operation.named_graphs)
    # A tag is only ever given for an answer, so one that matches stands for a query that is known to have one.
    for media_type in (result_type, graph_type):
        if is_cacheable and media_type and _matches(request, tag_for(media_type), any_tag=False):
            return _not_modified(tag_for(media_type))
    question = Question(
        query, operation.default_graphs, operation.named_graphs, result_type, graph_type, endpoint.prefixes, base
    )
    answer = await _ask(endpoint, request, question, operation.seconds)
    headers = {"Content-Type": content_type(answer.media_type)}
    if operation.format is not None and (written := by_media_type(answer.media_type)):
        headers["Content-Disposition"] = f'inline; filename="answer.{written.extension}"'
    if is_cacheable and not answer.lasting:
        headers["Cache-Control"] = "no-store"
    elif is_cacheable:
        tag = tag_for(answer.media_type)
        if _matches(request, tag):
            return _not_modified(tag)
        headers |= _headers(tag)
    return Response(answer.body, headers=headers)


def _wanted(request: Request, operation: Operation) -> tuple[str | None, str | None]:
    """The media types wanted for a table and for a graph; a format that is named decides for what it can write."""
    accept = accepted(request)
    named = operation.format
    return (
        named.media_type if named in RESULT_FORMATS else choose(accept, _RESULTS),
        named.media_type if named in GRAPH_FORMATS else choose(accept, _GRAPHS),
    )


async def _ask(endpoint: Endpoint, request: Request, question: Question, seconds: float) -> Answer:
    """Ask the pool in a thread of its own, and give up when the client has left."""
    since = time.monotonic()
    async with watching(request) as gone:
        return await to_thread.run_sync(endpoint.pool.answer, question, seconds, gone, since, limiter=endpoint.threads)


def _tag(endpoint: Endpoint, *parts: object) -> str:
    # Weak, for the engine may give the rows of one answer in another order next time.
    text = json.dumps([__version__, endpoint.digest, *parts])
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _matches(request: Request, tag: str, any_tag: bool = True) -> bool:
    """Whether If-None-Match names this tag, compared weakly (RFC 9110, section 13.1.2)."""
    given = ", ".join(request.headers.getlist("if-none-match"))
    if given.strip() == "*":
        return any_tag
    return tag.removeprefix("W/") in _TAG.findall(given)


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache"}


def _not_modified(tag: str) -> Response:
    return Response(status_code=304, headers=_headers(tag))


def _url(request: Request) -> str:
    return str(request.url.replace(query=""))


def _nothing_fits() -> NotAcceptableError:
    offered = ", ".join((*_RESULTS, *_GRAPHS))
    return NotAcceptableError(
        Bilingual(
            f"None of the available formats matches the Accept header. Available: {offered}.",
            f"Ninguno de los formatos disponibles corresponde al encabezado Accept. Disponibles: {offered}.",
        )
    )
