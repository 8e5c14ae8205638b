"""The interface of query engines, with questions, answers, time limits, states of the data, and error messages.

A state identifies the data at one moment and changes with every write. It is a string of three parts: the digest of
the dataset as built, "." if unchanged or "+" if written to, and random digits."""

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
from crmgraph.sparql.syntax import LONGEST_QUERY

_MOST_SPOOLED = 4 * 2**30
"""Bytes that all spooled answers of this process may occupy together."""

_NO_ROOM = Bilingual(
    "Too many large answers are being sent at once. Ask for less, or ask again later.",
    "Se están enviando demasiadas respuestas grandes a la vez. Pida menos, o vuelva a preguntar más tarde.",
)
_LEAST_SECONDS_KEPT = 30.0
"""Seconds for which a spooled answer is kept at least; after that it may be deleted to make room for another."""

_lock = RLock()
_open_spools: list["Spool"] = []


class Spool(AbstractContextManager["Spool"]):
    """An anonymous temporary file for a large answer, written once and then read; deleted when closed.

    Because of it, a client that reads slowly occupies neither a worker nor memory. `size` is the number of bytes
    written.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._since = time.monotonic()
        self.size = 0
        with _lock:
            _open_spools.append(self)

    def write(self, data: bytes) -> None:
        """Append bytes. Raises BusyError if all spooled answers together are too large, or the disk is full."""
        with _lock:
            while sum(each.size for each in _open_spools) + len(data) > _MOST_SPOOLED:
                if _open_spools[0] is self or time.monotonic() - _open_spools[0]._since < _LEAST_SECONDS_KEPT:
                    raise BusyError(_NO_ROOM)
                _open_spools[0].close()
            self.size += len(data)
        try:
            self._file.write(data)
        except (OSError, ValueError):  # ValueError: closed, to make room for another
            raise BusyError(_NO_ROOM) from None

    def rewind(self) -> None:
        """Go back to the beginning, for reading."""
        self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Read the next `size` bytes, by default all. Raises UnavailableError if the file was deleted to make room."""
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
                _open_spools.remove(self)

    def __exit__(self, *_: object) -> None:
        self.close()


LARGEST_ANSWER = 128 * 2**20
"""Default size of the largest answer in one piece, in bytes."""

LARGEST_IN_PARTS = 2**30
"""Default size of the largest answer in parts, in bytes."""

FIRST_PART = 2**20
"""Least size of the first part of an answer in parts, in bytes."""

FURTHER_PART = 256 * 1024
"""Size of each further part, in bytes."""

POLL_INTERVAL = 0.1
"""Seconds between two checks that the client is still connected."""

DATASET_MISSING = Bilingual(
    "The dataset is not there; build it again.", "El conjunto de datos no está; vuelva a construirlo."
)
"""The message if the files of the store are missing. It does not reveal their path."""

EndReason = Literal["time", "memory", "nesting", "left", "turn", "other"]
"""Why a process ended during a question.

"time", "memory" and "nesting" are limits, the last that of the stack; "left": the client disconnected; "turn": the
question had to yield its place; "other": anything else."""

END_REASONS: tuple[EndReason, ...] = ("time", "memory", "nesting", "left", "turn", "other")


@dataclass(frozen=True)
class Question:
    """A SPARQL 1.1 query with the dataset and the formats in which it should be answered.

    Attributes:
        text: The query.
        default_graphs: IRIs of the graphs that form the default graph, as given in parameters of the SPARQL 1.1
            Protocol (section 2.1.4); None if not given. If this or `named_graphs` is given, FROM and FROM NAMED in the
            query are ignored.
        named_graphs: IRIs of the named graphs, likewise.
        result_type: Media type of the answer if the query is SELECT or ASK; None if no such type is acceptable.
        graph_type: Media type of the answer if the query is CONSTRUCT or DESCRIBE; None if no such type is acceptable.
        prefixes: Prefixes that abbreviate the answer, and that error messages suggest if the query lacks them.
        base_iri: Base of relative IRIs in the query. Without it, they are errors.
        joins_graphs: Whether the default graph is the union of all graphs if no dataset is given; otherwise it is the
            unnamed graph.
        longest: Number of characters that the query may have.
        client: Id of the client, for fair scheduling; empty for queries of this program itself.
        with_notices: Whether the answer should have notices.
    """

    text: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    result_type: str | None = "application/sparql-results+json"
    graph_type: str | None = "text/turtle"
    prefixes: Mapping[str, str] = field(default_factory=dict, hash=False)
    base_iri: str | None = None
    joins_graphs: bool = True
    longest: int = LONGEST_QUERY
    client: str = field(default="", compare=False)
    with_notices: bool = False


