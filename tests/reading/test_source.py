"""Plan files of every kind: they are read, or rejected with a message that gives the position of the error."""

import hashlib
import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import SourceError, UsageError
from crmgraph.reading import MOST_LINES, read_plan, read_plan_text, read_table
from crmgraph.reading.model import LARGEST, ORIGIN, Source, make_origin, read_origin, read_source
from tests.support.phrases import HEADINGS
from tests.support.saving import SAVERS

HEAD = "".join(f"\t{heading}\n" for heading in HEADINGS)
NAME = Path("standard input")


def refused(file: Path, data: bytes | None = None) -> str:
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read_plan(file)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{file}")


def test_what_is_no_table_is_refused_with_its_place(tmp_path: Path) -> None:
    no_calendar = HEAD.removesuffix(f"\t{HEADINGS[4]}\n").encode()
    for data, says in (
        ("PLAN\nDE ACCIÓN\n".encode("latin-1"), ", line 2, column 8: byte 0xd3 is not UTF-8"),
        (b"\xef\xbb\xbfPLAN\r\nab\xff", ", line 2, column 3: byte 0xff is not UTF-8"),
        (b"\x80" + os.urandom(4096), ", line 1, column 1: byte 0x80 is not UTF-8"),
        (b"PLAN\nDE AC\x1bCION", ", line 2, column 6: character U+001B is a control character"),
        (b"a\x00", ", line 1, column 2: character U+0000 is a control character"),
        (b"", ", line 1, column 1: the file is empty; a plan is a table of five columns"),
        (b" \n\n\t", ", line 1, column 1: the file is empty"),
        (b"\n" * 60_000, f", line {MOST_LINES + 1}, column 1: the file has 60,000 lines; a plan may have"),
        (b"Nothing here is a table.\n", ", line 1, column 1: not a plan's table: no line begins with a tab"),
        (b"\tTEMAS\n\tPresupuesto\n\tc\n\td\n\te\n",
         ", line 2, column 1: not a plan's table: heading 2 should be like “OBJETIVOS” but is “Presupuesto”"),
        (no_calendar, ", line 5, column 1: not a plan's table: heading 5 should be like “CALENDARIO”"),
    ):  # fmt: skip
        assert refused(tmp_path / "plan.txt", data).startswith(says)


def test_missing_and_endless_files_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path)
    assert "cannot be read" in refused(tmp_path / "gone.txt")
    with (tmp_path / "large.txt").open("wb") as out:
        out.truncate(50 * 2**20)
    assert f"larger than {LARGEST:,} bytes" in refused(tmp_path / "large.txt")
    if Path("/dev/zero").exists():
        with pytest.raises(SourceError, match="larger than"):
            read_source(Path("/dev/zero"))


def test_the_largest_file_and_the_most_lines_are_read(tmp_path: Path) -> None:
    (file := tmp_path / "plan.txt").write_bytes(b"x" * LARGEST)
    assert len(read_source(file).text) == LARGEST
    with pytest.raises(SourceError, match="no line begins with a tab"):
        read_plan_text(Source("a\n" * MOST_LINES), "plan")
    with pytest.raises(SourceError, match=rf"has 50,001 lines; a plan may have {MOST_LINES:,}"):
        read_plan_text(Source("a\n" * (MOST_LINES + 1)), "plan")


def test_a_last_line_without_an_end_may_be_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    for end in ("", "\t", "\u00a0"):
        file.write_text(HEAD + "\tTema" + "\n\t" * 4 + "Uno" + end, encoding="utf-8")
        assert ", line 10, column " in refused(file)
        with pytest.raises(SourceError, match="has no line end"), file.open("rb") as stream:
            read_plan(NAME, "plan", stream)
    for end in ("\n", "\r", "\r\n", "\n ", "\n \n"):
        file.write_text(HEAD + "\tTema" + "\n\t" * 4 + "Uno" + end, encoding="utf-8", newline="")
        assert read_plan(file).themes


def test_a_stream_is_read_and_refused_as_a_file_is(tmp_path: Path) -> None:
    data = "\ufeff\tTEMAS\r\nñ".encode()
    (tmp_path / "plan.txt").write_bytes(data)
    assert read_source(tmp_path / "plan.txt", io.BytesIO(data)) == read_source(tmp_path / "plan.txt")
    for wrong, says in ((b"x" * (LARGEST + 1), "larger than"), (b"a\xff", "line 1, column 2: byte 0xff")):
        with pytest.raises(SourceError, match=f"^standard input.*{says}"):
            read_source(NAME, io.BytesIO(wrong))
    with pytest.raises(UsageError, match="a plan's id has lower-case letters"):
        read_plan(NAME, "Plan 1", io.BytesIO(b""))


