"""Worker processes that answer questions from a read-only store, and the fork server that starts them.

The fork server can load the store into memory once; workers forked from it share that memory."""

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
from dataclasses import astuple, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NoReturn, Self

from pyoxigraph import DefaultGraph, NamedNode, QueryTriples, RdfFormat, Store

from crmgraph.caching import memoize
from crmgraph.errors import (
    Bilingual,
    EngineError,
    NotAcceptableError,
    QueryRefusedError,
    UnavailableError,
)
from crmgraph.sparql.constants import substitute_constants
from crmgraph.sparql.engine import DATASET_MISSING, LARGEST_ANSWER, Answer, Question, no_process_message
from crmgraph.sparql.formats import GRAPH_FORMATS, RESULT_FORMATS, write_graph, write_results
from crmgraph.sparql.processes import deny_files, end_with_parent, error_fields, limit_memory, run_isolated
from crmgraph.sparql.syntax import Outline, outline_query, syntax_error
from crmgraph.sparql.vocabulary import Vocabulary, find_notices
from crmgraph.sparql.workarounds import (
    Dataset,
    adapt_for_engine,
    expand_graph_groups,
    expand_select_all,
    has_graph_groups_to_expand,
    has_shared_triples,
    join_graphs,
    open_union,
)
from crmgraph.sparql.worker_process import FrameDecoder, pack_frame

_LARGEST_CACHED_UNION = 100_000
"""Number of triples of the largest union of graphs that is cached for the next question."""


