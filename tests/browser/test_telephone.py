"""What is wide on a desk is for a telephone as well: cards with their headings, and nothing cut or on anything else."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.support.visits import Visit, lay_out

TABLES = (
    "/pictures/responsibilities",
    "/pictures/schedule",
    "/pictures/plan-tree",
    "/pictures/members",
    "/processes",
    "/crosswalk",
)
CUT = """all => all.filter(e => {
  const frame = e.closest(".scroll").getBoundingClientRect(), box = e.getBoundingClientRect()
  return box.width && (box.left < frame.left || box.right > frame.right)
}).map(e => e.textContent)"""
ON_ANOTHER = """all => {
  const boxes = all.map(e => [e.textContent, e.getBoundingClientRect()]).filter(([, box]) => box.height)
  return boxes.filter(([, box], at) => at && box.top < boxes[at - 1][1].bottom + 5).map(([text]) => text)
}"""


@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_rows_of_tables_are_cards_that_say_what_each_value_is(narrow: Visit, language: str, path: str) -> None:
    page = narrow.go(f"/{language}{path}")
    table = page.locator("main table.results").last
    rows = table.locator("tbody tr")
    assert rows.count() > 3
    assert table.locator("tbody td:not([data-heading])").count() == 0
    assert table.locator("tbody td").evaluate_all(CUT) == []
    assert table.locator(".status, .severity").evaluate_all(CUT) == []
    # Nothing is ruled off for a part of the width.
    widths = table.locator("tbody th").evaluate_all(
        "all => all.map(th => [getComputedStyle(th).borderBottomWidth, th.offsetWidth - th.parentElement.offsetWidth])"
    )
    assert {tuple(each) for each in widths} == {("0px", 0)}


@pytest.mark.parametrize("width", [360, 390])
def test_a_date_and_what_it_is_of_stand_in_one_piece(browser: Browser, server: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{server}/en/pictures/schedule")
    lay_out(page)
    dates = page.locator(".picture-data td[data-heading=Date]:not(:empty)")
    assert "March 2005 (RCGM meeting, Vancouver, March 2005)" in dates.all_inner_texts()
    # What stands in a cell as a piece of its own has a line of its own.
    pieces = dates.evaluate_all("all => all.map(e => [...e.childNodes].filter(each => each.textContent.trim()).length)")
    assert set(pieces) == {1}
    page.close()


def test_the_words_of_a_row_are_cards_of_their_own(narrow: Visit) -> None:
    page = narrow.go("/en/queries/element-agents?element=plan/crm/pgm/6.2.1")
    page.get_by_role("button", name="In the document").first.click()
    cells = page.locator(".words-row .source-table td:visible")
    expect(cells).to_have_count(4)
    heads = cells.evaluate_all(
        """all => all.map(cell => [cell, getComputedStyle(cell, "::before")]).map(([cell, head]) =>
          [head.display, head.content === JSON.stringify(cell.dataset.heading) && cell.dataset.heading])"""
    )
    assert heads == [
        ["block", name] for name in ("OBJETIVOS", "ACCION PARA LA IMPLEMENTACION", "ACTIVIDADES", "CALENDARIO")
    ]
    # One ground without strips of another above, between or below.
    assert len(set(cells.evaluate_all("all => all.map(e => getComputedStyle(e).backgroundColor)"))) == 1
    rest = "e => e.clientHeight - [...e.querySelectorAll('td')].reduce((sum, cell) => sum + cell.offsetHeight, 0)"
    assert page.locator(".words-row .source-table tbody tr").evaluate(rest) <= 1


def test_the_processes_say_their_level_since_when_and_how_many_members(narrow: Visit) -> None:
    page = narrow.go("/en/processes")
    card = page.locator("table.results tbody tr", has_text="Regional Conference on Migration").first
    headings = card.locator("td:visible").evaluate_all(
        "all => all.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert headings == ['"Level"', '"Since"', '"Members known"', '"In common"']


@pytest.mark.parametrize("language", ["es", "en"])
def test_parts_of_the_plan_that_were_found_lie_on_no_other_and_within_the_page(visit: Visit, language: str) -> None:
    page = visit.go(f"/{language}/plan?topic=return&status=continuous")
    expect(page.locator(".hit").first).to_be_visible()
    lines = page.locator(".plan :is(.objective-line, .part-line)")
    assert lines.count() > 10
    assert lines.evaluate_all(ON_ANOTHER) == []
    right = page.locator(".plan").evaluate("e => e.getBoundingClientRect().right")
    for box in page.locator(".hit > :is(.objective-line, .part-line)").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.right])"
    ):
        # Its ground reaches into the edge of the page, and not out of the window.
        assert 0 < box[0] < box[1] <= right


def test_names_of_rows_stay_beside_the_cells_that_are_scrolled(narrow: Visit) -> None:
    page = narrow.go("/en/pictures/responsibilities")
    frame = page.locator(".picture-scroll")
    name = frame.locator("text", has_text="Guatemala").first
    before = name.bounding_box()
    last = frame.locator(".column").last
    right = "e => e.getBoundingClientRect().right"
    assert last.evaluate(right) > 390
    frame.evaluate("frame => frame.scrollTo(frame.scrollWidth, 0)")
    assert last.evaluate(right) < 390
    assert name.bounding_box() == before
    [room] = frame.evaluate_all(
        "all => all.map(frame => frame.clientWidth - frame.querySelector('.still').clientWidth)"
    )
    assert room > 5 * 36


@pytest.mark.parametrize("path", ["/es/crosswalk", "/en/processes", "/es/queries/role-counts"])
def test_in_matrices_no_heading_of_a_column_is_seen_over_the_names_of_rows(narrow: Visit, path: str) -> None:
    frame = narrow.go(path).locator(".scroll:has(> .matrix)")
    frame.evaluate("e => { e.scrollIntoView({behavior: 'instant'}); e.scrollTo(120, 0) }")
    seen = frame.locator("thead td, tbody th[scope=row]").evaluate_all(
        """all => all.map(e => e.getBoundingClientRect()).filter(box => box.bottom < innerHeight).map(box => {
          const at = share => document.elementFromPoint(box.left + share * box.width, box.top + box.height / 2)
          return [0.1, 0.3, 0.5, 0.7, 0.9].map(share => at(share).closest("thead td, tbody th[scope=row]") !== null)
        })"""
    )
    assert len(seen) > 4
    assert {tuple(each) for each in seen} == {(True,) * 5}
    assert frame.locator("thead td").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 254, 251)"


@pytest.mark.parametrize("path", ["/en/processes", "/es/queries/role-counts"])
def test_names_of_rows_leave_most_of_a_matrix_to_its_cells_and_columns_are_alike(narrow: Visit, path: str) -> None:
    frame = narrow.go(path).locator(".scroll:has(> .matrix)")
    shares = frame.evaluate(
        "e => [...e.querySelectorAll('tbody th')].map(name => name.offsetWidth / e.clientWidth)",
    )
    assert max(shares) < 0.45
    widths = frame.locator("tbody tr").first.locator("td").evaluate_all("all => all.map(e => e.offsetWidth)")
    assert len(widths) > 10
    assert max(widths) - min(widths) <= 1


@pytest.mark.parametrize("path", ["/en/processes", "/es/queries/role-counts"])
def test_headings_of_columns_stay_above_the_cells_that_are_scrolled(narrow: Visit, path: str) -> None:
    page = narrow.go(path)
    page.set_viewport_size({"width": 390, "height": 500})
    frame = page.locator(".scroll:has(> .matrix)")
    frame.evaluate("e => { e.scrollIntoView({behavior: 'instant'}); e.scrollTo(0, 200) }")
    top, first, cell = frame.evaluate(
        """e => [e, e.querySelector("thead th"), e.querySelector("tbody td")].map(e => e.getBoundingClientRect().top)"""
    )
    assert cell < top <= first < top + 2
    name = frame.locator("tbody th a").first
    name.focus()
    head, row = frame.locator("thead th").first.bounding_box(), name.bounding_box()
    assert head
    assert row
    assert head["y"] + head["height"] <= row["y"]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("path", ["/pictures/schedule", "/pictures/plan-tree", "/pictures/members"])
def test_what_is_drawn_for_telephones_is_as_wide_as_the_window(
    browser: Browser, server: str, language: str, width: int, path: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{server}/{language}{path}")
    frame = page.locator(".picture-scroll:visible")
    assert frame.evaluate("e => e.scrollWidth - e.clientWidth") == 0
    assert page.get_by_text("Scroll sideways", exact=False).or_(page.get_by_text("Desplácese")).is_hidden()
    page.close()


@pytest.mark.parametrize("language", ["es", "en"])
def test_processes_are_named_in_full_in_what_is_drawn_for_telephones(narrow: Visit, language: str) -> None:
    page = narrow.go(f"/{language}/pictures/members")
    names = page.locator(".picture-scroll:visible a text")
    assert names.count() > 20
    assert [each for each in names.all_text_contents() if "…" in each] == []
    sizes = names.evaluate_all("all => all.map(e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a)")
    assert min(sizes) >= 12


@pytest.mark.parametrize("language", ["es", "en"])
def test_dates_of_meetings_end_within_their_card(narrow: Visit, language: str) -> None:
    dates = narrow.go(f"/{language}/meetings").locator(".things .date")
    assert dates.count() > 20
    assert dates.evaluate_all(CUT) == []


def test_themes_in_the_matrix_of_other_plans_stay_where_it_is_scrolled(narrow: Visit) -> None:
    frame = narrow.go("/es/crosswalk").locator(".scroll:has(> .matrix)")
    theme = frame.locator(".whole span").first
    before = theme.bounding_box()
    frame.evaluate("e => e.scrollTo(120, 0)")
    assert theme.bounding_box() == before


def test_the_parts_of_what_is_opened_come_into_view(narrow: Visit) -> None:
    page = narrow.go("/en/pictures/plan-tree")
    page.locator("[data-key='toggle-pgm/7']:visible").click()
    action = page.locator(".part-action:visible").first
    expect(action).to_be_visible()
    left, right = action.evaluate("e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]")
    assert 0 < left < right < 390
    toggle = page.locator("[data-key='toggle-pgm/7']:visible").evaluate("e => e.getBoundingClientRect().left")
    assert toggle > 0


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_an_address_opens_is_in_view_with_its_whole_title(narrow: Visit, language: str) -> None:
    page = narrow.go(f"/{language}/pictures/plan-tree?open=dh/3")
    assert page.locator(".picture-scroll:visible").evaluate("e => e.scrollLeft") == 0
    opened = page.locator("a:has(.part):has(+ [data-key='toggle-dh/3']):visible")
    expect(opened).to_be_in_viewport(ratio=1)
    ends = opened.locator("text").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
    assert max(ends) < 390 - 16


def test_the_folded_tree_shows_all_its_words(narrow: Visit) -> None:
    page = narrow.go("/es/pictures/plan-tree")
    ends = page.locator(".picture-scroll:visible text").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().right)"
    )
    assert len(ends) > 40
    assert max(ends) < 390 - 16


@pytest.mark.parametrize("language", ["es", "en"])
def test_objectives_in_the_matrix_of_other_plans_are_named_in_two_lines(narrow: Visit, language: str) -> None:
    page = narrow.go(f"/{language}/crosswalk")
    names = page.locator(".crosswalk tbody th[scope=row] a")
    assert names.count() >= 20
    sizes = names.evaluate_all("all => all.map(e => [e.clientHeight, e.getBoundingClientRect().left])")
    assert {24 <= high <= 44 for high, _ in sizes} == {True}
    frame = page.locator(".scroll:has(> .crosswalk)").evaluate("e => e.getBoundingClientRect().left")
    assert min(left for _, left in sizes) >= frame + 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_status_has_the_same_mark_and_colour_in_text_and_in_pictures(
    browser: Browser, server: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server}/en/pictures/schedule")
    in_text = page.locator(".picture-data .status").evaluate_all(
        "all => all.map(e => [e.textContent, e.querySelector('path').getAttribute('d'), getComputedStyle(e).color])"
    )
    in_legend = page.locator(".legend li:has(.status-mark)").evaluate_all(
        """all => all.map(e => [e.textContent.trim(), e.querySelector('path').getAttribute('d'),
          getComputedStyle(e.querySelector('path')).stroke])"""
    )
    context.close()
    assert len(in_legend) > 5
    assert {tuple(each) for each in in_text} == {tuple(each) for each in in_legend}


def test_no_line_of_the_way_to_a_page_begins_with_a_sign(narrow: Visit) -> None:
    page = narrow.go("/es/id/plan/crm/pgm/7.3.1.1")
    steps = page.locator(".trail li")
    assert len({box["y"] for each in steps.all() if (box := each.bounding_box())}) > 1
    signs = "all => all.map(each => ['::before', '::after'].map(place => getComputedStyle(each, place).content))"
    *before, last = steps.evaluate_all(signs)
    assert {tuple(each) for each in before} == {("none", '"›"')}
    assert last == ["none", "none"]


def test_the_filters_of_a_chart_are_equally_wide(narrow: Visit) -> None:
    page = narrow.go("/en/pictures/responsibilities")
    [theme, role] = (each.bounding_box() for each in page.locator(".picture-choices select").all())
    assert theme
    assert role
    assert theme["width"] == role["width"]
