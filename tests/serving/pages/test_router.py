"""Which addresses the site has."""

import pytest
from fastapi import FastAPI
from httpx import Client

from crmgraph.site import Site, pages_router
from tests.support.clients import client_of
from tests.support.pages import read_page

PATHS = ("/", "/id/country/MEX", "/ontology", "/ontology/status", "/graph/inferred", "/findings", "/queries", "/search")


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_an_address_without_a_language_and_one_in_each(client: Client, path: str) -> None:
    for prefix in ("", "/es", "/en"):
        assert client.get(prefix + path).status_code == 200
    assert client.get("/fr" + path).status_code == 404


@pytest.mark.parametrize("path", [*PATHS, "/es/", "/en/sparql", "/id/country/MEX.ttl"])
def test_head_is_get_without_a_body(client: Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


def test_the_language_alone_leads_to_its_front_page(client: Client) -> None:
    answer = client.get("/es")
    assert (answer.status_code, answer.headers["location"]) == (308, "/es/")


def test_the_endpoint_is_left_to_the_protocol(client: Client) -> None:
    assert client.get("/sparql").status_code == 404
    assert client.get("/es/sparql").status_code == 200


def test_pages_are_only_read(client: Client) -> None:
    assert client.post("/findings").status_code == 405
    assert client.delete("/es/").status_code == 405


def test_the_description_of_the_api_names_each_page_once(site: Site) -> None:
    app = FastAPI()
    app.include_router(pages_router(site))
    schema = app.openapi()
    assert not [path for path in schema["paths"] if path.startswith(("/es", "/en"))]
    assert schema["paths"]["/queries/{name}"]["get"]["summary"]
    assert schema["paths"]["/id/{path}"]["get"]["parameters"][0]["name"] == "path"


def test_the_site_works_below_a_path(site: Site) -> None:
    app = FastAPI()
    app.include_router(pages_router(site))
    with client_of(app, root_path="/crm", accept="text/html") as client:
        answer = client.get("/es/id/plan/crm/pgm/7.1")
        assert answer.status_code == 200
        addresses = [link.get("href", "") for link in read_page(answer.text).iter("a")]
    assert [address for address in addresses if address.startswith("/") and not address.startswith("/crm/")] == []
    assert "/crm/es/id/plan/crm/pgm/7" in addresses
