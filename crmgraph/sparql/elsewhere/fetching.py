"""Whole graphs, brought from an engine elsewhere."""

from collections.abc import Iterator
from itertools import count

from pyoxigraph import QuerySolutions

from crmgraph.errors import RemoteError
from crmgraph.sparql.elsewhere.connection import RESULTS, Connection
from crmgraph.sparql.elsewhere.publication import Places
from crmgraph.sparql.elsewhere.reading import ANY, read_results, read_triples
from crmgraph.sparql.limit import Limit
from crmgraph.wording import Bilingual

__all__ = ["count_graph", "fetch_graph"]

_PAGE = 5_000


def fetch_graph(connection: Connection, places: Places, graph: str, limit: Limit) -> list[str]:
    """The statements of a graph in N-Triples without the full stop, each once.

    Raises the errors of the connection, and RemoteError where they are not as many as the engine says there are.
    """
    found = list(dict.fromkeys(_statements(connection, places, graph, limit)))
    if count_graph(connection, places, graph, limit) != len(found):
        raise RemoteError(
            Bilingual(
                "The engine that holds the data gave another number of statements than it says that it has.",
                "El motor que guarda los datos dio otro número de afirmaciones que el que dice tener.",
            )
        )
    return found


def count_graph(connection: Connection, places: Places, graph: str, limit: Limit) -> int:
    """How many statements the graph holds."""
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    rows = read_results(connection.query(query, [graph], [places.nothing], RESULTS, limit), ANY)
    return int(next(iter(rows))["n"].value) if isinstance(rows, QuerySolutions) else 0


def _statements(connection: Connection, places: Places, graph: str, limit: Limit) -> Iterator[str]:
    if connection.address.graphs is not None and not connection.is_virtuoso:
        yield from map(str, read_triples(connection.graph("GET", graph, limit)))
        return
    for start in count(0, _PAGE):
        # Without an order the pages may overlap: then there are too few statements, which is noticed.
        query = f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {_PAGE} OFFSET {start}"
        rows = read_results(connection.query(query, [graph], [places.nothing], RESULTS, limit), ANY)
        found = [f"{row['s']} {row['p']} {row['o']}" for row in rows] if isinstance(rows, QuerySolutions) else []
        yield from found
        if len(found) < _PAGE:
            return
