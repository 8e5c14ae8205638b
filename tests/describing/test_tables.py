"""Strict reading of CSV tables: values of cells, files with unknown names; and the IRIs of statements."""

import contextlib
import csv
import hashlib
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import XSD, Literal, URIRef

from crmgraph.describing import describe_background, describe_plan
from crmgraph.describing.tables import Column, Row, check_files, read_table
from crmgraph.describing.vocabulary import date_literal, duration_literal, statement_iri
from crmgraph.errors import InputError, TableError
from crmgraph.files import resource
from crmgraph.reading.languages import tidy
from tests.support.backgrounds import NAMES, made_background, made_plan, write_annotations
from tests.support.phrases import rows_of

ID = Column("id", required=True, pattern="[a-z]+", hint="lower-case letters")
NAME = Column("name", required=True)
ALIASES = Column("aliases", many=True, pattern=r"[^\d]+", hint="words without digits")
COLUMNS = (ID, NAME, ALIASES)
HEADER = "id,name,aliases\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def read(table: Path, text: str | bytes) -> list[Row]:
    table.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_table(table, COLUMNS, key=("id",))


def test_rows_are_read_by_column_name(table: Path) -> None:
    first, second = read(table, f"{HEADER}a,Álvaro|Al,Al|Alva\nb,Bea,\n")
    assert (first["id"], first["name"], first["aliases"]) == ("a", "Álvaro|Al", "Al|Alva")
    # A bar divides only where many values may stand.
    assert [first.values(name) for name in ("name", "aliases")] == [["Álvaro|Al"], ["Al", "Alva"]]
    assert [second.values(name) for name in ("name", "aliases")] == [["Bea"], []]
    error = second.problem("aliases", "nobody has this name")
    assert str(error) == f"{table}, line 3, column 3: aliases: nobody has this name"
    assert isinstance(error, InputError)
    assert read(table, HEADER) == []
    # Rows without a key may repeat.
    table.write_text("name\nhola\nhola\n")
    assert [row["name"] for row in read_table(table, (NAME,))] == ["hola"] * 2
    # Marks of the program that wrote the table do not matter.
    for text in (f"\ufeff{HEADER}a,Ana,\n", "id,name,aliases\r\na,Ana,\r\n", f"{HEADER}a,Ana,"):
        assert [row["name"] for row in read(table, text)] == ["Ana"]


def test_a_wrong_table_is_refused_at_its_first_wrong_cell(table: Path) -> None:
    cases: list[tuple[str | bytes, ...]] = [
        *map(tuple, rows_of("wrong_tables")),
        (f"{HEADER}a,Ana,\nb,\xff,\n".encode("latin-1"), "3", "3", "byte 0xff is not UTF-8"),
        (f"{HEADER}a,{'x' * 200_000},\n", "2", "", "this is not CSV"),
    ]
    for text, line, column, words in cases:
        with pytest.raises(TableError) as caught:
            read(table, text)
        place = caught.value.place
        assert place is not None
        assert (place.file, str(place.line), str(place.column or "")) == (table, line, column), words
        assert str(words) in caught.value.message
    with pytest.raises(TableError, match=r"gone\.csv: cannot be read: No such file"):
        read_table(table.with_name("gone.csv"), COLUMNS)


cells = st.text(st.characters(exclude_categories=("Cs", "Cc"))).map(tidy)


@settings(max_examples=50)
@given(st.lists(st.tuples(cells, cells), max_size=5), st.text(max_size=200))
def test_every_tidy_table_is_read_and_any_text_is_a_table_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], text: str
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([("es", "en"), *rows])
    file = tmp_path_factory.mktemp("tables") / "table.csv"
    file.write_text(written.getvalue(), encoding="utf-8", newline="")
    assert [(row["es"], row["en"]) for row in read_table(file, (Column("es"), Column("en")))] == rows
    file.write_bytes((HEADER + text).encode("utf-8", "replace"))
    with contextlib.suppress(TableError):
        assert all(len(row.cells) == 3 and row["name"] for row in read_table(file, COLUMNS))


def test_dates_and_durations() -> None:
    makers = {"date": date_literal, "duration": duration_literal}
    for kind, text, datatype, says in rows_of("literals"):
        if says:
            with pytest.raises(ValueError, match=says):
                makers[kind](text)
        else:
            literal = makers[kind](text)
            assert (str(literal), literal.datatype, bool(literal.ill_typed)) == (text, XSD[datatype], False)


def test_a_file_that_nobody_reads_is_named_with_the_names_that_are_known(tmp_path: Path) -> None:
    (tmp_path / "topics.csv").touch()
    (tmp_path / ".DS_Store").touch()
    check_files(tmp_path, ("topics", "events"))
    check_files(tmp_path / "nowhere", ("topics",))
    for name in ("topic.csv", "topics.csv.bak", "topics", "Topics.csv", "old/"):
        file = tmp_path / name
        if file.exists():
            continue  # a disk that does not tell capitals from small letters
        file.mkdir() if name.endswith("/") else file.touch()
        with pytest.raises(TableError) as caught:
            check_files(tmp_path, ("topics", "events"))
        assert str(caught.value).startswith(f"{file}: nobody reads a file of this name here")
        assert "events.csv, topics.csv" in str(caught.value)
        file.rmdir() if name.endswith("/") else file.unlink()


def test_a_typo_in_the_name_of_a_table_stops_the_build(tmp_path: Path) -> None:
    background = made_background(tmp_path)
    file = write_annotations(background, "participation", "element,agent,role,confidence,quote,occurrence,annotator\n")
    with pytest.raises(TableError) as caught:
        describe_plan(made_plan(("Tema", "1. Uno", "", "", "")), background)
    assert str(file) in str(caught.value)
    for table in [*background.mappings, "translations"]:
        assert f"{table}.csv" in str(caught.value)
    data = Path(shutil.copytree(resource("data"), tmp_path / "data"))
    for name, known in (("annotations/annotators.csv", "reference/annotators.csv"),
                        ("reference/state.csv", "reference/states.csv")):  # fmt: skip
        shutil.copy(data / known, data / name)
        with pytest.raises(TableError) as caught:
            describe_background(resource("ontology"), data, NAMES)
        assert str(data / name) in str(caught.value)
        (data / name).unlink()


SUBJECT, PROPERTY, VALUE, GROUND = (URIRef(f"https://example.org/{name}") for name in "spog")


def test_the_name_of_a_statement_is_a_digest_of_it_in_n_triples() -> None:
    for value, written in (
        (VALUE, "<https://example.org/o>"),
        (Literal("año", "es"), '"año"@es'),
        (Literal("a"), '"a"'),
        (Literal("a", datatype=XSD.string), '"a"'),
        (Literal("2010", datatype=XSD.gYear), '"2010"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        (Literal('él dijo: "no"\n\\ y\r', "es"), '"él dijo: \\"no\\"\\n\\\\ y\\r"@es'),
    ):
        said = f"<https://example.org/s> <https://example.org/p> {written} <https://example.org/g>"
        digest = hashlib.sha256(said.encode()).hexdigest()[:12]
        name = f"https://w3id.org/crmgraph/id/statement/{digest}"
        assert str(statement_iri(NAMES, SUBJECT, PROPERTY, value, GROUND)) == name
