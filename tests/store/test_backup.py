"""Files loaded into a store that nobody serves, and backups put in its place: all of it or nothing."""

import gzip
import hashlib
import json
from codecs import BOM_UTF8
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from crmgraph.errors import InputError, UsageError
from crmgraph.sparql.workarounds import has_union
from crmgraph.store.dataset import SEAL, open_store
from crmgraph.store.generations import AUDIT, Generations, back_up, load_files, restore
from tests.support.stores import build_store

GOOD = "<http://e/1> <http://e/p> 1 ."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Generations.create(tmp_path / "kept", build_store(tmp_path / "seed")).folder


def opened(folder: Path) -> Store:
    return open_store(Generations(folder).path)


def test_files_in_their_syntax(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(GOOD, encoding="utf-8-sig")
    (tmp_path / "b.nt.gz").write_bytes(gzip.compress(BOM_UTF8 + b"<http://e/2> <http://e/p> <http://e/o> .\n"))
    (tmp_path / "c.nq").write_text("<http://e/3> <http://e/p> <http://e/o> <http://e/own> .\n")
    before = len(opened(folder))
    files = [tmp_path / name for name in ("a.ttl", "b.nt.gz", "c.nq")]
    assert load_files(folder, files, "http://e/given") == 3
    store = opened(folder)
    assert len(store) == before + 3
    for name, size in (("given", 2), ("own", 1)):
        assert len(list(store.quads_for_pattern(None, None, None, NamedNode(f"http://e/{name}")))) == size
    [entry] = map(json.loads, (folder / AUDIT).read_text().splitlines())
    assert (entry["operation"], entry["generation"]) == ("load", 2)
    assert entry["files"] == [
        {"name": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()} for file in files
    ]
    assert Generations(folder).other_generations() == []
    assert has_union(Generations(folder).path), "what two graphs have is counted once"
    with pytest.raises(UsageError, match="not an absolute IRI"):
        load_files(folder, files, "relative name")


def test_one_bad_file_and_none_is_loaded(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(GOOD)
    before = len(opened(folder))
    cases: list[tuple[str, bytes | None, str]] = [
        ("b.ttl", GOOD.encode() + b"\n<http://e/2> <http://e/p> .", r"b\.ttl, line 2, column \d+: this is not RDF"),
        ("b.csv", b"a,b", "the ending says the syntax"),
        ("b.ttl.gz", b"not compressed", "cannot be loaded"),
        ("b.ttl.gz", gzip.compress(GOOD.encode(), mtime=0)[:-10], "cannot be loaded"),
        ("none.ttl", None, "No such file"),
    ]
    for name, content, said in cases:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=said):
            load_files(folder, [tmp_path / "a.ttl", tmp_path / name])
        assert len(opened(folder)) == before
        assert Generations(folder).other_generations() == []


def test_a_backup_takes_the_place_of_what_was_there(folder: Path, tmp_path: Path) -> None:
    before, state = len(opened(folder)), Generations(folder).state
    back_up(folder, tmp_path / "backup")
    (tmp_path / "a.ttl").write_text(GOOD)
    load_files(folder, [tmp_path / "a.ttl"])
    assert len(opened(folder)) == before + 1
    assert Generations(folder).state != state
    assert restore(folder, tmp_path / "backup") == 3
    assert restore(tmp_path / "other", tmp_path / "backup") == 1
    digest = hashlib.sha256((tmp_path / "backup" / SEAL).read_bytes()).hexdigest()
    for place, generation in ((folder, 3), (tmp_path / "other", 1)):
        assert len(opened(place)) == before
        assert Generations(place).state == state
        assert has_union(Generations(place).path)
        entry = json.loads((place / AUDIT).read_text().splitlines()[-1])
        assert (entry["operation"], entry["generation"]) == ("restore", generation)
        assert entry["files"] == [{"name": "backup", "sha256": digest}]
    with Generations(folder).lock():
        with pytest.raises(UsageError, match="another process writes"):
            load_files(folder, [tmp_path / "a.ttl"])
        with pytest.raises(UsageError, match="another process writes"):
            restore(folder, tmp_path / "backup")
