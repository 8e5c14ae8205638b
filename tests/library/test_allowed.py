"""The values that the graph knows for a parameter, and what is said of one that it does not know."""

import json

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from crmgraph.errors import UsageError
from crmgraph.library import (
    LibraryQuestion,
    Parameter,
    Value,
    check_value,
    check_values,
    read_values,
    values_query,
)
from crmgraph.namespaces import Names
from crmgraph.wording import in_language

NAMES = Names()
ID = NAMES.id("")
TURTLE = """
@prefix cg: <https://w3id.org/crmgraph/ontology#> .
@prefix id: <https://w3id.org/crmgraph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix status: <https://w3id.org/crmgraph/ontology/status#> .
<https://w3id.org/crmgraph/id/country/MEX> a cg:State ; rdfs:label "México"@es , "Mexico"@en , "Mexique"@fr .
<https://w3id.org/crmgraph/id/country/BLZ> a cg:State ; rdfs:label "Belice"@es , "Belize"@en .
<https://w3id.org/crmgraph/id/country/QQQ> a cg:State .
<https://w3id.org/crmgraph/id/plan/x/b> a cg:Objective ; cg:order 1 ; cg:number "1" ; rdfs:label "Zeta"@es .
<https://w3id.org/crmgraph/id/plan/x/a> a cg:Objective ; cg:order 2 ; cg:number "2" ; rdfs:label "Alfa"@es .
status:done skos:inScheme <https://w3id.org/crmgraph/ontology/status> ; skos:prefLabel "hecho"@es , "done"@en .
status:pending skos:inScheme <https://w3id.org/crmgraph/ontology/status> ; skos:prefLabel "pendiente"@es .
"""
STATE = Parameter("state", "iri", "any", {}, values="?value a cg:State", open=True)
OBJECTIVE = Parameter("objective", "iri", "plan/x/a", {}, values="?value a cg:Objective")
STATUS = Parameter("status", "concept", "any", {}, scheme="status", open=True)
FREE = Parameter("words", "string", "x", {})
QUESTION = LibraryQuestion("q", {}, {}, "gaps", (STATE, STATUS, FREE), {}, "", NAMES)


@pytest.fixture(scope="module")
def graph() -> Store:
    store = Store()
    store.load(TURTLE, format=RdfFormat.TURTLE)
    return store


def ask(graph: Store, query: str) -> bytes:
    solutions = graph.query(query)
    assert isinstance(solutions, QuerySolutions)
    return solutions.serialize(format=QueryResultsFormat.JSON) or b""


def values(graph: Store, parameter: Parameter) -> tuple[Value, ...]:
    query = values_query(parameter, NAMES)
    assert query is not None
    return read_values(parameter, ask(graph, query), NAMES)


def test_values_have_the_names_that_a_caller_writes_and_labels(graph: Store) -> None:
    found = values(graph, STATE)
    assert [value.text for value in found] == ["any", "country/QQQ", "country/BLZ", "country/MEX"]
    assert found[0].labels == {"es": "cualquiera", "en": "any"}
    assert found[3].labels == {"es": "México", "en": "Mexico"}


def test_parts_of_a_plan_come_in_the_order_of_the_document_with_their_numbers(graph: Store) -> None:
    assert values(graph, OBJECTIVE) == (Value("plan/x/b", {"es": "1 Zeta"}), Value("plan/x/a", {"es": "2 Alfa"}))


def test_concepts_are_those_of_the_scheme(graph: Store) -> None:
    assert [value.text for value in values(graph, STATUS)] == ["any", "done", "pending"]


def test_of_two_labels_in_a_language_one_is_shown_always_the_same(graph: Store) -> None:
    twice = Store()
    twice.extend(graph)
    twice.add(
        Quad(NamedNode(ID + "country/BLZ"), NamedNode(NAMES.prefixes()["rdfs"] + "label"), Literal("Ab", language="es"))
    )
    assert next(value for value in values(twice, STATE) if value.text == "country/BLZ").labels["es"] == "Ab"


def test_the_graph_sets_no_limits_to_words() -> None:
    assert values_query(FREE, NAMES) is None


@pytest.mark.parametrize(
    "given",
    [{}, {"state": "country/MEX"}, {"state": ID + "country/BLZ"}, {"state": "any", "status": "any"}, {"words": "x y"}],
)
def test_what_the_graph_knows_passes(graph: Store, given: dict[str, str]) -> None:
    check_values(QUESTION, given, lambda query: ask(graph, query))


@pytest.mark.parametrize(
    ("given", "english", "spanish"),
    [
        ({"state": "country/MXE"}, "no value country/MXE; did you mean country/MEX", "¿quería decir country/MEX"),
        ({"state": "mexico"}, "did you mean country/MEX?", "¿quería decir country/MEX?"),
        ({"state": "Bélize"}, "did you mean country/BLZ?", "¿quería decir country/BLZ?"),
        ({"status": "pendign"}, "did you mean pending?", "¿quería decir pending?"),
        ({"status": "quux"}, "no value quux; there are any, done, pending", "existen any, done, pending"),
    ],
)
def test_what_it_does_not_know_is_answered_with_what_is_near(
    graph: Store, given: dict[str, str], english: str, spanish: str
) -> None:
    with pytest.raises(UsageError) as caught:
        check_values(QUESTION, given, lambda query: ask(graph, query))
    assert english in in_language(caught.value, "en")
    assert spanish in in_language(caught.value.message, "es")


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
    with pytest.raises(UsageError) as caught:
        check_value(Parameter("topic", "concept", "any", {}, scheme="topic", open=True), value, TOPICS, NAMES)
    assert f"did you mean {near}?" in str(caught.value)


def test_a_long_list_is_not_read_out() -> None:
    many = [Value(f"thing/{number:03}", {}) for number in range(100)]
    with pytest.raises(UsageError) as caught:
        check_value(OBJECTIVE, "zzz", many, NAMES)
    assert str(caught.value).endswith("thing/018, thing/019 …")


def test_an_empty_graph_has_no_values() -> None:
    query = values_query(OBJECTIVE, NAMES)
    assert query is not None
    assert read_values(OBJECTIVE, ask(pyoxigraph.Store(), query), NAMES) == ()
    assert json.loads(ask(pyoxigraph.Store(), query))["results"]["bindings"] == []
