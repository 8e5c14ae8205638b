"""Readers of CSV, TSV and Excel workbooks."""

import codecs
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from crmgraph.errors import Place, SourceError
from crmgraph.files import decode
from crmgraph.importing.cells import (
    MOST_CELLS,
    RAISED,
    REMOVAL_MARK,
    STRUCK,
    Cell,
    Grid,
    Omissions,
    Position,
    Run,
    expand_merged_cells,
    normalize_lines,
)  # fmt: skip
from crmgraph.importing.containers import damaged_error, open_archive

_ASCII = bytes(range(128))
_NOT_WINDOWS = bytes.fromhex("818d8f909d")
"""The bytes that are undefined in Windows-1252."""
_SEPARATOR = re.compile(r'"?sep=(?P<delimiter>[^\r\n])"?[^\S\r\n]*(?:\r\n?|\n)', re.IGNORECASE)
"""The first line by which a file can tell Excel its delimiter: "sep=;". It is not a row of the table."""
_DELIMITERS = ",;\t|"
_LOOKED_AT = 100


def read_delimited(data: bytes, file: Path) -> Iterator[Grid]:
    """Yield the one table of a CSV or TSV file. Raises SourceError if it is malformed."""
    text, assumptions = _decode_text(data, file)
    said = _SEPARATOR.match(text)
    text = text[said.end() :] if said else text
    delimiter = said["delimiter"] if said else _delimiter(text, file)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = above = 1 if said else 0
    try:
        for row in reader:
            rows.append(row)
            line = above + reader.line_num
    except csv.Error as error:
        raise SourceError(
            f"this is not CSV: {error}; look at the quotation marks of the row that begins here", Place(file, line + 1)
        ) from None
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, 1):
        # An unquoted comma in a text would shift all later cells.
        if width > 1 and any(cell.strip() for cell in row[width:]):
            raise SourceError(
                f"row {number} has {len(row)} cells, the first {width}; look for a missing quotation mark", Place(file)
            )
    grid = expand_merged_cells(file.stem, ([Cell(normalize_lines(cell)) for cell in row] for row in rows))
    yield replace(grid, assumptions=assumptions)


