"""The editor of the workbench: what it proposes, what it marks, what it knows of wrong queries."""

import pytest
from playwright.sync_api import Route, expect

from tests.support.editing import proposed, query_in, take, type_in, write_in
from tests.support.visits import Visit


def test_a_syntax_error_is_shown_and_marked_in_the_editor(visit: Visit) -> None:
    page = visit.go("/es/sparql")
    type_in(page, "SELECT ?x\nWHERE { ?x nothing ?y }")
    page.get_by_role("button", name="Ejecutar").click()
    expect(page.get_by_role("alert")).to_contain_text("Línea 2")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    type_in(page, "ASK {}")
    page.get_by_role("button", name="Ejecutar").click()
    expect(page.locator(".truth")).to_have_text("Sí")
    expect(page.locator(".cm-lint-marker-error")).to_have_count(0)


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
    write_in(page, typed)
    expect(proposed(page).first.locator(".cm-completionLabel")).to_have_text(shown, timeout=20_000)


def test_names_that_come_late_are_proposed_all_the_same(wide: Visit) -> None:
    held: list[Route] = []
    wide.page.route("**/completions.json", lambda route: held.append(route))
    page = wide.go("/en/sparql")
    write_in(page, "SELECT * { ?x ")
    page.wait_for_timeout(500)  # Asked for, where nothing is proposed.
    page.keyboard.type("a cg:Particip", delay=15)
    page.wait_for_timeout(500)
    assert held
    for each in held:
        each.continue_()
    expect(proposed(page).first.locator(".cm-completionLabel")).to_have_text("cg:Participation")


def test_names_that_could_not_be_had_are_asked_for_again(wide: Visit) -> None:
    wide.page.route("**/completions.json", lambda route: route.fulfill(status=503), times=1)
    page = wide.go("/en/sparql")
    write_in(page, "SELECT * { ?x a ")
    page.wait_for_timeout(500)
    page.keyboard.type("cg:Particip", delay=15)
    expect(proposed(page).first.locator(".cm-completionLabel")).to_have_text("cg:Participation")
    assert wide.complaints
    wide.complaints.clear()


def test_a_query_is_written_with_proposals_alone(visit: Visit) -> None:
    page = visit.go("/es/sparql")
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


def test_a_whole_name_is_not_in_the_way_of_a_new_line(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    write_in(page, "SELECT * { ?x cg:agent")
    expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
    page.keyboard.press("Enter")
    assert query_in(page).startswith("SELECT * { ?x cg:agent\n")


def test_a_prefix_that_is_missing_is_told_while_writing_and_declared_with_a_click(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    type_in(page, "SELECT * { ?x a cg:Theme . }")
    marked = page.locator(".cm-lintRange-error")
    expect(marked).to_have_text("cg:Theme")
    marked.hover()
    page.get_by_role("button", name="Declare it").click()
    assert query_in(page).startswith("PREFIX cg: <https://w3id.org/crmgraph/ontology#>\nSELECT")
    expect(marked).to_have_count(0)


def test_a_proposal_declares_what_was_typed_by_hand_too(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    write_in(page, "SELECT * { ?x a cg:Objective ; rdfs:lab")
    take(page, "rdfs:label")
    assert query_in(page) == (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "PREFIX cg: <https://w3id.org/crmgraph/ontology#>\n"
        "SELECT * { ?x a cg:Objective ; rdfs:label}"
    )


def test_a_prefix_of_this_site_is_written_out_where_it_is_missing(wide: Visit) -> None:
    page = wide.go("/es/sparql")
    type_in(page, "ASK { ?x a cg:Objective }")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".problem")).to_contain_text("ponga antes PREFIX cg: <https://w3id.org/crmgraph/ontology#>")


def test_what_is_no_sparql_is_marked_while_writing_but_not_where_one_writes(wide: Visit) -> None:
    page = wide.go("/en/sparql")
    type_in(page, "SELECT * { ?x  }")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(1500)
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("\n")
    expect(page.locator(".cm-lintRange-error")).to_have_count(1)
