"""Constants in place of variables that VALUES binds to one term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from crmgraph.sparql.constants import substitute_constants

_DATA = Store()
_DATA.extend(
    Quad(NamedNode(f"urn:{s}"), NamedNode(f"urn:{p}"), NamedNode(f"urn:{o}"))
    for s, p, o in ("apb", "bpc", "cpa", "aqa", "bqc", "cra", "apc", "brb")
)


def answers(text: str) -> list[str]:
    found = _DATA.query(text)
    assert isinstance(found, QuerySolutions)
    return sorted(str(solution) for solution in found)


_TERM = st.sampled_from(["?v", "?x", "?y", "<urn:a>"])
_TRIPLE = st.builds("{} <urn:{}> {} .".format, _TERM, st.sampled_from("pqr"), _TERM)
_VALUES = st.sampled_from(["VALUES ?v { <urn:a> }", "VALUES ?v { <urn:b> }", "VALUES ?x { <urn:c> }"])
_FILTER = st.sampled_from(
    [
        "FILTER (?v != ?x)", "FILTER (?x = ?y || ?v = ?x)", "FILTER BOUND(?v)", "BIND (STR(?v) AS ?z)",
        "FILTER (STRLEN(STR(?v)) > 2)", "?x <urn:p>* ?v .", "?v <urn:p>? ?y .", "BIND (?x AS ?v)",
    ]
)  # fmt: skip
_BLOCK = st.recursive(
    st.one_of(_TRIPLE, _TRIPLE, _VALUES, _FILTER),
    lambda inner: st.builds(
        str.format,
        st.sampled_from(
            [
                "OPTIONAL {{ {0} {1} }}", "{{ {0} }} UNION {{ {1} }}", "{{ {0} {1} }}", "MINUS {{ {0} {1} }}",
                "FILTER EXISTS {{ {0} {1} }}", "FILTER NOT EXISTS {{ {0} {1} }}",
                "{{ SELECT ?x {{ {0} {1} }} }}", "{{ SELECT ?x ?v {{ {0} {1} }} }}",
                "{{ SELECT * {{ {0} {1} }} }}", "{{ SELECT ?x {{ {0} }} VALUES ?v {{ <urn:a> }} }}",
            ]
        ),
        inner,
        inner,
    ),
    max_leaves=5,
)  # fmt: skip


@given(st.sampled_from(["?x ?y", "?x ?y ?v", "(COUNT(*) AS ?n)"]), st.lists(_BLOCK, min_size=2, max_size=5))
def test_the_answer_stays(columns: str, blocks: list[str]) -> None:
    text = f"SELECT {columns} {{ VALUES ?v {{ <urn:a> }} {' '.join(blocks)} }}"
    try:
        expected = answers(text)
    except SyntaxError:
        assert substitute_constants(text) == text
        return
    assert answers(substitute_constants(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK { VALUES ?v { <a:b> } ?v ?p ?x }", "ASK {  <a:b>  ?p ?x }"),
        ('ASK { VALUES ?v { "a"@es } ?s ?p ?x FILTER(?x=?v) }', 'ASK { ?s ?p ?x FILTER(?x= "a"@es ) }'),
        ("ASK { VALUES ?v { 1 } OPTIONAL { ?s ?p ?x FILTER(?x<?v) } }", "ASK { OPTIONAL { ?s ?p ?x FILTER(?x< 1 ) } }"),
    ],
)
def test_what_is_replaced(text: str, expected: str) -> None:
    assert " ".join(substitute_constants(text).split()) == " ".join(expected.split())
