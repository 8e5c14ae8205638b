"""What corresponds in other plans, on the pages."""

import csv
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import Client

from crmgraph.resources import resource
from crmgraph.site.comparisons.crosswalk import by_plan, comparisons, matches_of, mirrored
from crmgraph.site.plans.plans import name_of_plan
from crmgraph.site.site import Site
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


def test_of_what_is_equally_near_nine_comes_before_ten(site: Site) -> None:
    [three] = [
        part
        for each in comparisons(site, "en")
        if name_of_plan(each.other) == "gcm"
        for part in each.own
        if part.iri.endswith("/crm/pgm/3")
    ]
    numbers = [match.object.rpartition("/")[2] for match in three.corresponding]
    assert numbers.index("10") == numbers.index("9") + 1
    assert [match.object for match in matches_of(site, three.iri, "en") if "/gcm/" in match.object] == [
        match.object for match in three.corresponding
    ]


@pytest.mark.parametrize(
    ("language", "counted"),
    [("es", "Se cuentan como partes los objetivos"), ("en", "What counts as a part is an objective")],
)
def test_it_says_which_parts_count(client: Client, language: str, counted: str) -> None:
    assert counted in client.get(f"/{language}/crosswalk").text


@pytest.mark.parametrize(("language", "words"), [("es", "Nada corresponde"), ("en", "Nothing corresponds")])
def test_the_pages(client: Client, site: Site, language: str, words: str) -> None:
    page = read_page(client.get(f"/{language}/crosswalk").text)
    found = comparisons(site, language)
    shown = [row for row in page.iter("tr") if row.find("td/meter") is not None]
    # The plan that was compared with several has a section; what the others say, folded, is the same turned around. The
    # 2030 Agenda is no plan.
    turned = sorted((each.turned for each in found if name_of_plan(each.other) != "sdg"), key=lambda each: each.plan)
    for row, each in zip(shown, (*found, *turned), strict=True):
        target = row.find("th/a")
        assert target is not None
        path = f"/{language}/crosswalk/crm/{name_of_plan(each.plan if each.is_turned else each.other)}"
        assert target.get("href") == path
        assert [meter.get("value") for meter in row.iter("meter")] == [str(each.answered), str(each.reached)]
    [matrix] = [table for table in page.iter("table") if "crosswalk" in (table.get("class") or "")]
    told = [[(cell.findtext("a") or "") for cell in row.iter("td")] for row in matrix.findall("tbody/tr[td]")]
    assert told == [
        [str(len(each.own[place].corresponding) or "") for each in found] for place in range(len(found[0].own))
    ]
    for each in found:
        text = client.get(f"/{language}/crosswalk/crm/{name_of_plan(each.other)}").text
        assert (words in text) == any(not part.corresponding for part in (*each.own, *each.theirs))
    assert client.get(f"/{language}/crosswalk/crm/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("language", "counts", "again"),
    [("es", "las cifras van delante", "lo mismo que arriba"), ("en", "the counts come first", "the same as above")],
)
def test_what_is_told_again_from_the_other_side_is_folded_and_says_so(
    client: Client, language: str, counts: str, again: str
) -> None:
    page = read_page(client.get(f"/{language}/crosswalk").text)
    sections = {each.get("aria-labelledby"): each for each in page.iter("section")}
    own, turned = sections["coverage-1"], sections["mirrored"]
    assert "coverage-2" not in sections
    assert counts in text(own)
    assert again in text(turned)
    [folded] = turned.iter("details")
    assert folded.get("open") is None
    assert len(list(folded.iter("meter"))) == 2 * 9
    # How much three of three is, is read before it is seen.
    assert all([each.tag for each in cell][:2] == ["span", "meter"] for cell in having(page, "share"))


def test_a_plan_that_was_compared_with_several_is_not_folded(site: Site) -> None:
    first, second, third = (
        each for each in comparisons(site, "en") if name_of_plan(each.other) in ("gcm", "csm", "bali")
    )
    among = replace(second.turned, other=third.other)
    sections = by_plan((first, second, third, among), {first.plan, *(each.other for each in (first, second, third))})
    assert [each.plan for each in mirrored(sections)] == [first.other]
    # Of two plans, the first has it.
    assert [each.plan for each in mirrored(by_plan((first,), {first.plan, first.other}))] == [
        max(first.plan, first.other)
    ]


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
    assert item.findtext("span") == "RCM plan: is narrower"


