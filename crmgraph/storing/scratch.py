"""A folder for what nobody needs once the process has ended that made it, however it ended."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR

__all__ = ["scratch_folder"]

_PREFIX = "crmgraph-"
_HELD = "held"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder, removed in the end.

    What processes left that were killed is removed first: as long as one lives, it holds a lock in its folder.
    """
    _remove_left()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        lock = Path(name, f"{_HELD}.new")
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            # Nobody finds it there who could take it first.
            lock.rename(Path(name, _HELD))
            yield Path(name)


def _remove_left() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # Those of others, and those whose process lives, cannot be had.
        with suppress(OSError):
            found = folder.lstat()
            if not S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
                continue
            with (folder / _HELD).open() as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
