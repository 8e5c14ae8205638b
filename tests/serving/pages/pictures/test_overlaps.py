"""Which processes have which States in common."""

import csv
import io
import itertools

import pytest
from httpx import Client

from crmgraph.site.pictures.overlaps import DEGREES, NARROW, Process, draw_overlaps, processes
from crmgraph.site.site import Site
from tests.support.pages import links, read_page, text

ID = "https://w3id.org/crmgraph/id/process/"


def process(name: str, *members: str) -> Process:
    return Process(name, name, name, "", "", "", frozenset(members))


ONE, TWO, THREE = process("one", "a", "b", "c"), process("two", "b", "c", "d"), process("three", "e")


def test_likeness() -> None:
    assert (ONE.shared(TWO), ONE.likeness(TWO), ONE.degree(TWO)) == (2, 0.5, 3)
    assert (ONE.degree(THREE), process("x").degree(process("y"))) == (0, 0)
    assert ONE.degree(ONE) == DEGREES


def test_the_drawing_has_a_line_for_each_pair_that_shares() -> None:
    picture = draw_overlaps([ONE, TWO, THREE, process("unknown")])
    assert [spoke.process.iri for spoke in picture.spokes] == ["one", "two", "three"]
    [overlap] = picture.overlaps
    assert {end.process.iri for end in overlap.ends} == {"one", "two"}
    assert all(0 < spoke.cx < picture.width and 0 < spoke.cy < picture.height for spoke in picture.spokes)
    assert draw_overlaps([]).spokes == ()


def test_on_a_telephone_all_names_are_in_the_window(site: Site) -> None:
    for language in ("es", "en"):
        picture = draw_overlaps(processes(site, language), NARROW)
        assert picture.width < draw_overlaps(processes(site, language)).width
        assert picture.width <= 356


def test_the_real_processes(site: Site) -> None:
    found = processes(site, "es")
    assert len(found) == 34
    by_name = {each.iri.removeprefix(ID): each for each in found}
    rcm, ocam = by_name["rcm"], by_name["ocam"]
    assert (rcm.short, len(rcm.members), rcm.since, rcm.shared(ocam)) == ("CRM", 11, "1996", 7)
    assert by_name["rabat"].short == "Proceso de Rabat"
    assert {each.short for each in processes(site, "en")} >= {"RCM", "Rabat Process"}
    known = [each for each in found if each.members]
    assert found[: len(known)] == tuple(known)


@pytest.mark.parametrize(
    ("language", "heading", "none"),
    [("es", "Participantes", "no se conocen"), ("en", "Participants", "none known")],
)
def test_who_has_no_members_shows_its_participants(client: Client, language: str, heading: str, none: str) -> None:
    page = read_page(client.get(f"/{language}/processes").text)
    table = next(each for each in page.iter("table") if each.get("class") == "results")
    place = [text(head) for head in table.findall("thead/tr/th")].index(heading)
    known = {
        (row.find("th/a").get("href") or "").rpartition("/")[2]: [  # type: ignore[union-attr]
            text(cell) for cell in row.findall("td")[place - 2 : place]
        ]
        for row in table.iter("tr")
        if row.find("td") is not None
    }
    assert (known["prague"], known["gfmd"], known["rcm"]) == (["", "48"], [none, ""], ["11", ""])
    assert ["–", ""] not in known.values()


@pytest.mark.parametrize("name", ["shared-members", "members-apart", "common-processes", "state-processes"])
def test_questions_about_members_say_what_does_not_count_or_may_be_missing(name: str, site: Site) -> None:
    told = site.library[name].explanation
    counts = name in ("shared-members", "members-apart")
    assert ("articipants" in told["en"] and "observers" in told["en"]) if counts else ("15 of its" in told["en"])
    assert ("articipantes" in told["es"] and "observadores" in told["es"]) if counts else ("15 de sus" in told["es"])


@pytest.mark.parametrize(("language", "name"), [("es", "CRM"), ("en", "RCM")])
def test_the_page(client: Client, site: Site, language: str, name: str) -> None:
    page = read_page(client.get(f"/{language}/processes").text)
    table = next(each for each in page.iter("table") if each.get("class") == "matrix")
    rows = {row.findtext("th/a") or "": [text(cell) for cell in row.iter("td")] for row in table.iter("tr")}
    known = [each for each in processes(site, language) if each.members]
    for row, column in itertools.product(range(len(known)), repeat=2):
        shared = known[row].shared(known[column])
        assert rows[known[row].short or known[row].label][column] == str(shared)
    assert name in [text.text for text in page.iter("{http://www.w3.org/2000/svg}text")]
    links = {a.get("href") for a in page.iter("a")}
    assert f"/{language}/id/process/rcm" in links
    assert f"/{language}/queries/shared-members" in links


@pytest.mark.parametrize(
    ("language", "told", "question"),
    [
        ("es", "De 34 procesos, 15 no están", "¿En qué otros procesos participan los mismos"),
        ("en", "Of 34 processes, 15 are neither", "In which other processes do the same States"),
    ],
)
def test_the_page_says_which_processes_are_in_the_last_table_only(
    client: Client, language: str, told: str, question: str
) -> None:
    page = read_page(client.get(f"/{language}/processes").text)
    section = next(each for each in page.iter("section") if each.get("aria-labelledby") == "matrix")
    said = next(each for each in section.iter("p") if told in text(each))
    asked = {address: name for name, address in links(said).items()}
    assert asked[f"/{language}/queries/shared-participants"].startswith(question)
    assert "#all" in asked
    table = next(each for each in page.iter("section") if each.get("aria-labelledby") == "all")
    every = {address.rpartition("/")[2] for address in links(table).values() if "/id/process/" in address}
    shown = {address.rpartition("/")[2] for address in links(section).values() if "/id/process/" in address}
    assert len(every - shown) == 15
    assert {"budapest", "prague", "igc", "cmc"} <= every - shown


@pytest.mark.parametrize(("language", "name"), [("es", "Proceso de Praga"), ("en", "Prague Process")])
def test_all_processes_are_to_be_had_as_a_table(client: Client, site: Site, language: str, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"/{language}/processes.csv").text)))
    assert len(rows) == len(processes(site, language)) == 34
    [prague] = [row for row in rows if row["process"].endswith("/process/prague")]
    assert (prague["label"], prague["members"], prague["participants"]) == (name, "0", "48")
    [rcm] = [row for row in rows if row["process"].endswith("/process/rcm")]
    assert (rcm["since"], rcm["members"]) == ("1996", "11")
    assert links(read_page(client.get(f"/{language}/processes").text))["CSV"].endswith("/processes.csv")


def test_of_whom_nobody_knows_no_number_is_given(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/en/processes.csv").text)))
    things = client.get("/en/processes.json").json()
    assert {name for row in rows for name in row} == {name for thing in things for name in thing}
    [row] = [row for row in rows if row["process"] == f"{ID}acp-eu"]
    [thing] = [thing for thing in things if thing["process"] == f"{ID}acp-eu"]
    assert (row["members"], row["participants"]) == ("", "")
    assert (thing["members"], thing["participants"]) == (None, None)
    [prague] = [thing for thing in things if thing["process"] == f"{ID}prague"]
    assert (prague["members"], len(prague["participants"])) == ([], 48)
    assert prague["status"] == "https://w3id.org/crmgraph/ontology/process-status#active"
