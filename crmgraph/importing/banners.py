"""Rows in which one cell goes over the whole table."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.wording import quoted

__all__ = ["banners", "check_banners"]

_SHOWN = 40


def banners(grid: Grid, header: int) -> Iterator[int]:
    """The rows below the headings in which one cell goes over all columns that have a heading, counted from 0."""
    columns = [place for place, text in enumerate(headings(grid, header).texts) if text.strip()]
    for place in range(header, len(grid.rows)):
        said = [column for column, cell in enumerate(grid.rows[place]) if cell.strip()]
        if len(columns) > 1 and len(said) == 1 and said[0] <= columns[0]:
            first = (place, said[0])
            if all(grid.spans.get((place, column)) == first for column in columns if column != said[0]):
                yield place


def check_banners(rows: Sequence[Sequence[str]], file: Path) -> None:
    """Raises SourceError where rows over the whole table, its only themes, leave open what belongs to what."""
    if not rows[0][0]:
        theme = next(row[0] for row in rows if row[0])
        said = next(cell for cell in rows[0] if cell.strip())
        raise SourceError(
            f"{quoted(said, _SHOWN)} has no theme: the table has no column for these, only rows that go over all of "
            f"it, and the first, {quoted(theme, _SHOWN)}, stands further down; write one above it, or give the table a "
            "column",
            Place(file),
        )
    for (above, *_), (below, *_) in pairwise(rows):
        if above and below:
            raise SourceError(
                f"{quoted(above, _SHOWN)} and, right below it, {quoted(below, _SHOWN)} go over the whole table, and "
                "which of them is the theme is not clear; give the table a column of themes",
                Place(file),
            )
