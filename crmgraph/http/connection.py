"""Connections of the server: requests that cannot be parsed get a problem document (RFC 9457)."""

import re
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import ClassVar

from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from crmgraph.errors import Bilingual
from crmgraph.http.errors import MEDIA_TYPE, problem_of
from crmgraph.http.languages import preferred
from crmgraph.http.messages import DATA_HEADERS
from crmgraph.http.middleware import log_rejection
from crmgraph.http.operations import DRAINING, Reason

__all__ = ["LARGEST_HEAD", "LONGEST_ADDRESS", "Connection", "connection_class"]

LONGEST_ADDRESS = 65_535
"""Number of bytes that the address of a request may have; the parser takes no more."""

LARGEST_HEAD = 256 * 1024
"""Number of bytes that the head of a request may have."""

_LINGER = 0.2
"""Seconds that a rejected connection stays open: a client that is still sending would not read the answer otherwise."""

_MOST_LINGERING = 64
_SINGLE = (b"host", b"content-type", b"authorization")
_HOST = re.compile(rb"(?:[\w.~!$&'()*+,;=%-]*|\[[\w:.]+\])(?::\d*)?")
_AUTHORITY = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)


def _error(status: int, english: str, spanish: str, **headers: str) -> HTTPException:
    return HTTPException(status, Bilingual(english, spanish), headers)


_BAD_HEAD = _error(
    400,
    "The request names no host or a wrong one, or has a header twice that can be there once.",
    "La petición no nombra un host, o nombra uno que no vale, o repite un encabezado que solo puede ir una vez.",
)
_TOO_LARGE = _error(
    431,
    f"The head of the request has more than {LARGEST_HEAD} bytes.",
    f"La cabecera de la petición tiene más de {LARGEST_HEAD} bytes.",
)


class Connection(HttpToolsProtocol):
    """A connection that is checked as RFC 9112 asks, one of at most `most` at a time."""

    most: ClassVar[int]
    count: ClassVar[Callable[[Reason], None]]
    rejected: ClassVar["set[Connection]"]

    _head = 0
    _in_head = True
    _is_over = False
    _error: HTTPException | None = None

    def connection_made(self, transport) -> None:  # type: ignore[no-untyped-def]
        """Accept the connection, or reject it where too many are open."""
        super().connection_made(transport)
        self._cycles: list[RequestResponseCycle] = []
        if len(self.connections) - len(self.rejected) > self.most:
            self._reject(
                _error(
                    503,
                    "As many connections are open as can be. Try again later.",
                    "Ya están abiertas todas las conexiones posibles. Vuelva a intentarlo más tarde.",
                    **{"Retry-After": "10"},
                ),
                "connections",
            )

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        super().connection_lost(exc)
        self.rejected.discard(self)
        # Uvicorn tells the last of several pipelined requests only.
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._is_over:
            return
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD and not self._is_over:
                self._reject(_TOO_LARGE, "malformed")

    def on_message_begin(self) -> None:
        """See HttpToolsProtocol."""
        super().on_message_begin()
        self._in_head, self._head = True, 0

    def on_headers_complete(self) -> None:
        """Check the head, and have the next request sent elsewhere where the server is draining."""
        self._in_head = False
        named = _AUTHORITY.match(self.url)
        if named:
            # The host in the address goes before the header (RFC 9112, section 3.2.2).
            self.headers[:] = [pair for pair in self.headers if pair[0] != b"host"] + [(b"host", named[1])]
        self._error = self._error_in_head()
        if self._error is not None:
            # The parser ends, and uvicorn calls `send_400_response`.
            raise self._error
        super().on_headers_complete()
        self._cycles = [*(cycle for cycle in self._cycles if not cycle.response_complete), self.cycle]
        if DRAINING in self.app_state:
            self.cycle.keep_alive = False

    def _error_in_head(self) -> HTTPException | None:
        """Return what is wrong with a head that the parser takes (RFC 9112, sections 3.2 and 6.1)."""
        given = Counter(name for name, _ in self.headers)
        values = dict(self.headers)
        if any(given[name] > 1 for name in _SINGLE) or not _HOST.fullmatch(values.get(b"host", b"")):
            return _BAD_HEAD
        if b"host" not in values and self.parser.get_http_version() != "1.0":
            return _BAD_HEAD
        if values.get(b"transfer-encoding", b"chunked").strip().lower() != b"chunked":
            return _error(
                501,
                "The request comes in a transfer coding that is not known here; chunked is.",
                "La petición llega con una codificación de transferencia que aquí no se conoce; se admite chunked.",
            )
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > LARGEST_HEAD:
            return _TOO_LARGE
        return None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the parser's message is for its log
        """Reject a request that cannot be parsed, or whose head is wrong."""
        is_too_long = len(getattr(self, "url", b"")) > LONGEST_ADDRESS
        self._reject(
            self._error
            or (
                _error(
                    414,
                    f"The address has more than {LONGEST_ADDRESS} bytes. Send a long query as the body of a POST "
                    "request.",
                    f"La dirección tiene más de {LONGEST_ADDRESS} bytes. Envíe una consulta larga como cuerpo de una "
                    "petición POST.",
                )
                if is_too_long
                else _error(
                    400,
                    "This is not a request of HTTP/1.1, or has a method that nobody knows.",
                    "Esto no es una petición de HTTP/1.1, o tiene un método que nadie conoce.",
                )
            ),
            "malformed",
        )

    def _reject(self, error: HTTPException, reason: Reason) -> None:
        self._is_over = True
        self.rejected.add(self)
        type(self).count(reason)
        request = secrets.token_hex(8)
        language = preferred(dict(self.headers or ()).get(b"accept-language", b"").decode("latin-1"))
        problem = replace(problem_of(error, language), request=request)
        document = problem.document()
        headers = {
            **DATA_HEADERS,
            **(error.headers or {}),
            "Content-Type": MEDIA_TYPE,
            "Content-Language": language,
            "Content-Length": str(len(document)),
            "Cache-Control": "no-store",
            "X-Request-ID": request,
            "Connection": "close",
        }
        status = HTTPStatus(problem.status)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        self.transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + document)
        if self.transport.can_write_eof() and len(self.rejected) <= _MOST_LINGERING:
            self.transport.write_eof()
            self.loop.call_later(_LINGER, self.transport.close)
        else:
            self.transport.close()
        log_rejection(request, self.client[0] if self.client else "", problem.status, reason)


def connection_class(most: int, count: Callable[[Reason], None]) -> type[Connection]:
    """Return the class of a server's connections, of which at most `most` may be open; `count` counts rejections."""
    return type("Connection", (Connection,), {"most": most, "count": staticmethod(count), "rejected": set()})
