"""The rows of a plan: items in a cell, rows that are not part of the plan, repeated cells, and numbers of items."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, groupby, zip_longest
from operator import methodcaller
from pathlib import Path
from typing import NamedTuple

from crmgraph.errors import Place, SourceError, quoted
from crmgraph.importing.mapping import COLUMNS, SHOWN
from crmgraph.importing.tables import WORDS, matches_entry
from crmgraph.reading.languages import key, tidy

_PARTS = 4
"""The number of levels of parts: themes, objectives, actions and activities."""
_ACTIVITY = 3
_FEWEST_WORDS = 8
"""The minimum number of words of a sentence. A shorter text may be a title that ends with a full stop."""


_BULLETS = "•●▪■◦‣∙○►➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc"
"""Bullets. The last ones are private-use characters of the font Wingdings, which Word writes."""
_DASHES = "-–—*·"
_BLANK_LINE = re.compile(r"\n\s*\n")


def leading_number(text: str) -> str:
    """Return the item number that a text begins with, such as "1.2"; empty if there is none."""
    found = WORDS["number"].match(text)
    return found[1] if found else ""


def number_depth(text: str) -> int:
    """Return the number of dots in the item number that a text begins with; -1 if there is none."""
    number = leading_number(text)
    return number.count(".") if number else -1


def _starts_with_item_number(text: str) -> bool:
    """Return whether a text begins with a number followed by a dot, bracket, colon or dash.

    Without such a sign, the number may be an amount, as in "3 talleres".
    """
    found = WORDS["number"].match(text)
    return found is not None and found[0].strip() != found[1]


def _normalize_number(text: str) -> str:
    """Return a text that is only an item number in its normal form; any other text unchanged.

    Brackets and ordinal signs are removed, and a number of one part gets a dot: "(1.1)" becomes "1.1", "1.º" becomes
    "1.".
    """
    found = WORDS["number_alone"].fullmatch(text)
    return text if found is None else found[1] if "." in found[1] else f"{found[1]}."


def _item_numbers(cell: str) -> list[str]:
    """Return the item numbers at the beginning of the lines of a cell.

    A number counts only with a dot or a bracket: "12 meses" has none.
    """
    return [
        each[1]
        for each in map(WORDS["number"].match, cell.split("\n"))
        if each and ("." in each[1] or each[0].rstrip().endswith((".", ")")))
    ]


def _count_items(cell: str) -> int:
    """Return the number of items in a cell, which are separated by blank lines or begin with item numbers."""
    blocks = [block for block in _BLANK_LINE.split(cell.strip()) if block.strip() and not _item_numbers(block)]
    return len(blocks) + len(_item_numbers(cell))


def list_items(cell: str) -> Sequence[str]:
    """Return the items of a cell that is a list, without bullets or counts; else the whole text as one item.

    A text before the first item makes the list part of a sentence, so the cell is not split. A list of one item needs a
    bullet, since a dash or count may belong to a sentence.
    """
    text = cell.strip()
    mark = text[:1]
    if mark and mark in _BULLETS:
        return [*filter(None, map(str.strip, text.split(mark)))] or (text,)
    begin = re.escape(mark) if mark in _DASHES else WORDS.source("count")
    is_list = (mark and mark in _DASHES) or WORDS["first_count"].match(text)
    found = [each.strip() for each in re.split(rf"(?:^|\n)[^\S\n]*{begin}\s+", text) if each.strip()] if is_list else []
    return found if len(found) > 1 else (text,)


def split_activities(cell: str, when: str) -> list[tuple[str, str]]:
    """Return the activities of a cell, each with its schedule; a cell with one activity is returned whole.

    Paragraphs are separate activities if blank lines separate them, or if the schedule is a list, or consists of lines
    with years, and has one entry for each. A schedule
    with one entry applies to all activities.
    """
    times = list_items(when)
    times = times if len(times) > 1 else _dated_lines(when) or times
    found = _paragraphs(cell)
    if len(found) < 2 or len(times) not in (1, len(found)) or not (_BLANK_LINE.search(cell.strip()) or len(times) > 1):
        return [(cell, when)]
    return [(each, times[place] if len(times) > 1 else when) for place, each in enumerate(found)]


def _paragraphs(cell: str) -> list[str]:
    """Return the paragraphs of a cell, separated by blank lines or, if it has none, by line ends.

    The result is empty for a list or for a cell with numbered lines.
    """
    text = cell.strip()
    found = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    is_listed = len(list_items(cell)) > 1 or any(WORDS["listed"].match(line.strip()) for line in text.split("\n"))
    return [] if is_listed else [tidy(each) for each in found if each.strip()]


def _dated_lines(cell: str) -> list[str]:
    """Return the lines of a schedule cell if each contains a year; else an empty list."""
    lines = [line.strip().rstrip(";,") for line in cell.split("\n") if line.strip()]
    return lines if all(map(WORDS["year"].search, lines)) else []


def _join_dated_lines(cell: str) -> str:
    """Return a schedule cell as one line if each of its lines contains a year; else unchanged.

    Plain years are joined with commas, other dates with semicolons.
    """
    lines = _dated_lines(cell)
    return (
        cell if len(lines) < 2 else (", " if all(matches_entry("years", line) for line in lines) else "; ").join(lines)
    )


class TableRow(NamedTuple):
    """A table row that contains parts of a plan.

    Attributes:
        row_index: The index of the row, counted from 0.
        parts: The texts of the theme, objective, action and activity. A part may have several texts, such as a number
            and words.
        is_merged: Whether the activity cell is merged with the one above it.
        struck_level: The highest level whose cell is struck through or hidden, 0 for themes; None if there is none.
    """

    row_index: int
    parts: tuple[tuple[str, ...], ...]
    schedule: str
    is_merged: bool = False
    struck_level: int | None = None


class PlanRow(NamedTuple):
    """One row of a plan table: the five cells, with repeated parts left empty.

    Attributes:
        row_index: The index of the table row from which the cells are read.
        cells: The theme, objective, action, activity and schedule; empty where the part continues from the row above.
        full_path: The theme, objective, action and activity to which the row belongs, including those left empty in
            `cells`.
    """

    row_index: int
    cells: tuple[str, ...]
    full_path: tuple[str, ...] = ()

    def path(self, level: int) -> tuple[str, ...]:
        """Return the folded texts of the parts from the theme down to `level`, to compare rows."""
        return tuple(map(key, self.full_path[: level + 1]))


class ResolvedRows(NamedTuple):
    """The rows of a plan, and what was changed or lost when they were read.

    Attributes:
        returning: The texts of objectives and actions that come back after others, whose rows are put together.
        lost: The texts that belong to a part that is struck through or hidden, and so are left out.
    """

    rows: list[PlanRow]
    returning: list[str]
    lost: list[str]


def part_text(texts: Sequence[str]) -> str:
    """Return the texts of a part joined to one.

    A number in a column of its own is normalised ("1" becomes "1."), so that it is recognised as an item number.
    """
    said = [text for text in texts if len(texts) == 1 or text.strip()]
    return " ".join([_normalize_number(said[0]), *said[1:]] if len(said) > 1 else said)


def rows_outside_plan(
    rows: Sequence[Sequence[str]], last_theme_column: int, full_width: Container[int]
) -> Mapping[int, tuple[str, str]]:
    """Return the rows below the headings that are not part of the plan: index → (“total” or “note”, text).

    Args:
        rows: The rows below the headings.
        last_theme_column: The index of the last column of themes. A text to the right of it belongs to a part of the
            plan.
        full_width: The rows in which one cell covers the whole table. Below all other rows, they are notes.
    """
    found = {place: ("total", said) for place, said in _total_rows(rows)}
    # If all rows have one cell, they are themes and not notes.
    is_below = any(sum(bool(cell.strip()) for cell in row) > 1 for row in rows)
    for place in reversed(range(len(rows))):
        said = [(column, cell) for column, cell in enumerate(rows[place]) if cell.strip()]
        if said and place not in found:
            (column, text), *more = said
            is_sentence = text.rstrip().endswith(".") and len(text.split()) >= _FEWEST_WORDS
            has_sign = place in full_width or is_sentence or WORDS["note_mark"].match(text.strip())
            is_apart = not more and (column <= last_theme_column or place in full_width)
            if is_apart and ((is_below and has_sign) or WORDS["note"].match(key(text))):
                found[place] = ("note", tidy(text))
            else:
                is_below = False
    return found


def _total_rows(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield the index and text of each row that contains only a total label and amounts."""
    above: dict[int, str] = {}
    for place, row in enumerate(rows):
        said = {column: key(cell) for column, cell in enumerate(row) if cell.strip()}
        amounts = {column for column, cell in said.items() if WORDS["amount"].fullmatch(cell)}
        new = {cell: column for column, cell in said.items() if column not in amounts and above.get(column) != cell}
        words = next(iter(new)).strip(" :.=*") if len(new) == 1 else ""
        if matches_entry("total", words) or (amounts and matches_entry("total_of", words)):
            yield place, tidy(row[next(iter(new.values()))])
        else:
            above.update(said)


