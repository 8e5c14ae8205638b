"""Queries rewritten for the engine: the columns of SELECT *, the dataset, GRAPH with a variable."""

import csv
import io
from random import Random

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from crmgraph.errors import QueryRefusedError, in_language
from crmgraph.sparql.constants import substitute_constants
from crmgraph.sparql.engine import Question
from crmgraph.sparql.workarounds import MOST_GRAPHS, Dataset, expand_graph_groups, expand_select_all, graph_name
from crmgraph.sparql.worker import ReadOnlyStore, evaluate
from tests.conformance.test_random import PREFIX, group, in_process
from tests.support.cases import cases
from tests.support.stores import EX


def test_columns_of_select_all() -> None:
    """They are those in scope in the order in which the query names them."""
    for text, expected in cases("sparql/columns"):
        results = Store().query(expand_select_all(text))
        assert isinstance(results, QuerySolutions)
        assert " ".join(variable.value for variable in results.variables) == expected, text
    for text in (
        "SELECT ?b ?a { ?a ?p ?b }", "SELECT (COUNT(*) AS ?n) { ?a ?p ?b }", "SELECT * {}", "SELECT * { ?b ?p }",
        "SELECT", "SELECT DISTINCT", "ASK { { SELECT * { ?b ?p ?a } } }", "DESCRIBE * { ?b ?p ?a }", "",
        "SELECT * { <z> ?p ?a }",
    ):  # fmt: skip
        assert expand_select_all(text) == text
    assert expand_select_all("SELECT * { <z> ?p ?a }", "http://e/") == "SELECT  ?p ?a  { <z> ?p ?a }"


E_A, E_B, E_C = (NamedNode(f"http://e/{name}") for name in "abc")
DATASETS = [
    ("SELECT * FROM <http://e/a> {}", Dataset((E_A,), ())),
    ("SELECT * from<http://e/a>from named<http://e/b>{ ?s ?p 'FROM <http://e/c>' }", Dataset((E_A,), (E_B,))),
    ("PREFIX e: <http://e/> ASK FROM e:a FROM NAMED e:a FROM <http://e/a> FROM e:b {}", Dataset((E_A, E_B), (E_A,))),
    ("BASE <http://e/x> ASK FROM NAMED <c> FROM NAMED <\\u0063> {}", Dataset((), (E_C,))),
    ("ASK FROM <b> {}", Dataset((E_B,), ())),
    *((text, None) for text in ("ASK { ?s ?p ?o }", "ASK FROM e:a {}", "ASK FROM", "ASK FROM NAMED", "")),
    *((text, None) for text in ("PREFIX FROM <http://e/a>", "ASK FROM ?x {}", "ASK FROM NAMED 5 {}")),
]


def test_constants_in_place_of_variables() -> None:
    data, changed = Store(), 0
    data.update(PREFIX + "INSERT DATA { :s :p :s , :t , 1 ; :q :u . :t :p :s , :u ; :q 1 . :u :q :s , :t , 1 }")
    for seed in range(300):
        clause = f"VALUES ?z {{ {':s' if seed % 4 else ':unknown'} }}"
        pattern = group(Random(seed), 3).replace("VALUES ?x { :s 1 }", clause)
        text = f"{PREFIX} SELECT ?x ?y {{ {clause} {pattern} }}"
        replaced = substitute_constants(text)
        changed += replaced != text
        assert in_process(data, replaced) == in_process(data, text), text
    assert changed > 200


def test_the_dataset_of_a_query() -> None:
    assert [(text, Dataset.from_query(text, "http://e/")) for text, _ in DATASETS] == DATASETS
    assert Dataset.from_query("ASK FROM <b> {}", None) is None


def test_the_dataset_beside_a_query() -> None:
    question = Question("ASK {}", ("http://e/a", "http://e/b", "http://e/a"), ("http://e/b",))
    assert Dataset.from_protocol(question) == Dataset((E_A, E_B), (E_B,))
    assert Dataset.from_protocol(Question("ASK FROM <http://e/a> {}")) is None
    assert Dataset.from_protocol(Question("ASK {}", named_graphs=())) == Dataset((), ())
    assert graph_name("http://e/ñ").value == "http://e/ñ"
    for iri in ("", "relative", "http://e/a b", "http://e/%zz", "http://e/\x00", "<http://e/>"):
        with pytest.raises(QueryRefusedError, match="cannot name a graph") as caught:
            Dataset.from_protocol(Question("ASK {}", named_graphs=(iri,)))
        assert "no puede nombrar un grafo" in in_language(caught.value, "es")


COUNT = "GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }"


def rows(store: Store, text: str, **given: object) -> list[tuple[str, ...]]:
    question = Question(PREFIX + text, result_type="text/csv", **given)  # type: ignore[arg-type]
    table = csv.reader(io.StringIO(evaluate(ReadOnlyStore(store), question).body.decode(), newline=""))
    return sorted(tuple(cell.removeprefix(EX) for cell in row) for row in list(table)[1:])


def test_graph_with_a_variable_asks_each_graph_by_itself() -> None:
    store = Store()
    store.update(
        f"{PREFIX} CREATE GRAPH :empty ; INSERT DATA {{"
        " GRAPH :a { :s :p 1 . :t :p 2 } GRAPH :b { :s :p 1 } :nowhere :p 3 }"
    )
    apart = cases("sparql/graphs_apart")
    assert [[text, "|".join(map(" ".join, rows(store, text)))] for text, _ in apart] == apart
    text = f"SELECT ?g ?n {{ {COUNT} }}"
    assert rows(store, text, named_graphs=(f"{EX}b", f"{EX}b")) == [("b", "1")]
    assert rows(store, text, default_graphs=(f"{EX}a",)) == []


def test_too_many_graphs() -> None:
    store = Store()
    store.extend(
        Quad(NamedNode("a:s"), NamedNode("a:p"), Literal(number), NamedNode(f"a:{number}"))
        for number in range(MOST_GRAPHS + 1)
    )
    with pytest.raises(QueryRefusedError, match="too many") as caught:
        rows(store, f"SELECT * {{ {COUNT} }}")
    assert "demasiados" in in_language(caught.value, "es")
    assert rows(store, f"SELECT ?n FROM NAMED <a:7> {{ {COUNT} }}") == [("1",)]
    nested = COUNT
    for _ in range(5):
        nested = f"GRAPH ?g {{ {{ SELECT * {{ {nested} }} }} }}"
    with pytest.raises(QueryRefusedError, match="too many"):
        expand_graph_groups(f"SELECT * {{ {nested} }}", [f"<a:{number}>" for number in range(100)])
