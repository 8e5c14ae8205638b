"""Deviations of the engine's parser from the grammar: queries that are adapted for it, and its error messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from crmgraph.errors import Place, QuerySyntaxError, in_language
from crmgraph.sparql.syntax import syntax_error, tokenize
from crmgraph.sparql.workarounds import adapt_for_engine
from tests.support.cases import cases

STORE = Store()


def wrong(text: str, known: dict[str, str] | None = None) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as caught:
        STORE.query(text)
    return syntax_error(text, str(caught.value), STORE.query, known=known or {})


def test_an_error_names_the_token_and_its_place() -> None:
    for text, line, column, english, spanish in cases("sparql/errors"):
        error = wrong(text)
        assert (str(error.line), str(error.column)) == (line, column), text
        assert str(error).startswith(f"Line {line}, column {column}: ")
        assert english in str(error)
        assert in_language(error, "es").startswith(f"Línea {line}, columna {column}: ")
        assert spanish in in_language(error, "es")
    assert f"{'x' * 39}… is not expected" in str(wrong("ASK { ?s ?p ?o } " + "x" * 500))
    error = wrong("ASK { ?x a ex:C }", {"ex": "http://e/"})
    assert "put PREFIX ex: <http://e/> before" in str(error)
    assert "ponga antes PREFIX ex: <http://e/>." in in_language(error, "es")


def test_an_error_without_a_token_or_a_place() -> None:
    text = "ASK {\n ?s ?p ?o }"
    error = syntax_error(text, "error at 2:5: expected something", lambda _: None)
    assert (error.line, error.column) == (2, 5)
    assert "not SPARQL" in str(error)
    error = syntax_error("ASK {", "no", lambda _: None)
    assert (error.line, error.column) == (1, 1)


WELL_FORMED = (
    "PREFIX ex: <http://e/> SELECT DISTINCT ?a ?b FROM <http://e/g> WHERE { ?a ex:p+ / ^ex:q ?b ; a ex:C . "
    '# a comment\n OPTIONAL { ?b ex:name "é"@es , """long\n"one" """ } { ?a ?p 1.5e3 } UNION { _:x ?p true } '
    "VALUES ?a { ex:a.b UNDEF <http://e/x?y=z#w> } GRAPH ?g { ?a ?b ?c } } ORDER BY ?a LIMIT 10 OFFSET 2"
)


@given(st.integers(0, len(list(tokenize(WELL_FORMED)))), st.sampled_from([" ", "\n", "\r\n\t", " # c\n"]))
def test_a_token_that_belongs_nowhere_is_found_between_any_two(where: int, space: str) -> None:
    starts = [token.start for token in tokenize(WELL_FORMED)] + [len(WELL_FORMED)]
    before = WELL_FORMED[: starts[where]] + space
    error = wrong(before + ")" + space + WELL_FORMED[starts[where] :])
    assert Place(None, error.line, error.column) == Place.of(before, len(before))
    assert ") is not expected here" in str(error)


@given(st.integers(1, len(list(tokenize(WELL_FORMED))) - 8))
def test_a_query_that_breaks_off_says_so_at_its_end(kept: int) -> None:
    text = WELL_FORMED[: list(tokenize(WELL_FORMED))[kept - 1].end]
    error = wrong(text)
    assert Place(None, error.line, error.column) == Place.of(text, len(text))
    assert "ends before it is complete" in str(error)


def test_blank_space_that_the_grammar_allows_and_the_engine_does_not() -> None:
    for text in (
        "SELECT (CONCAT ('a', 'b') AS ?x) {}", "SELECT (coalesce\n(1) AS ?x) {}",
        "SELECT (CONCAT # why\n ('a') AS ?x) {}", "SELECT (COALESCE () AS ?x) {}",
    ):  # fmt: skip
        with pytest.raises(SyntaxError):
            STORE.query(text)
        assert len(list(STORE.query(adapt_for_engine(text)))) == 1  # type: ignore[arg-type]
    for text in ("SELECT * { ?s ?p 'CONCAT (' } # BNODE (", "SELECT (CONCAT('a') AS ?x) {}", ""):
        assert adapt_for_engine(text) == text


def test_texts_that_are_joined_have_no_language() -> None:
    for text in (
        'SELECT (GROUP_CONCAT(?o) AS ?g) { VALUES ?o { "1"@en } } HAVING (group_concat ( ?o ) = "1")',
        'SELECT (GROUP_CONCAT(CONCAT(?o, ""@en); separator=")") AS ?g) { VALUES ?o { "1"@en } }',
        'SELECT ?g { { SELECT (GROUP_CONCAT(DISTINCT ?o) AS ?g) { VALUES ?o { "1"@en "1"@en } } } }',
    ):
        assert [[str(term) for term in row] for row in STORE.query(adapt_for_engine(text))] == [['"1"']]  # type: ignore
