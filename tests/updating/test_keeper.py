"""The keeper: what it has said is written is there for everybody, and what it refused has changed nothing."""

import json
import os
import shutil
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer

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
)
from crmgraph.sparql import Pool
from crmgraph.storing.generations import Generations
from crmgraph.updating import DEFAULT_GRAPH, Change, Keeper, Writer
from crmgraph.updating.keeper import AUDIT
from crmgraph.wording import in_language
from tests.support.stores import EX
from tests.updating.conftest import Kept

pytestmark = pytest.mark.drill

G = "http://e/g"
ANA, BEA = Writer("ana", ""), Writer("bea", "", (f"{G}*",))
COUNT = f"SELECT ?s {{ GRAPH <{G}> {{ ?s ?p ?o }} }}"
RUNAWAY = (
    "INSERT { GRAPH <http://e/g> { <a:a> <a:b> ?n } }"
    " WHERE { SELECT (COUNT(*) AS ?n) { GRAPH ?q { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } } }"
)
HOARDING = "INSERT { GRAPH <http://e/g> { ?a ?e ?i } } WHERE { GRAPH ?q { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"


def insert(name: str, graph: str = G) -> Change:
    return Change("update", (f"INSERT DATA {{ GRAPH <{graph}> {{ <http://e/{name}> <http://e/p> 1 }} }}".encode(),))


def put(body: str, graph: str = G) -> Change:
    return Change("put", (body.encode(),), ("text/turtle",), graph)


def test_whoever_asks_next_sees_it(kept: Kept) -> None:
    for number in range(5):
        digest = kept.keeper.digest
        changed = kept.keeper.write(insert(str(number)), ANA, 20)
        assert (changed.generation, len(kept.ask(COUNT))) == (number + 2, number + 1)
        assert kept.keeper.digest not in (digest, "")


def test_a_graph_is_put_added_to_and_removed(kept: Kept) -> None:
    one, two = "<http://e/1> <http://e/p> 1 .", "<http://e/2> <http://e/p> 2 ."
    assert not kept.keeper.write(put(one), ANA, 20).existed
    assert kept.keeper.write(put(two), ANA, 20).existed
    assert kept.ask(COUNT) == ["http://e/2"]
    several = Change("post", (one.encode(), b"<http://e/3> <http://e/p> 3 ."), ("text/turtle", "application/trig"), G)
    assert kept.keeper.write(several, ANA, 20).existed
    assert len(kept.ask(COUNT)) == 3
    assert kept.keeper.write(Change("delete", graph=G), ANA, 20).existed
    state = kept.keeper.digest
    assert not kept.keeper.write(Change("delete", graph=G), ANA, 20).existed
    assert kept.keeper.digest == state, "nothing was written"
    assert kept.ask(f"SELECT ?g {{ GRAPH ?g {{}} FILTER(?g = <{G}>) }}") == []


def test_a_statement_that_another_graph_has_too_is_counted_once(kept: Kept) -> None:
    """Or who may write to a graph of their own could falsify what everybody counts."""
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = kept.ask(count)
    kept.keeper.write(Change("update", (f"COPY <{EX}many> TO <{G}>".encode(),)), BEA, 20)
    assert kept.ask(count) == before
    assert kept.ask(f"SELECT (COUNT(*) AS ?n) FROM <{EX}many> FROM <{G}> {{ ?s ?p ?o }}") == ["400"]
    kept.keeper.write(Change("post", (b"<http://e/1> <http://e/p> 1 .",), ("text/turtle",), G), BEA, 20)
    assert kept.ask(count) == [str(int(before[0]) + 1)]
    kept.keeper.write(Change("update", (f"DROP GRAPH <{EX}many>".encode(),)), ANA, 20)
    assert kept.ask(count) == [str(int(before[0]) + 1)]
    kept.keeper.write(Change("delete", graph=G), BEA, 20)
    assert kept.ask(count) == [str(int(before[0]) - 400)]


