"""The pictures: nothing lies on anything else, all of it is reached and can be saved, and paper has it too."""

import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Window
from tests.support.visits import Visit, box

PICTURES = (
    "/pictures/responsibilities", "/pictures/schedule",
    "/pictures/plan-tree", "/pictures/plan-tree?open=all", "/pictures/members", "/processes",
)  # fmt: skip
# Those whose data are cards on a telephone.
CARDS = ("/pictures/responsibilities", "/pictures/schedule", "/pictures/plan-tree", "/pictures/members", "/processes")
DRAWING = ".picture-row > .picture:visible"
FRAMES = ":is(.picture-scroll, .matrix-figure > .scroll):visible"


def check_words(page: Page, texts: str, whole: str) -> None:
    assert page.locator(texts).count() > 15
    assert page.locator(texts).evaluate_all("measures.overlaps") == []
    assert page.locator(whole).evaluate_all("measures.outside") == []


BOTH = ["as they alternate", pytest.param("the other way round", marks=pytest.mark.drill)]


@pytest.mark.parametrize("languages", BOTH)
@pytest.mark.parametrize("picture", PICTURES)
def test_each_picture(wide: Visit, picture: str, languages: str) -> None:
    """Words lie on no others and stand out; the picture grows with the text, and can be scrolled where it says so."""
    language = ("es", "en")[(PICTURES.index(picture) + (languages == BOTH[0])) % 2]
    page = wide.go(f"/{language}{picture}")
    check_words(page, f"{DRAWING} text", DRAWING)
    assert page.locator(f"{DRAWING} a:has(.chip, .part)").evaluate_all("measures.beyondBox") == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert picture not in PICTURES[:3] or page.evaluate("measures.faint") == []
    heights = []
    for width in (1280, 3840, 390):
        page.set_viewport_size({"width": width, "height": 1000})
        heights.append(box(page.locator(f"{DRAWING} text").first)["height"])
        expect(page.locator(".picture-hint:visible")).to_have_count(page.locator(FRAMES).evaluate_all("measures.wider"))
    assert heights[1] / heights[0] == pytest.approx(1.625, abs=0.07)
    assert min(page.locator(f"{DRAWING} a rect").evaluate_all("measures.leastSides"), default=24) >= 24
    # The file of it.
    path, mark, query = picture.partition("?")
    page = wide.go(f"/{language}{path}.svg{mark}{query}")
    check_words(page, "text", "svg")


@pytest.mark.parametrize("picture", ["/pictures/members", "/pictures/schedule"])
def test_picture_is_saved_as_svg_and_as_png(wide: Visit, picture: str, tmp_path: Path) -> None:
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
    data = (tmp_path / "picture.png").read_bytes()
    for pixels, length in zip(struct.unpack(">II", data[16:24]), (root.get("width"), root.get("height")), strict=True):
        assert abs(pixels - 2 * float(length or 0)) <= 2
    # One of nothing but paper would have next to no bytes.
    assert len(data) > 20_000


@pytest.mark.parametrize("languages", BOTH)
@pytest.mark.parametrize("path", CARDS)
def test_data_of_a_picture_on_a_telephone(narrow: Visit, path: str, languages: str) -> None:
    language = ("es", "en")[(CARDS.index(path) + (languages == BOTH[0])) % 2]
    page = narrow.go(f"/{language}{path}")
    table = page.locator("main table.results").last
    assert table.locator("tbody tr").count() > 3
    assert table.locator("tbody td:not([data-heading])").count() == 0
    assert table.locator("tbody td").evaluate_all("measures.outOfFrame") == []
    assert table.locator(".status, .severity").evaluate_all("measures.outOfFrame") == []
    # Nothing is ruled off for a part of the width.
    widths = table.locator("tbody th").evaluate_all(
        "all => all.map(th => [getComputedStyle(th).borderBottomWidth, th.offsetWidth - th.parentElement.offsetWidth])"
    )
    assert {tuple(each) for each in widths} == {("0px", 0)}


