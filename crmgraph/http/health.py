"""Health and state of the service: /live, /ready, /metrics, and what /status shows."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from crmgraph import __version__
from crmgraph.building import MANIFEST
from crmgraph.errors import AnswerError
from crmgraph.http.cors import DATA_HEADERS, Resource
from crmgraph.http.draining import is_draining
from crmgraph.http.endpoint import Endpoint
from crmgraph.http.metrics import Metrics
from crmgraph.http.negotiation import accepted
from crmgraph.http.openapi import content
from crmgraph.http.operation import LARGEST_BODY, MOST_PARAMETERS
from crmgraph.http.rates import BURST
from crmgraph.settings import Settings
from crmgraph.sparql import Engine, Question

__all__ = ["OPERATIONS_PATHS", "Limits", "Look", "Standing", "answers", "looking", "operations_routes"]

_PATIENCE = 2.0
"""How many seconds the engine has to answer."""

# For so many seconds what was found holds, so that nobody keeps the engine busy by asking.
_HOLDS = 0.5
_QUESTION = Question("ASK {}", result_type="text/csv")
_FRESH = {**DATA_HEADERS, "Cache-Control": "no-store"}


def operations_routes(endpoint: Endpoint, metrics: Metrics) -> list[BaseRoute]:
    """The routes of `/live`, `/ready` and `/metrics`, which wait for nothing that the others wait for."""
    threads = CapacityLimiter(2)
    readiness = _Readiness(endpoint.pool, threads)

    async def live(_: Request) -> Response:
        return PlainTextResponse("live\n", headers=_FRESH)

    async def ready(request: Request) -> Response:
        answers = not is_draining(request.scope.get("state", {})) and await readiness.look()
        document = {"ready": answers, "dataset": endpoint.state}
        return Response(json.dumps(document), 200 if answers else 503, _FRESH, "application/json")

    async def counted(request: Request) -> Response:
        body, media_type = await to_thread.run_sync(metrics.document, accepted(request) or "", limiter=threads)
        return Response(body, headers={**_FRESH, "Content-Type": media_type})

    answers = {"/live": live, "/ready": ready, "/metrics": counted}
    return [Route(path, Resource(respond)) for path, respond in answers.items()]


class _Readiness:
    """Whether the engine answers; asked by one at a time, whoever comes meanwhile is told the same."""

    def __init__(self, pool: Engine, threads: CapacityLimiter) -> None:
        self._pool = pool
        self._threads = threads
        self._turn = asyncio.Lock()
        self._until = 0.0
        self._answers = False

    async def look(self) -> bool:
        async with self._turn:
            if time.monotonic() >= self._until:
                self._answers = await to_thread.run_sync(answers, self._pool, limiter=self._threads)
                self._until = time.monotonic() + _HOLDS
            return self._answers


def answers(pool: Engine) -> bool:
    """Whether the engine answers a question in time."""
    try:
        return pool.answer(_QUESTION, _PATIENCE).body == b"true"
    except AnswerError:
        return False


_STATE = {
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
        {"200": {"description": "It does.", "content": content(["text/plain"])}},
    ),
    "/ready": _path(
        "Whether questions are answered",
        {
            "200": {"description": "They are.", "content": {"application/json": {"schema": _STATE}}},
            "503": {"description": "They are not.", "content": {"application/json": {"schema": _STATE}}},
        },
    ),
    "/metrics": _path(
        "What the server counts, for Prometheus",
        {
            "200": {
                "description": "All metrics.",
                "content": content(["text/plain", "application/openmetrics-text"]),
            }
        },
    ),
}
"""What stands under `paths` in the OpenAPI document."""


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