def test_the_graph_without_a_name(kept: Kept) -> None:
    before = len(kept.ask("SELECT ?s { ?s ?p ?o }"))
    assert kept.keeper.write(put("<http://e/1> <http://e/p> 1 .", DEFAULT_GRAPH), ANA, 20).existed
    assert len(kept.ask("SELECT ?s { ?s ?p ?o }")) == before + 1
    assert kept.keeper.write(Change("delete", graph=DEFAULT_GRAPH), ANA, 20).existed
    assert len(kept.ask("SELECT ?s { ?s ?p ?o }")) == before


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (Change("update", (b"INSERT DATA {",)), QuerySyntaxError),
        (Change("update", (b"\xff",)), QuerySyntaxError),
        (Change("update", (b"LOAD <http://e/x>",)), QueryRefusedError),
        (
            Change("update", (f"INSERT DATA {{ <a:a> <a:b> 1 }} ; CREATE GRAPH <{G}> ; CREATE GRAPH <{G}>".encode(),)),
            ConflictError,
        ),
        (put("<http://e/1> <http://e/p> ."), DataError),
        (Change("post", (b"<http://e/1> <http://e/p> 1 .", b"?"), ("text/turtle", "text/turtle"), G), DataError),
    ],
)
def test_what_is_refused_changes_nothing(kept: Kept, change: Change, kind: type[AnswerError]) -> None:
    before = kept.ask("SELECT ?s { ?s ?p ?o }")
    digest = kept.keeper.digest
    with pytest.raises(kind):
        kept.keeper.write(change, ANA, 20)
    assert (kept.ask("SELECT ?s { ?s ?p ?o }"), kept.keeper.digest) == (before, digest)
    assert kept.generations.others() == []
    assert kept.keeper.write(insert("next"), ANA, 20).generation == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DROP GRAPH <a:g>", "el grafo a:g no existe"),
        ("CREATE GRAPH <a:g> ; CREATE GRAPH <a:g>", "el grafo a:g ya existe"),
    ],
)
def test_what_is_there_or_not_is_told_in_both_languages(kept: Kept, text: str, said: str) -> None:
    with pytest.raises(ConflictError, match="the graph a:g") as caught:
        kept.keeper.write(Change("update", (text.encode(),)), ANA, 20)
    assert said in in_language(caught.value, "es")


@pytest.mark.parametrize(
    "change",
    [
        insert("1", "http://e/other"),
        put("<http://e/1> <http://e/p> 1 .", "http://e/other"),
        put("", DEFAULT_GRAPH),
        Change("delete", graph="http://example.org/a"),
        Change("update", (b"INSERT DATA { <a:a> <a:b> 1 }",)),
        Change("update", (b"CLEAR ALL",)),
        Change("update", (b"DROP NAMED",)),
        Change("update", (b"CREATE GRAPH <http://e/other>",)),
        Change("update", (b"DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",)),
        Change(
            "update", (f"INSERT DATA {{ GRAPH <{G}> {{ <a:a> <a:b> 1 }} }} ; MOVE GRAPH <{G}> TO DEFAULT".encode(),)
        ),
    ],
)
def test_nobody_changes_a_graph_that_is_not_theirs(kept: Kept, change: Change) -> None:
    before = kept.ask("SELECT ?s { ?s ?p ?o }")
    with pytest.raises(QueryRefusedError, match="bea may not change") as caught:
        kept.keeper.write(change, BEA, 20)
    assert "bea no puede cambiar" in caught.value.args[0].spanish
    assert kept.ask("SELECT ?s { ?s ?p ?o }") == before


def test_what_is_theirs_they_may_change(kept: Kept) -> None:
    kept.keeper.write(insert("1"), BEA, 20)
    kept.keeper.write(Change("update", (f"COPY GRAPH <{G}> TO GRAPH <{G}/copy>".encode(),)), BEA, 20)
    kept.keeper.write(Change("update", (f"DROP GRAPH <{G}>".encode(),)), BEA, 20)
    assert kept.ask(COUNT.replace(G, f"{G}/copy")) == ["http://e/1"]


def test_at_its_time_limit_a_change_is_ended(kept: Kept) -> None:
    kept.keeper.write(insert("1"), ANA, 20)
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"write took longer than 0\.5 s"):
        kept.keeper.write(Change("update", (RUNAWAY.encode(),)), ANA, 0.5)
    assert time.monotonic() - began < 2
    kept.keeper.write(insert("2"), ANA, 20)
    assert len(kept.ask(COUNT)) == 2


def test_a_change_that_takes_too_much_memory(kept: Kept) -> None:
    with pytest.raises(EngineError, match="memory"):
        kept.keeper.write(Change("update", (HOARDING.encode(),)), ANA, 240)
    assert kept.ask(COUNT) == []
    kept.keeper.write(insert("2"), ANA, 20)


def test_whoever_leaves_takes_the_change_along(kept: Kept) -> None:
    gone = Event()
    Timer(0.3, gone.set).start()
    with pytest.raises(EngineError, match="Nobody is waiting"):
        kept.keeper.write(Change("update", (RUNAWAY.encode(),)), ANA, 20, gone=gone)
    assert kept.ask(COUNT) == []


