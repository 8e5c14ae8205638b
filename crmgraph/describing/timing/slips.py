"""Dates and periods that cannot be, in forms that say no date of their own: the 31st of June, the fifth quarter."""

import re
from collections.abc import Iterator
from functools import cache

from crmgraph.describing.timing.calendar_words import Reading, any_of, month_names
from crmgraph.describing.timing.dates import read_dates

__all__ = ["read_slips"]

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR = r"(?:19|20)\d\d"
_ORDINALS = (
    "primer primera primero first i", "segundo segunda second ii", "tercer tercera tercero third iii",
    "cuarto cuarta fourth iv", "quinto quinta fifth v", "sexto sexta sixth vi", "septimo septima seventh vii",
    "octavo octava eighth viii",
)  # fmt: skip
_COUNTS = {word: count for count, words in enumerate(_ORDINALS, 1) for word in words.split()}
_SPANS = {"semestre": 6, "half": 6, "cuatrimestre": 4, "trimestre": 3, "quarter": 3, "q": 3, "t": 3, "bimestre": 2}
"""The months that each part of a year has."""
_COUNT = rf"(?:{any_of(_COUNTS)}|[1-9](?:\.?(?:o|a|er|ro|do|to|ra|da|ta)|°|st|nd|rd|th)?)"
_LONG = r"(?:semestre|half|cuatrimestre|trimestre|quarter|bimestre)"
_PART = rf"(?:{_COUNT} {_LONG}|{_LONG} {_COUNT}|[qt][1-9]) (?:(?:de|of)(?:l| the)? (?:ano )?)?{_YEAR}"
_BEGIN, _END = r"(?<![\w/.,-])", r"(?![\w/-])"
_RANGE = re.compile(
    rf"{_BEGIN}(?:(?:del?|desde|from|entre|between) (?:(?:el|la|the) )?)?(?P<one>{_PART})"
    rf"(?: ?- ?| (?:al?|hasta|to|until|through) )(?:(?:el|la|the) )?(?P<two>{_PART}){_END}"
)
_ALONE = re.compile(rf"{_BEGIN}{_PART}{_END}")
_MONTH = re.compile(rf"^(?:\d+(?:\.\d+)*\.? )?(?P<month>(?P<number>\d\d?)[/-]{_YEAR}) ?\.?$")
"""A month in figures that is all that is said; elsewhere it may be the number of a resolution."""
_BEGINS = r"(?:inicio|comienzo|inicia|comienza|start|begin|begins|beginning)"
_ENDS = r"(?:fin|final|termino|finalizacion|finaliza|termina|cierre|conclusion|end|ends|ending)"
_ENDPOINT = r":? (?:(?:en|in) )?(?P<{}>[^;,.:]{{4,25}}?)"
_FROM_TO = re.compile(
    rf"{_BEGIN}{_BEGINS}{_ENDPOINT.format('one')} ?(?:[;,.] ?| (?:y|and) )(?:(?:y|and) )?"
    rf"{_ENDS}{_ENDPOINT.format('two')}(?= ?(?:[;,.]|$))"
)


def read_slips(text: str) -> Iterator[Reading]:
    """The readings of a folded text: days that a month has not, parts that a year has not, and periods turned about."""
    for match in _day().finditer(text):
        day, surely = int(match["day"]), match["lead"]
        if day > _DAYS[month_names()[match["month"]] - 1] and (surely or day <= max(_DAYS)):
            yield Reading(match.start("date"), match.end("date"), (("impossible", match["date"]),))
    for match in _ALONE.finditer(text):
        if _months(match[0]) is None:
            yield Reading(*match.span(), (("impossible", match[0]),))
    month = _MONTH.match(text)
    if month is not None and not 1 <= int(month["number"]) <= len(_DAYS):
        yield Reading(*month.span("month"), (("impossible", month["month"]),))
    for match in _RANGE.finditer(text):
        one, two = _months(match["one"]), _months(match["two"])
        if one and two and two[1] < one[0]:
            yield Reading(*match.span(), (("reversed", f"{one[0]}/{two[1]}"),))
    for match in _FROM_TO.finditer(text):
        begin, end = _date(match["one"]), _date(match["two"])
        if begin and end and end < begin[: len(end)]:
            yield Reading(*match.span(), (("reversed", f"{begin}/{end}"),))


@cache
def _day() -> re.Pattern[str]:
    """A day of a month; names as short as “set” or “mar” may be other words."""
    months = any_of(name for name in month_names() if len(name) > len("set"))
    return re.compile(
        rf"{_BEGIN}(?P<lead>(?:el|del|al|dia|the) )?(?P<date>(?P<day>\d\d?) (?:de |of )?(?P<month>{months})){_END}"
    )


def _months(part: str) -> tuple[str, str] | None:
    """The first and the last month of a part of a year; None where a year has not so many."""
    *words, year = part.split()
    count = span = 0
    for word in words:
        short = re.fullmatch(r"([qt])(\d)", word)
        span = span or _SPANS.get(short[1] if short else word, 0)
        count = count or (int(short[2]) if short else _COUNTS.get(word) or _leading_digit(word))
    last = span * count
    return (f"{year}-{last - span + 1:02}", f"{year}-{last:02}") if last <= len(_DAYS) else None


def _leading_digit(word: str) -> int:
    return int(word[0]) if word[0].isdigit() else 0


def _date(words: str) -> str | None:
    """The one date that these words are."""
    dates = [value for each in read_dates(words) for name, value in each.said if name == "date"]
    return dates[0] if len(dates) == 1 else None
