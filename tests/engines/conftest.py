"""Engines elsewhere: a small one of our own that speaks the protocols, and real ones with the real dataset."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from crmgraph.answering import Engine, Pool
from crmgraph.answering.elsewhere import Address, RemoteEngine
from crmgraph.building import Manifest
from crmgraph.storing import STORE
from crmgraph.updating.publishing import publish
from tests.support.engines import PLACES, engine_at, oxigraph_server, virtuoso_server
from tests.support.servers import http_server

_RESULTS, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"


@contextmanager
def own_server(folder: Path) -> Iterator[Address]:  # noqa: ARG001 - as the others are started
    """The SPARQL Protocol and the Graph Store Protocol over a store in memory."""
    store, lock = Store(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = parse_qs(self._body().decode())
            try:
                with lock:
                    if "update" in form:
                        store.update(form["update"][0])
                        self._reply(204)
                        return
                    found = store.query(
                        form["query"][0],
                        default_graph=[NamedNode(each) for each in form.get("default-graph-uri", [])],
                        named_graphs=[NamedNode(each) for each in form.get("named-graph-uri", [])],
                    )
                    if isinstance(found, QueryTriples):
                        self._reply(200, _N_TRIPLES, found.serialize(format=RdfFormat.N_TRIPLES))
                    else:
                        self._reply(200, _RESULTS, found.serialize(format=QueryResultsFormat.JSON))
            except (SyntaxError, RuntimeError) as error:
                self._reply(400, "text/plain", str(error).encode())

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            if address.path != "/store":
                self._reply(200)
                return
            graph, body = NamedNode(parse_qs(address.query)["graph"][0]), self._body()
            with lock:
                if self.command == "PUT":
                    store.remove_graph(graph)
                    store.load(body, format=RdfFormat.N_TRIPLES, to_graph=graph)
                    self._reply(204)
                else:
                    self._reply(200, _N_TRIPLES, store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph))

        do_PUT = do_GET

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))

        def _reply(self, status: int, media_type: str = "text/plain", body: bytes | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with http_server(Handler) as url:
        yield Address.of(f"{url}/query")


@dataclass(frozen=True)
class Published:
    """An engine that has the dataset, and its address."""

    address: Address
    engine: RemoteEngine


@pytest.fixture(scope="session")
def built_store(build_folder: Path, manifest: Manifest) -> Path:
    return manifest.folder(build_folder) / STORE


@pytest.fixture(scope="session")
def ours(built_store: Path) -> Iterator[Engine]:
    with Pool(built_store, memory_bytes=2**31, workers=1) as pool:
        yield pool


@pytest.fixture(scope="session", params=[oxigraph_server, virtuoso_server], ids=["oxigraph", "virtuoso"])
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, built_store: Path, manifest: Manifest
) -> Iterator[Published]:
    """A real engine with the real dataset. Virtuoso gives other answers than ours, so each is held to ours."""
    folder = tmp_path_factory.mktemp("engine")
    with (
        request.param(folder) as address,
        engine_at(address, folder, built_store, manifest.dataset) as (engine, connection, _),
    ):
        faithful = request.param is oxigraph_server
        assert publish(connection, PLACES, Store.read_only(str(built_store)), manifest.dataset, lambda _: faithful)
        engine.refresh(30)
        yield Published(address, engine)
