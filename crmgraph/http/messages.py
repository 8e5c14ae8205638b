"""Parts of HTTP requests and responses: the context of a request, content negotiation, headers and entity tags."""

import hashlib
import ipaddress
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, get_args

import mimeparse
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmgraph import __version__
from crmgraph.caching import memoize
from crmgraph.errors import Bilingual, NotAcceptableError

__all__ = [
    "CORS_HEADERS",
    "DATA_HEADERS",
    "FRESH",
    "OPERATIONS",
    "READING",
    "SHOWN",
    "CompressionMiddleware",
    "Operation",
    "RequestContext",
    "Resource",
    "accepted",
    "choose",
    "client_at",
    "client_of",
    "context_of",
    "headers_of",
    "is_local",
    "matches",
    "not_modified",
    "nothing_fits",
    "preflight",
    "tag_of",
]

Operation = Literal["query", "update", "graph_read", "graph_write", "reconciliation", "page", "other"]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
"""The operations that a request may ask for, as the log and the metrics name them."""

SHOWN = 200
"""Number of characters of a query that the log shows."""

_KEY = "crmgraph.context"
_REQUEST_ID = re.compile(rb"[\w.:+/=@-]{1,128}", re.ASCII)
_HEALTH = frozenset({"/live", "/ready", "/metrics"})
_RECONCILIATION = re.compile("(/[a-z]{2})?/reconcile(/.*)?", re.DOTALL)
_OTHERS = frozenset({*_HEALTH, "/dump.nq.gz", "/openapi.json"})
_IPV6_PREFIX = 64
"""Length of the network that one household or company has, and with it more addresses than can be counted."""


class RequestContext:
    """The context of a request.

    `id` is the name that the client or a proxy gave it, or a new one; `client` the address of the client, empty where
    it is unknown; `path` the path below the prefix of a proxy. `text` is the beginning of the query or update, and
    `problem` the kind of error that was answered.
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

    @property
    def is_unlimited(self) -> bool:
        """Whether no limit holds for the request: it watches over the server, or is for the assets of the site."""
        return self.operation == "other" and (self.path in _HEALTH or self.path.startswith("/static/"))

    def asks(self, operation: Operation, text: str = "") -> None:
        """Note what the request turned out to ask for."""
        self.operation = operation
        self.text = text[:SHOWN]


def context_of(request: Request) -> RequestContext:
    """Return the context of a request."""
    context = request.scope.get(_KEY)
    return context if isinstance(context, RequestContext) else RequestContext(request.scope)


def _operation(method: str, path: str) -> Operation:
    if method == "OPTIONS" or path in _OTHERS or path.startswith("/static/"):
        return "other"
    if path == "/sparql":
        return "query"
    if path == "/graphs" or path.startswith("/graphs/"):
        return "graph_read" if method in ("GET", "HEAD") else "graph_write"
    return "reconciliation" if _RECONCILIATION.fullmatch(path) else "page"


def client_at(address: str) -> str:
    """Return what all addresses of one client share: the address, or of IPv6 its network."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, _IPV6_PREFIX), strict=False))


def client_of(request: HTTPConnection) -> str:
    """Return what all requests of one client share; an empty text where nobody knows where the request comes from."""
    return client_at(request.client.host) if request.client else ""


def is_local(address: str) -> bool:
    """Tell whether the client is on the machine of the server."""
    return address in ("", "::1") or client_at(address).startswith("127.")


CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Disposition, Content-Language, Crmgraph-Snapshot, ETag, Location, Retry-After, "
        "WWW-Authenticate, X-Request-ID"
    ),
}
DATA_HEADERS = {**CORS_HEADERS, "X-Content-Type-Options": "nosniff"}
"""Headers of data: scripts of any page may read it, and no browser may guess another type."""

READING = "GET, HEAD, OPTIONS"
"""The methods of a resource that is read-only."""


def preflight(methods: str) -> Response:
    """Return the response to OPTIONS, plain or as a CORS preflight (Fetch, CORS protocol), for these methods."""
    headers = {
        **CORS_HEADERS,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, *",
        "Access-Control-Max-Age": "86400",
        "Allow": methods,
    }
    return Response(status_code=204, headers=headers)


