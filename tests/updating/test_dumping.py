"""The dump of a store that is written to: it is the store as it is now."""

import gzip
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from crmgraph.errors import EngineError, QueryTimeoutError
from crmgraph.updating import Change, Writer
from crmgraph.updating.dumping import Dumps
from tests.updating.conftest import Kept

NEW = Change("update", (b"INSERT DATA { GRAPH <http://e/g> { <http://e/new> <http://e/p> 1 } }",))


def lines(file: Path) -> set[str]:
    return set(gzip.decompress(file.read_bytes()).decode().splitlines())


def test_it_is_made_once_and_anew_after_a_write(kept: Kept) -> None:
    first = kept.keeper.dump(30)
    made, before = first.stat().st_mtime_ns, lines(first)
    assert kept.keeper.dump(30).stat().st_mtime_ns == made
    kept.keeper.write(NEW, Writer("ana", ""), 20)
    second = kept.keeper.dump(30)
    assert {line.split()[0] for line in lines(second) - before} == {"<http://e/new>"}
    assert [file.name for file in kept.generations.folder.glob("dump*")] == [second.name]


def test_it_is_as_old_as_the_data_and_not_as_the_file(kept: Kept) -> None:
    kept.keeper.write(NEW, Writer("ana", ""), 20)
    written = time.time()
    time.sleep(0.2)
    assert kept.keeper.dump(30).stat().st_mtime <= written


def test_what_is_written_meanwhile_does_not_spoil_it(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = lines(kept.keeper.dump(30)), Dumps._make
    kept.keeper.write(NEW, Writer("ana", ""), 20)

    def interrupted(dumps: Dumps, store: Path, *rest: Any) -> None:
        for number in range(3):
            insert = f"INSERT DATA {{ GRAPH <http://e/g> {{ <http://e/later> <http://e/p> {number} }} }}"
            kept.keeper.write(Change("update", (insert.encode(),)), Writer("ana", ""), 20)
        real(dumps, store, *rest)

    monkeypatch.setattr(Dumps, "_make", interrupted)
    assert {line.split()[0] for line in lines(kept.keeper.dump(60)) - before} == {"<http://e/new>"}
    monkeypatch.undo()
    assert "<http://e/later>" in {line.split()[0] for line in lines(kept.keeper.dump(30))}
    kept.keeper.write(NEW, Writer("ana", ""), 20)
    assert len(kept.generations.others()) <= 1


def test_it_ends_at_its_limit_and_when_nobody_waits(kept: Kept, tmp_path: Path) -> None:
    dumps, store = Dumps(tmp_path), kept.generations.path
    with pytest.raises(QueryTimeoutError):
        dumps.file(store, "x", 0.001)
    gone = Event()
    gone.set()
    with pytest.raises(EngineError, match="Nobody is waiting"):
        dumps.file(store, "x", 20, gone)
    assert lines(dumps.file(store, "x", 30))
    assert [file.name for file in tmp_path.glob("dump*")] == ["dump-x.nq.gz"]
