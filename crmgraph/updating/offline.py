"""Changes to a store that nobody serves now: files loaded into it, a backup put in its place."""

import gzip
import hashlib
import shutil
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from traceback import clear_frames
from typing import IO, BinaryIO, cast

from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.errors import InputError, Place, UsageError
from crmgraph.sparql import GRAPH_FORMATS
from crmgraph.sparql.results import RDF_SYNTAXES
from crmgraph.storing.backup import read_backup, state_of
from crmgraph.storing.generations import Generations, is_new
from crmgraph.storing.seal import SEAL
from crmgraph.storing.states import new_state
from crmgraph.storing.unions import write_union
from crmgraph.updating.audit import Audit
from crmgraph.updating.keeper import AUDIT
from crmgraph.updating.rdf import told

__all__ = ["load_files", "restore"]

_SYNTAXES = {f".{each.extension}": RDF_SYNTAXES[each.short] for each in GRAPH_FORMATS}
_COMMAND_LINE = "command line"

Opener = Callable[[Path], AbstractContextManager[BinaryIO]]


def _opened(file: Path) -> BinaryIO:
    return file.open("rb")


def load_files(folder: Path, files: Sequence[Path], graph: str | None = None, opener: Opener = _opened) -> int:
    """Load RDF files into the store in `folder`, all of them or none; how many statements there are more.

    What is not in a graph of its own goes into `graph`, or into the graph without a name. `opener` opens a file, and
    may show how far it has been read. The syntax is told by the ending: ttl, nt, nq, trig, rdf, jsonld, each also with
    .gz behind it. Raises UsageError where the store, a file or the graph cannot be used, and where another process
    writes to the store.
    """
    try:
        target = NamedNode(graph) if graph else DefaultGraph()
    except ValueError:
        raise UsageError(f"{graph} cannot name a graph: it is not an absolute IRI") from None
    generations = Generations(folder)
    with generations.held():
        try:
            proposed = generations.propose()
            added = _load(proposed, files, target, opener)
            write_union(proposed)
            _adopt(
                generations,
                "load",
                "",
                files=[{"name": file.name, "sha256": _digest_of(file)} for file in files],
                graph=graph or "default",
            )
        except BaseException as error:
            # The engine must have let go of the files before they are removed.
            clear_frames(error.__traceback__)
            generations.drop()
            raise
    return added


def _digest_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _load(proposed: Path, files: Sequence[Path], graph: NamedNode | DefaultGraph, opener: Opener) -> int:
    store = Store(proposed)
    before = len(store)
    for file in files:
        _load_file(store, file, graph, opener)
    store.flush()
    return len(store) - before


def _load_file(store: Store, file: Path, graph: NamedNode | DefaultGraph, opener: Opener) -> None:
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
            f"this is not RDF in that syntax: {told(error)}", Place(file, error.lineno, error.offset)
        ) from None
    except (OSError, EOFError) as error:
        raise UsageError(f"cannot be loaded: {getattr(error, 'strerror', None) or error}", Place(file)) from None


def restore(folder: Path, backup: Path) -> int:
    """Put a backup in the place of what the store in `folder` holds, or make the store of it; its new generation.

    The record names the backup by the digest of its seal, which tells what each of its files is.

    Raises UsageError where the backup is none or damaged, and where another process writes to the store.
    """
    source = read_backup(backup)
    files = [{"name": backup.name, "sha256": _digest_of(backup / SEAL)}]
    if is_new(folder):
        generations = Generations.create(folder, source, state_of(backup))
        write_union(generations.path)
        _record(generations.folder, generations.number, "restore", files=files)
        return generations.number
    generations = Generations(folder)
    with generations.held():
        try:
            write_union(generations.propose(source))
            return _adopt(generations, "restore", state_of(backup) or new_state(), files=files)
        except BaseException as error:
            clear_frames(error.__traceback__)
            generations.drop()
            raise


def _adopt(generations: Generations, operation: str, state: str, **entry: object) -> int:
    _record(generations.folder, generations.number + 1, operation, **entry)
    adopted = generations.adopt(state)
    for generation in generations.others():
        shutil.rmtree(generation, ignore_errors=True)
    return adopted


def _record(folder: Path, generation: int, operation: str, **entry: object) -> None:
    Audit(folder / AUDIT).add(generation=generation, writer=_COMMAND_LINE, operation=operation, **entry)
