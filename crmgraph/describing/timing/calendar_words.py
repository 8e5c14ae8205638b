"""The words for months, weekdays and numbers in Spanish and English, as they are once folded, and what they mean."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from babel import Locale

from crmgraph.reading.folding import key

__all__ = ["NUMBERS", "Reading", "any_of", "month_names", "weekday_names"]

_LOCALES = ("es", "es_MX", "en", "en_GB")  # CLDR has the abbreviations sept of one and sep of the other
_MORE_MONTHS = {"setiembre": 9, "set": 9}
_COUNTED = (
    "uno un una one", "dos two", "tres three", "cuatro four", "cinco five", "seis six", "siete seven", "ocho eight",
    "nueve nine", "diez ten", "once eleven", "doce twelve",
)  # fmt: skip
NUMBERS = {word: number for number, words in enumerate(_COUNTED, 1) for word in words.split()}
"""The number words from one to twelve."""


class Reading(NamedTuple):
    """Where words about time stand in a folded text, end exclusive, and what they say: properties and values.

    Words that are understood to say nothing that can be stated (before 2010) are a reading too, of nothing.
    """

    start: int
    end: int
    said: tuple[tuple[str, str], ...]


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


@cache
def month_names() -> dict[str, int]:
    """The number of the month for each of its names and abbreviations, without a dot."""
    names = dict(_MORE_MONTHS)
    for tag in _LOCALES:
        for lengths in Locale.parse(tag).months.values():
            for length in ("wide", "abbreviated"):
                names.update({key(name).rstrip("."): number for number, name in lengths[length].items()})
    return names


@cache
def weekday_names() -> frozenset[str]:
    """The names of the days of the week."""
    return frozenset(key(name) for tag in _LOCALES for name in Locale.parse(tag).days["format"]["wide"].values())
