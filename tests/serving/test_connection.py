"""Connections on which nothing comes or goes, against a real server with short limits."""

import asyncio
import json
import logging
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from crmgraph.http.access_log import LOGGER
from crmgraph.http.connection import LARGEST_HEAD, Limits, Presence, connection_class
from crmgraph.http.metrics import Reason
from crmgraph.serving.server import Server

pytestmark = pytest.mark.drill

SENDING, READING = 0.6, 1.2
# The server looks after its connections twice a second.
LATE = 1.0
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
LARGE = 64 * 2**20


class Counts:
    """Counts who is sent away."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()

    def refused(self, reason: Reason) -> None:
        self.reasons[reason] += 1


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body and tells its size, or answers much, or late, as the address says."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    if scope["path"] == "/late":
        await asyncio.sleep(SENDING + LATE + 0.5)
    body = b"x" * LARGE if scope["path"] == "/large" else str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(limits: Limits, presence: Presence | None = None) -> Iterator[tuple[int, Counts]]:
    """The port of a server within these limits, and what it counts."""
    counts = Counts()
    config = uvicorn.Config(
        application, port=0, log_level="warning", lifespan="off", http=connection_class(limits, counts, presence)
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
def server() -> Iterator[tuple[int, Counts]]:
    with serving(Limits(20, SENDING, READING)) as served:
        yield served


def connected(port: int) -> closing[socket.socket]:
    return closing(socket.create_connection(("127.0.0.1", port), timeout=10))


def answer(port: int, request: bytes = GET) -> bytes:
    """What comes until the server closes the connection."""
    with connected(port) as client:
        client.sendall(request)
        return client.makefile("rb").read()


def told(answered: bytes, status: int) -> None:
    head, _, body = answered.partition(b"\r\n\r\n")
    assert head.split()[1] == str(status).encode()
    assert b"access-control-allow-origin: *" in head.lower()
    problem = json.loads(body)
    assert problem["status"] == status
    assert f"x-request-id: {problem['request']}".encode() in head.lower()


def drip(client: socket.socket, data: bytes, pause: float) -> float:
    """How many seconds it took until the server would not have another byte."""
    began = time.monotonic()
    try:
        for each in data:
            client.sendall(bytes([each]))
            time.sleep(pause)
    except OSError:
        pass
    return time.monotonic() - began


def test_a_client_that_says_nothing_is_not_waited_for(server: tuple[int, Counts]) -> None:
    with connected(server[0]) as client:
        began = time.monotonic()
        assert client.recv(1000) == b""
        assert SENDING <= time.monotonic() - began + 0.05 < SENDING + LATE
    assert server[1].reasons == {"slow_request": 1}


@pytest.mark.parametrize("start", [GET[:-2], b"G", GET + GET[:-1], POST + b"half"])
def test_a_request_that_stops_is_not_waited_for_and_is_told(server: tuple[int, Counts], start: bytes) -> None:
    began = time.monotonic()
    answered = answer(server[0], start)
    assert SENDING <= time.monotonic() - began + 0.05 < SENDING + LATE
    if start.startswith(GET):
        assert answered.startswith(b"HTTP/1.1 200")
        answered = answered[answered.rindex(b"HTTP/1.1") :]
    told(answered, 408)
    assert server[1].reasons == {"slow_request": 1}


@pytest.mark.parametrize(
    "begun", [b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"]
)
def test_a_byte_now_and_then_does_not_keep_a_connection(server: tuple[int, Counts], begun: bytes) -> None:
    with connected(server[0]) as client:
        client.sendall(begun)
        assert drip(client, b"x" * 1000, 0.1) < SENDING + LATE + 1
    assert server[1].reasons == {"slow_request": 1}


def test_a_body_that_comes_steadily_may_take_longer(server: tuple[int, Counts]) -> None:
    with connected(server[0]) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n")
        for _ in range(20):
            client.sendall(b"x" * 1000)
            time.sleep(0.1)
        assert client.recv(1000).endswith(b"20000")
    assert server[1].reasons == {}


@pytest.mark.parametrize("header", [b"", b"Connection: Upgrade\r\nUpgrade: websocket\r\n", b"Expect: 100-continue\r\n"])
def test_an_answer_that_takes_long_is_waited_for(server: tuple[int, Counts], header: bytes) -> None:
    with connected(server[0]) as client:
        client.sendall(b"GET /late HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n")
        lines = client.makefile("rb")
        assert any(line.startswith(b"HTTP/1.1 200") for line in lines)
    assert server[1].reasons == {}


def test_requests_that_come_at_once_are_answered_one_after_another(server: tuple[int, Counts]) -> None:
    late = b"GET /late HTTP/1.1\r\nHost: x\r\n\r\n"
    answered = answer(server[0], late + late + b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answered.count(b"HTTP/1.1 200") == 3
    assert server[1].reasons == {}


def test_an_answer_that_nobody_reads_is_dropped(server: tuple[int, Counts]) -> None:
    with connected(server[0]) as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(READING + LATE)
        patience = time.monotonic() + 5
        while not server[1].reasons and time.monotonic() < patience:
            time.sleep(0.05)
        received = 0
        with suppress(ConnectionResetError):
            while part := client.recv(2**20):
                received += len(part)
        assert received < LARGE
    assert server[1].reasons == {"slow_reader": 1}
    assert answer(server[0], GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")).endswith(b"0")


def test_an_answer_that_is_read_slowly_comes_whole(server: tuple[int, Counts]) -> None:
    with connected(server[0]) as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        began = time.monotonic()
        received = 0
        while part := client.recv(2**20):
            received += len(part)
            if time.monotonic() - began < READING + LATE + 1:
                time.sleep(0.1)
        assert time.monotonic() - began > READING + LATE
        assert received > LARGE
    assert server[1].reasons == {}


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"Host: a\r\nHost: b\r\n",
        b"Host: a b\r\n",
        b"Host: a/b\r\n",
        b"Host: a\r\nContent-Type: text/csv\r\nContent-Type: text/turtle\r\n",
        b"Host: a\r\nAuthorization: Bearer x\r\nAuthorization: Bearer y\r\n",
    ],
)
def test_a_head_that_can_be_taken_in_two_ways(server: tuple[int, Counts], lines: bytes) -> None:
    told(answer(server[0], b"GET / HTTP/1.1\r\nConnection: close\r\n" + lines + b"\r\n"), 400)
    assert server[1].reasons["malformed"] == 1


@pytest.mark.parametrize("host", [b"a", b"a:80", b"[::1]:80", b"e-x.\xc3\xa1", b"", b"127.0.0.1:8000"])
def test_a_host(server: tuple[int, Counts], host: bytes) -> None:
    said = answer(server[0], b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n")
    assert said.split()[1] == (b"400" if b"\xc3" in host else b"200")


def test_http_1_0_needs_no_host(server: tuple[int, Counts]) -> None:
    assert answer(server[0], b"GET / HTTP/1.0\r\n\r\n").split()[1] == b"200"


def test_a_transfer_coding_that_nobody_knows(server: tuple[int, Counts]) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
    told(answer(server[0], head), 501)


def test_a_head_that_is_large_by_its_headers(server: tuple[int, Counts]) -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\nX-Large: " + b"x" * LARGEST_HEAD + b"\r\n\r\n"
    told(answer(server[0], head), 431)


def test_what_is_sent_away_is_in_the_journal_by_the_name_it_was_told(
    server: tuple[int, Counts], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, LOGGER.name):
        told = [
            json.loads(answer(server[0], sent).partition(b"\r\n\r\n")[2])
            for sent in (b"nonsense\r\n\r\n", GET[:-2], b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        ]
    lines = [json.loads(record.message) for record in caplog.records if record.name == LOGGER.name]
    assert [(line["request"], line["status"], line["problem"], line["client"]) for line in lines] == [
        (problem["request"], status, reason, "127.0.0.1")
        for problem, (status, reason) in zip(
            told, [(400, "malformed"), (408, "slow_request"), (414, "malformed")], strict=True
        )
    ]


def test_a_head_without_end(server: tuple[int, Counts]) -> None:
    line = b"X: " + b"x" * 10_000 + b"\r\n"
    told(answer(server[0], GET[:-2] + line * (LARGEST_HEAD // len(line) + 1)), 431)
    told(answer(server[0], b"nonsense\r\n\r\n"), 400)
    assert server[1].reasons == {"malformed": 2}


def test_more_connections_than_there_may_be_are_told() -> None:
    with serving(Limits(3)) as (port, counts):
        held = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        time.sleep(0.1)
        answered = answer(port)
        told(answered, 503)
        assert b"Retry-After: " in answered
        assert counts.reasons == {"connections": 1}
        for client in held:
            client.sendall(GET)
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
            client.close()
        patience = time.monotonic() + 5
        while (answered := answer(port, GET[:-2] + b"Connection: close\r\n\r\n"))[9:12] != b"200":
            assert time.monotonic() < patience, answered
            time.sleep(0.05)


def test_a_flood_of_connections_does_not_shut_those_out_who_are_there() -> None:
    with serving(Limits(3)) as (port, counts), connected(port) as client:
        client.sendall(GET)
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
        flood = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        client.sendall(GET)
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
        patience = time.monotonic() + 5
        while counts.reasons["connections"] < 198 and time.monotonic() < patience:
            time.sleep(0.05)
        for each in flood:
            each.close()
        assert counts.reasons["connections"] == 198


def test_one_client_does_not_take_all_connections() -> None:
    presence = Presence(3)
    with serving(Limits(20), presence) as (port, counts), closing(socket.socket()) as other:
        greedy = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        other.bind(("127.0.0.2", 0))
        other.connect(("127.0.0.1", port))
        for client in (*greedy[:3], other):
            client.settimeout(10)
            client.sendall(GET)
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
        with greedy[3].makefile("rb") as stream:
            refused = stream.read()
        told(refused, 429)
        assert b"Retry-After: " in refused
        assert counts.reasons == {"client_connections": 197}
        for client in greedy:
            client.close()
        patience = time.monotonic() + 5
        while len(presence) > 1:
            assert time.monotonic() < patience
            time.sleep(0.05)
        assert answer(port, GET[:-2] + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("requests", [1, 3])
def test_a_client_that_leaves_is_nothing_to_speak_of(
    server: tuple[int, Counts], caplog: pytest.LogCaptureFixture, requests: int
) -> None:
    for how in (socket.SHUT_WR, socket.SHUT_RDWR):
        with connected(server[0]) as client:
            client.sendall(GET.replace(b"/", b"/late", 1) * requests)
            client.shutdown(how)
    time.sleep(SENDING + LATE + 1)
    assert caplog.text == ""


@pytest.mark.parametrize(
    "asked",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: foo\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nrubbish\r\n\r\n",
    ],
)
def test_who_is_refused_is_refused_once(
    server: tuple[int, Counts], caplog: pytest.LogCaptureFixture, asked: bytes
) -> None:
    found = answer(server[0], asked)
    assert found.count(b"HTTP/1.1 ") == 1
    assert found.startswith((b"HTTP/1.1 501", b"HTTP/1.1 400"))
    assert server[1].reasons == {"malformed": 1}
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
