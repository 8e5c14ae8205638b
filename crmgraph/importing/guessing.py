"""The mapping that the headings and cells of a file suggest."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from crmgraph.errors import Place, SourceError
from crmgraph.importing.cells import WORDS, closed, depth_of, is_date, says
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import COLUMNS, Heading, PlanColumns, find_header, headings, meaning, names_in
from crmgraph.importing.joining import further, headings_over, joined
from crmgraph.importing.mapping import Mapping
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import is_beginning, is_end

__all__ = ["Numbered", "dated", "guess", "numbered"]

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)[.)]?(\s|$)")
_LONGEST_SHOWN = 30


def guess(grids: Sequence[Grid], file: Path) -> Mapping:
    """Return the mapping that a file suggests. Raises SourceError where no row looks like headings."""
    found = [(each, number) for number, grid in enumerate(grids, 1) if (each := find_header(grid)) is not None]
    if not found:
        said = [tidy(cell) for cell in grids[0].rows[0] if cell.strip()]
        seen = ", ".join(f"“{each[:_LONGEST_SHOWN]}{'…' if len(each) > _LONGEST_SHOWN else ''}”" for each in said)
        raise SourceError(
            "no row has headings like those of a plan (theme, objective, action, activity, schedule); "
            f"the first has {seen}. Say in a mapping which is which",
            Place(file),
        )
    (header, columns), table = max(found, key=lambda each: len(each[0].columns))
    parts = [grids[table - 1], *(grids[number - 1] for number, _ in further(grids, table, header, columns))]
    if "objectives" not in columns and headings_over(parts) and all(map(_may_be_objectives, columns.get("themes", ()))):
        # Under headings that are themes, “Meta” is an objective.
        columns = {"objectives" if name == "themes" else name: names for name, names in columns.items()}
    grid = joined(grids, table, header, columns)
    columns = _without_counts(columns, grid, header)
    numbers = {each.part: each.name for each in numbered(columns, grid, header) if each.is_clear}
    columns = {part: (numbers[part], *names) if part in numbers else names for part, names in columns.items()}
    columns["schedule"] = _calendar(columns, grid, header)
    is_numbered = _are_numbered(columns, grid, header)
    return Mapping(
        table=table, header=header, numbers="keep" if is_numbered else "add", columns=Mapping.Columns(**columns)
    )


def _may_be_objectives(heading: str) -> bool:
    said = meaning(heading)
    return said is not None and said.is_open and "objectives" in said.columns


def _are_numbered(columns: PlanColumns, grid: Grid, header: int) -> bool:
    """Return whether most items have a printed number as in their column: 2 for an objective, 2.1 below it."""
    names = [each.name for each in headings(grid, header)]
    places = [(level, names.index(columns[name][0])) for level, name in enumerate(COLUMNS[1:4]) if columns.get(name)]
    items = [(level, row[place]) for row in grid.rows[header:] for level, place in places if row[place].strip()]
    numbers = [(level, found[1]) for level, item in items if (found := _NUMBER.match(item))]
    return 2 * len([level for level, number in numbers if number.count(".") == level]) > len(items)


class Numbered(NamedTuple):
    """A column of numbers that begin where the parts of a plan do, and which parts. `is_clear` where it numbers them,
    and does not as well count the rows of the table.
    """

    name: str
    part: str
    is_clear: bool


def _without_counts(columns: PlanColumns, grid: Grid, header: int) -> PlanColumns:
    """Return the columns without those of numbers that count rows: they go on where the text beside them does not."""
    names = [each.name for each in headings(grid, header)]
    result, texts = dict(columns), list[int]()
    # An activity may be called like the one above it, and be another.
    for part in COLUMNS[:3]:
        *numbers, text = [names.index(name) for name in columns.get(part, ())] or [-1]
        texts += [text] if text >= 0 else []
        for place in numbers:
            rows = _rows_of(grid, header, place)
            if any(first is None and is_new for first, is_new in _beginnings(rows, texts, place)):
                result[part] = tuple(name for name in result[part] if name != names[place])
    return result


def numbered(columns: PlanColumns, grid: Grid, header: int) -> Iterator[Numbered]:
    """Yield the columns of numbers, other than those of the plan, that number parts of which it has the texts alone."""
    found = headings(grid, header)
    places = {each.name: each.place for each in found}
    taken = names_in(columns)
    for each in found:
        if key(each.name) in taken or not says("numbers", each.text):
            continue
        rows = _rows_of(grid, header, each.place)
        depths = {depth_of(closed(row[each.place])) for row in rows if row[each.place].strip()}
        level = depths.pop() + 1 if len(depths) == 1 else 0
        if not 0 < level < len(COLUMNS) - 1 or len(columns.get(COLUMNS[level], ())) != 1:
            continue
        texts = [places[columns[part][-1]] for part in COLUMNS[: level + 1] if columns.get(part)]
        begin = list(_beginnings(rows, texts, each.place))
        # A number stands where a part begins, another one than above but where a part over it begins, too.
        if all(
            not is_new if first is None else is_new or (first < len(texts) - 1 and row[each.place].strip())
            for row, (first, is_new) in zip(rows, begin, strict=True)
        ):
            # Of rows there is no number such as 1.1.
            yield Numbered(each.name, COLUMNS[level], level > 1 or any(first is None for first, _ in begin))


def _rows_of(grid: Grid, header: int, place: int) -> list[Sequence[str]]:
    """Return the rows that say more than one thing, and not the headings again."""
    heading = key(grid.rows[header - 1][place])
    return [
        row for row in grid.rows[header:] if sum(bool(cell.strip()) for cell in row) > 1 and key(row[place]) != heading
    ]


def _beginnings(rows: Sequence[Sequence[str]], texts: Sequence[int], number: int) -> Iterator[tuple[int | None, bool]]:
    """Yield the first of the texts of a row that does not go on with those above, and whether its number is a new one.

    The first is None where all go on.
    """
    above, last = [""] * len(texts), ""
    for row in rows:
        said = [key(row[place]) for place in texts]
        first = next((at for at, each in enumerate(said) if each not in ("", above[at])), None)
        if first is not None:
            above = [*above[:first], *said[first:]]
        count = key(row[number])
        yield first, count not in ("", last)
        last = count or last


def _calendar(columns: PlanColumns, grid: Grid, header: int) -> tuple[str, ...]:
    """Return the columns of the calendar: those of its headings, or else a beginning and an end, years, or dates."""
    found = headings(grid, header)
    own = columns.get("schedule", ())
    named = [each for each in found if (said := meaning(each.above)) is None or "schedule" in said.columns]
    begins = [each.name for each in named if is_beginning(each.text)]
    ends = [each.name for each in named if is_end(each.text)]
    if begins and ends and {*own} <= {*begins, *ends}:
        return (begins[0], ends[0])
    years = [
        each
        for each in found
        if says("years", each.above or each.text) and (not each.above or says("part_of_year", each.text))
    ]
    cells = [row[each.place] for row in grid.rows[header:] for each in years if row[each.place].strip()]
    # Below two years or more there are marks, for amounts are a budget.
    if not own and len(years) > 1 and 2 * sum(says("tick", cell) for cell in cells) > len(cells):
        return tuple(each.name for each in years)
    return own or tuple(each.name for each in dated(grid, header, columns) if _may_be_calendar(each.text))[:1]


def _may_be_calendar(heading: str) -> bool:
    is_dated = all(map(WORDS["dated"].fullmatch, re.split(r" ?[/|\n] ?", key(heading))))
    return is_beginning(heading) or is_end(heading) or is_dated


def dated(grid: Grid, header: int, columns: PlanColumns) -> Iterator[Heading]:
    """Yield the headings of the columns, other than those of the plan, below which most of what stands are dates.

    A heading may say that they are of something else, such as a budget.
    """
    for each in headings(grid, header):
        is_beside = each._replace(name=each.above).is_beside if _may_be_calendar(each.text) else each.is_beside
        cells = [row[each.place] for row in grid.rows[header:] if row[each.place].strip()]
        if key(each.name) not in names_in(columns) and not is_beside and 2 * sum(map(is_date, cells)) > len(cells):
            yield each
