"""Questions and answers, the states of data, the messages where there is no answer, and the interface of engines.

An engine is worker processes, or an endpoint elsewhere. The state of data changes with every write: it tells the digest
of the dataset that the data began as, a sign for what became of it, and some digits that no other state has."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, RLock
from types import MappingProxyType
from typing import IO, Literal, NamedTuple, Self

from crmgraph.errors import AbandonedError, Bilingual, BusyError, QueryTimeoutError, UnavailableError
from crmgraph.sparql.syntax import LONGEST

_MOST = 4 * 2**30
"""Bytes that all spooled answers of this process may have together."""

_NO_ROOM = Bilingual(
    "Too many large answers are being sent at once. Ask for less, or ask again later.",
    "Se están enviando demasiadas respuestas grandes a la vez. Pida menos, o vuelva a preguntar más tarde.",
)
_PATIENCE = 30.0
"""Seconds after which the oldest answer makes room for another, whether it was read or not."""

_lock = RLock()
_open: list["Spool"] = []


class Spool(AbstractContextManager["Spool"]):
    """A temporary file without a name, written once and then read from its beginning; deleted when it is closed.

    A slow reader of a large answer holds neither a worker nor memory so.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._since = time.monotonic()
        self.size = 0
        with _lock:
            _open.append(self)

    def write(self, data: bytes) -> None:
        """Append bytes. Raises BusyError where spooled answers take as much room as they may, or the disk is full."""
        with _lock:
            while sum(each.size for each in _open) + len(data) > _MOST:
                if _open[0] is self or time.monotonic() - _open[0]._since < _PATIENCE:
                    raise BusyError(_NO_ROOM)
                _open[0].close()
            self.size += len(data)
        try:
            self._file.write(data)
        except (OSError, ValueError):  # ValueError: closed, to make room for another
            raise BusyError(_NO_ROOM) from None

    def rewind(self) -> None:
        """Go back to the beginning, to read."""
        self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Read the next so many bytes, or all that are left. Raises UnavailableError where it made room for another."""
        with _lock:
            if self._file.closed:
                raise UnavailableError(
                    Bilingual(
                        "The answer was read too slowly while others waited for theirs. Ask for less at a time.",
                        "La respuesta se leía demasiado despacio mientras otros esperaban la suya. Pida menos a la "
                        "vez.",
                    )
                )
            return self._file.read(size)

    def close(self) -> None:
        """Delete the file. May be called more than once."""
        with _lock:
            if not self._file.closed:
                self._file.close()
                _open.remove(self)

    def __exit__(self, *_: object) -> None:
        self.close()


LARGEST = 128 * 2**20
"""Default for the bytes that an answer may have which is held as a whole."""

LARGEST_IN_PARTS = 2**30
"""Default for the bytes that an answer may have which is sent part by part."""

WHOLE = 2**20
"""Bytes that the first part of an answer has at least."""

PART = 256 * 1024
"""Bytes that its further parts have."""

POLL_INTERVAL = 0.1
"""Seconds between two checks that the client is still connected."""

NOT_THERE = Bilingual(
    "The dataset is not there; build it again.", "El conjunto de datos no está; vuelva a construirlo."
)
"""The message where the files that answers come from are gone. Where they were is nobody's business."""

End = Literal["time", "memory", "nesting", "left", "turn", "other"]
"""Why a process ended at work: a limit of time, memory or depth; nobody waited any more; another's turn; other."""

ENDS: tuple[End, ...] = ("time", "memory", "nesting", "left", "turn", "other")


