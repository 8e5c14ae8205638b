"""Another endpoint: a store of its own behind HTTP, that notes what it was asked."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, Store

from crmgraph.sparql import Pool
from tests.support.servers import http_server
from tests.support.stores import EX, build_store

THERE = f"""
@prefix : <{EX}> .
:ana :likes :tea , :maté . :bob :likes :maté ; :height 1.80 .
:eve :likes "nothing \\"at all\\"\\n"@en . :n1 :likes :n2 .
:zoe :likes [] .
"""


@dataclass
class Remote:
    """An endpoint elsewhere, what it was asked, and how it answers instead of as it should."""

    store: Store = field(default_factory=Store)
    queries: list[str] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    url: str = ""
    held: threading.Event = field(default_factory=threading.Event)


@pytest.fixture(scope="module")
def served() -> Iterator[Remote]:
    """The endpoint, for all tests of a module."""
    there = Remote()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            there.queries.append(form["query"][0])
            there.held.wait(120)
            body = there.body
            if body is None:
                body = there.store.query(form["query"][0]).serialize(format=QueryResultsFormat.JSON)  # type: ignore[arg-type]
            assert body is not None
            self.send_response(there.status)
            headers = {"Content-Type": "application/sparql-results+json", "Content-Length": str(len(body))}
            for name, value in (headers | there.headers).items():
                self.send_header(name, value)
            # Who asks may have left.
            with suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http_server(Handler) as url:
        there.url = f"{url}/sparql"
        yield there


@pytest.fixture
def remote(served: Remote) -> Iterator[Remote]:
    """The endpoint as it is at first."""
    served.held.set()
    served.queries.clear()
    served.status, served.headers, served.body = 200, {}, None
    served.store.clear()
    served.store.load(THERE.encode(), format=RdfFormat.TURTLE)
    yield served
    served.held.set()


@pytest.fixture(scope="session")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    with Pool(build_store(tmp_path_factory.mktemp("here") / "store"), memory_bytes=2**28, workers=2) as pool:
        yield pool
