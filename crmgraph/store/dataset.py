"""A built dataset on disk, and the union of its graphs where several of them hold the same statement."""

import gzip
import os
import shutil
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat, Store

from crmgraph.errors import Place, StorageError, UsageError
from crmgraph.sparql.unions import UNION, has_union, share_statements, without_graph
from crmgraph.store import DUMP, STORE
from crmgraph.store.files import clone, fault, not_kept, sync, sync_folder
from crmgraph.wording import Bilingual, joined

__all__ = ["open_store", "write_dataset", "write_dump", "write_union"]


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
    if not share_statements(store):
        return
    fresh = folder / f"{UNION}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    clone(folder, fresh)
    union = Store(fresh)
    # All in one go, for each makes tables of its own.
    union.bulk_extend(without_graph(store))
    union.flush()
    del union
    sync_folder(fresh)
    fresh.rename(folder / UNION)
    sync(folder)
