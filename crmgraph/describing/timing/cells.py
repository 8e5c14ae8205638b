"""Figures that are all that a cell of a calendar holds: 03/2027, 2027-28, 2027+, or several years and periods in a row.

Elsewhere the same figures may be the number of a resolution.
"""

import re
from collections.abc import Iterator

from crmgraph.describing.timing.calendar_words import Reading
from crmgraph.describing.timing.leads import LEAD_KINDS
from crmgraph.describing.timing.points import Point, from_to, listed

__all__ = ["read_cell"]

_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:0?[1-9]|1[0-2])"
# A month before its year, or two figures behind it, which are another year or a month.
_POINT = rf"(?:{_MONTH} ?[/-] ?{_YEAR}|{_YEAR} ?[/-] ?\d\d|{_YEAR})"
_LEAD = "|".join(word for word, kind in LEAD_KINDS.items() if kind in ("date", "since", "until") and " " not in word)
_TO = r"(?: ?- ?| (?:al?|hasta|to|until|through) )"
_ITEM = rf"(?:(?:{_LEAD}) )?{_POINT}(?:{_TO}{_POINT}| ?\+)?"
_NEXT = r"(?: ?[,;] ?(?:(?:y|e|and) )?| (?:y|e|and|&) )"
_CELL = re.compile(rf" ?(?:\d+(?:\.\d+)*\.? )?(?P<row>{_ITEM}(?:{_NEXT}{_ITEM})*) ?\.? ?")
_EACH = re.compile(rf"(?:(?P<lead>{_LEAD}) )?(?P<one>{_POINT})(?:{_TO}(?P<two>{_POINT})|(?P<on> ?\+))?(?:{_NEXT}|$)")
_ROMAN = re.compile(rf" ?(?:\d+(?:\.\d+)*\.? )?(?P<said>(?:i{{1,3}}|iv) ?[/-] ?(?P<year>{_YEAR})) ?\.? ?")
_ORDINARY = re.compile(rf"(?:[a-z]+ )?{_YEAR}(?:(?:(?:,? (?:y|e|and|&) |, ){_YEAR})*|{_TO}{_YEAR})")
"""Rows of years and single periods, which are read wherever they stand."""


def read_cell(text: str) -> Iterator[Reading]:
    """The readings of a folded text that is nothing but such figures; none where one of them may mean two things."""
    if roman := _ROMAN.fullmatch(text):
        # Whether it is a quarter or a month is not said.
        yield Reading(*roman.span("said"), (("date", roman["year"]),))
        return
    cell = _CELL.fullmatch(text)
    if cell is None or _ORDINARY.fullmatch(cell["row"]):
        return
    start = cell.start("row")
    readings = []
    for item in _EACH.finditer(cell["row"]):
        said = _said(item)
        if not said:
            return
        readings.append(
            Reading(start + item.start(), start + max(item.end(name) for name in ("one", "two", "on")), said)
        )
    yield from readings


def _said(item: re.Match[str]) -> tuple[tuple[str, str], ...]:
    kind = LEAD_KINDS.get(item["lead"] or "", "date")
    one = _points(item["one"])
    if item["two"]:
        two = _points(item["two"])
        return from_to([*one, *two]) if len(one) == len(two) == 1 and kind != "until" else ()
    if item["on"]:
        return listed("since", one) if len(one) == 1 and kind != "until" else ()
    if len(one) == 1:
        return listed(kind, one)
    return from_to(one) if kind == "date" else ()


def _points(words: str) -> list[Point]:
    """The month or the year, or the first and last year; none where it may be both."""
    first, *rest = re.findall(r"\d+", words)
    if not rest:
        return [Point(int(first))]
    if len(first) < len(rest[0]):
        return [Point(int(rest[0]), int(first))]
    year, number = int(first), int(rest[0])
    following = number == year % 100 + 1
    if 1 <= number <= 12 and not following:
        return [Point(year, number)] if number <= year % 100 else []
    return [Point(year), Point(year - year % 100 + number)] if number > 12 and number > year % 100 else []
