"""Responses with a large answer, sent from its temporary file at the pace of the reader."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crmgraph.sparql import Answer
from crmgraph.sparql.spool import Spool

__all__ = ["response_of"]

_PART = 256 * 1024


def response_of(answer: Answer, headers: Mapping[str, str]) -> Response:
    """Return the response with this answer, which is closed once it is sent."""
    if answer.rest is None:
        return Response(answer.body, headers=headers)
    return _Spooled(answer.body, answer.rest, headers)


class _Spooled(Response):
    """A response whose body goes on in a temporary file."""

    def __init__(self, first: bytes, rest: Spool, headers: Mapping[str, str]) -> None:
        super().__init__(first, headers=headers)
        self.headers["content-length"] = str(len(first) + rest.size)
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Send it (ASGI)."""
        with self._rest:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            while scope["method"] != "HEAD" and (part := self._rest.read(_PART)):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
