"""The numbers that a plan gets where a file prints none, so that it is known what belongs to what.

An objective has 1, an action of it 1.1, an activity of that 1.1.1 and its calendar 1.1.1.1. Numbers that are not the
file's stand in brackets.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from crmgraph.errors import Place, SourceError
from crmgraph.importing.calendars import dated_lines, years_apart
from crmgraph.importing.enumeration import NUMBER, depth_of, is_closed, items_in, line_numbers, number_of, points
from crmgraph.importing.headings import COLUMNS, SPANISH
from crmgraph.importing.rows import PlanRow
from crmgraph.reading import Plan
from crmgraph.reading.folding import key
from crmgraph.reading.model import Attachment, Part
from crmgraph.wording import Bilingual, quoted

__all__ = ["numbered_otherwise", "with_calendar_numbers", "with_numbers"]

_SCHEDULE = 3
"""The level of the calendar, where that of objectives is 0."""
_LONGEST = 3
"""How many figures the number of an objective may have: in a plan in text, 2030 is a year."""
_NEAR = 20
"""How far one that may be a number of people or days may be from those beside it."""
_LETTERED = re.compile(r"\s*\d+[.)]-?[^\W\d_][.)]?\s")
_GIVEN = re.compile(r"\[[\d.]+\] ")
_THEME_CODE = re.compile(r"\s*([A-Z]\d?|[IVX]{1,5})[.)]\s+\S")
_PART = r"(?:\d{1,3}|[A-Za-z]|[IVX]{1,5}|[ivx]{1,5})"
_CODE = re.compile(
    rf"\s*(?:{_PART}(?:\.{_PART})+[.):]?|{_PART}[.)]|[A-Z]{{1,3}}[-.]?\d{{1,3}}(?:\.\d{{1,3}})*[.):]?)-?\s"
)
"""A number in a scheme that a plan cannot hold, such as A.1.a, or 1.1 before an objective."""
_SHOWN = 40


def with_numbers(rows: Sequence[PlanRow], called: Callable[[int], Bilingual], file: Path) -> list[list[str]]:
    """Return the rows, each cell one item in one line, and a number before each that has none which a plan can hold.

    `called` returns what a row of the table is called. Raises SourceError for an item of which it is not said what it
    belongs to, where it is said of others of its kind.
    """
    apart = [row._replace(cells=cells) for row in rows for cells in _apart(row.cells)]
    numbered = list(_numbered(apart, called, file))
    # The letter of a theme belongs with “A.1” in the words of an objective; else it would be taken out of them.
    if any(_is_other_scheme(_words(row[level]) for row in numbered if row[level]) for level in range(1, 4)):
        themes: dict[str, int] = {}
        for row in numbered:
            number = themes.setdefault(key(row[0]), len(themes) + 1) if row[0] else 0
            row[0] = f"[{number}] {row[0]}" if _THEME_CODE.match(row[0]) else row[0]
    return numbered


def _apart(cells: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each activity of a cell that lists several; the calendar is of all, or lists as many times."""
    *before, activity, when = cells
    activities, times = points(activity), points(when)
    times = times if len(times) == len(activities) else dated_lines(when)
    for place, each in enumerate(activities):
        own = times[place] if len(times) == len(activities) else when
        row = (*(before if place == 0 else [""] * len(before)), each, years_apart(own))
        # A blank line, or a number at the beginning of a line, would begin another item.
        yield tuple(" ".join(line.strip() for line in cell.split("\n") if line.strip()) for cell in row)