def test_one_after_another(kept: Kept) -> None:
    threads = [threading.Thread(target=kept.keeper.write, args=(insert(str(n)), ANA, 30)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.ask(COUNT)) == 8
    assert kept.generations.number == 9


def test_who_waits_too_long_for_others_is_told(kept: Kept) -> None:
    def write_slowly() -> None:
        with suppress(QueryTimeoutError):
            kept.keeper.write(Change("update", (RUNAWAY.encode(),)), ANA, 2)

    slow = threading.Thread(target=write_slowly)
    slow.start()
    time.sleep(0.5)
    with pytest.raises(UnavailableError, match=r"Others were writing.* Nothing was changed"):
        kept.keeper.write(insert("1"), ANA, 0.2)
    slow.join()


def test_the_process_that_writes_may_be_killed(kept: Kept) -> None:
    kept.keeper.write(insert("1"), ANA, 20)
    child = kept.keeper._child
    assert child is not None
    Timer(0.3, os.kill, (child.pid, signal.SIGKILL)).start()
    with pytest.raises(EngineError, match=r"ended before it was done.* Nothing was changed\.$"):
        kept.keeper.write(Change("update", (RUNAWAY.encode(),)), ANA, 20)
    kept.keeper.write(insert("2"), ANA, 20)
    assert len(kept.ask(COUNT)) == 2


def test_a_question_that_was_asked_before_is_answered_from_what_was_then(kept: Kept) -> None:
    answers: list[int] = []
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
    asking = threading.Thread(target=lambda: answers.append(int(kept.ask(slow)[0])))
    asking.start()
    for number in range(3):
        kept.keeper.write(insert(str(number)), ANA, 20)
    asking.join()
    size = len(Store.read_only(str(kept.generations.path)))
    assert answers[0] < size**2
    kept.keeper.write(insert("last"), ANA, 20)
    assert [path.name for path in kept.generations.others()] == []


def test_every_write_is_in_the_record(kept: Kept) -> None:
    kept.keeper.write(insert("1"), ANA, 20, request="r-1")
    kept.keeper.write(put("<http://e/1> <http://e/p> 1 ."), BEA, 20)
    with pytest.raises(QueryRefusedError):
        kept.keeper.write(Change("update", (b"CLEAR ALL",)), BEA, 20)
    kept.keeper.write(
        Change("update", (f"INSERT DATA {{ GRAPH <{G}> {{ <a:a> <a:b> '{'x' * 20_000}' }} }}".encode(),)), ANA, 20
    )
    lines = (kept.generations.folder / AUDIT).read_text(encoding="utf-8").splitlines()
    first, second, third = map(json.loads, lines)
    assert (first["writer"], first["request"], first["generation"]) == ("ana", "r-1", 2)
    assert first["update"].startswith("INSERT DATA")
    assert (second["writer"], second["operation"], second["graph"], second["bytes"]) == ("bea", "put", G, 29)
    assert "update" not in third
    assert len(third["sha256"]) == 64


def test_a_record_of_what_never_counted_is_marked(kept: Kept) -> None:
    kept.keeper.close()
    with (kept.generations.folder / AUDIT).open("a") as file:
        file.write('{"generation": 2, "writer": "ana"}\n')
    for _ in range(2):
        with Keeper(Generations(kept.generations.folder), kept.pool, memory=2**30):
            pass
    lines = [json.loads(line) for line in (kept.generations.folder / AUDIT).read_text().splitlines()]
    assert [(line["generation"], line.get("undone", False)) for line in lines] == [(2, False), (2, True)]


def test_nobody_else_writes_meanwhile(kept: Kept) -> None:
    with pytest.raises(UsageError, match="another process writes"):
        Keeper(Generations(kept.generations.folder), kept.pool, memory=2**30)
    kept.keeper.close()
    kept.keeper.close()
    Keeper(Generations(kept.generations.folder), kept.pool, memory=2**30).close()


def test_a_disk_that_fails(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(StorageError, match="No space left on device"):
            kept.keeper.write(insert("1"), ANA, 20)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="No space left on device"):
            kept.keeper.write(insert("1"), ANA, 20)
    assert kept.ask(COUNT) == []
    assert kept.keeper.write(insert("2"), ANA, 20).generation == 2
    assert kept.ask(COUNT) == ["http://e/2"]


def test_it_starts_again_where_it_ended(kept: Kept, tmp_path: Path) -> None:
    kept.keeper.write(insert("1"), ANA, 20)
    kept.keeper.close()
    kept.pool.close()
    generations = Generations(tmp_path / "kept")
    with Pool(generations.path, memory_bytes=2**30) as pool, Keeper(generations, pool, memory=2**30) as keeper:
        again = Kept(keeper, pool, generations)
        assert again.ask(COUNT) == ["http://e/1"]
        keeper.write(insert("2"), ANA, 20)
        assert len(again.ask(COUNT)) == 2
