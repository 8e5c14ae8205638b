"""Files of a store: copied, brought to the disk, sealed against damage; and what a disk says that fails."""

import json
import os
import re
import shutil
import zlib
from contextlib import suppress
from pathlib import Path

from crmgraph.wording import Bilingual

__all__ = ["SEAL", "clone", "fault", "is_intact", "not_kept", "seal", "sync", "sync_folder"]

SEAL = "seal.json"
"""The name of the file that holds the seal of a folder."""

_TABLES = ".sst"
"""How the names of the engine's tables end. They are never changed, and the engine has brought them to the disk."""

_NO_DATA = frozenset({"LOG", "LOCK"})
_FOLDERS = re.compile(r"(?<![\w/])/(?:[^\s/:]+/)+")


def clone(store: Path, target: Path) -> None:
    """Copy a store that nobody writes to; its tables are linked where both folders are on one file system.

    When this returns, the tables are on the disk. Folders within, which can be made again, are left out.
    """
    target.mkdir()
    for file in list(os.scandir(store)):
        if file.name in _NO_DATA or file.name.startswith("LOG.old") or file.is_dir():
            continue
        is_table = file.name.endswith(_TABLES)
        if is_table:
            # A disk that is full, or a store that is gone, shows when it is copied.
            with suppress(OSError):
                os.link(file.path, target / file.name)
                continue
        shutil.copyfile(file.path, target / file.name)
        if is_table:
            sync(target / file.name)


def sync_folder(folder: Path) -> None:
    """Bring the files of a store to the disk, and its name, so that they outlast a loss of power."""
    for file in list(os.scandir(folder)):
        if file.is_file() and not file.name.endswith(_TABLES):
            sync(Path(file.path))
    sync(folder)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal(folder: Path) -> None:
    """Note the size and the CRC-32 of each file in a folder.

    That shows damage by chance, and takes a tenth of the time of a cryptographic digest.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name not in {*_NO_DATA, SEAL})
    marks = {file.relative_to(folder).as_posix(): _mark(file) for file in files}
    (folder / SEAL).write_text(json.dumps(marks, indent=2) + "\n", encoding="utf-8")


def is_intact(folder: Path) -> bool:
    """Tell whether a folder was sealed and each file in it still is as it was then. More files do no harm."""
    try:
        marks = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return bool(marks) and all(_mark(folder / name) == mark for name, mark in marks.items())
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _mark(file: Path) -> list[int]:
    size = checksum = 0
    with file.open("rb") as opened:
        while chunk := opened.read(2**20):
            size, checksum = size + len(chunk), zlib.crc32(chunk, checksum)
    return [size, checksum]


def fault(error: Exception) -> str:
    """Return what went wrong with a file, in the words of the system, without the folders it is in."""
    return (isinstance(error, OSError) and error.strerror) or _FOLDERS.sub("…/", str(error))


def not_kept(what: Bilingual, failure: str) -> Bilingual:
    """Return the message that something, such as "The copy", cannot be kept on the disk, and the fault of the disk."""
    return Bilingual(
        f"{what} cannot be kept on the disk ({failure}).",
        f"{what.spanish} no se puede guardar en el disco ({failure}).",
    )
