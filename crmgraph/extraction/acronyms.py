"""Acronyms in a text and the words that spell them out (Schwartz and Hearst, 2003), and words that lack their accent.

The patterns are in `lexicon/acronyms.yaml`. A. S. Schwartz, M. A. Hearst: A simple algorithm for identifying
abbreviation definitions in biomedical text, PSB 2003.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from babel.core import get_global

from crmgraph.extraction.names import addresses, word_list
from crmgraph.lexicon import patterns
from crmgraph.reading.folding import fold, key

__all__ = ["Acronym", "find_acronyms", "find_bare_words", "find_expansion", "find_initialled"]

_SAID = patterns("acronyms")
_FAR, _LONGEST_NAME, _SHORTEST_WORD, _FEWEST_INITIALS = 300, 400, 8, 3
_STOP = re.compile(r"[^\w\s’'\u0300-\u036f-]|\d")
_VOWEL, _UNSAYABLE = re.compile(r"[AEIOUYÁÉÍÓÚÜ]"), re.compile(r"[^AEIOUYÁÉÍÓÚÜ]{4}")


class Acronym(NamedTuple):
    """Letters used in place of a name: where in a text they stand (code points, end exclusive) and which they are.

    `is_other` says that, unless somebody knows them, they are rather a word of a heading, as another in capitals stands
    beside them, the name of one in a series (ruta CA-4) or of a person (J. PÉREZ), or any name (FACEBOOK).
    """

    start: int
    end: int
    letters: str
    is_other: bool


@cache
def _everyday() -> frozenset[str]:
    words = _SAID.raw("everyday").values()
    return frozenset(" ".join(words).upper().split()) | {word.upper() for word in word_list("small_words")}


@cache
def _currencies() -> frozenset[str]:
    """Return the codes of the currencies of today, by Unicode's CLDR."""
    rows = (row for rows in get_global("territory_currencies").values() for row in rows)
    return frozenset(code for code, begun, ended, is_tender in rows if begun and not ended and is_tender)


def find_acronyms(text: str) -> Iterator[Acronym]:
    """Yield the words of two or more capitals, without a plural s; none where all of the text is in capitals.

    A Roman numeral is a number, and a small word (DE), one that everyone knows (PDF), the code of a currency (MXN) or
    what a theme is called (el tema «AGUA») stands for no name.
    """
    if not any(map(str.islower, text)):
        return
    apart = addresses(text)
    capitals = [
        (token, letters)
        for token in _SAID["token"].finditer(text)
        if (letters := re.sub(r"[.\s]", "", _singular(token[0]))).isupper()
        and not _SAID["roman"].match(letters)
        and not any(start <= token.start() and token.end() <= end for start, end in apart)
    ]
    for place, (token, letters) in enumerate(capitals):
        before = text[max(0, token.start() - _FAR) : token.start()]
        is_currency = letters in _currencies() and not _SAID["article_before"].search(before)
        if is_currency or {letters, key(letters).upper()} & _everyday() or _SAID["title_of_theme"].search(before):
            continue
        row = [each for each, _ in capitals[max(0, place - 1) : place + 2]]
        is_other = (
            any(_SAID["between"].fullmatch(text, left.end(), right.start()) for left, right in pairwise(row))
            or _SAID["number_behind"].match(text, token.end()) is not None
            or _SAID["initial_before"].search(before) is not None
            # Long capitals that can be read as a word are a name (MERCOSUR), and few are initials.
            or (len(letters) >= _SHORTEST_WORD and _is_sayable(letters))
        )
        yield Acronym(token.start(), token.start() + len(_singular(token[0])), letters, is_other)


def _singular(token: str) -> str:
    return token.rstrip("s").rstrip("’'`")


def _is_sayable(letters: str) -> bool:
    return 3 * len(_VOWEL.findall(letters)) >= len(letters) and not _UNSAYABLE.search(letters)


def find_expansion(letters: str, text: str, by_letters: bool) -> tuple[int, int] | None:
    """Return where in a text a name stands that is introduced with an acronym, right before it or in brackets behind.

    Such as "… (ABC)", "… — ABC —", "… en adelante ABC", "ABC (…)", and "ABC de Granada (…)".

    Args:
        letters: the acronym.
        text: the text.
        by_letters: whether the words have to give the letters, as Schwartz and Hearst ask; else any name of two words
            or more counts, of words in capitals or one that begins with its kind (Agencia Noruega de Cooperación).
    """
    name = _SAID["name"]
    for begin, words, is_whole in _introduced(letters, text, by_letters):
        named = None if by_letters else name.search(words)
        found = _long_form(letters, words) if by_letters else named and (named.start(), len(words.rstrip()))
        if found and (found[0] == 0 or not is_whole):
            return begin + found[0], begin + found[1]
    return None


def _introduced(letters: str, text: str, far: bool) -> Iterator[tuple[int, str, bool]]:
    """Yield the words that letters may stand for, each with where they begin, and whether all of them have to count.

    Where `far`, words may stand between the letters and their name in brackets.
    """
    for match in _introduction("introduction", letters).finditer(text):
        begin = max(0, match.start() - _LONGEST_NAME)
        begin = max([begin, *(stop.end() for stop in _STOP.finditer(text, begin, match.start()))])
        yield begin, text[begin : match.start()], False
    in_brackets = _introduction("name_in_brackets", letters).finditer(text)
    yield from ((match.start("name"), match["name"], True) for match in in_brackets if far or not match["between"])


def find_initialled(letters: str, text: str) -> tuple[int, int] | None:
    """Return where in a text a name of three words or more in capitals stands that has these initials."""
    between = _SAID.expand(r"(?:\s+{link})*\s+")
    words = (rf"{letter}(?=\w*[^\W\d_A-Z])" + _SAID.source("word") for letter in letters)
    found = re.search(rf"(?<!\w){between.join(words)}", text) if len(letters) >= _FEWEST_INITIALS else None
    return found.span() if found else None


@cache
def _introduction(name: str, letters: str) -> re.Pattern[str]:
    return re.compile(_SAID.source(name).replace("{letters}", letters))


def _long_form(letters: str, before: str) -> tuple[int, int] | None:
    """Return where in the words before a short form its long form stands: the letters in their order, the first of them
    at the beginning of a word, in as few words as can be.
    """
    folded, short = fold(before.rstrip()), key(letters)
    text, at = folded.text, len(folded.text)
    for place in range(len(short) - 1, -1, -1):
        at = text.rfind(short[place], 0, at)
        while place == 0 and at > 0 and text[at - 1].isalnum():
            at = text.rfind(short[0], 0, at)
        if at < 0:
            return None
    count = len(text[at:].split())
    is_name = text[at:].split()[0] not in word_list("small_words")
    return folded.original(at, len(text)) if is_name and 2 <= count <= min(len(short) + 5, 2 * len(short)) else None


def find_bare_words(text: str) -> list[tuple[int, int]]:
    """Return where words of Spanish stand that lack the accent of -ción, -misión, gestión, más or the future.

    The places are in code points, end exclusive. Words of another language that are quoted (“La gestion des eaux”) lack
    none.
    """
    found = {match.span("word") for pattern in _SAID.each("bare") for match in pattern.finditer(text)}
    apart = addresses(text) if found else []
    apart += [quote.span() for quote in _SAID["quotation"].finditer(text) if _SAID["foreign"].search(quote[0])]
    return sorted(span for span in found if not any(start <= span[0] and span[1] <= end for start, end in apart))
