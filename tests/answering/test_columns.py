"""The columns of SELECT *: those in scope, in the order in which the query names them."""

import pytest
from pyoxigraph import QuerySolutions, Store

from crmgraph.sparql.rewriting import with_columns_named

UNCHANGED = [
    "SELECT ?b ?a { ?a ?p ?b }",
    "SELECT (COUNT(*) AS ?n) { ?a ?p ?b }",
    "SELECT * {}",
    "SELECT * { ?b ?p }",
    "SELECT",
    "SELECT DISTINCT",
    "ASK { { SELECT * { ?b ?p ?a } } }",
    "DESCRIBE * { ?b ?p ?a }",
    "",
]


def columns(text: str) -> list[str]:
    results = Store().query(with_columns_named(text))
    assert isinstance(results, QuerySolutions)
    return [variable.value for variable in results.variables]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?z ?a ?m . ?z ?b ?a }", "z a m b"),
        ("SELECT*{ $z ?a [] }", "z a"),
        ("select distinct * where { ?z ?y ?x }", "z y x"),
        ("# SELECT *\nPREFIX SELECT: <http://e/> SELECT REDUCED * { ?z SELECT:a '?a' }", "z"),
        ("SELECT * { ?z ?p ?o BIND (STR(?z) AS ?a) }", "z p o a"),
        ("SELECT * { GRAPH ?g { ?z a ?o } }", "g z o"),
        ("SELECT * { VALUES (?z ?a) { (1 2) } }", "z a"),
        ("SELECT * { ?z ?p _:b } ORDER BY ?p LIMIT 1", "z p"),
        ("SELECT * { { SELECT ?z (COUNT(?x) AS ?n) { ?x a ?z } GROUP BY ?z } ?z ?p ?a }", "z n p a"),
        ("SELECT * { { SELECT * { ?z ?y ?x } } ?a ?b ?c }", "z y x a b c"),
        ("SELECT * { ?z ?p ?o FILTER NOT EXISTS { ?q a ?q } MINUS { ?n a ?z } OPTIONAL { ?l ?k ?z } }", "z p o l k"),
        ("SELECT * { ?z <http://e/p>/<http://e/q> ?a }", "z a"),
        ("SELECT * { ?z ?p ?o } VALUES ?a { 1 }", "z p o a"),
    ],
)
def test_they_are_those_in_scope_in_the_order_of_the_query(text: str, expected: str) -> None:
    assert columns(text) == expected.split()


@pytest.mark.parametrize("text", UNCHANGED)
def test_whatever_has_no_columns_to_name_stays_as_it_is(text: str) -> None:
    assert with_columns_named(text) == text


def test_relative_iris_do_not_matter() -> None:
    text = "SELECT * { <z> ?p ?a }"
    assert with_columns_named(text, "http://e/") == "SELECT  ?p ?a  { <z> ?p ?a }"
    assert with_columns_named(text) == text


def test_the_second_star_is_multiplication() -> None:
    assert columns("SELECT * { ?z ?p ?o FILTER (?o * 2 = 4) }") == ["z", "p", "o"]
