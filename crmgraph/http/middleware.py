"""ASGI middleware for request ids, rate limits, metrics, the access log and compression; and checks of connections.

Requests that cannot be parsed also get a problem document (RFC 9457).
"""

import json
import logging
import math
import re
import secrets
import sys
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import ClassVar

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from crmgraph.errors import Bilingual, BusyError
from crmgraph.http.languages import preferred_language
from crmgraph.http.messages import (
    DATA_HEADERS,
    PROBLEM_JSON,
    ErrorPage,
    RequestContext,
    client_network,
    is_local,
    problem_of,
    problem_response,
)
from crmgraph.http.operations import DRAINING, Metrics, RefusalReason

BURST_SECONDS = 20.0
"""Size of the token bucket of a client, in seconds of its rate."""

ACCESS_LOG = logging.getLogger("crmgraph.requests")
"""The access log, at level INFO."""


_MOST_PAGES = 100
_MOST_CLIENTS = 10_000
_LOGGED_PATH = 500


class RateLimit:
    """A rate limit with a token bucket for each client: `rate` requests a second on average. Not thread-safe.

    A client may send the requests of BURST_SECONDS at once. At most `most_clients` clients are remembered; the least
    recently seen are forgotten. With `spares_local`, clients on the same machine are not limited.
    """

    def __init__(
        self,
        rate: float,
        spares_local: bool = False,
        clock: Callable[[], float] = time.monotonic,
        most_clients: int = _MOST_CLIENTS,
    ) -> None:
        self._rate = rate
        self._burst = max(rate * BURST_SECONDS, 1.0)
        self._spares_local = spares_local
        self._most_clients = most_clients
        self._clock = clock
        # For each client, its tokens and when they were last updated.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of clients that are remembered."""
        return len(self._buckets)

    def take(self, address: str) -> int:
        """Count a request from this address. Return 0 if it is allowed, else the seconds that the client must wait."""
        if self._spares_local and is_local(address):
            return 0
        client, now = client_network(address), self._clock()
        tokens, since = self._buckets.get(client, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        is_refused = tokens < 1
        self._buckets[client] = (tokens if is_refused else tokens - 1, now)
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._most_clients:
            self._buckets.popitem(last=False)
        return max(math.ceil((1 - tokens) / self._rate), 1) if is_refused else 0


def start_access_log() -> None:
    """Start to log each request to standard error, as a line of JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    ACCESS_LOG.handlers = [handler]
    ACCESS_LOG.setLevel(logging.INFO)
    ACCESS_LOG.propagate = False


def _log(request: str, client: str, **fields: object) -> None:
    if ACCESS_LOG.isEnabledFor(logging.INFO):
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        ACCESS_LOG.info(json.dumps({"time": now, "request": request, "client": client, **fields}))


class RequestMiddleware:
    """The outermost ASGI middleware: gives each request an id, enforces the limits, and counts and logs each request.

    Args:
        app: The application.
        metrics: Counts the requests.
        rate: The rate limit, if any.
        pages: Number of pages that may be in progress at a time; more are refused.
        error_page: Renders an error for clients that prefer HTML to a problem document.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        rate: RateLimit | None = None,
        pages: int = _MOST_PAGES,
        error_page: ErrorPage | None = None,
    ) -> None:
        self.app = app
        self.metrics = metrics
        self._rate = rate
        self._most_pages = pages
        self._error_page = error_page
        self._pages = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        context = RequestContext(scope)
        status = size = 0
        is_whole = False
        pages = int(context.operation == "page")
        self._pages += pages

        async def send_counted(message: Message) -> None:
            nonlocal status, size, is_whole, pages
            if message["type"] == "http.response.start":
                # A page counts until its response starts, so that slow readers do not use up the limit.
                self._pages -= pages
                pages = 0
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", context.id.encode())]
            else:
                size += 0 if context.method == "HEAD" else len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
            await send(message)

        try:
            refusal = self._refusal(context)
            refused = refusal and problem_response(Request(scope), refusal, self._error_page)
            await (refused or self.app)(scope, receive, send_counted)
        except Exception:
            if not is_whole:
                raise
            # The client has the whole response, so the connection stays open.
            logging.getLogger(__name__).exception("Request %s failed.", context.id)
        finally:
            self._pages -= pages
            seconds = time.perf_counter() - began
            if context.problem == "busy":
                self.metrics.count_refusal("queue")
            elif context.problem == "left":
                status = size = 0
            self.metrics.count_request(context.operation, status, seconds)
            # Headers and the query string may contain secrets and are not logged; only the beginning of a query is.
            _log(
                context.id,
                context.client,
                method=context.method,
                path=context.path[:_LOGGED_PATH],
                operation=context.operation,
                status=status or None,
                milliseconds=round(seconds * 1000, 1),
                bytes=size,
                **({"query": context.text} if context.text else {}),
                **({"problem": context.problem} if context.problem else {}),
            )

    def _refusal(self, context: RequestContext) -> Exception | None:
        seconds = 0 if self._rate is None or context.is_exempt_from_limits else self._rate.take(context.client)
        if seconds:
            self.metrics.count_refusal("rate")
            return _error(
                429,
                f"More requests come from your address than are answered. Go on after {seconds} s, and more slowly.",
                f"Desde su dirección llegan más peticiones de las que se atienden. Continúe dentro de {seconds} s y "
                "más despacio.",
                **{"Retry-After": str(seconds)},
            )
        if self._pages > self._most_pages:
            return BusyError(
                Bilingual(
                    f"As many pages are being made as can be at once ({self._most_pages}). Load this one again in a "
                    "moment.",
                    f"Ya se están preparando todas las páginas posibles a la vez ({self._most_pages}). Vuelva a cargar "
                    "esta en un momento.",
                )
            )
        return None


