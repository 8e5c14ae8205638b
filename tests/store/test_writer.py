"""The store_writer: what it has said is written is there for everybody, and what it refused has changed nothing."""

import gzip
import json
import os
import shutil
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pyoxigraph import Store

from crmgraph.errors import (
    AnswerError,
    ConflictError,
    DataError,
    EngineError,
    QueryRefusedError,
    QuerySyntaxError,
    QueryTimeoutError,
    StorageError,
    UnavailableError,
    UsageError,
    in_language,
)
from crmgraph.sparql.engine import Limit
from crmgraph.sparql.pool import Pool
from crmgraph.sparql.processes import ChildProcess
from crmgraph.store.changes import DEFAULT_GRAPH, Change, Writer
from crmgraph.store.dataset import write_dump
from crmgraph.store.generations import AUDIT, Generations
from crmgraph.store.writer import StoreWriter
from tests.store.conftest import Kept
from tests.support.processes import has_sockets_denied, limit
from tests.support.stores import EX
from tests.support.waiting import wait_for

G = "http://e/g"
ANA, BEA = Writer("ana", ""), Writer("bea", "", (f"{G}*",))
COUNT = f"SELECT ?s {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"
ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LIMIT = 120.0
RUNAWAY = (
    "INSERT { GRAPH <http://e/g> { <a:a> <a:b> ?n } }"
    " WHERE { SELECT (COUNT(*) AS ?n) { GRAPH ?q { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } } }"
)
HOARDING = "INSERT { GRAPH <http://e/g> { ?a ?e ?i } } WHERE { GRAPH ?q { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"


def update(text: str) -> Change:
    return Change("update", (text.encode(),))


def insert(name: str, graph: str = G) -> Change:
    return update(f"INSERT DATA {{ GRAPH <{graph}> {{ <http://e/{name}> <http://e/p> 1 }} }}")


def put(body: str, graph: str = G) -> Change:
    return Change("put", (body.encode(),), ("text/turtle",), graph)


def writing(kept: Kept) -> bool:
    """Whether a change is on its way: a generation is proposed."""
    return bool(kept.generations.other_generations())


def test_who_asks_next_sees_the_write(kept: Kept) -> None:
    for number in range(3):
        digest = kept.store_writer.digest
        kept.store_writer.write(insert(str(number)), ANA, LIMIT)
        assert (kept.generations.number, len(kept.ask(COUNT))) == (number + 2, number + 1)
        assert kept.store_writer.digest not in (digest, "")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda name: kept.store_writer.write(insert(f"x{name}"), ANA, LIMIT), range(4)))
    assert len(kept.ask(COUNT)) == 7
    assert kept.generations.number == 8
    digest = kept.store_writer.digest
    assert not kept.store_writer.write(Change("delete", graph="http://e/none"), ANA, LIMIT)
    assert kept.store_writer.digest == digest, "nothing was written"
    kept.store_writer.close()
    kept.pool.close()
    generations = Generations(kept.generations.folder)
    with (
        Pool(generations.path, memory_bytes=2**30) as pool,
        StoreWriter(generations, pool, memory=2**30) as store_writer,
    ):
        again = Kept(store_writer, pool, generations)
        assert len(again.ask(COUNT)) == 7
        store_writer.write(insert("again"), ANA, LIMIT)
        assert len(again.ask(COUNT)) == 8


def test_a_statement_that_another_graph_has_too_is_counted_once(kept: Kept) -> None:
    """Or who may write to a graph of their own could falsify what everybody counts."""
    before = int(kept.ask(ALL)[0])
    kept.store_writer.write(update(f"COPY <{EX}many> TO <{G}>"), BEA, LIMIT)
    assert kept.ask(ALL) == [str(before)]
    assert kept.ask(f"SELECT (COUNT(*) AS ?n) FROM <{EX}many> FROM <{G}> {{ ?s ?p ?o }}") == ["400"]
    kept.store_writer.write(Change("post", (b"<http://e/1> <http://e/p> 1 .",), ("text/turtle",), G), BEA, LIMIT)
    assert kept.ask(ALL) == [str(before + 1)]
    kept.store_writer.write(update(f"DROP GRAPH <{EX}many>"), ANA, LIMIT)
    assert kept.ask(ALL) == [str(before + 1)]
    kept.store_writer.write(Change("delete", graph=G), BEA, LIMIT)
    assert kept.ask(ALL) == [str(before - 400)]


