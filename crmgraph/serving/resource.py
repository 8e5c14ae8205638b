"""An address that is asked by some methods of HTTP, tells which they are, and refuses all others."""

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crmgraph.serving.cors import READING, preflight
from crmgraph.wording import Bilingual

__all__ = ["Resource"]


class Resource:
    """An application (ASGI) that has `respond` answer `methods`, all but OPTIONS; `why` tells why not by others."""

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
