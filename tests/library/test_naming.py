"""What values are called, and which one is meant by what people write."""

import json

import pytest

from crmgraph.errors import UnknownValueError, UsageError
from crmgraph.library import LibraryQuestion, Parameter, Value, called, choose, resolve_values, said
from crmgraph.namespaces import Names
from crmgraph.wording import in_language

NAMES = Names()
OPEN = {"es": "cualquier Estado", "en": "any State"}
STATE = Parameter("state", "iri", "any", {}, values="?value a cg:State", open=OPEN)
CLOSED = Parameter("state", "iri", "country/MEX", {}, values="?value a cg:State")
STATUS = Parameter("status", "concept", "any", {}, scheme="status", open={"es": "que sea", "en": "any"})
FREE = Parameter("words", "string", "x", {})
YEAR = Parameter("year", "integer", "2003", {})


def _unasked(query: str) -> bytes:
    raise AssertionError(query)


STATES = (
    Value("any", OPEN),
    Value("country/MEX", {"es": "México", "en": "Mexico"}, ("Estados Unidos Mexicanos", "MX")),
    Value("country/BLZ", {"es": "Belice", "en": "Belize"}),
    Value("country/GEO", {"es": "Georgia", "en": "Georgia"}),
    Value("place/GEO", {"es": "Georgia", "en": "Georgia"}),
    Value("country/QQQ", {}),
)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("country/MEX", "country/MEX"),
        (NAMES.id("country/MEX"), "country/MEX"),
        ("México", "country/MEX"),
        ("mexico", "country/MEX"),
        ("  MEXICO ", "country/MEX"),
        ("Belize", "country/BLZ"),
        ("Bélice", "country/BLZ"),
        ("estados unidos mexicanos", "country/MEX"),
        ("mx", "country/MEX"),
        ("mex", "country/MEX"),
        ("Georgia (place/GEO)", "place/GEO"),
        ("any", "any"),
        ("cualquier Estado", "any"),
        ("any state", "any"),
        ("", "any"),
        ("  ", "any"),
    ],
)
def test_a_value_is_meant_by_its_text_its_iri_or_a_name_that_it_alone_has(given: str, meant: str) -> None:
    assert choose(STATE, given, STATES, NAMES) == meant


def test_a_name_that_several_have_is_asked_about() -> None:
    with pytest.raises(UnknownValueError) as caught:
        choose(STATE, "georgia", STATES, NAMES)
    assert caught.value.near == ("country/GEO", "place/GEO")
    assert "several values are called georgia; choose one of country/GEO, place/GEO" in str(caught.value)
    assert "varios valores se llaman georgia; elija entre" in in_language(caught.value, "es")


def test_nothing_leaves_open_only_what_may_be_open() -> None:
    with pytest.raises(UnknownValueError):
        choose(CLOSED, "", STATES[1:], NAMES)


@pytest.mark.parametrize(
    ("parameter", "given", "english", "spanish"),
    [
        (STATE, "country/MXE", "no value country/MXE; did you mean country/MEX", "¿quería decir country/MEX"),
        (STATE, "mexic", "did you mean country/MEX?", "¿quería decir country/MEX?"),
        (STATE, "quux", "no value quux; there are any, country/MEX", "existen any, country/MEX"),
        (STATE, "a> } INSERT", "no value a> } INSERT; there are", "no tiene un valor a> } INSERT; existen"),
    ],
)
def test_what_is_not_known_is_answered_with_what_is_near(
    parameter: Parameter, given: str, english: str, spanish: str
) -> None:
    with pytest.raises(UnknownValueError) as caught:
        choose(parameter, given, STATES, NAMES)
    assert english in in_language(caught.value, "en")
    assert spanish in in_language(caught.value, "es")


TOPICS = (
    Value("any", {"es": "cualquiera", "en": "any"}),
    Value("child-protection", {"es": "protección de la niñez", "en": "protection of children"}),
    Value("refugee-protection", {"es": "protección de los refugiados", "en": "protection of refugees"}),
    Value("return", {"es": "retorno y repatriación", "en": "return and repatriation"}),
    Value("reintegration", {"es": "reinserción", "en": "reintegration"}),
)


@pytest.mark.parametrize(
    ("value", "near"),
    [
        ("refugees", "refugee-protection"),
        ("refugiados", "refugee-protection"),
        ("children", "child-protection"),
        ("ninez", "child-protection"),
        ("repatriation", "return"),
    ],
)
def test_a_word_of_a_name_is_enough(value: str, near: str) -> None:
    with pytest.raises(UnknownValueError, match=f"did you mean {near}\\?"):
        choose(Parameter("topic", "concept", "any", {}, scheme="topic"), value, TOPICS, NAMES)


def test_a_long_list_is_not_read_out() -> None:
    many = [Value(f"thing/{number:03}", {}) for number in range(100)]
    with pytest.raises(UnknownValueError) as caught:
        choose(CLOSED, "zzz", many, NAMES)
    assert str(caught.value).endswith("thing/018, thing/019 …")


def test_a_name_longer_than_any_is_answered_soon() -> None:
    with pytest.raises(UnknownValueError):
        choose(CLOSED, "Georgia " * 10_000, STATES, NAMES)


