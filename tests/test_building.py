"""Building: the same bytes from the same input, nothing done twice, nothing lost."""

import hashlib
from pathlib import Path

import pytest

from crmgraph import building
from crmgraph.building import MANIFEST, Manifest, build, read_manifest
from crmgraph.errors import SourceError, UsageError
from crmgraph.namespaces import Names
from crmgraph.storing.disk import DUMP


def test_a_second_build_elsewhere_has_the_same_bytes(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    again = build(tmp_path / "other", Names())
    assert again == manifest
    for name in (DUMP, f"{DUMP}.gz", "findings.json", MANIFEST):
        assert (tmp_path / "other" / name).read_bytes() == (build_folder / name).read_bytes()
    assert hashlib.sha256((build_folder / DUMP).read_bytes()).hexdigest() == manifest.dataset


def test_nothing_is_built_again_when_nothing_changed(build_folder: Path, manifest: Manifest) -> None:
    before = {file: file.stat().st_mtime_ns for file in build_folder.rglob("*")}
    steps: list[str] = []
    assert build(build_folder, Names(), steps.append) == manifest
    assert steps == ["nothing changed"]
    assert {file: file.stat().st_mtime_ns for file in build_folder.rglob("*")} == before


def test_the_dump_has_no_node_without_a_name(build_folder: Path, manifest: Manifest) -> None:
    lines = (build_folder / DUMP).read_text(encoding="utf-8").splitlines()
    assert len(lines) == sum(manifest.graphs.values())
    assert lines == sorted(set(lines))
    assert not any(line.startswith("_:") or " _:" in line.split('"')[0] for line in lines)


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(UsageError, match="holds things that are no built dataset"):
        build(tmp_path, Names())
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_manifest_of_another_version_is_no_manifest(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    (tmp_path / MANIFEST).write_text('{"inputs": "x"}', encoding="utf-8")
    assert read_manifest(tmp_path) is None
    (tmp_path / MANIFEST).write_text("not json", encoding="utf-8")
    assert read_manifest(tmp_path) is None


def test_a_build_that_fails_changes_nothing(
    build_folder: Path, manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SourceError("cannot be read")

    monkeypatch.setattr(building, "_build_into", fail)
    folder = tmp_path / "build"
    with pytest.raises(SourceError):
        build(folder, Names())
    assert list(tmp_path.iterdir()) == []
    assert read_manifest(build_folder) == manifest


def test_progress_is_told(tmp_path: Path) -> None:
    steps: list[str] = []
    build(tmp_path / "build", Names("https://example.org/"), steps.append)
    assert steps == ["reading", "describing", "inferring", "checking", "storing"]
    text = (tmp_path / "build" / DUMP).read_text(encoding="utf-8")
    assert "https://example.org/id/plan/crm/pgm/7.1.1" in text
    assert "https://w3id.org/crmgraph/id/" not in text
    assert "https://w3id.org/crmgraph/graph/" not in text
