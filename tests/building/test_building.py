"""Building: reproducible, only when something changed, and never at the cost of what is there."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from crmgraph.building import dataset
from crmgraph.building import manifest as inputs
from crmgraph.building.dataset import build
from crmgraph.building.manifest import FINDINGS, MANIFEST, Manifest, inputs_digest, plan_digests, read_manifest
from crmgraph.errors import SourceError, UsageError
from crmgraph.namespaces import ANALYSIS, Names
from crmgraph.store import DUMP


@pytest.fixture
def copied(build_folder: Path, manifest: Manifest, tmp_path: Path) -> Path:
    """A copy of the built dataset that a test may change."""
    shutil.copytree(build_folder, tmp_path / "build")
    assert read_manifest(tmp_path / "build") == manifest
    return tmp_path / "build"


def test_dump_is_sorted_and_has_no_nameless_node_and_nothing_that_only_checks_need(
    build_folder: Path, manifest: Manifest
) -> None:
    """That another build has the same lines, golden.json holds."""
    dump = (manifest.folder(build_folder) / DUMP).read_bytes()
    assert hashlib.sha256(dump).hexdigest() == manifest.dataset
    lines = dump.decode().splitlines()
    assert len(lines) == sum(manifest.graphs.values())
    assert lines == sorted(set(lines))
    assert f" <{ANALYSIS}" not in dump.decode()
    assert not any(line.startswith("_:") or " _:" in line.split('"')[0] for line in lines)


@pytest.mark.drill
def test_second_build_has_the_same_bytes(build_folder: Path, manifest: Manifest, tmp_path: Path) -> None:
    assert build(tmp_path, Names()) == manifest
    for name in (MANIFEST, *(f"{manifest.dataset[:12]}/{file}" for file in (DUMP, f"{DUMP}.gz", FINDINGS))):
        assert (tmp_path / name).read_bytes() == (build_folder / name).read_bytes()


def test_unchanged_dataset_is_not_built_again(build_folder: Path, manifest: Manifest) -> None:
    before = {file: file.stat().st_mtime_ns for file in build_folder.rglob("*")}
    steps: list[str] = []
    assert build(build_folder, Names(), steps.append) == manifest
    assert steps == ["nothing changed"]
    assert {file: file.stat().st_mtime_ns for file in build_folder.rglob("*")} == before


def test_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(UsageError, match="holds things that are no built dataset"):
        build(tmp_path, Names())
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    for folder in (file, file / "below"):
        with pytest.raises(UsageError, match="cannot be written"):
            build(folder, Names())


def test_manifest_of_another_version_is_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    for text in ('{"inputs": "x"}', "not json"):
        (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
        assert read_manifest(tmp_path) is None


def test_failed_build_changes_nothing(copied: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise SourceError("cannot be read")

    before = sorted(copied.rglob("*"))
    monkeypatch.setattr(dataset, "_build_into", fail)
    monkeypatch.setattr(inputs, "__version__", "other")
    with pytest.raises(SourceError):
        build(copied, Names())
    assert sorted(copied.rglob("*")) == before
    assert read_manifest(copied) == manifest


def test_dataset_with_lost_or_damaged_files_is_none(copied: Path, manifest: Manifest) -> None:
    place = manifest.folder(copied)
    for pattern in (DUMP, f"{DUMP}.gz", FINDINGS, "store/CURRENT", "store/MANIFEST-*"):
        [file] = place.glob(pattern)
        whole = file.read_bytes()
        file.write_bytes(whole[:-2])
        assert read_manifest(copied) is None, pattern
        file.unlink()
        assert read_manifest(copied) is None, pattern
        file.write_bytes(whole)
        assert read_manifest(copied) == manifest, pattern
    shutil.rmtree(place / "store")
    assert read_manifest(copied) is None


def test_whole_dataset_is_built_anew_on_request(
    copied: Path, build_folder: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def once_more(place: Path, *_: object) -> Manifest:
        shutil.copytree(manifest.folder(build_folder), place / "dataset")
        (place / "dataset" / "new").write_text("", encoding="utf-8")
        return manifest

    monkeypatch.setattr(dataset, "_build_into", once_more)
    assert build(copied, Names()) == manifest
    assert not (manifest.folder(copied) / "new").exists()
    assert build(copied, Names(), force=True) == manifest
    assert (manifest.folder(copied) / "new").exists()
    assert {place.name for place in copied.iterdir()} == {MANIFEST, manifest.dataset[:12]}


def test_dataset_before_the_last_stays(copied: Path, manifest: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (copied / "0123456789ab", copied / ".unfinished-x"):
        place.mkdir()
        os.utime(place, (0, 0))

    def another(place: Path, inputs: str, *_: object) -> Manifest:
        shutil.copytree(manifest.folder(copied), place / "dataset")
        return Manifest(inputs, "f" * 64, {}, {})

    monkeypatch.setattr(dataset, "_build_into", another)
    monkeypatch.setattr(inputs, "__version__", "other")
    made = build(copied, Names())
    assert {place.name for place in copied.iterdir()} == {"parts", MANIFEST, "f" * 12, manifest.dataset[:12]}
    assert read_manifest(copied) == made


def test_date_that_python_cannot_hold_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    statement = '<http://e/a> <http://e/p> "-0044-03-15"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    (tmp_path / "ides.nt").write_text(statement, encoding="utf-8")
    assert dataset._read_external_graph(tmp_path / "ides.nt", Names()).serialize(format="nt") == statement
    assert caplog.records == []


def test_inputs_of_a_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = {file.relative_to(root).as_posix() for root, file in inputs._input_files()}
    assert {
        "namespaces.py", "building/manifest.py", "describing/links.py", "inference/rules.yaml", "store/dataset.py",
        "lexicon/dates.yaml", "ontology/crmgraph.ttl", "ontology/shapes/integrity.ttl",
        "data/source/crm.txt", "data/reference/states.csv",
    } <= files  # fmt: skip
    assert not any(file.startswith(("serving", "http", "site", "cli", "federation")) for file in files)
    before = inputs_digest(Names())
    assert before != inputs_digest(Names("https://example.org/"))
    digests = []
    for name, text in (("other.txt", "x"), ("other.txt", "y"), ("other.accepted.csv", "z")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        digests.append(plan_digests(tmp_path))
    assert plan_digests(None) == {}
    assert [sorted(each) for each in digests] == [["other.txt"], ["other.txt"], ["other.accepted.csv", "other.txt"]]
    assert digests[0] != digests[1]
    monkeypatch.setattr(inputs, "__version__", "9")
    assert before != inputs_digest(Names())
