"""The checks before the engine: which queries they refuse, and that they accept all harmless ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from crmgraph.errors import QueryRefusedError, QuerySyntaxError, in_language
from crmgraph.sparql.syntax import (
    DEEPEST_NESTING,
    LONGEST_QUERY,
    checked_tokens,
    declared_prefix_iris,
    outline_query,
    prologue_length,
    tokenize,
)
from crmgraph.sparql.workarounds import Dataset
from tests.support.cases import cases


def of(case: str) -> list[tuple[str, str]]:
    """Return the queries and updates of this case in the table, each with what is said of it."""
    return [(text, said) for each, text, said in cases("sparql/validation") if each == case]


def test_where_the_word_service_is_a_clause() -> None:
    for text, _ in of("harmless"):
        assert outline_query(text).form in ("SELECT", "DESCRIBE"), text
    for text, _ in of("service"):
        with pytest.raises(QueryRefusedError, match="SERVICE"):
            outline_query(text)
    with pytest.raises(QueryRefusedError) as caught:
        outline_query("SELECT * {\n  ?s ?p ?o .\n  SERVICE <http://e/> {}\n}")
    assert "line 3, column 3" in in_language(caught.value, "en")
    assert "línea 3, columna 3" in in_language(caught.value, "es")
    assert "Comunica" in str(caught.value)


_words = st.sampled_from(["service", "SERVICE", "Service", "silent", "from", "(((", "{{{", "a", " ", "\n", "é"])
_inside = st.lists(_words, max_size=8).map("".join)


@given(_inside, _inside, _inside, _inside)
def test_no_word_in_strings_iris_names_and_comments_is_a_keyword(a: str, b: str, c: str, d: str) -> None:
    iri = "".join(char for char in c if char not in "{} \n(")
    text = (
        f"PREFIX service: <http://e/> # {a.replace(chr(10), ' ')}\n"
        f"SELECT ?service {{ ?service service:service \"\"\"{a}\"\"\" ; <http://e/{iri}> '''{b}''' . "
        f'?x service:p "{d.replace(chr(10), " ")}" }}'
    )
    outline = outline_query(text)
    assert (outline.form, outline.names_dataset) == ("SELECT", False)
    with pytest.raises(QueryRefusedError):
        outline_query(f'SELECT * {{ ?s ?p """{a}""" . SERVICE <http://e/> {{ }} }}')


@pytest.mark.parametrize("brackets", ["()", "[]", "{}"])
def test_depth_of_brackets(brackets: str) -> None:
    opening, closing = brackets[0], brackets[1]
    outline_query("ASK " + opening * DEEPEST_NESTING + closing * DEEPEST_NESTING)
    with pytest.raises(QueryRefusedError, match=f"deeper than {DEEPEST_NESTING}") as caught:
        outline_query("ASK " + opening * (DEEPEST_NESTING + 1) + closing * (DEEPEST_NESTING + 1))
    assert f"column {4 + DEEPEST_NESTING + 1}," in str(caught.value)
    assert f"más de {DEEPEST_NESTING} niveles" in in_language(caught.value, "es")
    outline_query("ASK {" + brackets * 10_000 + "}")
    outline_query('ASK { ?s ?p "' + opening * 10_000 + '" }')
    with pytest.raises(QueryRefusedError):
        outline_query("ASK " + closing * 1000 + opening * (DEEPEST_NESTING + 1))


def test_length() -> None:
    outline_query("ASK {}".ljust(LONGEST_QUERY))
    with pytest.raises(QueryRefusedError, match=str(LONGEST_QUERY)) as caught:
        outline_query("ASK {}".ljust(LONGEST_QUERY + 1))
    assert "caracteres" in in_language(caught.value, "es")


def test_what_is_no_query() -> None:
    for text, column in of("update"):
        with pytest.raises(QuerySyntaxError, match="update=") as caught:
            outline_query(text)
        assert (caught.value.line, str(caught.value.column)) == (1, column)
        assert "actualización" in in_language(caught.value, "es")
    with pytest.raises(QuerySyntaxError, match="surrogate"):
        outline_query('ASK { ?s ?p "\ud800" }')


@pytest.mark.parametrize("name", ["form", "names_dataset", "is_deterministic"])
def test_outline(name: str) -> None:
    assert [(text, str(getattr(outline_query(text), name))) for text, _ in of(name)] == of(name)


def test_declarations() -> None:
    declared = "BASE <http://e/a/> PREFIX p: <http://p/> prefix : <http://q/#> BASE <b/> PREFIX r: <relative> "
    found = list(tokenize(declared + "ASK {}"))
    assert found[prologue_length(found)].text == "ASK"
    assert prologue_length(found[:3]) >= 3
    assert prologue_length([]) == 0
    assert outline_query(declared + "ASK { ?s p:a <http://f/> }").prefixes == {"p": "http://p/", "": "http://q/#"}
    assert declared_prefix_iris(list(tokenize("PREFIX a: <http://a/> PREFIX a: <http://b/>"))) == {"a": "http://b/"}
    assert declared_prefix_iris(list(tokenize("PREFIX a: <http://a/> PREFIX a: <b/>"))) == {}


PREFIXES = "PREFIX : <http://e/> PREFIX g: <http://g/> "
# A store without data: no service is called.
CLOSED = "PREFIX : <http://127.0.0.1:9/> PREFIX g: <http://127.0.0.1:9/> "


def test_a_keyword_that_runs_into_a_name() -> None:
    for text, word in of("runs in"):
        with pytest.raises(QuerySyntaxError, match=f"{word} runs into") as caught:
            checked_tokens(text, LONGEST_QUERY)
        assert f"{word} está pegado" in in_language(caught.value, "es")
        assert caught.value.line == 1 + text.count("\n")
    for text, _ in of("apart"):
        checked_tokens(text, LONGEST_QUERY)


_names = st.sampled_from([":a", "g:a", "<http://e/a>", ":b", "FROMg:a", "fromg:FROM"])
_clauses = st.lists(st.tuples(st.sampled_from(["FROM", "FROM NAMED", "from", "From named"]), _names), max_size=3)
_spaces = st.lists(st.sampled_from(["", "", " ", "\n", "#\n"]), min_size=20, max_size=20)


@given(_clauses, _spaces, st.sampled_from(["", "PREFIX FROMg: <http://h/> ", "PREFIX fromg: <http://h/> "]))
def test_a_dataset_is_read_as_the_engine_reads_it(clauses: list[tuple[str, str]], spaces: list[str], more: str) -> None:
    pieces = ["SELECT *", *(piece for word, name in clauses for piece in (*word.split(), name)), "{ ?s ?p ?o }"]
    text = PREFIXES + more + "".join(piece + space for piece, space in zip(pieces, spaces, strict=False))
    store = Store()
    store.update("INSERT DATA { GRAPH <http://e/a> { <http://e/s> <http://e/p> 1 } }")
    try:
        outline = outline_query(text)
        rows = len(list(store.query(text)))  # type: ignore[arg-type]
    except (QuerySyntaxError, SyntaxError):
        return
    dataset = Dataset.from_query(text, None)
    assert outline.names_dataset == (dataset is not None)
    assert bool(rows) == (dataset is not None and "http://e/a" in {graph.value for graph in dataset.default})


@given(
    st.sampled_from(["SERVICE", "service", "SERVICE SILENT", "Service silent"]),
    st.sampled_from([":a", "g:a", "<http://127.0.0.1:9/a>", "?x"]),
    st.sampled_from(["", "?s ?p ", "?s ?p true", "?s ?p 1", "?s ?p ?o .", "{} "]),
    _spaces,
)
def test_however_it_is_written_service_is_refused(service: str, name: str, before: str, spaces: list[str]) -> None:
    pieces = ["SELECT * {", before, *service.split(), name, "{ ?s ?p ?x }", "}"]
    text = CLOSED + "".join(piece + space for piece, space in zip(pieces, spaces, strict=False))
    try:
        list(Store().query(text))  # type: ignore[arg-type]
    except SyntaxError:
        return
    except (OSError, RuntimeError):
        pass
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        outline_query(text)
