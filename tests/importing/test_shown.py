"""What a workbook hides is left out and told, and a value is what its sheet shows."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import SourceError
from crmgraph.importing import read_tables
from crmgraph.importing.files.shown import shown
from tests.importing.made import HEADER, book, left, of, tree


def test_what_is_hidden_is_left_out_and_told(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    header = ("Eje", "Borrador", "Objetivo", "Acción")
    made = book(file, header, ("P", "b", "O", "A"), ("P", "b", "Secreto", "B"), ("Q", "b", "R", "C"))
    sheet = made.active
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["B"].hidden = True
    made.create_sheet("Listas").sheet_state = "hidden"
    made["Listas"]["A1"] = "x"
    made.save(file)
    grids = read_tables(file)
    assert grids[0].rows == (("Eje", "Objetivo", "Acción"), ("P", "O", "A"), ("Q", "R", "C"))
    assert left(grids) == [
        "1 hidden row (“P b Secreto B”)",
        "1 hidden column (“Borrador”)",
        "the hidden sheet “Listas”",
    ]


def test_a_row_is_called_by_the_number_that_the_sheet_gives_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = book(file, HEADER[:4], ("P", "O", "A", "Uno"), ("P", "O", "A", "Dos"), ("Q", "R", None, "Tres"))
    made.active.row_dimensions[2].hidden = True
    made.save(file)
    with pytest.raises(SourceError, match="in row 4 of the table “Sheet”, “Tres”"):
        tree(read_tables(file))


def test_a_merged_cell_that_begins_in_a_hidden_row(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = book(file, HEADER[:4], ("P", "O", "A", "Uno"), (None, None, None, "Dos"), (None, None, None, "Tres"))
    made.active.merge_cells("A2:A4")
    made.active.merge_cells("B2:B4")
    made.active.merge_cells("C2:C4")
    made.active.row_dimensions[2].hidden = True
    made.save(file)
    grids = read_tables(file)
    assert tree(grids)[0] == ("Theme", None, "P")
    assert of("Activity", tree(grids)) == ["Dos", "Tres"]


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (1.1, "0.00", "1.10"),
        (1.1, "General", "1.1"),
        (2.0, "General", "2"),
        (0.1 + 0.2, "General", "0.3"),
        (7, "000", "007"),
        (0.125, "0%", "13%"),
        (0.125, "0.0%", "12.5%"),
        (1500, "#,##0.00", "1500.00"),
        (1500.5, '"USD "#,##0.00', "USD 1500.50"),
        (1500, "[$€-40A] #,##0", "€ 1500"),
        (3, '0" años"', "3 años"),
        (-5, "0;[Red]-0", "-5"),
        (-5, "0_);(0)", "(5)"),
        (-5, "0.0", "-5.0"),
        (-0.001, "0.0", "0.0"),
        (0, '0;-0;"nada"', "0"),
        (2.5, "0.##", "2.5"),
        (2.5, "# ?/?", "2.5"),
        (1500, "0.0E+00", "1500"),
        (1500000, "#,##0,", "1500000"),
        (2.675, "0.00", "2.68"),
        (True, "General", "TRUE"),
        ("1.10", "0.0", "1.10"),
        (datetime(2027, 6, 1), "dd/mm/yyyy", "2027-06-01"),
        (datetime(2027, 6, 1), "mmm-yy", "2027-06"),
        (datetime(2027, 6, 1), "yyyy", "2027"),
        (datetime(2027, 6, 1), '[$-40A]d" de "mmmm" de "yyyy', "2027-06-01"),
        (datetime(2027, 6, 1, 9, 30), "dd/mm/yyyy h:mm", "2027-06-01 09:30:00"),
        (date(2027, 6, 1), "d-mmm", "2027-06-01"),
        (time(9, 30), "h:mm", "09:30:00"),
        (None, "0", ""),
    ],
)
def test_a_value_is_what_the_sheet_shows(value: object, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(alphabet='0#,.;%-[]$"_\\*()E+/@ aMdyh', max_size=12))
def test_any_format_shows_something(value: float, number_format: str) -> None:
    assert isinstance(shown(value, number_format), str)


def test_numbers_of_a_workbook_keep_their_decimals(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = book(file, ("Eje", "Objetivo", "No.", "Acción", "Plazo"), ("P", "1. O", 1.1, "A", datetime(2027, 6, 1)),
                (None, None, 1.1, "B", None))  # fmt: skip
    made.active["C3"].number_format = "0.00"
    made.active["E2"].number_format = "mmm-yy"
    made.save(file)
    found = tree(read_tables(file))
    assert [(number, text) for kind, number, text in found if kind != "Theme"] == [
        ("1", "O"), ("1.1", "A"), ("1.1.1.1", "2027-06"), ("1.10", "B"),
    ]  # fmt: skip


def test_a_formula_whose_result_is_no_word(tmp_path: Path) -> None:
    """Excel says of such a result that it is a text, and openpyxl writes none."""
    book(tmp_path / "written.xlsx", ("Eje", "Objetivo"), ("Uno", '=IF(TRUE,"","x")'))
    file = tmp_path / "plan.xlsx"
    with zipfile.ZipFile(tmp_path / "written.xlsx") as written, zipfile.ZipFile(file, "w") as made:
        for name in written.namelist():
            made.writestr(name, written.read(name).replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>'))
    assert read_tables(file)[0].rows == (("Eje", "Objetivo"), ("Uno", ""))
