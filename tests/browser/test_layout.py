"""Where things stand on particular pages: nothing is cut or lies on anything else, what belongs together is near."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.visits import Visit, is_too_wide, lay_out

LONG = "Plan de Trabajo del Proceso de Quito sobre la Movilidad Humana de Ciudadanos Venezolanos en la Región"


def resize(page: Page, width: int, height: int = 900) -> None:
    page.set_viewport_size({"width": width, "height": height})


BOTH = ["es", pytest.param("en", marks=pytest.mark.drill)]


@pytest.mark.parametrize("language", BOTH)
def test_overview(wide: Visit, language: str) -> None:
    """No mark lies on a title, in any width."""
    page = wide.go(f"/{language}/")
    lines = page.locator(".glance li")
    assert lines.locator(".strip .tag").count() > 1
    for width in (360, 600, 768, 1024, 1280):
        resize(page, width)
        assert lines.evaluate_all("measures.onTitles") == [], width
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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


def test_other_plans_on_a_telephone(narrow: Visit) -> None:
    page = narrow.go("/en/crosswalk")
    # Titles above the matrix are whole, however long.
    heads = page.locator(".crosswalk thead th > span")
    heads.nth(1).evaluate("(e, text) => e.textContent = text", LONG)
    assert set(heads.evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")) == {0}
    assert not is_too_wide(page)
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