def _delimiter(text: str, file: Path) -> str:
    """Return the delimiter: the one by which most of the first rows have the same number of cells, at least two."""

    def uniformity(delimiter: str) -> tuple[int, int]:
        try:
            rows = [*islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _LOOKED_AT)]
        except csv.Error:
            return (0, 0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return "\t" if file.suffix.lower() == ".tsv" else max(_DELIMITERS, key=uniformity)


def _decode_text(data: bytes, file: Path) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and the assumptions made about its encoding.

    The encoding is UTF-8, UTF-16 with a byte order mark, or Windows-1252, the default of Excel. Text that is mostly
    valid UTF-8 is UTF-8 with damaged bytes. Raises SourceError if the text is in none of these encodings.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError:
            raise damaged_error(file, "a text in UTF-16") from None
    try:
        return decode(data, SourceError, file), ()
    except SourceError:
        right = len(data.decode("utf-8", "ignore").encode().translate(None, _ASCII))
        if 2 * right > len(data.translate(None, _ASCII)) or data.translate(None, _NOT_WINDOWS) != data:
            raise
    return data.decode("cp1252"), ("read as Windows-1252, for it is not UTF-8; look whether its accents are right",)


def read_workbook(data: bytes, file: Path) -> Iterator[Grid]:
    """Yield the visible sheets of an Excel workbook. Raises exceptions of openpyxl if it is damaged."""
    import openpyxl

    open_archive(data, file)
    results = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    hidden = [each for each in results.worksheets if each.sheet_state != "visible"]
    for sheet in (each for each in results.worksheets if each not in hidden):
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise SourceError(f"the sheet {sheet.title} has more than {MOST_CELLS:,} cells", Place(file))
        yield _sheet_grid(sheet, formulas[sheet.title], [f"the hidden sheet “{each.title}”" for each in hidden])


def _sheet_grid(sheet: Any, written: Any, hidden_sheets: Sequence[str]) -> Grid:
    """Return the visible rows and columns of a sheet.

    Args:
        sheet: The sheet with the results of formulas.
        written: The sheet with the formulas.
        hidden_sheets: Phrases about the hidden sheets, for the omissions.
    """
    omissions = Omissions()
    texts = [[normalize_lines(_cell_text(cell, omissions)) for cell in row] for row in sheet.iter_rows()]
    formulas = (cell for row in written.iter_rows() for cell in row if cell.data_type == "f")
    unread = {
        (cell.row - 1, cell.column - 1): f"cell {cell.coordinate} of the sheet {sheet.title} has a formula and no "
        "result; open the file in a spreadsheet program and save it there"
        for cell, result in ((each, sheet[each.coordinate]) for each in formulas)
        # The result of a formula may be an empty text.
        if result.value is None and result.data_type != "str"
    }
    rows_away = {number - 1 for number, each in sheet.row_dimensions.items() if each.hidden or each.height == 0}
    dimensions = [each for each in sheet.column_dimensions.values() if each.hidden or each.width == 0]
    away = {column - 1 for each in dimensions for column in range(each.min, each.max + 1)}
    rows = [row for row in range(len(texts)) if row not in rows_away]
    columns = [column for column in range(sheet.max_column) if column not in away]
    shown_at = {(row, column): (at, place) for at, row in enumerate(rows) for place, column in enumerate(columns)}
    spans: dict[Position, Position] = {}
    for area in sheet.merged_cells.ranges:
        own, *others = ((row - 1, column - 1) for row, column in area.cells)
        # The text of a merged cell that begins in a hidden row is shown in its first visible cell.
        first = next((position for position in (own, *others) if position in shown_at), own)
        texts[first[0]][first[1]] = texts[own[0]][own[1]]
        unread |= {first: unread[own]} if own in unread else {}
        spans |= {position: first for position in others if position in shown_at and position != first}
    for row in sorted(rows_away.intersection(range(len(texts)))):
        omissions.add("hidden row", " ".join(texts[row]).replace(REMOVAL_MARK, ""))
    for column in sorted(away):
        # The first text in the column, usually its heading.
        said = (row[column].replace(REMOVAL_MARK, "") for row in texts if column < len(row))
        omissions.add("hidden column", next(filter(str.strip, said), ""))
    table = tuple(tuple(texts[row][column] for column in columns) for row in rows)
    left = (*omissions.take_summaries(), *hidden_sheets)
    numbers = tuple(row + 1 for row in rows)
    return Grid(sheet.title, (), table, left, spans, unreadable=unread, row_numbers=numbers).with_moved_cells(
        shown_at.get
    )


def _cell_text(cell: Any, omissions: Omissions) -> str:
    """Return the displayed text of a cell; comments and struck-through text are added to the omissions."""
    if cell.comment is not None:
        omissions.add("comment", cell.comment.text)
    value = cell.value
    if value is not None and cell.font.strike:
        return omissions.filter_runs([Run(str(value), STRUCK)])
    if not isinstance(value, list):
        return format_value(value, cell.number_format)
    return omissions.filter_runs(
        Run(part)
        if isinstance(part, str)
        else Run(part.text, STRUCK if part.font.strike else RAISED if part.font.vertAlign == "superscript" else "")
        for part in value
    )


# The codes of a number format that do not affect the text: colours and conditions in brackets, and padding.
_CODES = re.compile(r"\[[^\]]*\]|_.|\*.")
_NUMBER = re.compile(
    r"(?P<before>(?:\"[^\"]*\")?)[#,]*0(?:\.(?P<decimals>0{1,100}))?(?P<percent>%?)(?P<after>(?:\"[^\"]*\")?)"
)
_EXACT = Context(prec=700, rounding=ROUND_HALF_UP)
"""A decimal context with enough digits for the largest number with the most decimals that a format may have."""


def format_value(value: Any, number_format: str) -> str:
    """Return the text of a cell value in its number format, as far as this matters for a plan.

    Decimals, per cent signs and literal texts are kept, and dates are in ISO 8601 (2027-06-01). The decimal separator
    is always a point, without thousands separators, since these depend on the locale of the reader. Source: ECMA-376
    Part 1, section 18.8.31 (number formats).
    """
    code = _CODES.sub("", number_format.partition(";")[0])
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return _format_day(value, re.sub(r'"[^"]*"', "", code).lower())
    if isinstance(value, bool):
        return str(value).upper()
    if not isinstance(value, int | float) or not math.isfinite(value):
        return str(value)
    found = _NUMBER.fullmatch(code)
    if found is None:
        return str(int(value)) if float(value).is_integer() else f"{value:.15g}"
    exact = Decimal(repr(value)) * (100 if found["percent"] else 1)
    number = exact.quantize(Decimal(1).scaleb(-len(found["decimals"] or "")), context=_EXACT)
    return f"{found['before']}{number if number else abs(number):f}{found['percent']}{found['after']}".replace('"', "")


def _format_day(value: date | time, code: str) -> str:
    """Return a date in ISO 8601, with the time, or shortened to month or year, if the format shows it so."""
    if isinstance(value, time) or re.search("[hs]", code):
        return str(value).removesuffix(" 00:00:00")
    day = value.strftime("%Y-%m-%d")
    return day if "d" in code or "y" not in code else day[:7] if "m" in code else day[:4]
