"""The seal of a folder, by which damage shows; and folders for the time being, which do not outlive their process."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crmgraph.storing.scratch import scratch_folder
from crmgraph.storing.seal import SEAL, is_intact, seal


def test_damage_of_a_sealed_folder_shows(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    (folder / "store").mkdir(parents=True)
    files = {"findings.json": b"[]", "store/MANIFEST-1": b"abc", "store/LOG": b"began", "large": b"x" * 2**20}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    seal(folder)
    sealed = (folder / SEAL).read_bytes()
    assert is_intact(folder)
    (folder / "store" / "LOG").write_text("began, opened", encoding="utf-8")
    (folder / "store" / "more").write_text("", encoding="utf-8")
    assert is_intact(folder), "the engine's diary may grow"
    for name, damage in (
        ("findings.json", b"{}"),
        ("findings.json", None),
        ("store/MANIFEST-1", b""),
        ("large", b"x" * (2**20 - 1) + b"y"),
        (SEAL, None),
        (SEAL, b"{}"),
        (SEAL, b"\xff"),
    ):
        file = folder / name
        if damage is None:
            file.unlink()
        else:
            file.write_bytes(damage)
        assert not is_intact(folder), (name, damage)
        file.write_bytes(sealed if name == SEAL else files[name])
        assert is_intact(folder)
    assert not is_intact(tmp_path / "none")


HOLDS = """
from crmgraph.storing.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "data").mkdir()
    print(folder, flush=True)
    input()
"""


def test_scratch_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch_folder() as folder:
        (folder / "data").write_text("x", encoding="utf-8")
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(tmp_path)},
        cwd=Path(__file__).parents[2],
    ) as other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        with scratch_folder():
            assert (theirs / "data").is_dir(), "it lives"
        other.kill()
        other.wait()
    assert theirs.is_dir()
    with scratch_folder() as folder:
        assert list(tmp_path.iterdir()) == [folder], "what a process left that was killed is removed"
    (tmp_path / "crmgraph-of-others").mkdir()
    (tmp_path / "crmgraph-link").symlink_to(tmp_path / "crmgraph-of-others")
    (tmp_path / "crmgraph-file").touch()
    with scratch_folder():
        pass
    assert len(list(tmp_path.iterdir())) == 3, "what is not of this kind stays"
