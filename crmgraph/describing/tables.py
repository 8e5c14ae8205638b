"""Curated tables: CSV files read strictly, so that every wrong cell is named by file, line and column."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from crmgraph.errors import Place, TableError
from crmgraph.reading.folding import tidy
from crmgraph.texts import read_text

__all__ = ["Column", "Row", "check_files", "read_cell", "read_table"]

_SEPARATOR = "|"
Value = TypeVar("Value")


@dataclass(frozen=True)
class Column:
    """The name of a column and what its cells may hold.

    A `required` cell is not empty. A cell of `many` values has | between them. Each value fits `pattern` (a regular
    expression for the whole value), which `hint` explains to people.
    """

    name: str
    required: bool = False
    many: bool = False
    pattern: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table: `row["name"]` is a cell. `line`, from 1, is where the row begins in the file."""

    file: Path
    line: int
    columns: tuple[Column, ...]
    cells: tuple[str, ...]

    def __getitem__(self, name: str) -> str:
        """Return the cell in the column of that name; an empty string where the cell is empty."""
        return self.cells[self._index(name)]

    def __contains__(self, name: str) -> bool:
        """Tell whether the table has a column of that name."""
        return any(column.name == name for column in self.columns)

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values in a cell: several where its column may hold many, none where it is empty."""
        cell = self[name]
        if not cell:
            return ()
        return tuple(cell.split(_SEPARATOR)) if self.columns[self._index(name)].many else (cell,)

    def check(self, column: Column) -> None:
        """Check the cell that has the name of a column. Raises TableError for a value that may not be in it."""
        if column.required and not self[column.name]:
            raise self.problem(column.name, "the cell is empty and must not be")
        for value in self.values(column.name):
            if not value:
                raise self.problem(column.name, f"a value is empty; take away the {_SEPARATOR} beside it")
            if value != tidy(value):
                raise self.problem(
                    column.name,
                    f'"{value}" has blank space to spare or decomposed accents; write "{tidy(value)}"',
                )
            if column.pattern and not re.fullmatch(column.pattern, value):
                raise self.problem(column.name, f'"{value}" is not {column.hint}')

    def problem(self, name: str, message: str) -> TableError:
        """Return the error to raise about a cell; its place counts the cells of the row from 1."""
        return TableError(f"{name}: {message}", Place(self.file, self.line, self._index(name) + 1))

    def _index(self, name: str) -> int:
        return next(index for index, column in enumerate(self.columns) if column.name == name)


def read_table(
    file: Path, columns: Sequence[Column | str], key: Sequence[str] = (), delimiter: str = ",", skip: int = 0
) -> tuple[Row, ...]:
    """Return the rows of a CSV file (RFC 4180, UTF-8, a header) that has exactly these columns in this order.

    A column given by its name alone may hold anything or nothing. `skip` is the number of lines before the header.
    Values are NFC, with single spaces inside and none at the ends. No two rows have the same values in the columns of
    `key`. Raises TableError with file, line and column (the cell's place in its row, from 1) for the first problem.
    """
    wanted = tuple(Column(column) if isinstance(column, str) else column for column in columns)
    rows = tuple(_rows(file, wanted, delimiter, skip))
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        for column in wanted:
            row.check(column)
        identity = tuple(row[name] for name in key)
        if key and identity in seen:
            raise row.problem(key[0], f"{', '.join(identity)} is already in line {seen[identity]}; keep one of the two")
        seen[identity] = row.line
    return rows


def read_cell(row: Row, column: str, reader: Callable[[str], Value]) -> Value:
    """Return what `reader` makes of a cell. Raises TableError where it raises ValueError."""
    try:
        return reader(row[column])
    except ValueError as error:
        raise row.problem(column, str(error)) from None


def check_files(folder: Path, tables: Iterable[str], beside: Collection[str] = ()) -> None:
    """Check that a folder holds no files but `<name>.csv` of the tables, those `beside` them, and hidden ones.

    Raises TableError for the first other file, whose name may be a typo. A folder that is not there holds none.
    """
    known = sorted(f"{name}.csv" for name in tables)
    renamed = f"rename it to one of {', '.join(known)}, or " if known else ""
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.name not in (*known, *beside) and not file.name.startswith("."):
            raise TableError(f"nobody reads a file of this name here; {renamed}take it away", Place(file))


def _rows(file: Path, columns: tuple[Column, ...], delimiter: str, skip: int) -> Iterator[Row]:
    names = [column.name for column in columns]
    records = _records(file, delimiter, skip)
    line, header = next(records, (0, []))
    if not line:
        raise TableError(
            f"the table is empty; begin it with the header {delimiter.join(names)}", Place(file, 1 + skip, 1)
        )
    _check_header(Place(file, line), header, names)
    for line, cells in records:
        if len(cells) != len(names):
            raise TableError(
                f"the row has {len(cells)} cells, the header {len(names)}; look for a missing comma or quotation mark",
                Place(file, line, min(len(cells), len(names)) + 1),
            )
        yield Row(file, line, columns, tuple(cells))


def _records(file: Path, delimiter: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where each record begins, and its cells."""
    lines = io.StringIO(read_text(file, TableError), newline="")
    for _ in range(skip):
        lines.readline()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begin = 1 + skip
    try:
        for cells in reader:
            yield begin, cells
            begin = skip + reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"this is not CSV: {error}; look at the quotation marks", Place(file, begin)) from None


def _check_header(place: Place, header: list[str], names: list[str]) -> None:
    for index, name in enumerate(names):
        found = header[index] if index < len(header) else "nothing"
        if found != name:
            raise TableError(f"the header has {found} where {name} belongs", replace(place, column=index + 1))
    if len(header) > len(names):
        raise TableError(
            f"there is no column {header[len(names)]} in this table", replace(place, column=len(names) + 1)
        )
