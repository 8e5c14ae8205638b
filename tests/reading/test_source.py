"""Files of every kind: read as they are, or refused with one clear sentence that says where."""

import io
import os
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.errors import SourceError, UsageError
from crmgraph.reading import read_plan, read_plan_stream, read_plan_text
from crmgraph.reading.source import LARGEST, Source, read_source, read_stream
from crmgraph.reading.table import MOST_LINES

HEADINGS = "\tTEMAS\n\tOBJETIVOS\n\tACCION\n\tACTIVIDADES\n\tCALENDARIO\n"


def refused(tmp_path: Path, data: bytes) -> str:
    file = tmp_path / "plan.txt"
    file.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read_plan(file)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{file}")


def test_not_utf8_says_which_byte_and_where(tmp_path: Path) -> None:
    message = refused(tmp_path, "PLAN\nDE ACCIÓN\n".encode("latin-1"))
    assert message.startswith(", line 2, column 8: byte 0xd3 is not UTF-8")


def test_not_utf8_after_a_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    message = refused(tmp_path, b"\xef\xbb\xbfPLAN\r\nab\xff")
    assert message.startswith(", line 2, column 3: byte 0xff is not UTF-8")


@pytest.mark.parametrize("sign", ["\0", "\a", "\x1b", "\x7f"])
def test_a_control_character_says_which_and_where(sign: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(f"PLAN\nDE AC{sign}CIÓN", encoding="utf-8")
    with pytest.raises(SourceError, match=rf"line 2, column 6: character U\+{ord(sign):04X} is a control character"):
        read_source(file)


def test_an_empty_file(tmp_path: Path) -> None:
    assert refused(tmp_path, b"") == ", line 1, column 1: the file is empty; a plan is a table of five columns"
    assert "holds nothing but blank space" in refused(tmp_path, b" \n\n\t")
    assert "the file has 60,000 lines" in refused(tmp_path, b"\n" * 60_000)


def test_prose_is_no_table(tmp_path: Path) -> None:
    assert "no line begins with a tab" in refused(tmp_path, b"Nothing here is a table.\n")


def test_another_table_is_no_plan(tmp_path: Path) -> None:
    message = refused(tmp_path, b"\tTEMAS\n\tPresupuesto\n\tc\n\td\n\te\n")
    assert message == (
        ", line 2, column 1: not a plan's table: heading 2 should be like “OBJETIVOS” but is “Presupuesto”"
    )


def test_headings_alone_are_no_plan(tmp_path: Path) -> None:
    data = "\tTEMAS\n\tOBJETIVOS\n\tACCIÓN\n\tACTIVIDADES\n\tCALENDARIO\n"
    assert "no rows" in refused(tmp_path, data.encode())
    assert "heading 5" in refused(tmp_path, data.removesuffix("\tCALENDARIO\n").encode())


def test_noise(tmp_path: Path) -> None:
    assert "not UTF-8" in refused(tmp_path, b"\x80" + os.urandom(4096))


def test_fifty_megabytes_are_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    with file.open("wb") as out:
        out.truncate(50 * 2**20)
    began = time.monotonic()
    with pytest.raises(SourceError, match=f"larger than {LARGEST:,} bytes"):
        read_plan(file)
    assert time.monotonic() - began < 1


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no device without an end")
def test_a_device_without_an_end_is_refused() -> None:
    with pytest.raises(SourceError, match=f"larger than {LARGEST:,} bytes"):
        read_source(Path("/dev/zero"))


def test_a_pipe_is_read_to_its_end_or_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for data, refused in ((b"\tTEMAS\n", False), (b"x" * (LARGEST + 2**17), True)):
        writer = Thread(target=_pour, args=(pipe, data), daemon=True)
        writer.start()
        if refused:
            with pytest.raises(SourceError, match="larger than"):
                read_source(pipe)
        else:
            assert read_source(pipe).text == data.decode()
        writer.join(10)


def _pour(pipe: Path, data: bytes) -> None:
    with suppress(BrokenPipeError), pipe.open("wb", buffering=0) as out:
        out.write(data)


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(SourceError, match=rf"has 50,001 lines; a plan may have {MOST_LINES:,}"):
        read_plan_text(Source("a\n" * (MOST_LINES + 1)), "plan")


@pytest.mark.parametrize("end", ["", "\t", " ", "\u00a0"])
def test_a_last_line_without_an_end_may_be_cut_off(end: str, tmp_path: Path) -> None:
    (file := tmp_path / "plan.txt").write_text(HEADINGS + "\tTema" + "\n\t" * 4 + "Uno" + end, encoding="utf-8")
    with pytest.raises(SourceError, match=r"plan\.txt, line 10, column \d: the last line has no line end"):
        read_plan(file)
    with pytest.raises(SourceError, match="has no line end"), file.open("rb") as stream:
        read_plan_stream(stream, Path("standard input"), "plan")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n ", "\n\u00a0", "\n \n"])
def test_a_last_line_with_an_end_is_whole(end: str, tmp_path: Path) -> None:
    (file := tmp_path / "plan.txt").write_text(HEADINGS + "\tTema" + "\n\t" * 4 + "Uno" + end, encoding="utf-8")
    assert read_plan(file).source.text


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(tmp_path)


@given(st.text(alphabet=st.sampled_from("a\t\n\r .1é\u00a0"), max_size=60), st.data())
def test_places_count_lines_and_columns_as_editors_do(text: str, data: st.DataObject) -> None:
    source = Source(text)
    offset = data.draw(st.integers(0, len(text)))
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    place = source.place(offset)
    assert (place.line, place.column) == (len(lines), len(lines[-1]) + 1)


@given(st.text(alphabet=st.sampled_from("ab\t\n\r\u00a0"), max_size=60))
def test_lines_share_out_the_text(text: str) -> None:
    lines = Source(text).lines
    kept = [text[start:end] for start, end in lines]
    expected = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert kept == (expected[:-1] if len(expected) > 1 and not expected[-1] else expected)


@given(st.text(alphabet=st.sampled_from("\t\n1234. aNota:é\u00a0\ufeff"), max_size=200))
def test_rubbish_below_good_headings_is_read_whole_or_refused(rubbish: str) -> None:
    source = Source(HEADINGS + rubbish)
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


def test_a_stream_is_read_as_a_file_is(tmp_path: Path) -> None:
    data = "\ufeff\tTEMAS\r\nñ".encode()
    (tmp_path / "plan.txt").write_bytes(data)
    assert read_stream(io.BytesIO(data), tmp_path / "plan.txt") == read_source(tmp_path / "plan.txt")


def test_a_stream_is_refused_by_its_name() -> None:
    for data, says in ((b"x" * (LARGEST + 1), "larger than"), (b"a\xff", "line 1, column 2: byte 0xff")):
        with pytest.raises(SourceError, match=f"^standard input.*{says}"):
            read_stream(io.BytesIO(data), Path("standard input"))
    with pytest.raises(UsageError, match="a plan's id has lower-case letters"):
        read_plan_stream(io.BytesIO(b""), Path("standard input"), "Plan 1")
