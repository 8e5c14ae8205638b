"""A disk that is full: the write is refused with a word about it, and nothing is damaged."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from crmgraph.errors import StorageError
from crmgraph.sparql import Pool, Question
from crmgraph.storing.generations import Generations
from crmgraph.storing.unions import has_union
from crmgraph.updating import Change, Keeper, Writer

MEBIBYTES = 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mounted = tmp_path / "disk"
    mounted.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "none", str(mounted)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield mounted
    subprocess.run(["umount", str(mounted)], check=True)


def fill(number: int) -> Change:
    said = " ".join(f"<http://e/{number}-{n}> <http://e/p> '{n:0500}' ." for n in range(1500))
    return Change("update", (f"INSERT DATA {{ GRAPH <http://e/{number}> {{ {said} }} }}".encode(),))


def test_a_write_that_there_is_no_room_for(small_disk: Path) -> None:
    generations = Generations.create(small_disk / "kept")
    writer = Writer("ana", "")
    with Pool(generations.path, memory_bytes=2**30) as pool, Keeper(generations, pool, 2**30) as keeper:

        def size() -> int:
            answer = pool.answer(Question("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", result_type="text/csv"), 20)
            return int(answer.body.split()[1])

        written = 0
        with suppress(StorageError):
            for written in range(100):
                keeper.write(fill(written), writer, 30)
        assert 0 < written < 99
        with pytest.raises(StorageError, match=r"(?i)space") as caught:
            keeper.write(fill(written), writer, 30)
        assert "No se cambió nada" in caught.value.args[0].spanish
        assert size() == 1500 * written
        subprocess.run(["mount", "-o", f"remount,size={8 * MEBIBYTES}m", str(small_disk)], check=True)
        keeper.write(fill(written), writer, 30)
        assert size() == 1500 * (written + 1)


def test_a_union_that_there_is_no_room_for(small_disk: Path) -> None:
    generations = Generations.create(small_disk / "kept")
    writer = Writer("ana", "")
    copy = Change("update", (b"ADD <http://e/0> TO <http://e/copy>",))
    with Pool(generations.path, memory_bytes=2**30) as pool, Keeper(generations, pool, 2**30) as keeper:
        keeper.write(fill(0), writer, 30)
        with pytest.raises(StorageError):
            keeper.write(copy, writer, 30)
        assert generations.others() == []
        subprocess.run(["mount", "-o", f"remount,size={16 * MEBIBYTES}m", str(small_disk)], check=True)
        keeper.write(copy, writer, 30)
        assert has_union(generations.path)


def test_a_dump_that_there_is_no_room_for(small_disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    generations = Generations.create(small_disk / "kept")
    with Pool(generations.path, memory_bytes=2**30) as pool, Keeper(generations, pool, 2**30) as keeper:
        keeper.write(fill(0), Writer("ana", ""), 30)
        ballast = small_disk / "ballast"
        with suppress(OSError), ballast.open("wb") as file:
            while True:
                file.write(bytes(2**12))
                file.flush()
        with pytest.raises(StorageError, match="No space left on device"):
            keeper.dump(30)
        assert "dump-" in caplog.text
        assert "No space left on device" in caplog.text
        assert not list(generations.folder.glob("dump-*"))
        ballast.unlink()
        assert keeper.dump(30).is_file()
