"""HTTP messages: the context of a request, content negotiation, headers, entity tags, and problem documents."""

import hashlib
import ipaddress
import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Literal, get_args

import mimeparse
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crmgraph import __version__
from crmgraph.caching import memoize
from crmgraph.errors import Bilingual, CrmgraphError, InputError, NotAcceptableError, UnavailableError, in_language
from crmgraph.http.languages import preferred_language
from crmgraph.namespaces import BASE

Operation = Literal["query", "update", "graph_read", "graph_write", "reconciliation", "page", "other"]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
"""The kinds of requests, as they are named in the log and the metrics."""

LOGGED_CHARACTERS = 200
"""Number of characters of a query that are logged."""

_KEY = "crmgraph.context"
_REQUEST_ID = re.compile(rb"[\w.:+/=@-]{1,128}", re.ASCII)
_RECONCILIATION = re.compile("(/[a-z]{2})?/reconcile(/.*)?", re.DOTALL)
_OTHER_PATHS = frozenset({"/live", "/ready", "/metrics", "/dump.nq.gz", "/openapi.json"})
_IPV6_PREFIX = 64
"""Prefix length of an IPv6 network that counts as one client: a household or company usually has at least that."""


class RequestContext:
    """What the log, the metrics and the limits need to know about a request.

    Attributes:
        id: Value of the header X-Request-ID, if valid, or a new random id.
        client: Address of the client; empty if unknown.
        method: HTTP method.
        path: Path of the URL, without the path prefix of a proxy.
        operation: Kind of request.
        text: Beginning of the query or update; empty for other requests.
        problem: Slug of the error in the response; empty if there is none.
    """

    __slots__ = ("client", "id", "method", "operation", "path", "problem", "text")

    def __init__(self, scope: Scope) -> None:
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        self.id = given.decode("ascii") if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        self.client: str = (scope.get("client") or ("",))[0]
        self.method: str = scope["method"]
        self.path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        self.operation = _operation(self.method, self.path)
        self.text = ""
        self.problem = ""
        scope[_KEY] = self

    def set_operation(self, operation: Operation, text: str = "") -> None:
        """Set the kind of request, and the text of its query or update, once they are known."""
        self.operation = operation
        self.text = text[:LOGGED_CHARACTERS]


def context_of(request: Request) -> RequestContext:
    """Return the context of a request; it is created if there is none."""
    context = request.scope.get(_KEY)
    return context if isinstance(context, RequestContext) else RequestContext(request.scope)


def _operation(method: str, path: str) -> Operation:
    if method == "OPTIONS" or path in _OTHER_PATHS or path.startswith("/static/"):
        return "other"
    if path == "/sparql":
        return "query"
    if path == "/graphs" or path.startswith("/graphs/"):
        return "graph_read" if method in ("GET", "HEAD") else "graph_write"
    return "reconciliation" if _RECONCILIATION.fullmatch(path) else "page"


def client_network(address: str) -> str:
    """Return the key that identifies a client by its address: the IPv4 address, or the /64 network of IPv6."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, _IPV6_PREFIX), strict=False))


def client_id(request: HTTPConnection) -> str:
    """Return the key that identifies the client of a request for limits and scheduling; empty if it is unknown."""
    return client_network(request.client.host) if request.client else ""


_MOST_RANGES = 100


def accept_header(request: Request) -> str | None:
    """Return the Accept header of the request; several are joined into one. None if there is none."""
    lines = request.headers.getlist("accept")
    return ", ".join(lines) if lines else None


@memoize(256)
def choose_media_type(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """Return the offered media type that the header Accept prefers (RFC 9110, section 12.5.1); None if none fits.

    Among types of equal quality, one that the header names precedes one that matches a wildcard, and then the first
    offered type wins. Invalid ranges, and all after the first hundred, are ignored. Without a header, the first offered
    type is returned.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = ",".join(each for each in accept.lower().split(",")[:_MOST_RANGES] if _is_range(each))
    # Of two types with equal quality, mimeparse returns the later.
    return mimeparse.best_match(offered[::-1], ranges) or None


def not_acceptable(offered: Sequence[str]) -> NotAcceptableError:
    """Return the error 406, whose message lists the offered media types."""
    listed = ", ".join(offered)
    return NotAcceptableError(
        Bilingual(
            f"None of the available formats matches the Accept header. Available: {listed}.",
            f"Ninguno de los formatos disponibles corresponde al encabezado Accept. Disponibles: {listed}.",
        )
    )


