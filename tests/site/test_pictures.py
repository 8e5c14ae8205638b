"""The pictures of the plan and of its processes: what they show, held against the questions; pages and files."""

import itertools
from collections import Counter
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from crmgraph.http.languages import format_day
from crmgraph.site.base.site import Record, Site
from crmgraph.site.charts.drawing import Link, Path, Text
from crmgraph.site.charts.plan import draw_schedule, schedule
from crmgraph.site.charts.processes import processes, shared_member_count
from crmgraph.site.charts.responsibilities import FAMILIES, matrix_of, responsibilities
from tests.support.pages import classes, having, links, text
from tests.support.visiting import SVG, Visitor, data_rows, pictured, section

ID = "https://w3id.org/crmgraph/id/"
PICTURES = (
    "/pictures/responsibilities",
    "/pictures/responsibilities?theme=dh&role=acts",
    "/pictures/schedule",
    "/pictures/plan-tree?open=pgm/7,dh/1",
    "/pictures/members?process=ocam",
    "/processes",
)


@pytest.mark.parametrize(("picture", "language"), list(zip(PICTURES, itertools.cycle(["es", "en"]))))
def test_pages_and_files(visit: Visitor, site: Site, language: str, picture: str) -> None:
    page = visit.page(f"/{language}{picture}")
    path, mark, query = picture.partition("?")
    offered = f"/{language}{path}.svg{mark}{query}"
    assert {link.get("href"): link for link in page.iter("a")}[offered].get("download", "").endswith(".svg")
    drawn = [each for each in page.iter(f"{SVG}svg") if "picture" in (each.get("class") or "") and each.get("role")]
    [label] = {drawing.get("aria-label") for drawing in drawn}
    assert label
    assert all(drawing.get("width", "").endswith("rem") for drawing in drawn)
    assert all(text(next(link.iter(f"{SVG}title"))) for drawing in drawn for link in pictured(drawing))
    # The file stands on its own and says where it is from.
    answer = visit.get(offered)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-language"] == language
    file = ElementTree.fromstring(answer.text)
    assert (file.tag, file[0].tag) == (f"{SVG}svg", f"{SVG}title")
    assert file[0].text
    described = file.findtext(f"{SVG}desc") or ""
    said = " ".join("".join(each.itertext()) for each in file.iter(f"{SVG}text"))
    assert site.digest in described
    assert site.digest in said.replace("…", "")
    assert f"{visit.client.base_url}/{language}{picture}" in described
    style = file.findtext(f"{SVG}style") or ""
    assert "var(" not in style
    assert ".edge" in style
    assert all(link.get("href", "").startswith("http") for link in pictured(file))
    # It shows the same as the page.
    [wide] = having(page, "picture-scroll")
    here = [words.text for words in wide.iter(f"{SVG}text")]
    assert len(here) > 10
    assert not set(here) - {words.text for words in file.iter(f"{SVG}text")}


def test_all_pictures_are_shown_together(visit: Visitor) -> None:
    page = visit.page("/en/pictures")
    for title, address in links(next(having(page, "gallery"))).items():
        shown = visit.page(address)
        assert title in ("", *(text(head) for level in ("h1", "h2") for head in shown.iter(level)))
    images = list(page.iter("img"))
    assert [image.get("loading") for image in images] == [None] * 5, "what is seen at once is fetched at once"
    assert all(visit.get(each.get("src", "")).headers["content-type"] == "image/svg+xml" for each in images)
    for picture in ("responsibilities", "schedule", "plan-tree"):
        table = visit.get(links(visit.page(f"/en/pictures/{picture}"))["CSV"])
        assert table.headers["content-type"].startswith("text/csv")


@pytest.fixture(scope="module")
def found(site: Site) -> Record:
    return matrix_of(responsibilities(site, site.names.id("plan", "crm"), "en"))


@pytest.fixture(scope="module")
def answered(visit: Visitor) -> list[dict[str, str]]:
    rows = visit.csv("/queries/agent-roles.csv?agent=any")
    assert len(rows) > 100
    return rows


