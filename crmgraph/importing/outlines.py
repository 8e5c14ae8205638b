"""Tables that are an outline: all levels of a plan in one column, told apart by their numbers alone (1, 1.1, 1.1.1)."""

from collections.abc import Sequence

from crmgraph.importing.grid import Grid
from crmgraph.importing.numbering.printed import depth_of
from crmgraph.reading.folding import tidy

__all__ = ["OUTLINE", "is_outline"]

_LEAST = 3
OUTLINE = (
    "its numbers (1, 1.1, 1.1.1) tell the levels of an outline; a plan is read from a column for each level, and so "
    "write themes, objectives, actions, activities and the calendar into columns of their own"
)
"""What to do with one."""


def is_outline(grids: Sequence[Grid]) -> bool:
    """Whether one of the tables has a column whose cells below the first all have numbers, of several depths."""
    return any(_is_of_levels([row[place] for row in grid.rows]) for grid in grids for place in range(len(grid.rows[0])))


def _is_of_levels(column: Sequence[str]) -> bool:
    depths = [depth_of(tidy(cell)) for cell in column if cell.strip()]
    below = depths[1:] if depths and depths[0] < 0 else depths
    return len(below) >= _LEAST and min(below) == 0 and max(below) > 1