@pytest.mark.parametrize(
    ("language", "titles_only", "titles"),
    [
        ("es", "Pacto Mundial: solo se leyeron los títulos de sus partes.", "Plan de la CRM y Pacto Mundial"),
        ("en", "Global Compact: only the titles of its parts were read.", "RCM plan and Global Compact"),
    ],
)
def test_a_comparison_says_which_plans_it_is_of_and_what_was_read_of_them(
    client: Client, site: Site, language: str, titles_only: str, titles: str
) -> None:
    page = read_page(client.get(f"/{language}/crosswalk/crm/gcm").text)
    assert [text(heading) for heading in page.iter("h1")] == [titles]
    [notice] = map(text, having(page, "notice"))
    assert notice.startswith(titles_only)
    noted = site.select(f"SELECT ?note {{ <{ID}plan/gcm> skos:note ?note FILTER (LANG(?note) = '{language}') }}")
    assert noted[0]["note"].value in notice
    # Of the targets of the 2030 Agenda the text was read.
    [notice] = map(text, having(read_page(client.get(f"/{language}/crosswalk/crm/sdg").text), "notice"))
    assert titles_only.partition(": ")[2] not in notice


@pytest.mark.parametrize(
    ("language", "lead", "read", "six"),
    [
        ("es", "De otros 9 planes solo se leyeron los títulos.", "Solo los títulos.", "Seis de sus ocho áreas"),
        ("en", "Of 9 other plans, only the titles were read.", "Only the titles.", "Six of its eight areas"),
    ],
)
def test_the_overview_says_of_which_plans_only_titles_were_read(
    client: Client, language: str, lead: str, read: str, six: str
) -> None:
    page = read_page(client.get(f"/{language}/crosswalk").text)
    assert lead in text(next(having(page, "lead")))
    rows = [row for row in next(having(page, "coverage")).iter("tr") if row.find("td/meter") is not None]
    others = {row.findtext("th/a") for row in rows if not text(row.findall("td")[0]).startswith(read)}
    assert others == {"Agenda 2030" if language == "es" else "2030 Agenda"}
    [bali] = [text(row.findall("td")[0]) for row in rows if "Bali" in (row.findtext("th/a") or "")]
    assert bali.removeprefix(f"{read} ").startswith(six)


def test_the_colours_of_the_matrix_are_explained(client: Client) -> None:
    page = read_page(client.get("/en/crosswalk").text)
    legend = next(having(page, "degrees"))
    named = {swatch.get("class"): text(item) for item in legend.iter("li") for swatch in item.iter("span")}
    used = {cell.get("class") for cell in next(having(page, "matrix")).iter("td") if cell.get("class")}
    assert {f"swatch {each}" for each in used - {"degree-0"}} == named.keys() - {"swatch"}
    assert named["swatch degree-3"] == "is broader"
    assert named["swatch"] == "no match"


@pytest.mark.parametrize(("value", "words"), [(None, ""), (0.9, "high"), (0.8, "high"), (0.7, "medium"), (0.5, "low")])
def test_certainty_is_told_in_words(site: Site, value: float | None, words: str) -> None:
    match = matches_of(site, f"{ID}plan/crm/pgm/7", "es")[0]
    assert replace(match, certainty=value).confidence == words


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.split(".")[0])
def test_explanations_say_whose_objective_they_mean(file: Path) -> None:
    unowned = (
        re.compile(r"\b(el|del|al|la) (objetivo|meta)\b(?!( mismo)? de la CRM| \d)", re.IGNORECASE),
        re.compile(r"\bthe (objective|target)\b(?! of the RCM)", re.IGNORECASE),
    )
    told = [row[column] for row in rows(file) for column in ("ext_comment_es", "comment")]
    assert [each for each in told if any(words.search(each) for words in unowned)] == []
    assert [
        each for each in told if re.search(r"\b(objetivo|objective) \d+(?! del Pacto| of the Compact)\b", each)
    ] == []


@pytest.mark.parametrize(
    ("language", "words", "of_it"),
    [
        ("es", "nadie ha dicho si le corresponde algo", "De 1 parte de este plan nadie ha dicho si le"),
        ("en", "nobody has said whether anything corresponds", "Of 1 part of this plan, nobody has said"),
    ],
)
def test_what_nobody_compared_is_not_said_to_correspond_to_nothing(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch, language: str, words: str, of_it: str
) -> None:
    whole = client.get(f"/{language}/crosswalk").text
    assert words not in whole
    first, *others = comparisons(site, language)
    unread = replace(first, own=(replace(first.own[0], matches=()), *first.own[1:]))
    monkeypatch.setattr("crmgraph.site.comparisons.page.comparisons", lambda *_: (unread, *others))
    page = read_page(client.get(f"/{language}/crosswalk").text)
    [cell] = [cell for cell in having(page, "unread") if cell.tag == "td"]
    assert text(cell) == words
    assert words in " ".join(text(each) for each in having(page, "legend"))
    assert sum(of_it in text(row) for row in page.iter("tr")) == 1
