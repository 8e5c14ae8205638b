"""pySHACL, the reference that the engine which carries the checks is held to."""

from functools import cache
from typing import Any

import pyshacl
from rdflib import XSD, Graph, Literal
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

__all__ = ["Prepared", "plain", "reference_report"]


def reference_report(data: Graph, shapes: Graph) -> Graph:
    """The SHACL validation report that pySHACL writes. Raises what it raises."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    if not isinstance(report, Graph):
        raise report
    return report


class Prepared(Graph):
    """A graph that parses each query once, for pySHACL asks the same one of each focus node."""

    def query(  # type: ignore[override]
        self,
        query_object: str | Query,
        processor: str = "sparql",
        result: str = "sparql",
        initNs: dict[str, Any] | None = None,
        *arguments: Any,
        **options: Any,
    ) -> Result:
        spaces = initNs or dict(self.namespaces())
        if isinstance(query_object, str):
            query_object = _prepared(query_object, tuple(sorted((name, str(space)) for name, space in spaces.items())))
        return super().query(query_object, processor, result, spaces, *arguments, **options)


@cache
def _prepared(text: str, spaces: tuple[tuple[str, str], ...]) -> Query:
    return prepareQuery(text, initNs=dict(spaces))


def plain(data: Graph, kind: type[Graph] = Prepared) -> Graph:
    """The same statements with strings as rdflib makes them in a query.

    In RDF 1.1 (Concepts, 3.3) a string has the datatype xsd:string whether it is written or not; to rdflib these are
    two strings, and it finds none that CONCAT has made among those that have it written.
    """
    graph = kind()
    for subject, predicate, value in data:
        graph.add((subject, predicate, _plain(value)))
    return graph


def _plain(value: Node) -> Node:
    return Literal(str(value)) if isinstance(value, Literal) and value.datatype == XSD.string else value