@dataclass(frozen=True)
class Question:
    """A SPARQL 1.1 query and the form that its answer should have.

    `default_graphs` and `named_graphs` are graph IRIs given beside the query (SPARQL 1.1 Protocol, 2.1.4); None means
    that they are not given, and as soon as one of them is given both override FROM and FROM NAMED. `result_type` is
    the media type wanted if the query turns out to be SELECT or ASK, `graph_type` if it is CONSTRUCT or DESCRIBE; None
    means that no syntax would do. `prefixes` are used where a syntax can abbreviate, and proposed where the query lacks
    one of them. Relative IRIs in the query are relative to `base_iri`, and an error without one. Where no dataset is
    given, the default graph is the union of all graphs, or only that without a name unless the question `joins_graphs`.
    The query may have `longest` characters. `client` is who asks, and has nothing to do with the answer; empty where it
    is this program itself.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    result_type: str | None = "application/sparql-results+json"
    graph_type: str | None = "text/turtle"
    prefixes: Mapping[str, str] = field(default_factory=dict, hash=False)
    base_iri: str | None = None
    joins_graphs: bool = True
    longest: int = LONGEST
    client: str = field(default="", compare=False)


@dataclass(frozen=True)
class Snapshot:
    """A copy that answered in the place of an endpoint, of what that had when it was `taken` (UTC, XML Schema).

    `is_whole` where it was all that the endpoint had.
    """

    endpoint: str
    taken: str
    is_whole: bool


@dataclass(frozen=True)
class Answer:
    """An answer: its bytes, their media type, and the form of the query ("SELECT", "ASK", …).

    `lasting` is False where the same question on the same data may have another answer, as with NOW() or RAND(). Where
    there is a `rest`, the bytes are the first part only, and whoever has the answer closes it. `snapshots` answered in
    the place of endpoints that did not.
    """

    body: bytes
    media_type: str
    form: str
    lasting: bool = True
    rest: Spool | None = None
    snapshots: tuple[Snapshot, ...] = ()


@dataclass(frozen=True)
class Limit:
    """A time limit: `seconds` from `since` on the clock of time.monotonic, or until `gone` is set."""

    seconds: float
    since: float = field(default_factory=time.monotonic)
    gone: Event | None = None

    def left(self, too_long: Bilingual | None = None) -> float:
        """Return the seconds that are left.

        Raises QueryTimeoutError, with this message, where there are none, and AbandonedError where `gone` is set.
        """
        if self.gone is not None and self.gone.is_set():
            raise AbandonedError(ABANDONED)
        left = self.since + self.seconds - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError(too_long or too_late(self.seconds))
        return left

    @contextmanager
    def held(self, lock: Lock, by_others: Bilingual) -> Iterator[None]:
        """Hold a lock.

        Raises UnavailableError, with this message, where others hold it until the limit, and AbandonedError where
        `gone` is set.
        """
        try:
            while not lock.acquire(timeout=min(self.left(), POLL_INTERVAL)):
                pass
        except QueryTimeoutError:
            raise UnavailableError(by_others) from None
        try:
            yield
        finally:
            lock.release()


class Activity(NamedTuple):
    """Activity of an engine: the numbers of questions at work and waiting, its worker processes, and those it ended.

    `pids` are the ids of the processes, `ended` counts those that were ended at work, by reason.
    """

    busy: int = 0
    waiting: int = 0
    pids: frozenset[int] = frozenset()
    ended: Mapping[End, int] = MappingProxyType({})


class Engine:
    """Answers questions. Safe to use from several threads."""

    @property
    def store_path(self) -> Path | None:
        """The folder of an Oxigraph store with the same data; None where there is none."""
        return None

    @property
    def state(self) -> str | None:
        """The state of the data that the last answer came from; None where nobody but the store writer changes them."""
        return None

    @property
    def activity(self) -> Activity:
        """The questions at work and waiting, and the worker processes."""
        return Activity()

    def answer(self, question: Question, seconds: float, gone: Event | None = None, in_parts: bool = False) -> Answer:
        """Return the answer to a question, within so many seconds; wait for it in this thread.

        When `gone` is set, the work ends and AbandonedError is raised. A large answer to a question that may be
        answered `in_parts` may have a `rest`. Raises the errors below AnswerError.
        """
        raise NotImplementedError

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """Return the answer like `answer`, without holding up the event loop; cancelling it ends the work."""
        gone = Event()
        try:
            return await asyncio.to_thread(self.answer, question, seconds, gone, in_parts)
        except asyncio.CancelledError:
            gone.set()
            raise

    def attach(self) -> None:
        """Prepare for questions in the running event loop."""

    async def detach(self) -> None:
        """Leave the running event loop, which is about to end."""

    def refresh(self, seconds: float) -> None:
        """Look up the state of the data within so many seconds, where others can change them."""

    def close(self) -> None:
        """Answer nothing more. May be called more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_BUILT, _WRITTEN = ".", "+"


