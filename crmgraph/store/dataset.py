"""Files of stores: writes and opens built datasets, and copies, syncs and seals folders.

A seal is a file with the size and the checksum of every other file in its folder. It shows later damage.
"""

import gzip
import json
import os
import re
import shutil
import zlib
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat, Store

from crmgraph.errors import Bilingual, Place, StorageError, UsageError, join_sentences
from crmgraph.sparql.workarounds import UNION_FOLDER, has_shared_triples, has_union, in_default_graph
from crmgraph.store import DUMP, STORE

SEAL = "seal.json"
"""The name of the file that holds the seal of a folder."""

_TABLE_SUFFIX = ".sst"
"""The suffix of the engine's table files. The engine never changes a table that it has written and synced."""

_FILES_WITHOUT_DATA = frozenset({"LOG", "LOCK"})
_FOLDER_PATHS = re.compile(r"(?<![\w/])/(?:[^\s/:]+/)+")


def copy_store(store: Path, target: Path) -> None:
    """Copy a store that no process writes to. Table files become hard links if both folders are on one file system.

    On return, the tables are synced to the disk. Subfolders, such as the union that `write_union` makes, are not
    copied.
    """
    target.mkdir()
    files = [file for file in os.scandir(store) if not file.is_dir() and file.name not in _FILES_WITHOUT_DATA]
    for file in (each for each in files if not each.name.startswith("LOG.old")):
        is_table = file.name.endswith(_TABLE_SUFFIX)
        if is_table:
            # If linking fails, the file is copied; an error of the disk or a missing store then raises OSError.
            with suppress(OSError):
                os.link(file.path, target / file.name)
                continue
        shutil.copyfile(file.path, target / file.name)
        if is_table:
            sync(target / file.name)


def sync_folder(folder: Path) -> None:
    """Flush the files of a store and the entry of its folder to the disk, so that they survive a power loss."""
    for file in list(os.scandir(folder)):
        if file.is_file() and not file.name.endswith(_TABLE_SUFFIX):
            sync(Path(file.path))
    sync(folder)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Flush a file, or the list of names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal(folder: Path) -> None:
    """Write the seal of a folder: the size and the CRC-32 checksum of each file in it.

    A CRC-32 detects accidental damage, not forgery. It takes a tenth of the time of a cryptographic digest.
    """
    files = sorted(
        file for file in folder.rglob("*") if file.is_file() and file.name not in {*_FILES_WITHOUT_DATA, SEAL}
    )
    checksums = {file.relative_to(folder).as_posix(): _size_and_crc32(file) for file in files}
    (folder / SEAL).write_text(json.dumps(checksums, indent=2) + "\n", encoding="utf-8")


def is_intact(folder: Path) -> bool:
    """Return whether a folder has a seal and each file in the seal is unchanged. Additional files are ignored."""
    try:
        checksums = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return bool(checksums) and all(_size_and_crc32(folder / name) == mark for name, mark in checksums.items())
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _size_and_crc32(file: Path) -> list[int]:
    size = checksum = 0
    with file.open("rb") as opened:
        while chunk := opened.read(2**20):
            size, checksum = size + len(chunk), zlib.crc32(chunk, checksum)
    return [size, checksum]


def system_message(error: Exception) -> str:
    """Return the system's message for a file error, without the names of folders."""
    return (isinstance(error, OSError) and error.strerror) or _FOLDER_PATHS.sub("…/", str(error))


def not_stored_message(what: Bilingual, failure: str) -> Bilingual:
    """Return the message that something cannot be kept on the disk.

    `what` is the subject of the sentence, such as "The copy"; `failure` is the system's message.
    """
    return Bilingual(
        f"{what} cannot be kept on the disk ({failure}).",
        f"{what.spanish} no se puede guardar en el disco ({failure}).",
    )


def store_dump(folder: Path) -> None:
    """Write the dataset in the file DUMP of a folder, in N-Quads, also as compressed N-Quads and as Oxigraph store."""
    dump = folder / DUMP
    with dump.open("rb") as plain, gzip.GzipFile(folder / f"{DUMP}.gz", "wb", mtime=0) as out:
        shutil.copyfileobj(plain, out)
    store = Store(folder / STORE)
    store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    del store
    write_union(folder / STORE)


def open_store(path: Path, advice: str = "make it anew with crmgraph build --force") -> Store:
    """Open an Oxigraph store for reading.

    Raises UsageError, whose message ends with the `advice`, if the store is missing or damaged.
    """
    try:
        return Store.read_only(str(path))
    except (OSError, RuntimeError) as error:
        raise UsageError(f"the store cannot be opened ({str(error).rstrip('.')}); {advice}", Place(path)) from None


def write_dump(store: Path, file: Path) -> None:
    """Write all statements of an Oxigraph store to a file of compressed N-Quads; remove older dumps from its folder.

    Raises StorageError if the disk is full.
    """
    unfinished = file.with_suffix(".unfinished")
    try:
        with gzip.open(unfinished, "wb", compresslevel=6) as out:
            Store.read_only(str(store)).dump(cast(IO[bytes], out), RdfFormat.N_QUADS)
        # The dump gets the time of its store, so that every server gives the same modification time.
        written = store.stat().st_mtime
        os.utime(unfinished, (written, written))
        unfinished.replace(file)
    except (OSError, RuntimeError) as error:
        advice = Bilingual(
            "Try again when whoever runs the service has made room.",
            "Vuelva a intentarlo cuando quien administra el servicio haya hecho espacio.",
        )
        raise StorageError(
            join_sentences(not_stored_message(Bilingual("The copy", "La copia"), system_message(error)), advice)
        ) from None
    for other in file.parent.glob("dump-*"):
        if other != file:
            other.unlink(missing_ok=True)


def write_union(folder: Path) -> None:
    """Add a second store, the union, to an Oxigraph store whose graphs have statements in common.

    The engine's own union of graphs returns a statement once for each graph that contains it, so counts are wrong. The
    second store has the same named graphs, and its default graph has each statement once. Its folder is UNION_FOLDER in
    the folder of the first store. It appears complete or not at all, even after a power loss; `copy_store` leaves it
    out.

    No process may have the store open for writing. Raises OSError or RuntimeError if the disk is full.
    """
    if has_union(folder):
        return
    store = Store.read_only(str(folder))
    if not has_shared_triples(store):
        return
    fresh = folder / f"{UNION_FOLDER}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    copy_store(folder, fresh)
    union = Store(fresh)
    # One call for all statements, since each call makes new tables.
    union.bulk_extend(in_default_graph(store))
    union.flush()
    del union
    sync_folder(fresh)
    fresh.rename(folder / UNION_FOLDER)
    sync(folder)
