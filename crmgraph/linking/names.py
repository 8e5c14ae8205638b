"""Names in the form in which they are compared: their words, the order and the joints of these, codes, ordinals."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from crmgraph.caching import memoize
from crmgraph.reading.folding import fold

__all__ = ["LONGEST", "OF", "WordOrder", "all_words_of", "code_of", "is_small", "other_number", "small_words_of",
           "two_of", "with_figures", "without_last_dot", "word_orders", "words_of"]  # fmt: skip

LONGEST = 300
"""The most characters of a name that are looked at; the longest name in the graph has fewer."""

_SMALL = frozenset(
    re.findall(r"\w+", "a al and as at by da de del do e el en for in la las los of on para por sobre the to y")
)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b)?")
_SILENT = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]|\.?[ªº]")
"""The marks of ordinal numbers, and invisible characters, which say nothing of a word."""

_SPELLINGS = (
    (re.compile(r"isation(?=s?\b)"), "ization"),
    (re.compile(r"\b([^\W\d_])\1\.\s?([^\W\d_])\2\b\.?"), r"\1\1\2\2"),
    (re.compile(r"\bst\.?(?=\s+\w)"), "saint"),
)
_AMERICAN = {"labor": "labour", "center": "centre", "program": "programme"}
_WORD = re.compile(r"[^\W_]+\.?")
_NUMBERS = (("ces", "z"), ("ies", "y"), ("es", ""), ("s", ""))
"""Endings of plurals where the singular ends otherwise, in Spanish and English."""
_SHORTEST = 3
"""The least letters of a word that has a plural; shorter ones are acronyms more often."""

_CODES = (
    re.compile(r"(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:wiki/(?:special:entitydata/)?|entity/)(q\d+)/?"),
    re.compile(r"(?:https?://)?(?:www\.|sws\.|m\.)?(geonames\.org/\d+)(?:/.*)?"),
    re.compile(r"https?:(//.+?)/?"),
)
_ENGLISH = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
_SPANISH = ("primer", "segund", "tercer", "cuart", "quint", "sext", "septim", "octav", "noven")
_SPANISH_TENS = {"decim": 10, "vigesim": 20, "trigesim": 30}
_UNITS = {
    **{f"{stem}{end}": number for number, stem in enumerate(_SPANISH, 1) for end in ("a", "o")},
    **dict(zip(_ENGLISH[:9], range(1, 10), strict=True)),
    "primer": 1,
    "tercer": 3,
}
_TENS = {
    **{f"{stem}{end}": number for stem, number in _SPANISH_TENS.items() for end in ("a", "o")},
    "twenty": 20,
    "thirty": 30,
}
_ORDINALS = {
    **dict(zip(_ENGLISH, range(1, 21), strict=True)),
    **_UNITS,
    **_TENS,
    **{f"{stem}{end}": number for stem, number in (("undecim", 11), ("duodecim", 12)) for end in ("a", "o")},
    # “Decimoquinta”; of two vowels one may be left out: “vigesimoctava”.
    **{
        f"{stem}{between}{unit}": tens + number
        for stem, tens in _SPANISH_TENS.items()
        for unit, number in _UNITS.items()
        for between in ("o", "")
        if between or unit.startswith("o")
    },
    # Roman ones up to 39.
    **{
        f"{ten * 'x'}{unit}{end}{dot}": 10 * ten + number
        for ten in range(4)
        for number, unit in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
        for end in ("", "st", "nd", "rd", "th")
        for dot in ("", ".")
        if ten or number
    },
}
_COUNTED = re.compile(r"(\d+)(?:st|nd|rd|th|[ao]|er|[rdtvnm][ao])?\.?")

OF = "of"
"""The tie that says least of how two things belong together."""
_TIES = {
    word: tie
    for tie, words in {
        OF: "de del da do of", "to": "a al to", "by": "by por", "for": "for para", "in": "at en in", "on": "on sobre",
        "as": "as",
    }.items()
    for word in words.split()
}  # fmt: skip
"""Small words that say how the words behind them belong to those before."""
_AND = frozenset(("y", "e", "and"))
_BESIDE = re.compile(r"[,;:+/|•·\t\n]|\s[-–—]\s")
"""Marks between two things that are named one after the other."""
_SIDES = frozenset(re.findall(r"\w+", "norte sur este oeste north south east west nord sud est ouest sul leste"))
"""Sides: the south of a country, or of a continent, is no country, though that may be called after it."""
_INVERTED = re.compile(r"([^,()]+)(?:,([^,()]+)|\(([^()]+)\))\s*")
_TWO = re.compile(r"\s*(.+?)\s*(?:\((.+)\)|\s[-–—/]\s(.+))\s*")
_REMEMBERED = 8192
"""The number of names remembered: those of things, which are compared again and again, and some that people write."""


class WordOrder(NamedTuple):
    """The words of a name in an order, without small ones.

    `joints` are the places in it before which two things are joined, `breaks` those of them where a mark and no word
    joins them. `ties` are the sorts of small word that tie the words at a place to those before.
    """

    words: tuple[str, ...]
    joints: frozenset[int]
    breaks: frozenset[int]
    ties: Mapping[int, str]


def all_words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name in their order, the small ones too. One cut off by a dot keeps it.

    Letters with dots between them are one word (“O.I.M.”), and so is the Spanish way to double them (“EE. UU.”). “St”
    before another word is “Saint”, -isation is -ization, and ordinals are written in figures (“XV”, “15th”).
    """
    text = fold(_SILENT.sub("", name[:LONGEST])).text
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    text = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", text)
    words = with_figures(_AMERICAN.get(word, word) for word in _WORD.findall(text))
    # A full stop behind the only word ends a sentence.
    return tuple(words) if len(words) > 1 else without_last_dot(words)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name by which it is compared: without small ones, where it has others."""
    words = all_words_of(name)
    return tuple(word for word in words if not is_small(word)) or words


def small_words_of(name: str) -> frozenset[str]:
    """Return the small words of a name, such as the article of El Salvador."""
    return frozenset(filter(is_small, all_words_of(name)))


def is_small(word: str) -> bool:
    """Tell whether names are not compared by this word, such as an article."""
    return word.removesuffix(".") in _SMALL


def without_last_dot(words: Sequence[str]) -> tuple[str, ...]:
    """Return words without the full stop behind the last, as it ends a name and cuts nothing off."""
    return (*words[:-1], *(word.removesuffix(".") for word in words[-1:]))


def with_figures(words: Iterable[str]) -> list[str]:
    """Return folded words with ordinals in figures: XV, 15th, decimoquinta; “twenty first” is one."""
    found: list[str] = []
    tens = 0
    for word in words:
        if tens and word in _UNITS:
            found[-1] = str(tens + _UNITS[word])
        elif counted := _COUNTED.fullmatch(word):
            found.append(counted[1])
        else:
            found.append(str(_ORDINALS.get(word, word)))
        tens = _TENS.get(word, 0)
    return found


def other_number(word: str) -> frozenset[str]:
    """Return the spellings of a word in the other number: migración, migraciones; country, countries."""
    others = [word.removesuffix(many) + one for many, one in _NUMBERS if word.endswith(many)]
    others += [word.removesuffix(one) + many for many, one in _NUMBERS if word.endswith(one)]
    return frozenset(each for each in others if min(len(each), len(word)) >= _SHORTEST)


def code_of(name: str) -> str:
    """Return a name as codes are compared: folded, without dots between letters and the dot that ends a number.

    The address of an item of Wikidata, or of its page there, is its number; addresses are one with https and without,
    with a slash at the end and without, those of GeoNames with all that stands behind the number.
    """
    folded = fold(name[:LONGEST]).text.strip()
    for pattern in _CODES:
        if found := pattern.fullmatch(folded):
            return found[1]
    return re.sub(r"(?<=[^\W\d_])\.(?=[^\W\d_]\b|$)|(?<=\d)\.$", "", folded)


@memoize(_REMEMBERED)
def word_orders(name: str) -> tuple[WordOrder, ...]:
    """Return the orders in which a name may be meant: as it stands, and as in an index (“Sudan, South”)."""
    inverted = _INVERTED.fullmatch(name[:LONGEST])
    first, *behind = inverted.groups() if inverted else (name,)
    return tuple(map(_word_order, [name, " ".join((*filter(None, behind), first))][: 2 if inverted else 1]))


def two_of(name: str) -> tuple[str, ...]:
    """Return the two names of which the second is in brackets or behind a dash, as acronyms are; else none."""
    both = _TWO.fullmatch(name[:LONGEST])
    return tuple(filter(None, both.groups())) if both else ()


def _word_order(name: str) -> WordOrder:
    words: list[str] = []
    joints, breaks, ties = set[int](), set[int](), {}
    for piece in _BESIDE.split(name[:LONGEST].replace("&", " and ")):
        if words:
            breaks.add(len(words))
        for word in all_words_of(piece):
            if not is_small(word):
                words.append(word)
            elif words and (word in _AND or words[-1] in _SIDES):
                joints.add(len(words))
            elif word in _TIES:
                ties[len(words)] = _TIES[word]
    # Behind the last word there is nothing that could be joined or tied.
    places = frozenset(range(len(words)))
    tied = {place: tie for place, tie in ties.items() if place in places}
    return WordOrder(without_last_dot(words), places & (joints | breaks), places & breaks, tied)
