"""Answers to queries in every syntax, read as graphs that are compared up to the names of their blank nodes.

A table becomes a graph of one node a row, in the manner of the W3C's vocabulary for result sets. In it numbers and
truth values of one datatype are the same if their values are: the suites' own results write one number in several
ways. The readers are our own, so that what the engine writes is not read by the engine.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from pyoxigraph import RdfFormat
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from tests.support.literal_triples import graph_as_written

__all__ = ["are_same", "read_answer"]

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
SR = "{http://www.w3.org/2005/sparql-results#}"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SUFFIXES = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
}
RDF_FORMATS = {"text/turtle": RdfFormat.TURTLE, "application/rdf+xml": RdfFormat.RDF_XML}
# How Turtle, and so TSV, writes a term.
TERM = re.compile(
    r"""<(?P<iri>[^>]*)>|_:(?P<node>\S+)
    |(?P<quote>["'])(?P<text>(?:[^"\\]|\\.)*)(?P=quote)(?:@(?P<language>[\w-]+)|\^\^<(?P<type>[^>]*)>)?
    |(?P<integer>[+-]?\d+)|(?P<decimal>[+-]?\d*\.\d+)|(?P<double>[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+)
    |(?P<boolean>true|false)""",
    re.VERBOSE,
)
_BY_VALUE: Mapping[str, Callable[[str], object]] = {
    XSD.integer: int,
    XSD.decimal: lambda text: Decimal(text).normalize() + 0,
    XSD.double: float,
    XSD.float: float,
    XSD.boolean: lambda text: text in ("true", "1"),
}
ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}

Row = Mapping[str, Node]


def are_same(found: Graph, expected: Graph) -> bool:
    """Whether the answers are the same but for the names of blank nodes."""
    return len(found) == len(expected) and isomorphic(found, expected)


def read_answer(body: bytes, media_type: str, *, base: str, is_ordered: bool) -> Graph:
    """The answer as a graph; `is_ordered` where the order of its rows counts."""
    if media_type in RDF_FORMATS:
        graph = graph_as_written(body, RDF_FORMATS[media_type], base)
        return _from_result_set(graph, is_ordered) if (None, RDF.type, RS.ResultSet) in graph else graph
    text = body.decode()
    if media_type == "text/csv":
        return _from_csv(text, is_ordered)
    if media_type == "text/tab-separated-values":
        return _from_tsv(text, is_ordered)
    return _from_json(text, is_ordered) if media_type.endswith("+json") else _from_xml(text, is_ordered)


def _table(variables: Iterable[str], rows: Iterable[Row], is_ordered: bool) -> Graph:
    """Rows that are the same are one node with their number: so many nodes that nothing tells apart take forever."""
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


def _literal(text: str, language: str | None, datatype: str | None) -> Literal:
    if language:
        return Literal(text, lang=language.lower())
    kind = URIRef(datatype) if datatype else XSD.string
    written = str(_BY_VALUE[kind](text)) if kind in _BY_VALUE else text
    return Literal(written, datatype=kind, normalize=False)


def _by_value(term: Node | None) -> Node:
    assert term is not None
    return _literal(str(term), term.language, term.datatype) if isinstance(term, Literal) else term


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


def _from_json(text: str, is_ordered: bool) -> Graph:
    given = json.loads(text)
    if "boolean" in given:
        return _truth(given["boolean"])
    rows = [{name: _json_term(term) for name, term in binding.items()} for binding in given["results"]["bindings"]]
    return _table(given["head"]["vars"], rows, is_ordered)


def _json_term(term: Mapping[str, str]) -> Node:
    if term["type"] == "uri":
        return URIRef(term["value"])
    if term["type"] == "bnode":
        return BNode(term["value"])
    return _literal(term["value"], term.get("xml:lang"), term.get("datatype"))


def _from_xml(text: str, is_ordered: bool) -> Graph:
    root = ET.fromstring(text)
    truth = root.findtext(f"{SR}boolean")
    if truth is not None:
        return _truth(truth.strip() == "true")
    names = [variable.get("name", "") for variable in root.iter(f"{SR}variable")]
    rows = [
        {binding.get("name", ""): _xml_term(binding[0]) for binding in result.iter(f"{SR}binding")}
        for result in root.iter(f"{SR}result")
    ]
    return _table(names, rows, is_ordered)


def _xml_term(element: ET.Element) -> Node:
    text = element.text or ""
    if element.tag == f"{SR}uri":
        return URIRef(text.strip())
    if element.tag == f"{SR}bnode":
        return BNode(text.strip())
    return _literal(text, element.get(XML_LANGUAGE), element.get("datatype"))


def _from_csv(text: str, is_ordered: bool) -> Graph:
    """CSV tells a blank node from a text, and nothing else of what a value is."""
    head, *lines = csv.reader(io.StringIO(text, newline=""))
    rows = [
        {
            name: BNode(cell[2:]) if cell.startswith("_:") else Literal(cell)
            for name, cell in zip(head, line, strict=True)
        }
        for line in lines
    ]
    return _table(head, rows, is_ordered)


def _from_tsv(text: str, is_ordered: bool) -> Graph:
    head, *lines = text.removesuffix("\n").split("\n")
    names = [name.removeprefix("?") for name in head.split("\t")]
    rows = [
        {name: _tsv_term(cell) for name, cell in zip(names, line.split("\t"), strict=True) if cell} for line in lines
    ]
    return _table(names, rows, is_ordered)


def _tsv_term(cell: str) -> Node:
    match = TERM.fullmatch(cell)
    assert match, cell
    if match["iri"] is not None:
        return URIRef(match["iri"])
    if match["node"] is not None:
        return BNode(match["node"])
    if match["quote"]:
        text = re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), match["text"])
        return _literal(text, match["language"], match["type"])
    kind = next(name for name in ("integer", "decimal", "double", "boolean") if match[name] is not None)
    return _literal(cell, None, XSD[kind])
