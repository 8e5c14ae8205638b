"""A copy of a store on disk, which costs little where it can share the tables."""

import errno
import os
import shutil
from pathlib import Path

__all__ = ["NEVER_CHANGED", "clone"]

NEVER_CHANGED = ".sst"
"""How the names of tables end. Of what the engine writes, tables are never changed: a link is as good as a copy."""

# The engine's diary and lock are no data; a folder within has what can be made of the data again.
_BESIDE = frozenset({"LOG", "LOCK"})


def clone(store: Path, target: Path) -> None:
    """Copy a store that nobody writes to; its tables are linked where both folders are on one file system."""
    target.mkdir()
    for file in list(os.scandir(store)):
        if file.name in _BESIDE or file.name.startswith("LOG.old") or file.is_dir():
            continue
        if file.name.endswith(NEVER_CHANGED) and _linked(file.path, target / file.name):
            continue
        shutil.copyfile(file.path, target / file.name)


def _linked(file: str, target: Path) -> bool:
    try:
        os.link(file, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP):
            raise
        return False
    return True
