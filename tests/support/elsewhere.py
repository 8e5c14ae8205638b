"""A stub of a remote server, which records requests and sends the responses that a test defines."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import parse_qs

from tests.support.servers import http_server


class Asked(NamedTuple):
    """A request: its path, its headers and its form fields."""

    path: str
    headers: Message
    form: Mapping[str, list[str]]


class Reply(NamedTuple):
    """A response."""

    body: bytes
    media_type: str = "application/sparql-results+json"
    status: int = 200
    headers: Mapping[str, str] = {}


@dataclass
class Elsewhere:
    """A stub server: its URL and the requests received. While the event `free` is cleared, responses are delayed."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list, repr=False)
    free: threading.Event = field(default_factory=threading.Event)


@contextmanager
def elsewhere(answer: Callable[[Asked], Reply | Iterable[bytes]]) -> Iterator[Elsewhere]:
    """Run a stub server. `answer` returns the response to a request, or raw bytes that are sent as they are."""
    there = Elsewhere()
    there.free.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            asked = Asked(self.path, self.headers, parse_qs(body))
            there.asked.append(asked)
            reply = answer(asked)
            # The client may have disconnected.
            with suppress(OSError):
                if isinstance(reply, Reply):
                    there.free.wait(120)
                    self.send_response(reply.status)
                    headers = {"Content-Type": reply.media_type, "Content-Length": str(len(reply.body))}
                    for name, value in (headers | dict(reply.headers)).items():
                        self.send_header(name, value)
                    self.end_headers()
                    reply = [reply.body]
                for part in reply:
                    self.wfile.write(part)
                    self.wfile.flush()

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    with http_server(Handler) as there.url:
        yield there
