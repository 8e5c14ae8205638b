"""The rows of a plan: detection of rows that are not part of it, removal of repeated cells, and numbering of items."""

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise, zip_longest
from operator import methodcaller
from pathlib import Path
from typing import NamedTuple

from crmgraph.errors import Bilingual, Place, SourceError, quoted
from crmgraph.importing.cells import (
    WORDS,
    count_items,
    dated_lines,
    item_numbers,
    join_dated_lines,
    leading_number,
    list_items,
    matches_entry,
    normalize_number,
    number_depth,
    starts_with_item_number,
)
from crmgraph.importing.headings import COLUMNS, SPANISH_COLUMNS
from crmgraph.reading import Plan
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Attachment, Part

_PARTS = 4
"""The number of levels of parts: themes, objectives, actions and activities."""
_ACTIVITY = 3
_FEWEST_WORDS = 8
"""The minimum number of words of a sentence. A shorter text may be a title that ends with a full stop."""


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
    """The rows of a plan, and what was assumed or lost when they were read.

    Attributes:
        assumed: The texts for which something was assumed, by the assumption.
        lost: The texts that belong to a part that is struck through or hidden, and so are left out.
    """

    rows: list[PlanRow]
    assumed: dict[str, list[str]]
    lost: list[str]


def part_text(texts: Sequence[str]) -> str:
    """Return the texts of a part joined to one.

    A number in a column of its own is normalised ("1" becomes "1."), so that it is recognised as an item number.
    """
    said = [text for text in texts if len(texts) == 1 or text.strip()]
    return " ".join([normalize_number(said[0]), *said[1:]] if len(said) > 1 else said)


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
        if place in found or not said:
            continue
        (column, text), *more = said
        is_sentence = text.rstrip().endswith(".") and len(text.split()) >= _FEWEST_WORDS
        looks_like_note = is_below and (place in full_width or is_sentence or WORDS["note_mark"].match(text.strip()))
        if (
            not more
            and (column <= last_theme_column or place in full_width)
            and (looks_like_note or WORDS["note"].match(key(text)))
        ):
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

    A cell continues the part above if it is empty, repeats its text, or has a mark such as “(continued)”, and the cells
    to its left continue too. A schedule beside an objective or action, without an activity, belongs to that part. Rows
    of a part that is interrupted by others are put together. The content of struck-through parts is left out, since it
    would otherwise be attached to another part.

    Args:
        rows: The rows of the table.
        keeps_themes: Whether a repeated theme stays in the result, as on a new page.
    """
    above: list[tuple[str, ...]] = [()] * _PARTS
    texts = [""] * _PARTS
    themes: dict[str, str] = {}
    found, continued, lost, is_sorted = list[PlanRow](), list[str](), list[str](), True
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
            name = _continued_name(cell)
            is_marked = goes_on and name in _possible_names(texts[level])
            back = themes.get(name, "") if level == 0 else ""
            continued += [tidy(cell)] if is_marked or back else []
            said_above = zip_longest(part, above[level][: len(part)], fillvalue="")
            is_again = all(key(each) in ("", key(before)) for each, before in said_above)
            if goes_on and (is_marked or (is_again and (level < _ACTIVITY or not cell.strip()))):
                cells.append(cell if keeps_themes and level == 0 and not is_marked else "")
                continue
            goes_on = False
            texts[level], above[level] = (back, (back,)) if back else (cell, part)
            cells.append(texts[level])
        themes = {**dict.fromkeys(_possible_names(texts[0]), texts[0]), **themes}
        said = max((level for level, part in enumerate(row.parts) if any(map(str.strip, part))), default=0)
        last = said if said and not row.is_merged else _ACTIVITY
        is_sorted = is_sorted and not any(texts[last + 1 :])
        if row.schedule.strip() or any(cell.strip() for cell in cells):
            found.append(
                PlanRow(row.row_index, (*cells, row.schedule), (*texts[: last + 1], *[""] * (_ACTIVITY - last)))
            )
    returning = list(_repeated_parts(found))
    assumed = {
        "taken as the part above that goes on": continued,
        "put together, for they come back after others": returning,
    }
    rows_together = _group_by_part(found, keeps_themes) if returning or not is_sorted else found
    return ResolvedRows(rows_together, {what: said for what, said in assumed.items() if said}, lost)


def _possible_names(text: str) -> set[str]:
    """Return the folded text of a part with and without its number, to recognise it where it is continued."""
    name = key(text)
    return {name, WORDS["numbered"].sub("", name, count=1)} - {""}


def _continued_name(cell: str) -> str:
    """Return the folded name in a cell marked as a continuation: "refugio" for "Refugio (cont.)"; else empty."""
    # A quick test first, since folding every cell is slow.
    found = WORDS["continued"].fullmatch(key(cell)) if re.search("cont|suite", cell, re.IGNORECASE) else None
    return next(filter(None, found.group("behind", "before", "of"))) if found else ""


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
    order: dict[tuple[str, ...], int] = {}
    for path in (row.path(level) for row in rows for level in range(_PARTS)):
        order.setdefault(path, len(order))
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
_LARGEST_DIFFERENCE = 20
"""The maximum difference between an uncertain item number and those beside it. A larger number is an amount."""
_SHOWN = 40


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


def add_item_numbers(rows: Sequence[PlanRow], row_name: Callable[[int], Bilingual], file: Path) -> list[list[str]]:
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
    items = _build_items(apart, row_name, file)
    objectives = _objective_numbers(items)
    for theme in items:
        _add_numbers(theme, "", objectives, numbered)
    # If the objectives have numbers such as “A.1”, the letter stays in the text of the theme.
    bare = ([WORDS["any_number"].sub("", row[level]) for row in numbered if row[level]] for level in range(1, 4))
    if any(map(_is_other_scheme, bare)):
        themes: dict[str, int] = {}
        for row in numbered:
            number = themes.setdefault(key(row[0]), len(themes) + 1) if row[0] else 0
            row[0] = f"[{number}] {row[0]}" if WORDS["theme_code"].match(row[0]) else row[0]
    return numbered


def _build_items(rows: Sequence[PlanRow], row_name: Callable[[int], Bilingual], file: Path) -> list[_Item]:
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
                    where, shown = row_name(row.row_index), quoted(text, _SHOWN)
                    column, empty = COLUMNS[level], COLUMNS[nearest]
                    said = Bilingual(
                        f"in {where}, {shown} ({column}) belongs to nothing: the column {empty} is empty there and "
                        "above it in its part of the table; write in the file what it belongs to",
                        f"en {where.spanish}, {shown} ({SPANISH_COLUMNS[column]}) no pertenece a nada: la columna "
                        f"{SPANISH_COLUMNS[empty]} está vacía ahí y encima en su parte de la tabla; escriba en el "
                        "archivo a qué pertenece",
                    )
                    raise SourceError(said, Place(file))
                above.items.append(item)
            last[level:] = [item, *[None] * (_SCHEDULE - level)]
    return list(themes.values())


def _add_numbers(above: _Item, number: str, objectives: Mapping[int, str], rows: list[list[str]]) -> None:
    """Write the numbers of all items below `above` into `rows`, recursively; numbers not in the file are in brackets.

    A level that the plan does not use counts as 1. An item that skips a level gets an intermediate number that no other
    part has.

    Args:
        above: The parent.
        number: Its number; empty for a theme.
        objectives: The printed numbers of the objectives, by row.
        rows: The rows to change.
    """
    printed = [
        objectives.get(item.row, "") if item.level == 1 else _printed_number(item, number) for item in above.items
    ]
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
        rows[item.row][item.level] = _normalize_item(item) if is_printed else f"[{given}] {item.text}"
        _add_numbers(item, given, objectives, rows)


def _child_number(number: str, count: int) -> str:
    return f"{number}.{count}" if number else str(count)


def _next_free_count(number: str, count: int, kept: Collection[str]) -> int:
    """Return the first count after `count` that gives a number below `number` that is not in `kept`."""
    return next(each for each in itertools.count(count + 1) if _child_number(number, each) not in kept)


def _printed_number(item: _Item, above: str) -> str:
    """Return the item number at the beginning of an item, if it fits below the number `above`; else an empty text.

    "3.2 millones" below item 1 is an amount, so it has no item number.
    """
    number = leading_number(item.text)
    return number if number_depth(item.text) == item.level - 1 and number.startswith(f"{above}.") else ""


def _normalize_item(item: _Item) -> str:
    """Return an item with its number in the form that a plan has: without a colon or dash behind it."""
    found = WORDS["number"].match(item.text)
    close = "." if item.level == 1 else ""
    return f"{found[1]}{close} {item.text[found.end() :]}" if found and found["apart"] else item.text


def _split_row(cells: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each activity in the activity cell, which may be a list.

    A schedule with one entry for each activity is divided; any other schedule applies to all of them.
    """
    *before, activity, when = cells
    activities, times = list_items(activity), list_items(when)
    times = times if len(times) == len(activities) else dated_lines(when)
    for place, each in enumerate(activities):
        own = times[place] if len(times) == len(activities) else when
        row = (*(before if place == 0 else [""] * len(before)), each, join_dated_lines(own))
        # A blank line, or a number at the beginning of a line, would begin another item.
        yield tuple(" ".join(line.strip() for line in cell.split("\n") if line.strip()) for cell in row)


