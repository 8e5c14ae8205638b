"""The reconciliation service: takes calls in turn and has them carried out in a process of its own."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from anyio import CapacityLimiter, fail_after, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.errors import BusyError, EngineError, LimitError, QueryTimeoutError, UnavailableError
from crmgraph.http.context import client_of
from crmgraph.http.endpoint import while_connected
from crmgraph.linking import entities_query, labels_query
from crmgraph.reconciliation.operations import Call, begin, candidates, read
from crmgraph.site.base.site import JSON_RESULTS, Site
from crmgraph.sparql.child_process import ChildProcess
from crmgraph.sparql.engine import End, Limit
from crmgraph.sparql.messages import all_busy, too_many
from crmgraph.wording import Bilingual

__all__ = ["ReconciliationService"]

_MEMORY = 2**30
"""Bytes that the process may take."""

_LONGEST = 5.0
"""Seconds of processor time that a call may take; one that OpenRefine sends takes a hundredth."""

_CALLS_AT_ONCE = 4
"""Number of calls of one client that are carried out in turn; its others wait for one of them to be done."""

_HANGS = 15.0
"""Seconds after which a process that does not reply is killed; it should after a tenth of a second."""

_READING = 30.0
"""Seconds that reading the things may take at least, whatever the limit for the queries of visitors is."""

_TRIES = 3
"""Number of processes that may end while they carry out a call, before that is put down to the call."""

_NICE = 10
"""Priority of the process (nice value), since the endpoint and the pages come first."""


class ReconciliationService:
    """Carries out calls over the data of a site, of which at most `most` may wait.

    The process is started with the first call. It holds the things in memory and reads them again after a write. The
    queries of a batch are tasks of their own, between which other calls have their turn.
    """

    def __init__(self, site: Site, most: int) -> None:
        self._site = replace(site, seconds=max(site.seconds, _READING))
        self._seconds = site.seconds
        self._most = most
        self._clients: defaultdict[str, CapacityLimiter] = defaultdict(lambda: CapacityLimiter(_CALLS_AT_ONCE))
        # First come, first served: a call that had its turn goes to the end of the line.
        self._turns = CapacityLimiter(1)
        self._process = ChildProcess("crmgraph.reconciliation.operations", _MEMORY, _REQUEST, _NICE)
        self._known: tuple[int | None, str] = (None, "")

    @property
    def busy(self) -> int:
        """Number of calls that are being carried out."""
        return sum(int(places.borrowed_tokens) for places in [*self._clients.values()])

    @property
    def waiting(self) -> int:
        """Number of calls that wait for another of their client to be done."""
        return sum(places.statistics().tasks_waiting for places in [*self._clients.values()])

    @property
    def ended(self) -> Mapping[End, int]:
        """Number of processes that ended while they carried out a call, by reason."""
        return self._process.ended

    @property
    def pid(self) -> int | None:
        """Id of the process; None where none runs."""
        return self._process.pid

    async def answer(self, request: Request, call: Call) -> bytes:
        """Return the answer to a call, whose request has been read, as JSON.

        Raises HTTPException 400 for a call that is not understood, and errors below AnswerError: BusyError where too
        many wait already, UnavailableError where others had all turns in the time limit of the site, QueryTimeoutError
        where the call itself takes too long, AbandonedError where the client has left.
        """
        if self.pid is None:
            # The time to start it is nobody's doing.
            await to_thread.run_sync(self._read, limiter=self._turns)
        client = client_of(request)
        places = self._clients[client]
        if places.available_tokens <= 0 and self.waiting >= self._most:
            raise BusyError(too_many(self._most))
        try:
            with fail_after(self._seconds):
                return await while_connected(request, self._carry_out(call, places))
        except TimeoutError:
            raise UnavailableError(all_busy(self._seconds)) from None
        finally:
            if places.borrowed_tokens == 0 and places.statistics().tasks_waiting == 0:
                self._clients.pop(client, None)

    async def _carry_out(self, call: Call, places: CapacityLimiter) -> bytes:
        async with places:
            begun, worked = await self._run(begin, call)
            if "refused" in begun:
                raise HTTPException(400, Bilingual(*begun["refused"]))
            if "answer" in begun:
                return str(begun["answer"]).encode(errors="backslashreplace")
            results = []
            for name, query in begun["queries"].items():
                if worked >= _LONGEST:
                    raise QueryTimeoutError(_TOO_LONG)
                result, seconds = await self._run(candidates, query, begun["most"], call.language)
                results.append(f"{json.dumps(name)}: {result}")
                worked += seconds
            return f"{{{', '.join(results)}}}".encode(errors="backslashreplace")

    async def _run(self, task: Callable[..., object], *arguments: object) -> tuple[Any, float]:
        """Return the result of a task and the processor time that it took; a process that ends has a successor."""
        for _ in range(_TRIES):
            try:
                return await to_thread.run_sync(self._run_now, task, *arguments, limiter=self._turns)
            except LimitError:
                raise
            except (EngineError, QueryTimeoutError):
                continue
        raise EngineError(_DIED)

    def _run_now(self, task: Callable[..., object], *arguments: object) -> tuple[Any, float]:
        self._read()
        return self._process.run(Limit(_HANGS), task, self._site.names.base, *arguments), self._process.seconds

    def _read(self) -> None:
        """Have the process know the things as they are now."""
        state = self._site.state
        if self.pid is None or self._known != (self.pid, state):
            answers = (self._site.table(query, JSON_RESULTS) for query in (labels_query(), entities_query()))
            self._process.run(Limit(_READING), read, self._site.names.base, *answers)
            self._known = self.pid, state

    def close(self) -> None:
        """End the process; calls that wait for it raise UnavailableError. May be called more than once."""
        self._process.close()


_REQUEST = Bilingual("request", "petición")
_TOO_LONG = Bilingual(
    f"The batch was not done after {_LONGEST:g} s. Send fewer queries at once, or with fewer properties.",
    f"El lote no estaba listo a los {_LONGEST:g} s. Envíe menos consultas a la vez, o con menos propiedades.",
)
_DIED = Bilingual(
    "The process of the batch ended before it was done. Try again.",
    "El proceso del lote se cerró antes de terminar. Vuelva a intentarlo.",
)
