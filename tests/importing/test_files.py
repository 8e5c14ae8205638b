"""Files that are broken, too large, or would lead elsewhere."""

import io
import zipfile
from pathlib import Path

import pytest

from crmgraph.errors import SourceError
from crmgraph.importing import ENDINGS, read_tables
from crmgraph.importing.files import LARGEST

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
        read_tables(tmp_path / "plan.pdf")


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


def test_a_page_without_a_table(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text("<p>no table</p>", encoding="utf-8")
    with pytest.raises(SourceError, match="no table with words"):
        read_tables(file)
