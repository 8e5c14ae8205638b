"""A store that is written to, with its pool and keeper."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from crmgraph.sparql import Pool, Question
from crmgraph.storing.generations import Generations
from crmgraph.storing.unions import write_union
from crmgraph.updating import Keeper
from tests.support.stores import build_store


class Kept(NamedTuple):
    """A keeper, and what it keeps."""

    keeper: Keeper
    pool: Pool
    generations: Generations

    def ask(self, query: str) -> list[str]:
        """The lines of an answer in CSV, without the first."""
        answer = self.pool.answer(Question(query, result_type="text/csv"), 20)
        return answer.body.decode().split("\r\n")[1:-1]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    generations = Generations.create(tmp_path / "kept", build_store(tmp_path / "seed"))
    write_union(generations.path)
    with (
        Pool(generations.path, memory_bytes=2**30) as pool,
        Keeper(generations, pool, memory=2**30) as keeper,
    ):
        yield Kept(keeper, pool, generations)
