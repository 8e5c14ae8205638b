"""Further plans in the dataset, as whoever asks a question finds them."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from crmgraph.building import MANIFEST, Manifest
from tests.support.commands import Run


@pytest.mark.parametrize("command", ["query", "explain", "export", "check", "publish", "load", "dump", "link", "build"])
def test_every_command_that_may_build_takes_plans(run: Run, command: str) -> None:
    assert "--plans" in run(command, "--help").out


def test_a_file_that_is_no_plan_is_refused_by_its_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "num2.xlsx").write_bytes(b"PK")
    done = run("build", "--plans", "plans", "--build", "own")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "crmgraph: plans/num2.xlsx: this is no plan in text, and would not be in the dataset; make one of it by "
        "`crmgraph import plans/num2.xlsx --output plans/num2.txt`, or move it to another folder\n"
    )


def test_that_plans_are_gone_is_told(run: Run, build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(build_folder, own)
    gone = tmp_path / "gone"
    told = asdict(manifest) | {"plans": str(gone), "further": {"alpha.txt": "0"}}
    (own / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    done = run("query", "theme-counts", "--build", "own")
    assert done.status == 0
    assert done.err == (
        f"crmgraph: the folder of further plans that own was built with is gone ({gone}); they are as they were then\n"
    )
    assert "name it by --plans" in run("build", "--force", "--build", "own").err
    assert (own / MANIFEST).read_text(encoding="utf-8") == json.dumps(told)
