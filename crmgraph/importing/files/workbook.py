"""The sheets of an Excel workbook."""

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from crmgraph.errors import Place, SourceError
from crmgraph.importing.files.archive import open_archive
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.limits import MOST_CELLS
from crmgraph.importing.files.lines import lines
from crmgraph.importing.grid import Cell, Grid, spread

__all__ = ["workbook"]


def workbook(data: bytes, file: Path) -> Iterator[Grid]:
    """The sheets of the workbook. Raises SourceError where it is none, or a formula has no result."""
    import openpyxl

    open_archive(data, file)
    try:
        shown, written = (openpyxl.load_workbook(io.BytesIO(data), data_only=is_shown) for is_shown in (True, False))
    except Exception:  # it raises what it likes on broken files
        raise broken(file, "an Excel workbook (.xlsx)") from None
    for sheet in shown.worksheets:
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise SourceError(f"the sheet {sheet.title} has more than {MOST_CELLS:,} cells", Place(file))
        for row in written[sheet.title].iter_rows():
            for cell in row:
                if cell.data_type == "f" and sheet[cell.coordinate].value is None:
                    raise SourceError(
                        f"cell {cell.coordinate} of the sheet {sheet.title} has a formula and no result; open the "
                        "file in a spreadsheet program and save it there",
                        Place(file),
                    )
        rows = ([Cell(lines(_said(cell.value))) for cell in row] for row in sheet.iter_rows())
        yield spread(sheet.title, (), rows)


def _said(value: Any) -> str:
    if value is None:
        return ""
    # As the sheet shows them: a day without a time, and a number that is whole.
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
