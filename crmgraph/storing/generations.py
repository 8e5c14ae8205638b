"""A store that is written to, as a row of generations: a write makes the next one, and none changes once it counts."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from crmgraph.errors import Place, UsageError
from crmgraph.storing.cloning import clone
from crmgraph.storing.states import dataset_of, new_state, state_when_written
from crmgraph.storing.syncing import sync, sync_folder

__all__ = ["Generations", "is_new", "open_current"]

_CURRENT = "current"
_LOCK = "lock"


class Generations:
    """The generations in a folder. A file names the one that counts; it is put in place at once, by its name.

    So a write that is broken off anywhere, by whatever, leaves the generation before it as it was, and the engine never
    has a store open to read that another process writes.
    """

    def __init__(self, folder: Path) -> None:
        """Raises UsageError where the folder is no store that is written to."""
        self.folder = folder.absolute()
        self._number, self._state = self._read()

    @classmethod
    def create(cls, folder: Path, seed: Path | None = None, state: str = "") -> "Generations":
        """The first generation in a new or empty folder: what the Oxigraph store in `seed` holds, or nothing.

        `state` names those data, where they have a name. Raises UsageError where something else is there.
        """
        if not is_new(folder):
            raise UsageError("a store is made in a folder that is new or empty", Place(folder))
        first = folder / _name(1)
        shutil.rmtree(first, ignore_errors=True)
        if seed is None:
            first.mkdir(parents=True)
            Store(first).flush()
        else:
            folder.mkdir(parents=True, exist_ok=True)
            clone(seed, first)
        sync_folder(first)
        _point(folder, 1, state or new_state())
        return cls(folder)

    @property
    def number(self) -> int:
        """The generation that counts, from 1."""
        return self._number

    @property
    def state(self) -> str:
        """The state of the data in the generation that counts, which they have in no other store but a copy of it."""
        return self._state

    @property
    def path(self) -> Path:
        """The Oxigraph store of the generation that counts. It is only read."""
        return self.folder / _name(self._number)

    def propose(self, source: Path | None = None) -> Path:
        """A copy of the generation that counts, or of another store, to be changed and adopted.

        What an earlier proposal left is removed.
        """
        # What the file names counts, even where a disk that failed kept this from being known here.
        self._number, self._state = self._read()
        proposed = self.folder / _name(self._number + 1)
        shutil.rmtree(proposed, ignore_errors=True)
        clone(source or self.path, proposed)
        return proposed

    def adopt(self, state: str = "") -> int:
        """Have the proposed generation count; when this returns, it does so even if the machine loses power now.

        `state` names its data, where they have a name.
        """
        number, state = self._number + 1, state or state_when_written(dataset_of(self._state))
        sync_folder(self.folder / _name(number))
        try:
            _point(self.folder, number, state)
        except OSError:
            # The new name may be in place and only not on the disk for certain, so the old one is put back.
            if self._read() != (self._number, self._state):
                _point(self.folder, self._number, self._state)
            raise
        self._number, self._state = number, state
        return number

    def drop(self) -> None:
        """Remove the proposed generation, where there is one and the file does not name it all the same."""
        if self._read() == (self._number, self._state):
            shutil.rmtree(self.folder / _name(self._number + 1), ignore_errors=True)

    def others(self) -> list[Path]:
        """Generations that do not count any more, or never did, oldest first."""
        return sorted(each for each in self.folder.iterdir() if each.name.isdecimal() and each != self.path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else may write meanwhile. Raises UsageError where somebody does."""
        with (self.folder / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(
                    "another process writes to this store; end it first, or send it what is to be written",
                    Place(self.folder),
                ) from None
            self._number, self._state = self._read()
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


def is_new(folder: Path) -> bool:
    """Whether a store can be made in this folder: there is nothing in it, or what was broken off before it counted."""
    return not folder.exists() or (folder.is_dir() and all(each.name == _name(1) for each in folder.iterdir()))


def open_current(generations: Generations) -> Store:
    """The store of the generation that counts, to be read. Raises UsageError where it is damaged."""
    try:
        return Store.read_only(str(generations.path))
    except (OSError, RuntimeError) as error:
        raise UsageError(f"the store cannot be opened ({str(error).rstrip('.')})", Place(generations.path)) from None


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
