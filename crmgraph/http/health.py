"""Health and state of the service: /live, /ready, /metrics, draining, and what /status shows."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
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
from crmgraph.http.endpoint import Endpoint
from crmgraph.http.metrics import Metrics
from crmgraph.http.middleware import BURST
from crmgraph.http.negotiation import accepted
from crmgraph.http.openapi import content
from crmgraph.http.protocol import LARGEST_BODY, MOST_PARAMETERS
from crmgraph.settings import Settings
from crmgraph.sparql import Engine, Question

__all__ = ["DRAINING", "OPERATIONS_PATHS", "StatusReader", "answers", "operations_routes", "status_reader"]

DRAINING = "crmgraph.draining"
"""The key in the state of the lifespan (ASGI) that is there while the server stops."""

_PATIENCE = 2.0
"""Seconds that the engine has to answer."""

_HOLDS = 0.5
"""Seconds that the result of a look holds, so that nobody keeps the engine busy by asking."""

_QUESTION = Question("ASK {}", result_type="text/csv")
_HEADERS = {**DATA_HEADERS, "Cache-Control": "no-store"}


def operations_routes(endpoint: Endpoint, metrics: Metrics) -> list[BaseRoute]:
    """Return the routes of `/live`, `/ready` and `/metrics`, which do not wait for other requests."""
    threads = CapacityLimiter(2)
    turn = asyncio.Lock()
    until, is_ready = 0.0, False

    async def live(_: Request) -> Response:
        return PlainTextResponse("live\n", headers=_HEADERS)

    async def ready(request: Request) -> Response:
        nonlocal until, is_ready
        # One looks at a time; those that come meanwhile get the same result.
        async with turn:
            if time.monotonic() >= until:
                is_ready = await to_thread.run_sync(answers, endpoint.pool, limiter=threads)
                until = time.monotonic() + _HOLDS
        is_up = is_ready and DRAINING not in request.scope.get("state", {})
        document = {"ready": is_up, "dataset": endpoint.state}
        return Response(json.dumps(document), 200 if is_up else 503, _HEADERS, "application/json")

    async def counted(request: Request) -> Response:
        body, media_type = await to_thread.run_sync(metrics.document, accepted(request) or "", limiter=threads)
        return Response(body, headers={**_HEADERS, "Content-Type": media_type})

    endpoints = {"/live": live, "/ready": ready, "/metrics": counted}
    return [Route(path, Resource(respond)) for path, respond in endpoints.items()]


def answers(pool: Engine) -> bool:
    """Tell whether the engine answers a question in time."""
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
"""The `paths` of the OpenAPI document for these routes."""


StatusReader = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Takes the state of the lifespan and returns the status of the service, as /status.json shows it."""


def status_reader(
    settings: Settings, pool: Engine, metrics: Metrics, dataset: Callable[[], str], takes_writes: bool
) -> StatusReader:
    """Return the function that reads the status of a service with these settings; `dataset` identifies its data.

    Times are in ISO 8601, `built` is empty where that is unknown. The limits are those of a client: seconds and bytes
    of a query, queries that may wait, requests a second on average (0 for any number) and at once, the connections of
    all clients, and bytes and parameters of a request.
    """
    limits = {
        "seconds": settings.timeout,
        "memory": settings.memory,
        "waiting": settings.queue,
        "rate": settings.rate,
        "at_once": int(settings.rate * BURST),
        "connections": settings.connections,
        "body": LARGEST_BODY,
        "parameters": MOST_PARAMETERS,
    }
    manifest = settings.build / MANIFEST

    def read(state: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "ready": DRAINING not in state and answers(pool),
            "dataset": dataset(),
            "built": _iso(manifest.stat().st_mtime) if manifest.is_file() else "",
            "since": _iso(metrics.since),
            "version": __version__,
            "busy": pool.busy,
            "processes": len(pool.pids),
            "waiting": pool.waiting,
            "connections": metrics.connections(),
            "takes_writes": takes_writes,
            "limits": limits,
        }

    return read


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
