"""Calendars that are merged over several activities or years."""

import zipfile
from pathlib import Path

import docx

from crmgraph.importing import read_tables
from tests.importing.made import ABOVE, BELOW, HEADER, book, of, tree

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
