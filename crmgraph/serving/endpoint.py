"""What the endpoint stands on, and how a request is answered from it."""

import csv
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Event
from typing import TypeVar

from anyio import CapacityLimiter, WouldBlock, to_thread
from starlette.requests import Request
from starlette.responses import Response

from crmgraph.errors import BusyError
from crmgraph.serving.authorization import Writing
from crmgraph.serving.cache import Cache
from crmgraph.serving.clients import client_of
from crmgraph.serving.leaving import watching, while_connected
from crmgraph.sparql import Answer, Engine, Question
from crmgraph.sparql.messages import too_many
from crmgraph.storing.states import is_as_built

__all__ = ["Endpoint", "url_of"]

_PLACES = 40
_SIZES = """SELECT ?graph (COUNT(?s) AS ?size) {
  GRAPH ?graph {}
  OPTIONAL { GRAPH ?graph { ?s ?p ?o } }
} GROUP BY ?graph"""
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Endpoint:
    """What the endpoint stands on.

    `digest` identifies the dataset that was built and is part of every ETag, `graphs` gives the number of triples of
    each of its named graphs, `prefixes` abbreviate the answers, `seconds` is the longest that a query may take.
    `workbench` gives the page for those who prefer HTML; it is run in a thread, the request tells it a query by the
    parameter `query`, and the event is set when the client has left. It `federates` where the pool answers SERVICE.
    `writing` is what it takes to write; None where nobody may. `cache` keeps answers; None where each question is asked
    anew. There are `places` for those that wait in a thread; the threads are others than those that the pages share,
    which must not wait behind slow queries.
    """

    pool: Engine
    digest: str
    graphs: Mapping[str, int]
    prefixes: Mapping[str, str]
    workbench: Callable[[Request, Event], Response]
    seconds: float = 30.0
    writing: Writing | None = None
    cache: Cache | None = None
    federates: bool = False
    places: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_PLACES))
    threads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(math.inf))

    @property
    def state(self) -> str:
        """What identifies the data as they are now."""
        return self.writing.keeper.digest if self.writing else self.pool.state or self.digest

    async def look(self, request: Request) -> None:
        """See in which state the data are, where others may change them and that decides what is answered."""
        is_read = request.method in ("GET", "HEAD")
        if is_read and self.pool.state is not None and "if-none-match" in request.headers:
            await self.run(request, lambda _gone, _since: self.pool.refresh(self.seconds))

    async def sizes(self, request: Request) -> Mapping[str, int]:
        """How many triples each named graph has now, by its IRI."""
        if self.writing is None and (self.pool.state is None or is_as_built(self.pool.state)):
            return self.graphs
        counted = await self.ask(request, Question(_SIZES, result_type="text/csv"), self.seconds)
        rows = csv.reader(counted.body.decode().splitlines()[1:])
        return {graph: int(size) for graph, size in rows}

    async def ask(self, request: Request, question: Question, seconds: float) -> Answer:
        """Return the answer from the cache or the pool; the work ends when the client leaves.

        Data that others can change besides us are asked each time. A large answer has a rest, which must be closed.
        """
        cache, state = self.cache if self.pool.state is None else None, self.state
        kept = cache.get(state, question) if cache else None
        if kept is not None:
            return kept
        asking = self.pool.ask(replace(question, client=client_of(request)), seconds, in_parts=True)
        answer = await while_connected(request, asking)
        if cache is not None:
            if answer.rest is not None and len(answer.body) + answer.rest.size <= cache.largest:
                with answer.rest as rest:
                    answer = replace(answer, body=answer.body + rest.read(), rest=None)
            if answer.rest is None:
                cache.put(state, question, answer)
        return answer

    async def run(self, request: Request, work: Callable[[Event, float], _Result]) -> _Result:
        """Do something that takes long in a thread of its own; it is told when the client leaves, and when it began.

        The body of the request has been read by then. Raises BusyError where there is no place.
        """
        since = time.monotonic()
        place = object()
        try:
            self.places.acquire_on_behalf_of_nowait(place)
        except WouldBlock:
            raise BusyError(too_many(int(self.places.total_tokens))) from None
        try:
            async with watching(request) as gone:
                return await to_thread.run_sync(work, gone, since, limiter=self.threads)
        finally:
            self.places.release_on_behalf_of(place)


def url_of(request: Request) -> str:
    """The address that the request was sent to, without what follows the question mark."""
    return str(request.url.replace(query=""))
