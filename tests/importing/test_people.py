"""Tables as people make them: totals, notes, two rows of headings, lists in cells, merged calendars, hidden rows."""

import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from crmgraph.errors import InputError, SourceError
from crmgraph.importing import Grid, Mapping, as_text_table, guess, left_out, read_tables
from crmgraph.importing.files.shown import shown
from crmgraph.importing.lists import points
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source
from tests.support.counting import counted

FILE = Path("plan.xlsx")
HEADER = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo", "Costo")

Tree = list[tuple[str, str | None, str]]


def tree(grids: list[Grid]) -> Tree:
    text = as_text_table(grids, guess(grids, FILE), FILE)
    return [(part.kind, counted(part), part.text) for part, _ in read_plan_text(Source(text, FILE), "plan").walk()]


def of(kind: str, found: Tree) -> list[str]:
    return [text for each, _, text in found if each == kind]


def table(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> list[Grid]:
    return [Grid("x", (), (header, *(row + ("",) * (len(header) - len(row)) for row in rows)))]


def left(grids: list[Grid]) -> list[str]:
    return left_out(grids, guess(grids, FILE))


def book(file: Path, *rows: tuple[Any, ...]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    made.save(file)
    return made


ROWS = (
    ("Protección", "Albergar", "Abrir", "Tres albergues", "2027", "10"),
    ("", "", "", "Formar al personal", "2028", "20"),
    ("Trabajo", "Regularizar", "Otorgar", "Permisos", "2027", "5"),
)


@pytest.mark.parametrize(
    "row",
    [
        ("Total", "", "", "", "", "35"),
        ("TOTAL GENERAL", "", "", "", "", "USD 35,000.00"),
        ("Totales:", "", "", "", "", ""),
        ("", "", "", "Subtotal", "", "$30"),
        ("Trabajo", "", "", "Sub-total", "", "5"),
        ("Trabajo", "Regularizar", "Total del objetivo 2", "", "", "5"),
        ("Total eje Protección", "", "", "", "–", "30"),
        ("", "", "", "", "Total", "35"),
    ],
)
def test_a_total_is_no_part_and_is_told(row: tuple[str, ...]) -> None:
    grids = table(*ROWS, row)
    assert tree(grids) == tree(table(*ROWS))
    said = next(cell for cell in row if "total" in cell.lower())
    assert left(grids) == ["“Costo”", f"1 total (“{said}”)"]


def test_totals_between_the_rows_are_told_together() -> None:
    subtotal = ("Subtotal", "", "", "", "", "30")
    grids = table(*ROWS[:2], subtotal, ROWS[2], subtotal, ("Total", "", "", "", "", "60"))
    assert tree(grids) == tree(table(*ROWS))
    assert left(grids)[1:] == ["3 totals (“Subtotal”, “Total”)"]


@pytest.mark.parametrize(
    "row",
    [
        ("Total respeto a los derechos", "Uno", "Dos", "Tres", "2027", "1"),
        ("Total de personas atendidas", "", "", "", "", ""),
        ("Trabajo", "Cobertura total", "", "", "", "5"),
        ("Totalmente nuevo", "", "", "", "", "5"),
    ],
)
def test_what_speaks_of_a_total_is_a_part(row: tuple[str, ...]) -> None:
    grids = table(*ROWS, row)
    assert len(tree(grids)) > len(tree(table(*ROWS)))
    assert left(grids) == ["“Costo”"]


@pytest.mark.parametrize(
    "note",
    [
        "Nota: los montos son indicativos",
        "Fuente: Secretaría, 2026.",
        "Notas al pie:",
        "NOTAS",
        "Elaborado por la Presidencia Pro-Témpore",
        "Última actualización 12 de mayo",
        "Source: Ministry",
        "* Sujeto a presupuesto",
        "¹ Sujeto a presupuesto",
        "[1] Sujeto a presupuesto",
        "1/ Sujeto a presupuesto",
        "Este plan fue aprobado por los países miembros en su reunión ordinaria.",
    ],
)
def test_a_note_under_the_table_is_no_theme_and_is_told(note: str) -> None:
    grids = table(*ROWS, (), (note,), ("Nota: otra",))
    assert tree(grids) == tree(table(*ROWS))
    assert left(grids)[1:] == [f"2 notes (“{note[:60]}{'…' * (len(note) > 60)}”, “Nota: otra”)"]


def test_a_theme_without_anything_below_it_is_no_note() -> None:
    assert of("Theme", tree(table(*ROWS, ("Retorno digno",)))) == ["Protección", "Trabajo", "Retorno digno"]
    themes = [("1. Que toda persona migrante viva sin miedo en la región.",), ("* Retorno",)]
    assert len(tree(table(*themes))) == 2


def test_a_theme_in_a_row_of_its_own_is_no_note() -> None:
    rows = (("Elaboración de normas",), ("", "O", "A"), ("Fuentes de empleo",), ("", "P", "B"))
    assert of("Theme", tree(table(*rows))) == ["Elaboración de normas", "Fuentes de empleo"]


WORDS = st.sampled_from(["", "Uno", "Dos", "2. Tres", "Total", "Nota: cuatro", "* cinco", "10", "• seis\n• siete", "-"])


@given(st.lists(st.tuples(*[WORDS] * 5), min_size=1, max_size=6))
@example([("", "", "", "", "Uno"), ("", "", "", "2. Tres", "Total")])
def test_any_word_is_in_the_plan_or_told(rows: list[tuple[str, ...]]) -> None:
    header = ("Eje", "Objetivo", "Acción", "Actividad", "Plazo")
    grids = [Grid("x", (), (header, *rows))]
    try:
        said = as_text_table(grids, guess(grids, FILE), FILE) + " ".join(left(grids))
    except InputError:
        return
    written = {word for row in rows for cell in row for word in re.findall("[a-z]{3,}", cell.lower())}
    assert written <= set(re.findall("[a-z]{3,}", said.lower()))


def test_a_note_about_a_part_stays_with_it() -> None:
    header = ("Temas", "Objetivos", "Acción", "Actividades", "Calendario")
    rows = (("T", "1. O", "1.1 A", "1.1.1 B", "1.1.1.1 2027"), ("", "", "", "Nota: con apoyo de la OIM"))
    assert ("Note", None, "Nota: con apoyo de la OIM") in tree(table(*rows, header=header))


# Headings in two rows.

BELOW = ("", "", "", "", "2027", "2028")
ABOVE = ("Eje", "Objetivo", "Acción", "Actividad", "Calendario", "")
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


# Lists in a cell.


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("• Uno\n• Dos", ["Uno", "Dos"]),
        ("• Uno • Dos • Tres", ["Uno", "Dos", "Tres"]),
        ("- Uno,\n  que sigue\n- Dos", ["Uno,\n  que sigue", "Dos"]),
        ("1) Uno 2) Dos", ["Uno", "Dos"]),
        ("1. Uno\n2. Dos en 2027. 3. No", ["Uno", "Dos en 2027. 3. No"]),
        ("a) Uno; b) Dos; c) Tres", ["Uno", "Dos", "Tres"]),
        ("(i) Uno (ii) Dos", ["Uno", "Dos"]),
        ("\uf0b7 Uno\n\uf0b7 Dos", ["Uno", "Dos"]),
        ("• Uno\n  - dentro\n  - dentro\n• Dos", ["Uno\n  - dentro\n  - dentro", "Dos"]),
        # No lists: a text before it, one point, a count that does not go on, a dash or a number within a sentence.
        ("Visita:\n• norte\n• sur", ["Visita:\n• norte\n• sur"]),
        ("• Uno", ["• Uno"]),
        ("1) Uno 3) Tres", ["1) Uno 3) Tres"]),
        ("- Ciudad - campo", ["- Ciudad - campo"]),
        ("3 talleres", ["3 talleres"]),
        ("a todos", ["a todos"]),
        ("1.1.1 Uno", ["1.1.1 Uno"]),
        ("", [""]),
    ],
)
def test_points_of_a_cell(cell: str, expected: list[str]) -> None:
    assert list(points(cell)) == expected


