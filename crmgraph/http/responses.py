"""Response headers, entity tags, and resources that are limited to some HTTP methods."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from crmgraph import __version__
from crmgraph.errors import Bilingual

CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Disposition, Content-Language, Crmgraph-Snapshot, ETag, Location, Retry-After, "
        "WWW-Authenticate, X-Request-ID"
    ),
}
DATA_HEADERS = {**CORS_HEADERS, "X-Content-Type-Options": "nosniff"}
"""Headers for data: CORS for scripts of any web page, and no guessing of another media type by browsers."""

READ_METHODS = "GET, HEAD, OPTIONS"
"""The methods of a read-only resource."""


def preflight(methods: str) -> Response:
    """Return the response to OPTIONS for a resource with these methods; it also answers a CORS preflight (Fetch)."""
    headers = {
        **CORS_HEADERS,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, *",
        "Access-Control-Max-Age": "86400",
        "Allow": methods,
    }
    return Response(status_code=204, headers=headers)


class Resource:
    """An ASGI application for one resource, which answers OPTIONS itself and rejects methods that are not allowed.

    Args:
        respond: Answers requests with the other allowed methods.
        methods: Allowed methods, separated by ", ".
        why: Detail of the error 405 for other methods.
    """

    def __init__(
        self,
        respond: Callable[[Request], Awaitable[Response]],
        methods: str = READ_METHODS,
        why: Bilingual | None = None,
    ) -> None:
        self._respond = respond
        self._methods = methods
        self._why = why

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI)."""
        request = Request(scope, receive, send)
        if request.method not in self._methods.split(", "):
            raise HTTPException(405, self._why, {"Allow": self._methods})
        response = preflight(self._methods) if request.method == "OPTIONS" else await self._respond(request)
        await response(scope, receive, send)


REVALIDATE_HEADERS = {"Cache-Control": "no-cache"}
"""Headers of responses that depend on the data: caches must revalidate them before each use."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def entity_tag(*parts: object) -> str:
    """Return the entity tag of a response that depends only on these JSON values and the version of crmgraph.

    The tag is weak, because the engine may return the rows of an answer in another order the next time.
    """
    text = json.dumps([__version__, *parts])
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def has_matching_tag(request: Request, tag: str, any_tag: bool = True) -> bool:
    """Return whether the header If-None-Match contains this tag, by weak comparison (RFC 9110, section 13.1.2).

    If the header is `*`, return `any_tag`.
    """
    given = ", ".join(request.headers.getlist("if-none-match"))
    if given.strip() == "*":
        return any_tag
    return tag.removeprefix("W/") in _TAG.findall(given)


def tag_headers(tag: str) -> dict[str, str]:
    """Return the headers of a response with this entity tag."""
    return {"ETag": tag, **REVALIDATE_HEADERS}


def not_modified(tag: str) -> Response:
    """Return the response 304 (Not Modified) with this entity tag."""
    return Response(status_code=304, headers=tag_headers(tag))
