"""Mappings of the columns of a file to those of a plan: read from TOML, or guessed from headings and cells."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from crmgraph.errors import Place, SourceError, UsageError, quoted
from crmgraph.files import read_text
from crmgraph.importing.tables import WORDS, Grid, Position, matches_entry, summary_of
from crmgraph.reading.languages import BEGINNING, END, is_end_of_period, key, tidy

COLUMNS = ("themes", "objectives", "actions", "activities", "schedule")
"""The columns of a plan, from left to right."""

PlanColumns = dict[str, tuple[str, ...]]
"""The names of the file columns that make up each plan column.

A plan column may be made from several file columns, such as a number and a text.
"""


class Meaning(NamedTuple):
    """The plan columns that a heading may denote.

    Attributes:
        columns: The plan columns, most likely first; empty if the heading is of something outside the plan, such as a
            budget.
        is_ambiguous: Whether the heading is ambiguous, such as “Goal”; then the headings beside it decide.
    """

    columns: tuple[str, ...]
    is_ambiguous: bool = False


_MEANINGS = [
    (Meaning(tuple(each["columns"]), "open" in each), re.compile(rf"\b({'|'.join(each['words'])})\b"))
    for each in WORDS.raw("meanings")
]
_LONGEST, _LONGEST_IN_ALL, _MOST_HEADER_ROWS = 60, 120, 30


def heading_meaning(heading: str) -> Meaning | None:
    """Return the meaning of a heading; None if it has no known word or is as long as a sentence.

    A bilingual heading (“Goal / Meta”) means what both parts have in common, and nothing if its parts contradict each
    other.
    """
    parts = re.split(r"[/|\n]", heading)
    if len(heading) >= _LONGEST_IN_ALL or any(len(part) >= _LONGEST for part in parts):
        return None
    found = [said for part in parts if (said := _first_meaning(key(part))) is not None]
    plain = {said for said in found if not said.is_ambiguous}
    if plain or not found:
        return plain.pop() if len(plain) == 1 else None
    shared = tuple(name for name in found[0].columns if all(name in said.columns for said in found))
    return Meaning(shared, is_ambiguous=True) if shared else None


def _first_meaning(words: str) -> Meaning | None:
    """Return the meaning of the first known word or phrase in a folded text; the longest if several begin there."""
    found = [
        (match.start(), -match.end(), place)
        for place, (_, pattern) in enumerate(_MEANINGS)
        if (match := pattern.search(words))
    ]
    return _MEANINGS[min(found)[2]][0] if found else None


def likeliest_column(heading: str) -> str | None:
    """Return the most likely plan column of a heading; None if it denotes no plan column."""
    said = heading_meaning(heading)
    return said.columns[0] if said and said.columns else None


class Heading(NamedTuple):
    """The heading of a column of a table.

    Attributes:
        column: The index of the column, counted from 0.
        text: The text of the heading, as in the file.
        group_text: The heading that the column shares with others, in the row above; empty if `text` alone denotes a
            plan column.
        name: The unique name of the column in a mapping: `group_text` and `text`. The second column called "No." is
            "No.#2", and a column without a heading is "column 2", for example.
        first_column: The first column of the merged cell of the heading. A heading may cover a column of numbers and
            one of texts.
    """

    column: int
    text: str
    group_text: str
    name: str
    first_column: int

    @property
    def is_outside_plan(self) -> bool:
        """Whether the column contains numbers, or something outside the plan such as a budget."""
        said = heading_meaning(self.name)
        return matches_entry("numbers", self.text) or (said is not None and not said.columns)


def headings(grid: Grid, row: int) -> list[Heading]:
    """Return the headings of all columns of a table.

    Args:
        grid: The table.
        row: The number of the heading row, counted from 1; the headings of groups of columns are in the row above it.
    """
    lower = grid.rows[row - 1]
    groups = _group_headings(grid, row - 1) if row > 1 else {}
    shared = [grid.rows[row - 2][groups[place]] if place in groups else "" for place in range(len(lower))]
    above = ["" if likeliest_column(text) else group for text, group in zip(lower, shared, strict=True)]
    groups = groups if any(above) else {}
    found: list[Heading] = []
    seen: Counter[str] = Counter()
    for place, group in enumerate(above):
        at, first = _heading_cell(grid, row, place, bool(groups) and place not in groups)
        name = tidy(f"{group} {grid.rows[at][first]}") or f"column {place + 1}"
        seen[key(name)] += 1
        number = f"#{seen[key(name)]}" if seen[key(name)] > 1 else ""
        found.append(Heading(place, grid.rows[at][first], group, f"{name}{number}", first))
    return found


def header_height(found: Sequence[Heading]) -> int:
    """Return the number of rows that the headings take up, 1 or 2."""
    return 2 if any(heading.group_text for heading in found) else 1


def _heading_cell(grid: Grid, row: int, place: int, is_two_rows: bool) -> Position:
    """Return the position of the cell with the heading of a column.

    Args:
        grid: The table.
        row: The number of the heading row, counted from 1.
        place: The index of the column.
        is_two_rows: Whether the heading may be in the row above.
    """
    here = (row - 1, place)
    if grid.rows[row - 1][place].strip():
        return here
    if is_two_rows and grid.rows[row - 2][place].strip():
        return (row - 2, place)
    first = grid.spans.get(here)
    # An empty column is only layout.
    is_used = any(each[place].strip() for each in grid.rows[row:])
    return first if first and first[0] >= row - 1 - is_two_rows and is_used else here


def _group_headings(grid: Grid, row: int) -> dict[int, int]:
    """Return, for each column that shares a heading in the row above, the index of the column with that heading.

    A row of a plan below its headings looks like a second heading row. So the result is empty unless each column
    outside the groups has text in only one of the two rows, and one of those texts denotes a plan column.

    Args:
        grid: The table.
        row: The index of the lower heading row, counted from 0.
    """
    upper, lower = grid.rows[row - 1], grid.rows[row]
    said = [place for place, cell in enumerate(upper) if cell.strip()]
    groups: dict[int, int] = {}
    for first in said:
        places = [first, *_grouped_columns(grid, row, first)]
        # In a calendar of years and quarters, the last year may have only one quarter.
        is_quarter = groups and matches_entry("years", upper[first]) and matches_entry("part_of_year", lower[first])
        if is_quarter or sum(bool(lower[place].strip()) for place in places) > 1:
            groups.update(dict.fromkeys(places, first))
    others = [place for place in range(len(lower)) if place not in groups and (upper[place] + lower[place]).strip()]
    is_title = len(said) == 1 and not any(cell.strip() for cell in lower[: said[0]])
    is_clear = all(not upper[place].strip() or not lower[place].strip() for place in others)
    # A merged heading such as “Objetivo” often covers the numbers and the texts of a column, without subheadings.
    is_plain = all(likeliest_column(upper[first]) in (None, "schedule") for first in groups.values())
    is_joined = all(lower[place].strip() or (row, place) in grid.spans for place in others)
    is_said = any(likeliest_column(upper[place] or lower[place]) for place in others)
    return groups if is_clear and is_said and (is_plain or is_joined) and not is_title else {}


def _grouped_columns(grid: Grid, row: int, first: int) -> Iterator[int]:
    """Yield the columns that share the heading of the column `first`: the merged cell covers them.

    If no cell of the row is merged in the file, they are the columns to the right with an empty cell in the row.
    """
    upper, lower = grid.rows[row - 1], grid.rows[row]
    is_said = any(grid.spans.get((row - 1, place), (row, 0))[0] == row - 1 for place in range(len(upper)))
    for place in range(first + 1, len(upper)):
        spans = grid.spans.get((row - 1, place)) == (row - 1, first)
        if upper[place].strip() or not (spans if is_said else lower[place].strip()):
            return
        yield place


def searched_rows(grid: Grid) -> range:
    """Return the numbers of the rows that may be heading rows, counted from 1."""
    return range(1, min(len(grid.rows), _MOST_HEADER_ROWS) + 1)


def find_header(grid: Grid) -> tuple[int, PlanColumns] | None:
    """Return the heading row with the most headings of a plan and its plan columns, if a row has at least two.

    The row is counted from 1.
    """
    best = None
    for row in searched_rows(grid):
        found = headings(grid, row)
        columns = _plan_columns(found)
        # The lower row of a two-row heading has the same headings, so a tie goes to the lower row.
        is_lower = best is not None and header_height(found) == 2 and best[0] == row - 1
        if len(columns) >= 2 and (best is None or len(columns) + is_lower > len(best[1])):
            best = row, columns
    return best


def _plan_columns(found: Sequence[Heading]) -> PlanColumns:
    """Return the file columns that make up each plan column.

    A column of numbers belongs to the column to its right. The schedule may consist of several columns, such as years.
    """
    own = _own_columns(found)
    columns: PlanColumns = {}
    before: tuple[str, ...] = ()
    for heading, own_kind in zip(found, own, strict=True):
        if matches_entry("numbers", heading.text):
            before = (heading.name,)
        else:
            kind = own_kind or likeliest_column(heading.group_text)
            is_calendar = kind == "schedule" and not own_kind and kind not in own
            is_joined = found[heading.first_column].name in columns.get(kind or "", ())
            if kind is not None and (kind not in columns or is_calendar or is_joined):
                columns[kind] = (*columns.get(kind, ()), *before, heading.name)
            before = ()
    return columns


def _own_columns(found: Sequence[Heading]) -> list[str | None]:
    """Return the plan column of each heading by its own text, ignoring group headings.

    An ambiguous heading denotes the first of its plan columns that fits between those of the headings to its left and
    right.
    """
    said = [heading_meaning(heading.text) for heading in found]
    own = [each.columns[0] if each and each.columns and not each.is_ambiguous else None for each in said]
    for heading, each in (
        (heading, each) for heading, each in zip(found, said, strict=True) if each and each.is_ambiguous
    ):
        place, first = heading.column, heading.first_column
        levels = [COLUMNS.index(name) if name and name != "schedule" else None for name in own]
        least = max((level for level in levels[:place] if level is not None), default=-1)
        most = min((level for level in levels[place:] if level is not None), default=len(COLUMNS))
        free = next((name for name in each.columns if least < COLUMNS.index(name) < most), None)
        own[place] = own[first] if first < place else free
    return own


_Names = Annotated[tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


class Mapping(BaseModel, frozen=True, extra="forbid"):
    """The mapping of a file to a plan.

    Attributes:
        table: The number of the table with the plan, counted from 1.
        header: The number of the heading row, counted from 1.
        title: The lines above the plan; by default, the lines before the table.
        numbers: Whether the numbers in the file are kept, or a number is added to each item without one.
        language: The language of the plan; None to detect it.
        columns: The headings of the file for each column of the plan. Several are joined, such as those of a number and
            a text.
    """

    class Columns(BaseModel, frozen=True, extra="forbid"):
        """The headings of the file for each column of a plan."""

        themes: _Names = ()
        objectives: _Names = ()
        actions: _Names = ()
        activities: _Names = ()
        schedule: _Names = ()

    table: int = Field(1, ge=1)
    header: int = Field(1, ge=1)
    title: _Names = ()
    numbers: Literal["keep", "add"] = "keep"
    language: Literal["es", "en", "fr", "pt"] | None = None
    columns: Columns = Columns()

    def column_names(self) -> PlanColumns:
        """Return the tidied names of the file columns, for each plan column that has any."""
        return {name: tuple(map(tidy, getattr(self.columns, name))) for name in COLUMNS if getattr(self.columns, name)}


def read_mapping(file: Path) -> Mapping:
    """Return the mapping in a TOML file.

    Raises UsageError if it is invalid or assigns a heading to two plan columns.
    """
    try:
        read = Mapping.model_validate(tomllib.loads(read_text(file, UsageError)))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"this is not TOML: {error}", Place(file)) from None
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise UsageError(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}", Place(file)) from None
    named = Counter(name for names in read.column_names().values() for name in set(names))
    if twice := [name for name, count in named.items() if count > 1]:
        raise UsageError(f"“{twice[0]}” is named for two columns of a plan; name it for one of them", Place(file))
    return read


def as_toml(mapping: Mapping, unplaced: Sequence[str] = ()) -> str:
    """Return a mapping as a commented TOML file, which `read_mapping` reads.

    Args:
        mapping: The mapping.
        unplaced: The headings that belong to no plan column; a comment lists them.
    """

    def quote_all(texts: Sequence[str]) -> str:
        # A list of texts is written alike in TOML and in JSON.
        return json.dumps(texts[0] if len(texts) == 1 else texts, ensure_ascii=False)

    wanted = mapping.column_names()
    lines = [
        "# Which table of the file holds the plan, and which of its rows the headings (from 1).",
        f"table = {mapping.table}",
        f"header = {mapping.header}",
        "# Lines above the plan; without any, those that stand before the table.",
        f"title = {quote_all(mapping.title)}" if mapping.title else '# title = ["Plan de Acción"]',
        '# "keep" the numbers that the file prints, or "add" one to each item that has none.',
        f'numbers = "{mapping.numbers}"',
        '# The language, where its words do not tell: "es", "en", "fr" or "pt".',
        f'language = "{mapping.language}"' if mapping.language else '# language = "es"',
        "",
        "# For each column of a plan the heading in the file; several are joined, such as a number and a text.",
        "[columns]",
        *(f"{name} = {quote_all(wanted[name])}" if name in wanted else f'# {name} = ""' for name in COLUMNS),
        *([f"# not in the plan: {', '.join(quote_all([name]) for name in unplaced)}"] if unplaced else []),
    ]
    return "\n".join(lines) + "\n"


SHOWN = 40
"""The maximum number of code points of a text that a message quotes."""


def continuation_tables(grids: Sequence[Grid], table: int, header: int) -> list[tuple[int, int]]:
    """Return the later tables that continue a table, as pairs of table number and heading row, counted from 1.

    A continuation has the same headings in the same columns.
    """
    names = _names_by_column(grids[table - 1], header)
    found = (
        (number, next((row for row in searched_rows(grid) if _names_by_column(grid, row) == names), 0))
        for number, grid in enumerate(grids[table:], table + 1)
    )
    return [(number, row) for number, row in found if row]


def _names_by_column(grid: Grid, row: int) -> dict[int, str]:
    """Return the folded names of the columns that have a heading, by their indices."""
    return {each.column: key(each.name) for each in headings(grid, row) if each.text.strip()}


def join_tables(grids: Sequence[Grid], table: int, header: int, columns: PlanColumns) -> Grid:
    """Return a table joined with its continuations.

    If no column has themes, the headings above the tables become the themes, or else the names of the tables. Page
    numbers and the lines above the continuations are left out.

    Args:
        grids: The tables of the file.
        table: The number of the first table, counted from 1.
        header: The number of its heading row, counted from 1.
        columns: The file columns that make up each plan column.
    """
    first, behind = grids[table - 1], continuation_tables(grids, table, header)
    parts, headers = [first, *(grids[number - 1] for number, _ in behind)], (header, *(row for _, row in behind))
    is_themed = columns.get("themes") or any(map(full_width_rows, parts, headers))
    over = [] if is_themed else theme_headings(parts)
    themes = over or ([] if is_themed else _distinct_names(parts))
    rows, numbers, begins = list(first.rows), list(first.row_numbers or range(1, len(first.rows) + 1)), [header]
    moved, lines = [first], list[str]()
    for part, (_, row) in zip(parts[1:], behind, strict=True):
        moved.append(part.with_moved_cells(partial(_joined_position, row, len(rows) - row)))
        begins.append(len(rows))
        rows += part.rows[row:]
        numbers += (part.row_numbers or range(1, len(part.rows) + 1))[row:]
        said = chain(part.before, *part.rows[: row - header_height(headings(part, row))])
        lines += [tidy(line) for line in said if line.strip() and line not in _theme_heading_lines(part, over)]
    title = {tidy(line) for line in chain(first.before, *first.rows[: header - 1])}
    pages = [line for line in first.before if matches_entry("page", line)]
    what, named = "headings above" if over else "names of", ", ".join(map(quoted, dict.fromkeys(themes)))
    called = ", ".join(_table_name(number, grids) for number in (table, *(number for number, _ in behind)))
    as_themes = f"the {what} the tables were taken as themes, for no column has them: {named}"
    as_one = (
        f"tables {called} have the same headings, and are read as one plan; take out of the file what is another plan"
    )
    width = max(len(row) for row in rows)
    return replace(
        first,
        before=tuple(line for line in first.before if line not in (*pages, *_theme_heading_lines(first, over))),
        rows=tuple((*row, *[""] * (width - len(row))) for row in rows),
        omissions=(
            *dict.fromkeys(chain(*(part.omissions for part in parts))),
            *summary_of("line{} with the number of a page", pages),
            *summary_of("line{} above the further tables", [line for line in lines if line not in title]),
        ),
        assumptions=(
            *dict.fromkeys(chain(*(part.assumptions for part in parts))),
            *([as_themes] if themes else []),
            *([as_one] if behind else []),
        ),
        spans={position: start for each in moved for position, start in each.spans.items()},
        unreadable={position: said for each in moved for position, said in each.unreadable.items()},
        struck_cells=frozenset(chain(*(each.struck_cells for each in moved))),
        row_numbers=numbers if first.row_numbers or behind else (),
        table_starts={begin: part.name for begin, part in zip(begins[1:], parts[1:], strict=True)},
        theme_starts=dict(zip(begins, themes, strict=False)),
    )


def _joined_position(header: int, down: int, position: Position) -> Position | None:
    """Return the position in the joined table of a cell of a continuation; None for a cell above its first data row.

    Args:
        header: The index of the first row of the continuation below its headings.
        down: The number of rows by which its cells move down.
        position: The position of the cell in the continuation.
    """
    return (position[0] + down, position[1]) if position[0] >= header else None


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


def other_tables(grids: Sequence[Grid], table: int, header: int) -> Iterator[tuple[Grid, str]]:
    """Yield the tables that are not part of the plan, each with a phrase that quotes its first words."""
    taken = {table, *(number for number, _ in continuation_tables(grids, table, header))}
    for number, grid in ((number, grid) for number, grid in enumerate(grids, 1) if number not in taken):
        words = " ".join(tidy(cell) for row in grid.rows for cell in row if cell.strip())
        yield grid, f"table {_table_name(number, grids)} ({quoted(words, SHOWN)})"


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


def guess_mapping(grids: Sequence[Grid], file: Path) -> Mapping:
    """Return the mapping that the tables of a file suggest. Raises SourceError if no row looks like headings."""
    found = [(each, number) for number, grid in enumerate(grids, 1) if (each := find_header(grid)) is not None]
    if not found:
        said = [tidy(cell) for cell in grids[0].rows[0] if cell.strip()]
        seen = ", ".join(quoted(each, SHOWN) for each in said)
        raise SourceError(
            "no row has headings like those of a plan (theme, objective, action, activity, schedule); "
            f"the first has {seen}. Say in a mapping which is which",
            Place(file),
        )
    (header, columns), table = max(found, key=lambda each: len(each[0][1]))
    parts = [grids[table - 1], *(grids[number - 1] for number, _ in continuation_tables(grids, table, header))]
    may_be = all(
        each and each.is_ambiguous and "objectives" in each.columns
        for each in [heading_meaning(name) for name in columns.get("themes", ())]
    )
    if "objectives" not in columns and theme_headings(parts) and may_be:
        # If the themes are headings above the tables, an ambiguous “Meta” column has the objectives.
        columns = {"objectives" if name == "themes" else name: names for name, names in columns.items()}
    grid = join_tables(grids, table, header, columns)
    columns = _without_row_numbers(columns, grid, header)
    columns["schedule"] = _calendar_columns(columns, grid, header)
    # The numbers are kept if most items have one of the depth of their column: 2 for an objective, 2.1 for an action.
    place = {each.name: each.column for each in headings(grid, header)}
    places = [(level, place[columns[name][0]]) for level, name in enumerate(COLUMNS[1:4]) if columns.get(name)]
    items = [(level, row[place]) for row in grid.rows[header:] for level, place in places if row[place].strip()]
    printed = [(level, match[1]) for level, item in items if (match := _NUMBER.match(item))]
    is_numbered = 2 * sum(number.count(".") == level for level, number in printed) > len(items)
    return Mapping.model_validate(
        {"table": table, "header": header, "numbers": "keep" if is_numbered else "add", "columns": columns}
    )


def _without_row_numbers(columns: PlanColumns, grid: Grid, header: int) -> PlanColumns:
    """Return `columns` without the file columns that number rows instead of parts.

    Row numbers change in rows where the text of the part continues from the row above.
    """
    places = {each.name: each.column for each in headings(grid, header)}
    rows = [[key(cell) for cell in row] for row in grid.rows[header:] if sum(bool(cell.strip()) for cell in row) > 1]
    result, texts = dict(columns), list[int]()
    # Activities are not compared, since two successive ones may have the same text.
    for part in COLUMNS[:3]:
        indices = [places[name] for name in columns.get(part, ())]
        texts += indices[-1:]
        counts = {
            number
            for number in indices[:-1]
            for above, row in pairwise(rows)
            if row[number] not in ("", above[number]) and all(row[text] in ("", above[text]) for text in texts)
        }
        result[part] = tuple(name for name in columns.get(part, ()) if places[name] not in counts)
    return result


def _calendar_columns(columns: PlanColumns, grid: Grid, header: int) -> tuple[str, ...]:
    """Return the file columns of the schedule.

    They are a start and an end date, or else the column with a schedule heading, or else columns of years with marks
    below them.
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
    is_calendar = not own and len(years) > 1 and 2 * sum(matches_entry("tick", cell) for cell in cells) > len(cells)
    return tuple(each.name for each in years) if is_calendar else own
