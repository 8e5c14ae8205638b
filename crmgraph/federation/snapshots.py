"""Copies of other endpoints on this disk, which stand in for them where they do not answer."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock
from urllib.parse import urlencode

from pyoxigraph import RdfFormat, Store

from crmgraph.errors import Place, RemoteError, UsageError
from crmgraph.exporting.files import replacing
from crmgraph.federation.fetching import Fetcher
from crmgraph.sparql import Answer, Pool, Question
from crmgraph.sparql.limit import Limit
from crmgraph.sparql.tokens import after_prologue, keyword
from crmgraph.sparql.validation import safe_tokens
from crmgraph.wording import Bilingual

__all__ = ["EVERYTHING", "MOST_TAKEN", "Copy", "Snapshots", "take"]

EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
"""The query for all that an endpoint has in its default graph."""

MOST_TAKEN = 512 * 2**20
"""How many bytes a copy may have on its way here."""

_TOLD = "snapshot.json"
_MEMORY = 2**30
_QUEUE = 8
_N_TRIPLES = "application/n-triples"
_RESULTS = "application/sparql-results+json"
_GRAPHS = frozenset({"CONSTRUCT", "DESCRIBE"})


@dataclass(frozen=True)
class Copy:
    """A copy of what an endpoint had when it was `taken` (UTC, XML Schema): how many statements, and by which query.

    `store` is the folder of the Oxigraph store with them, below that in which all copies of the endpoint are.
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
    """Copy into `folder` what the endpoint answers to a CONSTRUCT query; it takes the place of an earlier copy.

    Raises UsageError where the query asks for no graph or the folder cannot be written to, RemoteError where there is
    no graph in the answer, and what the fetcher raises.
    """
    _check_form(query)
    headers: dict[bytes | str, bytes | str] = {
        "Accept": _N_TRIPLES,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    said = fetcher.post(endpoint, headers, urlencode({"query": query}).encode(), limit)
    if said.status != 200 or said.media_type not in (_N_TRIPLES, "text/plain"):
        raise RemoteError(_no_graph(endpoint, said.status))
    with _written(folder / _name(endpoint)) as place:
        store = Store(place)
        try:
            store.bulk_load(said.body, format=RdfFormat.N_TRIPLES)
        except SyntaxError:
            raise RemoteError(_no_graph(endpoint, said.status)) from None
        store.optimize()
        store.flush()
        copy = Copy(endpoint, taken, query, len(store), place.name)
        del store
        with replacing(place.parent / _TOLD) as out:
            out.write(json.dumps(asdict(copy), indent=1, ensure_ascii=False).encode())
    return copy


def _check_form(query: str) -> None:
    found = safe_tokens(query, len(query), may_ask_services=True)
    start = after_prologue(found)
    if start == len(found) or keyword(found[start]) not in _GRAPHS:
        raise UsageError("the query of a snapshot begins with CONSTRUCT, for what is copied is a graph")


@contextmanager
def _written(home: Path) -> Iterator[Path]:
    """A new folder in `home`, which is gone again where it does not get whole; older ones go when it does.

    The one that was there before is kept, for somebody may be answering from it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        before = _read(home)
        place = Path(mkdtemp(prefix="store-", dir=home))
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(home)) from None
    try:
        yield place
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    kept = {place.name, before.store if before else ""}
    for other in home.glob("store-*"):
        if other.name not in kept:
            shutil.rmtree(other, ignore_errors=True)


class Snapshots:
    """Answers for endpoints from the copies of them in a folder. May be used from many threads at once."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise UsageError("there are no snapshots in this folder; take one with crmgraph snapshot", Place(folder))
        self._folder = folder
        self._pools: dict[str, tuple[str, Pool]] = {}
        self._lock = Lock()

    def of(self, endpoint: str) -> Copy | None:
        """The copy of an endpoint as it is now; None where there is none."""
        found = _read(self._folder / _name(endpoint))
        return found if found and found.endpoint == endpoint else None

    def answer(self, copy: Copy, text: str, limit: Limit) -> Answer:
        """What the copy answers to a SELECT query. Raises what a `Pool` raises."""
        question = Question(text, result_type=_RESULTS, joins_graphs=False)
        return self._pool(copy).answer(question, limit.left(), limit.gone)

    def close(self) -> None:
        """Answer nothing more."""
        with self._lock:
            for _, pool in self._pools.values():
                pool.close()
            self._pools.clear()

    def _pool(self, copy: Copy) -> Pool:
        with self._lock:
            store, pool = self._pools.get(copy.endpoint, ("", None))
            if pool is None or store != copy.store:
                if pool is not None:
                    pool.close()
                place = self._folder / _name(copy.endpoint) / copy.store
                pool = Pool(place, _MEMORY, workers=1, queue=_QUEUE)
                self._pools[copy.endpoint] = copy.store, pool
            return pool


def _name(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]


def _read(home: Path) -> Copy | None:
    with suppress(OSError, ValueError, TypeError):
        return Copy(**json.loads((home / _TOLD).read_text(encoding="utf-8")))
    return None


def _no_graph(address: str, status: int) -> Bilingual:
    return Bilingual(
        f"{address} gave no graph in N-Triples (status {status}). See whether it answers the query by itself.",
        f"{address} no dio ningún grafo en N-Triples (estado {status}). Compruebe si responde a la consulta por sí "
        "sola.",
    )
