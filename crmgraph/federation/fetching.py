"""Asking other machines: only allowed ones, looked at again when their name is resolved and at each redirect."""

import socket
from collections.abc import Iterable, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urljoin

import anyio
import httpcore
import httpx
from anyio.from_thread import start_blocking_portal

from crmgraph.errors import LimitError, RemoteError, UnavailableError
from crmgraph.federation.allowed import Allowed
from crmgraph.sparql.limit import GLANCE, Limit
from crmgraph.sparql.messages import CLOSED
from crmgraph.wording import Bilingual

__all__ = ["Fetched", "Fetcher"]

_MOST = 16 * 2**20
_CONNECTING = 10.0
_REDIRECTS = 5
_REPEATED = frozenset({301, 302, 307, 308})
_Headers = Mapping[bytes | str, bytes | str]


@dataclass(frozen=True)
class Fetched:
    """What came: the address that gave it at last, the status, the media type and its charset, and the whole body."""

    url: str
    status: int
    media_type: str
    body: bytes
    charset: str = ""


class Fetcher:
    """Asks addresses that are `allowed`, for at most `largest` bytes. May be used from many threads at once."""

    def __init__(self, allowed: Allowed, largest: int = _MOST) -> None:
        self._allowed = allowed
        self._largest = largest
        self._is_closed = False
        self._asked: set[Future[Fetched]] = set()
        self._held = ExitStack()
        # In a thread of its own, so that a request can be ended whatever it is waiting for.
        self._portal = self._held.enter_context(start_blocking_portal())
        self._pool = self._portal.call(self._open)

    async def _open(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_Checking(self._allowed),
            max_connections=20,
            keepalive_expiry=30,
        )

    def get(self, url: str, headers: _Headers, limit: Limit) -> Fetched:
        """The answer to a GET request. Raises what `post` raises."""
        return self._ask("GET", url, headers, b"", limit)

    def post(self, url: str, headers: _Headers, body: bytes, limit: Limit) -> Fetched:
        """The answer to a POST request.

        Raises QueryRefusedError for an address that is not allowed, UnavailableError where nobody is there, RemoteError
        where the answer breaks off, LimitError where it is too large, and what `Limit.left` raises.
        """
        return self._ask("POST", url, headers, body, limit)

    def _ask(self, method: str, url: str, headers: _Headers, body: bytes, limit: Limit) -> Fetched:
        if self._is_closed:
            raise UnavailableError(CLOSED)
        try:
            future: Future[Fetched] = self._portal.start_task_soon(self._follow, method, url, headers, body)
        except RuntimeError:
            # It was closed at this very moment.
            raise UnavailableError(CLOSED) from None
        self._asked.add(future)
        try:
            while True:
                left = limit.left(_too_slow(url, limit.seconds))
                try:
                    return future.result(left if limit.gone is None else min(left, GLANCE))
                except TimeoutError:
                    continue
                except CancelledError:
                    raise UnavailableError(CLOSED) from None
        finally:
            future.cancel()
            self._asked.discard(future)

    def close(self) -> None:
        """Let go of all connections; what is being asked gets UnavailableError. May be called more than once."""
        if not self._is_closed:
            self._is_closed = True
            for future in [*self._asked]:
                future.cancel()
            self._portal.call(self._pool.aclose)
            self._held.close()

    async def _follow(self, method: str, url: str, headers: _Headers, body: bytes) -> Fetched:
        for _ in range(_REDIRECTS):
            self._allowed.check(url)
            try:
                fetched, location = await self._once(method, url, headers, body)
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError):
                raise UnavailableError(_not_there(url)) from None
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
                raise RemoteError(_not_whole(url)) from None
            if location is None or not (fetched.status in _REPEATED or (fetched.status == 303 and method == "GET")):
                return fetched
            try:
                url = urljoin(url, location)
            except ValueError:
                break
        raise RemoteError(_not_whole(url))

    async def _once(self, method: str, url: str, headers: _Headers, body: bytes) -> tuple[Fetched, str | None]:
        sent: _Headers = {
            "User-Agent": "crmgraph (https://w3id.org/crmgraph/)",
            "Accept-Encoding": "identity",
            **headers,
        }
        async with self._pool.stream(
            method, url, headers=sent, content=body, extensions={"timeout": {"connect": _CONNECTING}}
        ) as response:
            received = bytearray()
            async for part in response.aiter_stream():
                received += part
                if len(received) > self._largest:
                    raise LimitError(_too_large(url, self._largest))
            said = {name.lower().decode(): value.decode("latin-1") for name, value in response.headers}
        if said.get("content-encoding", "identity").lower() != "identity":
            raise RemoteError(_not_whole(url))
        content_type = Message()
        content_type["Content-Type"] = said.get("content-type", "")
        media_type = said.get("content-type", "").partition(";")[0].strip().lower()
        charset = str(content_type.get_content_charset(""))
        return Fetched(url, response.status, media_type, bytes(received), charset), said.get("location")


class _Checking(httpcore.AsyncNetworkBackend):
    """Connects to the very machine that was looked at: a name that is resolved again may lead elsewhere."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
        for address in addresses:
            self._allowed.check_machine(host, address)
        for address in addresses[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
        return await self._plain.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._plain.sleep(seconds)


def _not_there(url: str) -> Bilingual:
    return Bilingual(
        f"{url} cannot be reached. Ask again later, or without it.",
        f"No se puede llegar a {url}. Vuelva a preguntar más tarde, o sin ella.",
    )


def _not_whole(url: str) -> Bilingual:
    return Bilingual(
        f"{url} broke off, leads in circles, or did not speak HTTP as it was asked to. Ask again.",
        f"{url} se interrumpió, da vueltas sobre sí misma o no habló HTTP como se le pidió. Vuelva a preguntar.",
    )


def _too_slow(url: str, seconds: float) -> Bilingual:
    return Bilingual(
        f"{url} had not answered when the {seconds:g} s were over. Ask it for less, or later.",
        f"{url} no había respondido al cumplirse los {seconds:g} s. Pídale menos, o más tarde.",
    )


def _too_large(url: str, largest: int) -> Bilingual:
    return Bilingual(
        f"{url} sent more than {largest} bytes. Ask it for less.",
        f"{url} envió más de {largest} bytes. Pídale menos.",
    )
