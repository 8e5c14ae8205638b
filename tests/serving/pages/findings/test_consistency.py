"""The consistency report as its visitors choose to see it."""

import json
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from httpx import Client

from crmgraph.errors import UnavailableError, UsageError
from crmgraph.site import Site
from crmgraph.site.findings.checks import SEVERITIES, checks
from crmgraph.site.findings.consistency import Wanted, grouped, placed, rows, themes
from crmgraph.site.findings.findings import all_findings
from crmgraph.storing.states import new_state, state_as_built, state_when_written
from tests.support.pages import having, links, read_page, text


def test_the_page_lists_every_finding_once_by_group_and_check(client: Client, site: Site) -> None:
    root = read_page(client.get("/en/findings").text)
    listed = client.get("/findings.json").json()
    sections = list(having(root, "finding-group"))
    assert Counter({code_of(section): len(list(section.iter("li"))) for section in sections}) == Counter(
        row["code"] for row in listed
    )
    told = {check.code: check for check in checks(site, "en")}
    groups = [told[code_of(section)].group for section in sections]
    gravest = {
        group: min(SEVERITIES.index(row["severity"]) for row in listed if told[row["code"]].group == group)
        for group in groups
    }
    order = list(told)
    codes = [code_of(section) for section in sections]
    assert codes == sorted(codes, key=lambda code: (gravest[told[code].group], order.index(code)))
    assert gravest[groups[0]] < gravest[groups[-1]]
    titles = {check.code: check.title for check in checks(site, "en")}
    assert all(links(section)[titles[code_of(section)]] == f"/en/findings/{code_of(section)}" for section in sections)


def code_of(section: object) -> str:
    return section.get("aria-labelledby", "").removeprefix("code-")  # type: ignore[attr-defined, no-any-return]


def test_the_counts_are_those_of_the_report(client: Client) -> None:
    listed = Counter(row["severity"] for row in client.get("/findings.json").json())
    root = read_page(client.get("/en/findings").text)
    first = root.find(".//nav[@class='filters']/dl/div")
    assert first is not None
    counted = [int(text(count)) for count in having(first, "count")]
    assert counted == [listed[severity] for severity in SEVERITIES]


@pytest.mark.parametrize(
    "query",
    ["severity=violation", "severity=info&theme=dh", "theme=vmd", "severity=warning&theme=pgm", "theme=none"],
)
def test_links_narrow_the_report_down(client: Client, query: str) -> None:
    asked = dict(part.split("=") for part in query.split("&"))
    everything = client.get("/findings.json").json()
    wanted = [row for row in everything if all((row[name] or "none") == value for name, value in asked.items())]
    assert 0 < len(wanted) < len(everything)
    assert client.get(f"/findings.json?{query}").json() == wanted
    root = read_page(client.get(f"/es/findings?{query}").text)
    assert len([li for group in having(root, "findings") for li in group.iter("li")]) == len(wanted)
    chosen = [link.get("href") for link in next(having(root, "filters")).iter("a") if link.get("aria-current")]
    assert f"/es/findings?{query}" in chosen
    assert links(root)["JSON"] == f"/findings.json?{query}"


def test_each_choice_says_how_many_it_leads_to(client: Client) -> None:
    start = read_page(client.get("/en/findings?severity=info").text)
    followed = 0
    for choice in next(having(start, "filters")).iter("a"):
        for count in having(choice, "count"):
            there = read_page(client.get(choice.get("href", "")).text)
            assert len([li for group in having(there, "findings") for li in group.iter("li")]) == int(text(count))
            followed += 1
    assert followed == len(SEVERITIES) + len(("pgm", "dh", "vmd", "none"))


def test_what_there_is_not_is_refused_with_what_there_is(client: Client) -> None:
    for query, named in (("severity=grave", "violation, warning, info"), ("theme=x", "(pgm)")):
        answer = client.get(f"/en/findings?{query}")
        assert answer.status_code == 400
        assert named in text(read_page(answer.text))
    with pytest.raises(UsageError, match="“x” is no theme here"):
        Wanted.read("", {"theme": "x"}, {"dh": "Human Rights"})


