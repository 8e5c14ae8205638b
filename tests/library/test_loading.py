"""Questions as files: front matter, parameters of each type, and values that try to be more than values."""

from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import TableError, UsageError
from crmgraph.library import COMMON, RESERVED, Chart, LibraryQuestion, Parameter, load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource

QUESTION = """#+ question: {es: "¿Qué?", en: "What?"}
#+ explanation: {es: "Todo.", en: "All."}
#+ group: structure
#+ parameters:
#+   - {name: thing, type: iri, default: plan/x, description: {es: "cosa", en: "thing"}}
#+   - {name: word, type: string, default: hola, description: {es: "palabra", en: "word"}}
#+   - {name: many, type: integer, default: 3, description: {es: "número", en: "number"}}
#+   - {name: lang, type: string, default: es, choices: [es, en], description: {es: "idioma", en: "language"}}
#+ columns:
#+   thing: {es: "La cosa", en: "The thing"}

SELECT * WHERE {
  VALUES ?thing { <https://w3id.org/crmgraph/id/plan/x> }
  VALUES ?word { "hola" }
  VALUES ?many { 3 }
  VALUES ?lang { "es" }
}
"""


def question(folder: Path, text: str = QUESTION, names: Names | None = None) -> LibraryQuestion:
    (folder / "what-is-it.rq").write_text(text, encoding="utf-8")
    return load_library(folder, names or Names())["what-is-it"]


def only_row(query: str, *names: str) -> dict[str, str]:
    solutions = pyoxigraph.Store().query(query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    [row] = solutions
    return {name: str(row[name].value) for name in names}


def values(query: str) -> dict[str, str]:
    return only_row(query, "thing", "word", "many", "lang")


def test_front_matter(tmp_path: Path) -> None:
    asked = question(tmp_path)
    assert (asked.title["en"], asked.explanation["es"], asked.group) == ("What?", "Todo.", "structure")
    assert [parameter.name for parameter in asked.parameters] == ["thing", "word", "many", "lang"]
    assert asked.columns["thing"] == {"es": "La cosa", "en": "The thing"}
    assert "#+" not in asked.text


def test_defaults_and_values(tmp_path: Path) -> None:
    asked = question(tmp_path)
    default = {"thing": "https://w3id.org/crmgraph/id/plan/x", "word": "hola", "many": "3", "lang": "es"}
    assert values(asked.text) == values(asked.with_values({})) == default
    changed = asked.with_values({"thing": "country/MEX", "word": 'a "b" \\ } {\n', "many": "-12", "lang": "en"})
    assert values(changed) == {
        "thing": "https://w3id.org/crmgraph/id/country/MEX", "word": 'a "b" \\ } {\n', "many": "-12", "lang": "en",
    }  # fmt: skip
    assert values(asked.with_values({"thing": "urn:x:1"}))["thing"] == "urn:x:1"


@given(word=st.text(max_size=30).filter(lambda text: any(map(str.isalnum, text))))
def test_a_string_stays_a_string_whatever_is_in_it(word: str) -> None:
    term = Parameter("w", "string", "", {}).term(word, Names())
    assert only_row(f"SELECT ?w WHERE {{ VALUES ?w {{ {term} }} }}", "w") == {"w": word}


def test_a_value_that_looks_like_a_parameter_is_none(tmp_path: Path) -> None:
    changed = question(tmp_path).with_values({"word": "VALUES ?many { 5 }", "many": "4"})
    assert values(changed)["word"] == "VALUES ?many { 5 }"
    assert values(changed)["many"] == "4"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("nothing", "1", "has no parameter nothing; its parameters are thing, word, many, lang"),
        ("many", "1 } SELECT", "is a whole number, not 1 } SELECT"),
        ("many", "١", "is a whole number"),
        ("thing", "a> } INSERT", "is an IRI"),
        ("thing", "", "is an IRI"),
        ("lang", "fr", "is one of es, en, not fr"),
    ],
)
def test_values_that_do_not_fit(name: str, value: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        question(tmp_path).with_values({name: value})
    assert says in str(caught.value)


def test_another_base(tmp_path: Path) -> None:
    asked = question(tmp_path, names=Names("https://example.org/"))
    assert values(asked.text)["thing"] == "https://example.org/id/plan/x"
    assert values(asked.with_values({"thing": "a"}))["thing"] == "https://example.org/id/a"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("#+ group: structure\n", ""), "lacks something"),
        (('es: "¿Qué?", ', ""), "lacks something"),
        (("#+ group: structure", "#+ group: [structure"), "not YAML"),
        (('VALUES ?word { "hola" }', ""), "no VALUES ?word { hola }"),
        (("default: hola", "default: otra"), "no VALUES ?word { otra }"),
        (
            ("default: es, choices: [es, en]", "default: fr, choices: [es, en]"),
            "parameter lang is one of es, en, not fr",
        ),
        (("type: integer, default: 3", "type: integer, default: tres"), "many is a whole number, not tres"),
        (("type: integer", "type: float"), "of a type that is none of iri, concept, string, integer"),
    ],
)
def test_wrong_front_matter_names_the_file(change: tuple[str, str], says: str, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        question(tmp_path, QUESTION.replace(*change))
    assert "what-is-it.rq: " in str(caught.value)
    assert says in str(caught.value)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.rq").write_bytes(QUESTION.encode("latin-1"))
    with pytest.raises(TableError, match=r"latin\.rq, line 1, column 20: byte 0xbf is not UTF-8"):
        load_library(tmp_path, Names())


def test_a_name_that_is_no_name(tmp_path: Path) -> None:
    (tmp_path / "What_is.rq").write_text(QUESTION, encoding="utf-8")
    with pytest.raises(TableError, match="lower-case"):
        load_library(tmp_path, Names())


def test_every_file_runs_as_it_is() -> None:
    for file in resource("queries").glob("*.rq"):
        pyoxigraph.Store().query(file.read_text(encoding="utf-8"))


COMMON_TEXT = """
parameters:
  word: {type: string, default: hola, description: {es: "palabra", en: "word"}}
columns:
  thing: {es: "Una cosa de todos", en: "A thing of all"}
"""


def test_what_questions_share_is_described_once(tmp_path: Path) -> None:
    (tmp_path / COMMON).write_text(COMMON_TEXT, encoding="utf-8")
    named = QUESTION.replace(
        '{name: word, type: string, default: hola, description: {es: "palabra", en: "word"}}', "word"
    ).replace('thing: {es: "La cosa", en: "The thing"}', "thing:")
    asked = question(tmp_path, named)
    assert asked.parameters == question(tmp_path).parameters
    assert asked.columns == {"thing": {"es": "Una cosa de todos", "en": "A thing of all"}}
    assert question(tmp_path).columns == {"thing": {"es": "La cosa", "en": "The thing"}}


def test_what_nobody_describes_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"what-is-it\.rq: .*lacks something.*'thing'"):
        question(tmp_path, QUESTION.replace('thing: {es: "La cosa", en: "The thing"}', "thing:"))


