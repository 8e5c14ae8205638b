"""The SPARQL endpoint (SPARQL 1.1 Protocol): queries and updates, and what it says of itself."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from crmgraph.http.caching import headers_of, matches, not_modified, tag_of
from crmgraph.http.context import visit_of
from crmgraph.http.cors import DATA_HEADERS, Resource
from crmgraph.http.endpoint import Endpoint, response_of, url_of, writer_of
from crmgraph.http.negotiation import accepted, choose, nothing_fits
from crmgraph.http.operation import LARGEST_BODY, Operation, read_operation
from crmgraph.http.service_description import describe_service
from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS, Question
from crmgraph.sparql.engine import Snapshot
from crmgraph.sparql.formats import by_media_type, content_type, media_types
from crmgraph.store.changes import Change
from crmgraph.store.update_parser import LONGEST_UPDATE
from crmgraph.wording import Bilingual

__all__ = ["LARGEST_UPDATE", "protocol_routes"]

LARGEST_UPDATE = 4 * LONGEST_UPDATE
"""How many bytes the body of an update may have; more would be more characters than are taken."""


_METHODS = "GET, HEAD, POST, OPTIONS"
_HTML = "text/html"
_RESULTS = media_types(RESULT_FORMATS)
_GRAPHS = media_types(GRAPH_FORMATS)


def protocol_routes(endpoint: Endpoint) -> list[BaseRoute]:
    """The routes of `/sparql`."""

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
        visit_of(request).asks("page", operation.query or "")
        response = await endpoint.run(request, lambda gone, _: endpoint.workbench(request, gone))
    elif operation.query is None:
        response = await _description(endpoint, request, operation)
    else:
        response = await _answer(endpoint, request, operation, operation.query)
    response.headers.update(DATA_HEADERS)
    response.headers.add_vary_header("Accept")
    return response


async def _update(endpoint: Endpoint, request: Request, operation: Operation, update: str) -> Response:
    visit = visit_of(request)
    visit.asks("update", update)
    keeper, writer = writer_of(endpoint.writing, request)
    change = Change(
        "update",
        (update.encode(),),
        base_iri=url_of(request),
        using=operation.default_graphs or (),
        using_named=operation.named_graphs or (),
    )
    await endpoint.run(
        request, lambda gone, since: keeper.write(change, writer, operation.seconds, visit.id, gone, since)
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
    visit_of(request).asks("query", query)
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
    """The copy, as a member of a list in a header (RFC 9651)."""
    return f'"{copy.endpoint}"; taken="{copy.taken}"' + ("" if copy.is_whole else "; part")


def _wanted(request: Request, operation: Operation) -> tuple[str | None, str | None]:
    """The media types wanted for a table and for a graph; a format that is named decides for what it can write."""
    accept = accepted(request)
    named = operation.format
    return (
        named.media_type if named in RESULT_FORMATS else choose(accept, _RESULTS),
        named.media_type if named in GRAPH_FORMATS else choose(accept, _GRAPHS),
    )
