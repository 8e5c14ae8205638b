"""Applications that run in a thread of this process, and their HTTP clients."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from crmgraph.http.endpoint import Endpoint
from crmgraph.http.graph_store import graph_store_routes
from crmgraph.http.messages import add_problem_handlers
from crmgraph.http.protocol import protocol_routes


def app_of(endpoint: Endpoint) -> FastAPI:
    app = FastAPI()
    app.router.routes.extend([*protocol_routes(endpoint), *graph_store_routes(endpoint)])
    add_problem_handlers(app)
    return app


@contextmanager
def client_of(app: ASGIApp, root_path: str = "", **headers: str) -> Iterator[httpx.Client]:
    """Yield a client of an application that runs until the context ends. The client does not follow redirects."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", root_path=root_path))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False, timeout=300) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(10)
