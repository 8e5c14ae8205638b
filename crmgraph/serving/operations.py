"""What those ask who run the server: whether it lives, whether it can answer, and what it has counted."""

import asyncio
import json
import time
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from crmgraph.errors import AnswerError
from crmgraph.serving.answer_schema import content
from crmgraph.serving.cors import DATA_HEADERS
from crmgraph.serving.draining import is_draining
from crmgraph.serving.endpoint import Endpoint
from crmgraph.serving.metrics import Metrics
from crmgraph.serving.negotiation import accepted
from crmgraph.serving.resource import Resource
from crmgraph.sparql import Engine, Question

__all__ = ["OPERATIONS_PATHS", "answers", "operations_routes"]

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