def test_common_descriptions_that_are_not_yaml_are_named(tmp_path: Path) -> None:
    (tmp_path / COMMON).write_text("columns: [", encoding="utf-8")
    with pytest.raises(TableError, match=r"common\.yaml: the front matter is not YAML"):
        load_library(tmp_path, Names())


def test_choices_may_have_labels(tmp_path: Path) -> None:
    assert question(tmp_path).parameters[3].choices == {"es": {}, "en": {}}
    labelled = QUESTION.replace(
        "choices: [es, en]", 'choices: {es: {es: "español", en: "Spanish"}, "en": {es: "i", en: "E"}}'
    )
    assert question(tmp_path, labelled).parameters[3].choices["es"] == {"es": "español", "en": "Spanish"}


OPEN = """#+ question: {es: "¿Qué?", en: "What?"}
#+ explanation: {es: "Todo.", en: "All."}
#+ group: structure
#+ parameters:
#+   - {name: state, type: iri, open: {es: "todo", en: "all"}, default: any, values: "?value a cg:State",
#+      description: {es: "e", en: "s"}}
#+   - {name: status, type: concept, scheme: status, open: {es: "todo", en: "all"}, default: any,
#+      description: {es: "e", en: "s"}}
#+ columns:
#+   state: {es: "El Estado", en: "The State"}

SELECT ?state ?status WHERE { VALUES ?state { UNDEF } VALUES ?status { UNDEF } }
"""


