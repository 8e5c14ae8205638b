"""Connections: requests that cannot be read get a problem document, and what is silent for too long is closed."""

import ipaddress
import re
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import ClassVar, Protocol

from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from crmgraph.http.access_log import write_down_refusal
from crmgraph.http.context import client_at, is_this_machine
from crmgraph.http.cors import DATA_HEADERS
from crmgraph.http.draining import is_draining
from crmgraph.http.errors import MEDIA_TYPE, problem_of
from crmgraph.http.languages import preferred
from crmgraph.http.metrics import Reason
from crmgraph.wording import Bilingual

__all__ = [
    "BREAK_OFF",
    "LARGEST_HEAD",
    "LONGEST_ADDRESS",
    "Connection",
    "Limits",
    "Presence",
    "Refusals",
    "connection_class",
]

LONGEST_ADDRESS = 65_535
"""How many bytes the address of a request may have; the parser takes no more."""

BREAK_OFF = "crmgraph.break_off"
"""The extension (ASGI) by which an application drops the connection, for what it has begun to send has no end."""

LARGEST_HEAD = 256 * 1024
"""How many bytes the head of a request may have."""

# Whoever sends or reads more slowly than that, in bytes a second, is as good as silent.
_SLOWEST = 500
# How long a connection that was told why it ends stays open, in seconds, and how many may.
_LINGER = 0.2
_MOST_LINGERING = 64
_RETRY_AFTER = {"Retry-After": "10"}

_SINGLE = (b"host", b"content-type", b"authorization")
_HOST = re.compile(rb"(?:[\w.~!$&'()*+,;=%-]*|\[[\w:.]+\])(?::\d*)?")
_AUTHORITY = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)

_NOT_HTTP = HTTPException(
    400,
    Bilingual(
        "This is not a request of HTTP/1.1, or has a method that nobody knows.",
        "Esto no es una petición de HTTP/1.1, o tiene un método que nadie conoce.",
    ),
)
_BAD_HEAD = HTTPException(
    400,
    Bilingual(
        "The request names no host or a wrong one, or has a header twice that can be there once.",
        "La petición no nombra un host, o nombra uno que no vale, o repite un encabezado que solo puede ir una vez.",
    ),
)
_UNKNOWN_CODING = HTTPException(
    501,
    Bilingual(
        "The request comes in a transfer coding that is not known here; chunked is.",
        "La petición llega con una codificación de transferencia que aquí no se conoce; se admite chunked.",
    ),
)
_TOO_LONG = HTTPException(
    414,
    Bilingual(
        f"The address has more than {LONGEST_ADDRESS} bytes. Send a long query as the body of a POST request.",
        f"La dirección tiene más de {LONGEST_ADDRESS} bytes. Envíe una consulta larga como cuerpo de una petición "
        "POST.",
    ),
)
_TOO_LARGE = HTTPException(
    431,
    Bilingual(
        f"The head of the request has more than {LARGEST_HEAD} bytes.",
        f"La cabecera de la petición tiene más de {LARGEST_HEAD} bytes.",
    ),
)
_TOO_SLOW = HTTPException(
    408,
    Bilingual(
        "The request came too slowly and is not waited for any longer.",
        "La petición llegaba demasiado despacio y ya no se espera.",
    ),
)
_TOO_MANY = HTTPException(
    503,
    Bilingual(
        "As many connections are open as can be. Try again later.",
        "Ya están abiertas todas las conexiones posibles. Vuelva a intentarlo más tarde.",
    ),
    _RETRY_AFTER,
)
_TOO_MANY_OF_ONE = HTTPException(
    429,
    Bilingual(
        "As many connections are open from your address as can be. Close some, or try again later.",
        "Ya están abiertas todas las conexiones posibles desde su dirección. Cierre algunas o vuelva a intentarlo más "
        "tarde.",
    ),
    _RETRY_AFTER,
)


@dataclass(frozen=True)
class Limits:
    """How many connections there may be, and for how many seconds they may be silent.

    Within `sending` seconds a request's whole head has to come, and then each piece of its body; within `reading` some
    of the answer has to go.
    """

    connections: int = 512
    sending: float = 15.0
    reading: float = 60.0


