"""The checks before the engine: which queries they refuse, and that they accept all harmless ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from crmgraph.errors import QueryRefusedError, QuerySyntaxError, in_language
from crmgraph.sparql.rewriting import Dataset
from crmgraph.sparql.syntax import (
    DEEPEST_NESTING,
    LONGEST_QUERY,
    checked_tokens,
    declared_prefix_iris,
    outline_query,
    prologue_length,
    tokenize,
)

HARMLESS = [
    "SELECT ?service { ?service ?p ?o }",
    "SELECT $service { $service ?p ?o }",
    "PREFIX ex: <http://e/> SELECT * { ?s a ex:service }",
    "PREFIX service: <http://e/> SELECT * { service:x service:y ?o }",
    "PREFIX service: <http://e/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * FROM service:g { ?s ?p ?o }",
    "PREFIX service: <http://e/> DESCRIBE service:a service:b { ?s ?p ?o }",
    "PREFIX ex: <http://e/> SELECT * { ?s ex:SERVICE/ex:service ?o }",
    "SELECT * { ?s <http://e/SERVICE> ?o } # SERVICE <http://e/>",
    'SELECT * { ?s ?p "SERVICE <http://e/> {}" , \'SERVICE\' , """a "SERVICE" b""" , \'\'\'SERVICE\n\'\'\' }',
    'SELECT * { ?s ?p "a"@service }',
    "SELECT * { _:service ?p ?o }",
    "SELECT * { ?s ?p ?o FILTER(?o < 1) } # <service>",
]
REFUSED = [
    "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://e/> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE ?where { ?s ?p ?o } }",
    "SELECT * { SERVICE # where\n <http://e/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o . SERVICE<http://e/>{} }",
    "SELECT * { { SELECT * { SERVICE ex:e {} } } }",
    # The engine's parser also accepts these.
    "SELECT * { SERVICESILENT<http://e/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE<http://e/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://e/> { ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { ServiceSilent:x { ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { ?s ?p true.SERVICE:x { ?s ?p ?o } }",
    'PREFIX : <http://e/> SELECT * { ?s ?p "a"@en.SERVICE:x { ?s ?p ?o } }',
]


def test_where_the_word_service_is_a_clause() -> None:
    for text in HARMLESS:
        assert outline_query(text).form in ("SELECT", "DESCRIBE"), text
    for text in REFUSED:
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
    for text in (
        "INSERT DATA { <a:> <b:> <c:> }",
        "PREFIX ex: <http://e/> DELETE WHERE { ?s ?p ?o }",
        "load <http://e/>",
        "WITH <g:> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CLEAR ALL",
    ):
        with pytest.raises(QuerySyntaxError, match="update=") as caught:
            outline_query(text)
        assert (caught.value.line, caught.value.column) == (1, 24 if text.startswith("PREFIX") else 1)
        assert "actualización" in in_language(caught.value, "es")
    with pytest.raises(QuerySyntaxError, match="surrogate"):
        outline_query('ASK { ?s ?p "\ud800" }')


def test_outline() -> None:
    forms = {
        "SELECT * {}": "SELECT",
        "base <http://e/> prefix : <x> prefix select: <y> ask {}": "ASK",
        "# SELECT\nCONSTRUCT WHERE { ?s ?p ?o }": "CONSTRUCT",
        "VERSION '1.2' DESCRIBE <a:>": "DESCRIBE",
        "SELEC * {}": None,
        "PREFIX ex:": None,
        "": None,
    }
    assert {text: outline_query(text).form for text in forms} == forms
    datasets = {
        "SELECT * FROM <g:> {}": True,
        "SELECT * from named <g:> {}": True,
        "SELECT * { ?from ?p 'FROM' }": False,
        "PREFIX from: <http://e/> SELECT * { ?s from:from ?o }": False,
        "PREFIX e: <http://e/> SELECT * { ?s e:FROM ?o }": False,
    }
    assert {text: outline_query(text).names_dataset for text in datasets} == datasets
    lasting = {
        "SELECT (NOW() AS ?t) {}": False,
        "SELECT (rand() AS ?t) {}": False,
        "SELECT (STRUUID() AS ?t) {}": False,
        "SELECT (BNODE() AS ?t) {}": False,
        "SELECT ?now { ?now ?p 'NOW()' }": True,
        "SELECT (YEAR(?d) AS ?y) { ?s ?p ?d }": True,
    }
    assert {text: outline_query(text).is_deterministic for text in lasting} == lasting


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
RUN_INS = [
    (PREFIXES + "SELECT * FROMNAMED <http://e/a> {}", "FROM"),
    (PREFIXES + "SELECT * FROMg:a {}", "FROM"),
    (PREFIXES + "SELECT * FROM NAMEDg:a {}", "NAMED"),
    (PREFIXES + "SELECT * FROM <http://e/b> FROM:a {}", "FROM"),
    (PREFIXES + "SELECT * FROM <http://e/b> fromNamed:a {}", "FROM"),
    (PREFIXES + "PREFIX FROMg: <http://h/> SELECT * FROMg:a {}", "FROM"),
    (PREFIXES + "PREFIX FROM: <http://h/> SELECT * FROM:a {}", "FROM"),
    ("ASKFROM <http://e/a> {}", "FROM"),
    (PREFIXES + "INSERT { ?s ?p 1 } USING:a USINGg:b WHERE { ?s ?p ?o }", "USING"),
    (PREFIXES + "INSERT { ?s ?p 1 } USING NAMEDg:a WHERE { ?s ?p ?o }", "NAMED"),
    (PREFIXES + "INSERT { ?s ?p 1 }\nUSINGNAMED <http://e/a> WHERE { ?s ?p ?o }", "USING"),
    ("LOADSILENT<http://e/a>", "LOAD"),
    (PREFIXES + "LOADg:a", "LOAD"),
    (PREFIXES + "PREFIX silentg: <http://h/> LOAD silentg:a", "SILENT"),
    ("PREFIX PREFIX: <http://e/> PREFIX:<http://g/> SELECT * FROM :a {}", "PREFIX"),
]
APART = [
    "PREFIX from: <http://e/> SELECT * FROM from:a FROM NAMED from:b { from:a ?p from:FROM }",
    "PREFIX using: <http://e/> DELETE { using:a ?p ?o } USING using:a USING NAMED using:b WHERE { using:x ?p ?o }",
    PREFIXES + "SELECT * { FROMg:a ?p :FROM }",
    PREFIXES + "PREFIX load: <http://e/> LOAD load:x INTO GRAPH load:y",
    PREFIXES + "PREFIX unnamed: <http://e/> DELETE { ?s ?p ?o } USING unnamed:b WHERE { ?s ?p ?o }",
    PREFIXES + "SELECT ?from ?USING { ?from ?p 'FROM' } # FROM:a",
    "PREFIX prefix: <http://e/> ASK { prefix:a ?p prefix: }",
]


def test_a_keyword_that_runs_into_a_name() -> None:
    for text, word in RUN_INS:
        with pytest.raises(QuerySyntaxError, match=f"{word} runs into") as caught:
            checked_tokens(text, LONGEST_QUERY)
        assert f"{word} está pegado" in in_language(caught.value, "es")
        assert caught.value.line == 1 + text.count("\n")
    for text in APART:
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
