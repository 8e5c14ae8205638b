"""The plan of others in RDF, on the pages and among the questions."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Client
from pyoxigraph import NamedNode, RdfFormat, Store

from crmgraph.building import Manifest
from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from crmgraph.site import Site, pages_router
from crmgraph.sparql import Pool, Question
from crmgraph.storing import STORE
from tests.support.clients import client_of
from tests.support.pages import read_page, text

ALMATY = b"""<https://almaty.example/one> <http://www.w3.org/2004/02/skos/core#prefLabel> "Borders"@en ."""
OTHER = b"""<https://other.example/one> <http://purl.org/dc/terms/source> <https://almaty.example/page> ."""
MEKONG = b"""@prefix dcterms: <http://purl.org/dc/terms/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://mekong.example/plan> dcterms:title "Mekong Mobility Framework"@en ;
  dcterms:hasPart <https://mekong.example/1> ;
  dcterms:publisher <https://w3id.org/crmgraph/id/actor/oim> .
<https://mekong.example/1> skos:prefLabel "Safe borders"@en ; dcterms:isPartOf <https://mekong.example/plan> ;
  skos:closeMatch <https://w3id.org/crmgraph/id/plan/crm/pgm/4> , <http://metadata.un.org/sdg/10.7> ."""
FILE = b"""<https://w3id.org/crmgraph/id/source/gcm> <http://www.w3.org/ns/prov#wasDerivedFrom> <http://e/file> .
<http://e/file> <http://www.w3.org/2000/01/rdf-schema#label> "gcm.xlsx"@es , "gcm.xlsx"@en .
<http://e/file> <http://purl.org/dc/terms/source> <https://gcm.example/plan> ."""
UNSAID = b"""<https://w3id.org/crmgraph/id/actor/none> <http://www.w3.org/2004/02/skos/core#altLabel> "Nobody"@en ."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory, build_folder: Path, manifest: Manifest) -> Iterator[Pool]:
    place = tmp_path_factory.mktemp("guests") / STORE
    shutil.copytree(manifest.folder(build_folder) / STORE, place)
    store = Store(place)
    for name, said in (
        ("plan/almaty", ALMATY), ("plan/other", OTHER), ("plan/mekong", MEKONG), ("source/gcm", FILE),
        ("reference", UNSAID),
    ):  # fmt: skip
        store.load(said, RdfFormat.TURTLE, to_graph=NamedNode(Names().graph(name)))
    store.flush()
    del store
    with Pool(place, memory_bytes=2**30) as pool:
        yield pool


@pytest.fixture(scope="module")
def client(there: Pool, site: Site) -> Iterator[Client]:
    app = FastAPI()
    app.include_router(pages_router(replace(site, pool=there, digest="with guests")))
    with client_of(app, accept="text/html") as client:
        yield client


def test_the_name_of_a_plan_in_rdf_leads_to_its_graph(client: Client) -> None:
    page = client.get("/id/plan/almaty")
    assert page.status_code == 200
    assert "/graph/plan/almaty.ttl" in page.text
    assert "Borders" in client.get("/id/plan/almaty.ttl").text
    assert client.get("/id/plan/almaty", headers={"Accept": "application/n-triples"}).content.strip() == ALMATY
    assert client.get("/id/plan/none").status_code == 404
    assert client.get("/id/reference").status_code == 404


def test_what_others_say_is_not_asked_where_it_is_known_from(there: Pool) -> None:
    question = load_library(resource("queries"), Names())["statements-without-provenance"]
    answer = there.answer(Question(question.text, result_type="text/csv"), 60).body.decode()
    assert "Nobody" in answer
    assert "almaty" not in answer


def test_plans_in_rdf_are_among_all_plans_with_where_they_are_from(client: Client) -> None:
    for language, said in (("en", "does not say where it is from"), ("es", "no dice de dónde procede")):
        page = client.get(f"/{language}/crosswalk").text
        assert f'href="/{language}/graph/plan/almaty"' in page
        assert said in page
        assert "from https://almaty.example/page" in page or "de https://almaty.example/page" in page
        assert f'href="/{language}/graph/plan/crm"' not in page


def test_of_an_imported_plan_the_file_is_told(client: Client) -> None:
    assert "from gcm.xlsx · https://gcm.example/plan" in client.get("/en/crosswalk").text
    assert "de gcm.xlsx · https://gcm.example/plan" in client.get("/es/crosswalk").text


def test_the_graph_of_others_is_read_on_its_page(client: Client) -> None:
    page = read_page(client.get("/en/graph/plan/almaty").text)
    section = page.find(".//section[@aria-labelledby='told']")
    assert section is not None
    assert [text(each) for each in section.iter("h3")] == ["https://almaty.example/one"]
    assert [text(each) for each in section.iter("dd")] == ["Borders"]
    # Plans that are held are read on pages of their own.
    assert read_page(client.get("/en/graph/plan/gcm").text).find(".//section[@aria-labelledby='told']") is None


def test_what_the_graph_of_others_links_to_is_on_its_page_under_its_own_title(client: Client) -> None:
    page = read_page(client.get("/en/graph/plan/mekong").text)
    [heading] = page.iter("h1")
    assert text(heading) == "Mekong Mobility Framework"
    section = page.find(".//section[@aria-labelledby='linked']")
    assert section is not None
    rows = [[text(cell) for cell in row.findall("td")] for row in section.iter("tr")][1:]
    assert [(thing, name) for thing, name, _ in rows] == [
        ("Safe borders", "is nearly the same as"),
        ("Safe borders", "is nearly the same as"),
        ("https://mekong.example/plan", "publisher"),
    ]
    assert [link.get("href") for link in section.iter("a") if "/id/" in link.get("href", "")] == [
        "/en/id/plan/crm/pgm/4",
        "/en/id/actor/oim",
    ]
    # It says so for itself: no page of ours has it among what people found to correspond.
    assert not any("mekong" in path for path in page_paths(client, "/en/crosswalk") if "/crosswalk/" in path)
    assert read_page(client.get("/en/graph/plan/almaty").text).find(".//section[@aria-labelledby='linked']") is None


def page_paths(client: Client, path: str) -> list[str]:
    return [link.get("href", "") for link in read_page(client.get(path).text).iter("a")]


def test_how_many_links_it_has_is_told_beside_all_plans(client: Client) -> None:
    for language, said in (("en", "3 links to this dataset"), ("es", "3 vínculos con este conjunto de datos")):
        page = read_page(client.get(f"/{language}/crosswalk").text)
        [item] = [each for each in page.iter("li") if "Mekong" in text(each)]
        assert said in text(item)
        assert f"/{language}/graph/plan/mekong#linked" in [link.get("href") for link in item.iter("a")]
    assert "Mekong Mobility Framework" in client.get("/es/").text


def test_the_front_page_leads_to_all_plans(client: Client) -> None:
    page = read_page(client.get("/es/").text)
    section = page.find(".//section[@aria-labelledby='other-plans']")
    assert section is not None
    found = [link.get("href", "") for link in section.iter("a")]
    assert "/es/graph/plan/almaty" in found
    assert "/es/id/plan/gcm" in found
    assert "/es/id/plan/crm" not in found
