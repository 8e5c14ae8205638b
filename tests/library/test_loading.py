"""Questions as files: front matter, phrase, chart, and values in place of the defaults."""

from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from crmgraph.errors import TableError, UsageError
from crmgraph.library import COMMON, RESERVED, Chart, LibraryQuestion, Parameter, Piece, is_unread, load_library
from crmgraph.library.question import read_chart, read_phrase
from crmgraph.namespaces import Names
from tests.support.questions import LIBRARY

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
PHRASED = QUESTION.replace(
    "#+ columns:",
    '#+ phrase: {es: "¿Cuántos {many} hay de {thing}?", en: "How many {many} are there of {thing}?"}\n'
    "#+ chart: {kind: bars, of: thing}\n#+ columns:",
)
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


def question(folder: Path, text: str = QUESTION, names: Names | None = None) -> LibraryQuestion:
    (folder / "what-is-it.rq").write_text(text, encoding="utf-8")
    return load_library(folder, names or Names())["what-is-it"]


def values(query: str, *names: str) -> dict[str, str]:
    """Return the values in the only row of an answer."""
    solutions = pyoxigraph.Store().query(query)
    assert isinstance(solutions, QuerySolutions)
    [row] = solutions
    return {name: str(row[name].value) for name in names or ("thing", "word", "many", "lang")}


def test_front_matter(tmp_path: Path) -> None:
    asked = question(tmp_path)
    assert (asked.title["en"], asked.explanation["es"], asked.group) == ("What?", "Todo.", "structure")
    assert [parameter.name for parameter in asked.parameters] == ["thing", "word", "many", "lang"]
    assert asked.parameters[3].choices == {"es": {}, "en": {}}
    assert asked.columns["thing"] == {"es": "La cosa", "en": "The thing"}
    assert (asked.phrase, asked.chart, asked.paragraphs("es")) == ({}, None, ["Todo."])
    assert "#+" not in asked.text


def test_defaults_and_values(tmp_path: Path) -> None:
    asked = question(tmp_path)
    default = {"thing": "https://w3id.org/crmgraph/id/plan/x", "word": "hola", "many": "3", "lang": "es"}
    assert values(asked.text) == values(asked.with_values({})) == default
    changed = asked.with_values({"thing": "country/MEX", "word": 'a "b" \\ } {\n', "many": "-12", "lang": "en"})
    assert values(changed) == {
        "thing": "https://w3id.org/crmgraph/id/country/MEX", "word": 'a "b" \\ } {\n', "many": "-12", "lang": "en",
    }  # fmt: skip
    clause = asked.with_values({"word": "VALUES ?many { 5 }", "many": "4"})
    assert values(clause, "word", "many") == {"word": "VALUES ?many { 5 }", "many": "4"}
    other = question(tmp_path, names=Names("https://example.org/"))
    assert values(other.text)["thing"] == "https://example.org/id/plan/x"
    assert values(other.with_values({"thing": "a"}))["thing"] == "https://example.org/id/a"


