"""What the server counts, for Prometheus."""

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

Reason = Literal["rate", "queue", "connections", "client_connections", "malformed", "slow_request", "slow_reader"]
"""Why somebody is sent away: too many requests of one client, too many questions that wait, too many connections, in
all or of one client, something that is not HTTP or too large for it, a request that does not come, an answer that is
not read."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Working(Protocol):
    """What has processes work for it."""

    @property
    def busy(self) -> int:
        """How many requests are worked on now."""

    @property
    def waiting(self) -> int:
        """How many wait for that."""

    @property
    def ended(self) -> Mapping[End, int]:
        """How many processes have ended at their work, by why."""


class Metrics:
    """Counts requests and who is sent away, and tells at the moment of asking how things stand.

    `digest` tells what identifies the data now. A server that has `connections` says how many there are, and one that
    is `reconciling` what works on that; None as long as nobody has asked for it. `since` is when it began, in seconds
    of the epoch.
    """

    def __init__(self, pool: Engine, digest: Callable[[], str], keeper: StoreWriter | None = None) -> None:
        self.since = time.time()
        self.connections: Callable[[], int] = int
        self.reconciling: Callable[[], Working | None] = lambda: None
        self._registry = CollectorRegistry()
        self._registry.register(_State(self, pool, digest, keeper))
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
        """Count a request that was answered with this status, 0 where the client did not wait for an answer."""
        known = self._known.get((operation, status))
        if known is None:
            known = self._known[operation, status] = self._requests.labels(operation, str(status or "none"))
        known.inc()
        self._seconds[operation].observe(seconds)

    def refused(self, reason: Reason) -> None:
        """Count somebody who was sent away."""
        self._refusals[reason].inc()

    def document(self, accept: str) -> tuple[bytes, str]:
        """All of it in the syntax that the Accept header likes best, and the media type of that."""
        write, media_type = choose_encoder(accept)
        return write(self._registry), media_type


class _State(Collector):
    """How things stand, looked up when somebody asks."""

    def __init__(self, metrics: Metrics, pool: Engine, digest: Callable[[], str], keeper: StoreWriter | None) -> None:
        self._metrics = metrics
        self._pool = pool
        self._digest = digest
        self._keeper = keeper

    def describe(self) -> list[Metric]:
        """Nothing beforehand, so that nothing is looked up before there is anything."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now."""
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
        reconciling = self._metrics.reconciling()
        busy, waiting = (reconciling.busy, reconciling.waiting) if reconciling else (0, 0)
        yield GaugeMetricFamily("crmgraph_batches_busy", "Batches of names that are worked on in turn.", busy)
        yield GaugeMetricFamily("crmgraph_batches_queue", "Batches of names that wait for others of theirs.", waiting)
        ended = Counter(pool.ended)
        for other in (self._keeper, reconciling):
            ended.update(other.ended if other else {})
        kills = CounterMetricFamily("crmgraph_kills", "Processes that ended before they were done.", labels=["reason"])
        for reason in ENDS:
            kills.add_metric([reason], ended[reason])
        yield kills


def _bytes(folder: Path) -> int:
    """What the files in the folder hold, each once by whatever names; one that goes meanwhile holds nothing."""
    sizes: dict[int, int] = {}
    for file in folder.glob("**/*"):
        with suppress(OSError):
            if file.is_file():
                found = file.stat()
                sizes[found.st_ino] = found.st_size
    return sum(sizes.values())
