"""The sheets of an Excel workbook, as far as they are shown."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmgraph.errors import Place, SourceError
from crmgraph.importing.files.archive import open_archive
from crmgraph.importing.files.damage import broken
from crmgraph.importing.files.lines import lines
from crmgraph.importing.files.omissions import STRUCK, TAKEN_OUT, Omissions
from crmgraph.importing.files.raised import raised
from crmgraph.importing.files.shown import shown
from crmgraph.importing.grid import MOST_CELLS, Grid, Spot

__all__ = ["workbook"]


def workbook(data: bytes, file: Path) -> Iterator[Grid]:
    """The sheets of the workbook. Raises SourceError where it is none."""
    import openpyxl

    open_archive(data, file)
    try:
        results = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data))
    except Exception:  # it raises what it likes on broken files
        raise broken(file, "an Excel workbook (.xlsx)") from None
    hidden = tuple(
        f"the hidden sheet “{sheet.title}”" for sheet in results.worksheets if sheet.sheet_state != "visible"
    )
    for sheet in results.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            raise SourceError(f"the sheet {sheet.title} has more than {MOST_CELLS:,} cells", Place(file))
        yield _grid(sheet, hidden, dict(_without_result(formulas[sheet.title], sheet)))


def _without_result(written: Any, results: Any) -> Iterator[tuple[Spot, str]]:
    """The cells with a formula and no result, and what is said of each; a result may be a text without a letter."""
    for row in written.iter_rows():
        for cell in row:
            result = results[cell.coordinate]
            if cell.data_type == "f" and result.value is None and result.data_type != "str":
                yield (
                    (cell.row - 1, cell.column - 1),
                    f"cell {cell.coordinate} of the sheet {results.title} has a formula and no result; open the "
                    "file in a spreadsheet program and save it there",
                )


def _grid(sheet: Any, hidden_sheets: tuple[str, ...], unread: dict[Spot, str]) -> Grid:
    """The table of the rows and columns of a sheet that are shown."""
    omissions = Omissions()
    texts = [[lines(_said(cell, omissions)) for cell in row] for row in sheet.iter_rows()]
    rows = [row for row in range(len(texts)) if not _is_hidden(sheet.row_dimensions.get(row + 1), "height")]
    away = {
        column - 1
        for each in sheet.column_dimensions.values()
        if _is_hidden(each, "width")
        for column in range(each.min, each.max + 1)
    }
    columns = [column for column in range(sheet.max_column) if column not in away]
    spans = _spans(sheet, texts, unread, rows, columns)
    for row in sorted(set(range(len(texts))) - set(rows)):
        omissions.add("hidden row", " ".join(texts[row]).replace(TAKEN_OUT, ""))
    for column in sorted(away):
        # Its heading, or what else says first what is in it.
        said = (row[column].replace(TAKEN_OUT, "") for row in texts if column < len(row))
        omissions.add("hidden column", next(filter(str.strip, said), ""))
    table = tuple(tuple(texts[row][column] for column in columns) for row in rows)
    shown = {
        (place, column): unread[row, at]
        for place, row in enumerate(rows)
        for column, at in enumerate(columns)
        if (row, at) in unread
    }
    numbers = tuple(row + 1 for row in rows)
    return Grid(sheet.title, (), table, (*omissions.told(), *hidden_sheets), spans, unread=shown, numbers=numbers)


def _is_hidden(dimension: Any, size: str) -> bool:
    return dimension is not None and (dimension.hidden or getattr(dimension, size) == 0)


def _spans(
    sheet: Any, texts: list[list[str]], unread: dict[Spot, str], rows: list[int], columns: list[int]
) -> dict[Spot, Spot]:
    """Where cells of what is shown are merged; their text, or that it cannot be read, goes to the first of them."""
    spans = {}
    places = {row: place for place, row in enumerate(rows)}, {column: place for place, column in enumerate(columns)}
    for area in sheet.merged_cells.ranges:
        within = [
            (row - 1, column - 1)
            for row in range(area.min_row, min(area.max_row, len(texts)) + 1)
            for column in range(area.min_col, min(area.max_col, sheet.max_column) + 1)
            if row - 1 in places[0] and column - 1 in places[1]
        ]
        if within:
            first = within[0]
            own = (area.min_row - 1, area.min_col - 1)
            texts[first[0]][first[1]] = texts[own[0]][own[1]]
            if own in unread:
                unread[first] = unread[own]
            spots = [(places[0][row], places[1][column]) for row, column in within]
            spans.update(dict.fromkeys(spots[1:], spots[0]))
    return spans


def _said(cell: Any, omissions: Omissions) -> str:
    """What a cell shows, with raised digits as such, and without what is struck through."""
    from openpyxl.cell.rich_text import CellRichText

    if cell.comment is not None:
        omissions.add("comment", cell.comment.text)
    if cell.value is None:
        return ""
    if cell.font.strike:
        omissions.add(STRUCK, str(cell.value))
        return TAKEN_OUT
    if not isinstance(cell.value, CellRichText):
        return shown(cell.value, cell.number_format)
    struck = "".join(each.text for each in cell.value if _is_block(each) and each.font.strike)
    omissions.add(STRUCK, struck)
    return (TAKEN_OUT if struck else "") + "".join(
        str(each) if not _is_block(each) else raised(each.text) if each.font.vertAlign == "superscript" else each.text
        for each in cell.value
        if not (_is_block(each) and each.font.strike)
    )


def _is_block(part: Any) -> bool:
    """Whether a part of a rich text has a font of its own."""
    from openpyxl.cell.rich_text import TextBlock

    return isinstance(part, TextBlock)
