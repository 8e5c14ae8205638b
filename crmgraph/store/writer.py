"""The writer of a store: makes changes one after another, and records each on the disk before it confirms it."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import Event, Lock, Timer
from typing import Any

from crmgraph.errors import Bilingual, EngineError, QueryTimeoutError, StorageError, UnavailableError
from crmgraph.namespaces import Names
from crmgraph.sparql.engine import EndReason, Limit, timeout_message
from crmgraph.sparql.pool import Pool
from crmgraph.sparql.processes import ChildProcess
from crmgraph.store.changes import (
    Change,
    Writer,
    carry_out,
    check_plans,
    storage_error,
    with_nothing_changed,
)
from crmgraph.store.dataset import write_dump
from crmgraph.store.generations import AuditLog, Generations

_log = logging.getLogger(__name__)

_MAX_UPDATE_LOGGED = 10_000
"""The largest update, in bytes, whose full text the audit log contains."""

_CLOSE_TIMEOUT = 10.0
"""Seconds that `close` waits for a change that is nearly complete."""

_RECHECK_INTERVAL = 0.2
"""Seconds until an old generation that is still in use is checked again."""


class StoreWriter(AbstractContextManager["StoreWriter"]):
    """Writes to the store in `generations`, and makes the `pool` answer from the new data. Thread-safe.

    Changes are made one after another in a worker process that may use `memory` bytes. With `names`, the writer checks
    the plans that a change affects, and refuses a change that introduces a violation. Raises UsageError if another
    process writes to the store.
    """

    def __init__(
        self,
        generations: Generations,
        pool: Pool,
        memory: int,
        names: Names | None = None,
    ) -> None:
        self._generations = generations
        self._pool = pool
        self._names = names
        self._audit = AuditLog(generations.folder)
        self._write_lock, self._dump_lock, self._removal_lock = Lock(), Lock(), Lock()
        self._dump_source: Path | None = None
        self._is_closed = False
        self._process = ChildProcess("crmgraph.store.changes", memory, _WRITING)
        self._dump_process = ChildProcess("crmgraph.store.dataset", memory, _COPYING)
        self._store_lock = ExitStack()
        self._store_lock.enter_context(generations.lock())
        pool.move_to(generations.path, generations.state)
        generations.remove_proposed()
        self._remove_old_generations()
        last = self._audit.last
        if last.get("generation", 0) == generations.number + 1 and "undone" not in last:
            # That write was interrupted before its generation became the current one.
            self._audit.add(generation=last["generation"], undone=True)

    @property
    def digest(self) -> str:
        """An identifier of the current data, which every write changes."""
        return self._pool.digest

    @property
    def end_counts(self) -> Mapping[EndReason, int]:
        """The number of worker processes that ended while they made a change, by reason."""
        return dict(self._process.end_counts)

    def write(
        self,
        change: Change,
        writer: Writer,
        seconds: float,
        request: str = "",
        cancel_event: Event | None = None,
    ) -> bool:
        """Make a change in at most `seconds`, and return whether its graph existed before (True for an update).

        On return, the change is on the disk and visible to queries. After an error, nothing has changed. `request` is
        the id of the request for the audit log; `cancel_event` is set when the client disconnects. All errors are
        subclasses of AnswerError:

            WriteRefusedError: the change would introduce a violation in a plan.
            QueryTimeoutError: the change took longer than `seconds`.
            UnavailableError: other changes took all the time, or the writer is closed.
            StorageError: the disk is full.
            EngineError: the client disconnected, or the worker process failed.
            Any other: see `carry_out`.
        """
        limit = Limit(seconds, cancel_event=cancel_event)
        generations = self._generations
        busy = Bilingual(
            f"Others were writing for {seconds:g} s. Nothing was changed; send it again later.",
            f"Otros estuvieron escribiendo durante {seconds:g} s. No se cambió nada; vuelva a enviarlo más tarde.",
        )
        with limit.hold(self._write_lock, busy):
            try:
                with generations.propose() as proposed:
                    before = generations.path
                    existed: bool = self._run_task(limit, _WRITE_LESS, carry_out, change, before, proposed, writer)
                    if change.kind == "delete" and not existed:
                        generations.remove_proposed()
                        return existed
                    if self._names is not None:
                        self._run_task(limit, _CHECK_TOOK_LONG, check_plans, before, proposed, self._names)
                    known = {"generation": generations.number + 1, "writer": writer.name, "request": request}
                    self._audit.add(**known, **_audit_entry(change))
                    generations.adopt()
            except OSError as error:
                raise storage_error(error) from error
            self._pool.move_to(generations.path, generations.state)
            self._remove_old_generations()
            return existed

    def _run_task(self, limit: Limit, advice: Bilingual, task: Callable[..., object], *arguments: object) -> Any:
        """Return the result of a task in the worker process; the message of an error adds that nothing was changed."""
        try:
            return self._process.run(
                limit, task, *arguments, timeout_message=timeout_message(limit.seconds, _WRITING, advice)
            )
        except UnavailableError:
            raise UnavailableError(
                Bilingual(
                    "The server is being stopped. Nothing was changed; send it again later.",
                    "El servidor se está deteniendo. No se cambió nada; vuelva a enviarlo más tarde.",
                )
            ) from None
        except (EngineError, QueryTimeoutError) as error:
            raise with_nothing_changed(error) from None

    def dump(self, seconds: float) -> Path:
        """Return a file of compressed N-Quads with all current data; the file is made only once for each generation.

        All errors are subclasses of AnswerError: QueryTimeoutError after `seconds`, StorageError if the disk is full,
        and UnavailableError if another dump took all the time.
        """
        limit = Limit(seconds)
        with limit.hold(self._dump_lock, _DUMP_BUSY):
            # Keeps this generation from being removed while the dump reads it, even after a newer one is current.
            with self._removal_lock:
                self._dump_source = store = self._generations.path
            file = self._generations.folder / f"dump-{store.name}.nq.gz"
            try:
                if not file.is_file():
                    self._dump_process.run(
                        limit, write_dump, store, file, timeout_message=timeout_message(seconds, _COPYING, _TRY_LATER)
                    )
                return file
            except StorageError as error:
                _log.error("%s: %s", file, error)
                raise
            finally:
                self._dump_process.end()
                file.with_suffix(".unfinished").unlink(missing_ok=True)
                self._dump_source = None
                self._remove_old_generations()

    def close(self) -> None:
        """End the worker processes and release the write lock of the store. May be called more than once.

        A change in progress ends with the error that nothing was changed, unless it is nearly complete.
        """
        with self._removal_lock:
            self._is_closed = True
        self._process.close()
        self._dump_process.close()
        if self._write_lock.acquire(timeout=_CLOSE_TIMEOUT):
            self._write_lock.release()
        self._store_lock.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _remove_old_generations(self) -> None:
        """Remove the old generations that nothing reads; check again later for those that are still in use."""
        is_left = False
        with self._removal_lock:
            if self._is_closed:
                # The next writer removes them; the folder may be gone.
                return
            # A generation with a higher number than the current one is still being made.
            for generation in [each for each in self._generations.other_generations() if each < self._generations.path]:
                if generation == self._dump_source or self._pool.has_open_store(generation):
                    is_left = True
                else:
                    self._generations.remove(generation)
        if is_left:
            later = Timer(_RECHECK_INTERVAL, self._remove_old_generations)
            later.daemon = True
            later.start()


def _audit_entry(change: Change) -> dict[str, object]:
    """Return the audit log entry of a change: the operation, its size and digest, and a short update as text."""
    is_update = change.graph is None
    body = change.parts[0] if is_update else b"".join(change.parts)
    text = {"update": body.decode(errors="replace")} if len(body) <= _MAX_UPDATE_LOGGED else {}
    return {
        "operation": change.kind,
        "bytes": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        **(text if is_update else {"graph": change.graph}),
    }


_WRITING = Bilingual("write", "escritura")
_COPYING = Bilingual("copy", "copia")
_WRITE_LESS = Bilingual(
    "Write less at a time; whoever runs the service can raise its time limit.",
    "Escriba menos a la vez; quien administra el servicio puede ampliar el límite de tiempo.",
)
_CHECK_TOOK_LONG = Bilingual(
    "It was the check of the plan that took the time, however little is written: whoever runs the service can raise "
    "`timeout`, or have plans not checked by `--no-check-writes`.",
    "Fue la comprobación del plan lo que llevó el tiempo, por poco que se escriba: quien administra el servicio puede "
    "ampliar `timeout`, o no comprobar los planes con `--no-check-writes`.",
)
_TRY_LATER = Bilingual("Try again later.", "Vuelva a intentarlo más tarde.")
_DUMP_BUSY = Bilingual(
    "Others are waiting for the same file. Try again later.",
    "Otros están esperando el mismo archivo. Vuelva a intentarlo más tarde.",
)