def new_state() -> str:
    """Return a state of data that no build has made."""
    return secrets.token_hex(16)


def state_as_built(dataset: str) -> str:
    """Return a state of a dataset with this digest that nobody has written to; another one each time."""
    return f"{dataset}{_BUILT}{secrets.token_hex(8)}"


def state_when_written(dataset: str) -> str:
    """Return a state of what began as the dataset with this digest, after a write; another one each time."""
    return f"{dataset}{_WRITTEN}{new_state()}"


def dataset_of(state: str) -> str:
    """Return the digest of the dataset that the data began as; an empty text where nobody knows."""
    known = state.replace(_WRITTEN, _BUILT)
    return known.partition(_BUILT)[0] if _BUILT in known else ""


def name_of(state: str) -> str:
    """Return the shortest name of a state: the digest of the dataset, or the digits of what it became."""
    return dataset_of(state) if is_as_built(state) else state.rpartition(_WRITTEN)[2]


def is_as_built(state: str) -> bool:
    """Tell whether nobody has written to the data since they were built."""
    return _BUILT in state


CLOSED = Bilingual(
    "No more questions are answered: the server is being stopped.",
    "Ya no se responden preguntas: el servidor se está deteniendo.",
)
"""The pool is closed."""

ABANDONED = Bilingual("Nobody is waiting for the answer any more.", "Ya nadie espera la respuesta.")
"""The client has left."""


def too_many(queue: int) -> Bilingual:
    """Return the message where so many questions wait already."""
    return Bilingual(
        f"As many questions are waiting for an answer as may wait ({queue}). Ask again later.",
        f"Ya esperan respuesta todas las consultas que pueden esperar ({queue}). Vuelva a preguntar más tarde.",
    )


def all_busy(seconds: float) -> Bilingual:
    """Return the message where no worker was free for so many seconds."""
    return Bilingual(
        f"All processes were busy with other queries for {seconds:g} s. Ask again later.",
        f"Todos los procesos estuvieron ocupados con otras consultas durante {seconds:g} s. Vuelva a preguntar "
        "más tarde.",
    )


def no_process(why: str) -> Bilingual:
    """Return the message where the system cannot start another process."""
    return Bilingual(
        f"A process for the query could not be started: {why}.",
        f"No se pudo iniciar un proceso para la consulta: {why}.",
    )


QUERY = Bilingual("query", "consulta")
"""The work of a process, in messages on why it ended."""

_LESS = Bilingual("Ask for less, for example with LIMIT.", "Pida menos, por ejemplo con LIMIT.")


def out_of_memory(limit: int, work: Bilingual = QUERY) -> Bilingual:
    """Return the message where a process needs more memory than it may use, in bytes."""
    mebibytes = limit // 2**20
    return Bilingual(
        f"The {work} needs more than {mebibytes} MiB of memory, the most it may use. Ask for less at a time.",
        f"La {work.spanish} necesita más de {mebibytes} MiB de memoria, el máximo que puede usar. Pida menos a la vez.",
    )


def too_late(seconds: float, work: Bilingual = QUERY, advice: Bilingual = _LESS) -> Bilingual:
    """Return the message at the time limit."""
    return Bilingual(
        f"The {work} took longer than {seconds:g} s and was ended. {advice}",
        f"La {work.spanish} tardó más de {seconds:g} s y se interrumpió. {advice.spanish}",
    )
