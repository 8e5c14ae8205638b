"""Whether the dates in figures of an English plan have the day first, or the month: 03/04/2027 may be either."""

import re
from collections.abc import Sequence

__all__ = ["in_order"]

_DATE = re.compile(r"(?<![\w/.-])(\d{1,2})([/.-])(\d{1,2})(\2(?:19|20)\d\d)(?![\w/])")
_MONTHS = 12


def in_order(texts: Sequence[str]) -> list[str]:
    """The texts of a plan with the day first in each date in figures; all are as long as they were.

    Where no date of the plan can be read in one way only, or some can in this and some in that, those that may be
    either are blank.
    """
    dates = [(int(each[1]), int(each[3])) for said in texts for each in _DATE.finditer(said)]
    day_first = any(one > _MONTHS >= other for one, other in dates)
    month_first = any(other > _MONTHS >= one for one, other in dates)

    def ordered(date: re.Match[str]) -> str:
        one, other = int(date[1]), int(date[3])
        if one == other or max(one, other) > _MONTHS or (day_first and not month_first):
            return date[0]
        return f"{date[3]}{date[2]}{date[1]}{date[4]}" if month_first and not day_first else " " * len(date[0])

    return [_DATE.sub(ordered, text) for text in texts]
