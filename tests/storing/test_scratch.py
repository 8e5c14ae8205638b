"""Folders for the time being: none outlives its process for long."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmgraph.storing.scratch import scratch_folder

HOLDS = """
from crmgraph.storing.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "data").mkdir()
    print(folder, flush=True)
    input()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def other(place: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(place)},
        cwd=Path(__file__).parents[2],
    )
    yield process
    process.kill()
    process.communicate()


def test_it_is_removed_in_the_end(place: Path) -> None:
    with scratch_folder() as folder:
        (folder / "data").write_text("x", encoding="utf-8")
        assert list(place.iterdir()) == [folder]
    assert list(place.iterdir()) == []


def test_what_a_process_left_that_was_killed_is_removed(place: Path, other: "subprocess.Popen[str]") -> None:
    assert other.stdout is not None
    theirs = Path(other.stdout.readline().strip())
    with scratch_folder():
        assert (theirs / "data").is_dir(), "it lives"
    other.kill()
    other.wait()
    assert theirs.is_dir()
    with scratch_folder() as folder:
        assert list(place.iterdir()) == [folder]


def test_what_is_not_of_this_kind_stays(place: Path) -> None:
    (place / "crmgraph-of-others").mkdir()
    (place / "crmgraph-link").symlink_to(place / "crmgraph-of-others")
    (place / "crmgraph-file").touch()
    with scratch_folder():
        pass
    assert len(list(place.iterdir())) == 3
