"""Other machines asked by HTTP: only allowed addresses, checked again when a name is resolved and at each redirect."""

import ipaddress
import socket
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

import anyio
import httpcore
import httpx
from anyio.from_thread import start_blocking_portal

from crmgraph.errors import Bilingual, LimitError, QueryRefusedError, RemoteError, UnavailableError, UsageError
from crmgraph.sparql.engine import CLOSED, POLL_INTERVAL, Limit

_PORTS = {"http": 80, "https": 443}
# IPv4 addresses written as IPv6: compatible, translated (RFC 6052), 6to4; and site-local ones.
_DISGUISES = [ipaddress.IPv6Network(each) for each in ("::/96", "64:ff9b::/96", "2002::/16", "fec0::/10")]
_LARGEST = 16 * 2**20
_CONNECTING = 10.0
_REDIRECTS = 5
_REPEATED = frozenset({301, 302, 307, 308})
_Machine = tuple[str, str, int]
_Headers = Mapping[str, str]


class Allowed:
    """The addresses that may be asked, such as https://query.wikidata.org/sparql; one that ends in a slash stands for
    all below it. What follows a question mark belongs to an address: only so is it sent.

    A name reaches only machines of the public internet, whatever it is resolved to: one of a private network is named
    by its IP address, or as localhost; unless the addresses are trusted. Raises UsageError for what is no address, or
    could never be asked for, which is a value of this `setting`.
    """

    def __init__(self, addresses: Iterable[str], setting: str = "allow", is_trusted: bool = False) -> None:
        self._entries = [_entry(address, setting) for address in addresses]
        self._is_trusted = is_trusted

    def check(self, url: str) -> None:
        """Raise QueryRefusedError where an address is not among those that may be asked."""
        asked = _parts(url)
        if asked is None or not any(
            machine == asked[0]
            and (asked[1] == path or (path.endswith("/") and asked[1].startswith(path) and _is_plain(asked[1])))
            for machine, path in self._entries
        ):
            raise QueryRefusedError(
                Bilingual(
                    f"{url} is not among the addresses that may be asked from here. Whoever runs this can name it by "
                    "`--allow`; or else fetch from it yourself.",
                    f"{url} no está entre las direcciones a las que se puede preguntar desde aquí. Quien administra "
                    "esto puede nombrarla con `--allow`; si no, consúltela usted mismo.",
                )
            )

    def check_machine(self, host: str, address: str) -> None:
        """Raise QueryRefusedError where a name leads to this IP address of a private network."""
        if not self._is_trusted and not _is_of_the_network(host) and not _is_public(address):
            raise QueryRefusedError(
                Bilingual(
                    f"{host} leads to a machine that is not of the public internet, so it is not asked by its name. "
                    "Whoever runs the service can allow it by its IP address.",
                    f"{host} lleva a una máquina que no es de la internet pública, así que no se le pregunta por su "
                    "nombre. Quien administra el servicio puede permitirla por su dirección IP.",
                )
            )


def _entry(address: str, setting: str) -> tuple[_Machine, str]:
    entry = _parts(address)
    if entry is None:
        raise UsageError(f"setting {setting}: {address} is no address such as https://query.wikidata.org/sparql")
    if "*" in address:
        raise UsageError(
            f"setting {setting}: {address} has a star, which means nothing here; an address that ends in a slash "
            "stands for all below it"
        )
    if entry[1].endswith("/") and not _is_plain(entry[1]):
        raise UsageError(f"setting {setting}: nothing is below {address}; write it without .., %, ?, ; and //")
    return entry


def _parts(url: str) -> tuple[_Machine, str] | None:
    """Return scheme, host and port, and the path with its query; None for what is no address, or says who asks."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    is_plain = url.isascii() and url.isprintable() and not set(' \\<>"{}|^`') & set(url)
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or not is_plain:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return (parts.scheme, host, port or _PORTS[parts.scheme]), path


def _is_plain(path: str) -> bool:
    return not any(odd in path for odd in ("..", "%", "?", ";", "//"))


def _is_public(address: str) -> bool:
    """Tell whether an IP address is of the public internet, and no way into another network written as one."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    is_disguised = isinstance(parsed, ipaddress.IPv6Address) and any(parsed in network for network in _DISGUISES)
    return parsed.is_global and not parsed.is_multicast and not is_disguised


