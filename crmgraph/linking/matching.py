"""The things that a name may stand for, how similar they are called, and the one that is meant for certain."""

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
from crmgraph.linking.names import (
    WordOrder,
    all_words_of,
    code_of,
    is_small,
    other_number,
    runs,
    small_words_of,
    two_of,
    without_last_dot,
    word_orders,
    words_of,
)
from crmgraph.namespaces import ONTOLOGY, PREFIXES

_LEAST_SIMILAR_WORDS = 72
"""The least similarity of two words, of 100, where one may be a slip of the other."""
_LEAST = 0.3
"""The least similarity of two names, of 1, that is worth proposing."""
_SHORTEST = 4
"""The least letters of a word or a name that may be a slip, or may be meant by one; shorter ones are like too many
(Hong and Kong are both like ONG).
"""
_SLIP_WEIGHS = 3
"""The power of the similarity by letters of names of several words, and of words of such names: a slip must not be made
up for by the words that are right (Saint Martin is no Saint-Marin).
"""
_CUT_OFF = 0.9
_CUT = re.compile(r"[^.\d]+\.")
_MOST_NEAR = 20
_REMEMBERED = 4096

_SHORT = 4
"""The most letters of a name that is an ordinary word too often: it must be written as the thing writes it.

So must a single word of another language than those of the graph be (Suède, suede).
"""
_SHORTER = 2
"""The most letters of a name that stands for too much where nobody said what kind of thing is meant."""
_ADDRESS = re.compile(r"https?://\S+|[a-z-]+/\S+|Q\d+")
_YEAR = re.compile(r"\d{4}")

_AGENT, _INSTRUMENT = f"{ONTOLOGY}#Agent", f"{ONTOLOGY}#Instrument"
_NAMED = frozenset(f"{ONTOLOGY}#{name}" for name in ("State", "Organisation", "ConsultativeProcess"))
"""Kinds of things with a name that is nobody else's."""
_TITLED = {_INSTRUMENT, f"{ONTOLOGY}#Network"}
"""Kinds that are called by what they are, and have a name of their own only where that says whose."""
_PLACED = _NAMED | {f"{ONTOLOGY}#Place"}
"""Kinds that say in the name of another thing whose or where it is."""
_WORKS = {_INSTRUMENT, f"{ONTOLOGY}#Plan"}
_TITLE, _ACRONYM, _SAME_AS = PREFIXES["dcterms"] + "title", PREFIXES["skos"] + "notation", PREFIXES["schema"] + "sameAs"


@dataclass(frozen=True)
class Match:
    """A thing that may be meant: the name of it that is most similar, and how similar it is, from 0 to 1.

    `is_exact` where the two are the same but for case, accents, punctuation, small words and the order of words, or it
    is a code of the thing (`is_code`); and where it is two names of the same thing, as a name with its acronym is.
    """

    entity: Entity
    similarity: float
    name: str
    is_exact: bool
    is_code: bool = False