REFUSED: list[tuple[Change, type[AnswerError], str]] = [
    (update("INSERT DATA {"), QuerySyntaxError, "termina antes"),
    (Change("update", (b"\xff",)), QuerySyntaxError, "UTF-8"),
    (update("LOAD <http://e/x>"), QueryRefusedError, "LOAD"),
    (update("INSERT DATA { <a:a> <a:b> 1 } ; CREATE GRAPH <a:x> ; CREATE GRAPH <a:x>"), ConflictError, "ya existe"),
    (update("DROP GRAPH <a:g>"), ConflictError, "El grafo <a:g> no existe"),
    (put("<http://e/1> <http://e/p> ."), DataError, "Turtle"),
]  # fmt: skip


def test_what_is_refused_changes_nothing(shared: Kept) -> None:
    before, digest, number = shared.ask(ALL), shared.store_writer.digest, shared.generations.number
    for change, kind, said in REFUSED:
        with pytest.raises(kind) as caught:
            shared.store_writer.write(change, ANA, LIMIT)
        assert said in in_language(caught.value, "es")
        assert shared.generations.other_generations() == []
    assert (shared.ask(ALL), shared.store_writer.digest) == (before, digest)
    shared.store_writer.write(insert("next"), ANA, LIMIT)
    assert shared.generations.number == number + 1


def test_nobody_changes_a_graph_that_is_not_theirs(shared: Kept) -> None:
    before = shared.ask(ALL)
    for change in (
        put("<http://e/1> <http://e/p> 1 .", "http://e/other"),
        put("", DEFAULT_GRAPH),
        Change("delete", graph="http://example.org/a"),
        update("INSERT DATA { <a:a> <a:b> 1 }"),
        update("CLEAR ALL"),
        update("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"),
        update(f"INSERT DATA {{ GRAPH <{G}> {{ <a:a> <a:b> 1 }} }} ; MOVE GRAPH <{G}> TO DEFAULT"),
    ):
        with pytest.raises(QueryRefusedError, match="bea may not change") as caught:
            shared.store_writer.write(change, BEA, LIMIT)
        assert "bea no puede cambiar" in in_language(caught.value, "es")
    assert shared.ask(ALL) == before
    shared.store_writer.write(insert("theirs"), BEA, LIMIT)
    shared.store_writer.write(update(f"COPY GRAPH <{G}> TO GRAPH <{G}/copy>"), BEA, LIMIT)
    shared.store_writer.write(update(f"DROP GRAPH <{G}>"), BEA, LIMIT)
    assert "http://e/theirs" in shared.ask(COUNT.replace(G, f"{G}/copy"))


def test_a_change_that_is_ended_leaves_nothing(kept: Kept) -> None:
    kept.store_writer.write(insert("1"), ANA, LIMIT)
    with pytest.raises(QueryTimeoutError, match=r"write took longer than 0\.5 s.*Nothing was changed"):
        kept.store_writer.write(update(RUNAWAY), ANA, 0.5)
    with ThreadPoolExecutor(1) as threads:
        cancel_event = Event()
        running = threads.submit(kept.store_writer.write, update(RUNAWAY), ANA, LIMIT, cancel_event=cancel_event)
        wait_for(lambda: writing(kept))
        with pytest.raises(UnavailableError, match=r"Others were writing.* Nothing was changed"):
            kept.store_writer.write(insert("x"), ANA, 0.2)
        cancel_event.set()
        with pytest.raises(EngineError, match="Nobody is waiting"):
            running.result()
        kept.store_writer.write(insert("2"), ANA, LIMIT)
        running = threads.submit(kept.store_writer.write, update(RUNAWAY), ANA, LIMIT)
        wait_for(lambda: writing(kept))
        pid = kept.store_writer._process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(EngineError, match=r"ended before it was done.* Nothing was changed\.$"):
            running.result()
        assert (kept.store_writer.end_counts["time"], kept.store_writer.end_counts["left"]) == (1, 1)
        kept.store_writer.write(insert("3"), ANA, LIMIT)
        assert len(kept.ask(COUNT)) == 3
        running = threads.submit(kept.store_writer.write, update(RUNAWAY), ANA, LIMIT)
        wait_for(lambda: writing(kept))
        kept.store_writer.close()
        with pytest.raises(UnavailableError, match="stopped"):
            running.result()
    with pytest.raises(UnavailableError, match="stopped"):
        kept.store_writer.write(insert("4"), ANA, LIMIT)


@pytest.mark.drill
def test_a_change_that_takes_too_much_memory(kept: Kept) -> None:
    with pytest.raises(EngineError, match="memory"):
        kept.store_writer.write(update(HOARDING), ANA, 240)
    assert kept.ask(COUNT) == []
    kept.store_writer.write(insert("2"), ANA, LIMIT)


