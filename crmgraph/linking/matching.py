"""Which things a name may stand for, and how much it is like what they are called."""

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from crmgraph.linking.entities import Entity
from crmgraph.linking.order import two_of
from crmgraph.linking.spelling import code_of, ended, other_number, small_words_of, words_of

__all__ = ["Match", "Matcher"]

_LEAST_LIKE = 72
"""How much two words are alike, of 100, where one may be a slip of the other."""

_LEAST = 0.3
"""How much a name is like another, of 1, where it is worth proposing."""

_SHORTEST = 4
"""How many letters a word or a name has at least that may be a slip, or may be meant by one; shorter ones are like too
many (Hong and Kong are both like ONG).
"""

_SLIP_WEIGHS = 3
"""The power of their likeness that two names of several words, and two words of such names, have by their letters: a
slip must not be made up for by the words that are right (Saint Martin is no Saint-Marin).
"""

_CUT_OFF = 0.9
_CUT = re.compile(r"[^.\d]+\.")
_MOST_NEAR = 20
_REMEMBERED = 4096


@dataclass(frozen=True)
class Match:
    """A thing that may be meant: how much the name is like one of its own, from 0 to 1, and which.

    `is_exact` where the two are the same but for case, accents, punctuation, small words and the order of words, or it
    is a code of the thing (`is_code`); and where it is two names of the same thing, as a name with its acronym is.
    """

    entity: Entity
    likeness: float
    name: str
    is_exact: bool
    is_code: bool = False


class _Name(NamedTuple):
    """A name of a thing: its words, what they weigh together, and the things that are called so."""

    text: str
    words: tuple[str, ...]
    weight: float
    entities: tuple[Entity, ...]