@given(st.text(alphabet="•-1)2ab(.\n Áx", max_size=30))
def test_any_cell_keeps_its_words(cell: str) -> None:
    found = points(cell)
    assert found
    letters = [each for each in "".join(found) if each in "Áx"]
    assert letters == [each for each in cell if each in "Áx"]


def test_activities_that_a_cell_lists() -> None:
    grids = table(
        ("P", "O", "A", "• Uno\n• Dos", "2027"),
        ("", "", "", "a) Tres b) Cuatro", "• 2028\n• 2029"),
        ("", "", "• Una acción\n• de dos líneas", "Cinco", ""),
    )
    assert tree(grids)[3:] == [
        ("Activity", "1.1.1", "Uno"), ("ScheduleEntry", "1.1.1.1", "2027"),
        ("Activity", "1.1.2", "Dos"), ("ScheduleEntry", "1.1.2.1", "2027"),
        ("Activity", "1.1.3", "Tres"), ("ScheduleEntry", "1.1.3.1", "2028"),
        ("Activity", "1.1.4", "Cuatro"), ("ScheduleEntry", "1.1.4.1", "2029"),
        ("Action", "1.2", "• Una acción • de dos líneas"), ("Activity", "1.2.1", "Cinco"),
    ]  # fmt: skip


def test_activities_that_a_cell_lists_in_a_plan_with_numbers() -> None:
    grids = table(("P", "1. O", "1.1 A", "• Uno\n• Dos", "2027"), ("", "2. O", "2.1 A", "2.1.1 B\n• b\n• c", ""))
    assert [part[1:] for part in tree(grids) if part[0] == "Activity"] == [
        (None, "Uno"), (None, "Dos"), ("2.1.1", "B\n• b\n• c"),
    ]  # fmt: skip


