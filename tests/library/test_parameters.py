"""Parameters: values as terms, the values that the graph has for one, and which is meant by what people write."""

import json
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from crmgraph.errors import UsageError, in_language
from crmgraph.library import (
    TYPES,
    LibraryQuestion,
    Parameter,
    Value,
    allowed_values,
    read_values,
    resolve_value,
    resolve_values,
    value_in_sentence,
    value_names,
    values_query,
)  # fmt: skip
from crmgraph.namespaces import Names
from tests.support.phrases import rows_of

NAMES = Names()
PREFIXES = NAMES.prefixes()
TURTLE = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix cg: <https://w3id.org/crmgraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix status: <https://w3id.org/crmgraph/ontology/status#> .
@base <https://w3id.org/crmgraph/id/> .
<country/MEX> a cg:State ; rdfs:label "México"@es , "Mexico"@en , "Mexique"@fr ;
    skos:altLabel "Estados Unidos Mexicanos"@es , "MX" .
<country/BLZ> a cg:State ; rdfs:label "Belice"@es , "Belize"@en .
<country/QQQ> a cg:State .
<plan/x/b> a cg:Objective ; cg:order 1 ; cg:number "1" ; rdfs:label "Zeta"@es .
<plan/x/a> a cg:Objective ; cg:order 2 ; cg:number "2" ; rdfs:label "Alfa"@es .
<plan/x> a cg:Plan ; rdfs:label "PLAN DE ACCION"@es , "Plan of Action"@en ;
    dcterms:alternative "Plan de X"@es , "X plan"@en , "X" .
