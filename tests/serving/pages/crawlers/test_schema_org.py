"""What pages say to machines in the words of schema.org: nothing that the graph does not say."""

import json
from typing import Any

import pytest
from httpx import Client

from crmgraph.site import Site
from tests.support.pages import read_page
from tests.support.sitemap import LANGUAGES

ID = "https://w3id.org/crmgraph/id/"
TEXTS = "rdfs:label|skos:prefLabel|skos:altLabel|skos:notation|skos:definition|dcterms:description|cg:number|cg:text"


def said(client: Client, path: str) -> list[dict[str, Any]]:
    scripts = read_page(client.get(path).text).iter("script")
    return [json.loads(script.text or "") for script in scripts if script.get("type") == "application/ld+json"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("id/plan/crm", "Thing"),
        ("id/plan/crm/pgm/7.1.1", "Thing"),
        ("id/source/crm", "DigitalDocument"),
        ("id/actor/oim", "Organization"),
        ("id/membership/rcm-MEX", "Thing"),
        ("ontology/status", "DefinedTermSet"),
        ("id/process/rcm", "Thing"),
    ],
)
def test_what_a_thing_is_comes_from_the_ontology_and_its_alignment(client: Client, path: str, kind: str) -> None:
    node = said(client, f"/es/{path}")[0]
    assert node["@type"] == kind
    assert node["@id"] == f"https://w3id.org/crmgraph/{path}"
    assert node["url"].endswith(f"/es/{path}")


@pytest.mark.parametrize(
    "path", ["plan/crm/pgm/7.1.1", "country/MEX", "actor/oim", "process/rcm", "instrument/mou-2006"]
)
def test_nothing_is_said_of_a_thing_that_the_graph_does_not_say(client: Client, site: Site, path: str) -> None:
    node = said(client, f"/en/id/{path}")[0]
    texts = {row["text"].value for row in site.select(f"SELECT ?text {{ <{ID}{path}> {TEXTS} ?text }}")}
    assert node["name"]
    types = {row["type"].value for row in site.select(f"SELECT ?type {{ <{ID}{path}> a ?type }}")}
    for name in ("name", "alternateName", "description", "position", "text"):
        listed = node.get(name, [])
        for each in listed if isinstance(listed, list) else [listed]:
            assert (each["@value"] if isinstance(each, dict) else each) in texts
    assert set(node["additionalType"]) <= types
    for part in node.get("isPartOf", []):
        assert site.select(f"SELECT ?x {{ <{ID}{path}> dcterms:isPartOf ?x FILTER (?x = <{part['@id']}>) }}")


def test_the_way_to_a_part_is_told_in_order(client: Client) -> None:
    way = said(client, "/en/id/plan/crm/pgm/7.1.1")[1]
    assert way["@type"] == "BreadcrumbList"
    items = [item["item"].partition("/en/")[2] for item in way["itemListElement"]]
    assert items == ["id/plan/crm", "id/plan/crm/pgm", "id/plan/crm/pgm/7", "id/plan/crm/pgm/7.1"]
    assert [item["position"] for item in way["itemListElement"]] == [1, 2, 3, 4]


@pytest.mark.parametrize("path", ["/", "/void"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dataset_is_as_its_catalogue_says(client: Client, site: Site, path: str, language: str) -> None:
    [node] = said(client, f"/{language}{path}")
    assert node["@type"] == "Dataset"
    assert node["datePublished"].startswith("20")
    assert node["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert node["name"]["@language"] == language
    forms = {row["x"].value for row in site.select("SELECT ?x { ?x a dcat:Distribution }")}
    assert {each["@id"] for each in node["distribution"]} == forms
    assert all(each["contentUrl"].startswith("https://w3id.org/crmgraph/") for each in node["distribution"])


def test_a_scheme_is_a_set_of_terms(client: Client, site: Site) -> None:
    [node] = said(client, "/es/ontology/status")
    assert node["@type"] == "DefinedTermSet"
    concepts = {row["x"].value for row in site.select("SELECT ?x { ?x skos:inScheme <" + node["@id"] + "> }")}
    assert {term["@id"] for term in node["hasDefinedTerm"]} == concepts


def test_no_text_of_the_data_ends_the_element_that_it_stands_in(client: Client) -> None:
    for path in ("/en/id/plan/crm", "/en/ontology", "/en/void"):
        page = client.get(path).text
        inside = page.partition('type="application/ld+json">')[2].partition("</script>")[0]
        assert not set("<>&'") & set(inside)
        assert json.loads(inside)
