"""Copies of other endpoints on this disk, which stand in for them where they do not answer."""

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
from crmgraph.exporting.files import replacing
from crmgraph.federation.fetching import Fetcher
from crmgraph.sparql import Answer, Pool, Question
from crmgraph.sparql.engine import Limit
from crmgraph.sparql.syntax import checked_tokens, keyword, prologue_length

EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
"""The query for all that an endpoint has in its default graph."""

MOST_TAKEN = 512 * 2**20
"""Bytes that a copy may have when it is fetched."""

_MANIFEST = "snapshot.json"
_MEMORY = 2**30
_QUEUE = 8
_N_TRIPLES = "application/n-triples"


@dataclass(frozen=True)
class Copy:
    """A copy of what an endpoint had when it was `taken` (UTC, XML Schema): how many statements, and by which query.

    `store` is the folder of the Oxigraph store with them, within that of all copies of the endpoint.
    """

    endpoint: str
    taken: str
    query: str
    statements: int
    store: str

    @property
    def is_whole(self) -> bool:
        """Whether all that the endpoint had was asked for."""
        return self.query == EVERYTHING


def take(folder: Path, endpoint: str, query: str, fetcher: Fetcher, limit: Limit, taken: str) -> Copy:
    """Copy into a folder what an endpoint answers to a CONSTRUCT query; it takes the place of an earlier copy.

    Raises UsageError where the query asks for no graph or the folder cannot be written to, RemoteError where there is
    no graph in the answer, and what the fetcher raises.
    """
    found = checked_tokens(query, len(query), may_ask_services=True)
    start = prologue_length(found)
    if start == len(found) or keyword(found[start]) not in ("CONSTRUCT", "DESCRIBE"):
        raise UsageError("the query of a snapshot begins with CONSTRUCT, for what is copied is a graph")
    said = fetcher.post_query(endpoint, {"query": query}, _N_TRIPLES, limit)
    no_graph = Bilingual(
        f"{endpoint} gave no graph in N-Triples (status {said.status}). See whether it answers the query by itself.",
        f"{endpoint} no dio ningún grafo en N-Triples (estado {said.status}). Compruebe si responde a la consulta por "
        "sí sola.",
    )
    if said.status != 200 or said.media_type not in (_N_TRIPLES, "text/plain"):
        raise RemoteError(no_graph)
    home = folder / _name(endpoint)
    try:
        home.mkdir(parents=True, exist_ok=True)
        place = Path(mkdtemp(prefix="store-", dir=home))
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(home)) from None
    before = _read(home)
    try:
        copy = Copy(endpoint, taken, query, _load(place, said.body), place.name)
        with replacing(home / _MANIFEST) as out:
            out.write(json.dumps(asdict(copy), indent=1, ensure_ascii=False).encode())
    except BaseException as error:
        shutil.rmtree(place, ignore_errors=True)
        raise RemoteError(no_graph) if isinstance(error, SyntaxError) else error from None
    for other in home.glob("store-*"):
        # The one before is kept, for somebody may be answering from it.
        if other.name not in (place.name, before.store if before else ""):
            shutil.rmtree(other, ignore_errors=True)
    return copy


def _load(place: Path, triples: bytes) -> int:
    store = Store(place)
    store.bulk_load(triples, format=RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()
    return len(store)


class Snapshots:
    """Answers for endpoints from the copies of them in a folder. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise UsageError("there are no snapshots in this folder; take one with crmgraph snapshot", Place(folder))
        self._folder = folder
        self._pools: dict[str, Pool] = {}
        self._lock = Lock()

    def of(self, endpoint: str) -> Copy | None:
        """Return the copy of an endpoint as it is now; None where there is none."""
        found = _read(self._folder / _name(endpoint))
        return found if found and found.endpoint == endpoint else None

    def answer(self, copy: Copy, text: str, limit: Limit) -> Answer:
        """Return what a copy answers to a SELECT query. Raises what a `Pool` raises."""
        place = self._folder / _name(copy.endpoint) / copy.store
        with self._lock:
            pool = self._pools.get(copy.endpoint)
            if pool is None:
                pool = self._pools[copy.endpoint] = Pool(place, _MEMORY, workers=1, queue=_QUEUE)
            elif pool.store_path != place.absolute():
                pool.move_to(place)
        return pool.answer(Question(text, joins_graphs=False), limit.seconds_left(), limit.gone)

    def close(self) -> None:
        """Answer nothing more."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()


def _name(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]


def _read(home: Path) -> Copy | None:
    with suppress(OSError, ValueError, TypeError):
        return Copy(**json.loads((home / _MANIFEST).read_text(encoding="utf-8")))
    return None
