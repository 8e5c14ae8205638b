"""A write that is broken off, large, or follows one of somebody else: all of it is there, or nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from crmgraph.errors import AnswerError, QueryRefusedError, QueryTimeoutError, RemoteError, UnavailableError
from crmgraph.sparql import Question
from crmgraph.sparql.elsewhere import Connection, RemoteEngine
from crmgraph.sparql.limit import Limit
from crmgraph.storing.generations import Generations
from crmgraph.storing.unions import write_union
from crmgraph.updating import Change, Writer
from crmgraph.updating.publishing import publish
from crmgraph.updating.remote_keeper import RemoteKeeper
from crmgraph.updating.sending import Sender
from crmgraph.wording import in_language
from tests.support.engines import PLACES, engine_at, oxigraph_server

ANA = Writer("ana", "sha256:0")
QUADS = b"<a:s> <a:p> <a:o> <a:g> .\n<a:s> <a:p> <a:o> <a:h> .\n"


@dataclass(frozen=True)
class Kept:
    keeper: RemoteKeeper
    engine: RemoteEngine
    connection: Connection

    def update(self, text: str) -> None:
        self.keeper.write(Change("update", (text.encode(),)), ANA, 60)

    def count(self, pattern: str) -> int:
        body = self.engine.answer(Question(f"SELECT * {{ {pattern} }}", result_type="text/csv"), 60).body
        return len(body.decode().splitlines()) - 1


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    built = Store(tmp_path / "built")
    built.load(QUADS, format=RdfFormat.N_QUADS)
    built.flush()
    del built
    write_union(tmp_path / "built")
    with (
        oxigraph_server(tmp_path) as address,
        engine_at(address, tmp_path, tmp_path / "built", "1") as (engine, connection, copy),
    ):
        publish(connection, PLACES, Store.read_only(str(tmp_path / "built")), "1", lambda _: True)
        with RemoteKeeper(connection, PLACES, engine, copy, 2**30, tmp_path / "record.jsonl") as keeper:
            yield Kept(keeper, engine, connection)


def test_the_union_has_a_statement_as_long_as_one_graph_has_it(kept: Kept) -> None:
    assert kept.count("?s ?p ?o") == 1
    kept.update("DROP GRAPH <a:g>")
    assert (kept.count("?s ?p ?o"), kept.count("GRAPH ?g { ?s ?p ?o }")) == (1, 1)
    kept.update("DROP GRAPH <a:h>")
    assert (kept.count("?s ?p ?o"), kept.count("GRAPH ?g { ?s ?p ?o }")) == (0, 0)
    kept.update("INSERT DATA { GRAPH <a:g> { <a:s> <a:p> <a:o> } GRAPH <a:h> { <a:s> <a:p> <a:o> } }")
    assert (kept.count("?s ?p ?o"), kept.count("GRAPH ?g { ?s ?p ?o }")) == (1, 2)


def test_several_graphs_have_a_statement_that_they_share_once(kept: Kept) -> None:
    count = "SELECT (COUNT(*) AS ?n) FROM <a:g> FROM <a:h> { ?s ?p ?o }"
    for text in (count, count.replace("FROM <a:g>", "FROM <a:g> FROM NAMED <a:more>")):
        assert kept.engine.answer(Question(text, result_type="text/csv"), 60).body.split() == [b"n", b"1"]
        kept.update("INSERT DATA { GRAPH <a:more> { <a:s> <a:p> 2 } }")


def test_a_graph_without_statements_was_not_created(kept: Kept) -> None:
    nothing, something = (
        Change("put", (body,), ("text/turtle",), "http://e/new", "http://e/new") for body in (b"", b"<a:s> <a:p> 1 .")
    )
    assert kept.keeper.write(nothing, ANA, 60).existed
    assert not kept.keeper.write(something, ANA, 60).existed
    assert kept.keeper.write(something, ANA, 60).existed
    assert kept.keeper.write(nothing, ANA, 60).existed
    assert not kept.keeper.write(something, ANA, 60).existed


@pytest.mark.parametrize("graph", [PLACES.union, PLACES.publication, PLACES.nothing])
def test_graphs_that_say_what_is_there_are_ours_and_not_written(kept: Kept, graph: str) -> None:
    with pytest.raises(QueryRefusedError, match=f"crmgraph keeps the graph {graph} itself"):
        kept.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <a:s> <a:p> 1 }} }}")
    assert kept.count("GRAPH ?g { ?s ?p ?o }") == 2


def test_a_large_write(kept: Kept) -> None:
    digits = "VALUES ?{0} {{ 0 1 2 3 4 5 6 7 8 9 }}"
    many = " ".join(digits.format(name) for name in "abcd")
    kept.update(
        f"INSERT {{ GRAPH <a:m> {{ <a:s> <a:n> ?n }} }} WHERE {{ {many} BIND (1000*?a+100*?b+10*?c+?d AS ?n) }}"
    )
    assert kept.count("?s <a:n> ?o") == 10_000
    assert kept.keeper.digest == kept.engine.state


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_a_write_that_is_broken_off_leaves_all_as_it_was(
    broken: int, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, sent = Sender.update, []

    def fails(self: Sender, operations: list[str], limit: Limit) -> None:
        sent.append(1)
        if len(sent) == broken:
            raise RemoteError("the line went dead")
        send(self, operations, limit)

    monkeypatch.setattr("crmgraph.updating.sending._BATCH", 1)
    monkeypatch.setattr(Sender, "update", fails)
    with pytest.raises(RemoteError):
        kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 1 , 2 , 3 } }; DROP GRAPH <a:h>")
    assert kept.count("<a:x> ?p ?o") == 0
    assert kept.count("GRAPH ?g { ?s ?p ?o }") == 2
    monkeypatch.undo()
    kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 1 } }")
    assert kept.count("<a:x> ?p ?o") == 1


def test_where_that_cannot_be_undone_nothing_is_answered(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    send, sent = Sender.update, []

    def fails(self: Sender, operations: list[str], limit: Limit) -> None:
        sent.append(1)
        if len(sent) > 2:
            raise RemoteError("the line went dead")
        send(self, operations, limit)

    monkeypatch.setattr("crmgraph.updating.sending._BATCH", 1)
    monkeypatch.setattr(Sender, "update", fails)
    monkeypatch.setattr(Sender, "declare", fails)
    with pytest.raises(RemoteError):
        kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 1 , 2 , 3 } }")
    with pytest.raises(UnavailableError, match="broken off"):
        kept.count("<a:x> ?p ?o")


def test_what_another_server_wrote_is_seen(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    address = kept.connection.address
    with (
        engine_at(address, tmp_path / "other", tmp_path / "built", "1") as (engine, connection, copy),
        RemoteKeeper(connection, PLACES, engine, copy, 2**30, tmp_path / "other.jsonl") as keeper,
    ):
        other = Kept(keeper, engine, connection)
        kept.update("INSERT DATA { GRAPH <a:new> { <a:x> <a:y> 1 } }")
        assert other.count("<a:x> ?p ?o") == 1
        other.update("INSERT DATA { GRAPH <a:new> { <a:x> <a:y> 2 } }")
    assert kept.count("GRAPH <a:new> { <a:x> ?p ?o }") == 2
    kept.update("DELETE WHERE { GRAPH <a:new> { ?s ?p ?o } }")
    assert kept.count("<a:x> ?p ?o") == 0


def record(folder: Path) -> list[tuple[int, bool | None]]:
    """The number of each entry in the record, and what it says of being undone."""
    lines = (folder / "record.jsonl").read_text(encoding="utf-8").splitlines()
    return [(entry["generation"], entry.get("undone")) for entry in map(json.loads, lines)]


def fail_sending(monkeypatch: pytest.MonkeyPatch, times: int, error: AnswerError) -> None:
    """Have so many updates fail before one goes through."""
    send, sent = Sender.update, []

    def fails(self: Sender, operations: list[str], limit: Limit) -> None:
        sent.append(1)
        if len(sent) <= times:
            raise error
        send(self, operations, limit)

    monkeypatch.setattr(Sender, "update", fails)


def test_the_record_has_what_was_sent_and_what_became_of_it(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for refused in ("_:a <a:p> 1", f"}} GRAPH <{PLACES.publication}> {{ <a:s> <a:p> 1"):
        with pytest.raises(QueryRefusedError, match=r"Nothing was changed\."):
            kept.update(f"INSERT DATA {{ GRAPH <a:g> {{ {refused} }} }}")
    with pytest.raises(QueryRefusedError, match=r"Nothing was changed\."):
        kept.update("INSERT DATA { <a:s> <a:p> 1 }")
    assert not (tmp_path / "record.jsonl").exists()
    kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 1 } }")
    with monkeypatch.context() as patch:
        fail_sending(patch, 1, QueryTimeoutError("late."))
        with pytest.raises(QueryTimeoutError, match=r"Nothing was changed\.$"):
            kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 2 } }")
    with monkeypatch.context() as patch:
        fail_sending(patch, 2, UnavailableError("gone."))
        with pytest.raises(UnavailableError, match=r"^gone\. It is not known whether the change was made"):
            kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 3 } }")
    kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 4 } }")
    assert record(tmp_path) == [(2, None), (3, None), (3, True), (4, None), (4, False), (5, None)]
    (tmp_path / "again").mkdir()
    with (
        engine_at(kept.connection.address, tmp_path / "again", tmp_path / "built", "1") as (engine, connection, copy),
        RemoteKeeper(connection, PLACES, engine, copy, 2**30, tmp_path / "record.jsonl") as again,
    ):
        again.write(Change("update", (b"DROP GRAPH <a:h>",)), ANA, 60)
    assert record(tmp_path)[-1] == (6, None)


def test_advice_for_those_who_ask_is_not_given_to_those_who_write(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object) -> None:
        Limit(0).left()

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "change", late)
        with pytest.raises(QueryTimeoutError) as raised:
            kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 2 } }")
    # Nothing could be undone either.
    assert "LIMIT" not in str(raised.value)
    assert "whether the change was made" in str(raised.value)
    assert "si se hizo el cambio" in in_language(raised.value, "es")
    monkeypatch.setattr("crmgraph.updating.remote_keeper.read_publication", late)
    with pytest.raises(QueryTimeoutError, match=r"longer than 0 s\. Nothing was changed\.$") as raised:
        kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 2 } }")
    assert in_language(raised.value, "es").endswith("tardó más de 0 s. No se cambió nada.")


def test_what_the_engine_took_counts_whatever_comes_then(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise UnavailableError("gone")

    def full(*_: object) -> None:
        raise OSError("full")

    for number, (owner, name, fails) in enumerate(
        ((RemoteEngine, "refresh", unreachable), (Generations, "adopt", full)), start=1
    ):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fails)
            kept.update(f"INSERT DATA {{ GRAPH <a:g> {{ <a:x> <a:y> {number} }} }}")
        assert kept.count("<a:x> <a:y> ?o") == number
    kept.update("DELETE WHERE { GRAPH <a:g> { <a:x> <a:y> 1 } }")
    assert kept.count("<a:x> <a:y> ?o") == 1