def test_roles_are_those_that_the_question_tells_of(found: Record, answered: list[dict[str, str]]) -> None:
    told = Counter((row["agent"], row["role"], row["element"], row["passage"]) for row in answered)
    shown = Counter((part.actor.iri, part.role.iri, part.element, part.quotation.iri) for part in found.parts)
    assert shown == told
    doubted = Counter((row["agent"], row["role"], row["element"]) for row in answered if row["confidence_label"])
    assert len(doubted) > 10
    uncertain = [part for part in found.parts if part.certainty.label]
    assert Counter((part.actor.iri, part.role.iri, part.element) for part in uncertain) == doubted
    cells = Counter(
        (row["agent"], objective.iri)
        for row in answered
        for objective in found.objectives
        if row["element"] == objective.iri or row["element"].startswith((objective.iri + ".", objective.iri + "-"))
    )
    assert {(actor.iri, objective.iri): len(parts) for actor, objective, parts in found.cells} == cells
    theme = matrix_of(found, "dh")
    assert 0 < len(theme.parts) < len(found.parts)
    assert {part.objective.theme.name for part in theme.parts} == {"dh"}
    assert len(theme.objectives) == 5


def wide(page: Element) -> Element:
    """Return the picture of a page."""
    return next(having(page, "picture-scroll"))


def test_the_matrix(visit: Visitor, found: Record) -> None:
    """Each cell leads to its row in the table, says how many roles there are, and has the look of the first kind."""
    page = visit.page("/en/pictures/responsibilities")
    rows = {row.get("id") for table in having(page, "picture-data") for row in table.iter("tr") if row.get("id")}
    cells = [link for link in pictured(wide(page)) if "#" in link.get("href", "")]
    assert {link.get("href", "").partition("#")[2] for link in cells} == rows
    assert len(cells) == len(rows) == len(found.cells) > 60
    assert {str(number) for number in range(1, 12)} <= {text(each) for each in wide(page).iter(f"{SVG}text")}
    cells_of_parts = [parts for _, _, parts in found.cells]
    families = [{part.family for part in parts} for parts in cells_of_parts]
    looks = Counter(next(link.iter(f"{SVG}rect")).get("class") for link in cells)
    assert looks == Counter(f"cell {next(name for name in FAMILIES if name in each)}" for each in families)
    counts = Counter(text(next(link.iter(f"{SVG}text"))) for link in cells)
    doubts = [any(part.certainty.label for part in parts) for parts in cells_of_parts]
    expected = zip(cells_of_parts, doubts, strict=True)
    assert counts == Counter(f"{len(parts)}{'?' if is_doubted else ''}" for parts, is_doubted in expected)


@pytest.fixture(scope="module")
def entries(site: Site) -> list[Record]:
    return schedule(site, site.names.id("plan", "crm"), "es")


def test_entries_of_the_schedule(visit: Visitor, entries: list[Record]) -> None:
    told = {row["entry"]: (row["status"], row["status_label"]) for row in visit.csv("/es/queries/schedule-status.csv")}
    assert {each.iri: (each.status.iri, each.status.label) for each in entries if each.status.iri} == told
    dates = {
        (row["element"], row["property"].rpartition("#")[2]): row["value"]
        for row in visit.csv("/es/queries/dates-and-places.csv")
        if row["property"].endswith(("#date", "#since", "#recurrence", "#delay"))
    }
    for each in entries:
        for name in ("date", "since", "recurrence", "delay"):
            assert getattr(each, name) == dates.get((each.iri, name), ""), each.iri
    days = sorted(each.date or each.since for each in entries if each.date or each.since)
    assert days == ["2003-06", "2005-03", "2010"]
    # A date is that of what the words date.
    dated = {
        each.number: (each.occasion.iri.removeprefix(ID), each.occasion_label, each.date)
        for each in entries
        if each.occasion.iri
    }
    assert dated == {
        "2.4.1.1": ("event/crm/seminario-ddhh", "Seminario sobre derechos humanos (evento previsto)", "2010"),
        "7.3.1.1": (
            "event/crm/informe-tarifas-2005",
            "Informe de la OIM para el GRCM de Vancouver sobre tarifas reducidas con líneas aéreas (evento ocurrido)",
            "2005-03",
        ),
    }
    assert [each.number for each in entries if each.has_date] == ["11.1.1.1"]


