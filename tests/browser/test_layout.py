"""Where things stand on a page: what belongs together is near, and what says the same is on one line."""

from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.support.visits import Visit, lay_out

APART = """all => all.filter(e => e.cellIndex && e.textContent.trim()).map(heading => {
  const words = document.createRange()
  const end = e => (words.selectNodeContents(e), words.getBoundingClientRect().right)
  const rows = [...heading.closest("table").tBodies].flatMap(body => [...body.rows])
  const cells = rows.map(row => row.cells[heading.cellIndex]).filter(cell => cell.textContent.trim())
  return cells.map(cell => Math.round(end(cell) - end(heading)))
}).flat()"""
GAPS = (
    """all => all.map(e => e.getBoundingClientRect().top - e.previousElementSibling.getBoundingClientRect().bottom)"""
)
ON_TITLES = """all => all.filter(line => {
  const marks = [...line.querySelectorAll(".strip :is(.tag, svg)")].map(e => e.getBoundingClientRect())
  return [...line.querySelector("a").getClientRects()].some(title => marks.some(mark => title.left < mark.right - 0.5
    && mark.left < title.right - 0.5 && title.top < mark.bottom && mark.top < title.bottom))
}).map(line => line.textContent.trim())"""
BROKEN = """all => all.filter(cell => {
  const style = getComputedStyle(cell)
  const room = cell.getBoundingClientRect().width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
  const longest = document.createElement("div")
  longest.style.cssText = "width: min-content; position: absolute"
  longest.append(...[...cell.cloneNode(true).childNodes])
  cell.append(longest)
  const needed = longest.getBoundingClientRect().width
  longest.remove()
  return needed > room + 1
}).map(cell => cell.innerText)"""
"""The cells in which the longest word has no room in a line."""
SHOWN = """() => new Promise(done => new PerformanceObserver(entries => {
  if (entries.getEntriesByName("first-contentful-paint").length) done()
}).observe({ type: "paint", buffered: true }))"""
"""Waits until something of the page is seen."""
TOP = """all => all.map(e => {
  const { x, y, width, height } = e.getBoundingClientRect()
  const { color, font, borderTopColor, backgroundColor } = getComputedStyle(e)
  return [e.tagName, x, y, width, height, color, font, borderTopColor, backgroundColor]
})"""
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")
LONG = "Plan de Trabajo del Proceso de Quito sobre la Movilidad Humana de Ciudadanos Venezolanos en la Región"


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("width", [360, 390, 600, 768, 1024, 1280, 1920])
def test_no_mark_of_the_overview_lies_on_its_title(browser: Browser, server: str, language: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{server}/{language}/")
    lines = page.locator(".glance li")
    assert lines.locator(".strip .tag").count() > 1
    assert lines.evaluate_all(ON_TITLES) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@pytest.mark.parametrize("path", ["actors", "states", "topics", "downloads", "crosswalk"])
def test_numbers_end_below_the_end_of_their_heading(wide: Visit, path: str) -> None:
    apart = wide.go(f"/es/{path}").locator(".results thead th.numeric").evaluate_all(APART)
    assert len(apart) > 3
    assert set(apart) == {0}


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", ["actors", "networks", "meetings", "states", "topics", "population-groups"])
def test_columns_are_as_wide_as_their_longest_words(browser: Browser, server: str, path: str, language: str) -> None:
    page = browser.new_page(viewport={"width": 1220, "height": 900})
    page.goto(f"{server}/{language}/{path}")
    lay_out(page)
    cells = page.locator(".things :is(th, td)")
    assert cells.count() > 50
    assert cells.evaluate_all(BROKEN) == []
    page.close()


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("path", ["actors", "networks", "instruments", "meetings", "states", "topics"])
def test_indexes_fit_a_small_screen(browser: Browser, server: str, path: str, language: str) -> None:
    page = browser.new_page(viewport={"width": 1024, "height": 900})
    page.goto(f"{server}/{language}/{path}")
    lay_out(page)
    frames = page.locator(".scroll:has(> .things)")
    assert frames.count() > 0
    assert frames.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.ariaLabel)") == []
    ends = page.locator(".results thead th.numeric").evaluate_all(APART)
    assert set(ends) <= {0}
    page.close()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_drawing_of_the_ontology_is_read_without_a_glass(browser: Browser, server: str, language: str) -> None:
    for width in (390, 1024, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{server}/{language}/ontology")
        sizes = page.locator(".overview text").evaluate_all(
            "all => all.map(e => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a)"
        )
        assert min(sizes) >= 11
        fits = page.locator(".overview-scroll").evaluate("e => e.scrollWidth <= e.clientWidth")
        assert fits == (width == 1280)
        page.close()


@pytest.mark.parametrize("path", ["crosswalk", "processes", "actors"])
def test_nothing_is_ruled_off_below_the_last_row(wide: Visit, path: str) -> None:
    cells = wide.go(f"/es/{path}").locator(".results tbody tr:last-child > *")
    assert set(cells.evaluate_all("all => all.map(e => getComputedStyle(e).borderBottomWidth)")) == {"0px"}


def test_shares_of_plans_have_the_accent_of_the_site(wide: Visit) -> None:
    meter = wide.go("/es/crosswalk").locator("meter").first
    assert meter.evaluate("e => getComputedStyle(e).appearance") == "none"
    assert meter.evaluate("e => getComputedStyle(e).borderTopColor") == "rgb(15, 90, 102)"


def test_shares_of_plans_stand_in_one_line_and_columns_of_the_matrix_are_as_wide(wide: Visit) -> None:
    page = wide.go("/es/crosswalk")
    lines = page.locator("td.share").evaluate_all(
        """all => all.map(cell => {
          const words = document.createRange()
          words.selectNodeContents(cell)
          const bar = cell.querySelector("meter").getBoundingClientRect()
          return [...words.getClientRects()].filter(r => r.top > bar.bottom).length
        })"""
    )
    assert len(lines) > 10
    assert set(lines) == {0}
    widths = page.locator(".crosswalk thead th").evaluate_all("all => all.map(e => e.getBoundingClientRect().width)")
    assert len(widths) > 5
    assert max(widths) - min(widths) < 2


def test_what_is_said_below_a_share_stays_in_its_column(visit: Visit) -> None:
    shares = visit.go("/en/crosswalk").locator(".coverage .share")
    said = "Of 26 objectives of this plan, nobody has said whether anything corresponds"
    note = f'<span class="fine">{said}</span>'
    shares.evaluate_all("(all, note) => all.forEach(e => e.insertAdjacentHTML('beforeend', note))", note)
    below = """all => all.map(e => {
      const [cell, meter, note] = [e, ...e.querySelectorAll("meter, .fine")].map(each => each.getBoundingClientRect())
      return note.top >= meter.bottom && note.right <= cell.right
    })"""
    assert set(shares.evaluate_all(below)) == {True}
    assert shares.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth + 1).length") == 0


