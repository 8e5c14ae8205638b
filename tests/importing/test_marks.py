"""The marks of footnotes are no part of numbers and words."""

from pathlib import Path

import docx
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from crmgraph.importing import read_tables
from tests.importing.made import book, left, of, tree


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
