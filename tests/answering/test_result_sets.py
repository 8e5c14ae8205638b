"""Answers as graphs, in the vocabulary of the W3C's tests."""

import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from crmgraph.sparql import GRAPH_FORMATS, Format
from crmgraph.errors import NotAcceptableError
from crmgraph.sparql.results import RESULT_SET, write_result_set

RS = Namespace(RESULT_SET)
SYNTAXES = {"ttl": "turtle", "nt": "nt", "rdf": "xml"}
QUERY = """SELECT ?a ?b { VALUES (?a ?b) {
  (<urn:x> "palabra"@es) (1 UNDEF) (UNDEF "a \\"b\\"\\n") (true "2004-05-06"^^<http://www.w3.org/2001/XMLSchema#date>)
} }"""
EXPECTED = [
    {"a": URIRef("urn:x"), "b": Literal("palabra", lang="es")},
    {"a": Literal("1", datatype=XSD.integer)},
    {"b": Literal('a "b"\n')},
    {"a": Literal("true", datatype=XSD.boolean), "b": Literal("2004-05-06", datatype=XSD.date)},
]


def answer(query: str) -> bytes:
    results = pyoxigraph.Store().query(query)
    assert isinstance(results, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean)
    return results.serialize(format=QueryResultsFormat.JSON) or b""


@pytest.mark.parametrize(
    "form", [form for form in GRAPH_FORMATS if form.short in SYNTAXES], ids=lambda form: form.short
)
def test_each_row_is_there_with_its_values(form: Format) -> None:
    graph = Graph().parse(data=write_result_set(answer(QUERY), form.media_type, {}), format=SYNTAXES[form.short])
    [whole] = graph.subjects(RDF.type, RS.ResultSet)
    assert {str(name) for name in graph.objects(whole, RS.resultVariable)} == {"a", "b"}
    assert graph.value(whole, RS.size) == Literal(4)
    rows = {
        graph.value(row, RS["index"]): {
            str(graph.value(binding, RS.variable)): graph.value(binding, RS.value)
            for binding in graph.objects(row, RS.binding)
        }
        for row in graph.objects(whole, RS.solution)
    }
    assert [rows[Literal(index)] for index in (1, 2, 3, 4)] == EXPECTED


@pytest.mark.parametrize("form", GRAPH_FORMATS, ids=lambda form: form.short)
def test_every_syntax_holds_the_same_graph(form: Format) -> None:
    def read(media_type: str) -> pyoxigraph.Dataset:
        syntax = pyoxigraph.RdfFormat.from_media_type(media_type)
        assert syntax is not None
        quads = pyoxigraph.parse(write_result_set(answer(QUERY), media_type, {}), format=syntax)
        read = pyoxigraph.Dataset(quads)
        read.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
        return read

    assert read(form.media_type) == read("application/n-triples")


def test_the_same_answer_is_written_in_the_same_bytes() -> None:
    assert write_result_set(answer(QUERY), "text/turtle", {}) == write_result_set(answer(QUERY), "text/turtle", {})


def test_no_rows_are_a_set_without_solutions() -> None:
    graph = Graph().parse(data=write_result_set(answer("SELECT ?x { ?x a ?x }"), "text/turtle", {}), format="turtle")
    assert graph.value(None, RS.size) is None
    assert list(graph.objects(None, RS.size)) == [Literal(0)]
    assert not list(graph.objects(None, RS.solution))


def test_a_truth_value_is_one() -> None:
    for query, truth in (("ASK {}", True), ("ASK { <urn:x> a <urn:y> }", False)):
        graph = Graph().parse(data=write_result_set(answer(query), "text/turtle", {}), format="turtle")
        assert list(graph.objects(None, RS.boolean)) == [Literal(truth)]


def test_what_a_syntax_cannot_hold_is_refused() -> None:
    with pytest.raises(NotAcceptableError, match="control character"):
        write_result_set(answer('SELECT ?x { BIND ("\\u0001" AS ?x) }'), "application/rdf+xml", {})
