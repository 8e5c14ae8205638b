"""What the columns of a table are called, in one row of headings or in two."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crmgraph.importing.calendars.times import is_part_of_year, is_year
from crmgraph.importing.columns import column_of
from crmgraph.importing.grid import Grid, Spot
from crmgraph.reading.folding import tidy

__all__ = ["Headings", "headings"]


@dataclass(frozen=True)
class Headings:
    """The headings of each column.

    `texts` are the words of its own, as they stand in the file, and `above` those of a heading that it shares with
    others, where its own words do not say which column of a plan it is. `names` are how a mapping calls the columns: by
    both, and of several that are called the same, by which it is; one without a heading is “column 2”. `first` is the
    place of the column where the cell with its heading begins: that of a number and a text may be one.
    """

    texts: tuple[str, ...]
    above: tuple[str, ...]
    names: tuple[str, ...]
    first: tuple[int, ...]

    @property
    def rows(self) -> int:
        """How many rows they take."""
        return 2 if any(self.above) else 1


def headings(grid: Grid, row: int) -> Headings:
    """The headings in a row, counted from 1; what stands above groups of them is in the row before it."""
    lower = grid.rows[row - 1]
    groups = _groups(grid, row - 1) if row > 1 else {}
    shared = [grid.rows[row - 2][groups[place]] if place in groups else "" for place in range(len(lower))]
    above = tuple("" if column_of(text) else group for text, group in zip(lower, shared, strict=True))
    groups = groups if any(above) else {}
    spots = [_spot(grid, row, place, bool(groups) and place not in groups) for place in range(len(lower))]
    texts = tuple(grid.rows[each][place] for each, place in spots)
    names = (
        tidy(f"{group} {text}") or f"column {place}"
        for place, (group, text) in enumerate(zip(above, texts, strict=True), 1)
    )
    return Headings(texts, above, tuple(_numbered(names)), tuple(place for _, place in spots))


def _spot(grid: Grid, row: int, place: int, is_two_rows: bool) -> Spot:
    """Where the words of a column's heading stand: in the row, in the one above it, or in a cell that spans into it."""
    here = (row - 1, place)
    if grid.rows[row - 1][place].strip():
        return here
    if is_two_rows and grid.rows[row - 2][place].strip():
        return (row - 2, place)
    first = grid.spans.get(here)
    if first is None or first[0] < row - 1 - is_two_rows:
        return here
    # A column in which nothing stands is only the way that a table is drawn.
    return first if any(each[place].strip() for each in grid.rows[row:]) else here


def _numbered(names: Iterator[str]) -> Iterator[str]:
    """The names, each that was there before with which it is: “No.#2”."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield f"{name}#{seen[name]}" if seen[name] > 1 else name


def _groups(grid: Grid, row: int) -> Mapping[int, int]:
    """For each column of a row, counted from 0, that shares a heading in the row above, the place of that heading.

    A row of a plan below its headings looks much like a second row of them. So there are none unless each column
    beside the groups has words in one of the two rows only, and one of them says which column of a plan it is.
    """
    upper, lower = grid.rows[row - 1], grid.rows[row]
    said = [place for place, cell in enumerate(upper) if cell.strip()]
    groups: dict[int, int] = {}
    for first in said:
        places = [first, *_beside(grid, row, first)]
        if sum(bool(lower[place].strip()) for place in places) > 1:
            groups.update(dict.fromkeys(places, first))
    # Of years over their quarters, the last may have one alone.
    groups |= {
        place: place
        for place in said
        if groups and place not in groups and is_year(upper[place]) and is_part_of_year(lower[place])
    }
    others = [place for place in range(len(lower)) if place not in groups and (upper[place] + lower[place]).strip()]
    is_title = len(said) == 1 and not any(cell.strip() for cell in lower[: said[0]])
    is_clear = all(not upper[place].strip() or not lower[place].strip() for place in others)
    # A heading such as “Objetivo” often spans the numbers of its column and their texts, and no heading is below it.
    is_plain = all(column_of(upper[first]) in (None, "schedule") for first in groups.values())
    is_joined = all(lower[place].strip() or (row, place) in grid.spans for place in others)
    is_said = any(column_of(upper[place] or lower[place]) for place in others)
    return groups if is_clear and is_said and (is_plain or is_joined) and not is_title else {}


def _beside(grid: Grid, row: int, first: int) -> Iterator[int]:
    """The columns into which a heading spans; where the file does not say of any, those that have none of their own."""
    upper, lower = grid.rows[row - 1], grid.rows[row]
    is_said = any(grid.spans.get((row - 1, place), (row, 0))[0] == row - 1 for place in range(len(upper)))
    for place in range(first + 1, len(upper)):
        spans = grid.spans.get((row - 1, place)) == (row - 1, first)
        if upper[place].strip() or not (spans if is_said else lower[place].strip()):
            return
        yield place
