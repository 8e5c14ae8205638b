"""What the head of every page says of it: a title and a description of its own, and where it is to be had."""

import gzip
from collections import defaultdict
from xml.etree.ElementTree import Element

import pytest
from fastapi import FastAPI
from httpx import Client

from crmgraph.site import Site, pages_router
from tests.support.clients import client_of
from tests.support.pages import read_page
from tests.support.sitemap import LANGUAGES, LARGE, PAGES, REFUSED

MOST_BYTES = 100_000


def meta(root: Element, name: str) -> str:
    [found] = [
        each.get("content", "") for each in root.iter("meta") if name in (each.get("name"), each.get("property"))
    ]
    return found


def title(root: Element) -> str:
    return next(iter(root.iter("title"))).text or ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_has_a_title_and_a_description_of_its_own(client: Client, language: str) -> None:
    # Pages that differ in what is chosen alone may be called alike.
    titles, descriptions = defaultdict(list), defaultdict(list)
    for path in PAGES:
        root = read_page(client.get(f"/{language}{path}").text)
        titles[title(root)].append(path)
        descriptions[meta(root, "description")].append(path)
        assert meta(root, "og:title") == title(root).removesuffix(" · crmgraph")
        assert meta(root, "og:description") == meta(root, "description")
    for found in (titles, descriptions):
        assert [paths for paths in found.values() if len({path.partition("?")[0] for path in paths}) > 1] == []
        assert all(20 < len(words) <= 300 for words in found if found is descriptions)


@pytest.mark.parametrize("path", [*PAGES, *REFUSED])
def test_no_page_is_large(client: Client, path: str) -> None:
    content = client.get(f"/es{path}").content
    assert path.startswith(LARGE) or len(gzip.compress(content, 4)) < MOST_BYTES


def test_addresses_are_whole_and_below_the_path_of_a_proxy(site: Site) -> None:
    app = FastAPI()
    app.include_router(pages_router(site))
    with client_of(app, root_path="/crm", accept="text/html", host="example.org") as client:
        root = read_page(client.get("/es/findings?severity=warning").text)
    assert meta(root, "og:url") == "http://example.org/crm/es/findings?severity=warning"
    found = {link.get("rel"): link.get("href") for link in root.iter("link")}
    assert found["canonical"] == meta(root, "og:url")


@pytest.mark.parametrize("path", REFUSED)
def test_what_is_not_there_is_to_be_kept_by_nobody(client: Client, path: str) -> None:
    if path.startswith("/explain"):
        pytest.skip("a statement that is not there is told on a page that is")
    root = read_page(client.get(f"/en{path}").text)
    assert meta(root, "robots") == "noindex"
    assert not [link for link in root.iter("link") if link.get("rel") == "canonical" or link.get("hreflang")]
