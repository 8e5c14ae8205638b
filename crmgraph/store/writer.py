"""The writer of a store: takes one change after another, and answers for each that it will not be forgotten."""

import hashlib
import logging
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock, Timer
from typing import Any, Self

from crmgraph.errors import AnswerError, Bilingual, EngineError, QueryTimeoutError, StorageError, UnavailableError
from crmgraph.federation.fetching import Fetcher
from crmgraph.namespaces import Names
from crmgraph.sparql import Pool
from crmgraph.sparql.child_process import ChildProcess
from crmgraph.sparql.engine import EndReason, Limit, timeout_message
from crmgraph.store.access_control import Writer
from crmgraph.store.changes import Change, Outcome, carry_out, check_plans, loads_of, not_made, unwritable
from crmgraph.store.dataset import write_dump
from crmgraph.store.generations import Audit, Generations
from crmgraph.store.updates import Load, documents_of

_log = logging.getLogger(__name__)

_LONGEST = 10_000
"""Bytes of the longest update whose text is in the record."""

_PATIENCE = 10.0
"""Seconds that a change which is made already may take to count, when the writer is closed."""

_SOON = 0.2
"""Seconds after which a generation is looked at again that somebody still reads."""


class StoreWriter:
    """Writes to the store in `generations`, and has a pool answer from what it has written.

    Changes are made one after another in a process of their own, in `memory` bytes at most. Where there are `names`,
    plans whose graphs they name are checked, and a change that would break one is refused. LOAD fetches by
    the `fetcher`, where there is one. Raises UsageError where another process writes to the store.
    """

    def __init__(
        self,
        generations: Generations,
        pool: Pool,
        memory: int,
        names: Names | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        self._generations = generations
        self._fetcher = fetcher
        self._pool = pool
        self._names = names
        self._audit = Audit(generations.folder)
        self._turn, self._loading, self._dumping, self._removing = Lock(), Lock(), Lock(), Lock()
        self._dumped: Path | None = None
        self._is_closed = False
        self._process = ChildProcess("crmgraph.store.changes", memory, _WRITE)
        self._dump_process = ChildProcess("crmgraph.store.dataset", memory, _COPY)
        self._held = ExitStack()
        self._held.enter_context(generations.held())
        pool.move_to(generations.path, generations.state)
        generations.drop()
        self._clear()
        last = self._audit.last()
        if last.get("generation", 0) == generations.number + 1 and "undone" not in last:
            # That write was broken off before it counted.
            self._audit.add(generation=last["generation"], undone=True)

    @property
    def digest(self) -> str:
        """The name of the data as they are now; after a write it is another one."""
        return self._pool.digest

    @property
    def end_counts(self) -> Mapping[EndReason, int]:
        """The number of processes that were ended while they wrote, by reason."""
        return dict(self._process.end_counts)

    def write(
        self,
        change: Change,
        writer: Writer,
        seconds: float,
        request: str = "",
        gone: Event | None = None,
    ) -> Outcome:
        """Make a change, in at most `seconds`. Safe in several threads.

        When this returns, the change is on the disk and whoever asks the pool sees it; where it raises, nothing has
        changed. Raises the errors below AnswerError: those of the change, WriteRefusedError where it breaks a plan,
        QueryTimeoutError, UnavailableError where others were writing until then or the writer is closed, StorageError
        where the disk takes no more, EngineError where `gone` was set.
        """
        limit = Limit(seconds, gone=gone)
        if self._fetcher is None or change.kind != "update" or b"load" not in change.parts[0].lower():
            return self._write(change, writer, limit, request)
        # What is fetched is held in memory until it is written, so this goes one by one, and others write meanwhile.
        with limit.hold(self._loading, _others_write(seconds)):
            with limit.hold(self._turn, _others_write(seconds)):
                loads = [Load(*each) for each in self._run(limit, _ADVICE, loads_of, change, writer)]
            try:
                documents = documents_of(loads, self._fetcher, limit)
            except AnswerError as error:
                raise not_made(error) from None
            return self._write(replace(change, loaded=documents), writer, limit, request)

    def _write(self, change: Change, writer: Writer, limit: Limit, request: str) -> Outcome:
        generations = self._generations
        with limit.hold(self._turn, _others_write(limit.seconds)):
            try:
                with generations.proposed() as proposed:
                    before = generations.path
                    outcome = Outcome(*self._run(limit, _ADVICE, carry_out, change, before, proposed, writer))
                    if change.kind == "delete" and not outcome.existed:
                        generations.drop()
                        return outcome
                    if self._names is not None:
                        self._run(limit, _ADVICE_ON_CHECKS, check_plans, before, proposed, self._names)
                    known = {"generation": generations.number + 1, "writer": writer.name, "request": request}
                    self._audit.add(**known, **_entry(change, outcome))
                    generations.adopt()
            except OSError as error:
                raise unwritable(error) from error
            self._pool.move_to(generations.path, generations.state)
            self._clear()
            return outcome

    def _run(self, limit: Limit, advice: Bilingual, task: Callable[..., object], *arguments: object) -> Any:
        """Return the result of a task of the process that writes; each of its own errors says that nothing changed."""
        try:
            return self._process.run(
                limit, task, *arguments, timeout_message=timeout_message(limit.seconds, _WRITE, advice)
            )
        except UnavailableError:
            raise UnavailableError(
                Bilingual(
                    "The server is being stopped. Nothing was changed; send it again later.",
                    "El servidor se está deteniendo. No se cambió nada; vuelva a enviarlo más tarde.",
                )
            ) from None
        except (EngineError, QueryTimeoutError) as error:
            raise not_made(error) from None

    def dump(self, seconds: float) -> Path:
        """Return a file with all that there is now: N-Quads, compressed, made where there is none yet.

        Raises the errors below AnswerError: QueryTimeoutError, StorageError where the disk takes no more,
        UnavailableError where others were waiting for it until then.
        """
        limit = Limit(seconds)
        with limit.hold(self._dumping, _OTHERS_DUMP):
            # The generation may be read when it does not count any more, so it stays until then.
            with self._removing:
                self._dumped = store = self._generations.path
            file = self._generations.folder / f"dump-{store.name}.nq.gz"
            try:
                if not file.is_file():
                    self._dump_process.run(
                        limit, write_dump, store, file, timeout_message=timeout_message(seconds, _COPY, _LATER)
                    )
                return file
            except StorageError as error:
                _log.error("%s: %s", file, error)
                raise
            finally:
                self._dump_process.end()
                file.with_suffix(".unfinished").unlink(missing_ok=True)
                self._dumped = None
                self._clear()

    def close(self) -> None:
        """End the process and let others write. May be called more than once.

        Whoever is writing is told that nothing was changed, unless their change was made already.
        """
        self._is_closed = True
        if self._fetcher is not None:
            self._fetcher.close()
        self._process.close()
        self._dump_process.close()
        if self._turn.acquire(timeout=_PATIENCE):
            self._turn.release()
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _clear(self) -> None:
        """Remove the generations that nobody reads any more; those that somebody reads, as soon as nobody does."""
        is_left = False
        with self._removing:
            # Those behind the one that counts are being made.
            for generation in [each for each in self._generations.others() if each < self._generations.path]:
                if generation == self._dumped or self._pool.has_open_store(generation):
                    is_left = True
                else:
                    shutil.rmtree(generation, ignore_errors=True)
        if is_left and not self._is_closed:
            later = Timer(_SOON, self._clear)
            later.daemon = True
            later.start()


def _entry(change: Change, outcome: Outcome) -> dict[str, object]:
    """Return what the record has of a change: all of it where that is short, and its digest."""
    is_update = change.graph is None
    body = change.parts[0] if is_update else b"".join(change.parts)
    entry: dict[str, object] = {"operation": change.kind, **_known_by(body)}
    if not is_update:
        entry["graph"] = change.graph
    elif len(body) <= _LONGEST:
        entry["update"] = body.decode(errors="replace")
    documents = zip(change.loaded or (), outcome.loaded, strict=False)
    loaded = [{"from": each.url, **_known_by(each.body)} for each, is_done in documents if each and is_done]
    return entry | ({"loaded": loaded} if loaded else {})


def _known_by(body: bytes) -> dict[str, object]:
    return {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def _others_write(seconds: float) -> Bilingual:
    return Bilingual(
        f"Others were writing for {seconds:g} s. Nothing was changed; send it again later.",
        f"Otros estuvieron escribiendo durante {seconds:g} s. No se cambió nada; vuelva a enviarlo más tarde.",
    )


_WRITE = Bilingual("write", "escritura")
_COPY = Bilingual("copy", "copia")
_ADVICE = Bilingual(
    "Write less at a time; whoever runs the service can raise its time limit.",
    "Escriba menos a la vez; quien administra el servicio puede ampliar el límite de tiempo.",
)
_ADVICE_ON_CHECKS = Bilingual(
    "It was the check of the plan that took the time, however little is written: whoever runs the service can raise "
    "`timeout`, or have plans not checked by `--no-check-writes`.",
    "Fue la comprobación del plan lo que llevó el tiempo, por poco que se escriba: quien administra el servicio puede "
    "ampliar `timeout`, o no comprobar los planes con `--no-check-writes`.",
)
_LATER = Bilingual("Try again later.", "Vuelva a intentarlo más tarde.")
_OTHERS_DUMP = Bilingual(
    "Others are waiting for the same file. Try again later.",
    "Otros están esperando el mismo archivo. Vuelva a intentarlo más tarde.",
)