def _is_range(text: str) -> bool:
    try:
        kind, subtype, _ = mimeparse.parse_media_range(text)
    except mimeparse.MimeTypeParseException:
        return False
    return bool(kind and subtype) and (kind != "*" or subtype == "*")


CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Disposition, Content-Language, Crmgraph-Snapshot, ETag, Link, Location, Retry-After, "
        "WWW-Authenticate, X-Request-ID"
    ),
}
DATA_HEADERS = {**CORS_HEADERS, "X-Content-Type-Options": "nosniff"}
"""Headers for data: CORS for scripts of any web page, and no guessing of another media type by browsers."""

READ_METHODS = "GET, HEAD, OPTIONS"
"""The methods of a read-only resource."""


def preflight(methods: str) -> Response:
    """Return the response to OPTIONS for a resource with these methods; it also answers a CORS preflight (Fetch)."""
    headers = {
        **CORS_HEADERS,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, *",
        "Access-Control-Max-Age": "86400",
        "Allow": methods,
    }
    return Response(status_code=204, headers=headers)


class Resource:
    """An ASGI application for one resource, which answers OPTIONS itself and rejects methods that are not allowed.

    Args:
        respond: Answers requests with the other allowed methods.
        methods: Allowed methods, separated by ", ".
        why: Detail of the error 405 for other methods.
    """

    def __init__(
        self,
        respond: Callable[[Request], Awaitable[Response]],
        methods: str = READ_METHODS,
        why: Bilingual | None = None,
    ) -> None:
        self._respond = respond
        self._methods = methods
        self._why = why

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        request = Request(scope, receive, send)
        if request.method not in self._methods.split(", "):
            raise HTTPException(405, self._why, {"Allow": self._methods})
        response = preflight(self._methods) if request.method == "OPTIONS" else await self._respond(request)
        await response(scope, receive, send)


