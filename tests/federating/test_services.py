"""SERVICE clauses, found in the text of a query."""

import pytest

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.federating.services import MOST_CLAUSES, Clause, clauses_of


def only(text: str, base: str | None = None) -> Clause:
    [clause] = clauses_of(text, 10_000, base).clauses
    assert text[clause.start :].upper().startswith("SERVICE")
    assert text[: clause.end].endswith("}")
    return clause


def test_a_clause() -> None:
    text = "SELECT * { ?s ?p ?o . service silent <http://e/sparql> { ?o ?q 'SERVICE <x> {' } FILTER(?x = 1) }"
    clause = only(text)
    assert text[clause.start : clause.end] == "service silent <http://e/sparql> { ?o ?q 'SERVICE <x> {' }"
    assert (clause.address, clause.is_silent) == ("http://e/sparql", True)
    assert clause.group == " ?o ?q 'SERVICE <x> {' "
    assert (clause.beside, clause.shared) == ("?s ?p ?o .", ("o",))


def test_addresses() -> None:
    assert only("PREFIX e: <http://e/> SELECT * { SERVICE e:sparql {} }").address == "http://e/sparql"
    assert only("SELECT * { SERVICE <x> {} }", "http://here/a/b").address == "http://here/a/x"
    assert only("SELECT * { SERVICE <http://e/\\u0041> {} }").address == "http://e/A"
    for address in ("?where", "$where", "e:unknown", "true"):
        with pytest.raises(QueryRefusedError, match="written in the query"):
            clauses_of(f"SELECT * {{ SERVICE {address} {{}} }}", 10_000, None)


def test_a_base_holds_for_the_address() -> None:
    text = "BASE <http://e/a/> BASE <b/> ASK { SERVICE <c> {} }"
    assert only(text, "http://here/").address == "http://e/a/b/c"
    assert only("ASK { SERVICE <http://e/x#> {} }", "http://here/").address == "http://e/x#"
    with pytest.raises(QueryRefusedError):
        clauses_of("ASK { SERVICE <//[x/> {} }", 10_000, "http://here/")


def test_several_beside_each_other_and_none_within() -> None:
    text = "PREFIX e: <http://e/> ASK { SERVICE e:a { ?a ?b ?c } SERVICE e:b { ?c ?d ?e } }"
    found = clauses_of(text, 10_000, "http://e/")
    assert [clause.address for clause in found.clauses] == ["http://e/a", "http://e/b"]
    assert found.prologue == "BASE <http://e/> PREFIX e: <http://e/> "
    with pytest.raises(QueryRefusedError, match="within SERVICE"):
        clauses_of("ASK { SERVICE <http://a> { SERVICE <http://b> {} } }", 10_000, None)
    many = "SERVICE <a:b> {} " * MOST_CLAUSES
    assert len(clauses_of(f"ASK {{ {many} }}", 10_000, None).clauses) == MOST_CLAUSES
    with pytest.raises(QueryRefusedError, match="10 SERVICE clauses"):
        clauses_of(f"ASK {{ {many} SERVICE <a:b> {{}} }}", 10_000, None)


def test_where_the_query_names_a_dataset_nothing_is_known_beforehand() -> None:
    assert only("SELECT * FROM <a:g> { ?a ?b ?c SERVICE <a:b> { ?c ?w ?x } }").beside == ""


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <a:b> ",
        "ASK { SERVICE SILENT }",
        "ASK { SERVICE { } }",
        "ASK { OPTIONAL SERVICE <a:b> {} }",
        "ASK { SERVICE <a:b> {} UNION { } }",
        "ASK { GRAPH <a:g> SERVICE <a:b> {} }",
        "ASK WHERE SERVICE <a:b> {}",
    ],
)
def test_where_no_clause_can_stand_nobody_is_asked(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"SERVICE \(line 1, column \d+\) stands where"):
        clauses_of(text, 10_000, None)


@pytest.mark.parametrize("text", ["SERVICE", "DELETE WHERE { SERVICE <a:b> { ?s ?p ?o } }", "", "ASK { 'SERVICE' }"])
def test_what_is_no_query_with_clauses_is_left_to_the_engine(text: str) -> None:
    assert clauses_of(text, 10_000, None).clauses == []


@pytest.mark.parametrize(
    "text",
    [
        "{ GRAPH ?g { SERVICE <a:b> {} } }",
        "{ GRAPH ?g { { SERVICE <a:b> {} } UNION { VALUES ?x { 1 } } } ?g ?p ?o }",
        "{ GRAPH $g { ?s ?p ?o OPTIONAL { ?s ?q ?r SERVICE <a:b> {} } } }",
    ],
)
def test_none_stands_in_a_graph_that_the_answer_tells(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="within GRAPH"):
        clauses_of(f"SELECT * {text}", 10_000, None)


@pytest.mark.parametrize("text", ["{ GRAPH <a:g> { SERVICE <a:b> {} } }", "{ GRAPH ?g { ?s ?p ?o } SERVICE <a:b> {} }"])
def test_one_may_stand_in_or_beside_a_graph(text: str) -> None:
    assert only(f"SELECT * {text}").address == "a:b"