def test_an_action_stands_nearer_to_its_activities_than_to_the_action_before(wide: Visit) -> None:
    page = wide.go("/en/plan/crm")
    page.get_by_role("button", name="Expand all").click()
    before = page.locator(".part-action + .part-action").evaluate_all(GAPS)
    below = page.locator(".part-action > .part-line + .branch").evaluate_all(GAPS)
    assert len(before) > 10
    assert min(before) > max(below) + 4


def test_names_in_the_drawing_of_the_ontology_are_underlined_only_where_one_points(wide: Visit) -> None:
    page = wide.go("/es/ontology")
    lines = page.locator(".overview a").evaluate_all("all => all.map(e => getComputedStyle(e).textDecorationLine)")
    assert set(lines) == {"none"}
    page.locator(".overview a").first.hover()
    expect(page.locator(".overview a").first).to_have_css("text-decoration-line", "underline")


@pytest.mark.parametrize("name", ["element-agents", "common-processes", "correspondences"])
def test_fields_stand_in_the_sentence_with_what_ends_it(visit: Visit, name: str) -> None:
    page = visit.go(f"/es/queries/{name}")
    fields = page.locator(".gap input")
    assert set(fields.evaluate_all("all => all.map(e => getComputedStyle(e).display)")) == {"inline-block"}
    kept = page.locator(".gap").evaluate_all(
        """all => all.filter(e => e.lastChild.nodeType === Node.TEXT_NODE).map(gap => {
          const ending = document.createRange()
          ending.selectNode(gap.lastChild)
          const [one, other] = [gap.firstElementChild.getBoundingClientRect(), ending.getBoundingClientRect()]
          return other.left >= one.right - 1 && other.right <= gap.closest("form").getBoundingClientRect().right
            && other.top < one.bottom && one.top < other.bottom
        })"""
    )
    assert kept
    assert all(kept)