@dataclass(frozen=True)
class Snapshot:
    """A stored copy of a remote endpoint's data that was queried because the endpoint did not answer.

    Attributes:
        endpoint: URL of the endpoint.
        taken: When the copy was made (UTC, as in XML Schema).
        is_whole: Whether the copy has all data of the endpoint.
    """

    endpoint: str
    taken: str
    is_whole: bool


Role = Literal["class", "property", "thing"]
"""What a query names with an IRI; a thing is anything at another place than a class or a property."""


@dataclass(frozen=True)
class Notice:
    """A notice to whoever wrote a query, beside its answer.

    Attributes:
        code: "unknown": one of our own names that does not exist, or a namespace like a known one; "replaced": a term
            of an earlier version of the ontology; "unused": a known term that no statement uses in this role; "absent":
            another name that the data do not have; "plans": the query mixes parts of several plans.
        role: A `Role`, or "namespace"; empty for "plans".
        term: The IRI that the notice is about; empty for "plans".
        meant: The IRI that was probably meant, or the pattern that replaces a term; empty if there is none.
    """

    code: Literal["unknown", "replaced", "unused", "absent", "plans"]
    role: str = ""
    term: str = ""
    meant: str = ""


@dataclass(frozen=True)
class Answer:
    """The serialised answer to a question.

    Attributes:
        body: The answer, or its first part if there is a `rest`.
        media_type: Media type of the body.
        form: Form of the query: "SELECT", "ASK", "CONSTRUCT" or "DESCRIBE".
        is_deterministic: Whether the same question over the same data has the same answer; not so with NOW() or RAND().
        rest: The further parts of a large answer; the receiver must close it.
        snapshots: Snapshots that were queried in place of remote endpoints.
        notices: Notices to whoever wrote the query.
    """

    body: bytes
    media_type: str
    form: str
    is_deterministic: bool = True
    rest: Spool | None = None
    snapshots: tuple[Snapshot, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Limit:
    """The time limit of a task, and an event that cancels the task.

    Attributes:
        seconds: Length of the time limit.
        since: When it began, on the clock of time.monotonic.
        cancel_event: When it is set, the task must stop; None if the task cannot be cancelled.
    """

    seconds: float
    since: float = field(default_factory=time.monotonic)
    cancel_event: Event | None = None

    def seconds_left(self, message: Bilingual | None = None) -> float:
        """Return the seconds until the limit.

        Raises QueryTimeoutError, with the `message` if given, after the limit. Raises AbandonedError if `cancel_event`
        is set.
        """
        if self.cancel_event is not None and self.cancel_event.is_set():
            raise AbandonedError(ABANDONED)
        left = self.since + self.seconds - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError(message or timeout_message(self.seconds))
        return left

    @contextmanager
    def hold(self, lock: Lock, message: Bilingual) -> Iterator[None]:
        """Acquire a lock within the time limit, and hold it in this context.

        Raises UnavailableError with the `message` if the lock is not free in time. Raises AbandonedError if
        `cancel_event` is set.
        """
        try:
            while not lock.acquire(timeout=min(self.seconds_left(), POLL_INTERVAL)):
                pass
        except QueryTimeoutError:
            raise UnavailableError(message) from None
        try:
            yield
        finally:
            lock.release()


class Activity(NamedTuple):
    """Counts of the questions of an engine, and of its worker processes, at one moment.

    Attributes:
        busy: Number of running questions.
        waiting: Number of questions that wait for a worker.
        pids: Ids of the worker processes.
        end_counts: Number of processes that ended during a question, by reason.
    """

    busy: int = 0
    waiting: int = 0
    pids: frozenset[int] = frozenset()
    end_counts: Mapping[EndReason, int] = MappingProxyType({})


class Engine:
    """The interface of query engines: something that answers questions. Thread-safe."""

    @property
    def store_path(self) -> Path | None:
        """The folder of a local Oxigraph store with the same data; None if there is none."""
        return None

    @property
    def state(self) -> str | None:
        """The state of the data in the last answer; None if only this program can change the data."""
        return None

    @property
    def activity(self) -> Activity:
        """The numbers of running and waiting questions, and the worker processes."""
        return Activity()

    def answer(
        self, question: Question, seconds: float, cancel_event: Event | None = None, in_parts: bool = False
    ) -> Answer:
        """Return the answer to a question within `seconds`, blocking this thread.

        When `cancel_event` is set, the query is aborted and AbandonedError is raised. With `in_parts`, a large answer
        may have a `rest`. Raises an AnswerError if there is no answer.
        """
        raise NotImplementedError

    async def ask(self, question: Question, seconds: float, in_parts: bool = False) -> Answer:
        """Return the answer like `answer`, without blocking the event loop; cancellation aborts the query."""
        cancel_event = Event()
        try:
            return await asyncio.to_thread(self.answer, question, seconds, cancel_event, in_parts)
        except asyncio.CancelledError:
            cancel_event.set()
            raise

    def attach(self) -> None:
        """Prepare for questions in the current event loop."""

    async def detach(self) -> None:
        """Leave the current event loop, before it closes."""

    def refresh(self, seconds: float) -> None:
        """Update `state` within `seconds`, if other programs can change the data."""

    def close(self) -> None:
        """Answer no more questions. May be called more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_BUILT, _WRITTEN = ".", "+"


def new_state() -> str:
    """Return a new state for data that do not come from a build."""
    return secrets.token_hex(16)


def state_as_built(dataset: str) -> str:
    """Return a new state for the dataset with this digest, as built."""
    return f"{dataset}{_BUILT}{secrets.token_hex(8)}"


def state_when_written(dataset: str) -> str:
    """Return a new state for data that began as the dataset with this digest and were written to."""
    return f"{dataset}{_WRITTEN}{new_state()}"


def dataset_digest_of(state: str) -> str:
    """Return the digest of the dataset that data in this state began as; empty if unknown."""
    known = state.replace(_WRITTEN, _BUILT)
    return known.partition(_BUILT)[0] if _BUILT in known else ""


def short_name_of(state: str) -> str:
    """Return a short name of a state: the digest of the dataset if unchanged, otherwise the random digits."""
    return dataset_digest_of(state) if is_as_built(state) else state.rpartition(_WRITTEN)[2]


def is_as_built(state: str) -> bool:
    """Return whether data in this state are unchanged since they were built."""
    return _BUILT in state


CLOSED = Bilingual(
    "No more questions are answered: the server is being stopped.",
    "Ya no se responden preguntas: el servidor se está deteniendo.",
)
"""The message if the engine is closed."""

ABANDONED = Bilingual("Nobody is waiting for the answer any more.", "Ya nadie espera la respuesta.")
"""The message if the client has disconnected."""


def queue_full_message(queue: int) -> Bilingual:
    """Return the message if the queue of this length is full."""
    return Bilingual(
        f"As many questions are waiting for an answer as may wait ({queue}). Ask again later.",
        f"Ya esperan respuesta todas las consultas que pueden esperar ({queue}). Vuelva a preguntar más tarde.",
    )


def all_busy_message(seconds: float) -> Bilingual:
    """Return the message if no worker was free for this many seconds."""
    return Bilingual(
        f"All processes were busy with other queries for {seconds:g} s. Ask again later.",
        f"Todos los procesos estuvieron ocupados con otras consultas durante {seconds:g} s. Vuelva a preguntar "
        "más tarde.",
    )


def no_process_message(why: str) -> Bilingual:
    """Return the message if the system cannot start another process, with the reason."""
    return Bilingual(
        f"A process for the query could not be started: {why}.",
        f"No se pudo iniciar un proceso para la consulta: {why}.",
    )


QUERY = Bilingual("query", "consulta")
"""The noun for a query, in messages about a process that ended."""

_ASK_FOR_LESS = Bilingual("Ask for less, for example with LIMIT.", "Pida menos, por ejemplo con LIMIT.")


def out_of_memory_message(limit: int, noun: Bilingual = QUERY) -> Bilingual:
    """Return the message if a process needs more than `limit` bytes of memory; `noun` is the word for its task."""
    mebibytes = limit // 2**20
    return Bilingual(
        f"The {noun} needs more than {mebibytes} MiB of memory, the most it may use. Ask for less at a time.",
        f"La {noun.spanish} necesita más de {mebibytes} MiB de memoria, el máximo que puede usar. Pida menos a la vez.",
    )


def timeout_message(seconds: float, noun: Bilingual = QUERY, advice: Bilingual = _ASK_FOR_LESS) -> Bilingual:
    """Return the message for a task that exceeded its time limit; `noun` is the word for the task."""
    return Bilingual(
        f"The {noun} took longer than {seconds:g} s and was ended. {advice}",
        f"La {noun.spanish} tardó más de {seconds:g} s y se interrumpió. {advice.spanish}",
    )
