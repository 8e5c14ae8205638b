"""Headers of responses, entity tags, and resources that answer some methods."""

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
"""Headers of data: scripts of any page may read it, and no browser may guess another type."""

READ_METHODS = "GET, HEAD, OPTIONS"
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
        methods: str = READ_METHODS,
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


REVALIDATE_HEADERS = {"Cache-Control": "no-cache"}
"""Headers of responses that depend on the data: caches ask before they serve them again."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def entity_tag(*parts: object) -> str:
    """Return the entity tag of a response that depends on these parts alone, which are JSON values.

    It is weak, since the engine may give the rows of an answer in another order the next time.
    """
    text = json.dumps([__version__, *parts])
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def has_matching_tag(request: Request, tag: str, any_tag: bool = True) -> bool:
    """Tell whether If-None-Match has this tag, compared weakly (RFC 9110, section 13.1.2), or with `any_tag` a star."""
    given = ", ".join(request.headers.getlist("if-none-match"))
    if given.strip() == "*":
        return any_tag
    return tag.removeprefix("W/") in _TAG.findall(given)


def tag_headers(tag: str) -> dict[str, str]:
    """Return the headers of a response with this tag."""
    return {"ETag": tag, **REVALIDATE_HEADERS}


def not_modified(tag: str) -> Response:
    """Return the response 304 with this tag."""
    return Response(status_code=304, headers=tag_headers(tag))
