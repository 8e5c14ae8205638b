"""The dump of a store that is written to: it is the store as it is now."""

import gzip
import os
from pathlib import Path
from typing import Any

import pytest

from crmgraph.errors import QueryTimeoutError
from crmgraph.store.access_control import Writer
from crmgraph.store.changes import Change
from crmgraph.store.writer import StoreWriter
from tests.store.conftest import Kept
from tests.support.waiting import wait_for

ANA = Writer("ana", "")


def inserted(name: str) -> Change:
    return Change("update", (f"INSERT DATA {{ GRAPH <http://e/g> {{ <http://e/{name}> <http://e/p> 1 }} }}".encode(),))


def lines(file: Path) -> set[str]:
    return set(gzip.decompress(file.read_bytes()).decode().splitlines())


def subjects(some: set[str]) -> set[str]:
    return {line.split()[0] for line in some}


def test_it_is_made_once_and_anew_after_a_write(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept.store_writer.dump(120)
    made, before = first.stat().st_mtime_ns, lines(first)
    assert kept.store_writer.dump(120).stat().st_mtime_ns == made
    kept.store_writer.write(inserted("new"), ANA, 120)
    os.utime(kept.generations.path, (1_000_000_000, 1_000_000_000))
    second = kept.store_writer.dump(120)
    assert second.stat().st_mtime == 1_000_000_000, "it is as old as the data"
    assert subjects(lines(second) - before) == {"<http://e/new>"}
    assert [file.name for file in kept.generations.folder.glob("dump*")] == [second.name]
    real = StoreWriter._make_dump
    kept.store_writer.write(inserted("more"), ANA, 120)

    def interrupted(writer: StoreWriter, *rest: Any) -> None:
        for number in range(3):
            writer.write(inserted(f"later{number}"), ANA, 120)
        real(writer, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(StoreWriter, "_make_dump", interrupted)
        assert subjects(lines(kept.store_writer.dump(120)) - before) == {"<http://e/new>", "<http://e/more>"}
    assert "<http://e/later2>" in subjects(lines(kept.store_writer.dump(120)))
    wait_for(lambda: kept.generations.others() == [])


def test_it_ends_at_its_limit(kept: Kept) -> None:
    with pytest.raises(QueryTimeoutError, match="copy took longer"):
        kept.store_writer.dump(0.001)
    assert not list(kept.generations.folder.glob("dump*"))
