"""When a browser shows the first of each page, and how large the page is on the way."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.support.servers import SETTLED, running_server
from tests.support.sitemap import PAGES

__all__ = ["Painted", "painted", "painting_report"]

_NAMES = ("one.example", "two.example", "three.example", "four.example", "five.example")
"""Names of the server. What it makes for one it makes again for another, for pages tell their addresses."""

_SHOWN = 12
_FEW = 200
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


@dataclass(frozen=True)
class Painted:
    """A page: its bytes as they are sent, and the milliseconds to its first byte and its first content, on first
    visits and when it has been made before (the median of as many as the server has names)."""

    path: str
    size: int
    first: tuple[float, float]
    again: tuple[float, float]


def painted(build: Path) -> list[Painted]:
    """Each kind of page of a server over the built dataset, which nobody has asked for anything before."""
    with running_server(build, "--rate", "0") as server, sync_playwright() as playwright:
        known = f"--host-resolver-rules=MAP *.example {urlsplit(server).hostname}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, known])
        try:
            _visit(browser, f"{server}/es/about")
            time.sleep(SETTLED)
            return [_painted(browser, urlsplit(server).port, path) for path in PAGES]
        finally:
            browser.close()


def _painted(browser: Browser, port: int | None, path: str) -> Painted:
    addresses = [f"http://{name}:{port}/es{path}" for name in _NAMES]
    first, again = ([_visit(browser, address) for address in addresses] for _ in range(2))
    return Painted(path, int(first[0][2]), _medians(first), _medians(again))


def _medians(visits: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Of the milliseconds to the first byte, and to the first content."""
    return statistics.median(visit[1] for visit in visits), statistics.median(visit[0] for visit in visits)


def _visit(browser: Browser, address: str) -> Sequence[float]:
    """The milliseconds to the first content and to the first byte, and the bytes; with nothing kept from before."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        page.goto(address)
        times: Sequence[float] = page.evaluate(_TIMES)
        return times
    finally:
        context.close()


def painting_report(pages: Sequence[Painted]) -> str:
    """The section of the page."""
    slowest = sorted(pages, key=lambda page: -page.first[1])
    rows = "\n".join(
        f"| `{page.path}` | {page.size / 1000:.1f} | {page.first[0]:.0f} | {page.first[1]:.0f} | {page.again[0]:.0f} "
        f"| {page.again[1]:.0f} |"
        for page in slowest[:_SHOWN]
    )
    first, again = ([getattr(page, name)[1] for page in pages] for name in ("first", "again"))
    first_in_time, in_time = (sum(value < _FEW for value in values) for values in (first, again))
    return f"""
## Pages

All {len(pages)} kinds of pages in Chromium, over a server that was started a while ago and has shown none of them, by a
visitor who has kept nothing (ms from the click; each the median of {len(_NAMES)}, under as many names of the server,
which makes a page anew for each name). First content: {statistics.median(first):.0f} ms in the median on the first
visit and {statistics.median(again):.0f} when the server has made the same page before, and kept it. {first_in_time} of
the {len(pages)} show it in less than {_FEW} on the first visit, {in_time} then.

The {_SHOWN} slowest on the first visit:

| page | kB sent | first byte, first visit | first content, first visit | first byte, again | first content, again |
|---|---|---|---|---|---|
{rows}
"""