def test_a_parameter_may_be_left_open(tmp_path: Path) -> None:
    asked = question(tmp_path, OPEN)
    assert [parameter.open for parameter in asked.parameters] == [{"es": "todo", "en": "all"}] * 2
    assert asked.parameters[0].values == "?value a cg:State"
    assert "VALUES ?status { UNDEF }" in asked.with_values({"status": "any"})
    assert values_of_status(asked.with_values({"state": "a", "status": "done"})) == "done"


def values_of_status(query: str) -> str:
    return only_row(query, "state", "status")["status"].rpartition("#")[2]


PHRASED = QUESTION.replace(
    "#+ columns:",
    '#+ phrase: {es: "¿Cuántos {many} hay de {thing}?", en: "How many {many} are there of {thing}?"}\n'
    "#+ chart: {kind: bars, of: thing}\n#+ columns:",
)


def test_a_question_may_have_a_phrase_and_a_chart(tmp_path: Path) -> None:
    asked = question(tmp_path, PHRASED)
    assert asked.with_gaps("en") == "How many {many} are there of {thing}?"
    assert asked.chart == Chart("bars", ("thing",))
    plain = question(tmp_path)
    assert (plain.phrase, plain.chart) == ({}, None)


def test_a_question_may_lead_to_others_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "other.rq").write_text(QUESTION, encoding="utf-8")
    leading = QUESTION.replace("#+ group:", "#+ see: [other]\n#+ group:")
    assert question(tmp_path, leading).see == ("other",)
    (tmp_path / "other.rq").unlink()
    with pytest.raises(TableError, match=r"what-is-it\.rq: it leads to a question other that there is not"):
        question(tmp_path, leading)


def test_an_explanation_has_paragraphs_and_a_value_may_be_quoted_or_have_an_article(tmp_path: Path) -> None:
    assert question(tmp_path).paragraphs("es") == ["Todo."]
    longer = QUESTION.replace('en: "All."', 'en: "All.\\n\\nOf these."').replace(
        "default: plan/x,", "default: plan/x, quoted: true, article: {en: the},"
    )
    asked = question(tmp_path, longer)
    assert asked.paragraphs("en") == ["All.", "Of these."]
    assert [(each.name, each.article) for each in asked.parameters if each.is_quoted] == [("thing", {"en": "the"})]


def test_a_value_may_have_words_of_its_own(tmp_path: Path) -> None:
    given = "default: plan/x, words: {plan/x: {es: del plan, en: of the plan}},"
    asked = question(tmp_path, QUESTION.replace("default: plan/x,", given))
    words = {each.name: each.words for each in asked.parameters if each.words}
    assert words == {"thing": {"plan/x": {"es": "del plan", "en": "of the plan"}}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("{many} are", "{mani} are"), "the phrase has a gap {mani}"),
        (('en: "How', 'fr: "How'), "lacks something"),
        (("kind: bars", "kind: cake"), "none of bars, shares, matrix, network"),
        (("of: thing", "of: word"), "a column word that the question does not have"),
        (("chart: {kind: bars, of: thing}", "chart: bars"), "lacks something or has it in another form"),
    ],
)
def test_a_wrong_phrase_or_chart_names_the_file(change: tuple[str, str], says: str, tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        question(tmp_path, PHRASED.replace(*change))
    assert "what-is-it.rq: " in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize("name", RESERVED)
def test_a_name_that_addresses_use_is_no_parameter(name: str, tmp_path: Path) -> None:
    taken = QUESTION.replace("name: word", f"name: {name}").replace("?word", f"?{name}")
    with pytest.raises(TableError, match=rf"what-is-it\.rq: no parameter is called {name}"):
        question(tmp_path, taken)


def test_every_question_that_can_be_changed_says_so_in_a_sentence() -> None:
    for asked in load_library(resource("queries"), Names()).values():
        changeable = {parameter.name for parameter in asked.parameters} - {"plan", "lang"}
        for language in ("es", "en"):
            gaps = {piece.parameter for piece in asked.phrase.get(language, ()) if piece.parameter}
            assert gaps == changeable, asked.name
            ends = asked.asked(language, {})
            assert ends.endswith("?"), asked.name
            assert ends.startswith("¿") == (language == "es"), asked.name


def test_a_concept_needs_its_scheme(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"lacks something.*'scheme'"):
        question(tmp_path, OPEN.replace("scheme: status, ", ""))
