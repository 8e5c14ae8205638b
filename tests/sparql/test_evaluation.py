"""Questions put to a store: forms, syntaxes, datasets and errors; the answers agree with those of another engine."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import BNode, Dataset, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.query import ResultRow

from crmgraph.errors import EngineError, NotAcceptableError, QueryRefusedError, QuerySyntaxError, UnavailableError
from crmgraph.sparql import RESULT_FORMATS, Question
from crmgraph.sparql.evaluation import Stored, evaluate
from crmgraph.sparql.unions import joined
from crmgraph.wording import in_language
from tests.support.stores import EX

COUNT_ALL = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) %s { GRAPH ?g { ?s ?p ?o } }"
A, B, MANY = f"{EX}a", f"{EX}b", f"{EX}many"
PREFIX = f"PREFIX : <{EX}> "
# Every query ends in the same rows for a union with repeated statements and for one without.
QUERIES = [
    "SELECT ?a ?b { ?a :knows ?b . ?b :name ?n }",
    "SELECT DISTINCT ?a ?n ?age { ?a :name ?n OPTIONAL { ?a :age ?age } }",
    "SELECT DISTINCT ?x { { ?x :age ?y } UNION { ?z :knows ?x } }",
    "SELECT DISTINCT ?a { ?a :name ?n MINUS { ?a :age ?age } }",
    "SELECT DISTINCT ?a { ?a :name ?n FILTER EXISTS { ?a :age ?age } }",
    "SELECT ?b { :ana :knows+ ?b }",
    "SELECT DISTINCT ?a { ?b ^:knows/:name ?n . ?a :knows ?b }",
    'SELECT DISTINCT ?n { :ana :name ?n FILTER(LANGMATCHES(LANG(?n), "es")) }',
    'SELECT ?n { :bob :name ?n FILTER(CONTAINS(?n, "\\n")) }',
    "SELECT ((?age + 1) * 2 AS ?x) (10-3+1 AS ?y) { :ana :age ?age }",
    "SELECT (COUNT(DISTINCT ?v) AS ?n) (MIN(?v) AS ?least) { ?s :value ?v }",
    "SELECT ?a (COUNT(DISTINCT ?n) AS ?names) { ?a :name ?n } GROUP BY ?a HAVING (COUNT(DISTINCT ?n) > 1)",
    "SELECT ?x ?y { VALUES (?x ?y) { (:ana UNDEF) (:bob 'b') } }",
    "SELECT ?a ?most { ?a :knows ?b { SELECT (MAX(?g) AS ?most) { ?c :age ?g } } }",
    "SELECT DISTINCT ?g { GRAPH ?g { :ana :name ?n } }",
    "SELECT (CONCAT(UCASE(SUBSTR(STR(?n), 1, 1)), '…') AS ?x) { :bob :name ?n }",
    "SELECT ?a ?b { ?a :nothing ?b }",
]


def number(stored: Stored, text: str, **given: object) -> int:
    question = Question(text, result_type="text/csv", **given)  # type: ignore[arg-type]
    return int(evaluate(stored, question).body.split()[1])


# rdflib warns of its own use of what it is giving up.
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
def test_rows_are_those_of_rdflib_in_json_and_in_csv(stored: Stored) -> None:
    other = Dataset(default_union=True)
    for quad in stored.store:
        value = quad.object
        term = (
            URIRef(value.value)
            if not hasattr(value, "datatype")
            else RdflibLiteral(
                value.value, lang=value.language, datatype=None if value.language else value.datatype.value
            )
        )
        other.graph(URIRef(quad.graph_name.value)).add((URIRef(quad.subject.value), URIRef(quad.predicate.value), term))
    for query in QUERIES:
        text = PREFIX + query
        document = json.loads(evaluate(stored, Question(text)).body)
        ours = our_rows(document)
        assert ours == other_rows(other, text), query
        assert bool(ours) is (":nothing" not in query)
        columns = document["head"]["vars"]
        table = evaluate(stored, Question(text, result_type="text/csv")).body.decode()
        heading, *rows = csv.reader(io.StringIO(table, newline=""))
        assert heading == columns
        said = [[row.get(name, {"value": ""})["value"] for name in columns] for row in document["results"]["bindings"]]
        assert sorted(rows) == sorted(said)


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


def test_forms(stored: Stored) -> None:
    answer = evaluate(stored, Question(f"SELECT ?who {{ ?who <{EX}age> ?age }}"))
    assert (answer.media_type, answer.form, answer.lasting) == ("application/sparql-results+json", "SELECT", True)
    assert json.loads(answer.body)["results"]["bindings"] == [{"who": {"type": "uri", "value": f"{EX}ana"}}]
    answer = evaluate(stored, Question(f"ASK {{ ?who <{EX}age> 42 }}", result_type="text/csv"))
    assert (answer.body, answer.media_type, answer.form) == (b"true", "text/csv", "ASK")
    answer = evaluate(stored, Question(f"DESCRIBE <{EX}ana>", graph_type="application/n-triples"))
    assert answer.form == "DESCRIBE"
    assert len(answer.body.splitlines()) == len(list(parse(answer.body, format=RdfFormat.N_TRIPLES))) == 4
    assert not evaluate(stored, Question("SELECT (NOW() AS ?now) {}")).lasting
    assert evaluate(stored, Question("\ufeffASK {}")).form == "ASK"
    joined = evaluate(stored, Question("SELECT (CONCAT ('a', 'b') AS ?x) {}", result_type="text/csv"))
    assert joined.body.split() == [b"x", b"ab"]


def test_a_graph_is_abbreviated_by_the_prefixes_of_the_query_first(stored: Stored) -> None:
    text = f"PREFIX mine: <{EX}> CONSTRUCT WHERE {{ ?x mine:age ?y }}"
    answer = evaluate(stored, Question(text, prefixes={"theirs": EX, "mine": "http://other/"}))
    assert (answer.form, answer.media_type) == ("CONSTRUCT", "text/turtle")
    assert b"mine:ana mine:age 42 ." in answer.body or b"theirs:ana theirs:age 42 ." in answer.body
    assert b"http://other/" not in answer.body


@pytest.mark.parametrize("media_type", [each.media_type for each in RESULT_FORMATS])
def test_all_columns_are_in_the_order_of_the_query(stored: Stored, media_type: str) -> None:
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
def test_datasets(stored: Stored, clause: str, given: dict[str, object], default: int, named: int) -> None:
    """What is named beside the query overrides; a statement in several graphs is found once."""
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
    union = joined(store, [NamedNode(A), NamedNode(B)], [NamedNode(A), NamedNode(B)])
    union.extend(store.quads_for_pattern(None, None, None, DefaultGraph()))
    text = f"SELECT (COUNT(*) AS ?n) {clause} {{ {pattern} }}"
    assert number(Stored(store, union), text) == number(Stored(once), text.replace(clause, ""), joins_graphs=False)


def test_a_table_is_no_graph_and_a_graph_no_table(stored: Stored) -> None:
    for text, kind, offered, not_offered in (
        ("SELECT * {}", "result_type", "text/csv", "text/turtle"),
        ("ASK {}", "result_type", "text/csv", "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "graph_type", "text/turtle", "text/csv"),
        ("DESCRIBE <http://e/>", "graph_type", "text/turtle", "text/csv"),
    ):
        with pytest.raises(NotAcceptableError, match=offered) as caught:
            evaluate(stored, Question(text, **{kind: None}))  # type: ignore[arg-type]
        assert not_offered not in str(caught.value)
        assert "se ofrece como" in in_language(caught.value, "es")


def test_errors(stored: Stored) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(stored, Question("SELECT *\nWHERE { ?s ?p }"))
    assert (caught.value.line, caught.value.column) == (2, 15)
    with pytest.raises(QueryRefusedError, match="<http://e/f> does not exist") as refused:
        evaluate(stored, Question("SELECT (<http://e/f>(1) AS ?x) {}"))
    assert "no existe aquí" in in_language(refused.value, "es")
    for text, error in (
        ("SELECT * { SERVICE <http://e/> {} }", QueryRefusedError),
        ("INSERT DATA { <a:> <b:> <c:> }", QuerySyntaxError),
        ("ASK {" + "{" * 20_000 + "}" * 20_001, QueryRefusedError),
    ):
        with pytest.raises(error):
            evaluate(stored, Question(text))
    with pytest.raises(QueryRefusedError, match="not an absolute IRI"):
        evaluate(stored, Question("ASK {}", default_graphs=("relative",)))
    with pytest.raises(EngineError, match="larger than 100 bytes"):
        evaluate(stored, Question("SELECT * { ?s ?p ?o }"), largest=100)


def test_files_that_are_gone_are_told_without_their_place() -> None:
    class Gone:
        def query(self, *_: object, **__: object) -> None:
            raise FileNotFoundError("/secret/place")

    with pytest.raises(UnavailableError, match="build it again") as caught:
        evaluate(Stored(Gone()), Question("ASK {}"))  # type: ignore[arg-type]
    assert "secret" not in str(caught.value)


def test_relative_iris_need_a_base(stored: Stored) -> None:
    text = "ASK { <ana> <age> 42 }"
    assert evaluate(stored, Question(text, result_type="text/csv", base_iri=EX)).body == b"true"
    assert evaluate(stored, Question(f"BASE <{EX}> {text}", result_type="text/csv")).body == b"true"
    with pytest.raises(QuerySyntaxError, match="<ana> is relative"):
        evaluate(stored, Question(text))
