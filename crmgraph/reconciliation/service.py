"""The reconciliation service: takes calls in turn and has them carried out in a process of its own."""

import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from multiprocessing import Pipe
from threading import Lock

from anyio import CapacityLimiter, fail_after, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request

from crmgraph.errors import BusyError, EngineError, QueryTimeoutError, UnavailableError
from crmgraph.http.context import client_of
from crmgraph.http.endpoint import while_connected
from crmgraph.linking import entities_query, labels_query
from crmgraph.reconciliation.operations import Call, Preview
from crmgraph.reconciliation.worker import Data, Result, Slice
from crmgraph.site.base.site import JSON_RESULTS, Site
from crmgraph.sparql.engine import End
from crmgraph.sparql.messages import CLOSED, all_busy, no_process, too_many
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

_PROGRAM = "import sys; from crmgraph.reconciliation.worker import main; main(*sys.argv[1:])"


class ReconciliationService:
    """Carries out calls over the data of a site, of which at most `most` may wait.

    The process is started with the first call. It holds the things in memory and reads them again after a write.
    """

    def __init__(self, site: Site, most: int) -> None:
        self._site = replace(site, seconds=max(site.seconds, _READING))
        self._seconds = site.seconds
        self._most = most
        self._numbers = count()
        self._wanted: set[int] = set()
        self._clients: defaultdict[str, CapacityLimiter] = defaultdict(lambda: CapacityLimiter(_CALLS_AT_ONCE))
        # First come, first served: a call that had its slice goes to the end of the line.
        self._turns = CapacityLimiter(1)
        self._lock = Lock()
        self._process: _Process | None = None
        self._is_closed = False
        self._ended: Counter[End] = Counter()

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
        return self._ended

    @property
    def pid(self) -> int | None:
        """Id of the process; None where none was started."""
        return None if self._process is None else self._process.pid

    async def answer(self, request: Request, call: Call) -> bytes | Preview:
        """Return the answer to a call, whose request has been read.

        Raises HTTPException 400 for a call that is not understood, and errors below AnswerError: BusyError where too
        many wait already, UnavailableError where others had all turns in the time limit of the site, QueryTimeoutError
        where the call itself takes too long, AbandonedError where the client has left.
        """
        if self._process is None:
            # The time to start it is nobody's doing.
            await to_thread.run_sync(self._started, limiter=self._turns)
        client = client_of(request)
        places = self._clients[client]
        if places.available_tokens <= 0 and self.waiting >= self._most:
            raise BusyError(too_many(self._most))
        number = next(self._numbers)
        self._wanted.add(number)
        try:
            with fail_after(self._seconds):
                return await while_connected(request, self._carry_out(number, call, places))
        except TimeoutError:
            raise UnavailableError(all_busy(self._seconds)) from None
        finally:
            self._wanted.discard(number)
            if places.borrowed_tokens == 0 and places.statistics().tasks_waiting == 0:
                self._clients.pop(client, None)

    async def _carry_out(self, number: int, call: Call, places: CapacityLimiter) -> bytes | Preview:
        worked, tries, pid = 0.0, 0, self.pid
        async with places:
            while worked < _LONGEST:
                try:
                    answer, seconds = await to_thread.run_sync(self._work_on, number, call, limiter=self._turns)
                except (EOFError, OSError):
                    tries += 1
                    if tries == _TRIES:
                        raise EngineError(_DIED) from None
                    continue
                if isinstance(answer, HTTPException | EngineError):
                    raise answer
                if answer is not None:
                    return answer
                # Another process has begun anew.
                worked, pid = (worked if self.pid == pid else 0.0) + seconds, self.pid
        raise QueryTimeoutError(_TOO_LONG)

    def _work_on(self, number: int, call: Call) -> Result:
        """Have the process work on a call for a slice. Raises EOFError or OSError where it ends meanwhile."""
        process = self._started()
        with self._lock:
            try:
                return process.ask(Slice(number, call, frozenset(self._wanted)), _HANGS)
            except (EOFError, OSError) as error:
                if self._is_closed:
                    raise UnavailableError(CLOSED) from None
                self._ended["time" if isinstance(error, TimeoutError) else "other"] += 1
                process.end()
                raise

    def _started(self) -> "_Process":
        """Return the process, started where there is none, with the things as they are now."""
        with self._lock:
            if self._is_closed:
                raise UnavailableError(CLOSED)
            state = self._site.state
            if self._process is None or not self._process.is_alive():
                if self._process is not None:
                    self._process.end()
                try:
                    self._process = _Process(self._site.names.base)
                except OSError as error:
                    raise EngineError(no_process(error.strerror or str(error))) from error
            if self._process.state != state:
                try:
                    self._process.ask(
                        Data(*(self._site.table(query, JSON_RESULTS) for query in (labels_query(), entities_query()))),
                        _READING,
                    )
                except (EOFError, OSError):
                    self._process.end()
                    raise UnavailableError(CLOSED) if self._is_closed else EngineError(_DIED) from None
                self._process.state = state
            return self._process

    def close(self) -> None:
        """End the process; calls that wait for it raise UnavailableError. May be called more than once."""
        self._is_closed = True
        if self._process is not None:
            self._process.kill()
            with self._lock:
                self._process.end()


class _Process:
    """A worker process; see `worker.main`."""

    def __init__(self, base: str) -> None:
        self.state = ""
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own program
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno()), base, str(_MEMORY)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                # Ctrl-C is for the server, which ends the process when it is done.
                process_group=0,
            )
        self.pid = self._process.pid
        os.setpriority(os.PRIO_PROCESS, self.pid, _NICE)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, message: Data | Slice, seconds: float) -> Result:
        """Return the reply. Raises EOFError or OSError where the process ends, TimeoutError where it hangs."""
        self._pipe.send(message)
        if not self._pipe.poll(seconds):
            raise TimeoutError
        result: Result = self._pipe.recv()
        return result

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._pipe.close()


_TOO_LONG = Bilingual(
    f"The batch was not done after {_LONGEST:g} s. Send fewer queries at once, or with fewer properties.",
    f"El lote no estaba listo a los {_LONGEST:g} s. Envíe menos consultas a la vez, o con menos propiedades.",
)
_DIED = Bilingual(
    "The process of the batch ended before it was done. Try again.",
    "El proceso del lote se cerró antes de terminar. Vuelva a intentarlo.",
)
