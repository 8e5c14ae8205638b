"""A copy of a store that is written to, taken while it is in use, and sealed so that damage to it shows."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from crmgraph.errors import Place, UsageError
from crmgraph.storing import STORE
from crmgraph.storing.cloning import clone
from crmgraph.storing.generations import Generations
from crmgraph.storing.seal import is_intact, seal

__all__ = ["back_up", "read_backup", "state_of"]

_STATE = "state"
_TRIES = 5


def back_up(folder: Path, target: Path) -> int:
    """Copy the store in `folder` as it is now to the folder `target`, which is made; the number of its generation.

    Whoever writes meanwhile is not held up, and what they write is not in the copy. The target is there whole or not at
    all. Raises UsageError where `folder` is no such store or is damaged, or there is something at `target`.
    """
    if target.exists():
        raise UsageError("there is something already; a backup is made in a new folder", Place(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=target.parent))
        try:
            copied = _copied(folder, fresh / STORE)
            _read_through(fresh / STORE, folder)
            (fresh / _STATE).write_text(copied.state, encoding="ascii")
            seal(fresh)
            fresh.chmod(0o755)
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(target)) from None
    return copied.number


def _copied(folder: Path, target: Path) -> Generations:
    """Copy the generation that counts, which may be removed meanwhile because another one does."""
    for _ in range(_TRIES):
        generations = Generations(folder)
        with suppress(FileNotFoundError):
            clone(generations.path, target)
            return generations
        shutil.rmtree(target, ignore_errors=True)
    raise UsageError("too much is written to this store; try again", Place(folder))


def _read_through(store: Path, folder: Path) -> None:
    """See that all that is in the copy can be read, for a seal on what is damaged would say that it is whole."""
    try:
        with Path(os.devnull).open("wb") as nowhere:
            Store.read_only(str(store)).dump(nowhere, RdfFormat.N_QUADS)
    except (OSError, RuntimeError) as error:
        raise UsageError(
            f"cannot be read to its end, for it is damaged ({error}); no backup was made. Restore an earlier one",
            Place(folder),
        ) from None


def read_backup(backup: Path) -> Path:
    """The Oxigraph store in a backup. Raises UsageError where it is none, or not as it was when it was made."""
    if not backup.exists():
        raise UsageError("there is nothing here", Place(backup))
    if not is_intact(backup) or not (backup / STORE / "CURRENT").is_file():
        raise UsageError("this is no backup, or it is damaged", Place(backup))
    return backup / STORE


def state_of(backup: Path) -> str:
    """The state of the data in a backup; nothing for a backup from before there were any."""
    file = backup / _STATE
    return file.read_text(encoding="ascii") if file.is_file() else ""