def resolve_rows(rows: Sequence[TableRow], keeps_themes: bool) -> ResolvedRows:
    """Return the rows of a plan, with each part only where it begins or is taken up again.

    A cell continues the part above if it is empty or repeats its text, and the cells to its left continue too. A
    schedule beside an objective or action, without an activity, belongs to that part. Rows of a part that is
    interrupted by others are put together. The content of struck-through parts is left out, since it would otherwise be
    attached to another part.

    Args:
        rows: The rows of the table.
        keeps_themes: Whether a repeated theme stays in the result, as on a new page.
    """
    above: list[tuple[str, ...]] = [()] * _PARTS
    texts = [""] * _PARTS
    found, lost, is_sorted = list[PlanRow](), list[str](), True
    gone: int | None = None
    for row in rows:
        own = [*map(part_text, row.parts), row.schedule]
        if gone is None or any(map(str.strip, own[: gone + 1])):
            gone = row.struck_level
        if gone is not None:
            lost += filter(str.strip, own[gone:])
            row = row._replace(parts=(*row.parts[:gone], *[("",)] * (_PARTS - gone)), schedule="")
        cells: list[str] = []
        goes_on = True
        for level, part in enumerate(row.parts):
            cell = part_text(part)
            said_above = zip_longest(part, above[level][: len(part)], fillvalue="")
            is_again = all(key(each) in ("", key(before)) for each, before in said_above)
            goes_on = goes_on and is_again and (level < _ACTIVITY or not cell.strip())
            if not goes_on:
                texts[level], above[level] = cell, part
            cells.append("" if goes_on and not (keeps_themes and level == 0) else cell)
        said = max((level for level, part in enumerate(row.parts) if any(map(str.strip, part))), default=0)
        last = said if said and not row.is_merged else _ACTIVITY
        is_sorted = is_sorted and not any(texts[last + 1 :])
        if row.schedule.strip() or any(cell.strip() for cell in cells):
            found.append(
                PlanRow(row.row_index, (*cells, row.schedule), (*texts[: last + 1], *[""] * (_ACTIVITY - last)))
            )
    returning = list(_repeated_parts(found))
    return ResolvedRows(_group_by_part(found, keeps_themes) if returning or not is_sorted else found, returning, lost)