class Matcher:
    """The names of things, ready to be looked through. Words weigh the more the fewer names have them."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._codes: dict[str, dict[str, Entity]] = defaultdict(dict)
        called: dict[str, dict[str, Entity]] = defaultdict(dict)
        for entity in entities:
            for code in entity.codes:
                self._codes[code_of(code)][entity.iri] = entity
            for name in entity.names:
                called[name][entity.iri] = entity
        spelled = {name: words for name in called if (words := ended(words_of(name)))}
        counts = Counter(word for words in spelled.values() for word in set(words))
        # A word in the singular and in the plural is one.
        having = {word: sum(counts[each] for each in {word} | (other_number(word) & counts.keys())) for word in counts}
        self._weights = {word: math.log(1 + len(spelled) / count) for word, count in having.items()}
        self._unknown = math.log(1 + len(spelled))
        self._names = [
            _Name(name, words, self._weight(set(words)), tuple(called[name].values()))
            for name, words in spelled.items()
        ]
        self._exact: dict[tuple[str, ...], list[_Name]] = defaultdict(list)
        self._having: dict[str, list[int]] = defaultdict(list)
        for index, each in enumerate(self._names):
            self._exact[tuple(sorted(each.words))].append(each)
            for word in set(each.words):
                self._having[word].append(index)
        self._vocabulary = sorted(self._having)
        self._written = ["".join(name.words) for name in self._names]
        self._like = lru_cache(_REMEMBERED)(self._words_like)
        self._near = lru_cache(_REMEMBERED)(self._names_like)

    def matches(self, name: str, kinds: Collection[str] = (), most: int = 10) -> list[Match]:
        """The things that the name may stand for, of these kinds where any are given, the likeliest first."""
        words = words_of(name)
        wanted = set(kinds)
        found = (*self._same(name, words), *self._named_twice(name), *(self._near(words) if words else ()))
        asked = (match for match in found if not wanted or not wanted.isdisjoint(match.entity.kinds))
        return sorted(_best(asked).values(), key=_rank)[:most]

    def _same(self, name: str, words: tuple[str, ...]) -> Iterator[Match]:
        # “Niger.” may be the beginning of another name.
        if len(words) == 1 and _CUT.fullmatch(name.strip()):
            return
        for entity in self._codes.get(code_of(name), {}).values():
            code = next(each for each in entity.codes if code_of(each) == code_of(name))
            yield Match(entity, 1.0, code, is_exact=True, is_code=True)
        small = small_words_of(name)
        for found in self._exact.get(tuple(sorted(ended(words))), ()):
            # Where but one word is left, the article is a part of the name: Salvador is a city, and not El Salvador.
            if len(found.words) > 1 or small_words_of(found.text) <= small:
                for entity in found.entities:
                    yield Match(entity, 1.0, found.text, is_exact=True)

    def _named_twice(self, name: str) -> Iterator[Match]:
        """What has both of two names."""
        both = two_of(name)
        if not both:
            return
        one, other = (_best(self._same(each, words_of(each))) for each in both)
        for iri in one.keys() & other.keys():
            yield max((one[iri], other[iri]), key=lambda match: (not match.is_code, len(match.name)))

    def _names_like(self, words: tuple[str, ...]) -> tuple[Match, ...]:
        likeness = self._by_words(words)
        # Where each is a word that names have, none is a slip of the pen: Dialogue of Rabat is not that of Abu Dhabi.
        if not all(map(self._known, words)):
            for index, value in self._by_letters(words):
                likeness[index] = max(likeness.get(index, 0.0), value)
        return tuple(
            Match(entity, min(value, 0.99), self._names[index].text, is_exact=False)
            for index, value in likeness.items()
            if value >= _LEAST
            for entity in self._names[index].entities
        )

    def _by_words(self, words: Sequence[str]) -> dict[int, float]:
        """What the words that a name has in common with another weigh, as part of all words of both."""
        shared: dict[int, float] = defaultdict(float)
        theirs: dict[tuple[int, str], float] = {}
        for word in dict.fromkeys(words):
            best: dict[int, float] = {}
            for other, likeness in self._like(word):
                for index in self._having[other]:
                    best[index] = max(likeness, best.get(index, 0.0))
                    theirs[index, other] = max(likeness, theirs.get((index, other), 0.0))
            weight = self._weight([word])
            for index, likeness in best.items():
                shared[index] += likeness * weight
        for (index, other), likeness in theirs.items():
            shared[index] += likeness * self._weights[other]
        whole = self._weight(set(words))
        return {index: value / (whole + self._names[index].weight) for index, value in shared.items()}

    def _by_letters(self, words: Sequence[str]) -> Iterator[tuple[int, float]]:
        """Names whose letters are much the same, wherever words begin and end."""
        written = "".join(words)
        if len(written) >= _SHORTEST:
            found = process.extract(
                written, self._written, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE, limit=_MOST_NEAR
            )
            for _, value, index in found:
                yield index, (value / 100) ** (_SLIP_WEIGHS if len(words) > 1 else 1)

    def _words_like(self, word: str) -> tuple[tuple[str, float], ...]:
        start = word.removesuffix(".")
        found = dict.fromkeys(self._known(word), 1.0)
        # A word that names have is no slip of the pen for another: Praga, which is like Paraguay.
        if not found and len(start) >= _SHORTEST:
            for other, value, _ in process.extract(
                start, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE, limit=_MOST_NEAR
            ):
                if len(other) >= _SHORTEST:
                    found.setdefault(other, (value / 100) ** _SLIP_WEIGHS)
        if word.endswith(".") or len(start) >= _SHORTEST:
            for place in range(bisect_left(self._vocabulary, start), len(self._vocabulary)):
                if not self._vocabulary[place].startswith(start):
                    break
                found.setdefault(self._vocabulary[place], _CUT_OFF)
        return tuple(found.items())

    def _known(self, word: str) -> list[str]:
        """The words of names that are this one, in the singular or in the plural."""
        start = word.removesuffix(".")
        return sorted(({start} | other_number(start)) & self._weights.keys())

    def _weight(self, words: Iterable[str]) -> float:
        return sum(min((self._weights[each] for each in self._known(word)), default=self._unknown) for word in words)


def _best(matches: Iterable[Match]) -> dict[str, Match]:
    """The likeliest match of each thing, by its IRI."""
    found: dict[str, Match] = {}
    for match in matches:
        iri = match.entity.iri
        if iri not in found or _rank(match) < _rank(found[iri]):
            found[iri] = match
    return found


def _rank(match: Match) -> tuple[float, bool, bool, bool, str]:
    is_label = match.name in match.entity.labels.values()
    is_address = match.is_code and "/" in match.name
    return -match.likeness, not is_address, match.is_code, not is_label, match.entity.iri
