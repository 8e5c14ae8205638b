"""The service as clients see it: valid by the specification's own schemas, in two languages, and never at a loss."""

import json
from typing import Any

import jsonschema
import pytest
from httpx import Client
from referencing import Registry
from referencing.jsonschema import DRAFT7

from crmgraph.linking import KINDS
from tests.support.pages import read_page
from tests.support.suites import suite

ID = "https://w3id.org/crmgraph/id/"
CG = "https://w3id.org/crmgraph/ontology#"
COLOMBO = "Regional Consultative Process on Overseas Employment and Contractual Labour for Countries of Origin in Asia"
TOPIC = "https://w3id.org/crmgraph/ontology/topic"
QUERIES = {
    "name": {"query": "Guatemla", "limit": 2},
    "all": {
        "query": "Proceso de Colombo",
        "type": [f"{CG}ConsultativeProcess"],
        "properties": [{"pid": f"{CG}since", "v": 2003}],
    },
    "topic": {"query": "trata de personas", "type": TOPIC},
    "nothing": {"query": "xyzzyx"},
}
EXTENSION = {
    "ids": [f"{ID}country/GTM", f"{ID}process/colombo", "http://e/unknown"],
    "properties": [
        {"id": f"{CG}iso3"},
        {"id": f"{CG}memberOf", "settings": {"limit": 2}},
        {"id": f"{CG}memberOf", "settings": {"content": "id"}},
        {"id": "https://schema.org/sameAs"},
        {"id": f"{CG}memberCount"},
    ],
}


def valid(document: object, schema: str) -> None:
    """Raise ValidationError where the schema of the specification does not take the document."""
    folder = suite("reconciliation-api/0.2/schemas")
    schemas = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in (schema, "type")}
    registry: Registry[Any] = Registry().with_resource("type.json", DRAFT7.create_resource(schemas["type"]))
    described = schemas[schema]
    # It looks up elsewhere what we do not offer: a login.
    described.get("properties", {}).pop("authentication", None)
    described.pop("$id")
    jsonschema.Draft7Validator(described, registry=registry).validate(document)