def _repeated_parts(rows: Sequence[PlanRow]) -> Iterator[str]:
    """Yield the objectives and actions that occur again after other parts."""
    for level in range(1, _ACTIVITY):
        seen = set()
        for path, group in groupby(rows, key=methodcaller("path", level)):
            if path[level] and path in seen:
                yield tidy(next(group).full_path[level])
            seen.add(path)


def _group_by_part(rows: Sequence[PlanRow], keeps_themes: bool) -> list[PlanRow]:
    """Return the rows, grouped by part.

    A row that belongs to a part alone precedes the rows of its subordinate parts.
    """
    paths = dict.fromkeys(row.path(level) for row in rows for level in range(_PARTS))
    order = {path: place for place, path in enumerate(paths)}
    places = [[(bool(path[-1]), order[path]) for path in map(row.path, range(_ACTIVITY))] for row in rows]
    keys = {
        row.row_index: (place, bool(row.full_path[_ACTIVITY].strip())) for row, place in zip(rows, places, strict=True)
    }
    found: list[PlanRow] = []
    for row in sorted(rows, key=lambda each: keys[each.row_index]):
        is_same = [bool(found) and found[-1].path(level) == row.path(level) for level in range(_ACTIVITY)]
        is_same[0] = is_same[0] and not (keeps_themes and row.cells[0])
        parts = ("" if same else text for same, text in zip(is_same, row.full_path, strict=False))
        found.append(row._replace(cells=(*parts, *row.cells[_ACTIVITY:])))
    return found


