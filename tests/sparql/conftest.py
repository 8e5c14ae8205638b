"""Fixtures: a small store, and a pool over it that the quick tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmgraph.sparql import Pool
from crmgraph.sparql.worker import ReadOnlyStore
from tests.support.stores import build_store


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_store(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture(scope="session")
def stored(small_store: Path) -> ReadOnlyStore:
    return ReadOnlyStore.open(small_store)


@pytest.fixture(scope="session")
def pool(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**30, workers=2) as pool:
        yield pool
