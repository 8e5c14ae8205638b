"""Detection of the tables of a file that form one plan, and of the mapping that their headings and cells suggest."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from crmgraph.errors import Place, SourceError, quoted
from crmgraph.importing.cells import (
    WORDS,
    Grid,
    Position,
    is_date,
    matches_entry,
    normalize_number,
    number_depth,
    summary_of,
)
from crmgraph.importing.headings import (
    COLUMNS,
    Heading,
    Mapping,
    PlanColumns,
    comparable_names,
    find_header,
    header_height,
    heading_meaning,
    headings,
    searched_rows,
)
from crmgraph.reading.languages import BEGINNING, END, is_end_of_period, key, tidy

_FEWEST_EQUAL_COLUMNS = 3
"""The minimum number of plan columns with equal names in two tables that continue each other."""
_SHOWN = 40


def continuation_tables(
    grids: Sequence[Grid], table: int, header: int, columns: PlanColumns
) -> Iterator[tuple[int, int]]:
    """Yield the later tables that continue a table, as pairs of table number and heading row, counted from 1.

    A continuation has all the plan columns under the same names. If the plan has few columns, all headings must be
    equal.
    """
    names = _names_by_key(grids[table - 1], header)
    wanted = comparable_names(columns) if len(columns) >= _FEWEST_EQUAL_COLUMNS else {*names}
    for number, grid in enumerate(grids[table:], table + 1):
        for row in searched_rows(grid):
            is_alike = len(columns) >= _FEWEST_EQUAL_COLUMNS or [*_names_by_key(grid, row)] == [*names]
            if wanted and is_alike and wanted <= {key(each.name) for each in headings(grid, row)}:
                yield number, row
                break


def _names_by_key(grid: Grid, row: int) -> dict[str, str]:
    """Return the names of the columns that have a heading, by their folded names."""
    return {key(each.name): each.name for each in headings(grid, row) if each.text.strip()}


def join_tables(grids: Sequence[Grid], table: int, header: int, columns: PlanColumns) -> Grid:
    """Return a table joined with its continuations, in its order of columns.

    Columns that only a continuation has are added on the right. If no column has themes, the headings above the tables
    become the themes, or else the names of the tables. Page numbers and the lines above the continuations are left out.

    Args:
        grids: The tables of the file.
        table: The number of the first table, counted from 1.
        header: The number of its heading row, counted from 1.
        columns: The file columns that make up each plan column.
    """
    first = grids[table - 1]
    behind = list(continuation_tables(grids, table, header, columns))
    parts = [first, *(grids[number - 1] for number, _ in behind)]
    headers = (header, *(row for _, row in behind))
    is_themed = columns.get("themes") or any(
        row in full_width_rows(part, row) for part, row in zip(parts, headers, strict=True)
    )
    over = [] if is_themed else theme_headings(parts)
    themes = over or ([] if is_themed else _distinct_names(parts))
    order = {key(each.name): each.column for each in headings(first, header)}
    rows, numbers, begins = list(first.rows), list(first.row_numbers or range(1, len(first.rows) + 1)), [header]
    moved, lines = [first], list[str]()
    for part, (_, row) in zip(parts[1:], behind, strict=True):
        own = headings(part, row)
        for each in own:
            if key(each.name) not in order:
                order[key(each.name)] = len(order)
                rows[header - 1] = (*rows[header - 1], each.text)
        places = [order[key(each.name)] for each in own]
        moved.append(part.with_moved_cells(partial(_joined_position, row, len(rows) - row, places)))
        begins.append(len(rows))
        for cells in part.rows[row:]:
            placed = dict(zip(places, cells, strict=True))
            rows.append(tuple(placed.get(place, "") for place in range(len(order))))
        numbers += (part.row_numbers or range(1, len(part.rows) + 1))[row:]
        said = chain(part.before, *part.rows[: row - header_height(own)])
        lines += [tidy(line) for line in said if line.strip() and line not in _theme_heading_lines(part, over)]
    title = {tidy(line) for line in chain(first.before, *first.rows[: header - 1])}
    pages = [line for line in first.before if matches_entry("page", line)]
    page_number_summary = summary_of("line{} with the number of a page", pages)
    assumptions = []
    if themes:
        what = "headings above" if over else "names of"
        assumptions = [
            f"the {what} the tables were taken as themes, for no column has them: "
            f"{', '.join(map(quoted, dict.fromkeys(themes)))}"
        ]
    if behind:
        *called, last = (_table_name(number, grids) for number in (table, *(number for number, _ in behind)))
        assumptions.append(
            f"tables {', '.join(called)} and {last} have the same headings, and are read as one plan; take "
            "out of the file what is another plan"
        )
    return replace(
        first,
        before=tuple(line for line in first.before if line not in (*pages, *_theme_heading_lines(first, over))),
        rows=tuple((*row, *[""] * (len(order) - len(row))) for row in rows),
        omissions=(
            *dict.fromkeys(chain(first.omissions, page_number_summary, *(part.omissions for part in parts[1:]))),
            *summary_of("line{} above the further tables", [line for line in lines if line not in title]),
        ),
        assumptions=(*dict.fromkeys(chain(*(part.assumptions for part in parts))), *assumptions),
        spans={position: start for each in moved for position, start in each.spans.items()},
        unreadable={position: said for each in moved for position, said in each.unreadable.items()},
        struck_cells=frozenset(chain(*(each.struck_cells for each in moved))),
        row_numbers=numbers if first.row_numbers or behind else (),
        table_starts={begin: part.name for begin, part in zip(begins[1:], parts[1:], strict=True)},
        theme_starts=dict(zip(begins, themes, strict=False)),
    )


def _joined_position(header: int, down: int, places: Sequence[int], position: Position) -> Position | None:
    """Return the position in the joined table of a cell of a continuation; None for a cell above its first data row.

    Args:
        header: The index of the first row of the continuation below its headings.
        down: The number of rows by which its cells move down.
        places: The new index of each column.
        position: The position of the cell in the continuation.
    """
    return (position[0] + down, places[position[1]]) if position[0] >= header else None


def _theme_heading_lines(part: Grid, themes: Sequence[str]) -> Sequence[str]:
    """Return the lines of the heading above a table if the headings are themes; else nothing."""
    return part.heading.split("\n") if themes else ()


def theme_headings(grids: Sequence[Grid]) -> list[str]:
    """Return the heading above each table, if these headings can be themes; else an empty list.

    The first table must have a heading, and a later table a different one. A table without a heading has that of the
    table before it.
    """
    over: list[str] = []
    for grid in grids:
        over.append(tidy(grid.heading) or (over[-1] if over else ""))
    return over if all(over) and len(set(map(key, over))) > 1 else []


def _distinct_names(grids: Sequence[Grid]) -> list[str]:
    """Return the names of several tables if they are all different and none is a default name such as "Sheet1"."""
    names = [grid.name for grid in grids]
    are_own = len(set(map(key, names))) == len(names) > 1 and not any(matches_entry("unnamed", name) for name in names)
    return names if are_own else []


def _table_name(number: int, grids: Sequence[Grid]) -> str:
    name = grids[number - 1].name
    return f"{number} “{name}”" if name and not name.isdecimal() else str(number)


def other_tables(grids: Sequence[Grid], table: int, header: int, columns: PlanColumns) -> Iterator[tuple[Grid, str]]:
    """Yield the tables that are not part of the plan, each with a phrase that quotes its first words."""
    taken = {table, *(number for number, _ in continuation_tables(grids, table, header, columns))}
    for number, grid in ((number, grid) for number, grid in enumerate(grids, 1) if number not in taken):
        words = " ".join(tidy(cell) for row in grid.rows for cell in row if cell.strip())
        yield grid, f"table {_table_name(number, grids)} ({quoted(words, _SHOWN)})"


def full_width_rows(grid: Grid, header: int) -> list[int]:
    """Return the indices, counted from 0, of the rows in which one cell covers all columns that have a heading."""
    columns = [each.column for each in headings(grid, header) if each.text.strip()]
    found = []
    for at in range(header, len(grid.rows) if len(columns) > 1 else 0):
        first, *more = [place for place, cell in enumerate(grid.rows[at]) if cell.strip()] or [len(grid.rows[at])]
        spans = (place == first or grid.spans.get((at, place)) == (at, first) for place in columns)
        found += [at] if not more and first <= columns[0] and all(spans) else []
    return found


_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)[.)]?(\s|$)")
_LONGEST_SHOWN = 30


def guess_mapping(grids: Sequence[Grid], file: Path) -> Mapping:
    """Return the mapping that the tables of a file suggest. Raises SourceError if no row looks like headings."""
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
    parts = [grids[table - 1], *(grids[number - 1] for number, _ in continuation_tables(grids, table, header, columns))]
    meanings = [heading_meaning(name) for name in columns.get("themes", ())]
    may_be = all(each and each.is_ambiguous and "objectives" in each.columns for each in meanings)
    if "objectives" not in columns and theme_headings(parts) and may_be:
        # If the themes are headings above the tables, an ambiguous “Meta” column has the objectives.
        columns = {"objectives" if name == "themes" else name: names for name, names in columns.items()}
    grid = join_tables(grids, table, header, columns)
    columns = _without_row_numbers(columns, grid, header)
    clear = {part: name for name, part, is_clear in number_columns(columns, grid, header) if is_clear}
    columns = {part: (clear[part], *names) if part in clear else names for part, names in columns.items()}
    columns["schedule"] = _calendar_columns(columns, grid, header)
    # The numbers are kept if most items have one of the depth of their column: 2 for an objective, 2.1 for an action.
    place = {each.name: each.column for each in headings(grid, header)}
    places = [(level, place[columns[name][0]]) for level, name in enumerate(COLUMNS[1:4]) if columns.get(name)]
    items = [(level, row[place]) for row in grid.rows[header:] for level, place in places if row[place].strip()]
    printed = [(level, match[1]) for level, item in items if (match := _NUMBER.match(item))]
    is_numbered = 2 * sum(number.count(".") == level for level, number in printed) > len(items)
    numbers = "keep" if is_numbered else "add"
    return Mapping.model_validate({"table": table, "header": header, "numbers": numbers, "columns": columns})


def _without_row_numbers(columns: PlanColumns, grid: Grid, header: int) -> PlanColumns:
    """Return `columns` without the file columns that number rows instead of parts.

    Row numbers change in rows where the text of the part continues from the row above.
    """
    names = [each.name for each in headings(grid, header)]
    result, texts = dict(columns), list[int]()
    # Activities are not compared, since two successive ones may have the same text.
    for part in COLUMNS[:3]:
        *numbers, text = [names.index(name) for name in columns.get(part, ())] or [-1]
        texts += [text] if text >= 0 else []
        rows = {place: _part_starts(grid, header, place, texts) for place in numbers}
        counts = {names[place] for place in numbers if any(first is None and new for first, new, _ in rows[place])}
        result[part] = tuple(name for name in columns.get(part, ()) if name not in counts)
    return result


def number_columns(columns: PlanColumns, grid: Grid, header: int) -> Iterator[tuple[str, str, bool]]:
    """Yield the unused file columns that may contain the numbers of parts of the plan.

    Each is a triple: the name of the file column, the plan column whose parts it numbers, and whether the numbers are
    certainly not row numbers.
    """
    found = headings(grid, header)
    places = {each.name: each.column for each in found}
    for each in (
        each
        for each in found
        if matches_entry("numbers", each.text) and key(each.name) not in comparable_names(columns)
    ):
        depths = {
            number_depth(normalize_number(number))
            for _, _, number in _part_starts(grid, header, each.column, ())
            if number
        }
        level = depths.pop() + 1 if len(depths) == 1 else 0
        if 0 < level < len(COLUMNS) - 1 and len(columns.get(COLUMNS[level], ())) == 1:
            texts = [places[columns[part][-1]] for part in COLUMNS[: level + 1] if columns.get(part)]
            rows = _part_starts(grid, header, each.column, texts)
            # Each part of this level has a new number, unless a higher part begins in the same row.
            if all(not new if at is None else new or (at < len(texts) - 1 and number) for at, new, number in rows):
                # Row numbers have no dots, as in 1.1.
                yield each.name, COLUMNS[level], level > 1 or any(first is None for first, _, _ in rows)


def _part_starts(grid: Grid, header: int, number: int, texts: Sequence[int]) -> list[tuple[int | None, bool, str]]:
    """Return, for each row, where a part begins and whether its number is new.

    Each is a triple: the index in `texts` of the first column whose text differs from the row above (None if all
    continue), whether the number is new, and the folded number. Rows with one filled cell, which are notes, and
    repeated heading rows are skipped.

    Args:
        grid: The table.
        header: The number of the heading row, counted from 1.
        number: The column of the numbers.
        texts: The columns of the parts, from the theme down.
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


