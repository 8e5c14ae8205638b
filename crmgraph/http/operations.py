"""The operation of the service: health checks, metrics, request ids, the access log and compression."""

import asyncio
import json
import logging
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from anyio import CapacityLimiter, to_thread
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client import Counter as Counted
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmgraph import __version__
from crmgraph.errors import AnswerError, Bilingual
from crmgraph.http.endpoint import Endpoint
from crmgraph.http.messages import (
    DATA_HEADERS,
    OPERATIONS,
    Operation,
    RequestContext,
    Resource,
    accept_header,
    problem_response,
)
from crmgraph.sparql.engine import END_REASONS, Engine, Question
from crmgraph.store.writer import StoreWriter

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics(Collector):
    """The metrics of the server: counts of requests and refusals, and gauges that are read at each scrape.

    Attributes:
        since: When the server started, in seconds since the epoch.
        connections: Returns the number of open connections; set by the server.
        reconciliation: Returns the reconciliation service, or None before its first use; set by the server.

    Args:
        pool: The engine.
        digest: Returns the digest of the current data.
        store_writer: The store writer, if the store can be written to.
    """

    def __init__(self, pool: Engine, digest: Callable[[], str], store_writer: StoreWriter | None = None) -> None:
        self.since = time.time()
        self.connections: Callable[[], int] = int
        # Any, because this package may not import the reconciliation service.
        self.reconciliation: Callable[[], Any] = lambda: None
        self._pool = pool
        self._digest = digest
        self._store_writer = store_writer
        self._registry = registry = CollectorRegistry()
        registry.register(self)
        ProcessCollector(registry=registry)
        self._requests = Counted(
            "crmgraph_requests", "Requests that were answered.", ("operation", "status"), registry=registry
        )
        seconds = Histogram(
            "crmgraph_request_seconds",
            "How long requests took, until the answer was handed over.",
            ("operation",),
            buckets=_BUCKETS,
            registry=registry,
        )
        self._refusals = Counted(
            "crmgraph_refusals", "Requests that were sent away, for too many were waiting.", registry=registry
        )
        self._seconds = {operation: seconds.labels(operation) for operation in OPERATIONS}

    def count_request(self, operation: Operation, status: int, seconds: float) -> None:
        """Count a request, with its HTTP status (0 if the client disconnected) and its duration in seconds."""
        self._requests.labels(operation, str(status or "none")).inc()
        self._seconds[operation].observe(seconds)

    def count_refusal(self) -> None:
        """Count a request that was refused, because too many were waiting."""
        self._refusals.inc()

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """Return all metrics and their media type: Prometheus or OpenMetrics, by the Accept header."""
        write, media_type = choose_encoder(accept)
        return write(self._registry), media_type

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics that are read at each scrape."""
        activity, reconciliation = self._pool.activity, self.reconciliation()
        yield InfoMetricFamily(
            "crmgraph_dataset", "What is served.", {"digest": self._digest(), "version": __version__}
        )
        gauges = {
            "start_time_seconds": ("When the server started.", self.since),
            "connections": ("Connections that are open.", self.connections()),
            "processes_busy": ("Processes that work on a query.", activity.busy),
            "processes": ("Processes that there are for queries.", len(activity.pids)),
            "queue": ("Queries that wait for a process.", activity.waiting),
            "batches_busy": (
                "Batches of names that are worked on in turn.",
                reconciliation.busy if reconciliation else 0,
            ),
            "batches_queue": (
                "Batches of names that wait for others of theirs.",
                reconciliation.waiting if reconciliation else 0,
            ),
        }
        for name, (about, value) in gauges.items():
            yield GaugeMetricFamily(f"crmgraph_{name}", about, value)
        kills = CounterMetricFamily("crmgraph_kills", "Processes that ended before they were done.", labels=["reason"])
        others = [each.end_counts for each in (self._store_writer, reconciliation) if each]
        for reason in END_REASONS:
            kills.add_metric([reason], sum(ended.get(reason, 0) for ended in (activity.end_counts, *others)))
        yield kills


DRAINING = "crmgraph.draining"
"""A key in the ASGI lifespan state that exists while the server is draining, before it stops."""

_READY_TIMEOUT = 2.0
"""Seconds in which the engine must answer a query for the server to be ready."""

_READY_CACHE_SECONDS = 0.5
"""Seconds for which the result of a readiness check is reused, so that checks put no load on the engine."""

_READY_QUESTION = Question("ASK {}", result_type="text/csv")
_HEADERS = {**DATA_HEADERS, "Cache-Control": "no-store"}


def operations_routes(endpoint: Endpoint, metrics: Metrics) -> list[BaseRoute]:
    """Return the routes of `/live`, `/ready` and `/metrics`, which use separate threads and so never have to wait."""
    threads = CapacityLimiter(2)
    turn = asyncio.Lock()
    until, is_ready = 0.0, False

    async def live(_: Request) -> Response:
        return PlainTextResponse("live\n", headers=_HEADERS)

    async def ready(request: Request) -> Response:
        nonlocal until, is_ready
        # One check at a time; requests that arrive meanwhile get the same result.
        async with turn:
            if time.monotonic() >= until:
                is_ready = await to_thread.run_sync(is_answering, endpoint.pool, limiter=threads)
                until = time.monotonic() + _READY_CACHE_SECONDS
        is_up = is_ready and DRAINING not in request.scope.get("state", {})
        document = {"ready": is_up, "dataset": endpoint.state}
        return Response(json.dumps(document), 200 if is_up else 503, _HEADERS, "application/json")

    async def show_metrics(request: Request) -> Response:
        body, media_type = await to_thread.run_sync(metrics.exposition, accept_header(request) or "", limiter=threads)
        return Response(body, headers={**_HEADERS, "Content-Type": media_type})

    return [
        Route("/live", Resource(live)),
        Route("/ready", Resource(ready)),
        Route("/metrics", Resource(show_metrics)),
    ]


def is_answering(pool: Engine) -> bool:
    """Return whether the engine answers a trivial query within `_READY_TIMEOUT`."""
    try:
        return pool.answer(_READY_QUESTION, _READY_TIMEOUT).body == b"true"
    except AnswerError:
        return False


ACCESS_LOG = logging.getLogger("crmgraph.requests")
"""The access log, at level INFO."""


_LOGGED_PATH = 500


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
    """The outermost ASGI middleware: gives each request an id, and counts and logs each request.

    Args:
        app: The application.
        metrics: Counts the requests.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        context = RequestContext(scope)
        status = size = 0
        is_whole = False

        async def send_counted(message: Message) -> None:
            nonlocal status, size, is_whole
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", context.id.encode())]
            else:
                size += 0 if context.method == "HEAD" else len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
            await send(message)

        try:
            app = problem_response(Request(scope), _BAD_HEAD) if _is_bad_head(scope) else self.app
            await app(scope, receive, send_counted)
        except Exception:
            if not is_whole:
                raise
            # The client has the whole response, so the connection stays open.
            logging.getLogger(__name__).exception("Request %s failed.", context.id)
        finally:
            seconds = time.perf_counter() - began
            if context.problem == "busy":
                self.metrics.count_refusal()
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


