"""A sheet for each theme."""

from pathlib import Path

import docx
import openpyxl
import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import Grid, assumed, guess, read_tables, with_sheets
from crmgraph.importing.tabling import title_lines
from tests.importing.made import FILE, left, of, tree

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


def test_a_further_column_in_one_of_them_is_left_out_of_all() -> None:
    more = (
        ("Objetivo", "Acción", "Responsable", "Actividad", "Plazo"),
        ("1. Regularizar", "1.1 Otorgar", "OIM", "1.1.1 Permisos", "2027"),
    )
    grids = with_sheets(sheets("Protección", "Trabajo", rows=(PROTECTION, more)))
    found = tree(grids)
    assert of("Theme", found) == ["Protección", "Trabajo"]
    assert of("Activity", found) == ["Tres albergues", "Equipos", "Permisos"]
    assert left(grids) == ["“Responsable”"]


def test_which_heading_a_sheet_lacks_that_is_left_out() -> None:
    rows = tuple((("Tema", *HEADER), ("X", *each[1])) for each in (PROTECTION, WORK))
    grids = with_sheets(sheets("Uno", "Dos", rows=(rows[0], tuple(row[:-1] for row in rows[1]))))
    assert of("Objective", tree(grids)) == ["Albergar"]
    assert left(grids) == [
        "table 2 “Dos” (“Tema Objetivo Acción Actividad X 1. Reg…”, which lacks the heading “Plazo”)"
    ]


def under_headings(tmp_path: Path, *headings: str, ending: str) -> list[Grid]:
    """A document with a table under each heading, and a text between."""
    file = tmp_path / f"plan{ending}"
    tables = zip(headings, (PROTECTION, WORK), strict=True)
    if ending == ".docx":
        document = docx.Document()
        document.add_heading("Plan de la Conferencia", 0)
        for heading, rows in tables:
            document.add_heading(heading, 1)
            document.add_paragraph("Véase la tabla.")
            made = document.add_table(len(rows), len(HEADER))
            for row, cells in zip(made.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        document.save(str(file))
    else:
        body = "".join(
            f"<h2>{heading}</h2><p>Véase la tabla.</p><table>"
            + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
            + "</table>"
            for heading, rows in tables
        )
        file.write_text(f"<meta charset=utf-8><h1>Plan de la Conferencia</h1>{body}", encoding="utf-8")
    return with_sheets(read_tables(file))


@pytest.mark.parametrize("ending", [".docx", ".html"])
def test_the_headings_above_tables_are_the_themes(ending: str, tmp_path: Path) -> None:
    grids = under_headings(tmp_path, "Trata", "Retorno", ending=ending)
    found = tree(grids)
    assert of("Theme", found) == ["Trata", "Retorno"]
    assert of("Objective", found) == ["Albergar", "Regularizar"]
    mapping = guess(grids, FILE)
    assert "Trata" not in title_lines(grids, mapping)
    assert "the headings above the tables were taken as themes, for no column has them: “Trata”, “Retorno”" in assumed(
        grids, mapping, FILE
    )
    assert not any("Retorno" in each for each in left(grids))


@pytest.mark.parametrize("ending", [".docx", ".html"])
def test_tables_under_one_heading_have_no_themes(ending: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no column has the themes of the plan"):
        tree(under_headings(tmp_path, "Trata", "", ending=ending))


def goals(heading: str, *names: str) -> list[Grid]:
    """A table for each of these names, which it stands under, in a document."""
    rows = ((heading, *HEADER[1:]), ("Albergar", "Abrir", "Tres albergues", "2027"))
    return [Grid(str(number), (name,), rows, heading=name) for number, name in enumerate(names, 1)]


@pytest.mark.parametrize("heading", ["Meta", "Metas estratégicas", "Goal", "Goal / Meta"])
def test_what_may_be_themes_or_objectives_is_objectives_under_headings(heading: str) -> None:
    found = tree(with_sheets(goals(heading, "Eje 1. Trata", "Eje 2. Retorno")))
    assert of("Theme", found) == ["Eje 1. Trata", "Eje 2. Retorno"]
    assert of("Objective", found) == ["Albergar", "Albergar"]


@pytest.mark.parametrize(
    "grids",
    [
        goals("Meta", "Plan"),
        goals("Meta", "Plan", "Plan"),
        goals("Pilar", "Eje 1", "Eje 2"),
        sheets("Trata", "Retorno", rows=(goals("Meta", "")[0].rows,) * 2),
        [
            Grid(each.name, (), tuple((*row, "Resultado" if not at else "X") for at, row in enumerate(each.rows)))
            for each in goals("Meta", "Eje 1", "Eje 2")
        ],
    ],
)
def test_and_themes_where_it_is_not_so(grids: list[Grid]) -> None:
    assert with_sheets(grids) == grids


def test_a_title_above_the_headings_stays_the_title() -> None:
    rows = (("Plan 2027", "", "", "", ""), ("Responsable", *HEADER), ("OIM", "Albergar", "Abrir", "Censo", "2027"))
    grids = with_sheets(sheets("Trata", "Retorno", rows=(rows, rows)))
    assert title_lines(grids, guess(grids, FILE)) == ("Plan 2027",)
    assert left(grids) == ["“Responsable”"]


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
