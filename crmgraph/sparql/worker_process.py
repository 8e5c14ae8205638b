"""The pool's handles for the fork server and of the worker processes, and the format of the messages between them.

Each message is one frame: the lengths of header and body (two unsigned 32-bit integers in network byte order), the
header as JSON, and the body as bytes.
"""

import asyncio
import json
import logging
import os
import pickle
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import Any, cast

from crmgraph.errors import (
    EngineError,
    UnavailableError,
)
from crmgraph.sparql.engine import (
    DATASET_MISSING,
    Answer,
    EndReason,
    Notice,
    Question,
    Spool,
    no_process_message,
)
from crmgraph.sparql.processes import explain_end, raise_error_in, start_process

_LENGTHS = Struct("!II")

Frame = tuple[dict[str, Any], bytes]
"""The header and the body of a frame."""


def pack_frame(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a frame with this header and body."""
    written = json.dumps(header).encode()
    return b"".join((_LENGTHS.pack(len(written), len(body)), written, body))


class FrameDecoder:
    """A decoder that splits a stream of received bytes into frames."""

    def __init__(self) -> None:
        self._received = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Add received bytes, and yield each frame that is now complete."""
        received = self._received
        received += data
        while len(received) >= _LENGTHS.size:
            header, body = _LENGTHS.unpack_from(received)
            start, end = _LENGTHS.size + header, _LENGTHS.size + header + body
            if len(received) < end:
                return
            with memoryview(received) as view:
                frame = json.loads(str(view[_LENGTHS.size : start], "ascii")), bytes(view[start:end])
            del received[:end]
            yield frame


class UnansweredError(Exception):
    """The worker ended before it answered the question, so that the question must be given to another worker."""


Frames = asyncio.Queue[Frame | Exception]
"""The frames that a worker sends for a question, and at last the error with which it ended, if it did."""


async def receive_answer(frames: Frames) -> Answer:
    """Return the answer to a question. If it comes in parts, all but the first are in its `rest`.

    Raises an AnswerError if the worker reports one, BusyError if there is no disk space for the parts, the error given
    to `WorkerProcess.end`, or UnansweredError if the process had ended before it read the question.
    """
    header, body = await _next_frame(frames)
    rest = await _receive_rest(frames) if header["more"] else None
    notices = tuple(Notice(*each) for each in header["notices"])
    return Answer(body, header["media_type"], header["form"], header["is_deterministic"], rest, notices=notices)


async def _receive_rest(frames: Frames) -> Spool:
    """Receive all parts of an answer after the first."""
    rest, more = Spool(), True
    try:
        while more:
            header, part = await _next_frame(frames)
            rest.write(part)
            more = header["more"]
    except BaseException:
        rest.close()
        raise
    rest.rewind()
    return rest


async def _next_frame(frames: Frames) -> Frame:
    """Wait for the next frame and return it. Raises the error in its header, or the error given to `end`."""
    received = await frames.get()
    if isinstance(received, Exception):
        raise received
    raise_error_in(received[0])
    return received


Limits = tuple[int, int, int]
"""The limits of a worker in bytes: memory beyond the store, size of a whole answer, size of an answer in parts."""

_LOW_PRIORITY = 10
_PROC = Path("/proc")
_log = logging.getLogger(__name__)
_KILL_WAIT = 5000
"""Milliseconds to wait for killed workers to close their files."""


class ForkServer:
    """A process from which workers are forked (see the module `worker`).

    If `dump` is given, an N-Quads file, the process loads it into memory and the workers share it.
    """

    def __init__(self, dump: Path | None) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = start_process("crmgraph.sparql.worker", dump or "", descriptor=theirs.fileno())

    def is_alive(self) -> bool:
        """Return whether the process is running."""
        return self._process.poll() is None

    def fork(self, store: Path | None, limits: Limits) -> socket.socket:
        """Request a new worker, and return the pool's end of the connection to it.

        The worker answers from the store in the folder `store`, or from the loaded dump if `store` is None. Raises
        EngineError if the request cannot be sent.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._socket, [json.dumps([str(store or ""), limits]).encode()], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise EngineError(no_process_message(error.strerror or str(error))) from error
        return ours

    def close(self) -> None:
        """End the process and all workers."""
        with self._process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            # The pipe of standard input has no reader left when all have ended. The process group may stay, as zombies:
            # a container without an init process never reaps orphans.
            readers = select.poll()
            assert self._process.stdin is not None
            readers.register(self._process.stdin, 0)
            readers.poll(_KILL_WAIT)
        self._socket.close()


class WorkerProcess(asyncio.Protocol):
    """The pool's handle for a worker process, which has a store open and answers one question at a time.

    All methods must be called in the event loop.

    Attributes:
        store: Folder of the store.
        pid: Id of the process; 0 until it has started.
        end_reason: Why the process ended, if it ended during a question; else None.
        has_ended: Whether the process has ended or is being killed.
    """

    def __init__(self, store: Path, memory: int) -> None:
        self.store = store
        self.pid = 0
        self.end_reason: EndReason | None = None
        self._is_ready = self._is_at_work = self._has_low_priority = self.has_ended = False
        self._memory = memory
        self._frames = FrameDecoder()
        self._received = Frames()
        self._when_done: Callable[[], None] = lambda: None
        self._transport: asyncio.Transport | None = None
        self._status: int | None = None
        # Processor time of the process in seconds: before the question, and when it was last known; when it was asked.
        self._cpu_before = self._cpu_now = self._asked_at = 0.0

    def is_usable(self, store: Path) -> bool:
        """Return whether the worker is idle, has this store open and runs at normal priority."""
        # The process may have ended, and the event loop be about to call `connection_lost`.
        is_open = self._transport is not None and not self._transport.is_closing()
        is_idle = not (self.has_ended or self._is_at_work or self._has_low_priority)
        return self.store == store and is_open and is_idle

    async def wait_until_ready(self) -> None:
        """Wait until the store is open. Raises UnavailableError if that fails, EngineError if the fork failed."""
        header, _ = await _next_frame(self._received)
        self.pid = header["pid"]
        await _next_frame(self._received)
        self._is_ready = True

    def send(self, question: Question, seconds: float, in_parts: bool, when_done: Callable[[], None]) -> Frames:
        """Send a question to the process, and return what will have the answer (see `receive_answer`).

        `when_done` is called when the last frame of the answer arrives.
        """
        assert self._transport is not None
        self._is_at_work, self._received, self._when_done = True, Frames(), when_done
        self._cpu_before, self._asked_at = self._cpu_now, time.monotonic()
        self._transport.write(pack_frame({}, pickle.dumps((question, seconds, in_parts))))
        return self._received

    def cpu_seconds(self) -> float:
        """Return the processor time that the worker has spent on the current question so far, in seconds."""
        if self._is_at_work:
            # The system counts in steps of 10 ms. On systems without /proc, the wall-clock time counts.
            passed = time.monotonic() - self._asked_at
            now = _processor_time(self.pid) if _PROC.exists() else self._cpu_before + passed
            self._cpu_now = max(now, self._cpu_now)
        return self._cpu_now - self._cpu_before

    def lower_priority(self) -> None:
        """Give the process low priority, for good, since an unprivileged process cannot raise its priority again."""
        if not self._has_low_priority:
            self._has_low_priority = True
            # On Linux each thread has a priority of its own.
            tasks = _PROC / str(self.pid) / "task"
            with suppress(OSError):
                for task in [int(each.name) for each in tasks.iterdir()] if tasks.is_dir() else [self.pid]:
                    os.setpriority(os.PRIO_PROCESS, task, _LOW_PRIORITY)

    def end(self, reason: EndReason = "other", error: Exception | None = None) -> None:
        """Kill the process for this reason; a pending `ask` or `wait_until_ready` raises the `error`, if given."""
        if self.has_ended:
            return
        if self._is_at_work:
            self.cpu_seconds()
            self.end_reason = reason
        if error is not None:
            self._received.put_nowait(error)
        self.has_ended = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            # A worker whose id is not known yet ends by itself, when it finds its connection closed.
            if self.pid:
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        # uvloop's transport has the methods of asyncio.Transport but is no subclass.
        self._transport = cast("asyncio.Transport", transport)
        if self.has_ended:
            transport.close()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        for header, body in self._frames.feed(data):
            if "status" in header:
                self._status = header["status"]
                continue
            if "why" in header:
                _log.error("%s cannot be opened: %s", self.store, header["why"])
            self._is_at_work = header.get("more", False)
            self._cpu_now = header.get("cpu", self._cpu_now)
            self._received.put_nowait((header, body))
            if not self._is_at_work:
                self._when_done()

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        reason, why = explain_end(self._status, self._memory)
        if not self._is_ready:
            self.end(reason, UnavailableError(DATASET_MISSING))
        elif isinstance(error, ConnectionError):
            # A socket that the worker closes with a question unread is reset.
            self._is_at_work = False
            self.end(reason, UnansweredError())
        else:
            self.end(reason, why)


def _processor_time(pid: int) -> float:
    """Return the processor time of a process in seconds, from /proc; 0 if it has ended."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
