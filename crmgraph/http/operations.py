"""Health checks and metrics for operators: /live, /ready and /metrics (Prometheus), and their OpenAPI description."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args

from anyio import CapacityLimiter, to_thread
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client import Counter as Counted
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from crmgraph import __version__
from crmgraph.errors import AnswerError
from crmgraph.http.endpoint import Endpoint
from crmgraph.http.messages import DATA_HEADERS, OPERATIONS, Operation, Resource, accept_header
from crmgraph.http.openapi import response_content
from crmgraph.sparql import Engine, Question
from crmgraph.sparql.engine import END_REASONS
from crmgraph.store.writer import StoreWriter

RefusalReason = Literal["rate", "queue"]
"""Why a request is refused: the rate limit, or a full queue."""

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
        refusals = Counted("crmgraph_refusals", "Requests that were sent away.", ("reason",), registry=registry)
        self._seconds = {operation: seconds.labels(operation) for operation in OPERATIONS}
        self._refusals = {reason: refusals.labels(reason) for reason in get_args(RefusalReason)}

    def count_request(self, operation: Operation, status: int, seconds: float) -> None:
        """Count a request, with its HTTP status (0 if the client disconnected) and its duration in seconds."""
        self._requests.labels(operation, str(status or "none")).inc()
        self._seconds[operation].observe(seconds)

    def count_refusal(self, reason: RefusalReason) -> None:
        """Count a refused request."""
        self._refusals[reason].inc()

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

_READY_QUESTION = Question("ASK {}", result_type="text/csv")
_HEADERS = {**DATA_HEADERS, "Cache-Control": "no-store"}


def operations_routes(endpoint: Endpoint, metrics: Metrics) -> list[BaseRoute]:
    """Return the routes of `/live`, `/ready` and `/metrics`, which use separate threads and so never have to wait."""
    threads = CapacityLimiter(2)

    async def live(_: Request) -> Response:
        return PlainTextResponse("live\n", headers=_HEADERS)

    async def ready(request: Request) -> Response:
        is_ready = await to_thread.run_sync(is_answering, endpoint.pool, limiter=threads)
        is_up = is_ready and DRAINING not in request.scope.get("state", {})
        document = {"ready": is_up, "dataset": endpoint.state}
        return Response(json.dumps(document), 200 if is_up else 503, _HEADERS, "application/json")

    async def show_metrics(request: Request) -> Response:
        body, media_type = await to_thread.run_sync(metrics.exposition, accept_header(request) or "", limiter=threads)
        return Response(body, headers={**_HEADERS, "Content-Type": media_type})

    endpoints = {"/live": live, "/ready": ready, "/metrics": show_metrics}
    return [Route(path, Resource(respond)) for path, respond in endpoints.items()]


def is_answering(pool: Engine) -> bool:
    """Return whether the engine answers a trivial query within `_READY_TIMEOUT`."""
    try:
        return pool.answer(_READY_QUESTION, _READY_TIMEOUT).body == b"true"
    except AnswerError:
        return False


_READY_SCHEMA = {
    "type": "object",
    "required": ["ready", "dataset"],
    "properties": {
        "ready": {
            "type": "boolean",
            "description": "Whether the engine answers a query within 2 seconds, and the server is not about to stop.",
        },
        "dataset": {"type": "string", "description": "What identifies the data as they are now."},
    },
}


def _path(summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"tags": ["operations"], "summary": summary, "responses": responses}}


OPERATIONS_PATHS: dict[str, Any] = {
    "/live": _path(
        "Whether the process runs",
        {"200": {"description": "It does.", "content": response_content(["text/plain"])}},
    ),
    "/ready": _path(
        "Whether questions are answered",
        {
            "200": {"description": "They are.", "content": {"application/json": {"schema": _READY_SCHEMA}}},
            "503": {"description": "They are not.", "content": {"application/json": {"schema": _READY_SCHEMA}}},
        },
    ),
    "/metrics": _path(
        "What the server counts, for Prometheus",
        {
            "200": {
                "description": "All metrics.",
                "content": response_content(["text/plain", "application/openmetrics-text"]),
            }
        },
    ),
}
"""The OpenAPI paths of these routes."""
