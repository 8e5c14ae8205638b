"""GRAPH with a variable: each graph is asked by itself, whatever stands in the group."""

import csv
import io

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from crmgraph.sparql import Question
from crmgraph.errors import QueryRefusedError
from crmgraph.sparql.evaluation import Stored, evaluate
from crmgraph.sparql.rewriting import MOST_GRAPHS, needs_graphs_apart, with_graphs_apart
from crmgraph.wording import in_language
from tests.support.stores import EX

PREFIX = f"PREFIX : <{EX}> "
COUNT = "GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }"


@pytest.fixture
def three() -> Store:
    """Graphs :a with two statements, :b with one that :a has too, and :empty."""
    store = Store()
    store.update(
        f"{PREFIX} CREATE GRAPH :empty ; INSERT DATA {{"
        " GRAPH :a { :s :p 1 . :t :p 2 } GRAPH :b { :s :p 1 } :nowhere :p 3 }"
    )
    return store


def rows(store: Store, text: str, **given: object) -> list[tuple[str, ...]]:
    question = Question(PREFIX + text, result_type="text/csv", **given)  # type: ignore[arg-type]
    table = csv.reader(io.StringIO(evaluate(Stored(store), question).body.decode(), newline=""))
    return sorted(tuple(cell.removeprefix(EX) for cell in row) for row in list(table)[1:])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"SELECT ?g ?n {{ {COUNT} }}", [("a", "2"), ("b", "1"), ("empty", "0")]),
        (f"SELECT * {{ {COUNT} }}", [("a", "2"), ("b", "1"), ("empty", "0")]),
        (f"SELECT ?n {{ BIND(:b AS ?g) {COUNT} }}", [("1",)]),
        (f"SELECT ?g ?n FROM NAMED :b FROM NAMED <{EX}none> {{ {COUNT} }}", [("b", "1"), ("none", "0")]),
        (f"SELECT ?g ?n FROM :a {{ {COUNT} }}", []),
        (
            "SELECT ?g ?s { GRAPH ?g { { SELECT DISTINCT ?s { ?s :p ?o } ORDER BY ?s LIMIT 1 } } }",
            [("a", "s"), ("b", "s")],
        ),
        ("SELECT ?g ?x { GRAPH ?g { SELECT ?x { ?x :p ?g } } }", [("a", "s"), ("a", "t"), ("b", "s")]),
        ("SELECT ?g { GRAPH ?g { ?s :p 2 MINUS { ?x :p 1 } } }", [("a",)]),
        ("SELECT ?g { GRAPH ?g { ?s :p ?v MINUS { ?s :p 1 } } }", [("a",)]),
        ("SELECT ?g ?v { GRAPH ?g { VALUES ?v { 1 } } }", [("a", "1"), ("b", "1"), ("empty", "1")]),
        ("SELECT ?g { GRAPH ?g { { SELECT (1 AS ?n) { _:x :p 1 . _:x :p ?v } } _:y :p 2 } }", [("a",)]),
        (
            "SELECT ?g ?h { GRAPH ?g { { SELECT ?s { ?s :p 2 } } GRAPH ?h { SELECT (COUNT(*) AS ?n) { ?x :p ?o } } }"
            " FILTER(?n > 0) }",
            [("a", "a"), ("a", "b")],
        ),
        ("SELECT ?s { ?s :p ?o FILTER EXISTS { GRAPH ?g { SELECT ?s { ?s :p 2 } } } }", [("t",)]),
    ],
)
def test_each_graph_is_asked_by_itself(three: Store, text: str, expected: list[tuple[str, ...]]) -> None:
    assert rows(three, text) == expected


def test_the_protocol_names_the_graphs(three: Store) -> None:
    text = f"SELECT ?g ?n {{ {COUNT} }}"
    assert rows(three, text, named_graphs=(f"{EX}b", f"{EX}b")) == [("b", "1")]
    assert rows(three, text, default_graphs=(f"{EX}a",)) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { VALUES ?s { <a:b> } ?s ?p ?o } }",
        "SELECT * { GRAPH <a:b> { SELECT ?s { ?s ?p ?o } } }",
        "SELECT * { { SELECT ?g { GRAPH ?g { ?s ?p 'MINUS' } } } MINUS { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { GRAPH <a:b> { ?s ?p ?o MINUS { ?s ?p 1 } } } }",
        "SELECT * { GRAPH ?g { SELECT ?s { ?s ?p ?o }",
        "",
    ],
)
def test_a_query_that_does_not_need_it_stays_as_it_is(text: str) -> None:
    assert not needs_graphs_apart(text)


def test_what_stands_around_a_group_stays() -> None:
    text = "ASK { # MINUS\n GRAPH <a:b> { ?x ?y 1 } GRAPH ?g { { SELECT * {} } } # end\n ?s ?p ?o }"
    assert needs_graphs_apart(text)
    written = with_graphs_apart(text, ["<a:g>"])
    assert written == text.replace(
        "GRAPH ?g { { SELECT * {} } }", "{ { GRAPH <a:g> { { SELECT * {} } } VALUES ?g { <a:g> } } }"
    )


def test_too_many_graphs_are_refused_in_both_languages() -> None:
    store = Store()
    store.extend(
        Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(number), NamedNode(f"a:{number}"))
        for number in range(MOST_GRAPHS + 1)
    )
    with pytest.raises(QueryRefusedError, match="too many") as caught:
        rows(store, f"SELECT * {{ {COUNT} }}")
    assert "demasiados" in in_language(caught.value, "es")
    assert rows(store, f"SELECT ?n FROM NAMED <a:7> {{ {COUNT} }}") == [("1",)]


def test_what_would_grow_too_large_is_refused() -> None:
    nested = COUNT
    for _ in range(5):
        nested = f"GRAPH ?g {{ {{ SELECT * {{ {nested} }} }} }}"
    with pytest.raises(QueryRefusedError, match="too many"):
        with_graphs_apart(f"SELECT * {{ {nested} }}", [f"<a:{number}>" for number in range(100)])
