"""SERVICE clauses found in the text of a query, the patterns beside them, and the variables that they share."""

import pytest

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.federation.federated import MAX_SERVICE_CLAUSES, ServiceClause, service_clauses


def only(text: str, base: str | None = None) -> ServiceClause:
    [clause] = service_clauses(text, 10_000, base)
    assert text[clause.start :].upper().startswith("SERVICE")
    assert text[: clause.end].endswith("}")
    return clause


def test_a_clause() -> None:
    text = "SELECT * { ?s ?p ?o . service silent <http://e/sparql> { ?o ?q 'SERVICE <x> {' } FILTER(?x = 1) }"
    clause = only(text)
    assert text[clause.start : clause.end] == "service silent <http://e/sparql> { ?o ?q 'SERVICE <x> {' }"
    assert (clause.address, clause.is_silent) == ("http://e/sparql", True)
    assert clause.group == " ?o ?q 'SERVICE <x> {' "
    assert (clause.context_pattern, clause.shared_variables) == ("?s ?p ?o .", ("o",))
    assert only("SELECT * FROM <a:g> { ?a ?b ?c SERVICE <a:b> { ?c ?w ?x } }").context_pattern == ""
    for text in ("{ GRAPH <a:g> { SERVICE <a:b> {} } }", "{ GRAPH ?g { ?s ?p ?o } SERVICE <a:b> {} }"):
        assert only(f"SELECT * {text}").address == "a:b"


def test_addresses() -> None:
    assert only("PREFIX e: <http://e/> SELECT * { SERVICE e:sparql {} }").address == "http://e/sparql"
    assert only("SELECT * { SERVICE <x> {} }", "http://here/a/b").address == "http://here/a/x"
    assert only("SELECT * { SERVICE <http://e/\\u0041> {} }").address == "http://e/A"
    text = "BASE <http://e/a/> BASE <b/> ASK { SERVICE <c> {} }"
    assert only(text, "http://here/").address == "http://e/a/b/c"
    assert only("ASK { SERVICE <http://e/x#> {} }", "http://here/").address == "http://e/x#"
    for address in ("?where", "$where", "e:unknown", "true", "<//[x/>"):
        with pytest.raises(QueryRefusedError):
            service_clauses(f"SELECT * {{ SERVICE {address} {{}} }}", 10_000, "http://here/")


def test_several_beside_each_other() -> None:
    text = "PREFIX e: <http://e/> ASK { SERVICE e:a { ?a ?b ?c } SERVICE e:b { ?c ?d ?e } }"
    found = service_clauses(text, 10_000, "http://e/")
    assert [clause.address for clause in found] == ["http://e/a", "http://e/b"]
    assert found[0].prologue == "BASE <http://e/> PREFIX e: <http://e/> "
    many = "SERVICE <a:b> {} " * MAX_SERVICE_CLAUSES
    assert len(service_clauses(f"ASK {{ {many} }}", 10_000, None)) == MAX_SERVICE_CLAUSES


def test_where_no_clause_can_stand_nobody_is_asked() -> None:
    refused, wrong = QueryRefusedError, QuerySyntaxError
    many = "SERVICE <a:b> {} " * (MAX_SERVICE_CLAUSES + 1)
    for text, error, said in (
        ("ASK { SERVICE ?where {} }", refused, "written in the query"),
        ("ASK { SERVICE <http://a> { SERVICE <http://b> {} } }", refused, "within SERVICE"),
        (f"ASK {{ {many} }}", refused, "10 SERVICE clauses"),
        ("SELECT * { GRAPH ?g { SERVICE <a:b> {} } }", refused, "within GRAPH"),
        ("ASK { GRAPH ?g { { SERVICE <a:b> {} } UNION { VALUES ?x { 1 } } } ?g ?p ?o }", refused, "within GRAPH"),
        ("ASK { GRAPH $g { ?s ?p ?o OPTIONAL { ?s ?q ?r SERVICE <a:b> {} } } }", refused, "within GRAPH"),
        *(
            (text, wrong, r"Line 1, column \d+: SERVICE stands where")
            for text in (
                "SELECT * { SERVICE <a:b> ", "ASK { SERVICE SILENT }", "ASK { SERVICE { } }",
                "ASK { OPTIONAL SERVICE <a:b> {} }", "ASK { SERVICE <a:b> {} UNION { } }",
                "ASK { GRAPH <a:g> SERVICE <a:b> {} }", "ASK WHERE SERVICE <a:b> {}",
            )
        ),
    ):  # fmt: skip
        with pytest.raises(error, match=said):
            service_clauses(text, 10_000, None)
    for text in ("SERVICE", "DELETE WHERE { SERVICE <a:b> { ?s ?p ?o } }", "", "ASK { 'SERVICE' }"):
        assert service_clauses(text, 10_000, None) == [], "that is left to the engine"


CLAUSE = "SERVICE <a:b> { ?c ?w ?x }"
BESIDE = [
    ("{ ?a ?b ?c CLAUSE . ?d ?e ?f }", "?a ?b ?c . ?d ?e ?f"),
    ("{ ?a ?b [ ?c ( 1 ) ] OPTIONAL { ?c ?h 1 } FILTER(1) . CLAUSE }", "?a ?b [ ?c ( 1 ) ] OPTIONAL { ?c ?h 1 } ."),
    ("{ { ?a ?b ?c } UNION { ?d ?e ?f } CLAUSE }", "{ ?a ?b ?c } UNION { ?d ?e ?f }"),
    ("{ FILTER NOT EXISTS { ?c ?p 1 } VALUES ?c { 1 } CLAUSE OPTIONAL { ?c ?p 2 } }", "VALUES ?c { 1 }"),
    ("{ ?x ?y ?z OPTIONAL { ?a ?b ?c . CLAUSE } }", "?a ?b ?c ."),
    ("{ GRAPH <a:g> { ?a ?b ?c . CLAUSE } }", ""),
    ("{ ?a ?b ?c . trueFILTER(?c = 1) CLAUSE }", ""),
    ("{ CLAUSE MINUS { ?c ?p 1 } ?c ?p 2 }", ""),
]  # fmt: skip


def test_what_stands_beside_a_clause() -> None:
    for text, context_pattern in BESIDE:
        assert only(f"SELECT * {text.replace('CLAUSE', CLAUSE)}").context_pattern == context_pattern
    text = "SELECT * { ?a ?b ?c SERVICE <a:b> { ?c ?d ?e } SERVICE <a:b> { ?e ?f ?g } ?g ?h ?c }"
    assert [(each.context_pattern, each.shared_variables) for each in service_clauses(text, 10_000, None)] == [
        ("?a ?b ?c .", ("c",)),
        ("?g ?h ?c", ("g",)),
    ]
