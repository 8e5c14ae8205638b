"""Every link of the site leads somewhere, and no page loads anything from anywhere else."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crmgraph.building import Manifest
from tests.support.crawling import Crawl, Reader
from tests.support.servers import running_server
from tests.support.sitemap import LANGUAGES, localized


@pytest.fixture(scope="module")
def client(build_folder: Path, manifest: Manifest) -> Iterator[httpx.Client]:
    assert manifest.graphs
    with running_server(build_folder) as url, httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        yield client


def test_from_the_front_page_every_link_leads_to_its_place(client: httpx.Client) -> None:
    crawl = Crawl(client, ("/es/", "/en/"))
    crawl.go()
    assert crawl.faults == []
    assert crawl.lost == []
    # It went everywhere, by links alone.
    assert crawl.kinds.total() > 300
    for path in localized():
        kinds = crawl.kind(path), crawl.kind(path.partition("?")[0])
        assert any(crawl.kinds[kind] for kind in kinds) or path.endswith("theme=dh"), path
    assert {kind[0] for kind in crawl.kinds} >= set(LANGUAGES)


def test_a_crawl_notes_what_is_wrong(client: httpx.Client) -> None:
    page = Reader('<a href="/x#y">x</a><img src="https://elsewhere.example/x.png"><link rel="icon" href="/i.svg">')
    assert page.targets == ["/x#y", "https://elsewhere.example/x.png", "/i.svg"]
    assert page.loads == ["https://elsewhere.example/x.png", "/i.svg"]
    crawl = Crawl(client, ("/es/nothing",))
    crawl.go()
    assert crawl.faults[0] == "/es/nothing: 404"
