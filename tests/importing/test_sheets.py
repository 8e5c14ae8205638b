"""A sheet for each theme."""

from pathlib import Path

import openpyxl
import pytest

from crmgraph.importing import Grid, assumed, guess, read_tables, with_sheets
from tests.importing.made import FILE, of, tree

HEADER = ("Objetivo", "Acción", "Actividad", "Plazo")
PROTECTION = (HEADER, ("1. Albergar", "1.1 Abrir", "1.1.1 Tres albergues", "2027"), ("", "", "1.1.2 Equipos", "2028"))
WORK = (HEADER, ("1. Regularizar", "1.1 Otorgar", "1.1.1 Permisos", "2027"))
THEMES = ("Tema", "Protección", "")


def sheets(*names: str, rows: tuple[tuple[tuple[str, ...], ...], ...] = (PROTECTION, WORK)) -> list[Grid]:
    return [Grid(name, (), each) for name, each in zip(names, rows, strict=True)]


def test_the_names_of_the_sheets_are_the_themes() -> None:
    grids = with_sheets(sheets("Protección", "Trabajo"))
    found = tree(grids)
    assert of("Theme", found) == ["Protección", "Trabajo"]
    assert of("Objective", found) == ["Albergar", "Regularizar"]
    assert of("Activity", found) == ["Tres albergues", "Equipos", "Permisos"]
    assert any("names of the tables were taken as themes" in told for told in assumed(grids, guess(grids, FILE), FILE))


@pytest.mark.parametrize(
    "grids",
    [
        sheets("Hoja1", "Hoja2"),
        sheets("", ""),
        sheets("Plan", "Plan"),
        sheets("Protección", rows=(PROTECTION,)),
        sheets("Plan", "Notas", rows=(PROTECTION, (("Objetivo", "Nota"), ("1. Albergar", "ver anexo")))),
        sheets(
            "A", "B", rows=(tuple(("Tema", *row) if not at else ("X", *row) for at, row in enumerate(PROTECTION)),) * 2
        ),
    ],
)
def test_and_nothing_is_a_theme_where_that_is_not_so(grids: list[Grid]) -> None:
    assert with_sheets(grids) == grids


def test_a_workbook_with_merged_cells(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for name, rows in (("Protección", PROTECTION), ("Trabajo", WORK)):
        sheet = made.create_sheet(name)
        sheet.append(["Plan 2027", None, None, None])
        for row in rows:
            sheet.append([cell or None for cell in row])
    made["Protección"].merge_cells("A3:A4")
    made["Protección"].merge_cells("B3:B4")
    del made["Sheet"]
    made.save(tmp_path / "plan.xlsx")
    found = tree(with_sheets(read_tables(tmp_path / "plan.xlsx")))
    assert of("Theme", found) == ["Protección", "Trabajo"]
    assert of("Activity", found) == ["Tres albergues", "Equipos", "Permisos"]
