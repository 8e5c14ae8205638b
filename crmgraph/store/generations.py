"""A store that accepts writes, kept as numbered generations: each write makes a new snapshot of the whole store.

A generation is never changed once it is the current one. An audit log records who wrote what, when and to which graph;
each entry is written before its change takes effect. Backups are copies of a generation. Restoring a backup and loading
files also make a new generation, while no service writes to the store.
"""

import fcntl
import gzip
import json
import os
import shutil
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import clear_frames
from typing import IO, Any, BinaryIO, cast

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from crmgraph.errors import InputError, Place, UsageError
from crmgraph.files import sha256_of
from crmgraph.sparql.engine import dataset_digest_of, new_state, state_when_written
from crmgraph.sparql.formats import GRAPH_FORMATS
from crmgraph.store import STORE
from crmgraph.store.dataset import SEAL, copy_store, is_intact, seal, sync, sync_folder, write_union
from crmgraph.store.updates import parser_message

AUDIT = "audit.jsonl"
"""The name of the audit log in the folder of the store."""

_CURRENT = "current"
_LOCK = "lock"


class Generations:
    """The generations of a store, in one folder. A small file names the current generation and is replaced atomically.

    So a write that is interrupted at any point leaves the previous generation as it was, and the engine never reads a
    store that another process writes to.

    Attributes:
        folder: The folder of all generations.
        number: The number of the current generation, from 1.
        state: An identifier of the data of the current generation. Only copies of this generation share it.
    """

    def __init__(self, folder: Path) -> None:
        """Open the store in `folder`. Raises UsageError if the folder has no current generation."""
        self.folder = folder.absolute()
        self.number, self.state = self._read()

    @classmethod
    def create(cls, folder: Path, seed: Path | None = None, state: str = "") -> "Generations":
        """Make the first generation in a new or empty folder: a copy of the Oxigraph store `seed`, or an empty store.

        `state` is the identifier of the data; a new one is made if it is empty. Raises UsageError if the folder is in
        use.
        """
        if not may_create_store(folder):
            raise UsageError("a store is made in a folder that is new or empty", Place(folder))
        first = folder / _folder_name(1)
        shutil.rmtree(first, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        if seed is None:
            Store(first).flush()
        else:
            copy_store(seed, first)
        sync_folder(first)
        _set_current(folder, 1, state or new_state())
        return cls(folder)

    @property
    def path(self) -> Path:
        """The folder of the Oxigraph store of the current generation, which may be read but not written to."""
        return self.folder / _folder_name(self.number)

    def adopt(self, state: str = "") -> int:
        """Make the proposed generation the current one and return its number. On return, this survives a power loss.

        `state` is the identifier of its data; a new one is made if it is empty. Raises OSError if the disk fails.
        """
        number, state = self.number + 1, state or state_when_written(dataset_digest_of(self.state))
        sync_folder(self.folder / _folder_name(number))
        try:
            _set_current(self.folder, number, state)
        except OSError:
            # The file may have been replaced before the sync failed, so the old content is restored.
            if self._read() != (self.number, self.state):
                _set_current(self.folder, self.number, self.state)
            raise
        self.number, self.state = number, state
        return number

    def remove_proposed(self) -> None:
        """Remove the proposed generation, if there is one and it has not become the current one."""
        if self._read() == (self.number, self.state):
            shutil.rmtree(self.folder / _folder_name(self.number + 1), ignore_errors=True)

    @contextmanager
    def propose(self, source: Path | None = None) -> Iterator[Path]:
        """Yield a copy of the current generation, or of the store `source`, to be changed and adopted in the context.

        Remains of an earlier proposal are removed first. If the context raises an error, the copy is removed.
        """
        # The file is authoritative: after a disk error, the attributes of this object may be outdated.
        self.number, self.state = self._read()
        proposed = self.folder / _folder_name(self.number + 1)
        shutil.rmtree(proposed, ignore_errors=True)
        try:
            copy_store(source or self.path, proposed)
            yield proposed
        except BaseException as error:
            # Local variables in the traceback may keep the engine's files open, and open files should not be removed.
            clear_frames(error.__traceback__)
            self.remove_proposed()
            raise

    def other_generations(self) -> list[Path]:
        """Return the folders of all generations except the current one, oldest first."""
        return sorted(each for each in self.folder.iterdir() if each.stem.isdecimal() and each != self.path)

    def remove(self, generation: Path) -> None:
        """Remove a generation. Its folder is renamed first, so that a process that copies it notices."""
        with suppress(OSError):
            shutil.rmtree(generation.rename(generation.with_suffix(".removed")), ignore_errors=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the write lock of the store. Raises UsageError if another process holds it."""
        with (self.folder / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise UsageError(
                    "another process writes to this store; end it first, or send it what is to be written",
                    Place(self.folder),
                ) from None
            self.number, self.state = self._read()
            yield

    def _read(self) -> tuple[int, str]:
        try:
            first, state = (self.folder / _CURRENT).read_text(encoding="ascii").split()
            number = int(first)
        except (OSError, ValueError):
            number, state = 0, ""
        if not (self.folder / _folder_name(number) / "CURRENT").is_file():
            raise UsageError("there is no store that is written to in this folder", Place(self.folder))
        return number, state


class AuditLog:
    """The audit log of a store: an append-only file with one JSON object a line, each for one write.

    The attribute `last` is the last entry that was there when the log was opened; empty if it is missing or incomplete.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / AUDIT
        self.last: dict[str, Any] = {}
        with self._file.open("a+", encoding="utf-8", errors="replace") as file:
            file.seek(0)
            for line in deque(file, 1):
                with suppress(ValueError):
                    self.last = json.loads(line)
                # The process that wrote last may have ended in the middle of a line.
                if not line.endswith("\n"):
                    file.write("\n")

    def add(self, **entry: object) -> None:
        """Append an entry with the current time. On return, the entry is on the disk."""
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}, ensure_ascii=False)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())


