"""Publishing to an engine that others may use: theirs stays, ours is whole or is not told of."""

from collections.abc import Iterator

import pytest
from pyoxigraph import RdfFormat, Store

from crmgraph.errors import UsageError
from crmgraph.sparql.elsewhere import Address, Connection
from crmgraph.sparql.elsewhere.publication import read_publication
from crmgraph.sparql.limit import Limit
from crmgraph.updating.publishing import publish
from crmgraph.updating.sending import Sender
from tests.support.engines import PLACES, oxigraph_server

ONE = "<a:s> <a:p> <a:o> <a:g> .\n<a:s> <a:p> <a:o> <a:h> .\n"
TWO = '<a:s> <a:p> "x"@es <a:g> .\n'
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def made(quads: str) -> Store:
    store = Store()
    store.load(quads.encode(), format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    with oxigraph_server(tmp_path_factory.mktemp("oxigraph")) as address:
        yield address


@pytest.fixture(params=["graphs", "updates"])
def connection(request: pytest.FixtureRequest, address: Address) -> Iterator[Connection]:
    given = address if request.param == "graphs" else Address(address.query, address.update, None)
    connection = Connection(given)
    connection.update("DROP ALL", Limit(10))
    yield connection
    connection.close()


def holds(connection: Connection, graph: str) -> bool:
    reply = connection.query("ASK { ?s ?p ?o }", [graph], ["a:none"], "application/sparql-results+json", Limit(10))
    return b"true" in reply.body


def faithful(_: object) -> bool:
    return True


def test_one_dataset_after_another(connection: Connection) -> None:
    assert publish(connection, PLACES, made(ONE), "1", faithful)
    found = read_publication(connection, PLACES, Limit(10))
    assert found
    assert (found.dataset, found.graphs, found.is_faithful) == ("1", ("a:g", "a:h"), True)
    assert not publish(connection, PLACES, made(ONE), "1", faithful)
    assert publish(connection, PLACES, made(TWO), "2", lambda _: False)
    found = read_publication(connection, PLACES, Limit(10))
    assert found
    assert (found.dataset, found.graphs, found.is_faithful) == ("2", ("a:g",), False)
    assert not holds(connection, "a:h")
    assert holds(connection, PLACES.union)


def test_what_is_of_others_stays(connection: Connection) -> None:
    connection.update("INSERT DATA { <a:x> <a:y> 1 . GRAPH <a:theirs> { <a:x> <a:y> 2 } }", Limit(10))
    assert publish(connection, PLACES, made(ONE), "1", faithful)
    assert publish(connection, PLACES, made(TWO), "2", faithful)
    assert holds(connection, "a:theirs")


def test_a_graph_of_others_by_a_name_of_ours_is_not_replaced(connection: Connection) -> None:
    connection.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 2 } }", Limit(10))
    with pytest.raises(UsageError, match="a:g"):
        publish(connection, PLACES, made(ONE), "1", faithful)
    assert read_publication(connection, PLACES, Limit(10)) is None
    assert publish(connection, PLACES, made(ONE), "1", faithful, anew=True)


def test_what_was_written_since_is_not_given_up(connection: Connection) -> None:
    publish(connection, PLACES, made(ONE), "1", faithful)
    found = read_publication(connection, PLACES, Limit(10))
    assert found
    Sender(connection, PLACES).change(found, found.changed(found.graphs), [], [("a:g", ["<a:n> <a:p> 1"])], Limit(10))
    with pytest.raises(UsageError, match="changed since"):
        publish(connection, PLACES, made(TWO), "2", faithful)
    assert publish(connection, PLACES, made(TWO), "2", faithful, anew=True)


def test_what_is_broken_off_is_not_whole_and_can_be_begun_again(connection: Connection) -> None:
    publish(connection, PLACES, made(ONE), "1", faithful)

    def stop(graph: str) -> None:
        if graph == PLACES.union:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(connection, PLACES, made(TWO), "2", faithful, say=stop)
    found = read_publication(connection, PLACES, Limit(10))
    assert found
    assert not found.is_whole
    assert publish(connection, PLACES, made(TWO), "2", faithful)
    assert not holds(connection, "a:h")


@pytest.mark.parametrize("quads", ["<a:s> <a:p> <a:o> .\n", "_:a <a:p> <a:o> <a:g> .\n", "<a:s> <a:p> _:a <a:g> .\n"])
def test_what_cannot_be_told_apart_elsewhere_is_not_published(quads: str, connection: Connection) -> None:
    with pytest.raises(UsageError, match="can be published"):
        publish(connection, PLACES, made(quads), "1", faithful)


def test_an_engine_that_changes_what_it_is_sent_is_found_out(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Sender.put

    def spoiled(self: Sender, graph: str, triples: list[str], limit: Limit) -> None:
        put(self, graph, [triple.replace("<a:o>", "<a:other>") for triple in triples], limit)

    monkeypatch.setattr(Sender, "put", spoiled)
    with pytest.raises(UsageError, match="does not keep the graph a:g as it was sent"):
        publish(connection, PLACES, made(ONE), "1", faithful)


def test_nobody_there() -> None:
    connection = Connection(Address.of("http://127.0.0.1:9/query"))
    with pytest.raises(UsageError, match="cannot be reached"):
        publish(connection, PLACES, made(ONE), "1", faithful)
    connection.close()
