"""Backups: whole and sealed, while the store is in use."""

import shutil
import threading
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.errors import UsageError
from crmgraph.storing.backup import back_up, read_backup
from crmgraph.storing.generations import Generations
from tests.support.stores import build_store

QUAD = Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("new"), NamedNode("http://e/g"))


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations.create(tmp_path / "kept", build_store(tmp_path / "seed"))


def test_a_backup_is_the_store_as_it_was(generations: Generations, tmp_path: Path) -> None:
    with generations.held():
        assert back_up(generations.folder, tmp_path / "deep" / "backup") == 1
        store = Store(generations.propose())
        store.add(QUAD)
        store.flush()
        del store
        generations.adopt()
    kept = Store.read_only(str(read_backup(tmp_path / "deep" / "backup")))
    assert len(kept) == len(Store.read_only(str(generations.path))) - 1
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["backup"]


def test_while_others_write(generations: Generations, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        for number in range(30):
            store = Store(generations.propose())
            store.add(Quad(NamedNode(f"http://e/{number}"), QUAD.predicate, QUAD.object, QUAD.graph_name))
            store.flush()
            del store
            generations.adopt()
            for other in generations.others():
                shutil.rmtree(other)
        done.set()

    writing = threading.Thread(target=write)
    writing.start()
    sizes: list[int] = []
    while not done.is_set():
        target = tmp_path / f"backup{len(sizes)}"
        back_up(generations.folder, target)
        sizes.append(len(Store.read_only(str(read_backup(target)))))
    writing.join()
    assert sizes == sorted(sizes)


def test_nothing_is_overwritten(generations: Generations, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(UsageError, match="something already"):
        back_up(generations.folder, tmp_path / "there")
    with pytest.raises(UsageError, match="no store that is written to"):
        back_up(tmp_path / "seed", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with pytest.raises(UsageError, match="cannot be written"):
        back_up(generations.folder, tmp_path / "seed" / "CURRENT" / "new")


def test_damage_shows(generations: Generations, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    back_up(generations.folder, backup)
    for table in (backup / "store").glob("*.sst"):
        content = table.read_bytes()
        table.unlink()
        table.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        break
    with pytest.raises(UsageError, match="damaged"):
        read_backup(backup)
    with pytest.raises(UsageError, match="no backup"):
        read_backup(tmp_path / "seed")
    with pytest.raises(UsageError, match="nowhere: there is nothing here"):
        read_backup(tmp_path / "nowhere")


def test_what_is_damaged_is_not_sealed(generations: Generations, tmp_path: Path) -> None:
    for table in generations.path.glob("*.sst"):
        content = bytearray(table.read_bytes())
        content[: len(content) // 2] = bytes(len(content) // 2)
        table.unlink()
        table.write_bytes(content)
    with pytest.raises(UsageError, match=r"kept: cannot be read to its end, .* no backup was made"):
        back_up(generations.folder, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
