"""The site as people use it: wide and on a telephone, by mouse and by keyboard, with scripts and without."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from crmgraph.library import load_library
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from tests.support.sitemap import PAGES, REFUSED
from tests.support.visits import Visit

RECTANGLES = "all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_every_page_fits_its_window_and_complains_of_nothing(visit: Visit, language: str, path: str) -> None:
    page = visit.go(f"/{language}{path}")
    expect(page.locator("h1")).to_be_visible()
    assert not visit.is_too_wide()


@pytest.mark.parametrize("path", REFUSED)
def test_pages_that_say_no_fit_as_well(visit: Visit, path: str) -> None:
    page = visit.go(f"/es{path}")
    expect(page.locator("h1")).to_be_visible()
    assert not visit.is_too_wide()
    assert len(visit.complaints) == 1
    assert "404" in visit.complaints.pop()


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_question_fits_a_telephone(narrow: Visit, language: str) -> None:
    names = sorted(load_library(resource("queries"), Names()))
    assert len(names) > 40
    too_wide = []
    for name in names:
        page = narrow.go(f"/{language}/queries/{name}")
        right = page.locator("main").evaluate("main => main.getBoundingClientRect().right")
        fields = page.locator("select, input").evaluate_all("all => all.map(f => f.getBoundingClientRect().right)")
        if narrow.is_too_wide() or max(fields, default=0) > right:
            too_wide.append(name)
    assert too_wide == []


def test_on_a_telephone_each_value_says_in_words_what_it_is(narrow: Visit) -> None:
    page = narrow.go("/es/queries/agent-roles")
    cell = page.locator(".results td[data-column=agent_label]").first
    shown = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert shown == '"Agente"'


@pytest.mark.parametrize("language", ["es", "en"])
def test_in_the_drawing_of_the_ontology_nothing_lies_on_anything_else(wide: Visit, language: str) -> None:
    page = wide.go(f"/{language}/ontology")
    boxes = page.locator(".overview rect").evaluate_all(RECTANGLES)
    arrows = page.locator(".overview .arrow-name").evaluate_all(RECTANGLES)
    names = page.locator(".overview text:not(.arrow-name)").evaluate_all(RECTANGLES)
    assert len(arrows) > 10
    assert not [(one, other) for one in arrows for other in boxes if _overlap(one, other)]
    assert not [(one, other) for place, one in enumerate(arrows) for other in arrows[:place] if _overlap(one, other)]
    for left, top, right, bottom in names:
        assert any(x <= left and y <= top and right <= x2 and bottom <= y2 for x, y, x2, y2 in boxes)


def _overlap(one: list[float], other: list[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_the_tree_of_objectives_is_seen_and_opens(visit: Visit) -> None:
    page = visit.go("/es/plan")
    expect(page.locator(".objective")).to_have_count(20)
    for objective in page.locator(".objective").all():
        expect(objective.locator(".objective-line")).to_be_visible()
    entry = page.locator(".part-scheduleentry")
    expect(entry.first).to_be_hidden()
    page.locator("#pgm-7 summary").click()
    expect(page.locator("#pgm-7 .part-scheduleentry")).to_have_count(5)
    expect(page.locator("#pgm-7 .part-scheduleentry").first).to_be_visible()


def test_the_whole_tree_opens_and_closes(wide: Visit) -> None:
    page = wide.go("/en/plan")
    page.get_by_role("button", name="Expand all").click()
    expect(page.locator("details[open]")).to_have_count(20)
    page.get_by_role("button", name="Collapse all").click()
    expect(page.locator("details[open]")).to_have_count(0)


def test_an_element_is_reached_from_the_tree_and_its_words_are_marked(visit: Visit) -> None:
    page = visit.go("/en/plan")
    page.locator("#vmd-1 summary").click()
    page.locator("#vmd-1 .part-link", has_text="1.2.1").first.click()
    page.wait_for_url("**/en/id/plan/crm/vmd/1.2.1")
    words = page.locator("mark")
    expect(words).to_have_count(1)
    expect(words).to_be_visible()
    said = page.evaluate("fetch('/id/source/crm/13011-13115.jsonld').then(answer => answer.text())")
    assert words.evaluate("mark => mark.textContent") in said


def test_words_lead_to_their_place_in_the_whole_document(wide: Visit) -> None:
    page = wide.go("/en/id/plan/crm/vmd/1.2.1")
    page.get_by_role("link", name="In the whole document").click()
    page.wait_for_url("**/en/id/source/crm#c13011-13115")
    target = page.locator("#c13011-13115")
    expect(target).to_be_in_viewport()
    assert target.evaluate("e => getComputedStyle(e).backgroundColor") != page.locator("body").evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )


def test_the_language_changes_and_the_page_stays(visit: Visit) -> None:
    page = visit.go("/en/id/plan/crm/pgm/7.1")
    page.get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/id/plan/crm/pgm/7.1")
    expect(page.locator("h1")).to_contain_text("Retorno digno")
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_table_of_many_columns_says_that_it_scrolls_and_shows_each(wide: Visit) -> None:
    page = wide.go("/en/queries/schedule-status?columns=all")
    expect(page.locator(".scroll-hint")).to_be_visible()
    words = page.locator("thead .words-column").bounding_box()
    assert words is not None
    page.locator(".scroll").evaluate("table => table.scrollLeft = table.scrollWidth")
    last = page.locator("thead th:not(.words-column)").last.bounding_box()
    assert last is not None
    assert last["x"] > 0
    assert last["x"] + last["width"] <= words["x"] + 1


def test_an_answer_is_downloaded(wide: Visit) -> None:
    page = wide.go("/en/queries/theme-counts")
    address = page.get_by_role("link", name="CSV").get_attribute("href")
    said: str = page.evaluate("address => fetch(address).then(answer => answer.text())", address)
    assert said.startswith("theme,label,objectives")


def test_all_of_it_works_without_a_script(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="es-MX")
    page = context.new_page()
    page.goto(server + "/plan")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator("#pgm-7 summary").click()
    expect(page.locator("#pgm-7 .part-scheduleentry").first).to_be_visible()
    page.goto(server + "/en/sparql")
    page.locator("textarea").fill("ASK {}")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".truth")).to_have_text("Yes")
    context.close()


def test_the_content_is_reached_by_keyboard(wide: Visit) -> None:
    page = wide.go("/en/findings")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ink_stands_out_from_paper(browser: Browser, server: str, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(server + "/en/id/plan/crm/vmd/1.2.1")
    for selector in ("body", ".kicker", ".status", ".severity", ".finding-mark", "mark", ".fine", ".tag"):
        contrast: float = page.locator(selector).first.evaluate((Path(__file__).parent / "contrast.js").read_text())
        assert contrast >= 4.5, (selector, contrast)
    context.close()
