"""pySHACL as the reference for the SHACL engine that runs the checks."""

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
    """Return the SHACL validation report of pySHACL. Raises the errors of pySHACL."""
    with _beginning_at_what_is_known() if isinstance(data, Prepared) else nullcontext():
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    if not isinstance(report, Graph):
        raise report
    return report


class Prepared(Graph):
    """A graph that caches parsed queries, because pySHACL repeats the same query for each focus node."""

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
    """Make rdflib evaluate patterns about bound variables before those with more constants, such as `?x a cg:Plan`."""
    CUSTOM_EVALS["crmgraph"] = _in_order
    try:
        yield
    finally:
        del CUSTOM_EVALS["crmgraph"]


def _in_order(context: QueryContext, part: CompValue) -> Iterable[FrozenBindings]:
    if part.name != "BGP":
        # rdflib then uses its own evaluation.
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
    """Return the sort key of a triple pattern: whether neither end is bound, and the number of unbound terms."""
    # A bound class does not help: it has too many instances.
    things = {triple[0]} if triple[1] == RDF.type else {triple[0], triple[2]}
    return not known & things, sum(_is_open(term) and term not in known for term in triple)


def _is_open(term: Node) -> bool:
    return isinstance(term, Variable | BNode)


def plain(data: Graph, kind: type[Graph] = Prepared) -> Graph:
    """Return the triples with strings as in rdflib's queries: without xsd:string, which RDF 1.1 takes for granted."""
    graph = kind()
    for subject, predicate, value in data:
        is_string = isinstance(value, Literal) and value.datatype == XSD.string
        graph.add((subject, predicate, Literal(str(value)) if is_string else value))
    return graph
