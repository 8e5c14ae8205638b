"""Connections beyond the limit, and requests with a malformed head."""

import json
import logging
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from threading import Thread

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from crmgraph.http.middleware import ACCESS_LOG, LARGEST_HEAD, connection_class
from crmgraph.http.operations import RefusalReason
from crmgraph.serving.server import Server
from tests.support.cases import cases
from tests.support.waiting import wait_for

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CLOSE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class RefusalCounts:
    """The number of refused connections, by reason."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()

    def count_refusal(self, reason: RefusalReason) -> None:
        self.reasons[reason] += 1


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


@contextmanager
def running_server(most: int) -> Iterator[tuple[int, RefusalCounts]]:
    """Run a server with this limit of connections; yield its port and its counts of refusals."""
    counts = RefusalCounts()
    config = uvicorn.Config(
        application, port=0, log_level="warning", lifespan="off", http=connection_class(most, counts.count_refusal)
    )
    server = Server(config, lambda: None, lambda: None)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1], counts
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
    problem = json.loads(body)
    assert problem["status"] == status
    assert f"x-request-id: {problem['request']}".encode() in head.lower()


LONG_LINE = b"X: " + b"x" * 10_000 + b"\r\n"
HEADS = [
    *((head.encode(), int(status)) for head, status in cases("http/heads")),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX-Large: " + b"x" * LARGEST_HEAD + b"\r\n\r\n", 431),
    (GET[:-2] + LONG_LINE * (LARGEST_HEAD // len(LONG_LINE) + 1), 431),
    (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
]


def test_heads(caplog: pytest.LogCaptureFixture) -> None:
    """A head that is ambiguous, too large or malformed gets one error response, and is logged with its request id."""
    with running_server(20) as (port, counts), caplog.at_level(logging.INFO, ACCESS_LOG.name):
        expected = []
        for head, status in HEADS:
            found = response_bytes(port, head)
            assert found.count(b"HTTP/1.1 ") == 1, head[:80]
            assert int(found.split()[1]) == status, head[:80]
            if status != 200:
                check_problem(found, status)
                request = json.loads(found.partition(b"\r\n\r\n")[2])["request"]
                expected.append((request, status, "malformed", "127.0.0.1"))
    assert counts.reasons == {"malformed": len(expected)}
    lines = [json.loads(record.message) for record in caplog.records if record.name == ACCESS_LOG.name]
    assert [(line["request"], line["status"], line["problem"], line["client"]) for line in lines] == expected
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_more_connections_than_there_may_be() -> None:
    """Open connections are served; further ones get an error with Retry-After."""
    with running_server(3) as (port, counts), ExitStack() as held:
        there = [held.enter_context(connect(port)) for _ in range(3)]
        for client in there:
            client.sendall(GET)
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
        refused = response_bytes(port)
        check_problem(refused, 503)
        assert b"Retry-After: " in refused
        assert counts.reasons == {"connections": 1}
        flood = [held.enter_context(connect(port)) for _ in range(200)]
        wait_for(lambda: counts.reasons["connections"] == 201)
        there[0].sendall(GET)
        assert there[0].recv(1000).startswith(b"HTTP/1.1 200")
        for client in (*flood, *there):
            client.close()
        wait_for(lambda: response_bytes(port, CLOSE)[9:12] == b"200")
