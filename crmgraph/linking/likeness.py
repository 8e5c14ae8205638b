"""How much two parts of plans are about the same, by what they say in each language that both have."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import snowballstemmer

from crmgraph.linking.parts import Concept, Part

__all__ = ["SMALL_WORDS", "Corpus", "Likeness"]

_LANGUAGES = {"es": "spanish", "en": "english", "fr": "french", "pt": "portuguese"}
_ABOVE, _BELOW = 0.5, 0.3
"""How much a word counts that stands in what is above a part, or below it, where one in the part itself counts 1."""

_CONCEPTS_COUNT = 0.3
_CONCEPT_NEARBY = 0.5
_LONGEST_NAME = 7
_SHOWN = 6
_LETTERS = re.compile(r"[^\W\d_]+")
SMALL_WORDS = {
    language: frozenset(_LETTERS.findall(words))
    for language, words in {
        "es": "a al ante como con cual cuando de del desde donde e el en entre es esta estas este estos ha han hasta "
        "la las lo los mas mediante o para por que se sea ser si sin sobre su sus tanto u un una y ya",
        "en": "a an and are as at be been by can for from has have in including into is it its of on or other should "
        "such than that the their them these this through to under was which will with within",
        "fr": "a à afin ainsi au aux avec ce ces cette comme d dans de depuis des dont du elle en entre est et être "
        "il ils l la le les leur leurs lors mais ne notamment ou par pas plus pour qu que qui s sa sans se selon ses "
        "si son sont sous sur tout toute un une y",
        "pt": "a à ao aos as às com como da das de do dos e em entre esta este foi ha isso mais mas na nas no nos o os "
        "ou para pela pelas pelo pelos por que quando se sem ser seu seus sobre sua suas um uma",
    }.items()
}
"""The words of each language that say nothing of what a text is about."""

_Vector = Mapping[str, float]


@dataclass(frozen=True)
class Likeness:
    """How much two parts are alike, from 0 to 1, and what they share: words by language, and the IRIs of concepts.

    What counts most comes first.
    """

    value: float
    words: Mapping[str, Sequence[str]]
    concepts: Sequence[str]


class Corpus:
    """The parts of all plans, ready to be compared: a word weighs the more the fewer of them have it."""

    def __init__(self, parts: Mapping[str, Part], concepts: Iterable[Concept]) -> None:
        self._parts = parts
        self._below: dict[str, list[str]] = defaultdict(list)
        for part in parts.values():
            self._below[part.above].append(part.iri)
        self._stemmers = {language: snowballstemmer.stemmer(name) for language, name in _LANGUAGES.items()}
        self._words_of: dict[tuple[str, str], str] = {}
        self._words_in: dict[tuple[str, str], dict[str, str]] = {}
        self._stems: dict[tuple[str, str], list[str]] = {}
        for iri, part in parts.items():
            for language in _LANGUAGES:
                said = list(self._stemmed(part.labels.get(language, ""), language))
                self._stems[iri, language] = [stem for stem, _ in said]
                self._words_in[iri, language] = dict(reversed(said))
                self._words_of.update(((language, stem), word) for stem, word in said)
        concepts = list(concepts)
        self.concept_names = {
            concept.iri: {language: names[0] for language, names in concept.names.items()} for concept in concepts
        }
        """The label of each concept by language."""
        self._phrases = self._phrases_of(concepts)
        self._own = {iri: frozenset(self._concepts_in(iri)) for iri in parts}
        self._words = {language: self._vectors(self._counted(language)) for language in _LANGUAGES}
        self._concepts = self._vectors({iri: self._nearby(iri) for iri in parts})

    def likeness(self, one: Part, other: Part) -> Likeness:
        """How much they are alike, and by what."""
        shared = {
            language: _shared(vectors[one.iri], vectors[other.iri])
            for language, vectors in self._words.items()
            if language in one.labels and language in other.labels
        }
        concepts = _shared(self._concepts[one.iri], self._concepts[other.iri])
        words = sum(sum(each.values()) for each in shared.values()) / max(len(shared), 1)
        return Likeness(
            (1 - _CONCEPTS_COUNT) * words + _CONCEPTS_COUNT * sum(concepts.values()),
            {
                language: [self._spoken(stem, one, language) for stem in _greatest(each)]
                for language, each in shared.items()
            },
            _greatest(concepts),
        )

    def _stemmed(self, text: str, language: str) -> Iterator[tuple[str, str]]:
        """The stems of a text, each with its word."""
        for word in _LETTERS.findall(text.casefold()):
            if word not in SMALL_WORDS[language]:
                yield self._stemmers[language].stemWord(word), word

    def _spoken(self, stem: str, part: Part, language: str) -> str:
        """The word of a stem as it stands in the part, or else anywhere: a stem is no word for people."""
        return self._words_in[part.iri, language].get(stem) or self._words_of[language, stem]

    def _phrases_of(self, concepts: Iterable[Concept]) -> Mapping[tuple[str, tuple[str, ...]], set[str]]:
        phrases: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
        for concept in concepts:
            for language, names in concept.names.items():
                for name in names if language in _LANGUAGES else ():
                    if stems := tuple(stem for stem, _ in self._stemmed(name, language)):
                        phrases[language, stems].add(concept.iri)
        return phrases

    def _concepts_in(self, iri: str) -> Iterator[str]:
        for language in _LANGUAGES:
            stems = self._stems[iri, language]
            for start in range(len(stems)):
                for end in range(start + 1, min(start + _LONGEST_NAME, len(stems)) + 1):
                    yield from self._phrases.get((language, tuple(stems[start:end])), ())

    def _counted(self, language: str) -> Mapping[str, _Vector]:
        """How often each word stands in each part, and around it."""
        counted: dict[str, dict[str, float]] = {}
        for iri, part in self._parts.items():
            counts: dict[str, float] = defaultdict(float)
            for other, weight in ((iri, 1.0), (part.above, _ABOVE), *((below, _BELOW) for below in self._below[iri])):
                for stem in self._stems.get((other, language), ()):
                    counts[stem] += weight
            counted[iri] = counts
        return counted

    def _nearby(self, iri: str) -> Mapping[str, float]:
        """The concepts of a part, and those around it, which count less."""
        around = (self._parts[iri].above, *self._below[iri])
        found = {concept: _CONCEPT_NEARBY for other in around for concept in self._own.get(other, ())}
        return found | dict.fromkeys(self._own[iri], 1.0)

    @staticmethod
    def _vectors(counted: Mapping[str, Mapping[str, float]]) -> Mapping[str, _Vector]:
        having = Counter(name for counts in counted.values() for name in counts)
        weights = {name: math.log(1 + len(counted) / count) for name, count in having.items()}
        return {
            iri: _normal({name: _damped(n) * weights[name] for name, n in of.items()}) for iri, of in counted.items()
        }


def _damped(count: float) -> float:
    """A word that is said twice does not count twice."""
    return 1 + math.log(1 + count) if count >= 1 else count


def _normal(vector: _Vector) -> _Vector:
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {name: value / length for name, value in vector.items()}


def _shared(one: _Vector, other: _Vector) -> _Vector:
    """What each thing in both adds to the cosine of the two."""
    return {name: value * other[name] for name, value in one.items() if name in other}


def _greatest(shared: _Vector) -> list[str]:
    return sorted(shared, key=lambda name: (-shared[name], name))[:_SHOWN]