_SCHEDULE = 4
"""The level of the schedule; themes have level 0."""
_MOST_DIGITS = 3
"""The maximum number of digits of an objective number: a longer one such as 2030 is a year."""


@dataclass
class _Item:
    """An item of a plan that gets a number.

    Attributes:
        row: The index of the row in which it begins.
        level: The level, 0 for themes.
        has_skipped_level: Whether the item has no parent at the nearest higher level that the plan uses.
        items: The items that belong to it.
    """

    row: int
    level: int
    text: str
    has_skipped_level: bool = False
    items: list["_Item"] = field(default_factory=list)


def add_item_numbers(rows: Sequence[PlanRow], row_name: Callable[[int], str], file: Path) -> list[list[str]]:
    """Return the rows with one item in each cell, on one line, and a number before each item.

    A number in the file is kept if it fits in the plan; an added number is in brackets. Raises SourceError if it is
    unclear to which part an item belongs.

    Args:
        rows: The rows of the plan.
        row_name: Returns the name of a row of the table, for messages.
        file: The file, for messages.
    """
    apart = [row._replace(cells=cells) for row in rows for cells in _split_row(row.cells)]
    numbered = [list(row.cells) for row in apart]
    for theme in _build_items(apart, row_name, file):
        _add_numbers(theme, "", numbered)
    return numbered


def _build_items(rows: Sequence[PlanRow], row_name: Callable[[int], str], file: Path) -> list[_Item]:
    """Return the themes with their descendants. Raises SourceError for an item that lacks a required parent."""
    levels = range(_SCHEDULE + 1)
    used = [any(row.cells[level] for row in rows) for level in levels]
    printed = [any(number_depth(row.cells[level]) == level - 1 for row in rows) for level in levels]
    themes: dict[str, _Item] = {}
    last: list[_Item | None] = [None] * len(levels)
    for at, row in enumerate(rows):
        for level, text in ((level, text) for level, text in enumerate(row.cells) if text):
            item = themes.setdefault(key(text), _Item(at, 0, text)) if level == 0 else _Item(at, level, text)
            above = next((each for each in reversed(last[:level]) if each), None)
            if above:
                nearest = next((each for each in reversed(range(1, level)) if used[each]), 0)
                item.has_skipped_level = nearest > above.level
                if item.has_skipped_level and (level < _SCHEDULE or above.level == 0 or printed[above.level + 1]):
                    raise SourceError(
                        f"in {row_name(row.row_index)}, {quoted(text, SHOWN)} ({COLUMNS[level]}) belongs to nothing: "
                        f"the column {COLUMNS[nearest]} is empty there and above it in its part of the table; write in "
                        "the file what it belongs to",
                        Place(file),
                    )
                above.items.append(item)
            last[level:] = [item, *[None] * (_SCHEDULE - level)]
    return list(themes.values())