status:done skos:inScheme <https://w3id.org/crmgraph/ontology/status> ; skos:prefLabel "hecho"@es , "done"@en .
status:pending skos:inScheme <https://w3id.org/crmgraph/ontology/status> ; skos:prefLabel "pendiente"@es .
"""
OPEN, ANY = {"es": "cualquier Estado", "en": "any State"}, {"es": "cualquiera", "en": "any"}
STATE = Parameter("state", "iri", "any", {}, values="?value a cg:State", open=OPEN)
CLOSED = Parameter("state", "iri", "country/MEX", {}, values="?value a cg:State")
OBJECTIVE = Parameter("objective", "iri", "plan/x/a", {}, values="?value a cg:Objective")
PLAN = Parameter("plan", "iri", "plan/x", {}, values="?value a cg:Plan")
STATUS = Parameter("status", "concept", "any", {}, scheme="status", open={"es": "que sea", "en": "any"})
WORDS = Parameter("words", "string", "x", {})
YEAR = Parameter("year", "integer", "2003", {})
TOPIC = Parameter("topic", "concept", "any", {}, scheme="topic")
KIND = Parameter("kind", "string", "past", {}, {"past": {"es": "pasado", "en": "past"}, "planned": {}})


PARAMETERS = {"state": STATE, "closed": CLOSED, "status": STATUS, "words": WORDS, "year": YEAR, "topic": TOPIC}
PARAMETERS["many"] = CLOSED


def test_values_as_terms() -> None:
    for name, value, term, english, spanish in rows_of("terms", "library"):
        if term:
            assert PARAMETERS[name].term(value, NAMES) == term
        else:
            with pytest.raises(UsageError) as caught:
                PARAMETERS[name].term(value, NAMES)
            assert english in str(caught.value)
            assert spanish in in_language(caught.value.message, "es")
    assert STATE.short_value("https://w3id.org/crmgraph/id/country/MEX", NAMES) == "country/MEX"
    assert STATE.short_value("http://example.org/x", NAMES) == "http://example.org/x"
    assert STATUS.short_value("https://w3id.org/crmgraph/ontology/status#done", NAMES) == "done"


@given(value=st.text(max_size=30), type=st.sampled_from(TYPES))
def test_any_value_is_one_term_or_refused(value: str, type: str) -> None:
    parameter = Parameter("x", type, "any", {}, scheme="status")
    try:
        term = parameter.term(f"a/{value}" if type == "iri" else value, NAMES)
    except UsageError:
        return
    solutions = Store().query(f"SELECT ?x ?y WHERE {{ VALUES ?x {{ {term} }} VALUES ?y {{ 1 }} }}")
    assert isinstance(solutions, QuerySolutions)
    [row] = solutions
    assert row["y"].value == "1"
    assert type != "string" or row["x"].value == normalize("NFC", value)


@pytest.fixture
def graph() -> Store:
    store = Store()
    store.load(TURTLE, format=RdfFormat.TURTLE)
    return store


def add(graph: Store, thing: str, predicate: str, value: Literal | NamedNode) -> None:
    prefix, _, name = predicate.partition(":")
    graph.add(Quad(NamedNode(NAMES.id(thing)), NamedNode(PREFIXES[prefix] + name), value))


def ask(graph: Store, query: str) -> bytes:
    solutions = graph.query(query)
    assert isinstance(solutions, QuerySolutions)
    return solutions.serialize(format=QueryResultsFormat.JSON) or b""


def values(graph: Store, parameter: Parameter) -> tuple[Value, ...]:
    query = values_query(parameter, NAMES)
    assert query is not None
    return read_values(parameter, ask(graph, query), NAMES)


def test_values_have_short_names_and_labels(graph: Store) -> None:
    found = values(graph, STATE)
    assert [value.text for value in found] == ["any", "country/QQQ", "country/BLZ", "country/MEX"]
    assert (found[0].labels, found[3].labels) == (OPEN, {"es": "México", "en": "Mexico"})
    assert [value.others for value in found[2:]] == [(), ("Estados Unidos Mexicanos", "MX")]
    add(graph, "country/QQQ", "rdfs:label", Literal("Le reste", language="fr"))
    add(graph, "country/BLZ", "rdfs:label", Literal("Ab", language="es"))
    by_name = {value.text: value for value in values(graph, STATE)}
    foreign = by_name["country/QQQ"]
    assert foreign.labels == {"fr": "Le reste"}
    assert value_names([foreign], "en") == value_names([foreign], "es") == {"country/QQQ": "Le reste"}
    assert by_name["country/BLZ"].labels["es"] == "Ab", "always the same of two"


def test_plan_has_its_short_name_and_its_title(graph: Store) -> None:
    [found] = values(graph, PLAN)
    assert found.labels == {"es": "Plan de X", "en": "X plan"}
    assert found.others == ("PLAN DE ACCION", "Plan of Action")
    assert resolve_value(PLAN, "plan of action", [found], NAMES) == "plan/x"


def test_parts_come_in_the_order_of_the_document_the_usual_plan_first(graph: Store) -> None:
    assert values(graph, OBJECTIVE) == (Value("plan/x/b", {"es": "1 Zeta"}), Value("plan/x/a", {"es": "2 Alfa"}))
    for name in ("plan/y/c", "plan/a/d", "plan/a/e"):
        add(graph, name, "rdf:type", NamedNode(PREFIXES["cg"] + "Objective"))
    assert [value.text for value in values(graph, OBJECTIVE)] == [
        "plan/x/b", "plan/x/a", "plan/a/d", "plan/a/e", "plan/y/c",
    ]  # fmt: skip
    assert values(Store(), OBJECTIVE) == ()


def test_allowed_values(graph: Store) -> None:
    assert allowed_values(KIND, NAMES, _unasked) == (
        Value("past", {"es": "pasado", "en": "past"}),
        Value("planned", {}),
    )
    assert values_query(WORDS, NAMES) is None
    assert allowed_values(WORDS, NAMES, _unasked) is None
    assert allowed_values(STATUS, NAMES, lambda query: ask(graph, query)) == values(graph, STATUS)
    assert [value.text for value in values(graph, STATUS)] == ["any", "done", "pending"]


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
MEANT = {
    "country/MEX": ("country/MEX", NAMES.id("country/MEX"), "México", "  MEXICO ", "estados unidos mexicanos", "mx",
                    "mex"),
    "country/BLZ": ("Belize", "Bélice"),
    "place/GEO": ("Georgia (place/GEO)",),
    "any": ("any", "cualquier Estado", "any state", "", "  "),
}  # fmt: skip
TOPICS = (
    Value("any", {"es": "cualquiera", "en": "any"}),
    Value("child-protection", {"es": "protección de la niñez", "en": "protection of children"}),
    Value("refugee-protection", {"es": "protección de los refugiados", "en": "protection of refugees"}),
    Value("return", {"es": "retorno y repatriación", "en": "return and repatriation"}),
    Value("reintegration", {"es": "reinserción", "en": "reintegration"}),
)


def test_values_are_meant_by_text_iri_or_a_name_of_their_own() -> None:
    for value, written in MEANT.items():
        assert [resolve_value(STATE, each, STATES, NAMES) for each in written] == [value] * len(written)
    for language in ("es", "en"):
        for text, name in value_names(STATES, language).items():
            assert resolve_value(STATE, name, STATES, NAMES) == text
    assert resolve_value(WORDS, "x y", None, NAMES) == "x y"
    with pytest.raises(UsageError, match="is a whole number, not soon"):
        resolve_value(YEAR, "soon", None, NAMES)
    with pytest.raises(UsageError, match="is one of past, planned, not ever"):
        KIND.term("ever", NAMES)


def test_unknown_values_are_answered_with_those_there_are() -> None:
    many = tuple(Value(f"thing/{number:03}", {}) for number in range(100))
    values = {"state": STATES, "topic": TOPICS, "closed": STATES[1:], "many": many}
    rows = [*rows_of("unknown_values", "library"), ["closed", "Georgia " * 10_000, "parameter state has no value", ""]]
    for name, written, english, spanish in rows:
        with pytest.raises(UsageError) as caught:
            resolve_value(PARAMETERS[name], written, values[name], NAMES)
        assert english in in_language(caught.value, "en")
        assert spanish in in_language(caught.value, "es")


def test_no_two_values_are_called_the_same() -> None:
    long, empty = Value("long", {"es": "palabra " * 40}), Value("empty", {"es": "", "en": "Name"})
    names = value_names((*STATES, long, empty), "es")
    assert len(set(names.values())) == len(names)
    assert names["country/MEX"] == "México"
    assert names["place/GEO"] == "Georgia (place/GEO)"
    assert names["country/QQQ"] == "country/QQQ"
    assert names["empty"] == "Name"
    assert len(names["long"]) <= 150
    assert names["long"].endswith("palabra …")


def test_values_in_a_sentence() -> None:
    words = {"pending": {"es": "están pendientes", "en": "are pending"}}
    asked = PARAMETERS | {
        "part": Parameter("part", "iri", "any", {}, open=ANY, is_quoted=True),
        "network": Parameter("network", "iri", "any", {}, open=ANY, article={"en": "the"}),
        "status": Parameter("status", "concept", "any", {}, open=ANY, words=words),
    }
    names = {
        "state": value_names(STATES, "es"),
        "part": {"any": "any part", "plan/x/6.2.1": "6.2.1 Return of 20 people", "plan/x/a": "Note"},
        "network": {"any": "cualquiera", "network/x": "Red de Alcaldías", "network/y": "Redes de enlace"},
        "status": {"any": "que sea", "pending": "pendiente", "done": "hecho"},
    }
    for name, value, known, language, sentence in rows_of("sentences", "library"):
        others = dict(each.split("=") for each in filter(None, known.split("|")))
        assert value_in_sentence(asked[name], value, {**names.get(name, {}), **others}, language) == sentence


def test_resolved_values_are_checked_with_the_graph() -> None:
    plain = LibraryQuestion("q", {}, {}, "gaps", (WORDS, YEAR), {}, "", NAMES)
    assert resolve_values(plain, {"words": "a b", "year": "+7"}, _unasked) == {"words": "a b", "year": "+7"}
    with pytest.raises(UsageError, match="has no parameter nothing; its parameters are words, year"):
        resolve_values(plain, {"nothing": "1"}, _unasked)
    thing = Parameter("thing", "iri", "actor/oim", {}, values="?value a cg:Agent")
    question = LibraryQuestion("q", {}, {}, "gaps", (thing,), {}, "", NAMES)

    def answer(_: str) -> bytes:
        row = {"value": {"value": NAMES.id("actor/oim")}, "label": {"value": "Migraciones", "xml:lang": "es"}}
        return json.dumps({"results": {"bindings": [row]}}).encode()

    for written in ("actor/oim", "OIM", "migraciones"):
        assert resolve_values(question, {"thing": written}, answer) == {"thing": "actor/oim"}
    with pytest.raises(UsageError, match="parameter thing has no value a b; there are actor/oim"):
        resolve_values(question, {"thing": "a b"}, answer)
