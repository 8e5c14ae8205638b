"""The numbers that items of a plan get where a file has none, so that it is known what belongs to what."""

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.columns import COLUMNS, SPANISH
from crmgraph.importing.grid import Grid
from crmgraph.importing.lists import points
from crmgraph.importing.rows import PlanRow
from crmgraph.importing.schemes import is_other_scheme
from crmgraph.importing.years import years_apart
from crmgraph.reading.folding import key
from crmgraph.wording import Bilingual

__all__ = ["said_once", "with_calendar_numbers", "with_numbers"]

_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)*)(?:(?P<apart>[.)]?\s*[:–—-]\s+(?=[^\W\d_]))|[.)]?(?=\s|$)|[.)]-?(?=[^\W\d_]))")
"""A number, with what stands between it and the words where a plan has nothing: “1: Albergar”, “1 – Albergar”."""
_GIVEN = re.compile(r"\[[\d.]+\] ")
_THEME_CODE = re.compile(r"\s*([A-Z]\d?|[IVX]{1,5})[.)]\s+\S")
_MOST_SKIPPED = 20
"""How far the number of an objective may be from the one before it; 2030 is a year."""
_SHOWN = 40
_ACTIVITIES = COLUMNS.index("activities")
_SCHEDULE = 3
"""The level of the calendar: when a part is can be said of any, and an activity belongs to an action or to nothing."""


def with_numbers(rows: Sequence[PlanRow], grid: Grid, file: Path) -> list[list[str]]:
    """The rows, each cell one item in one line, and a number before each that has none which a plan can hold.

    Such a number stands in brackets, for it is not the file's.

    Raises SourceError for an item of which it is not said what it belongs to, where it is said of others of its kind.
    """
    fresh = _without_repetitions([row.cells for row in rows])
    apart = [PlanRow(row.place, cells) for row, each in zip(rows, fresh, strict=True) for cells in _apart(each)]
    return _with_themes(list(_numbered(apart, grid, file)))


def said_once(rows: Sequence[PlanRow]) -> Iterator[list[str]]:
    """The cells of rows with the numbers of the file, an objective or action that is said again of the row above once.

    A theme that is said again on a new page stays, for a plan has it so.
    """
    for row, cells in zip(rows, _without_repetitions([row.cells for row in rows]), strict=True):
        yield [row.cells[0], *cells[1:]]


