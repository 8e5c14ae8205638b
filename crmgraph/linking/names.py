"""Names in the normal form in which they are compared: words, word order, singular and plural, codes and ordinals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from crmgraph.caching import memoize
from crmgraph.lexicon import patterns
from crmgraph.reading.languages import fold

LONGEST = 300
"""The number of characters of a name that are compared. The longest name in the graph is shorter."""
_LEXICON = patterns("matching")
_SMALL_WORDS, _CONJUNCTIONS, _COMPASS_DIRECTIONS = (
    frozenset(_LEXICON.raw(name).split()) for name in ("small", "joining", "sides")
)
_PREPOSITIONS = {word: kind for kind, words in _LEXICON.raw("ties").items() for word in words.split()}
_UNITS, _TENS, _OTHER_ORDINALS = (
    {word: number for number, words in _LEXICON.raw(name).items() for word in words.split()}
    for name in ("units", "tens", "ordinals")
)
_ORDINALS = _OTHER_ORDINALS | _UNITS | _TENS
_MIN_PLURAL_LENGTH = 3
"""The minimum number of letters of a word that has a plural. Shorter words are mostly acronyms."""
_CACHE_SIZE = 8192
"""The number of names in the cache: all names of things, which are compared often, and recent names from users."""


class WordOrder(NamedTuple):
    """The words of a name in one order, without small words such as articles.

    Positions are indexes into `words`.

    Attributes:
        words: The folded words.
        joints: Positions before which two things are joined: by “and”, by punctuation, or by a small word after a
            compass direction, as in “south of Sudan”.
        breaks: The positions in `joints` that follow punctuation, such as a comma or a dash.
        prepositions: The kind of preposition (`of`, `to`, `by` …) before the word at each position.
    """

    words: tuple[str, ...]
    joints: frozenset[int]
    breaks: frozenset[int]
    prepositions: Mapping[int, str]


def all_words_of(name: str) -> tuple[str, ...]:
    """Return the folded words of a name in order, including small words such as articles.

    A word that a dot truncates keeps the dot (“Org. Internacional”). Letters with dots between them are one word
    (“O.I.M.”), and so are the doubled letters of Spanish plurals (“EE. UU.”). “St” before another word becomes “Saint”,
    -isation becomes -ization, and ordinals become figures (“XV”, “15th”).
    """
    text = fold(_LEXICON["silent"].sub("", name[:LONGEST])).text
    for pattern, spelling in _LEXICON.pairs("spellings"):
        text = pattern.sub(spelling, text)
    text = _LEXICON["dotted"].sub(lambda found: "".join(found[0].replace(".", "").split()) + " ", text)
    american = _LEXICON.raw("american")
    words = ordinals_as_figures(american.get(word, word) for word in _LEXICON["word"].findall(text))
    # A full stop after the only word ends a sentence.
    return tuple(words) if len(words) > 1 else without_last_dot(words)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words by which a name is compared: all but the small ones, or the small ones if it has no others."""
    words = all_words_of(name)
    return tuple(word for word in words if not is_small(word)) or words


def small_words_of(name: str) -> frozenset[str]:
    """Return the small words of a name, such as the article of El Salvador."""
    return frozenset(filter(is_small, all_words_of(name)))


def is_small(word: str) -> bool:
    """Return whether a word, such as an article, is ignored when names are compared."""
    return word.removesuffix(".") in _SMALL_WORDS


def without_last_dot(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words without the full stop of the last word, which ends the name and truncates nothing."""
    return (*words[:-1], *(word.removesuffix(".") for word in words[-1:]))


def ordinals_as_figures(words: Iterable[str]) -> list[str]:
    """Return folded words with ordinals as figures: XV, 15th, decimoquinta; “twenty first” becomes one word."""
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


def word_runs(words: Sequence[str], longest: int = LONGEST) -> Iterator[tuple[str, ...]]:
    """Yield all runs of consecutive words with at most `longest` words."""
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            yield tuple(words[start:end])


def other_number_forms(word: str) -> frozenset[str]:
    """Return the plural forms of a singular word, or the singular forms of a plural.

    Examples: migración, migraciones; country, countries. The forms follow from the ending, so not all of them are
    words.
    """
    endings = _LEXICON.raw("plurals").items()
    pairs = [*endings, *((one, many) for many, one in endings)]
    others = (word.removesuffix(ending) + other for ending, other in pairs if word.endswith(ending))
    return frozenset(each for each in others if min(len(each), len(word)) >= _MIN_PLURAL_LENGTH)


def normalize_code(name: str) -> str:
    """Return a code in the form in which codes are compared: folded, without dots after letters or at the end.

    The address of an item in Wikidata, or of its page there, becomes the item number. Other addresses lose `http:` or
    `https:` and a slash at the end. Addresses in GeoNames lose all that follows the number.
    """
    folded = fold(name[:LONGEST]).text.strip()
    address = next(filter(None, (pattern.fullmatch(folded) for pattern in _LEXICON.each("codes"))), None)
    return address[1] if address else _LEXICON["code_dots"].sub("", folded)


@memoize(_CACHE_SIZE)
def possible_word_orders(name: str) -> tuple[WordOrder, ...]:
    """Return the written word order of a name and, for an index form (“Sudan, South”), also the natural one."""
    inverted = _LEXICON["inverted"].fullmatch(name[:LONGEST])
    first, *behind = inverted.groups() if inverted else (name,)
    return tuple(map(_word_order, [name, " ".join((*filter(None, behind), first))][: 2 if inverted else 1]))


def split_double_name(name: str) -> tuple[str, ...]:
    """Return the two names in text such as “Unión Europea (UE)” or “UE – Unión Europea”; otherwise an empty tuple."""
    both = _LEXICON["two"].fullmatch(name[:LONGEST])
    return tuple(filter(None, both.groups())) if both else ()


def _word_order(name: str) -> WordOrder:
    words: list[str] = []
    joints, breaks, prepositions = set[int](), set[int](), {}
    for piece in _LEXICON["beside"].split(name[:LONGEST].replace("&", " and ")):
        breaks.add(len(words))
        for word in all_words_of(piece):
            if not is_small(word):
                words.append(word)
            elif words and (word in _CONJUNCTIONS or words[-1] in _COMPASS_DIRECTIONS):
                joints.add(len(words))
            elif word in _PREPOSITIONS:
                prepositions[len(words)] = _PREPOSITIONS[word]
    # Nothing is joined before the first word or after the last, and no preposition follows the last.
    places = frozenset(range(1, len(words)))
    followed = {place: kind for place, kind in prepositions.items() if place < len(words)}
    return WordOrder(without_last_dot(words), places & (joints | breaks), places & breaks, followed)
