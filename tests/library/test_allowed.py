"""The values that a parameter may have: those of its question, or those that the graph has for it."""

import json

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from crmgraph.library import Parameter, Value, allowed_values, called, choose, read_values, values_query
from crmgraph.namespaces import Names

NAMES = Names()
ID = NAMES.id("")
TURTLE = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix cg: <https://w3id.org/crmgraph/ontology#> .
@prefix id: <https://w3id.org/crmgraph/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix status: <https://w3id.org/crmgraph/ontology/status#> .
<https://w3id.org/crmgraph/id/country/MEX> a cg:State ; rdfs:label "México"@es , "Mexico"@en , "Mexique"@fr ;
    skos:altLabel "Estados Unidos Mexicanos"@es , "MX" .
<https://w3id.org/crmgraph/id/country/BLZ> a cg:State ; rdfs:label "Belice"@es , "Belize"@en .
<https://w3id.org/crmgraph/id/country/QQQ> a cg:State .
<https://w3id.org/crmgraph/id/plan/x/b> a cg:Objective ; cg:order 1 ; cg:number "1" ; rdfs:label "Zeta"@es .
<https://w3id.org/crmgraph/id/plan/x/a> a cg:Objective ; cg:order 2 ; cg:number "2" ; rdfs:label "Alfa"@es .
<https://w3id.org/crmgraph/id/plan/x> a cg:Plan ; rdfs:label "PLAN DE ACCION"@es , "Plan of Action"@en ;
    dcterms:alternative "Plan de X"@es , "X plan"@en , "X" .
status:done skos:inScheme <https://w3id.org/crmgraph/ontology/status> ; skos:prefLabel "hecho"@es , "done"@en .
status:pending skos:inScheme <https://w3id.org/crmgraph/ontology/status> ; skos:prefLabel "pendiente"@es .
"""
STATE = Parameter(
    "state", "iri", "any", {}, values="?value a cg:State", open={"es": "cualquier Estado", "en": "any State"}
)
OBJECTIVE = Parameter("objective", "iri", "plan/x/a", {}, values="?value a cg:Objective")
PLAN = Parameter("plan", "iri", "plan/x", {}, values="?value a cg:Plan")
STATUS = Parameter("status", "concept", "any", {}, scheme="status", open={"es": "que sea", "en": "any"})
FREE = Parameter("words", "string", "x", {})
KIND = Parameter("kind", "string", "past", {}, {"past": {"es": "pasado", "en": "past"}, "planned": {}})


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
    assert found[0].labels == {"es": "cualquier Estado", "en": "any State"}
    assert found[3].labels == {"es": "México", "en": "Mexico"}
    assert [value.others for value in found[2:]] == [(), ("Estados Unidos Mexicanos", "MX")]


def test_a_plan_has_its_short_name_and_is_known_by_its_title_too(graph: Store) -> None:
    [found] = values(graph, PLAN)
    assert found.labels == {"es": "Plan de X", "en": "X plan"}
    assert found.others == ("PLAN DE ACCION", "Plan of Action")
    assert choose(PLAN, "plan of action", [found], NAMES) == "plan/x"


def test_a_part_of_a_plan_in_another_language_has_its_name(graph: Store) -> None:
    foreign = Store()
    foreign.extend(graph)
    label = NamedNode(NAMES.prefixes()["rdfs"] + "label")
    foreign.add(Quad(NamedNode(ID + "country/QQQ"), label, Literal("Le reste", language="fr")))
    found = [value for value in values(foreign, STATE) if value.text == "country/QQQ"]
    assert [value.labels for value in found] == [{"fr": "Le reste"}]
    assert called(found, "en") == called(found, "es") == {"country/QQQ": "Le reste"}


def test_parts_of_a_plan_come_in_the_order_of_the_document_with_their_numbers(graph: Store) -> None:
    assert values(graph, OBJECTIVE) == (Value("plan/x/b", {"es": "1 Zeta"}), Value("plan/x/a", {"es": "2 Alfa"}))


def test_parts_of_the_usual_plan_come_first_and_those_of_a_plan_together(graph: Store) -> None:
    several = Store()
    several.extend(graph)
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for name in ("plan/y/c", "plan/a/d", "plan/a/e"):
        several.add(Quad(NamedNode(ID + name), kind, NamedNode(NAMES.prefixes()["cg"] + "Objective")))
    assert [value.text for value in values(several, OBJECTIVE)] == [
        "plan/x/b", "plan/x/a", "plan/a/d", "plan/a/e", "plan/y/c",
    ]  # fmt: skip


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


def test_choices_are_those_of_the_question_without_asking() -> None:
    def ask(query: str) -> bytes:
        raise AssertionError(query)

    assert allowed_values(KIND, NAMES, ask) == (Value("past", {"es": "pasado", "en": "past"}), Value("planned", {}))
    assert allowed_values(FREE, NAMES, ask) is None


def test_all_others_are_asked_for(graph: Store) -> None:
    assert allowed_values(STATUS, NAMES, lambda query: ask(graph, query)) == values(graph, STATUS)


def test_an_empty_graph_has_no_values() -> None:
    query = values_query(OBJECTIVE, NAMES)
    assert query is not None
    assert read_values(OBJECTIVE, ask(pyoxigraph.Store(), query), NAMES) == ()
    assert json.loads(ask(pyoxigraph.Store(), query))["results"]["bindings"] == []
