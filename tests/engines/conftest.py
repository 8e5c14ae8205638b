"""Real engines, each with the real dataset published on it once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Store

from crmgraph.building import Manifest
from crmgraph.sparql import Engine, Pool
from crmgraph.sparql.elsewhere import Address, Connection, Copy, RemoteEngine
from crmgraph.storing import STORE
from crmgraph.updating.publishing import publish
from tests.support.engines import PLACES, engine_at, oxigraph_server, virtuoso_server


@dataclass(frozen=True)
class Published:
    """An engine that has the dataset, ways to ask it, and the folder of the built store."""

    address: Address
    connection: Connection
    engine: RemoteEngine
    copy: Copy
    built: Path


def published(
    address: Address, folder: Path, built: Path, store: Store, manifest: Manifest, faithful: bool
) -> Iterator[Published]:
    with engine_at(address, folder, built, manifest.dataset) as (engine, connection, copy):
        assert publish(connection, PLACES, store, manifest.dataset, lambda _: faithful)
        engine.refresh(30)
        yield Published(address, connection, engine, copy, built)


@pytest.fixture(scope="session")
def built(build_folder: Path, manifest: Manifest) -> Path:
    return manifest.folder(build_folder) / STORE


@pytest.fixture(scope="session")
def ours(built: Path) -> Iterator[Engine]:
    with Pool(built, memory_bytes=2**31, workers=1) as pool:
        yield pool


@pytest.fixture(scope="session")
def oxigraph(
    tmp_path_factory: pytest.TempPathFactory, built: Path, store: Store, manifest: Manifest
) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("oxigraph")
    with oxigraph_server(folder) as address:
        yield from published(address, folder, built, store, manifest, faithful=True)


@pytest.fixture(scope="session")
def virtuoso(
    tmp_path_factory: pytest.TempPathFactory, built: Path, store: Store, manifest: Manifest
) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("virtuoso")
    with virtuoso_server(folder) as address:
        yield from published(address, folder, built, store, manifest, faithful=False)
