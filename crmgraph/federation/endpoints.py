"""Other SPARQL endpoints, queried over HTTP."""

import base64
import ipaddress
import re
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from threading import Event
from urllib.parse import urlencode, urljoin, urlsplit

import anyio
import httpcore
import httpx
from anyio.from_thread import start_blocking_portal
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

from crmgraph.errors import (
    AnswerError,
    Bilingual,
    LimitError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteError,
    UnavailableError,
    UsageError,
)
from crmgraph.inference.rules import rows
from crmgraph.sparql.engine import (
    CLOSED,
    POLL_INTERVAL,
    Answer,
    Engine,
    Limit,
    Question,
    state_as_built,
    state_when_written,
    timeout_message,
)
from crmgraph.sparql.formats import format_of_media_type, write_graph, write_results
from crmgraph.sparql.syntax import outline_query
from crmgraph.sparql.workarounds import adapt_for_engine
from crmgraph.sparql.worker import media_type_of

_PORTS = {"http": 80, "https": 443}
# IPv6 addresses that embed an IPv4 address (IPv4-compatible, RFC 6052, 6to4), and site-local addresses.
_RESERVED_IPV6 = [ipaddress.IPv6Network(each) for each in ("::/96", "64:ff9b::/96", "2002::/16", "fec0::/10")]
_MAX_RESPONSE = 16 * 2**20
_CONNECT_TIMEOUT = 10.0
_MAX_REDIRECTS = 5
_REDIRECT_STATUSES = frozenset({301, 302, 307, 308})
_HEADERS = {"User-Agent": "crmgraph (https://w3id.org/crmgraph/)", "Accept-Encoding": "identity"}


class AllowedUrls:
    """The URLs that may be requested, such as https://query.wikidata.org/sparql. A query string is part of the URL.

    Host names may resolve to public internet addresses only. A machine in a private network is allowed by its IP
    address, or as localhost. With `is_trusted`, host names may resolve to private addresses, too.

    Raises UsageError, which names the `setting`, for an invalid URL.
    """

    def __init__(self, addresses: Iterable[str], setting: str = "setting allow", is_trusted: bool = False) -> None:
        self._allowed_urls = {_split_url(address): address for address in addresses}
        self._is_trusted = is_trusted
        if None in self._allowed_urls:
            # A user name and a password in an address are not repeated.
            wrong = re.sub(r"//[^/]*@", "//…@", self._allowed_urls[None])
            raise UsageError(
                f"{setting}: {wrong} is no address such as https://query.wikidata.org/sparql, without user and password"
            )

    def check(self, url: str) -> None:
        """Raise QueryRefusedError if a URL is not allowed."""
        if _split_url(url) not in self._allowed_urls:
            raise QueryRefusedError(
                Bilingual(
                    f"{url} is not among the addresses that may be asked from here. Whoever runs this can name it by "
                    "`--allow`; or else fetch from it yourself.",
                    f"{url} no está entre las direcciones a las que se puede preguntar desde aquí. Quien administra "
                    "esto puede nombrarla con `--allow`; si no, consúltela usted mismo.",
                )
            )

    def check_resolved_address(self, host: str, address: str) -> None:
        """Raise QueryRefusedError if the IP `address` of a host name is not public, unless the URLs are trusted."""
        if not self._is_trusted and not _is_ip_or_localhost(host) and not _is_public(address):
            raise QueryRefusedError(
                Bilingual(
                    f"{host} leads to a machine that is not of the public internet, so it is not asked by its name. "
                    "Whoever runs the service can allow it by its IP address.",
                    f"{host} lleva a una máquina que no es de la internet pública, así que no se le pregunta por su "
                    "nombre. Quien administra el servicio puede permitirla por su dirección IP.",
                )
            )


def _split_url(url: str) -> tuple[tuple[str, str, int], str] | None:
    """Return the origin of a URL, and its path with the query string; None if it is invalid or contains a user name."""
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


