"""Answers in each format: another library can parse them, or the format is refused."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, Store, Triple, parse
from rdflib import RDF, XSD, Graph, Namespace, URIRef
from rdflib import Literal as RdflibLiteral

from crmgraph.errors import NotAcceptableError
from crmgraph.sparql.engine import FIRST_PART
from crmgraph.sparql.formats import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    RESULT_SET,
    _AnswerWriter,
    write_graph,
    write_result_set,
    write_results,
)

S, P = NamedNode("http://e/s"), NamedNode("http://e/p")
VALUES = ["plain", 'quote " comma , semicolon;', "line\nline", "tab\tand\r\nreturn", "é ñ 𝔸", "<&>", " space "]
RESULTS = {each.short: each.media_type for each in RESULT_FORMATS}
GRAPHS = {each.short: each.media_type for each in GRAPH_FORMATS}


def triples(*values: str) -> list[Triple]:
    return [Triple(S, P, Literal(value, language="es")) for value in values]


def written(query: str, media_type: str, largest: int = 2**20) -> bytes:
    return write_results(Store().query(query), media_type, largest=largest)  # type: ignore[arg-type]


def table(value: str, short: str) -> bytes:
    return written(f"SELECT ?x ?y {{ VALUES ?x {{ {Literal(value)} }} }}", RESULTS[short])


def test_a_table_holds_each_value_in_every_syntax() -> None:
    for value in VALUES:
        assert json.loads(table(value, "json"))["results"]["bindings"] == [{"x": {"type": "literal", "value": value}}]
        document = ET.fromstring(table(value, "xml"))
        assert [node.text for node in document.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [value]
        rows = list(csv.reader(io.StringIO(table(value, "csv").decode(), newline="")))
        assert rows == [["x", "y"], [value, ""]]
        heading, row = table(value, "tsv").decode().split("\n")[:2]
        assert heading == "?x\t?y"
        assert row.count("\t") == 1
        (quad,) = parse(f"<a:> <b:> {row.strip()} .".encode(), format=RdfFormat.TURTLE)
        assert quad.object == Literal(value)
    assert written("SELECT (1 AS ?x) {}", "application/json") == written("SELECT (1 AS ?x) {}", RESULTS["json"])
    for cell in ("<http://e/a,b>", "<<( <a:s> <a:p> 'a,b' )>>"):
        with pytest.raises(NotAcceptableError, match="with a comma"):
            written(f"SELECT * {{ VALUES (?x ?y) {{ ({cell} 'a,\\n') }} }}", RESULTS["csv"])


def test_a_truth_value_in_every_syntax() -> None:
    said = {short: written("ASK {}", media) for short, media in RESULTS.items()}
    assert json.loads(said["json"])["boolean"] is True
    assert ET.fromstring(said["xml"]).find("{*}boolean").text == "true"  # type: ignore[union-attr]
    assert said["csv"] == said["tsv"] == b"true"


@pytest.mark.parametrize("short", GRAPHS)
def test_a_graph_is_read_back_by_another_reader(short: str) -> None:
    body = write_graph(triples(*VALUES), GRAPHS[short], {"e": "http://e/"})
    # For the unnamed graph, N-Quads is also N-Triples, and TriG is also Turtle; rdflib's parsers for these do not warn.
    read_as = {"ttl": "turtle", "nt": "nt", "nq": "nt", "trig": "turtle", "rdf": "xml"}
    if short == "jsonld":
        values = {value["@value"] for value in json.loads(body)[0]["http://e/p"]}
    else:
        values = {str(value) for value in Graph().parse(data=body, format=read_as[short]).objects()}
    assert values == set(VALUES)


def test_turtle_declares_what_it_uses_in_order_and_nothing_else() -> None:
    prefixes = {"z": "http://z/", "e": "http://e/", "b": "http://b/", "unused": "http://unused/"}
    graph = [Triple(NamedNode("http://z/z"), P, NamedNode("http://b/b"))]
    assert write_graph(graph, "text/turtle", prefixes) == (
        b"@prefix b: <http://b/> .\n@prefix e: <http://e/> .\n@prefix z: <http://z/> .\n\nz:z e:p b:b .\n"
    )
    assert write_graph([], "text/turtle", {"e": "http://e/"}) == b""
    assert json.loads(write_graph([], "application/ld+json", {})) == []


@pytest.mark.parametrize("value", ["\x01", "a\x0bb", "\uffff", "\x00"])
def test_what_xml_cannot_hold(value: str) -> None:
    with pytest.raises(NotAcceptableError, match="control character"):
        table(value, "xml")
    with pytest.raises(NotAcceptableError, match="control character"):
        write_graph(triples(value), GRAPHS["rdf"], {})
    assert json.loads(table(value, "json"))["results"]["bindings"][0]["x"]["value"] == value
    assert list(parse(write_graph(triples(value), GRAPHS["ttl"], {}), format=RdfFormat.TURTLE))


def write_pieces(*pieces: bytes) -> None:
    writer = _AnswerWriter(GRAPHS["rdf"], 2**22, lambda _: None)
    for piece in pieces:
        writer.write(piece)
    writer.remaining()


@pytest.mark.parametrize("cut", range(8))
def test_what_xml_cannot_hold_at_the_end_of_a_part(cut: int) -> None:
    """Bytes come from the engine in pieces that may end within a character."""
    text = "<x>" + "a" * FIRST_PART + "\uffffaaaa</x>"
    at = FIRST_PART + 2 + cut
    with pytest.raises(NotAcceptableError, match="control character"):
        write_pieces(text.encode()[:at], text.encode()[at:])


def test_predicates_in_rdf_xml() -> None:
    for prefixes in ({}, {"": "http://e/"}, {"e": "http://e/"}, {"xmlns": "http://e/"}):
        for predicate in ("http://e/", "http://e/1", "http://e/x(y)", "http://e/a#", f"{RDF}li"):
            graph = [Triple(S, NamedNode(predicate), Literal("<x:>"))]
            with pytest.raises(NotAcceptableError, match="predicate"):
                write_graph(graph, GRAPHS["rdf"], prefixes)
            assert len(list(parse(write_graph(graph, GRAPHS["ttl"], prefixes), format=RdfFormat.TURTLE))) == 1
    for prefixes in ({}, {"": "http://e/"}, {"xml": "http://e/"}, {"e": "http://e/"}, {"é": "http://e/"}):
        for local in ("p", "é", "a.b", "a-1", "_x"):
            graph = [Triple(S, NamedNode("http://e/" + local), Literal("a: <b:> </c:>"))]
            body = write_graph(graph, GRAPHS["rdf"], prefixes)
            assert [str(value) for value in Graph().parse(data=body, format="xml").objects()] == ["a: <b:> </c:>"]


RS = Namespace(RESULT_SET)
QUERY = """SELECT ?a ?b { VALUES (?a ?b) {
  (<urn:x> "palabra"@es) (1 UNDEF) (UNDEF "a \\"b\\"\\n") (true "2004-05-06"^^<http://www.w3.org/2001/XMLSchema#date>)
} }"""
EXPECTED = [
    {"a": URIRef("urn:x"), "b": RdflibLiteral("palabra", lang="es")},
    {"a": RdflibLiteral("1", datatype=XSD.integer)},
    {"b": RdflibLiteral('a "b"\n')},
    {"a": RdflibLiteral("true", datatype=XSD.boolean), "b": RdflibLiteral("2004-05-06", datatype=XSD.date)},
]


def result_set(query: str, media_type: str = "text/turtle") -> bytes:
    results = pyoxigraph.Store().query(query)
    assert isinstance(results, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean)
    return write_result_set(results.serialize(format=QueryResultsFormat.JSON) or b"", media_type, {})


def test_a_table_as_a_graph() -> None:
    """The vocabulary for result sets is that of the W3C's tests."""
    body = result_set(QUERY)
    assert body == result_set(QUERY), "the same bytes"
    graph = Graph().parse(data=body, format="turtle")
    [whole] = graph.subjects(RDF.type, RS.ResultSet)
    assert {str(name) for name in graph.objects(whole, RS.resultVariable)} == {"a", "b"}
    assert graph.value(whole, RS.size) == RdflibLiteral(4)
    rows = {
        graph.value(row, RS["index"]): {
            str(graph.value(binding, RS.variable)): graph.value(binding, RS.value)
            for binding in graph.objects(row, RS.binding)
        }
        for row in graph.objects(whole, RS.solution)
    }
    assert [rows[RdflibLiteral(index)] for index in (1, 2, 3, 4)] == EXPECTED
    for query, truth in (("ASK {}", True), ("ASK { <urn:x> a <urn:y> }", False)):
        graph = Graph().parse(data=result_set(query), format="turtle")
        assert list(graph.objects(None, RS.boolean)) == [RdflibLiteral(truth)]
    with pytest.raises(NotAcceptableError, match="control character"):
        result_set('SELECT ?x { BIND ("\\u0001" AS ?x) }', "application/rdf+xml")
