"""A write that is broken off, large, or follows one of somebody else: all of it is there, or nothing."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from crmgraph.errors import AnswerError, QueryRefusedError, QueryTimeoutError, RemoteError, UnavailableError
from crmgraph.sparql import Question
from crmgraph.sparql.elsewhere import Address, Connection, RemoteEngine
from crmgraph.sparql.limit import Limit
from crmgraph.storing.generations import Generations
from crmgraph.storing.unions import write_union
from crmgraph.updating import Change, Writer
from crmgraph.updating.publishing import publish
from crmgraph.updating.remote_keeper import RemoteKeeper
from crmgraph.updating.sending import Sender
from crmgraph.wording import in_language
from tests.engines.conftest import own_server
from tests.support.engines import PLACES, engine_at, oxigraph_server

ANA = Writer("ana", "sha256:0")
QUADS = b"<a:s> <a:p> <a:o> <a:g> .\n<a:s> <a:p> <a:o> <a:h> .\n"
EVERYWHERE = "GRAPH ?g { ?s ?p ?o }"


@dataclass(frozen=True)
class Kept:
    keeper: RemoteKeeper
    engine: RemoteEngine
    connection: Connection

    def update(self, text: str) -> None:
        self.keeper.write(Change("update", (text.encode(),)), ANA, 120)

    def lines(self, text: str) -> list[str]:
        return self.engine.answer(Question(text, result_type="text/csv"), 120).body.decode().split()[1:]

    def count(self, pattern: str) -> int:
        return len(self.lines(f"SELECT * {{ {pattern} }}"))


@contextmanager
def keeping(address: Address, folder: Path, built: Path, record: Path) -> Iterator[Kept]:
    folder.mkdir(exist_ok=True)
    with (
        engine_at(address, folder, built, "1") as (engine, connection, copy),
        RemoteKeeper(connection, PLACES, engine, copy, 2**30, record) as keeper,
    ):
        yield Kept(keeper, engine, connection)


@pytest.fixture(params=[own_server, pytest.param(oxigraph_server, marks=pytest.mark.drill)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    built = Store(tmp_path / "built")
    built.load(QUADS, format=RdfFormat.N_QUADS)
    built.flush()
    del built
    write_union(tmp_path / "built")
    with ExitStack() as held:
        address = held.enter_context(request.param(tmp_path))
        connection = Connection(address)
        publish(connection, PLACES, Store.read_only(str(tmp_path / "built")), "1", lambda _: True)
        connection.close()
        yield held.enter_context(keeping(address, tmp_path, tmp_path / "built", tmp_path / "record.jsonl"))


def failing(monkeypatch: pytest.MonkeyPatch, first: int, last: int, error: AnswerError) -> None:
    """Have those updates fail that are sent as the first to the last."""
    send, sent = Sender.update, []

    def fails(self: Sender, operations: list[str], limit: Limit) -> None:
        sent.append(1)
        if first <= len(sent) <= last:
            raise error
        send(self, operations, limit)

    monkeypatch.setattr(Sender, "update", fails)


def test_statements_that_graphs_share(kept: Kept) -> None:
    for text in (None, "DROP GRAPH <a:g>", "DROP GRAPH <a:h>"):
        if text is not None:
            kept.update(text)
        left = 2 if text is None else 1 if "a:g" in text else 0
        assert (kept.count("?s ?p ?o"), kept.count(EVERYWHERE)) == (min(left, 1), left)
    kept.update("INSERT DATA { GRAPH <a:g> { <a:s> <a:p> <a:o> } GRAPH <a:h> { <a:s> <a:p> <a:o> } }")
    assert (kept.count("?s ?p ?o"), kept.count(EVERYWHERE)) == (1, 2)
    count = "SELECT (COUNT(*) AS ?n) FROM <a:g> FROM <a:h> { ?s ?p ?o }"
    assert kept.lines(count) == ["1"]
    kept.update("INSERT DATA { GRAPH <a:more> { <a:s> <a:p> 2 } }")
    assert kept.lines(count.replace("FROM <a:g>", "FROM <a:g> FROM NAMED <a:more>")) == ["1"]
    digits = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcd")
    kept.update(
        f"INSERT {{ GRAPH <a:m> {{ <a:s> <a:n> ?n }} }} WHERE {{ {digits} BIND (1000*?a+100*?b+10*?c+?d AS ?n) }}"
    )
    assert kept.count("?s <a:n> ?o") == 10_000
    assert kept.keeper.digest == kept.engine.state


def test_graphs(kept: Kept) -> None:
    nothing, something = (
        Change("put", (body,), ("text/turtle",), "http://e/new", "http://e/new") for body in (b"", b"<a:s> <a:p> 1 .")
    )
    existed = [
        kept.keeper.write(each, ANA, 120).existed for each in (nothing, something, something, nothing, something)
    ]
    assert existed == [True, False, True, True, False], "one without statements was not created"
    for graph in (PLACES.union, PLACES.publication, PLACES.nothing):
        with pytest.raises(QueryRefusedError, match=f"crmgraph keeps the graph {graph} itself"):
            kept.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <a:s> <a:p> 1 }} }}")
    assert kept.count(EVERYWHERE) == 3


def test_a_write_that_is_broken_off(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """It leaves all as it was; where that cannot be undone, nothing is answered."""
    three = "INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 1 , 2 , 3 } }"
    for broken in (1, 2, 3):
        with monkeypatch.context() as patch:
            patch.setattr("crmgraph.updating.sending._BATCH", 1)
            failing(patch, broken, broken, RemoteError("the line went dead"))
            with pytest.raises(RemoteError):
                kept.update(f"{three}; DROP GRAPH <a:h>")
        assert (kept.count("<a:x> ?p ?o"), kept.count(EVERYWHERE)) == (0, 2)
    kept.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 1 } }")
    assert kept.count("<a:x> ?p ?o") == 1

    def dead(*_: object) -> None:
        raise RemoteError("the line went dead")

    monkeypatch.setattr("crmgraph.updating.sending._BATCH", 1)
    failing(monkeypatch, 3, 10_000, RemoteError("the line went dead"))
    monkeypatch.setattr(Sender, "declare", dead)
    with pytest.raises(RemoteError):
        kept.update(three.replace("<a:x>", "<a:z>"))
    with pytest.raises(UnavailableError, match="broken off"):
        kept.count("<a:x> ?p ?o")


def test_what_another_server_wrote_is_seen(kept: Kept, tmp_path: Path) -> None:
    address = kept.connection.address
    with keeping(address, tmp_path / "other", tmp_path / "built", tmp_path / "other.jsonl") as other:
        kept.update("INSERT DATA { GRAPH <a:new> { <a:x> <a:y> 1 } }")
        assert other.count("<a:x> ?p ?o") == 1
        other.update("INSERT DATA { GRAPH <a:new> { <a:x> <a:y> 2 } }")
    assert kept.count("GRAPH <a:new> { <a:x> ?p ?o }") == 2
    kept.update("DELETE WHERE { GRAPH <a:new> { ?s ?p ?o } }")
    assert kept.count("<a:x> ?p ?o") == 0


def test_the_record_has_what_was_sent_and_what_became_of_it(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert, record = "INSERT DATA {{ GRAPH <a:g> {{ <a:x> <a:y> {} }} }}", tmp_path / "record.jsonl"
    for refused in (
        "GRAPH <a:g> { _:a <a:p> 1 }",
        f"GRAPH <{PLACES.publication}> {{ <a:s> <a:p> 1 }}",
        "<a:s> <a:p> 1",
    ):
        with pytest.raises(QueryRefusedError, match=r"Nothing was changed\."):
            kept.update(f"INSERT DATA {{ {refused} }}")
    assert not record.exists()
    kept.update(insert.format(1))
    with monkeypatch.context() as patch:
        failing(patch, 1, 1, QueryTimeoutError("late."))
        with pytest.raises(QueryTimeoutError, match=r"Nothing was changed\.$"):
            kept.update(insert.format(2))
    with monkeypatch.context() as patch:
        failing(patch, 1, 2, UnavailableError("gone."))
        with pytest.raises(UnavailableError, match=r"^gone\. It is not known whether the change was made"):
            kept.update(insert.format(3))
    kept.update(insert.format(4))
    entries = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    said = [(entry["generation"], entry.get("undone")) for entry in entries]
    assert said == [(2, None), (3, None), (3, True), (4, None), (4, False), (5, None)]
    with keeping(kept.connection.address, tmp_path / "again", tmp_path / "built", record) as again:
        again.update("DROP GRAPH <a:h>")
    assert json.loads(record.read_text(encoding="utf-8").splitlines()[-1])["generation"] == 6


def test_what_is_told_and_what_counts(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advice for those who ask is not given to those who write; what the engine took counts whatever comes then."""

    def late(*_: object) -> None:
        Limit(0).left()

    def unreachable(*_: object) -> None:
        raise UnavailableError("gone")

    def full(*_: object) -> None:
        raise OSError("full")

    insert = "INSERT DATA {{ GRAPH <a:g> {{ <a:x> <a:y> {} }} }}"
    for number, (owner, name, fails) in enumerate(
        ((RemoteEngine, "refresh", unreachable), (Generations, "adopt", full)), start=1
    ):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fails)
            kept.update(insert.format(number))
        assert kept.count("<a:x> <a:y> ?o") == number
    with monkeypatch.context() as patch:
        patch.setattr(Sender, "change", late)
        with pytest.raises(QueryTimeoutError) as raised:
            kept.update(insert.format(3))
    assert "LIMIT" not in str(raised.value)
    assert "whether the change was made" in str(raised.value)
    assert "si se hizo el cambio" in in_language(raised.value, "es")
    monkeypatch.setattr("crmgraph.updating.remote_keeper.read_publication", late)
    with pytest.raises(QueryTimeoutError, match=r"longer than 0 s\. Nothing was changed\.$") as raised:
        kept.update(insert.format(3))
    assert in_language(raised.value, "es").endswith("tardó más de 0 s. No se cambió nada.")
