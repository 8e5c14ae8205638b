"""What a sheet shows of a value, by the format of its cell."""

import math
import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

__all__ = ["shown"]

# The name of a currency, another code in brackets, a quoted text, a character that stands for itself, and blank space.
_LITERAL = re.compile(r"\[\$(?P<money>[^\]-]*)[^\]]*\]|\[[^\]]*\]|\"(?P<text>[^\"]*)\"|\\(?P<char>.)|_.|\*.")
_DIGITS = re.compile(r"(?P<before>[^#0?]*)(?P<whole>[#0?,]*[#0?])?(?:\.(?P<part>[#0?]*))?(?P<after>[^#0?]*)")
_NOT_PLAIN = re.compile(r"general|e[+-]|/|@", re.IGNORECASE)
_MOST_DECIMALS = 100
_EXACT = Context(prec=700, rounding=ROUND_HALF_UP)
"""Enough for the largest number with as many decimals as a format may have."""
_KEPT = "\ue000"
"""Stands for a literal while the rest is looked at: a character that no format has."""


def shown(value: Any, number_format: str) -> str:
    """The text of a value: a number with the decimals that its cell shows, a day as 2027-06-01.

    Whether a point or a comma parts the decimals, and whether the thousands are parted, depends on who opens the file;
    here it is a point, and they are not.
    """
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return _day(value, number_format)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float) and math.isfinite(value):
        return _number(Decimal(repr(value)), number_format) or _general(value)
    return str(value)


def _day(value: date | time, number_format: str) -> str:
    """A day, and the time where it is one; only the month or the year where no more is shown."""
    code = _LITERAL.sub("", number_format.partition(";")[0]).lower()
    if isinstance(value, time) or re.search("[hs]", code):
        return str(value).removesuffix(" 00:00:00")
    day = value.strftime("%Y-%m-%d")
    return day if "d" in code or "y" not in code else day[:7] if "m" in code else day[:4]


def _general(value: float) -> str:
    """A number as a sheet shows it that is told nothing: whole where it is, and of no more than 15 digits."""
    return str(int(value)) if float(value).is_integer() else f"{value:.15g}"


def _number(value: Decimal, number_format: str) -> str:
    """A number by a format of digits, decimals, a sign of per cent and texts; nothing for a format of another kind."""
    sections = number_format.split(";")
    place = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    literals = [found["money"] or found["text"] or found["char"] or "" for found in _LITERAL.finditer(sections[place])]
    code = _LITERAL.sub(_KEPT, sections[place])
    found = _DIGITS.fullmatch(code)
    if found is None or found["whole"] is None or _NOT_PLAIN.search(code) or found["after"].startswith(","):
        return ""
    whole, part = found["whole"], found["part"] or ""
    if len(part) > _MOST_DECIMALS:
        return ""
    exact = abs(value) * (100 if "%" in found["after"] else 1)
    digits = f"{exact.quantize(Decimal(1).scaleb(-len(part)), context=_EXACT):f}"
    before, _, after = digits.partition(".")
    fewest = part.rfind("0") + 1
    after = after[:fewest] + after[fewest:].rstrip("0")
    text = before.zfill(whole.count("0")) + (f".{after}" if after else "")
    sign = "-" if value < 0 and place == 0 and text.strip("0.") else ""
    head, tail = _edges(found, literals)
    return f"{head}{sign}{text}{tail}".strip()


def _edges(found: re.Match[str], literals: list[str]) -> tuple[str, str]:
    """The texts before and behind the digits of a format, with the literals put back."""
    rest = iter(literals)
    head, tail = (
        "".join(next(rest) if each == _KEPT else each for each in found[name]) for name in ("before", "after")
    )
    return head, tail
