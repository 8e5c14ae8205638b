"""The workbench as people use it: wide and on a telephone, in both languages, by mouse and by keyboard alone."""

import re
import time
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.visits import Visit

# Nobody waits for all of it: it joins everything with everything.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SHIFTS = """() => new Promise(done => new PerformanceObserver(list =>
    done(list.getEntries().filter(e => !e.hadRecentInput).reduce((sum, e) => sum + e.value, 0))
  ).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 500))"""


def _type(page: Page, query: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def _write(page: Page, query: str) -> None:
    """Type key by key, so that names are proposed."""
    _type(page, "")
    page.keyboard.press("Delete")
    page.keyboard.type(query, delay=15)


def _query(page: Page) -> str:
    text: str = page.locator("#query").evaluate("area => area.value")
    return text


def _proposed(page: Page) -> Locator:
    return page.locator(".cm-tooltip-autocomplete li")


def _take(page: Page, shown: str) -> None:
    """Take the first proposal with Enter; the editor minds no key that comes as soon as the proposals do."""
    expect(_proposed(page).first).to_contain_text(shown, timeout=20_000)
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    expect(_proposed(page)).to_have_count(0)


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
    _type(page, "SELECT * { VALUES ?x { 1 2 3 } }")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results tbody tr")).to_have_count(3)
    expect(page.locator(".answer-summary")).to_contain_text("3 rows")
    page.goto(page.url)
    expect(page.locator(".results tbody tr")).to_have_count(3)
    page.goto(visit.server + "/en/sparql#query=ASK%7B%7D")
    expect(page.locator(".truth")).to_have_text("Yes")


def test_going_back_leads_to_the_query_before_and_its_answer(wide: Visit) -> None:
    page = wide.go("/en/")
    page.goto(wide.server + "/en/sparql")
    rows = page.locator(".results tbody tr")
    for count in (1, 2, 3):
        _type(page, f"SELECT * {{ VALUES ?x {{ {' '.join('123'[:count])} }} }}")
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


def test_the_words_of_the_source_are_seen_beside_the_rows(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    page.get_by_role("button", name="Run").click()
    words = page.locator(".results .words-column q").first
    words.scroll_into_view_if_needed()
    expect(words).to_be_in_viewport()
    expect(words).to_contain_text("1. Elaboración, revisión e implementación")


def test_a_syntax_error_is_shown_and_marked_in_the_editor(visit: Visit) -> None:
    page = visit.go("/es/sparql")
    _type(page, "SELECT ?x\nWHERE { ?x nothing ?y }")
    page.get_by_role("button", name="Ejecutar").click()
    expect(page.get_by_role("alert")).to_contain_text("Línea 2")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    _type(page, "ASK {}")
    page.get_by_role("button", name="Ejecutar").click()
    expect(page.locator(".truth")).to_have_text("Sí")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)


def test_a_server_that_fails_is_told_in_a_sentence(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    page.route("**/en/sparql?*part=results*", lambda route: route.fulfill(status=500, body="<h1>Inside</h1>"))
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#results .problem")).to_have_text("The server could not answer.")
    expect(page.get_by_role("heading", name="Inside")).to_have_count(0)
    page.unroute_all()
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".results")).to_be_visible()
    assert len(wide.complaints) == 1
    assert "500" in wide.complaints.pop()


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [
        ("es", "SELECT * { ?x a cg:Particip", "cg:Participation"),
        ("es", "SELECT * { ?x a remis", "cg:Referral"),
        ("en", "SELECT * { ?x cg:ag", "cg:agent"),
        ("en", "SELECT * { ?x cg:participation/cg:agent refug", "id:actor/acnur"),
        ("es", "SELECT * { ?x cg:agent oim", "id:actor/oim"),
        ("en", "SELECT * { ?x cg:agent IOM", "id:actor/oim"),
        ("es", "SELECT * { ?x cg:agent UNHCR", "id:actor/acnur"),
        ("es", "SELECT * { ?x cg:agent mexico", "id:country/MEX"),
        ("en", "SELECT * { ?x cg:status pend", "status:pending"),
        ("en", "SELECT * { GRAPH infer", "graph:inferred"),
        ("en", "SELECT ?theme { ?theme a cg:Theme . ?th", "?theme"),
        ("en", "PREFIX dcte", "dcterms: <http://purl.org/dc/terms/>"),
        ("en", "SELECT * { ?x cg:agent ?y . FILT", "FILTER"),
    ],
)
def test_names_are_proposed_where_they_fit(wide: Visit, language: str, typed: str, shown: str) -> None:
    page = wide.go(f"/{language}/sparql")
    _write(page, typed)
    expect(_proposed(page).first.locator(".cm-completionLabel")).to_have_text(shown, timeout=20_000)


def test_a_query_is_written_with_proposals_alone(visit: Visit) -> None:
    page = visit.go("/es/sparql")
    _write(page, "SELECT * { ?x a particip")
    _take(page, "Participación")
    page.keyboard.type(" ; agent", delay=15)
    _take(page, "cg:agent")
    page.keyboard.type(" refug", delay=15)
    _take(page, "Alto Comisionado")
    assert _query(page) == (
        "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\n"
        "SELECT * { ?x a cg:Participation ; cg:agent <https://w3id.org/crmgraph/id/actor/acnur>}"
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results tbody tr").first).to_be_visible()


def test_a_whole_name_is_not_in_the_way_of_a_new_line(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    _write(page, "SELECT * { ?x cg:agent")
    expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
    page.keyboard.press("Enter")
    assert _query(page).startswith("SELECT * { ?x cg:agent\n")


def test_a_prefix_that_is_missing_is_told_while_writing_and_declared_with_a_click(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    _type(page, "SELECT * { ?x a cg:Theme . }")
    marked = page.locator(".cm-lintRange-error")
    expect(marked).to_have_text("cg:Theme")
    marked.hover()
    page.get_by_role("button", name="Declare it").click()
    assert _query(page).startswith("PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT")
    expect(marked).to_have_count(0)


def test_what_is_no_sparql_is_marked_while_writing_but_not_where_one_writes(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    _type(page, "SELECT * { ?x  }")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1500)
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("\n")
    expect(page.locator(".cm-lintRange-error")).to_have_count(1)


def test_a_query_that_is_cancelled_is_not_worked_on_any_more(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    left = _counted(page, 'crmgraph_kills_total{reason="left"}')
    _type(page, ENDLESS)
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(cancel).to_be_visible()
    expect(page.get_by_text("Running …")).to_be_visible()
    assert _soon(lambda: _counted(page, "crmgraph_processes_busy") == 1)
    cancel.click()
    expect(page.locator("#results")).to_contain_text("Cancelled after")
    expect(cancel).to_be_hidden()
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    assert _soon(lambda: _counted(page, "crmgraph_processes_busy") == 0)
    assert _counted(page, 'crmgraph_kills_total{reason="left"}') == left + 1


def test_queries_lie_open_beside_each_other_and_are_there_again(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    tabs = page.get_by_role("tab")
    _type(page, "ASK {}")
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
    _type(page, "ASK {}")
    question.click()
    expect(page.get_by_role("tab")).to_have_count(2)
    page.get_by_role("tab").first.click()
    expect(page.locator(".cm-content")).to_have_text("ASK {}")


def test_what_is_undone_in_one_tab_is_not_undone_in_another(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    _type(page, "ASK {}")
    page.get_by_role("button", name="New query").click()
    page.keyboard.insert_text("SELECT * {}")
    page.keyboard.press("Control+z")
    assert _query(page) == ""
    page.get_by_role("tab").first.click()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+z")
    assert _query(page) != "ASK {}"


def test_queries_that_were_asked_are_remembered_and_forgotten(visit: Visit) -> None:
    page = visit.go("/es/sparql")
    for query in ("ASK {}", "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT * { ?x a cg:Theme }"):
        _type(page, query)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".answer")).to_be_visible()
        expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    page.goto(visit.server + "/es/sparql")
    page.get_by_role("button", name="Historial").click()
    asked = page.locator("#asked li")
    expect(asked).to_have_count(2)
    expect(asked.first.locator("code")).to_have_text("SELECT * { ?x a cg:Theme }")
    assert re.search(r"46 filas · [\d,.]+ ms$", asked.first.inner_text())
    asked.nth(1).get_by_role("button").click()
    expect(page.locator(".cm-content")).to_have_text("ASK {}")
    page.get_by_role("button", name="Historial").click()
    page.get_by_role("button", name="Olvidarlas todas").click()
    expect(asked).to_have_count(0)
    expect(page.get_by_text("Aquí todavía no se ha hecho")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_table_is_sorted_by_its_columns_numbers_as_numbers(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    _type(page, 'SELECT ?n ?w { VALUES (?n ?w) { (10 "b") (9 "ñ") (100 "a") (UNDEF "n") } }')
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
    _type(page, "SELECT ?n { VALUES ?n { 10 9 100 } }")
    page.keyboard.press("Control+Enter")
    page.get_by_label("Ordenar por").select_option("n, descendente")
    expect(page.locator(".results tbody td")).to_have_text(["100", "10", "9"])
    assert not narrow.is_too_wide()


def test_many_rows_are_shown_by_pages(visit: Visit) -> None:
    page = visit.go("/en/sparql")
    _type(page, "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT ?x ?o { ?x cg:order ?o } ORDER BY ?o ?x")
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
    _type(page, "ASK {}")
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
    assert "url          = {https://w3id.org/crmgraph/sparql?query=ASK+%7B%7D}" in copied
    assert f"version      = {{{digest}" in copied


def test_the_link_that_is_copied_leads_to_the_answer(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _type(page, "SELECT * { VALUES ?x { 1 2 3 } }")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator(".results tbody tr")).to_have_count(3)


def test_the_language_changes_and_the_query_stays(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    _type(page, "ASK {}")
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
    expect(_proposed(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(_proposed(page)).to_have_count(0)
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


def test_an_empty_query_is_answered_with_a_word(wide: Visit) -> None:
    page = wide.go("/es/sparql")
    _type(page, "")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Ejecutar").click()
    expect(page.locator("#results .problem")).to_have_text("Primero escriba una consulta.")
