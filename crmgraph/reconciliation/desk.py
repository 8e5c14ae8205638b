"""Where requests to the service are taken, and handed to a process of its own that works on each a while in turn."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from threading import Event, Lock

from anyio import CapacityLimiter, fail_after, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.errors import AbandonedError, BusyError, EngineError, LimitError, QueryTimeoutError, UnavailableError
from crmgraph.http.context import client_of
from crmgraph.http.endpoint import watching
from crmgraph.linking import entities_query, labels_query
from crmgraph.reconciliation.operations import Asked, Glance
from crmgraph.reconciliation.worker import Begin, Forget, GoOn, Renew, Said
from crmgraph.site.base.site import Site
from crmgraph.sparql.messages import ABANDONED, CLOSED, all_busy, no_process, too_many
from crmgraph.sparql.process import Child, End
from crmgraph.wording import Bilingual

__all__ = ["Desk"]

_MEMORY = 2**30
"""How many bytes the process may take."""

_LONGEST = 5.0
"""For how many seconds of a processor a request may be worked on; one that OpenRefine sends takes a hundredth."""

_MOST_BEGUN = 4
"""How many requests of one client are worked on in turn; its others wait for one of them to be done."""

_HANGS = 15.0
"""After how many seconds a process that says nothing is ended: it does so after a while, whatever it works on."""

_READING = 30.0
"""How many seconds it may take at least to read the things, whatever is set for the queries of visitors."""

_TRIES = 3
"""How many processes a request may see end before that is told to be its doing."""


class _Piece:
    """A request on its way: what is asked, until when somebody waits, and how far the process is."""

    def __init__(self, number: int, asked: Asked, seconds: float) -> None:
        self.number = number
        self.asked = asked
        self.deadline = time.monotonic() + seconds
        self.child: Child | None = None
        self.worked = 0.0
        self.tries = 0


class Desk:
    """Takes requests over the data of a site, of which `most` may wait, and has them worked on.

    All that are begun are worked on in turn, and a client has only a few of those: whoever sends more waits for their
    own. The process is started by the first of them. It has the things in it, which are read again after a write.
    """

    def __init__(self, site: Site, most: int) -> None:
        self._site = replace(site, seconds=max(site.seconds, _READING))
        self._seconds = site.seconds
        self._most = most
        self._numbers = count()
        self._lines: dict[str, CapacityLimiter] = {}
        # Who has worked a while goes to the end of this line.
        self._turn = CapacityLimiter(1)
        self._threads = CapacityLimiter(1)
        self._child: Child | None = None
        self._state = ""
        self._unwanted: list[int] = []
        self._lock = Lock()
        self._is_closed = False
        self._ended: Counter[End] = Counter()

    @property
    def busy(self) -> int:
        """How many requests are worked on in turn."""
        return sum(int(each.borrowed_tokens) for each in [*self._lines.values()])

    @property
    def waiting(self) -> int:
        """How many wait for another of their client to be done."""
        return sum(each.statistics().tasks_waiting for each in [*self._lines.values()])

    @property
    def ended(self) -> Mapping[End, int]:
        """How many processes have ended at their work, by why."""
        return self._ended

    async def ask(self, request: Request, asked: Asked) -> bytes | Glance:
        """The answer to a request, whose body has been read.

        Raises HTTPException 400 for what is not understood, and errors below AnswerError: BusyError where too many wait
        already, UnavailableError where it was not its turn often enough in the time limit of the site,
        QueryTimeoutError where it takes too long by itself, AbandonedError where the client has left.
        """
        client = client_of(request)
        line = self._lines.setdefault(client, CapacityLimiter(_MOST_BEGUN))
        if line.available_tokens <= 0 and self.waiting >= self._most:
            raise BusyError(too_many(self._most))
        piece = _Piece(next(self._numbers), asked, self._seconds)
        try:
            async with watching(request) as gone, self._in_time(line, piece):
                return await self._answer(piece, gone)
        except BaseException:
            self._unwanted.append(piece.number)
            raise
        finally:
            if line.borrowed_tokens == 0 and line.statistics().tasks_waiting == 0:
                self._lines.pop(client, None)

    async def _answer(self, piece: _Piece, gone: Event) -> bytes | Glance:
        said = None
        while said is None:
            async with self._in_time(self._turn, piece):
                said = await to_thread.run_sync(self._work, piece, gone, limiter=self._threads)
        if isinstance(said, HTTPException | EngineError):
            raise said
        return said

    @asynccontextmanager
    async def _in_time(self, line: CapacityLimiter, piece: _Piece) -> AsyncIterator[None]:
        """A place in the line. Raises UnavailableError where it is not had in time."""
        place = object()
        try:
            with fail_after(max(piece.deadline - time.monotonic(), 0)):
                await line.acquire_on_behalf_of(place)
        except TimeoutError:
            raise UnavailableError(all_busy(self._seconds)) from None
        try:
            yield
        finally:
            line.release_on_behalf_of(place)

    def close(self) -> None:
        """End the process; whoever waits for it gets UnavailableError. May be called more than once."""
        self._is_closed = True
        if self._child is not None:
            self._child.kill()
        with self._lock:
            self._end()

    def _work(self, piece: _Piece, gone: Event) -> Said:
        """Have the process work on it a while."""
        with self._lock:
            if gone.is_set():
                raise AbandonedError(ABANDONED)
            if piece.worked >= _LONGEST:
                raise QueryTimeoutError(_TOO_LONG)
            began = time.monotonic()
            child = self._open()
            try:
                self._renew(child)
                # That it had to be started is nobody's doing.
                piece.deadline += time.monotonic() - began
                if piece.child is not child:
                    piece.child, piece.worked = None, 0.0
                before = child.worked()
                while self._unwanted:
                    child.pipe.send(Forget(self._unwanted.pop()))
                asked = GoOn(piece.number) if piece.child is child else Begin(piece.number, piece.asked)
                piece.child = child
                said = self._said(child, asked)
            except (EOFError, OSError):
                if self._is_closed:
                    raise UnavailableError(CLOSED) from None
                why = child.epitaph()
                piece.tries += 1
                if isinstance(why, LimitError) or piece.tries >= _TRIES:
                    raise why from None
                return None
            finally:
                if child.end_reason is not None:
                    self._ended[child.end_reason] += 1
            piece.worked += child.worked() - before
            return said

    def _open(self) -> Child:
        """The process; another where there is none, and where it has ended."""
        if self._is_closed:
            raise UnavailableError(CLOSED)
        if self._child is None or not self._child.is_alive():
            self._end()
            try:
                self._child = Child(_WORKER, (self._site.names.base, _MEMORY), _BATCH, _ADVICE, _MEMORY)
            except OSError as error:
                raise EngineError(no_process(error.strerror or str(error))) from error
            # The endpoint and the pages come first.
            self._child.slow_down()
        return self._child

    def _renew(self, child: Child) -> None:
        """Have it have the things as they are now."""
        state = self._site.state
        if state != self._state:
            answers = (self._site.results(query) for query in (labels_query(), entities_query()))
            self._said(child, Renew(*answers))
            self._state = state

    def _said(self, child: Child, message: Begin | GoOn | Renew) -> Said:
        child.pipe.send(message)
        child.wait(_HANGS, time.monotonic() + _HANGS, None)
        said: Said = child.pipe.recv()
        return said

    def _end(self) -> None:
        self._state = ""
        if self._child is not None:
            self._child.end()


_WORKER = "crmgraph.reconciliation.worker"
_BATCH = Bilingual("batch", "lote")
_ADVICE = Bilingual("Send fewer queries at once.", "Envíe menos consultas a la vez.")
_TOO_LONG = Bilingual(
    f"The batch was not done after {_LONGEST:g} s. Send fewer queries at once, or with fewer properties.",
    f"El lote no estaba listo a los {_LONGEST:g} s. Envíe menos consultas a la vez, o con menos propiedades.",
)
