"""What people come for, by mouse and by keyboard alone, on a telephone, and without scripts."""

import csv
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.walker import Walker
from tests.support.visits import Visit, lay_out

WAYS = ("es", "en", "es-keyboard", "en-keyboard", "es-narrow", "en-narrow")


def walked(chosen: str) -> pytest.MarkDecorator:
    """Go a walk in one way; the drill goes it in all."""
    marks = {True: (), False: (pytest.mark.drill,)}
    return pytest.mark.parametrize(
        "walker", [pytest.param(way, marks=marks[way == chosen]) for way in WAYS], indirect=True
    )


@pytest.fixture
def walker(window: Window, server: str, request: pytest.FixtureRequest) -> Walker:
    language, _, way = request.param.partition("-")
    page = window(390 if way == "narrow" else 1280).page
    return Walker(page, server, language, by_keyboard=way == "keyboard")


@walked("es-narrow")
def test_who_implements_the_fund_for_the_vulnerable_is_read_in_the_words_of_the_plan(walker: Walker) -> None:
    page = walker.page
    walker.begin()
    walker.write(page.locator("main input[type=search]"), walker.say("fondo vulnerables", "vulnerable fund"))
    page.keyboard.press("Enter")
    walker.follow(walker.link(walker.say("Fondo implementado por OIM", "Fund implemented by IOM")))
    page.wait_for_url("**/id/plan/crm/pgm/6.2.1")
    row = page.locator("section[aria-labelledby=participations] tbody tr").first
    expect(row).to_contain_text(
        walker.say("Organización Internacional para las Migraciones", "International Organization for Migration")
    )
    expect(row).to_contain_text(walker.say("implementación", "implementing"))
    walker.follow(row.get_by_role("link", name="Fondo implementado por OIM"))
    page.wait_for_url("**/id/source/crm#c3978-4004")
    expect(page.locator(".passage", has_text="Fondo implementado por OIM")).to_be_in_viewport()


@walked("en-keyboard")
def test_all_pending_activities_are_found_and_downloaded(walker: Walker) -> None:
    page = walker.page
    walker.begin()
    walker.follow(walker.link(walker.say("Recorrer el plan", "Look through the plan")))
    page.wait_for_url("**/plan")
    walker.choose(page.get_by_label(walker.say("Estado", "Status"), exact=True), walker.say("pendiente", "pending"))
    walker.follow(page.get_by_role("button", name=walker.say("Mostrar", "Show"), exact=True))
    page.wait_for_url("**/plan?status=pending*")
    hits = page.locator(".hit")
    expect(hits).to_have_count(1)
    activity = page.locator(".part-activity", has=hits)
    expect(activity).to_be_visible()
    with page.expect_download() as downloading:
        walker.follow(walker.link("CSV"))
    with Path(downloading.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["status_label"] for row in rows] == [walker.say("pendiente", "pending")]
    assert (activity.locator(".part-link").first.get_attribute("href") or "").endswith(
        urlsplit(rows[0]["part_of"]).path.partition("/id/")[2]
    )
    assert rows[0]["exact"]


@walked("es-keyboard")
def test_reference_to_an_objective_12_that_there_is_not_is_found_and_understood(walker: Walker) -> None:
    page = walker.page
    walker.begin()
    walker.follow(walker.link(walker.say("Hallazgos", "Findings"), "header"))
    page.wait_for_url("**/findings")
    finding = page.locator(".findings li", has=page.locator(".severity-violation")).filter(has_text="12").first
    expect(finding).to_be_visible()
    kind = page.locator(".finding-group", has=finding).get_by_role("heading").get_by_role("link").first
    expect(finding.locator("mark").first).to_have_text("12")
    walker.follow(kind)
    page.wait_for_url("**/findings/*")
    expect(page.locator(".check")).to_contain_text(walker.say("Corr", "orrect"))
    walker.follow(page.locator(".findings .words-link").first)
    page.wait_for_url("**/id/source/crm/*")
    expect(page.locator("mark").first).to_have_text("12")
    expect(page.locator("mark").first).to_be_visible()


