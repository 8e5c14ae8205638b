"""What is wide on a desk is for a telephone as well: cards with their headings, and nothing cut or on anything else."""

import pytest
from playwright.sync_api import expect

from tests.support.visits import Visit

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


def test_the_processes_say_their_level_since_when_and_how_many_members(narrow: Visit) -> None:
    page = narrow.go("/en/processes")
    card = page.locator("table.results tbody tr", has_text="Regional Conference on Migration").first
    headings = card.locator("td").evaluate_all("all => all.map(cell => getComputedStyle(cell, '::before').content)")
    assert headings == ['"Level"', '"Since"', '"Members known"']


@pytest.mark.parametrize("language", ["es", "en"])
def test_parts_of_the_plan_that_were_found_lie_on_no_other_and_within_the_page(visit: Visit, language: str) -> None:
    page = visit.go(f"/{language}/plan?topic=return&status=continuous")
    expect(page.locator(".hit").first).to_be_visible()
    lines = page.locator(".plan :is(.objective-line, .part-line)")
    assert lines.count() > 10
    assert lines.evaluate_all(ON_ANOTHER) == []
    left, right = page.locator(".plan").evaluate(
        "e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]"
    )
    for box in page.locator(".hit > :is(.objective-line, .part-line)").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.right])"
    ):
        assert left <= box[0] < box[1] <= right