def post(client: Client, path: str = "/reconcile", **parameters: object) -> Any:
    answer = client.post(path, data={name: json.dumps(value) for name, value in parameters.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(("path", "name"), [("/es/reconcile", "Organización"), ("/en/reconcile", "Organisation")])
def test_the_manifest(client: Client, path: str, name: str) -> None:
    answer = client.get(path)
    manifest = answer.json()
    assert manifest["versions"] == ["0.2"]
    assert name in {each["name"] for each in manifest["defaultTypes"]}
    assert manifest["view"]["url"].endswith(f"{path}/view?id={{{{id}}}}")
    assert manifest["suggest"]["entity"]["service_url"].endswith(path)
    assert answer.headers["access-control-allow-origin"] == "*"
    valid(manifest, "manifest")


def test_queries(client: Client) -> None:
    results = post(client, queries=QUERIES)
    assert set(results) == set(QUERIES)
    assert results["nothing"] == {"result": []}
    assert len(results["name"]["result"]) == 2
    assert results["name"]["result"][0]["id"] == f"{ID}country/GTM"
    colombo = results["all"]["result"][0]
    assert (colombo["name"], colombo["match"], colombo["score"]) == (COLOMBO, True, 100)
    assert {"id": f"{CG}since", "value": 100} in colombo["features"]
    assert results["topic"]["result"][0]["type"] == [{"id": TOPIC, "name": "Topics"}]
    valid(results, "reconciliation-result-batch")


def test_queries_in_the_address_and_in_spanish(client: Client) -> None:
    answer = client.get("/es/reconcile", params={"queries": json.dumps(QUERIES)})
    assert answer.json()["all"]["result"][0]["name"].startswith("Proceso Consultivo Regional sobre el Empleo")
    assert answer.json()["all"]["result"][0]["description"].startswith("Proceso consultivo")


def test_data(client: Client) -> None:
    answer = post(client, "/en/reconcile", extend=EXTENSION)
    guatemala = answer["rows"][f"{ID}country/GTM"]
    assert guatemala[f"{CG}iso3"] == [{"str": "GTM"}]
    assert {"str": f"{ID}process/rcm"} in guatemala[f"{CG}memberOf"]
    assert {"str": "http://www.wikidata.org/entity/Q774"} in guatemala["https://schema.org/sameAs"]
    assert not any(answer["rows"]["http://e/unknown"].values())
    assert answer["rows"][f"{ID}process/colombo"][f"{CG}iso3"] == []
    assert [each["name"] for each in answer["meta"]][:2] == ["three-letter ISO code", "is a member of"]
    assert answer["meta"][1]["type"]["id"] == f"{CG}ConsultativeProcess"
    valid(answer, "data-extension-response")


def test_numbers_and_dates_are_such(client: Client) -> None:
    extension = {
        "ids": [f"{ID}process/rcm", f"{ID}meeting/crm-xix"],
        "properties": [{"id": f"{CG}startDate"}, {"id": f"{CG}memberCount"}, {"id": f"{CG}since"}],
    }
    rows = post(client, extend=extension)["rows"]
    assert rows[f"{ID}meeting/crm-xix"][f"{CG}startDate"] == [{"date": "2014-06-26T00:00:00Z"}]
    assert rows[f"{ID}process/rcm"][f"{CG}since"] == [{"str": "1996"}]


def test_the_properties_of_a_kind(client: Client) -> None:
    answer = client.get("/en/reconcile/properties", params={"type": f"{CG}State", "limit": "6"}).json()
    names = [each["name"] for each in answer["properties"]]
    assert len(names) == 6
    assert "three-letter ISO code" in names
    valid(answer, "data-extension-property-proposal")
    everything = client.get("/es/reconcile/properties").json()["properties"]
    assert not [each for each in everything if each["name"] == each["id"]]


@pytest.mark.parametrize(
    ("what", "prefix", "expected"),
    [
        ("entity", "guate", f"{ID}country/GTM"),
        ("entity", "internacional para las mig", f"{ID}actor/oim"),
        ("type", "consult", f"{CG}ConsultativeProcess"),
        ("property", "member", f"{CG}memberOf"),
    ],
)
def test_suggestions(client: Client, what: str, prefix: str, expected: str) -> None:
    answer = client.get(f"/en/reconcile/suggest/{what}", params={"prefix": prefix}).json()
    assert expected in [each["id"] for each in answer["result"]]
    schema = {"entity": "entities", "type": "types", "property": "properties"}[what]
    valid(answer, f"suggest-{schema}-response")


@pytest.mark.parametrize(
    ("prefix", "first", "absent"),
    [
        ("conf reg", "process/rcm", ("country/CHE",)),
        ("oi", "actor/oim", ()),
        ("O.I.M.", "actor/oim", ()),
        ("el", "country/SLV", ()),
        ("Guatemla", "country/GTM", ()),
    ],
)
def test_what_begins_so_is_suggested_first(client: Client, prefix: str, first: str, absent: tuple[str, ...]) -> None:
    answer = client.get("/es/reconcile/suggest/entity", params={"prefix": prefix}).json()["result"]
    found = [each["id"].removeprefix(ID) for each in answer]
    assert first in found[:3]
    assert not set(absent) & set(found)


def test_names_are_suggested_before_texts_and_short_ones_first(client: Client) -> None:
    answer = client.get("/es/reconcile/suggest/entity", params={"prefix": "g"}).json()["result"]
    names = [each["name"] for each in answer]
    assert {"Guatemala", "Guyana", "Ghana"} <= set(names)
    assert names.index("Ghana") < names.index("Guatemala")
    assert not [each for each in answer if f"{CG}PlanElement" in {kind["id"] for kind in each["notable"]}]
    assert not any(each["id"].startswith("http://metadata.un.org/sdg") for each in answer)


def test_suggestions_go_on_where_they_ended(client: Client) -> None:
    def page(cursor: int) -> list[str]:
        answer = client.get("/reconcile/suggest/entity", params={"prefix": "re", "cursor": str(cursor)}).json()
        return [each["id"] for each in answer["result"]]

    assert len(page(0)) == 20
    assert not set(page(0)) & set(page(20))
    assert page(10**20) == []
    assert client.get("/reconcile/suggest/entity").json() == {"result": []}


def test_a_preview_stands_in_a_frame_of_another_page(client: Client) -> None:
    answer = client.get("/es/reconcile/preview", params={"id": f"{ID}actor/oim"})
    page = read_page(answer.text)
    assert page.findtext(".//h1/a") == "Organización Internacional para las Migraciones"
    assert page.find(".//h1/a").get("href") == "/es/id/actor/oim"  # type: ignore[union-attr]
    assert "OIM" in answer.text
    assert "frame-ancestors *" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("iri", "target"),
    [
        (f"{ID}country/GTM", "/es/id/country/GTM"),
        (f"{TOPIC}#smuggling", "/es/ontology/topic#smuggling"),
        ("http://metadata.un.org/sdg/10.7", "http://metadata.un.org/sdg/10.7"),
    ],
)
def test_a_view_leads_to_the_page(client: Client, iri: str, target: str) -> None:
    answer = client.get("/es/reconcile/view", params={"id": iri}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, target)


@pytest.mark.parametrize("path", ["/reconcile/view", "/reconcile/preview"])
@pytest.mark.parametrize("iri", ["", "http://evil.example/", "//evil.example", "javascript:alert(1)", "x"])
def test_nothing_leads_to_strangers(client: Client, path: str, iri: str) -> None:
    assert client.get(path, params={"id": iri}, follow_redirects=False).status_code == 404


@pytest.mark.parametrize("path", ["/reconcile/view", "/reconcile/preview"])
def test_what_nobody_knows_is_told_shortly(client: Client, path: str) -> None:
    for iri in (f"{ID}country/XXX", f"{ID}../../x", ID + "x" * 5_000):
        answer = client.get(path, params={"id": iri}, follow_redirects=False)
        assert answer.status_code == 404
        assert len(answer.json()["detail"]) < 300


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        ("{", "no es JSON, en la línea 1, columna 2"),
        ("[" * 100_000, "no es JSON que se pueda leer"),
        ('{"q": {"limit": "x"}}', "q/limit no es como se describe allí"),
        ('{"q": {"properties": [{}]}}', "falta q/properties/0/pid"),
        (json.dumps({str(n): {} for n in range(201)}), "queries tiene más de 200"),
        (json.dumps({"k" * 500: 1}), "k" * 79 + "… no es como se describe allí"),
    ],
)
def test_what_is_wrong_is_told_in_the_language_that_was_asked(client: Client, queries: str, said: str) -> None:
    answer = client.post("/es/reconcile", data={"queries": queries}, headers={"Accept-Language": "es"})
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(f"({said}).")


