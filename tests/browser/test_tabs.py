"""Queries of the workbench side by side, and those that were asked before."""

import re

from playwright.sync_api import expect

from tests.support.editing import query_in, type_in
from tests.support.visits import Visit

# Nobody waits for all of it: it joins everything with everything.


def test_going_back_leads_to_the_query_before_and_its_answer(wide: Visit) -> None:
    page = wide.go("/en/")
    page.goto(wide.server + "/en/sparql")
    rows = page.locator(".results tbody tr")
    for count in (1, 2, 3):
        type_in(page, f"SELECT * {{ VALUES ?x {{ {' '.join('123'[:count])} }} }}")
        page.keyboard.press("Control+Enter")
        expect(rows).to_have_count(count)
    for way, count in (("back", 2), ("back", 1), ("forward", 2), ("back", 1)):
        page.evaluate(f"setTimeout(() => history.{way}())")
        expect(rows).to_have_count(count)
        expect(page.locator(".cm-content")).to_contain_text(f"{{ {' '.join('123'[:count])} }}")
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url("**/en/sparql")
    expect(rows).to_have_count(0)
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url("**/en/")


def test_queries_lie_open_beside_each_other_and_are_there_again(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    tabs = page.get_by_role("tab")
    type_in(page, "ASK {}")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".truth")).to_have_text("Yes")
    page.get_by_role("button", name="New query").click()
    expect(tabs).to_have_count(2)
    expect(page.locator(".truth")).to_have_count(0)
    page.keyboard.insert_text("SELECT * { VALUES ?x { 1 2 } }")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".results tbody tr")).to_have_count(2)
    tabs.first.click()
    expect(page.locator(".cm-content")).to_have_text("ASK {}")
    expect(page.locator(".truth")).to_have_text("Yes")
    assert "ASK" in page.url
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Name of the query").fill("Is there anything")
    page.keyboard.press("Enter")
    expect(tabs.first).to_have_text("Is there anything")
    page.goto(visit.server + "/en/sparql")
    expect(tabs).to_have_text(["Is there anything", "Query 2"])
    expect(page.locator(".cm-content")).to_have_text("ASK {}")
    page.get_by_role("button", name="Close").click()
    expect(tabs).to_have_text(["Query 2"])
    expect(page.locator(".cm-content")).to_contain_text("VALUES")
    assert not visit.is_too_wide()


def test_tabs_are_moved_among_by_keyboard(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    for _ in range(2):
        page.get_by_role("button", name="New query").click()
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_count(3)
    tabs.nth(2).focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(0)).to_be_focused()
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(tabs.nth(2)).to_be_focused()
    page.keyboard.press("Delete")
    expect(tabs).to_have_count(2)
    expect(tabs.nth(1)).to_be_focused()
    page.keyboard.press("F2")
    expect(page.get_by_role("textbox", name="Name of the query")).to_be_focused()
    page.keyboard.press("Escape")
    expect(tabs.nth(1)).to_be_focused()
    panel = page.get_by_role("tabpanel")
    expect(panel).to_have_attribute("aria-labelledby", tabs.nth(1).get_attribute("id") or "")


def test_what_somebody_wrote_is_not_replaced_by_a_question(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    question = page.get_by_role("link", name="How many objectives")
    question.click()
    expect(page.get_by_role("tab")).to_have_count(1)
    type_in(page, "ASK {}")
    question.click()
    expect(page.get_by_role("tab")).to_have_count(2)
    page.get_by_role("tab").first.click()
    expect(page.locator(".cm-content")).to_have_text("ASK {}")


def test_what_is_undone_in_one_tab_is_not_undone_in_another(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    type_in(page, "ASK {}")
    page.get_by_role("button", name="New query").click()
    page.keyboard.insert_text("SELECT * {}")
    page.keyboard.press("Control+z")
    assert query_in(page) == ""
    page.get_by_role("tab").first.click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+z")
    assert query_in(page) != "ASK {}"


def test_queries_that_were_asked_are_remembered_and_forgotten(visit: Visit) -> None:
    page = visit.go("/es/sparql")
    for query in ("ASK {}", "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT * { ?x a cg:Theme }"):
        type_in(page, query)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".answer")).to_be_visible()
        expect(page.locator("#answer")).not_to_have_attribute("aria-busy", "true")
    page.goto(visit.server + "/es/sparql")
    page.get_by_role("button", name="Historial").click()
    asked = page.locator("#asked li")
    expect(asked).to_have_count(2)
    expect(asked.first.locator("code")).to_have_text("SELECT * { ?x a cg:Theme }")
    assert re.search(r"46 filas · [\d,.]+ ms$", asked.first.inner_text())
    asked.nth(1).get_by_role("button").click()
    expect(page.locator(".cm-content")).to_have_text("ASK {}")
    page.get_by_role("button", name="Historial").click()
    page.get_by_role("button", name="Borrar todas").click()
    expect(asked).to_have_count(0)
    expect(page.get_by_text("Aquí todavía no se ha hecho")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
