"""The workbench as people use it: wide and on a telephone, in both languages, by mouse and by keyboard alone."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.editing import proposed, type_in
from tests.support.visits import Visit

# Nobody waits for all of it: it joins everything with everything.


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


SHIFTS = """() => new Promise(done => new PerformanceObserver(list =>
    done(list.getEntries().filter(e => !e.hadRecentInput).reduce((sum, e) => sum + e.value, 0))
  ).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 500))"""


def _soon(happened: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.05)
    return happened()


def _counted(page: Page, name: str) -> float:
    metrics: str = page.evaluate("fetch('/metrics').then(answer => answer.text())")
    (value,) = re.findall(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    return float(value)


def test_a_question_runs_in_the_workbench_with_one_click(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    picker = page.locator(".question-picker")
    if picker.get_attribute("open") is None:
        picker.locator("summary").click()
    page.get_by_role("link", name="How many objectives").click()
    rows = page.locator(".results tbody tr")
    expect(rows).to_have_count(3)
    expect(page.locator(".cm-content")).to_contain_text('VALUES ?lang { "en" }')
    expect(rows.first.get_by_role("link", name="id:plan/crm/pgm")).to_have_attribute("href", "/en/id/plan/crm/pgm")
    expect(rows.first.locator("q")).to_have_text("POLÍTICAS Y GESTIÓN MIGRATORIA")
    assert not visit.is_too_wide()


def test_a_query_is_asked_with_the_keyboard_and_can_be_shared(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    type_in(page, "SELECT * { VALUES ?x { 1 2 3 } }")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results tbody tr")).to_have_count(3)
    expect(page.locator(".answer-summary")).to_contain_text("3 rows")
    page.goto(page.url)
    expect(page.locator(".results tbody tr")).to_have_count(3)
    page.goto(visit.server + "/en/sparql#query=ASK%7B%7D")
    expect(page.locator(".truth")).to_have_text("Yes")


def test_a_server_that_fails_is_told_in_a_sentence(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    page.route("**/en/sparql?*part=results*", lambda route: route.fulfill(status=500, body="<h1>Inside</h1>"))
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer .problem")).to_have_text("The server could not answer.")
    expect(page.get_by_role("heading", name="Inside")).to_have_count(0)
    page.unroute_all()
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".results")).to_be_visible()
    assert len(wide.complaints) == 1
    assert "500" in wide.complaints.pop()


def test_a_query_that_is_cancelled_is_not_worked_on_any_more(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    left = _counted(page, 'crmgraph_kills_total{reason="left"}')
    type_in(page, ENDLESS)
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(cancel).to_be_visible()
    expect(page.get_by_text("Running …")).to_be_visible()
    assert _soon(lambda: _counted(page, "crmgraph_processes_busy") == 1)
    cancel.click()
    expect(page.locator("#answer")).to_contain_text("Cancelled after")
    expect(cancel).to_be_hidden()
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    assert _soon(lambda: _counted(page, "crmgraph_processes_busy") == 0)
    assert _counted(page, 'crmgraph_kills_total{reason="left"}') == left + 1


def test_the_language_changes_and_the_query_stays(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    type_in(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".truth")).to_have_text("Yes")
    page.get_by_role("link", name="Español").click()
    expect(page.locator(".truth")).to_have_text("Sí")
    expect(page.locator(".cm-content")).to_have_text("ASK {}")


def test_all_of_it_is_reached_by_keyboard_and_nothing_holds_it(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    page.get_by_role("tab").focus()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    expected = ["new-tab", "rename-tab", "close-tab", "open-history", "cm-content", "button", "copy-link", "format"]
    found = [next((name for name in expected if name in each.split()), each) for each in reached]
    assert [each for each in found if each in expected] == expected
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT * { ?x a cg:Obj", delay=15)
    expect(proposed(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(proposed(page)).to_have_count(0)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()


@pytest.mark.parametrize("path", ["/en/sparql", "/es/sparql?question=agents-named", "/en/queries/agents-named"])
def test_nothing_moves_while_the_page_comes(visit: Visit, path: str) -> None:
    page = visit.go(path)
    page.wait_for_timeout(400)
    assert page.evaluate(SHIFTS) < 0.02


def test_without_a_script_there_is_nothing_that_does_nothing(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(server + "/en/sparql")
    for name in ("New query", "History", "Copy the link", "Cancel"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_role("button", name="Run").click()
    page.get_by_role("link", name="In the document").first.click()
    expect(page.locator("mark")).to_contain_text("1. Elaboración, revisión e implementación")
    context.close()


def test_an_empty_query_is_answered_with_a_word(wide: Visit) -> None:
    page = wide.go("/es/sparql")
    type_in(page, "")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Ejecutar").click()
    expect(page.locator("#answer .problem")).to_have_text("Primero escriba una consulta.")


def test_the_editor_comes_before_the_questions(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.className"))
    assert any("cm-content" in each for each in reached)


def test_the_questions_are_scrolled_beside_the_editor(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    assert page.locator(".question-picker").evaluate("e => e.scrollHeight > e.clientHeight && e.clientHeight < 900")
    assert page.evaluate("document.documentElement.scrollHeight") < 2000
    picker, editor = page.locator(".question-picker").bounding_box(), page.locator(".editor").bounding_box()
    assert picker
    assert editor
    assert picker["x"] + picker["width"] < editor["x"]
    last = page.locator(".question-picker a").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()


def test_without_a_script_the_field_is_near_the_top_and_its_answer_comes_into_view(
    browser: Browser, server: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(f"{server}/en/sparql")
    expect(page.locator("#query")).to_be_in_viewport()
    page.locator("#query").fill("SELECT * { VALUES ?x { 1 2 3 } }")
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**#answer")
    expect(page.locator(".answer-summary")).to_be_in_viewport()
    questions, answer = page.locator(".question-picker").bounding_box(), page.locator("#answer").bounding_box()
    assert questions
    assert answer
    assert answer["y"] + answer["height"] <= questions["y"]
    context.close()


def test_a_citation_of_an_answer_is_shown_whole(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    page.get_by_role("button", name="Run").click()
    page.locator(".cite summary").click()
    for each in (".cite-words", ".cite .code"):
        assert page.locator(each).evaluate("e => e.scrollHeight - e.clientHeight") <= 0
        assert page.locator(each).evaluate("e => e.scrollWidth - e.clientWidth") <= 0


@pytest.mark.parametrize("size", [(1280, 900), (1280, 720), (390, 800)])
@pytest.mark.parametrize("query", ["SELECT ?n { VALUES ?n { 1 2 } }", "SELECT ?n {", "SELECT * { ?s ?p ?o } LIMIT 90"])
def test_an_answer_comes_into_view_and_its_query_stays_there(
    browser: Browser, server: str, size: tuple[int, int], query: str
) -> None:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.goto(f"{server}/en/sparql")
    type_in(page, query)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer :is(.answer-summary, .problem-title)")).to_be_in_viewport()
    answer, editor = page.locator("#answer").bounding_box(), page.locator(".editor").bounding_box()
    assert answer
    assert editor
    assert answer["y"] + answer["height"] <= height + 1 or answer["y"] <= height / 2 + 1
    assert editor["y"] + editor["height"] > 0
    page.close()
