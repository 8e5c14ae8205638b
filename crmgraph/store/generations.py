"""A store that is written to, as a row of generations: a write makes the next one, and none changes once it counts.

Beside them is the record of every write: who, when, what, on which graph. A line is written before the write counts.
Backups are copies of a generation; restoring and loading files make one while nobody serves the store."""

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from traceback import clear_frames
from typing import IO, Any, BinaryIO, cast

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from crmgraph.errors import InputError, Place, UsageError
from crmgraph.sparql.engine import dataset_digest_of, new_state, state_when_written
from crmgraph.sparql.formats import GRAPH_FORMATS
from crmgraph.store import STORE
from crmgraph.store.dataset import SEAL, clone, is_intact, seal, sync, sync_folder, write_union
from crmgraph.store.updates import said_of

AUDIT = "audit.jsonl"
"""The name of the record in the folder of the store."""

_TAIL = 2**18
"""More bytes than an entry has."""

_CURRENT = "current"
_LOCK = "lock"


class Generations:
    """The generations in a folder. A file names the one that counts, and is replaced as a whole.

    `number` is that of the generation that counts, from 1, and `state` that of its data, which they have in no other
    store but a copy of it.

    So a write that is broken off anywhere, by whatever, leaves the generation before it as it was, and the engine never
    has a store open to read that another process writes.
    """

    def __init__(self, folder: Path) -> None:
        """Raises UsageError where the folder is no store that is written to."""
        self.folder = folder.absolute()
        self.number, self.state = self._read()

    @classmethod
    def create(cls, folder: Path, seed: Path | None = None, state: str = "") -> "Generations":
        """Make the first generation in a new or empty folder: what the Oxigraph store `seed` holds, or nothing.

        `state` names the data, where they have a name. Raises UsageError where something else is there.
        """
        if not is_new(folder):
            raise UsageError("a store is made in a folder that is new or empty", Place(folder))
        first = folder / _name(1)
        shutil.rmtree(first, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        if seed is None:
            Store(first).flush()
        else:
            clone(seed, first)
        sync_folder(first)
        _point(folder, 1, state or new_state())
        return cls(folder)

    @property
    def path(self) -> Path:
        """The Oxigraph store of the generation that counts. It is only read."""
        return self.folder / _name(self.number)

    def adopt(self, state: str = "") -> int:
        """Have the proposed generation count; return its number. Then it outlasts a loss of power.

        `state` names its data, where they have a name.
        """
        number, state = self.number + 1, state or state_when_written(dataset_digest_of(self.state))
        sync_folder(self.folder / _name(number))
        try:
            _point(self.folder, number, state)
        except OSError:
            # The new name may be in place and only not on the disk for certain, so the old one is put back.
            if self._read() != (self.number, self.state):
                _point(self.folder, self.number, self.state)
            raise
        self.number, self.state = number, state
        return number

    def drop(self) -> None:
        """Remove the proposed generation, where there is one and the file does not name it all the same."""
        if self._read() == (self.number, self.state):
            shutil.rmtree(self.folder / _name(self.number + 1), ignore_errors=True)

    @contextmanager
    def proposed(self, source: Path | None = None) -> Iterator[Path]:
        """Yield a copy of the generation that counts, or of another store, to be changed and adopted within.

        What an earlier proposal left is removed, and so is this one where something goes wrong.
        """
        # What the file names counts, even where a disk that failed kept this from being known here.
        self.number, self.state = self._read()
        proposed = self.folder / _name(self.number + 1)
        shutil.rmtree(proposed, ignore_errors=True)
        try:
            clone(source or self.path, proposed)
            yield proposed
        except BaseException as error:
            # The engine must have let go of the files before they are removed.
            clear_frames(error.__traceback__)
            self.drop()
            raise

    def others(self) -> list[Path]:
        """Return the generations that do not count any more, or never did, oldest first."""
        return sorted(each for each in self.folder.iterdir() if each.name.isdecimal() and each != self.path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody else write meanwhile. Raises UsageError where somebody does."""
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
        if not (self.folder / _name(number) / "CURRENT").is_file():
            raise UsageError("there is no store that is written to in this folder", Place(self.folder))
        return number, state


class Audit:
    """The record of the writes to the store in a folder, an object of JSON a line. Lines are only ever added."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / AUDIT
        # Whoever wrote last may have been ended in the middle of a line.
        if (tail := self._tail()) and not tail.endswith(b"\n"):
            with self._file.open("a", encoding="utf-8") as broken:
                broken.write("\n")

    def add(self, **entry: object) -> None:
        """Write an entry, with the time; when this returns it is on the disk."""
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}, ensure_ascii=False)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> dict[str, Any]:
        """Return the last entry that is whole; an empty one where there is none."""
        for line in reversed(self._tail().splitlines()):
            with suppress(ValueError):
                entry: dict[str, Any] = json.loads(line)
                return entry
        return {}

    def _tail(self) -> bytes:
        with self._file.open("a+b") as file:
            file.seek(max(file.tell() - _TAIL, 0))
            return file.read()


def is_new(folder: Path) -> bool:
    """Tell whether a store can be made in a folder: it is empty, or has what was broken off before it counted."""
    return not folder.exists() or (folder.is_dir() and all(each.name == _name(1) for each in folder.iterdir()))


def _name(number: int) -> str:
    return f"{number:012d}"


def _point(folder: Path, number: int, state: str) -> None:
    """Name the generation that counts; a file that is renamed is the old one or the new one, never half of either."""
    written = folder / f"{_CURRENT}.new"
    with written.open("w", encoding="ascii") as file:
        file.write(f"{number} {state}\n")
        file.flush()
        os.fsync(file.fileno())
    written.replace(folder / _CURRENT)
    sync(folder)


_STATE = "state"
_TRIES = 5
_Opener = Callable[[Path], AbstractContextManager[BinaryIO]]
_SYNTAXES = {f".{each.extension}": RdfFormat.from_media_type(each.media_type) for each in GRAPH_FORMATS}


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
        return _adopt(generations, proposed, "restore", entry, state or new_state())


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
        added = _load_all(proposed, files, target, opener)
        loaded = [{"name": file.name, "sha256": _digest_of(file)} for file in files]
        _adopt(generations, proposed, "load", {"files": loaded, "graph": graph or "default"})
    return added


def _load_all(folder: Path, files: Sequence[Path], graph: NamedNode | DefaultGraph, opener: _Opener) -> int:
    """Load the files and return how many statements there are more.

    The store is open in this frame alone: nobody may have it open when its union is written, or when it is dropped.
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


def _adopt(generations: Generations, proposed: Path, operation: str, entry: dict[str, object], state: str = "") -> int:
    write_union(proposed)
    _record(generations, generations.number + 1, operation, entry)
    adopted = generations.adopt(state)
    for generation in generations.others():
        shutil.rmtree(generation, ignore_errors=True)
    return adopted


def _record(generations: Generations, generation: int, operation: str, entry: dict[str, object]) -> None:
    Audit(generations.folder).add(generation=generation, writer="command line", operation=operation, **entry)
