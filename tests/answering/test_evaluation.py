"""Questions put to a store: forms, syntaxes, datasets and errors."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from crmgraph.sparql import RESULT_FORMATS, Question
from crmgraph.errors import EngineError, NotAcceptableError, QueryRefusedError, QuerySyntaxError, UnavailableError
from crmgraph.sparql.evaluation import Stored, evaluate
from crmgraph.storing.unions import joined
from crmgraph.wording import in_language
from tests.support.stores import EX

COUNT = "SELECT (COUNT(DISTINCT ?s) AS ?n) %s { ?s ?p ?o }"
COUNT_ALL = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) %s { GRAPH ?g { ?s ?p ?o } }"
A, B, MANY = f"{EX}a", f"{EX}b", f"{EX}many"


def number(stored: Stored, text: str, **given: object) -> int:
    question = Question(text, result_type="text/csv", **given)  # type: ignore[arg-type]
    return int(evaluate(stored, question).body.split()[1])


def test_select(stored: Stored) -> None:
    answer = evaluate(stored, Question(f"SELECT ?who {{ ?who <{EX}age> ?age }}"))
    assert (answer.media_type, answer.form, answer.lasting) == ("application/sparql-results+json", "SELECT", True)
    assert json.loads(answer.body)["results"]["bindings"] == [{"who": {"type": "uri", "value": f"{EX}ana"}}]


@pytest.mark.parametrize("media_type", [each.media_type for each in RESULT_FORMATS])
def test_all_columns_are_in_the_order_of_the_query(stored: Stored, media_type: str) -> None:
    rest = f"{{ ?who <{EX}age> ?age . BIND (1 AS ?b) }}"
    answer = evaluate(stored, Question(f"SELECT * {rest}", result_type=media_type))
    assert answer == evaluate(stored, Question(f"SELECT ?who ?age ?b {rest}", result_type=media_type))
    assert answer != evaluate(stored, Question(f"SELECT ?age ?b ?who {rest}", result_type=media_type))


def test_files_that_are_gone_are_told_without_saying_where_they_were() -> None:
    class Gone:
        def query(self, *_: object, **__: object) -> None:
            raise FileNotFoundError("/secret/place")

    with pytest.raises(UnavailableError, match="build it again") as caught:
        evaluate(Stored(Gone()), Question("ASK {}"))  # type: ignore[arg-type]
    assert "secret" not in str(caught.value)


def test_ask(stored: Stored) -> None:
    answer = evaluate(stored, Question(f"ASK {{ ?who <{EX}age> 42 }}", result_type="text/csv"))
    assert (answer.body, answer.media_type, answer.form) == (b"true", "text/csv", "ASK")


def test_construct_abbreviates_by_the_query_s_own_prefixes_first(stored: Stored) -> None:
    text = f"PREFIX mine: <{EX}> CONSTRUCT WHERE {{ ?x mine:age ?y }}"
    answer = evaluate(stored, Question(text, prefixes={"theirs": EX, "mine": "http://other/"}))
    assert answer.form == "CONSTRUCT"
    assert answer.media_type == "text/turtle"
    assert b"mine:ana mine:age 42 ." in answer.body or b"theirs:ana theirs:age 42 ." in answer.body
    assert b"http://other/" not in answer.body


def test_describe_says_nothing_twice(stored: Stored) -> None:
    answer = evaluate(stored, Question(f"DESCRIBE <{EX}ana>", graph_type="application/n-triples"))
    assert answer.form == "DESCRIBE"
    assert len(answer.body.splitlines()) == len(list(parse(answer.body, format=RdfFormat.N_TRIPLES))) == 4


def test_the_default_graph_is_the_union(stored: Stored) -> None:
    assert number(stored, COUNT % "") == 402
    assert number(stored, COUNT_NAMED % "") == 407


@pytest.mark.parametrize(
    ("clause", "default", "named"),
    [
        (f"FROM <{A}>", 1, 0),
        (f"FROM <{A}> FROM <{B}>", 2, 0),
        (f"FROM NAMED <{B}>", 0, 3),
        (f"from <{A}> from named <{B}>", 1, 3),
        (f"FROM <{EX}nowhere>", 0, 0),
    ],
)
def test_a_dataset_that_the_query_names(stored: Stored, clause: str, default: int, named: int) -> None:
    assert number(stored, COUNT % clause) == default
    assert number(stored, COUNT_NAMED % clause) == named


@pytest.mark.parametrize("clause", ["", f"FROM <{MANY}> FROM NAMED <{MANY}>"])
@pytest.mark.parametrize(
    ("default_graphs", "named_graphs", "default", "named"),
    [
        ((A,), None, 1, 0),
        ((A, B), None, 2, 0),
        (None, (B,), 0, 3),
        ((A,), (B, A), 1, 7),
        ((), None, 0, 0),
        ((f"{EX}nowhere",), (f"{EX}nowhere",), 0, 0),
    ],
)
def test_a_dataset_that_the_protocol_names_overrides(
    stored: Stored,
    clause: str,
    default_graphs: tuple[str, ...] | None,
    named_graphs: tuple[str, ...] | None,
    default: int,
    named: int,
) -> None:
    given = {"default_graphs": default_graphs, "named_graphs": named_graphs}
    assert number(stored, COUNT % clause, **given) == default
    assert number(stored, COUNT_NAMED % clause, **given) == named


def test_a_graph_that_is_named_twice_counts_once(stored: Stored) -> None:
    assert number(stored, COUNT_ALL % "", default_graphs=(A, A)) == 4
    assert number(stored, COUNT_ALL % f"FROM <{A}> FROM <{A}>") == 4
    assert number(stored, f"PREFIX e: <{EX}> {COUNT_ALL % f'FROM e:a FROM <{A}>'}") == 4


@pytest.mark.parametrize(
    ("clause", "default", "named"),
    [
        ("", 406, 407),
        (f"FROM <{A}> FROM <{B}>", 6, 0),
        (f"FROM <{A}> FROM <{B}> FROM NAMED <{B}>", 6, 3),
        (f"FROM <{A}> FROM <{MANY}> FROM NAMED <{A}>", 404, 4),
        (f"FROM <{A}>", 4, 0),
        (f"FROM NAMED <{A}>", 0, 4),
    ],
)
def test_a_statement_in_several_graphs_is_found_once(stored: Stored, clause: str, default: int, named: int) -> None:
    assert number(stored, COUNT_ALL % clause) == default
    assert number(stored, COUNT_NAMED % clause) == named


def test_so_it_is_where_the_protocol_names_the_graphs(stored: Stored) -> None:
    assert number(stored, COUNT_ALL % "", default_graphs=(A, B)) == 6
    assert number(stored, COUNT_NAMED % "", default_graphs=(A, B), named_graphs=(A, MANY)) == 404
    assert number(stored, COUNT_ALL % "", joins_graphs=False) == 0


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
    union = joined(store, [NamedNode(A), NamedNode(B)], [NamedNode(A), NamedNode(B)])
    union.extend(store.quads_for_pattern(None, None, None, DefaultGraph()))
    text = f"SELECT (COUNT(*) AS ?n) {clause} {{ {pattern} }}"
    assert number(Stored(store, union), text) == number(Stored(once), text.replace(clause, ""), joins_graphs=False)


@pytest.mark.parametrize("iri", ["relative", "", "http://a b", "<http://e/>"])
def test_a_graph_needs_an_absolute_iri(stored: Stored, iri: str) -> None:
    with pytest.raises(QueryRefusedError, match="not an absolute IRI"):
        evaluate(stored, Question("ASK {}", default_graphs=(iri,)))


@pytest.mark.parametrize("text", ["SELECT * {}", "ASK {}"])
def test_a_table_is_no_graph(stored: Stored, text: str) -> None:
    with pytest.raises(NotAcceptableError, match="text/csv") as caught:
        evaluate(stored, Question(text, result_type=None))
    assert "text/turtle" not in str(caught.value)
    assert "se ofrece como" in in_language(caught.value, "es")


@pytest.mark.parametrize("text", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <http://e/>"])
def test_a_graph_is_no_table(stored: Stored, text: str) -> None:
    with pytest.raises(NotAcceptableError, match="text/turtle") as caught:
        evaluate(stored, Question(text, graph_type=None))
    assert "text/csv" not in str(caught.value)


def test_a_syntax_error_has_a_place(stored: Stored) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(stored, Question("SELECT *\nWHERE { ?s ?p }"))
    assert (caught.value.line, caught.value.column) == (2, 15)


def test_a_byte_order_mark_is_passed_over(stored: Stored) -> None:
    assert evaluate(stored, Question("\ufeffASK {}")).form == "ASK"


def test_what_the_grammar_allows_and_the_engine_does_not(stored: Stored) -> None:
    answer = evaluate(stored, Question("SELECT (CONCAT ('a', 'b') AS ?x) {}", result_type="text/csv"))
    assert answer.body.split() == [b"x", b"ab"]


def test_relative_iris_need_something_to_be_relative_to(stored: Stored) -> None:
    text = "ASK { <ana> <age> 42 }"
    assert evaluate(stored, Question(text, result_type="text/csv", base_iri=EX)).body == b"true"
    assert evaluate(stored, Question(f"BASE <{EX}> {text}", result_type="text/csv")).body == b"true"
    with pytest.raises(QuerySyntaxError, match="<ana> is relative"):
        evaluate(stored, Question(text))


def test_an_unknown_function(stored: Stored) -> None:
    with pytest.raises(QueryRefusedError, match="<http://e/f> does not exist") as caught:
        evaluate(stored, Question("SELECT (<http://e/f>(1) AS ?x) {}"))
    assert "no existe aquí" in in_language(caught.value, "es")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { SERVICE <http://e/> {} }", QueryRefusedError),
        ("INSERT DATA { <a:> <b:> <c:> }", QuerySyntaxError),
        ("ASK {" + "{" * 20_000 + "}" * 20_001, QueryRefusedError),
    ],
)
def test_the_guard_stands_before_the_engine(stored: Stored, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        evaluate(stored, Question(text))


def test_an_answer_that_may_differ_next_time_says_so(stored: Stored) -> None:
    assert not evaluate(stored, Question("SELECT (NOW() AS ?now) {}")).lasting


def test_a_limit_of_bytes(stored: Stored) -> None:
    with pytest.raises(EngineError, match="larger than 100 bytes"):
        evaluate(stored, Question("SELECT * { ?s ?p ?o }"), largest=100)