def _objective_numbers(themes: Sequence[_Item]) -> dict[int, str]:
    """Return the item numbers of objectives, by row index.

    The numbers may start again in each theme or run through the plan. A number followed by a dot or in a column of its
    own is an item number. Other numbers may be amounts: they count only if most objectives have one, most of them are
    consecutive, and the number is close to 0 or to its neighbours.
    """
    objectives = [item for theme in themes for item in theme.items if item.level == 1]
    if 2 * sum(WORDS["lettered"].match(each.text) is not None for each in objectives) > len(objectives):
        return {}
    found = [
        each for each in objectives if number_depth(each.text) == 0 and len(leading_number(each.text)) <= _MOST_DIGITS
    ]
    firsts = {theme.items[0].row for theme in themes if theme.items}
    own = [0, *(int(leading_number(each.text)) for each in found), 0]
    follow = [
        number == before + 1 or (number == 1 and each.row in firsts)
        for each, (before, number) in zip(found[1:], pairwise(own[1:-1]), strict=True)
    ]
    is_counted = 2 * len(found) > len(objectives) and 2 * sum(follow) >= len(follow)
    near = [
        min(each, abs(each - own[at - 1]), abs(each - own[at + 1])) <= _LARGEST_DIFFERENCE
        for at, each in enumerate(own[1:-1], 1)
    ]
    return {
        each.row: leading_number(each.text)
        for each, is_near in zip(found, near, strict=True)
        if starts_with_item_number(each.text) or (is_counted and is_near)
    }


