"""The server process: a socket, the application, and an orderly stop."""

import asyncio
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from crmgraph.building import Manifest
from crmgraph.errors import UsageError
from crmgraph.http.connection import connection_class
from crmgraph.http.endpoint import Writing
from crmgraph.http.health import DRAINING
from crmgraph.http.middleware import start_access_log
from crmgraph.serving.app import create_app, create_metrics
from crmgraph.settings import Settings
from crmgraph.sparql import Engine
from crmgraph.store.access_control import Writer
from crmgraph.store.writer import StoreWriter

__all__ = ["Server", "serve"]

_FINISHING = 3.0
"""Seconds that requests and writes at work have to finish when the server is stopped."""

_GRACE = 1.0
"""Seconds that clients then have to read that their request was ended."""

_LONGEST_STOP = 15
"""Seconds that the whole stop may take."""


class Server(uvicorn.Server):
    """A server that calls `started` when it serves, and stops in order.

    When it is told to stop, it drains for `drain` seconds: it still answers, but `/ready` says no. Then requests at
    work may finish; after a while `stop` is called, which has to end them.
    """

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], stop: Callable[[], None], drain: float = 0.0
    ) -> None:
        super().__init__(config)
        self._started = started
        self._stop = stop
        self._drain = drain
        self._drained: float | None = None
        self._hurry: Callable[[], object] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server."""
        await super().startup(sockets)
        if self.started:
            self._started()

    async def on_tick(self, counter: int) -> bool:
        """Return whether to stop now (uvicorn calls it every tenth of a second)."""
        if not await super().on_tick(counter):
            return False
        now = asyncio.get_running_loop().time()
        if self._drained is None:
            self._drained = now + self._drain
            self.lifespan.state[DRAINING] = True
        # A second Ctrl-C ends the draining, and only a third the requests at work.
        is_hurried, self.force_exit = self.force_exit, False
        return is_hurried or now >= self._drained

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal: a second Ctrl-C during the stop ends requests at work at once, with an answer."""
        super().handle_exit(sig, frame)
        if self.force_exit and self._hurry is not None:
            self.force_exit = False
            self._hurry()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no connection any more, let requests finish, and end those that take too long."""
        loop = asyncio.get_running_loop()

        def end(after: float) -> None:
            loop.call_later(after, lambda: loop.run_in_executor(None, self._stop))
            loop.call_later(after + _GRACE, self._abort)

        end(_FINISHING)
        self._hurry = lambda: loop.call_soon_threadsafe(end, 0.0)
        await super().shutdown(sockets)

    def _abort(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def serve(
    settings: Settings,
    manifest: Manifest,
    pool: Engine,
    ready: Callable[[str], None],
    store_writer: StoreWriter | None = None,
) -> None:
    """Serve what `pool` answers until the process is stopped, then close the pool and the `store_writer`.

    `ready` is called with the URL once it can be asked; writers may write where there is a `store_writer`. Raises
    UsageError where the address cannot be had.
    """
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    writers = [Writer(each.name, each.token, each.graphs) for each in settings.writers]
    writing = Writing(store_writer, writers) if store_writer else None
    metrics = create_metrics(manifest, pool, writing)
    app = create_app(settings, manifest, pool, writing, metrics)
    config = uvicorn.Config(
        app,
        http=connection_class(settings.connections, metrics.refused),
        ws="none",
        # What uvicorn warns of are faults of clients, who are told.
        log_level="error",
        root_path=settings.root_path,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=_LONGEST_STOP,
    )
    if settings.log == "json":
        start_access_log()

    def stop() -> None:
        app.close()
        # Before the pool, which has to see what was written.
        if store_writer:
            store_writer.close()
        pool.close()

    server = Server(config, lambda: ready(url), stop, settings.drain)
    metrics.connections = lambda: len(server.server_state.connections)
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
