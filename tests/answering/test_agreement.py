"""Answers agree with those of another engine."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from rdflib import BNode, Dataset, Graph, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.query import ResultRow

from crmgraph.sparql import Question
from crmgraph.sparql.evaluation import Stored, evaluate
from tests.support.stores import EX

# rdflib warns of its own use of what it is giving up.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")

PREFIX = f"PREFIX : <{EX}> "
# Every query ends in the same rows for a union with repeated statements and for one without.
QUERIES = {
    "join": "SELECT ?a ?b { ?a :knows ?b . ?b :name ?n }",
    "optional": "SELECT DISTINCT ?a ?n ?age { ?a :name ?n OPTIONAL { ?a :age ?age } }",
    "union": "SELECT DISTINCT ?x { { ?x :age ?y } UNION { ?z :knows ?x } }",
    "minus": "SELECT DISTINCT ?a { ?a :name ?n MINUS { ?a :age ?age } }",
    "exists": "SELECT DISTINCT ?a { ?a :name ?n FILTER EXISTS { ?a :age ?age } }",
    "path": "SELECT ?b { :ana :knows+ ?b }",
    "inverse path": "SELECT DISTINCT ?a { ?b ^:knows/:name ?n . ?a :knows ?b }",
    "language": 'SELECT DISTINCT ?n { :ana :name ?n FILTER(LANGMATCHES(LANG(?n), "es")) }',
    "quotes and lines": 'SELECT ?n { :bob :name ?n FILTER(CONTAINS(?n, "\\n")) }',
    "arithmetic": "SELECT ((?age + 1) * 2 AS ?x) (10-3+1 AS ?y) { :ana :age ?age }",
    "count": "SELECT (COUNT(DISTINCT ?v) AS ?n) (MIN(?v) AS ?least) { ?s :value ?v }",
    "group": "SELECT ?a (COUNT(DISTINCT ?n) AS ?names) { ?a :name ?n } GROUP BY ?a HAVING (COUNT(DISTINCT ?n) > 1)",
    "values": "SELECT ?x ?y { VALUES (?x ?y) { (:ana UNDEF) (:bob 'b') } }",
    "subquery": "SELECT ?a ?most { ?a :knows ?b { SELECT (MAX(?g) AS ?most) { ?c :age ?g } } }",
    "graph": "SELECT DISTINCT ?g { GRAPH ?g { :ana :name ?n } }",
    "text": "SELECT (CONCAT(UCASE(SUBSTR(STR(?n), 1, 1)), '…') AS ?x) { :bob :name ?n }",
    "nothing": "SELECT ?a ?b { ?a :nothing ?b }",
}


@pytest.fixture(scope="module")
def other(stored: Stored) -> Any:
    dataset = Dataset(default_union=True)
    for quad in stored.store:
        value = quad.object
        term = (
            URIRef(value.value)
            if not hasattr(value, "datatype")
            else RdflibLiteral(
                value.value, lang=value.language, datatype=None if value.language else value.datatype.value
            )
        )
        graph: Graph = dataset.graph(URIRef(quad.graph_name.value))
        graph.add((URIRef(quad.subject.value), URIRef(quad.predicate.value), term))
    return dataset


def other_rows(other: Any, query: str) -> Counter[tuple[tuple[str, str], ...]]:
    rows: Counter[tuple[tuple[str, str], ...]] = Counter()
    for row in other.query(query):
        assert isinstance(row, ResultRow)
        bound = {str(name): value for name, value in row.asdict().items() if value is not None}
        assert not any(isinstance(value, BNode) for value in bound.values())
        rows[tuple(sorted((name, str(value)) for name, value in bound.items()))] += 1
    return rows


def our_rows(document: Mapping[str, Any]) -> Counter[tuple[tuple[str, str], ...]]:
    bindings = document["results"]["bindings"]
    return Counter(tuple(sorted((name, term["value"]) for name, term in row.items())) for row in bindings)


@pytest.mark.parametrize("name", QUERIES)
def test_both_engines_give_the_same_rows(stored: Stored, other: Any, name: str) -> None:
    query = PREFIX + QUERIES[name]
    ours = our_rows(json.loads(evaluate(stored, Question(query)).body))
    assert ours == other_rows(other, query)
    assert bool(ours) is (name != "nothing")


@pytest.mark.parametrize("name", QUERIES)
def test_a_table_says_the_same_in_json_and_in_csv(stored: Stored, name: str) -> None:
    query = PREFIX + QUERIES[name]
    document = json.loads(evaluate(stored, Question(query)).body)
    columns = document["head"]["vars"]
    text = evaluate(stored, Question(query, result_type="text/csv")).body.decode()
    heading, *rows = csv.reader(io.StringIO(text, newline=""))
    assert heading == columns
    expected = [[row.get(name, {"value": ""})["value"] for name in columns] for row in document["results"]["bindings"]]
    assert sorted(rows) == sorted(expected)