def _is_of_the_network(host: str) -> bool:
    """Tell whether the name says by itself which machine it is."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


@dataclass(frozen=True)
class Fetched:
    """A response: the address that gave it at last, the status, the media type, the whole body and its charset."""

    url: str
    status: int
    media_type: str
    body: bytes
    charset: str = ""


class Fetcher:
    """Asks addresses that are `allowed`, for at most `largest` bytes. Safe to use from several threads."""

    def __init__(self, allowed: Allowed, largest: int = _LARGEST) -> None:
        self._allowed = allowed
        self._largest = largest
        self._asked: set[Future[Fetched]] = set()
        self._held = ExitStack()
        # In a thread of its own, so that a request can be ended whatever it is waiting for.
        self._portal = self._held.enter_context(start_blocking_portal())
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_CheckingBackend(allowed),
            max_connections=20,
            keepalive_expiry=30,
        )
        self._held.callback(self._portal.call, self._pool.aclose)

    def fetch(self, method: str, url: str, headers: _Headers, limit: Limit, body: bytes = b"") -> Fetched:
        """Return the response to a request.

        Raises QueryRefusedError for an address that is not allowed, UnavailableError where nobody is there, RemoteError
        where the response breaks off, LimitError where it is too large, and what `Limit.left` raises.
        """
        try:
            future: Future[Fetched] = self._portal.start_task_soon(self._follow, method, url, headers, body)
        except RuntimeError:
            raise UnavailableError(CLOSED) from None
        self._asked.add(future)
        too_slow = Bilingual(
            f"{url} had not answered when the {limit.seconds:g} s were over. Ask it for less, or later.",
            f"{url} no había respondido al cumplirse los {limit.seconds:g} s. Pídale menos, o más tarde.",
        )
        try:
            while True:
                with suppress(TimeoutError):
                    return future.result(min(limit.seconds_left(too_slow), POLL_INTERVAL))
        except CancelledError:
            raise UnavailableError(CLOSED) from None
        finally:
            future.cancel()
            self._asked.discard(future)

    def post_query(
        self,
        url: str,
        form: Mapping[str, str | Sequence[str]],
        accept: str,
        limit: Limit,
        headers: _Headers | None = None,
    ) -> Fetched:
        """Return the response of a SPARQL endpoint to a query in a form (SPARQL 1.1 Protocol, 2.1.2); see `fetch`."""
        sent = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.fetch("POST", url, sent, limit, urlencode(form, doseq=True).encode())

    def close(self) -> None:
        """Let go of all connections; what is being asked gets UnavailableError. May be called more than once."""
        for future in [*self._asked]:
            future.cancel()
        self._held.close()

    async def _follow(self, method: str, url: str, headers: _Headers, body: bytes) -> Fetched:
        for _ in range(_REDIRECTS):
            self._allowed.check(url)
            try:
                fetched, location = await self._once(method, url, headers, body)
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError):
                raise UnavailableError(
                    Bilingual(
                        f"{url} cannot be reached. Ask again later, or without it.",
                        f"No se puede llegar a {url}. Vuelva a preguntar más tarde, o sin ella.",
                    )
                ) from None
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
                raise _broken_off(url) from None
            if location is None or not (fetched.status in _REPEATED or (fetched.status == 303 and method == "GET")):
                return fetched
            try:
                url = urljoin(url, location)
            except ValueError:
                break
        raise _broken_off(url)

    async def _once(self, method: str, url: str, headers: _Headers, body: bytes) -> tuple[Fetched, str | None]:
        own: _Headers = {"User-Agent": "crmgraph (https://w3id.org/crmgraph/)", "Accept-Encoding": "identity"}
        async with self._pool.stream(
            method,
            url,
            headers=[*{**own, **headers}.items()],
            content=body,
            extensions={"timeout": {"connect": _CONNECTING}},
        ) as response:
            received = bytearray()
            async for part in response.aiter_stream():
                received += part
                if len(received) > self._largest:
                    raise LimitError(
                        Bilingual(
                            f"{url} sent more than {self._largest} bytes. Ask it for less.",
                            f"{url} envió más de {self._largest} bytes. Pídale menos.",
                        )
                    )
            said = httpx.Response(response.status, headers=response.headers)
        if said.headers.get("content-encoding", "identity").lower() != "identity":
            raise _broken_off(url)
        media_type = said.headers.get("content-type", "").partition(";")[0].strip().lower()
        fetched = Fetched(url, response.status, media_type, bytes(received), said.charset_encoding or "")
        return fetched, said.headers.get("location")


class _CheckingBackend(httpcore.AsyncNetworkBackend):
    """Connects to the very machine that was checked: a name that is resolved again may lead elsewhere."""

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


def _broken_off(url: str) -> RemoteError:
    return RemoteError(
        Bilingual(
            f"{url} broke off, leads in circles, or did not speak HTTP as it was asked to. Ask again.",
            f"{url} se interrumpió, da vueltas sobre sí misma o no habló HTTP como se le pidió. Vuelva a preguntar.",
        )
    )
