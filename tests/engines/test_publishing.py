"""Publishing to an engine that others may use: theirs stays, ours is whole or is not told of."""

from collections.abc import Iterator

import pytest
from pyoxigraph import RdfFormat, Store

from crmgraph.answering.elsewhere import Address, Connection, Publication
from crmgraph.answering.elsewhere.publication import read_publication
from crmgraph.answering.limit import Limit
from crmgraph.errors import UsageError
from crmgraph.updating.publishing import publish
from crmgraph.updating.sending import Sender
from tests.engines.conftest import own_server
from tests.support.engines import PLACES, oxigraph_server

ONE = "<a:s> <a:p> <a:o> <a:g> .\n<a:s> <a:p> <a:o> <a:h> .\n"
TWO = '<a:s> <a:p> "x"@es <a:g> .\n'


def made(quads: str) -> Store:
    store = Store()
    store.load(quads.encode(), format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module", params=[own_server, pytest.param(oxigraph_server, marks=pytest.mark.drill)])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    with request.param(tmp_path_factory.mktemp("engine")) as address:
        yield address


@pytest.fixture(params=["graphs", "updates"])
def connection(request: pytest.FixtureRequest, address: Address) -> Iterator[Connection]:
    given = address if request.param == "graphs" else Address(address.query, address.update, None)
    connection = Connection(given)
    connection.update("DROP ALL", Limit(60))
    yield connection
    connection.close()


def holds(connection: Connection, graph: str) -> bool:
    reply = connection.query("ASK { ?s ?p ?o }", [graph], ["a:none"], "application/sparql-results+json", Limit(60))
    return b"true" in reply.body


def published(connection: Connection) -> Publication:
    found = read_publication(connection, PLACES, Limit(60))
    assert found
    return found


def faithful(_: object) -> bool:
    return True


def test_one_dataset_after_another(connection: Connection) -> None:
    connection.update("INSERT DATA { <a:x> <a:y> 1 . GRAPH <a:theirs> { <a:x> <a:y> 2 } }", Limit(60))
    assert publish(connection, PLACES, made(ONE), "1", faithful)
    found = published(connection)
    assert (found.dataset, found.graphs, found.is_faithful) == ("1", ("a:g", "a:h"), True)
    assert (found.is_whole, found.is_as_published) == (True, True)
    assert not publish(connection, PLACES, made(ONE), "1", faithful)
    assert publish(connection, PLACES, made(TWO), "2", lambda _: False)
    found = published(connection)
    assert (found.dataset, found.graphs, found.is_faithful) == ("2", ("a:g",), False)
    assert not holds(connection, "a:h")
    assert holds(connection, PLACES.union)
    assert holds(connection, "a:theirs"), "what is of others stays"
    changed = found.changed(found.graphs)
    assert (changed.is_as_published, changed.state != found.changed(()).state) == (False, True)
    # What was written since is not given up.
    Sender(connection, PLACES).change(found, changed, [], [("a:g", ["<a:n> <a:p> 1"])], Limit(60))
    with pytest.raises(UsageError, match="changed since"):
        publish(connection, PLACES, made(ONE), "3", faithful)
    assert publish(connection, PLACES, made(ONE), "3", faithful, anew=True)


def test_what_is_not_published(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.update("INSERT DATA { GRAPH <a:g> { <a:x> <a:y> 2 } }", Limit(60))
    with pytest.raises(UsageError, match="a:g"):
        publish(connection, PLACES, made(ONE), "1", faithful)
    assert read_publication(connection, PLACES, Limit(60)) is None
    assert publish(connection, PLACES, made(ONE), "1", faithful, anew=True)
    for quads in ("<a:s> <a:p> <a:o> .\n", "_:a <a:p> <a:o> <a:g> .\n", "<a:s> <a:p> _:a <a:g> .\n"):
        with pytest.raises(UsageError, match="can be published"):
            publish(connection, PLACES, made(quads), "2", faithful)
    put = Sender.put

    def spoiled(self: Sender, graph: str, triples: list[str], limit: Limit) -> None:
        put(self, graph, [triple.replace("<a:o>", "<a:other>") for triple in triples], limit)

    monkeypatch.setattr(Sender, "put", spoiled)
    with pytest.raises(UsageError, match="does not keep the graph a:g as it was sent"):
        publish(connection, PLACES, made(ONE), "3", faithful)


def test_what_is_broken_off_is_not_whole_and_can_be_begun_again(connection: Connection) -> None:
    publish(connection, PLACES, made(ONE), "1", faithful)

    def stop(graph: str) -> None:
        if graph == PLACES.union:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(connection, PLACES, made(TWO), "2", faithful, say=stop)
    assert not published(connection).is_whole
    assert publish(connection, PLACES, made(TWO), "2", faithful)
    assert not holds(connection, "a:h")