@walked("en")
def test_crm_is_compared_with_the_csm(walker: Walker) -> None:
    page = walker.page
    walker.begin()
    walker.follow(walker.link(walker.say("Procesos", "Processes"), "header"))
    page.wait_for_url("**/processes")
    both = page.locator(".matrix tbody tr", has=page.locator("a[href$='/id/process/sacm']"))
    expect(both.get_by_role("rowheader")).to_have_text(walker.say("CSM", "SACM"))
    lay_out(page)
    titles = page.locator(".matrix thead th").all_inner_texts()
    expect(both.get_by_role("cell").nth(titles.index(walker.say("CRM", "RCM")))).to_have_text("0")
    walker.follow(walker.link(walker.say("Otros planes", "Other plans"), "header"))
    page.wait_for_url("**/crosswalk")
    walker.follow(page.locator("main a[href$='/crosswalk/crm/csm']").first)
    page.wait_for_url("**/crosswalk/crm/csm")
    matches = page.locator(".matches li")
    assert matches.count() > 5
    walker.follow(matches.get_by_role("link").first)
    expect(page.locator("h1")).to_be_visible()


def test_proposals_while_somebody_types(narrow: Visit) -> None:
    page = narrow.go("/es/search")
    field, options = page.get_by_role("combobox"), page.get_by_role("option")
    field.press_sequentially("memor")
    expect(options.first).to_contain_text("Memorándum de Entendimiento")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert not narrow.is_too_wide()
    # Left by Escape, taken by a press, by the keys, or passed over by Enter.
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("a")
    expect(options.first).to_be_visible()
    options.first.click()
    page.wait_for_url("**/es/id/**")
    narrow.go("/es/search")
    field.press_sequentially("memor")
    expect(options.first).to_be_visible()
    field.press("Enter")
    page.wait_for_url("**/es/search?q=memor")
    expect(page.locator(".hits > li").first).to_be_visible()
    narrow.go("/en/search")
    field.press_sequentially("OIM")
    expect(options.first).to_contain_text("International Organization for Migration")
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(options.first.get_attribute("id")))
    field.press("Enter")
    page.wait_for_url("**/en/id/actor/oim")


def test_another_language_keeps_the_place(wide: Visit) -> None:
    page = wide.go("/es/id/source/crm")
    page.evaluate("location.hash = '#c13011-13115'")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/id/source/crm#c13011-13115")
    expect(page.locator("#c13011-13115")).to_be_in_viewport()


def test_plan_opens_and_leads_to_the_words(narrow: Visit) -> None:
    page = narrow.go("/en/plan")
    expect(page.locator(".objective-line")).to_have_count(20)
    expect(page.locator(".part-scheduleentry").first).to_be_hidden()
    page.locator("#pgm-7 summary").click()
    expect(page.locator("#pgm-7 .part-scheduleentry")).to_have_count(5)
    expect(page.locator("#pgm-7 .part-scheduleentry").first).to_be_visible()
    page.get_by_role("button", name="Expand all").click()
    expect(page.locator("details[open]")).to_have_count(20)
    page.get_by_role("button", name="Collapse all").click()
    expect(page.locator("details[open]")).to_have_count(0)
    page.locator("#vmd-1 summary").click()
    page.locator("#vmd-1 .part-link", has_text="1.2.1").first.click()
    page.wait_for_url("**/en/id/plan/crm/vmd/1.2.1")
    expect(page.locator("mark")).to_be_visible()
    page.get_by_role("link", name="In the whole document").click()
    page.wait_for_url("**/en/id/source/crm#c13011-13115")
    target = page.locator("#c13011-13115")
    expect(target).to_be_in_viewport()
    ground = "e => getComputedStyle(e).backgroundColor"
    assert target.evaluate(ground) != page.locator("body").evaluate(ground)


