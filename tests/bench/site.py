"""The site as people use it: how soon words are found and pages are shown."""

import random
import statistics
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from crmgraph.store import STORE
from crmgraph.store.dataset import open_store
from tests.bench.graphs import table
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.support.servers import SETTLED, running_server
from tests.support.sitemap import PAGES

_SEARCHES = 200
_SHOWN, _FEW = 12, 200
_HOSTS = ("one.example", "two.example", "three.example", "four.example", "five.example")
"""Names of the server. What it makes for one it makes again for another, for pages tell their addresses."""
_LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX cg: <https://w3id.org/crmgraph/ontology#>
SELECT DISTINCT ?label { ?x a cg:PlanElement ; rdfs:label ?label FILTER (LANG(?label) = "es") }"""
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


def _exchanged(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def searching(build: Path, folder: Path) -> str:
    """Words that visitors type, searched for over HTTP, beside the question of the library that looks by SPARQL."""
    chance = random.Random(1)
    rows = open_store(folder / STORE).query(_LABELS, use_default_graph_as_union=True)
    labels = [row["label"].value for row in rows]  # type: ignore[union-attr]
    words = sorted({word.strip("«»“”().,;:") for label in labels for word in label.split() if len(word) > 6})
    plain = [chance.choice(words) for _ in range(_SEARCHES)]
    as_json, as_query = "/es/search.json?q=", "/queries/text-search.json?words="
    kinds = [
        ("a word of the plan, as JSON", plain, as_json),
        ("the same as a page", plain, "/es/search?q="),
        ("the same by the question `text-search`", plain, as_query),
        ("three words of the plan", [" ".join(chance.sample(words, 3)) for _ in range(_SEARCHES)], as_json),
        ("a word with a slip", [_exchanged(word, chance) for word in plain], as_json),
        ("the beginning of a word", [word[: chance.randrange(2, len(word))] for word in plain], as_json),
    ]
    lines = []
    # Nothing is answered from the cache: the same words come twice.
    with running_server(build, "--rate", "0", "--cache", "0") as address:
        _get(address + as_json + "plan")
        for how, typed, path in kinds:
            times = [_get(address + path + urllib.parse.quote_plus(each)) * 1000 for each in typed]
            lines.append(
                f"| {how} | {len(times)} | {statistics.median(times):.1f} "
                f"| {statistics.quantiles(times, n=20)[-1]:.1f} | {max(times):.1f} |"
            )
    return f"""
## Searching

Words of the plan at random (with a fixed seed), sent to `/search` by one client, one after the other, beside the
question of the library that looks for words in the texts of the plan by SPARQL (ms):

| what is typed | times | median | 95 of 100 within | longest |
|---|---|---|---|---|
{table(lines)}
"""


def _get(address: str) -> float:
    """The seconds to an answer."""
    began = time.perf_counter()
    with urllib.request.urlopen(address, timeout=60) as answer:
        answer.read()
    return time.perf_counter() - began


def painting(build: Path) -> str:
    """When a browser shows the first of each kind of page, on a server that nobody has asked for anything before."""
    with running_server(build, "--rate", "0") as server, sync_playwright() as playwright:
        known = f"--host-resolver-rules=MAP *.example {urlsplit(server).hostname}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, known])
        try:
            _shown(browser, f"{server}/es/about")
            time.sleep(SETTLED)
            pages = [_painted(browser, urlsplit(server).port, path) for path in PAGES]
        finally:
            browser.close()
    first, again = ([figures[place] for _, figures in pages] for place in (2, 4))
    rows = [
        f"| `{path}` | {size / 1000:.1f} | {' | '.join(f'{each:.0f}' for each in times)} |"
        for path, (size, *times) in sorted(pages, key=lambda page: -page[1][2])[:_SHOWN]
    ]
    return f"""
## Pages

All {len(pages)} kinds of pages in Chromium, over a server that was started a while ago and has shown none of them, by a
visitor who has kept nothing (ms from the click; each the median of {len(_HOSTS)}, under as many names of the server,
which makes a page anew for each name). First content: {statistics.median(first):.0f} ms in the median on the first
visit and {statistics.median(again):.0f} when the server has made the same page before, and kept it.
{sum(each < _FEW for each in first)} of the {len(pages)} show it in less than {_FEW} on the first visit, \
{sum(each < _FEW for each in again)} then.

The {_SHOWN} slowest on the first visit:

| page | kB sent | first byte, first visit | first content, first visit | first byte, again | first content, again |
|---|---|---|---|---|---|
{table(rows)}
"""


def _painted(browser: Browser, port: int | None, path: str) -> tuple[str, list[float]]:
    """A page; its bytes, and the milliseconds to its first byte and its first content: on first visits, and again."""
    visits = [[_shown(browser, f"http://{host}:{port}/es{path}") for host in _HOSTS] for _ in range(2)]
    first, again = ([statistics.median(visit[part] for visit in each) for part in (1, 0)] for each in visits)
    return path, [visits[0][0][2], *first, *again]


def _shown(browser: Browser, address: str) -> Sequence[float]:
    """The milliseconds to the first content and to the first byte, and the bytes; with nothing kept from before."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        page.goto(address)
        times: Sequence[float] = page.evaluate(_TIMES)
        return times
    finally:
        context.close()
