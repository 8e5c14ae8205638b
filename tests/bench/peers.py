"""Servers with the same data: crmgraph with and without its cache, and other endpoints."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from typing import NamedTuple

import httpx
from pyoxigraph import Store

from crmgraph.building.manifest import read_manifest
from crmgraph.namespaces import Names
from crmgraph.store import DUMP
from crmgraph.store.generations import Generations
from tests.support.servers import crmgraph_command, free_port, running, wait_until_prepared

OURS, UNCACHED, PRELOADED = "crmgraph", "crmgraph without cache", "the same with mimalloc"
ALLOCATOR = find_library("mimalloc")
"""The allocator that docs/operations.md recommends (Debian: libmimalloc3); None if it is not installed."""
ON_DISK, IN_MEMORY, VIRTUOSO = "oxigraph serve", "oxigraph serve in memory", "virtuoso"
"""The peers. Virtuoso is measured where it is installed (Debian: virtuoso-opensource)."""
_STARTING = 600
"""How many seconds a server may take to start."""
_OXIGRAPH = (Path(sys.executable).parent / "oxigraph", Path(__file__).parents[2] / ".venv/oxigraph/bin/oxigraph")


def oxigraph_binary() -> str | None:
    """Return the path of the Oxigraph server; None if it is not installed."""
    found = [shutil.which("oxigraph"), *(str(path.absolute()) for path in _OXIGRAPH if path.is_file())]
    return next((path for path in found if path), None)


def peers() -> tuple[str, ...]:
    """Return the names of the peers that are installed."""
    return (ON_DISK, IN_MEMORY, *([VIRTUOSO] if shutil.which("virtuoso-t") else []))


class Dataset(NamedTuple):
    """The same data for all servers: an Oxigraph store, N-Quads, the flags to serve them by crmgraph, its `--store`."""

    store: Path
    dump: Path
    flags: Sequence[str]
    size: int
    kept: Path | None = None


def real(folder: Path, checkout: Path | None = None) -> Dataset:
    """Build the real dataset in the folder, by an earlier release if its `checkout` is given."""
    build = folder / "build"
    environment = {**os.environ, "PYTHONPATH": str(checkout.absolute())} if checkout else None
    command = [*crmgraph_command(), "build", "--build", str(build)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, cwd=checkout)
    manifest = read_manifest(build)
    assert manifest is not None
    place = manifest.folder(build)
    return Dataset(place / "store", place / DUMP, ("--build", str(build)), sum(manifest.graphs.values()))


def copies(data: Dataset, times: int, folder: Path) -> Dataset:
    """Return a dataset with `times` renamed copies of the things of a dataset, loaded by `crmgraph load`."""
    space = f"<{Names().id()}".encode()
    lines = data.dump.read_bytes()
    dump = folder / "copies.nq"
    with dump.open("wb") as file:
        file.write(lines)
        for number in range(1, times):
            file.write(lines.replace(space, b"%s%d/" % (space, number)))
    kept = folder / "kept"
    command = [*crmgraph_command(), "load", str(dump), "--store", str(kept), *data.flags]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    path = Generations(kept).path
    return Dataset(path, dump, data.flags, len(Store.read_only(str(path))), kept)


@contextmanager
def served(name: str, data: Dataset) -> Iterator[str]:
    """Run a server with this data, and yield the address for queries."""
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    if name in (OURS, UNCACHED, PRELOADED):
        cache = [] if name == OURS else ["--cache", "0"]
        preloaded = ["env", f"LD_PRELOAD={ALLOCATOR}"] if name == PRELOADED else []
        with tempfile.TemporaryDirectory(prefix="crmgraph-store-") as own:
            # A store that can be written to is open in one server only.
            store = ["--store", shutil.copytree(data.kept, own, dirs_exist_ok=True)] if data.kept else []
            command = [*preloaded, *crmgraph_command(), "serve", "--port", str(port), *cache, *data.flags, *store]
            with running(command, f"{here}/sparql", _STARTING):
                wait_until_prepared(here)
                yield f"{here}/sparql"
    elif name == VIRTUOSO:
        with _virtuoso(data, port, free_port()):
            yield f"{here}/sparql"
    else:
        kept = ("serve-read-only", "--location", str(data.store)) if name == ON_DISK else ("serve",)
        with running([oxigraph_binary() or "", *kept, "--bind", here[7:]], f"{here}/query", _STARTING):
            if name == IN_MEMORY:
                headers = {"Content-Type": "application/n-quads"}
                with httpx.Client(timeout=_STARTING, trust_env=False, headers=headers) as client:
                    client.post(f"{here}/store", content=data.dump.read_bytes()).raise_for_status()
            yield f"{here}/query?union-default-graph"


_VIRTUOSO = """[Database]
DatabaseFile = {folder}/virtuoso.db
TransactionFile = {folder}/virtuoso.trx
ErrorLogFile = {folder}/virtuoso.log
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = {sql}
DirsAllowed = {folder}
NumberOfBuffers = 170000
ServerThreads = 20
[HTTPServer]
ServerPort = {port}
ServerThreads = 20
[SPARQL]
ResultSetMaxRows = 1000000
"""
_LOADING = "ld_dir('{folder}', '*.nq', 'urn:none'); rdf_loader_run(); checkpoint;"


@contextmanager
def _virtuoso(data: Dataset, port: int, sql: int) -> Iterator[None]:
    """Run Virtuoso with this data in a temporary folder. All graphs together are its default graph."""
    with tempfile.TemporaryDirectory(prefix="crmgraph-virtuoso-") as name:
        folder = Path(name)
        (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(folder=folder, port=port, sql=sql), encoding="utf-8")
        shutil.copy(data.dump, folder / "dataset.nq")
        command = ["virtuoso-t", "+foreground", "+configfile", str(folder / "virtuoso.ini")]
        with running(command, f"http://127.0.0.1:{port}/sparql", _STARTING):
            load = [f"127.0.0.1:{sql}", "dba", "dba", f"exec={_LOADING.format(folder=folder)}"]
            subprocess.run(["isql-vt", *load], check=True, stdout=subprocess.DEVNULL)
            yield
