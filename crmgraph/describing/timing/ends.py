"""A beginning and an end that are called so: “Start date: 2027-01; End date: 2028-06”."""

import re
from collections.abc import Iterator

from crmgraph.describing.timing.calendar_words import Reading
from crmgraph.describing.timing.cells import read_cell
from crmgraph.describing.timing.dates import read_dates
from crmgraph.describing.timing.quarters import months_of
from crmgraph.reading.ends import BEGINNING, END

__all__ = ["read_ends"]

_BEGIN = r"(?<![\w/.,-])"
_CLOSE = r"(?= ?(?:;|,(?! ?\d)|\.(?!\d)|$))"
"""What stands behind a date, and not within one such as March 5, 2027, or 30.06.2027."""
_POINT = r":? (?:(?:en|in) )?(?P<{}>[^;:]{{4,30}}?)"
_FROM_TO = re.compile(
    rf"{_BEGIN}{BEGINNING}{_POINT.format('one')} ?(?:[;,.] ?| (?:y|and) )(?:(?:y|and) )?"
    rf"{END}{_POINT.format('two')}{_CLOSE}"
)
_ONE = re.compile(
    rf"(?:^ ?(?:\d+(?:\.\d+)*\.? )?|; ?)(?P<said>(?:(?P<begin>{BEGINNING})|{END}): (?P<date>[^;:]{{4,30}}?))"
    r" ?\.? ?(?=;|$)"
)
"""One of them in a cell, in which the other is not said, or not in words that can be read."""


def read_ends(text: str) -> Iterator[Reading]:
    """The readings of a folded text: since when and until when, or one of these."""
    for match in _FROM_TO.finditer(text):
        one, two = _first_and_last(match["one"]), _first_and_last(match["two"])
        if one and two:
            begin, end = one[0], two[1]
            turned = end < begin[: len(end)]
            said = (("reversed", f"{begin}/{end}"),) if turned else (("since", begin), ("until", end))
            yield Reading(*match.span(), said)
    for match in _ONE.finditer(text):
        if found := _first_and_last(match["date"]):
            yield Reading(*match.span("said"), (("since", found[0]) if match["begin"] else ("until", found[1]),))


def _first_and_last(words: str) -> tuple[str, str] | None:
    """The one date that these words are, twice, or the first and the last month of their quarter or half."""
    if months := months_of(words):
        return months
    readings = list(read_cell(words)) or read_dates(words)
    dates = [value for each in readings for name, value in each.said if name == "date"]
    return (dates[0], dates[0]) if len(dates) == 1 else None
