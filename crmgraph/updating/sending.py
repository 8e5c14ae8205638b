"""What is sent to an engine elsewhere: whole graphs, the difference that a write makes, and the word that it is all."""

from collections.abc import Iterable, Iterator, Sequence

from crmgraph.sparql.elsewhere import Connection, Publication
from crmgraph.sparql.elsewhere.publication import Places
from crmgraph.sparql.elsewhere.reading import check_status
from crmgraph.sparql.limit import Limit

__all__ = ["Sender"]

_BATCH = 2_000
_NO_GRAPH_STORE = (404, 405, 501)


class Sender:
    """Sends to the engine that `connection` leads to. Statements are in N-Triples, without the full stop.

    Every method raises the errors of the connection, and RemoteError where the engine refuses.
    """

    def __init__(self, connection: Connection, places: Places) -> None:
        self._connection = connection
        self._places = places
        self._takes_graphs = connection.address.graphs is not None

    def put(self, graph: str, triples: Sequence[str], limit: Limit) -> None:
        """Have the graph hold these statements and no others."""
        if self._takes_graphs:
            body = "".join(f"{triple} .\n" for triple in triples).encode()
            reply = self._connection.graph("PUT", graph, limit, body) if body else None
            if reply is not None and reply.status not in _NO_GRAPH_STORE:
                check_status(reply)
                return
            self._takes_graphs = reply is None
        self.remove(graph, limit)
        for text in _data("INSERT", graph, triples):
            self.update([text], limit)

    def remove(self, graph: str, limit: Limit) -> None:
        """Have the graph hold nothing."""
        self.update([f"DROP SILENT GRAPH <{graph}>"], limit)

    def declare(self, publication: Publication, limit: Limit) -> None:
        """Say what there is of ours."""
        self.put(self._places.publication, publication.triples(self._places), limit)

    def update(self, operations: Iterable[str], limit: Limit) -> None:
        """Carry out these operations, in one request."""
        check_status(self._connection.update(" ;\n".join(operations), limit))

    def change(
        self,
        before: Publication,
        after: Publication,
        removed: Sequence[tuple[str, Sequence[str]]],
        added: Sequence[tuple[str, Sequence[str]]],
        limit: Limit,
    ) -> None:
        """Make a difference: statements by their graphs, and what there is then.

        Where it is small it is one request, which many an engine carries out whole or not at all; it begins by taking
        away the word that all is there, and ends by giving another.
        """
        place = self._places.publication
        old, new = before.triples(self._places), after.triples(self._places)
        gone, come = (_more(old[:-1], new[:-1]), _more(new[:-1], old[:-1]))
        operations = [
            *_data("DELETE", place, old[-1:]),
            *(text for graph, triples in removed for text in _data("DELETE", graph, triples)),
            *(text for graph, triples in added for text in _data("INSERT", graph, triples)),
            *_data("DELETE", place, gone),
            *_data("INSERT", place, come),
            *_data("INSERT", place, new[-1:]),
        ]
        if sum(len(triples) for _, triples in (*removed, *added)) <= _BATCH:
            self.update(operations, limit)
            return
        for operation in operations:
            self.update([operation], limit)


def _more(some: Sequence[str], others: Sequence[str]) -> list[str]:
    known = set(others)
    return [each for each in some if each not in known]


def _data(what: str, graph: str, triples: Sequence[str]) -> Iterator[str]:
    for start in range(0, len(triples), _BATCH):
        statements = "".join(f"{triple} .\n" for triple in triples[start : start + _BATCH])
        yield f"{what} DATA {{ GRAPH <{graph}> {{\n{statements}}} }}"
