"""Keeps the store: takes one change after another, and answers for each that it will not be forgotten."""

import hashlib
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import Any, Protocol, Self

from crmgraph.errors import UnavailableError
from crmgraph.namespaces import Names
from crmgraph.sparql.limit import Limit
from crmgraph.sparql.process import Child, End
from crmgraph.sparql.protocol import raise_error
from crmgraph.storing.generations import Generations
from crmgraph.updating.aftermath import NOTHING, change_unkept, followed, leaving_nothing
from crmgraph.updating.audit import Audit
from crmgraph.updating.change import Change, Changed, Outcome
from crmgraph.updating.dumping import Dumps
from crmgraph.updating.loading import Loader
from crmgraph.updating.loads import Load, may_load
from crmgraph.updating.rights import Writer
from crmgraph.updating.writer import CHECKING, pack_change, pack_loads
from crmgraph.wording import Bilingual

__all__ = ["AUDIT", "Keeper", "Reader"]

AUDIT = "audit.jsonl"
"""The name of the record in the folder of the store."""

_SHOWN = 10_000
# How long a change that is made already may take to be put in place, in seconds, when the keeper is closed.
_PATIENCE = 10.0


class Reader(Protocol):
    """Who answers from the generations, as Pool does."""

    @property
    def digest(self) -> str:
        """The state of the data, as `move_to` was told."""

    def move_to(self, store_path: Path, digest: str) -> None:
        """Answer from the store in another folder from now on, whose state this digest names; both change at once."""

    def serves(self, store_path: Path) -> bool:
        """Whether the store in this folder is still open."""


class Keeper:
    """Writes to the store in `generations`, and has `pool` answer from what it has written.

    Changes are made one after another in a process of their own, in `memory` bytes at most. Where there are `names`,
    plans whose graphs they name are checked, and a change that would break one is refused. LOAD fetches by the
    `loader`, where there is one. Raises UsageError where another process writes to the store.
    """

    def __init__(
        self,
        generations: Generations,
        pool: Reader,
        memory: int,
        names: Names | None = None,
        record: Path | None = None,
        loader: Loader | None = None,
    ) -> None:
        self._generations = generations
        self._loader = loader
        self._pool = pool
        self._memory = memory
        self._names = names
        self._audit = Audit(record or generations.folder / AUDIT)
        self._turn = Lock()
        self._loading = Lock()
        self._dumps = Dumps(generations.folder)
        self._copied: Counter[Path] = Counter()
        self._removing = Lock()
        self._child: Child | None = None
        self._held = ExitStack()
        self._held.enter_context(generations.held())
        self._closed = False
        self._ended: Counter[End] = Counter()
        pool.move_to(generations.path, generations.state)
        self._clear()
        self._settle()

    def _settle(self) -> None:
        """Say in the record that the last write does not count, where it was broken off before it did."""
        generations, last = self._generations, self._audit.last()
        if last.get("generation", 0) == generations.number + 1 and "undone" not in last:
            self._audit.add(generation=last["generation"], undone=True)

    @property
    def digest(self) -> str:
        """What names the data as they are now; after a write it is another one."""
        return self._pool.digest

    def write(
        self,
        change: Change,
        writer: Writer,
        seconds: float,
        request: str = "",
        gone: Event | None = None,
        since: float | None = None,
    ) -> Changed:
        """Make the change, in at most `seconds`, from `since` on the clock of time.monotonic; may be called from any
        thread.

        When this returns, the change is on the disk and whoever asks the pool sees it; where it raises, nothing has
        changed. Raises the errors below AnswerError: those of the change, QueryTimeoutError, UnavailableError where
        others were writing until then or the keeper is closed, StorageError where the disk takes no more, EngineError
        where `gone` was set.
        """
        limit = Limit(seconds, time.monotonic() if since is None else since, gone)
        if self._loader is None or change.kind != "update" or not may_load(change.parts[0]):
            return self._write(change, writer, limit, request)
        # What is fetched is held in memory until it is written, so this goes one by one, and others write meanwhile.
        with limit.held(self._loading, _others_write(limit.seconds)):
            with limit.held(self._turn, _others_write(limit.seconds)):
                loads = [Load(**fields) for fields in self._ask(pack_loads(change, writer), limit)["loads"]]
            return self._write(self._loader.fetched(change, loads, limit), writer, limit, request)

    def _write(self, change: Change, writer: Writer, limit: Limit, request: str) -> Changed:
        with limit.held(self._turn, _others_write(limit.seconds)):
            with _told(self._drop):
                self._begin(limit)
                proposed = self._generations.propose()
                message = pack_change(change, self._generations.path, proposed, writer, self._names)
                outcome = Outcome(**self._ask(message, limit))
                if change.kind == "delete" and not outcome.existed:
                    self._generations.drop()
                    return Changed(False, self._generations.number)
                adopt = self._ready(proposed, limit)
                number = self._next()
                entry = _entry(change, outcome)
                self._audit.add(generation=number, writer=writer.name, request=request, **entry)
                adopt(number)
            self._pool.move_to(self._generations.path, self._generations.state)
            self._clear()
            return Changed(outcome.existed, number)

    @property
    def ended(self) -> Mapping[End, int]:
        """How many processes have been ended while they wrote, by why."""
        return dict(self._ended)

    def dump(self, seconds: float) -> Path:
        """A file with all that there is now: N-Quads, compressed. Raises the errors below AnswerError."""
        # It may be read when it does not count any more, so it stays until then.
        with self._removing:
            generation = self._generations.path
            self._copied[generation] += 1
        try:
            return self._dumps.file(generation, generation.name, seconds)
        finally:
            with self._removing:
                self._copied[generation] -= 1

    def close(self) -> None:
        """End the process and let others write. May be called more than once.

        Whoever is writing is told that nothing was changed, unless their change was made already.
        """
        self._closed = True
        if self._loader is not None:
            self._loader.close()
        if (child := self._child) is not None:
            child.kill()
        if self._turn.acquire(timeout=_PATIENCE):
            self._end_child()
            self._turn.release()
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, limit: Limit) -> None:
        """See to it that the generation that counts is what there is now; here it is."""

    def _next(self) -> int:
        """By which number the record knows the next write."""
        return self._generations.number + 1

    def _ready(self, proposed: Path, limit: Limit) -> Callable[[int], object]:  # noqa: ARG002 - here nothing can be wrong
        """See to it that what is proposed can count; what has it count, and is told its number."""
        return lambda _: self._generations.adopt()

    def _drop(self) -> None:
        self._generations.drop()

    def _ask(self, message: tuple[bytes, ...], limit: Limit) -> dict[str, Any]:
        """What the process says to a message."""
        is_new = self._child is None or not self._child.is_alive()
        if is_new:
            self._end_child()
            self._child = Child(
                "crmgraph.updating.writer", (self._memory,), Bilingual("write", "escritura"), _ADVICE, self._memory
            )
        child = self._child
        assert child is not None
        try:
            # A keeper that was closed by now ended the process before this one.
            if self._closed:
                raise UnavailableError(_CLOSED)
            with leaving_nothing():
                if is_new:
                    _said(child, limit)
                for part in message:
                    child.pipe.send_bytes(part)
                reply: dict[str, Any] = json.loads(_said(child, limit))
        except (EOFError, OSError):
            epitaph = followed(child.epitaph(), NOTHING)
            raise UnavailableError(_CLOSED) if self._closed else epitaph from None
        finally:
            if child.end_reason is not None and not self._closed:
                self._ended[child.end_reason] += 1
                self._end_child()
        raise_error(reply)
        return reply

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _clear(self) -> None:
        """Remove the generations that nobody reads any more."""
        with self._removing:
            for generation in self._generations.others():
                if not self._pool.serves(generation) and not self._copied[generation]:
                    shutil.rmtree(generation, ignore_errors=True)


