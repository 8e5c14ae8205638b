"""Who does what: all that the question of roles answers is in the picture, and nothing else."""

import csv
import io
from collections import Counter

import pytest
from httpx import Client

from crmgraph.site.pictures.responsibilities import (
    FAMILIES,
    Responsibilities,
    draw_responsibilities,
    responsibilities,
)
from crmgraph.site.pictures.shapes import Line, Link
from crmgraph.site.site import Site
from tests.support.pages import having, read_page, text


@pytest.fixture(scope="module", params=["es", "en"])
def found(site: Site, request: pytest.FixtureRequest) -> Responsibilities:
    return responsibilities(site, site.names.id("plan", "crm"), request.param)


@pytest.fixture(scope="module")
def answered(client: Client) -> list[dict[str, str]]:
    body = client.get("/queries/agent-roles.csv?agent=any").text
    return list(csv.DictReader(io.StringIO(body)))


def test_every_participation_that_the_question_tells_of_is_there(
    found: Responsibilities, answered: list[dict[str, str]]
) -> None:
    told = Counter((row["agent"], row["role"], row["element"], row["passage"]) for row in answered)
    shown = Counter((part.actor.iri, part.role.iri, part.element, part.quotation.iri) for part in found.parts)
    assert len(answered) > 100
    assert shown == told


def test_a_cell_says_how_often_the_question_names_the_actor_in_the_objective(
    found: Responsibilities, answered: list[dict[str, str]]
) -> None:
    told = Counter(
        (row["agent"], objective.iri)
        for row in answered
        for objective in found.objectives
        if row["element"] == objective.iri or row["element"].startswith((objective.iri + ".", objective.iri + "-"))
    )
    assert {(actor.iri, objective.iri): len(parts) for (actor, objective), parts in found.cells.items()} == told


def test_the_network_has_a_line_for_each_actor_objective_and_family_of_roles(found: Responsibilities) -> None:
    drawing = draw_responsibilities(found, lambda iri: iri, lambda *said: str(said[2]))
    ends = Counter(shape.ends for shape in drawing.shapes if isinstance(shape, Line) and shape.ends)
    told = Counter(
        {
            (actor.iri, objective.iri): len({part.role.family for part in parts})
            for (actor, objective), parts in found.cells.items()
        }
    )
    assert ends == told


def test_a_kind_of_actor_has_the_same_mark_in_every_language(site: Site) -> None:
    marks = []
    for language in ("es", "en"):
        everything = responsibilities(site, site.names.id("plan", "crm"), language)
        of_label = {actor.group: actor.kind for actor in everything.actors}
        assert set(everything.kinds) == of_label.keys()
        drawing = draw_responsibilities(everything, lambda iri: iri, lambda *_: "")
        keys = {key.label: key.parts for key in drawing.legend}
        marks.append({of_label[label]: keys[label] for label in everything.kinds})
    assert len(marks[0]) > 3
    assert marks[0] == marks[1]


@pytest.mark.parametrize(
    ("language", "counted", "nobody"),
    [
        ("es", "{} de 20 objetivos", "El plan no nombra a nadie que participe en: 8 "),
        ("en", "{} of 20 objectives", "The plan names nobody who takes part in: 8 "),
    ],
)
def test_the_objectives_in_which_nobody_takes_part_are_told(
    client: Client, site: Site, language: str, counted: str, nobody: str
) -> None:
    shown = responsibilities(site, site.names.id("plan", "crm"), language)
    drawing = draw_responsibilities(shown, lambda iri: iri, lambda *_: "")
    drawn = {shape.key for shape in drawing.shapes if isinstance(shape, Link)}
    reached = [each for each in shown.objectives if each.iri in drawn]
    assert len(reached) == 19
    for view in ("matrix", "network"):
        page = read_page(client.get(f"/{language}/pictures/responsibilities?view={view}").text)
        told = next(text(each) for each in having(page, "fine") if counted.format(19) in text(each))
        assert nobody in told
    chosen = client.get(f"/{language}/pictures/responsibilities?view=network&role=hosts")
    assert nobody not in text(read_page(chosen.text))


def test_a_theme_and_a_role_choose(found: Responsibilities) -> None:
    theme = found.chosen("dh")
    assert 0 < len(theme.parts) < len(found.parts)
    assert {part.objective.theme_name for part in theme.parts} == {"dh"}
    assert len(theme.objectives) == 5
    role = found.chosen(role="deferred-to")
    assert {part.role.name for part in role.parts} == {"deferred-to"}
    assert sum(len(found.chosen(role=family).parts) for family in FAMILIES) == len(found.parts)
    assert found.chosen("vmd", "hosts").parts == ()


@pytest.mark.parametrize(
    ("language", "actor", "role"),
    [("es", "Guatemala", "sede"), ("en", "Guatemala", "hosting")],
)
def test_the_table_quotes_the_words(client: Client, site: Site, language: str, actor: str, role: str) -> None:
    page = read_page(client.get(f"/{language}/pictures/responsibilities?role=hosts").text)
    [table] = having(page, "picture-data")
    rows = [text(row) for row in table.iter("tr")]
    shown = responsibilities(site, site.names.id("plan", "crm"), language).chosen(role="hosts")
    assert len(rows) == len(shown.cells) + 1
    [row] = [row for row in rows if row.startswith(actor) and "1.3.1.1" in row]
    assert role in row
    assert "La siguiente será en Guatemala" in row


def test_the_picture_has_the_doubts_that_the_question_tells_of(
    found: Responsibilities, answered: list[dict[str, str]]
) -> None:
    told = Counter((row["agent"], row["role"], row["element"]) for row in answered if row["confidence_label"])
    shown = Counter((part.actor.iri, part.role.iri, part.element) for part in found.parts if part.certainty.words)
    assert len(told) > 10
    assert shown == told


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "objeto de seguimiento (certeza media)"), ("en", "being followed up (medium certainty)")],
)
@pytest.mark.parametrize("view", ["matrix", "network"])
def test_a_participation_that_is_not_certain_says_so_in_the_table_and_in_the_chart(
    client: Client, language: str, said: str, view: str
) -> None:
    page = read_page(client.get(f"/{language}/pictures/responsibilities?view={view}").text)
    [table] = having(page, "picture-data")
    [row] = [row for row in table.iter("tr") if row.get("id") == "network-red-trata-pgm-3"]
    assert f"{said}, 3.1:" in text(row)
    assert f"/{language}/id/plan/crm/pgm/3.1/participation-2" in {mark.get("href") for mark in having(row, "certainty")}
    titles = [text(title) for title in page.iter("{http://www.w3.org/2000/svg}title")]
    assert any(said in title for title in titles)
