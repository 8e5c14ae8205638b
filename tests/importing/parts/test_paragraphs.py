"""Several paragraphs in a cell of activities: several activities, or one, and it is told which."""

from pathlib import Path

import docx
import pytest

from crmgraph.importing import Grid, as_text_table, assumed, guess, read_tables
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source

FILE = Path("plan.docx")
HEADER = ("Tema", "Objetivo", "Acción", "Actividades", "Calendario")


def cell(activities: str, when: str = "", *, numbered: bool = False) -> list[Grid]:
    beside = ("Trata", "1. Prevenir", "1.1 Campaña") if numbered else ("Trata", "Prevenir", "Campaña")
    return [Grid("1", (), (HEADER, (*beside, activities, when)))]


def parts(grids: list[Grid]) -> list[str]:
    text = as_text_table(grids, guess(grids, FILE), FILE)
    return [part.text for part, _ in read_plan_text(Source(text, FILE), "plan").walk()][3:]


def told(grids: list[Grid]) -> list[str]:
    return assumed(grids, guess(grids, FILE), FILE)


THREE = ["Taller regional.", "2027", "Guía de bolsillo.", "2028", "Encuesta.", "2029"]
SEVERAL = "1 cell with paragraphs is taken as several activities, a paragraph each"
ONE = "1 cell with paragraphs is taken as one activity, for it is not clear that its paragraphs are several"


def test_paragraphs_of_a_document_with_those_of_its_calendar(tmp_path: Path) -> None:
    document = docx.Document()
    made = document.add_table(2, 5)
    for place, text in enumerate(
        (*HEADER, "Trata", "Prevenir", "Campaña", "\n".join(THREE[::2]), "\n".join(THREE[1::2]))
    ):
        made.cell(place // 5, place % 5).text = text
    document.save(str(tmp_path / "plan.docx"))
    grids = read_tables(tmp_path / "plan.docx")
    assert parts(grids) == THREE
    assert told(grids) == [
        f"{SEVERAL} (“Taller regional. / Guía de bolsillo. /…”); where they are one, write them as one paragraph"
    ]


def test_paragraphs_of_a_page_have_the_one_calendar(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    head = "".join(f"<th>{each}" for each in HEADER)
    file.write_text(
        f"<table><tr>{head}<tr><td>Trata<td>O<td>A<td><p>Primera</p><p>Segunda</p><td>2027</table>", "utf-8"
    )
    assert parts(read_tables(file)) == ["Primera", "2027", "Segunda", "2027"]


@pytest.mark.parametrize("numbered", [True, False])
@pytest.mark.parametrize(
    ("activities", "when", "expected"),
    [
        ("\n".join(THREE[::2]), "\n".join(THREE[1::2]), THREE),
        ("Taller regional\nÉtude comparative", "2026", ["Taller regional", "2026", "Étude comparative", "2026"]),
        ("Taller;\n¿Encuesta?", "", ["Taller;", "¿Encuesta?"]),
        ("Taller\nEncuesta", "2027\nJunio de 2028", ["Taller", "2027", "Encuesta", "Junio de 2028"]),
        ("Taller de dos\ndías\n\nEncuesta", "2027", ["Taller de dos días", "2027", "Encuesta", "2027"]),
    ],
)
def test_paragraphs_that_are_items(activities: str, when: str, expected: list[str], numbered: bool) -> None:
    grids = cell(activities, when, numbered=numbered)
    assert parts(grids) == expected
    assert [each.partition(" (")[0] for each in told(grids)] == [SEVERAL]


@pytest.mark.parametrize(
    ("activities", "when"),
    [
        ("Taller regional.\nen Tegucigalpa.", "2027"),
        ("Taller con el Instituto Nacional de\nMigración", "2027"),
        ("Taller con la OIM,\nCruz Roja y otros", "2027"),
        ("Acuerdos en el Ministerio de Relaciones\nExteriores", "2027"),
        ("Taller que organiza la Organización\nInternacional para las Migraciones.", "2027"),
        ("Visita al terreno:\nTecún Umán.", "2027"),
        ("Taller regional.\nLugar: Tegucigalpa.", "2027"),
        ("Taller regional.\nNota: con la OIM.", "2027"),
        ("Taller.\nGuía.\nEncuesta.", "2027\n2028"),
        ("Taller.\nGuía.", "Segundo\nsemestre"),
    ],
)
def test_what_may_be_one_is_kept_as_one(activities: str, when: str) -> None:
    grids = cell(activities, when)
    assert parts(grids)[0] == " ".join(activities.split())
    assert len(parts(grids)) == 1 + bool(when)
    assert [each.partition(" (")[0] for each in told(grids)] == [ONE]


@pytest.mark.parametrize(
    "activities", ["• Uno\n• Dos", "Visita:\n• norte\n• sur", "1.1.1 Uno\n1.1.2 Dos", "1.1.1 Uno.\nSigue.", "Uno", ""]
)
def test_lists_numbers_and_single_paragraphs_are_told_nothing_of(activities: str) -> None:
    assert told(cell(activities)) == []


def test_several_cells_are_told_together() -> None:
    grids = [Grid("1", (), (HEADER, ("T", "O", "A", "Uno.\nDos.", ""), ("", "", "B", "Tres.\nCuatro.", "")))]
    assert told(grids)[0].startswith(
        "2 cells with paragraphs are each taken as several activities, a paragraph each (“Un"
    )