def test_the_process_that_writes_has_a_limit_of_memory(shared: Kept) -> None:
    shared.store_writer.write(insert("1"), ANA, LIMIT)
    pid = shared.store_writer._process.pid
    assert pid is not None
    if not Path("/proc/self/limits").exists():
        pytest.skip("memory is limited on Linux only")
    assert int(limit(pid, "Max address space")) < 2**35
    assert has_sockets_denied(pid)


def test_a_question_that_was_asked_before_is_answered_from_what_was_then(kept: Kept) -> None:
    size = len(Store.read_only(str(kept.generations.path)))
    slow = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?v {{ {' '.join(map(str, range(40)))} }} ?a ?b ?c . ?d ?e ?f }}"
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(int(kept.ask(slow)[0])))
    asking.start()
    wait_for(lambda: kept.pool.activity.busy)
    for number in range(3):
        kept.store_writer.write(insert(str(number)), ANA, LIMIT)
    asking.join()
    assert answers[0] in {40 * (size - 1 + added) ** 2 for added in range(4)}
    wait_for(lambda: kept.generations.other_generations() == [])


def test_every_write_is_in_the_record(kept: Kept) -> None:
    kept.store_writer.write(insert("1"), ANA, LIMIT, request="r-1")
    kept.store_writer.write(put("<http://e/1> <http://e/p> 1 ."), BEA, LIMIT)
    kept.store_writer.write(update(f"INSERT DATA {{ GRAPH <{G}> {{ <a:a> <a:b> '{'x' * 20_000}' }} }}"), ANA, LIMIT)
    file = kept.generations.folder / AUDIT
    first, second, third = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert (first["writer"], first["request"], first["generation"]) == ("ana", "r-1", 2)
    assert first["update"].startswith("INSERT DATA")
    assert (second["writer"], second["operation"], second["graph"], second["bytes"]) == ("bea", "put", G, 29)
    assert "update" not in third
    assert len(third["sha256"]) == 64
    with pytest.raises(UsageError, match="another process writes"):
        StoreWriter(Generations(kept.generations.folder), kept.pool, memory=2**30)
    kept.store_writer.close()
    kept.store_writer.close()
    # What was written down and never counted is marked, once.
    with file.open("a") as record:
        record.write('{"generation": 5, "writer": "ana"}\n')
    for _ in range(2):
        StoreWriter(Generations(kept.generations.folder), kept.pool, memory=2**30).close()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["generation"], line.get("undone", False)) for line in lines[3:]] == [(5, False), (5, True)]


def test_a_disk_that_fails(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for owner, name in ((shutil, "copyfile"), (os, "fsync")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, full)
            with pytest.raises(StorageError, match="No space left on device"):
                kept.store_writer.write(insert("1"), ANA, LIMIT)
    assert kept.ask(COUNT) == []
    kept.store_writer.write(insert("2"), ANA, LIMIT)
    assert kept.generations.number == 2
    assert kept.ask(COUNT) == ["http://e/2"]


def dumped(file: Path) -> set[str]:
    return set(gzip.decompress(file.read_bytes()).decode().splitlines())


def subjects(some: set[str]) -> set[str]:
    return {line.split()[0] for line in some}


def test_a_dump_is_made_once_and_anew_after_a_write(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept.store_writer.dump(120)
    made, before = first.stat().st_mtime_ns, dumped(first)
    assert kept.store_writer.dump(120).stat().st_mtime_ns == made
    kept.store_writer.write(insert("new"), ANA, LIMIT)
    os.utime(kept.generations.path, (1_000_000_000, 1_000_000_000))
    second = kept.store_writer.dump(120)
    assert second.stat().st_mtime == 1_000_000_000, "it is as old as the data"
    assert subjects(dumped(second) - before) == {"<http://e/new>"}
    assert [file.name for file in kept.generations.folder.glob("dump*")] == [second.name]
    run = ChildProcess.run
    kept.store_writer.write(insert("more"), ANA, LIMIT)

    def interrupted(process: ChildProcess, limit: Limit, task: Callable[..., object], *rest: Any, **said: Any) -> Any:
        for number in range(3 if task is write_dump else 0):
            kept.store_writer.write(insert(f"later{number}"), ANA, LIMIT)
        return run(process, limit, task, *rest, **said)

    with monkeypatch.context() as patch:
        patch.setattr(ChildProcess, "run", interrupted)
        assert subjects(dumped(kept.store_writer.dump(120)) - before) == {"<http://e/new>", "<http://e/more>"}
    assert "<http://e/later2>" in subjects(dumped(kept.store_writer.dump(120)))
    wait_for(lambda: kept.generations.other_generations() == [])


def test_a_dump_ends_at_its_limit(kept: Kept) -> None:
    with pytest.raises(QueryTimeoutError, match="copy took longer"):
        kept.store_writer.dump(0.001)
    assert not list(kept.generations.folder.glob("dump*"))
