"""A built dataset on disk, with the union of its graphs; and files of a store: copied, brought to the disk, sealed."""

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

from crmgraph.errors import Bilingual, Place, StorageError, UsageError, joined
from crmgraph.sparql.unions import UNION_FOLDER, has_shared_triples, has_union, in_default_graph
from crmgraph.store import DUMP, STORE

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


def write_dataset(text: str, folder: Path) -> None:
    """Write N-Quads into a folder: as they are, compressed for download, and as an Oxigraph store."""
    (folder / DUMP).write_text(text, encoding="utf-8", newline="\n")
    (folder / f"{DUMP}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    store = Store(folder / STORE)
    store.bulk_load(text.encode(), format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    del store
    write_union(folder / STORE)


def open_store(path: Path, advice: str = "make it anew with crmgraph build --force") -> Store:
    """Open an Oxigraph store for reading. Raises UsageError, with advice, where it is gone or damaged."""
    try:
        return Store.read_only(str(path))
    except (OSError, RuntimeError) as error:
        raise UsageError(f"the store cannot be opened ({str(error).rstrip('.')}); {advice}", Place(path)) from None


def write_dump(store: Path, file: Path) -> None:
    """Write what an Oxigraph store holds to a file: N-Quads, compressed; other dumps beside it are removed.

    Raises StorageError where the disk takes no more.
    """
    unfinished = file.with_suffix(".unfinished")
    try:
        with gzip.open(unfinished, "wb", compresslevel=6) as out:
            Store.read_only(str(store)).dump(cast(IO[bytes], out), RdfFormat.N_QUADS)
        # The data are as old as their store, and the same on whatever server they are packed.
        written = store.stat().st_mtime
        os.utime(unfinished, (written, written))
        unfinished.replace(file)
    except (OSError, RuntimeError) as error:
        advice = Bilingual(
            "Try again when whoever runs the service has made room.",
            "Vuelva a intentarlo cuando quien administra el servicio haya hecho espacio.",
        )
        raise StorageError(joined(not_kept(Bilingual("The copy", "La copia"), fault(error)), advice)) from None
    for other in file.parent.glob("dump-*"):
        if other != file:
            other.unlink(missing_ok=True)


def write_union(folder: Path) -> None:
    """Write into an Oxigraph store, where graphs of it share statements, another store with their union.

    The engine's own union finds such a statement once for each graph, and then counts are wrong. The other has the same
    named graphs, and in its default graph each statement of all graphs. It is there whole or not at all, even after a
    loss of power; `clone` leaves it out. Nobody may have the store open to write. Raises OSError and RuntimeError where
    the disk is full.
    """
    if has_union(folder):
        return
    store = Store.read_only(str(folder))
    if not has_shared_triples(store):
        return
    fresh = folder / f"{UNION_FOLDER}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    clone(folder, fresh)
    union = Store(fresh)
    # All in one go, for each makes tables of its own.
    union.bulk_extend(in_default_graph(store))
    union.flush()
    del union
    sync_folder(fresh)
    fresh.rename(folder / UNION_FOLDER)
    sync(folder)