def test_tree_opens_by_keyboard_in_place(wide: Visit) -> None:
    page = wide.go("/en/pictures/plan-tree")
    page.evaluate("window.stayed = true")
    toggle = page.locator("[data-key='toggle-dh/1']:visible")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{DRAWING} .part-action").first).to_be_visible()
    expect(page).to_have_url(f"{wide.server}/en/pictures/plan-tree?open=dh/1")
    assert page.evaluate("window.stayed")
    expect(toggle).to_be_focused()
    expect(page.get_by_role("link", name="Collapse all")).to_be_visible()
    expect(page.get_by_role("link", name="SVG")).to_have_attribute("href", "/en/pictures/plan-tree.svg?open=dh/1")
    expect(page.get_by_role("button", name="PNG")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(f"{DRAWING} .part-action")).to_have_count(0)
    page.go_back()
    expect(page.locator(f"{DRAWING} .part-action").first).to_be_visible()


def test_matrix_of_responsibilities_on_a_telephone(narrow: Visit) -> None:
    page = narrow.go("/en/pictures/responsibilities")
    theme, role = (box(each) for each in page.locator(".picture-choices select").all())
    assert theme["width"] == role["width"]
    frame = page.locator(".picture-scroll")
    name = frame.locator("text", has_text="Guatemala").first
    before, last = box(name), frame.locator(".column").last
    assert last.evaluate("measures.right") > 390
    frame.evaluate("frame => frame.scrollTo(frame.scrollWidth, 0)")
    assert last.evaluate("measures.right") < 390
    assert box(name) == before
    assert frame.evaluate("e => e.clientWidth - e.querySelector('.still').clientWidth") > 5 * 36


SHEET = ViewportSize(width=673, height=986)
"""What is left of an A4 sheet within our margins, in the pixels of style sheets."""
ON_PAPER = Path(__file__).with_name("paper.txt").read_text("utf-8").split()
"""Pages that are printed; `make test` looks at every third."""
CONTROLS = (
    "button, input[type=search], .button, [role=search], .sorter, .pager, .main-nav, .language-nav, .formats, "
    ".actions, .filters"
)


@pytest.fixture
def paper(window: Window) -> Visit:
    """A visit that sees pages as they are printed."""
    visit = window(SHEET["width"], SHEET["height"])
    visit.page.emulate_media(media="print")
    return visit


def amiss_on_paper(visit: Visit, path: str) -> list[str]:
    page = visit.go(f"/es{path}")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".printed-from")).to_contain_text(f"{visit.server}/es{path}")
    wrong: list[str] = (
        page.locator("main :is(th, td)").evaluate_all("measures.cellsBeyond") if path != "/id/source/crm" else []
    )
    wrong += page.locator("main table").evaluate_all("measures.brokenWords") if path != "/id/source/crm" else []
    wrong += page.locator(CONTROLS).locator("visible=true").evaluate_all("all => all.map(e => e.outerHTML)")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    wrong += [f"ground {paper}"] if paper != "rgb(255, 255, 255)" else []
    return [*wrong, *(["too wide"] if visit.is_too_wide() else [])]


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.drill)])
def test_pages_on_paper(paper: Visit, every: int) -> None:
    assert {path: wrong for path in ON_PAPER[::every] if (wrong := amiss_on_paper(paper, path))} == {}


def test_what_paper_shows_instead(paper: Visit) -> None:
    page = paper.go("/en/queries/schedule-status?status=pending")
    expect(page.locator(".phrase select")).to_be_visible()
    assert page.locator(".phrase select").evaluate("field => getComputedStyle(field).appearance") == "none"
    for each in (".cite-words", ".cite .code"):
        expect(page.locator(each)).to_be_visible()
        assert page.locator(each).evaluate("e => e.scrollHeight <= e.clientHeight && e.scrollWidth <= e.clientWidth")
    page = paper.go("/en/queries/events")
    words = page.locator(".results td.words-column")
    expect(words.locator("q.words")).to_have_count(page.locator(".results tbody tr").count())
    heading = words.first.evaluate("e => [getComputedStyle(e, '::before').content, JSON.stringify(e.dataset.heading)]")
    assert heading[0] == heading[1]
    # What is folded on the screen is open on paper.
    expect(paper.go("/es/plan").locator(".part-scheduleentry").first).to_be_visible()