def test_open_parameters(tmp_path: Path) -> None:
    asked = question(tmp_path, OPEN)
    assert [parameter.open for parameter in asked.parameters] == [{"es": "todo", "en": "all"}] * 2
    assert asked.parameters[0].values == "?value a cg:State"
    assert "VALUES ?status { UNDEF }" in asked.with_values({"status": "any"})
    found = values(asked.with_values({"state": "a", "status": "done"}), "state", "status")
    assert found["status"].endswith("status#done")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("nothing", "1", "has no parameter nothing; its parameters are thing, word, many, lang"),
        ("many", "1 } SELECT", "is a whole number, not 1 } SELECT"),
        ("lang", "fr", "is one of es, en, not fr"),
    ],
)
def test_values_that_do_not_fit(name: str, value: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        question(tmp_path).with_values({name: value})
    assert says in str(caught.value)


def test_optional_front_matter(tmp_path: Path) -> None:
    phrased = question(tmp_path, PHRASED)
    assert phrased.with_gaps("en") == "How many {many} are there of {thing}?"
    assert phrased.chart == Chart("bars", ("thing",))
    given = "default: plan/x, quoted: true, article: {en: the}, words: {plan/x: {es: del plan, en: of the plan}},"
    changed = QUESTION.replace("default: plan/x,", given).replace('en: "All."', 'en: "All.\\n\\nOf these."')
    choices = 'choices: {es: {es: "español", en: "Spanish"}, "en": {es: "i", en: "E"}}'
    asked = question(tmp_path, changed.replace("choices: [es, en]", choices))
    thing, *_, lang = asked.parameters
    assert asked.paragraphs("en") == ["All.", "Of these."]
    assert (thing.is_quoted, thing.article) == (True, {"en": "the"})
    assert thing.words == {"plan/x": {"es": "del plan", "en": "of the plan"}}
    assert lang.choices["es"] == {"es": "español", "en": "Spanish"}


def test_shared_descriptions(tmp_path: Path) -> None:
    (tmp_path / COMMON).write_text(
        'parameters:\n  word: {type: string, default: hola, description: {es: "palabra", en: "word"}}\n'
        'columns:\n  thing: {es: "Una cosa de todos", en: "A thing of all"}\n',
        encoding="utf-8",
    )
    named = QUESTION.replace(
        '{name: word, type: string, default: hola, description: {es: "palabra", en: "word"}}', "word"
    ).replace('thing: {es: "La cosa", en: "The thing"}', "thing:")
    asked = question(tmp_path, named)
    assert asked.parameters == question(tmp_path).parameters
    assert asked.columns == {"thing": {"es": "Una cosa de todos", "en": "A thing of all"}}
    assert question(tmp_path).columns == {"thing": {"es": "La cosa", "en": "The thing"}}
    (tmp_path / COMMON).write_text("columns: [", encoding="utf-8")
    with pytest.raises(TableError, match=r"common\.yaml: the front matter is not YAML"):
        question(tmp_path)


def test_links_to_other_questions(tmp_path: Path) -> None:
    (tmp_path / "other.rq").write_text(QUESTION, encoding="utf-8")
    leading = QUESTION.replace("#+ group:", "#+ see: [other]\n#+ group:")
    assert question(tmp_path, leading).see == ("other",)
    (tmp_path / "other.rq").unlink()
    with pytest.raises(TableError, match=r"what-is-it\.rq: it leads to a question other that there is not"):
        question(tmp_path, leading)


WRONG: list[tuple[str, str, str, str]] = [
    (QUESTION, "#+ group: structure\n", "", "lacks something"),
    (QUESTION, 'es: "¿Qué?", ', "", "lacks something"),
    (QUESTION, "#+ group: structure", "#+ group: [structure", "not YAML"),
    (QUESTION, 'thing: {es: "La cosa", en: "The thing"}', "thing:", "'thing'"),
    (QUESTION, 'VALUES ?word { "hola" }', "", "no VALUES ?word { hola }"),
    (QUESTION, "default: hola", "default: otra", "no VALUES ?word { otra }"),
    (QUESTION, "default: es, choices: [es, en]", "default: fr, choices: [es, en]", "lang is one of es, en, not fr"),
    (QUESTION, "type: integer, default: 3", "type: integer, default: tres", "many is a whole number, not tres"),
    (QUESTION, "type: integer", "type: float", "of a type that is none of iri, concept, string, integer"),
    (OPEN, "scheme: status, ", "", "'scheme'"),
    (PHRASED, "{many} are", "{mani} are", "the phrase has a gap {mani}"),
    (PHRASED, 'en: "How', 'fr: "How', "lacks something"),
    (PHRASED, "kind: bars", "kind: cake", "none of bars, shares, matrix, network"),
    (PHRASED, "of: thing", "of: word", "a column word that the question does not have"),
    (PHRASED, "chart: {kind: bars, of: thing}", "chart: bars", "lacks something or has it in another form"),
]


def test_errors_name_the_file(tmp_path: Path) -> None:
    reserved = [(QUESTION.replace("?word", f"?{name}"), "name: word", f"name: {name}", f"no parameter is called {name}")
                for name in RESERVED]  # fmt: skip
    for text, old, new, says in (*WRONG, *reserved):
        assert old in text
        with pytest.raises(TableError) as caught:
            question(tmp_path, text.replace(old, new))
        assert "what-is-it.rq: " in str(caught.value)
        assert says in str(caught.value)
    (tmp_path / "what-is-it.rq").write_bytes(QUESTION.encode("latin-1"))
    with pytest.raises(TableError, match=r"what-is-it\.rq, line 1, column 20: byte 0xbf is not UTF-8"):
        load_library(tmp_path, Names())
    (tmp_path / "what-is-it.rq").unlink()
    (tmp_path / "What_is.rq").write_text(QUESTION, encoding="utf-8")
    with pytest.raises(TableError, match="lower-case"):
        load_library(tmp_path, Names())


# Phrases


def phrased(texts: dict[str, str], *parameters: Parameter) -> LibraryQuestion:
    known = tuple(parameter.name for parameter in parameters)
    title = {"es": "¿Qué?", "en": "What?"}
    return LibraryQuestion(
        "q", title, {}, "gaps", parameters, {}, "", Names(), read_phrase(texts, known) if texts else {}
    )


def test_phrases_with_gaps() -> None:
    texts = {"es": "¿Qué hace {agent} de {from} a {to}?", "en": "From {from} to {to}, what does {agent} do?"}
    known = tuple(Parameter(name, "string", "x", {}) for name in ("agent", "from", "to"))
    asked = phrased(texts, *known)
    assert asked.phrase["es"] == (Piece("¿Qué hace ", "agent"), Piece(" de ", "from"), Piece(" a ", "to"), Piece("?"))
    said = asked.asked("en", {"from": "2003", "to": "2010", "agent": "IOM"})
    assert said == "From 2003 to 2010, what does IOM do?"
    assert asked.with_gaps("es") == texts["es"]
    assert phrased({}, *known).asked("es", {}) == "¿Qué?"


def test_asides_without_a_value_are_left_out() -> None:
    texts = {"es": "¿Qué hace {agent}[, hasta {to}]?", "en": "What does {agent} do[, until {to}]?"}
    last = Parameter("to", "integer", "any", {}, open={"es": "siempre", "en": "ever"})
    asked = phrased(texts, Parameter("agent", "string", "x", {}), last)
    assert asked.phrase["es"] == (Piece("¿Qué hace ", "agent"), Piece("", "to", ", hasta "), Piece("?"))
    assert asked.asked("es", {"agent": "la OIM", "to": "2010"}) == "¿Qué hace la OIM, hasta 2010?"
    assert asked.asked("en", {"agent": "IOM", "to": "ever"}) == "What does IOM do?"
    assert asked.with_gaps("es") == texts["es"]


@pytest.mark.parametrize(
    ("spanish", "english", "says"),
    [
        ("¿{agent}?", "{agnet}?", "a gap {agnet}, and there is no parameter agnet"),
        ("¿{agent}?", "{agent} {agent}?", "the phrase in en has a gap twice"),
        ("¿{agent} {to}?", "{agent}?", "the phrase in en has other gaps"),
        ("¿{agent}?", "{agent} or {not?", "the phrase in en has a brace or bracket that belongs"),
        ("¿{agent}?", "[{agent} or not]?", "the phrase in en has a brace or bracket"),
        ("¿{agent}?", "{}?", "a gap {}"),
    ],
)
def test_wrong_gaps(spanish: str, english: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_phrase({"es": spanish, "en": english}, ("agent", "to"))
    assert says in str(caught.value)


# Charts


COLUMNS = ("theme", "theme_label", "status", "entries", "others")


def test_chart_names_its_columns() -> None:
    given = {"kind": "bars", "of": ["theme", "theme_label"], "by": "status", "count": "entries", "tone": "status"}
    drawn = Chart("bars", ("theme", "theme_label"), ("status",), ("entries",), (), "status")
    assert read_chart(given, COLUMNS) == drawn


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"of": "theme"}, "a kind that is none of"),
        ({"kind": "bars"}, "a chart of the kind bars has of, and may have by, count, tone"),
        ({"kind": "network", "of": "theme"}, "a chart of the kind network has by, of"),
        ({"kind": "bars", "of": "theme", "tone": "colour"}, "a column colour"),
        ({"kind": "shares", "of": "theme", "count": ["entries", "others"], "whole": "others"}, "a whole for each"),
        ({"kind": "bars", "of": "theme", "by": "status", "count": ["entries", "others"]}, "in pieces has one count"),
    ],
)
def test_wrong_charts(given: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_chart(given, COLUMNS)
    assert says in str(caught.value)


# The real library


def test_questions_with_parameters_are_sentences() -> None:
    for asked in LIBRARY.values():
        changeable = {parameter.name for parameter in asked.parameters} - {"plan", "lang"}
        for language in ("es", "en"):
            gaps = {piece.parameter for piece in asked.phrase.get(language, ()) if piece.parameter}
            assert gaps == changeable, asked.name
            said = asked.asked(language, {})
            assert (said[0] == "¿", said[-1]) == (language == "es", "?"), asked.name


def test_questions_about_what_readers_say_are_unread_in_plans_that_nobody_read() -> None:
    graph = Store()
    graph.load(
        """@prefix cg: <https://w3id.org/crmgraph/ontology#> . @base <https://w3id.org/crmgraph/id/> .
        <plan/crm/1> cg:within <plan/crm> ; cg:participation <urn:x> ; cg:instrumentUse <urn:y> .
        <urn:event> cg:toldIn <plan/crm/1> .""",
        format=RdfFormat.TURTLE,
    )

    def ask(query: str) -> bytes:
        solutions = graph.query(query)
        assert isinstance(solutions, QuerySolutions)
        return solutions.serialize(format=QueryResultsFormat.JSON) or b""

    for name in ("agent-roles", "role-counts", "body-duties", "agents-without-role", "objective-involvement", "events",
                 "instrument-objectives"):  # fmt: skip
        assert is_unread(LIBRARY[name], {"plan": "plan/other"}, ask), name
        assert not is_unread(LIBRARY[name], {"plan": "plan/crm"}, ask), name
        assert not is_unread(LIBRARY[name], {}, ask), name
    assert not is_unread(LIBRARY["theme-counts"], {"plan": "plan/other"}, ask)
    for asked in LIBRARY.values():
        names = {parameter.name for parameter in asked.parameters}
        assert not asked.read or any(f"?{name}" in asked.read for name in names & {"plan", "objective"}), asked.name
