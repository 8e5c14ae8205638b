"""Snapshots: local copies of other endpoints, which answer queries while those endpoints do not respond."""

import hashlib
import json
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from pyoxigraph import RdfFormat, Store

from crmgraph.errors import Bilingual, Place, RemoteError, UsageError
from crmgraph.exporting import atomic_writer
from crmgraph.federation.endpoints import Fetcher
from crmgraph.sparql.engine import Answer, Limit, Question
from crmgraph.sparql.pool import Pool
from crmgraph.sparql.syntax import checked_tokens, keyword, prologue_length

ALL_TRIPLES_QUERY = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
"""The query for all triples in the default graph of an endpoint."""

MAX_SNAPSHOT_BYTES = 512 * 2**20
"""The largest response, in bytes, that becomes a snapshot."""

_MANIFEST = "snapshot.json"
_MEMORY = 2**30
_QUEUE = 8
_N_TRIPLES = "application/n-triples"


@dataclass(frozen=True)
class EndpointSnapshot:
    """A snapshot of an endpoint, as its manifest describes it.

    Attributes:
        endpoint: The address of the endpoint.
        taken: The time of the snapshot (UTC, as an xsd:dateTime).
        query: The CONSTRUCT or DESCRIBE query for the triples.
        statements: The number of triples.
        store: The name of the folder with the Oxigraph store, in the folder for the endpoint.
    """

    endpoint: str
    taken: str
    query: str
    statements: int
    store: str

    @property
    def is_whole(self) -> bool:
        """Whether the snapshot contains all triples in the default graph of the endpoint."""
        return self.query == ALL_TRIPLES_QUERY


def take_snapshot(
    folder: Path, endpoint: str, query: str, fetcher: Fetcher, limit: Limit, taken: str
) -> EndpointSnapshot:
    """Save the result of a CONSTRUCT query to an endpoint as the new snapshot of that endpoint, and return it.

    `taken` is the current time (UTC, as an xsd:dateTime). The previous snapshot is kept on the disk while queries may
    use it. Raises UsageError if the query is not CONSTRUCT or DESCRIBE or the folder cannot be written to, RemoteError
    if the response is not N-Triples, and the errors of `Fetcher.fetch`.
    """
    found = checked_tokens(query, len(query), may_ask_services=True)
    start = prologue_length(found)
    if start == len(found) or keyword(found[start]) not in ("CONSTRUCT", "DESCRIBE"):
        raise UsageError("the query of a snapshot begins with CONSTRUCT, for what is copied is a graph")
    response = fetcher.post_query(endpoint, {"query": query}, _N_TRIPLES, limit)
    status = response.status
    no_graph = Bilingual(
        f"{endpoint} gave no graph in N-Triples (status {status}). See whether it answers the query by itself.",
        f"{endpoint} no dio ningún grafo en N-Triples (estado {status}). Compruebe si responde a la consulta por "
        "sí sola.",
    )
    if status != 200 or response.media_type not in (_N_TRIPLES, "text/plain"):
        raise RemoteError(no_graph)
    endpoint_folder = folder / _folder_name(endpoint)
    try:
        endpoint_folder.mkdir(parents=True, exist_ok=True)
        store_path = Path(mkdtemp(prefix="store-", dir=endpoint_folder))
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(endpoint_folder)) from None
    previous = _read_manifest(endpoint_folder)
    try:
        snapshot = EndpointSnapshot(endpoint, taken, query, _load_triples(store_path, response.body), store_path.name)
        with atomic_writer(endpoint_folder / _MANIFEST) as out:
            out.write(json.dumps(asdict(snapshot), indent=1, ensure_ascii=False).encode())
    except BaseException as error:
        shutil.rmtree(store_path, ignore_errors=True)
        raise RemoteError(no_graph) if isinstance(error, SyntaxError) else error from None
    for other in endpoint_folder.glob("store-*"):
        # The previous store is kept, since a query may still read it.
        if other.name not in (store_path.name, previous.store if previous else ""):
            shutil.rmtree(other, ignore_errors=True)
    return snapshot


def _load_triples(store_path: Path, triples: bytes) -> int:
    store = Store(store_path)
    store.bulk_load(triples, format=RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()
    return len(store)


class Snapshots:
    """Answers queries from the snapshots in a folder. Thread-safe. Raises UsageError if there is no such folder."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise UsageError("there are no snapshots in this folder; take one with crmgraph snapshot", Place(folder))
        self._folder = folder
        self._pools: dict[str, Pool] = {}
        self._lock = Lock()

    def find(self, endpoint: str) -> EndpointSnapshot | None:
        """Return the latest snapshot of an endpoint, or None if there is none."""
        found = _read_manifest(self._folder / _folder_name(endpoint))
        return found if found and found.endpoint == endpoint else None

    def answer(self, snapshot: EndpointSnapshot, text: str, limit: Limit) -> Answer:
        """Return the answer of a snapshot to a SELECT query. Raises the errors of `Pool.answer`."""
        store_path = self._folder / _folder_name(snapshot.endpoint) / snapshot.store
        with self._lock:
            pool = self._pools.get(snapshot.endpoint)
            if pool is None:
                pool = self._pools[snapshot.endpoint] = Pool(store_path, _MEMORY, workers=1, queue=_QUEUE)
            elif pool.store_path != store_path.absolute():
                pool.move_to(store_path)
        return pool.answer(Question(text, joins_graphs=False), limit.seconds_left(), limit.cancel_event)

    def close(self) -> None:
        """End the worker processes that answer from the snapshots."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()


def _folder_name(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]


def _read_manifest(endpoint_folder: Path) -> EndpointSnapshot | None:
    with suppress(OSError, ValueError, TypeError):
        return EndpointSnapshot(**json.loads((endpoint_folder / _MANIFEST).read_text(encoding="utf-8")))
    return None
