"""Servers over the same statements: crmgraph with and without its cache, and its peers."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import httpx
from pyoxigraph import RdfFormat, Store

from crmgraph.building.manifest import read_manifest
from crmgraph.namespaces import Names
from crmgraph.store import DUMP
from crmgraph.store.generations import Generations
from tests.support.engines import oxigraph_binary, running, virtuoso_server
from tests.support.servers import crmgraph_command, free_port

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
    """What an engine gives that ends now and then while it is sent the data. Raises httpx.HTTPError after _TRIES."""
    for _ in range(_TRIES - 1):
        with suppress(httpx.HTTPError):
            return begin()
    return begin()


@contextmanager
def _virtuoso(data: Dataset, folder: Path) -> Iterator[str]:
    with virtuoso_server(Path(tempfile.mkdtemp(dir=folder))) as endpoint:
        store = Store.read_only(str(data.store))
        with httpx.Client(auth=httpx.DigestAuth("dba", "dba"), timeout=_SENDING, trust_env=False) as client:
            for graph in store.named_graphs():
                triples = store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph)
                client.put(
                    endpoint.replace("/sparql", "/sparql-graph-crud-auth"),
                    params={"graph": str(graph.value)},
                    content=triples,
                    headers={"Content-Type": "application/n-triples"},
                ).raise_for_status()
        yield endpoint
