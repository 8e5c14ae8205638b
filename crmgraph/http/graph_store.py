"""The SPARQL 1.1 Graph Store HTTP Protocol: reading, replacing, extending and deleting whole graphs."""

import secrets
from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from functools import partial
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from crmgraph.errors import Bilingual, PreconditionError
from crmgraph.http.endpoint import READ_ONLY, Endpoint, request_url, response_of
from crmgraph.http.messages import (
    DATA_HEADERS,
    Resource,
    accept_header,
    bad_request,
    choose_media_type,
    entity_tag,
    has_matching_tag,
    not_acceptable,
    not_modified,
    tag_headers,
)
from crmgraph.http.protocol import check_graph_iri, parse_content_type, read_body
from crmgraph.sparql.engine import Question
from crmgraph.sparql.formats import GRAPH_FORMATS, content_type, media_types
from crmgraph.store.changes import DEFAULT_GRAPH, Change, ChangeKind, Precondition

LARGEST_UPLOAD = 64 * 2**20
"""Largest size of the RDF in a request, in bytes."""

_METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_GRAPHS = media_types(GRAPH_FORMATS)
_CHANGE_KINDS: Mapping[str, ChangeKind] = {"PUT": "put", "POST": "post", "DELETE": "delete"}


def graph_store_routes(endpoint: Endpoint) -> list[BaseRoute]:
    """Return the routes of `/graphs`; requests name a graph by `?graph=IRI`, by `?default`, or by a URL below it."""
    respond = partial(_respond, endpoint)
    resource = Resource(respond, _METHODS) if endpoint.write_access else Resource(respond, why=READ_ONLY)
    return [Route(path, resource) for path in ("/graphs", "/graphs/{rest:path}")]


async def _respond(endpoint: Endpoint, request: Request) -> Response:
    if request.method in ("GET", "HEAD"):
        await endpoint.refresh_state(request)
        response = await _read(endpoint, request, _requested_graph(request))
    else:
        response = await _write(endpoint, request)
    response.headers.update(DATA_HEADERS)
    return response


async def _write(endpoint: Endpoint, request: Request) -> Response:
    endpoint.require_writer(request)
    new = f"{request_url(request).rstrip('/')}/{secrets.token_hex(8)}" if request.method == "POST" else None
    name = _requested_graph(request, new)
    condition = _condition(endpoint, request, name)
    parts, kinds = ((), ()) if request.method == "DELETE" else await _body_parts(request)
    change = Change(
        _CHANGE_KINDS[request.method],
        parts,
        kinds,
        name,
        base_iri=request_url(request) if name == DEFAULT_GRAPH else name,
        condition=condition,
    )
    existed = await endpoint.write(request, change, endpoint.seconds)
    if request.method != "DELETE":
        return Response(status_code=204 if existed else 201, headers={"Location": name} if name == new else {})
    if not existed:
        raise _no_such_graph(name)
    return Response(status_code=204)


def _condition(endpoint: Endpoint, request: Request, graph: str) -> Precondition | None:
    """Return the condition that If-Match or If-None-Match sets for a write (RFC 9110, sections 13.1.1 and 13.1.2).

    Raises PreconditionError if the condition is already known to be false. If-Match with a tag is always false, because
    the tags of graphs are weak.
    """
    if_match, if_none_match = (", ".join(request.headers.getlist(name)) for name in ("if-match", "if-none-match"))
    if if_match and if_match.strip() != "*":
        raise PreconditionError(
            Bilingual(
                "The tags of graphs are weak, so that If-Match is never true of one. Nothing was changed; ask again "
                "whether the graph is as you know it by If-None-Match, or send If-Match: *.",
                "Las etiquetas de los grafos son débiles, así que If-Match nunca se cumple con una. No se cambió nada; "
                "pregunte de nuevo con If-None-Match si el grafo sigue igual, o envíe If-Match: *.",
            ),
        )
    if any(has_matching_tag(request, entity_tag(endpoint.state, graph, each), any_tag=False) for each in _GRAPHS):
        raise PreconditionError(
            Bilingual(
                "The graph is as If-None-Match says that it must not be. Nothing was changed.",
                "El grafo está como If-None-Match dice que no debe estar. No se cambió nada.",
            ),
        )
    if if_none_match.strip() == "*":
        return "is_new"
    return "is_there" if if_match else None


