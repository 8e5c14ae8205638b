"""The answer to a SELECT or ASK query as a graph, in the vocabulary in which the W3C's tests write theirs down."""

from collections.abc import Iterable, Mapping

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from crmgraph.answering.writing import write_graph

__all__ = ["RESULT_SET", "write_result_set"]

RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
"""The namespace of the vocabulary."""

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_XSD = "http://www.w3.org/2001/XMLSchema#"


def write_result_set(answer: bytes, media_type: str, prefixes: Mapping[str, str]) -> bytes:
    """The answer (SPARQL 1.1 Query Results JSON Format) as a graph in the syntax that `media_type` names.

    Every row is an rs:solution with its rs:index from 1. Raises NotAcceptableError where this syntax cannot hold the
    answer, LimitError where it has too many bytes.
    """
    results = parse_query_results(answer, format=QueryResultsFormat.JSON)
    return write_graph(_triples(results), media_type, {**prefixes, "rs": RESULT_SET})


def _triples(results: QuerySolutions | QueryBoolean) -> Iterable[Triple]:
    whole = BlankNode("answer")
    yield Triple(whole, _TYPE, _term("ResultSet"))
    if isinstance(results, QueryBoolean):
        yield Triple(whole, _term("boolean"), Literal(bool(results)))
        return
    rows = list(enumerate(results, start=1))
    yield Triple(whole, _term("size"), _integer(len(rows)))
    for variable in results.variables:
        yield Triple(whole, _term("resultVariable"), Literal(variable.value))
    for index, _ in rows:
        yield Triple(whole, _term("solution"), _row(index))
    for index, row in rows:
        yield Triple(_row(index), _term("index"), _integer(index))
        bound = [(variable.value, row[variable]) for variable in results.variables if row[variable] is not None]
        bindings = [BlankNode(f"row{index}value{place}") for place in range(len(bound))]
        for binding in bindings:
            yield Triple(_row(index), _term("binding"), binding)
        for binding, (name, value) in zip(bindings, bound, strict=True):
            yield Triple(binding, _term("variable"), Literal(name))
            yield Triple(binding, _term("value"), value)


def _row(index: int) -> BlankNode:
    return BlankNode(f"row{index}")


def _term(name: str) -> NamedNode:
    return NamedNode(RESULT_SET + name)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(_XSD + "integer"))
