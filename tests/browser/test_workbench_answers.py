"""Answers in the workbench: sorted, by pages, with their words, cited."""

import re
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.support.editing import type_in
from tests.support.visits import Visit

# Nobody waits for all of it: it joins everything with everything.


def test_the_words_of_the_source_are_seen_beside_the_rows(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    page.get_by_role("button", name="Run").click()
    words = page.locator(".results .words-column q").first
    words.scroll_into_view_if_needed()
    expect(words).to_be_in_viewport()
    expect(words).to_contain_text("1. Elaboración, revisión e implementación")


def test_a_table_is_sorted_by_its_columns_numbers_as_numbers(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    type_in(page, 'SELECT ?n ?w { VALUES (?n ?w) { (10 "b") (9 "ñ") (100 "a") (UNDEF "n") } }')
    page.keyboard.press("Control+Enter")
    cells = page.locator(".results tbody td[data-column=n]")
    heading = page.get_by_role("columnheader", name="n", exact=True)
    expect(cells).to_have_text(["10", "9", "100", ""])
    heading.get_by_role("button").click()
    expect(cells).to_have_text(["9", "10", "100", ""])
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.get_by_role("button").press("Enter")
    expect(cells).to_have_text(["100", "10", "9", ""])
    expect(heading).to_have_attribute("aria-sort", "descending")
    page.get_by_role("columnheader", name="w", exact=True).get_by_role("button").click()
    expect(heading).not_to_have_attribute("aria-sort", re.compile("."))
    expect(page.locator(".results tbody td[data-column=w]")).to_have_text(["a", "b", "n", "ñ"])


def test_on_a_telephone_a_menu_sorts_the_rows(narrow: Visit) -> None:
    page = narrow.go("/es/sparql")
    type_in(page, "SELECT ?n { VALUES ?n { 10 9 100 } }")
    page.keyboard.press("Control+Enter")
    page.get_by_label("Ordenar por").select_option("n, descendente")
    expect(page.locator(".results tbody td")).to_have_text(["100", "10", "9"])
    assert not narrow.is_too_wide()


def test_many_rows_are_shown_by_pages(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    type_in(page, "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT ?x ?o { ?x cg:order ?o } ORDER BY ?o ?x")
    page.keyboard.press("Control+Enter")
    rows = page.locator(".results tbody tr:visible")
    pages = page.get_by_role("navigation", name="Pages of the answer")
    expect(rows).to_have_count(100)
    expect(pages).to_contain_text("Rows 1 to 100 of 241")
    pages.get_by_role("button", name="Next rows").click()
    expect(pages).to_contain_text("Rows 101 to 200 of 241")
    pages.get_by_role("button", name="Next rows").click()
    expect(rows).to_have_count(41)
    expect(pages.get_by_role("button", name="Next rows")).to_have_attribute("aria-disabled", "true")
    pages.get_by_role("button", name="Previous rows").click()
    expect(rows).to_have_count(100)
    assert not visit.is_too_wide()


def test_the_words_of_a_row_are_shown_where_they_stand(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    page.get_by_role("button", name="Run").click()
    around = page.locator(".results").get_by_role("button", name="In the document").first
    around.click()
    row = page.locator(".words-row")
    expect(row.locator("mark")).to_contain_text("1. Elaboración, revisión e implementación")
    expect(row.locator("mark")).to_be_in_viewport()
    expect(row).to_contain_text("Intercambiar información")
    expect(around).to_have_attribute("aria-expanded", "true")
    assert not visit.is_too_wide()
    around.press("Enter")
    expect(row).to_have_count(0)
    expect(around).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [("en", "Cite this answer", "accessed on"), ("es", "Citar esta respuesta", "consultado el")],
)
def test_an_answer_is_cited_with_its_dataset_and_day(wide: Visit, language: str, name: str, words: str) -> None:
    page = wide.go(f"/{language}/sparql")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    type_in(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    page.locator(".cite summary", has_text=name).click()
    cited = page.locator(".cite-words")
    expect(cited).to_contain_text("https://w3id.org/crmgraph/sparql?query=ASK+%7B%7D")
    expect(cited).to_contain_text(words)
    digest = page.locator(".colophon code[title]").inner_text()
    expect(cited).to_contain_text(digest)
    page.locator(".cite [data-copies=cite-bibtex]").click()
    expect(page.locator(".cite [data-copies=cite-bibtex]")).to_have_text(re.compile("Copied|Copiado"))
    copied: str = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@misc{crmgraph-")
    assert "url = {https://w3id.org/crmgraph/sparql?query=ASK+%7B%7D}" in copied
    assert digest in copied


def test_the_link_that_is_copied_leads_to_the_answer(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    type_in(page, "SELECT * { VALUES ?x { 1 2 3 } }")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator(".results tbody tr")).to_have_count(3)


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_headings_of_an_answer_are_seen_whole(wide: Visit, media: Literal["screen", "print"]) -> None:
    page = wide.go("/en/sparql?query=SELECT%20%2A%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%203")
    page.emulate_media(media=media)
    buttons = page.locator(".results thead button.sort")
    expect(buttons).to_have_count(3)
    cut = buttons.evaluate_all(
        "all => all.filter(each => { const words = document.createRange(); words.selectNodeContents(each);"
        " const [outer, inner] = [each, words].map(one => one.getBoundingClientRect());"
        " return inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1 || inner.width > outer.width + 1;"
        " }).length"
    )
    assert cut == 0
