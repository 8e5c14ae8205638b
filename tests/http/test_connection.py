"""Connections beyond the limit, and requests with a malformed head."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Thread
from typing import cast

import uvicorn
from starlette.types import Receive, Scope, Send

from crmgraph.http.operations import Metrics, RequestMiddleware
from crmgraph.serving.server import LARGEST_HEAD, Connection, Server
from tests.support.cases import cases
from tests.support.waiting import wait_for

GET, HEAD = (b"%s / HTTP/1.1\r\nHost: x\r\n\r\n" % method for method in (b"GET", b"HEAD"))
CLOSE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def application(_: Scope, receive: Receive, send: Send) -> None:
    """Answer the size of the request's body."""
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class NoMetrics:
    """Metrics that count nothing."""

    def count_request(self, *_: object) -> None:
        pass


@contextmanager
def running_server(most: int) -> Iterator[int]:
    """Run a server with this limit of connections; yield its port."""
    app = RequestMiddleware(application, cast(Metrics, NoMetrics()))
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", http=Connection, limit_concurrency=most)
    server = Server(config, lambda: None, lambda: None)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def connect(port: int) -> closing[socket.socket]:
    return closing(socket.create_connection(("127.0.0.1", port), timeout=60))


def response_bytes(port: int, request: bytes = GET) -> bytes:
    """Send a request, and return all bytes that come until the server closes the connection."""
    with connect(port) as client:
        client.sendall(request)
        return client.makefile("rb").read()


def check_problem(answered: bytes, status: int) -> None:
    head, _, body = answered.partition(b"\r\n\r\n")
    assert head.split()[1] == str(status).encode()
    assert b"access-control-allow-origin: *" in head.lower()
    assert json.loads(body)["status"] == status


LONG_LINE = b"X: " + b"x" * 10_000 + b"\r\n"
HEADS = [
    *((head.encode(), int(status)) for head, status in cases("http/heads")),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX-Large: " + b"x" * LARGEST_HEAD, 431),
    (GET[:-2] + LONG_LINE * (LARGEST_HEAD // len(LONG_LINE) + 1), 431),
    (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
]


def test_heads() -> None:
    """A head that is ambiguous, too large or malformed gets one error response."""
    with running_server(20) as port:
        for head, status in HEADS:
            found = response_bytes(port, head)
            assert found.count(b"HTTP/1.1 ") == 1, head[:80]
            assert int(found.split()[1]) == status, head[:80]
            if status != 200:
                check_problem(found, status)


def test_more_connections_than_there_may_be() -> None:
    """Open connections are served; further ones get an error."""
    with running_server(3) as port, ExitStack() as held:
        there = [held.enter_context(connect(port)) for _ in range(3)]
        for client in there:
            client.sendall(HEAD)
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
        check_problem(held.enter_context(connect(port)).makefile("rb").read(), 503)
        flood = [held.enter_context(connect(port)) for _ in range(200)]
        there[0].sendall(HEAD)
        assert there[0].recv(1000).startswith(b"HTTP/1.1 200")
        for client in (*flood, *there):
            client.close()
        wait_for(lambda: response_bytes(port, CLOSE)[9:12] == b"200")