def _numbered(rows: Sequence[PlanRow], called: Callable[[int], Bilingual], file: Path) -> Iterator[list[str]]:
    """Yield the rows with a number before each item that has none: below that of what it belongs to."""
    used = [any(row.cells[level + 1] for row in rows) for level in range(4)]
    printed_at = [any(depth_of(row.cells[level + 1]) == level for row in rows) for level in range(4)]
    objectives = _objective_numbers(rows)
    implied = _numbers_of_actions(rows) if not any(objectives) else {}
    kept = _kept(rows, [number or implied.get(at, "") for at, number in enumerate(objectives)])
    themes: dict[str, int] = {}
    theme = ""
    # The number of the last objective, action, activity and entry; and the highest count that each has below it.
    last, counts = [""] * 4, [0] * 4
    there = set[str]()
    for at, row in enumerate(rows):
        cells = [row.cells[0]]
        if row.cells[0]:
            themes[theme] = counts[0]
            theme = key(row.cells[0])
            # A theme that comes back goes on counting.
            last, counts = [""] * 4, [themes.get(theme, 0), 0, 0, 0]
        if row.cells[0] or row.cells[1]:
            there.clear()
        for level, cell in enumerate(row.cells[1:]):
            if not cell:
                cells.append("")
                continue
            nearest = next((each for each in reversed(range(level)) if used[each]), None)
            above = next((number for number in reversed(last[:level]) if number), "")
            first = above.count(".") + 1 if above else 0
            between = ["1"] * (level - first)
            if nearest is not None and not last[nearest]:
                if level < _SCHEDULE or not above or printed_at[first]:
                    raise _loose(cell, COLUMNS[level + 1], COLUMNS[nearest + 1], called(row.place), file)
                # No other part is to have the number of that which is missing, and so what belongs to this one.
                counts[first:] = [_free(above, counts[first], kept[at]), *[0] * (3 - first)]
                between[0] = str(counts[first])
            # “3.2 millones” below 1 has no number; of two with the same one, what is below the second would be the
            # first's.
            own = number_of(cell) if depth_of(cell) == level and number_of(cell).startswith(f"{above}.") else ""
            printed = objectives[at] if level == 0 else "" if between or own in there else own
            above = ".".join(filter(None, (above, *between)))
            number = printed or (implied.get(at, "") if level == 0 else "")
            number = number or ".".join(filter(None, (above, str(_free(above, counts[level], kept[at])))))
            counts[level:] = [max(counts[level], int(number.rpartition(".")[2])), *[0] * (3 - level)]
            there.add(number)
            last[level:] = [number, *[""] * (3 - level)]
            cells.append(_plain(cell, "." if level == 0 else "") if printed else f"[{number}] {cell}")
        yield cells


def _kept(rows: Sequence[PlanRow], objectives: Sequence[str]) -> list[tuple[set[str], set[str]]]:
    """Return for each row the numbers of the objectives of its theme, and those printed below its objective.

    No part that has none is to have one of them.
    """
    found: list[tuple[set[str], set[str]]] = []
    themes: defaultdict[str, set[str]] = defaultdict(set)
    theme, below = "", set[str]()
    for row, objective in zip(rows, objectives, strict=True):
        if row.cells[0] or row.cells[1]:
            theme, below = key(row.cells[0]) or theme, set()
        themes[theme].add(objective)
        below.update(number_of(cell) for level, cell in enumerate(row.cells[1:]) if depth_of(cell) == level > 0)
        found.append((themes[theme], below))
    return found


def _free(above: str, count: int, kept: Sequence[Container[str]]) -> int:
    """Return the first count behind this one that gives no number which is kept for another part."""
    numbers = ((each, ".".join(filter(None, (above, str(each))))) for each in itertools.count(count + 1))
    return next(each for each, number in numbers if not any(number in some for some in kept))


def _plain(cell: str, close: str) -> str:
    """Return an item with its printed number, and nothing between that and its words which a plan takes for one."""
    found = NUMBER.match(cell)
    return f"{found[1]}{close} {cell[found.end() :]}" if found and found["apart"] else cell


def _words(cell: str) -> str:
    """Return an item without its number, or that which it was given."""
    found = _GIVEN.match(cell) or NUMBER.match(cell)
    return cell[found.end() :] if found else cell


def _loose(cell: str, column: str, above: str, where: Bilingual, file: Path) -> SourceError:
    """Return the error for an item that has nothing above it, where others of its kind have something."""
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


def _objective_numbers(rows: Sequence[PlanRow]) -> list[str]:
    """Return for each row the number that its objective has printed before it; nothing where it has none.

    They begin anew in each theme, or run on, and a theme may begin with any. What is closed by a full stop is a number,
    as is what stood in a column of its own. Others may be a number of people or days, and count only where most
    objectives have one, most of these follow each other, and it is near 0 or those beside it.
    """
    cells = [row.cells[1] for row in rows]
    said = [at for at, cell in enumerate(cells) if cell]
    if 2 * sum(_LETTERED.match(cells[at]) is not None for at in said) > len(said):
        return [""] * len(cells)
    numbers = [number if depth_of(cell) == 0 and len(number := number_of(cell)) <= _LONGEST else "" for cell in cells]
    found = [(at, int(numbers[at])) for at in said if numbers[at]]
    follow = list(_follow(rows, found))
    near = set[int]()
    if 2 * len(found) > len(said) and 2 * sum(follow) >= len(follow):
        for (_, before), (at, own), (_, after) in zip([(0, 0), *found], found, [*found[1:], (0, 0)], strict=False):
            if min(own, abs(own - before), abs(own - after)) <= _NEAR:
                near.add(at)
    return [number if at in near or is_closed(cells[at]) else "" for at, number in enumerate(numbers)]


