"""The processes that answer questions from a store that never changes.

One loads the store once, and the workers are forked from it."""

import gc
import json
import os
import pickle
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NoReturn, Self

from pyoxigraph import DefaultGraph, NamedNode, QueryTriples, RdfFormat, Store

from crmgraph.caching import memoize
from crmgraph.errors import (
    AnswerError,
    Bilingual,
    EngineError,
    LimitError,
    NotAcceptableError,
    QueryRefusedError,
    UnavailableError,
)
from crmgraph.sparql.engine import LARGEST, NOT_THERE, Answer, Question, no_process
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS
from crmgraph.sparql.results import write_graph, write_results
from crmgraph.sparql.rewriting import Dataset, for_engine, needs_graphs_apart, with_columns_named, with_graphs_apart
from crmgraph.sparql.sandbox import end_with_parent, limit_memory, shut_files, work_alone
from crmgraph.sparql.syntax import Outline, inspect, syntax_error
from crmgraph.sparql.unions import joined, open_union, share_statements
from crmgraph.sparql.worker_process import Frames, error_fields, pack

_MOST_KEPT = 100_000
"""Number of statements that a union may have which is kept for the next question."""


class Stored:
    """A store that never changes, and the union of its graphs where they share statements (see `unions`)."""

    def __init__(self, store: Store, union: Store | None = None, folder: Path | None = None) -> None:
        self.store = store
        self.folder = folder
        self._union = union
        self._share_statements = memoize(64)(partial(share_statements, store))
        self._joined = lru_cache(maxsize=1)(partial(joined, store))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store in a folder. Raises OSError and RuntimeError where it is gone or damaged."""
        return cls(Store.read_only(str(folder)), open_union(folder), folder)

    @classmethod
    def load(cls, dump: Path) -> Self:
        """Load N-Quads into memory. Raises OSError and SyntaxError where the file is gone or damaged."""
        store = Store()
        store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
        if not share_statements(store):
            return cls(store)
        union = Store()
        union.bulk_load(path=dump, format=RdfFormat.N_QUADS)
        union.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
        return cls(store, union)

    def with_graphs(self, dataset: Dataset | None, joins_graphs: bool) -> tuple[Store, dict[str, Any]]:
        """Return the store to ask, and the graphs to ask it of: what several of them share is found once.

        Without a dataset the default graph is the union of all graphs, or with `joins_graphs` false that without a
        name.
        """
        if dataset is None:
            if self._union is not None and joins_graphs:
                return self._union, {}
            return self.store, {"use_default_graph_as_union": joins_graphs}
        if self._union is not None and len(dataset.default) > 1 and self._share_statements(dataset.default):
            store = self._joined(dataset.default, dataset.named)
            if len(store) > _MOST_KEPT:
                # The memory is for the next question.
                self._joined.cache_clear()
            return store, {"default_graph": DefaultGraph(), "named_graphs": dataset.named}
        return self.store, {"default_graph": dataset.default, "named_graphs": dataset.named}


_SMALL = 16 * 1024
"""The longest query, in characters, whose outline is cached."""


def evaluate(
    stored: Stored, question: Question, largest: int = LARGEST, send: Callable[[Answer], None] | None = None
) -> Answer:
    """Answer a question from what is stored, in at most `largest` bytes.

    Where the answer need not be whole, `send` takes the parts of a large one, and what is returned is the last of them.
    The default graph is the union of all graphs, unless the question or its text names a dataset. Raises the errors
    below AnswerError; nothing limits time and memory here, which is what the pool is for.
    """
    text = question.text.removeprefix("\ufeff")
    outline, written, needs_apart, within = _read(text, question.base_iri, question.longest)
    media_type, form = media_type_of(question, outline), outline.form or ""
    dataset = Dataset.beside(question) or within
    if needs_apart:
        names = stored.store.named_graphs() if dataset is None else dataset.named
        written = with_graphs_apart(written, [str(graph) for graph in names if isinstance(graph, NamedNode)])
    store, graphs = stored.with_graphs(dataset, question.joins_graphs)
    by_parts = (lambda part: send(Answer(part, media_type, form, outline.lasting))) if send else None
    setting: dict[str, Any] = {"base_iri": question.base_iri, **graphs}
    try:
        results = store.query(written, **setting)
        if isinstance(results, QueryTriples):
            # DESCRIBE repeats what several graphs say; a dict keeps the first of each, in order.
            triples = dict.fromkeys(results) if form == "DESCRIBE" else results
            body = write_graph(triples, media_type, {**question.prefixes, **outline.prefixes}, largest, by_parts)
        else:
            body = write_results(results, media_type, largest, by_parts)
    except SyntaxError as error:
        parse = partial(store.query, **setting)
        raise syntax_error(text, str(error), parse, question.base_iri, known=question.prefixes) from None
    except OSError:
        raise UnavailableError(NOT_THERE) from None
    except RuntimeError as error:
        raise _given_up(error) from None
    return Answer(body, media_type, form, outline.lasting)


# Pages and programs ask the same query again and again.
@memoize(512, longest=_SMALL)
def _read(text: str, base_iri: str | None, longest: int) -> tuple[Outline, str, bool, Dataset | None]:
    """Return the outline of a query, its text for the engine, whether to write that out by graphs, and its dataset."""
    outline, written = inspect(text, longest), for_engine(text)
    if outline.form == "SELECT":
        written = with_columns_named(written, base_iri)
    dataset = Dataset.within(text, base_iri) if outline.names_dataset else None
    return outline, written, needs_graphs_apart(written), dataset


def media_type_of(question: Question, outline: Outline) -> str:
    """Return the media type of the answer to a question. Raises NotAcceptableError where it wants no such syntax."""
    is_graph = outline.form in ("CONSTRUCT", "DESCRIBE")
    wanted = question.graph_type if is_graph else question.result_type
    if wanted is None:
        form = outline.form or "SELECT"
        formats = GRAPH_FORMATS if is_graph else RESULT_FORMATS
        offered = ", ".join(f"{each.media_type} ({each.short})" for each in formats)
        raise NotAcceptableError(
            Bilingual(
                f"The answer to {form} is available as {offered}, and none of these formats was requested.",
                f"La respuesta a {form} se ofrece como {offered}, y no se pidió ninguno de esos formatos.",
            )
        )
    return wanted


def _given_up(error: Exception) -> QueryRefusedError | EngineError:
    function = re.search(r"function (<.*>) is not supported", str(error))
    if function:
        return QueryRefusedError(
            Bilingual(f"The function {function[1]} does not exist here.", f"La función {function[1]} no existe aquí.")
        )
    return EngineError(
        Bilingual(f"The engine gave up on the query: {error}.", f"El motor abandonó la consulta: {error}.")
    )


_REQUEST = 65_536
_PATIENCE = 5.0
"""Seconds after its time limit when a process ends by itself, should the pool hang."""


def main(descriptor: str, dump: str) -> None:
    """Fork a worker for each request that comes through the socket with this file descriptor, until it is closed.

    A request is a JSON list, the folder of the store, empty for the one in memory, and the limits of the worker, with
    the worker's end of its connection. This process keeps that end, too, and when the worker has ended it sends the
    `status` as the last frame. `dump` is a file in N-Quads to be loaded into memory, and answers for the store of the
    same dataset; where it is empty each worker opens the store itself, for the threads of RocksDB do not survive a
    fork.
    """
    end_with_parent(sys.stdin.fileno(), group=True)
    requests = socket.socket(fileno=int(descriptor))
    loaded = Stored.load(Path(dump)) if dump else None
    # The collector would write to the memory that the workers share.
    gc.freeze()
    workers: dict[int, socket.socket] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _report_ended(workers))
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, _REQUEST, 1)
        if not message:
            return
        connection = socket.socket(fileno=descriptors[0])
        # A worker may end before it is among those whose end is reported.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        try:
            pid = os.fork()
        except OSError as error:
            with connection:
                connection.sendall(pack(error_fields(EngineError(no_process(str(error.strerror))))))
        else:
            if pid == 0:
                _work(connection, (requests, *workers.values()), loaded, *json.loads(message))
            workers[pid] = connection
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _report_ended(workers: dict[int, socket.socket]) -> None:
    """Send each worker that has ended its status; another signal may come meanwhile, and its handler report some."""
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            # The server has closed its end where it ended the worker.
            with workers.pop(pid) as connection, suppress(OSError):
                connection.send(pack({"status": os.waitstatus_to_exitcode(status)}), socket.MSG_DONTWAIT)


def _work(
    connection: socket.socket, others: Iterable[socket.socket], loaded: Stored | None, folder: str, limits: list[int]
) -> NoReturn:
    """Be a worker, without network and files, which tells its id first; never return."""
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in others:
            other.close()
        connection.sendall(pack({"pid": os.getpid()}))
        try:
            stored = Stored.open(Path(folder)) if folder or loaded is None else loaded
        except (OSError, RuntimeError) as error:
            connection.sendall(pack({**error_fields(UnavailableError(NOT_THERE)), "why": str(error)}))
        else:
            work_alone(_answer_all, connection, stored, *limits)
        status = 0
    finally:
        os._exit(status)


def _answer_all(connection: socket.socket, stored: Stored, memory: int, largest: int, largest_in_parts: int) -> None:
    """Answer the questions that come through a socket until its other end is closed.

    The first frame sent, an empty one, says that the process is ready. The body of a question's frame is pickled: the
    question, its seconds, and whether it is answered in parts. The server alone can send it. Each answer is a frame, or
    several where it comes in parts, all but the last with `more` in the header.
    """
    limit_memory(memory)
    shut_files(stored.folder)
    connection.sendall(pack({}))
    frames = Frames()
    while received := connection.recv(_REQUEST):
        for _, body in frames.feed(received):
            question, seconds, in_parts = pickle.loads(body)  # noqa: S301 - the server's own
            signal.setitimer(signal.ITIMER_REAL, seconds + _PATIENCE)
            _answer(connection, stored, question, largest_in_parts if in_parts else largest, in_parts)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(connection: socket.socket, stored: Stored, question: Question, most: int, in_parts: bool) -> None:
    began = time.thread_time()

    def send(fields: dict[str, Any], body: bytes = b"") -> None:
        connection.sendall(pack({**fields, "cpu": time.thread_time() - began}, body))

    def send_answer(answer: Answer, more: bool = True) -> None:
        fields = {"media_type": answer.media_type, "form": answer.form, "lasting": answer.lasting, "more": more}
        send(fields, answer.body)

    try:
        send_answer(evaluate(stored, question, most, send_answer if in_parts else None), more=False)
    except AnswerError as error:
        send(error_fields(error))
    except MemoryError:
        text = Bilingual("The query needs too much memory.", "La consulta necesita demasiada memoria.")
        send(error_fields(LimitError(text)))
    except BaseException as error:  # a panic of the engine is not an Exception
        name = type(error).__name__
        text = Bilingual(f"The engine failed on the query ({name}).", f"El motor falló con la consulta ({name}).")
        send(error_fields(EngineError(text)))
