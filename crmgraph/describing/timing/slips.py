"""Days and months that no calendar has, in forms that say no date of their own: the 31st of June."""

import re
from collections.abc import Iterator
from functools import cache

from crmgraph.describing.timing.calendar_words import Reading, any_of, month_names

__all__ = ["read_slips"]

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR = r"(?:19|20)\d\d"
_BEGIN, _END = r"(?<![\w/.,-])", r"(?![\w/-])"
_MONTH = re.compile(rf"^(?:\d+(?:\.\d+)*\.? )?(?P<month>(?P<number>\d\d?)[/-]{_YEAR}) ?\.?$")
"""A month in figures that is all that is said; elsewhere it may be the number of a resolution."""


def read_slips(text: str) -> Iterator[Reading]:
    """The readings of a folded text: days that a month has not, and months that a year has not."""
    for match in _day().finditer(text):
        day, surely = int(match["day"]), match["lead"]
        if day > _DAYS[month_names()[match["month"]] - 1] and (surely or day <= max(_DAYS)):
            yield Reading(match.start("date"), match.end("date"), (("impossible", match["date"]),))
    month = _MONTH.match(text)
    if month is not None and not 1 <= int(month["number"]) <= len(_DAYS):
        yield Reading(*month.span("month"), (("impossible", month["month"]),))


@cache
def _day() -> re.Pattern[str]:
    """A day of a month; names as short as “set” or “mar” may be other words."""
    months = any_of(name for name in month_names() if len(name) > len("set"))
    return re.compile(
        rf"{_BEGIN}(?P<lead>(?:el|del|al|dia|the) )?(?P<date>(?P<day>\d\d?) (?:de |of )?(?P<month>{months})){_END}"
    )
