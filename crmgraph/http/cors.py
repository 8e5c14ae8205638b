"""Cross-origin headers (Fetch, CORS protocol), and resources that name their methods."""

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crmgraph.wording import Bilingual

__all__ = ["CORS_HEADERS", "DATA_HEADERS", "READING", "Resource", "preflight"]

CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Disposition, Content-Language, Crmgraph-Snapshot, ETag, Location, Retry-After, "
        "WWW-Authenticate, X-Request-ID"
    ),
}
DATA_HEADERS = {**CORS_HEADERS, "X-Content-Type-Options": "nosniff"}
"""Headers of data: scripts of any page may read it, and no browser may guess another type."""

READING = "GET, HEAD, OPTIONS"
"""The methods of a resource that is read-only."""


def preflight(methods: str) -> Response:
    """Return the response to OPTIONS, plain or as a CORS preflight (Fetch, CORS protocol), for these methods."""
    headers = {
        **CORS_HEADERS,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, *",
        "Access-Control-Max-Age": "86400",
        "Allow": methods,
    }
    return Response(status_code=204, headers=headers)


class Resource:
    """An application (ASGI) whose `respond` answers `methods` except OPTIONS; `why` is the detail of a 405."""

    def __init__(
        self,
        respond: Callable[[Request], Awaitable[Response]],
        methods: str = READING,
        why: Bilingual | None = None,
    ) -> None:
        self._respond = respond
        self._methods = methods
        self._why = why

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive, send)
        if request.method not in self._methods.split(", "):
            raise HTTPException(405, self._why, {"Allow": self._methods})
        response = preflight(self._methods) if request.method == "OPTIONS" else await self._respond(request)
        await response(scope, receive, send)
