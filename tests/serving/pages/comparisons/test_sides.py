"""What was decided from the side of either plan is said of both, on the pages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from fastapi import FastAPI
from httpx import Client

from crmgraph.building import Manifest
from crmgraph.site import Site, pages_router
from crmgraph.site.comparisons.crosswalk import comparisons
from crmgraph.site.plans.plans import name_of_plan
from crmgraph.sparql import Pool
from tests.support.clients import client_of
from tests.support.pages import having, links, read_page, text
from tests.support.sides import GUEST_LED, LED, decided_store

ID = "https://w3id.org/crmgraph/id/plan/"
GUESTS = (LED, GUEST_LED)
UNSAID = "Nobody has said whether anything corresponds."


@pytest.fixture(scope="module")
def decided(
    tmp_path_factory: pytest.TempPathFactory, build_folder: Path, manifest: Manifest, site: Site
) -> Iterator[Site]:
    folder = decided_store(tmp_path_factory.mktemp("sides"), manifest.folder(build_folder))
    with Pool(folder, memory_bytes=2**30) as pool:
        # What is kept of the dataset as it was built is not of this one.
        yield replace(site, pool=pool, digest="sides")


@pytest.fixture(scope="module")
def client(decided: Site) -> Iterator[Client]:
    app = FastAPI()
    app.include_router(pages_router(decided))
    with client_of(app, accept="text/html") as client:
        yield client


def said_of(page: Element) -> dict[str, str]:
    """What a comparison says of each part: in which way something corresponds, or that nothing does, or that nobody
    said.
    """
    items = (item for listed in having(page, "sides") for item in listed.findall("li"))
    return {
        next(item.iter("a")).get("href", "").rpartition("/plan/")[2]: next(
            text(each) for name in ("way", "no-match") for each in having(item, name)
        )
        for item in items
    }


@pytest.mark.parametrize("guest", GUESTS)
def test_two_plans_are_compared_once(decided: Site, guest: str) -> None:
    [found] = [each for each in comparisons(decided, "en") if guest in map(name_of_plan, (each.plan, each.other))]
    assert (name_of_plan(found.plan), name_of_plan(found.other)) == ("crm", guest)
    assert (found.answered, len(found.own), found.reached, len(found.theirs)) == (1, 20, 1, 3)
    says_nothing = [
        part.iri.removeprefix(ID) for part in (*found.own, *found.theirs) if part.matches and not part.degree
    ]
    assert says_nothing == (["crm/pgm/9"] if guest == LED else ["norte/c/2"])
    assert (found.unread, found.unread_there) == ((18, 2) if guest == LED else (19, 1))
    # The part of the plan is the subject of what is said of it, the way that of the other's.
    [own], [theirs] = [[match for part in side for match in part.corresponding] for side in (found.own, found.theirs)]
    assert [each.rpartition("#")[2] for each in (own.way, theirs.way)] == ["narrow", "broad"]
    assert own.turned == theirs
    assert own == theirs.turned


@pytest.mark.parametrize("guest", GUESTS)
def test_the_overview_has_it_from_either_side(client: Client, guest: str) -> None:
    page = read_page(client.get("/en/crosswalk").text)
    rows = [[text(cell) for cell in row] for table in having(page, "coverage") for row in table.iter("tr")]
    [from_ours, from_guest] = [row[2:] for row in rows if row[0] == f"Plan del {guest}"]
    own, theirs = ("18 parts", "2 parts") if guest == LED else ("19 parts", "1 part")
    assert from_ours == [
        f"1 of 20 Of {own} of this plan, nobody has said whether anything corresponds",
        f"1 of 3 Of {theirs} there, nobody has said whether anything corresponds",
    ]
    assert from_guest == [
        f"1 of 3 Of {theirs} of this plan, nobody has said whether anything corresponds",
        f"1 of 20 Of {own} there, nobody has said whether anything corresponds",
    ]


def test_the_data_of_the_overview_have_each_comparison_once(client: Client, decided: Site) -> None:
    pairs = [(row["plan"], row["other"]) for row in client.get("/en/crosswalk.json").json()]
    assert pairs == [(each.plan, each.other) for each in comparisons(decided, "en")]


@pytest.mark.parametrize("guest", GUESTS)
def test_all_ways_of_a_comparison_are_explained(client: Client, guest: str) -> None:
    page = read_page(client.get(f"/en/crosswalk/crm/{guest}").text)
    [legend] = having(page, "ways")
    assert [text(each) for each in legend.iter("dt")] == ["is broader", "is narrower", "no match"]
    assert text(next(reversed(list(legend.iter("dd"))))).startswith("Whoever compared the plans found nothing in the ")


def test_what_a_comparison_does_not_say_is_not_explained(decided: Site) -> None:
    [found] = [each for each in comparisons(decided, "en") if name_of_plan(each.other) == LED]
    assert found.says_nothing
    own = tuple(part for part in found.own if part.corresponding or not part.matches)
    assert not replace(found, own=own).says_nothing


@pytest.mark.parametrize("guest", GUESTS)
def test_from_either_side_the_comparison_is_the_same(client: Client, guest: str) -> None:
    there = client.get(f"/en/crosswalk/{guest}/crm")
    assert (there.status_code, there.headers["Location"]) == (308, f"/en/crosswalk/crm/{guest}")
    page = read_page(client.get(there.headers["Location"]).text)
    [shares] = having(page, "shares")
    for item, unread in zip(
        shares.findall("li"), ("18 parts", "2 parts") if guest == LED else ("19 parts", "1 part"), strict=True
    ):
        assert text(item).endswith(f"Of {unread}, nobody has said whether anything corresponds.")
    said = said_of(page)
    assert len(said) == 20 + 3
    nothing = "crm/pgm/9" if guest == LED else "norte/c/2"
    told = {part: words for part, words in said.items() if words != UNSAID}
    assert told == {
        "crm/pgm/3": f"Plan del {guest}: is narrower",
        f"{guest}/c/1": "RCM plan: is broader",
        nothing: "Nothing corresponds.",
    }


@pytest.mark.parametrize("guest", GUESTS)
def test_the_data_of_a_comparison_have_what_was_said_from_both_sides(client: Client, guest: str) -> None:
    rows = client.get(f"/en/crosswalk/crm/{guest}.json").json()
    told = [(row["subject"].removeprefix(ID), (row["object"] or "").removeprefix(ID)) for row in rows]
    assert told == [("crm/pgm/3", f"{guest}/c/1"), ("crm/pgm/9" if guest == LED else "norte/c/2", "")]
    graph = client.get(f"/en/crosswalk/crm/{guest}.nt").text
    assert {row["statement"] for row in rows} == {line[1:].partition(">")[0] for line in graph.splitlines()}


@pytest.mark.parametrize("guest", GUESTS)
def test_a_part_says_what_was_decided_of_it_from_either_side(client: Client, guest: str) -> None:
    def said(path: str) -> str:
        page = read_page(client.get(f"/en/id/plan/{path}").text)
        return " ".join(text(each) for each in page.iter("section") if each.get("aria-labelledby") == "matches")

    assert f"Plan del {guest}: is narrower" in said("crm/pgm/3")
    assert "RCM plan: is broader" in said(f"{guest}/c/1")
    assert "Nothing corresponds in 1 other plan RCM plan" in said("norte/c/2")
    assert f"Plan del {guest}" not in said("crm/pgm/4")
    assert (f"Plan del {guest}" in said("crm/pgm/9")) == (guest == LED)


@pytest.mark.parametrize("guest", GUESTS)
def test_a_guest_leads_to_its_comparison(client: Client, guest: str) -> None:
    page = read_page(client.get(f"/es/plan/{guest}").text)
    assert links(page)["Comparado con otros planes"] == f"/es/crosswalk/crm/{guest}"
