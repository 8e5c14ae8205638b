"""Who does what, as a matrix: each cell leads to the words that say so."""

import pytest
from httpx import Client

from crmgraph.site.pictures.matrix import cell_anchor, draw_matrix
from crmgraph.site.pictures.responsibilities import FAMILIES, Responsibilities, responsibilities
from crmgraph.site.pictures.shapes import Box, Link, Words
from crmgraph.site.site import Site
from tests.support.pages import read_page


@pytest.fixture(scope="module", params=["es", "en"])
def found(site: Site, request: pytest.FixtureRequest) -> Responsibilities:
    return responsibilities(site, site.names.id("plan", "crm"), request.param)


def test_the_matrix_has_a_link_to_the_words_of_each_cell(found: Responsibilities) -> None:
    drawing = draw_matrix(found, lambda iri: iri, "/page", lambda *said: ", ".join(part.role.label for part in said[2]))
    links = {shape.target: shape for shape in drawing.shapes if isinstance(shape, Link)}
    for (actor, objective), parts in found.cells.items():
        cell = links[f"/page#{cell_anchor(actor, objective)}"]
        assert [part.text for part in cell.parts if isinstance(part, Words)] == [
            f"{len(parts)}?" if any(part.certainty.words for part in parts) else str(len(parts))
        ]
        assert all(part.role.label in cell.title for part in parts)
    assert {actor.iri for actor in found.actors} | {each.iri for each in found.objectives} <= links.keys()
    assert [key.label for key in drawing.legend] == [*(found.families[name] for name in FAMILIES), found.doubt[0]]
    assert all(key.note for key in drawing.legend)
    assert draw_matrix(found.chosen("vmd", "hosts"), str, "", lambda *_: "").shapes


@pytest.mark.parametrize(
    ("language", "heads", "kinds"),
    [
        (
            "es",
            {"Órganos", "Redes", "Estados"},
            ["actúa", "interviene sin actuar", "es lugar, medio o marco", "no todo es seguro"],
        ),
        (
            "en",
            {"Bodies", "Networks", "States"},
            ["acts", "takes part without acting", "is a place, means or framework", "not all of it certain"],
        ),
    ],
)
def test_kinds_of_actors_and_of_roles_have_plain_names(
    site: Site, language: str, heads: set[str], kinds: list[str]
) -> None:
    shown = responsibilities(site, site.names.id("plan", "crm"), language)
    drawing = draw_matrix(shown, str, "", lambda *_: "")
    assert heads <= {each.text for each in drawing.shapes if isinstance(each, Words) and each.kind == "heading"}
    assert [key.label for key in drawing.legend] == kinds


def test_a_cell_has_the_look_of_the_first_kind_of_its_roles(found: Responsibilities) -> None:
    drawing = draw_matrix(found, str, "/page", lambda *_: "")
    links = {shape.target: shape for shape in drawing.shapes if isinstance(shape, Link)}
    several = 0
    for (actor, objective), parts in found.cells.items():
        families = {part.role.family for part in parts}
        box = links[f"/page#{cell_anchor(actor, objective)}"].parts[0]
        assert isinstance(box, Box)
        assert box.kind == f"cell {next(name for name in FAMILIES if name in families)}"
        several += len(families) > 1
    assert several


def test_where_all_is_certain_no_question_mark_is_explained(found: Responsibilities) -> None:
    shown = found.chosen(role="hosts")
    assert shown.parts
    assert [key.label for key in draw_matrix(shown, str, "", lambda *_: "").legend] == list(found.families.values())


def test_each_cell_of_the_picture_leads_to_its_row(client: Client) -> None:
    page = read_page(client.get("/en/pictures/responsibilities").text)
    rows = {element.get("id") for element in page.iter("tr")}
    cells = [link.get("href", "") for link in page.iter("{http://www.w3.org/2000/svg}a")]
    leading = [address.partition("#")[2] for address in cells if "#" in address]
    assert len(leading) > 60
    assert set(leading) <= rows
