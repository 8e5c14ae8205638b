"""How the service stands: which data it has, whether it answers, how busy it is, and the limits that hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crmgraph import __version__
from crmgraph.building import MANIFEST
from crmgraph.serving.draining import is_draining
from crmgraph.serving.metrics import Metrics
from crmgraph.serving.operation import LARGEST_BODY, MOST_PARAMETERS
from crmgraph.serving.operations import answers
from crmgraph.serving.rates import BURST
from crmgraph.settings import Settings
from crmgraph.sparql import Engine

__all__ = ["Limits", "Look", "Standing", "looking"]


@dataclass(frozen=True)
class Limits:
    """What a client may ask for: the seconds that a query may take, the bytes of memory that it may use, how many may
    wait, the requests a second of one client on average (0 for any number) and at once, connections in all and of one
    client, the bytes of a body, and how many parameters."""

    seconds: float
    memory: int
    waiting: int
    rate: float
    at_once: int
    connections: int
    client_connections: int
    body: int
    parameters: int


@dataclass(frozen=True)
class Standing:
    """What is seen at a look: whether questions are answered, what identifies the data, when they were built and since
    when the service runs (ISO 8601; empty where nobody knows), how much is going on, and the limits."""

    ready: bool
    dataset: str
    built: str
    since: str
    version: str
    busy: int
    processes: int
    waiting: int
    connections: int
    takes_writes: bool
    limits: Limits


Look = Callable[[Mapping[str, Any]], Standing]
"""Takes the state that a server shares with its requests, and looks."""


def looking(settings: Settings, pool: Engine, metrics: Metrics, state: Callable[[], str], takes_writes: bool) -> Look:
    """What looks at a service with these settings; `state` tells what identifies the data."""
    limits = Limits(
        seconds=settings.timeout,
        memory=settings.memory,
        waiting=settings.queue,
        rate=settings.rate,
        at_once=int(settings.rate * BURST),
        connections=settings.connections,
        client_connections=settings.client_connections,
        body=LARGEST_BODY,
        parameters=MOST_PARAMETERS,
    )

    def look(shared: Mapping[str, Any]) -> Standing:
        return Standing(
            ready=not is_draining(shared) and answers(pool),
            dataset=state(),
            built=_built(settings),
            since=_moment(metrics.since),
            version=__version__,
            busy=pool.busy,
            processes=len(pool.pids),
            waiting=pool.waiting,
            connections=metrics.connections(),
            takes_writes=takes_writes,
            limits=limits,
        )

    return look


def _built(settings: Settings) -> str:
    file = settings.build / MANIFEST
    return _moment(file.stat().st_mtime) if file.is_file() else ""


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
