"""Building: the same bytes from the same input, nothing done twice, nothing lost."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from crmgraph import building
from crmgraph.building import (
    FINDINGS,
    MANIFEST,
    Manifest,
    build,
    dataset,
    inputs,
    inputs_digest,
    plans_digests,
    read_manifest,
)
from crmgraph.errors import SourceError, UsageError
from crmgraph.namespaces import Names
from crmgraph.storing import DUMP


def test_a_second_build_elsewhere_has_the_same_bytes(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    again = build(tmp_path / "other", Names())
    assert again == manifest
    for name in (DUMP, f"{DUMP}.gz", FINDINGS):
        assert (again.folder(tmp_path / "other") / name).read_bytes() == (
            manifest.folder(build_folder) / name
        ).read_bytes()
    assert (tmp_path / "other" / MANIFEST).read_bytes() == (build_folder / MANIFEST).read_bytes()
    assert hashlib.sha256((manifest.folder(build_folder) / DUMP).read_bytes()).hexdigest() == manifest.dataset


def test_nothing_is_built_again_when_nothing_changed(build_folder: Path, manifest: Manifest) -> None:
    before = {file: file.stat().st_mtime_ns for file in build_folder.rglob("*")}
    steps: list[str] = []
    assert build(build_folder, Names(), steps.append) == manifest
    assert steps == ["nothing changed"]
    assert {file: file.stat().st_mtime_ns for file in build_folder.rglob("*")} == before


def test_the_dump_has_no_node_without_a_name(build_folder: Path, manifest: Manifest) -> None:
    lines = (manifest.folder(build_folder) / DUMP).read_text(encoding="utf-8").splitlines()
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

    folder = tmp_path / "build"
    shutil.copytree(build_folder, folder)
    before = sorted(folder.rglob("*"))
    monkeypatch.setattr(building, "_build_into", fail)
    monkeypatch.setattr(inputs, "__version__", "other")
    with pytest.raises(SourceError):
        build(folder, Names())
    assert sorted(folder.rglob("*")) == before
    assert read_manifest(folder) == manifest


@pytest.mark.parametrize("lost", [DUMP, f"{DUMP}.gz", FINDINGS, "store/CURRENT", "store"])
def test_a_build_that_lost_something_is_no_build(
    lost: str, build_folder: Path, manifest: Manifest, tmp_path: Path
) -> None:
    folder = tmp_path / "build"
    shutil.copytree(build_folder, folder)
    gone = manifest.folder(folder) / lost
    if gone.is_dir():
        shutil.rmtree(gone)
    else:
        gone.unlink()
    assert read_manifest(folder) is None


@pytest.mark.parametrize("damaged", [DUMP, FINDINGS, "store/MANIFEST-*", "store/CURRENT"])
def test_a_damaged_build_is_no_build(damaged: str, build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    folder = tmp_path / "build"
    shutil.copytree(build_folder, folder)
    [file] = manifest.folder(folder).glob(damaged)
    assert read_manifest(folder) == manifest
    file.write_bytes(file.read_bytes()[:-2])
    assert read_manifest(folder) is None


def test_a_whole_build_is_made_anew_where_that_is_asked_for(
    build_folder: Path, manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def once_more(place: Path, *_: object) -> Manifest:
        shutil.copytree(manifest.folder(build_folder), place / "dataset")
        (place / "dataset" / "new").write_text("", encoding="utf-8")
        return manifest

    folder = tmp_path / "build"
    shutil.copytree(build_folder, folder)
    monkeypatch.setattr(building, "_build_into", once_more)
    assert build(folder, Names()) == manifest
    assert not (manifest.folder(folder) / "new").exists()
    assert build(folder, Names(), anew=True) == manifest
    assert (manifest.folder(folder) / "new").exists()
    assert {place.name for place in folder.iterdir()} == {MANIFEST, manifest.dataset[:12]}


def test_another_dataset_has_another_folder_and_the_one_before_stays(
    build_folder: Path, manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "build"
    shutil.copytree(build_folder, folder)
    old = folder / "0123456789ab"
    killed = folder / ".unfinished-x"
    for place in (old, killed):
        place.mkdir()
        os.utime(place, (0, 0))

    def another(place: Path, inputs: str, *_: object) -> Manifest:
        shutil.copytree(manifest.folder(folder), place / "dataset")
        return Manifest(inputs, "f" * 64, {}, {})

    monkeypatch.setattr(building, "_build_into", another)
    monkeypatch.setattr(inputs, "__version__", "other")
    made = build(folder, Names())
    assert {place.name for place in folder.iterdir()} == {MANIFEST, "f" * 12, manifest.dataset[:12]}
    assert read_manifest(folder) == made


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    for folder in (file, file / "below"):
        with pytest.raises(UsageError, match="cannot be written"):
            build(folder, Names())


def test_a_literal_without_a_value_in_python_is_read_in_silence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    statement = '<http://e/a> <http://e/p> "-0044-03-15"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    (tmp_path / "ides.nt").write_text(statement, encoding="utf-8")
    assert dataset._guest(tmp_path / "ides.nt", Names()).serialize(format="nt") == statement
    assert caplog.records == []


def test_what_a_build_depends_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = {file.relative_to(root).as_posix() for root, file in inputs._inputs()}
    assert {
        "namespaces.py", "building/__init__.py", "reading/table.py", "describing/parts.py", "inferring/__init__.py",
        "checking/findings.py", "storing/disk.py", "ontology/crmgraph.ttl", "ontology/shapes/structure.ttl",
        "data/source/crm.txt", "data/reference/states.csv",
    } <= files  # fmt: skip
    assert not any(file.startswith(("serving", "cli", "answering")) for file in files)
    before = inputs_digest(Names())
    assert before != inputs_digest(Names("https://example.org/"))
    digests = []
    for name, text in (("other.txt", "x"), ("other.txt", "y"), ("other.accepted.csv", "z")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        digests.append(plans_digests(tmp_path))
    assert plans_digests(None) == {}
    assert [sorted(each) for each in digests] == [["other.txt"], ["other.txt"], ["other.accepted.csv", "other.txt"]]
    assert digests[0] != digests[1]
    monkeypatch.setattr(inputs, "__version__", "9")
    assert before != inputs_digest(Names())


def test_progress_is_told(tmp_path: Path) -> None:
    steps: list[str] = []
    made = build(tmp_path / "build", Names("https://example.org/"), steps.append)
    assert steps == ["reading", "describing", "inferring", "checking", "storing"]
    text = (made.folder(tmp_path / "build") / DUMP).read_text(encoding="utf-8")
    assert "https://example.org/id/plan/crm/pgm/7.1.1" in text
    assert "https://w3id.org/crmgraph/id/" not in text
    assert "https://w3id.org/crmgraph/graph/" not in text
