"""A plan as other programs save it, written with third-party libraries."""

import csv
import html
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import docx
import openpyxl
from docx.table import Table as DocxTable

Saved = tuple[Sequence[str], Sequence[Sequence[str]]]
"""The lines before a table, and its rows; the lines of a cell have line feeds between them."""


def as_csv(saved: Saved, file: Path) -> None:
    before, rows = saved
    with file.open("w", encoding="utf-8", newline="") as stream:
        above = [[line, *[""] * (len(rows[0]) - 1)] for line in before if line.strip()]
        csv.writer(stream).writerows([*above, *rows])


def as_xlsx(saved: Saved, file: Path) -> None:
    before, rows = saved
    book = openpyxl.Workbook()
    sheet = book.active
    for line in before:
        if line.strip():
            sheet.append([line])
    for row in rows:
        sheet.append(list(row))
    book.save(file)


def as_docx(saved: Saved, file: Path) -> None:
    before, rows = saved
    document = docx.Document()
    for line in before:
        document.add_paragraph(line)
    table: DocxTable = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            first, *others = text.split("\n")
            cell.paragraphs[0].text = first
            for line in others:
                cell.add_paragraph(line)
    document.save(str(file))


def as_odt(saved: Saved, file: Path) -> None:
    # It adds its own folder to the path on which modules are looked for.
    from odf.opendocument import OpenDocumentText
    from odf.table import Table, TableCell, TableColumn, TableRow
    from odf.teletype import addTextToElement
    from odf.text import P

    def paragraph(line: str) -> P:
        made = P()
        addTextToElement(made, line)
        return made

    before, rows = saved
    document = OpenDocumentText()
    for line in before:
        document.text.addElement(paragraph(line))
    table = Table(name="Plan")
    table.addElement(TableColumn(numbercolumnsrepeated=len(rows[0])))
    for cells in rows:
        row = TableRow()
        for text in cells:
            cell = TableCell()
            for line in text.split("\n"):
                cell.addElement(paragraph(line))
            row.addElement(cell)
        table.addElement(row)
    document.text.addElement(table)
    document.save(str(file))


def as_html(saved: Saved, file: Path) -> None:
    before, rows = saved
    body = "".join(f"<p>{html.escape(line)}</p>" for line in before)
    table = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text).replace(chr(10), '<br>')}</td>" for text in row) + "</tr>"
        for row in rows
    )
    head = '<!doctype html><html><head><meta charset="utf-8"><title>x</title></head>'
    file.write_text(f"{head}<body>{body}<table>{table}</table></body></html>", encoding="utf-8")


SAVERS: Mapping[str, Callable[[Saved, Path], None]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "docx": as_docx,
    "odt": as_odt,
    "html": as_html,
}