def _is_public(address: str) -> bool:
    """Return whether an IP address is public, and is not an IPv6 address that embeds an IPv4 address."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    is_reserved = isinstance(parsed, ipaddress.IPv6Address) and any(parsed in network for network in _RESERVED_IPV6)
    return parsed.is_global and not parsed.is_multicast and not is_reserved


def _is_ip_or_localhost(host: str) -> bool:
    """Return whether a host is an IP address or localhost, so that no name resolution is needed."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return True


@dataclass(frozen=True)
class FetchedResponse:
    """A complete HTTP response.

    Attributes:
        status: The status code.
        media_type: The media type, in lower case and without parameters; empty if there is none.
        body: The whole body.
    """

    status: int
    media_type: str
    body: bytes


class Fetcher:
    """An HTTP client that requests only `allowed` URLs and rejects responses over `largest` bytes. Thread-safe."""

    def __init__(self, allowed: AllowedUrls, largest: int = _MAX_RESPONSE) -> None:
        self._allowed = allowed
        self._largest = largest
        self._pending: set[Future[FetchedResponse]] = set()
        self._resources = ExitStack()
        # The event loop runs in its own thread, so that a waiting request can be cancelled.
        self._portal = self._resources.enter_context(start_blocking_portal())
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_CheckingBackend(allowed),
            max_connections=20,
            keepalive_expiry=30,
        )
        self._resources.callback(self._portal.call, self._pool.aclose)

    def post_query(
        self,
        url: str,
        form: Mapping[str, str | Sequence[str]],
        accept: str,
        limit: Limit,
        headers: Mapping[str, str] | None = None,
    ) -> FetchedResponse:
        """Return the response of a SPARQL endpoint to a query that is sent as a form (SPARQL 1.1 Protocol, 2.1.2).

        Redirects are followed. Raises QueryRefusedError for a URL that is not allowed, UnavailableError if the server
        is unreachable or the client is closed, RemoteError for an invalid or incomplete response, LimitError if the
        response is too large, and the errors of `Limit.left`.
        """
        sent = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded", **_HEADERS, **(headers or {})}
        try:
            future: Future[FetchedResponse] = self._portal.start_task_soon(
                self._request_with_redirects, url, sent, urlencode(form, doseq=True).encode()
            )
        except RuntimeError:
            raise UnavailableError(CLOSED) from None
        self._pending.add(future)
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
            self._pending.discard(future)

    def close(self) -> None:
        """Close all connections; pending requests raise UnavailableError. May be called more than once."""
        for future in [*self._pending]:
            future.cancel()
        self._resources.close()

    async def _request_with_redirects(self, url: str, headers: Mapping[str, str], body: bytes) -> FetchedResponse:
        for _ in range(_MAX_REDIRECTS):
            self._allowed.check(url)
            try:
                fetched, location = await self._request(url, headers, body)
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError):
                raise UnavailableError(
                    Bilingual(
                        f"{url} cannot be reached. Ask again later, or without it.",
                        f"No se puede llegar a {url}. Vuelva a preguntar más tarde, o sin ella.",
                    )
                ) from None
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
                raise _response_error(url) from None
            if location is None or fetched.status not in _REDIRECT_STATUSES:
                return fetched
            try:
                url = urljoin(url, location)
            except ValueError:
                break
        raise _response_error(url)

    async def _request(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[FetchedResponse, str | None]:
        async with self._pool.stream(
            "POST",
            url,
            headers=[*headers.items()],
            content=body,
            extensions={"timeout": {"connect": _CONNECT_TIMEOUT}},
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
            parsed = httpx.Response(response.status, headers=response.headers)
        if parsed.headers.get("content-encoding", "identity").lower() != "identity":
            raise _response_error(url)
        media_type = parsed.headers.get("content-type", "").partition(";")[0].strip().lower()
        return FetchedResponse(response.status, media_type, bytes(received)), parsed.headers.get("location")


class _CheckingBackend(httpcore.AsyncNetworkBackend):
    """A network backend that connects to exactly the IP address that was checked.

    If the HTTP client resolved the host name a second time, the result could be another address.
    """

    def __init__(self, allowed: AllowedUrls) -> None:
        self._allowed = allowed
        self._backend = httpcore.AnyIOBackend()

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
            self._allowed.check_resolved_address(host, address)
        for address in addresses[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
        return await self._backend.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)


def _response_error(url: str) -> RemoteError:
    return RemoteError(
        Bilingual(
            f"{url} broke off, leads in circles, or did not speak HTTP as it was asked to. Ask again.",
            f"{url} se interrumpió, da vueltas sobre sí misma o no habló HTTP como se le pidió. Vuelva a preguntar.",
        )
    )


_MAX_ANSWER = 256 * 2**20
"""The largest answer that is accepted, in bytes."""

_MAX_ERROR_SHOWN = 2000
"""The most bytes of an endpoint's error message that are shown."""

_STATE_LIFETIME = 60.0
"""Seconds until the state of the remote data is checked again."""

_RESULTS, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"
_GRAPH_SIZES_QUERY = Question("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", graph_type=None)


class RemoteEngine(Engine):
    """An engine that queries a remote SPARQL endpoint which holds the dataset.

    `digest` is the digest of the built dataset, and `graphs` maps the IRI of each of its graphs to the number of its
    statements. `headers` are sent with each request. Answers are parsed and serialised again, so all syntaxes are
    available. The engine never writes.

    Other programs may change the remote data. So `refresh` compares the sizes of the graphs at most once a minute and
    then sets a new `state`. Error messages do not contain the address. Raises UsageError for an invalid address.
    """

    def __init__(
        self, endpoint: str, digest: str, graphs: Mapping[str, int], headers: Mapping[str, str] | None = None
    ) -> None:
        self._endpoint = endpoint
        self._digest = digest
        self._graphs = graphs
        self._headers = headers or {}
        self._fetcher = _fetcher_for(endpoint)
        self._state = state_when_written(digest)
        self._state_expires = 0.0

    @property
    def state(self) -> str:
        """The state of the data at the last refresh."""
        return self._state

    def refresh(self, seconds: float) -> None:
        """Update `state` by the sizes of the graphs, unless that was done a moment ago.

        Raises RemoteError if the endpoint has no graph of the dataset.
        """
        if time.monotonic() < self._state_expires:
            return
        found = parse_query_results(self._ask(_GRAPH_SIZES_QUERY, Limit(seconds)).body, QueryResultsFormat.JSON)
        sizes = {row["g"].value: int(row["n"].value) for row in rows(found)}
        if sizes.keys().isdisjoint(self._graphs):
            raise RemoteError(
                Bilingual(
                    "The engine has no graph of the dataset that was built here; load the N-Quads of the dataset "
                    "into it.",
                    "El motor no tiene ningún grafo del conjunto de datos construido aquí; cargue en él los N-Quads "
                    "del conjunto.",
                )
            )
        is_as_built = all(sizes.get(graph, 0) == size for graph, size in self._graphs.items())
        self._state = state_as_built(self._digest) if is_as_built else state_when_written(self._digest)
        self._state_expires = time.monotonic() + _STATE_LIFETIME

    def answer(
        self,
        question: Question,
        seconds: float,
        cancel_event: Event | None = None,
        in_parts: bool = False,  # noqa: ARG002 - answers are whole
    ) -> Answer:
        """Return the answer of the endpoint, in the forms and media types of the other engines.

        Raises RemoteError if the endpoint does not answer, or not in full, within `seconds`.
        """
        self.refresh(seconds)
        text = question.text.removeprefix("\ufeff")
        outline = outline_query(text, question.longest)
        media_type = media_type_of(question, outline)
        is_graph = outline.form in ("CONSTRUCT", "DESCRIBE")
        base = f"BASE <{question.base_iri}>\n" if question.base_iri else ""
        asked = replace(
            question,
            text=base + adapt_for_engine(text),
            result_type=None if is_graph else _RESULTS,
            graph_type=_N_TRIPLES if is_graph else None,
        )
        response = self._ask(asked, Limit(seconds, cancel_event=cancel_event))
        try:
            if is_graph:
                triples = dict.fromkeys(quad.triple for quad in parse(response.body, RdfFormat.N_TRIPLES))
                body = write_graph(triples, media_type, {**question.prefixes, **outline.prefixes})
            else:
                body = write_results(parse_query_results(response.body, QueryResultsFormat.JSON), media_type)
        except (SyntaxError, ValueError):
            raise RemoteError(_NO_WHOLE_ANSWER) from None
        return Answer(body, media_type, outline.form or "", outline.is_deterministic)

    def close(self) -> None:
        """Close the connections to the endpoint."""
        self._fetcher.close()

    def _ask(self, question: Question, limit: Limit) -> Answer:
        try:
            return _query_endpoint(
                self._fetcher,
                self._endpoint,
                question,
                limit,
                self._headers,
                Bilingual("The engine that holds the data", "El motor que guarda los datos"),
            )
        except QueryTimeoutError:
            raise QueryTimeoutError(timeout_message(limit.seconds)) from None
        except UnavailableError:
            raise UnavailableError(
                Bilingual(
                    "The engine that holds the data cannot be reached, or cannot answer now. Ask again later.",
                    "No se puede llegar al motor que guarda los datos, o ahora no puede responder. Vuelva a "
                    "preguntar más tarde.",
                )
            ) from None
        except (RemoteError, QueryRefusedError):
            raise RemoteError(_NO_WHOLE_ANSWER) from None


def authorization_header(user: str, password: str, token: str) -> dict[str, str]:
    """Return the Authorization header for a bearer `token`, or for `user` and `password` (Basic).

    Return no header if neither is given.
    """
    if token:
        return {"Authorization": f"Bearer {token}"}
    basic = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {basic}"} if user else {}


def ask_endpoint(endpoint: str, question: Question, seconds: float) -> Answer:
    """Return the answer of a SPARQL endpoint, in one of the media types of the question.

    Raises UsageError for an invalid address, QuerySyntaxError if the endpoint rejects the query, UnavailableError if
    the endpoint is unreachable, RemoteError for another error status, an incomplete answer or another media type, and
    QueryTimeoutError after `seconds`.
    """
    with closing(_fetcher_for(endpoint)) as fetcher:
        return _query_endpoint(fetcher, endpoint, question, Limit(seconds), {}, Bilingual(endpoint, endpoint))


def _fetcher_for(endpoint: str) -> Fetcher:
    return Fetcher(AllowedUrls([endpoint], setting="endpoint", is_trusted=True), _MAX_ANSWER)


def _query_endpoint(
    fetcher: Fetcher, endpoint: str, question: Question, limit: Limit, headers: Mapping[str, str], name: Bilingual
) -> Answer:
    """Return the answer of an endpoint; error messages call the endpoint by `name`."""
    wanted = [kind for kind in (question.result_type, question.graph_type) if kind]
    form = {
        "query": question.text,
        "default-graph-uri": question.default_graphs or (),
        "named-graph-uri": question.named_graphs or (),
    }
    response = fetcher.post_query(endpoint, form, ", ".join(wanted), limit, headers)
    if response.status != 200:
        words = " ".join(response.body[:_MAX_ERROR_SHOWN].decode("utf-8", "replace").split())
        kind: type[AnswerError] = {400: QuerySyntaxError, 503: UnavailableError}.get(response.status, RemoteError)
        raise kind(
            Bilingual(
                f"{name} answered {response.status}: {words}",
                f"{name.spanish} respondió {response.status}: {words}",
            )
        )
    known = format_of_media_type(response.media_type)
    media_type = known.media_type if known else response.media_type
    if media_type not in wanted:
        given, types = response.media_type or "no media type", " or ".join(wanted)
        raise RemoteError(
            Bilingual(
                f"{name} answered with {given} and not with {types}; see whether a query is asked there",
                f"{name.spanish} respondió con {given} y no con {types}; compruebe si ahí se preguntan consultas",
            )
        )
    return Answer(response.body, media_type, "SELECT" if media_type == question.result_type else "CONSTRUCT")


_NO_WHOLE_ANSWER = Bilingual(
    "The engine that holds the data gave no whole answer to this query.",
    "El motor que guarda los datos no dio una respuesta entera a esta consulta.",
)
