"""What the guard refuses, and above all what it lets pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import QueryRefusedError, QuerySyntaxError
from crmgraph.sparql.validation import DEEPEST, LONGEST, inspect
from crmgraph.wording import in_language

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
    # The engine's parser takes these too.
    "SELECT * { SERVICESILENT<http://e/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE<http://e/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://e/> { ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { ServiceSilent:x { ?s ?p ?o } }",
    "PREFIX : <http://e/> SELECT * { ?s ?p true.SERVICE:x { ?s ?p ?o } }",
    'PREFIX : <http://e/> SELECT * { ?s ?p "a"@en.SERVICE:x { ?s ?p ?o } }',
]


@pytest.mark.parametrize("text", HARMLESS)
def test_the_word_service_is_harmless_anywhere_else(text: str) -> None:
    assert inspect(text).form in ("SELECT", "DESCRIBE")


@pytest.mark.parametrize("text", REFUSED)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        inspect(text)


def test_the_refusal_says_where_and_what_to_do_in_both_languages() -> None:
    with pytest.raises(QueryRefusedError) as caught:
        inspect("SELECT * {\n  ?s ?p ?o .\n  SERVICE <http://e/> {}\n}")
    assert "line 3, column 3" in in_language(caught.value, "en")
    assert "línea 3, columna 3" in in_language(caught.value, "es")
    assert "Comunica" in str(caught.value)


_words = st.sampled_from(["service", "SERVICE", "Service", "silent", "from", "(((", "{{{", "a", " ", "\n", "é"])
_inside = st.lists(_words, max_size=8).map("".join)


@given(_inside, _inside, _inside, _inside)
def test_no_word_in_strings_iris_names_and_comments_is_taken_for_a_keyword(a: str, b: str, c: str, d: str) -> None:
    iri = "".join(char for char in c if char not in "{} \n(")
    text = (
        f"PREFIX service: <http://e/> # {a.replace(chr(10), ' ')}\n"
        f"SELECT ?service {{ ?service service:service \"\"\"{a}\"\"\" ; <http://e/{iri}> '''{b}''' . "
        f'?x service:p "{d.replace(chr(10), " ")}" }}'
    )
    outline = inspect(text)
    assert outline.form == "SELECT"
    assert not outline.names_dataset


@given(_inside, st.sampled_from(["", "SILENT", " silent "]), st.sampled_from([" ", "\n", " # x\n"]))
def test_service_is_found_behind_any_string(text: str, silent: str, space: str) -> None:
    with pytest.raises(QueryRefusedError):
        inspect(f'SELECT * {{ ?s ?p """{text}""" . SERVICE{space}{silent}{space}<http://e/> {{ }} }}')


@pytest.mark.parametrize(("opening", "closing"), ["()", "[]", "{}"])
def test_brackets_may_nest_so_deep_and_no_deeper(opening: str, closing: str) -> None:
    deepest = "ASK " + opening * DEEPEST + closing * DEEPEST
    inspect(deepest)
    with pytest.raises(QueryRefusedError, match=f"deeper than {DEEPEST}") as caught:
        inspect("ASK " + opening * (DEEPEST + 1) + closing * (DEEPEST + 1))
    assert f"column {4 + DEEPEST + 1}," in str(caught.value)
    assert f"más de {DEEPEST} niveles" in in_language(caught.value, "es")


def test_many_brackets_side_by_side_are_not_deep() -> None:
    inspect("ASK {" + "{}" * 10_000 + "}")
    inspect('ASK { ?s ?p "' + "(" * 10_000 + '" }')


def test_closing_brackets_too_many_do_not_make_room_for_opening_ones() -> None:
    with pytest.raises(QueryRefusedError):
        inspect("ASK " + ")" * 1000 + "(" * (DEEPEST + 1))


def test_a_query_may_be_so_long_and_no_longer() -> None:
    inspect("ASK {}".ljust(LONGEST))
    with pytest.raises(QueryRefusedError, match=str(LONGEST)) as caught:
        inspect("ASK {}".ljust(LONGEST + 1))
    assert "caracteres" in in_language(caught.value, "es")


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:> <b:> <c:> }",
        "PREFIX ex: <http://e/> DELETE WHERE { ?s ?p ?o }",
        "load <http://e/>",
        "WITH <g:> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CLEAR ALL",
    ],
)
def test_an_update_is_not_a_query(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="update") as caught:
        inspect(text)
    assert (caught.value.line, caught.value.column) == (1, 24 if text.startswith("PREFIX") else 1)
    assert "update=" in str(caught.value)
    assert "actualización" in in_language(caught.value, "es")


def test_half_a_surrogate_pair_is_not_a_character() -> None:
    with pytest.raises(QuerySyntaxError, match="surrogate"):
        inspect('ASK { ?s ?p "\ud800" }')


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("base <http://e/> prefix : <x> prefix select: <y> ask {}", "ASK"),
        ("# SELECT\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("VERSION '1.2' DESCRIBE <a:>", "DESCRIBE"),
        ("SELEC * {}", None),
        ("PREFIX ex:", None),
        ("", None),
    ],
)
def test_form(text: str, form: str | None) -> None:
    assert inspect(text).form == form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * FROM <g:> {}", True),
        ("SELECT * from named <g:> {}", True),
        ("SELECT * { ?from ?p 'FROM' }", False),
        ("PREFIX from: <http://e/> SELECT * { ?s from:from ?o }", False),
        ("PREFIX e: <http://e/> SELECT * { ?s e:FROM ?o }", False),
    ],
)
def test_whether_a_dataset_is_named(text: str, expected: bool) -> None:
    assert inspect(text).names_dataset is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT (NOW() AS ?t) {}", False),
        ("SELECT (rand() AS ?t) {}", False),
        ("SELECT (STRUUID() AS ?t) {}", False),
        ("SELECT (BNODE() AS ?t) {}", False),
        ("SELECT ?now { ?now ?p 'NOW()' }", True),
        ("SELECT (YEAR(?d) AS ?y) { ?s ?p ?d }", True),
    ],
)
def test_whether_an_answer_lasts(text: str, expected: bool) -> None:
    assert inspect(text).lasting is expected


def test_prefixes_with_a_whole_iri() -> None:
    text = "PREFIX ex: <http://e/> prefix : <urn:x:> PREFIX rel: <rel#> SELECT * { ?s ex:a <http://f/> }"
    assert inspect(text).prefixes == {"ex": "http://e/", "": "urn:x:"}
