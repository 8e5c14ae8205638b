"""The process that serves: a socket, the application, and a word when people can come."""

import asyncio
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from crmgraph.building import Manifest
from crmgraph.errors import UsageError
from crmgraph.http.access_log import open_journal
from crmgraph.http.connection import Connection, Limits, Presence, connection_class
from crmgraph.http.draining import drain, halt
from crmgraph.http.endpoint import Writing
from crmgraph.serving.app import create_app, create_metrics
from crmgraph.settings import Settings
from crmgraph.sparql import Engine
from crmgraph.store.access_control import Writer
from crmgraph.store.writer import StoreWriter

__all__ = ["Server", "serve"]

_FINISHING = 3.0
"""How many seconds what is being answered or written has to finish, when the server is stopped."""

# How long whoever was told then has to read it, and how long it all may take at most.
_GRACE = 1.0
_MOST = 15

# How often connections are looked at, in seconds.
_GLANCE = 0.5


class Server(uvicorn.Server):
    """A server that says when it has started, looks after its connections, and stops in good order.

    When it is told to stop, it first drains for so many seconds. What is at work then has a moment to finish; then
    `stop` is called, which has to end it.
    """

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], stop: Callable[[], None], drains: float = 0.0
    ) -> None:
        super().__init__(config)
        self._say = started
        self._stop = stop
        self._drains = drains
        self._drained: float | None = None
        self._looked = 0.0
        self._hurry: Callable[[], object] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        if self.started:
            self._say()

    async def on_tick(self, counter: int) -> bool:
        """Do what has to be done now and then; whether to stop."""
        now = asyncio.get_running_loop().time()
        if now - self._looked >= _GLANCE:
            self._looked = now
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.look(now)
        return await super().on_tick(counter) and self._is_drained(now)

    def _is_drained(self, now: float) -> bool:
        """Whether whoever sends others here has had the time to learn that it stops."""
        if self._drained is None:
            self._drained = now + self._drains
            drain(self.lifespan.state)
        # A second Ctrl-C is the end of this, and only a third of what is at work.
        is_hurried, self.force_exit = self.force_exit, False
        return is_hurried or now >= self._drained

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Hear a signal. A second Ctrl-C while others finish has them told at once, and nobody cut off."""
        super().handle_exit(sig, frame)
        if self.force_exit and self._hurry is not None:
            self.force_exit = False
            self._hurry()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nobody else, let those finish who are there, and tell those that take too long."""
        loop = asyncio.get_running_loop()

        def tell(after: float) -> None:
            loop.call_later(after, lambda: loop.run_in_executor(None, self._halt))
            loop.call_later(after + _GRACE, self._hang_up)

        tell(_FINISHING)
        self._hurry = lambda: loop.call_soon_threadsafe(tell, 0.0)
        await super().shutdown(sockets)

    def _halt(self) -> None:
        halt(self.lifespan.state)
        self._stop()

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def serve(
    settings: Settings,
    manifest: Manifest,
    pool: Engine,
    ready: Callable[[str], None],
    keeper: StoreWriter | None = None,
) -> None:
    """Serve what `pool` answers until somebody stops it, and close the pool; `ready` is told the URL once it can be
    asked. Writers may write where there is a `keeper`, which is closed too.

    Raises UsageError where the address cannot be had.
    """
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    writers = [Writer(each.name, each.token, each.graphs) for each in settings.writers]
    writing = Writing(keeper, writers) if keeper else None
    metrics = create_metrics(manifest, pool, writing)
    config = uvicorn.Config(
        create_app(settings, manifest, pool, writing, metrics),
        http=connection_class(Limits(settings.connections), metrics, _presence(settings)),
        ws="none",
        # What the server warns of is what clients do wrong, and they are told so.
        log_level="error",
        root_path=settings.root_path,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=_MOST,
    )
    if settings.log == "json":
        open_journal()

    def stop() -> None:
        # Writers first: what they wrote, the pool has to see.
        if keeper:
            keeper.close()
        pool.close()

    server = Server(config, lambda: ready(url), stop, settings.drain)
    metrics.connections = lambda: len(server.server_state.connections)
    try:
        server.run([listener])
    finally:
        stop()


def _presence(settings: Settings) -> Presence:
    # A limit that nobody set is for those who come from elsewhere.
    is_set = "client_connections" in settings.model_fields_set
    return Presence(settings.client_connections, spared=not is_set, proxies=settings.proxies)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"cannot serve at {host}, port {port}: {error.strerror or error}; name another with --host and --port"
        ) from None
