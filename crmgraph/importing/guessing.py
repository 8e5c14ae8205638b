"""The mapping that the headings and cells of a file suggest."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.cells import WORDS, closed, depth_of, is_date, says
from crmgraph.importing.grid import Grid
from crmgraph.importing.headings import COLUMNS, Heading, PlanColumns, find_header, headings, meaning, names_in
from crmgraph.importing.joining import further, headings_over, joined
from crmgraph.importing.mapping import Mapping
from crmgraph.reading.folding import key, tidy
from crmgraph.reading.languages import is_beginning, is_end

__all__ = ["dated", "guess", "numbered"]

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
    numbers = {part: name for name, part, is_clear in numbered(columns, grid, header) if is_clear}
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


def _without_counts(columns: PlanColumns, grid: Grid, header: int) -> PlanColumns:
    """Return the columns without those of numbers that count rows: they go on where the text beside them does not."""
    names = [each.name for each in headings(grid, header)]
    result, texts = dict(columns), list[int]()
    # An activity may be called like the one above it, and be another.
    for part in COLUMNS[:3]:
        *numbers, text = [names.index(name) for name in columns.get(part, ())] or [-1]
        texts += [text] if text >= 0 else []
        rows = {place: _beginnings(grid, header, place, texts) for place in numbers}
        counts = {names[place] for place in numbers if any(first is None and new for first, new, _ in rows[place])}
        result[part] = tuple(name for name in columns.get(part, ()) if name not in counts)
    return result


def numbered(columns: PlanColumns, grid: Grid, header: int) -> Iterator[tuple[str, str, bool]]:
    """Yield the columns of numbers, other than those of the plan, that number parts of which it has the texts alone.

    With each comes the part, and whether it is clear that the numbers are not those of the rows as well.
    """
    found = headings(grid, header)
    places = {each.name: each.place for each in found}
    for each in found:
        if key(each.name) in names_in(columns) or not says("numbers", each.text):
            continue
        depths = {depth_of(closed(number)) for _, _, number in _beginnings(grid, header, each.place, ()) if number}
        level = depths.pop() + 1 if len(depths) == 1 else 0
        if 0 < level < len(COLUMNS) - 1 and len(columns.get(COLUMNS[level], ())) == 1:
            texts = [places[columns[part][-1]] for part in COLUMNS[: level + 1] if columns.get(part)]
            rows = _beginnings(grid, header, each.place, texts)
            # A number stands where a part begins, another one than above but where a part over it begins, too.
            if all(not new if at is None else new or (at < len(texts) - 1 and number) for at, new, number in rows):
                # Of rows there is no number such as 1.1.
                yield each.name, COLUMNS[level], level > 1 or any(first is None for first, _, _ in rows)


def _beginnings(grid: Grid, header: int, number: int, texts: Sequence[int]) -> list[tuple[int | None, bool, str]]:
    """Return for each row which of its texts is the first new one, whether its number is a new one, and the number.

    The first is None where all texts go on with those above. A note stands
    alone, and on a new page the headings may stand again.
    """
    found: list[tuple[int | None, bool, str]] = []
    above, last = [""] * len(texts), ""
    for row in grid.rows[header:]:
        own = key(row[number])
        if sum(bool(cell.strip()) for cell in row) > 1 and own != key(grid.rows[header - 1][number]):
            said = [key(row[place]) for place in texts]
            first = next((at for at, each in enumerate(said) if each not in ("", above[at])), None)
            above = above if first is None else [*above[:first], *said[first:]]
            found.append((first, own not in ("", last), own))
            last = own or last
    return found


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
