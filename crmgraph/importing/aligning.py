"""Tables with the same columns of a plan, of which some have other columns besides, or have them in another order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crmgraph.importing.grid import Grid, Spot
from crmgraph.importing.headings import headings
from crmgraph.importing.mapping import Header
from crmgraph.reading.folding import key

__all__ = ["aligned"]

_LEAST = 3
"""So many columns of a plan, called alike in two tables, are the same ones; two may be those of any table."""


def aligned(grids: Sequence[Grid], headers: Iterable[Header | None]) -> list[Grid]:
    """The tables, those that share the columns of a plan with the columns of all of them, in the order of the first.

    `headers` say which these are in each table that has any. So tables have the same headings, and can be read as one
    plan; a column that one of them lacks is empty there. Those with two rows of headings stay as they are, for their
    columns belong together.
    """
    alike: dict[tuple[tuple[str, ...], ...], list[Header]] = defaultdict(list)
    for header in filter(None, headers):
        if len(header.columns) >= _LEAST and headings(grids[header.table - 1], header.row).rows == 1:
            called = sorted((name, *map(key, wanted)) for name, wanted in header.columns.items())
            alike[tuple(called)].append(header)
    found = list(grids)
    for headers in alike.values():
        order = _order([headings(grids[each.table - 1], each.row).names for each in headers])
        for each in headers:
            found[each.table - 1] = _in_order(grids[each.table - 1], each.row, order)
    return found


def _order(names: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """The columns of all tables as they can be compared, and how each is called where it stands first."""
    order: dict[str, str] = {}
    for name in (name for each in names for name in each):
        order.setdefault(key(name), name)
    return order


def _in_order(grid: Grid, header: int, order: Mapping[str, str]) -> Grid:
    names = headings(grid, header).names
    if list(map(key, names)) == list(order):
        return grid
    places = {key(name): place for place, name in enumerate(names)}
    moved = {places[name]: place for place, name in enumerate(order) if name in places}

    def there(spot: Spot) -> Spot:
        return spot[0], moved[spot[1]]

    rows = [[row[places[name]] if name in places else "" for name in order] for row in grid.rows]
    rows[header - 1] = [
        text or (name if each not in places else "")
        for text, (each, name) in zip(rows[header - 1], order.items(), strict=True)
    ]
    return replace(
        grid,
        rows=tuple(map(tuple, rows)),
        spans={there(spot): there(first) for spot, first in grid.spans.items()},
        unread={there(spot): said for spot, said in grid.unread.items()},
        struck=frozenset(map(there, grid.struck)),
    )
