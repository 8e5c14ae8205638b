"""A disk that is full: the write is refused with a word about it, and nothing is damaged."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from crmgraph.errors import StorageError
from crmgraph.sparql.engine import Question
from crmgraph.sparql.pool import Pool
from crmgraph.store.changes import Change, Writer
from crmgraph.store.generations import Generations
from crmgraph.store.writer import StoreWriter

MEBIBYTES = 4
ADDED = 1500


@dataclass
class Disk:
    """A small disk with a store on it."""

    place: Path
    generations: Generations
    pool: Pool
    store_writer: StoreWriter

    def write(self, update: str) -> None:
        self.store_writer.write(Change("update", (update.encode(),)), Writer("ana", ""), 60)

    def fill(self, number: int) -> None:
        said = " ".join(f"<http://e/{number}-{n}> <http://e/p> '{n:0500}' ." for n in range(ADDED))
        self.write(f"INSERT DATA {{ GRAPH <http://e/{number}> {{ {said} }} }}")

    def size(self) -> int:
        answer = self.pool.answer(Question("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", result_type="text/csv"), 60)
        return int(answer.body.split()[1])

    def enlarge(self, times: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={times * MEBIBYTES}m", str(self.place)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    generations = Generations.create(place / "kept")
    with Pool(generations.path, memory_bytes=2**30) as pool, StoreWriter(generations, pool, 2**30) as store_writer:
        yield Disk(place, generations, pool, store_writer)
    subprocess.run(["umount", str(place)], check=True)


def test_a_write_that_there_is_no_room_for(disk: Disk) -> None:
    written = 0
    with suppress(StorageError):
        for written in range(100):
            disk.fill(written)
    assert 0 < written < 99
    with pytest.raises(StorageError, match=r"(?i)space") as caught:
        disk.fill(written)
    assert "No se cambió nada" in caught.value.args[0].spanish
    assert disk.size() == ADDED * written
    disk.enlarge(8)
    disk.fill(written)
    assert disk.size() == ADDED * (written + 1)
