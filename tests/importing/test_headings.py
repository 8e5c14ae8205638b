"""Headings in two rows, merged, without words, and said again on the next page."""

from pathlib import Path

import pytest

from crmgraph.importing import Grid, Mapping, as_text_table, guess, read_tables
from tests.importing.made import ABOVE, BELOW, FILE, book, left, of, tree

YEARS = (
    ("Protección", "Albergar", "Abrir", "Tres albergues", "X", "x"),
    ("", "", "", "Formar", "", "✓"),
    ("Trabajo", "Regularizar", "Otorgar", "Permisos", "2.º trimestre", "-"),
)


@pytest.mark.parametrize(
    ("first", "second"), [(ABOVE, BELOW), (("", "", "", "", "Calendario", ""), (*ABOVE[:4], *BELOW[4:]))]
)
def test_a_heading_above_others(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    grids = [Grid("x", (), (("Plan nacional", *[""] * 5), first, second, *YEARS))]
    guessed = guess(grids, FILE)
    assert (guessed.header, guessed.columns.schedule) == (3, ("Calendario 2027", "Calendario 2028"))
    found = tree(grids)
    assert of("Theme", found) == ["Protección", "Trabajo"]
    assert of("ScheduleEntry", found) == ["2027, 2028", "2028", "2027: 2.º trimestre"]
    assert as_text_table(grids, guessed, FILE).startswith("Plan nacional\n\tTEMAS\n")
    assert left(grids) == []


def test_headings_that_stand_again_on_the_next_page() -> None:
    grids = [Grid("x", (), (ABOVE, BELOW, *YEARS[:2], ABOVE, BELOW, YEARS[2]))]
    assert tree(grids) == tree([Grid("x", (), (ABOVE, BELOW, *YEARS))])


def test_merged_headings_of_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = book(
        file,
        ("Eje", "Objetivo", None, "Acciones", None, "Actividad", "Calendario", None, "Presupuesto", None),
        (None, None, None, "No.", "Descripción", None, "2027", "2028", "2027", "2028"),
        ("Protección", "1.", "Albergar", "1.1", "Abrir", "Tres albergues", "x", None, 1, 2),
    )
    for area in ("A1:A2", "B1:C2", "D1:E1", "F1:F2", "G1:H1", "I1:J1"):
        made.active.merge_cells(area)
    made.save(file)
    grids = read_tables(file)
    assert tree(grids) == [
        ("Theme", None, "Protección"), ("Objective", "1", "Albergar"), ("Action", "1.1", "Abrir"),
        ("Activity", None, "Tres albergues"), ("ScheduleEntry", None, "2027"),
    ]  # fmt: skip
    assert left(grids) == ["“Presupuesto 2027”", "“Presupuesto 2028”"]


@pytest.mark.parametrize(
    "rows",
    [
        (("Eje", "", "Objetivo", "", "Plazo"), ("1", "Protección", "1.1", "Albergar", "")),
        (("Eje", "", "Objetivo", "", "Notas"), ("1", "Protección", "1.1", "Albergar", "")),
        (("Eje", "Objetivo", "Plazo", ""), ("Protección", "Albergar", "2027", "2028")),
        (("", "Plan 2027", "", ""), ("Eje", "Objetivo", "Acción", "Plazo")),
    ],
)
def test_a_row_of_the_plan_is_no_second_row_of_headings(rows: tuple[tuple[str, ...], ...]) -> None:
    grids = [Grid("x", (), (*rows, tuple("z" for _ in rows[0])))]
    assert guess(grids, FILE).header == (2 if "Plan 2027" in rows[0] else 1)
    assert as_text_table(grids, guess(grids, FILE), FILE).startswith(
        "Plan 2027\n\t" if "Plan 2027" in rows[0] else "plan\n"
    )


def test_a_column_without_a_heading_is_told_and_can_be_mapped() -> None:
    grids = [Grid("x", (), (("Eje", "", "Objetivo"), ("1.", "Protección", "Albergar")))]
    assert left(grids) == ["column 2, which has no heading"]
    mapping = Mapping.model_validate({"columns": {"themes": ["Eje", "column 2"], "objectives": "Objetivo"}})
    assert "\t1. Protección\n" in as_text_table(grids, mapping, FILE)


def test_a_heading_over_a_number_and_a_text(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text(
        "<table><tr><th>Eje<th colspan=2>Objetivo<tr><td>Uno<td>1.<td>Albergar<tr><td><td>2.<td>Formar</table>", "utf-8"
    )
    assert of("Objective", tree(read_tables(file))) == ["Albergar", "Formar"]