class _Name(NamedTuple):
    """A name of things: its words, what they weigh together, and the things that are called so."""

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
        spelled = {name: words for name in called if (words := without_last_dot(words_of(name)))}
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
        self._similar_words = lru_cache(_REMEMBERED)(self._find_similar_words)
        self._similar = lru_cache(_REMEMBERED)(self._find_similar)

    def matches(self, name: str, kinds: Collection[str] = (), most: int = 10) -> list[Match]:
        """Return the things that a name may stand for, of these kinds where any are given, the likeliest first."""
        words = words_of(name)
        found = (*self._same(name), *self._named_twice(name), *(self._similar(words) if words else ()))
        asked = (match for match in found if not kinds or not set(kinds).isdisjoint(match.entity.kinds))
        return sorted(_best(asked).values(), key=_rank)[:most]

    def _same(self, name: str) -> Iterator[Match]:
        """Yield the things with this name, or one of the same words, or this code."""
        words = words_of(name)
        # “Niger.” may be the beginning of another name.
        if len(words) == 1 and _CUT.fullmatch(name.strip()):
            return
        for entity in self._codes.get(code_of(name), {}).values():
            code = next(each for each in entity.codes if code_of(each) == code_of(name))
            yield Match(entity, 1.0, code, is_exact=True, is_code=True)
        small = small_words_of(name)
        for found in self._exact.get(tuple(sorted(without_last_dot(words))), ()):
            # Where but one word is left, the article is a part of the name: Salvador is a city, and not El Salvador.
            if len(found.words) > 1 or small_words_of(found.text) <= small:
                yield from (Match(entity, 1.0, found.text, is_exact=True) for entity in found.entities)

    def _named_twice(self, name: str) -> Iterator[Match]:
        """Yield the things that have both of two names."""
        if both := two_of(name):
            one, other = (_best(self._same(each)) for each in both)
            for iri in one.keys() & other.keys():
                yield max((one[iri], other[iri]), key=lambda match: (not match.is_code, len(match.name)))

    def _find_similar(self, words: tuple[str, ...]) -> tuple[Match, ...]:
        """Return the things with a name similar by its words, or by its letters, wherever words begin and end."""
        similarity = self._by_words(words)
        # Where each is a word that names have, none is a slip of the pen: Dialogue of Rabat is not that of Abu Dhabi.
        if not all(map(self._known, words)):
            power = _SLIP_WEIGHS if len(words) > 1 else 1
            for value, index in _similar_texts("".join(words), self._written):
                similarity[index] = max(similarity.get(index, 0.0), value**power)
        return tuple(
            Match(entity, min(value, 0.99), self._names[index].text, is_exact=False)
            for index, value in similarity.items()
            if value >= _LEAST
            for entity in self._names[index].entities
        )

    def _by_words(self, words: Sequence[str]) -> dict[int, float]:
        """Return the weight of the words that names have in common with these, as part of all words of both."""
        shared: dict[int, float] = defaultdict(float)
        theirs: dict[tuple[int, str], float] = {}
        for word in dict.fromkeys(words):
            best: dict[int, float] = {}
            for other, value in self._similar_words(word):
                for index in self._having[other]:
                    best[index] = max(value, best.get(index, 0.0))
                    theirs[index, other] = max(value, theirs.get((index, other), 0.0))
            for index, value in best.items():
                shared[index] += value * self._weight([word])
        for (index, other), value in theirs.items():
            shared[index] += value * self._weights[other]
        whole = self._weight(set(words))
        return {index: value / (whole + self._names[index].weight) for index, value in shared.items()}

    def _find_similar_words(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the words of names that are this one, or that it may be a slip of or be cut off from."""
        start = word.removesuffix(".")
        found = dict.fromkeys(self._known(word), 1.0)
        # A word that names have is no slip of the pen for another: Praga, which is like Paraguay.
        for value, index in _similar_texts(start, self._vocabulary) if not found else ():
            if len(self._vocabulary[index]) >= _SHORTEST:
                found[self._vocabulary[index]] = value**_SLIP_WEIGHS
        if word.endswith(".") or len(start) >= _SHORTEST:
            for other in self._vocabulary[bisect_left(self._vocabulary, start) :]:
                if not other.startswith(start):
                    break
                found.setdefault(other, _CUT_OFF)
        return tuple(found.items())

    def _known(self, word: str) -> list[str]:
        """Return the words of names that are this one, in the singular or in the plural."""
        start = word.removesuffix(".")
        return sorted(({start} | other_number(start)) & self._weights.keys())

    def _weight(self, words: Iterable[str]) -> float:
        return sum(min((self._weights[each] for each in self._known(word)), default=self._unknown) for word in words)


class Certainty:
    """The names that make another certain: those that say whose or where a thing is, and the titles of works."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._proper: set[tuple[str, ...]] = set()
        self._titles: set[tuple[tuple[str, ...], str]] = set()
        for entity in entities:
            if _PLACED.intersection(entity.kinds):
                self._proper |= {all_words_of(name) for name in entity.names}
            if _WORKS.intersection(entity.kinds):
                self._titles |= {(_title_of(name), entity.iri) for name in entity.names}

    def meant(self, name: str, matches: Sequence[Match], kinds: Collection[str], language: str) -> Match | None:
        """Return the one of all matches that a name means for certain, if any, where one of these kinds was asked for.

        A wrong thing is worse than none.
        """
        exact = [match for match in matches if match.is_exact]
        if len(exact) != 1:
            return None
        [match] = exact
        entity, written, own_kinds = match.entity, name.strip(), set(match.entity.kinds)
        is_own = match.name not in entity.never_own and language not in entity.given.get(match.name, ())
        is_asked_for = bool(own_kinds & set(kinds) - {_AGENT})
        if not is_own or (kinds and own_kinds.isdisjoint(kinds)):
            is_certain = False
        elif match.is_code:
            # An address is certain. Three letters that stand for a State stand for something else as an organisation.
            is_asked_alone = is_asked_for and own_kinds.issuperset(kinds)
            is_certain = (
                _ADDRESS.fullmatch(written) is not None
                if _ADDRESS.fullmatch(match.name)
                else is_asked_alone and written == match.name and re.fullmatch("[A-Z]{3}", written) is not None
            )
        else:
            is_certain = (
                not self._is_bare(match)
                and (is_asked_for or self._is_proper(match))
                and _is_written_so(written, match)
                and _is_in_order(written, entity)
            )
        return match if is_certain else None

    def _is_proper(self, match: Match) -> bool:
        """Tell whether a name says which thing is meant where nobody said of what kind it is.

        Of what is called by what it is, the name has a proper name in it, or the thing has an acronym or is known
        elsewhere. An instrument without a title was described by whoever read of it, and is named by nobody.
        """
        kinds, values = set(match.entity.kinds), match.entity.values
        if sum(map(str.isalnum, match.name)) <= _SHORTER or _is_of_another(match):
            return False
        if _NAMED & kinds:
            return True
        if not _TITLED & kinds or (_INSTRUMENT in kinds and _TITLE not in values):
            return False
        return _ACRONYM in values or _SAME_AS in values or not self._proper.isdisjoint(runs(all_words_of(match.name)))

    def _is_bare(self, match: Match) -> bool:
        """Tell whether longer titles of other works begin or end with this one (“Plan de Acción”).

        Those of the same work count where nothing but the year says which it is.
        """
        if not _WORKS.intersection(match.entity.kinds):
            return False
        title = _title_of(match.name)
        has_year = title != words_of(match.name)
        return any(
            title in (other[: len(title)], other[-len(title) :])
            for other, iri in self._titles
            if len(other) > len(title) and (has_year or iri != match.entity.iri)
        )


def called_so(matches: Sequence[Match], language: str) -> list[Match]:
    """Return the matches without things that only some call so, in another language, where others are called so."""
    exact = {match.entity.iri for match in matches if match.is_exact}
    called = {
        match.entity.iri
        for match in matches
        if match.is_exact and (match.name not in match.entity.never_own or language in match.entity.given[match.name])
    }
    return [match for match in matches if not called or match.entity.iri not in exact - called]


def _similar_texts(text: str, others: Sequence[str]) -> Iterator[tuple[float, int]]:
    """Yield the similarity by letters, from 0 to 1, and the index of texts that this may be a slip of."""
    if len(text) >= _SHORTEST:
        for _, value, index in process.extract(
            text, others, scorer=fuzz.ratio, score_cutoff=_LEAST_SIMILAR_WORDS, limit=_MOST_NEAR
        ):
            yield value / 100, index


def _best(matches: Iterable[Match]) -> dict[str, Match]:
    """Return the likeliest match of each thing, by its IRI."""
    found: dict[str, Match] = {}
    for match in sorted(matches, key=_rank):
        found.setdefault(match.entity.iri, match)
    return found


def _rank(match: Match) -> tuple[float, bool, bool, bool, str]:
    is_label = match.name in match.entity.labels.values()
    is_address = match.is_code and "/" in match.name
    return -match.similarity, not is_address, match.is_code, not is_label, match.entity.iri


def _title_of(name: str) -> tuple[str, ...]:
    """Return the words of a title without the years."""
    return tuple(word for word in words_of(name) if not _YEAR.fullmatch(word))


def _is_of_another(match: Match) -> bool:
    """Tell whether a name is an acronym within the label of the thing: that of another, whose thing this is."""
    acronym = words_of(match.name)
    labels = map(words_of, match.entity.labels.values())
    return match.name in {value.value for value in match.entity.values.get(_ACRONYM, ())} and any(
        label != acronym and acronym in runs(label) for label in labels
    )


def _is_written_so(written: str, match: Match) -> bool:
    """Tell whether a name is long enough to be none of the words of a language, or is written as the thing writes it.

    A word of it that only its capitals tell from a small one must be: LA Declaration, la déclaration.
    """
    name, entity = match.name, match.entity
    if not name.isupper() and any(len(word) > 1 and word.isupper() and is_small(word.lower()) for word in name.split()):
        return name in written
    if len(name) > _SHORT and (name not in entity.foreign or len(words_of(name)) > 1):
        return True
    return written.replace(".", "") in {each.replace(".", "") for each in entity.names}


def _is_in_order(written: str, entity: Entity) -> bool:
    """Tell whether the words stand as in a name of the thing, and no more of them are joined than in that one.

    The south of Sudan is not South Sudan, nor are women and migrants migrant women, nor is what is done by them done to
    them. What says in its name where it is may be written as in an index, and two names of the thing may stand
    side by side.
    """
    is_named = bool(_PLACED.intersection(entity.kinds))
    orders = word_orders(written)[: None if is_named else 1]
    own = [word_orders(name)[0] for name in entity.names]
    if any(_says(order, name, is_named=is_named) for order in orders for name in own):
        return True
    codes = {code_of(code) for code in entity.codes}
    both = two_of(written)
    return bool(both) and all(code_of(each) in codes or _is_in_order(each, entity) for each in both)


def _says(order: WordOrder, own: WordOrder, *, is_named: bool) -> bool:
    """Tell whether a name says what that of a thing says.

    What is named, and not described, may have “of” between its words for another small word or none (the Puebla
    Process, the Conference on Migration).
    """
    if order.words != own.words or not (order.joints <= own.joints and order.breaks <= own.breaks):
        return False
    return all(own.ties.get(place) == tie or (is_named and place and tie == "of") for place, tie in order.ties.items())
