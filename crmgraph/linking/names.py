"""Names in the form in which they are compared: their words, the order and the joints of these, codes, ordinals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from crmgraph.caching import memoize
from crmgraph.lexicon import patterns
from crmgraph.reading.languages import fold

LONGEST = 300
"""The most characters of a name that are looked at; the longest name in the graph has fewer."""
_LEXICON = patterns("matching")
_SMALL, _JOINING, _SIDES = (frozenset(_LEXICON.raw(name).split()) for name in ("small", "joining", "sides"))
_TIES = {word: tie for tie, words in _LEXICON.raw("ties").items() for word in words.split()}
_UNITS, _TENS, _OTHERS = (
    {word: number for number, words in _LEXICON.raw(name).items() for word in words.split()}
    for name in ("units", "tens", "ordinals")
)
_ORDINALS = _OTHERS | _UNITS | _TENS
_SHORTEST = 3
"""The least letters of a word that has a plural; shorter ones are acronyms more often."""
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
    text = fold(_LEXICON["silent"].sub("", name[:LONGEST])).text
    for pattern, spelling in _LEXICON.pairs("spellings"):
        text = pattern.sub(spelling, text)
    text = _LEXICON["dotted"].sub(lambda found: "".join(found[0].replace(".", "").split()) + " ", text)
    american = _LEXICON.raw("american")
    words = with_figures(american.get(word, word) for word in _LEXICON["word"].findall(text))
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
            found[-1] = str(tens + int(_UNITS[word]))
        elif counted := _LEXICON["counted"].fullmatch(word):
            found.append(counted[1])
        else:
            roman = _LEXICON.raw("roman").get(_LEXICON["roman_ending"].sub("", word), word)
            found.append(_ORDINALS.get(word, roman))
        tens = int(_TENS.get(word, 0))
    return found


def runs(words: Sequence[str], longest: int = LONGEST) -> Iterator[tuple[str, ...]]:
    """Yield all runs of words that follow each other and are no more than the longest may have."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            yield tuple(words[start:end])


def other_number(word: str) -> frozenset[str]:
    """Return the spellings of a word in the other number: migración, migraciones; country, countries."""
    endings = _LEXICON.raw("plurals").items()
    pairs = [*endings, *((one, many) for many, one in endings)]
    others = (word.removesuffix(ending) + other for ending, other in pairs if word.endswith(ending))
    return frozenset(each for each in others if min(len(each), len(word)) >= _SHORTEST)


def code_of(name: str) -> str:
    """Return a name as codes are compared: folded, without dots between letters and the dot that ends a number.

    The address of an item of Wikidata, or of its page there, is its number; addresses are one with https and without,
    with a slash at the end and without, those of GeoNames with all that stands behind the number.
    """
    folded = fold(name[:LONGEST]).text.strip()
    address = next(filter(None, (pattern.fullmatch(folded) for pattern in _LEXICON.each("codes"))), None)
    return address[1] if address else _LEXICON["code_dots"].sub("", folded)


@memoize(_REMEMBERED)
def word_orders(name: str) -> tuple[WordOrder, ...]:
    """Return the orders in which a name may be meant: as it stands, and as in an index (“Sudan, South”)."""
    inverted = _LEXICON["inverted"].fullmatch(name[:LONGEST])
    first, *behind = inverted.groups() if inverted else (name,)
    return tuple(map(_word_order, [name, " ".join((*filter(None, behind), first))][: 2 if inverted else 1]))


def two_of(name: str) -> tuple[str, ...]:
    """Return the two names of which the second is in brackets or behind a dash, as acronyms are; else none."""
    both = _LEXICON["two"].fullmatch(name[:LONGEST])
    return tuple(filter(None, both.groups())) if both else ()


def _word_order(name: str) -> WordOrder:
    words: list[str] = []
    joints, breaks, ties = set[int](), set[int](), {}
    for piece in _LEXICON["beside"].split(name[:LONGEST].replace("&", " and ")):
        breaks.add(len(words))
        for word in all_words_of(piece):
            if not is_small(word):
                words.append(word)
            elif words and (word in _JOINING or words[-1] in _SIDES):
                joints.add(len(words))
            elif word in _TIES:
                ties[len(words)] = _TIES[word]
    # Before the first word and behind the last there is nothing that could be joined, behind the last nothing tied.
    places = frozenset(range(1, len(words)))
    tied = {place: tie for place, tie in ties.items() if place < len(words)}
    return WordOrder(without_last_dot(words), places & (joints | breaks), places & breaks, tied)
