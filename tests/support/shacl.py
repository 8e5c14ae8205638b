"""pySHACL, the reference that the engine which carries the checks is held to."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

import pyshacl
from rdflib import RDF, XSD, BNode, Graph, Literal, Variable
from rdflib.plugins.sparql import CUSTOM_EVALS, prepareQuery
from rdflib.plugins.sparql.evaluate import evalBGP
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import FrozenBindings, Query, QueryContext
from rdflib.query import Result
from rdflib.term import Node


def reference_report(data: Graph, shapes: Graph) -> Graph:
    """The SHACL validation report that pySHACL writes. Raises what it raises."""
    with _beginning_at_what_is_known() if isinstance(data, Prepared) else nullcontext():
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


@contextmanager
def _beginning_at_what_is_known() -> Iterator[None]:
    """Have rdflib take up patterns of triples from those about what is known.

    It begins with those that have the most terms, such as all that is a plan, and so goes through all of them for each
    node.
    """
    CUSTOM_EVALS["crmgraph"] = _in_order
    try:
        yield
    finally:
        del CUSTOM_EVALS["crmgraph"]


def _in_order(context: QueryContext, part: CompValue) -> Iterable[FrozenBindings]:
    if part.name != "BGP":
        # This is how rdflib is told to evaluate it as ever.
        raise NotImplementedError
    left, ordered = list(part.triples), []
    known = {term for triple in left for term in triple if _is_open(term) and context[term] is not None}
    while left:
        best = min(left, key=lambda triple: _distance(triple, known))
        left.remove(best)
        ordered.append(best)
        known |= {term for term in best if _is_open(term)}
    return evalBGP(context, ordered)


def _distance(triple: Sequence[Node], known: set[Node]) -> tuple[bool, int]:
    """Whether none of the things that the pattern is about is known, and how many of its terms are not."""
    # Of a class all its instances would have to be gone through.
    things = {triple[0]} if triple[1] == RDF.type else {triple[0], triple[2]}
    return not known & things, sum(_is_open(term) and term not in known for term in triple)


def _is_open(term: Node) -> bool:
    return isinstance(term, Variable | BNode)


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
