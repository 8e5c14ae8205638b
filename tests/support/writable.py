"""An application with a writable store, in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from starlette.responses import HTMLResponse

from crmgraph.caching import SizedCache
from crmgraph.http.endpoint import Endpoint, WriteAccess
from crmgraph.http.operations import Metrics, RequestMiddleware
from crmgraph.sparql.engine import Answer
from crmgraph.sparql.pool import Pool
from crmgraph.store.changes import Writer, token_digest
from crmgraph.store.generations import Generations
from crmgraph.store.writer import StoreWriter
from tests.support.clients import app_of, client_of
from tests.support.stores import build_store

BEARER = {"Authorization": "Bearer anas-token"}
"""The header of one who may write everywhere."""
LIMITED = {"Authorization": "Bearer beas-token"}
"""The header of one who may write to graphs below http://e/bea/."""
_WRITERS = (Writer("ana", token_digest("anas-token")), Writer("bea", token_digest("beas-token"), ("http://e/bea/*",)))


@contextmanager
def writable_client(folder: Path, cache: SizedCache[Answer] | None = None) -> Iterator[httpx.Client]:
    """Yield a client of an endpoint whose store is `kept` in `folder`, with the data of `build_store`."""
    seed = build_store(folder / "seed")
    generations = Generations.create(folder / "kept", seed)
    with Pool(generations.path, memory_bytes=2**30) as pool, StoreWriter(generations, pool, 2**30) as store_writer:
        writing = WriteAccess(store_writer, _WRITERS)
        endpoint = Endpoint(pool, "built", {}, {}, lambda *_: HTMLResponse("workbench"), 10, writing, cache)
        metrics = Metrics(pool, lambda: store_writer.digest, store_writer)
        with client_of(RequestMiddleware(app_of(endpoint), metrics)) as client:
            yield client
