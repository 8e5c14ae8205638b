"""The pictures as people use them: nothing lies on anything else, all is reached by keyboard, and they can be saved."""

import struct
import zlib
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, FloatRect, Page, expect

from tests.support.visits import Visit

PICTURES = (
    "/pictures/responsibilities",
    "/pictures/responsibilities?view=network",
    "/pictures/schedule",
    "/pictures/plan-tree",
    "/pictures/plan-tree?open=all",
    "/pictures/members",
    "/processes",
)
DRAWING = ".picture-row > .picture:visible"
OVERLAPS = """all => {
  const boxes = all.filter(e => e.textContent).map(e => [e.textContent, e.getBoundingClientRect()])
  const found = []
  boxes.forEach(([one, a], at) => boxes.slice(0, at).forEach(([other, b]) => {
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
      found.push([one, other])
  }))
  return found
}"""
OUTSIDE = """parts => parts.flatMap(part => {
  const frame = part.getBoundingClientRect()
  return [...part.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect()
    return box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom
  }).map(text => text.textContent)
})"""
BEYOND_BOX = """links => links.filter(link => {
  const box = link.querySelector(".chip, .part").getBoundingClientRect()
  return [...link.querySelectorAll("text")].some(text => {
    const words = text.getBoundingClientRect()
    return words.left < box.left || words.right > box.right || words.bottom > box.bottom + 1
  })
}).map(link => link.textContent)"""