def test_other_documents_are_named_with_what_makes_a_plan_of_them(tmp_path: Path) -> None:
    saved = (["Plan"], [["TEMAS", "OBJETIVOS"], ["Uno", "1. Dos"]])
    for ending, kind in (
        (".docx", "a document of Word"),
        (".xlsx", "a workbook of Excel"),
        (".odt", "an OpenDocument text"),
        (".html", "a web page"),
    ):
        SAVERS[ending[1:]](saved, file := tmp_path / f"plan{ending}")
        assert refused(file) == f": this is {kind}, and no plan in text; `crmgraph import` makes one of it"
        named = file.rename(tmp_path / "plan.txt")
        assert refused(named).endswith(f"`crmgraph import` makes one of it, where its name ends in {ending}")
    for data in (b"%PDF-1.7\n", b"%PDF-1.7" + bytes(LARGEST)):
        assert refused(tmp_path / "plan.txt", data).endswith("makes one of it, where its name ends in .pdf")
    for data, kind in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "a document or workbook of an old version of Office"),
        (b"{\\rtf1\\ansi", "a document in RTF"),
    ):
        advice = "save the plan as .docx or .xlsx, and make one of that by `crmgraph import`"
        assert refused(tmp_path / "plan.txt", data) == f": this is {kind}, and no plan in text; {advice}"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr("plan.txt", "x")
    assert "this is a ZIP archive" in refused(tmp_path / "a.zip")
    assert "this is XML, and no plan" in refused(tmp_path / "a.xml", b"\xef\xbb\xbf\n<?xml version='1.0'?><a/>")
    assert refused(tmp_path / "plan.csv", b"Tema,Objetivo\n").endswith("makes such a table of other files")
    with pytest.raises(SourceError, match="this is a PDF"):
        read_source(NAME, io.BytesIO(b"%PDF-1.7"))


@given(st.text(alphabet=st.sampled_from("a\t\n\r .1é\u00a0"), max_size=60), st.data())
def test_lines_and_columns_are_counted_as_editors_do(text: str, data: st.DataObject) -> None:
    source = Source(text)
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    place = source.place(offset)
    assert (place.line, place.column) == (len(before), len(before[-1]) + 1)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = [text[start:end] for start, end in source.lines]
    assert kept == (expected[:-1] if len(expected) > 1 and not expected[-1] else expected)


@given(st.text(alphabet=st.sampled_from("\t\n1234. aNota:é\u00a0\ufeff"), max_size=200))
def test_any_text_below_good_headings_is_read_whole_or_refused(rubbish: str) -> None:
    source = Source(HEAD + rubbish)
    try:
        plan = read_plan_text(source, "rubbish")
    except SourceError as error:
        refusal = str(error)
        assert refusal.startswith("line ")
        assert "\n" not in refusal
    else:
        covered = {i for leaf in plan.leaves for i in range(leaf.start, leaf.end)}
        assert all(i in covered for i, character in enumerate(source.text) if not character.isspace())
        ids = [part.id for part, _ in plan.walk()]
        assert len(ids) == len(set(ids))


def cells(*texts: str) -> str:
    return HEAD + "".join(f"\t{text}\n" for text in texts)


def test_titles_headings_rows_and_lines_of_cells() -> None:
    titles, headings, rows = read_table(Source("Título\n\nSubtítulo\n" + cells("a\tb", "b\nc\n\nd", " \te", "", "f")))
    assert [leaf.exact for leaf in titles] == ["Título", "Subtítulo"]
    assert [(leaf.exact, leaf.row, leaf.column) for leaf in headings] == [
        (heading, 1, column) for column, heading in enumerate(HEADINGS, 1)
    ]
    [row] = rows
    # A tab within a line begins no cell.
    assert [[line.text for line in cell.lines] for cell in row] == [["a\tb"], ["b", "c", "d"], ["e"], [], ["f"]]
    assert [line.after_blank for line in row[1].lines] == [False, False, True]


def test_headings_in_either_language_or_the_place_of_the_wrong_one() -> None:
    for headings in (
        ("Themes", "Objectives", "Actions", "Activities", "Schedule"),
        ("TEMA", "OBJETIVO", "Acción para la implementación", "actividad", "Cronograma"),
    ):
        assert len(read_table(Source("".join(f"\t{each}\n" for each in headings) + "\ta\n" + "\t\n" * 4))[2]) == 1
    for wrong in range(5):
        named = [*HEADINGS[:wrong], "Otra cosa", *HEADINGS[wrong + 1 :]]
        with pytest.raises(SourceError) as caught:
            read_table(Source("\n" + "".join(f"\t{heading}\n" for heading in named) + "\ta\n" * 5))
        assert f"heading {wrong + 1} should be like “{HEADINGS[wrong]}” but is “Otra cosa”" in str(caught.value)
        assert caught.value.place is not None
        assert caught.value.place.line == wrong + 2


def test_the_origin_of_an_imported_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "año.csv").write_bytes(b"Eje\n")
    (tmp_path / "m.toml").write_bytes(b"table = 1\n")
    assert read_origin(tmp_path / "plan.txt") is None
    origin = make_origin(tmp_path / "año.csv", ("A",), tmp_path / "m.toml", "http://e/", date(2026, 11, 28))
    assert (origin.file, origin.media_type, origin.imported, origin.mapping) == (
        "año.csv", "text/csv", "2026-11-28", "m.toml",
    )  # fmt: skip
    assert origin.sha256 == hashlib.sha256(b"Eje\n").hexdigest()
    assert origin.mapping_sha256 == hashlib.sha256(b"table = 1\n").hexdigest()
    assert "año.csv" in origin.model_dump_json(), "letters as they are"
    (tmp_path / f"plan{ORIGIN}").write_text(origin.model_dump_json(), encoding="utf-8")
    assert read_origin(tmp_path / "plan.txt") == origin
    for text in ("", "[]", "{}", '{"file": 1, "tables": []}', '{"file": "a", "tables": [], "imported": "soon"}'):
        (tmp_path / f"plan{ORIGIN}").write_text(text, encoding="utf-8")
        with pytest.raises(SourceError, match=r"plan\.origin\.json: this does not say where a plan is from"):
            read_origin(tmp_path / "plan.txt")
