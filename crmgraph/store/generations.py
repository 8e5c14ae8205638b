"""A store that is written to, as a row of generations: a write makes the next one, and none changes once it counts.

Beside them is the record of every write: who, when, what, on which graph. A line is written before the write counts.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from traceback import clear_frames
from typing import Any

from pyoxigraph import Store

from crmgraph.errors import Place, UsageError
from crmgraph.sparql.states import dataset_of, new_state, state_when_written
from crmgraph.store.files import clone, sync, sync_folder

__all__ = ["AUDIT", "Audit", "Generations", "is_new"]

AUDIT = "audit.jsonl"
"""The name of the record in the folder of the store."""

_TAIL = 2**18
"""More bytes than an entry has."""

_CURRENT = "current"
_LOCK = "lock"


class Generations:
    """The generations in a folder. A file names the one that counts, and is replaced as a whole.

    `number` is that of the generation that counts, from 1, and `state` that of its data, which they have in no other
    store but a copy of it.

    So a write that is broken off anywhere, by whatever, leaves the generation before it as it was, and the engine never
    has a store open to read that another process writes.
    """

    def __init__(self, folder: Path) -> None:
        """Raises UsageError where the folder is no store that is written to."""
        self.folder = folder.absolute()
        self.number, self.state = self._read()

    @classmethod
    def create(cls, folder: Path, seed: Path | None = None, state: str = "") -> "Generations":
        """Make the first generation in a new or empty folder: what the Oxigraph store `seed` holds, or nothing.

        `state` names the data, where they have a name. Raises UsageError where something else is there.
        """
        if not is_new(folder):
            raise UsageError("a store is made in a folder that is new or empty", Place(folder))
        first = folder / _name(1)
        shutil.rmtree(first, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        if seed is None:
            Store(first).flush()
        else:
            clone(seed, first)
        sync_folder(first)
        _point(folder, 1, state or new_state())
        return cls(folder)

    @property
    def path(self) -> Path:
        """The Oxigraph store of the generation that counts. It is only read."""
        return self.folder / _name(self.number)

    def adopt(self, state: str = "") -> int:
        """Have the proposed generation count; return its number. Then it outlasts a loss of power.

        `state` names its data, where they have a name.
        """
        number, state = self.number + 1, state or state_when_written(dataset_of(self.state))
        sync_folder(self.folder / _name(number))
        try:
            _point(self.folder, number, state)
        except OSError:
            # The new name may be in place and only not on the disk for certain, so the old one is put back.
            if self._read() != (self.number, self.state):
                _point(self.folder, self.number, self.state)
            raise
        self.number, self.state = number, state
        return number

    def drop(self) -> None:
        """Remove the proposed generation, where there is one and the file does not name it all the same."""
        if self._read() == (self.number, self.state):
            shutil.rmtree(self.folder / _name(self.number + 1), ignore_errors=True)

    @contextmanager
    def proposed(self, source: Path | None = None) -> Iterator[Path]:
        """Yield a copy of the generation that counts, or of another store, to be changed and adopted within.

        What an earlier proposal left is removed, and so is this one where something goes wrong.
        """
        # What the file names counts, even where a disk that failed kept this from being known here.
        self.number, self.state = self._read()
        proposed = self.folder / _name(self.number + 1)
        shutil.rmtree(proposed, ignore_errors=True)
        try:
            clone(source or self.path, proposed)
            yield proposed
        except BaseException as error:
            # The engine must have let go of the files before they are removed.
            clear_frames(error.__traceback__)
            self.drop()
            raise

    def others(self) -> list[Path]:
        """Return the generations that do not count any more, or never did, oldest first."""
        return sorted(each for each in self.folder.iterdir() if each.name.isdecimal() and each != self.path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody else write meanwhile. Raises UsageError where somebody does."""
        with (self.folder / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(
                    "another process writes to this store; end it first, or send it what is to be written",
                    Place(self.folder),
                ) from None
            self.number, self.state = self._read()
            yield

    def _read(self) -> tuple[int, str]:
        try:
            first, state = (self.folder / _CURRENT).read_text(encoding="ascii").split()
            number = int(first)
        except (OSError, ValueError):
            number, state = 0, ""
        if not (self.folder / _name(number) / "CURRENT").is_file():
            raise UsageError("there is no store that is written to in this folder", Place(self.folder))
        return number, state


class Audit:
    """The record of the writes to the store in a folder, an object of JSON a line. Lines are only ever added."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / AUDIT
        # Whoever wrote last may have been ended in the middle of a line.
        if (tail := self._tail()) and not tail.endswith(b"\n"):
            with self._file.open("a", encoding="utf-8") as broken:
                broken.write("\n")

    def add(self, **entry: object) -> None:
        """Write an entry, with the time; when this returns it is on the disk."""
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}, ensure_ascii=False)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> dict[str, Any]:
        """Return the last entry that is whole; an empty one where there is none."""
        for line in reversed(self._tail().splitlines()):
            with suppress(ValueError):
                entry: dict[str, Any] = json.loads(line)
                return entry
        return {}

    def _tail(self) -> bytes:
        with self._file.open("a+b") as file:
            file.seek(max(file.tell() - _TAIL, 0))
            return file.read()


def is_new(folder: Path) -> bool:
    """Tell whether a store can be made in a folder: it is empty, or has what was broken off before it counted."""
    return not folder.exists() or (folder.is_dir() and all(each.name == _name(1) for each in folder.iterdir()))


def _name(number: int) -> str:
    return f"{number:012d}"


def _point(folder: Path, number: int, state: str) -> None:
    """Name the generation that counts; a file that is renamed is the old one or the new one, never half of either."""
    written = folder / f"{_CURRENT}.new"
    with written.open("w", encoding="ascii") as file:
        file.write(f"{number} {state}\n")
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / _CURRENT)
    sync(folder)
