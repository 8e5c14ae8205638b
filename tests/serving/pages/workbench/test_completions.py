"""What the editor is told that queries can name."""

from typing import Any

import pytest
from httpx import Client

from crmgraph.site import Site
from crmgraph.site.workbench.completions import completions_of


@pytest.fixture(scope="module")
def spanish(client: Client) -> dict[str, Any]:
    answer = client.get("/es/completions.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    found: dict[str, Any] = answer.json()
    return found


def _entry(told: dict[str, Any], sort: str, name: str) -> list[Any]:
    (found,) = [entry for entry in told[sort] if entry[0] == name]
    return list(found)


def _kinds(told: dict[str, Any], places: list[int]) -> set[str]:
    return {told["kinds"][place] for place in places}


def test_classes_have_labels_and_say_how_much_there_is_of_them(spanish: dict[str, Any]) -> None:
    assert _entry(spanish, "classes", "cg:Objective") == ["cg:Objective", "Objetivo", 66]


def test_properties_say_what_they_lead_from_and_to(spanish: dict[str, Any]) -> None:
    _, label, count, subjects, objects = _entry(spanish, "properties", "cg:agent")
    assert label
    assert count > 800
    assert {"cg:Participation", "cg:Membership"} <= _kinds(spanish, subjects)
    assert {"cg:State", "cg:Organisation"} <= _kinds(spanish, objects)
    status = _entry(spanish, "properties", "cg:status")
    assert _kinds(spanish, status[4]) == {"https://w3id.org/crmgraph/ontology/status"}


def test_terms_of_other_vocabularies_that_the_data_use_are_there_too(spanish: dict[str, Any]) -> None:
    names = {entry[0] for entry in spanish["properties"]}
    assert {"rdfs:label", "dcterms:isPartOf", "skos:prefLabel", "rdf:type"} <= names


@pytest.mark.parametrize(
    ("name", "label", "kind"),
    [
        ("id:actor/oim", "Organización Internacional para las Migraciones", "cg:Organisation"),
        ("id:country/MEX", "México", "cg:State"),
        ("id:process/rcm", "Conferencia Regional sobre Migración", "cg:ConsultativeProcess"),
        ("status:done", "realizado", "https://w3id.org/crmgraph/ontology/status"),
    ],
)
def test_things_have_labels_and_their_most_special_kinds(
    spanish: dict[str, Any], name: str, label: str, kind: str
) -> None:
    found = _entry(spanish, "things", name)
    assert label in found[1]
    assert _kinds(spanish, found[2]) == {kind}


def test_every_part_of_the_plan_can_be_named(spanish: dict[str, Any], site: Site) -> None:
    parts = {row["x"].value for row in site.select("SELECT ?x { ?x a cg:PlanElement ; rdfs:label ?label }")}
    space = site.names.id()
    named = {entry[0].replace("id:", space) for entry in spanish["things"]}
    assert len(parts) > 200
    assert parts <= named


def test_what_nobody_would_look_for_is_left_out(spanish: dict[str, Any]) -> None:
    kinds = {kind for entry in spanish["things"] for kind in _kinds(spanish, entry[2])}
    assert not kinds & {"cg:Passage", "cg:LeafPassage", "cg:Membership", "cg:Participation", "cg:Statement"}
    names = [entry[0] for sort in ("classes", "properties", "things", "graphs") for entry in spanish[sort]]
    assert len(names) == len(set(names))


def test_graphs_are_there(spanish: dict[str, Any]) -> None:
    assert _entry(spanish, "graphs", "graph:inferred")[1] == "Afirmaciones inferidas"


def test_labels_are_in_the_language_of_the_address(client: Client) -> None:
    told = client.get("/en/completions.json").json()
    assert _entry(told, "classes", "cg:Objective")[1] == "Objective"
    assert _entry(told, "properties", "dcterms:isPartOf")[1] == "is part of"


def test_whoever_has_them_already_gets_nothing_again(client: Client) -> None:
    first = client.get("/es/completions.json")
    again = client.get("/es/completions.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/en/completions.json").headers["etag"] != first.headers["etag"]


def test_labels_are_no_longer_than_a_line(site: Site) -> None:
    told: Any = completions_of(site, "en")
    assert max(len(entry[1]) for entry in told["things"]) == 120


def test_things_have_their_acronyms_and_other_names(spanish: dict[str, Any]) -> None:
    assert {"IOM", "OIM", "ONU Migración"} <= set(_entry(spanish, "things", "id:actor/oim")[3])
