"""Servers over the same statements: crmgraph with and without its cache, and its peers."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Store

from crmgraph.building import read_manifest
from crmgraph.errors import UnavailableError
from crmgraph.namespaces import Names
from crmgraph.sparql.elsewhere import Connection
from crmgraph.sparql.limit import Limit
from crmgraph.storing import DUMP
from crmgraph.storing.generations import Generations
from crmgraph.updating.sending import Sender
from tests.support.engines import PLACES, oxigraph_binary, running, virtuoso_server
from tests.support.servers import crmgraph_command, free_port

__all__ = ["OURS", "PEERS", "UNCACHED", "Dataset", "copies", "real", "served"]

OURS, UNCACHED = "crmgraph", "crmgraph without cache"
PEERS = ("oxigraph serve", "Virtuoso", "rdflib-endpoint")
_STARTING, _SENDING = 600, 1800
"""How many seconds a server may take to start, and to be sent a dataset."""
_TRIES = 5


class Dataset(NamedTuple):
    """The same statements for all: a store of Oxigraph, N-Quads, and how to serve them by crmgraph."""

    store: Path
    dump: Path
    flags: Sequence[str]
    size: int


def real(folder: Path) -> Dataset:
    """The real dataset, built in the folder."""
    build = folder / "build"
    subprocess.run([*crmgraph_command(), "build", "--build", str(build)], check=True, stdout=subprocess.DEVNULL)
    manifest = read_manifest(build)
    assert manifest is not None
    place = manifest.folder(build)
    return Dataset(place / "store", place / DUMP, ("--build", str(build)), sum(manifest.graphs.values()))


def copies(data: Dataset, times: int, folder: Path) -> Dataset:
    """The things of a dataset so many times over, under other names, in a store that `crmgraph load` has made."""
    space = f"<{Names().id()}".encode()
    lines = data.dump.read_bytes()
    dump = folder / "copies.nq"
    with dump.open("wb") as file:
        file.write(lines)
        for number in range(1, times):
            file.write(lines.replace(space, b"%s%d/" % (space, number)))
    kept = folder / "kept"
    store = ("--store", str(kept))
    command = [*crmgraph_command(), "load", str(dump), *store, *data.flags]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    path = Generations(kept).path
    return Dataset(path, dump, (*data.flags, *store), len(Store.read_only(str(path))))


@contextmanager
def served(name: str, data: Dataset, folder: Path) -> Iterator[str]:
    """The address that queries are sent to at this server over these data."""
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    if name in (OURS, UNCACHED):
        cache = ["--cache", "0"] if name == UNCACHED else []
        command = [*crmgraph_command(), "serve", "--port", str(port), "--rate", "0", *cache, *data.flags]
        with running(command, f"{here}/sparql", _STARTING):
            yield f"{here}/sparql"
    elif name == "oxigraph serve":
        command = [oxigraph_binary() or "", "serve-read-only", "--location", str(data.store), "--bind", here[7:]]
        with running(command, f"{here}/query", _STARTING):
            yield f"{here}/query?union-default-graph"
    elif name == "rdflib-endpoint":
        program = str(Path(sys.executable).with_name("rdflib-endpoint"))
        command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(data.dump)]
        with running(command, f"{here}/", _STARTING):
            yield f"{here}/"
    else:
        with ExitStack() as held:
            yield _persistently(lambda: held.enter_context(_virtuoso(data, folder)))


def _persistently(begin: Callable[[], str]) -> str:
    """What an engine gives that ends now and then while it is sent the data. Raises UnavailableError after _TRIES."""
    for _ in range(_TRIES - 1):
        with suppress(UnavailableError):
            return begin()
    return begin()


@contextmanager
def _virtuoso(data: Dataset, folder: Path) -> Iterator[str]:
    with virtuoso_server(Path(tempfile.mkdtemp(dir=folder))) as address:
        with closing(Connection(address)) as connection:
            send(data, Sender(connection, PLACES))
        yield address.query


def send(data: Dataset, sender: Sender) -> None:
    """Put every graph of the dataset there."""
    store = Store.read_only(str(data.store))
    for graph in store.named_graphs():
        triples = [str(quad.triple) for quad in store.quads_for_pattern(None, None, None, graph)]
        sender.put(str(graph.value), triples, Limit(_SENDING))
