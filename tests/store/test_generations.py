"""A store that is written to: which generation counts, whatever happens to the next one; and its backups."""

import os
import threading
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.errors import UsageError
from crmgraph.store.dataset import sync
from crmgraph.store.generations import Generations, back_up, read_backup

P, G = NamedNode("http://e/p"), NamedNode("http://e/g")


@pytest.fixture
def generations(small_store: Path, tmp_path: Path) -> Generations:
    return Generations.create(tmp_path / "kept", small_store)


def size(store: Path) -> int:
    return len(Store.read_only(str(store)))


def written(generations: Generations, name: str = "s") -> Path:
    with generations.propose() as proposed:
        pass
    store = Store(proposed)
    store.add(Quad(NamedNode(f"http://e/{name}"), P, Literal("new"), G))
    store.flush()
    return proposed


def test_it_begins_as_what_it_is_made_from(generations: Generations, small_store: Path, tmp_path: Path) -> None:
    assert generations.number == 1
    assert generations.state
    assert size(generations.path) == size(small_store) > 400
    begun = tmp_path / "again" / "000000000001"
    begun.mkdir(parents=True)
    (begun / "CURRENT").write_text("half")
    again = Generations.create(tmp_path / "again", small_store)
    assert size(again.path) > 400, "what was broken off is made anew"
    assert again.state != generations.state
    assert size(Generations.create(tmp_path / "empty").path) == 0
    (tmp_path / "mine.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(UsageError, match="new or empty"):
            Generations.create(place)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_what_is_proposed_counts_when_it_is_adopted(generations: Generations, monkeypatch: pytest.MonkeyPatch) -> None:
    before, first, state = size(generations.path), generations.path, generations.state
    synced: list[Path] = []
    monkeypatch.setattr("crmgraph.store.dataset.sync", synced.append)
    proposed = written(generations)
    for file in proposed.iterdir():
        assert (file.stat().st_nlink > 1) == (file.suffix == ".sst" and (first / file.name).exists()), file
    assert generations.path == first
    assert generations.adopt() == generations.number == 2
    assert {proposed, proposed / "CURRENT"} <= set(synced), "all of it is on the disk before it counts"
    assert generations.path == proposed
    assert (size(first), size(proposed)) == (before, before + 1)
    assert generations.state != state
    again = Generations(generations.folder)
    assert (again.number, again.state, again.path) == (2, generations.state, proposed)


def test_what_is_dropped_or_left_lying_never_counts(generations: Generations, monkeypatch: pytest.MonkeyPatch) -> None:
    before = size(generations.path)
    generations.remove_proposed()
    assert written(generations).exists()
    generations.remove_proposed()
    assert not list(generations.other_generations())
    written(generations)
    again = Generations(generations.folder)
    assert (again.number, size(again.path)) == (1, before)
    assert again.other_generations() == [again.folder / "000000000002"]

    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    with again.propose() as proposed:
        assert size(proposed) == before, "a copy where the file system has no links"


@pytest.mark.parametrize("failures", [1, 2])
def test_a_disk_that_fails_when_the_name_is_in_place_damages_nothing(
    generations: Generations, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    before, left = size(generations.path), [failures]

    def failing(path: Path) -> None:
        if path == generations.folder and (path / "current").read_text().startswith("2 ") and left[0]:
            left[0] -= 1
            raise OSError(5, "Input/output error")
        sync(path)

    written(generations)
    with monkeypatch.context() as patch:
        patch.setattr("crmgraph.store.generations.sync", failing)
        with pytest.raises(OSError, match="Input/output error"):
            generations.adopt()
        generations.remove_proposed()
    again = Generations(generations.folder)
    assert (again.number, size(again.path)) == (1, before)


def test_a_backup_is_the_store_as_it_was(generations: Generations, tmp_path: Path) -> None:
    with generations.lock():
        assert back_up(generations.folder, tmp_path / "deep" / "backup") == 1
        written(generations)
        generations.adopt()
    assert size(read_backup(tmp_path / "deep" / "backup")) == size(generations.path) - 1
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["backup"]
    (tmp_path / "there").mkdir()
    for source, target, said in (
        (generations.folder, tmp_path / "there", "something already"),
        (tmp_path / "seed", tmp_path / "new", "no store that is written to"),
        (generations.folder, generations.path / "CURRENT" / "new", "cannot be written"),
    ):
        with pytest.raises(UsageError, match=said):
            back_up(source, target)
    assert not (tmp_path / "new").exists()


def test_a_backup_while_others_write(generations: Generations, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        for number in range(10):
            written(generations, str(number))
            generations.adopt()
            for other in generations.other_generations():
                generations.remove(other)
        done.set()

    writing = threading.Thread(target=write)
    writing.start()
    sizes: list[int] = []
    while not done.is_set() or not sizes:
        target = tmp_path / f"backup{len(sizes)}"
        back_up(generations.folder, target)
        sizes.append(size(read_backup(target)))
    writing.join()
    assert sizes == sorted(sizes)


def test_damage_of_a_backup_or_of_the_store_shows(generations: Generations, small_store: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    back_up(generations.folder, backup)
    table = next((backup / "store").glob("*.sst"))
    content = table.read_bytes()
    table.unlink()
    table.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    for place, said in (
        (backup, "damaged"),
        (small_store, "no backup"),
        (tmp_path / "no", "no: there is nothing here"),
    ):
        with pytest.raises(UsageError, match=said):
            read_backup(place)
    for table in generations.path.glob("*.sst"):
        half = table.stat().st_size // 2
        content = table.read_bytes()
        table.unlink()
        table.write_bytes(bytes(half) + content[half:])
    with pytest.raises(UsageError, match=r"kept: cannot be read to its end, .* no backup was made"):
        back_up(generations.folder, tmp_path / "other")
    assert not (tmp_path / "other").exists()
