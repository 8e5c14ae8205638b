"""A copy, on this machine, of what an engine elsewhere has of ours, and the answers from it."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from threading import Lock

from pyoxigraph import NamedNode, RdfFormat, Store

from crmgraph.errors import StorageError
from crmgraph.sparql.elsewhere.connection import Connection
from crmgraph.sparql.elsewhere.fetching import fetch_graph
from crmgraph.sparql.elsewhere.publication import Places, Publication
from crmgraph.sparql.limit import Limit
from crmgraph.sparql.pool import Pool
from crmgraph.storing.faults import fault, unkept
from crmgraph.storing.scratch import scratch_folder
from crmgraph.storing.unions import write_union
from crmgraph.wording import Bilingual

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
        # Fetching takes long; the lock is for what takes no time.
        self._fetching = Lock()
        self._held = ExitStack()
        self._folder = self._held.enter_context(scratch_folder())

    def path(self, known: Publication, limit: Limit) -> Path:
        """The store that is as the engine is in this state. It may be read, and not written to.

        Raises the errors of the connection, UnavailableError where others are fetching it until then, and StorageError
        where the disk takes no more.
        """
        path = self._kept(known.state)
        if path is None:
            with limit.held(self._fetching, _others_fetch(limit.seconds)):
                path = self._kept(known.state) or self._brought(known, limit)
        return path

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
            self._state, self._path = state, path
            if self._pool is not None and self._pool.store_path != path:
                self._pool.move_to(path)

    digest = ""
    """The state of the data is what the engine elsewhere says."""

    def move_to(self, store_path: Path, digest: str) -> None:
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

    def _kept(self, state: str) -> Path | None:
        with self._lock:
            return self._path if state == self._state else None

    def _brought(self, known: Publication, limit: Limit) -> Path:
        is_built = known.is_as_published and known.dataset == self._dataset
        path = self._built if is_built else self._fetched(known, limit)
        self.take(known.state, path)
        return path

    def _fetched(self, known: Publication, limit: Limit) -> Path:
        """All of it in a new folder: whoever fetched it before may have left it in the midst, and open."""
        try:
            place = Path(tempfile.mkdtemp(dir=self._folder))
            try:
                self._fetch(place, known, limit)
                write_union(place)
            except BaseException:
                shutil.rmtree(place, ignore_errors=True)
                raise
        except (OSError, RuntimeError) as error:
            raise StorageError(unkept(_COPY, fault(error))) from error
        return place

    def _fetch(self, place: Path, known: Publication, limit: Limit) -> None:
        store = Store(place)
        try:
            for graph in known.graphs:
                statements = fetch_graph(self._connection, self._places, graph, limit)
                text = "".join(f"{statement} .\n" for statement in statements)
                store.load(text.encode(), format=RdfFormat.N_TRIPLES, to_graph=NamedNode(graph))
            store.flush()
        finally:
            # An error holds on to all that has a name here, and the engine would keep the files open.
            del store


def _others_fetch(seconds: float) -> Bilingual:
    return Bilingual(
        f"The data are being copied from their engine, which takes longer than {seconds:g} s. Ask again later.",
        f"Se están copiando los datos de su motor, y eso tarda más de {seconds:g} s. Vuelva a preguntar más tarde.",
    )


_COPY = Bilingual("The copy of the data", "La copia de los datos")
