"""Quarters and other equal parts of a year: those that no year has, and when a period of them begins and ends."""

import re
from collections.abc import Iterator

from crmgraph.describing.timing.calendar_words import Reading, any_of
from crmgraph.describing.timing.points import Point, from_to

__all__ = ["months_of", "read_quarters"]

_MONTHS = 12
_ORDINALS = (
    "primer primera primero first i", "segundo segunda second ii", "tercer tercera tercero third iii",
    "cuarto cuarta fourth iv", "quinto quinta fifth v", "sexto sexta sixth vi", "septimo septima seventh vii",
    "octavo octava eighth viii",
)  # fmt: skip
_COUNTS = {word: count for count, words in enumerate(_ORDINALS, 1) for word in words.split()}
_SPANS = {
    "semestre": 6, "half": 6, "cuatrimestre": 4, "cuatrim": 4, "trimestre": 3, "trim": 3, "quarter": 3, "bimestre": 2,
    "bim": 2,
}  # fmt: skip
_LETTERS = {"s": 6, "h": 6, "q": 3, "t": 3}
"""The months that each part of a year has."""
_ORDINAL = rf"(?:{any_of(_COUNTS)}|[1-9](?:\.?(?:o|a|er|ro|do|to|ra|da|ta)|°|st|nd|rd|th))"
_COUNT = rf"(?:{_ORDINAL}|[1-9])"
_LONG = rf"(?:{any_of(_SPANS)})"
# Of six months there are two; S3 may be another thing, such as a week, and 5T an amount.
_SHORT = r"(?:[qt][1-9]|[sh][12]|[1-4][qt]|[12][sh])"
_ONE = rf"(?:{_COUNT} {_LONG}\.?|{_LONG}\.? {_COUNT}|{_SHORT})"
_YEAR = r"(?:19|20)\d\d"
_OF = rf",? (?:(?:de|of)(?:l| the)? (?:ano )?)?{_YEAR}"
_TURNED = rf"(?:{_YEAR}(?:,? |[/-])?{_SHORT}|{_SHORT}[/-]{_YEAR})"
_BEGIN, _END = r"(?<![\w/.,-])", r"(?![\w/-])"
_RANGE = re.compile(
    rf"{_BEGIN}(?:(?P<lead>del?|desde|from|entre|between) (?:(?:el|la|the) )?)?"
    rf"(?P<one>{_TURNED}|{_ONE}(?:{_OF})?|{_ORDINAL})"
    rf"(?P<to> ?- ?| (?:al?|hasta|to|until|through|y|and) )(?:(?:el|la|the) )?(?P<two>{_TURNED}|{_ONE}{_OF}){_END}"
)
_ALONE = re.compile(rf"{_BEGIN}{_ONE}{_OF}{_END}")
_TURNED_ALONE = re.compile(rf"{_BEGIN}{_TURNED}{_END}")


def read_quarters(text: str) -> Iterator[Reading]:
    """The readings of a folded text; one part alone is read for its year where figures stand about it otherwise."""
    for match in _ALONE.finditer(text):
        if _months(match[0], match[0]) is None:
            yield Reading(*match.span(), (("impossible", match[0]),))
    for match in _TURNED_ALONE.finditer(text):
        months = _months(match[0], match[0])
        name, value = ("impossible", match[0]) if months is None else ("date", str(months[0].year))
        yield Reading(*match.span(), ((name, value),))
    for match in _RANGE.finditer(text):
        if (match["to"].strip() in ("y", "and")) != (match["lead"] in ("entre", "between")):
            continue
        one, two = _months(match["one"], match["two"]), _months(match["two"], match["two"])
        if one and two:
            turned = two[1] < one[0]
            said = (("reversed", f"{one[0].text}/{two[1].text}"),) if turned else from_to([one[0], two[1]])
            yield Reading(*match.span(), said)


def months_of(words: str) -> tuple[str, str] | None:
    """The first and the last month of the part of a year that these words are, if they are one that a year has."""
    is_one = _ALONE.fullmatch(words) or _TURNED_ALONE.fullmatch(words)
    months = _months(words, words) if is_one else None
    return (months[0].text, months[1].text) if months else None


def _months(words: str, whole: str) -> tuple[Point, Point] | None:
    """The first and the last month of a part of a year; None where a year has not so many.

    What `words` do not say is as in the `whole`: from the first to the third quarter of 2027.
    """
    span = _span(words) or _span(whole)
    last = span * _count(words)
    year = int((re.search(_YEAR, words) or re.search(_YEAR, whole) or ["0"])[0])
    return (Point(year, last - span + 1), Point(year, last)) if last <= _MONTHS else None


def _span(words: str) -> int:
    """How many months each such part has; 0 where that is not said."""
    short = re.search(rf"(?<![a-z]){_SHORT}(?!\w)", words)
    long = re.search(rf"\b{_LONG}\b", words)
    return _LETTERS[short[0].strip("123456789")] if short else _SPANS[long[0]] if long else 0


def _count(words: str) -> int:
    """Which of the parts of its year it is."""
    short = re.search(rf"(?<![a-z]){_SHORT}(?!\w)", words)
    if short:
        return int(short[0].strip("qtsh"))
    named = re.search(rf"(?<!\w){_COUNT}(?!\w)", words)
    word = named[0] if named else ""
    return _COUNTS.get(word) or int(word[0])
