"""The copy here of what is on an engine elsewhere: fetched again after each failure, and waited for in time."""

import errno
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from pyoxigraph import Store

from crmgraph.errors import AbandonedError, QueryTimeoutError, StorageError, UnavailableError
from crmgraph.sparql.elsewhere import Address, Connection, Copy, Publication
from crmgraph.sparql.limit import Limit
from tests.support.engines import PLACES
from tests.support.servers import free_port

pytestmark = pytest.mark.drill

FETCH = "crmgraph.sparql.elsewhere.copy.fetch_graph"
KNOWN = Publication("d", "d.1", ("a:g", "a:h"))


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Copy]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    connection = Connection(Address.of(f"http://127.0.0.1:{free_port()}/query"))
    copy = Copy(connection, PLACES, tmp_path / "built", "other", 2**30, 1)
    yield copy
    copy.close()
    connection.close()
    assert list(tmp_path.iterdir()) == []


def fetched(tmp_path: Path) -> list[Path]:
    return [each for each in tmp_path.glob("crmgraph-*/*") if each.is_dir()]


def statements(*_: object) -> list[str]:
    return ["<a:s> <a:p> <a:o>"]


def test_what_was_broken_off_is_fetched_again(copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fails(_: Connection, __: object, graph: str, ___: Limit) -> list[str]:
        asked.append(graph)
        if len(asked) == 2:
            raise QueryTimeoutError("too slow")
        return statements()

    monkeypatch.setattr(FETCH, fails)
    # Whoever tells of the error may still hold it.
    with pytest.raises(QueryTimeoutError) as held:
        copy.path(KNOWN, Limit(20))
    assert fetched(tmp_path) == []
    assert len(Store.read_only(str(copy.path(KNOWN, Limit(20))))) == 2
    assert asked == ["a:g", "a:h"] * 2
    assert held.value.args == ("too slow",)


def test_a_disk_that_fails_is_told(copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path))

    monkeypatch.setattr(FETCH, statements)
    with monkeypatch.context() as patch:
        patch.setattr("crmgraph.sparql.elsewhere.copy.write_union", fails)
        with pytest.raises(StorageError, match=r"copy .* \(No space left on device\)"):
            copy.path(KNOWN, Limit(20))
    assert fetched(tmp_path) == []
    assert copy.path(KNOWN, Limit(20)).is_dir()


def test_others_are_waited_for_until_the_limit(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_go_on, gone = Event(), Event(), Event()

    def waits(*_: object) -> list[str]:
        begun.set()
        assert may_go_on.wait(20)
        return statements()

    monkeypatch.setattr(FETCH, waits)
    paths: list[Path] = []
    slow = threading.Thread(target=lambda: paths.append(copy.path(KNOWN, Limit(30))))
    slow.start()
    assert begun.wait(10)
    began = time.monotonic()
    with pytest.raises(UnavailableError, match=r"longer than 0\.2 s"):
        copy.path(KNOWN, Limit(0.2))
    gone.set()
    with pytest.raises(AbandonedError):
        copy.path(KNOWN, Limit(20, gone=gone))
    copy.serves(Path("anywhere"))
    assert time.monotonic() - began < 5, "what takes no time does not wait either"
    may_go_on.set()
    assert copy.path(KNOWN, Limit(20)).is_dir()
    slow.join()
    assert paths == [copy.path(KNOWN, Limit(20))]
