"""A table as it stands in a file: what is before it, and its cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Cell", "Grid", "spread"]


@dataclass(frozen=True)
class Grid:
    """A table. `name` is what the file calls it, `before` the lines between the table before it and itself.

    `left` says in words what of the file is not in it, though a reader might look for it there.

    The text of a cell has its lines with a line feed between them. All rows have the same number of cells; a cell that
    spans several has its text in the first of them, and nothing in the others.
    """

    name: str
    before: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[str, ...] = ()


class Cell(NamedTuple):
    """A cell as it is written: its text, and over how many columns and rows it goes."""

    text: str
    columns: int = 1
    rows: int = 1


def spread(name: str, before: Sequence[str], rows: Iterable[Iterable[Cell]]) -> Grid:
    """The table of rows that leave out the cells into which one from the left or from above spans."""
    found: list[list[str]] = []
    # Into how many more rows a cell of each column goes on.
    open_rows: dict[int, int] = {}
    for row in rows:
        cells: list[str] = []

        def pass_over(cells: list[str] = cells) -> None:
            while open_rows.get(len(cells), 0):
                open_rows[len(cells)] -= 1
                cells.append("")

        for cell in row:
            pass_over()
            for column in range(max(cell.columns, 1)):
                open_rows[len(cells)] = max(cell.rows, 1) - 1
                cells.append("" if column else cell.text)
        pass_over()
        found.append(cells)
    width = max((len(row) for row in found), default=0)
    return Grid(name, tuple(before), tuple(tuple(row) + ("",) * (width - len(row)) for row in found))
