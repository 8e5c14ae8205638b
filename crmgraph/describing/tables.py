"""Curated tables: CSV files read strictly, so that every wrong cell is named by file, line and column."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crmgraph.errors import Place, TableError
from crmgraph.reading.folding import tidy
from crmgraph.texts import read_text

__all__ = ["Column", "Row", "read_table"]

_SEPARATOR = "|"


@dataclass(frozen=True)
class Column:
    """What a column may hold.

    A `required` cell is not empty; a cell or, where there are `many` with | between them, each value in it fits
    `pattern` (a regular expression for the whole value), which `hint` explains to people.
    """

    name: str
    required: bool = False
    many: bool = False
    pattern: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """One row: `row["name"]` is a cell. `line` counts from 1 and is where the row begins."""

    file: Path
    line: int
    columns: tuple[Column, ...]
    cells: tuple[str, ...]

    def __getitem__(self, name: str) -> str:
        """The cell in the column of that name, empty where there is nothing in it."""
        return self.cells[self._index(name)]

    def __contains__(self, name: str) -> bool:
        """Whether the table has a column of that name."""
        return any(column.name == name for column in self.columns)

    def values(self, name: str) -> tuple[str, ...]:
        """What stands in a cell: the values of one that may hold many, else the one value; none where it is empty."""
        index = self._index(name)
        cell = self.cells[index]
        if not cell:
            return ()
        return tuple(cell.split(_SEPARATOR)) if self.columns[index].many else (cell,)

    def problem(self, name: str, message: str) -> TableError:
        """The error to raise about a cell; its column counts the cells of the row from 1."""
        return TableError(f"{name}: {message}", Place(self.file, self.line, self._index(name) + 1))

    def _index(self, name: str) -> int:
        return next(index for index, column in enumerate(self.columns) if column.name == name)


def read_table(
    file: Path, columns: Sequence[Column | str], key: Sequence[str] = (), delimiter: str = ",", skip: int = 0
) -> tuple[Row, ...]:
    """The rows of a CSV file (RFC 4180, UTF-8, a header) that has exactly these columns in this order.

    A column may be given by its name alone: then anything may stand in it, or nothing. There may be another
    `delimiter`, and as many lines to `skip` before the header.
    Values are NFC, with single spaces inside and none at the ends. No two rows may have the same values in the columns
    of `key`. Raises TableError with file, line and column (the cell's place in its row, from 1) for the first problem.
    """
    wanted = tuple(Column(column) if isinstance(column, str) else column for column in columns)
    rows = tuple(_rows(file, wanted, delimiter, skip))
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        _check(row)
        identity = tuple(row[name] for name in key)
        if key and identity in seen:
            raise row.problem(key[0], f"{', '.join(identity)} is already in line {seen[identity]}; keep one of the two")
        seen[identity] = row.line
    return rows


def _rows(file: Path, columns: tuple[Column, ...], delimiter: str, skip: int) -> Iterator[Row]:
    names = [column.name for column in columns]
    header = None
    for line, cells in _records(file, delimiter, skip):
        if header is None:
            header = cells
            _check_header(Place(file, line), header, names)
        elif len(cells) != len(names):
            raise TableError(
                f"the row has {len(cells)} cells, the header {len(names)}; look for a missing comma or quotation mark",
                Place(file, line, min(len(cells), len(names)) + 1),
            )
        else:
            yield Row(file, line, columns, tuple(cells))
    if header is None:
        raise TableError(
            f"the table is empty; begin it with the header {delimiter.join(names)}", Place(file, 1 + skip, 1)
        )


def _records(file: Path, delimiter: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """The line where each record begins, and its cells."""
    lines = io.StringIO(read_text(file, TableError), newline="")
    for _ in range(skip):
        lines.readline()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begin = 1 + skip
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(f"this is not CSV: {error}; look at the quotation marks", Place(file, begin)) from None
        yield begin, cells
        begin = skip + reader.line_num + 1


def _check_header(place: Place, header: list[str], names: list[str]) -> None:
    for index, name in enumerate(names):
        found = header[index] if index < len(header) else "nothing"
        if found != name:
            raise TableError(f"the header has {found} where {name} belongs", replace(place, column=index + 1))
    if len(header) > len(names):
        raise TableError(
            f"there is no column {header[len(names)]} in this table", replace(place, column=len(names) + 1)
        )


def _check(row: Row) -> None:
    for column, cell in zip(row.columns, row.cells, strict=True):
        if column.required and not cell:
            raise row.problem(column.name, "the cell is empty and must not be")
        for value in row.values(column.name):
            if not value:
                raise row.problem(column.name, f"a value is empty; take away the {_SEPARATOR} beside it")
            if value != tidy(value):
                raise row.problem(
                    column.name,
                    f'"{value}" has blank space to spare or decomposed accents; write "{tidy(value)}"',
                )
            if column.pattern and not re.fullmatch(column.pattern, value):
                raise row.problem(column.name, f'"{value}" is not {column.hint}')
