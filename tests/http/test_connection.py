"""Connections beyond the limit, and requests with a malformed head."""

import asyncio
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
from tests.support.waiting import wait_for

LATE = 1.5
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CLOSE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class RefusalCounts:
    """The number of refused connections, by reason."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()

    def count_refusal(self, reason: RefusalReason) -> None:
        self.reasons[reason] += 1


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the size of the request's body, at the path /late after a pause."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    if scope["path"] == "/late":
        await asyncio.sleep(LATE)
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


@pytest.fixture
def server() -> Iterator[tuple[int, RefusalCounts]]:
    with running_server(20) as served:
        yield served


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


def test_answers_that_take_long_are_waited_for(server: tuple[int, RefusalCounts]) -> None:
    headers = (b"", b"Connection: Upgrade\r\nUpgrade: websocket\r\n", b"Expect: 100-continue\r\n")
    late = b"GET /late HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as held:
        clients = [held.enter_context(connect(server[0])) for _ in range(4)]
        for client, header in zip(clients, headers, strict=False):
            client.sendall(late[:-2] + header + b"\r\n")
        # Pipelined requests are answered in order.
        clients[3].sendall(late + CLOSE)
        for client in clients[:3]:
            assert any(line.startswith(b"HTTP/1.1 200") for line in client.makefile("rb"))
        assert clients[3].makefile("rb").read().count(b"HTTP/1.1 200") == 2
    assert server[1].reasons == {}


GET_CLOSE = b"GET / HTTP/1.1\r\nConnection: close\r\n"
LONG_LINE = b"X: " + b"x" * 10_000 + b"\r\n"
HEADS = [
    *(
        (GET_CLOSE + lines + b"\r\n", 400)
        for lines in (
            b"",
            b"Host: a\r\nHost: b\r\n",
            b"Host: a b\r\n",
            b"Host: a/b\r\n",
            b"Host: e-x.\xc3\xa1\r\n",
            b"Host: a\r\nContent-Type: text/csv\r\nContent-Type: text/turtle\r\n",
            b"Host: a\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y\r\n",
        )
    ),
    *(
        (GET_CLOSE + b"Host: " + host + b"\r\n\r\n", 200)
        for host in (b"a", b"a:80", b"[::1]:80", b"", b"127.0.0.1:8000")
    ),
    (b"GET / HTTP/1.0\r\n\r\n", 200),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: foo\r\n\r\n", 501),
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nrubbish\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX-Large: " + b"x" * LARGEST_HEAD + b"\r\n\r\n", 431),
    (GET[:-2] + LONG_LINE * (LARGEST_HEAD // len(LONG_LINE) + 1), 431),
    (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    (b"nonsense\r\n\r\n", 400),
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


def test_a_client_that_leaves_is_not_logged(
    server: tuple[int, RefusalCounts], caplog: pytest.LogCaptureFixture
) -> None:
    for requests in (1, 3):
        for how in (socket.SHUT_WR, socket.SHUT_RDWR):
            with connect(server[0]) as client:
                client.sendall(GET.replace(b"/", b"/late", 1) * requests)
                client.shutdown(how)
    time.sleep(LATE + 1)
    assert caplog.text == ""
