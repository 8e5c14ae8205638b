"""Where things stand on particular pages: nothing is cut or lies on anything else, what belongs together is near."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Window
from tests.support.visits import Visit, box, is_too_wide, lay_out

ACCENT = "rgb(15, 90, 102)"
LONG = "Plan de Trabajo del Proceso de Quito sobre la Movilidad Humana de Ciudadanos Venezolanos en la Región"


def resize(page: Page, width: int, height: int = 900) -> None:
    page.set_viewport_size({"width": width, "height": height})


BOTH = ["es", pytest.param("en", marks=pytest.mark.drill)]


@pytest.mark.parametrize("language", BOTH)
def test_overview_and_masthead(wide: Visit, language: str) -> None:
    """No mark lies on a title, in any width; and the masthead does not move from page to page."""
    page = wide.go(f"/{language}/")
    lines = page.locator(".glance li")
    assert lines.locator(".strip .tag").count() > 1
    for width in (360, 600, 768, 1024, 1280):
        resize(page, width)
        assert lines.evaluate_all("measures.onTitles") == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    places: dict[int, set[str]] = {}
    for path in ("about", "actors", "queries/agent-roles"):
        wide.go(f"/{language}/{path}")
        for width in (390, 768, 1024, 1280):
            resize(page, width)
            top = page.locator(".brand, .masthead a, .masthead input").evaluate_all(
                "all => all.map(e => [e.getBoundingClientRect().x, e.getBoundingClientRect().y])"
            )
            heading = page.locator("h1").evaluate("e => e.getBoundingClientRect().x")
            places.setdefault(width, set()).add(str([*top, heading]))
            menu = page.locator(".main-nav a").evaluate_all("all => all.map(e => e.getBoundingClientRect().y)")
            assert width < 768 or len(set(menu)) == 1, "one line"
    assert [width for width, each in places.items() if len(each) > 1] == []


@pytest.mark.parametrize("language", BOTH)
def test_indexes(wide: Visit, language: str) -> None:
    """Words are whole, numbers end below their headings, the table fits a small screen, dates their cards."""
    found: dict[str, Any] = {}
    for path in ("actors", "networks", "instruments", "meetings", "states", "topics", "population-groups"):
        page = wide.go(f"/{language}/{path}")
        resize(page, 1220)
        lay_out(page)
        cells = page.locator(".things :is(th, td)")
        assert cells.count() > 50 or path == "instruments"
        broken = cells.evaluate_all("measures.brokenCells") if path != "instruments" else []
        resize(page, 1024)
        frames = page.locator(".scroll:has(> .things)").evaluate_all(
            "all => all.filter(e => e.scrollWidth > e.clientWidth).map(e => e.ariaLabel)"
        )
        apart = page.locator(".results thead th.numeric").evaluate_all("measures.apart")
        lines = page.locator(".results tbody tr:last-child > *").evaluate_all(
            "all => all.map(e => getComputedStyle(e).borderBottomWidth)"
        )
        found[path] = (broken, frames, set(apart) - {0}, set(lines) - {"0px"})
        if path == "meetings":
            resize(page, 390)
            assert page.locator(".things .date").evaluate_all(
                """all => all.filter(e => {
                  const frame = e.closest(".scroll").getBoundingClientRect(), box = e.getBoundingClientRect()
                  return box.width && (box.left < frame.left || box.right > frame.right)
                }).length"""
            ) == 0  # fmt: skip
    assert [(path, wrong) for path, wrong in found.items() if any(wrong[:3]) or (path == "actors" and wrong[3])] == []


def test_other_plans_on_a_desk(wide: Visit) -> None:
    page = wide.go("/es/crosswalk")
    lay_out(page)
    heads = page.locator("section[aria-labelledby=all] thead th").all_inner_texts()
    assert len(heads) == 5
    assert [each for each in heads if not each[0].isupper()] == []
    assert set(page.locator(".results thead th.numeric").evaluate_all("measures.apart")) == {0}
    shares = page.locator("td.share").evaluate_all("measures.linesBelowBar")
    assert len(shares) > 10
    assert set(shares) == {0}
    widths = page.locator(".crosswalk thead th").evaluate_all("all => all.map(e => e.getBoundingClientRect().width)")
    assert len(widths) > 5
    assert max(widths) - min(widths) < 2
    check_titles_of_plans(page)


def check_titles_of_plans(page: Page) -> None:
    """Titles above the matrix are whole, however long."""
    heads = page.locator(".crosswalk thead th > span")
    heads.nth(1).evaluate("(e, text) => e.textContent = text", LONG)
    sizes = heads.evaluate_all(
        """all => all.map(e => [
          e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth, getComputedStyle(e).overflow])"""
    )
    assert {tuple(each) for each in sizes} == {(0, 0, "visible")}
    assert not is_too_wide(page)


def test_other_plans_on_a_telephone(narrow: Visit) -> None:
    page = narrow.go("/en/crosswalk")
    check_titles_of_plans(page)
    names = page.locator(".crosswalk tbody th[scope=row] a")
    assert names.count() >= 20
    sizes = names.evaluate_all("all => all.map(e => [e.clientHeight, e.getBoundingClientRect().left])")
    assert {24 <= high <= 44 for high, _ in sizes} == {True}
    frame = page.locator(".scroll:has(> .crosswalk)")
    assert min(left for _, left in sizes) >= frame.evaluate("e => e.getBoundingClientRect().left") + 8
    check_names_of_rows(frame)


def check_names_of_rows(frame: Locator) -> None:
    """No heading of a column is seen over the names of rows when a matrix is scrolled sideways."""
    frame.evaluate("e => { e.scrollIntoView({behavior: 'instant'}); e.scrollTo(120, 0) }")
    seen = frame.locator("thead td, tbody th[scope=row]").evaluate_all(
        """all => all.map(e => e.getBoundingClientRect()).filter(box => box.bottom < innerHeight).map(box => {
          const at = share => document.elementFromPoint(box.left + share * box.width, box.top + box.height / 2)
          return [0.1, 0.3, 0.5, 0.7, 0.9].map(share => at(share).closest("thead td, tbody th[scope=row]") !== null)
        })"""
    )
    assert len(seen) > 4
    assert {tuple(each) for each in seen} == {(True,) * 5}


@pytest.mark.parametrize("path", ["/en/processes", "/es/queries/role-counts"])
def test_matrix_on_a_telephone(narrow: Visit, path: str) -> None:
    page = narrow.go(path)
    frame = page.locator(".scroll:has(> .matrix)")
    shares = frame.evaluate("e => [...e.querySelectorAll('tbody th')].map(name => name.offsetWidth / e.clientWidth)")
    assert max(shares) < 0.45
    widths = frame.locator("tbody tr").first.locator("td").evaluate_all("all => all.map(e => e.offsetWidth)")
    assert len(widths) > 10
    assert max(widths) - min(widths) <= 1
    check_names_of_rows(frame)
    # Headings stay above the cells that are scrolled.
    resize(page, 390, 500)
    frame.evaluate("e => { e.scrollIntoView({behavior: 'instant'}); e.scrollTo(0, 200) }")
    top, first, cell = frame.evaluate(
        """e => [e, e.querySelector("thead th"), e.querySelector("tbody td")].map(e => e.getBoundingClientRect().top)"""
    )
    assert cell < top <= first < top + 2
    name = frame.locator("tbody th a").first
    name.focus()
    head = box(frame.locator("thead th").first)
    assert head["y"] + head["height"] <= box(name)["y"]


def test_plan_and_the_colours_of_its_themes(wide: Visit) -> None:
    page = wide.go("/en/plan")
    page.get_by_role("button", name="Expand all").click()
    before = page.locator(".part-action + .part-action").evaluate_all("measures.gaps")
    below = page.locator(".part-action > .part-line + .branch").evaluate_all("measures.gaps")
    assert len(before) > 10
    assert min(before) > max(below) + 4
    themes = {
        name: page.locator(f".theme:has([href$='/id/plan/crm/{name}']) .theme-title a").first.evaluate(
            "measures.colour"
        )
        for name in ("pgm", "dh", "vmd")
    }
    for path in ("pgm/6.2", "dh/1", "vmd", "vmd/1.1"):
        wide.go(f"/en/id/plan/crm/{path}")
        number = page.locator("[aria-labelledby=parts] .part-link .number:not(.none)").first
        assert number.evaluate("measures.colour") == themes[path.partition("/")[0]]
    # Of a plan with many themes the colour is that of the site.
    wide.go("/en/id/plan/marrakesh")
    assert page.locator(".theme").count() > 3
    page.locator(".theme-title a").nth(2).click()
    expect(page.locator("[aria-labelledby=parts] .part-link .number").first).to_have_css("color", ACCENT)


@pytest.mark.parametrize(("width", "language"), [(1280, "es"), (390, "en")])
def test_parts_of_the_plan_that_were_found(window: Window, width: int, language: str) -> None:
    page = window(width).go(f"/{language}/plan?topic=return&status=continuous")
    expect(page.locator(".hit").first).to_be_visible()
    lines = page.locator(".plan :is(.objective-line, .part-line)")
    assert lines.count() > 10
    assert lines.evaluate_all("measures.onAnother") == []
    right = page.locator(".plan").evaluate("e => e.getBoundingClientRect().right")
    for left, _, end, _ in page.locator(".hit > :is(.objective-line, .part-line)").evaluate_all("measures.rectangles"):
        # Its ground reaches into the edge of the page, and not out of the window.
        assert 0 < left < end <= right


def test_marks_in_the_source(wide: Visit) -> None:
    page = wide.go("/es/id/source/crm")
    for words in ("las mismas palabras nombran también otra cosa", "un número junto a la marca: cuántos hallazgos"):
        expect(page.locator(".layers li", has_text=words)).to_be_visible()
    marks = page.locator(".source :is(.flag, .mention-more)")
    assert marks.count() > 20
    for width in (1280, 390):
        resize(page, width)
        assert marks.evaluate_all("measures.marksApart") == []


@pytest.mark.parametrize("width", [1280, 390])
def test_fields_stand_in_the_sentence_with_what_ends_it(window: Window, width: int) -> None:
    visit = window(width)
    for name in ("element-agents", "correspondences"):
        page = visit.go(f"/es/queries/{name}")
        fields = page.locator(".gap input")
        assert set(fields.evaluate_all("all => all.map(e => getComputedStyle(e).display)")) == {"inline-block"}
        endings = page.locator(".gap").evaluate_all("measures.endings")
        assert endings
        assert all(endings)


def test_answers_on_a_telephone(narrow: Visit) -> None:
    page = narrow.go("/en/queries/element-agents?element=plan/crm/pgm/6.2.1")
    shown = page.locator(".results td[data-column=agent_label]").first.evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    )
    assert shown == '"Agent"'
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
    page = narrow.go("/en/processes")
    card = page.locator("table.results tbody tr", has_text="Regional Conference on Migration").first
    headings = card.locator("td:visible").evaluate_all(
        "all => all.map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert headings == ['"Level"', '"Since"', '"Members known"', '"In common"']
    # No line of the way to a page begins with a sign.
    page = narrow.go("/es/id/plan/crm/pgm/7.3.1.1")
    steps = page.locator(".trail li")
    assert len({box(each)["y"] for each in steps.all()}) > 1
    signs = "all => all.map(each => ['::before', '::after'].map(place => getComputedStyle(each, place).content))"
    *before, last = steps.evaluate_all(signs)
    assert {tuple(each) for each in before} == {("none", '"›"')}
    assert last == ["none", "none"]


def test_tables_of_many_columns(wide: Visit) -> None:
    page = wide.go("/es/queries/schedule-status?columns=all")
    frame = page.locator(".answer .scroll")
    expect(page.locator(".scroll-hint")).to_be_visible()
    expect(frame).to_have_class("scroll goes-on")
    words = box(page.locator("thead .words-column"))
    frame.evaluate("table => table.scrollLeft = table.scrollWidth")
    expect(frame).to_have_class("scroll")
    last = box(page.locator("thead th:not(.words-column)").last)
    assert last["x"] > 0
    assert last["x"] + last["width"] <= words["x"] + 1
    wide.go("/es/queries/role-counts")
    expect(page.locator(".scroll-hint")).to_be_hidden()


@pytest.mark.parametrize(("language", "width"), [("es", 390), pytest.param("en", 1280, marks=pytest.mark.drill)])
def test_charts_of_answers(window: Window, language: str, width: int) -> None:
    visit = window(width)
    for name in ("status-counts", "correspondence-coverage", "topics-by-theme", "network-objectives", "theme-counts"):
        page = visit.go(f"/{language}/queries/{name}")
        expect(page.locator(".chart")).to_be_visible()
        assert not visit.is_too_wide(), name
        bars = page.locator(".chart .bar").evaluate_all("measures.rectangles")
        if name.endswith(("counts", "coverage")):
            # All bars have one scale.
            assert len({(round(left), round(right)) for left, _, right, _ in bars}) == 1
