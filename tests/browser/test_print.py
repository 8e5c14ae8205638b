"""The pages on paper (A4): all that they say is on the sheet, and nothing that paper cannot do."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.support.visits import Visit

WITH_TABLES = (
    "/queries/schedule-status",
    "/queries/schedule-status?columns=all",
    "/queries/agent-roles",
    "/queries/process-members",
    "/queries/reference-sources",
    "/queries/members-apart?process=process/sacm&other=process/rcm",
    "/pictures/schedule",
    "/processes",
    "/networks",
    "/instruments",
    "/meetings",
    "/states",
    "/id/plan/crm/pgm/6.2.1",
    "/id/plan/crm/pgm/7.1.1",
    "/id/process/rcm",
    "/downloads",
)
SHEET = ViewportSize(width=673, height=986)
"""What is left of an A4 sheet within our margins, in the pixels of style sheets."""
BEYOND = """all => all.filter(cell => cell.offsetParent
    && getComputedStyle(cell.parentElement.parentElement).clipPath == "none" && (
    cell.getBoundingClientRect().right > document.querySelector("main").getBoundingClientRect().right + 1
    || cell.scrollWidth > cell.clientWidth + 1)).map(cell => cell.textContent.trim())"""

BROKEN = """all => {
  const words = document.createTreeWalker(all, NodeFilter.SHOW_TEXT), range = document.createRange(), broken = []
  while (words.nextNode()) {
    const text = words.currentNode
    if (!text.parentElement.checkVisibility() || text.parentElement.closest(".iri, code, .passage")) continue
    // Not those of an address, which has no end of a word to be broken at.
    for (const {0: word, index} of text.data.matchAll(/[\\p{L}\\p{M}]+(?![^\\s]*\\/)(?<!\\/\\S*)/gu)) {
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) broken.push(word)
    }
  }
  return broken
}"""


def _on_paper(visit: Visit, path: str) -> Page:
    visit.page.set_viewport_size(SHEET)
    visit.page.emulate_media(media="print")
    return visit.go(path)


@pytest.mark.parametrize("path", WITH_TABLES)
def test_each_column_of_a_table_is_on_the_sheet(wide: Visit, path: str) -> None:
    page = _on_paper(wide, f"/es{path}")
    cells = page.locator("main :is(th, td)")
    assert cells.count() > 5
    assert cells.evaluate_all(BEYOND) == []
    assert not wide.is_too_wide()


def test_the_words_of_the_source_stand_in_each_row_with_their_heading(wide: Visit) -> None:
    page = _on_paper(wide, "/en/queries/events")
    rows = page.locator(".results tbody tr")
    expect(page.locator(".results td.words-column q.words")).to_have_count(rows.count())
    for words in page.locator(".results td.words-column q.words").all():
        expect(words).to_be_visible()
    heading = page.locator(".results td.words-column").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert heading == page.locator(".results td.words-column").first.evaluate("e => JSON.stringify(e.dataset.heading)")


@pytest.mark.parametrize(
    "path", ["/plan", "/queries", "/queries/schedule-status", "/search?q=trata", "/topics", "/cite"]
)
def test_nothing_is_there_to_be_pressed_or_filled_in(wide: Visit, path: str) -> None:
    page = _on_paper(wide, f"/es{path}")
    for control in page.locator("button, input[type=search], .button, [role=search], .sorter, .pager").all():
        expect(control).to_be_hidden()


def test_the_sentence_of_a_question_still_says_what_was_asked(wide: Visit) -> None:
    page = _on_paper(wide, "/en/queries/schedule-status")
    expect(page.locator(".phrase select")).to_be_visible()
    assert page.locator(".phrase select").evaluate("field => getComputedStyle(field).appearance") == "none"


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("/pictures/schedule", ".status"),
        ("/findings", ".severity"),
        ("/plan", ".finding-mark"),
        ("/id/source/crm", ".source .flag"),
        ("/id/source/crm", ".layers .mention-more"),
        ("/id/source/crm", ".source .mention-more"),
    ],
)
def test_marks_are_printed_though_backgrounds_are_not(wide: Visit, path: str, mark: str) -> None:
    page = _on_paper(wide, f"/es{path}")
    expect(page.locator(mark).first).to_be_visible()
    drawn = page.locator(mark).first.evaluate("e => getComputedStyle(e, '::before').printColorAdjust")
    assert drawn == "exact"
    logo = page.locator(".brand-mark").evaluate("e => getComputedStyle(e).printColorAdjust")
    assert logo == "exact"


@pytest.mark.parametrize("path", ["/id/source/crm", "/id/plan/crm/pgm/7.1.1"])
def test_a_row_of_the_document_begins_on_the_first_sheet(wide: Visit, path: str) -> None:
    """It may be longer than what is left of a sheet; it is not to leave that empty."""
    page = _on_paper(wide, f"/es{path}")
    row = page.locator(".source-table tbody tr").first
    assert row.evaluate("row => getComputedStyle(row).breakInside") == "auto"


@pytest.mark.parametrize("path", [*WITH_TABLES, "/queries/schedule-status?status=pending"])
def test_words_in_tables_are_whole(wide: Visit, path: str) -> None:
    page = _on_paper(wide, f"/es{path}")
    assert [word for table in page.locator("main table").all() for word in table.evaluate(BROKEN)] == []


@pytest.mark.parametrize(
    ("path", "boxes"),
    [
        ("/queries/schedule-status?status=pending", (".cite-words", ".cite .code")),
        ("/cite?page=/queries/agent-roles?agent=actor/oim", (".citation", ".citation-code >> nth=0")),
        ("/api", (".code >> nth=0",)),
    ],
)
def test_a_citation_or_an_example_is_printed_to_its_end(wide: Visit, path: str, boxes: tuple[str, ...]) -> None:
    page = _on_paper(wide, f"/es{path}")
    for each in boxes:
        box = page.locator(each)
        expect(box).to_be_visible()
        assert box.evaluate("e => e.scrollHeight - e.clientHeight") <= 0
        assert box.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_the_first_sheet_of_the_schedule_begins_its_table(wide: Visit) -> None:
    page = _on_paper(wide, "/es/pictures/schedule")
    row = page.locator(".picture-data tbody tr").first.bounding_box()
    assert row
    assert row["y"] + row["height"] < SHEET["height"]
    expect(page.locator(".picture-figure svg").last).to_be_attached()


def test_how_many_of_how_many_is_not_broken(wide: Visit) -> None:
    page = _on_paper(wide, "/en/crosswalk")
    shares = page.locator(".coverage .some-of")
    assert shares.count() > 10
    assert set(shares.evaluate_all("all => all.map(each => each.getClientRects().length)")) == {1}


def test_each_sheet_of_the_matrix_begins_with_the_heads_of_its_columns(wide: Visit) -> None:
    page = _on_paper(wide, "/en/pictures/responsibilities")
    head, rows = page.locator(".picture-head"), page.locator(".picture-rows")
    assert head.evaluate("e => getComputedStyle(e).display") == "table-header-group"
    assert rows.count() > 10
    for each in rows.evaluate_all("all => all.map(e => [getComputedStyle(e).breakInside, e.offsetHeight])"):
        assert each[0] == "avoid"
        assert each[1] < SHEET["height"] / 3
    # Browsers repeat no head that is higher than a quarter of a sheet.
    assert head.evaluate("e => e.offsetHeight") < SHEET["height"] / 4
    assert (
        page.locator(".picture-row > .picture").evaluate_all(
            "all => all.filter(e => e.getBoundingClientRect().right > innerWidth + 1).length"
        )
        == 0
    )
