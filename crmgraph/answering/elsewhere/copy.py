"""A copy, on this machine, of what an engine elsewhere has of ours, and the answers from it."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from threading import Lock

from pyoxigraph import NamedNode, RdfFormat, Store

from crmgraph.answering.elsewhere.connection import Connection
from crmgraph.answering.elsewhere.fetching import fetch_graph
from crmgraph.answering.elsewhere.publication import Places, Publication
from crmgraph.answering.limit import Limit
from crmgraph.answering.pool import Pool
from crmgraph.storing.unions import write_union

__all__ = ["Copy"]


class Copy:
    """The copy. It is `built`, the store of the dataset whose digest is `dataset`, where nothing was written since.

    Where something was written since, the graphs are fetched, once for each state that is asked for.
    """

    def __init__(
        self, connection: Connection, places: Places, built: Path, dataset: str, memory: int, workers: int
    ) -> None:
        self._connection = connection
        self._places = places
        self._built = built
        self._dataset = dataset
        self._memory = memory
        self._workers = workers
        self._state = ""
        self._path = built
        self._pool: Pool | None = None
        self._lock = Lock()
        self._held = ExitStack()
        self._folder = Path(self._held.enter_context(tempfile.TemporaryDirectory(prefix="crmgraph-")))

    def path(self, known: Publication, limit: Limit) -> Path:
        """The store that is as the engine is in this state. It may be read, and not written to."""
        with self._lock:
            if known.state != self._state:
                is_built = known.is_as_published and known.dataset == self._dataset
                self._keep(known.state, self._built if is_built else self._fetched(known, limit))
            return self._path

    def pool(self, known: Publication, limit: Limit) -> Pool:
        """What answers from that store."""
        path = self.path(known, limit)
        with self._lock:
            if self._pool is None:
                self._pool = Pool(path, workers=self._workers, memory_bytes=self._memory)
            return self._pool

    def take(self, state: str, path: Path) -> None:
        """The store in this folder is as the engine is in this state."""
        with self._lock:
            self._keep(state, path)

    def move_to(self, store_path: Path) -> None:
        """The store was taken when it was sent."""

    def serves(self, store_path: Path) -> bool:
        """Whether the store in this folder is still needed."""
        with self._lock:
            return store_path == self._path or (self._pool is not None and self._pool.serves(store_path))

    def close(self) -> None:
        """Remove what was fetched."""
        if self._pool is not None:
            self._pool.close()
        self._held.close()

    def _keep(self, state: str, path: Path) -> None:
        self._state, self._path = state, path
        if self._pool is not None and self._pool.store_path != path:
            self._pool.move_to(path)

    def _fetched(self, known: Publication, limit: Limit) -> Path:
        place = self._folder / known.state
        store = Store(place)
        for graph in known.graphs:
            statements = fetch_graph(self._connection, self._places, graph, limit)
            text = "".join(f"{statement} .\n" for statement in statements)
            store.load(text.encode(), format=RdfFormat.N_TRIPLES, to_graph=NamedNode(graph))
        store.flush()
        del store
        write_union(place)
        return place
