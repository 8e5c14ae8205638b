"""The patterns of triples beside a SERVICE clause, and the variables that they share with it."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.federating.patterns import triples_beside
from crmgraph.sparql.tokens import keyword, tokens

CLAUSE = "SERVICE <a:b> { ?c ?w ?x }"


def found(text: str) -> tuple[str, set[str]]:
    """The text of the patterns beside the only clause of a query, and the names of the shared variables."""
    all_tokens = list(tokens(text))
    [service] = [index for index, token in enumerate(all_tokens) if keyword(token) == "SERVICE"]
    beside, shared = triples_beside(all_tokens, service, service + 2)
    return " ".join(token.text for token in beside), set(shared)


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
    assert found(f"SELECT * {text.replace('CLAUSE', CLAUSE)}")[0] == beside


@dataclass(frozen=True)
class Part:
    """Something in a group: its text, and the variables to which it surely gives values, by triples of its own."""

    text: str
    names: frozenset[str]


NAMES = st.sampled_from("abcdefgh")


@st.composite
def triple(draw: st.DrawFn) -> Part:
    subject, other = draw(NAMES), draw(NAMES)
    text = draw(
        st.sampled_from(
            [
                f"?{subject} <p:p> ?{other} .",
                f"?{subject} <p:p> [ <p:q> ?{other} ] .",
                f"?{subject} <p:p> ( 1 ?{other} ) .",
            ]
        )
    )
    return Part(text, frozenset({subject, other}))


@st.composite
def other_part(draw: st.DrawFn) -> Part:
    inside, name = draw(triple()).text, draw(NAMES)
    text = draw(
        st.sampled_from(
            [
                f"OPTIONAL {{ {inside} }}", f"MINUS {{ {inside} }}", f"FILTER (?{name} != 1)",
                f"FILTER NOT EXISTS {{ {inside} }}", f"FILTER (?{name} IN (1, 2))", f"BIND (1 AS ?{name}x)",
                f"VALUES ?{name} {{ UNDEF 1 }}", f"GRAPH ?{name} {{ {inside} }}", f"{{ {inside} }} UNION {{ }}",
                f"{{ {inside} OPTIONAL {{ {inside} }} }}",
            ]
        )
    )  # fmt: skip
    return Part(text, frozenset())


GROUP = st.lists(triple() | other_part(), max_size=6)


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