REVALIDATE_HEADERS = {"Cache-Control": "no-cache"}
"""Headers of responses that depend on the data: caches must revalidate them before each use."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def entity_tag(*parts: object) -> str:
    """Return the entity tag of a response that depends only on these JSON values and the version of crmgraph.

    The tag is weak, because the engine may return the rows of an answer in another order the next time.
    """
    return f'W/"{hashlib.sha256(json.dumps([__version__, *parts]).encode()).hexdigest()[:32]}"'


def has_matching_tag(request: Request, tag: str, any_tag: bool = True) -> bool:
    """Return whether the header If-None-Match contains this tag, by weak comparison (RFC 9110, section 13.1.2).

    If the header is `*`, return `any_tag`.
    """
    given = ", ".join(request.headers.getlist("if-none-match"))
    if given.strip() == "*":
        return any_tag
    return tag.removeprefix("W/") in _TAG.findall(given)


def tag_headers(tag: str) -> dict[str, str]:
    """Return the headers of a response with this entity tag."""
    return {"ETag": tag, **REVALIDATE_HEADERS}


def not_modified(tag: str) -> Response:
    """Return the response 304 (Not Modified) with this entity tag."""
    return Response(status_code=304, headers=tag_headers(tag))


PROBLEM_JSON = "application/problem+json"

ErrorPage = Callable[[Request, Exception], Response | None]
"""A function that renders the page for an error, or returns None if it cannot render pages yet."""

_LOGGED_PROBLEMS = ("engine", "storage")
"""Slugs of the problems that the operator has to solve, so that they are logged as errors."""

_TITLES = {
    400: Bilingual("The request cannot be understood", "No se entiende la petición"),
    401: Bilingual("This needs a token", "Esto requiere un token"),
    403: Bilingual("This is not allowed", "Esto no está permitido"),
    404: Bilingual("There is nothing at this address", "No hay nada en esta dirección"),
    405: Bilingual("This address does not accept this method", "Esta dirección no admite este método"),
    406: Bilingual("Not available in the requested format", "No disponible en el formato solicitado"),
    408: Bilingual("The request did not arrive in time", "La petición no llegó a tiempo"),
    413: Bilingual("The request is too large", "La petición es demasiado grande"),
    414: Bilingual("The address is too long", "La dirección es demasiado larga"),
    415: Bilingual("This type of body is not accepted", "No se acepta este tipo de cuerpo"),
    429: Bilingual("Too many requests", "Demasiadas peticiones"),
    431: Bilingual("The headers are too large", "Los encabezados son demasiado grandes"),
    500: CrmgraphError.problem.title,
    501: Bilingual("This is not known here", "Esto no se conoce aquí"),
    503: Bilingual("Not available right now", "No disponible en este momento"),
}


@dataclass(frozen=True)
class Problem:
    """The content of a problem document (RFC 9457).

    Attributes:
        status: HTTP status.
        type: IRI of the type of problem, or "about:blank".
        title: Short description of the type, in the language of the client.
        detail: What is wrong with this request, in the same language.
        line: Line of the mistake in the text that was sent, if any.
        column: Column of the mistake, if any.
        request: Id of the request.
    """

    status: int
    type: str
    title: str
    detail: str = ""
    line: int | None = None
    column: int | None = None
    request: str = ""

    def document(self) -> bytes:
        """Return the problem document as JSON (RFC 9457, section 3), without empty members."""
        members = {name: value for name, value in vars(self).items() if value not in ("", None)}
        return json.dumps(members, ensure_ascii=False).encode()


def bad_request(english: str, spanish: str) -> HTTPException:
    """Return the error 400 with this detail."""
    return HTTPException(400, Bilingual(english, spanish))


def problem_of(error: Exception, language: str) -> Problem:
    """Return the problem document for an error in `language` ("es" or "en"); unexpected errors get no detail."""
    if isinstance(error, CrmgraphError) and error.problem.slug:
        status, slug, title = error.problem
        detail = in_language(error, language)
        return Problem(status, BASE + "problem/" + slug, in_language(title, language), detail, *_line_and_column(error))
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        title = _TITLES.get(error.status_code, Bilingual(phrase, phrase))
        detail = "" if error.detail == phrase else in_language(error.detail, language)
        return Problem(error.status_code, "about:blank", in_language(title, language), detail)
    return Problem(500, "about:blank", in_language(CrmgraphError.problem.title, language))


def add_problem_handlers(app: Starlette, page: ErrorPage | None = None) -> None:
    """Make `app` answer errors with a problem document, or with a `page` if the client prefers HTML.

    OPTIONS for a read-only address, which FastAPI answers with 405, gets a proper response.
    """

    async def handle(request: Request, error: Exception) -> Response:
        if request.method == "OPTIONS" and isinstance(error, HTTPException) and error.status_code == 405:
            # FastAPI does not implement OPTIONS.
            return preflight(READ_METHODS)
        # Only pages need a thread. Problem documents are sent at once, even if all threads are busy.
        if page is None or not _prefers_html(request):
            return problem_response(request, error)
        return await to_thread.run_sync(problem_response, request, error, page)

    # ClientDisconnect, too: otherwise it would be logged as an unexpected error.
    for kind in (CrmgraphError, HTTPException, ClientDisconnect, Exception):
        app.add_exception_handler(kind, handle)


def problem_response(request: Request, error: Exception, page: ErrorPage | None = None) -> Response:
    """Return the response to a request that failed: a page if the client prefers HTML, or else a problem document."""
    context = context_of(request)
    kind = context.problem = problem_slug(error)
    if kind in _LOGGED_PROBLEMS:
        logging.getLogger(__name__).error("%s: %s", kind, error)
    response = None
    if page is not None and _prefers_html(request):
        try:
            response = page(request, error)
        except Exception:
            # The client still gets a problem document about the first error.
            logging.getLogger(__name__).exception("The page that tells of an error could not be made.")
    if response is None:
        language = preferred_language(request.headers.get("accept-language"))
        problem = replace(problem_of(error, language), request=context.id)
        headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
        response = Response(problem.document(), problem.status, headers, PROBLEM_JSON)
    response.headers.update(DATA_HEADERS)
    response.headers.update(error.headers or {} if isinstance(error, HTTPException) else {})
    if response.headers.get("allow") in ("GET", "GET, HEAD", "HEAD, GET"):
        # FastAPI lists neither HEAD nor OPTIONS, which every read-only address answers.
        response.headers["Allow"] = READ_METHODS
    if isinstance(error, UnavailableError):
        response.headers["Retry-After"] = "10"
    response.headers["Cache-Control"] = "no-store"
    return response


def problem_slug(error: Exception) -> str:
    """Return the slug of the error's type of problem; empty for errors that only have an HTTP status."""
    if isinstance(error, ClientDisconnect):
        return "left"
    return error.problem.slug if isinstance(error, CrmgraphError) else ""


def _prefers_html(request: Request) -> bool:
    return choose_media_type(accept_header(request), (PROBLEM_JSON, "text/html")) == "text/html"


def _line_and_column(error: Exception) -> tuple[int | None, int | None]:
    place = error.place if isinstance(error, InputError) else error
    return getattr(place, "line", None), getattr(place, "column", None)
