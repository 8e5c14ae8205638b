"""The amounts of money in a cell of a plan that gives a budget.

The words are in `lexicon/money.yaml`, in English, Spanish, French and Portuguese; names of currencies are also those of
Unicode CLDR.
"""

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies

from crmgraph.lexicon import Patterns, any_of, patterns
from crmgraph.reading.languages import LANGUAGES, Folded, fold, key

_DAY = date(2026, 1, 1)
"""The day whose currencies are known by name, so that names are not shared with those that have gone out of use."""
_LEAST, _YEARS = 1000, range(1900, 2101)
"""The least number that is an amount where no currency is named, and those that may be years."""
_THOUSANDS = 3
_MARKS = str.maketrans(dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", "^") | {"\n": "|"})


class Amount(NamedTuple):
    """An amount of money in a cell.

    Attributes:
        start: The offset of the first code point.
        end: The offset after the last code point.
        value: The value in full, such as 1200000 for "1.2 million".
        currency: The ISO 4217 code of the currency that the cell or the heading names; None if they name none.
    """

    start: int
    end: int
    value: Decimal
    currency: str | None


_TABLES = patterns("money")
_WORDS = Patterns(
    "money",
    sign=lambda: any_of(re.escape(key(sign)) for sign in _TABLES.raw("signs")),
    scale=lambda: any_of(_TABLES.raw("scales")),
)


@cache
def _currencies() -> dict[str, frozenset[str]]:
    """Return the codes of the currencies that a code or sign, as written, or a folded name may mean.

    A name is that of CLDR, or its noun alone: "Guatemalan quetzal", "quetzal".
    """
    known = defaultdict(set)
    codes = {
        code
        for territory in Locale.parse("en").territories
        for code in get_territory_currencies(str(territory), start_date=_DAY, end_date=_DAY)
    }
    for code in codes:
        known[code].add(code)
        for language in LANGUAGES:
            for count in (1, 2):
                name = key(get_currency_name(code, count, language))
                known[name].add(code)
                known[name.split()[-1 if language == "en" else 0]].add(code)
    said = _TABLES.raw("signs") | _TABLES.raw("names")
    return {name: frozenset(found) for name, found in known.items()} | {
        name: frozenset(found.split()) for name, found in said.items()
    }


def find_amounts(text: str, heading: str = "") -> list[Amount]:
    """Return the amounts in a cell, in order.

    Ranges, calculations, amounts in brackets and those that are part of another are left out, as is what may be read in
    two ways.

    Args:
        text: The text of the cell, in English, Spanish, French or Portuguese.
        heading: The heading of the column, which may name a currency and a multiple: "Budget (USD '000)".
    """
    column_currency, factor = _unit_of_column(heading)
    text = re.sub(r"\([^()]*\d[^()]*\)", lambda bracket: "(" * len(bracket[0]), text).translate(_MARKS)
    folded = fold(text)
    said = folded.text
    if _WORDS["calculated"].search(said):
        return []
    amounts: list[Amount] = []
    last, end, is_end_of_range = 0, 0, False
    while found := _WORDS["amount"].search(said, end):
        codes, start, end = _currency_beside(text, folded, found)
        is_range = _WORDS["range_before"].search(said[:start]) or _WORDS["range_after"].match(said, end)
        is_part = is_range or is_end_of_range or (amounts and _WORDS["share"].search(said, last, start))
        is_end_of_range = bool(is_range)
        scale = int(_TABLES.raw("scales")[found["scale"]]) if found["scale"] else 0
        value = _value(found["number"], scale or factor)
        if value is None or is_part or (factor and column_currency in codes and not scale):
            continue
        if not codes:
            is_year = found["number"].isdigit() and value in _YEARS
            if is_year or not (_WORDS["alone_before"].search(said[:start]) and _WORDS["alone_after"].match(said, end)):
                continue
            if value < _LEAST and not column_currency:
                continue
            scale = scale or factor
        is_known = len(codes) != 1 and (not codes or column_currency in codes)
        currency = column_currency if is_known else next(iter(codes)) if len(codes) == 1 else None
        value *= 10**scale
        value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
        amounts.append(Amount(*folded.original(start, end), value, currency))
        last = end
    return amounts


def _currency_beside(text: str, folded: Folded, found: re.Match[str]) -> tuple[frozenset[str], int, int]:
    """Return the currencies that the sign or words beside a number may mean, and the span of both."""
    known = _currencies()
    if found["sign"]:
        codes = known.get(_written(text, folded, *found.span("sign")))
        if codes:
            return codes, *found.span()
    unit = _WORDS["unit"].match(folded.text, found.end())
    start, end = found.start("number"), unit.end() if unit else 0
    while unit and end > unit.start("unit"):
        words = folded.text[unit.start("unit") : end].rstrip(" .")
        end = unit.start("unit") + len(words)
        if codes := known.get(words) or known.get(_written(text, folded, unit.start("unit"), end)):
            return codes, start, end
        end = unit.start("unit") + max(words.rfind(" "), 0)
    return frozenset(), start, found.end()


def _written(text: str, folded: Folded, start: int, end: int) -> str:
    begin, stop = folded.original(start, end)
    return text[begin:stop]


def _unit_of_column(heading: str) -> tuple[str | None, int]:
    """Return the currency that the heading of a column names, if any, and the factor for the numbers below it."""
    known, said = _currencies(), key(heading)
    factor = 3 if _WORDS["thousands"].search(said) else 6 if _WORDS["millions"].search(said) else 0
    capitals = [word for word in re.findall(r"[^\s\d()\[\],;:’'*]+", heading) if word == word.upper()]
    codes = [known.get(word) or known.get(word[1:]) for word in capitals]
    for phrase in _WORDS["in_currency"].finditer(said):
        words = re.split(r"[ '’]", phrase[1] or phrase[2] or "")
        codes += [known.get(" ".join(words[start:])) for start in range(len(words))]
    named = next((found for found in codes if found and len(found) == 1), None)
    return next(iter(named), None) if named else None, factor


def _value(number: str, scale: int) -> Decimal | None:
    """Return a number without its multiple; None if its separator may be read in two ways, as in "1,250 million".

    Args:
        number: The number as written.
        scale: The multiple, as a power of ten.
    """
    grouped = _WORDS["grouped"].fullmatch(number)
    if grouped and (scale <= _THOUSANDS or len(re.split(r"[.,]", number)) != len(("1", "250"))):
        whole, decimals = re.sub(r"\D", "", grouped["whole"]), grouped["decimals"] or "0"
        return Decimal(f"{whole}.{decimals}")
    return Decimal(number.replace(",", ".")) if not grouped and _WORDS["plain"].fullmatch(number) else None
