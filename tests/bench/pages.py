"""Measures how soon a browser shows each kind of page."""

import statistics
import time
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.support.servers import running_server
from tests.support.sitemap import PAGES

_SHOWN, _SOON = 12, 200
_HOSTS = ("one.example", "two.example", "three.example", "four.example", "five.example")
"""Names of the server. It renders a page again for each name, since pages contain their own addresses."""
_TIMES = """
() => new Promise(done => {
  const told = () => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const [page] = performance.getEntriesByType("navigation");
    if (paint) done([paint.startTime, page.responseStart, page.encodedBodySize]);
    else setTimeout(told, 10);
  };
  told();
})
"""


def first_contents(build: Path) -> str:
    """Return a section of the report: first bytes and first contents of all kinds of pages, in milliseconds."""
    with running_server(build) as server, sync_playwright() as playwright:
        resolved = f"--host-resolver-rules=MAP *.example {urlsplit(server).hostname}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, resolved])
        _visit(browser, f"{server}/es/about")
        time.sleep(10.0)  # the server prepares templates, search and the most expensive pages
        pages = {path: _times(browser, urlsplit(server).port, path) for path in PAGES}
        browser.close()
    first, again = ([times[place] for times in pages.values()] for place in (2, 4))
    slowest = sorted(pages.items(), key=lambda page: -page[1][2])[:_SHOWN]
    rows = "\n".join(
        f"| `{path}` | {size / 1000:.1f} | {' | '.join(f'{each:.0f}' for each in times)} |"
        for path, (size, *times) in slowest
    )
    return f"""
## Pages

All {len(pages)} kinds of pages in Chromium with an empty cache, over a server that has rendered none of them (ms from
the click; medians of {len(_HOSTS)} visits). First content: {statistics.median(first):.0f} ms in the median on the first
visit, {statistics.median(again):.0f} when the server has the page in its cache.
{sum(each < _SOON for each in first)} of the {len(pages)} show it in less than {_SOON} ms on the first visit, \
{sum(each < _SOON for each in again)} then.

The {_SHOWN} slowest on the first visit:

| page | kB sent | first byte, first visit | first content, first visit | first byte, again | first content, again |
|---|---|---|---|---|---|
{rows}
"""


def _times(browser: Browser, port: int | None, path: str) -> list[float]:
    """Return the bytes of a page, then its first byte and first content on first visits, and when it is cached."""
    visits = [[_visit(browser, f"http://{host}:{port}/es{path}") for host in _HOSTS] for _ in range(2)]
    medians = [statistics.median(visit[part] for visit in each) for each in visits for part in (1, 0)]
    return [visits[0][0][2], *medians]


def _visit(browser: Browser, address: str) -> list[float]:
    """Return the first content and the first byte of a page in milliseconds, and its bytes."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address)
    times: list[float] = page.evaluate(_TIMES)
    context.close()
    return times