def test_lists_of_a_word_document(tmp_path: Path) -> None:
    """Word keeps no bullets in the text: a list is a style, or properties of its paragraphs."""
    document = docx.Document()
    made = document.add_table(2, 4)
    for place, text in enumerate(("Eje", "Objetivo", "Acción", "Actividad", "P", "O", "A", "")):
        made.cell(place // 4, place % 4).text = text
    for text in ("Uno", "Dos"):
        made.cell(1, 3).add_paragraph(text, style="List Bullet")
    made.cell(1, 1).paragraphs[0].style = "List Number"
    document.save(str(tmp_path / "plan.docx"))
    found = tree(read_tables(tmp_path / "plan.docx"))
    assert (of("Activity", found), of("Objective", found)) == (["Uno", "Dos"], ["O"])


def test_lists_of_a_page(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text(
        "<table><tr><th>Eje<th>Objetivo<th>Actividad<tr><td>P<td>O<td><ul><li>Uno<ul><li>dentro</ul><li>Dos</ul>"
        "<tr><td><td>Q<td><ol><li>Tres<li>Cuatro</ol></table>",
        "utf-8",
    )
    assert of("Activity", tree(read_tables(file))) == ["Uno ◦ dentro", "Dos", "Tres", "Cuatro"]


def test_lists_of_an_open_document(tmp_path: Path) -> None:
    from odf.opendocument import OpenDocumentText
    from odf.table import Table, TableCell, TableRow
    from odf.text import List, ListItem, P

    document, made = OpenDocumentText(), Table()
    for cells in (("Eje", "Objetivo", "Acción", "Actividad"), ("P", ["O"], "A", ["Uno", "Dos"])):
        row = TableRow()
        for text in cells:
            cell, points = TableCell(), List()
            for each in [text] if isinstance(text, str) else text:
                item = ListItem()
                item.addElement(P(text=each))
                points.addElement(item)
            cell.addElement(P(text=text) if isinstance(text, str) else points)
            row.addElement(cell)
        made.addElement(row)
    document.text.addElement(made)
    document.save(str(tmp_path / "plan.odt"))
    found = tree(read_tables(tmp_path / "plan.odt"))
    assert (of("Activity", found), of("Objective", found)) == (["Uno", "Dos"], ["O"])


# Calendars that are merged over several activities.

MERGED = [["P", "O", "A", "Uno", "2027"], ["", "", "", "Dos", ""], ["", "", "", "", ""], ["", "", "B", "Tres", "2028"]]
TIMES = ["2027", "2027", "2028"]


def test_a_calendar_that_is_merged_in_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    made = book(file, HEADER[:5], *(tuple(cell or None for cell in row) for row in MERGED))
    made.active.merge_cells("E2:E4")
    made.save(file)
    assert of("ScheduleEntry", tree(read_tables(file))) == TIMES


def test_a_calendar_that_is_merged_in_a_document(tmp_path: Path) -> None:
    document = docx.Document()
    made = document.add_table(5, 5)
    for place, row in enumerate((HEADER[:5], *MERGED)):
        for column, text in enumerate(row):
            made.cell(place, column).text = text
    made.cell(1, 4).merge(made.cell(3, 4))
    document.save(str(tmp_path / "plan.docx"))
    assert of("ScheduleEntry", tree(read_tables(tmp_path / "plan.docx"))) == TIMES


def test_a_calendar_that_is_merged_in_a_page(tmp_path: Path) -> None:
    rows = [list(HEADER[:5]), *MERGED]
    cells = ("".join(f"<td>{cell}" for cell in row[: 4 if place in (2, 3) else 5]) for place, row in enumerate(rows))
    text = "".join(f"<tr>{row}" for row in cells).replace("<td>2027", "<td rowspan=3>2027")
    (tmp_path / "plan.html").write_text(f"<table>{text}</table>", "utf-8")
    assert of("ScheduleEntry", tree(read_tables(tmp_path / "plan.html"))) == TIMES


def test_a_calendar_that_is_merged_in_a_spreadsheet(tmp_path: Path) -> None:
    """As LibreOffice writes it: covered cells stand in their places, and rows that are alike are written once."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )

    def row(cells: list[str], more: str = "") -> str:
        texts = (f"<table:table-cell{more * (text == '2027')}><text:p>{text}</text:p></table:table-cell>" if text
                 else "<table:table-cell/>" for text in cells)  # fmt: skip
        return f"<table:table-row>{''.join(texts)}</table:table-row>"

    covered = '<table:table-cell table:number-columns-repeated="3"/><table:table-cell><text:p>Dos</text:p>'
    rows = (
        row(list(HEADER[:5])) + row(MERGED[0], ' table:number-rows-spanned="3"')
        + f'<table:table-row table:number-rows-repeated="2">{covered}</table:table-cell><table:covered-table-cell/>'
        "</table:table-row>" + row(MERGED[3])
    )  # fmt: skip
    content = f"<office:document-content {spaces}><table:table>{rows}</table:table></office:document-content>"
    with zipfile.ZipFile(tmp_path / "plan.ods", "w") as made:
        made.writestr("content.xml", content)
    assert of("ScheduleEntry", tree(read_tables(tmp_path / "plan.ods"))) == ["2027", "2027", "2027", "2028"]


def test_years_that_are_merged(tmp_path: Path) -> None:
    """A mark over two years is in both; a text over two years is said once."""
    file = tmp_path / "plan.xlsx"
    made = book(file, ABOVE, BELOW, ("P", "O", "A", "Uno", "x", None), ("P", "O", "A", "Dos", "Todo el año", None))
    for area in ("E1:F1", "E3:F3", "E4:F4"):
        made.active.merge_cells(area)
    made.save(file)
    assert of("ScheduleEntry", tree(read_tables(file))) == ["2027, 2028", "2027, 2028: Todo el año"]


# What a workbook hides and shows.


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


# The marks of footnotes.


def marked(ending: str, file: Path) -> None:
    """A plan with a raised mark behind the number of an objective, and square metres."""
    if ending == ".csv":
        file.write_text("Eje,Objetivo\nUno,Objetivo 3¹\nDos,De 20 m² a 30 km²\n", "utf-8")
    elif ending == ".html":
        file.write_text("<table><tr><td>Eje<td>Objetivo<tr><td>Uno<td>Objetivo 3<sup>1</sup><tr><td>Dos"
                        "<td>De 20 m<sup>2</sup> a 30 km<sup>2</sup></table>", "utf-8")  # fmt: skip
    elif ending == ".docx":
        document = docx.Document()
        made = document.add_table(3, 2)
        for place, text in enumerate(("Eje", "Objetivo", "Uno", "Objetivo 3", "Dos", "De 20 m")):
            made.cell(place // 2, place % 2).text = text
        made.cell(1, 1).paragraphs[0].add_run("1").font.superscript = True
        last = made.cell(2, 1).paragraphs[0]
        last.add_run("2").font.superscript = True
        last.add_run(" a 30 km")
        last.add_run("2").font.superscript = True
        document.save(str(file))
    elif ending == ".xlsx":
        high = InlineFont(vertAlign="superscript")
        area = CellRichText("De 20 m", TextBlock(high, "2"), " a 30 km", TextBlock(high, "2"))
        book(file, ("Eje", "Objetivo"), ("Uno", CellRichText("Objetivo 3", TextBlock(high, "1"))), ("Dos", area))
    else:
        from odf.opendocument import OpenDocumentText
        from odf.style import Style, TextProperties
        from odf.table import Table, TableCell, TableRow
        from odf.text import P, Span

        document = OpenDocumentText()
        high = Style(name="T1", family="text")
        high.addElement(TextProperties(textposition="super 58%"))
        document.automaticstyles.addElement(high)
        made = Table()
        for cells in (("Eje", "Objetivo"), ("Uno", "Objetivo 3^1"), ("Dos", "De 20 m^2 a 30 km^2")):
            row = TableRow()
            for text in cells:
                first, *others = text.split("^")
                paragraph = P(text=first)
                for other in others:
                    paragraph.addElement(Span(stylename=high, text=other[0]))
                    paragraph.addText(other[1:])
                cell = TableCell()
                cell.addElement(paragraph)
                row.addElement(cell)
            made.addElement(row)
        document.text.addElement(made)
        document.save(str(file))


@pytest.mark.parametrize("ending", [".csv", ".html", ".docx", ".xlsx", ".odt"])
def test_a_footnote_mark_is_no_part_of_a_number(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"plan{ending}"
    marked(ending, file)
    grids = read_tables(file)
    assert of("Objective", tree(grids)) == ["Objetivo 3", "De 20 m² a 30 km²"]
    assert left(grids) == ["1 footnote mark (¹)"]


def test_raised_letters_stay(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text(
        "<table><tr><td>Eje¹<td>Objetivo<tr><td>Uno<td>1<sup>er</sup> taller¹,² y 2.º en 30m²"
        "<tr><td>Dos<td>¹ Visita<sup><a>[3]</a></sup></table>",
        "utf-8",
    )
    grids = read_tables(file)
    assert grids[0].rows == (("Eje", "Objetivo"), ("Uno", "1er taller y 2.º en 30m²"), ("Dos", "¹ Visita"))
    assert left(grids) == ["3 footnote marks (¹, ¹,², ³)"]


# CSV as Excel saves it.


def test_csv_in_windows_1252(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes("Eje;Acción\r\nProtección;“Niñez” – 5 €\r\n".encode("cp1252"))
    [grid] = read_tables(file)
    assert grid.rows == (("Eje", "Acción"), ("Protección", "“Niñez” – 5 €"))
    assert grid.told == ("read as Windows-1252, for it is not UTF-8; look whether its accents are right",)


def test_csv_in_utf_16(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes("Eje;Acción\n".encode("utf-16"))
    [grid] = read_tables(file)
    assert (grid.rows, grid.told) == ((("Eje", "Acción"),), ())


@pytest.mark.parametrize("data", ["Acción, protección\n".encode() + b"\xf3", b"a,b\n\x81\n", b"\xff\xfea"])
def test_csv_that_is_damaged(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes(data)
    with pytest.raises(SourceError, match=r"not UTF-8|text in UTF-16"):
        read_tables(file)


# Cells that span without end.


def test_spans_without_end(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text("<table>" + "<tr>" + "<td colspan=1000>x" * 501 + "</table>", "utf-8")
    with pytest.raises(SourceError, match="more than 500,000 cells"):
        read_tables(file)
    file.write_text("<table><tr><td colspan=1000>x" + "<tr><td>y" * 501 + "</table>", "utf-8")
    with pytest.raises(SourceError, match="more than 500,000 cells"):
        read_tables(file)
