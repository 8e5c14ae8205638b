"""The SPARQL endpoint (SPARQL 1.1 Protocol): queries, updates and the service description."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import Message
from functools import partial
from urllib.parse import parse_qsl, quote, urljoin

from pyoxigraph import RdfFormat, parse
from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from crmgraph.caching import memoize
from crmgraph.errors import Bilingual
from crmgraph.http.endpoint import Endpoint, request_url, response_of
from crmgraph.http.messages import (
    DATA_HEADERS,
    Resource,
    accept_header,
    bad_request,
    choose_media_type,
    context_of,
    entity_tag,
    has_matching_tag,
    not_acceptable,
    not_modified,
    tag_headers,
)
from crmgraph.namespaces import PREFIXES
from crmgraph.sparql.engine import Answer, Question
from crmgraph.sparql.formats import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    Format,
    content_type,
    format_of_media_type,
    format_of_short_name,
    media_types,
    write_graph,
)
from crmgraph.sparql.notices import address_of
from crmgraph.store.changes import Change
from crmgraph.store.updates import LONGEST_UPDATE

LARGEST_BODY = 2**20
"""Largest size of a request body, in bytes."""

MOST_PARAMETERS = 1000
"""Number of parameters that a request may have."""

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"

# The parameters for the dataset of a query, and of an update: first for the default graph, then for named graphs.
_QUERY_DATASET = ("default-graph-uri", "named-graph-uri")
_UPDATE_DATASET = ("using-graph-uri", "using-named-graph-uri")

_Parameters = ImmutableMultiDict[str, str]
_parse_pairs = partial(parse_qsl, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)


@dataclass(frozen=True)
class Operation:
    """An operation of the SPARQL 1.1 Protocol, as read from a request.

    Attributes:
        query: The query; None for an update, or for a GET without parameters (which gets the service description).
        update: The update; None for a query.
        default_graphs: IRIs of the graphs that form the default graph, as given in parameters; None if not given.
        named_graphs: IRIs of the named graphs, as given in parameters; None if not given.
        seconds: Time limit in seconds.
        format: Format requested by the parameter `format` instead of the Accept header; None if not given.
    """

    query: str | None
    update: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    seconds: float
    format: Format | None


async def read_operation(request: Request, most_seconds: float, largest: int = LARGEST_BODY) -> Operation:
    """Return the operation that a GET, HEAD or POST request asks for.

    Beyond the standard, the parameter `timeout` sets a time limit in seconds, of at most `most_seconds`, and `format`
    the format of the answer. Raises HTTPException: 400 if the request violates the protocol,
    413 if the body has more than `largest` bytes, 415 if it has another media type or encoding.
    """
    parameters = await _parameters(request, largest)
    query, update = _single_value(parameters, "query"), _single_value(parameters, "update")
    if update is not None and request.method != "POST":
        raise bad_request("An update is sent by POST.", "Una actualización se envía con POST.")
    if update is not None and query is not None:
        raise bad_request(
            "The request brings a query and an update; send one or the other.",
            "La petición trae una consulta y una actualización; envíe una de las dos.",
        )
    if update is None and query is None and request.method == "POST":
        raise bad_request("The parameter query is missing.", "Falta el parámetro query.")
    names, other = (_QUERY_DATASET, _UPDATE_DATASET) if update is None else (_UPDATE_DATASET, _QUERY_DATASET)
    for meant, given in zip(names, other, strict=True):
        if given in parameters:
            raise bad_request(f"{given} does not go here; say {meant}.", f"{given} no corresponde aquí; diga {meant}.")
    default_graphs, named_graphs = (
        # Web forms send an empty value for a field that was not filled in.
        tuple(check_graph_iri(name, iri) for iri in parameters.getlist(name) if iri) or None
        for name in names
    )
    seconds = parse_timeout(_single_value(parameters, "timeout"), most_seconds)
    return Operation(query, update, default_graphs, named_graphs, seconds, _requested_format(parameters))


async def _parameters(request: Request, largest: int) -> _Parameters:
    """Return the parameters in the URL and in the body.

    A body that is not a form is itself the value of the parameter `query` or `update`.
    """
    body, kind = b"", _FORM
    if request.method == "POST":
        body = await read_body(request, largest)
        kind = _checked_content_type(request)
    try:
        pairs = _parse_pairs(request.scope["query_string"].decode())
        text = body.decode()
        pairs += _parse_pairs(text) if kind == _FORM else [("update" if kind == _UPDATE else "query", text)]
    except UnicodeDecodeError as error:
        raise bad_request("The request is not in UTF-8.", "La petición no está en UTF-8.") from error
    except ValueError as error:
        raise bad_request(
            f"The request has more than {MOST_PARAMETERS} parameters.",
            f"La petición tiene más de {MOST_PARAMETERS} parámetros.",
        ) from error
    return ImmutableMultiDict(pairs)


def _checked_content_type(request: Request) -> str:
    kind, is_utf8, charset = parse_content_type(request.headers.get("content-type", ""))
    if kind not in (_FORM, _QUERY, _UPDATE):
        raise HTTPException(
            415,
            Bilingual(
                f"What is asked is sent as {_FORM}, {_QUERY} or {_UPDATE}, not as {kind or 'a body without a type'}.",
                f"Lo que se pide se envía como {_FORM}, {_QUERY} o {_UPDATE}, no como {kind or 'un cuerpo sin tipo'}.",
            ),
            {"Accept-Post": f"{_FORM}, {_QUERY}, {_UPDATE}"},
        )
    if not is_utf8:
        raise HTTPException(
            415,
            Bilingual(
                f"What is asked is sent in UTF-8, not in {charset}.",
                f"Lo que se pide se envía en UTF-8, no en {charset}.",
            ),
        )
    return kind


@memoize(64)
def parse_content_type(header: str) -> tuple[str, bool, str]:
    """Return the media type in a Content-Type header, whether its charset is compatible with UTF-8, and its charset."""
    message = Message()
    message["Content-Type"] = header
    charset = message.get_content_charset("utf-8")
    return message.get_content_type() if header else "", charset in ("utf-8", "utf8", "us-ascii"), charset


async def read_body(request: Request, largest: int) -> bytes:
    """Return the body of a request. Raises HTTPException 413 if it has more than `largest` bytes, 415 if compressed."""
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(
            415,
            Bilingual("A body is sent as it is, not compressed.", "El cuerpo se envía tal cual, sin comprimir."),
            {"Accept-Encoding": "identity"},
        )
    too_large = HTTPException(
        413, Bilingual(f"The body has more than {largest} bytes.", f"El cuerpo tiene más de {largest} bytes.")
    )
    given = request.headers.get("content-length", "0")
    if given.isdecimal() and int(given) > largest:
        raise too_large
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > largest:
            raise too_large
    return bytes(body)


def _single_value(parameters: _Parameters, name: str) -> str | None:
    values = parameters.getlist(name)
    if len(values) > 1:
        raise bad_request(
            f"The parameter {name} is given more than once.", f"El parámetro {name} se da más de una vez."
        )
    return values[0] if values else None


def check_graph_iri(name: str, iri: str) -> str:
    """Return the IRI of a graph, the value of the parameter `name`. Raises HTTPException 400 if it is not absolute."""
    if not _ABSOLUTE_IRI.fullmatch(iri):
        raise bad_request(f"{name} is an absolute IRI, not “{iri}”.", f"{name} es un IRI absoluto, no «{iri}».")
    return iri


def parse_timeout(value: str | None, most_seconds: float) -> float:
    """Return the time limit in seconds for a value of the parameter `timeout`: at most `most_seconds`, the default.

    Raises HTTPException 400 if the value is not a number greater than 0.
    """
    if value is None:
        return most_seconds
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise bad_request(
            f"The parameter timeout is a number of seconds above 0, not {value}.",
            f"El parámetro timeout es un número de segundos mayor que 0, no {value}.",
        )
    return min(seconds, most_seconds)


def _requested_format(parameters: _Parameters) -> Format | None:
    """Return the format that the parameter `format` requests, by its short name or its media type.

    Unknown names are ignored, because clients send names that other endpoints use. Raises HTTPException 400 if the
    parameter is repeated with different formats.
    """
    known = {
        found
        for given in parameters.getlist("format")
        if (found := format_of_short_name(given) or format_of_media_type(given))
    }
    if len(known) > 1:
        raise bad_request(
            f"The parameter format is given as {' and as '.join(sorted(each.short for each in known))}.",
            f"El parámetro format se da como {' y como '.join(sorted(each.short for each in known))}.",
        )
    return known.pop() if known else None


_PREFIXES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sparql": "http://www.w3.org/ns/sparql#",
    "rdfs": PREFIXES["rdfs"],
    "void": PREFIXES["void"],
    "formats": "http://www.w3.org/ns/formats/",
}
_LATERAL = "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md"
# The service has the URL of the endpoint as its IRI, because clients look for statements about that URL.
_SERVICE = """
<{url}> a sd:Service ; sd:endpoint <{url}> ; sd:supportedLanguage {languages} ; sd:feature {features} ;
  sd:supportedVersion sparql:version-1.1, sparql:version-1.2-basic, sparql:version-1.2 ;
  sd:languageExtension <{lateral}> ;
  sd:resultFormat {formats} ; sd:defaultDataset <{url}#dataset> .
