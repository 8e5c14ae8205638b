"""Killed in the middle of writing: nothing that was acknowledged is lost, and nothing is half done."""

from pathlib import Path

from tests.hostile.kills import drill


def test_killed_again_and_again(tmp_path: Path) -> None:
    assert drill(8, tmp_path / "kept") >= 8
