"""The parts of the SPARQL endpoint that all its requests share: engine, cache, write access, threads."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from crmgraph.caching import SizedCache
from crmgraph.errors import AbandonedError, Bilingual, BusyError
from crmgraph.http.messages import client_id, context_of
from crmgraph.sparql.engine import ABANDONED, Answer, Engine, Question, Spool, is_as_built, queue_full_message
from crmgraph.store.changes import Change, Writer, find_writer
from crmgraph.store.writer import StoreWriter

_THREADS = 40
_GRAPH_SIZES = """SELECT ?graph (COUNT(?s) AS ?size) {
  GRAPH ?graph {}
  OPTIONAL { GRAPH ?graph { ?s ?p ?o } }
} GROUP BY ?graph"""
_Result = TypeVar("_Result")


READ_ONLY = Bilingual(
    "This service is read-only: it answers queries and accepts no changes.",
    "Este servicio es de solo lectura: responde a consultas y no admite cambios.",
)
"""The error message for writes to a read-only endpoint."""

_REALM = 'Bearer realm="crmgraph"'


@dataclass(frozen=True)
class WriteAccess:
    """Write access to the store: the store writer, and the clients that may use it."""

    store_writer: StoreWriter
    writers: Sequence[Writer]

    def writer_with_token(self, request: Request) -> Writer | None:
        """Return the writer whose bearer token is in the request; None if there is no valid token."""
        return find_writer(request.headers.get("authorization", ""), self.writers)


@dataclass(frozen=True)
class Endpoint:
    """The SPARQL endpoint: what all its requests share.

    Attributes:
        pool: The engine.
        digest: Digest of the dataset as built.
        graphs: Number of triples of each named graph of that dataset, by its IRI.
        prefixes: Namespace IRIs by prefix, which abbreviate answers.
        workbench: Renders the page of the query editor, in a thread. It gets an event that is set when the client
            disconnects.
        seconds: Time limit of a query.
        write_access: Write access; None for a read-only endpoint.
        cache: Cache of answers; None if nothing is cached.
        federates: Whether the engine answers queries with SERVICE.
        threads: Limit of the threads for requests of the endpoint. Pages have others, so that they need not wait
            behind slow queries.
    """

    pool: Engine
    digest: str
    graphs: Mapping[str, int]
    prefixes: Mapping[str, str]
    workbench: Callable[[Request, Event], Response]
    seconds: float = 30.0
    write_access: WriteAccess | None = None
    cache: SizedCache[Answer] | None = None
    federates: bool = False
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_THREADS))

    @property
    def state(self) -> str:
        """The state of the current data (see `sparql.engine`), which is part of every entity tag."""
        return self.write_access.store_writer.digest if self.write_access else self.pool.state or self.digest

    async def refresh_state(self, request: Request) -> None:
        """Update `state` if other programs can change the data and the request has `If-None-Match`."""
        is_read = request.method in ("GET", "HEAD")
        if is_read and self.pool.state is not None and "if-none-match" in request.headers:
            await self.run(request, lambda _: self.pool.refresh(self.seconds))

    async def graph_sizes(self, request: Request) -> Mapping[str, int]:
        """Return the current number of triples of each named graph, by its IRI."""
        if self.write_access is None and (self.pool.state is None or is_as_built(self.pool.state)):
            return self.graphs
        counted = await self.ask(
            request, Question(_GRAPH_SIZES, result_type="application/sparql-results+json"), self.seconds
        )
        rows = json.loads(counted.body)["results"]["bindings"]
        return {row["graph"]["value"]: int(row["size"]["value"]) for row in rows}

    async def ask(self, request: Request, question: Question, seconds: float) -> Answer:
        """Return the answer to a question, from the cache or the engine.

        The query is aborted when the client disconnects. Answers are not cached if other programs can change the data.
        A large answer has a `rest`, which the caller must close.
        """
        cache, state = self.cache if self.pool.state is None else None, self.state
        key = replace(question, prefixes={}) if cache else question
        kept = cache.get(state, key) if cache else None
        if kept is not None:
            return kept
        asking = self.pool.ask(replace(question, client=client_id(request)), seconds, in_parts=True)
        answer = await while_connected(request, asking)
        if cache is not None:
            if answer.rest is not None and len(answer.body) + answer.rest.size <= cache.largest:
                with answer.rest as rest:
                    answer = replace(answer, body=answer.body + rest.read(), rest=None)
            # With NOW() or RAND(), the next answer must differ.
            if answer.rest is None and answer.is_deterministic:
                cache.put(state, key, answer)
        return answer

    async def run(self, request: Request, work: Callable[[Event], _Result]) -> _Result:
        """Run `work` in a thread and return its result. It gets an event that is set when the client disconnects.

        The body of the request must have been read. Raises BusyError if no thread is free.
        """
        if self.threads.available_tokens < 1:
            raise BusyError(queue_full_message(int(self.threads.total_tokens)))
        with watch_connection(request) as cancel_event:
            return await to_thread.run_sync(work, cancel_event, limiter=self.threads)

    async def write(self, request: Request, change: Change, seconds: float) -> bool:
        """Make a change and return whether its graph existed before.

        Raises HTTPException if the client may not write.
        """
        store_writer, writer = self.require_writer(request)
        return await self.run(
            request,
            lambda cancel_event: store_writer.write(change, writer, seconds, context_of(request).id, cancel_event),
        )

    def require_writer(self, request: Request) -> tuple[StoreWriter, Writer]:
        """Return the store writer, and the writer whose token is in the request.

        Raises HTTPException 403 if the endpoint is read-only, 401 if there is no valid token.
        """
        if self.write_access is None:
            raise HTTPException(403, READ_ONLY)
        writer = self.write_access.writer_with_token(request)
        if writer is None:
            is_given = request.headers.get("authorization", "").lower().startswith("bearer ")
            raise HTTPException(
                401,
                Bilingual(
                    "The token that was sent is none of those that may write here. See whether it is whole, and of "
                    "this service.",
                    "El token que se envió no es de los que pueden escribir aquí. Compruebe que esté entero y sea "
                    "de este servicio.",
                )
                if is_given
                else Bilingual(
                    "Changes need a token: send the header Authorization: Bearer …",
                    "Los cambios requieren un token: envíe el encabezado Authorization: Bearer …",
                ),
                {"WWW-Authenticate": f'{_REALM}, error="invalid_token"' if is_given else _REALM},
            )
        return self.write_access.store_writer, writer


def request_url(request: Request) -> str:
    """Return the URL of the request without its query string."""
    return str(URL(scope={**request.scope, "query_string": b""}))


_WATCH_AFTER = 0.05
"""Seconds after which the connection is watched; most answers take less."""


async def while_connected(request: Request, work: Coroutine[Any, Any, _Result]) -> _Result:
    """Await `work` and return its result; if the client disconnects, cancel it and raise AbandonedError.

    The body of the request must not be read meanwhile.
    """
    task = asyncio.current_task()
    assert task is not None
    with watch_connection(request, task.cancel, after=_WATCH_AFTER) as cancel_event:
        try:
            return await work
        except asyncio.CancelledError:
            if cancel_event.is_set():
                task.uncancel()
                raise AbandonedError(ABANDONED) from None
            raise


@contextmanager
def watch_connection(
    request: Request, on_disconnect: Callable[[], object] = bool, after: float = 0.0
) -> Iterator[Event]:
    """Yield an event that is set if the client disconnects while this context lasts.

    At that moment, `on_disconnect` is called. The connection is not watched for the first `after` seconds. The body of
    the request must not be read in this context, because what is left of it is dropped.
    """
    cancel_event = Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        cancel_event.set()
        on_disconnect()

    loop = asyncio.get_running_loop()
    tasks: list[asyncio.Task[None]] = []
    # A timer costs a fraction of a task, and most answers come before it ends.
    timer = loop.call_later(after, lambda: tasks.append(loop.create_task(watch())))
    try:
        yield cancel_event
    finally:
        timer.cancel()
        for task in tasks:
            task.cancel()


_CHUNK = 256 * 1024


def response_of(answer: Answer, headers: Mapping[str, str]) -> Response:
    """Return the response for an answer; the `rest` of the answer is closed when the response is sent."""
    if answer.rest is None:
        return Response(answer.body, headers=headers)
    length = str(len(answer.body) + answer.rest.size)
    return StreamingResponse(_parts_of(answer.body, answer.rest), headers={**headers, "Content-Length": length})


async def _parts_of(first: bytes, rest: Spool) -> AsyncIterator[bytes]:
    """Yield the parts of a response: the first part of an answer and its rest from a temporary file.

    If the file has made way for others, the error ends the response before its end, so that the client notices.
    """
    with rest:
        yield first
        while part := rest.read(_CHUNK):
            yield part
