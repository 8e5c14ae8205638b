"""Columns that count the rows of a table, beside one whose texts go on over several of them."""

import re
from collections.abc import Mapping, Sequence

from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import headings
from crmgraph.reading.folding import key

__all__ = ["without_counts"]

_COUNT = re.compile(r"[^\W\d_]{0,4}[-. ]?\d+([-.]\d+)*[.)°º]*")
# An activity may be called like the one above it, and be another.
_PARTS = ("themes", "objectives", "actions")


def without_counts(columns: Mapping[str, tuple[str, ...]], grid: Grid, header: int) -> dict[str, tuple[str, ...]]:
    """The columns of the table that each of a plan is made from, without those that count rows and not parts."""
    names = headings(grid, header).names
    found = dict(columns)
    left: list[int] = []
    for part in _PARTS:
        places = [names.index(name) for name in columns.get(part, ())]
        if not places:
            continue
        left.append(places[-1])
        counting = {place for place in places[:-1] if _counts_rows(grid, header, place, left)}
        found[part] = tuple(names[place] for place in places if place not in counting)
    return found


def _counts_rows(grid: Grid, header: int, count: int, texts: Sequence[int]) -> bool:
    """Whether a number goes on in a row where the text beside it, the last of `texts`, does not.

    A text that is said again below others, those to its left, is another one.
    """
    heading = key(grid.rows[header - 1][count])
    above: list[str] = []
    last = ""
    for row in grid.rows[header:]:
        number, said = key(row[count]), [key(row[place]) for place in texts]
        if number == heading or not any([*said, number]):
            continue
        goes_on = bool(above) and all(each in ("", before) for each, before in zip(said, above, strict=True))
        is_alone = sum(bool(cell.strip()) for cell in row) == 1
        if goes_on and not is_alone and number != last and _COUNT.fullmatch(number):
            return True
        above = [each or before for each, before in zip(said, above or said, strict=True)]
        last = number or last
    return False
