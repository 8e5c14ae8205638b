"""Files that are broken, too large, or would lead elsewhere."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree

from crmgraph.errors import SourceError
from crmgraph.importing import ENDINGS, as_text_table, guess, read_tables
from crmgraph.importing.files.limits import LARGEST

CONTENT = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><table:table table:name="T"><table:table-row>
<table:table-cell table:number-columns-repeated="999999999"><text:p>a<text:s text:c="2"/>b&x;</text:p>
</table:table-cell>
</table:table-row></table:table></office:body></office:document-content>"""


def archive(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("ending", [".xlsx", ".docx", ".odt", ".ods"])
@pytest.mark.parametrize("data", [b"rubbish", archive("x", b"y"), archive("content.xml", b"<a>")])
def test_what_is_broken_is_told_so(ending: str, data: bytes, tmp_path: Path) -> None:
    file = tmp_path / f"plan{ending}"
    file.write_bytes(data)
    with pytest.raises(SourceError, match="or it is damaged"):
        read_tables(file)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_empty_or_missing(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"plan{ending}"
    with pytest.raises(SourceError):
        read_tables(file)
    file.write_bytes(b"")
    with pytest.raises(SourceError, match="empty"):
        read_tables(file)


def test_another_ending(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"should end in one of \.csv, \.tsv"):
        read_tables(tmp_path / "plan.odp")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plan.XLS", "ends in .xls is not read; open it in a spreadsheet and save it as .xlsx"),
        ("plan.doc", "ends in .doc is not read; open it in a word processor and save it as .docx"),
        ("plan.pdf", "this is a PDF, .* and save that as .docx or .xlsx"),
    ],
)
def test_what_is_read_once_it_is_saved_otherwise(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=said):
        read_tables(tmp_path / name)


def test_what_unpacks_without_end(tmp_path: Path) -> None:
    file = tmp_path / "plan.odt"
    file.write_bytes(archive("content.xml", b" " * 200_000_000))
    with pytest.raises(SourceError, match="unpacked it has more than"):
        read_tables(file)