def test_long_pages_keep_their_place(wide: Visit) -> None:
    # A link to a place far below leads there.
    page = wide.go("/en/ontology")
    followed = page.locator(".index a[href^='#'] >> nth=-1")
    place = followed.get_attribute("href") or ""
    followed.evaluate("e => e.click()")
    page.wait_for_url(f"**{place}")
    expect(page.locator(f"[id='{place.removeprefix('#')}']")).to_be_in_viewport()
    assert page.evaluate("scrollY") > 5000
    # Whoever comes back is where they were.
    page = wide.go("/en/findings")
    for _ in range(20):
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(20)
    before = _read(page)
    assert page.evaluate("scrollY") > 3000
    page.reload()
    assert _read(page) == before
    page.locator(".brand").evaluate("e => e.click()")
    page.wait_for_url("**/en/")
    page.go_back()
    assert _read(page) == before


def _read(page: Page) -> list[Any]:
    """What is read in the middle of the window, and where, when it has come to rest."""
    read: list[Any] = []
    for _ in range(100):
        page.wait_for_timeout(300)
        if read == (read := page.evaluate("measures.read")):
            break
    return read


@pytest.mark.parametrize("has_scripts", [True, False])
def test_groups_of_addresses_open_for_what_is_in_them(window: Window, has_scripts: bool) -> None:
    visit = window(java_script_enabled=has_scripts)
    page = visit.go("/en/api")
    groups = page.locator(".operations > details")
    assert groups.evaluate_all("all => all.map(e => e.open)") == [False] * groups.count()
    operation = page.locator("#get-reconcile")
    expect(operation).to_be_hidden()
    for path in ("/en/api#get-reconcile", "/en/about", "/en/api#get-reconcile"):
        visit.go(path)
        if "#" in path:
            expect(operation).to_be_in_viewport()


def test_site_without_scripts(scriptless: Visit) -> None:
    page = scriptless.go("/plan")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.locator("#pgm-7 summary").click()
    expect(page.locator("#pgm-7 .part-scheduleentry").first).to_be_visible()
    # A name is typed in a question, and one that is not clear is asked about.
    page = scriptless.go("/es/queries/objective-contents")
    field, ask = page.get_by_label("El objetivo", exact=True), page.get_by_role("button", name="Preguntar")
    field.fill("3 promover la proteccion internacional del refugiado.")
    ask.click()
    expect(page.locator(".results td[data-column=number]").first).to_contain_text("3.")
    assert "objective=plan%2Fcrm%2Fdh%2F3" in page.url
    field.fill("refugiado")
    ask.click()
    expect(page.get_by_role("alert")).to_contain_text("el parámetro objective no tiene un valor refugiado")
    page.get_by_role("link", name="3 Promover la protección internacional del refugiado").click()
    expect(page.locator(".results")).to_be_visible()
    # What the server refuses, the browser notes.
    assert [each for each in scriptless.complaints if "Failed to load" not in each] == []
    scriptless.complaints.clear()


def test_a_field_takes_what_is_typed_and_files_are_saved_beside_the_answer(wide: Visit) -> None:
    page = wide.go("/en/queries/element-agents")
    field = page.get_by_role("combobox", name="The part")
    field.click()
    page.keyboard.type("6.2.1 Return")
    expect(field).to_have_value("6.2.1 Return")
    page = wide.go("/en/queries/schedule-status?status=pending")
    here = page.url
    for form, ending in (("JSON", "json"), ("Turtle", "ttl")):
        with page.expect_download() as saved:
            page.locator(".answer .formats").get_by_text(form, exact=True).click()
        assert saved.value.suggested_filename == f"schedule-status.{ending}"
        assert page.url == here
    page.get_by_role("link", name="Open it in the query editor").click()
    expect(page.locator(".cm-content")).to_contain_text("status#pending")
