"""Dates and durations as a table writes them, checked and as RDF: only what exists, and each in one way."""

import re
from datetime import date

from rdflib import XSD, Literal

__all__ = ["date_literal", "duration_literal"]

_DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>[1-9]\d*)Y)?(?:(?P<months>[1-9]\d*)M)?(?:(?P<days>[1-9]\d*)D)?"
    r"(?:T(?=.)(?:(?P<hours>[1-9]\d*)H)?(?:(?P<minutes>[1-9]\d*)M)?(?:(?P<seconds>[1-9]\d*)S)?)?",
    re.ASCII,
)
_LESS_THAN = {"months": 12, "hours": 24, "minutes": 60, "seconds": 60}


def date_literal(text: str) -> Literal:
    """A year ("2010"), a month ("2005-03") or a day ("2005-03-31") as xsd:gYear, xsd:gYearMonth or xsd:date.

    Raises ValueError where it is none of them or no calendar has it.
    """
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text} is not a year (2010), a month (2005-03) or a day (2005-03-31)")
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        raise ValueError(f"no calendar has {text}") from None
    return Literal(text, datatype=_DATE_TYPES[len(text)])


def duration_literal(text: str) -> Literal:
    """A duration as xsd:duration, of years, months, days, hours, minutes and whole seconds.

    Raises ValueError where it is none, has a zero in it, or could be said with a larger unit (P36M is P3Y).
    """
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(f"{text} is not a duration such as P6M (six months) or P3Y (three years)")
    for unit, bound in _LESS_THAN.items():
        if int(match[unit] or 0) >= bound:
            raise ValueError(f"{text} has {bound} {unit} or more; write it with the larger unit, as P3Y and not P36M")
    return Literal(text, datatype=XSD.duration)
