"""SERVICE clauses found in the text of a query, the patterns beside them, and the variables that they share."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.federation.patterns import triples_beside
from crmgraph.federation.services import MOST_CLAUSES, Clause, clauses_of
from crmgraph.sparql.tokens import keyword, tokens


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
    assert only("SELECT * FROM <a:g> { ?a ?b ?c SERVICE <a:b> { ?c ?w ?x } }").beside == ""
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
            clauses_of(f"SELECT * {{ SERVICE {address} {{}} }}", 10_000, "http://here/")


def test_several_beside_each_other() -> None:
    text = "PREFIX e: <http://e/> ASK { SERVICE e:a { ?a ?b ?c } SERVICE e:b { ?c ?d ?e } }"
    found = clauses_of(text, 10_000, "http://e/")
    assert [clause.address for clause in found.clauses] == ["http://e/a", "http://e/b"]
    assert found.prologue == "BASE <http://e/> PREFIX e: <http://e/> "
    many = "SERVICE <a:b> {} " * MOST_CLAUSES
    assert len(clauses_of(f"ASK {{ {many} }}", 10_000, None).clauses) == MOST_CLAUSES


def test_where_no_clause_can_stand_nobody_is_asked() -> None:
    refused, wrong = QueryRefusedError, QuerySyntaxError
    many = "SERVICE <a:b> {} " * (MOST_CLAUSES + 1)
    for text, error, said in (
        ("ASK { SERVICE ?where {} }", refused, "written in the query"),
        ("ASK { SERVICE <http://a> { SERVICE <http://b> {} } }", refused, "within SERVICE"),
        (f"ASK {{ {many} }}", refused, "10 SERVICE clauses"),
        ("SELECT * { GRAPH ?g { SERVICE <a:b> {} } }", refused, "within GRAPH"),
        ("ASK { GRAPH ?g { { SERVICE <a:b> {} } UNION { VALUES ?x { 1 } } } ?g ?p ?o }", refused, "within GRAPH"),
        ("ASK { GRAPH $g { ?s ?p ?o OPTIONAL { ?s ?q ?r SERVICE <a:b> {} } } }", refused, "within GRAPH"),
        *(
            (text, wrong, r"SERVICE \(line 1, column \d+\) stands where")
            for text in (
                "SELECT * { SERVICE <a:b> ", "ASK { SERVICE SILENT }", "ASK { SERVICE { } }",
                "ASK { OPTIONAL SERVICE <a:b> {} }", "ASK { SERVICE <a:b> {} UNION { } }",
                "ASK { GRAPH <a:g> SERVICE <a:b> {} }", "ASK WHERE SERVICE <a:b> {}",
            )
        ),
    ):  # fmt: skip
        with pytest.raises(error, match=said):
            clauses_of(text, 10_000, None)
    for text in ("SERVICE", "DELETE WHERE { SERVICE <a:b> { ?s ?p ?o } }", "", "ASK { 'SERVICE' }"):
        assert clauses_of(text, 10_000, None).clauses == [], "that is left to the engine"


CLAUSE = "SERVICE <a:b> { ?c ?w ?x }"
BESIDE = [
    ("{ ?a ?b ?c CLAUSE . ?d ?e ?f . ?f <a:p> ?a . ?g ?h ?i }", "?a ?b ?c . ?f <a:p> ?a . ?d ?e ?f ."),
    ("{ ?a ?b [ ?c ( 1 2 ) ] OPTIONAL { ?c ?h ?i } FILTER(?a > 1) . CLAUSE }", "?a ?b [ ?c ( 1 2 ) ] ."),
    ("{ _:n ?b ?c . _:n <a:p> 1 . _:m <a:p> 1 CLAUSE }", "_:n ?b ?c . _:n <a:p> 1 ."),
    ("{ { ?a ?b ?c } UNION { ?d ?e ?f } CLAUSE }", ""),
    ("{ BIND(1 AS ?x) VALUES (?c) { (1) } GRAPH ?c { ?a ?b ?c } CLAUSE }", ""),
    ("{ ?x ?y ?z OPTIONAL { ?a ?b ?c . CLAUSE } }", "?a ?b ?c ."),
    ("{ GRAPH <a:g> { ?a ?b ?c . CLAUSE } }", ""),
    ("{ ?a ?b ?c . trueFILTER(?c = 1) CLAUSE }", ""),
    ("{ ?a ?b ?c . GRAPH:a { ?d ?e ?f } CLAUSE }", ""),
    ("{ ?a ?b ?c SERVICE <a:b> { ?s ?p ?o FILTER(?o > ?c) } }", ""),
    ("{ ?a ?b ?c SERVICE <a:b> { { ?s ?p ?c } UNION { ?s ?p 1 } } }", ""),
]


def found(text: str) -> tuple[str, set[str]]:
    """The text of the patterns beside the only clause of a query, and the names of the shared variables."""
    all_tokens = list(tokens(text))
    [service] = [index for index, token in enumerate(all_tokens) if keyword(token) == "SERVICE"]
    beside, shared = triples_beside(all_tokens, service, service + 2)
    return " ".join(token.text for token in beside), set(shared)


def test_the_patterns_beside_a_clause() -> None:
    assert [(text, found(f"SELECT * {text.replace('CLAUSE', CLAUSE)}")[0]) for text, _ in BESIDE] == BESIDE


@dataclass(frozen=True)
class Part:
    """Something in a group: its text, and the variables to which it surely gives values, by triples of its own."""

    text: str
    names: frozenset[str] = frozenset()


NAMES = st.sampled_from("abcdefgh")
TRIPLES = ("?{0} <p:p> ?{1} .", "?{0} <p:p> [ <p:q> ?{1} ] .", "?{0} <p:p> ( 1 ?{1} ) .")
OTHERS = (
    "OPTIONAL {{ {0} }}", "MINUS {{ {0} }}", "FILTER (?{1} != 1)", "FILTER NOT EXISTS {{ {0} }}",
    "FILTER (?{1} IN (1, 2))", "BIND (1 AS ?{1}x)", "VALUES ?{1} {{ UNDEF 1 }}", "GRAPH ?{1} {{ {0} }}",
    "{{ {0} }} UNION {{ }}", "{{ {0} OPTIONAL {{ {0} }} }}",
)  # fmt: skip
TRIPLE = st.builds(
    lambda text, *names: Part(text.format(*names), frozenset(names)), st.sampled_from(TRIPLES), NAMES, NAMES
)
OTHER = st.builds(
    lambda text, inside, name: Part(text.format(inside.text, name)), st.sampled_from(OTHERS), TRIPLE, NAMES
)
GROUP = st.lists(TRIPLE | OTHER, max_size=6)


def names(parts: list[Part]) -> frozenset[str]:
    return frozenset[str]().union(*(part.names for part in parts))


@given(GROUP, GROUP, GROUP)
def test_only_what_has_a_value_on_both_sides_is_shared(
    before: list[Part], inside: list[Part], after: list[Part]
) -> None:
    clause = f"SERVICE <a:b> {{ {' '.join(part.text for part in inside)} }}"
    text = " ".join(part.text for part in before) + f" {clause} " + " ".join(part.text for part in after)
    beside, shared = found(f"SELECT * {{ {text} }}")
    assert shared == names([*before, *after]) & names(inside)
    kept = {each.text for each in tokens(beside)}
    assert {f"?{name}" for name in shared} <= kept
    assert kept <= {each.text for part in (*before, *after) if part.names for each in tokens(part.text)}
