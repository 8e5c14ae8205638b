"""A name brought to the words by which it is compared: without accents, case, punctuation and small words."""

import re
from collections.abc import Sequence

from crmgraph.linking.ordinals import in_figures
from crmgraph.reading.folding import fold

__all__ = [
    "LONGEST",
    "all_words_of",
    "code_of",
    "ended",
    "is_small",
    "other_number",
    "small_words_of",
    "words_of",
]

LONGEST = 300
"""How many characters of a name are looked at; the longest name in the graph has fewer."""

_SMALL = frozenset(
    re.findall(r"\w+", "a al and as at by da de del do e el en for in la las los of on para por sobre the to y")
)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b)?")
_DOUBLED = re.compile(r"\b([^\W\d_])\1\.\s?([^\W\d_])\2\b\.?")
_SILENT = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]|\.?[ªº]")
"""What says nothing of a word: the marks of ordinal numbers, and what nobody sees."""

_WORD = re.compile(r"[^\W_]+\.?")
_NUMBERS = (("ces", "z"), ("ies", "y"), ("es", ""), ("s", ""))
"""How plurals end where the singular ends otherwise, in Spanish and English."""

_ENDED_OTHERWISE = re.compile(r"isation(?=s?\b)")
_AMERICAN = {"labor": "labour", "center": "centre", "program": "programme"}
_ITEM = re.compile(r"(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:wiki/(?:special:entitydata/)?|entity/)(q\d+)/?")
_GEONAME = re.compile(r"(?:https?://)?(?:www\.|sws\.|m\.)?(geonames\.org/\d+)(?:/.*)?")
_ADDRESS = re.compile(r"https?:(//.+?)/?")
_SHORTEST = 3
"""How many letters a word has at least that has a plural; shorter ones are acronyms more often."""

_SAINT = re.compile(r"\bst\.?(?=\s+\w)")


def all_words_of(name: str) -> tuple[str, ...]:
    """The words of a name in their order, the small ones too. One that is cut off, as a dot tells, keeps its dot.

    Letters with dots between them are one word (“O.I.M.”), and so is the Spanish way to double them (“EE. UU.”). “St”
    before another word is “Saint”, what ends in -isation ends in -ization, and numbers are written in figures (“XV”,
    “15th”, “Decimoquinta”).
    """
    text = fold(_SILENT.sub("", name[:LONGEST])).text
    text = _ENDED_OTHERWISE.sub("ization", text)
    text = _DOUBLED.sub(r"\1\1\2\2", text)
    text = _SAINT.sub("saint", text)
    text = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", text)
    words = in_figures(_AMERICAN.get(word, word) for word in _WORD.findall(text))
    # A full stop behind the only word ends a sentence.
    return tuple(words) if len(words) > 1 else tuple(word.removesuffix(".") for word in words)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name (“Rep. Dominicana”) by which it is compared: without small ones, where it has others."""
    words = all_words_of(name)
    return tuple(word for word in words if not is_small(word)) or words


def ended(words: Sequence[str]) -> tuple[str, ...]:
    """Words without the full stop behind the last, as it ends a name and cuts nothing off."""
    return (*words[:-1], *(word.removesuffix(".") for word in words[-1:]))


def small_words_of(name: str) -> frozenset[str]:
    """The small words of a name, such as the article of El Salvador, by which it is not compared."""
    return frozenset(word for word in all_words_of(name) if is_small(word))


def other_number(word: str) -> frozenset[str]:
    """How a word may be written in the other number: migración, migraciones; country, countries."""
    found = set()
    for many, one in _NUMBERS:
        if word.endswith(many):
            found.add(word.removesuffix(many) + one)
        if word.endswith(one):
            found.add(word.removesuffix(one) + many)
    return frozenset(each for each in found if min(len(each), len(word)) >= _SHORTEST)


def is_small(word: str) -> bool:
    """Whether names are not compared by this word of one, such as an article."""
    return word.removesuffix(".") in _SMALL


def code_of(name: str) -> str:
    """A name as a code is compared: without accents, case, blank space at its ends, dots between letters and the dot
    that ends a number.

    The address of an item of Wikidata, or of its page there, is its number; addresses are one with https and without,
    with a slash at the end and without, those of GeoNames with all that stands behind the number.
    """
    folded = fold(name[:LONGEST]).text.strip()
    for pattern in (_ITEM, _GEONAME, _ADDRESS):
        if found := pattern.fullmatch(folded):
            return found[1]
    return re.sub(r"(?<=[^\W\d_])\.(?=[^\W\d_]\b|$)|(?<=\d)\.$", "", folded)
