"""Backups of a store that is written to; and what is done to it while nobody serves it: restoring, loading files."""

import gzip
import hashlib
import os
import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import IO, BinaryIO, cast

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from crmgraph.errors import InputError, Place, UsageError
from crmgraph.sparql.formats import GRAPH_FORMATS
from crmgraph.sparql.results import RDF_SYNTAXES
from crmgraph.sparql.states import new_state
from crmgraph.store import STORE
from crmgraph.store.dataset import write_union
from crmgraph.store.files import SEAL, clone, is_intact, seal
from crmgraph.store.generations import Audit, Generations, is_new
from crmgraph.store.loading import said_of

__all__ = ["back_up", "load_files", "read_backup", "restore"]

_STATE = "state"
_TRIES = 5
_Opener = Callable[[Path], AbstractContextManager[BinaryIO]]
_SYNTAXES = {f".{each.extension}": RDF_SYNTAXES[each.short] for each in GRAPH_FORMATS}


def back_up(folder: Path, target: Path) -> int:
    """Copy the store in a folder as it is now to a new folder; return the number of its generation.

    Whoever writes meanwhile is not held up, and what they write is not in the copy. The target is there whole or not at
    all, and sealed so that damage shows. Raises UsageError where `folder` is no such store or is damaged, or there is
    something at `target`.
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
    """Check that all of the copy can be read, for a seal on what is damaged would say that it is whole."""
    try:
        with Path(os.devnull).open("wb") as nowhere:
            Store.read_only(str(store)).dump(nowhere, RdfFormat.N_QUADS)
    except (OSError, RuntimeError) as error:
        raise UsageError(
            f"cannot be read to its end, for it is damaged ({error}); no backup was made. Restore an earlier one",
            Place(folder),
        ) from None


def read_backup(backup: Path) -> Path:
    """Return the Oxigraph store in a backup. Raises UsageError where it is none, or not as it was when it was made."""
    if not backup.exists():
        raise UsageError("there is nothing here", Place(backup))
    if not is_intact(backup) or not (backup / STORE / "CURRENT").is_file():
        raise UsageError("this is no backup, or it is damaged", Place(backup))
    return backup / STORE


def restore(folder: Path, backup: Path) -> int:
    """Put a backup in the place of what the store in a folder holds, or make the store of it; return the generation.

    The record names the backup by the digest of its seal, which tells what each of its files is. Raises UsageError
    where the backup is none or damaged, and where another process writes to the store.
    """
    source = read_backup(backup)
    entry: dict[str, object] = {"files": [{"name": backup.name, "sha256": _digest_of(backup / SEAL)}]}
    file = backup / _STATE
    state = file.read_text(encoding="ascii") if file.is_file() else ""
    if is_new(folder):
        generations = Generations.create(folder, source, state)
        write_union(generations.path)
        _record(generations, generations.number, "restore", entry)
        return generations.number
    generations = Generations(folder)
    with generations.held(), generations.proposed(source) as proposed:
        write_union(proposed)
        return _adopt(generations, "restore", state or new_state(), entry)


def load_files(
    folder: Path,
    files: Sequence[Path],
    graph: str | None = None,
    opener: _Opener = lambda file: file.open("rb"),
) -> int:
    """Load RDF files into the store in a folder, all of them or none; return how many statements there are more.

    What is not in a graph of its own goes into `graph`, or into the default graph. `opener` opens a file, and may show
    how far it has been read. The ending tells the syntax: ttl, nt, nq, trig, rdf, jsonld, each also with .gz behind it.
    Raises UsageError where the store, a file or the graph cannot be used, and where another process writes to the
    store.
    """
    try:
        target = NamedNode(graph) if graph else DefaultGraph()
    except ValueError:
        raise UsageError(f"{graph} cannot name a graph: it is not an absolute IRI") from None
    generations = Generations(folder)
    with generations.held(), generations.proposed() as proposed:
        added = _load(proposed, files, target, opener)
        write_union(proposed)
        loaded = [{"name": file.name, "sha256": _digest_of(file)} for file in files]
        _adopt(generations, "load", "", {"files": loaded, "graph": graph or "default"})
    return added


def _load(proposed: Path, files: Sequence[Path], graph: NamedNode | DefaultGraph, opener: _Opener) -> int:
    store = Store(proposed)
    before = len(store)
    for file in files:
        _load_file(store, file, graph, opener)
    store.flush()
    return len(store) - before


def _load_file(store: Store, file: Path, graph: NamedNode | DefaultGraph, opener: _Opener) -> None:
    name = file.with_suffix("") if file.suffix == ".gz" else file
    syntax = _SYNTAXES.get(name.suffix)
    if syntax is None:
        raise UsageError(f"the ending says the syntax: {', '.join(_SYNTAXES)}, or each with .gz behind it", Place(file))
    try:
        with opener(file) as opened:
            source = cast(IO[bytes], gzip.GzipFile(fileobj=opened)) if file.suffix == ".gz" else opened
            if source.read(len(BOM_UTF8)) != BOM_UTF8:
                source.seek(0)
            # Where the file lies is nobody's business: what is relative in it is so to the graph.
            base = graph.value if isinstance(graph, NamedNode) else None
            store.bulk_load(source, syntax, base_iri=base, to_graph=graph)
    except SyntaxError as error:
        raise InputError(
            f"this is not RDF in that syntax: {said_of(error)}", Place(file, error.lineno, error.offset)
        ) from None
    except (OSError, EOFError) as error:
        raise UsageError(f"cannot be loaded: {getattr(error, 'strerror', None) or error}", Place(file)) from None


def _digest_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _adopt(generations: Generations, operation: str, state: str, entry: dict[str, object]) -> int:
    _record(generations, generations.number + 1, operation, entry)
    adopted = generations.adopt(state)
    for generation in generations.others():
        shutil.rmtree(generation, ignore_errors=True)
    return adopted


def _record(generations: Generations, generation: int, operation: str, entry: dict[str, object]) -> None:
    Audit(generations.folder).add(generation=generation, writer="command line", operation=operation, **entry)
