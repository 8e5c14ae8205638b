"""Answers in each syntax are read back by other readers, or refused."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse
from rdflib import Graph

from crmgraph.sparql import GRAPH_FORMATS, RESULT_FORMATS
from crmgraph.errors import EngineError, NotAcceptableError
from crmgraph.sparql.results import write_graph, write_results

S, P = NamedNode("http://e/s"), NamedNode("http://e/p")
VALUES = ["plain", 'quote " comma , semicolon;', "line\nline", "tab\tand\r\nreturn", "é ñ 𝔸", "<&>", " space "]
RESULTS = {each.short: each.media_type for each in RESULT_FORMATS}
GRAPHS = {each.short: each.media_type for each in GRAPH_FORMATS}


def triples(*values: str) -> list[Triple]:
    return [Triple(S, P, Literal(value, language="es")) for value in values]


def results(value: str, short: str) -> bytes:
    store = Store()
    quoted = str(Literal(value))
    return write_results(store.query(f"SELECT ?x ?y {{ VALUES ?x {{ {quoted} }} }}"), RESULTS[short])  # type: ignore[arg-type]


@pytest.mark.parametrize("value", VALUES)
def test_a_table_holds_the_value_in_every_syntax(value: str) -> None:
    assert json.loads(results(value, "json"))["results"]["bindings"] == [{"x": {"type": "literal", "value": value}}]
    document = ET.fromstring(results(value, "xml"))
    assert [node.text for node in document.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [value]
    rows = list(csv.reader(io.StringIO(results(value, "csv").decode(), newline="")))
    assert rows == [["x", "y"], [value, ""]]
    heading, row = results(value, "tsv").decode().split("\n")[:2]
    assert heading == "?x\t?y"
    assert row.count("\t") == 1
    (quad,) = parse(f"<a:> <b:> {row.strip()} .".encode(), format=RdfFormat.TURTLE)
    assert quad.object == Literal(value)


def test_a_truth_value_in_every_syntax() -> None:
    written = {short: write_results(Store().query("ASK {}"), media) for short, media in RESULTS.items()}  # type: ignore[arg-type]
    assert json.loads(written["json"])["boolean"] is True
    assert ET.fromstring(written["xml"]).find("{*}boolean").text == "true"  # type: ignore[union-attr]
    assert written["csv"] == written["tsv"] == b"true"


def test_the_alias_writes_the_same_bytes() -> None:
    query = "SELECT (1 AS ?x) {}"
    aliased = write_results(Store().query(query), "application/json")  # type: ignore[arg-type]
    assert aliased == write_results(Store().query(query), RESULTS["json"])  # type: ignore[arg-type]


@pytest.mark.parametrize("short", GRAPHS)
def test_a_graph_is_read_back_by_another_reader(short: str) -> None:
    written = write_graph(triples(*VALUES), GRAPHS[short], {"e": "http://e/"})
    # Of a graph without a name N-Quads is N-Triples and TriG is Turtle, whose readers in rdflib warn of nothing.
    read_as = {"ttl": "turtle", "nt": "nt", "nq": "nt", "trig": "turtle", "rdf": "xml"}
    if short == "jsonld":
        values = {value["@value"] for value in json.loads(written)[0]["http://e/p"]}
    else:
        values = {str(value) for value in Graph().parse(data=written, format=read_as[short]).objects()}
    assert values == set(VALUES)


def test_turtle_declares_what_it_uses_in_order_and_nothing_else() -> None:
    prefixes = {"z": "http://z/", "e": "http://e/", "b": "http://b/", "unused": "http://unused/"}
    graph = [Triple(NamedNode("http://z/z"), P, NamedNode("http://b/b"))]
    assert write_graph(graph, "text/turtle", prefixes) == (
        b"@prefix b: <http://b/> .\n@prefix e: <http://e/> .\n@prefix z: <http://z/> .\n\nz:z e:p b:b .\n"
    )


def test_an_empty_graph() -> None:
    assert write_graph([], "text/turtle", {"e": "http://e/"}) == b""
    assert json.loads(write_graph([], "application/ld+json", {})) == []


@pytest.mark.parametrize("value", ["\x01", "a\x0bb", "\ufffe", "\uffff", "\x00"])
def test_what_xml_cannot_hold_is_refused_there_and_held_elsewhere(value: str) -> None:
    with pytest.raises(NotAcceptableError, match="control character"):
        results(value, "xml")
    with pytest.raises(NotAcceptableError, match="control character"):
        write_graph(triples(value), GRAPHS["rdf"], {})
    assert json.loads(results(value, "json"))["results"]["bindings"][0]["x"]["value"] == value
    assert list(parse(write_graph(triples(value), GRAPHS["ttl"], {}), format=RdfFormat.TURTLE))


@pytest.mark.parametrize("predicate", ["http://e/", "http://e/1", "http://e/x(y)", "http://e/a#"])
@pytest.mark.parametrize("prefixes", [{}, {"": "http://e/"}, {"e": "http://e/"}, {"xmlns": "http://e/"}])
def test_a_predicate_that_does_not_end_in_a_name_is_refused_in_rdf_xml(
    predicate: str, prefixes: dict[str, str]
) -> None:
    graph = [Triple(S, NamedNode(predicate), Literal("<x:>"))]
    with pytest.raises(NotAcceptableError, match="predicate"):
        write_graph(graph, GRAPHS["rdf"], prefixes)
    assert len(list(parse(write_graph(graph, GRAPHS["ttl"], prefixes), format=RdfFormat.TURTLE))) == 1


@pytest.mark.parametrize(
    "prefixes", [{}, {"": "http://e/"}, {"xml": "http://e/"}, {"e": "http://e/"}, {"é": "http://e/"}]
)
@pytest.mark.parametrize("local", ["p", "é", "a.b", "a-1", "_x"])
def test_rdf_xml_is_well_formed_whatever_the_prefixes(prefixes: dict[str, str], local: str) -> None:
    graph = [Triple(S, NamedNode("http://e/" + local), Literal("a: <b:> </c:>"))]
    written = write_graph(graph, GRAPHS["rdf"], prefixes)
    assert [str(value) for value in Graph().parse(data=written, format="xml").objects()] == ["a: <b:> </c:>"]


def test_an_answer_that_is_too_large_is_none() -> None:
    store = Store()
    many = "SELECT * { VALUES ?x { " + "'0123456789' " * 5000 + "} }"
    with pytest.raises(EngineError, match="larger than 10000 bytes"):
        write_results(store.query(many), RESULTS["csv"], largest=10_000)  # type: ignore[arg-type]
    assert len(write_results(store.query(many), RESULTS["csv"], largest=100_000)) == 3 + 12 * 5000  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="larger than 10000 bytes"):
        write_graph(triples(*map(str, range(5000))), GRAPHS["nt"], {}, largest=10_000)