def _follow(rows: Sequence[PlanRow], found: Sequence[tuple[int, int]]) -> Iterator[bool]:
    """Yield whether each of the numbers of these rows, from the second, follows the one before or begins a theme."""
    for (above, before), (at, number) in pairwise(found):
        begins = any(row.cells[0] for row in rows[above + 1 : at + 1])
        yield number == before + 1 or (begins and number == 1)


def _numbers_of_actions(rows: Sequence[PlanRow]) -> dict[int, str]:
    """Return the numbers, by row, of objectives that those of their actions begin with: 3 for 3.1 and 3.2.

    There are none but where most actions have one, and all these objectives follow each other from 1: “3.2 millones” is
    no number.
    """
    actions = [row.cells[2] for row in rows if row.cells[2]]
    firsts: defaultdict[int, set[str]] = defaultdict(set)
    objective = -1
    for at, row in enumerate(rows):
        objective = at if row.cells[1] else objective
        if depth_of(row.cells[2]) == 1:
            firsts[objective].add(number_of(row.cells[2]).partition(".")[0])
    found = [(at, int(number)) for at, numbers in firsts.items() for number in numbers]
    is_usual = 2 * sum(depth_of(cell) == 1 for cell in actions) > len(actions)
    is_clear = is_usual and len(found) == len(firsts) and found[0][1] == 1 and all(_follow(rows, found))
    return {at: str(number) for at, number in found} if is_clear else {}


def with_calendar_numbers(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Yield the rows with the numbers of the file, and where it gives none to the calendar, with one in brackets there.

    So what stands beside an activity with a number, or beside an action or an objective alone, is known to belong to
    it, and of as many lines as there are activities beside them each to its own; others stay as they are.
    """
    is_numbered = any(depth_of(row[-1]) == _SCHEDULE for row in rows)
    used = {number for row in rows for cell in row[1:-1] for number in line_numbers(cell)}
    above: list[str] = []
    count = 0
    for *parts, when in rows:
        level = next((level for level in reversed(range(_SCHEDULE)) if parts[level + 1].strip()), None)
        if level is not None:
            numbers = line_numbers(parts[level + 1])
            is_known = len(numbers) == items_in(parts[level + 1]) and all(each.count(".") == level for each in numbers)
            above, count = (numbers if is_known else []), 0
        times = [line.strip() for line in when.split("\n") if line.strip()]
        if is_numbered:
            pass
        elif len(above) > 1 and len(times) == len(above):
            when = "\n".join(f"[{_below(each, used)}.1] {time}" for each, time in zip(above, times, strict=True))
        elif len(above) == 1 and times and "\n\n" not in when.strip():
            count += 1
            when = f"[{_below(above[0], used)}.{count}] {years_apart(when).strip()}"
        elif len(dated_lines(when)) == items_in(parts[_SCHEDULE]) > 1:
            when = "\n\n".join(dated_lines(when))
        else:
            when = years_apart(when)
        yield [*parts, when]


def _below(number: str, used: Collection[str]) -> str:
    """Return the number of an activity; below another part, one that no part has, so that it leads to that alone."""
    while number.count(".") < _SCHEDULE - 1:
        taken = [int(each.rpartition(".")[2]) for each in used if each.rpartition(".")[0] == number]
        number = f"{number}.{max(taken, default=0) + 1}"
    return number


def _is_other_scheme(texts: Iterable[str]) -> bool:
    """Return whether most texts, of one level and without the numbers that they have in the plan, have others."""
    found = [_CODE.match(text) is not None for text in texts]
    return 2 * sum(found) > len(found)


def numbered_otherwise(plan: Plan) -> Part | None:
    """Return the first part of a plan whose printed number is in its words.

    It is one where that is plain, as of a number in a column of its own, or where parts of its kind are numbered so.
    """
    for kind in ("Objective", "Action", "Activity"):
        parts = [
            part
            for part, _ in plan.walk()
            if part.kind == kind and (part.number is not None or part.attached_by is Attachment.FILE_ROW)
        ]
        if _is_other_scheme(part.text for part in parts):
            return next(part for part in parts if _CODE.match(part.text))
        found = [part for part in parts if part.number is None and depth_of(part.text) >= 0]
        counts = [number_of(part.text).rpartition(".")[2] for part in found]
        follow = [own in ("1", str(int(before) + 1)) for before, own in pairwise(("0", *counts))]
        is_usual = 2 * len(found) > len(parts) and 2 * sum(follow) > len(follow)
        if plain := next((part for part in found if is_usual or _is_plain(part.text)), None):
            return plain
    return None


def _is_plain(text: str) -> bool:
    """Return whether a text surely begins with a number: one that is closed, or has stops and a capital behind it."""
    words = text[len(number_of(text)) :].lstrip()
    return is_closed(text) or (depth_of(text) > 0 and words[:1].isupper())
