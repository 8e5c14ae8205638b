"""How every page behaves: it keeps still while it comes, fits any window, and is gone through by keyboard in order."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.sitemap import LANGUAGES, PAGES
from tests.support.visits import Visit, is_too_wide

SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    window.shifts.push([entry.value, ...entry.sources.map(({node}) => node?.nodeName + "." + node?.className)]);
}).observe({type: "layout-shift", buffered: true});
"""
SETTLED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(window.shifts), 60)))"
# A shift that nobody can see: less than a thousandth of the window times its height.
LEAST_SHIFT = 0.001
STOPS = 40
# What has the focus: whether it is seen to, whether it is in the window, and where it stands in the document.
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const all = [...document.querySelectorAll("*")];
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const around = element.closest(".cm-editor");
  return {
    place: all.indexOf(element),
    name: element.outerHTML.slice(0, 120),
    isMarked: ring || (around !== null && getComputedStyle(around).outlineStyle !== "none"),
    isSeen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth,
  };
}"""


READ = """() => {
  const read = document.elementFromPoint(innerWidth / 2, 300).closest("tr, li, p, dl, section")
  return [read.textContent.trim().slice(0, 80), Math.round(read.getBoundingClientRect().top)]
}"""


@pytest.mark.parametrize("path", PAGES)
def test_nothing_moves_while_a_page_comes(visit: Visit, path: str) -> None:
    visit.page.add_init_script(SHIFTS)
    page = visit.go(f"/es{path}")
    shifts: list[list[Any]] = page.evaluate(SETTLED)
    assert sum(value for value, *_ in shifts) < LEAST_SHIFT, shifts


def test_what_moves_would_be_seen(wide: Visit) -> None:
    wide.page.add_init_script(SHIFTS)
    page = wide.go("/es/")
    page.evaluate("document.querySelector('main').style.paddingTop = '20rem'")
    shifts: list[list[Any]] = page.evaluate(SETTLED)
    assert sum(value for value, *_ in shifts) > LEAST_SHIFT


@pytest.mark.parametrize("width", [360, 3840])
def test_every_page_fits_the_smallest_and_the_largest_window(browser: Browser, server: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    too_wide = []
    for language in LANGUAGES:
        for path in PAGES:
            page.goto(f"{server}/{language}{path}")
            if is_too_wide(page):
                too_wide.append(f"/{language}{path}")
    context.close()
    assert too_wide == []


def _stops(page: Page) -> list[dict[str, Any]]:
    """What has the focus after each press of the Tab key, until it leaves the page or there were enough."""
    stops = []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("path", PAGES)
def test_the_focus_is_seen_and_goes_in_order(wide: Visit, path: str) -> None:
    page = wide.go(f"/en{path}")
    # What scrolls smoothly is not yet in the window.
    page.emulate_media(reduced_motion="reduce")
    if path == "/sparql":
        # In the editor the key is for whoever writes; Escape and then Tab leave it.
        page.locator(".cm-content").wait_for()
    stops = _stops(page)
    assert len(stops) > 15
    assert [stop["name"] for stop in stops if not stop["isMarked"]] == []
    assert [stop["name"] for stop in stops if not stop["isSeen"]] == []
    places = [stop["place"] for stop in stops]
    assert places == sorted(set(places))


def test_motion_is_for_those_who_like_it(browser: Browser, server: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    for path in PAGES:
        page.goto(f"{server}/en{path}")
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter(element => {
              const style = getComputedStyle(element);
              return style.scrollBehavior === "smooth" || parseFloat(style.transitionDuration) > 0.01
                || parseFloat(style.animationDuration) > 0.01;
            }).map(element => element.outerHTML.slice(0, 80))"""
        )
        assert moving == [], path
    context.close()


def test_going_over_to_another_language_keeps_the_place(visit: Visit) -> None:
    page = visit.go("/en/queries/findings?severity=warning#query")
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/queries/findings?severity=warning#query")
    page = visit.go("/es/id/source/crm")
    page.evaluate("location.hash = '#c13011-13115'")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/id/source/crm#c13011-13115")
    expect(page.locator("#c13011-13115")).to_be_in_viewport()


def test_what_is_far_below_is_laid_out_when_it_comes_near(visit: Visit) -> None:
    page = visit.go("/en/id/process/rcm")
    last = page.locator("main section").last.locator("tbody tr").last
    is_shown = "e => e.checkVisibility({contentVisibilityAuto: true})"
    assert not last.evaluate(is_shown)
    last.evaluate("e => e.scrollIntoView({block: 'center'})")
    expect(last).to_be_in_viewport()
    assert last.evaluate(is_shown)


def test_a_link_to_a_place_far_below_leads_there(visit: Visit) -> None:
    page = visit.go("/en/ontology")
    followed = page.locator(".index a[href^='#'] >> nth=-1")
    place = followed.get_attribute("href") or ""
    followed.evaluate("e => e.click()")
    page.wait_for_url(f"**{place}")
    expect(page.locator(f"[id='{place.removeprefix('#')}']")).to_be_in_viewport()
    assert page.evaluate("scrollY") > 5000


@pytest.mark.parametrize("has_scripts", [True, False])
def test_groups_of_addresses_open_by_themselves_for_what_is_in_them(
    browser: Browser, server: str, has_scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_scripts)
    page = context.new_page()
    page.goto(f"{server}/en/api")
    groups = page.locator(".operations > details")
    assert groups.evaluate_all("all => all.map(e => e.open)") == [False] * groups.count()
    operation = page.locator("#get-reconcile")
    expect(operation).to_be_hidden()
    page.goto(f"{server}/en/api#get-reconcile")
    expect(operation).to_be_in_viewport()
    page.goto(f"{server}/en/about")
    page.goto(f"{server}/en/api#get-reconcile")
    expect(operation).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("path", ["/id/process/rcm", "/findings", "/id/plan/crm"])
def test_whoever_comes_back_to_a_page_is_where_they_were(visit: Visit, path: str) -> None:
    page = visit.go(f"/en{path}")
    for _ in range(20):
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(20)
    before = _read(page)
    assert page.evaluate("scrollY") > 3000
    page.reload()
    assert _read(page) == before
    page.locator(".brand").evaluate("e => e.click()")
    page.wait_for_url("**/en/")
    page.go_back()
    assert _read(page) == before


def _read(page: Page) -> list[Any]:
    """What is read in the middle of the window, and where, when it has come to rest."""
    read: list[Any] = []
    for _ in range(100):
        page.wait_for_timeout(300)
        if read == (read := page.evaluate(READ)):
            break
    return read


@pytest.mark.parametrize("path", ["/", "/id/plan/crm/vmd/1.2.1", "/findings"])
def test_paper_has_the_content_and_where_it_is_from(wide: Visit, path: str) -> None:
    page = wide.go(f"/es{path}")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".printed-from")).to_contain_text(f"{wide.server}/es{path}")
    for unwanted in (".main-nav", ".language-nav", ".formats", ".actions", ".filters"):
        for each in page.locator(unwanted).all():
            expect(each).to_be_hidden()
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"


def test_what_is_folded_on_the_screen_is_open_on_paper(wide: Visit) -> None:
    page = wide.go("/es/plan")
    entry = page.locator(".part-scheduleentry").first
    expect(entry).to_be_hidden()
    page.emulate_media(media="print")
    expect(entry).to_be_visible()
