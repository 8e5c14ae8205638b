"""Talking to an engine elsewhere: connections that are kept, a time limit for the whole of it, and no other address."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from anyio.from_thread import start_blocking_portal

from crmgraph.errors import RemoteError, UnavailableError
from crmgraph.sparql.elsewhere.address import Address
from crmgraph.sparql.limit import Limit
from crmgraph.sparql.process import GLANCE
from crmgraph.wording import Advised, Bilingual

__all__ = ["N_TRIPLES", "RESULTS", "Connection", "Reply"]

RESULTS = "application/sparql-results+json"
N_TRIPLES = "application/n-triples"

_MOST = 512 * 2**20
_CONNECTIONS = 40
_CONNECTING = 10.0
_TABLE = re.compile(rb'\s*\{\s*"head"')
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Reply:
    """What an engine said, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_framed(self) -> bool:
        """Whether a body that was cut would have been noticed."""
        return "content-length" in self.headers or "chunked" in self.headers.get("transfer-encoding", "")

    @property
    def broke_off(self) -> bool:
        """Whether an error came in the midst of a table, which Virtuoso sends then, with status 500."""
        return self.status == httpx.codes.INTERNAL_SERVER_ERROR and _TABLE.match(self.body) is not None


class Connection:
    """The way to the engine at an address, which calls itself `server`. May be used from many threads at once."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.server = ""
        self._closed = False
        self._held = ExitStack()
        # In a thread of its own, so that a request can be ended whatever it is waiting for.
        self._portal = self._held.enter_context(start_blocking_portal())
        self._client = self._portal.call(self._open)

    async def _open(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            auth=self.address.auth(),
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(None, connect=_CONNECTING),
            limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
            headers={"User-Agent": "crmgraph", "Accept-Encoding": "identity"},
        )

    @property
    def is_virtuoso(self) -> bool:
        """Whether it is a Virtuoso, which gives no more than 10,000 statements of a graph, and takes a time limit."""
        return self.server.lower().startswith("virtuoso")

    def query(
        self,
        text: str,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
        accept: str,
        limit: Limit,
    ) -> Reply:
        """Ask a query of these graphs (SPARQL 1.1 Protocol, 2.1.2), once more where the connection was lost.

        Once more too where the engine broke off, which has been seen of queries that it answered a moment later.
        """
        form = [("query", text), *((("default-graph-uri", iri)) for iri in default_graphs)]
        form += [("named-graph-uri", iri) for iri in named_graphs]
        if self.is_virtuoso:
            form.append(("timeout", str(max(int(limit.left() * 1000), 1000))))
        asked = ("POST", self.address.query, {**_FORM, "Accept": accept}, urlencode(form).encode(), limit)
        reply = self._ask(*asked)
        return self._ask(*asked) if reply.broke_off else reply

    def update(self, text: str, limit: Limit) -> Reply:
        """Send an update (2.2.1), which must be one that can be made twice."""
        return self._ask("POST", self.address.update, _FORM, urlencode({"update": text}).encode(), limit)

    def graph(self, method: str, graph: str, limit: Limit, body: bytes = b"") -> Reply:
        """Read, replace or remove a graph (SPARQL 1.1 Graph Store HTTP Protocol), in N-Triples."""
        url = f"{self.address.graphs}?{urlencode({'graph': graph})}"
        headers = {"Content-Type": N_TRIPLES} if body else {"Accept": N_TRIPLES}
        return self._ask(method, url, headers, body, limit)

    def close(self) -> None:
        """Let go of the engine. May be called more than once."""
        if not self._closed:
            self._closed = True
            self._portal.call(self._client.aclose)
            self._held.close()

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes, limit: Limit) -> Reply:
        limit.left()
        if self._closed:
            raise UnavailableError(_CLOSED)
        future: Future[Reply] = self._portal.start_task_soon(self._exchange, method, url, headers, body)
        try:
            while True:
                left = limit.left()
                try:
                    return _checked(future.result(left if limit.gone is None else min(left, GLANCE)))
                except TimeoutError:
                    continue
        finally:
            future.cancel()

    async def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        try:
            return await self._once(method, url, headers, body)
        except (httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError) as error:
            # Either nobody was there, or a connection that was kept had ended: what we send can be sent twice.
            if isinstance(error, httpx.RemoteProtocolError) and "without sending" not in str(error):
                raise RemoteError(_NOT_WHOLE) from None
        except httpx.HTTPError:
            raise UnavailableError(_NOT_REACHED) from None
        try:
            return await self._once(method, url, headers, body)
        except httpx.RemoteProtocolError:
            raise RemoteError(_NOT_WHOLE) from None
        except httpx.HTTPError:
            raise UnavailableError(_NOT_REACHED) from None

    async def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        async with self._client.stream(method, url, headers=dict(headers), content=body or None) as response:
            received = bytearray()
            try:
                async for piece in response.aiter_raw():
                    received += piece
                    if len(received) > _MOST:
                        raise RemoteError(_TOO_LARGE)
            except httpx.HTTPError:
                raise RemoteError(_NOT_WHOLE) from None
            if response.headers.get("content-encoding", "identity") != "identity":
                raise RemoteError(_ENCODED)
            self.server = response.headers.get("server", self.server)
            return Reply(response.status_code, dict(response.headers), bytes(received))


def _checked(reply: Reply) -> Reply:
    """The reply, where it is one: not a way to elsewhere, and not the question who we are."""
    if httpx.codes.is_redirect(reply.status):
        raise RemoteError(_ELSEWHERE)
    if reply.status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise RemoteError(_UNKNOWN)
    if reply.status in (httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS):
        raise UnavailableError(_BUSY)
    return reply


_CLOSED = Bilingual(
    "No more questions are answered: the server is being stopped.",
    "Ya no se responden preguntas: el servidor se está deteniendo.",
)
_LATER = Bilingual("Ask again later.", "Vuelva a preguntar más tarde.")
_NOT_REACHED = Advised(
    Bilingual("The engine that holds the data cannot be reached.", "No se puede llegar al motor que guarda los datos."),
    _LATER,
)
_BUSY = Advised(
    Bilingual(
        "The engine that holds the data says that it cannot answer now.",
        "El motor que guarda los datos dice que ahora no puede responder.",
    ),
    _LATER,
)
_NOT_WHOLE = Advised(
    Bilingual(
        "The engine that holds the data broke off, or did not speak HTTP.",
        "El motor que guarda los datos se interrumpió o no habló HTTP.",
    ),
    Bilingual("Ask again.", "Vuelva a preguntar."),
)
_TOO_LARGE = Advised(
    Bilingual(
        "The engine that holds the data sent more than can be taken.",
        "El motor que guarda los datos envió más de lo que se admite.",
    ),
    Bilingual("Ask for less, for example with LIMIT.", "Pida menos, por ejemplo con LIMIT."),
)
_ENCODED = Bilingual(
    "The engine that holds the data answered in an encoding that nobody asked for.",
    "El motor que guarda los datos respondió en una codificación que nadie pidió.",
)
_ELSEWHERE = Bilingual(
    "The engine that holds the data points to another address, and only the one in the settings is asked.",
    "El motor que guarda los datos remite a otra dirección, y solo se pregunta a la de la configuración.",
)
_UNKNOWN = Bilingual(
    "The engine that holds the data does not let this server do this: its user, password or token is wrong, or lacks "
    "the right.",
    "El motor que guarda los datos no permite esto a este servidor: su usuario, contraseña o token es incorrecto, o le "
    "falta el derecho.",
)
