"""Cells that say again what stands above them, as tables do on a new page, or in each row."""

from collections.abc import Iterator, Sequence

from crmgraph.importing.columns import COLUMNS
from crmgraph.importing.rows import PlanRow
from crmgraph.reading.folding import key

__all__ = ["said_once", "without_repetitions"]


def said_once(rows: Sequence[PlanRow]) -> Iterator[list[str]]:
    """The cells of rows with the numbers of the file, an objective or action that is said again of the row above once.

    A theme that is said again on a new page stays, for a plan has it so.
    """
    for row, cells in zip(rows, without_repetitions([row.cells for row in rows]), strict=True):
        yield [row.cells[0], *cells[1:]]


def without_repetitions(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """The rows, each cell that says again what stands above it emptied, as long as those to its left do so too."""
    above = [""] * len(COLUMNS)
    for row in rows:
        cells = list(row)
        goes_on = True
        for column in range(3):
            is_same = key(cells[column]) in ("", key(above[column]))
            goes_on = goes_on and is_same
            if goes_on and cells[column].strip():
                cells[column] = ""
            elif not goes_on and not cells[column].strip() and column > 0:
                # Another theme or objective begins: what stands below it belongs to it.
                above[column] = ""
            if cells[column].strip():
                above[column] = cells[column]
        yield cells