def test_the_address_to_cite_has_the_width_of_the_form_and_the_button_beside_it(wide: Visit) -> None:
    page = wide.go("/es/cite")
    form, field, button = (
        page.locator(each).evaluate("e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]")
        for each in (".parameters", ".parameters input", ".parameters button")
    )
    assert button[0] - field[1] < 24
    assert form[1] - button[1] < 24


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/es/queries", ".page-head form + .formats"),
        ("/es/status", ".term-statements + p"),
        ("/en/id/process/sacm", ".further li + li"),
        ("/es/crosswalk", ".further li + li"),
    ],
)
def test_what_follows_stands_off_from_what_is_before(visit: Visit, path: str, what: str) -> None:
    gaps = visit.go(path).locator(what).evaluate_all(GAPS)
    assert gaps
    assert min(gaps) >= 8


def test_marks_in_the_source_stay_with_the_word_before_them(visit: Visit) -> None:
    marks = visit.go("/es/id/source/crm").locator(".source :is(.flag, .mention-more)")
    assert marks.count() > 20
    apart = marks.evaluate_all(
        """all => all.filter(mark => /\\S$/.test(mark.previousSibling?.textContent ?? "")).map(mark => {
          const before = document.createRange()
          before.selectNodeContents(mark.previousSibling)
          const [word, box] = [[...before.getClientRects()].at(-1), mark.getBoundingClientRect()]
          const isInLine = box.top < word.bottom && word.top < box.bottom && Math.abs(box.left - word.right) < 2
          return isInLine ? "" : mark.previousSibling.textContent
        }).filter(Boolean)"""
    )
    assert apart == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ["las mismas palabras nombran también otra cosa", "un número junto a la marca: cuántos hallazgos"]),
        ("en", ["the same words name something else as well", "a figure beside the mark: how many findings"]),
    ],
)
def test_the_marks_in_the_source_are_explained_above_it(wide: Visit, language: str, words: list[str]) -> None:
    page = wide.go(f"/{language}/id/source/crm")
    for each in words:
        expect(page.locator(".layers li", has_text=each)).to_be_visible()
    looks = """e => (({ fontFamily, fontSize, lineHeight, boxShadow, textDecoration }) =>
      [fontFamily, fontSize, lineHeight, boxShadow, textDecoration])(getComputedStyle(e))"""
    for kind in ("mention-instrument", "amiss-warning:not(.mention)"):
        explained, marked = (page.locator(f"{where} .{kind}").first for where in (".layers", "td:nth-child(4)"))
        assert explained.evaluate(looks) == marked.evaluate(looks)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_way_of_corresponding_is_told_from_the_next(
    browser: Browser, server: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server}/es/crosswalk")
    cell, swatch = page.locator(".crosswalk tbody td").first, page.locator(".degrees span").first
    for each in (cell, swatch):
        # As if the words had the colour of what is next: the contrast of two grounds.
        grounds = [page.locator(".scroll:has(> .crosswalk)").evaluate("e => getComputedStyle(e).backgroundColor")]
        for degree in range(1, 6):
            each.evaluate(f"e => {{ e.className = 'degree-{degree}'; e.style.color = '' }}")
            assert each.evaluate(CONTRAST) >= 4.5
            each.evaluate("(e, ground) => e.style.color = ground", grounds[-1])
            assert each.evaluate(CONTRAST) >= 1.3, degree
            grounds.append(each.evaluate("e => getComputedStyle(e).backgroundColor"))
        assert len(set(grounds)) == 6
    context.close()


def test_titles_of_plans_are_whole_above_the_matrix_however_long(visit: Visit) -> None:
    page = visit.go("/es/crosswalk")
    heads = page.locator(".crosswalk thead th > span")
    heads.nth(1).evaluate("(e, text) => e.textContent = text", LONG)
    sizes = heads.evaluate_all(
        """all => all.map(e => [
          e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth, getComputedStyle(e).overflow])"""
    )
    assert {tuple(each) for each in sizes} == {(0, 0, "visible")}
    within = heads.evaluate_all(
        """all => all.map(e => [e, e.parentElement].map(e => e.getBoundingClientRect())).map(([words, head]) =>
          head.left <= words.left && words.right <= head.right
          && head.top <= words.top && words.bottom <= head.bottom)"""
    )
    assert all(within)
    assert not visit.is_too_wide()


