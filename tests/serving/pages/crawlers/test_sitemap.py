"""What crawlers are told."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI
from httpx import Client

from crmgraph.site import Site, pages_router
from tests.support.clients import client_of
from tests.support.sitemap import LANGUAGES, PAGES

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
LEFT_OUT = ("/sparql", "/explain", "/search", "/passages", "/status")


def listed(client: Client) -> dict[str, dict[str, str]]:
    """The addresses in all parts of the sitemap, each with the same page in each language."""
    index = ET.fromstring(client.get("/sitemap.xml").content)
    assert index.tag.endswith("}sitemapindex")
    found = {}
    for part in index.iterfind("s:sitemap/s:loc", SPACE):
        assert part.text
        for url in ET.fromstring(client.get(part.text).content).iterfind("s:url", SPACE):
            others = url.iterfind("x:link", SPACE)
            address = url.findtext("s:loc", "", SPACE)
            assert address not in found
            found[address] = {other.get("hreflang", ""): other.get("href", "") for other in others}
    return found


def test_every_page_is_listed_in_each_language_with_the_others(client: Client) -> None:
    found, origin = listed(client), str(client.base_url).rstrip("/")
    assert len(found) > 8000
    for path in PAGES:
        if path.startswith(LEFT_OUT) or "?" in path:
            continue
        everywhere = {language: f"{origin}/{language}{path}" for language in LANGUAGES}
        for address in everywhere.values():
            assert found[address] == everywhere, path
    assert not [
        address for address in found if any(f"/{each}{out}" in address for each in LANGUAGES for out in LEFT_OUT)
    ]


def test_what_is_listed_is_there(client: Client) -> None:
    for address in sorted(listed(client))[::400]:
        assert client.get(address).status_code == 200, address


def test_there_is_no_part_but_those_of_the_index(client: Client) -> None:
    for number in ("0", "99", "-1", "x", "²"):
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_are_to_leave_alone_what_is_dear(client: Client) -> None:
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").text.splitlines())
    for path in ("/sparql?query=x", "/es/sparql", "/en/explain?s=x", "/explain.json", "/dump.nq.gz", "/graphs"):
        assert not rules.can_fetch("any", path), path
    for path in ("/", "/es/", "/en/findings", "/es/id/plan/crm", "/en/queries/theme-counts", "/void.ttl"):
        assert rules.can_fetch("any", path), path
    assert rules.site_maps() == [f"{str(client.base_url).rstrip('/')}/sitemap.xml"]


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-1.xml", "/robots.txt"])
def test_addresses_are_below_the_path_of_a_proxy(site: Site, path: str) -> None:
    app = FastAPI()
    app.include_router(pages_router(site))
    with client_of(app, root_path="/crm", host="example.org") as client:
        said = client.get(path).text
    assert "http://example.org/crm/" in said
    assert said.count("http://example.org/") == said.count("http://example.org/crm/")
    assert "Disallow: /crm/es/sparql" in said or path != "/robots.txt"