class Refusals(Protocol):
    """Who counts those that are sent away."""

    def refused(self, reason: Reason) -> None:
        """Count one."""


class Presence:
    """Counts the connections of each client, of which `most` may be open at a time.

    Those of `proxies` are not counted, for many clients come on them; nor, where it is `spared`, those of this machine.
    Not for several threads.
    """

    def __init__(self, most: int, spared: bool = False, proxies: Iterable[str] = ()) -> None:
        self._most = most
        self._spared = spared
        self._proxies = [ipaddress.ip_network(proxy) for proxy in proxies]
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> bool:
        """Count a connection that is opened from this address; whether the client may have it."""
        if self._is_exempt(address):
            return True
        client = client_at(address)
        self._open[client] += 1
        return self._open[client] <= self._most

    def leave(self, address: str) -> None:
        """Count one that is closed."""
        if self._is_exempt(address):
            return
        client = client_at(address)
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]

    def __len__(self) -> int:
        """How many clients are there that are counted."""
        return len(self._open)

    def _is_exempt(self, address: str) -> bool:
        if self._spared and is_this_machine(address):
            return True
        if not self._proxies:
            return False
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
        return any((mapped or parsed) in network for network in self._proxies)


class Connection(HttpToolsProtocol):
    """A connection within limits. The server has to call `look` now and then."""

    limits: ClassVar[Limits] = Limits()
    refusals: ClassVar[Refusals | None] = None
    presence: ClassVar[Presence | None] = None
    refused: ClassVar["set[Connection]"] = set()

    # What it waits for, since when, and how many bytes of it have come since `_began`.
    _awaited: str = "head"
    _since: float = 0.0
    _began: float = 0.0
    _come: int = 0
    # How many bytes of the answer are still to go, and when that was last less than enough less.
    _left: int = 0
    _moved: float = 0.0
    _has_begun: bool = False
    _is_over: bool = False
    # The requests that are not answered yet: whoever sends several at once is answered one after the other.
    _unanswered: "list[RequestResponseCycle]"

    def connection_made(self, transport) -> None:  # type: ignore[no-untyped-def]
        """Take the connection, or send it away where there are too many, in all or of its client."""
        super().connection_made(transport)
        self._unanswered = []
        self._await("head")
        if self.presence is not None and not self.presence.enter(self._address):
            self._refuse(_TOO_MANY_OF_ONE, "client_connections")
        elif len(self.connections) - len(self.refused) > self.limits.connections:
            self._refuse(_TOO_MANY, "connections")

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        super().connection_lost(exc)
        self._tell_that_nobody_is_there()
        self.refused.discard(self)
        if self.presence is not None:
            self.presence.leave(self._address)

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self._is_over:
            return
        super().data_received(data)
        if self._awaited == "head":
            self._come += len(data)
            if self._come > LARGEST_HEAD and not self._is_over:
                self._refuse(_TOO_LARGE, "malformed")

    def eof_received(self) -> None:
        """The client has closed the connection, as nothing may be written any more: nobody is answered."""
        super().eof_received()
        self._tell_that_nobody_is_there()

    def _tell_that_nobody_is_there(self) -> None:
        """The server itself tells only the last of the requests, which may have to wait for others."""
        for cycle in self._unanswered:
            if not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def on_message_begin(self) -> None:
        """A request begins to come."""
        super().on_message_begin()
        self.scope["extensions"] = {BREAK_OFF: {"abort": self.transport.abort}}
        self._await("head")
        self._has_begun = True

    def on_headers_complete(self) -> None:
        """The head is whole."""
        if self._is_over:
            return
        self._await("body")
        self._take_authority()
        fault = self._fault_of_head()
        if fault is not None:
            self._refuse(fault, "malformed")
            return
        super().on_headers_complete()
        self._unanswered = [*(each for each in self._unanswered if not each.response_complete), self.cycle]
        if is_draining(self.app_state):
            # The next request is for another server.
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """A piece of the body came."""
        if self._is_over:
            return
        self._since = self.loop.time()
        self._come += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self._is_over:
            return
        self._awaited = ""
        self._has_begun = False
        super().on_message_complete()

    def _take_authority(self) -> None:
        """Where the target of the request names a host, that is the one (RFC 9112, section 3.2.2)."""
        found = _AUTHORITY.match(self.url)
        if found:
            self.headers[:] = [pair for pair in self.headers if pair[0] != b"host"] + [(b"host", found[1])]

    def _fault_of_head(self) -> HTTPException | None:
        """What is wrong with a head that the parser takes (RFC 9112, sections 3.2 and 6.1)."""
        given = Counter(name for name, _ in self.headers)
        values = dict(self.headers)
        if any(given[name] > 1 for name in _SINGLE) or not _HOST.fullmatch(values.get(b"host", b"")):
            return _BAD_HEAD
        if b"host" not in values and self.parser.get_http_version() != "1.0":
            return _BAD_HEAD
        if values.get(b"transfer-encoding", b"chunked").strip().lower() != b"chunked":
            return _UNKNOWN_CODING
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > LARGEST_HEAD:
            return _TOO_LARGE
        return None

    def look(self, now: float) -> None:
        """End the connection where it was silent for too long, at `now` on the clock of the loop."""
        if self._does_not_read(now):
            self._count("slow_reader")
            self.transport.abort()
        elif self._does_not_send(now):
            if self._may_answer():
                self._refuse(_TOO_SLOW, "slow_request")
            else:
                self._count("slow_request")
                self.transport.abort()

    def _does_not_read(self, now: float) -> bool:
        left = self.transport.get_write_buffer_size()
        if left == 0 or self._left == 0 or left > self._left or self._left - left >= _SLOWEST * self.limits.reading:
            self._left, self._moved = left, now
        return left > 0 and now - self._moved >= self.limits.reading

    def _does_not_send(self, now: float) -> bool:
        if not self._awaited or self._is_over or self.transport.is_closing():
            return False
        if self.flow.read_paused:
            # It is we who do not read.
            self._since = self._began = now
            self._come = 0
            return False
        most = self.limits.sending
        if self._awaited == "head":
            return now - self._began >= most
        return now - self._since >= most or now - self._began >= most + self._come / _SLOWEST

    def _may_answer(self) -> bool:
        """Whether what is said now is the answer to the request that is coming, and to no other."""
        if not self._has_begun or self.pipeline:
            return False
        if self.cycle is None:
            return True
        return self.cycle.response_complete if self._awaited == "head" else not self.cycle.response_started

    def _await(self, part: str) -> None:
        self._awaited = part
        self._since = self._began = self.loop.time()
        self._come = 0

    def _count(self, reason: Reason) -> None:
        if self.refusals is not None:
            self.refusals.refused(reason)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the server's words are for its log
        """Say that the request cannot be read, unless it has been refused already."""
        if self._is_over:
            return
        is_too_long = len(getattr(self, "url", b"")) > LONGEST_ADDRESS
        self._refuse(_TOO_LONG if is_too_long else _NOT_HTTP, "malformed")

    def _refuse(self, error: HTTPException, reason: Reason) -> None:
        """Say why, and close the connection after a moment; whoever still sends would not read it if that were now."""
        self._is_over = True
        self.refused.add(self)
        self._count(reason)
        request = secrets.token_hex(8)
        given = dict(self.headers or ()).get(b"accept-language", b"")
        language = preferred(given.decode("latin-1"))
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
        if self.transport.can_write_eof() and len(self.refused) <= _MOST_LINGERING:
            self.transport.write_eof()
            self.loop.call_later(_LINGER, self.transport.close)
        else:
            self.transport.close()
        write_down_refusal(request, self._address, problem.status, reason)


def connection_class(
    limits: Limits, refusals: Refusals | None = None, presence: Presence | None = None
) -> type[Connection]:
    """The connections of a server with these limits, that has those counted who are sent away, and who are there."""
    return type(
        "Connection",
        (Connection,),
        {"limits": limits, "refusals": refusals, "presence": presence, "refused": set()},
    )
