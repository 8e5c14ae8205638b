"""A date as far as words say it, and what several say together."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from crmgraph.describing.literals import date_literal

__all__ = ["Point", "fill_up", "from_to", "listed"]

_LATE_MONTHS, _EARLY_MONTHS = range(8, 13), range(1, 5)
_LATE_DAY, _EARLY_DAY = 20, 10
"""What a period that runs over the turn of the year, or of the month, begins and ends with."""


class Point(NamedTuple):
    """A date as far as it is said."""

    year: int | None
    month: int | None = None
    day: int | None = None

    @property
    def said(self) -> tuple[int, ...]:
        """The numbers of year, month and day that are said."""
        return tuple(number for number in self if number is not None)

    @property
    def text(self) -> str:
        """The date as XML Schema writes it, as far as it is said."""
        return "-".join(f"{number:0{width}}" for number, width in zip(self.said, (4, 2, 2), strict=False))

    @property
    def exists(self) -> bool:
        """Whether the calendar has it."""
        try:
            date_literal(self.text)
        except ValueError:
            return False
        return True

    @property
    def before(self) -> "Point":
        """The year, month or day before it, as exactly as it is said."""
        year, month, day = self.year or 0, self.month, self.day
        if month is None:
            return Point(year - 1)
        if day is None:
            return Point(year, month - 1) if month > 1 else Point(year - 1, 12)
        last = date(year, month, day) - timedelta(days=1)
        return Point(last.year, last.month, last.day)

    def filled(self, right: "Point") -> "Point":
        """With what only a later date of the same row says: from March to June 2010."""
        if self.year is not None:
            return self
        return Point(right.year, right.month if self.month is None else self.month, self.day)


def fill_up(points: Sequence[Point]) -> list[Point]:
    """The dates of a row, each with what only a later one says."""
    filled: list[Point] = []
    for point in reversed(points):
        filled.insert(0, point.filled(filled[0]) if filled else point)
    return filled


def listed(name: str, points: Sequence[Point]) -> tuple[tuple[str, str], ...]:
    """The property `name` with each of these dates."""
    return tuple((name, point.text) for point in fill_up(points))


def from_to(points: Sequence[Point]) -> tuple[tuple[str, str], ...]:
    """From when until when; nothing where it may begin in the month or year before the one that is said."""
    if len(points) != 2:
        return ()
    first, last = points[0].filled(points[1]), points[1]
    if first.said[: len(last.said)] > last.said[: len(first.said)]:
        return () if _runs_over(points[0], first, last) else (("reversed", f"{first.text}/{last.text}"),)
    return (*listed("since", [first]), *listed("until", [last]))


def _runs_over(said: Point, first: Point, last: Point) -> bool:
    """Whether it is only by filling up that it ends before it begins, and may run from one month or year to the next.

    From October to March 2027 may, or from the 28th to 3 March, but not from June to May, or from the 5th to the 3rd.
    """
    if said.year is not None or first.month is None or last.month is None:
        return False
    if first.month != last.month:
        return first.month in _LATE_MONTHS and last.month in _EARLY_MONTHS
    return said.month is None and (first.day or 0) > _LATE_DAY and (last.day or 0) <= _EARLY_DAY
