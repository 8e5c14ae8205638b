"""Objectives and actions that come back after others, as in a table that is sorted by something else."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from crmgraph.importing.rows import PlanRow
from crmgraph.reading.folding import key, tidy
from crmgraph.wording import quoted

__all__ = ["returning", "together"]

_LEVELS = 3
"""Themes, objectives and actions have others below them."""

_Paths = list[tuple[str, ...]]


def together(rows: Sequence[PlanRow]) -> list[PlanRow]:
    """The rows of a plan, those of an objective or an action that comes back put below the ones that it had before.

    Where none does, they are as they are: a theme alone may come back with what is new.
    """
    if not list(_returning(rows)):
        return list(rows)
    paths, filled = _paths(rows)
    order: dict[tuple[str, ...], int] = {}
    for path in paths:
        for level in range(_LEVELS):
            order.setdefault(path[: level + 1], len(order))

    def place_of(place: int) -> list[tuple[bool, int]]:
        """What belongs to a part itself comes before what it has below it, or it would be taken for a part of that."""
        path = paths[place]
        within = [(bool(path[level]), order[path[: level + 1]]) for level in range(_LEVELS)]
        return [*within, (bool(path[_LEVELS]), 0)]

    places = sorted(range(len(rows)), key=place_of)
    found: list[PlanRow] = []
    above: tuple[str, ...] = ()
    for place in places:
        path, cells = paths[place], list(rows[place].cells)
        for level in range(_LEVELS):
            # What is said again of the row above is said once; what the row had from above is said where it moved.
            cells[level] = "" if above[: level + 1] == path[: level + 1] else filled[place][level]
        found.append(PlanRow(rows[place].place, cells))
        above = path
    return found


def returning(rows: Sequence[PlanRow]) -> Iterator[str]:
    """Which parts come back after others."""
    said = dict.fromkeys(_returning(rows))
    if said:
        yield f"put together, for they come back after others: {', '.join(map(quoted, said))}"


def _returning(rows: Sequence[PlanRow]) -> Iterator[str]:
    paths, filled = _paths(rows)
    for level in range(1, _LEVELS):
        seen = set()
        for path, places in groupby(range(len(rows)), key=lambda each: paths[each][: level + 1]):
            if path[level] and path in seen:
                yield tidy(filled[next(places)][level])
            seen.add(path)


def _paths(rows: Sequence[PlanRow]) -> tuple[_Paths, _Paths]:
    """For each row its theme, objective, action and activity: as they can be compared, and in the words of the file.

    An empty cell goes on with what is above it, as long as those to its left do so too.
    """
    paths, filled = [], []
    above = ("",) * (_LEVELS + 1)
    for row in rows:
        cells: list[str] = []
        goes_on = True
        for level in range(_LEVELS + 1):
            cell = row.cells[level]
            goes_on = goes_on and key(cell) in ("", key(above[level]))
            cells.append(above[level] if goes_on else cell)
        above = tuple(cells)
        filled.append(above)
        paths.append(tuple(map(key, above)))
    return paths, filled
