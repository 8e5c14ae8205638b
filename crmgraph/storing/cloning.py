"""A copy of a store on disk, which costs little where it can share the tables."""

import errno
import os
import shutil
from pathlib import Path

from crmgraph.storing.syncing import TABLES, sync

__all__ = ["clone"]

# The engine's diary and lock are no data; a folder within has what can be made of the data again.
_BESIDE = frozenset({"LOG", "LOCK"})


def clone(store: Path, target: Path) -> None:
    """Copy a store that nobody writes to; its tables are linked where both folders are on one file system.

    When this returns, the tables are on the disk.
    """
    target.mkdir()
    for file in list(os.scandir(store)):
        if file.name in _BESIDE or file.name.startswith("LOG.old") or file.is_dir():
            continue
        is_table = file.name.endswith(TABLES)
        if is_table and _linked(file.path, target / file.name):
            continue
        shutil.copyfile(file.path, target / file.name)
        if is_table:
            sync(target / file.name)


def _linked(file: str, target: Path) -> bool:
    try:
        os.link(file, target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP):
            raise
        return False
    return True
