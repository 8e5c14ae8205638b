"""Evaluation of queries: forms, formats, datasets and errors; answers are compared with those of another engine."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from crmgraph.errors import EngineError, QueryRefusedError, in_language
from crmgraph.sparql.engine import Question
from crmgraph.sparql.formats import RESULT_FORMATS
from crmgraph.sparql.workarounds import join_graphs
from crmgraph.sparql.worker import ReadOnlyStore, evaluate
from tests.support.stores import EX

COUNT_ALL = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) %s { GRAPH ?g { ?s ?p ?o } }"
A, B, MANY = f"{EX}a", f"{EX}b", f"{EX}many"
PREFIX = f"PREFIX : <{EX}> "


def number(stored: ReadOnlyStore, text: str, **given: object) -> int:
    question = Question(text, result_type="text/csv", **given)  # type: ignore[arg-type]
    return int(evaluate(stored, question).body.split()[1])


def test_forms(stored: ReadOnlyStore) -> None:
    answer = evaluate(stored, Question(f"SELECT ?who {{ ?who <{EX}age> ?age }}"))
    assert (answer.media_type, answer.form, answer.is_deterministic) == (
        "application/sparql-results+json",
        "SELECT",
        True,
    )
    assert json.loads(answer.body)["results"]["bindings"] == [{"who": {"type": "uri", "value": f"{EX}ana"}}]
    answer = evaluate(stored, Question(f"ASK {{ ?who <{EX}age> 42 }}", result_type="text/csv"))
    assert (answer.body, answer.media_type, answer.form) == (b"true", "text/csv", "ASK")
    answer = evaluate(stored, Question(f"DESCRIBE <{EX}ana>", graph_type="application/n-triples"))
    assert answer.form == "DESCRIBE"
    assert len(answer.body.splitlines()) == len(list(parse(answer.body, format=RdfFormat.N_TRIPLES))) == 4
    assert not evaluate(stored, Question("SELECT (NOW() AS ?now) {}")).is_deterministic
    assert evaluate(stored, Question("\ufeffASK {}")).form == "ASK"
    answer = evaluate(stored, Question("SELECT (CONCAT ('a', 'b') AS ?x) {}", result_type="text/csv"))
    assert answer.body.split() == [b"x", b"ab"]


def test_a_graph_is_abbreviated_by_the_prefixes_of_the_query_first(stored: ReadOnlyStore) -> None:
    text = f"PREFIX mine: <{EX}> CONSTRUCT WHERE {{ ?x mine:age ?y }}"
    answer = evaluate(stored, Question(text, prefixes={"theirs": EX, "mine": "http://other/"}))
    assert (answer.form, answer.media_type) == ("CONSTRUCT", "text/turtle")
    assert b"mine:ana mine:age 42 ." in answer.body or b"theirs:ana theirs:age 42 ." in answer.body
    assert b"http://other/" not in answer.body


@pytest.mark.parametrize("media_type", [each.media_type for each in RESULT_FORMATS])
def test_all_columns_are_in_the_order_of_the_query(stored: ReadOnlyStore, media_type: str) -> None:
    rest = f"{{ ?who <{EX}age> ?age . BIND (1 AS ?b) }}"
    answer = evaluate(stored, Question(f"SELECT * {rest}", result_type=media_type))
    assert answer == evaluate(stored, Question(f"SELECT ?who ?age ?b {rest}", result_type=media_type))
    assert answer != evaluate(stored, Question(f"SELECT ?age ?b ?who {rest}", result_type=media_type))


@pytest.mark.parametrize(
    ("clause", "given", "default", "named"),
    [
        ("", {}, 406, 407),
        (f"FROM <{A}> FROM <{B}>", {}, 6, 0),
        (f"FROM <{A}> FROM <{B}> FROM NAMED <{B}>", {}, 6, 3),
        (f"FROM <{A}> FROM <{MANY}> FROM NAMED <{A}>", {}, 404, 4),
        (f"FROM <{A}> FROM <{A}>", {}, 4, 0),
        (f"FROM NAMED <{A}>", {}, 0, 4),
        ("", {"joins_graphs": False}, 0, 407),
        ("", {"default_graphs": (A,)}, 4, 0),
        ("", {"default_graphs": (A, A)}, 4, 0),
        ("", {"default_graphs": (A, B)}, 6, 0),
        ("", {"default_graphs": (A, B), "named_graphs": (A, MANY)}, 6, 404),
        (f"FROM <{MANY}> FROM NAMED <{MANY}>", {"default_graphs": (A, B)}, 6, 0),
        (f"FROM <{MANY}> FROM NAMED <{MANY}>", {"named_graphs": (B,)}, 0, 3),
        (f"FROM <{MANY}> FROM NAMED <{MANY}>", {"default_graphs": (A,), "named_graphs": (B, A)}, 4, 7),
        (f"FROM <{MANY}> FROM NAMED <{MANY}>", {"default_graphs": ()}, 0, 0),
        ("", {"default_graphs": (f"{EX}nowhere",), "named_graphs": (f"{EX}nowhere",)}, 0, 0),
    ],
)
def test_datasets(stored: ReadOnlyStore, clause: str, given: dict[str, object], default: int, named: int) -> None:
    """Datasets in parameters override FROM clauses; a triple that is in several graphs is found once."""
    assert number(stored, COUNT_ALL % clause, **given) == default
    assert number(stored, COUNT_NAMED % clause, **given) == named


_terms = st.sampled_from([NamedNode(f"{EX}{name}") for name in "pqr"])
_quads = st.builds(Quad, _terms, _terms, _terms, st.sampled_from([NamedNode(A), NamedNode(B), DefaultGraph()]))


@given(
    st.lists(_quads, max_size=12),
    st.sampled_from(["?s ?p ?o", "?s ?p ?o . ?o ?q ?z", "?s ?p/?p ?o", f"?s <{EX}p>* ?o", "?s ?p ?s"]),
    st.sampled_from(["", f"FROM <{A}> FROM <{B}>", f"FROM <{B}> FROM NAMED <{A}> FROM <{A}>"]),
)
def test_the_default_graph_is_a_set(quads: list[Quad], pattern: str, clause: str) -> None:
    pattern = pattern.replace("?p/?p", f"<{EX}p>/<{EX}q>")
    store, once = Store(), Store()
    store.extend(quads)
    asked = [NamedNode(A), NamedNode(B), *([] if clause else [DefaultGraph()])]
    once.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads if quad.graph_name in asked)
    union = join_graphs(store, [NamedNode(A), NamedNode(B)], [NamedNode(A), NamedNode(B)])
    union.extend(store.quads_for_pattern(None, None, None, DefaultGraph()))
    text = f"SELECT (COUNT(*) AS ?n) {clause} {{ {pattern} }}"
    assert number(ReadOnlyStore(store, union), text) == number(
        ReadOnlyStore(once), text.replace(clause, ""), joins_graphs=False
    )


def test_errors(stored: ReadOnlyStore) -> None:
    with pytest.raises(QueryRefusedError, match="<http://e/f> does not exist") as refused:
        evaluate(stored, Question("SELECT (<http://e/f>(1) AS ?x) {}"))
    assert "no existe aquí" in in_language(refused.value, "es")
    with pytest.raises(QueryRefusedError, match="not an absolute IRI"):
        evaluate(stored, Question("ASK {}", default_graphs=("relative",)))
    with pytest.raises(EngineError, match="larger than 100 bytes"):
        evaluate(stored, Question("SELECT * { ?s ?p ?o }"), largest=100)
