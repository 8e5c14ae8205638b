"""Questions asked without SPARQL: in words, in both languages, without scripts, on a telephone, by keyboard."""

import csv
import io
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.visits import Visit


@pytest.fixture
def scriptless(browser: Browser, server: str) -> Iterator[Visit]:
    """A visit with a telephone's window and no scripts."""
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False, locale="es-MX")
    yield Visit(context.new_page(), server)
    context.close()


def download(page: Page, name: str) -> bytes:
    """What the link with this name leads to, as it comes."""
    address = page.get_by_role("link", name=name, exact=True).get_attribute("href")
    answer = page.request.get(page.url.partition("/es/")[0].partition("/en/")[0] + (address or ""))
    assert answer.ok
    return answer.body()


@pytest.mark.parametrize(
    ("language", "words", "question", "heading"),
    [
        (
            "es",
            "actividades pendientes",
            "¿Qué actividades están pendientes según el calendario?",
            "Estado",
        ),
        ("en", "pending", "Which activities are pending according to the schedule?", "Status"),
    ],
)
def test_a_newcomer_finds_all_pending_activities_and_takes_them_home(
    visit: Visit, language: str, words: str, question: str, heading: str
) -> None:
    page = visit.go(f"/{language}/queries")
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    page.locator(".questions").get_by_role("link", name=question).click()
    expect(page).to_have_title(f"{question} · crmgraph")
    rows = page.locator(".results tbody tr")
    listed = list(csv.DictReader(io.StringIO(download(page, "CSV").decode())))
    assert len(listed) > 0
    expect(rows).to_have_count(len(listed))
    assert all(row["status"].endswith("#pending") for row in listed)
    for place, row in enumerate(listed):
        expect(rows.nth(place).locator("q.words")).to_have_text(row["exact"])
    book = openpyxl.load_workbook(io.BytesIO(download(page, "XLSX")))
    above, *cells = book.worksheets[0].iter_rows(values_only=True)
    assert heading in above
    assert len(cells) == len(listed)
    assert book.worksheets[1]["B1"].value == question
    assert not visit.is_too_wide()


@pytest.mark.parametrize(
    ("language", "words", "question", "role"),
    [
        ("es", "implementa", "en el papel «implementación»?", "implementación"),
        ("en", "who implements", "in the role “implementing”?", "implementing"),
    ],
)
def test_a_newcomer_finds_who_implements_the_vulnerability_fund_and_reads_the_words(
    visit: Visit, language: str, words: str, question: str, role: str
) -> None:
    page = visit.go(f"/{language}/queries")
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    page.locator(".questions").get_by_role("link", name=question).click()
    fund = page.locator(".results tbody tr").filter(has=page.locator("q.words", has_text="Fondo"))
    expect(fund.locator("td[data-column=role_label]").first).to_contain_text(role)
    agent = fund.locator("td[data-column=agent_label] a").first
    expect(agent).to_have_attribute("href", f"/{language}/id/actor/oim")
    # Of what sticks to the side of a table, a driver of browsers mistakes the place.
    fund.locator(".words-link").first.press("Enter")
    page.wait_for_url(f"**/{language}/id/source/crm#c*")
    expect(page.locator(":target")).to_be_in_viewport()
    expect(page.locator(":target").locator("xpath=..")).to_contain_text("Fondo implementado por OIM")


def test_a_name_is_typed_and_found_without_scripts_on_a_telephone(scriptless: Visit) -> None:
    page = scriptless.go("/es/queries/objective-contents")
    page.get_by_label("El objetivo", exact=True).fill("3 promover la proteccion internacional del refugiado.")
    page.get_by_role("button", name="Preguntar").click()
    expect(page.locator(".results td[data-column=number]").first).to_contain_text("3.")
    assert "objective=plan%2Fcrm%2Fdh%2F3" in page.url
    page.get_by_label("El objetivo", exact=True).fill("refugiado")
    page.get_by_role("button", name="Preguntar").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("No queda claro qué valor se quiere decir con «refugiado»")
    alert.get_by_role("link").first.click()
    expect(page.locator(".results")).to_be_visible()


def test_rows_are_sorted_and_turned_without_scripts_on_a_telephone(scriptless: Visit) -> None:
    page = scriptless.go("/es/queries/plan-outline")
    page.get_by_label("Ordenar por", exact=True).select_option("number")
    page.get_by_label("Sentido").select_option("desc")
    page.get_by_role("button", name="Ordenar").click()
    first = page.locator(".results td[data-column=number]").first
    expect(first).to_contain_text("11")
    page.get_by_role("link", name="Siguiente").click()
    assert "page=2" in page.url
    assert "sort=number" in page.url
    expect(page.locator(".shown-rows")).to_contain_text("Filas 101 a")


