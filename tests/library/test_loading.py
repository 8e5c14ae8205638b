"""Questions as files: front matter, phrase, chart, and values in place of the defaults."""

import re
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from crmgraph.errors import TableError
from crmgraph.library import COMMON, TYPES, Chart, LibraryQuestion, Parameter, is_unread, load_library
from crmgraph.namespaces import Names
from tests.support.questions import LIBRARY

# The page of a question uses these names in its address for other purposes.
RESERVED = ("format", "timeout", "sort", "order", "page", "q")
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


def test_optional_front_matter(tmp_path: Path) -> None:
    opened = question(tmp_path, OPEN)
    assert [parameter.open for parameter in opened.parameters] == [{"es": "todo", "en": "all"}] * 2
    assert opened.parameters[0].values == "?value a cg:State"
    assert "VALUES ?status { UNDEF }" in opened.with_values({"status": "any"})
    assert values(opened.with_values({"state": "a", "status": "done"}), "status")["status"].endswith("status#done")
    phrased = question(tmp_path, PHRASED)
    assert phrased.phrase["en"] == "How many {many} are there of {thing}?"
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
    with pytest.raises(TableError, match=r"common\.yaml: this is not YAML"):
        question(tmp_path)


WRONG: list[tuple[str, str, str, str]] = [
    (QUESTION, "#+ group: structure\n", "", "lacks something"),
    (QUESTION, 'es: "¿Qué?", ', "", "lacks something"),
    (QUESTION, "#+ group: structure", "#+ group: [structure", "not YAML"),
    (QUESTION, 'thing: {es: "La cosa", en: "The thing"}', "thing:", "'thing'"),
    (OPEN, "scheme: status, ", "", "'scheme'"),
    (PHRASED, 'en: "How', 'fr: "How', "lacks something"),
    (PHRASED, "chart: {kind: bars, of: thing}", "chart: bars", "lacks something or has it in another form"),
]


def test_errors_name_the_file(tmp_path: Path) -> None:
    for text, old, new, says in WRONG:
        assert old in text
        with pytest.raises(TableError) as caught:
            question(tmp_path, text.replace(old, new))
        assert "what-is-it.rq: " in str(caught.value)
        assert says in str(caught.value)
    (tmp_path / "what-is-it.rq").write_bytes(QUESTION.encode("latin-1"))
    with pytest.raises(TableError, match=r"what-is-it\.rq, line 1, column 20: byte 0xbf is not UTF-8"):
        load_library(tmp_path, Names())


AGENT, FROM = Parameter("agent", "string", "x", {}), Parameter("from", "integer", "2003", {})
TO = Parameter("to", "integer", "any", {}, open={"es": "siempre", "en": "ever"})


@pytest.mark.parametrize(
    ("phrase", "values", "sentence", "pieces"),
    [
        ("¿Qué hace {agent} desde {from}?", {"agent": "la OIM", "from": "2003"}, "¿Qué hace la OIM desde 2003?",
         [("¿Qué hace ", "agent"), (" desde ", "from"), ("?", "")]),
        ("¿Qué hace {agent}[, hasta {to}]?", {"agent": "la OIM", "to": "2010"}, "¿Qué hace la OIM, hasta 2010?",
         [("¿Qué hace ", "agent"), (", hasta ", "to"), ("?", "")]),
        ("¿Qué hace {agent}[, hasta {to}]?", {"agent": "la OIM", "to": "siempre"}, "¿Qué hace la OIM?", None),
        ("¿Hasta {to}?", {"to": "siempre"}, "¿Qué?", None),
        ("", {}, "¿Qué?", [("", "")]),
    ],
)  # fmt: skip
def test_phrases_are_filled_in(
    phrase: str, values: dict[str, str], sentence: str, pieces: list[tuple[str, str]] | None
) -> None:
    texts = {"es": phrase} if phrase else {}
    asked = LibraryQuestion("q", {"es": "¿Qué?"}, {}, "gaps", (AGENT, FROM, TO), {}, "", Names(), texts)
    assert asked.to_sentence("es", values) == sentence
    assert pieces in (None, asked.phrase_parts("es"))


def test_questions_with_parameters_are_sentences() -> None:
    for asked in LIBRARY.values():
        changeable = {parameter.name for parameter in asked.parameters} - {"plan", "lang"}
        for language in ("es", "en"):
            gaps = [name for _, name in asked.phrase_parts(language) if name]
            assert sorted(gaps) == sorted(changeable), asked.name
            assert not any(set(words) & set("{}[]") for words, _ in asked.phrase_parts(language)), asked.name
            said = asked.to_sentence(language, {})
            assert (said[0] == "¿", said[-1]) == (language == "es", "?"), asked.name


def test_defaults_are_those_of_the_query() -> None:
    for asked in LIBRARY.values():
        assert re.fullmatch("[a-z][a-z0-9-]*", asked.name)
        assert LIBRARY.keys() >= set(asked.related), asked.name
        for each in asked.parameters:
            assert each.name not in RESERVED, asked.name
            assert each.type in TYPES, asked.name
            assert f"VALUES ?{each.name} {{ {each.term(each.default, Names())} }}" in asked.text, asked.name


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
                 "instrument-objectives", "instruments"):  # fmt: skip
        assert is_unread(LIBRARY[name], {"plan": "plan/other"}, ask), name
        assert not is_unread(LIBRARY[name], {"plan": "plan/crm"}, ask), name
        assert not is_unread(LIBRARY[name], {}, ask), name
    assert not is_unread(LIBRARY["theme-counts"], {"plan": "plan/other"}, ask)
    for asked in LIBRARY.values():
        names = {parameter.name for parameter in asked.parameters}
        assert not asked.reading_pattern or any(
            f"?{name}" in asked.reading_pattern for name in names & {"plan", "objective", "element"}
        ), asked.name