def with_schedule_numbers(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Yield the rows, with a number in brackets before each schedule entry, unless the file numbers its schedule.

    The number attaches an entry to the activity in its row, or to the action or objective if there is no activity. If a
    cell has several numbered activities and the schedule as many lines, each activity gets one of the lines. Other
    entries are unchanged.
    """
    is_numbered = any(number_depth(row[-1]) == _SCHEDULE - 1 for row in rows)
    used = {number for row in rows for cell in row[1:-1] for number in item_numbers(cell)}
    above: list[str] = []
    count = 0
    for *parts, when in rows:
        level = next((level for level in reversed(range(1, _SCHEDULE)) if parts[level].strip()), None)
        if level is not None:
            numbers = item_numbers(parts[level])
            is_known = len(numbers) == count_items(parts[level]) and all(
                each.count(".") == level - 1 for each in numbers
            )
            above, count = (numbers if is_known else []), 0
        times = [line.strip() for line in when.split("\n") if line.strip()]
        if len(above) > 1 and len(times) == len(above):
            said = "\n".join(
                f"[{_activity_number(each, used)}.1] {time}" for each, time in zip(above, times, strict=True)
            )
        elif len(above) == 1 and times and "\n\n" not in when.strip():
            count += 1
            said = f"[{_activity_number(above[0], used)}.{count}] {join_dated_lines(when).strip()}"
        else:
            lines = dated_lines(when)
            said = "\n\n".join(lines) if len(lines) == count_items(parts[-1]) > 1 else join_dated_lines(when)
        yield [*parts, when if is_numbered else said]


def _activity_number(number: str, used: Collection[str]) -> str:
    """Return the number of the activity to which a schedule entry belongs.

    For an action or objective, it is an unused number of an activity below it, so that the entry attaches to the part
    alone.
    """
    while number.count(".") < _SCHEDULE - 2:
        number = _child_number(number, _next_free_count(number, 0, used))
    return number


def _is_other_scheme(texts: Iterable[str]) -> bool:
    """Return whether most texts, without the item numbers of the plan, begin with other numbers, such as "A.1"."""
    found = [WORDS["code"].match(text) is not None for text in texts]
    return 2 * sum(found) > len(found)


def part_with_unread_number(plan: Plan) -> Part | None:
    """Return the first part whose printed number is still part of its text; None if there is none.

    It is such a part if the number is unmistakable, or if most parts of its kind are numbered in the same way.
    """
    for kind in ("Objective", "Action", "Activity"):
        parts = [
            part
            for part, _ in plan.walk()
            if part.kind == kind and (part.number is not None or part.attached_by is Attachment.FILE_ROW)
        ]
        if _is_other_scheme(part.text for part in parts):
            return next(part for part in parts if WORDS["code"].match(part.text))
        if plain := next(
            (part for part in parts if part.number is None and _starts_with_certain_number(part.text)), None
        ):
            return plain
    return None


def _starts_with_certain_number(text: str) -> bool:
    """Return whether a text begins with a number before a dot or bracket, or one such as 1.1 before a capital."""
    words = text[len(leading_number(text)) :].lstrip()
    return starts_with_item_number(text) or (number_depth(text) > 0 and words[:1].isupper())