def _add_numbers(above: _Item, number: str, rows: list[list[str]]) -> None:
    """Write the numbers of all items below `above` into `rows`, recursively; numbers not in the file are in brackets.

    A level that the plan does not use counts as 1. An item that skips a level gets an intermediate number that no other
    part has.

    Args:
        above: The parent.
        number: Its number; empty for a theme.
        rows: The rows to change.
    """
    printed = [_printed_number(item, number) for item in above.items]
    counts: Counter[str] = Counter()
    taken: set[str] = set()
    for item, own in zip(above.items, printed, strict=True):
        place = number
        for level in range(above.level + 1, item.level):
            if item.has_skipped_level and level == above.level + 1:
                counts[place] = _next_free_count(place, counts[place], printed)
            place = _child_number(place, counts[place] if item.has_skipped_level and level == above.level + 1 else 1)
        is_printed = own and place == number and (item.level == 1 or own not in taken)
        given = own if is_printed else _child_number(place, _next_free_count(place, counts[place], printed))
        counts[place] = max(counts[place], int(given.rpartition(".")[2]))
        taken.add(given)
        rows[item.row][item.level] = item.text if is_printed else f"[{given}] {item.text}"
        _add_numbers(item, given, rows)


def _child_number(number: str, count: int) -> str:
    return f"{number}.{count}" if number else str(count)


def _next_free_count(number: str, last: int, kept: Collection[str]) -> int:
    """Return the first count after `last` that gives a number below `number` that is not in `kept`."""
    return next(each for each in count(last + 1) if _child_number(number, each) not in kept)


def _printed_number(item: _Item, above: str) -> str:
    """Return the item number at the beginning of an item, if it fits below the number `above`; else an empty text.

    "3.2 millones" below item 1 is an amount, so it has no item number. The number of an objective must be followed by a
    dot or the like, or be in a column of its own.
    """
    number = leading_number(item.text)
    if item.level > 1:
        is_printed = number_depth(item.text) == item.level - 1 and number.startswith(f"{above}.")
    else:
        is_short = number.isdecimal() and len(number) <= _MOST_DIGITS
        is_printed = is_short and _starts_with_item_number(item.text) and not WORDS["lettered"].match(item.text)
    return number if is_printed else ""


def _split_row(cells: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each activity in the activity cell, which may be a list.

    A schedule with one entry for each activity is divided; any other schedule applies to all of them.
    """
    *before, activity, when = cells
    activities, times = list_items(activity), list_items(when)
    times = times if len(times) == len(activities) else _dated_lines(when)
    for place, each in enumerate(activities):
        own = times[place] if len(times) == len(activities) else when
        row = (*(before if place == 0 else [""] * len(before)), each, _join_dated_lines(own))
        # A blank line, or a number at the beginning of a line, would begin another item.
        yield tuple(" ".join(line.strip() for line in cell.split("\n") if line.strip()) for cell in row)


def with_schedule_numbers(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Yield the rows, with a number in brackets before each schedule entry, unless the file numbers its schedule.

    The number attaches an entry to the activity in its row, or to the action or objective if there is no activity. In a
    row with several activities, the lines of the schedule are separated if there is one for each.
    """
    is_numbered = any(number_depth(row[-1]) == _SCHEDULE - 1 for row in rows)
    used = {number for row in rows for cell in row[1:-1] for number in _item_numbers(cell)}
    above, count = "", 0
    for *parts, when in rows:
        level = next((level for level in reversed(range(1, _SCHEDULE)) if parts[level].strip()), None)
        if level is not None:
            numbers = _item_numbers(parts[level])
            is_known = len(numbers) == _count_items(parts[level]) == 1 and numbers[0].count(".") == level - 1
            above, count = numbers[0] if is_known else "", 0
        said, lines = _join_dated_lines(when), _dated_lines(when)
        if above and when.strip() and "\n\n" not in when.strip():
            count += 1
            said = f"[{_activity_number(above, used)}.{count}] {said.strip()}"
        elif len(lines) == _count_items(parts[-1]) > 1:
            said = "\n\n".join(lines)
        yield [*parts, when if is_numbered else said]


def _activity_number(number: str, used: Collection[str]) -> str:
    """Return the number of the activity to which a schedule entry belongs.

    For an action or objective, it is an unused number of an activity below it, so that the entry attaches to the part
    alone.
    """
    while number.count(".") < _SCHEDULE - 2:
        number = _child_number(number, _next_free_count(number, 0, used))
    return number
