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
    for address in ("?where", "$where", "e:unknown", "<http://e/\\u0041>"):
        with pytest.raises(QueryRefusedError, match="written in the query"):
            clauses_of(f"SELECT * {{ SERVICE {address} {{}} }}", 10_000, None)


def test_a_base_holds_for_the_address() -> None:
    text = "BASE <http://e/a/> BASE <b/> ASK { SERVICE <c> {} }"
    assert only(text, "http://here/").address == "http://e/a/b/c"
    for odd in ("<http://[x/>", "<http://[::1/>"):
        with pytest.raises(QueryRefusedError):
            clauses_of(f"ASK {{ SERVICE {odd} {{}} }}", 10_000, "http://here/")


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


CLAUSE = "SERVICE <a:b> { ?c ?w ?x }"


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("{ CLAUSE ?a ?b ?c }", "?a ?b ?c ."),
        ("{ ?a ?b ?c CLAUSE . ?d ?e ?f . ?f <a:p> ?a . ?g ?h ?i }", "?a ?b ?c . ?f <a:p> ?a . ?d ?e ?f ."),
        ("{ ?a ?b [ ?c ( 1 2 ) ] OPTIONAL { ?c ?h ?i } FILTER(?a > 1) . CLAUSE }", "?a ?b [ ?c ( 1 2 ) ] ."),
        ("{ FILTER NOT EXISTS { ?c ?y ?z } ?a ?b ?c MINUS { ?c ?y 1 } CLAUSE }", "?a ?b ?c ."),
        ("{ _:n ?b ?c . _:n <a:p> 1 . _:m <a:p> 1 CLAUSE }", "_:n ?b ?c . _:n <a:p> 1 ."),
        ("{ { ?a ?b ?c } UNION { ?d ?e ?f } CLAUSE }", ""),
        ("{ { ?a ?b ?c CLAUSE } UNION { ?d ?e ?f } }", "?a ?b ?c ."),
        ("{ BIND(1 AS ?x) VALUES (?c) { (1) } GRAPH ?c { ?a ?b ?c } CLAUSE }", ""),
        ("{ ?x ?y ?z OPTIONAL { ?a ?b ?c . CLAUSE } }", "?a ?b ?c ."),
        ("{ GRAPH <a:g> { ?a ?b ?c . CLAUSE } }", ""),
        ("{ GRAPH <a:g> { { ?a ?b ?c . CLAUSE } } }", ""),
        ("{ { SELECT ?c { ?a ?b ?c } } CLAUSE }", ""),
        ("{ ?a ?b ?c . trueFILTER(?c = 1) CLAUSE }", ""),
        ("{ GRAPH:a { ?a ?b ?c CLAUSE } }", "?a ?b ?c ."),
        ("{ ?a ?b ?c . GRAPH:a { ?d ?e ?f } CLAUSE }", ""),
        ("{ ?a ?b ?c SERVICE <a:b> { ?s ?p ?o FILTER(?o > ?c) } }", ""),
        ("{ ?a ?b ?c SERVICE <a:b> { ?s ?p ?o OPTIONAL { ?s ?q ?c } } }", ""),
        ("{ ?a ?b ?c SERVICE <a:b> { SELECT ?s { ?s ?p ?c } } }", ""),
        ("{ ?a ?b ?c SERVICE <a:b> { { ?s ?p ?c } UNION { ?s ?p 1 } } }", ""),
    ],
)
def test_the_patterns_beside_a_clause(text: str, beside: str) -> None:
    assert only(f"SELECT * {text.replace('CLAUSE', CLAUSE)}").beside == beside


def test_where_the_query_names_a_dataset_nothing_is_known_beforehand() -> None:
    assert only(f"SELECT * FROM <a:g> {{ ?a ?b ?c {CLAUSE} }}").beside == ""


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