LONGEST_ADDRESS = 65_535
"""Longest URL of a request in bytes; the HTTP parser accepts no more."""

LARGEST_HEAD = 256 * 1024
"""Largest size of a request's head (request line and headers), in bytes."""

_LINGER_SECONDS = 0.2
"""Seconds that a rejected connection stays open, so that a client that is still sending can read the error."""

_MOST_LINGERING = 64
_SINGLE_HEADERS = (b"host", b"content-type", b"authorization")
_HOST = re.compile(rb"(?:[\w.~!$&'()*+,;=%-]*|\[[\w:.]+\])(?::\d*)?")
_AUTHORITY = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)


def _error(status: int, english: str, spanish: str, **headers: str) -> HTTPException:
    return HTTPException(status, Bilingual(english, spanish), headers)


_BAD_HEAD = _error(
    400,
    "The request names no host or a wrong one, or has a header twice that can be there once.",
    "La petición no nombra un host, o nombra uno que no vale, o repite un encabezado que solo puede ir una vez.",
)
_TOO_LARGE = _error(
    431,
    f"The head of the request has more than {LARGEST_HEAD} bytes.",
    f"La cabecera de la petición tiene más de {LARGEST_HEAD} bytes.",
)


class Connection(HttpToolsProtocol):
    """A connection of the HTTP server: checks requests as RFC 9112 requires, and limits the number of connections.

    Attributes:
        most_connections: Number of connections that may be open at a time.
        count_rejection: Counts a rejected connection.
        rejected: Rejected connections that are still open.
    """

    most_connections: ClassVar[int]
    count_rejection: ClassVar[Callable[[RefusalReason], None]]
    rejected: ClassVar["set[Connection]"]

    _head_size = 0
    _is_in_head = True
    _is_rejected = False
    _error: HTTPException | None = None

    def connection_made(self, transport) -> None:  # type: ignore[no-untyped-def]
        """Accept the connection, or reject it if too many are open."""
        super().connection_made(transport)
        self._cycles: list[RequestResponseCycle] = []
        if len(self.connections) - len(self.rejected) > self.most_connections:
            self._reject(
                _error(
                    503,
                    "As many connections are open as can be. Try again later.",
                    "Ya están abiertas todas las conexiones posibles. Vuelva a intentarlo más tarde.",
                    **{"Retry-After": "10"},
                ),
                "connections",
            )

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        super().connection_lost(exc)
        self.rejected.discard(self)
        # Uvicorn notifies only the last of several pipelined requests.
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._is_rejected:
            return
        super().data_received(data)
        if self._is_in_head:
            self._head_size += len(data)
            if self._head_size > LARGEST_HEAD and not self._is_rejected:
                self._reject(_TOO_LARGE, "malformed")

    def on_message_begin(self) -> None:
        """See HttpToolsProtocol."""
        super().on_message_begin()
        self._is_in_head, self._head_size = True, 0

    def on_headers_complete(self) -> None:
        """Check the head of the request. While the server is draining, close the connection after the response."""
        self._is_in_head = False
        named = _AUTHORITY.match(self.url)
        if named:
            # A host in an absolute URL takes precedence over the header (RFC 9112, section 3.2.2).
            self.headers[:] = [pair for pair in self.headers if pair[0] != b"host"] + [(b"host", named[1])]
        self._error = self._error_in_head()
        if self._error is not None:
            # The parser stops, and uvicorn calls `send_400_response`.
            raise self._error
        super().on_headers_complete()
        self._cycles = [*(cycle for cycle in self._cycles if not cycle.response_complete), self.cycle]
        if DRAINING in self.app_state:
            self.cycle.keep_alive = False

    def _error_in_head(self) -> HTTPException | None:
        """Return the error in a request head that the parser has accepted, or None (RFC 9112, sections 3.2 and 6.1)."""
        given = Counter(name for name, _ in self.headers)
        values = dict(self.headers)
        if any(given[name] > 1 for name in _SINGLE_HEADERS) or not _HOST.fullmatch(values.get(b"host", b"")):
            return _BAD_HEAD
        if b"host" not in values and self.parser.get_http_version() != "1.0":
            return _BAD_HEAD
        if values.get(b"transfer-encoding", b"chunked").strip().lower() != b"chunked":
            return _error(
                501,
                "The request comes in a transfer coding that is not known here; chunked is.",
                "La petición llega con una codificación de transferencia que aquí no se conoce; se admite chunked.",
            )
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > LARGEST_HEAD:
            return _TOO_LARGE
        return None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the signature is uvicorn's
        """Reject a request that cannot be parsed or has an error in its head (called by uvicorn)."""
        is_too_long = len(getattr(self, "url", b"")) > LONGEST_ADDRESS
        self._reject(
            self._error
            or (
                _error(
                    414,
                    f"The address has more than {LONGEST_ADDRESS} bytes. Send a long query as the body of a POST "
                    "request.",
                    f"La dirección tiene más de {LONGEST_ADDRESS} bytes. Envíe una consulta larga como cuerpo de una "
                    "petición POST.",
                )
                if is_too_long
                else _error(
                    400,
                    "This is not a request of HTTP/1.1, or has a method that nobody knows.",
                    "Esto no es una petición de HTTP/1.1, o tiene un método que nadie conoce.",
                )
            ),
            "malformed",
        )

    def _reject(self, error: HTTPException, reason: RefusalReason) -> None:
        self._is_rejected = True
        self.rejected.add(self)
        type(self).count_rejection(reason)
        request = secrets.token_hex(8)
        language = preferred_language(dict(self.headers or ()).get(b"accept-language", b"").decode("latin-1"))
        problem = replace(problem_of(error, language), request=request)
        document = problem.document()
        headers = {
            **DATA_HEADERS,
            **(error.headers or {}),
            "Content-Type": PROBLEM_JSON,
            "Content-Language": language,
            "Content-Length": str(len(document)),
            "Cache-Control": "no-store",
            "X-Request-ID": request,
            "Connection": "close",
        }
        status = HTTPStatus(problem.status)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        self.transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + document)
        if self.transport.can_write_eof() and len(self.rejected) <= _MOST_LINGERING:
            self.transport.write_eof()
            self.loop.call_later(_LINGER_SECONDS, self.transport.close)
        else:
            self.transport.close()
        _log(request, self.client[0] if self.client else "", status=problem.status, problem=reason)


