"""Rows in which one cell goes over the whole table: themes, notes, or what they were."""

from pathlib import Path

import docx
import openpyxl
import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import Grid, as_text_table, assumed, guess, left_out, read_tables
from crmgraph.importing.grid import Cell, spread
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source

FILE = Path("plan.xlsx")
HEADER = ("No.", "Objective", "No.", "Action", "Activity", "Due date", "Lead")
FIRST = ("1", "Reduce irregular migration", "1.1", "Campaigns", "Radio spots", "2027", "IOM")
SECOND = ("2", "Protect victims", "2.1", "Shelters", "Open one", "2028", "HND")
THEMES = [
    ("Theme", "PILLAR I"), ("Objective", "Reduce irregular migration"), ("Action", "Campaigns"),
    ("Activity", "Radio spots"), ("ScheduleEntry", "2027"),
    ("Theme", "PILLAR II"), ("Objective", "Protect victims"), ("Action", "Shelters"),
    ("Activity", "Open one"), ("ScheduleEntry", "2028"),
]  # fmt: skip


def table(*rows: tuple[str, ...] | str, header: tuple[str, ...] = HEADER) -> list[Grid]:
    """A table; a text in place of a row goes over all of it."""
    written = ([Cell(row, len(header))] if isinstance(row, str) else [Cell(text) for text in row] for row in rows)
    return [spread("x", (), [[Cell(text) for text in header], *written])]


def parts(grids: list[Grid]) -> list[tuple[str, str]]:
    text = as_text_table(grids, guess(grids, FILE), FILE)
    return [(part.kind, part.text) for part, _ in read_plan_text(Source(text, FILE), "plan").walk()]


def left(grids: list[Grid]) -> list[str]:
    return left_out(grids, guess(grids, FILE))


def test_a_theme_beside_a_column_of_themes_is_told() -> None:
    header = ("Theme", "Objective", "Action", "Activity", "Due date")
    row = ("One", "Protect victims", "Shelters", "Open one", "2028")
    grids = table(row, "Another", ("Two", *row[1:]), header=header)
    assert [text for kind, text in parts(grids) if kind == "Theme"] == ["One", "Another", "Two"]
    assert assumed(grids, guess(grids, FILE), FILE) == [
        "taken as themes of their own, for they go over the whole table and its column of themes: “Another”"
    ]


def test_a_row_over_the_table_is_the_theme_of_those_below(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEADER, ("PILLAR I",), FIRST, ("PILLAR II",), SECOND):
        book.active.append(list(row))
    for area in ("A2:G2", "A4:G4"):
        book.active.merge_cells(area)
    book.save(tmp_path / "plan.xlsx")
    grids = read_tables(tmp_path / "plan.xlsx")
    assert parts(grids) == THEMES
    assert assumed(grids, guess(grids, FILE), FILE) == [
        "taken as themes, for they go over the whole table: “PILLAR I”, “PILLAR II”"
    ]
    assert left(grids) == ["“Lead”"]


def test_the_same_in_a_document(tmp_path: Path) -> None:
    document = docx.Document()
    made = document.add_table(0, 7)
    for row in (HEADER, ("PILLAR I",), FIRST, HEADER, ("PILLAR II",), SECOND):
        cells = made.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = text
        if len(row) == 1:
            cells[0].merge(cells[-1])
    document.save(str(tmp_path / "plan.docx"))
    assert parts(read_tables(tmp_path / "plan.docx")) == THEMES


def test_notes_and_totals_over_the_table_are_no_themes() -> None:
    grids = table("PILLAR I", FIRST, "Note: to be confirmed", "PILLAR II", SECOND, "Total", "1. As of May")
    assert parts(grids) == THEMES
    assert left(grids) == ["“Lead”", "1 total (“Total”)", "2 notes (“Note: to be confirmed”, “1. As of May”)"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            (FIRST, "PILLAR II", SECOND),
            "“1. Reduce irregular migration” has no theme: .* “PILLAR II”, stands further down",
        ),
        (("PILLAR I", "Area A", FIRST), "“PILLAR I” and, right below it, “Area A” go over the whole table"),
    ],
)
def test_what_is_not_clear_is_refused(rows: tuple[tuple[str, ...] | str, ...], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        parts(table(*rows))


def test_a_text_in_one_cell_alone_is_no_theme() -> None:
    with pytest.raises(SourceError, match="no column has the themes of the plan"):
        parts(table(("PILLAR I", *[""] * 6), FIRST))


def test_where_there_is_a_column_for_themes_a_row_over_the_table_is_told_below_it() -> None:
    header = ("Theme", "Objective", "Action")
    grids = table(("Border", "Secure", "Train"), "Labour", ("", "Share", "Sign"), "1. Footnote text", header=header)
    assert [text for kind, text in parts(grids) if kind == "Theme"] == ["Border", "Labour"]
    assert left(grids) == ["1 note (“1. Footnote text”)"]