async def _read(endpoint: Endpoint, request: Request, graph: str) -> Response:
    media_type = choose_media_type(accept_header(request), _GRAPHS)
    if media_type is None:
        raise not_acceptable(_GRAPHS)
    tag = entity_tag(endpoint.state, graph, media_type)
    if has_matching_tag(request, tag, any_tag=False):
        return not_modified(tag)
    is_default = graph == DEFAULT_GRAPH
    question = Question(
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        None if is_default else (graph,),
        graph_type=media_type,
        prefixes=endpoint.prefixes,
        joins_graphs=False,
    )
    if not is_default:
        exists = Question(f"ASK {{ GRAPH <{graph}> {{}} }}", result_type="text/csv")
        if (await endpoint.ask(request, exists, endpoint.seconds)).body != b"true":
            raise _no_such_graph(graph)
    if has_matching_tag(request, tag):
        return not_modified(tag)
    answer = await endpoint.ask(request, question, endpoint.seconds)
    return response_of(answer, tag_headers(tag) | {"Content-Type": content_type(media_type), "Vary": "Accept"})


def _requested_graph(request: Request, new: str | None = None) -> str:
    """Return the graph that a request names (section 4 of the protocol): its IRI, or DEFAULT_GRAPH.

    If the request names none, return `new`, the IRI for a new graph. Raises HTTPException 400 if the request names
    several graphs, or none and there is no `new`.
    """
    try:
        given = parse_qs(
            request.scope["query_string"].decode(), keep_blank_values=True, errors="strict", max_num_fields=10
        )
    except ValueError:
        raise bad_request("The address cannot be read.", "No se puede leer la dirección.") from None
    names = given.get("graph", [])
    others = [name for name in given if name not in ("graph", "default")]
    if others:
        raise bad_request(f"There is no parameter {others[0]} here.", f"Aquí no hay un parámetro {others[0]}.")
    if len(names) + len(given.get("default", [])) > 1:
        raise bad_request("More than one graph is named.", "Se nombra más de un grafo.")
    if "default" in given:
        if given["default"] != [""]:
            raise bad_request("The parameter default has no value.", "El parámetro default no lleva valor.")
        return DEFAULT_GRAPH
    if names:
        return check_graph_iri("graph", names[0])
    if not request.path_params.get("rest"):
        if new is None:
            raise bad_request(
                "Name the graph by ?graph=IRI, or the default graph by ?default.",
                "Nombre el grafo con ?graph=IRI, o el grafo por defecto con ?default.",
            )
        return new
    # The raw path, because a percent-encoded character in an IRI is not the same as the character.
    path = request.scope["raw_path"].decode("ascii", "replace")
    return check_graph_iri("graph", f"{request.url.scheme}://{request.url.netloc}{path}")


async def _body_parts(request: Request) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Return the parts of the body and the media type of each; only multipart/form-data has several parts."""
    if "content-range" in request.headers:
        # A partial graph must not replace a whole one (RFC 9110, section 14.5).
        raise bad_request(
            "A graph is sent whole, without Content-Range.", "Un grafo se envía entero, sin Content-Range."
        )
    body = await read_body(request, LARGEST_UPLOAD)
    header = request.headers.get("content-type", "")
    if parse_content_type(header)[0] != "multipart/form-data":
        return (body,), (_checked_media_type(header),)
    # The e-mail parser also reads multipart bodies of HTTP, given the header with the boundary.
    whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {header}\r\n\r\n".encode("latin-1") + body)
    if not whole.is_multipart() or whole.defects:
        raise bad_request("The parts of the body cannot be told apart.", "No se distinguen las partes del cuerpo.")
    parts = [part for part in whole.iter_parts() if not part.is_multipart()]
    contents = tuple(bytes(part.get_payload(decode=True) or b"") for part in parts)
    return contents, tuple(_checked_media_type(part.get("Content-Type", "")) for part in parts)


def _checked_media_type(header: str) -> str:
    kind, is_utf8, _ = parse_content_type(header)
    if kind not in _GRAPHS or not is_utf8:
        offered = ", ".join(_GRAPHS)
        raise HTTPException(
            415,
            Bilingual(
                f"RDF is accepted in UTF-8 as {offered}, not as {header or 'a body without a type'}.",
                f"Se acepta RDF en UTF-8 como {offered}, no como {header or 'un cuerpo sin tipo'}.",
            ),
            {"Accept-Post": offered},
        )
    return kind


def _no_such_graph(graph: str) -> HTTPException:
    return HTTPException(404, Bilingual(f"There is no graph {graph}.", f"No hay un grafo {graph}."))