def may_create_store(folder: Path) -> bool:
    """Return whether a store can be created in a folder.

    This is so if the folder is missing or empty, or contains only a first generation that was never completed.
    """
    return not folder.exists() or (folder.is_dir() and all(each.name == _folder_name(1) for each in folder.iterdir()))


def _folder_name(number: int) -> str:
    return f"{number:012d}"


def _set_current(folder: Path, number: int, state: str) -> None:
    """Record which generation is current.

    The file is replaced atomically, so a reader finds either the old or the new content.
    """
    written = folder / f"{_CURRENT}.new"
    with written.open("w", encoding="ascii") as file:
        file.write(f"{number} {state}\n")
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / _CURRENT)
    sync(folder)


_STATE = "state"
_MAX_TRIES = 20
_Opener = Callable[[Path], AbstractContextManager[BinaryIO]]
_SYNTAXES = {f".{each.extension}": RdfFormat.from_media_type(each.media_type) for each in GRAPH_FORMATS}


def back_up(folder: Path, target: Path) -> int:
    """Copy the current generation of the store in `folder` to a new folder; return the number of that generation.

    Other processes may write meanwhile; their changes are not in the copy. The folder `target` appears complete or not
    at all, and has a seal that shows later damage. Raises UsageError if `folder` has no store, if the store is damaged,
    or if `target` exists.
    """
    if target.exists():
        raise UsageError("there is something already; a backup is made in a new folder", Place(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".unfinished-", dir=target.parent, ignore_cleanup_errors=True) as unfinished:
            fresh = Path(unfinished)
            copied = _copy_current(folder, fresh / STORE)
            (fresh / _STATE).write_text(copied.state, encoding="ascii")
            seal(fresh)
            fresh.chmod(0o755)
            fresh.rename(target)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror or error}", Place(target)) from None
    return copied.number


def _copy_current(folder: Path, target: Path) -> Generations:
    """Copy the current generation, check the copy, and return the generation.

    If another process adds a generation and removes this one meanwhile, the copy may lack files, and is made again.
    Raises UsageError if the store is damaged, or is written to so often that no copy is complete.
    """
    for _ in range(_MAX_TRIES):
        generations = Generations(folder)
        with suppress(FileNotFoundError):
            copy_store(generations.path, target)
        if generations.path.is_dir():
            _check_readable(target, folder)
            return generations
        shutil.rmtree(target, ignore_errors=True)
    raise UsageError("too much is written to this store; try again", Place(folder))