class Resource:
    """An application (ASGI) whose `respond` answers `methods` except OPTIONS; `why` is the detail of a 405."""

    def __init__(
        self,
        respond: Callable[[Request], Awaitable[Response]],
        methods: str = READING,
        why: Bilingual | None = None,
    ) -> None:
        self._respond = respond
        self._methods = methods
        self._why = why

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive, send)
        if request.method not in self._methods.split(", "):
            raise HTTPException(405, self._why, {"Allow": self._methods})
        response = preflight(self._methods) if request.method == "OPTIONS" else await self._respond(request)
        await response(scope, receive, send)


FRESH = {"Cache-Control": "no-cache"}
"""Headers of responses that depend on the data: caches ask before they serve them again."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def tag_of(*parts: object) -> str:
    """Return the entity tag of a response that depends on these parts alone, which are JSON values.

    It is weak, since the engine may give the rows of an answer in another order the next time.
    """
    text = json.dumps([__version__, *parts])
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def matches(request: Request, tag: str, any_tag: bool = True) -> bool:
    """Tell whether If-None-Match has this tag, compared weakly (RFC 9110, section 13.1.2), or with `any_tag` a star."""
    given = ", ".join(request.headers.getlist("if-none-match"))
    if given.strip() == "*":
        return any_tag
    return tag.removeprefix("W/") in _TAG.findall(given)


def headers_of(tag: str) -> dict[str, str]:
    """Return the headers of a response with this tag."""
    return {"ETag": tag, **FRESH}


def not_modified(tag: str) -> Response:
    """Return the response 304 with this tag."""
    return Response(status_code=304, headers=headers_of(tag))


_MOST_RANGES = 100


def accepted(request: Request) -> str | None:
    """Return the Accept header of the request, its lines joined into one; None without one."""
    lines = request.headers.getlist("accept")
    return ", ".join(lines) if lines else None


@memoize(256)
def choose(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """Return the offered media type that the Accept header prefers (RFC 9110, section 12.5.1), None where none fits.

    Of equals, a type that is named goes before one that matches a wildcard, and then the first offered. Invalid ranges
    and those behind the hundredth are ignored; without a header, the first offered type is returned.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = ",".join(each for each in accept.lower().split(",")[:_MOST_RANGES] if _is_range(each))
    # Of two that are liked equally mimeparse takes the later.
    return mimeparse.best_match(offered[::-1], ranges) or None


def nothing_fits(offered: Sequence[str]) -> NotAcceptableError:
    """Return the error that lists the offered media types."""
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


_TAKES_GZIP = re.compile(rb"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)", re.IGNORECASE)


class CompressionMiddleware:
    """Middleware (ASGI) that compresses responses by gzip, unless they are small or compressed already.

    HEAD is answered as GET, so that its headers are the same; the server drops the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._gzipped = GZipMiddleware(app, minimum_size=1000, compresslevel=4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._plain(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                _say_that_it_varies(MutableHeaders(raw=message["headers"]))
            await send(message)

        headers = scope["headers"]
        if not _TAKES_GZIP.search(b",".join(value for name, value in headers if name == b"accept-encoding")):
            await self._plain(scope, receive, tell)
            return
        # Starlette looks for the coding in small letters, and codings have no case (RFC 9110, section 8.4.1).
        taken = [*(each for each in headers if each[0] != b"accept-encoding"), (b"accept-encoding", b"gzip")]
        await self._gzipped({**scope, "headers": taken}, receive, tell)


def _say_that_it_varies(headers: MutableHeaders) -> None:
    """Add `Vary: Accept-Encoding`, also to a 304, and weaken a strong tag, which would hold for one encoding only.

    Responses that are never compressed are left alone.
    """
    if headers.get("content-type") == "application/gzip":
        return
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    headers["Vary"] = ", ".join(dict.fromkeys(re.split(r",\s*", headers["Vary"])))
    if headers.get("etag", "").startswith('"'):
        headers["ETag"] = f"W/{headers['etag']}"
