"""Numbers of things that are counted, such as conferences, however they are written: XV, 15th, Decimoquinta."""

import re
from collections.abc import Iterable

__all__ = ["in_figures"]

_COUNTED = re.compile(r"(\d+)(?:st|nd|rd|th|[ao]|er|[rdtvnm][ao])?\.?")
_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})(?:st|nd|rd|th)?\.?")
_ROMAN_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ENGLISH = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
_SPANISH = ("primer", "segund", "tercer", "cuart", "quint", "sext", "septim", "octav", "noven")
_STEMS_OF_TENS = {"decim": 10, "vigesim": 20, "trigesim": 30}
_UNITS = {
    **{f"{stem}{end}": number for number, stem in enumerate(_SPANISH, 1) for end in "ao"},
    **dict(zip(_ENGLISH[:9], range(1, 10), strict=True)),
    "primer": 1,
    "tercer": 3,
}
_TENS = {
    **{f"{stem}{end}": number for stem, number in _STEMS_OF_TENS.items() for end in "ao"},
    "twenty": 20,
    "thirty": 30,
}
_IN_WORDS = {
    **dict(zip(_ENGLISH, range(1, 21), strict=True)),
    **_UNITS,
    **_TENS,
    **{f"undecim{end}": 11 for end in "ao"},
    **{f"duodecim{end}": 12 for end in "ao"},
    # “Decimoquinta”; of two vowels one may be left out: “vigesimoctava”.
    **{
        f"{stem}{between}{unit}": tens + number
        for stem, tens in _STEMS_OF_TENS.items()
        for unit, number in _UNITS.items()
        for between in ("o", "")
        if between or unit.startswith("o")
    },
}


def in_figures(words: Iterable[str]) -> list[str]:
    """These folded words, with numbers in figures: one that is written in two words (“twenty first”) is one.

    Roman ones are read up to 39.
    """
    found: list[str] = []
    tens = 0
    for word in words:
        if tens and word in _UNITS:
            found[-1] = str(tens + _UNITS[word])
        else:
            found.append(_in_figures(word))
        tens = _TENS.get(word, 0)
    return found


def _in_figures(word: str) -> str:
    if word in _IN_WORDS:
        return str(_IN_WORDS[word])
    if counted := _COUNTED.fullmatch(word):
        return counted[1]
    roman = _ROMAN.fullmatch(word)
    number = 10 * len(roman[1]) + _ROMAN_UNITS.index(roman[2]) if roman else 0
    return str(number) if number else word
