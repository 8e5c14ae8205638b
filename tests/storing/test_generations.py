"""A store that is written to: which generation counts, whatever happens to the next one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.errors import UsageError
from crmgraph.storing import generations as generations_module
from crmgraph.storing.generations import Generations
from crmgraph.storing.syncing import sync
from tests.support.stores import build_store

QUAD = Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("new"), NamedNode("http://e/g"))


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations.create(tmp_path / "kept", build_store(tmp_path / "seed"))


def size(store: Path) -> int:
    return len(Store.read_only(str(store)))


def written(generations: Generations) -> Path:
    proposed = generations.propose()
    store = Store(proposed)
    store.add(QUAD)
    store.flush()
    return proposed


def test_it_begins_as_what_it_is_made_from(generations: Generations, tmp_path: Path) -> None:
    assert generations.number == 1
    assert size(generations.path) == size(tmp_path / "seed") > 400


def test_a_store_whose_making_was_broken_off_is_made_anew(tmp_path: Path) -> None:
    begun = tmp_path / "kept" / "000000000001"
    begun.mkdir(parents=True)
    (begun / "CURRENT").write_text("half")
    assert size(Generations.create(tmp_path / "kept", build_store(tmp_path / "seed")).path) > 400


def test_it_may_begin_with_nothing(tmp_path: Path) -> None:
    assert size(Generations.create(tmp_path / "kept").path) == 0


def test_what_is_proposed_counts_when_it_is_adopted(generations: Generations) -> None:
    before, first, state = size(generations.path), generations.path, generations.state
    proposed = written(generations)
    assert generations.path == first
    assert generations.adopt() == generations.number == 2
    assert generations.path == proposed
    assert (size(first), size(proposed)) == (before, before + 1)
    assert generations.state != state
    again = Generations(generations.folder)
    assert (again.number, again.state, again.path) == (2, generations.state, proposed)


def test_what_is_dropped_or_left_lying_never_counts(generations: Generations) -> None:
    before = size(generations.path)
    generations.drop()
    assert written(generations).exists()
    generations.drop()
    assert not list(generations.others())
    written(generations)
    again = Generations(generations.folder)
    assert (again.number, size(again.path)) == (1, before)
    assert again.others() == [again.folder / "000000000002"]
    assert size(again.propose()) == before


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
        patch.setattr("crmgraph.storing.generations.sync", failing)
        with pytest.raises(OSError, match="Input/output error"):
            generations.adopt()
        generations.drop()
    again = Generations(generations.folder)
    assert (again.number, size(again.path)) == (1, before)


def test_a_name_that_cannot_be_put_back_keeps_what_it_names(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = size(generations.path)
    written(generations)
    real = generations_module._point

    def failing(folder: Path, number: int, state: str) -> None:
        if number == 2:
            real(folder, number, state)
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(generations_module, "_point", failing)
        with pytest.raises(OSError, match="Input/output error"):
            generations.adopt()
        generations.drop()
    again = Generations(generations.folder)
    assert (again.number, size(again.path)) == (2, before + 1)
    assert size(generations.propose()) == before + 1
    assert generations.adopt() == 3


def test_tables_are_linked_and_nothing_else(generations: Generations) -> None:
    proposed = generations.propose()
    for file in proposed.iterdir():
        assert (file.stat().st_nlink > 1) == (file.suffix == ".sst"), file


def test_a_copy_where_the_file_system_has_no_links(generations: Generations, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    assert size(generations.propose()) == size(generations.path)


@pytest.mark.parametrize("content", ["", "1", "one state", "7 abc", "-1 abc", "1 a b"])
def test_a_folder_that_names_no_generation_is_none(generations: Generations, content: str) -> None:
    (generations.folder / "current").write_text(content)
    with pytest.raises(UsageError, match="no store that is written to"):
        Generations(generations.folder)


def test_it_is_made_in_no_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for place in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(UsageError, match="new or empty"):
            Generations.create(place)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_one_process_at_a_time(generations: Generations) -> None:
    program = f"""
from pathlib import Path
from crmgraph.storing.generations import Generations
with Generations(Path({str(generations.folder)!r})).held():
    print("held")
"""

    def other() -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    with generations.held():
        assert "another process writes to this store" in other().stderr
    assert other().stdout == "held\n"
