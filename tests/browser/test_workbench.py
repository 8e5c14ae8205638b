"""The workbench: its editor, answers, tabs and history, by mouse and by keyboard, with scripts and without."""

import re

from playwright.sync_api import Page, expect

from tests.support.editing import proposed, query_in, take, type_in, write_in
from tests.support.visits import Visit, box
from tests.support.waiting import wait_for

# Nobody waits for all of it: it joins everything with everything.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def _counted(page: Page, name: str) -> float:
    metrics: str = page.evaluate("fetch('/metrics').then(answer => answer.text())")
    (value,) = re.findall(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    return float(value)


def ask(page: Page, query: str) -> None:
    type_in(page, query)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")


def test_question_of_the_library_runs_with_one_click(narrow: Visit) -> None:
    page = narrow.go("/en/sparql")
    # The questions may arrive after the editor.
    assert page.evaluate("measures.movedBy('.question-picker', '.bench')") < 1
    page.locator(".question-picker summary").click()
    page.get_by_role("link", name="How many objectives").click()
    rows = page.locator(".results tbody tr")
    expect(rows).to_have_count(3)
    expect(page.locator(".cm-content")).to_contain_text('VALUES ?lang { "en" }')
    expect(rows.first.get_by_role("link", name="id:plan/crm/pgm")).to_have_attribute("href", "/en/id/plan/crm/pgm")
    expect(rows.first.locator("q")).to_have_text("POLÍTICAS Y GESTIÓN MIGRATORIA")
    assert not narrow.is_too_wide()
    page.get_by_label("Sort by").select_option("objectives, ascending")
    expect(rows.first).to_contain_text("4")


def test_question_does_not_replace_what_somebody_wrote(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    question = page.get_by_role("link", name="How many objectives")
    question.click()
    expect(page.get_by_role("tab")).to_have_count(1)
    type_in(page, "ASK {}")
    question.click()
    expect(page.get_by_role("tab")).to_have_count(2)
    page.get_by_role("tab").first.click()
    expect(page.locator(".cm-content")).to_have_text("ASK {}")


def test_query_is_shared_by_its_address_and_stays_in_another_language(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    rows = page.locator(".results tbody tr")
    ask(page, "SELECT * { VALUES ?x { 1 2 3 } }")
    expect(rows).to_have_count(3)
    expect(page.locator(".answer-summary")).to_contain_text("3 rows")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(rows).to_have_count(3)
    page.goto(wide.server + "/en/sparql#query=ASK%7B%7D")
    expect(page.locator(".truth")).to_have_text("Yes")
    page.get_by_role("link", name="Español").click()
    expect(page.locator(".truth")).to_have_text("Sí")
    expect(page.locator(".cm-content")).to_have_text("ASK{}")


def test_failure_of_the_server_and_wrong_queries_are_told(wide: Visit) -> None:
    page = wide.go("/es/sparql")
    page.route("**/es/sparql?*part=results*", lambda route: route.fulfill(status=500, body="<h1>Inside</h1>"))
    run, problem = page.get_by_role("button", name="Ejecutar"), page.locator("#answer .problem")
    run.click()
    expect(problem).to_have_text("El servidor no pudo responder.")
    expect(page.get_by_role("heading", name="Inside")).to_have_count(0)
    page.unroute_all()
    assert len(wide.complaints) == 1
    assert "500" in wide.complaints.pop()
    run.click()
    expect(page.locator(".results")).to_be_visible()
    type_in(page, "")
    page.keyboard.press("Delete")
    run.click()
    expect(problem).to_have_text("Primero escriba una consulta.")
    ask(page, "ASK { ?x a cg:Objective }")
    expect(problem).to_contain_text("ponga antes PREFIX cg: <https://w3id.org/crmgraph/ontology#>")
    type_in(page, "SELECT ?x\nWHERE { ?x nothing ?y }")
    run.click()
    expect(page.get_by_role("alert")).to_contain_text("Línea 2")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    type_in(page, "ASK {}")
    run.click()
    expect(page.locator(".truth")).to_have_text("Sí")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)


def test_names_that_the_data_do_not_have_are_told_above_the_answer(wide: Visit) -> None:
    page = wide.go("/es/sparql")
    cg = "PREFIX cg: <https://w3id.org/crmgraph/ontology#> "
    ask(page, f"{cg}SELECT * {{ ?x a cg:Activty }}")
    notice = page.locator("#answer .notice")
    expect(notice).to_have_text("No existe la clase cg:Activty. ¿Quiso decir cg:Activity?")
    ask(page, f"{cg}SELECT * {{ ?x a cg:Objective }}")
    expect(notice).to_have_count(1)
    expect(notice).to_contain_text("?parte cg:plan <https://w3id.org/crmgraph/id/plan/crm>")
    ask(page, f"{cg}SELECT * {{ ?x a cg:Activity ; cg:plan <https://w3id.org/crmgraph/id/plan/crm> }}")
    expect(page.locator(".results")).to_be_visible()
    expect(notice).to_have_count(0)


def test_cancelled_query_is_not_worked_on_any_more(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    left = _counted(page, 'crmgraph_kills_total{reason="left"}')
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_hidden()
    ask(page, ENDLESS)
    expect(cancel).to_be_visible()
    expect(page.get_by_text("Running …")).to_be_visible()
    # What pages need is read meanwhile, too.
    wait_for(lambda: _counted(page, "crmgraph_processes_busy") >= 1)
    page.wait_for_timeout(1000)
    cancel.click()
    expect(page.locator("#answer")).to_contain_text("Cancelled after")
    expect(cancel).to_be_hidden()
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    wait_for(lambda: _counted(page, 'crmgraph_kills_total{reason="left"}') == left + 1)


def test_keyboard_reaches_all_of_it_and_leaves_the_editor(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    page.locator(".cm-content").wait_for()
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


def test_without_scripts(scriptless: Visit) -> None:
    page = scriptless.go("/en/sparql")
    for name in ("New query", "History", "Copy the link", "Cancel"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.locator("#query")).to_be_in_viewport()
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**#answer")
    expect(page.locator(".answer-summary")).to_be_in_viewport()
    questions, answer = box(page.locator(".question-picker")), box(page.locator("#answer"))
    assert answer["y"] + answer["height"] <= questions["y"]
    page.get_by_role("link", name="In the document").first.click()
    expect(page.locator("mark")).to_contain_text("1. Elaboración, revisión e implementación")


def test_words_of_the_source_beside_the_rows(narrow: Visit) -> None:
    page = narrow.go("/en/sparql")
    page.get_by_role("button", name="Run").click()
    words = page.locator(".results .words-column q").first
    words.scroll_into_view_if_needed()
    expect(words).to_be_in_viewport()
    expect(words).to_contain_text("1. Elaboración, revisión e implementación")
    around = page.locator(".results").get_by_role("button", name="In the document").first
    around.click()
    row = page.locator(".words-row")
    expect(row.locator("mark")).to_contain_text("1. Elaboración, revisión e implementación")
    expect(row.locator("mark")).to_be_in_viewport()
    expect(row).to_contain_text("Intercambiar información")
    expect(around).to_have_attribute("aria-expanded", "true")
    assert not narrow.is_too_wide()
    around.press("Enter")
    expect(row).to_have_count(0)
    expect(around).to_have_attribute("aria-expanded", "false")
    page.locator(".cite summary").click()
    for each in (".cite-words", ".cite .code"):
        assert page.locator(each).evaluate("e => e.scrollHeight - e.clientHeight") <= 0
        assert page.locator(each).evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_table_is_sorted_by_its_columns_numbers_as_numbers(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    ask(page, 'SELECT ?n ?w { VALUES (?n ?w) { (10 "b") (9 "ñ") (100 "a") (UNDEF "n") } }')
    cells = page.locator(".results tbody td[data-column=n]")
    heading = page.get_by_role("columnheader", name="n", exact=True)
    expect(cells).to_have_text(["10", "9", "100", ""])
    heading.get_by_role("button").click()
    expect(cells).to_have_text(["9", "10", "100", ""])
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.get_by_role("button").press("Enter")
    expect(cells).to_have_text(["100", "10", "9", ""])
    expect(heading).to_have_attribute("aria-sort", "descending")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        assert page.locator(".results thead button.sort").evaluate_all("measures.cutWords") == 0


def test_many_rows_are_shown_by_pages(narrow: Visit) -> None:
    page = narrow.go("/en/sparql")
    ask(page, "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT ?x ?o { ?x cg:order ?o } ORDER BY ?o ?x")
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
    assert not narrow.is_too_wide()


def test_query_is_written_with_proposals_alone(narrow: Visit) -> None:
    page = narrow.go("/es/sparql")
    write_in(page, "SELECT * { ?x a particip")
    take(page, "Participación")
    page.keyboard.type(" ; agent", delay=15)
    take(page, "cg:agent")
    page.keyboard.type(" refug", delay=15)
    take(page, "Alto Comisionado")
    assert query_in(page) == (
        "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\n"
        "SELECT * { ?x a cg:Participation ; cg:agent <https://w3id.org/crmgraph/id/actor/acnur>}"
    )
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results tbody tr").first).to_be_visible()
    # A whole name is not in the way of a new line.
    write_in(page, "SELECT * { ?x cg:agent")
    expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
    page.keyboard.press("Enter")
    assert query_in(page).startswith("SELECT * { ?x cg:agent\n")
    # A proposal declares what was typed by hand too.
    write_in(page, "SELECT * { ?x a cg:Objective ; rdfs:lab")
    take(page, "rdfs:label")
    assert query_in(page) == (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\n"
        "SELECT * { ?x a cg:Objective ; rdfs:label}"
    )


def test_faults_are_marked_while_writing(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    type_in(page, "SELECT * { ?x a cg:Theme . }")
    marked = page.locator(".cm-lintRange-error")
    expect(marked).to_have_text("cg:Theme")
    marked.hover()
    page.get_by_role("button", name="Declare it").click()
    assert query_in(page).startswith("PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT")
    expect(marked).to_have_count(0)


def test_going_back_leads_to_the_query_before_and_its_answer(wide: Visit) -> None:
    page = wide.go("/en/")
    page.goto(wide.server + "/en/sparql")
    rows = page.locator(".results tbody tr")
    for count in (1, 2, 3):
        ask(page, f"SELECT * {{ VALUES ?x {{ {' '.join('123'[:count])} }} }}")
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


def test_tabs_are_kept_named_and_closed(narrow: Visit) -> None:
    page = narrow.go("/en/sparql")
    tabs = page.get_by_role("tab")
    ask(page, "ASK {}")
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
    page.goto(narrow.server + "/en/sparql")
    expect(tabs).to_have_text(["Is there anything", "Query 2"])
    expect(page.locator(".cm-content")).to_have_text("ASK {}")
    page.get_by_role("button", name="Close").click()
    expect(tabs).to_have_text(["Query 2"])
    expect(page.locator(".cm-content")).to_contain_text("VALUES")
    assert not narrow.is_too_wide()


def test_tabs_by_keyboard(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    type_in(page, "ASK {}")
    page.get_by_role("button", name="New query").click()
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
    expect(page.get_by_role("tabpanel")).to_have_attribute("aria-labelledby", tabs.nth(1).get_attribute("id") or "")


def test_history_of_queries(narrow: Visit) -> None:
    page = narrow.go("/es/sparql")
    for query in ("ASK {}", "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT * { ?x a cg:Theme }"):
        ask(page, query)
        expect(page.locator(".answer")).to_be_visible()
        expect(page.locator("#answer")).not_to_have_attribute("aria-busy", "true")
    page.goto(narrow.server + "/es/sparql")
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