def test_what_is_too_large(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes(b"a,b\n" * (LARGEST // 4 + 1))
    with pytest.raises(SourceError, match="larger than"):
        read_tables(file)


def test_no_file_leads_to_another(tmp_path: Path) -> None:
    file = tmp_path / "plan.odt"
    file.write_bytes(archive("content.xml", CONTENT.encode()))
    [grid] = read_tables(file)
    assert set(grid.rows[0]) == {"a  b"}
    assert len(grid.rows[0]) <= 1000


def test_csv_as_spreadsheets_write_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_bytes('\ufeffTema;Objetivo\r\n"Uno\r\ndos";"a; ""b"""\r\n'.encode())
    [grid] = read_tables(file)
    assert grid.rows == (("Tema", "Objetivo"), ("Uno\ndos", 'a; "b"'))
    file.write_text('a,b\n"c\n', encoding="utf-8")
    with pytest.raises(SourceError, match="not CSV"):
        read_tables(file)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n", '"sep={}"\n', "SEP={} \n"])
def test_what_parts_the_cells(delimiter: str, first: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    rows = (("Eje", "Objetivo"), ("Trabajo, y más; hoy", "Vías"), ("", "Retorno"))
    lines = (delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    file.write_text(first.format(delimiter) + "\n".join(lines), encoding="utf-8", newline="")
    [grid] = read_tables(file)
    assert grid.rows == rows


def test_a_title_with_a_comma_parts_no_cells(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("Plan, 2027;;\nEje;Objetivo;Acción\nUno;Dos, tres;Cuatro, cinco\n", encoding="utf-8")
    [grid] = read_tables(file)
    assert grid.rows[1:] == (("Eje", "Objetivo", "Acción"), ("Uno", "Dos, tres", "Cuatro, cinco"))


def test_a_page_without_a_table(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text("<p>no table</p>", encoding="utf-8")
    with pytest.raises(SourceError, match="no table with words"):
        read_tables(file)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("B2", "cell B2 of the sheet Sheet has"), ("C1", "cell C1 of the sheet Sheet has"), ("C3", ""), ("A4", "")],
)
def test_a_formula_without_a_result(cell: str, said: str, tmp_path: Path) -> None:
    """It matters where it is read: not in a column of no plan, nor in a hidden row."""
    file = tmp_path / "plan.xlsx"
    book = openpyxl.Workbook()
    for row in (("Tema", "Objetivo", "Costo"), ("Uno", "Dos", 1), ("Tres", "Cuatro", 2), ("Cinco", "Seis", 3)):
        book.active.append(list(row))
    book.active[cell] = '="Obj " & "dos"'
    book.active.row_dimensions[4].hidden = True
    book.save(file)
    grids = read_tables(file)
    if said:
        with pytest.raises(SourceError, match=f"{said} a formula and no result"):
            as_text_table(grids, guess(grids, file), file)
    else:
        assert "Cuatro" in as_text_table(grids, guess(grids, file), file)


def test_a_formula_without_a_result_in_a_further_sheet(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Dos")):
        sheet.append(["Tema", "Objetivo"])
        sheet.append(["Uno", "Dos"])
    book["Dos"]["B2"] = '="Obj " & "dos"'
    book["Dos"].merge_cells("B2:B3")
    book["Dos"].append(["Tres", None])
    book["Dos"].row_dimensions[2].hidden = True
    book.save(file)
    grids = read_tables(file)
    with pytest.raises(SourceError, match="cell B2 of the sheet Dos has a formula and no result"):
        as_text_table(grids, guess(grids, file), file)


def test_cells_are_what_the_sheet_shows(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Versión 2.0", "1.0", 2.0, 2.5, 3, datetime(2027, 6, 1), datetime(2027, 6, 1, 9, 30)])
    book.save(file)
    [grid] = read_tables(file)
    assert grid.rows == (("Versión 2.0", "1.0", "2", "2.5", "3", "2027-06-01", "2027-06-01 09:30:00"),)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("plan.csv", archive("xl/workbook.xml", b"<a/>"), "this is a .xlsx file.*call it plan.xlsx"),
        ("plan.xlsx", archive("word/document.xml", b"<a/>"), "this is a .docx file.*call it plan.docx"),
        ("plan.odt", archive("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), "call it plan.ods"),
        ("plan.html", archive("x", b"y"), "this is an archive, though its name ends in .html"),
        ("plan.csv", b"%PDF-1.7 x", "this is a PDF"),
    ],
)
def test_what_is_another_kind_of_file_than_its_name_says(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(SourceError, match=said):
        read_tables(file)


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_file_with_a_password(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"plan{ending}"
    file.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"x")
    with pytest.raises(SourceError, match="one with a password"):
        read_tables(file)


def test_a_row_that_is_longer_than_the_headings(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("Tema,Objetivo\nTrabajo,Vías, regulares\n", encoding="utf-8")
    with pytest.raises(SourceError, match="row 2 has 3 cells, the first 2"):
        read_tables(file)


def test_word_documents_as_people_leave_them(tmp_path: Path) -> None:
    """A content control, a nested table, and tracked changes."""
    file = tmp_path / "plan.docx"
    document = docx.Document()
    table = document.add_table(3, 2)
    for place, text in enumerate(["Tema", "Objetivo", "Uno", "", "Dos", "borrado"]):
        table.cell(place // 2, place % 2).text = text
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "anidado"
    row = table.rows[2]._tr
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    control = etree.SubElement(row.getparent(), f"{{{space}}}sdt")
    etree.SubElement(control, f"{{{space}}}sdtContent").append(row)
    run = row.tc_lst[1].p_lst[0].r_lst[0]
    inserted = etree.SubElement(run.getparent(), f"{{{space}}}ins")
    etree.SubElement(etree.SubElement(inserted, f"{{{space}}}r"), f"{{{space}}}t").text = "puesto"
    deleted = etree.SubElement(run.getparent(), f"{{{space}}}del")
    deleted.append(run)
    run.t_lst[0].tag = f"{{{space}}}delText"
    document.save(str(file))
    [grid] = read_tables(file)
    assert [tuple(cell.strip() for cell in row) for row in grid.rows] == [
        ("Tema", "Objetivo"), ("Uno", "anidado"), ("Dos", "puesto"),
    ]  # fmt: skip


def test_a_table_within_a_cell_of_a_page(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text("<table><tr><td>a<td>b<tr><td>c<td><table><tr><td>n1<td>n2</table></table>", encoding="utf-8")
    [grid] = read_tables(file)
    assert [tuple(" ".join(cell.split()) for cell in row) for row in grid.rows] == [("a", "b"), ("c", "n1n2")]
