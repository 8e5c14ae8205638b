"""What stands beside an action or an objective alone, in a table that says in each row what it belongs to.

There an empty cell is nothing; in other tables it goes on with what is above it.
"""

from collections.abc import Sequence
from itertools import pairwise

from crmgraph.importing.rows import PlanRow
from crmgraph.reading.folding import key

__all__ = ["own_first"]

_ACTIVITY = 3
"""The level below which there is only the calendar; that of themes is 0."""


def own_first(rows: Sequence[PlanRow]) -> list[PlanRow]:
    """The rows of a plan, those that are of a part alone put before those of what it has below it.

    So what the calendar says there is the part's, and not one date more of the last activity. In a table where empty
    cells go on with what is above them, all stay where they are.
    """
    paths = _paths(rows)
    if not _says_all(rows, paths):
        return list(rows)
    first: dict[tuple[str, ...], int] = {}
    for place, path in enumerate(paths):
        for level in range(1, len(path)):
            first.setdefault(path[:level], place)

    def place_of(place: int) -> tuple[int, int, int]:
        """Before the first row of what is below the part, or where it stands."""
        path = paths[place]
        return min(first.get(path, place), place), len(path), place

    return [rows[place] for place in sorted(range(len(rows)), key=place_of)]


def _paths(rows: Sequence[PlanRow]) -> list[tuple[str, ...]]:
    """For each row the theme that it says or that is above it, and its other parts down to the last that it says."""
    theme = ""
    paths = []
    for row in rows:
        theme = key(row.cells[0]) or theme
        cells = [theme, *map(key, row.cells[1 : _ACTIVITY + 1])]
        paths.append(tuple(cells[: max(level for level in range(len(cells)) if level == 0 or cells[level]) + 1]))
    return paths


def _says_all(rows: Sequence[PlanRow], paths: Sequence[tuple[str, ...]]) -> bool:
    """Whether each row says what it belongs to, also where the row above it has just said it."""
    used = [level for level in range(1, _ACTIVITY) if any(len(path) > level and path[level] for path in paths)]
    is_whole = all(path[level] for path in paths for level in used if level < len(path))
    # Nothing but the calendar goes on with the row above, and a theme has none.
    has_part = all(len(path) > 1 or not row.cells[-1].strip() for path, row in zip(paths, rows, strict=True))
    again = any(len(_shared(one, other)) > max(used) for one, other in pairwise(paths)) if used else False
    return is_whole and has_part and again


def _shared(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """What two paths have in common from the top."""
    same = [mine == theirs for mine, theirs in zip(one, other, strict=False)]
    return list(one[: same.index(False) if False in same else len(same)])
