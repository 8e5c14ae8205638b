"""What newcomers come for, from the front page to the words of the source: in both languages, by mouse and by keyboard
alone, on a telephone, and below a path of another site."""

import csv
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from crmgraph.building import Manifest
from tests.browser.walker import Walker
from tests.support.proxies import running_proxy
from tests.support.servers import running_server
from tests.support.visits import lay_out

PREFIX = "/grafo"


@pytest.fixture(scope="module")
def below_a_path(build_folder: Path, manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site below a path of a web server of its own."""
    assert manifest.graphs
    flags = ("--root-path", PREFIX, "--proxies", "127.0.0.1")
    folder = tmp_path_factory.mktemp("apache")
    with running_server(build_folder, *flags) as address, running_proxy("apache", address + PREFIX, folder) as client:
        yield str(client.base_url).rstrip("/") + PREFIX


@pytest.fixture(params=["es", "en", "es-keyboard", "en-keyboard", "es-narrow", "en-narrow", "es-below", "en-below"])
def walker(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Walker]:
    """Somebody in each language; what goes wrong on the way, or leads to another server, fails the test."""
    language, _, way = request.param.partition("-")
    start = request.getfixturevalue("below_a_path" if way == "below" else "server")
    context = browser.new_context(
        viewport={"width": 390 if way == "narrow" else 1280, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: complaints.append(asked.url) if not _is_ours(asked.url, start) else None)
    yield Walker(page, start, language, by_keyboard=way == "keyboard")
    context.close()
    assert complaints == []


def _is_ours(url: str, start: str) -> bool:
    parts, ours = urlsplit(url), urlsplit(start)
    return parts.scheme in ("data", "blob") or (parts.netloc == ours.netloc and parts.path.startswith(ours.path))


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
    words = row.get_by_role("link", name="Fondo implementado por OIM")
    walker.follow(words)
    page.wait_for_url("**/id/source/crm#c3978-4004")
    expect(page.locator(".passage", has_text="Fondo implementado por OIM")).to_be_in_viewport()


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


def test_the_reference_to_an_objective_12_that_there_is_not_is_found_and_understood(walker: Walker) -> None:
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
    remedy = page.locator(".check")
    expect(remedy).to_be_visible()
    expect(remedy).to_contain_text(walker.say("Corr", "orrect"))
    walker.follow(page.locator(".findings .words-link").first)
    page.wait_for_url("**/id/source/crm/*")
    expect(page.locator("mark").first).to_have_text("12")
    expect(page.locator("mark").first).to_be_visible()


def test_the_crm_is_compared_with_the_csm(walker: Walker) -> None:
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


def test_a_query_is_written_with_completion_and_its_answer_is_cited(walker: Walker) -> None:
    page = walker.page
    walker.begin()
    walker.follow(walker.link("SPARQL", "header"))
    page.wait_for_url("**/sparql")
    editor = page.locator(".cm-content")
    if walker.by_keyboard:
        walker.reach(editor)
    else:
        editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("SELECT * { ?x a particip", delay=15)
    proposed = page.locator(".cm-tooltip-autocomplete li")
    expect(proposed.first).to_contain_text(walker.say("Participación", "Participation"), timeout=20_000)
    # The editor minds no key that comes as soon as the proposals do.
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results tbody tr").first).to_be_visible(timeout=20_000)
    expect(page.locator(".answer-summary")).to_contain_text(walker.say("filas", "rows"))
    walker.follow(page.locator("details.cite summary"))
    cited = page.locator(".cite-words")
    expect(cited).to_be_visible()
    expect(cited).to_contain_text("https://w3id.org/crmgraph/sparql?query=")
    expect(cited).to_contain_text(walker.say("consultado el", "accessed on"))
    expect(page.locator("#cite-bibtex")).to_contain_text("@")