def _said(child: Child, limit: Limit) -> bytes:
    """What the process says; what takes long meanwhile may be that it checks a plan."""
    child.advice = _ADVICE
    while True:
        child.wait(limit.seconds, limit.since + limit.seconds, limit.gone)
        said = child.pipe.recv_bytes()
        if said != CHECKING:
            return said
        child.advice = _ADVICE_ON_CHECKS


@contextmanager
def _told(undo: Callable[[], None]) -> Iterator[None]:
    """Whatever goes wrong is undone, and what the disk says is told."""
    try:
        yield
    except OSError as error:
        undo()
        raise change_unkept(error) from error
    except BaseException:
        undo()
        raise


def _entry(change: Change, outcome: Outcome) -> dict[str, object]:
    """What the record keeps of a change: all of it where that is short, and by what it can be known again."""
    is_update = change.graph is None
    body = change.parts[0] if is_update else b"".join(change.parts)
    entry: dict[str, object] = {"operation": change.kind, **_known_by(body)}
    if not is_update:
        entry["graph"] = change.graph
    elif len(body) <= _SHOWN:
        entry["update"] = body.decode(errors="replace")
    documents = zip(change.loaded, change.parts[1:], outcome.loaded, strict=True) if is_update else ()
    loaded = [{"from": address, **_known_by(document)} for address, document, is_done in documents if is_done]
    return entry | ({"loaded": loaded} if loaded else {})


def _known_by(body: bytes) -> dict[str, object]:
    return {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


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

_CLOSED = Bilingual(
    "The server is being stopped. Nothing was changed; send it again later.",
    "El servidor se está deteniendo. No se cambió nada; vuelva a enviarlo más tarde.",
)


def _others_write(seconds: float) -> Bilingual:
    return Bilingual(
        f"Others were writing for {seconds:g} s. Nothing was changed; send it again later.",
        f"Otros estuvieron escribiendo durante {seconds:g} s. No se cambió nada; vuelva a enviarlo más tarde.",
    )
