"""The writer of a store: takes one change after another, and answers for each that it will not be forgotten."""

import hashlib
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import Self

from crmgraph.namespaces import Names
from crmgraph.sparql import Pool
from crmgraph.sparql.engine import End, Limit
from crmgraph.store.access_control import Writer
from crmgraph.store.audit import Audit
from crmgraph.store.changes import Change, Outcome, unwritable
from crmgraph.store.dump import Dumps
from crmgraph.store.generations import Generations
from crmgraph.store.loading import Loader
from crmgraph.store.writer_process import WriterProcess
from crmgraph.wording import Bilingual

__all__ = ["StoreWriter"]


_LONGEST = 10_000
"""Bytes of the longest update whose text is in the record."""

_PATIENCE = 10.0
"""Seconds that a change which is made already may take to count, when the writer is closed."""


class StoreWriter:
    """Writes to the store in `generations`, and has a pool answer from what it has written.

    Changes are made one after another in a process of their own, in `memory` bytes at most. Where there are `names`,
    plans whose graphs they name are checked, and a change that would break one is refused. LOAD fetches by the
    `loader`, where there is one. Raises UsageError where another process writes to the store.
    """

    def __init__(
        self,
        generations: Generations,
        pool: Pool,
        memory: int,
        names: Names | None = None,
        loader: Loader | None = None,
    ) -> None:
        self._generations = generations
        self._loader = loader
        self._pool = pool
        self._names = names
        self._audit = Audit(generations.folder)
        self._turn = Lock()
        self._loading = Lock()
        self._dumps = Dumps(generations.folder)
        self._dumped: Counter[Path] = Counter()
        self._removing = Lock()
        self._process = WriterProcess(memory)
        self._held = ExitStack()
        self._held.enter_context(generations.held())
        pool.move_to(generations.path, generations.state)
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
    def ended(self) -> Mapping[End, int]:
        """The number of processes that were ended while they wrote, by reason."""
        return dict(self._process.ended)

    def write(
        self,
        change: Change,
        writer: Writer,
        seconds: float,
        request: str = "",
        gone: Event | None = None,
        since: float | None = None,
    ) -> Outcome:
        """Make a change, in at most `seconds`, from `since` on the clock of time.monotonic. Safe in several threads.

        When this returns, the change is on the disk and whoever asks the pool sees it; where it raises, nothing has
        changed. Raises the errors below AnswerError: those of the change, QueryTimeoutError, UnavailableError where
        others were writing until then or the writer is closed, StorageError where the disk takes no more, EngineError
        where `gone` was set.
        """
        limit = Limit(seconds, time.monotonic() if since is None else since, gone)
        if self._loader is None or change.kind != "update" or b"load" not in change.parts[0].lower():
            return self._write(change, writer, limit, request)
        # What is fetched is held in memory until it is written, so this goes one by one, and others write meanwhile.
        with limit.held(self._loading, _others_write(seconds)):
            with limit.held(self._turn, _others_write(seconds)):
                loads = self._process.loads_of(change, writer, limit)
            return self._write(self._loader.fetched(change, loads, limit), writer, limit, request)

    def _write(self, change: Change, writer: Writer, limit: Limit, request: str) -> Outcome:
        generations = self._generations
        with limit.held(self._turn, _others_write(limit.seconds)):
            try:
                with generations.proposed() as proposed:
                    outcome = self._process.carry_out(change, generations.path, proposed, writer, self._names, limit)
                    if change.kind == "delete" and not outcome.existed:
                        generations.drop()
                        return replace(outcome, generation=generations.number)
                    number = generations.number + 1
                    self._audit.add(generation=number, writer=writer.name, request=request, **_entry(change, outcome))
                    generations.adopt()
            except OSError as error:
                raise unwritable(error) from error
            self._pool.move_to(generations.path, generations.state)
            self._clear()
            return replace(outcome, generation=number)

    def dump(self, seconds: float) -> Path:
        """Return a file with all that there is now: N-Quads, compressed. Raises the errors below AnswerError."""
        # The generation may be read when it does not count any more, so it stays until then.
        with self._removing:
            generation = self._generations.path
            self._dumped[generation] += 1
        try:
            return self._dumps.file(generation, generation.name, seconds)
        finally:
            with self._removing:
                self._dumped[generation] -= 1

    def close(self) -> None:
        """End the process and let others write. May be called more than once.

        Whoever is writing is told that nothing was changed, unless their change was made already.
        """
        if self._loader is not None:
            self._loader.close()
        self._process.close()
        if self._turn.acquire(timeout=_PATIENCE):
            self._process.end()
            self._turn.release()
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _clear(self) -> None:
        """Remove the generations that nobody reads any more."""
        with self._removing:
            for generation in self._generations.others():
                if not self._pool.serves(generation) and not self._dumped[generation]:
                    shutil.rmtree(generation, ignore_errors=True)


def _entry(change: Change, outcome: Outcome) -> dict[str, object]:
    """Return what the record has of a change: all of it where that is short, and its digest."""
    is_update = change.graph is None
    body = change.parts[0] if is_update else b"".join(change.parts)
    entry: dict[str, object] = {"operation": change.kind, **_known_by(body)}
    if not is_update:
        entry["graph"] = change.graph
    elif len(body) <= _LONGEST:
        entry["update"] = body.decode(errors="replace")
    documents = zip(change.loaded, change.parts[1:], outcome.loaded, strict=True) if is_update else ()
    loaded = [{"from": address, **_known_by(document)} for address, document, is_done in documents if is_done]
    return entry | ({"loaded": loaded} if loaded else {})


def _known_by(body: bytes) -> dict[str, object]:
    return {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def _others_write(seconds: float) -> Bilingual:
    return Bilingual(
        f"Others were writing for {seconds:g} s. Nothing was changed; send it again later.",
        f"Otros estuvieron escribiendo durante {seconds:g} s. No se cambió nada; vuelva a enviarlo más tarde.",
    )