def png(data: bytes) -> tuple[int, int, bytes]:
    """The width and height of a PNG, and the bytes of its lines (each begins with its filter)."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed, size = 8, b"", (0, 0)
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    return *size, zlib.decompress(packed)


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_words_lie_on_others_or_leave_the_picture(wide: Visit, language: str, picture: str) -> None:
    page = wide.go(f"/{language}{picture}")
    assert page.locator(f"{DRAWING} text").count() > 15
    assert page.locator(f"{DRAWING} text").evaluate_all(OVERLAPS) == []
    assert page.locator(DRAWING).evaluate_all(OUTSIDE) == []
    assert page.locator(f"{DRAWING} a:has(.chip, .part)").evaluate_all(BEYOND_BOX) == []


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_words_lie_on_others_or_leave_the_file_of_a_picture(wide: Visit, language: str, picture: str) -> None:
    path, mark, query = picture.partition("?")
    page = wide.go(f"/{language}{path}.svg{mark}{query}")
    assert page.locator("text").count() > 15
    assert page.locator("svg").evaluate_all(OUTSIDE) == []
    assert page.locator("text").evaluate_all(OVERLAPS) == []


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_saved_as_svg_and_as_png(wide: Visit, picture: str, tmp_path: Path) -> None:
    page = wide.go(f"/es{picture}")
    with page.expect_download() as svg:
        page.get_by_role("link", name="SVG").click()
    assert svg.value.suggested_filename.endswith("-es.svg")
    svg.value.save_as(tmp_path / "picture.svg")
    root = ElementTree.parse(tmp_path / "picture.svg").getroot()
    title = root.findtext("{http://www.w3.org/2000/svg}title")
    assert title == page.locator(f"{DRAWING}[aria-label]").last.get_attribute("aria-label")
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    assert saved.value.suggested_filename.endswith("-es.png")
    saved.value.save_as(tmp_path / "picture.png")
    width, height, lines = png((tmp_path / "picture.png").read_bytes())
    for pixels, length in ((width, root.get("width", "")), (height, root.get("height", ""))):
        assert abs(pixels - 2 * float(length)) <= 2
    # One of nothing but paper would have next to no different bytes.
    assert len(set(lines)) > 100


@pytest.mark.parametrize("told_by", ["style sheet", "style sheet alone", "script"])
def test_the_hint_that_a_picture_can_be_scrolled_is_there_where_it_can(
    browser: Browser, server: str, told_by: str
) -> None:
    context = browser.new_context(java_script_enabled=told_by != "style sheet alone")
    page = context.new_page()
    hint = page.locator(".picture-hint:visible")
    if told_by == "script":
        page.add_init_script("CSS.supports = () => false")
        hint = page.locator(".picture-hint:not([hidden])")
    found = set()
    for path in (*PICTURES, "/ontology"):
        for width in (390, 720, 1100, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{server}/en{path}")
            frames = page.locator(":is(.picture-scroll, .overview-scroll, .matrix-figure > .scroll):visible")
            wider = frames.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length")
            expect(hint).to_have_count(wider)
            found.add((path, width, wider))
    assert {("/ontology", 390, 1), ("/pictures/members", 1280, 0), ("/pictures/members", 390, 0)} <= found
    assert {("/processes", 390, 1), ("/processes", 1280, 0)} <= found
    context.close()


def test_without_a_script_no_png_is_offered_and_the_rest_works(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="es-MX")
    page = context.new_page()
    page.goto(f"{server}/es/pictures/plan-tree")
    expect(page.get_by_role("button", name="PNG")).to_have_count(0)
    page.locator("[data-key='toggle-pgm/7']:visible").click()
    page.wait_for_url("**/es/pictures/plan-tree?open=pgm/7")
    expect(page.locator(f"{DRAWING} .part-scheduleentry")).to_have_count(5)
    page.locator("[data-key='toggle-pgm/7']:visible").click()
    page.wait_for_url("**/es/pictures/plan-tree")
    expect(page.locator(f"{DRAWING} .part-scheduleentry")).to_have_count(0)
    context.close()


def test_an_objective_opens_in_place_by_keyboard(wide: Visit) -> None:
    page = wide.go("/en/pictures/plan-tree")
    page.evaluate("window.stayed = true")
    toggle = page.locator("[data-key='toggle-dh/1']:visible")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{DRAWING} .part-action").first).to_be_visible()
    expect(page).to_have_url(f"{wide.server}/en/pictures/plan-tree?open=dh/1")
    assert page.evaluate("window.stayed")
    expect(page.locator("[data-key='toggle-dh/1']:visible")).to_be_focused()
    expect(page.get_by_role("link", name="Collapse all")).to_be_visible()
    expect(page.get_by_role("link", name="SVG")).to_have_attribute("href", "/en/pictures/plan-tree.svg?open=dh/1")
    expect(page.get_by_role("button", name="PNG")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(f"{DRAWING} .part-action")).to_have_count(0)
    page.go_back()
    expect(page.locator(f"{DRAWING} .part-action").first).to_be_visible()


def test_a_cell_leads_to_the_words(visit: Visit) -> None:
    page = visit.go("/en/pictures/responsibilities")
    cell = page.locator(f"{DRAWING} a[href$='#country-GTM-pgm-1']")
    expect(cell).to_have_accessible_name("Guatemala – Migration Policies and Management, 1 (1 time): hosting")
    cell.focus()
    page.keyboard.press("Enter")
    row = page.locator("#country-GTM-pgm-1")
    expect(row).to_be_in_viewport()
    expect(row.locator("q")).to_have_text("La siguiente será en Guatemala")


def test_a_theme_and_a_role_are_chosen(visit: Visit) -> None:
    page = visit.go("/es/pictures/responsibilities?view=network")
    page.get_by_label("Tema", exact=True).select_option("dh")
    page.get_by_label("Papel", exact=True).select_option("acts")
    page.get_by_role("button", name="Mostrar").click()
    page.wait_for_url("**/es/pictures/responsibilities?view=network&theme=dh&role=acts")
    expect(page.get_by_label("Tema", exact=True)).to_have_value("dh")
    edges = page.locator(f"{DRAWING} .edge")
    assert edges.count() > 5
    assert page.locator(f"{DRAWING} .edge.look-0").count() == edges.count()


def test_what_is_near_an_actor_stands_out(wide: Visit) -> None:
    page = wide.go("/en/pictures/responsibilities?view=network")
    page.locator(f"{DRAWING} a", has_text="Guatemala").hover()
    near = page.locator(f"{DRAWING} .edge.is-near")
    assert (
        near.count()
        == page.locator(f"{DRAWING} .edge[data-ends^='https://w3id.org/crmgraph/id/country/GTM ']").count()
        > 0
    )
    page.locator("h1").hover()
    page.locator(f"{DRAWING}").hover(position={"x": 5, "y": 5})
    expect(near).to_have_count(0)


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_grows_with_the_text_of_the_page(browser: Browser, server: str, picture: str) -> None:
    widths = []
    for window in (1280, 2560, 3840):
        page = browser.new_page(viewport={"width": window, "height": 1000})
        page.goto(f"{server}/en{picture}")
        box = page.locator(f"{DRAWING} text").first.bounding_box()
        assert box
        widths.append(box["height"])
        page.close()
    assert widths[1] / widths[0] == pytest.approx(1.25, abs=0.05)
    assert widths[2] / widths[0] == pytest.approx(1.625, abs=0.05)


@pytest.mark.parametrize("height", [700, 1000])
def test_objectives_and_actors_are_named_wherever_the_matrix_is_scrolled(
    browser: Browser, server: str, height: int
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": height})
    page.goto(f"{server}/en/pictures/responsibilities")
    frame = page.locator(".picture-scroll")
    frame.evaluate("e => { e.scrollIntoView({behavior: 'instant'}); e.scrollTo(140, 900) }")
    cell = page.locator(f"{DRAWING} a[href$='#actor-oim-pgm-7']")
    cell.evaluate("e => e.scrollIntoView({behavior: 'instant', block: 'nearest'})")
    box, outer = cell.bounding_box(), frame.bounding_box()
    assert box
    assert outer
    assert outer["y"] + outer["height"] <= height
    numbers = page.locator(f".picture-head {DRAWING.rpartition(' ')[2]} .column")
    at = [each for each in numbers.all() if (place := each.bounding_box()) and abs(_middle(place) - _middle(box)) < 2]
    assert [each.text_content() for each in at] == ["7"]
    number = at[0].bounding_box()
    assert number
    assert outer["y"] <= number["y"] < number["y"] + number["height"] <= box["y"]
    name = page.locator(f"{DRAWING}.still a[href$='/id/actor/oim'] text").first.bounding_box()
    assert name
    assert outer["x"] <= name["x"] < name["x"] + name["width"] <= box["x"]
    page.close()


def _middle(box: FloatRect) -> float:
    return box["x"] + box["width"] / 2


@pytest.mark.parametrize("picture", PICTURES)
def test_links_are_large_enough_to_be_hit(narrow: Visit, picture: str) -> None:
    page = narrow.go(f"/es{picture}")
    sizes = page.locator(f"{DRAWING} a rect").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
    )
    assert min(sizes, default=24) >= 24


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("picture", PICTURES[:4])
def test_words_stand_out(browser: Browser, server: str, scheme: Literal["light", "dark"], picture: str) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{server}/en{picture}")
    assert _faint(page) == []
    context.close()


def _faint(page: Page) -> list[str]:
    """The kinds of words whose contrast to the ground that they stand on is below 4.5."""
    faint: list[str] = page.evaluate(
        """() => {
          const channels = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number)
          const light = text => channels(text).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
            .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0)
          const surface = getComputedStyle(document.querySelector(".picture-scroll")).backgroundColor
          const ground = text => {
            const below = text.closest("a")?.querySelector(".cell, .chip, .part, .toggle, .bar")
            const style = below && getComputedStyle(below)
            const inside = style && style.fill !== "none" && (below.matches(":not(.bar)") || text.matches(".on-bar"))
            return inside ? style.fill : surface
          }
          const faint = new Set()
          for (const text of document.querySelectorAll(".picture-scroll text")) {
            const [one, other] = [light(getComputedStyle(text).fill), light(ground(text))].sort((a, b) => b - a)
            if ((one + 0.05) / (other + 0.05) < 4.5) faint.add(text.getAttribute("class") + text.textContent)
          }
          return [...faint]
        }"""
    )
    return faint