def test_the_picture_of_the_schedule(visit: Visitor, entries: list[Record]) -> None:
    drawing = draw_schedule(entries, str, "es")
    shown = [shape for shape in drawing.shapes if isinstance(shape, Link)]
    of_plan = [
        row["element"]
        for row in visit.csv("/queries/plan-outline.csv?lang=es")
        if row["kind"] == "Entrada de calendario"
    ]
    counts = Counter(link.target for link in shown)
    assert [counts[iri] for iri in of_plan] == [1] * 37
    years = {shape.text: shape.x for shape in drawing.shapes if isinstance(shape, Text) and shape.kind == "year"}
    assert list(years) == [str(year) for year in range(2003, 2011)]
    wide = years["2004"] - years["2003"]
    by_target = {link.target: link for link in shown}
    for each in entries:
        link = by_target[each.occasion.iri or each.iri]
        if each.date:
            [bar] = [part for part in link.parts if isinstance(part, Path) and part.kind.startswith("bar")]
            begin = float(bar.path.removeprefix("M").split()[0])
            assert abs(years[each.date[:4]] - begin) <= wide / 2 + 1, "a date stands below its year"
            assert format_day(each.date, "es") in link.title
        if each.date or each.since:
            quoted = [part.text for part in link.parts if isinstance(part, Text) and part.kind == "quoted"]
            assert " ".join(quoted) == " ".join(each.quotation.exact.split())
    [recurring] = [each for each in entries if each.recurrence]
    shown_of_it = [part.text for part in by_target[recurring.iri].parts if isinstance(part, Text)]
    assert f"{recurring.number} · cada 3 años" in shown_of_it


def test_the_page_of_the_schedule(visit: Visitor, entries: list[Record]) -> None:
    page = visit.page("/en/pictures/schedule")
    rows = [text(row) for row in data_rows(page, "picture-data")]
    assert len(rows) == len(entries)
    assert [row for row in rows if "since June 2003" in row and "desde junio 2003" in row]
    assert [row for row in rows if "2010 (" in row and "durante 2010" in row]
    assert [row for row in rows if "every 3 years" in row and "Continuo cada tres años" in row]
    assert len(list(pictured(wide(page)))) > 40


def toggles(visit: Visitor, address: str) -> dict[str, str]:
    return {
        link.get("data-key", "").removeprefix("toggle-"): link.get("href", "")
        for link in pictured(visit.page(address))
        if link.get("data-key", "").startswith("toggle-")
    }


def parts_shown(visit: Visitor, address: str) -> set[str]:
    shown = [link.get("href", "") for link in pictured(wide(visit.page(address))) if "/id/" in link.get("href", "")]
    assert len(shown) == len(set(shown))
    return {address.partition("/plan/crm/")[2] for address in shown}


def test_the_tree_is_folded_below_the_objectives(visit: Visitor) -> None:
    tree = "/en/pictures/plan-tree"
    folded = parts_shown(visit, tree)
    assert len(folded) == 23
    opened = parts_shown(visit, f"{tree}?open=pgm/7")
    outline = {row["element"].partition("/plan/crm/")[2] for row in visit.csv("/queries/plan-outline.csv")}
    assert opened - folded <= {each for each in outline if each.startswith("pgm/7.")}
    assert {"pgm/7.1", "pgm/7.1.1", "pgm/7.1.1.1"} <= opened - folded
    rows = visit.json("/plan.json")
    assert parts_shown(visit, f"{tree}?open=all") == {row["part"].partition("/plan/crm/")[2] for row in rows}
    first = toggles(visit, tree)
    assert first["pgm/7"] == f"{tree}?open=pgm/7"
    second = toggles(visit, first["pgm/7"])
    assert second["pgm/7"] == tree
    assert second["dh/1"] == f"{tree}?open=pgm/7,dh/1"
    whole = toggles(visit, f"{tree}?open=all")
    assert sorted(whole["dh/1"].partition("open=")[2].split(",")) == sorted(whole.keys() - {"dh/1"})


