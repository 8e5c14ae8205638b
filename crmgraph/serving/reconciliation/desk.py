"""Where requests to the service are taken, and handed to a process of its own that works on each a while in turn."""

import time
from itertools import count
from threading import Event, Lock

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.answering.apologies import CLOSED, all_busy, no_process, too_many
from crmgraph.answering.child import NOBODY_WAITS, Child
from crmgraph.errors import AbandonedError, BusyError, EngineError, LimitError, QueryTimeoutError, UnavailableError
from crmgraph.linking import entities_query, labels_query
from crmgraph.serving.leaving import watching
from crmgraph.serving.pages.site import Site
from crmgraph.serving.reconciliation.operations import Asked, Glance
from crmgraph.serving.reconciliation.worker import Begin, Forget, GoOn, Renew, Said
from crmgraph.wording import Bilingual

__all__ = ["Desk"]

_MEMORY = 2**30
"""How many bytes the process may take."""

_LONGEST = 5.0
"""For how many seconds of a processor a request may be worked on; one that OpenRefine sends takes a hundredth."""

_MOST_BEGUN = 16
"""How many requests are worked on in turn; others wait for one of them to be done."""


class _Piece:
    """A request on its way: what is asked, until when somebody waits, and how far the process is."""

    def __init__(self, number: int, asked: Asked, deadline: float) -> None:
        self.number = number
        self.asked = asked
        self.deadline = deadline
        self.child: Child | None = None
        self.worked = 0.0


class Desk:
    """Takes requests over the data of a site, of which `most` may wait, and has them worked on.

    The process is started by the first of them. It has the things in it, which are read again after a write.
    """

    def __init__(self, site: Site, most: int) -> None:
        self._site = site
        self._most = most
        self._numbers = count()
        self._begun = CapacityLimiter(_MOST_BEGUN)
        # Who has worked a while goes to the end of this line.
        self._turn = CapacityLimiter(1)
        self._child: Child | None = None
        self._state = ""
        self._unwanted: list[int] = []
        self._lock = Lock()
        self._is_closed = False

    async def ask(self, request: Request, asked: Asked) -> bytes | Glance:
        """The answer to a request, whose body has been read.

        Raises HTTPException 400 for what is not understood, and errors below AnswerError: BusyError where too many wait
        already, UnavailableError where it was not its turn often enough in the time limit of the site,
        QueryTimeoutError where it takes too long by itself, AbandonedError where the client has left.
        """
        if self._begun.statistics().tasks_waiting >= self._most:
            raise BusyError(too_many(self._most))
        piece = _Piece(next(self._numbers), asked, time.monotonic() + self._site.seconds)
        try:
            async with watching(request) as gone, self._begun:
                said = None
                while said is None:
                    said = await to_thread.run_sync(self._work, piece, gone, limiter=self._turn)
        except BaseException:
            self._unwanted.append(piece.number)
            raise
        if isinstance(said, HTTPException | LimitError):
            raise said
        return said

    def close(self) -> None:
        """End the process; whoever waits for it gets UnavailableError."""
        self._is_closed = True
        if self._child is not None:
            self._child.kill()
        with self._lock:
            self._end()

    def _work(self, piece: _Piece, gone: Event) -> Said:
        """Have the process work on it a while."""
        with self._lock:
            if gone.is_set():
                raise AbandonedError(NOBODY_WAITS)
            if time.monotonic() >= piece.deadline:
                raise UnavailableError(all_busy(self._site.seconds))
            if piece.worked >= _LONGEST:
                raise QueryTimeoutError(_TOO_LONG)
            child = self._open()
            try:
                self._renew(child, piece.deadline)
                before = child.worked()
                while self._unwanted:
                    child.pipe.send(Forget(self._unwanted.pop()))
                asked = GoOn(piece.number) if piece.child is child else Begin(piece.number, piece.asked)
                piece.child = child
                said = self._said(child, asked, piece.deadline)
            except (EOFError, OSError):
                raise UnavailableError(CLOSED) if self._is_closed else child.epitaph() from None
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
                raise EngineError(no_process(error)) from error
            # The endpoint and the pages come first.
            self._child.slow_down()
        return self._child

    def _renew(self, child: Child, deadline: float) -> None:
        """Have it have the things as they are now."""
        state = self._site.state
        if state != self._state:
            answers = (self._site.results(query) for query in (labels_query(), entities_query()))
            self._said(child, Renew(*answers), deadline)
            self._state = state

    def _said(self, child: Child, message: Begin | GoOn | Renew, deadline: float) -> Said:
        child.pipe.send(message)
        # By itself it says something after a while; this is for what never ends.
        child.wait(self._site.seconds, deadline, None)
        said: Said = child.pipe.recv()
        return said

    def _end(self) -> None:
        self._state = ""
        if self._child is not None:
            self._child.end()


_WORKER = "crmgraph.serving.reconciliation.worker"
_BATCH = Bilingual("batch", "lote")
_ADVICE = Bilingual("Send fewer queries at once.", "Envíe menos consultas a la vez.")
_TOO_LONG = Bilingual(
    f"The batch was not done after {_LONGEST:g} s. Send fewer queries at once, or with fewer properties.",
    f"El lote no estaba listo a los {_LONGEST:g} s. Envíe menos consultas a la vez, o con menos propiedades.",
)
