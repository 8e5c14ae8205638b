"""A table as it stands in a file: what is before it, and its cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crmgraph.wording import Bilingual

__all__ = ["MOST_CELLS", "Cell", "Grid", "Spot", "spread"]

MOST_CELLS = 500_000
"""How many cells the tables of a file may have together."""

Spot = tuple[int, int]
"""A row and a column of a table, counted from 0."""


@dataclass(frozen=True)
class Grid:
    """A table. `name` is what the file calls it, `before` the lines between the table before it and itself, `after`
    those that stand below the last of a file. `heading` is which of the lines before it is the heading that it stands
    under, where the file says of one that it is a heading.

    The text of a cell has its lines with a line feed between them. All rows have the same number of cells; a cell that
    spans several has its text in the first of them, and nothing in the others: `spans` has for each of these the first.
    `left` says in words what of the file is not in the table, though a reader might look for it there, and `told` what
    was assumed to read it. Where several are read as one, `further` are the rows with which the others begin, each with
    the name of its table. `unread` says of cells that cannot be read what is wrong with them. `numbers` are those that
    the file gives the rows, where there are others between them. `struck` are the cells of which everything is struck
    through or hidden, and left out.
    """

    name: str
    before: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[str, ...] = ()
    spans: Mapping[Spot, Spot] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    further: Mapping[int, str] = field(default_factory=dict)
    unread: Mapping[Spot, str] = field(default_factory=dict)
    numbers: Sequence[int] = ()
    struck: frozenset[Spot] = frozenset()
    after: tuple[str, ...] = ()
    heading: str = ""

    def called(self, row: int) -> Bilingual:
        """A row, counted from 0, as a person finds it in the file."""
        number = self.numbers[row] if self.numbers else row + 1
        name = ([self.name] + [name for begin, name in self.further.items() if begin <= row])[-1]
        if not name:
            return Bilingual(f"row {number} of the table", f"la fila {number} de la tabla")
        return Bilingual(f"row {number} of the table “{name}”", f"la fila {number} de la tabla «{name}»")


class Cell(NamedTuple):
    """A cell as it is written: its text, and over how many columns and rows it goes.

    `goes_on` where it is only the rest of the cell above it, and written all the same.
    """

    text: str
    columns: int = 1
    rows: int = 1
    goes_on: bool = False


def spread(name: str, before: Sequence[str], rows: Iterable[Iterable[Cell]]) -> Grid:
    """The table of rows that leave out the cells into which one from the left or from above spans.

    Raises OverflowError where it has more than MOST_CELLS: a few cells may span into very many.
    """
    found: list[list[str]] = []
    count = 0
    spans: dict[Spot, Spot] = {}
    # Into how many more rows a cell of each column goes on, and where it begins.
    open_rows: dict[int, tuple[int, Spot]] = {}
    for row in rows:
        cells: list[str] = []

        def pass_over(cells: list[str] = cells) -> None:
            while (open_cell := open_rows.get(len(cells), (0, (0, 0))))[0]:
                spans[len(found), len(cells)] = open_cell[1]
                open_rows[len(cells)] = (open_cell[0] - 1, open_cell[1])
                cells.append("")

        for cell in row:
            pass_over()
            first = (len(found), len(cells))
            if cell.goes_on and found:
                above = (len(found) - 1, len(cells))
                first = spans.get(above, above)
            for column in range(max(cell.columns, 1)):
                spot = (len(found), len(cells))
                if spot != first:
                    spans[spot] = first
                open_rows[len(cells)] = (max(cell.rows, 1) - 1, first)
                cells.append("" if column else cell.text)
            if count + len(cells) > MOST_CELLS:
                raise OverflowError
        pass_over()
        count += len(cells)
        found.append(cells)
    width = max((len(row) for row in found), default=0)
    if width * len(found) > MOST_CELLS:
        raise OverflowError
    return Grid(name, tuple(before), tuple(tuple(row) + ("",) * (width - len(row)) for row in found), spans=spans)