@pytest.mark.parametrize(
    "asked",
    [
        {"extend": {"ids": [], "properties": [{"id": f"{CG}since"}, {"id": f"{CG}sinze"}]}},
        {"queries": {"q": {"query": "OIM", "properties": [{"pid": f"{CG}sinze", "v": "1996"}]}}},
    ],
)
def test_a_property_that_nothing_has_is_an_error(client: Client, asked: dict[str, object]) -> None:
    answer = client.post("/en/reconcile", data={name: json.dumps(value) for name, value in asked.items()})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(f"No thing has the property “{CG}sinze”. /reconcile/properties lists")


@pytest.mark.parametrize("kind", ["nope", [f"{CG}State", "nope"]])
def test_a_kind_that_there_is_not_is_an_error(client: Client, kind: object) -> None:
    queries = json.dumps({"q": {"query": "Guatemala", "type": kind}})
    for path, said in (("es", "No hay ninguna clase «nope»."), ("en", "There is no kind “nope”.")):
        spoken = {"Accept-Language": path}
        for answer in (
            client.post(f"/{path}/reconcile", data={"queries": queries}, headers=spoken),
            client.get(f"/{path}/reconcile/properties", params={"type": "nope"}, headers=spoken),
        ):
            assert answer.status_code == 400
            assert answer.json()["detail"].startswith(f"{said} /reconcile/suggest/type ")


def test_every_kind_can_be_asked_for_though_there_are_no_things_of_it(client: Client) -> None:
    for kind in KINDS:
        assert client.post("/reconcile", data={"queries": json.dumps({"q": {"query": "x", "type": kind}})}).is_success


def test_what_is_not_understood(client: Client) -> None:
    for answer in (
        client.get("/reconcile", params={"queries": "{"}),
        client.post("/reconcile", data={"other": "x"}),
        client.post(
            "/reconcile", content=b"queries=\xff%ff", headers={"Content-Type": "application/x-www-form-urlencoded"}
        ),
        client.post("/reconcile", data={"extend": "[]"}),
    ):
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.post("/reconcile", data={"queries": " " * 2**20}).status_code == 413
    assert client.options("/reconcile").headers["access-control-allow-methods"] == "GET, POST, HEAD, OPTIONS"
    assert client.head("/es/reconcile").status_code == 200
