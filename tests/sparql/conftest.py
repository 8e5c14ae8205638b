"""The small store in this process, and a pool over it that the quick tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crmgraph.sparql.pool import Pool
from crmgraph.sparql.worker import ReadOnlyStore


@pytest.fixture(scope="session")
def stored(small_store: Path) -> ReadOnlyStore:
    return ReadOnlyStore.open(small_store)


@pytest.fixture(scope="session")
def pool(small_store: Path) -> Iterator[Pool]:
    with Pool(small_store, memory_bytes=2**30, workers=2) as pool:
        yield pool
