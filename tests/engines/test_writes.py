"""A write that is broken off, large, or follows one of somebody else: all of it is there, or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from crmgraph.answering import Question
from crmgraph.answering.elsewhere import Connection, RemoteEngine
from crmgraph.answering.limit import Limit
from crmgraph.errors import QueryRefusedError, RemoteError, UnavailableError
from crmgraph.storing.unions import write_union
from crmgraph.updating import Change, Writer
from crmgraph.updating.publishing import publish
from crmgraph.updating.remote_keeper import RemoteKeeper
from crmgraph.updating.sending import Sender
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
