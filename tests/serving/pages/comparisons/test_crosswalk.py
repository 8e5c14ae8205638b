"""What corresponds in other plans, on the pages."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from httpx import Client

from crmgraph.resources import resource
from crmgraph.serving.pages.comparisons.crosswalk import comparisons, matches_of, name_of_plan, plans
from crmgraph.serving.pages.site import Site
from tests.support.pages import having, links, read_page, text

ID = "https://w3id.org/crmgraph/id/"
FILES = sorted(resource("data/links").glob("crm-*.sssom.tsv"))


def rows(file: Path) -> list[dict[str, str]]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.split(".")[0])
def test_a_comparison_is_what_the_file_says(site: Site, file: Path) -> None:
    name = file.name.removeprefix("crm-").removesuffix(".sssom.tsv")
    found = next(each for each in comparisons(site, "es") if name_of_plan(each.other) == name)
    said = rows(file)
    matched = [row for row in said if row["object_id"] and row["predicate_id"] != "skos:mappingRelation"]
    assert found.answered == len({row["subject_id"] for row in matched})
    assert found.reached == len({row["object_id"] for row in matched})
    assert Counter(len(part.matches) for part in found.own) == Counter(
        Counter(row["subject_id"] for row in said).values()
    )
    assert {match.why for part in found.own for match in part.matches} == {row["ext_comment_es"] for row in said}
    assert sum(len(part.matches) for part in found.theirs) == len(matched)


def test_parts_stand_in_the_order_of_their_document(site: Site) -> None:
    by_name = {name_of_plan(each.other): each for each in comparisons(site, "en")}
    assert set(by_name) == {file.name.removeprefix("crm-").removesuffix(".sssom.tsv") for file in FILES}
    assert [part.number for part in by_name["gcm"].theirs] == [str(number) for number in range(1, 24)]
    expected = [*range(1, 12), *range(1, 6), *range(1, 5)]
    assert [part.number for part in by_name["gcm"].own] == [str(number) for number in expected]
    numbers = [tuple(map(str, part.number.split("."))) for part in by_name["sdg"].theirs]
    assert numbers == sorted(numbers, key=lambda each: [int(piece) if piece.isdecimal() else 99 for piece in each])


def test_what_is_nearest_comes_first(site: Site) -> None:
    seven = next(
        part
        for each in comparisons(site, "es")
        if name_of_plan(each.other) == "gcm"
        for part in each.own
        if part.iri.endswith("/pgm/7")
    )
    first = seven.corresponding[0]
    assert first.object.startswith(f"{ID}plan/gcm/")
    assert seven.degree == {"close": 4, "broad": 3}[first.way.rpartition("#")[2]]
    assert first in matches_of(site, seven.iri, "es")
    assert first.quotation
    # From the other side it is the same statement.
    assert first.iri in {match.iri for match in matches_of(site, first.object, "es")}
    assert matches_of(site, f"{ID}country/GTM", "es") == ()
    # That nothing in it corresponds to some objectives is said of those.
    assert matches_of(site, f"{ID}plan/csm", "es") == ()


@pytest.mark.parametrize(("language", "words"), [("es", "Nada corresponde"), ("en", "Nothing corresponds")])
def test_the_pages(client: Client, site: Site, language: str, words: str) -> None:
    page = read_page(client.get(f"/{language}/crosswalk").text)
    found = comparisons(site, language)
    shown = [row for row in page.iter("tr") if row.find("td/meter") is not None]
    assert len(shown) == len(found)
    for row, each in zip(shown, found, strict=True):
        target = row.find("th/a")
        assert target is not None
        assert target.get("href") == f"/{language}/crosswalk/crm/{name_of_plan(each.other)}"
        assert [meter.get("value") for meter in row.iter("meter")] == [str(each.answered), str(each.reached)]
    matrix = next(table for table in page.iter("table") if "crosswalk" in (table.get("class") or ""))
    told = [[(cell.findtext("a") or "") for cell in row.iter("td")] for row in matrix.findall("tbody/tr[td]")]
    assert told == [
        [str(len(each.own[place].corresponding) or "") for each in found] for place in range(len(found[0].own))
    ]
    for each in found:
        text = client.get(f"/{language}/crosswalk/crm/{name_of_plan(each.other)}").text
        assert (words in text) == any(not part.corresponding for part in (*each.own, *each.theirs))
    assert client.get(f"/{language}/crosswalk/crm/nowhere").status_code == 404


def test_parts_stand_below_their_themes_where_there_are_several(client: Client, site: Site) -> None:
    page = read_page(client.get("/en/crosswalk/crm/csm").text)
    themes = [text(heading) for heading in having(page, "of-theme")]
    assert themes == ["Migration Policies and Management", "Human Rights", "Link between Migration and Development"]
    own, theirs = having(page, "sides"), next(each for each in comparisons(site, "en") if each.other.endswith("/csm"))
    assert [len(list(each.iter("h4"))) for each in own] == [11, 5, 4, 0]
    assert [text(heading)[0] for heading in list(having(page, "sides"))[-1].iter("h3")] == list("ABCDEFGH")
    assert len(theirs.theirs) == len("ABCDEFGH")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/plan", "/crosswalk"),
        ("/id/plan/crm", "/crosswalk"),
        ("/plan/csm", "/crosswalk/crm/csm"),
        ("/id/plan/csm", "/crosswalk/crm/csm"),
    ],
)
def test_a_plan_leads_to_where_it_is_compared(client: Client, path: str, target: str) -> None:
    page = read_page(client.get(f"/es{path}").text)
    assert links(page)["Comparado con otros planes"] == f"/es{target}"
    assert client.get(f"/es{target}").status_code == 200


def test_all_plans_are_listed(client: Client, site: Site) -> None:
    page = read_page(client.get("/en/crosswalk").text)
    section = next(each for each in page.iter("section") if each.get("aria-labelledby") == "all")
    told = {}
    for row in section.iter("tr"):
        target = row.find("th/a")
        if target is not None:
            told[target.get("href")] = [cell.text for cell in row.findall("td")]
    assert len(told) == len(list(resource("data/source").glob("*.txt"))) == len(plans(site))
    assert told["/en/id/plan/gcm"][1:] == ["23", "24"]
    assert next(iter(told)) == "/en/id/plan/crm"


def test_the_page_of_a_part_says_what_corresponds_and_why(client: Client, site: Site) -> None:
    match = matches_of(site, f"{ID}plan/crm/pgm/7", "es")[0]
    for path in ("plan/crm/pgm/7", match.object.removeprefix(ID)):
        text = client.get(f"/es/id/{path}").text
        assert "En otros planes" in text
        assert match.why in text
    assert "En otros planes" not in client.get("/es/id/country/GTM").text


def test_seen_from_the_other_side_the_way_is_turned_around(client: Client, site: Site) -> None:
    broad = next(
        match
        for each in comparisons(site, "en")
        for part in each.own
        for match in part.corresponding
        if match.way.endswith("#broad") and match.object.startswith(f"{ID}plan/marrakesh")
    )
    there = read_page(client.get("/en/id/" + broad.object.removeprefix(ID)).text)
    section = next(each for each in there.iter("section") if each.get("aria-labelledby") == "matches")
    item = next(
        each
        for each in section.iter("li")
        if (each.find("a") is not None and each.find("a").get("href") == "/en/id/" + broad.subject.removeprefix(ID))  # type: ignore[union-attr]
    )
    assert item.findtext("span") == "is narrower"
