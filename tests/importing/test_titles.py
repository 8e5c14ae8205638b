"""What a plan is called that has no title above its table."""

import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from crmgraph.importing import as_text_table, guess, read_tables
from crmgraph.importing.titles import title_in

ROWS = (("Eje", "Objetivo", "Acción", "Actividad", "Plazo"), ("Trabajo", "Vías", "Firmar", "Reunión", "2027"))


def workbook(file: Path, title: str | None, above: str = "") -> Path:
    book = openpyxl.Workbook()
    book.properties.title = title
    for row in ((above,), *ROWS) if above else ROWS:
        book.active.append(row)
    book.save(file)
    return file


def document(file: Path, title: str) -> Path:
    made = docx.Document()
    made.core_properties.title = title
    table = made.add_table(len(ROWS), len(ROWS[0]))
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    made.save(str(file))
    return file


def first_line(file: Path, called: str = "") -> str:
    grids = read_tables(file)
    return as_text_table(grids, guess(grids, file), file, called).partition("\n")[0]


def test_the_properties_of_a_file_say_its_title(tmp_path: Path) -> None:
    assert title_in(workbook(tmp_path / "a.xlsx", " Plan regional\n2027 ")) == "Plan regional 2027"
    assert title_in(document(tmp_path / "a.docx", "Plan de trabajo")) == "Plan de trabajo"
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as archive:
        archive.writestr(
            "meta.xml",
            '<o:meta xmlns:o="urn:x"><d:title xmlns:d="http://purl.org/dc/elements/1.1/">Plan</d:title></o:meta>',
        )
    assert title_in(tmp_path / "a.odt") == "Plan"


@pytest.mark.parametrize("title", [None, "", "  "])
def test_a_file_without_a_title(title: str | None, tmp_path: Path) -> None:
    assert title_in(workbook(tmp_path / "a.xlsx", title)) == ""
    assert title_in(document(tmp_path / "a.docx", "Word Document")) == ""
    with zipfile.ZipFile(tmp_path / "a.ods", "w"):
        pass
    assert title_in(tmp_path / "a.ods") == ""
    assert title_in(tmp_path / "none.csv") == ""


def test_what_stands_above_the_table_comes_before_all_else(tmp_path: Path) -> None:
    file = workbook(tmp_path / "otro.xlsx", "Libro1", "Plan de movilidad")
    assert first_line(file, "movilidad") == "Plan de movilidad"
    assert first_line(workbook(file, None), "movilidad") == "movilidad"
    assert first_line(file) == "otro"
