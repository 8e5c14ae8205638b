"""Matching of names with things: similarity of names, and the decision whether a match is certain."""

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from rapidfuzz import fuzz, process

from crmgraph.linking.entities import (
    Entity,
    WordOrder,
    all_words_of,
    is_stop_word,
    normalize_code,
    other_number_forms,
    possible_word_orders,
    small_words_of,
    split_double_name,
    without_last_dot,
    word_runs,
    words_of,
)
from crmgraph.namespaces import ONTOLOGY, PREFIXES

_MIN_WORD_SIMILARITY = 72
"""The minimum similarity, in per cent, of a misspelt word or name to the correct one."""
_MIN_SIMILARITY = 0.3
"""The minimum similarity of two names, from 0 to 1, for a match."""
_MIN_MISSPELT_LENGTH = 4
"""The minimum number of letters of words and names for which misspellings are considered.

Shorter ones are similar to too many others: Hong and Kong are both similar to ONG.
"""
_MISSPELLING_POWER = 3
"""The exponent that lowers the similarity of misspelt words.

It applies to words, and to whole names of several words. Without it, correct words could outweigh a wrong one: Saint
Martin is not Saint-Marin.
"""
_TRUNCATION_SIMILARITY = 0.9
"""The similarity of a truncated word to the whole word."""
_TRUNCATED = re.compile(r"[^.\d]+\.")
_MOST_SIMILAR = 20
_REMEMBERED = 4096

_MAX_AMBIGUOUS_LENGTH = 4
"""The maximum number of characters of a name that is often an ordinary word too.

It must be spelt exactly as the thing's.

The same holds for a single word in a language other than those of the graph (Suède, suede).
"""
_MAX_ACRONYM_LENGTH = 2
"""The maximum number of letters of a name that is too ambiguous if the query asks for no kind of thing."""
_ADDRESS = re.compile(r"https?://\S+|[a-z-]+/\S+|Q\d+")
_YEAR = re.compile(r"\d{4}")

_AGENT, _INSTRUMENT = f"{ONTOLOGY}#Agent", f"{ONTOLOGY}#Instrument"
_KINDS_WITH_PROPER_NAMES = frozenset(f"{ONTOLOGY}#{name}" for name in ("State", "Organisation", "ConsultativeProcess"))
"""Kinds of things whose names are proper names, used for nothing else."""
_KINDS_WITH_GENERIC_NAMES = {_INSTRUMENT, f"{ONTOLOGY}#Network"}
"""Kinds of things that often have descriptive names (“Plan de Acción”).

Such a name is proper only if it contains a proper name.
"""
_KINDS_THAT_LOCATE = _KINDS_WITH_PROPER_NAMES | {f"{ONTOLOGY}#Place"}
"""Kinds of things whose name, within the name of another thing, identifies that other thing."""
_WORK_KINDS = {_INSTRUMENT, f"{ONTOLOGY}#Plan"}
_TITLE, _ACRONYM, _SAME_AS = PREFIXES["dcterms"] + "title", PREFIXES["skos"] + "notation", PREFIXES["schema"] + "sameAs"


@dataclass(frozen=True)
class Match:
    """A thing that may be meant by a name.

    Attributes:
        entity: The thing.
        similarity: The similarity of the two names, from 0 to 1.
        name: The name or code of the thing that is most similar.
        is_exact: Whether the names are equal apart from case, accents, punctuation, small words and word order. Also
            true for a code, and for text with two names of the thing, such as a name with its acronym.
        is_code: Whether `name` is a code of the thing.
    """

    entity: Entity
    similarity: float
    name: str
    is_exact: bool
    is_code: bool = False


class _Name(NamedTuple):
    """A name: its text, its words, the sum of their weights, and the things that have the name."""

    text: str
    words: tuple[str, ...]
    weight: float
    entities: tuple[Entity, ...]