def test_where_there_are_no_limits_a_value_is_taken_as_it_is_if_it_fits() -> None:
    assert choose(FREE, "x y", None, NAMES) == "x y"
    with pytest.raises(UsageError, match="is a whole number, not soon"):
        choose(YEAR, "soon", None, NAMES)


def test_no_two_values_are_called_the_same() -> None:
    names = called((*STATES, Value("long", {"es": "palabra " * 40})), "es")
    assert len(set(names.values())) == len(names)
    assert names["country/MEX"] == "México"
    assert names["place/GEO"] == "Georgia (place/GEO)"
    assert names["country/QQQ"] == "country/QQQ"
    assert len(names["long"]) <= 150
    assert names["long"].endswith("palabra …")


def test_whatever_a_value_is_called_means_it() -> None:
    for language in ("es", "en"):
        for text, name in called(STATES, language).items():
            assert choose(STATE, name, STATES, NAMES) == text


def test_a_sentence_says_values_by_their_names_and_words_in_quotation_marks() -> None:
    names = called(STATES, "es")
    assert said(STATE, "country/MEX", names, "es") == "México"
    assert said(STATE, "any", names, "es") == "cualquier Estado"
    assert said(FREE, "retorno", {}, "es") == "«retorno»"
    assert said(FREE, "retorno", {}, "en") == "“retorno”"
    assert said(YEAR, "2003", {}, "en") == "2003"


def test_a_sentence_has_titles_and_words_of_a_plan_in_quotation_marks_without_their_number() -> None:
    part = Parameter("part", "iri", "any", {}, open={"es": "cualquier parte", "en": "any part"}, is_quoted=True)
    names = {"any": "any part", "plan/x/6.2.1": "6.2.1 Return of 20 people", "plan/x/a": "Note"}
    assert said(part, "plan/x/6.2.1", names, "en") == "6.2.1 “Return of 20 people”"
    assert said(part, "plan/x/6.2.1", names, "es") == "6.2.1 «Return of 20 people»"
    assert said(part, "plan/x/a", names, "en") == "“Note”"
    assert said(part, "any", names, "en") == "any part"


def test_names_stand_behind_their_article_but_for_what_is_left_open() -> None:
    network = Parameter("network", "iri", "any", {}, open={"es": "cualquiera", "en": "any"}, article={"en": "the"})
    names = {"any": "any", "network/x": "Network of Mayors"}
    assert said(network, "network/x", names, "en") == "the Network of Mayors"
    assert said(network, "network/x", names, "es") == "Network of Mayors"
    assert said(network, "any", names, "en") == "any"
    spanish = {"any": "cualquiera", "network/x": "Red de Alcaldías", "network/y": "Redes de enlace"}
    assert [said(network, value, spanish, "es") for value in spanish] == [
        "cualquiera",
        "la Red de Alcaldías",
        "las Redes de enlace",
    ]


def test_a_value_whose_name_would_not_fit_is_said_in_words_of_its_own() -> None:
    words = {"pending": {"es": "están pendientes", "en": "are pending"}}
    status = Parameter("status", "concept", "any", {}, open={"es": "que sea", "en": "any"}, words=words)
    names = {"any": "que sea", "pending": "pendiente", "done": "hecho"}
    assert said(status, "pending", names, "es") == "están pendientes"
    assert said(status, "done", names, "es") == "hecho"
    assert said(status, "any", names, "es") == "que sea"


def test_values_are_resolved_and_names_checked() -> None:
    question = LibraryQuestion("q", {}, {}, "gaps", (FREE, YEAR), {}, "", NAMES)
    assert resolve_values(question, {"words": "a b", "year": "+7"}, _unasked) == {"words": "a b", "year": "+7"}
    with pytest.raises(UsageError, match="has no parameter nothing"):
        resolve_values(question, {"nothing": "1"}, _unasked)


def test_of_anything_in_the_graph_what_it_does_not_know_is_refused() -> None:
    thing = Parameter("thing", "iri", "actor/oim", {})
    question = LibraryQuestion("q", {}, {}, "gaps", (thing,), {}, "", NAMES)
    asked: list[str] = []

    def ask(query: str) -> bytes:
        asked.append(query)
        known = "actor/oim> ?said" in query or "?said" not in query
        row = {"value": {"value": NAMES.id("actor/oim")}, "label": {"value": "Migraciones", "xml:lang": "es"}}
        return json.dumps({"results": {"bindings": [row] if known else []}}).encode()

    assert resolve_values(question, {"thing": "actor/oim"}, ask) == {"thing": "actor/oim"}
    assert len(asked) == 1
    assert resolve_values(question, {"thing": "OIM"}, ask) == {"thing": "actor/oim"}
    for unknown in ("actor/oin", "a b"):
        with pytest.raises(UnknownValueError) as caught:
            resolve_values(question, {"thing": unknown}, ask)
        assert f"parameter thing has no value {unknown}" in str(caught.value)
    with pytest.raises(UnknownValueError) as caught:
        resolve_values(question, {"thing": "actor/oin"}, ask)
    assert caught.value.near == ("actor/oim",)
