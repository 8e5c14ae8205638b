"""Query results in every format, parsed independently of the engine as graphs that can be compared.

Tables with triple terms or base directions are parsed by the engine, because rdflib has neither.

A table becomes a graph with a node for each row, similar to the W3C's vocabulary for result sets. Numbers and Booleans
of one datatype are equal if their values are equal, because the suites themselves write numbers in several ways.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse_query_results
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.query import Result
from rdflib.term import Node

from tests.support.literal_triples import Triple, encoded_term, graph_as_written

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
SUFFIXES = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
RDF_FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
_IS_RDF_12 = re.compile(rb'"triple"|<triple>|its:dir')
_READERS = {SUFFIXES["srx"]: "xml", SUFFIXES["srj"]: "json", SUFFIXES["tsv"]: "tsv"}
_BY_VALUE: Mapping[str, Callable[[str], object]] = {
    XSD.integer: int,
    XSD.decimal: lambda text: Decimal(text).normalize() + 0,
    XSD.double: float,
    XSD.float: float,
    XSD.boolean: lambda text: text in ("true", "1"),
}

Row = Mapping[str, Node]


def are_same(found: Graph, expected: Graph) -> bool:
    """Return whether two results are equal up to the names of blank nodes."""
    return len(found) == len(expected) and isomorphic(found, expected)


def read_answer(body: bytes, media_type: str, *, base: str, is_ordered: bool) -> Graph:
    """Return a result as a graph. `is_ordered` means that the order of the rows counts."""
    if media_type in RDF_FORMATS:
        graph = graph_as_written(body, RDF_FORMATS[media_type], base)
        return _from_result_set(graph, is_ordered) if (None, RDF.type, RS.ResultSet) in graph else graph
    if media_type == SUFFIXES["csv"]:
        return _from_csv(body.decode(), is_ordered)
    if _IS_RDF_12.search(body):
        return _from_rdf_12(body, media_type, is_ordered)
    result = Result.parse(io.BytesIO(body), format=_READERS[media_type])
    if result.type == "ASK":
        return _truth(bool(result.askAnswer))
    rows = [{str(name): _by_value(term) for name, term in row.items()} for row in result.bindings]
    return _table(map(str, result.vars or ()), rows, is_ordered)


def _table(variables: Iterable[str], rows: Iterable[Row], is_ordered: bool) -> Graph:
    """Return the graph of a table. Equal rows become one node with their number, which makes the comparison fast."""
    graph, table = Graph(), BNode()
    graph.add((table, RDF.type, RS.ResultSet))
    for name in variables:
        graph.add((table, RS.resultVariable, Literal(name)))
    listed = [tuple(sorted(row.items())) for row in rows]
    numbered = list(enumerate(listed)) if is_ordered else [(times, row) for row, times in Counter(listed).items()]
    for number, row in numbered:
        solution = BNode()
        graph.add((table, RS.solution, solution))
        graph.add((solution, RS["index"], Literal(number)))
        for name, value in row:
            graph.add((solution, RS[f"value-{name}"], value))
    return graph


def _truth(value: bool) -> Graph:
    graph = Graph()
    graph.add((BNode(), RS.boolean, Literal(value)))
    return graph


def _by_value(term: Node | None) -> Node:
    assert term is not None
    if not isinstance(term, Literal):
        return term
    if term.language:
        return Literal(str(term), lang=term.language.lower())
    kind = URIRef(term.datatype or XSD.string)
    written = str(_BY_VALUE[kind](str(term))) if kind in _BY_VALUE else str(term)
    return Literal(written, datatype=kind, normalize=False)


def _from_result_set(graph: Graph, is_ordered: bool) -> Graph:
    truth = graph.value(None, RS.boolean, any=False)
    if truth is not None:
        return _truth(str(truth) == "true")
    solutions = list(graph.objects(None, RS.solution))
    indexed = all((solution, RS["index"], None) in graph for solution in solutions)
    if indexed:
        solutions.sort(key=lambda solution: int(str(graph.value(solution, RS["index"]))))
    rows = [
        {
            str(graph.value(binding, RS.variable)): _by_value(graph.value(binding, RS.value))
            for binding in graph.objects(solution, RS.binding)
        }
        for solution in solutions
    ]
    return _table(map(str, graph.objects(None, RS.resultVariable)), rows, is_ordered and indexed)


def _from_rdf_12(body: bytes, media_type: str, is_ordered: bool) -> Graph:
    solutions = parse_query_results(body, format=QueryResultsFormat.from_media_type(media_type))
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    rows: list[dict[str, Node]] = []
    parts: list[Triple] = []
    for solution in solutions:
        row = {}
        for name, term in zip(names, solution, strict=True):
            if term is not None:
                value, more = encoded_term(term)
                row[name] = _by_value(value)
                parts += ((subject, predicate, _by_value(part)) for subject, predicate, part in more)
        rows.append(row)
    graph = _table(names, rows, is_ordered)
    for part in parts:
        graph.add(part)
    return graph


def _from_csv(text: str, is_ordered: bool) -> Graph:
    """Return the graph of a CSV table, which distinguishes blank nodes from texts, but has no datatypes."""
    head, *lines = csv.reader(io.StringIO(text, newline=""))
    rows = [
        {
            name: BNode(cell[2:]) if cell.startswith("_:") else Literal(cell)
            for name, cell in zip(head, line, strict=True)
        }
        for line in lines
    ]
    return _table(head, rows, is_ordered)
