"""A small SPARQL engine elsewhere."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from tests.support.servers import http_server

_RESULTS, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"


@contextmanager
def own_server(store: Store) -> Iterator[str]:
    """Serve queries (SPARQL Protocol) over a store, whose default graph is the union of all; the address of queries."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            graphs: dict[str, Any] = {
                name: [NamedNode(each) for each in form[key]]
                for name, key in (("default_graph", "default-graph-uri"), ("named_graphs", "named-graph-uri"))
                if key in form
            }
            try:
                with lock:
                    found = store.query(form["query"][0], **(graphs or {"use_default_graph_as_union": True}))
                    if isinstance(found, QueryTriples):
                        self._reply(200, _N_TRIPLES, found.serialize(format=RdfFormat.N_TRIPLES))
                    else:
                        self._reply(200, _RESULTS, found.serialize(format=QueryResultsFormat.JSON))
            except (SyntaxError, RuntimeError) as error:
                self._reply(400, "text/plain", str(error).encode())

        def _reply(self, status: int, media_type: str, body: bytes | None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with http_server(Handler) as url:
        yield f"{url}/query"
