"""The reconciliation service over HTTP: valid by the specification's own schemas, and in two languages."""

import json
from typing import Any

import jsonschema
import pytest
from httpx import Client
from referencing import Registry
from referencing.jsonschema import DRAFT7

from crmgraph.linking.entities import KINDS
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
    "nothing": {"query": "xyzzyx\ud83d"},
}
EXTENSION = {
    "ids": [f"{ID}country/GTM", f"{ID}process/colombo", f"{ID}process/rcm", f"{ID}meeting/crm-xix", "http://e/unknown"],
    "properties": [
        {"id": f"{CG}iso3"},
        {"id": f"{CG}member", "settings": {"limit": 2}},
        {"id": f"{CG}member", "settings": {"content": "id"}},
        {"id": "https://schema.org/sameAs"},
        {"id": f"{CG}startDate"},
        {"id": f"{CG}since"},
    ],
}


def valid(document: object, schema: str) -> None:
    """Raise ValidationError where the schema of the specification does not take the document."""
    folder = suite("reconciliation-api/0.2/schemas")
    schemas = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in (schema, "type")}
    registry: Registry[Any] = Registry().with_resource("type.json", DRAFT7.create_resource(schemas["type"]))
    described = schemas[schema]
    # It looks up elsewhere what is not offered here: a login.
    described.get("properties", {}).pop("authentication", None)
    described.pop("$id")
    jsonschema.Draft7Validator(described, registry=registry).validate(document)


