"""The seal of a built dataset: whatever happens to a file that matters shows, and nothing else does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crmgraph.storing.seal import SEAL, is_intact, seal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    (tmp_path / "findings.json").write_text("[]", encoding="utf-8")
    (tmp_path / "store" / "MANIFEST-1").write_text("abc", encoding="utf-8")
    (tmp_path / "store" / "LOG").write_text("began", encoding="utf-8")
    (tmp_path / "large").write_bytes(b"x" * 2**20)
    seal(tmp_path)
    return tmp_path


def test_a_finished_folder_is_intact_and_its_diary_may_grow(folder: Path) -> None:
    assert is_intact(folder)
    (folder / "store" / "LOG").write_text("began, opened", encoding="utf-8")
    (folder / "store" / "more").write_text("", encoding="utf-8")
    assert is_intact(folder)


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "findings.json").write_text("x", encoding="utf-8"),
        lambda folder: (folder / "findings.json").write_text("{}", encoding="utf-8"),
        lambda folder: (folder / "findings.json").unlink(),
        lambda folder: (folder / "store" / "MANIFEST-1").write_text("", encoding="utf-8"),
        lambda folder: (folder / "large").write_bytes(b"x" * 2**19),
        lambda folder: (folder / "large").write_bytes(b"x" * (2**20 - 1) + b"y"),
        lambda folder: (folder / SEAL).unlink(),
        lambda folder: (folder / SEAL).write_text("{}", encoding="utf-8"),
        lambda folder: (folder / SEAL).write_text("[1]", encoding="utf-8"),
        lambda folder: (folder / SEAL).write_bytes(b"\xff"),
    ],
    ids=[
        "shorter",
        "other words",
        "gone",
        "emptied",
        "cut",
        "a byte",
        "no seal",
        "empty seal",
        "wrong seal",
        "no text",
    ],
)
def test_damage_shows(damage: Callable[[Path], object], folder: Path) -> None:
    damage(folder)
    assert not is_intact(folder)


def test_a_folder_that_is_not_there_is_not_intact(tmp_path: Path) -> None:
    assert not is_intact(tmp_path / "none")
