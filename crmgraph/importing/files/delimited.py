"""Tables in CSV and TSV."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.lines import lines
from crmgraph.importing.grid import Cell, Grid, spread
from crmgraph.texts import decode

__all__ = ["delimited"]

_ASCII = bytes(range(128))
_NOT_WINDOWS = bytes.fromhex("818d8f909d")
"""What Windows-1252 has no character for."""
_SAID = re.compile(r'"?sep=(?P<delimiter>[^\r\n])"?[^\S\r\n]*(?:\r\n?|\n)', re.IGNORECASE)
"""The line by which Excel is told what parts the cells; it shows it as no row."""
_DELIMITERS = ",;\t|"
_LOOKED_AT = 100


def delimited(data: bytes, file: Path) -> Iterator[Grid]:
    """The one table of a file in CSV or TSV. Raises SourceError where it is none."""
    text, told = _text(data, file)
    said = _SAID.match(text)
    if said:
        text = text[said.end() :]
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
        # A comma within a text that has no quotation marks around it would move all behind it.
        if len(row) > width and any(cell.strip() for cell in row[width:]) and width > 1:
            raise SourceError(
                f"row {number} has {len(row)} cells, the first {width}; look for a missing quotation mark", Place(file)
            )
    grid = spread(file.stem, (), ([Cell(lines(cell)) for cell in row] for row in rows))
    yield replace(grid, told=told)


def _delimiter(text: str, file: Path) -> str:
    """What parts the cells: that by which most of the first rows have the same number of cells, of more than one."""

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            rows = [*islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _LOOKED_AT)]
        except csv.Error:
            return (0, 0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return "\t" if file.suffix.lower() == ".tsv" else max(_DELIMITERS, key=fit)


def _text(data: bytes, file: Path) -> tuple[str, tuple[str, ...]]:
    """The text of the file, and what is told of it: Excel saves CSV in Windows-1252, unless it is asked for UTF-8.

    Raises SourceError where it is neither of them. A text with a damaged byte could be Windows-1252, too; it is UTF-8
    where most of the others are right.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError:
            raise broken(file, "a text in UTF-16") from None
    try:
        return decode(data, SourceError, file), ()
    except SourceError:
        right = len(data.decode("utf-8", "ignore").encode().translate(None, _ASCII))
        if 2 * right > len(data.translate(None, _ASCII)) or data.translate(None, _NOT_WINDOWS) != data:
            raise
    return data.decode("cp1252"), ("read as Windows-1252, for it is not UTF-8; look whether its accents are right",)