<{url}#dataset> a sd:Dataset ; sd:defaultGraph <{url}#default-graph>{graphs} .
<{url}#default-graph> a sd:Graph .
<{lateral}> a sd:Feature ; rdfs:label "LATERAL" .
"""
_GRAPH = """
{named} a sd:NamedGraph ; sd:name <{iri}> ; sd:graph <{iri}> .
<{iri}> a sd:Graph ; void:triples {size} .
"""


def describe_service(
    endpoint: str, graphs: Mapping[str, int], media_type: str, takes_updates: bool = False, federates: bool = False
) -> bytes:
    """Return the description of a SPARQL endpoint as RDF, without blank nodes.

    The terms are those of SPARQL 1.1 Service Description, and those for versions from the draft of 1.2.

    Args:
        endpoint: URL of the endpoint.
        graphs: Number of triples of each named graph, by its IRI.
        media_type: Media type of the description.
        takes_updates: Whether the endpoint accepts updates.
        federates: Whether it answers queries with SERVICE.
    """
    named = {iri: f"<{endpoint}#graph-{quote(iri, safe='')}>" for iri in sorted(graphs)}
    declarations = (f"PREFIX {name}: <{iri}>\n" for name, iri in _PREFIXES.items())
    service = _SERVICE.format(
        url=endpoint,
        languages="sd:SPARQLQuery, sd:SPARQL11Query" + ", sd:SPARQLUpdate, sd:SPARQL11Update" * takes_updates,
        features="sd:UnionDefaultGraph" + ", sd:BasicFederatedQuery" * federates,
        lateral=_LATERAL,
        formats=", ".join(f"<{each.iri}>" for each in RESULT_FORMATS + GRAPH_FORMATS),
        graphs="".join(f" ; sd:namedGraph {name}" for name in named.values()),
    )
    described = (_GRAPH.format(named=name, iri=iri, size=graphs[iri]) for iri, name in named.items())
    turtle = "".join((*declarations, service, *described))
    return write_graph((quad.triple for quad in parse(turtle, RdfFormat.TURTLE)), media_type, _PREFIXES)


LARGEST_UPDATE = 4 * LONGEST_UPDATE
"""Largest size of the body of an update, in bytes; a larger one would exceed the limit of characters anyway."""


_HTML = "text/html"
_RESULTS = media_types(RESULT_FORMATS)
_GRAPHS = media_types(GRAPH_FORMATS)


def protocol_routes(endpoint: Endpoint) -> list[BaseRoute]:
    """Return the routes of `/sparql`."""
    return [Route("/sparql", Resource(partial(_respond, endpoint), "GET, HEAD, POST, OPTIONS"))]


async def _respond(endpoint: Endpoint, request: Request) -> Response:
    may_write = endpoint.write_access is not None and endpoint.write_access.writer_with_token(request) is not None
    await endpoint.refresh_state(request)
    operation = await read_operation(request, endpoint.seconds, LARGEST_UPDATE if may_write else LARGEST_BODY)
    if operation.update is not None:
        response = await _update(endpoint, request, operation, operation.update)
    elif request.method != "POST" and operation.format is None and _prefers_page(request, operation):
        context_of(request).set_operation("page", operation.query or "")
        response = await endpoint.run(request, lambda cancel_event: endpoint.workbench(request, cancel_event))
    elif operation.query is None:
        response = await _service_description(endpoint, request, operation)
    else:
        response = await _answer(endpoint, request, operation, operation.query)
    response.headers.update(DATA_HEADERS)
    response.headers.add_vary_header("Accept")
    return response


async def _update(endpoint: Endpoint, request: Request, operation: Operation, update: str) -> Response:
    context_of(request).set_operation("update", update)
    change = Change(
        "update",
        (update.encode(),),
        base_iri=request_url(request),
        using=operation.default_graphs or (),
        using_named=operation.named_graphs or (),
    )
    await endpoint.write(request, change, operation.seconds)
    return Response(status_code=204)


def _prefers_page(request: Request, operation: Operation) -> bool:
    others = (*_GRAPHS, *_RESULTS) if operation.query is None else (*_RESULTS, *_GRAPHS)
    return choose_media_type(accept_header(request), (*others, _HTML)) == _HTML


async def _service_description(endpoint: Endpoint, request: Request, operation: Operation) -> Response:
    named = operation.format
    media_type = named.media_type if named else choose_media_type(accept_header(request), (*_GRAPHS, *_RESULTS))
    if media_type in _RESULTS:
        raise bad_request("The parameter query is missing.", "Falta el parámetro query.")
    if media_type is None:
        raise not_acceptable((*_RESULTS, *_GRAPHS))
    url = request_url(request)
    tag = entity_tag(endpoint.state, url, media_type)
    if has_matching_tag(request, tag):
        return not_modified(tag)
    sizes = await endpoint.graph_sizes(request)
    body = describe_service(url, sizes, media_type, endpoint.write_access is not None, endpoint.federates)
    return Response(body, headers=tag_headers(tag) | {"Content-Type": content_type(media_type)})


async def _answer(endpoint: Endpoint, request: Request, operation: Operation, query: str) -> Response:
    context_of(request).set_operation("query", query)
    # The media types for a table and for a graph. The parameter `format` sets the one to which it applies.
    accept, named = accept_header(request), operation.format
    result_type = named.media_type if named in RESULT_FORMATS else choose_media_type(accept, _RESULTS)
    graph_type = named.media_type if named in GRAPH_FORMATS else choose_media_type(accept, _GRAPHS)
    if result_type is None and graph_type is None:
        raise not_acceptable((*_RESULTS, *_GRAPHS))
    is_cacheable = request.method != "POST"
    # Relative IRIs in a query are relative to the address that it is sent to (RFC 3986, section 5.1.3).
    base = request_url(request)
    tag_for = partial(entity_tag, endpoint.state, base, query, operation.default_graphs, operation.named_graphs)
    # Only successful answers get a tag, so a matching tag shows that the query has an answer.
    may_match = is_cacheable and "if-none-match" in request.headers
    for media_type in (result_type, graph_type):
        if may_match and media_type and has_matching_tag(request, tag_for(media_type), any_tag=False):
            return not_modified(tag_for(media_type))
    question = Question(
        query,
        operation.default_graphs,
        operation.named_graphs,
        result_type,
        graph_type,
        endpoint.prefixes,
        base,
        with_notices=True,
    )
    answer = await endpoint.ask(request, question, operation.seconds)
    headers = {"Content-Type": content_type(answer.media_type)}
    if named is not None and (written := format_of_media_type(answer.media_type)):
        headers["Content-Disposition"] = f'inline; filename="answer.{written.extension}"'
    if answer.snapshots:
        # A structured field of type List (RFC 9651).
        headers["Crmgraph-Snapshot"] = ", ".join(
            f'"{copy.endpoint}"; taken="{copy.taken}"{"" if copy.is_whole else "; part"}' for copy in answer.snapshots
        )
    if address := address_of(answer.notices, endpoint.prefixes):
        # Relative to the address of the endpoint, so that it also holds behind a proxy.
        headers["Link"] = f'<{address}>; rel="help"'
        answer = _with_link(answer, urljoin(base, address))
    if is_cacheable and not answer.is_deterministic:
        headers["Cache-Control"] = "no-store"
    elif is_cacheable:
        tag = tag_for(answer.media_type)
        if has_matching_tag(request, tag):
            if answer.rest is not None:
                answer.rest.close()
            return not_modified(tag)
        headers |= tag_headers(tag)
    return response_of(answer, headers)


_HEAD = b'{"head":{'


def _with_link(answer: Answer, address: str) -> Answer:
    """Return an answer with this address as `link` in its head, if it is in JSON.

    See SPARQL 1.1 Query Results JSON Format, section 3.1.2.
    """
    if not answer.body.startswith(_HEAD):
        return answer
    rest = answer.body.removeprefix(_HEAD)
    comma = b"" if rest.startswith(b"}") else b","
    return replace(answer, body=b"".join((_HEAD, b'"link":', json.dumps([address]).encode(), comma, rest)))
