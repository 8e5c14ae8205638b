"""Answers as they travel: compressed for who takes that, and without their body for who asks for the head alone."""

import re

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Encoding"]

_SMALLEST = 1000
_LEVEL = 4
_TAKES_GZIP = re.compile(rb"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)", re.IGNORECASE)


class Encoding:
    """Middleware (ASGI) that compresses answers of some size by gzip; none that is compressed already.

    A HEAD request is answered as a GET, so that its headers are the same; the server keeps the body to itself.
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
    """In every answer, a 304 too, for by that a cache learns to whom else it may give what it keeps.

    A tag that stands for bytes does not hold for both forms, and is weakened. What is never compressed is left alone.
    """
    if headers.get("content-type") == "application/gzip":
        return
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    headers["Vary"] = ", ".join(dict.fromkeys(re.split(r",\s*", headers["Vary"])))
    if headers.get("etag", "").startswith('"'):
        headers["ETag"] = f"W/{headers['etag']}"