def test_columns_sort_by_their_headings(wide: Visit) -> None:
    page = wide.go("/en/queries/role-counts")
    heading = page.locator(".results thead th").filter(has_text="How many times")
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("td[data-column=times]").first).to_have_text("1")
    heading.get_by_role("link").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    most = page.locator("td[data-column=times]").first.text_content()
    assert int(most or 0) > 5


@pytest.mark.parametrize("name", ["disagreements", "events"])
def test_a_table_that_is_wider_than_its_frame_says_so_and_goes_on(wide: Visit, name: str) -> None:
    page = wide.go(f"/es/queries/{name}")
    frame = page.locator(".answer .scroll")
    expect(page.locator(".scroll-hint")).to_be_visible()
    expect(frame).to_have_class("scroll goes-on")
    frame.evaluate("frame => frame.scrollTo(frame.scrollWidth, 0)")
    expect(frame).to_have_class("scroll")
    page = wide.go("/es/queries/role-counts")
    expect(page.locator(".scroll-hint")).to_be_hidden()


def test_what_is_typed_takes_the_place_of_what_stood_in_a_field_with_suggestions(wide: Visit) -> None:
    page = wide.go("/en/queries/element-agents")
    field = page.get_by_role("combobox", name="The part")
    field.click()
    page.keyboard.type("6.2.1 Return")
    expect(field).to_have_value("6.2.1 Return")


def test_the_whole_is_done_by_keyboard_alone(wide: Visit) -> None:
    page = wide.go("/es/queries/schedule-status")
    menu = page.get_by_label("El estado", exact=True)
    for _ in range(30):
        if menu.evaluate("menu => menu === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(menu).to_be_focused()
    for _ in range(menu.locator("option").count()):
        if menu.input_value() == "pending":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    button = page.get_by_role("button", name="Preguntar")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**status=pending**")
    expect(page.locator(".results tbody tr")).not_to_have_count(0)
    link = page.get_by_role("link", name="XLSX", exact=True)
    for _ in range(40):
        if link.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(link).to_be_focused()
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"


@pytest.mark.parametrize("language", ["es", "en"])
def test_pictures_of_answers_fit_and_have_their_numbers(visit: Visit, language: str) -> None:
    for name in ("theme-counts", "status-counts", "correspondence-coverage", "topics-by-theme", "network-objectives"):
        page = visit.go(f"/{language}/queries/{name}")
        expect(page.locator(".chart")).to_be_visible()
        assert not visit.is_too_wide(), name
    page = visit.go(f"/{language}/queries/theme-counts")
    bar = page.locator(".chart .bar rect").first.bounding_box()
    frame = page.locator(".chart .bar").first.bounding_box()
    assert bar is not None
    assert frame is not None
    numbers = [int(number) for number in page.locator(".chart .bar-value").all_text_contents()]
    assert abs(bar["width"] / frame["width"] - numbers[0] / max(numbers)) < 0.02


@pytest.mark.parametrize("name", ["correspondence-coverage", "theme-counts", "status-counts"])
def test_all_bars_of_a_picture_have_one_scale(visit: Visit, name: str) -> None:
    widths = (
        visit.go(f"/en/queries/{name}")
        .locator(".chart .bar")
        .evaluate_all("bars => bars.map(bar => [bar.getBoundingClientRect().left, bar.getBoundingClientRect().width])")
    )
    assert len(widths) > 2
    assert max(left for left, _ in widths) - min(left for left, _ in widths) < 0.5
    assert max(width for _, width in widths) - min(width for _, width in widths) < 0.5


def test_the_language_changes_and_the_question_stays(wide: Visit) -> None:
    page = wide.go("/es/queries/agent-roles?agent=actor/oim&role=implements")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_label("The role", exact=True)).to_have_value("implements")
    expect(page.locator("option:checked", has_text="implementing")).to_have_count(1)


def test_the_query_is_taken_to_the_workbench(wide: Visit) -> None:
    page = wide.go("/en/queries/agent-roles?agent=actor/acnur")
    page.get_by_role("link", name="Open it in the query editor").click()
    expect(page.locator(".cm-content")).to_contain_text("actor/acnur")


def test_an_answer_is_saved_and_takes_no_place_of_the_page(wide: Visit) -> None:
    page = wide.go("/es/queries/agent-roles?agent=actor/acnur")
    here = page.url
    for form, ending in (("JSON", "json"), ("Turtle", "ttl")):
        with page.expect_download() as saved:
            page.locator(".answer .formats").get_by_text(form, exact=True).click()
        assert saved.value.suggested_filename == f"agent-roles-actor-acnur-es.{ending}"
        assert page.url == here