def test_a_finding_about_two_shows_both_places_with_their_words_marked(client: Client) -> None:
    root = read_page(client.get("/en/findings/note-contradicts-schedule").text)
    [finding] = having(root, "findings")
    assert ["".join(mark.itertext()) for mark in finding.iter("mark")] == [
        "no se han efectuado actividades concretas",
        "4.1.1.1 Continuo",
    ]
    places = [link.get("href") for link in finding.iter("a")]
    assert places == [
        "/en/id/source/crm/13976-14017",
        "/en/id/plan/crm/vmd/4-a",
        "/en/id/source/crm/14183-14199",
        "/en/id/plan/crm/vmd/4.1.1.1",
    ]
    assert "characters 13976–14017" in text(finding)
    marked = read_page(client.get(places[0] or "").text)
    assert ["".join(mark.itertext()) for mark in marked.iter("mark")] == ["no se han efectuado actividades concretas"]


def test_themes_are_called_as_in_the_plan(site: Site) -> None:
    assert list(themes(site, "en")) == ["pgm", "dh", "vmd"]
    assert themes(site, "en")["dh"] == "Human Rights"


def test_groups_hold_only_what_was_found(site: Site) -> None:
    found = all_findings(site, "en")
    titles = [title for title, _ in grouped(found, checks(site, "en"))]
    assert titles[:3] == ["References", "Contradictions", "Numbering"]
    assert len(titles) == len(set(titles))
    assert grouped([], checks(site, "en")) == []
    of_one = [finding for finding in found if finding.code == "date-past"]
    [(title, [kind])] = grouped(of_one, checks(site, "en"))
    assert (title, kind.check.code, list(kind.findings)) == ("Time", "date-past", of_one)


def test_a_report_that_is_gone_cannot_be_had(site: Site, tmp_path: Path) -> None:
    for gone in (None, tmp_path / "none"):
        with pytest.raises(UnavailableError):
            rows(replace(site, report=gone), Wanted())
    assert json.loads(rows(site, Wanted("date-past"))) != []


def test_a_report_of_another_dataset_is_not_given(site: Site) -> None:
    began_as_it = (site.digest, state_as_built(site.digest), state_when_written(site.digest))
    for state in began_as_it:
        assert json.loads(rows(replace(site, written=partial(str, state)), Wanted("date-past"))) != []
    for state in (state_as_built("abc"), state_when_written("abc"), new_state()):
        with pytest.raises(UnavailableError, match="of another dataset"):
            rows(replace(site, written=partial(str, state)), Wanted())


def test_findings_are_put_together_by_place_in_the_order_of_the_document(client: Client, site: Site) -> None:
    root = read_page(client.get("/en/findings?by=place").text)
    listed = client.get("/findings.json").json()
    sections = list(having(root, "finding-group"))
    shown = [li.get("id") for section in sections for li in section.iter("li")]
    assert len(shown) == len(set(shown)) == len(listed)
    headings = [text(next(iter(section.iter("h2")))) for section in sections]
    assert headings[0].startswith("RCM plan")
    themes_shown = [text(kicker) for section in sections for kicker in having(section, "kicker")]
    order = list(themes(site, "en").values())
    assert [order.index(theme) for theme in themes_shown] == sorted(order.index(theme) for theme in themes_shown)
    places = [spot.findings for spot in placed(site, all_findings(site, "en"), "en")]
    assert sum(map(len, places)) == len(listed)


def test_how_they_are_put_together_goes_with_the_other_choices(client: Client) -> None:
    root = read_page(client.get("/es/findings?severity=warning&by=place").text)
    addresses = set(links(next(having(root, "filters"))).values())
    assert {"/es/findings?severity=warning", "/es/findings?by=place"} <= addresses
    assert "/es/findings?severity=warning&theme=dh&by=place" in addresses
    assert client.get("/es/findings?by=chance").status_code == 400
