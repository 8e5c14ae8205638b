"""A small SPARQL engine elsewhere."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Store

from tests.support.elsewhere import Asked, Reply, elsewhere


@contextmanager
def own_server(store: Store) -> Iterator[str]:
    """Serve queries (SPARQL Protocol) over a store, whose default graph is the union of all; the address of queries."""
    lock = threading.Lock()

    def answer(asked: Asked) -> Reply:
        graphs: dict[str, Any] = {
            name: [NamedNode(each) for each in asked.form[key]]
            for name, key in (("default_graph", "default-graph-uri"), ("named_graphs", "named-graph-uri"))
            if key in asked.form
        }
        try:
            with lock:
                found = store.query(asked.form["query"][0], **(graphs or {"use_default_graph_as_union": True}))
                if isinstance(found, QueryTriples):
                    return Reply(found.serialize(format=RdfFormat.N_TRIPLES) or b"", "application/n-triples")
                return Reply(found.serialize(format=QueryResultsFormat.JSON) or b"")
        except (SyntaxError, RuntimeError) as error:
            return Reply(str(error).encode(), "text/plain", 400)

    with elsewhere(answer) as server:
        yield f"{server.url}/query"