def test_headings_of_all_plans_begin_with_a_capital(wide: Visit) -> None:
    page = wide.go("/es/crosswalk")
    lay_out(page)
    heads = page.locator("section[aria-labelledby=all] thead th").all_inner_texts()
    assert len(heads) == 5
    assert [each for each in heads if not each[0].isupper()] == []


@pytest.mark.parametrize(
    "path",
    ["/id/plan/crm/pgm/6.2", "/id/plan/crm/dh/1", "/id/plan/crm/vmd", "/id/plan/crm/vmd/1", "/id/plan/crm/vmd/1.1"],
)
def test_parts_have_the_colour_of_their_theme_on_every_page(wide: Visit, path: str) -> None:
    colour = "e => getComputedStyle(e).color"
    own = wide.go(f"/en{path}").locator("[aria-labelledby=parts] .part-link .number:not(.none)").first.evaluate(colour)
    theme = path.split("/")[4]
    title = wide.go("/en/plan").locator(f".theme:has([href$='/id/plan/crm/{theme}']) .theme-title a").first
    assert own == title.evaluate(colour)


def test_parts_of_a_plan_of_many_themes_have_the_colour_of_the_site(wide: Visit) -> None:
    page = wide.go("/en/id/plan/marrakesh")
    assert page.locator(".theme").count() > 3
    page.locator(".theme-title a").nth(2).click()
    number = page.locator("[aria-labelledby=parts] .part-link .number").first
    expect(number).to_have_css("color", "rgb(15, 90, 102)")


def test_lines_of_a_name_at_the_foot_stand_closer_than_names_do(wide: Visit) -> None:
    names = wide.go("/es/plan").locator(".site-map div")
    for lines in names.evaluate_all(
        """all => all.map(list => [...list.querySelectorAll("a")].map(name => {
          const range = document.createRange()
          range.selectNodeContents(name)
          return [...range.getClientRects()].map(box => [box.top, box.bottom])
        }))"""
    ):
        within = [after[0] - before[1] for name in lines for before, after in pairwise(name)]
        between = [after[0][0] - before[-1][1] for before, after in pairwise(lines)]
        assert max(within, default=0) + 4 <= min(between)


@pytest.mark.parametrize("width", [390, 768, 1024, 1280, 1920])
@pytest.mark.parametrize("language", ["es", "en"])
def test_neither_the_masthead_nor_the_heading_moves_from_page_to_page(
    browser: Browser, server: str, width: int, language: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    places = set()
    for path in ("about", "plan", "actors", "queries/agent-roles"):
        page.goto(f"{server}/{language}/{path}")
        top = page.locator(".brand, .masthead a, .masthead input").evaluate_all(
            "all => all.map(e => [e.getBoundingClientRect().x, e.getBoundingClientRect().y])"
        )
        places.add(str([*top, page.locator("h1").evaluate("e => e.getBoundingClientRect().x")]))
    assert len(places) == 1
    if width >= 768:
        menu = page.locator(".main-nav a").evaluate_all("all => all.map(e => e.getBoundingClientRect().y)")
        assert len(set(menu)) == 1, "one line"
    page.close()


@pytest.mark.parametrize("path", ["", "plan", "search", "pictures/responsibilities", "id/plan/crm/pgm/7"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_masthead_is_shown_before_the_rest_can_be_and_stays_as_it_is(
    browser: Browser, server: str, path: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    held: list[Route] = []
    page.route("**/static/page.css*", lambda route: held.append(route))
    page.goto(f"{server}/es/{path}", wait_until="commit")
    page.evaluate(SHOWN)
    top = page.locator(".masthead, .masthead :is(a, svg, span, nav, input, button)")
    expect(page.locator(".main-nav li")).to_have_count(9)
    before = top.evaluate_all(TOP)
    assert page.locator("h1").count() == 0
    held[0].continue_()
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_load_state()
    assert top.evaluate_all(TOP) == before
    assert len(before) > 15
    page.close()
