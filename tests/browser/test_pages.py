"""What holds of every page, in each language, on a desk, on a telephone, in light and in dark.

`make test` looks at each page once, in one language and in a window of one width that is then made smaller and larger;
the drill looks at all pages in each language, width and colour scheme, and at the page of each question.
"""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Window, visiting
from tests.support.questions import LIBRARY
from tests.support.scripts import node_modules
from tests.support.sitemap import LANGUAGES, PAGES, REFUSED
from tests.support.visits import Visit, is_too_wide, lay_out

Scheme = Literal["light", "dark"]
WIDE, NARROW, LEAST, LARGEST = 1280, 390, 360, 3840
# Of questions, those whose forms differ in kind.
ALL = (*PAGES, "/queries/element-agents", "/queries/correspondences", "/queries/common-processes", *REFUSED)
SOME = ("/", "/id/plan/crm/vmd/1.2.1", "/id/source/crm/13011-13115", "/crosswalk", "/sparql")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Lines and tables that arrive in several packets on a busy machine give up to 0.025; a field that grows gives 0.04.
LEAST_SHIFT = 0.03


@pytest.fixture(scope="module")
def axe() -> str:
    return (node_modules() / "axe-core" / "axe.min.js").read_text("utf-8")


def found_by_axe(page: Page, kind: str, *values: str) -> list[list[str]]:
    found: list[list[str]] = page.evaluate("measures.axeFindings", {"runOnly": {"type": kind, "values": values}})
    return found


def amiss_in_focus(page: Page, most: int) -> list[str]:
    """What is wrong with the focus as it goes on from where it is, for this many presses of the Tab key."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate("measures.focused")
        if stop is None:
            break
        stops.append(stop)
    amiss = [f"not {name}: {stop['name']}" for stop in stops for name in ("isMarked", "isSeen") if not stop[name]]
    places = [stop["place"] for stop in stops]
    return amiss + (["stops out of order"] if places != sorted(set(places)) or not places else [])


def amiss(visit: Visit, axe: str, address: str, others: tuple[int, ...], scheme: Scheme | None, stops: int) -> Any:
    """All that is wrong with a page: in the window as it is, then in windows of other widths and the other scheme."""
    page = visit.go(address)
    wrong: list[Any] = []
    if any(address.endswith(path) for path in REFUSED) and "404" not in (visit.complaints or [""]).pop():
        wrong.append("no refusal")
    # What an address opens in a picture is scrolled to.
    expect(page.locator("h1")).to_be_in_viewport() if "?open=" not in address else None
    shifts: list[list[Any]] = page.evaluate("measures.settled")
    if sum(value for value, *_ in shifts) >= LEAST_SHIFT:
        wrong.append(shifts)
    page.evaluate(axe)
    lay_out(page)
    wrong += found_by_axe(page, "tag", *RULES) + page.evaluate("measures.moving")
    if scheme:
        page.emulate_media(color_scheme=scheme)
        # Nothing but the colours is different.
        wrong += found_by_axe(page, "rule", "color-contrast", "link-in-text-block")
        page.emulate_media(color_scheme="light")
    if stops:
        if address.endswith("/sparql"):
            page.locator(".cm-content").wait_for()
        # Past what is at the top of every page.
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        wrong += amiss_in_focus(page, stops)
    size = page.viewport_size
    assert size
    for width in (size["width"], *others):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"too wide for {width}")
        if width < WIDE:
            wrong += page.evaluate("measures.fieldsBeyond")
            wrong += found_by_axe(page, "rule", "target-size") if width in others else []
    page.set_viewport_size(size)
    return [*wrong, *visit.complaints]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page(window: Window, axe: str, language: str, width: int) -> None:
    visit = window(width)
    # Neighbours are of a kind: each kind is seen in both languages and in both windows.
    ours = ALL[2 * LANGUAGES.index(language) + (width == NARROW) :: 4]
    found = {}
    for path in ours:
        others = (LEAST, LARGEST) if path in SOME else (LEAST if width == WIDE else WIDE,)
        scheme: Scheme | None = "dark" if path in SOME else None
        stops = 10 if width == WIDE else 0
        if wrong := amiss(visit, axe, f"/{language}{path}", others, scheme, stops):
            found[path] = wrong
            visit.complaints.clear()
    assert found == {}


@pytest.mark.drill
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW, LEAST, LARGEST])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_everywhere(window: Window, axe: str, language: str, width: int, scheme: Scheme) -> None:
    visit = window(width, color_scheme=scheme)
    paths = dict.fromkeys((*ALL, *(f"/queries/{name}" for name in LIBRARY)))
    found = {}
    for path in paths:
        if wrong := amiss(visit, axe, f"/{language}{path}", (), None, 40 if width == WIDE else 0):
            found[path] = wrong
            visit.complaints.clear()
    assert found == {}


def test_these_checks_find_something(browser: Browser, server: str, axe: str) -> None:
    with visiting(browser, server, WIDE, 900) as visit:
        page = visit.go("/en/")
        page.evaluate("document.querySelector('main').style.paddingTop = '20rem'")
        moved = "async least => (await measures.settled()).reduce((sum, [value]) => sum + value, 0) > least"
        page.wait_for_function(moved, arg=LEAST_SHIFT)
        page.evaluate(axe)
        page.evaluate("measures.addFaults")
        assert {"button-name", "color-contrast"} <= {rule for rule, *_ in found_by_axe(page, "tag", *RULES)}
        page.evaluate("document.querySelector('main').style.width = '2000px'")
        assert is_too_wide(page)
        page.evaluate("document.styleSheets[0].insertRule(':focus { outline: none !important }')")
        assert amiss_in_focus(page, 5)