def post(client: Client, path: str = "/reconcile", **parameters: object) -> Any:
    answer = client.post(path, data={name: json.dumps(value) for name, value in parameters.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_manifest(client: Client) -> None:
    for path, name in (("/es/reconcile", "Organización"), ("/en/reconcile", "Organisation")):
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
    spanish = client.get("/es/reconcile", params={"queries": json.dumps(QUERIES)}).json()["all"]["result"][0]
    assert spanish["name"].startswith("Proceso Consultivo Regional sobre el Empleo")
    assert spanish["description"].startswith("Proceso consultivo")


def test_data_extension(client: Client) -> None:
    answer = post(client, "/en/reconcile", extend=EXTENSION)
    rows = answer["rows"]
    guatemala = rows[f"{ID}country/GTM"]
    assert guatemala[f"{CG}iso3"] == [{"str": "GTM"}]
    assert {"str": f"{ID}country/GTM"} in rows[f"{ID}process/rcm"][f"{CG}member"]
    assert {"str": "http://www.wikidata.org/entity/Q774"} in guatemala["https://schema.org/sameAs"]
    assert not any(rows["http://e/unknown"].values())
    assert rows[f"{ID}process/colombo"][f"{CG}iso3"] == []
    assert rows[f"{ID}meeting/crm-xix"][f"{CG}startDate"] == [{"date": "2014-06-26T00:00:00Z"}]
    assert rows[f"{ID}process/rcm"][f"{CG}since"] == [{"str": "1996"}]
    assert [each["name"] for each in answer["meta"]][:2] == ["three-letter ISO code", "has member"]
    assert answer["meta"][1]["type"]["id"] == f"{CG}State"
    valid(answer, "data-extension-response")


def test_properties_of_a_kind(client: Client) -> None:
    answer = client.get("/en/reconcile/properties", params={"type": f"{CG}State", "limit": "6"}).json()
    names = [each["name"] for each in answer["properties"]]
    assert len(names) == 6
    assert "three-letter ISO code" in names
    valid(answer, "data-extension-property-proposal")
    everything = client.get("/es/reconcile/properties").json()["properties"]
    assert not [each for each in everything if each["name"] == each["id"]]


@pytest.mark.parametrize(
    ("what", "schema", "prefixes"),
    [
        (
            "entity",
            "entities",
            {"guate": f"{ID}country/GTM", "internacional para las mig": f"{ID}actor/oim", "oi": f"{ID}actor/oim",
             "conf reg": f"{ID}process/rcm", "O.I.M.": f"{ID}actor/oim", "el": f"{ID}country/SLV",
             "Guatemla": f"{ID}country/GTM", "vie": f"{ID}country/VNM", "vi": f"{ID}country/VNM"},
        ),
        ("type", "types", {"consult": f"{CG}ConsultativeProcess"}),
        ("property", "properties", {"member": f"{CG}member"}),
    ],
)  # fmt: skip
def test_suggestions(client: Client, what: str, schema: str, prefixes: dict[str, str]) -> None:
    for prefix, expected in prefixes.items():
        path = "/en" if what == "property" else "/es"
        answer = client.get(f"{path}/reconcile/suggest/{what}", params={"prefix": prefix}).json()
        assert expected in [each["id"] for each in answer["result"]][:3], prefix
        valid(answer, f"suggest-{schema}-response")


def test_suggestions_of_things_in_their_order_and_by_pages(client: Client) -> None:
    answer = client.get("/es/reconcile/suggest/entity", params={"prefix": "g"}).json()["result"]
    names = [each["name"] for each in answer]
    assert {"Guatemala", "Guyana", "Ghana"} <= set(names)
    assert names.index("Ghana") < names.index("Guatemala")
    assert not [each for each in answer if f"{CG}PlanElement" in {kind["id"] for kind in each["notable"]}]
    assert not any(each["id"].startswith("http://metadata.un.org/sdg") for each in answer)

    def page(cursor: int) -> list[str]:
        answer = client.get("/reconcile/suggest/entity", params={"prefix": "re", "cursor": str(cursor)}).json()
        return [each["id"] for each in answer["result"]]

    assert len(page(0)) == 20
    assert not set(page(0)) & set(page(20))
    assert page(10**20) == []
    assert client.get("/reconcile/suggest/entity").json() == {"result": []}


def test_preview_and_view(client: Client) -> None:
    answer = client.get("/es/reconcile/preview", params={"id": f"{ID}actor/oim"})
    page = read_page(answer.text)
    assert page.findtext(".//h1/a") == "Organización Internacional para las Migraciones"
    assert page.find(".//h1/a").get("href") == "/es/id/actor/oim"  # type: ignore[union-attr]
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    for iri, target in {
        f"{ID}country/GTM": "/es/id/country/GTM",
        f"{TOPIC}#smuggling": "/es/ontology/topic#smuggling",
        "http://metadata.un.org/sdg/10.7": "http://metadata.un.org/sdg/10.7",
    }.items():
        seen = client.get("/es/reconcile/view", params={"id": iri}, follow_redirects=False)
        assert (seen.status_code, seen.headers["location"]) == (303, target)


@pytest.mark.parametrize("path", ["/reconcile/view", "/reconcile/preview"])
def test_unknown_things_lead_nowhere(client: Client, path: str) -> None:
    for iri in (
        "",
        "http://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        f"{ID}country/XXX",
        ID + "x" * 5_000,
    ):
        answer = client.get(path, params={"id": iri}, follow_redirects=False)
        assert answer.status_code == 404
        assert len(answer.json()["detail"]) < 300


UNKNOWN = {"query": "OIM", "properties": [{"pid": f"{CG}sinze", "v": "1996"}]}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"queries": "{"}, "no es JSON, en la línea 1, columna 2"),
        ({"queries": json.dumps({"q": UNKNOWN})}, f"«{CG}sinze»"),
        ({"extend": json.dumps({"ids": [], "properties": [{"id": f"{CG}sinze"}]})}, f"«{CG}sinze»"),
        ({"queries": json.dumps({"q": {"query": "Guatemala", "type": [f"{CG}State", "nope"]}})}, "«nope»"),
        ({"extend": "[]"}, ""),
        ({"other": "x"}, ""),
    ],
)
def test_errors_in_the_language_of_the_client(client: Client, form: dict[str, str], said: str) -> None:
    answer = client.post("/es/reconcile", data=form, headers={"Accept-Language": "es"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert said in answer.json()["detail"]


def test_other_errors(client: Client) -> None:
    unknown = client.get("/en/reconcile/properties", params={"type": "nope"}, headers={"Accept-Language": "en"})
    assert (unknown.status_code, "“nope”" in unknown.json()["detail"]) == (400, True)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/reconcile", content=b"queries=\xff%ff", headers=form).status_code == 400
    assert client.post("/reconcile", data={"queries": " " * 2**20}).status_code == 413
    assert client.options("/reconcile").headers["access-control-allow-methods"] == "GET, POST, HEAD, OPTIONS"
    assert client.head("/es/reconcile").status_code == 200
    every_kind = {str(n): {"query": "x", "type": kind, "limit": 1} for n, kind in enumerate(KINDS)}
    assert set(post(client, queries=every_kind)) == set(every_kind)
