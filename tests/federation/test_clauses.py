"""SERVICE clauses found in the text of a query, the patterns beside them, and the variables that they share."""

import pytest

from crmgraph.errors import AnswerError, QueryRefusedError
from crmgraph.federation.federated import MAX_SERVICE_CLAUSES, ServiceClause, service_clauses
from tests.support.cases import cases


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
    many = "SERVICE <a:b> {} " * (MAX_SERVICE_CLAUSES + 1)
    for text, error, said in (
        *cases("federation/no_clauses"),
        [f"ASK {{ {many} }}", "QueryRefusedError", "10 SERVICE"],
    ):
        with pytest.raises(AnswerError, match=said) as caught:
            service_clauses(text, 10_000, None)
        assert type(caught.value).__name__ == error, text
    for text in ("SERVICE", "DELETE WHERE { SERVICE <a:b> { ?s ?p ?o } }", "", "ASK { 'SERVICE' }"):
        assert service_clauses(text, 10_000, None) == [], "that is left to the engine"


CLAUSE = "SERVICE <a:b> { ?c ?w ?x }"


def test_what_stands_beside_a_clause() -> None:
    for text, context_pattern in cases("federation/beside"):
        assert only(f"SELECT * {text.replace('CLAUSE', CLAUSE)}").context_pattern == context_pattern
    text = "SELECT * { ?a ?b ?c SERVICE <a:b> { ?c ?d ?e } SERVICE <a:b> { ?e ?f ?g } ?g ?h ?c }"
    assert [(each.context_pattern, each.shared_variables) for each in service_clauses(text, 10_000, None)] == [
        ("?a ?b ?c .", ("c",)),
        ("?a ?b ?c . ?g ?h ?c", ("g",)),
    ]
