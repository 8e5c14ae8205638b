"""The tables of a file that are a plan together, such as one a page or one a theme, and those that are not in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from crmgraph.importing.cells import says
from crmgraph.importing.grid import Grid, Spot, told_of
from crmgraph.importing.headings import PlanColumns, headings, names_in, rows_of, searched_rows
from crmgraph.reading.folding import key, tidy
from crmgraph.wording import quoted

__all__ = ["further", "headings_over", "joined", "others", "rows_over"]

_ALIKE = 3
"""So many columns of a plan, called alike in two tables, are the same ones; two may be those of any table."""
_SHOWN = 40


def further(grids: Sequence[Grid], table: int, header: int, columns: PlanColumns) -> Iterator[tuple[int, int]]:
    """Yield the tables behind this one that go on with it, and the rows of their headings, both counted from 1.

    They have all columns of the plan, called alike; where these are few, all columns of the table.
    """
    names = _names(grids[table - 1], header)
    wanted = names_in(columns) if len(columns) >= _ALIKE else {*names}
    for number, grid in enumerate(grids[table:], table + 1):
        for row in searched_rows(grid):
            is_alike = len(columns) >= _ALIKE or [*_names(grid, row)] == [*names]
            if wanted and is_alike and wanted <= {key(each.name) for each in headings(grid, row)}:
                yield number, row
                break


def _names(grid: Grid, row: int) -> dict[str, str]:
    """Return the names of the columns that have a heading, by how they can be compared."""
    return {key(each.name): each.name for each in headings(grid, row) if each.text.strip()}


def joined(grids: Sequence[Grid], table: int, header: int, columns: PlanColumns) -> Grid:
    """Return the table of this number and, below it, the rows of those that go on with it, in the order of its columns.

    Columns that it lacks stand on the right. Where no column has the themes, they are the headings that the tables
    stand under, or else their names. The numbers of pages and what stands above the further tables is left out.
    """
    first = grids[table - 1]
    behind = list(further(grids, table, header, columns))
    parts = [first, *(grids[number - 1] for number, _ in behind)]
    headers = (header, *(row for _, row in behind))
    is_themed = columns.get("themes") or any(
        row in rows_over(part, row) for part, row in zip(parts, headers, strict=True)
    )
    over = [] if is_themed else headings_over(parts)
    themes = over or ([] if is_themed else _own_names(parts))
    order = {key(each.name): each.place for each in headings(first, header)}
    rows, numbers, begins = list(first.rows), list(first.numbers or range(1, len(first.rows) + 1)), [header]
    moved, lines = [first], list[str]()
    for part, (_, row) in zip(parts[1:], behind, strict=True):
        own = headings(part, row)
        for each in own:
            if key(each.name) not in order:
                order[key(each.name)] = len(order)
                rows[header - 1] = (*rows[header - 1], each.text)
        places = [order[key(each.name)] for each in own]
        moved.append(part.moved(partial(_there, row, len(rows) - row, places)))
        begins.append(len(rows))
        for cells in part.rows[row:]:
            there = dict(zip(places, cells, strict=True))
            rows.append(tuple(there.get(place, "") for place in range(len(order))))
        numbers += (part.numbers or range(1, len(part.rows) + 1))[row:]
        above = part.rows[: row - rows_of(own)]
        lines += [tidy(line) for line in chain(part.before, *above) if line.strip() and line not in _title(part, over)]
    title = {tidy(line) for line in chain(first.before, *first.rows[: header - 1])}
    pages = [line for line in first.before if says("page", line)]
    numbers_told = told_of("line{} with the number of a page", pages)
    told = []
    if themes:
        what = "headings above" if over else "names of"
        shown = ", ".join(map(quoted, dict.fromkeys(themes)))
        told.append(f"the {what} the tables were taken as themes, for no column has them: {shown}")
    if behind:
        *called, last = (_called(number, grids) for number in (table, *(number for number, _ in behind)))
        told.append(
            f"tables {', '.join(called)} and {last} have the same headings, and are read as one plan; take "
            "out of the file what is another plan"
        )
    return replace(
        first,
        before=tuple(line for line in first.before if line not in (*pages, *_title(first, over))),
        rows=tuple((*row, *[""] * (len(order) - len(row))) for row in rows),
        left=(
            *dict.fromkeys(chain(first.left, numbers_told, *(part.left for part in parts[1:]))),
            *told_of("line{} above the further tables", [line for line in lines if line not in title]),
        ),
        told=(*dict.fromkeys(chain(*(part.told for part in parts))), *told),
        spans={spot: start for each in moved for spot, start in each.spans.items()},
        unread={spot: said for each in moved for spot, said in each.unread.items()},
        struck=frozenset(chain(*(each.struck for each in moved))),
        numbers=numbers if first.numbers or behind else (),
        further={begin: part.name for begin, part in zip(begins[1:], parts[1:], strict=True)},
        themes=dict(zip(begins, themes, strict=False)),
    )


def _there(header: int, down: int, places: Sequence[int], spot: Spot) -> Spot | None:
    """Return the place in a joined table of a cell below the headings of a further one."""
    return (spot[0] + down, places[spot[1]]) if spot[0] >= header else None


def _title(part: Grid, themes: Sequence[str]) -> Sequence[str]:
    """Return the lines of the heading that a table stands under, where that is a theme."""
    return part.heading.split("\n") if themes else ()


def headings_over(grids: Sequence[Grid]) -> list[str]:
    """Return the heading that each table stands under, where the first has one and a further one has another."""
    over: list[str] = []
    for grid in grids:
        over.append(tidy(grid.heading) or (over[-1] if over else ""))
    return over if all(over) and len(set(map(key, over))) > 1 else []


def _own_names(grids: Sequence[Grid]) -> list[str]:
    """Return the names of the tables, where there are several and each has one of its own."""
    names = [grid.name for grid in grids]
    are_own = len(set(map(key, names))) == len(names) > 1 and not any(says("unnamed", name) for name in names)
    return names if are_own else []


def _called(number: int, grids: Sequence[Grid]) -> str:
    name = grids[number - 1].name
    return f"{number} “{name}”" if name and not name.isdecimal() else str(number)


def others(grids: Sequence[Grid], table: int, header: int, columns: PlanColumns) -> Iterator[tuple[Grid, str]]:
    """Yield the tables that the plan is not in, and what is told of each: its first words, and what it lacks."""
    taken = {table, *(number for number, _ in further(grids, table, header, columns))}
    wanted = _names(grids[table - 1], header)
    for number, grid in enumerate(grids, 1):
        if number in taken:
            continue
        words = " ".join(tidy(cell) for row in grid.rows for cell in row if cell.strip())
        there = max(({*_names(grid, row)} & {*wanted} for row in searched_rows(grid)), key=len)
        lacking = ", ".join(quoted(name) for each, name in wanted.items() if each not in there)
        but = f", which lacks the heading {lacking}" if len(there) >= _ALIKE and lacking else ""
        yield grid, f"table {_called(number, grids)} ({quoted(words, _SHOWN)}{but})"


def rows_over(grid: Grid, header: int) -> list[int]:
    """Return the rows, counted from 0, in which one cell goes over all columns that have a heading."""
    columns = [each.place for each in headings(grid, header) if each.text.strip()]
    found = []
    for at in range(header, len(grid.rows)):
        said = [place for place, cell in enumerate(grid.rows[at]) if cell.strip()]
        if len(columns) > 1 and len(said) == 1 and said[0] <= columns[0]:
            spans = (grid.spans.get((at, place)) == (at, said[0]) for place in columns if place != said[0])
            found += [at] if all(spans) else []
    return found
