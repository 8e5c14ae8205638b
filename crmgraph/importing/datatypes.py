"""The forms of the types of XML Schema: what a literal has to look like to be of its type.

Source: W3C XML Schema Definition Language (XSD) 1.1 Part 2: Datatypes, the lexical spaces.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from decimal import Decimal

__all__ = ["is_of_type"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_YEAR = r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DAYS_AND_TIME = r"(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_DOUBLE = r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|INF)|NaN"
_FORMS = {
    "boolean": r"true|false|0|1",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "float": _DOUBLE,
    "double": _DOUBLE,
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?",
    "time": rf"{_TIME}{_ZONE}?",
    "gYear": rf"{_YEAR}{_ZONE}?",
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}?",
    "gMonth": rf"--{_MONTH}{_ZONE}?",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}?",
    "gDay": rf"---{_DAY}{_ZONE}?",
    "duration": rf"-?P(?=[\dT])(?:\d+Y)?(?:\d+M)?{_DAYS_AND_TIME}",
    "yearMonthDuration": r"-?P(?=\d)(?:\d+Y)?(?:\d+M)?",
    "dayTimeDuration": rf"-?P(?=[\dT]){_DAYS_AND_TIME}",
    "hexBinary": r"(?:[0-9a-fA-F]{2})*",
    "base64Binary": r"(?:(?:[A-Za-z0-9+/] ?){4})*"
    r"(?:(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"(?:\S+(?: \S+)*)?",
    "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
}
_PATTERNS = {name: re.compile(form, re.ASCII) for name, form in _FORMS.items()}
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "nonPositiveInteger": (None, 0),
    "positiveInteger": (1, None),
    "negativeInteger": (None, -1),
    **{name: (-(2**bits), 2**bits - 1) for name, bits in (("long", 63), ("int", 31), ("short", 15), ("byte", 7))},
    **{f"unsigned{name}": (0, 2**bits - 1) for name, bits in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))},
}
_LEAP_YEAR = "2000"


def is_of_type(words: str, datatype: str) -> bool:
    """Whether the words of a literal have the form of its type, where that is one of XML Schema which not all have."""
    name = datatype.removeprefix(_XSD)
    if name == datatype:
        return True
    if name in _BOUNDS:
        return _INTEGER.fullmatch(words) is not None and _is_within(words, *_BOUNDS[name])
    pattern = _PATTERNS.get(name)
    if pattern is None:
        return True
    found = pattern.fullmatch(words)
    return found is not None and _is_in_calendar(found.groupdict())


def _is_within(words: str, low: int | None, high: int | None) -> bool:
    # An int of very many digits cannot be read.
    value = Decimal(words)
    return (low is None or value >= low) and (high is None or value <= high)


def _is_in_calendar(parts: Mapping[str, str]) -> bool:
    """Whether there is such a day in the month; February has 29 where no year says otherwise."""
    if "day" not in parts or "month" not in parts:
        return True
    # Years are alike every 400, so that the last four digits do.
    year = int(parts.get("year", _LEAP_YEAR)[-4:])
    return int(parts["day"]) <= monthrange(year, int(parts["month"]))[1]