_SINGLE_HEADERS = (b"host", b"content-type", b"authorization")
_HOST = re.compile(rb"(?:[\w.~!$&'()*+,;=%-]*|\[[\w:.]+\])(?::\d*)?")


_BAD_HEAD = HTTPException(
    400,
    Bilingual(
        "The request names no host or a wrong one, or has a header twice that can be there once.",
        "La petición no nombra un host, o nombra uno que no vale, o repite un encabezado que solo puede ir una vez.",
    ),
)


def _is_bad_head(scope: Scope) -> bool:
    """Return whether the head of a request is ambiguous (RFC 9112, section 3.2)."""
    given = [name for name, _ in scope["headers"]]
    host = dict(scope["headers"]).get(b"host", b"" if scope["http_version"] == "1.0" else b"/")
    return any(given.count(name) > 1 for name in _SINGLE_HEADERS) or not _HOST.fullmatch(host)


_REFUSES_GZIP = re.compile(rb"\bgzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)", re.IGNORECASE)


class CompressionMiddleware(GZipMiddleware):
    """ASGI middleware that compresses responses with gzip, unless they are small or already compressed.

    It passes on HEAD as GET, so that both have the same headers; the server drops the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        # Starlette prepares the types that are compressed already for each request; there is one here.
        super().__init__(app, minimum_size=1000, compresslevel=4, exclude_content_types=("application/gzip",))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        if scope.get("method") == "HEAD":
            scope = {**scope, "method": "GET"}
        # Starlette would take "gzip;q=0", which refuses gzip (RFC 9110, section 12.4.2), for a request for it.
        headers = scope.get("headers", ())
        taken = [each for each in headers if each[0] != b"accept-encoding" or not _REFUSES_GZIP.search(each[1])]
        await super().__call__({**scope, "headers": taken}, receive, send)
