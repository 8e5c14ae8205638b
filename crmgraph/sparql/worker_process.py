"""The fork server and its workers as the pool sees them, and the frames in which they talk.

A message is one frame each way: the lengths of a header and of a body (two unsigned 32-bit integers in network order),
the header as JSON, and the body as it is.
"""

import asyncio
import json
import logging
import os
import pickle
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import Any, cast

from crmgraph import errors
from crmgraph.errors import (
    AnswerError,
    Bilingual,
    BusyError,
    EngineError,
    LimitError,
    PlacedError,
    UnavailableError,
    in_language,
)
from crmgraph.sparql.engine import (
    NOT_THERE,
    QUERY,
    Answer,
    End,
    Question,
    Spool,
    no_process,
    out_of_memory,
)
from crmgraph.sparql.sandbox import start_process

_LENGTHS = Struct("!II")

Frame = tuple[dict[str, Any], bytes]
"""The header and the body of a frame."""


def pack(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a frame with this header and body."""
    written = json.dumps(header).encode()
    return b"".join((_LENGTHS.pack(len(written), len(body)), written, body))


class Frames:
    """Cuts received bytes into frames."""

    def __init__(self) -> None:
        self._received = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take more bytes, and yield each frame that is complete."""
        received = self._received
        received += data
        while len(received) >= _LENGTHS.size:
            header, body = _LENGTHS.unpack_from(received)
            start, end = _LENGTHS.size + header, _LENGTHS.size + header + body
            if len(received) < end:
                return
            with memoryview(received) as view:
                frame = json.loads(bytes(view[_LENGTHS.size : start])), bytes(view[start:end])
            del received[:end]
            yield frame


def error_fields(error: AnswerError) -> dict[str, Any]:
    """Return an error as fields of a header, in both languages; `raise_error` raises it again."""
    return {
        "error": type(error).__name__,
        "texts": (in_language(error, "en"), in_language(error, "es")),
        "place": (error.line, error.column) if isinstance(error, PlacedError) else (),
    }


def raise_error(header: Mapping[str, Any]) -> None:
    """Raise the error in a header, if there is one."""
    if "error" in header:
        raise vars(errors)[header["error"]](Bilingual(*header["texts"]), *header["place"])


Limits = tuple[int, int, int]
"""Limits of a worker, in bytes: memory beyond the store, a whole answer, an answer in parts."""

_NICE = 10
_PROC = Path("/proc")
_log = logging.getLogger(__name__)
_ENDING = 5.0
"""Seconds that killed workers may take to let go of their files."""


class UnansweredError(Exception):
    """The worker did not answer the question, which is to be put to another."""


class ForkServer:
    """The process that workers are forked from, see `worker`. `dump` is the store to be held in memory, if any."""

    def __init__(self, dump: Path | None) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = start_process("crmgraph.sparql.worker", dump or "", descriptor=theirs.fileno())

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.poll() is None

    def fork(self, store: Path | None, limits: Limits) -> socket.socket:
        """Have a worker forked with the store in a folder, None for the dump; return our end of its connection.

        Raises EngineError where that cannot be asked.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._socket, [json.dumps([str(store or ""), limits]).encode()], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise EngineError(no_process(error.strerror or str(error))) from error
        return ours

    def close(self) -> None:
        """End the process and all workers."""
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
        self._socket.close()


class WorkerProcess(asyncio.Protocol):
    """A worker with a store open, which answers one question at a time. Its methods are called in the event loop.

    `end_reason` says why it ended where it was at work.
    """

    def __init__(self, store: Path, memory: int) -> None:
        self.store = store
        self.pid = 0
        self.end_reason: End | None = None
        self._is_ready = self._is_at_work = self._is_slowed = self.is_over = False
        self._memory = memory
        self._frames = Frames()
        self._received: asyncio.Queue[Frame | Exception] = asyncio.Queue()
        self._transport: asyncio.Transport | None = None
        self._status: int | None = None
        # Processor time: what the worker says of the question, and of the process before the question and at last.
        self._cpu = self._cpu_before = self._cpu_now = 0.0

    def is_usable(self, store: Path) -> bool:
        """Tell whether it can take another question to this store, as quickly as its first."""
        return self.store == store and not (self.is_over or self._is_at_work or self._is_slowed)

    async def ready(self) -> None:
        """Wait until the store is open. Raises UnavailableError where it cannot be, EngineError without a process."""
        header, _ = await self._next()
        self.pid = header["pid"]
        await self._next()
        self._is_ready = True

    async def ask(self, question: Question, seconds: float, in_parts: bool) -> Answer:
        """Return the answer to a question; of a large one all but the first part is in a temporary file.

        Raises the errors below AnswerError, that with which `end` is called, and UnansweredError where the process had
        ended before it read the question.
        """
        assert self._transport is not None
        if self._transport.is_closing():
            # The process has ended, and the event loop is about to tell.
            raise UnansweredError
        self._is_at_work = True
        self._cpu = 0.0
        self._cpu_before = self._cpu_now = _processor_time(self.pid) or self._cpu_now
        self._transport.write(pack({}, pickle.dumps((question, seconds, in_parts))))
        header, body = await self._next()
        rest = await self._rest() if header["more"] else None
        return Answer(body, header["media_type"], header["form"], header["lasting"], rest)

    async def _rest(self) -> Spool:
        """Return the parts of an answer behind the first. Raises BusyError where there is no room for them."""
        rest = Spool()
        try:
            while self._is_at_work:
                _, part = await self._next()
                rest.write(part)
        except BaseException as error:
            rest.close()
            if isinstance(error, BusyError):
                self.end()
            raise
        rest.rewind()
        return rest

    def worked(self) -> float:
        """Return the seconds of processor time that it has spent on the question so far."""
        # Of a process that has ended, what was known last.
        self._cpu_now = _processor_time(self.pid) or self._cpu_now
        return self._cpu or self._cpu_now - self._cpu_before

    def slow_down(self) -> None:
        """Give the process a low priority for the rest of its life, since none can be raised again."""
        if not self._is_slowed:
            self._is_slowed = True
            # On Linux each thread has a priority of its own.
            tasks = _PROC / str(self.pid) / "task"
            with suppress(OSError):
                for task in [int(each.name) for each in tasks.iterdir()] if tasks.is_dir() else [self.pid]:
                    os.setpriority(os.PRIO_PROCESS, task, _NICE)

    def end(self, reason: End = "other", error: Exception | None = None) -> None:
        """End the process; whoever waits for an answer gets the error."""
        if self.is_over:
            return
        if self._is_at_work:
            self.worked()
            self.end_reason = reason
        if error is not None:
            self._received.put_nowait(error)
        self.is_over = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()
            # One whose id is not known yet ends by itself, when it finds its connection closed.
            if self.pid:
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        # uvloop's is one by its methods only.
        self._transport = cast("asyncio.Transport", transport)
        if self.is_over:
            transport.close()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        for header, body in self._frames.feed(data):
            if "status" in header:
                self._status = header["status"]
            else:
                self._received.put_nowait((header, body))

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        reason, why = why_ended(self._status, self._memory)
        if not self._is_ready:
            self.end(reason, UnavailableError(NOT_THERE))
        elif isinstance(error, ConnectionError):
            # A socket that is closed with something unread is reset.
            self._is_at_work = False
            self.end(reason, UnansweredError())
        else:
            self.end(reason, why)

    async def _next(self) -> Frame:
        """Return the next frame. Raises the error that it holds, or why there is none."""
        received = await self._received.get()
        if isinstance(received, Exception):
            raise received
        header, _ = received
        self._is_at_work = header.get("more", False)
        self._cpu = header.get("cpu", 0.0)
        if "why" in header:
            _log.error("%s cannot be opened: %s", self.store, header["why"])
        raise_error(header)
        return received


def why_ended(status: int | None, memory: int, work: Bilingual = QUERY) -> tuple[End, AnswerError]:
    """Return why a process ended before it was done, by its exit status, and the error that says so.

    `memory` are the bytes that it might use for its work.
    """
    if status == -signal.SIGABRT:
        return "memory", LimitError(out_of_memory(memory, work))
    if status == -signal.SIGSEGV:
        return "nesting", LimitError(
            Bilingual(
                f"The {work} is too deeply nested for the engine. Write it in fewer or shorter parts.",
                f"La {work.spanish} tiene demasiados niveles de anidamiento para el motor. Escríbala en menos partes o "
                "en partes más cortas.",
            )
        )
    return "other", EngineError(
        Bilingual(
            f"The process of the {work} ended before it was done (status {status}). Try again.",
            f"El proceso de la {work.spanish} se cerró antes de terminar (estado {status}). Vuelva a intentarlo.",
        )
    )


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
