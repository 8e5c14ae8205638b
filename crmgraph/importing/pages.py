"""A plan that goes on in further tables of its file, such as one a page or one a sheet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from crmgraph.importing.grid import Grid, Spot
from crmgraph.importing.headings import headings
from crmgraph.reading.folding import key, tidy
from crmgraph.wording import quoted

__all__ = ["further", "lines_beside", "lines_told", "others", "whole"]

_PAGE = re.compile(r"(pagina|page|pag|pg|p)[. ]*\d+( ?(de|of|sur|/) ?\d+)?")
_SEARCHED = 30
_ALIKE = 3
"""So many headings that are those of the plan's make a table look like one more page of it."""
_SHOWN = 40


def whole(grids: Sequence[Grid], table: int, header: int) -> Grid:
    """The table of this number, headings in this row, and below it the rows of those that go on with it.

    The number of a page is no title. What stands above the further tables is told as left out.
    """
    first = grids[table - 1]
    behind = list(further(grids, table, header))
    if not behind:
        return _without_pages(first)
    parts = [grids[place - 1] for place, _ in behind]
    rows, spans, unread, struck = list(first.rows), dict(first.spans), dict(first.unread), set(first.struck)
    numbers, begins = list(_numbers(first)), {}
    for (_, header_row), part in zip(behind, parts, strict=True):
        begins[len(rows)] = part.name
        down = len(rows) - header_row
        struck |= {(row + down, column) for row, column in part.struck if row >= header_row}
        numbers += _numbers(part)[header_row:]
        spans |= _moved(part.spans, header_row, down)
        unread |= {(row + down, column): said for (row, column), said in part.unread.items() if row >= header_row}
        rows += part.rows[header_row:]
    width = max(map(len, rows))
    own = set(_above(first, header))
    lines = [line for place, row in behind for line in _above(grids[place - 1], row) if line not in own]
    joined = replace(
        _without_pages(first),
        rows=tuple(row + ("",) * (width - len(row)) for row in rows),
        spans=spans,
        further=begins,
        unread=unread,
        numbers=numbers,
        struck=frozenset(struck),
    )
    told = (
        f"tables {_listed([table, *(place for place, _ in behind)], grids)} have the same headings, and are read as "
        "one plan; take out of the file what is another plan"
    )
    return replace(
        joined,
        left=(
            *dict.fromkeys(chain(joined.left, *(part.left for part in parts))),
            *lines_told(lines, "above the further tables"),
        ),
        told=(*dict.fromkeys(chain(joined.told, *(part.told for part in parts))), told),
    )


def _numbers(grid: Grid) -> Sequence[int]:
    return grid.numbers or range(1, len(grid.rows) + 1)


def _without_pages(grid: Grid) -> Grid:
    """The table without the numbers of pages above it, which are told."""
    pages = [line for line in grid.before if _PAGE.fullmatch(key(line))]
    before = tuple(line for line in grid.before if line not in pages)
    return replace(grid, before=before, left=(*grid.left, *lines_told(pages, "with the number of a page")))


def _moved(spans: Mapping[Spot, Spot], header: int, down: int) -> dict[Spot, Spot]:
    """What spans in the rows below the headings, so many rows further down."""
    below = ((spot, start) for spot, start in spans.items() if start[0] >= header)
    return {(spot[0] + down, spot[1]): (start[0] + down, start[1]) for spot, start in below}


def others(grids: Sequence[Grid], table: int, header: int) -> Iterator[str]:
    """The tables that the plan is not in: which they are, what they are called, and their first words."""
    for place, grid in _others(grids, table, header):
        words = " ".join(tidy(cell) for row in grid.rows for cell in row if cell.strip())
        yield f"table {_named(place, grid)} ({quoted(words, _SHOWN)}{_lacking(grid, grids[table - 1], header)})"


def _lacking(grid: Grid, first: Grid, header: int) -> str:
    """Which headings a table lacks that else has those of the plan's; nothing of a table of another kind."""
    wanted = {key(name): name for name, text in _called(first, header) if text.strip()}
    rows = range(1, min(len(grid.rows), _SEARCHED) + 1)
    named = max(({key(name) for name, _ in _called(grid, row)} & set(wanted) for row in rows), key=len)
    lacking = ", ".join(quoted(name) for each, name in wanted.items() if each not in named)
    return f", which lacks the heading {lacking}" if len(named) >= _ALIKE and lacking else ""


def _called(grid: Grid, row: int) -> Iterator[tuple[str, str]]:
    found = headings(grid, row)
    yield from zip(found.names, found.texts, strict=True)


def lines_beside(grids: Sequence[Grid], table: int, header: int) -> Iterator[str]:
    """The lines above the tables that the plan is not in."""
    for _, grid in _others(grids, table, header):
        yield from (tidy(line) for line in grid.before if line.strip())


def _others(grids: Sequence[Grid], table: int, header: int) -> Iterator[tuple[int, Grid]]:
    taken = {table, *(place for place, _ in further(grids, table, header))}
    yield from ((place, grid) for place, grid in enumerate(grids, 1) if place not in taken)


def further(grids: Sequence[Grid], table: int, header: int) -> Iterator[tuple[int, int]]:
    """The tables behind this one that have the same headings, and the rows of these, both counted from 1."""
    wanted = _headings(grids[table - 1], header)
    for place, grid in enumerate(grids[table:], table + 1):
        rows = range(1, min(len(grid.rows), _SEARCHED) + 1)
        row = next((row for row in rows if any(wanted) and _headings(grid, row) == wanted), None)
        if row is not None:
            yield place, row


def _headings(grid: Grid, row: int) -> list[tuple[str, str]]:
    """What the columns are called, without regard to case and accents; not those without a heading at the end."""
    found = headings(grid, row)
    said = [(key(above), key(text)) for above, text in zip(found.above, found.texts, strict=True)]
    while said and not any(said[-1]):
        said.pop()
    return said


def _above(grid: Grid, header: int) -> Iterator[str]:
    """The lines above the headings of a table."""
    rows = grid.rows[: header - headings(grid, header).rows]
    yield from (tidy(line) for line in chain(grid.before, *rows) if line.strip())


def _named(place: int, grid: Grid) -> str:
    return f"{place} “{grid.name}”" if grid.name and not grid.name.isdecimal() else str(place)


def _listed(places: Sequence[int], grids: Sequence[Grid]) -> str:
    named = [_named(place, grids[place - 1]) for place in places]
    return f"{', '.join(named[:-1])} and {named[-1]}"


def lines_told(lines: Sequence[str], where: str) -> Iterator[str]:
    """How many lines there are `where`, and their words; nothing where there is none."""
    if lines:
        shown = ", ".join(quoted(line, _SHOWN) for line in dict.fromkeys(lines))
        yield f"{len(lines)} line{'' if len(lines) == 1 else 's'} {where} ({shown})"