class Matcher:
    """An index of the names and codes of things, for exact and approximate search.

    Rare words weigh more than frequent ones.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._codes: dict[str, dict[str, Entity]] = defaultdict(dict)
        called: dict[str, dict[str, Entity]] = defaultdict(dict)
        for entity in entities:
            for code in entity.codes:
                self._codes[normalize_code(code)][entity.iri] = entity
            for name in entity.names:
                called[name][entity.iri] = entity
        spelled = {name: words for name in called if (words := without_last_dot(words_of(name)))}
        counts = Counter(word for words in spelled.values() for word in set(words))
        # The counts of singular and plural are added.
        having = {
            word: sum(counts[each] for each in {word} | (other_number_forms(word) & counts.keys())) for word in counts
        }
        self._weights = {word: math.log(1 + len(spelled) / count) for word, count in having.items()}
        self._unknown_word_weight = math.log(1 + len(spelled))
        self._names = [
            _Name(name, words, self._weight(set(words)), tuple(called[name].values()))
            for name, words in spelled.items()
        ]
        self._exact: dict[tuple[str, ...], list[_Name]] = defaultdict(list)
        self._names_with_word: dict[str, list[int]] = defaultdict(list)
        for index, each in enumerate(self._names):
            self._exact[tuple(sorted(each.words))].append(each)
            for word in set(each.words):
                self._names_with_word[word].append(index)
        self._vocabulary = sorted(self._names_with_word)
        self._joined_names = ["".join(name.words) for name in self._names]
        self._similar_words = lru_cache(_REMEMBERED)(self._find_similar_words)
        self._cached_similar = lru_cache(_REMEMBERED)(self._find_similar)

    def matches(self, name: str, kinds: Collection[str] = (), most: int = 10) -> list[Match]:
        """Return at most `most` matches of a name, the best first.

        `kinds` limits them to things with at least one of these kinds; empty for all.
        """
        words = words_of(name)
        found = (
            *self._exact_matches(name),
            *self._matches_of_double_name(name),
            *(self._cached_similar(words) if words else ()),
        )
        asked = (match for match in found if not kinds or not set(kinds).isdisjoint(match.entity.kinds))
        return sorted(_best_per_entity(asked).values(), key=_sort_key)[:most]

    def _exact_matches(self, name: str) -> Iterator[Match]:
        """Yield the exact matches: things with this code, or with a name that has the same words in any order."""
        words = words_of(name)
        # A single word with a full stop may be a truncation: “Niger.” of Nigeria.
        if len(words) == 1 and _TRUNCATED.fullmatch(name.strip()):
            return
        for entity in self._codes.get(normalize_code(name), {}).values():
            code = next(each for each in entity.codes if normalize_code(each) == normalize_code(name))
            yield Match(entity, 1.0, code, is_exact=True, is_code=True)
        small = small_words_of(name)
        for found in self._exact.get(tuple(sorted(without_last_dot(words))), ()):
            # In a name of one word the article counts: Salvador is a city, El Salvador a State.
            if len(found.words) > 1 or small_words_of(found.text) <= small:
                yield from (Match(entity, 1.0, found.text, is_exact=True) for entity in found.entities)

    def _matches_of_double_name(self, name: str) -> Iterator[Match]:
        """Yield the things that have both names of a text such as “Unión Europea (UE)”."""
        if both := split_double_name(name):
            one, other = (_best_per_entity(self._exact_matches(each)) for each in both)
            for iri in one.keys() & other.keys():
                yield max((one[iri], other[iri]), key=lambda match: (not match.is_code, len(match.name)))

    def _find_similar(self, words: tuple[str, ...]) -> tuple[Match, ...]:
        """Return the approximate matches, by similarity of words and by similarity of letters regardless of spaces."""
        similarity = self._similarity_by_words(words)
        # If the vocabulary has all words, none is misspelt: Dialogue of Rabat is not the one of Abu Dhabi.
        if not all(map(self._vocabulary_forms, words)):
            power = _MISSPELLING_POWER if len(words) > 1 else 1
            for value, index in _similar_texts("".join(words), self._joined_names):
                similarity[index] = max(similarity.get(index, 0.0), value**power)
        return tuple(
            Match(entity, min(value, 0.99), self._names[index].text, is_exact=False)
            for index, value in similarity.items()
            if value >= _MIN_SIMILARITY
            for entity in self._names[index].entities
        )

    def _similarity_by_words(self, words: Sequence[str]) -> dict[int, float]:
        """Return the similarity of each name to these words, from 0 to 1, by index of the name.

        It is the weight of the shared words, divided by the weight of all words of both names.
        """
        shared: dict[int, float] = defaultdict(float)
        theirs: dict[tuple[int, str], float] = {}
        for word in dict.fromkeys(words):
            best: dict[int, float] = {}
            for other, value in self._similar_words(word):
                for index in self._names_with_word[other]:
                    best[index] = max(value, best.get(index, 0.0))
                    theirs[index, other] = max(value, theirs.get((index, other), 0.0))
            for index, value in best.items():
                shared[index] += value * self._weight([word])
        for (index, other), value in theirs.items():
            shared[index] += value * self._weights[other]
        whole = self._weight(set(words))
        return {index: value / (whole + self._names[index].weight) for index, value in shared.items()}

    def _find_similar_words(self, word: str) -> tuple[tuple[str, float], ...]:
        """Return the words of the vocabulary equal to a word, or of which it may be a misspelling or a truncation.

        Each has its similarity from 0 to 1.
        """
        start = word.removesuffix(".")
        found = dict.fromkeys(self._vocabulary_forms(word), 1.0)
        # A word in the vocabulary is no misspelling of another: Praga is similar to Paraguay.
        for value, index in _similar_texts(start, self._vocabulary) if not found else ():
            if len(self._vocabulary[index]) >= _MIN_MISSPELT_LENGTH:
                found[self._vocabulary[index]] = value**_MISSPELLING_POWER
        if word.endswith(".") or len(start) >= _MIN_MISSPELT_LENGTH:
            following = self._vocabulary[bisect_left(self._vocabulary, start) :]
            begun = takewhile(lambda other: other.startswith(start), following)
            found |= dict.fromkeys((each for each in begun if each not in found), _TRUNCATION_SIMILARITY)
        return tuple(found.items())

    def _vocabulary_forms(self, word: str) -> list[str]:
        """Return the singular and plural forms of a word that are in the vocabulary."""
        start = word.removesuffix(".")
        return sorted(({start} | other_number_forms(start)) & self._weights.keys())

    def _weight(self, words: Iterable[str]) -> float:
        return sum(
            min((self._weights[each] for each in self._vocabulary_forms(word)), default=self._unknown_word_weight)
            for word in words
        )


class Certainty:
    """Decides whether a match is certain, from the names of places and agents and from the titles of works."""

    def __init__(self, entities: Collection[Entity]) -> None:
        places = [entity for entity in entities if _KINDS_THAT_LOCATE.intersection(entity.kinds)]
        works = [entity for entity in entities if _WORK_KINDS.intersection(entity.kinds)]
        self._place_names = {all_words_of(name) for place in places for name in place.names}
        self._titles = {(_title_of(name), work.iri) for work in works for name in work.names}

    def certain_match(self, name: str, matches: Sequence[Match], kinds: Collection[str], language: str) -> Match | None:
        """Return the certain match of a name among `matches`; None if there is none or more than one.

        `kinds` are the kinds that the query asks for; `language` is the language of the user. In doubt the result is
        None, because a wrong link does more harm than a missing one.
        """
        exact = [match for match in matches if match.is_exact]
        if len(exact) != 1:
            return None
        [match] = exact
        entity, written, own_kinds = match.entity, name.strip(), set(match.entity.kinds)
        is_own = match.name not in entity.never_official_names and language not in entity.unofficial_names.get(
            match.name, ()
        )
        is_asked_for = bool(own_kinds & set(kinds) - {_AGENT})
        if not is_own or (kinds and own_kinds.isdisjoint(kinds)):
            is_certain = False
        elif match.is_code:
            # An address is unambiguous. A code of three letters is so only among things of the kind asked for.
            is_asked_alone = is_asked_for and own_kinds.issuperset(kinds)
            is_certain = (
                _ADDRESS.fullmatch(written) is not None
                if _ADDRESS.fullmatch(match.name)
                else is_asked_alone and written == match.name and re.fullmatch("[A-Z]{3}", written) is not None
            )
        else:
            is_certain = (
                not self._is_part_of_longer_title(match)
                and (is_asked_for or self._is_proper_name(match))
                and _is_unambiguous_spelling(written, match)
                and _is_in_order(written, entity)
            )
        return match if is_certain else None

    def _is_proper_name(self, match: Match) -> bool:
        """Return whether a name identifies the thing even if the query asks for no kind.

        A descriptive name does so only if it contains a proper name, or if the thing has an acronym or an address
        elsewhere. An instrument without a title has only a description, so no name of it qualifies.
        """
        kinds, values = set(match.entity.kinds), match.entity.values
        if sum(map(str.isalnum, match.name)) <= _MAX_ACRONYM_LENGTH or _is_acronym_of_another(match):
            return False
        if _KINDS_WITH_PROPER_NAMES & kinds:
            return True
        if not _KINDS_WITH_GENERIC_NAMES & kinds or (_INSTRUMENT in kinds and _TITLE not in values):
            return False
        return (
            _ACRONYM in values
            or _SAME_AS in values
            or not self._place_names.isdisjoint(word_runs(all_words_of(match.name)))
        )

    def _is_part_of_longer_title(self, match: Match) -> bool:
        """Return whether longer titles of other works begin or end with this title (“Plan de Acción”).

        If the title ends in a year, longer titles of the same work count too.
        """
        if not _WORK_KINDS.intersection(match.entity.kinds):
            return False
        title = _title_of(match.name)
        has_year = title != words_of(match.name)
        return any(
            title in (other[: len(title)], other[-len(title) :])
            for other, iri in self._titles
            if len(other) > len(title) and (has_year or iri != match.entity.iri)
        )


def drop_unofficial_matches(matches: Sequence[Match], language: str) -> list[Match]:
    """Return the matches without exact ones whose name is a hidden label in other languages only.

    If no other exact match is left, all matches are returned.
    """
    exact = {match.entity.iri for match in matches if match.is_exact}
    called = {
        match.entity.iri
        for match in matches
        if match.is_exact
        and (
            match.name not in match.entity.never_official_names or language in match.entity.unofficial_names[match.name]
        )
    }
    return [match for match in matches if not called or match.entity.iri not in exact - called]


def _similar_texts(text: str, others: Sequence[str]) -> Iterator[tuple[float, int]]:
    """Yield similarity (0 to 1) and index of each of `others` of which `text` may be a misspelling."""
    if len(text) >= _MIN_MISSPELT_LENGTH:
        for _, value, index in process.extract(
            text, others, scorer=fuzz.ratio, score_cutoff=_MIN_WORD_SIMILARITY, limit=_MOST_SIMILAR
        ):
            yield value / 100, index


def _best_per_entity(matches: Iterable[Match]) -> dict[str, Match]:
    """Return the best match of each thing, by IRI."""
    return {match.entity.iri: match for match in sorted(matches, key=_sort_key)[::-1]}


def _sort_key(match: Match) -> tuple[float, bool, bool, bool, str]:
    is_label = match.name in match.entity.labels.values()
    return -match.similarity, not (match.is_code and "/" in match.name), match.is_code, not is_label, match.entity.iri


def _title_of(name: str) -> tuple[str, ...]:
    """Return the words of a title without years."""
    return tuple(word for word in words_of(name) if not _YEAR.fullmatch(word))


def _is_acronym_of_another(match: Match) -> bool:
    """Return whether a name is an acronym within a longer label of the thing, and so names another body.

    For example, ASEM is in the label of a conference of ASEM.
    """
    acronym = words_of(match.name)
    return match.name in {value.value for value in match.entity.values.get(_ACRONYM, ())} and any(
        label != acronym and acronym in word_runs(label) for label in map(words_of, match.entity.labels.values())
    )


def _is_unambiguous_spelling(written: str, match: Match) -> bool:
    """Return whether a written name cannot be an ordinary word: it is long, or spelt exactly as a name of the thing.

    If only capitals distinguish a word of the name from a small word, they are required: LA Declaration, la
    déclaration.
    """
    name, entity = match.name, match.entity
    if not name.isupper() and any(
        len(word) > 1 and word.isupper() and is_stop_word(word.lower()) for word in name.split()
    ):
        return name in written
    is_long = len(name) > _MAX_AMBIGUOUS_LENGTH and (name not in entity.foreign_names or len(words_of(name)) > 1)
    return is_long or written.replace(".", "") in {each.replace(".", "") for each in entity.names}


def _is_in_order(written: str, entity: Entity) -> bool:
    """Return whether the words are in the order of a name of the thing, and joined in the same way.

    They are not in these pairs: the south of Sudan and South Sudan; women and migrants, and migrant women; services by
    migrants and services to migrants. The names of places and agents may also be in index form. The text may also
    consist of two names of the thing, as in “UE (Unión Europea)”.
    """
    is_named = bool(_KINDS_THAT_LOCATE.intersection(entity.kinds))
    orders = possible_word_orders(written)[: None if is_named else 1]
    own = [possible_word_orders(name)[0] for name in entity.names]
    if any(_means_the_same(order, name, is_named=is_named) for order in orders for name in own):
        return True
    codes = {normalize_code(code) for code in entity.codes}
    both = split_double_name(written)
    return bool(both) and all(normalize_code(each) in codes or _is_in_order(each, entity) for each in both)


def _means_the_same(order: WordOrder, own: WordOrder, *, is_named: bool) -> bool:
    """Return whether two word orders have the same words, and compatible joints and prepositions.

    In proper names (`is_named`), an “of” may be added between words: the Puebla Process, Proceso de Puebla.
    """
    are_tied_alike = all(
        own.prepositions.get(place) == tie or (is_named and place and tie == "of")
        for place, tie in order.prepositions.items()
    )
    return are_tied_alike and order.words == own.words and order.joints <= own.joints and order.breaks <= own.breaks
