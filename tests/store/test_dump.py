"""The dump of a store that is written to: it is the store as it is now."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crmgraph.errors import QueryTimeoutError
from crmgraph.sparql.child_process import ChildProcess
from crmgraph.sparql.engine import Limit
from crmgraph.store.access_control import Writer
from crmgraph.store.changes import Change
from crmgraph.store.dataset import write_dump
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
    run = ChildProcess.run
    kept.store_writer.write(inserted("more"), ANA, 120)

    def interrupted(process: ChildProcess, limit: Limit, task: Callable[..., object], *rest: Any, **said: Any) -> Any:
        for number in range(3 if task is write_dump else 0):
            kept.store_writer.write(inserted(f"later{number}"), ANA, 120)
        return run(process, limit, task, *rest, **said)

    with monkeypatch.context() as patch:
        patch.setattr(ChildProcess, "run", interrupted)
        assert subjects(lines(kept.store_writer.dump(120)) - before) == {"<http://e/new>", "<http://e/more>"}
    assert "<http://e/later2>" in subjects(lines(kept.store_writer.dump(120)))
    wait_for(lambda: kept.generations.others() == [])


def test_it_ends_at_its_limit(kept: Kept) -> None:
    with pytest.raises(QueryTimeoutError, match="copy took longer"):
        kept.store_writer.dump(0.001)
    assert not list(kept.generations.folder.glob("dump*"))
