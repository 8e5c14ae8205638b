"""A store that is written to, with its pool and store_writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from crmgraph.sparql.engine import Question
from crmgraph.sparql.pool import Pool
from crmgraph.store.dataset import write_union
from crmgraph.store.generations import Generations
from crmgraph.store.writer import StoreWriter
from tests.support.stores import build_store


class Kept(NamedTuple):
    """A store_writer, and what it keeps."""

    store_writer: StoreWriter
    pool: Pool
    generations: Generations

    def ask(self, query: str) -> list[str]:
        """The lines of an answer in CSV, without the first."""
        return self.pool.answer(Question(query, result_type="text/csv"), 120).body.decode().split("\r\n")[1:-1]


@contextmanager
def keeping(folder: Path) -> Iterator[Kept]:
    generations = Generations.create(folder / "kept", build_store(folder / "seed"))
    write_union(generations.path)
    with (
        Pool(generations.path, memory_bytes=2**30, workers=1) as pool,
        StoreWriter(generations, pool, memory=2**30) as store_writer,
    ):
        yield Kept(store_writer, pool, generations)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with keeping(tmp_path) as kept:
        yield kept


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """One for several tests, of which none minds what the others have written."""
    with keeping(tmp_path_factory.mktemp("shared")) as kept:
        yield kept
