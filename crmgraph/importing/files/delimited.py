"""Tables in CSV and TSV."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.files.lines import lines
from crmgraph.importing.grid import Cell, Grid, spread
from crmgraph.texts import decode

__all__ = ["delimited"]


def delimited(data: bytes, file: Path) -> Iterator[Grid]:
    """The one table of a file in CSV or TSV. Raises SourceError where it is none."""
    text = decode(data, SourceError, file)
    delimiter = "\t" if file.suffix.lower() == ".tsv" else max(",;", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SourceError(f"this is not CSV: {error}; look at the quotation marks", Place(file)) from None
    width = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, 1):
        # A comma within a text that has no quotation marks around it would move all behind it.
        if len(row) > width and any(cell.strip() for cell in row[width:]) and width > 1:
            raise SourceError(
                f"row {number} has {len(row)} cells, the first {width}; look for a missing quotation mark", Place(file)
            )
    yield spread(file.stem, (), ([Cell(lines(cell)) for cell in row] for row in rows))
