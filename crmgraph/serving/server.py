"""The ASGI application of endpoint and site, and the HTTP server that runs it and stops gracefully."""

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING

import uvicorn
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from crmgraph.building.manifest import Manifest
from crmgraph.caching import SizedCache
from crmgraph.errors import AnswerError, Bilingual, UsageError
from crmgraph.files import check_assets
from crmgraph.http.endpoint import Endpoint, WriteAccess
from crmgraph.http.graph_store import graph_store_routes
from crmgraph.http.languages import preferred_language
from crmgraph.http.messages import DATA_HEADERS, PROBLEM_JSON, add_problem_handlers, problem_of
from crmgraph.http.operations import (
    DRAINING,
    CompressionMiddleware,
    Metrics,
    RequestMiddleware,
    operations_routes,
    start_access_log,
)
from crmgraph.http.protocol import protocol_routes
from crmgraph.settings import Settings
from crmgraph.sparql.engine import Engine
from crmgraph.store.changes import Writer
from crmgraph.store.writer import StoreWriter

if TYPE_CHECKING:
    from crmgraph.reconciliation.service import ReconciliationService
    from crmgraph.serving.website import Website

_WEBSITE_DELAY = 1.0
"""Seconds after the start at which the site is created, unless a page was requested before."""


class Application(RequestMiddleware):
    """The ASGI application: SPARQL endpoint, graph store, health checks and site over the dataset of one engine.

    The site, `website`, is created when it is first needed, because importing its libraries takes as long as all the
    rest of the start. It is None before that. Raises UsageError if the assets of the site were not built.

    Args:
        settings: The settings.
        manifest: Manifest of the built dataset.
        pool: The engine.
        write_access: Write access; None for a read-only service.
    """

    def __init__(
        self, settings: Settings, manifest: Manifest, pool: Engine, write_access: WriteAccess | None = None
    ) -> None:
        check_assets()
        store_writer = write_access.store_writer if write_access else None
        metrics = Metrics(pool, lambda: store_writer.digest if store_writer else manifest.dataset, store_writer)
        metrics.reconciliation = lambda: self.reconciliation
        self.website: Website | None = None
        self._pool = pool
        self._site_arguments = settings, manifest, pool, write_access, metrics
        self._lock = Lock()
        endpoint = Endpoint(
            pool,
            digest=manifest.dataset,
            graphs=manifest.graphs,
            prefixes=settings.names.prefixes(),
            workbench=lambda request, cancel_event: self._get_website().workbench(request, cancel_event),
            seconds=settings.timeout,
            federates=bool(settings.allow),
            write_access=write_access,
            cache=SizedCache(settings.cache - settings.cache // 4) if settings.cache else None,
            # A request with a thread runs, is being sent, or waits in the quick or the slow lane.
            threads=CapacityLimiter(2 * settings.queue + 4 * settings.workers),
        )
        routes = [
            *protocol_routes(endpoint),
            *graph_store_routes(endpoint),
            *operations_routes(endpoint, metrics),
            Mount("", app=self._serve_site),
        ]
        app = Starlette(routes=routes, middleware=[Middleware(CompressionMiddleware)], lifespan=self._lifespan)
        add_problem_handlers(app, lambda request, error: self._get_website().error_page(request, error))
        super().__init__(app, metrics)

    @property
    def reconciliation(self) -> "ReconciliationService | None":
        """The reconciliation service; None before the site is created."""
        return None if self.website is None else self.website.reconciliation

    def close(self) -> None:
        """End the reconciliation process; requests that wait for it get an error. Thread-safe; may be called again."""
        if self.reconciliation is not None:
            self.reconciliation.close()

    def _get_website(self) -> "Website":
        """Return the site, which is created first if needed. Blocks, so it must not be called in the event loop."""
        with self._lock:
            if self.website is None:
                from crmgraph.serving.website import create_website

                self.website = create_website(*self._site_arguments)
            return self.website

    async def _serve_site(self, scope: Scope, receive: Receive, send: Send) -> None:
        website = await to_thread.run_sync(self._get_website) if self.website is None else self.website
        await website.app(scope, receive, send)

    async def _make_website_early(self) -> None:
        """Create the site soon after the start, and load in advance what its first visitors would wait for."""
        await asyncio.sleep(_WEBSITE_DELAY)
        website = await to_thread.run_sync(self._get_website)
        with suppress(AnswerError):
            await website.prepare()
        # What was loaded stays in memory: with it, each garbage collection would halt pages for a sixth of a second.
        gc.collect()
        gc.freeze()

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._pool.attach()
        making = asyncio.create_task(self._make_website_early())
        yield
        making.cancel()
        with suppress(asyncio.CancelledError):
            await making
        await to_thread.run_sync(self.close)
        await self._pool.detach()


_LONGEST_ADDRESS = 65_535
"""Longest URL of a request in bytes; the HTTP parser accepts no more."""

LARGEST_HEAD = 256 * 1024
"""Size of a request's head (request line and headers), in bytes, above which it is not read to the end."""


class Connection(HttpToolsProtocol):
    """A connection of the HTTP server, with a limit of the number of connections and of the size of a request's head.

    The limit of connections is `limit_concurrency` of the server's configuration.
    """

    _head_size = 0
    _is_in_head = True

    def connection_made(self, transport) -> None:  # type: ignore[no-untyped-def]
        """Accept the connection, or refuse it if too many are open."""
        super().connection_made(transport)
        self._cycles: list[RequestResponseCycle] = []
        # Uvicorn would refuse the requests of all connections.
        most, self.limit_concurrency = self.limit_concurrency, None
        if most is not None and len(self.connections) > most:
            self._refuse(
                503,
                "As many connections are open as can be. Try again later.",
                "Ya están abiertas todas las conexiones posibles. Vuelva a intentarlo más tarde.",
            )

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        super().connection_lost(exc)
        # Uvicorn notifies only the last of several pipelined requests.
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        super().data_received(data)
        self._head_size += len(data)
        if self._is_in_head and self._head_size > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(
                431,
                f"The head of the request has more than {LARGEST_HEAD} bytes.",
                f"La cabecera de la petición tiene más de {LARGEST_HEAD} bytes.",
            )

    def on_message_begin(self) -> None:
        """See HttpToolsProtocol."""
        super().on_message_begin()
        self._is_in_head, self._head_size = True, 0

    def on_headers_complete(self) -> None:
        """Begin to answer a request. While the server is draining, close the connection after the response."""
        super().on_headers_complete()
        self._is_in_head = False
        self._cycles = [*(cycle for cycle in self._cycles if not cycle.response_complete), self.cycle]
        if DRAINING in self.app_state:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the signature is uvicorn's
        """Refuse a request that cannot be parsed (called by uvicorn)."""
        if len(getattr(self, "url", b"")) > _LONGEST_ADDRESS:
            self._refuse(
                414,
                f"The address has more than {_LONGEST_ADDRESS} bytes. Send a long query as the body of a POST request.",
                f"La dirección tiene más de {_LONGEST_ADDRESS} bytes. Envíe una consulta larga como cuerpo de una "
                "petición POST.",
            )
        else:
            self._refuse(
                400,
                "This is not a request of HTTP/1.1, or has a method that nobody knows.",
                "Esto no es una petición de HTTP/1.1, o tiene un método que nadie conoce.",
            )

    def _refuse(self, status: int, english: str, spanish: str) -> None:
        """Send a problem document, and close the connection."""
        language = preferred_language(dict(self.headers or ()).get(b"accept-language", b"").decode("latin-1"))
        document = problem_of(HTTPException(status, Bilingual(english, spanish)), language).document()
        headers = {
            **DATA_HEADERS,
            "Content-Type": PROBLEM_JSON,
            "Content-Language": language,
            "Content-Length": str(len(document)),
            "Connection": "close",
        }
        lines = [
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self.transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + document)
        self.transport.close()


_FINISH_SECONDS = 3.0
"""Seconds that running requests and writes have to finish when the server is stopped."""

_ABORT_DELAY = 1.0
"""Seconds that clients then have to read the error response to their aborted request."""

_LONGEST_STOP = 15
"""Seconds that the whole stop may take."""


class Server(uvicorn.Server):
    """An HTTP server (uvicorn) that stops gracefully.

    On a signal to stop, it drains for `drain` seconds: it still answers, but `/ready` fails. Then running requests may
    finish. After `_FINISH_SECONDS`, those that are left are aborted.

    Args:
        config: Configuration of uvicorn.
        on_started: Called when the server accepts requests.
        on_stop: Called to abort running requests.
        drain: Seconds of draining.
    """

    def __init__(
        self, config: uvicorn.Config, on_started: Callable[[], None], on_stop: Callable[[], None], drain: float = 0.0
    ) -> None:
        super().__init__(config)
        self._on_started = on_started
        self._on_stop = on_stop
        self._drain = drain
        self._drain_until: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server."""
        await super().startup(sockets)
        if self.started:
            self._on_started()

    async def on_tick(self, counter: int) -> bool:
        """Return whether to stop accepting requests now (uvicorn calls this every tenth of a second)."""
        if not await super().on_tick(counter):
            return False
        now = asyncio.get_running_loop().time()
        if self._drain_until is None:
            self._drain_until = now + self._drain
            self.lifespan.state[DRAINING] = True
        # A second Ctrl-C ends the draining, and only a third one the server.
        is_hurried, self.force_exit = self.force_exit, False
        return is_hurried or now >= self._drain_until

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the socket, let running requests finish, and abort those that take too long."""
        loop = asyncio.get_running_loop()

        loop.call_later(_FINISH_SECONDS, lambda: loop.run_in_executor(None, self._on_stop))
        loop.call_later(_FINISH_SECONDS + _ABORT_DELAY, self._abort)
        await super().shutdown(sockets)

    def _abort(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def serve(
    settings: Settings,
    manifest: Manifest,
    pool: Engine,
    on_ready: Callable[[str], None],
    store_writer: StoreWriter | None = None,
) -> None:
    """Run the server until the process is stopped; then close the engine and the store writer.

    Args:
        settings: The settings.
        manifest: Manifest of the built dataset.
        pool: The engine.
        on_ready: Called with the URL of the server when it accepts requests.
        store_writer: The store writer; None for a read-only service.

    Raises UsageError if the host and port of the settings are not available.
    """
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    writers = [Writer(each.name, each.token, each.graphs) for each in settings.writers]
    write_access = WriteAccess(store_writer, writers) if store_writer else None
    app = Application(settings, manifest, pool, write_access)
    config = uvicorn.Config(
        app,
        http=Connection,
        limit_concurrency=settings.connections,
        ws="none",
        # The warnings of uvicorn are about mistakes of clients, which get an error response.
        log_level="error",
        root_path=settings.root_path,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(map(str, settings.proxies)),
        timeout_graceful_shutdown=_LONGEST_STOP,
    )
    if settings.log == "json":
        start_access_log()

    def stop() -> None:
        app.close()
        # Before the pool, because a write only ends when the pool has the new store.
        if store_writer:
            store_writer.close()
        pool.close()

    server = Server(config, lambda: on_ready(url), stop, settings.drain)
    app.metrics.connections = lambda: len(server.server_state.connections)
    try:
        server.run([listener])
    finally:
        stop()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"cannot serve at {host}, port {port}: {error.strerror or error}; name another with --host and --port"
        ) from None
