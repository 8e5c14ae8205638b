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


def test_a_crawl_notes_what_is_wrong() -> None:
    page = Reader('<a href="/x#y">x</a><img src="https://elsewhere.example/x.png"><link rel="icon" href="/i.svg">')
    assert page.targets == ["/x#y", "https://elsewhere.example/x.png", "/i.svg"]
    assert page.loads == ["https://elsewhere.example/x.png", "/i.svg"]
    pages = {
        "/site/": '<a href="/site/page#there"></a><a href="page#nowhere"></a><a href="/out"></a><a href="gone"></a>',
        "/site/page": '<p id="there"></p><img src="https://elsewhere.example/x.png">',
        "/out": "",
    }

    def answer(request: httpx.Request) -> httpx.Response:
        text = pages.get(request.url.path)
        return httpx.Response(404) if text is None else httpx.Response(200, html=text)

    with httpx.Client(base_url="https://site.example", transport=httpx.MockTransport(answer)) as client:
        crawl = Crawl(client, ("/",), "/site")
        crawl.go()
    assert crawl.faults == [
        "/site/: /out is not below /site",
        "/site/page: loads https://elsewhere.example/x.png",
        "/site/gone: 404",
    ]
    assert crawl.lost == ["/site/: /site/page has no place nowhere"]
