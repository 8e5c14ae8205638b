"""The process that serves: a socket, the application, and a word when people can come."""

import socket
from collections.abc import Callable

import uvicorn

from crmgraph.answering import Pool
from crmgraph.building import Manifest
from crmgraph.errors import UsageError
from crmgraph.serving.app import create_app
from crmgraph.settings import Settings

__all__ = ["serve"]


class _Server(uvicorn.Server):
    """A server that says when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._say = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say()


def serve(settings: Settings, manifest: Manifest, pool: Pool, ready: Callable[[str], None]) -> None:
    """Serve what `pool` answers until somebody stops it; `ready` is told the URL once it can be asked.

    Raises UsageError where the address cannot be had.
    """
    listener = _listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}{settings.root_path}/"
    app = create_app(settings, manifest, pool)
    config = uvicorn.Config(app, log_level="warning", root_path=settings.root_path, timeout_graceful_shutdown=5)
    _Server(config, lambda: ready(url)).run([listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address, family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"cannot serve at {host}, port {port}: {error.strerror or error}; name another with --host and --port"
        ) from None
