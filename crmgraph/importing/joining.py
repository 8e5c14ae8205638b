"""The tables of a file that are a plan together, such as one a page or one a theme, and those that are not in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import NamedTuple

from crmgraph.importing.cells import says
from crmgraph.importing.grid import Grid, Spot
from crmgraph.importing.headings import COLUMNS, Headings, column_of, headings, meaning
from crmgraph.importing.mapping import PlanColumns
from crmgraph.reading.folding import key, tidy
from crmgraph.wording import quoted

__all__ = [
    "Header",
    "find_header",
    "find_row",
    "further",
    "headings_over",
    "joined",
    "lines_told",
    "others",
    "rows_over",
]

_SEARCHED = 30
_ALIKE = 3
"""So many columns of a plan, called alike in two tables, are the same ones; two may be those of any table."""
_SHOWN = 40


class Header(NamedTuple):
    """The row of a table that has the headings, counted from 1, and what each column of a plan is made from."""

    row: int
    columns: PlanColumns


def find_header(grid: Grid) -> Header | None:
    """Return the row of a table that has the most headings of a plan, where it has two at least."""
    best = None
    for row in _searched(grid):
        found = headings(grid, row)
        columns = _columns(found)
        # With those below them, the headings of a row are as many as without.
        is_lower = best is not None and found.rows == 2 and best.row == row - 1
        if len(columns) >= 2 and (best is None or len(columns) + is_lower > len(best.columns)):
            best = Header(row, columns)
    return best


def find_row(grid: Grid, columns: PlanColumns) -> int | None:
    """Return the row of a table, counted from 1, that has all these columns; that of the guess comes before others."""
    wanted = _names_in(columns)
    guessed = find_header(grid)
    rows = [*([guessed.row] if guessed else []), *_searched(grid)]
    return next((row for row in rows if wanted and wanted <= {*map(key, headings(grid, row).names)}), None)


def _searched(grid: Grid) -> range:
    return range(1, min(len(grid.rows), _SEARCHED) + 1)


def _names_in(columns: PlanColumns) -> set[str]:
    return {key(name) for names in columns.values() for name in names}


def _columns(found: Headings) -> PlanColumns:
    """Return for each column of a plan the names of those that it is made from: a number and a text, or the years."""
    own = _own_columns(found)
    columns: PlanColumns = {}
    before: tuple[str, ...] = ()
    for place, name in enumerate(found.names):
        if says("numbers", found.texts[place]):
            before = (name,)
            continue
        kind = own[place] or column_of(found.above[place])
        is_calendar = kind == "schedule" and not own[place] and kind not in own
        is_joined = found.names[found.first[place]] in columns.get(kind or "", ())
        if kind is not None and (kind not in columns or is_calendar or is_joined):
            columns[kind] = (*columns.get(kind, ()), *before, name)
        before = ()
    return columns


def _own_columns(found: Headings) -> list[str | None]:
    """Return the column of a plan that each heading says by its own words.

    One that may say several says the first of these that is free, to the right of those that stand before it and to the
    left of those behind it.
    """
    said = [meaning(text) for text in found.texts]
    own = [each.columns[0] if each and each.columns and not each.is_open else None for each in said]
    for place, each in enumerate(said):
        if each is None or not each.is_open:
            continue
        if found.first[place] < place:
            own[place] = own[found.first[place]]
            continue
        levels = [COLUMNS.index(name) if name and name != "schedule" else None for name in own]
        least = max((level for level in levels[:place] if level is not None), default=-1)
        most = min((level for level in levels[place:] if level is not None), default=len(COLUMNS))
        own[place] = next((name for name in each.columns if least < COLUMNS.index(name) < most), None)
    return own


def further(grids: Sequence[Grid], table: int, header: int, columns: PlanColumns) -> Iterator[tuple[int, int]]:
    """Yield the tables behind this one that go on with it, and the rows of their headings, both counted from 1.

    They have all columns of the plan, called alike; where these are few, all columns of the table.
    """
    names = [key(name) for name, text in _named(grids[table - 1], header) if text.strip()]
    wanted = _names_in(columns) if len(columns) >= _ALIKE else {*names}
    for number, grid in enumerate(grids[table:], table + 1):
        for row in _searched(grid):
            there = _named(grid, row)
            is_alike = len(columns) >= _ALIKE or [key(name) for name, text in there if text.strip()] == names
            if wanted and is_alike and wanted <= {key(name) for name, _ in there}:
                yield number, row
                break


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
    order = {key(name): place for place, name in enumerate(headings(first, header).names)}
    rows, numbers, begins = list(first.rows), list(first.numbers or range(1, len(first.rows) + 1)), [header]
    moved, lines = [first], list[str]()
    for part, (_, row) in zip(parts[1:], behind, strict=True):
        for name, text in _named(part, row):
            if key(name) not in order:
                order[key(name)] = len(order)
                rows[header - 1] = (*rows[header - 1], text)
        places = [order[key(name)] for name, _ in _named(part, row)]
        moved.append(part.moved(partial(_there, row, len(rows) - row, places)))
        begins.append(len(rows))
        for cells in part.rows[row:]:
            there = dict(zip(places, cells, strict=True))
            rows.append(tuple(there.get(place, "") for place in range(len(order))))
        numbers += (part.numbers or range(1, len(part.rows) + 1))[row:]
        above = part.rows[: row - headings(part, row).rows]
        lines += [tidy(line) for line in chain(part.before, *above) if line.strip() and line not in _title(part, over)]
    own = {tidy(line) for line in chain(first.before, *first.rows[: header - 1])}
    pages = [line for line in first.before if says("page", line)]
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
            *dict.fromkeys([*first.left, *lines_told(pages, "with the number of a page")]),
            *dict.fromkeys(chain(*(part.left for part in parts[1:]))),
            *lines_told([line for line in lines if line not in own], "above the further tables"),
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


def _named(grid: Grid, row: int) -> list[tuple[str, str]]:
    found = headings(grid, row)
    return [*zip(found.names, found.texts, strict=True)]


def _called(number: int, grids: Sequence[Grid]) -> str:
    name = grids[number - 1].name
    return f"{number} “{name}”" if name and not name.isdecimal() else str(number)


def others(grids: Sequence[Grid], table: int, header: int, columns: PlanColumns) -> Iterator[tuple[Grid, str]]:
    """Yield the tables that the plan is not in, and what is told of each: its first words, and what it lacks."""
    taken = {table, *(number for number, _ in further(grids, table, header, columns))}
    wanted = {key(name): name for name, text in _named(grids[table - 1], header) if text.strip()}
    for number, grid in enumerate(grids, 1):
        if number in taken:
            continue
        words = " ".join(tidy(cell) for row in grid.rows for cell in row if cell.strip())
        there = max(({key(name) for name, _ in _named(grid, row)} & {*wanted} for row in _searched(grid)), key=len)
        lacking = ", ".join(quoted(name) for each, name in wanted.items() if each not in there)
        but = f", which lacks the heading {lacking}" if len(there) >= _ALIKE and lacking else ""
        yield grid, f"table {_called(number, grids)} ({quoted(words, _SHOWN)}{but})"


def lines_told(lines: Sequence[str], where: str) -> Iterator[str]:
    """Yield how many lines there are `where`, and their words; nothing where there is none."""
    if lines:
        shown = ", ".join(quoted(line, _SHOWN) for line in dict.fromkeys(lines))
        yield f"{len(lines)} line{'' if len(lines) == 1 else 's'} {where} ({shown})"


def rows_over(grid: Grid, header: int) -> list[int]:
    """Return the rows, counted from 0, in which one cell goes over all columns that have a heading."""
    columns = [place for place, text in enumerate(headings(grid, header).texts) if text.strip()]
    found = []
    for at in range(header, len(grid.rows)):
        said = [place for place, cell in enumerate(grid.rows[at]) if cell.strip()]
        if len(columns) > 1 and len(said) == 1 and said[0] <= columns[0]:
            spans = (grid.spans.get((at, place)) == (at, said[0]) for place in columns if place != said[0])
            found += [at] if all(spans) else []
    return found
