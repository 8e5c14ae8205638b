"""The numbers that items of a plan get where a file has none, so that it is known what belongs to what."""

import itertools
import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.calendars.years import dated_lines, years_apart
from crmgraph.importing.columns import COLUMNS, SPANISH
from crmgraph.importing.grid import Grid
from crmgraph.importing.numbering.objective_numbers import numbers_below, objective_numbers
from crmgraph.importing.numbering.printed import NUMBER, depth_of, number_of
from crmgraph.importing.numbering.schemes import is_other_scheme
from crmgraph.importing.parts.lists import points
from crmgraph.importing.parts.repeating import without_repetitions
from crmgraph.importing.rows import PlanRow
from crmgraph.reading.folding import key
from crmgraph.wording import Bilingual, quoted

__all__ = ["with_numbers"]

_GIVEN = re.compile(r"\[[\d.]+\] ")
_THEME_CODE = re.compile(r"\s*([A-Z]\d?|[IVX]{1,5})[.)]\s+\S")
_SHOWN = 40
_ACTIVITIES = COLUMNS.index("activities")
_SCHEDULE = 3
"""The level of the calendar: when a part is can be said of any, and an activity belongs to an action or to nothing."""


def with_numbers(rows: Sequence[PlanRow], grid: Grid, file: Path) -> list[list[str]]:
    """The rows, each cell one item in one line, and a number before each that has none which a plan can hold.

    Such a number stands in brackets, for it is not the file's.

    Raises SourceError for an item of which it is not said what it belongs to, where it is said of others of its kind.
    """
    fresh = without_repetitions([row.cells for row in rows])
    apart = [PlanRow(row.place, cells) for row, each in zip(rows, fresh, strict=True) for cells in _apart(each)]
    return _with_themes(list(_numbered(apart, grid, file)))


def _apart(row: list[str]) -> Iterator[tuple[str, ...]]:
    """A row for each activity of a cell that lists several. The calendar is that of all, or lists as many times.

    Each of their cells is one line.
    """
    activities, times = points(row[_ACTIVITIES]), points(row[-1])
    if len(times) != len(activities):
        times = dated_lines(row[-1])
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
    printed_at = [any(depth_of(row.cells[level + 1]) == level for row in rows) for level in range(4)]
    objectives = objective_numbers(rows)
    below = numbers_below(rows, objectives)
    kept = _kept(rows, [number or below.get(at, "") for at, number in enumerate(objectives)])
    themes: dict[str, int] = {}
    theme = ""
    # The number of the last objective, action, activity and entry; and the highest count that each has below it.
    last, counts = [""] * 4, [0] * 4
    there = set[str]()
    for at, (place, row) in enumerate(rows):
        cells = [row[0]]
        if row[0].strip():
            themes[theme] = counts[0]
            theme = key(row[0])
            # A theme that comes back goes on counting.
            last, counts = [""] * 4, [themes.get(theme, 0), 0, 0, 0]
        if row[0].strip() or row[1].strip():
            there.clear()
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
                free = _free(above, counts[first], kept[at])
                counts[first:] = [free, *[0] * (len(counts) - first - 1)]
                between[0] = str(free)
            if level == 0:
                printed, number = objectives[at], objectives[at] or below.get(at, "")
            else:
                printed = number = "" if missing else _printed(cell, level, above, there)
            above = ".".join(filter(None, (above, *between)))
            number = number or ".".join(filter(None, (above, str(_free(above, counts[level], kept[at])))))
            counts[level] = max(counts[level], int(number.rpartition(".")[2]))
            there.add(number)
            last[level:] = [number, *[""] * (3 - level)]
            counts[level + 1 :] = [0] * (3 - level)
            cells.append(_plain(cell, "." if level == 0 else "") if printed else f"[{number}] {cell}")
        yield cells


def _kept(rows: Sequence[PlanRow], objectives: Sequence[str]) -> list[tuple[set[str], set[str]]]:
    """For each row the numbers that are those of objectives of its theme, or printed below its objective: no part that
    has none is to have one of them.
    """
    found: list[tuple[set[str], set[str]]] = []
    themes: defaultdict[str, set[str]] = defaultdict(set)
    theme, below = "", set[str]()
    for row, objective in zip(rows, objectives, strict=True):
        if row.cells[0].strip() or row.cells[1].strip():
            theme, below = key(row.cells[0]) or theme, set()
        themes[theme].add(objective)
        below.update(number_of(cell) for level, cell in enumerate(row.cells[1:]) if depth_of(cell) == level > 0)
        found.append((themes[theme], below))
    return found


def _free(above: str, count: int, kept: Sequence[Container[str]]) -> int:
    """The first count behind this one that gives no number which is kept for another part."""

    def is_kept(each: int) -> bool:
        number = ".".join(filter(None, (above, str(each))))
        return any(number in some for some in kept)

    return next(each for each in itertools.count(count + 1) if not is_kept(each))


def _plain(cell: str, close: str) -> str:
    """An item with its printed number, and nothing between that and its words which a plan would take for one."""
    found = NUMBER.match(cell)
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
    found = _GIVEN.match(cell) or NUMBER.match(cell)
    return cell[found.end() :] if found else cell


def _printed(cell: str, level: int, above: str, there: Container[str]) -> str:
    """The number that an item has printed before it, where it can be one: “3.2 millones” below 1 has none.

    Of two with the same one, what is below the second would be taken for a part of the first.
    """
    number = number_of(cell)
    return number if depth_of(cell) == level and number.startswith(f"{above}.") and number not in there else ""


def _loose(cell: str, column: str, above: str, where: Bilingual, file: Path) -> SourceError:
    """The error for an item that has nothing above it, where others of its kind in the table have something."""
    shown = quoted(cell, _SHOWN)
    return SourceError(
        Bilingual(
            f"in {where}, {shown} ({column}) belongs to nothing: the column {above} is empty there and above it in "
            "its part of the table; write in the file what it belongs to",
            f"en {where.spanish}, {shown} ({SPANISH[column]}) no pertenece a nada: la columna {SPANISH[above]} está "
            "vacía ahí y encima en su parte de la tabla; escriba en el archivo a qué pertenece",
        ),
        Place(file),
    )
