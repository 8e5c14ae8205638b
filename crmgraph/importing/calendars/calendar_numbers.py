"""The numbers that the calendar gets where a file has printed some before activities, actions or objectives."""

from collections.abc import Collection, Iterator, Sequence

from crmgraph.importing.calendars.years import dated_lines, years_apart
from crmgraph.importing.numbering.printed import depth_of, items_in, line_numbers

__all__ = ["with_calendar_numbers"]

_SCHEDULE = 3
"""The level of the calendar, below that of activities."""


def with_calendar_numbers(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """The rows with the numbers of the file, and where it gives none to the calendar, with one in brackets there.

    So what stands beside an activity with a number, or beside an action or an objective alone, is known to belong to
    it, and of as many lines as there are activities beside them each to its own; others stay as they are.
    """
    if any(depth_of(row[-1]) == _SCHEDULE for row in rows):
        yield from map(list, rows)
        return
    used = {number for row in rows for cell in row[1:-1] for number in line_numbers(cell)}
    above: list[str] = []
    count = 0
    for row in rows:
        cells = list(row)
        level = next((level for level in reversed(range(_SCHEDULE)) if row[level + 1].strip()), None)
        if level is not None:
            numbers = line_numbers(row[level + 1])
            is_known = len(numbers) == items_in(row[level + 1]) and all(each.count(".") == level for each in numbers)
            above, count = (list(numbers) if is_known else []), 0
        times = [line.strip() for line in cells[-1].split("\n") if line.strip()]
        if len(above) > 1 and len(times) == len(above):
            cells[-1] = "\n".join(f"[{_below(each, used)}.1] {when}" for each, when in zip(above, times, strict=True))
        elif len(above) == 1 and times and "\n\n" not in cells[-1].strip():
            count += 1
            cells[-1] = f"[{_below(above[0], used)}.{count}] {years_apart(cells[-1]).strip()}"
        elif len(dated_lines(cells[-1])) == items_in(row[_SCHEDULE]) > 1:
            cells[-1] = "\n\n".join(dated_lines(cells[-1]))
        else:
            cells[-1] = years_apart(cells[-1])
        yield cells


def _below(number: str, used: Collection[str]) -> str:
    """The number of an activity; below another part, one that no part has, so that it leads to that part alone."""
    while number.count(".") < _SCHEDULE - 1:
        taken = [int(each.rpartition(".")[2]) for each in used if each.rpartition(".")[0] == number]
        number = f"{number}.{max(taken, default=0) + 1}"
    return number
