"""The process that serves: a socket, the application, and a word when people can come."""

import asyncio
import socket
from collections.abc import Callable
from http import HTTPStatus

import uvicorn
from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from crmgraph.answering import Pool
from crmgraph.building import Manifest
from crmgraph.errors import UsageError
from crmgraph.serving.app import create_app
from crmgraph.serving.cors import DATA_HEADERS
from crmgraph.serving.i18n import preferred
from crmgraph.serving.problems import MEDIA_TYPE, problem_of
from crmgraph.settings import Settings
from crmgraph.wording import Bilingual

__all__ = ["LONGEST_ADDRESS", "serve"]

LONGEST_ADDRESS = 65_535
"""How many bytes the address of a request may have; the parser takes no more."""

_GRACE = 1.0
_NOT_HTTP = HTTPException(400, Bilingual("This is not a request of HTTP/1.1.", "Esto no es una petición de HTTP/1.1."))
_TOO_LONG = HTTPException(
    414,
    Bilingual(
        f"The address has more than {LONGEST_ADDRESS} bytes. Send a long query as the body of a POST request.",
        f"La dirección tiene más de {LONGEST_ADDRESS} bytes. Envíe una consulta larga como cuerpo de una petición "
        "POST.",
    ),
)


class _Protocol(HttpToolsProtocol):
    """A connection that tells of a request that cannot be read in a problem document, as everything else does."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the server's words are for its log
        is_too_long = len(getattr(self, "url", b"")) > LONGEST_ADDRESS
        given = dict(self.headers or ()).get(b"accept-language", b"")
        language = preferred(given.decode("latin-1"))
        problem = problem_of(_TOO_LONG if is_too_long else _NOT_HTTP, language)
        document = problem.document()
        headers = {
            **DATA_HEADERS,
            "Content-Type": MEDIA_TYPE,
            "Content-Language": language,
            "Content-Length": str(len(document)),
            "Cache-Control": "no-store",
            "Connection": "close",
        }
        status = HTTPStatus(problem.status)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        self.transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + document)
        self.transport.close()


class _Server(uvicorn.Server):
    """A server that says when it has started, and that nobody's query keeps from stopping."""

    def __init__(self, config: uvicorn.Config, pool: Pool, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._pool = pool
        self._say = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Whoever waits for an answer is told at once; who sends or takes something slowly has a moment to finish.
        self._pool.close()
        asyncio.get_running_loop().call_later(_GRACE, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def serve(settings: Settings, manifest: Manifest, pool: Pool, ready: Callable[[str], None]) -> None:
    """Serve what `pool` answers until somebody stops it, and close the pool; `ready` is told the URL once it can be
    asked.

    Raises UsageError where the address cannot be had.
    """
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}{settings.root_path}/"
    app = create_app(settings, manifest, pool)
    config = uvicorn.Config(
        app, http=_Protocol, log_level="warning", root_path=settings.root_path, timeout_graceful_shutdown=5
    )
    _Server(config, pool, lambda: ready(url)).run([listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"cannot serve at {host}, port {port}: {error.strerror or error}; name another with --host and --port"
        ) from None
