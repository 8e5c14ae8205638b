"""Content negotiation by Accept and Accept-Encoding."""

import re
from collections.abc import Sequence

import mimeparse
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmgraph.caching import memoize
from crmgraph.errors import NotAcceptableError
from crmgraph.wording import Bilingual

__all__ = ["CompressionMiddleware", "accepted", "choose", "nothing_fits"]

_MOST_RANGES = 100


def accepted(request: Request) -> str | None:
    """Return the Accept header of the request, its lines joined into one; None without one."""
    lines = request.headers.getlist("accept")
    return ", ".join(lines) if lines else None


@memoize(256)
def choose(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """Return the offered media type that the Accept header prefers (RFC 9110, section 12.5.1), None where none fits.

    Of equals, a type that is named goes before one that matches a wildcard, and then the first offered. Invalid ranges
    and those behind the hundredth are ignored; without a header, the first offered type is returned.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = ",".join(each for each in accept.lower().split(",")[:_MOST_RANGES] if _is_range(each))
    # Of two that are liked equally mimeparse takes the later.
    return mimeparse.best_match(offered[::-1], ranges) or None


def nothing_fits(offered: Sequence[str]) -> NotAcceptableError:
    """Return the error that lists the offered media types."""
    listed = ", ".join(offered)
    return NotAcceptableError(
        Bilingual(
            f"None of the available formats matches the Accept header. Available: {listed}.",
            f"Ninguno de los formatos disponibles corresponde al encabezado Accept. Disponibles: {listed}.",
        )
    )


def _is_range(text: str) -> bool:
    try:
        kind, subtype, _ = mimeparse.parse_media_range(text)
    except mimeparse.MimeTypeParseException:
        return False
    return bool(kind and subtype) and (kind != "*" or subtype == "*")


_SMALLEST = 1000
_LEVEL = 4
_TAKES_GZIP = re.compile(rb"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)", re.IGNORECASE)


class CompressionMiddleware:
    """Middleware (ASGI) that compresses responses by gzip, unless they are small or compressed already.

    HEAD is answered as GET, so that its headers are the same; the server drops the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._gzipped = GZipMiddleware(app, minimum_size=_SMALLEST, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._plain(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                _say_that_it_varies(MutableHeaders(raw=message["headers"]))
            await send(message)

        headers = scope["headers"]
        if not _TAKES_GZIP.search(b",".join(value for name, value in headers if name == b"accept-encoding")):
            await self._plain(scope, receive, tell)
            return
        # Starlette looks for the coding in small letters, and codings have no case (RFC 9110, section 8.4.1).
        taken = [*(each for each in headers if each[0] != b"accept-encoding"), (b"accept-encoding", b"gzip")]
        await self._gzipped({**scope, "headers": taken}, receive, tell)


def _say_that_it_varies(headers: MutableHeaders) -> None:
    """Add `Vary: Accept-Encoding`, also to a 304, and weaken a strong tag, which would hold for one encoding only.

    Responses that are never compressed are left alone.
    """
    if headers.get("content-type") == "application/gzip":
        return
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    headers["Vary"] = ", ".join(dict.fromkeys(re.split(r",\s*", headers["Vary"])))
    if headers.get("etag", "").startswith('"'):
        headers["ETag"] = f"W/{headers['etag']}"
