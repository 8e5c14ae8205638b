"""The fork server and its workers as the pool sees them."""

import asyncio
import json
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from crmgraph.errors import AnswerError, BusyError, EngineError, LimitError, UnavailableError
from crmgraph.sparql.engine import NOT_THERE, Answer, End
from crmgraph.sparql.messages import QUERY, died, no_process, out_of_memory, too_deep
from crmgraph.sparql.protocol import Frames, Limits, raise_error
from crmgraph.sparql.sandbox import start_process
from crmgraph.sparql.spool import Spool
from crmgraph.wording import Bilingual

__all__ = ["ForkServer", "UntakenError", "WorkerProcess", "why_ended"]

_NICE = 10
_PROC = Path("/proc")
_log = logging.getLogger(__name__)
_ENDING = 5.0
"""Seconds that killed workers may take to let go of their files."""

_STATUS = 2.0
"""Seconds that the fork server may take to tell how a worker ended."""


class UntakenError(Exception):
    """The worker had ended before it read the question, which may be put to another."""


class ForkServer:
    """The process that workers are forked from, see `worker`. `dump` is the store to be held in memory, if any."""

    def __init__(self, dump: Path | None) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = start_process("crmgraph.sparql.worker", dump or "", descriptor=theirs.fileno())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._forked: list[WorkerProcess] = []
        self._workers: dict[int, WorkerProcess] = {}

    def listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have what it says read in this event loop, which is running."""
        self._loop = loop
        loop.add_reader(self._socket.fileno(), self._read)

    def ignore(self) -> None:
        """Have it read no more in the event loop, which is to end."""
        if self._loop is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._loop = None

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.poll() is None

    def fork(self, worker: "WorkerProcess", connection: socket.socket, limits: Limits, in_memory: bool) -> None:
        """Have a worker forked with its end of a connection; `in_memory`, it answers from the dump that was loaded.

        Raises OSError where that cannot be asked.
        """
        message = json.dumps(["" if in_memory else str(worker.store), limits]).encode()
        socket.send_fds(self._socket, [message], [connection.fileno()])
        self._forked.append(worker)

    def close(self) -> None:
        """End the process and all workers."""
        if self._loop is not None and not self._loop.is_closed():
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._loop.remove_reader, self._socket.fileno())
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        deadline = time.monotonic() + _ENDING
        with suppress(ProcessLookupError, PermissionError):
            while time.monotonic() < deadline:
                os.killpg(self._process.pid, 0)
                time.sleep(0.002)
        if self._process.stdin:
            self._process.stdin.close()
        if self._loop is None or self._loop.is_closed():
            self._socket.close()
        else:
            self._loop.call_soon_threadsafe(self._socket.close)

    def _read(self) -> None:
        message = self._socket.recv(65_536)
        if not message:
            # It ended: workers whose end it would have told are never heard of again.
            assert self._loop is not None
            self._loop.remove_reader(self._socket.fileno())
            for worker in (*self._forked, *self._workers.values()):
                worker.ended_with(None)
            return
        said = json.loads(message)
        if "status" in said:
            if said["pid"] in self._workers:
                self._workers.pop(said["pid"]).ended_with(said["status"])
        elif "error" in said:
            self._forked.pop(0).cannot_start(said["error"])
        else:
            worker = self._forked.pop(0)
            worker.pid = said["pid"]
            self._workers[worker.pid] = worker
            if worker.is_over:
                worker.kill()


class WorkerProcess(asyncio.Protocol):
    """A worker with a store open, which answers one question at a time. Its methods are called in the event loop.

    `ready` is done when the store is open; it has an exception where it cannot be opened. `gone` is called when the
    process is of no further use.
    """

    def __init__(self, store: Path, memory: int, gone: Callable[["WorkerProcess"], None]) -> None:
        loop = asyncio.get_running_loop()
        self.store = store
        self.pid = 0
        self.end_reason: End | None = None
        self.is_over = False
        self.cpu = 0.0
        self.ready: asyncio.Future[None] = loop.create_future()
        # Nobody need wait for it.
        self.ready.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._memory = memory
        self._gone = gone
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._reply: asyncio.Future[Answer] | None = None
        self._first = b""
        self._spool: Spool | None = None
        self._status: asyncio.Future[int | None] = loop.create_future()
        self._cpu_before = self._cpu_now = 0.0
        self._slowed = False

    def is_usable(self, store: Path) -> bool:
        """Tell whether it can take another question to this store, as quickly as its first."""
        return not self.is_over and not self._slowed and self.store == store and self._reply is None

    def put(self, frame: bytes) -> asyncio.Future[Answer]:
        """Ask a question that `pack_question` packed; return its answer, to come."""
        assert self._transport is not None
        self._reply = asyncio.get_running_loop().create_future()
        self._cpu_before = self._cpu_now = _processor_time(self.pid) or self._cpu_now
        self.cpu = 0.0
        if self._transport.is_closing():
            # The process has ended, and the event loop is about to tell.
            self._reply.set_exception(UntakenError())
        else:
            self._transport.write(frame)
        return self._reply

    def worked(self) -> float:
        """Return the seconds of processor time that it has spent on the question so far."""
        # Of a process that has ended, what was known last.
        self._cpu_now = _processor_time(self.pid) or self._cpu_now
        return self.cpu or self._cpu_now - self._cpu_before

    def slow_down(self) -> None:
        """Give the process a low priority for the rest of its life, since none can be raised again."""
        if not self._slowed:
            self._slowed = True
            # On Linux each thread has a priority of its own.
            tasks = Path(f"/proc/{self.pid}/task")
            with suppress(OSError):
                for task in [int(each.name) for each in tasks.iterdir()] if tasks.is_dir() else [self.pid]:
                    os.setpriority(os.PRIO_PROCESS, task, _NICE)

    def end(self, reason: End | None, error: AnswerError | None = None) -> None:
        """End the process; whoever waits for an answer gets the error."""
        if self.is_over:
            return
        if self._reply is not None:
            self.worked()
            self.end_reason = reason
            self._settle(error)
        self.kill()
        self._close()

    def kill(self) -> None:
        """Kill the process, if it is known by its id already."""
        if self.pid and not self._status.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def ended_with(self, status: int | None) -> None:
        """Take note of how the process ended; None where nobody knows."""
        if not self._status.done():
            self._status.set_result(status)

    def cannot_start(self, why: str) -> None:
        """Take note that the process could not be started."""
        if not self.ready.done():
            self.ready.set_exception(EngineError(no_process(why)))
        self._close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        # uvloop's is one by its methods only.
        self._transport = cast("asyncio.Transport", transport)
        if self.is_over:
            transport.close()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        for header, body in self._frames.feed(data):
            if "ready" in header:
                self._is_ready(header)
            elif self._reply is not None:
                self.cpu = header["cpu"]
                self._receive(header, body)

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        if not self.is_over:
            self._close()
            if isinstance(error, ConnectionError) and self._reply is not None and not self._reply.done():
                # A socket that is closed with something unread is reset.
                self._reply.set_exception(UntakenError())
            asyncio.get_running_loop().create_task(self._tell_why_ended())

    def _is_ready(self, header: dict[str, Any]) -> None:
        if self.ready.done():
            return
        if header["ready"]:
            self.ready.set_result(None)
        else:
            _log.error("%s cannot be opened: %s", self.store, header["why"])
            self.ready.set_exception(UnavailableError(NOT_THERE))

    def _receive(self, header: dict[str, Any], body: bytes) -> None:
        """Take an answer, an error, or a part of a large answer, which is kept in a temporary file."""
        try:
            raise_error(header)
        except AnswerError as error:
            self._settle(error)
            return
        if header["more"] and self._spool is None:
            self._first, self._spool = body, Spool()
            return
        if self._spool is not None:
            try:
                self._spool.write(body)
            except BusyError as error:
                self.end("other", error)
                return
        if header["more"]:
            return
        answer = Answer(body, header["media_type"], header["form"], header["lasting"])
        if self._spool is not None:
            self._spool.rewind()
            answer = replace(answer, body=self._first, rest=self._spool)
            self._spool = None
        self._settle(answer)

    def _settle(self, result: Answer | AnswerError | None) -> None:
        reply, self._reply = self._reply, None
        if self._spool is not None:
            self._spool.close()
            self._spool = None
        if reply is not None and not reply.done():
            if isinstance(result, Answer):
                reply.set_result(result)
            elif result is None:
                reply.cancel()
            else:
                reply.set_exception(result)

    def _close(self) -> None:
        self.is_over = True
        if self._transport is not None:
            self._transport.close()
        if not self.ready.done():
            self.ready.set_exception(UnavailableError(NOT_THERE))
        self._gone(self)

    async def _tell_why_ended(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._status), _STATUS)
        self._settle(self._why_ended())

    def _why_ended(self) -> AnswerError:
        """Return why the process ended before it was done."""
        status = self._status.result() if self._status.done() else None
        self.end_reason, error = why_ended(status, self._memory)
        return error


def why_ended(status: int | None, memory: int, work: Bilingual = QUERY) -> tuple[End, AnswerError]:
    """Return why a process ended before it was done, by its exit status, and the error that says so.

    `memory` are the bytes that it might use for its work.
    """
    if status == -signal.SIGABRT:
        return "memory", LimitError(out_of_memory(memory, work))
    if status == -signal.SIGSEGV:
        return "nesting", LimitError(too_deep(work))
    return "other", EngineError(died(status, work))


def _processor_time(pid: int) -> float | None:
    """Return the processor time of a process, in seconds; None where it has ended.

    Where the system does not tell, that is the time on the clock.
    """
    if not _PROC.exists():
        return time.monotonic()
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
