"""Somebody who does not know the site finds what they look for, by a few words."""

import pytest
from playwright.sync_api import expect

from tests.support.visits import Visit

SEARCHES = [
    ("es", "fondo vulnerables", "Fondo de Reserva de la CRM", "**/es/id/instrument/fondo-alta-vulnerabilidad"),
    ("en", "vulnerable fund", "RCM Reserve Fund", "**/en/id/instrument/fondo-alta-vulnerabilidad"),
    ("es", "memorandum", "Memorándum de Entendimiento", "**/es/id/instrument/mou-2006"),
    ("en", "memorandum", "Memorandum of Understanding", "**/en/id/instrument/mou-2006"),
    ("es", "ONU", "Organización de las Naciones Unidas", "**/es/id/actor/onu"),
    ("en", "ONU", "United Nations", "**/en/id/actor/onu"),
]
BUTTON = {"es": "Buscar", "en": "Search"}


@pytest.mark.parametrize(("language", "typed", "name", "address"), SEARCHES)
def test_a_newcomer_gets_there(visit: Visit, language: str, typed: str, name: str, address: str) -> None:
    page = visit.go(f"/{language}/search")
    box = page.locator("form.search.large")
    box.get_by_role("combobox").fill(typed)
    box.get_by_role("button", name=BUTTON[language]).click()
    first = page.locator(".hits > li").first
    expect(first.locator("h3")).to_contain_text(name)
    expect(first.locator("mark").first).to_be_visible()
    assert not visit.is_too_wide()
    first.locator("h3 a").click()
    page.wait_for_url(address)
    expect(page.locator("h1")).to_contain_text(name)


@pytest.mark.parametrize("language", ["es", "en"])
def test_who_implements_the_fund_is_found_and_its_words_are_read(visit: Visit, language: str) -> None:
    question = {"es": "¿Quién implementa el fondo para vulnerables?", "en": "Who implements the vulnerable fund?"}
    page = visit.go(f"/{language}/search")
    page.locator("form.search.large").get_by_role("combobox").fill(question[language])
    page.keyboard.press("Enter")
    first = page.locator(".hits > li").first
    expect(first.locator(".hit-kind")).to_contain_text("6.2.1")
    first.locator(".hit-words a").click()
    page.wait_for_url(f"**/{language}/id/source/crm#c3914-4005")
    expect(page.locator("#c3914-4005")).to_be_in_viewport()
    expect(page.locator("#c3914-4005")).to_contain_text("Fondo implementado por OIM")


def test_kinds_and_further_results_are_reached_by_keyboard(visit: Visit) -> None:
    page = visit.go("/es/search?q=migrantes")
    kinds = page.get_by_role("navigation", name="Tipos de resultados")
    kinds.get_by_role("link", name="Partes del plan").press("Enter")
    page.wait_for_url("**kind=part**")
    expect(page.locator(".hits > li")).to_have_count(20)
    page.get_by_role("link", name="Más resultados").press("Enter")
    page.wait_for_url("**start=20**")
    expect(page.get_by_role("link", name="Resultados anteriores")).to_be_visible()
    expect(kinds.locator("[aria-current]")).to_contain_text("Partes del plan")


def test_a_slip_of_the_pen_is_told_and_forgiven(visit: Visit) -> None:
    page = visit.go("/en/search?q=memorandun")
    expect(page.locator(".notice")).to_contain_text("Nothing matches “memorandun”")
    expect(page.locator(".hits h3").first).to_contain_text("Memorandum of Understanding")
    page.locator(".notice a").click()
    expect(page.locator(".notice")).to_have_count(0)
    expect(page.locator(".hits h3").first).to_contain_text("Memorandum of Understanding")


def test_the_language_changes_and_the_words_stay(visit: Visit) -> None:
    page = visit.go("/es/search?q=fondo+vulnerables")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/search?q=fondo+vulnerables")
    expect(page.locator("form.search.large").get_by_role("combobox")).to_have_value("fondo vulnerables")
    expect(page.locator(".hits h3").first).to_contain_text("RCM Reserve Fund")


def test_nothing_found_helps_on(visit: Visit) -> None:
    page = visit.go("/es/search?q=xyzzyq")
    expect(page.locator(".nothing")).to_be_visible()
    page.locator(".search-examples a").first.click()
    expect(page.locator(".hits > li").first).to_be_visible()


def test_everything_to_press_is_large_enough(visit: Visit) -> None:
    page = visit.go("/en/search?q=OIM")
    small = page.locator("main a, main button").evaluate_all(
        "all => all.map(e => [e.textContent, e.getBoundingClientRect().height]).filter(([, height]) => height < 24)"
    )
    assert small == []


@pytest.mark.parametrize(
    ("language", "begun", "name", "address"),
    [
        ("es", "memor", "Memorándum de Entendimiento", "**/es/id/instrument/mou-2006"),
        ("en", "OIM", "International Organization for Migration", "**/en/id/actor/oim"),
    ],
)
def test_things_are_proposed_while_somebody_types(
    visit: Visit, language: str, begun: str, name: str, address: str
) -> None:
    page = visit.go(f"/{language}/search")
    field = page.get_by_role("combobox")
    field.press_sequentially(begun)
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text(name)
    expect(field).to_have_attribute("aria-expanded", "true")
    assert not visit.is_too_wide()
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    field.press("Enter")
    page.wait_for_url(address)


def test_what_is_proposed_is_taken_by_a_press_or_left_by_escape(visit: Visit) -> None:
    page = visit.go("/es/search")
    field = page.get_by_role("combobox")
    field.press_sequentially("memor")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("a")
    expect(options.first).to_be_visible()
    options.first.click()
    page.wait_for_url("**/es/id/**")


def test_enter_searches_for_what_was_typed_where_nothing_is_chosen(visit: Visit) -> None:
    page = visit.go("/es/search")
    field = page.get_by_role("combobox")
    field.press_sequentially("memor")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Enter")
    page.wait_for_url("**/es/search?q=memor")
    expect(page.locator(".hits > li").first).to_be_visible()
