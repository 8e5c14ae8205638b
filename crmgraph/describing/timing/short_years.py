"""Months with two figures of their year, as spreadsheets show them: mar-27, which may also be a day of March."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from crmgraph.describing.timing.calendar_words import any_of, month_names
from crmgraph.reading.folding import Folded, fold

__all__ = ["undecided", "whole_years", "years_beside"]

_YEAR = re.compile(r"(?<![\d.,/-])(?:19|20)\d\d(?!\d)|(?<=[/-])(?:19|20)\d\d(?!\d)")
_LAST_DAY = 31
_NEAR = 10
"""How many years such a month may be from one that the plan says in full."""
_TURN = 70
"""From which figures a year that nothing else tells is of the last century."""


def years_beside(calendar: Sequence[str], title: str) -> frozenset[int]:
    """The years that what a calendar says, or the title of a plan, says in full; none where one such month is near none
    of them, and so a day.
    """
    said = [fold(text).text for text in calendar]
    years = frozenset(int(found[0]) for text in (*said, fold(title).text) for found in _YEAR.finditer(text))
    short = (int(found["year"]) for text in said for found in _short().finditer(text))
    return years if all(_year(number, years) for number in short) else frozenset()


def whole_years(folded: Folded, years: Collection[int]) -> Folded:
    """A folded text with the year of such a month in full, where it is known: it is near the `years`, or no day is so
    high.
    """
    text, spans, done = "", list[tuple[int, int]](), 0
    for found in _short().finditer(folded.text):
        if year := _year(int(found["year"]), years):
            start = found.start("year")
            text += folded.text[done:start] + str(year)[:2]
            spans += [*folded.spans[done:start], *[folded.spans[start]] * 2]
            done = start
    return Folded(text + folded.text[done:], (*spans, *folded.spans[done:])) if done else folded


def undecided(calendar: Sequence[str], title: str) -> Iterator[str]:
    """Such months of a calendar, in its own words, of which it is not known whether they are days."""
    years = years_beside(calendar, title)
    for text in calendar:
        folded = fold(text)
        for found in _short().finditer(folded.text):
            if _year(int(found["year"]), years) is None:
                start, end = folded.original(*found.span("said"))
                yield text[start:end]


def _year(number: int, years: Collection[int]) -> int | None:
    """The year that two figures are, if that is known."""
    both = (2000 + number, 1900 + number)
    near = [each for each in both if any(abs(each - year) <= _NEAR for year in years)]
    return near[0] if near else both[number >= _TURN] if number > _LAST_DAY else None


@cache
def _short() -> re.Pattern[str]:
    """Such a month in a folded text."""
    month = rf"(?P<said>(?:{any_of(month_names())})\.?[-‐‑‒–—−/](?P<year>\d\d))"
    return re.compile(rf"(?<![\w/.,-]){month}(?![\w/-]|[.,]\d|,? (?:del? |of )?(?:19|20)\d\d)")