def connection_class(most_connections: int, count_rejection: Callable[[RefusalReason], None]) -> type[Connection]:
    """Return a subclass of Connection for one server, with this limit and this function that counts rejections."""
    return type(
        "Connection",
        (Connection,),
        {"most_connections": most_connections, "count_rejection": staticmethod(count_rejection), "rejected": set()},
    )


_ACCEPTS_GZIP = re.compile(
    rb"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)", re.IGNORECASE
)


class CompressionMiddleware:
    """ASGI middleware that compresses responses with gzip, unless they are small or already compressed.

    It passes on HEAD as GET, so that both have the same headers; the server drops the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._gzipped = GZipMiddleware(app, minimum_size=1000, compresslevel=4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] != "http":
            await self._plain(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_vary(MutableHeaders(raw=message["headers"]))
            await send(message)

        headers = scope["headers"]
        if not _ACCEPTS_GZIP.search(b",".join(value for name, value in headers if name == b"accept-encoding")):
            await self._plain(scope, receive, send_varying)
            return
        # Starlette looks for "gzip" in lower case only, but codings are case-insensitive (RFC 9110, section 8.4.1).
        taken = [*(each for each in headers if each[0] != b"accept-encoding"), (b"accept-encoding", b"gzip")]
        await self._gzipped({**scope, "headers": taken}, receive, send_varying)


def _add_vary(headers: MutableHeaders) -> None:
    """Add `Vary: Accept-Encoding`, and make a strong entity tag weak, because it would be valid for one encoding only.

    This applies to 304, too. The dump, which is never compressed again, is left unchanged.
    """
    if headers.get("content-type") == "application/gzip":
        return
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    headers["Vary"] = ", ".join(dict.fromkeys(re.split(r",\s*", headers["Vary"])))
    if headers.get("etag", "").startswith('"'):
        headers["ETag"] = f"W/{headers['etag']}"
