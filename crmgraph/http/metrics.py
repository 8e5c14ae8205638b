"""Metrics of the server, for Prometheus."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol, get_args

from prometheus_client import CollectorRegistry, Histogram, ProcessCollector
from prometheus_client import Counter as Counted
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from crmgraph import __version__
from crmgraph.http.context import OPERATIONS, Operation
from crmgraph.sparql import Engine
from crmgraph.sparql.engine import ENDS, End
from crmgraph.store.writer import StoreWriter

__all__ = ["Metrics", "Reason"]

Reason = Literal["rate", "queue", "connections", "malformed"]
"""Why a request is refused: too many of one client, too many that wait, too many connections, or no valid HTTP."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Queue(Protocol):
    """A queue of work for processes."""

    @property
    def busy(self) -> int:
        """Number of requests at work."""

    @property
    def waiting(self) -> int:
        """Number of requests that wait."""

    @property
    def ended(self) -> Mapping[End, int]:
        """Number of processes that ended at work, by reason."""


class Metrics:
    """Counts requests and refusals, and reads the state of the service when it is asked.

    `digest` returns what identifies the data. The server sets `connections`, which returns the number of connections,
    and `reconciliation`, which returns the service, None before its first use. `since` is the start, in seconds of the
    epoch.
    """

    def __init__(self, pool: Engine, digest: Callable[[], str], store_writer: StoreWriter | None = None) -> None:
        self.since = time.time()
        self.connections: Callable[[], int] = int
        self.reconciliation: Callable[[], Queue | None] = lambda: None
        self._registry = CollectorRegistry()
        self._registry.register(_State(self, pool, digest, store_writer))
        ProcessCollector(registry=self._registry)
        self._requests = Counted(
            "crmgraph_requests", "Requests that were answered.", ("operation", "status"), registry=self._registry
        )
        seconds = Histogram(
            "crmgraph_request_seconds",
            "How long requests took, until the answer was handed over.",
            ("operation",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        refusals = Counted(
            "crmgraph_refusals", "Requests and connections that were sent away.", ("reason",), registry=self._registry
        )
        self._seconds = {operation: seconds.labels(operation) for operation in OPERATIONS}
        self._refusals = {reason: refusals.labels(reason) for reason in get_args(Reason)}
        self._known: dict[tuple[Operation, int], Counted] = {}

    def answered(self, operation: Operation, status: int, seconds: float) -> None:
        """Count a request with its status, 0 where the client left, and its time in seconds."""
        known = self._known.get((operation, status))
        if known is None:
            known = self._known[operation, status] = self._requests.labels(operation, str(status or "none"))
        known.inc()
        self._seconds[operation].observe(seconds)

    def refused(self, reason: Reason) -> None:
        """Count a refusal."""
        self._refusals[reason].inc()

    def document(self, accept: str) -> tuple[bytes, str]:
        """Return all metrics in the syntax that the Accept header prefers, and its media type."""
        write, media_type = choose_encoder(accept)
        return write(self._registry), media_type


class _State(Collector):
    """Collects the state of the service when metrics are read."""

    def __init__(
        self, metrics: Metrics, pool: Engine, digest: Callable[[], str], store_writer: StoreWriter | None
    ) -> None:
        self._metrics = metrics
        self._pool = pool
        self._digest = digest
        self._store_writer = store_writer

    def describe(self) -> list[Metric]:
        """Return nothing: the registry need not collect beforehand."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        pool = self._pool
        yield InfoMetricFamily(
            "crmgraph_dataset", "What is served.", {"digest": self._digest(), "version": __version__}
        )
        yield GaugeMetricFamily("crmgraph_start_time_seconds", "When the server started.", self._metrics.since)
        yield GaugeMetricFamily("crmgraph_connections", "Connections that are open.", self._metrics.connections())
        yield GaugeMetricFamily("crmgraph_processes_busy", "Processes that work on a query.", pool.busy)
        yield GaugeMetricFamily("crmgraph_processes", "Processes that there are for queries.", len(pool.pids))
        yield GaugeMetricFamily("crmgraph_queue", "Queries that wait for a process.", pool.waiting)
        if pool.store_path is not None:
            yield GaugeMetricFamily("crmgraph_store_bytes", "Size of the store on the disk.", _bytes(pool.store_path))
        reconciliation = self._metrics.reconciliation()
        busy, waiting = (reconciliation.busy, reconciliation.waiting) if reconciliation else (0, 0)
        yield GaugeMetricFamily("crmgraph_batches_busy", "Batches of names that are worked on in turn.", busy)
        yield GaugeMetricFamily("crmgraph_batches_queue", "Batches of names that wait for others of theirs.", waiting)
        ended = Counter(pool.ended)
        for other in (self._store_writer, reconciliation):
            ended.update(other.ended if other else {})
        kills = CounterMetricFamily("crmgraph_kills", "Processes that ended before they were done.", labels=["reason"])
        for reason in ENDS:
            kills.add_metric([reason], ended[reason])
        yield kills


def _bytes(folder: Path) -> int:
    """Return the size of the files in a folder in bytes; hard links count once."""
    sizes: dict[int, int] = {}
    for file in folder.glob("**/*"):
        with suppress(OSError):
            if file.is_file():
                found = file.stat()
                sizes[found.st_ino] = found.st_size
    return sum(sizes.values())
