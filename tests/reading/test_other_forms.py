"""Files that are no text, given where a text table belongs: it is said what they are, and what makes a text of them."""

import io
import zipfile
from pathlib import Path

import pytest

from crmgraph.building import SOURCE
from crmgraph.errors import SourceError
from crmgraph.reading import read_plan
from crmgraph.reading.source import LARGEST, read_stream
from tests.support.saving import SAVERS

SAVED = (["Plan"], [["TEMAS", "OBJETIVOS"], ["Uno", "1. Dos"]])
KINDS = {
    ".docx": "a document of Word",
    ".xlsx": "a workbook of Excel",
    ".odt": "an OpenDocument text",
    ".html": "a web page",
}


def refused(file: Path) -> str:
    with pytest.raises(SourceError) as caught:
        read_plan(file)
    return str(caught.value)


@pytest.mark.parametrize("ending", KINDS)
def test_what_can_be_imported(ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"plan{ending}"
    SAVERS[ending[1:]](SAVED, file)
    assert refused(file) == f"{file}: this is {KINDS[ending]}, and no plan in text; `crmgraph import` makes one of it"
    named = file.rename(tmp_path / "plan.txt")
    assert refused(named).endswith(f"`crmgraph import` makes one of it, where its name ends in {ending}")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a document or workbook of an old version of Office"),
        (b"{\\rtf1\\ansi", "a document in RTF"),
    ],
)
def test_what_cannot_is_to_be_saved_otherwise(data: bytes, what: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_bytes(data)
    advice = "save the plan as .docx or .xlsx, and make one of that by `crmgraph import`"
    assert refused(file) == f"{file}: this is {what}, and no plan in text; {advice}"


def test_other_archives_and_xml(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("plan.txt", "x")
    assert "this is a ZIP archive" in refused(tmp_path / "a.zip")
    (tmp_path / "a.xml").write_bytes(b"\xef\xbb\xbf\n<?xml version='1.0'?><a/>")
    assert "this is XML, and no plan in text; `crmgraph import` makes one of it" in refused(tmp_path / "a.xml")


def test_a_large_one_is_known_too(tmp_path: Path) -> None:
    (tmp_path / "large.pdf").write_bytes(b"%PDF-1.7" + bytes(LARGEST))
    assert "this is a PDF" in refused(tmp_path / "large.pdf")
    with pytest.raises(SourceError, match="this is a PDF"):
        read_stream(io.BytesIO(b"%PDF-1.7"), Path("standard input"))


def test_another_table_in_text_is_to_be_imported(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("Tema,Objetivo\nUno,Dos\n", encoding="utf-8")
    assert refused(tmp_path / "plan.csv").endswith("`crmgraph import` makes such a table of other files")


def test_a_plan_is_none_of_them() -> None:
    assert read_plan(SOURCE).themes
