"""Folders of further plans, and the plans that a dataset was built with."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from crmgraph.building import manifest as inputs
from crmgraph.building.dataset import build
from crmgraph.building.manifest import MANIFEST, Manifest, current_manifest, ignored_files, plan_digests, plans_folder
from crmgraph.errors import UsageError, in_language
from crmgraph.namespaces import Names


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "alpha.txt").write_text("x", encoding="utf-8")
    return folder


@pytest.fixture
def with_plans(plans: Path, build_folder: Path, manifest: Manifest, tmp_path: Path) -> Path:
    """A dataset whose manifest says that it was built with the plans."""
    folder = tmp_path / "build"
    shutil.copytree(build_folder, folder)
    told = asdict(manifest) | {"plans": str(plans), "further": plan_digests(plans)}
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["Plan nuevo.xlsx", "almaty.ttl", "scanned.pdf", "Beta.TXT", "beta.accepted.csv"])
def test_other_files_are_refused_with_advice(name: str, plans: Path) -> None:
    (plans / name).write_text("x", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        plan_digests(plans)
    told = str(refused.value)
    assert told.startswith(f"{plans / name}: ")
    assert "make one of it by `crmgraph import`" in told
    assert "plan" in in_language(refused.value, "es")
    assert in_language(refused.value, "es") not in told


def test_files_beside_plans(plans: Path) -> None:
    names = [".DS_Store", "README.md", "README.txt", "alpha.xlsx", "alpha.toml", "~$alpha.xlsx"]
    before = plan_digests(plans)
    for name in names:
        (plans / name).write_text("x", encoding="utf-8")
    (plans / "old").mkdir()
    assert sorted(file.name for file in ignored_files(plans)) == sorted([*names, "old"])
    assert plan_digests(plans) == before
    (plans / "alpha.accepted.csv").write_text("x", encoding="utf-8")
    (plans / "alpha-crm.sssom.tsv").write_text("x", encoding="utf-8")
    assert sorted(plan_digests(plans)) == ["alpha-crm.sssom.tsv", "alpha.accepted.csv", "alpha.txt"]


def test_dataset_keeps_its_plans(with_plans: Path, plans: Path) -> None:
    known = current_manifest(with_plans, Names())
    assert known is not None
    assert known.further.keys() == {"alpha.txt"}
    assert build(with_plans, Names()) == known
    (plans / "alpha.txt").write_text("y", encoding="utf-8")
    assert current_manifest(with_plans, Names()) is None
    assert plans_folder(with_plans) == plans


def test_dataset_whose_plans_are_gone(with_plans: Path, plans: Path) -> None:
    shutil.rmtree(plans)
    known = current_manifest(with_plans, Names())
    assert known is not None
    assert build(with_plans, Names()) == known
    with pytest.raises(UsageError, match="no such folder"):
        current_manifest(with_plans, Names(), plans)


def test_plans_are_not_lost_when_not_named(with_plans: Path, plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(plans)
    monkeypatch.setattr(inputs, "__version__", "other")
    with pytest.raises(UsageError, match=r"has further plans \(alpha.txt\), and their folder is gone"):
        build(with_plans, Names())