def with_calendar_numbers(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """The rows with the numbers of the file, and where it gives none to the calendar, with one in brackets there.

    So what stands beside an activity with a number, or beside an action or an objective alone, is known to belong to
    it, and of as many lines as there are activities beside them each to its own; others stay as they are.
    """
    if any(_dots(row[-1]) == _SCHEDULE for row in rows):
        yield from map(list, rows)
        return
    used = {number for row in rows for cell in row[1:-1] for number in _line_numbers(cell)}
    above: list[str] = []
    count = 0
    for row in rows:
        cells = list(row)
        level = next((level for level in reversed(range(_SCHEDULE)) if row[level + 1].strip()), None)
        if level is not None:
            numbers = _line_numbers(row[level + 1])
            is_known = len(numbers) == _items_in(row[level + 1]) and all(each.count(".") == level for each in numbers)
            above, count = (list(numbers) if is_known else []), 0
        times = [line.strip() for line in cells[-1].split("\n") if line.strip()]
        if len(above) > 1 and len(times) == len(above):
            cells[-1] = "\n".join(f"[{_below(each, used)}.1] {when}" for each, when in zip(above, times, strict=True))
        elif len(above) == 1 and times and "\n\n" not in cells[-1].strip():
            count += 1
            cells[-1] = f"[{_below(above[0], used)}.{count}] {years_apart(cells[-1]).strip()}"
        else:
            cells[-1] = years_apart(cells[-1])
        yield cells


def _line_numbers(cell: str) -> list[str]:
    """The numbers that lines of a cell begin with, where each has a full stop within, or behind it."""
    found = (_NUMBER.match(line) for line in cell.split("\n"))
    return [each[1] for each in found if each and ("." in each[1] or each[0].rstrip().endswith((".", ")")))]


def _items_in(cell: str) -> int:
    """How many items a cell has that uses blank lines, or numbers, to part them."""
    return sum(1 for each in re.split(r"\n\s*\n", cell.strip()) if each.strip() and not _line_numbers(each)) + len(
        _line_numbers(cell)
    )


def _below(number: str, used: Collection[str]) -> str:
    """The number of an activity; below another part, one that no part has, so that it leads to that part alone."""
    while number.count(".") < _SCHEDULE - 1:
        taken = [int(each.rpartition(".")[2]) for each in used if each.rpartition(".")[0] == number]
        number = f"{number}.{max(taken, default=0) + 1}"
    return number


def _dots(text: str) -> int:
    """How many dots are in the number that a text begins with; none where it has no number."""
    found = _NUMBER.match(text)
    return found[1].count(".") if found else 0


def _without_repetitions(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """The rows, each cell that says again what stands above it emptied, as long as those to its left do so too."""
    above = [""] * len(COLUMNS)
    for row in rows:
        cells = list(row)
        goes_on = True
        for column in range(3):
            is_same = key(cells[column]) in ("", key(above[column]))
            goes_on = goes_on and is_same
            if goes_on and cells[column].strip():
                cells[column] = ""
            elif not goes_on and not cells[column].strip() and column > 0:
                # Another theme or objective begins: what stands below it belongs to it.
                above[column] = ""
            if cells[column].strip():
                above[column] = cells[column]
        yield cells


def _apart(row: list[str]) -> Iterator[tuple[str, ...]]:
    """A row for each activity of a cell that lists several. The calendar is that of all, or lists as many.

    Each of their cells is one line.
    """
    activities, times = points(row[_ACTIVITIES]), points(row[-1])
    for place, activity in enumerate(activities):
        before = row[:_ACTIVITIES] if place == 0 else [""] * _ACTIVITIES
        when = times[place] if len(times) == len(activities) else row[-1]
        yield tuple(map(_one_line, (*before, activity, years_apart(when))))


def _one_line(cell: str) -> str:
    """The text of a cell that is one item: a blank line, or a number at the beginning of one, would begin another."""
    return " ".join(line.strip() for line in cell.split("\n") if line.strip())


def _numbered(rows: Sequence[PlanRow], grid: Grid, file: Path) -> Iterator[list[str]]:
    """The rows with a number before each item that has none: below that of what it belongs to.

    A cell holds one item. Raises SourceError for an item of which it is not said what it belongs to, where it is said
    of others of its kind.
    """
    used = [any(row.cells[level + 1].strip() for row in rows) for level in range(4)]
    printed_at = [any(_has_number(row.cells[level + 1], level) for row in rows) for level in range(4)]
    themes: dict[str, int] = {}
    theme = ""
    # The number of the last objective, action, activity and entry; and how many each has had below it.
    last, counts = [""] * 4, [0] * 4
    for place, row in rows:
        cells = [row[0]]
        if row[0].strip():
            themes[theme] = counts[0]
            theme = key(row[0])
            # A theme that comes back goes on counting.
            last, counts = [""] * 4, [themes.get(theme, 0), 0, 0, 0]
        for level, cell in enumerate(row[1:]):
            if not cell.strip():
                cells.append("")
                continue
            nearest = next((each for each in reversed(range(level)) if used[each]), None)
            above = next((number for number in reversed(last[:level]) if number), "")
            missing = level - above.count(".") - 1 if above else level
            between = ["1"] * missing
            if nearest is not None and not last[nearest]:
                first = level - missing
                if level < _SCHEDULE or not above or printed_at[first]:
                    raise _loose(cell, COLUMNS[level + 1], COLUMNS[nearest + 1], grid.called(place), file)
                # No other part is to have the number of that which is missing, and so what belongs to this one.
                counts[first:] = [counts[first] + 1, *[0] * (len(counts) - first - 1)]
                between[0] = str(counts[first])
            printed = _printed(cell, level, above if not missing else "", counts[0])
            counts[level] = max(counts[level] + 1, int(printed.rpartition(".")[2]) if printed else 0)
            number = printed or ".".join(filter(None, (above, *between, str(counts[level]))))
            last[level:] = [number, *[""] * (3 - level)]
            counts[level + 1 :] = [0] * (3 - level)
            cells.append(_plain(cell, "." if level == 0 else "") if printed else f"[{number}] {cell}")
        yield cells


def _has_number(cell: str, level: int) -> bool:
    """Whether an item begins with a number such as those of a plan on this level."""
    found = _NUMBER.match(cell)
    return found is not None and found[1].count(".") == level


def _plain(cell: str, close: str) -> str:
    """An item with its printed number, and nothing between that and its words which a plan would take for one."""
    found = _NUMBER.match(cell)
    return f"{found[1]}{close} {cell[found.end() :]}" if found and found["apart"] else cell


def _with_themes(rows: list[list[str]]) -> list[list[str]]:
    """The rows, numbers before the titles of themes, too, where the parts below them have the file's in their words.

    The letter of a theme belongs with “A.1” in the words of an objective; else it would be taken out of them.
    """
    if not any(is_other_scheme(_words(row[level]) for row in rows if row[level]) for level in range(1, 4)):
        return rows
    themes: dict[str, int] = {}
    for row in rows:
        if row[0]:
            number = themes.setdefault(key(row[0]), len(themes) + 1)
            row[0] = f"[{number}] {row[0]}" if _THEME_CODE.match(row[0]) else row[0]
    return rows


def _words(cell: str) -> str:
    """An item without its number, or that which it was given."""
    found = _GIVEN.match(cell) or _NUMBER.match(cell)
    return cell[found.end() :] if found else cell


def _printed(cell: str, level: int, above: str, before: int) -> str:
    """The number that an item has printed before it, where it can be one: “3.2 millones” below 1 has none."""
    found = _NUMBER.match(cell)
    if found is None or found[1].count(".") != level:
        return ""
    if level:
        return found[1] if found[1].startswith(f"{above}.") else ""
    return found[1] if before < int(found[1]) <= before + _MOST_SKIPPED else ""


def _loose(cell: str, column: str, above: str, where: Bilingual, file: Path) -> SourceError:
    """The error for an item that has nothing above it, where others of its kind in the table have something."""
    shown = f"{cell[:_SHOWN]}…" if len(cell) > _SHOWN else cell
    return SourceError(
        Bilingual(
            f"in {where}, “{shown}” ({column}) belongs to nothing: the column {above} is empty there and above it in "
            "its part of the table; write in the file what it belongs to",
            f"en {where.spanish}, “{shown}” ({SPANISH[column]}) no pertenece a nada: la columna {SPANISH[above]} está "
            "vacía ahí y encima en su parte de la tabla; escriba en el archivo a qué pertenece",
        ),
        Place(file),
    )
