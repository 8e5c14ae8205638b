import contextlib
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmgraph.describing.tables import Column, Row, read_table
from crmgraph.errors import InputError, TableError
from crmgraph.reading.folding import tidy

ID = Column("id", required=True, pattern="[a-z]+", hint="lower-case letters")
NAME = Column("name", required=True)
ALIASES = Column("aliases", many=True, pattern=r"[^\d]+", hint="words without digits")
COLUMNS = (ID, NAME, ALIASES)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def read(table: Path, text: str | bytes) -> tuple[Row, ...]:
    table.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_table(table, COLUMNS, key=("id",))


def refused(table: Path, text: str | bytes) -> tuple[int | None, int | None, str]:
    with pytest.raises(TableError) as caught:
        read(table, text)
    place = caught.value.place
    assert place is not None
    assert place.file == table
    assert str(caught.value).startswith(str(table))
    return place.line, place.column, caught.value.message


def test_rows_are_read_by_column_name(table: Path) -> None:
    first, second = read(table, "id,name,aliases\na,Álvaro,Al|Alva\nb,Bea,\n")
    assert (first["id"], first["name"], first["aliases"]) == ("a", "Álvaro", "Al|Alva")
    assert first.values("aliases") == ("Al", "Alva")
    assert second.values("aliases") == ()
    assert second.values("name") == ("Bea",)


def test_a_bar_divides_only_where_many_values_may_stand(table: Path) -> None:
    (row,) = read(table, "id,name,aliases\na,this|that,x|y\n")
    assert row.values("name") == ("this|that",)


def test_a_row_knows_its_columns(table: Path) -> None:
    (row,) = read(table, "id,name,aliases\na,Ana,\n")
    assert "name" in row
    assert "surname" not in row


def test_columns_may_be_given_by_name_alone(table: Path) -> None:
    table.write_text("es,en\nhola,\n")
    (row,) = read_table(table, ("es", "en"))
    assert (row["es"], row["en"]) == ("hola", "")


def test_a_row_says_where_it_begins_even_below_a_cell_with_line_breaks(table: Path) -> None:
    table.write_text('es,en\n"a","b"\n\u0020c,d\n')
    with pytest.raises(TableError) as caught:
        read_table(table, ("es", "en"))
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.column) == (3, 1)


@pytest.mark.parametrize(
    "text", ["\ufeffid,name,aliases\na,Ana,\n", "id,name,aliases\r\na,Ana,\r\n", "id,name,aliases\na,Ana,"]
)
def test_marks_of_the_program_that_wrote_the_table_do_not_matter(table: Path, text: str) -> None:
    assert [row["name"] for row in read(table, text)] == ["Ana"]


def test_a_table_with_no_rows_is_empty(table: Path) -> None:
    assert read(table, "id,name,aliases\n") == ()


def test_a_problem_with_a_cell_names_its_place(table: Path) -> None:
    (row,) = read(table, "id,name,aliases\na,Ana,\n")
    error = row.problem("aliases", "nobody has this name")
    assert str(error) == f"{table}, line 2, column 3: aliases: nobody has this name"
    assert isinstance(error, InputError)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "the table is empty; begin it with the header id,name,aliases"),
        ("id,nombre,aliases\n", 1, 2, "the header has nombre where name belongs"),
        ("id,name\n", 1, 3, "the header has nothing where aliases belongs"),
        ("id,name,aliases,age\n", 1, 4, "there is no column age"),
        ("name,id,aliases\n", 1, 1, "the header has name where id belongs"),
        ("id,name,aliases\na,Ana\n", 2, 3, "2 cells, the header 3"),
        ("id,name,aliases\na,Ana,x,y\n", 2, 4, "4 cells, the header 3"),
        ("id,name,aliases\n\na,Ana,\n", 2, 1, "0 cells"),
        ("id,name,aliases\na,,\n", 2, 2, "the cell is empty"),
        ("id,name,aliases\nA1,Ana,\n", 2, 1, '"A1" is not lower-case letters'),
        ("id,name,aliases\na,Ana,x|y1\n", 2, 3, '"y1" is not words without digits'),
        ("id,name,aliases\na,Ana,x|\n", 2, 3, "a value is empty"),
        ("id,name,aliases\na, Ana,\n", 2, 2, 'write "Ana"'),
        ("id,name,aliases\na,Ana  María,\n", 2, 2, 'write "Ana María"'),
        ("id,name,aliases\na,A\u0301lvaro,\n", 2, 2, 'write "Álvaro"'),
        ("id,name,aliases\na,Ana\u2028María,\n", 2, 2, 'write "Ana María"'),
        ('id,name,aliases\nb,Bea,\n\na,"Ana,\n', 3, 1, "0 cells"),
        ('id,name,aliases\na,"Ana"b,\n', 2, None, "this is not CSV"),
        ('id,name,aliases\na,"Ana,\n', 2, None, "this is not CSV"),
        ("id,name,aliases\na,Ana,\nb,Bea,\na,Abel,\n", 4, 1, "a is already in line 2"),
        (b"id,name,aliases\na,Ana,\nb,\xff,\n", 3, 3, "byte 0xff is not UTF-8"),
        ("id,name,aliases\na," + "x" * 200_000 + ",\n", 2, None, "this is not CSV"),
    ],
)
def test_a_wrong_table_is_refused_at_its_first_wrong_cell(
    table: Path, text: str | bytes, line: int, column: int | None, words: str
) -> None:
    at_line, at_column, message = refused(table, text)
    assert (at_line, at_column) == (line, column)
    assert words in message


def test_a_missing_table_is_refused(table: Path) -> None:
    with pytest.raises(TableError, match=r"table\.csv: cannot be read: No such file"):
        read_table(table, COLUMNS)


def test_without_a_key_rows_may_repeat(table: Path) -> None:
    table.write_text("id,name,aliases\na,Ana,\na,Ana,\n")
    assert len(read_table(table, COLUMNS)) == 2


cells = st.text(st.characters(exclude_categories=("Cs", "Cc"))).map(tidy)


@given(st.lists(st.tuples(cells, cells), max_size=5))
def test_every_tidy_table_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([("es", "en"), *rows])
    file = tmp_path_factory.mktemp("tables") / "table.csv"
    file.write_text(written.getvalue(), encoding="utf-8", newline="")
    assert [row.cells for row in read_table(file, ("es", "en"))] == rows


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_a_table_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("tables") / "table.csv"
    file.write_bytes(("id,name,aliases\n" + text).encode("utf-8", "replace"))
    with contextlib.suppress(TableError):
        assert all(len(row.cells) == 3 and row["name"] for row in read_table(file, COLUMNS))