def _check_readable(store: Path, folder: Path) -> None:
    """Raise UsageError if the copy cannot be read completely. The seal of a damaged copy would declare it intact."""
    try:
        with Path(os.devnull).open("wb") as nowhere:
            Store.read_only(str(store)).dump(nowhere, RdfFormat.N_QUADS)
    except (OSError, RuntimeError) as error:
        raise UsageError(
            f"cannot be read to its end, for it is damaged ({error}); no backup was made. Restore an earlier one",
            Place(folder),
        ) from None


def read_backup(backup: Path) -> Path:
    """Return the folder of the Oxigraph store in a backup. Raises UsageError if it is not a backup, or is damaged."""
    if not backup.exists():
        raise UsageError("there is nothing here", Place(backup))
    if not is_intact(backup) or not (backup / STORE / "CURRENT").is_file():
        raise UsageError("this is no backup, or it is damaged", Place(backup))
    return backup / STORE


def restore(folder: Path, backup: Path) -> int:
    """Replace the content of the store in `folder` with a backup, or create the store from it; return the generation.

    The audit log identifies the backup by the digest of its seal. Raises UsageError if `backup` is not a backup or is
    damaged, and if another process writes to the store.
    """
    source = read_backup(backup)
    entry: dict[str, object] = {"files": [{"name": backup.name, "sha256": sha256_of(backup / SEAL)}]}
    state = (backup / _STATE).read_text(encoding="ascii") if (backup / _STATE).is_file() else ""
    if may_create_store(folder):
        generations = Generations.create(folder, source, state)
        write_union(generations.path)
        _add_to_audit(generations, generations.number, "restore", entry)
        return generations.number
    generations = Generations(folder)
    with generations.lock(), generations.propose(source) as proposed:
        return _commit(generations, proposed, "restore", entry, state or new_state())


def load_files(
    folder: Path,
    files: Sequence[Path],
    graph: str | None = None,
    opener: _Opener = lambda file: file.open("rb"),
) -> int:
    """Load RDF files into the store in `folder`, all of them or none; return the number of statements added.

    Statements that are in no named graph go into `graph`, or into the default graph. `opener` opens a file for reading;
    a caller can pass one that shows progress. The suffix determines the syntax: ttl, nt, nq, trig, rdf or jsonld, also
    with `.gz` after it. Raises UsageError if the store, a file or the graph cannot be used, or if another process
    writes to the store; InputError for a syntax error in a file.
    """
    try:
        target = NamedNode(graph) if graph else DefaultGraph()
    except ValueError:
        raise UsageError(f"{graph} cannot name a graph: it is not an absolute IRI") from None
    generations = Generations(folder)
    with generations.lock(), generations.propose() as proposed:
        added = _load_all(proposed, files, target, opener)
        loaded = [{"name": file.name, "sha256": sha256_of(file)} for file in files]
        _commit(generations, proposed, "load", {"files": loaded, "graph": graph or "default"})
    return added


def _load_all(folder: Path, files: Sequence[Path], graph: NamedNode | DefaultGraph, opener: _Opener) -> int:
    """Load the files and return the number of statements added.

    The store is a local variable of this function, so that it is closed on return. It must be closed before its union
    is written, and before it is removed.
    """
    store = Store(folder)
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
            # Relative IRIs are resolved against the graph, since the path of the file should not become public.
            base = graph.value if isinstance(graph, NamedNode) else None
            store.bulk_load(source, syntax, base_iri=base, to_graph=graph)
    except SyntaxError as error:
        raise InputError(
            f"this is not RDF in that syntax: {parser_message(error)}", Place(file, error.lineno, error.offset)
        ) from None
    except (OSError, EOFError) as error:
        raise UsageError(f"cannot be loaded: {getattr(error, 'strerror', None) or error}", Place(file)) from None


def _commit(generations: Generations, proposed: Path, operation: str, entry: dict[str, object], state: str = "") -> int:
    write_union(proposed)
    _add_to_audit(generations, generations.number + 1, operation, entry)
    adopted = generations.adopt(state)
    for generation in generations.other_generations():
        generations.remove(generation)
    return adopted


def _add_to_audit(generations: Generations, generation: int, operation: str, entry: dict[str, object]) -> None:
    AuditLog(generations.folder).add(generation=generation, writer="command line", operation=operation, **entry)