def _calendar_columns(columns: PlanColumns, grid: Grid, header: int) -> tuple[str, ...]:
    """Return the file columns of the schedule.

    They are a start and an end date, or else the columns with a schedule heading, or else columns of years with marks
    below them, or else the first column that contains dates.
    """
    found = headings(grid, header)
    own = columns.get("schedule", ())
    named = [each for each in found if (said := heading_meaning(each.group_text)) is None or "schedule" in said.columns]
    begins, ends = ([each.name for each in named if is_end_of_period(each.text, [end])] for end in (BEGINNING, END))
    if begins and ends and {*own} <= {*begins, *ends}:
        return (begins[0], ends[0])
    years = [
        each
        for each in found
        if matches_entry("years", each.group_text or each.text)
        and (not each.group_text or matches_entry("part_of_year", each.text))
    ]
    cells = [row[each.column] for row in grid.rows[header:] for each in years if row[each.column].strip()]
    # Year columns with amounts instead of marks are a budget.
    if not own and len(years) > 1 and 2 * sum(matches_entry("tick", cell) for cell in cells) > len(cells):
        return tuple(each.name for each in years)
    return (
        own
        or tuple(each.name for each in date_columns(grid, header, columns) if _may_be_calendar_heading(each.text))[:1]
    )


def _may_be_calendar_heading(heading: str) -> bool:
    """Return whether a heading, such as "Year" or "End", denotes the schedule if its column contains dates."""
    is_dated = all(map(WORDS["dated"].fullmatch, re.split(r" ?[/|\n] ?", key(heading))))
    return is_dated or is_end_of_period(heading)


def date_columns(grid: Grid, header: int, columns: PlanColumns) -> Iterator[Heading]:
    """Yield the headings of unused columns in which most cells are dates.

    Columns whose heading denotes something outside the plan, such as a budget, are excluded.
    """
    for each in headings(grid, header):
        is_outside_plan = (
            each._replace(name=each.group_text).is_outside_plan
            if _may_be_calendar_heading(each.text)
            else each.is_outside_plan
        )
        cells = [row[each.column] for row in grid.rows[header:] if row[each.column].strip()]
        if (
            key(each.name) not in comparable_names(columns)
            and not is_outside_plan
            and 2 * sum(map(is_date, cells)) > len(cells)
        ):
            yield each
