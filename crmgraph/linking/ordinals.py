"""Numbers of things that are counted, such as conferences, however they are written: XV, 15th, 15.ª, Decimoquinta."""

import re

__all__ = ["in_figures"]

_COUNTED = re.compile(r"(\d+)(?:st|nd|rd|th|[aom]|er|[rdtvn][ao])?\.?")
_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_SPANISH = (
    "primer", "segund", "tercer", "cuart", "quint", "sext", "septim", "octav", "noven", "decim", "undecim", "duodecim",
)  # fmt: skip
_SPANISH_TEENS = tuple(f"decimo{each}" for each in _SPANISH[2:9])
_ENGLISH = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
_IN_WORDS = {
    **{word: str(number) for number, word in enumerate(_ENGLISH, 1)},
    **{f"{stem}{end}": str(number) for number, stem in enumerate((*_SPANISH, *_SPANISH_TEENS), 1) for end in "ao"},
    "primer": "1",
    "tercer": "3",
}


def in_figures(word: str) -> str:
    """The number that a folded word is, in figures; empty where it is none. Roman ones are read up to 39."""
    if found := _COUNTED.fullmatch(word):
        return found[1]
    if (roman := _ROMAN.fullmatch(word)) and word:
        return str(10 * len(roman[1]) + _UNITS.index(roman[2]))
    return _IN_WORDS.get(word, "")