class ReadOnlyStore:
    """A store that never changes, with the union of its graphs if several of them contain the same triple.

    See the module `unions`. `folder` is the folder of the store, or None for a store in memory.
    """

    def __init__(self, store: Store, union: Store | None = None, folder: Path | None = None) -> None:
        self.store = store
        self.folder = folder
        self.vocabulary = Vocabulary(store)
        self._union = union
        self._has_shared_triples = memoize(64)(partial(has_shared_triples, store))
        self._join_graphs = lru_cache(maxsize=1)(partial(join_graphs, store))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store in a folder. Raises OSError or RuntimeError if it is missing or damaged."""
        return cls(Store.read_only(str(folder)), open_union(folder), folder)

    @classmethod
    def load(cls, dump: Path) -> Self:
        """Load an N-Quads file into memory. Raises OSError or SyntaxError if the file is missing or damaged."""
        store = Store()
        store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
        if not has_shared_triples(store):
            return cls(store)
        union = Store()
        union.bulk_load(path=dump, format=RdfFormat.N_QUADS)
        union.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
        return cls(store, union)

    def store_and_graphs(self, dataset: Dataset | None, joins_graphs: bool) -> tuple[Store, dict[str, Any]]:
        """Return the store to query, and the keyword arguments of `Store.query` that set the dataset.

        With them, a triple that several graphs of the default graph contain is found once. If `dataset` is None, the
        default graph is the union of all graphs, or the unnamed graph if `joins_graphs` is false.
        """
        if dataset is None:
            if self._union is not None and joins_graphs:
                return self._union, {}
            return self.store, {"use_default_graph_as_union": joins_graphs}
        if self._union is not None and len(dataset.default) > 1 and self._has_shared_triples(dataset.default):
            store = self._join_graphs(dataset.default, dataset.named)
            if len(store) > _LARGEST_CACHED_UNION:
                # Too large to keep: the memory is needed for the next question.
                self._join_graphs.cache_clear()
            return store, {"default_graph": DefaultGraph(), "named_graphs": dataset.named}
        return self.store, {"default_graph": dataset.default, "named_graphs": dataset.named}


_LONGEST_CACHED_QUERY = 16 * 1024
"""Characters of the longest query whose preparation is cached."""


def evaluate(
    stored: ReadOnlyStore,
    question: Question,
    largest: int = LARGEST_ANSWER,
    send: Callable[[Answer], None] | None = None,
) -> Answer:
    """Return the answer to a question from this store.

    If `send` is given, a large answer is passed to it part by part, and only the last part is returned. Raises an
    AnswerError, for example LimitError if the answer has more than `largest` bytes. Time and memory are not limited
    here but by the pool.
    """
    text = question.text.removeprefix("\ufeff")
    outline, written, needs_apart, within = _prepare(text, question.base_iri, question.longest)
    media_type, form = media_type_of(question, outline), outline.form or ""
    dataset = Dataset.from_protocol(question) or within
    if needs_apart:
        names = stored.store.named_graphs() if dataset is None else dataset.named
        written = expand_graph_groups(written, [str(graph) for graph in names if isinstance(graph, NamedNode)])
    store, graphs = stored.store_and_graphs(dataset, question.joins_graphs)
    setting: dict[str, Any] = {"base_iri": question.base_iri, **graphs}
    try:
        results = store.query(written, **setting)
        notices = find_notices(stored.vocabulary, question) if question.with_notices else ()
        answer = Answer(b"", media_type, form, outline.is_deterministic, notices=notices)
        by_parts = (lambda part: send(replace(answer, body=part))) if send else None
        if isinstance(results, QueryTriples):
            # DESCRIBE repeats a triple that is in several graphs; a dict drops the repetitions and keeps the order.
            triples = dict.fromkeys(results) if form == "DESCRIBE" else results
            body = write_graph(triples, media_type, {**question.prefixes, **outline.prefixes}, largest, by_parts)
        else:
            body = write_results(results, media_type, largest, by_parts)
    except SyntaxError as error:
        parse = partial(store.query, **setting)
        raise syntax_error(text, str(error), parse, known=question.prefixes) from None
    except OSError:
        raise UnavailableError(DATASET_MISSING) from None
    except RuntimeError as error:
        raise _engine_error(error) from None
    return replace(answer, body=body)


# Pages and programs send the same queries again and again.
@memoize(512, longest=_LONGEST_CACHED_QUERY)
def _prepare(text: str, base_iri: str | None, longest: int) -> tuple[Outline, str, bool, Dataset | None]:
    """Check, analyse and adapt a query; only its text and base IRI matter, so that the result can be cached.

    Return its outline, its text for the engine, whether `expand_graph_groups` must still be applied to that text, and
    the dataset that its FROM clauses name.
    """
    outline, written = outline_query(text, longest), adapt_for_engine(text)
    if outline.form == "SELECT":
        written = expand_select_all(written, base_iri)
    needs_apart = has_graph_groups_to_expand(written)
    written = written if needs_apart else substitute_constants(written, base_iri)
    dataset = Dataset.from_query(text, base_iri) if outline.names_dataset else None
    return outline, written, needs_apart, dataset


def media_type_of(question: Question, outline: Outline) -> str:
    """Return the media type of the answer to a question. Raises NotAcceptableError if none is acceptable."""
    is_graph = outline.form in ("CONSTRUCT", "DESCRIBE")
    wanted = question.graph_type if is_graph else question.result_type
    if wanted is None:
        form = outline.form or "SELECT"
        offered = ", ".join(
            f"{each.media_type} ({each.short})" for each in (GRAPH_FORMATS if is_graph else RESULT_FORMATS)
        )
        raise NotAcceptableError(
            Bilingual(
                f"The answer to {form} is available as {offered}, and none of these formats was requested.",
                f"La respuesta a {form} se ofrece como {offered}, y no se pidió ninguno de esos formatos.",
            )
        )
    return wanted


def _engine_error(error: Exception) -> QueryRefusedError | EngineError:
    function = re.search(r"function (<.*>) is not supported", str(error))
    if function:
        return QueryRefusedError(
            Bilingual(f"The function {function[1]} does not exist here.", f"La función {function[1]} no existe aquí.")
        )
    return EngineError(
        Bilingual(f"The engine gave up on the query: {error}.", f"El motor abandonó la consulta: {error}.")
    )


_LARGEST_REQUEST = 65_536
_GRACE = 5.0
"""Seconds after the time limit at which a worker ends by itself, in case the pool hangs."""


def main(descriptor: str, dump: str) -> None:
    """Run the fork server: fork a worker for each request on the socket `descriptor`, until the socket is closed.

    A request is a JSON list of the folder of the store ("" for the loaded dump) and the limits of the worker. The
    worker's end of its connection comes with it as a file descriptor. This process keeps that end open, too; when the
    worker has ended, it sends the exit `status` as the last frame.

    `dump` is the path of an N-Quads file to load into memory. If it is empty, each worker opens the store itself,
    because the threads of RocksDB do not survive a fork.
    """
    end_with_parent(sys.stdin.fileno(), group=True)
    requests = socket.socket(fileno=int(descriptor))
    loaded = ReadOnlyStore.load(Path(dump)) if dump else None
    # The garbage collector would write to the memory that the workers share, and so copy it.
    gc.freeze()
    workers: dict[int, socket.socket] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _report_exits(workers))
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, _LARGEST_REQUEST, 1)
        if not message:
            return
        connection = socket.socket(fileno=descriptors[0])
        # A worker may end before it is in `workers`, and its end would not be reported.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        try:
            pid = os.fork()
        except OSError as error:
            with connection:
                connection.sendall(pack_frame(error_fields(EngineError(no_process_message(str(error.strerror))))))
        else:
            if pid == 0:
                _run_worker(connection, (requests, *workers.values()), loaded, *json.loads(message))
            workers[pid] = connection
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _report_exits(workers: dict[int, socket.socket]) -> None:
    """Send the exit status of each ended worker over its connection (the handler of SIGCHLD, which may nest)."""
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            # If the pool killed the worker, it has closed its own end.
            with workers.pop(pid) as connection, suppress(OSError):
                connection.send(pack_frame({"status": os.waitstatus_to_exitcode(status)}), socket.MSG_DONTWAIT)


def _run_worker(
    connection: socket.socket,
    others: Iterable[socket.socket],
    loaded: ReadOnlyStore | None,
    folder: str,
    limits: list[int],
) -> NoReturn:
    """Run a worker in this forked process, and exit.

    The first frame that it sends has its process id. `others` are sockets of the fork server, which the worker closes.
    """
    status = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for other in others:
            other.close()
        connection.sendall(pack_frame({"pid": os.getpid()}))
        try:
            stored = ReadOnlyStore.open(Path(folder)) if folder or loaded is None else loaded
        except (OSError, RuntimeError) as error:
            connection.sendall(pack_frame({**error_fields(UnavailableError(DATASET_MISSING)), "why": str(error)}))
        else:
            run_isolated(_answer_all, connection, stored, *limits)
        status = 0
    finally:
        os._exit(status)


def _answer_all(
    connection: socket.socket, stored: ReadOnlyStore, memory: int, largest: int, largest_in_parts: int
) -> None:
    """Answer the questions that arrive on a socket until its other end is closed.

    First, a frame without a body is sent: the worker is ready. The body of each received frame is a pickled tuple of
    the question, its time limit in seconds, and whether it may be answered in parts. Only the server can send frames.
    An answer is one frame, or several if in parts; all but the last have `more` in the header.
    """
    limit_memory(memory)
    deny_files(stored.folder)
    connection.sendall(pack_frame({"cpu": time.process_time()}))
    frames = FrameDecoder()
    while received := connection.recv(_LARGEST_REQUEST):
        for _, body in frames.feed(received):
            question, seconds, in_parts = pickle.loads(body)  # noqa: S301 - sent by the server
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
            _answer(connection, stored, question, memory, largest_in_parts if in_parts else largest, in_parts)
            signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(
    connection: socket.socket, stored: ReadOnlyStore, question: Question, memory: int, largest: int, in_parts: bool
) -> None:
    def send(fields: dict[str, Any], body: bytes = b"") -> None:
        connection.sendall(pack_frame({**fields, "cpu": time.process_time()}, body))

    def send_answer(answer: Answer, more: bool = True) -> None:
        fields = {
            "media_type": answer.media_type,
            "form": answer.form,
            "is_deterministic": answer.is_deterministic,
            "notices": [astuple(each) for each in answer.notices],
            "more": more,
        }
        send(fields, answer.body)

    try:
        send_answer(evaluate(stored, question, largest, send_answer if in_parts else None), more=False)
    except BaseException as error:  # a panic of the engine is not an Exception
        send(error_fields(error, memory))
