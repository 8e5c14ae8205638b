"""Middleware around the application: request ids, the rate limit, metrics and the access log."""

import json
import logging
import math
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmgraph.errors import Bilingual, BusyError
from crmgraph.http.errors import Page, problem_response
from crmgraph.http.messages import RequestContext, client_at, is_local
from crmgraph.http.operations import Metrics

__all__ = [
    "BURST",
    "LOGGER",
    "RateLimit",
    "RequestMiddleware",
    "log_rejection",
    "log_request",
    "start_access_log",
]

BURST = 20.0
"""Seconds whose requests a client may send at once."""

LOGGER = logging.getLogger("crmgraph.requests")
"""The access log, at level INFO."""


_PAGES = 100
_CLIENTS = 10_000
_LONGEST_PATH = 500


class RateLimit:
    """A token bucket for each client: `rate` requests a second on average, and those of BURST seconds at once.

    Of more than 10,000 clients, those that were not seen for longest are forgotten. With `spares_local`, clients on
    this machine are not limited. For one thread.
    """

    def __init__(
        self, rate: float, spares_local: bool = False, clock: Callable[[], float] = time.monotonic, most: int = _CLIENTS
    ) -> None:
        self._rate = rate
        self._burst = max(rate * BURST, 1.0)
        self._spares_local = spares_local
        self._most = most
        self._clock = clock
        # The tokens of each client, and when it had them.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of clients that are remembered."""
        return len(self._buckets)

    def take(self, address: str) -> int:
        """Count a request of the client at this address; return the seconds that it has to wait, 0 for none."""
        if self._spares_local and is_local(address):
            return 0
        client, now = client_at(address), self._clock()
        tokens, since = self._buckets.get(client, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._rate)
        is_refused = tokens < 1
        self._buckets[client] = (tokens if is_refused else tokens - 1, now)
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return max(math.ceil((1 - tokens) / self._rate), 1) if is_refused else 0


def start_access_log() -> None:
    """Have each request logged to standard error, one line of JSON each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def log_request(context: RequestContext, status: int, seconds: float, size: int) -> None:
    """Log a request with its status, 0 where it was not answered, and the size of the answer's body in bytes.

    Headers and the query string are left out, since they may hold secrets; of a query, the beginning is logged.
    """
    _log(
        context.id,
        context.client,
        method=context.method,
        path=context.path[:_LONGEST_PATH],
        operation=context.operation,
        status=status or None,
        milliseconds=round(seconds * 1000, 1),
        bytes=size,
        **({"query": context.text} if context.text else {}),
        **({"problem": context.problem} if context.problem else {}),
    )


def log_rejection(request: str, client: str, status: int, reason: str) -> None:
    """Log a connection that was rejected before there was a whole request, by the id that the answer gave it."""
    _log(request, client, status=status, problem=reason)


def _log(request: str, client: str, **fields: object) -> None:
    if LOGGER.isEnabledFor(logging.INFO):
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        LOGGER.info(json.dumps({"time": now, "request": request, "client": client, **fields}))


class RequestMiddleware:
    """Middleware (ASGI) around all else: gives each request an id, counts and logs it, and keeps the limits.

    At most `pages` pages are rendered or waited for at a time. `error_page` is for clients that prefer HTML to
    a problem document.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        rate: RateLimit | None = None,
        pages: int = _PAGES,
        error_page: Page | None = None,
    ) -> None:
        self.app = app
        self.metrics = metrics
        self._rate = rate
        self._most_pages = pages
        self._error_page = error_page
        self._pages = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
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
                # The time to read a page does not count.
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
            # The client has its answer, and the connection goes on.
            logging.getLogger(__name__).exception("Request %s failed.", context.id)
        finally:
            self._pages -= pages
            seconds = time.perf_counter() - began
            if context.problem == "busy":
                self.metrics.refused("queue")
            elif context.problem == "left":
                status = size = 0
            self.metrics.answered(context.operation, status, seconds)
            log_request(context, status, seconds, size)

    def _refusal(self, context: RequestContext) -> Exception | None:
        seconds = 0 if self._rate is None or context.is_unlimited else self._rate.take(context.client)
        if seconds:
            self.metrics.refused("rate")
            return _too_often(seconds)
        return BusyError(_too_many_pages(self._most_pages)) if self._pages > self._most_pages else None


def _too_often(seconds: int) -> HTTPException:
    return HTTPException(
        429,
        Bilingual(
            f"More requests come from your address than are answered. Go on after {seconds} s, and more slowly.",
            f"Desde su dirección llegan más peticiones de las que se atienden. Continúe dentro de {seconds} s y más "
            "despacio.",
        ),
        {"Retry-After": str(seconds)},
    )


def _too_many_pages(pages: int) -> Bilingual:
    return Bilingual(
        f"As many pages are being made as can be at once ({pages}). Load this one again in a moment.",
        f"Ya se están preparando todas las páginas posibles a la vez ({pages}). Vuelva a cargar esta en un momento.",
    )