def test_members_are_those_that_the_questions_tell_of(visit: Visitor) -> None:
    for process in ("rcm", "ocam"):
        told = visit.csv(f"/queries/process-members.csv?process=process/{process}&role=member")
        page = visit.page(f"/en/pictures/members?process={process}")
        rows = data_rows(page, "picture-data")
        assert sum("edge" in classes(each) for each in wide(page).iter(f"{SVG}path")) == len(rows) > len(told)
        states = {address for row in rows for address in links(row).values() if "/id/country/" in address}
        assert {each.partition("/id/")[2] for each in states} == {
            row["agent"].removeprefix(ID) for row in told if "/country/" in row["agent"]
        }
    for state in ("MEX", "USA", "BLZ"):
        told = visit.csv(f"/queries/state-processes.csv?state=country/{state}&lang=es")
        table = data_rows(visit.page("/es/pictures/members?process=rcm"), "picture-data")
        rows = [row for row in table if f"/es/id/country/{state}" in links(row).values()]
        found = {address.partition("/id/")[2] for row in rows for address in links(row).values()}
        assert {row["membership"].removeprefix(ID) for row in told} == {
            each for each in found if each.startswith("membership/")
        }
        said = " ".join(text(row) for row in rows)
        assert all(row["process_label"] in said and row["role_label"] in said and row["since"] in said for row in told)
    # One that is not certain says so.
    page = visit.page("/en/pictures/members?process=rcm")
    uncertain = sum(1 for table in having(page, "picture-data") for _ in having(table, "certainty"))
    titles = [text(title) for title in wide(page).iter(f"{SVG}title")]
    assert sum(title.endswith("(medium certainty)") for title in titles) == uncertain > 0


def test_the_page_of_the_processes(visit: Visitor, site: Site) -> None:
    page = visit.page("/en/processes")
    every = processes(site, "en")
    known = [each for each in every if each.member]
    assert every[: len(known)] == tuple(known)
    assert "RCM" in [text(each) for each in page.iter(f"{SVG}text")]
    # The matrix has how many members any two share.
    matrix = next(having(page, "matrix"))
    rows = {row.findtext("th/a") or "": [text(cell) for cell in row.iter("td")] for row in matrix.iter("tr")}
    for one, (at, other) in itertools.product(known, enumerate(known)):
        assert rows[one.short or one.label][at] == str(shared_member_count(one, other))
    # The table has all, with those of whom only participants are known, and the picture says who is not in it.
    table = next(having(page, "results"))
    place = [text(head) for head in table.findall("thead/tr/th")].index("Participants")
    counts = {
        next(iter(links(row).values())).rpartition("/")[2]: [
            text(each) for each in row.findall("td")[place - 2 : place]
        ]
        for row in table.findall("tbody/tr")
    }
    assert (counts["prague"], counts["gfmd"], counts["rcm"]) == (["", "48"], ["none known", ""], ["11", ""])
    shown = section(page, "matrix")
    assert {"/en/queries/shared-participants", "#all"} <= set(links(shown).values())
    drawn = {address.rpartition("/")[2] for address in links(shown).values() if "/id/process/" in address}
    assert (len(counts), len(counts.keys() - drawn)) == (35, 15)
    listed = {row["process"].rpartition("/")[2]: row for row in visit.csv("/es/processes.csv")}
    assert listed.keys() == counts.keys()
    row = listed["prague"]
    assert (row["label"], row["members"], row["participants"]) == ("Proceso de Praga", "0", "48")
    assert (listed["rcm"]["since"], listed["rcm"]["members"]) == ("1996", "11")


def test_of_whom_nobody_knows_no_number_is_given(visit: Visitor) -> None:
    rows = {row["process"]: row for row in visit.csv("/en/processes.csv")}
    things = {thing["process"]: thing for thing in visit.json("/en/processes.json")}
    unknown = f"{ID}process/acp-eu"
    assert rows[unknown].keys() == things[unknown].keys()
    assert (rows[unknown]["members"], rows[unknown]["participants"]) == ("", "")
    assert (things[unknown]["members"], things[unknown]["participants"]) == (None, None)
    prague = things[f"{ID}process/prague"]
    assert (prague["members"], len(prague["participants"])) == ([], 48)
    assert prague["status"] == "https://w3id.org/crmgraph/ontology/process-status#active"
