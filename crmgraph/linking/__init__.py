"""Matching of names with things of the graph, and here proposals of corresponding parts of two plans.

Proposals are ranked by the similarity of their words and concepts.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import snowballstemmer
from pyoxigraph import Store

from crmgraph.decisions import AGENDA
from crmgraph.inference.rules import select_from
from crmgraph.lexicon import patterns
from crmgraph.linking.entities import language_of, word_runs
from crmgraph.namespaces import ONTOLOGY, PREFIXES, Names

_PARTS_QUERY = f"""SELECT DISTINCT ?part ?plan ?kind ?label ?above {{
  {{
    VALUES ?kind {{ cg:Theme cg:Objective cg:Action cg:Activity }}
    ?part a ?kind ; dcterms:isPartOf+ ?plan .
    ?plan a cg:Plan .
    OPTIONAL {{ ?part dcterms:isPartOf ?above }}
  }} UNION {{
    BIND (<{AGENDA}/ontology#Target> AS ?kind)
    BIND (<{AGENDA}> AS ?plan)
    ?part a ?kind ; skos:broader ?above .
  }}
  ?part rdfs:label ?label .
}}"""
_CONCEPTS_QUERY = f"""SELECT DISTINCT ?concept ?property ?name {{
  VALUES ?scheme {{ <{ONTOLOGY}/topic> <{ONTOLOGY}/population-group> }}
  VALUES ?property {{ skos:prefLabel skos:altLabel }}
  ?concept skos:inScheme ?scheme ; ?property ?name .
}}"""
_BROADER_QUERY = "SELECT ?concept ?broader { ?concept skos:broader ?broader }"

_LANGUAGES = {"es": "spanish", "en": "english", "fr": "french", "pt": "portuguese"}
_PARENT_WEIGHT, _CHILD_WEIGHT = 0.5, 0.3
"""The weights of a word in the parent and in a child of a part. A word in the part itself has the weight 1."""
_CONCEPT_SHARE = 0.4
_NEARBY_CONCEPT_WEIGHT, _BROADER_CONCEPT_WEIGHT = 0.3, 0.7
"""The weights of a concept in the parent or a child of a part, and of the concept above one in the part itself."""
MIN_SCORE = 0.05
"""The least score of a proposal that is worth reading."""
_LONGEST_NAME = 7
_TOPIC = f"{ONTOLOGY}/topic#"
_MOST_LISTED = 6
_BASELINE_SIZE = 3
_BASELINE_WEIGHT = 0.5
_LETTERS = re.compile(r"[^\W\d_]+")
SMALL_WORDS = {
    language: frozenset(words.split()) for language, words in patterns("matching").raw("small_words").items()
}
"""The words of each language that are ignored when texts are compared."""

_Vector = Mapping[str, float]


@dataclass(frozen=True)
class Part:
    """A part of a plan, or a target of the 2030 Agenda.

    Attributes:
        plan: The IRI of its plan.
        kind: The name of its class, such as `Objective`.
        labels: Its text in each language.
        parent: The IRI of its parent; empty at the top.
    """

    iri: str
    plan: str
    kind: str
    labels: Mapping[str, str]
    parent: str


@dataclass(frozen=True)
class Similarity:
    """The similarity of two parts, from 0 to 1, and the words (by language) and concepts (IRIs) that they share.

    Both lists are sorted by contribution to the similarity, largest first, and cut after a few items.
    """

    value: float
    words: Mapping[str, Sequence[str]]
    concepts: Sequence[str]


@dataclass(frozen=True)
class Proposal:
    """Two parts that may correspond, with their similarity and the score by which proposals are ranked."""

    subject: Part
    object: Part
    score: float
    similarity: Similarity


class Corpus:
    """The parts of all plans as weighted vectors of words and concepts (TF-IDF), ready to be compared.

    `concepts` are the topics and population groups: for each IRI its names by language, the label first. `broader` has
    the IRIs of the concepts above a concept.
    """

    def __init__(
        self,
        parts: Mapping[str, Part],
        concepts: Mapping[str, Mapping[str, Sequence[str]]],
        broader: Mapping[str, Collection[str]],
    ) -> None:
        self.concept_names = {
            iri: {language: names[0] for language, names in of.items()} for iri, of in concepts.items()
        }
        """The label of each concept by language."""
        stemmers = {language: snowballstemmer.stemmer(name) for language, name in _LANGUAGES.items()}

        def stem_words(text: str, language: str) -> list[tuple[str, str]]:
            """Return the stem of each word in a text, with the word; small words are left out."""
            return [
                (stemmers[language].stemWord(word), word)
                for word in _LETTERS.findall(text.casefold())
                if word not in SMALL_WORDS[language]
            ]

        below: dict[str, list[str]] = defaultdict(list)
        for part in parts.values():
            below[part.parent].append(part.iri)
        phrases: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for concept, of in concepts.items():
            for language, name in ((tag, name) for tag, names in of.items() for name in names):
                if language in _LANGUAGES and (stems := [stem for stem, _ in stem_words(name, language)]):
                    phrases[language, *stems].add(concept)
        self._word_of: dict[tuple[str, str], str] = {}
        self._words_in: dict[tuple[str, str], Mapping[str, str]] = {}
        own: dict[str, set[str]] = defaultdict(set)
        self._words: dict[str, Mapping[str, _Vector]] = {}
        for language in _LANGUAGES:
            said = {iri: stem_words(part.labels.get(language, ""), language) for iri, part in parts.items()}
            stems_in = {iri: [stem for stem, _ in words] for iri, words in said.items()}
            for iri, words in said.items():
                self._words_in[iri, language] = dict(reversed(words))
                self._word_of.update(((language, stem), word) for stem, word in words)
                own[iri].update(*(phrases.get((language, *run), ()) for run in word_runs(stems_in[iri], _LONGEST_NAME)))
            counts: dict[str, dict[str, float]] = {iri: defaultdict(float) for iri in parts}
            for iri, part in parts.items():
                for other, weight in (
                    (iri, 1.0),
                    (part.parent, _PARENT_WEIGHT),
                    *((each, _CHILD_WEIGHT) for each in below[iri]),
                ):
                    for stem in stems_in.get(other, ()):
                        counts[iri][stem] += weight
            self._words[language] = _tf_idf_vectors(counts)
        about = {iri: _with_broader(own[iri], broader) for iri in parts}
        self._concepts = _tf_idf_vectors(
            {
                iri: _largest_weights(
                    (1.0, about[iri]),
                    *((_NEARBY_CONCEPT_WEIGHT, about.get(other, {})) for other in (part.parent, *below[iri])),
                )
                for iri, part in parts.items()
            }
        )

    def similarity(self, one: Part, other: Part) -> Similarity:
        """Return the similarity of two parts, by their words in the languages that both have and by their concepts.

        Parts that have no language in common are compared by concepts alone.
        """
        shared = {
            language: _common_terms(vectors[one.iri], vectors[other.iri])
            for language, vectors in self._words.items()
            if language in one.labels and language in other.labels
        }
        concepts = _common_terms(self._concepts[one.iri], self._concepts[other.iri])
        words = sum(sum(each.values()) for each in shared.values()) / max(len(shared), 1)
        share = _CONCEPT_SHARE if shared else 1.0
        return Similarity(
            (1 - share) * words + share * sum(concepts.values()),
            # For display, each stem is replaced by a word with this stem, if possible from the part itself.
            {
                language: [
                    self._words_in[one.iri, language].get(stem) or self._word_of[language, stem]
                    for stem in _heaviest(each)
                ]
                for language, each in shared.items()
            },
            _heaviest(concepts),
        )


def propose(corpus: Corpus, subjects: Sequence[Part], objects: Sequence[Part]) -> list[Proposal]:
    """Return all pairs of parts in descending order of score.

    The score is the similarity of the two parts, minus half the mean of each part's three highest similarities. So a
    part that is similar to many others, for example one about cooperation in general, gets low scores.
    """
    pairs = [(one, other, corpus.similarity(one, other)) for one in subjects for other in objects]
    values: dict[str, list[float]] = defaultdict(list)
    for one, other, similarity in pairs:
        values[one.iri].append(similarity.value)
        values[other.iri].append(similarity.value)
    usual = {iri: sum(sorted(of, reverse=True)[:_BASELINE_SIZE]) / _BASELINE_SIZE for iri, of in values.items()}
    found = [
        Proposal(
            one,
            other,
            round(similarity.value - _BASELINE_WEIGHT * (usual[one.iri] + usual[other.iri]) / 2, 4),
            similarity,
        )
        for one, other, similarity in pairs
    ]
    return sorted(found, key=lambda each: (-each.score, each.subject.iri, each.object.iri))


def plan_iri(name: str, names: Names) -> str:
    """Return the IRI of a plan from its short name. `sdg` means the 2030 Agenda."""
    return AGENDA if name == "sdg" else names.id("plan", name)


def parts_in(store: Store) -> dict[str, Part]:
    """Return the parts of all plans in a local store, by IRI. The store needs no inferred triples."""
    parts: dict[str, Part] = {}
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in select_from(store)(_PARTS_QUERY):
        said = {name: term.value for name, term in row.items()}
        iri, plan, kind, above = (said.get(name, "") for name in ("part", "plan", "kind", "above"))
        labels[iri][language_of(row["label"])] = said["label"]
        parts[iri] = Part(iri, plan, kind.rpartition("#")[2], labels[iri], above)
    return dict(sorted(parts.items()))


def corpus_in(store: Store, parts: Mapping[str, Part]) -> Corpus:
    """Return a corpus of these parts, with the topics and population groups in a local store and in the lexicon."""
    select = select_from(store)
    names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    # Preferred labels first.
    for row in sorted(
        select(_CONCEPTS_QUERY),
        key=lambda row: (
            row["property"].value != PREFIXES["skos"] + "prefLabel",
            row["name"].value,
            language_of(row["name"]),
        ),
    ):
        names[row["concept"].value][language_of(row["name"])].append(row["name"].value)
    broader: dict[str, set[str]] = defaultdict(set)
    for row in select(_BROADER_QUERY):
        broader[row["concept"].value].add(row["broader"].value)
    for key, entries in patterns("topics").raw("topics").items():
        for language, listed in entries.items():
            if language == "broader":
                broader[_TOPIC + key].update(_TOPIC + above for above in listed)
            else:
                names[_TOPIC + key][language].extend(listed)
    return Corpus(parts, names, broader)


def _with_broader(concepts: Collection[str], broader: Mapping[str, Collection[str]]) -> _Vector:
    """Return the weights of concepts and of those above them, which are lower with each step."""
    weights: dict[str, float] = {}
    weight, level = 1.0, set(concepts)
    while level:
        weights.update(dict.fromkeys(level, weight))
        level = {above for each in level for above in broader.get(each, ())} - weights.keys()
        weight *= _BROADER_CONCEPT_WEIGHT
    return weights


def _largest_weights(*vectors: tuple[float, _Vector]) -> _Vector:
    """Return the largest weight of each name in several vectors, each multiplied by a factor."""
    weights: dict[str, float] = {}
    for factor, vector in vectors:
        for name, weight in vector.items():
            weights[name] = max(weights.get(name, 0.0), factor * weight)
    return weights


def _tf_idf_vectors(counted: Mapping[str, Mapping[str, float]]) -> Mapping[str, _Vector]:
    """Return the counts of each part as a TF-IDF vector of length 1. Counts from 1 on are dampened logarithmically.

    If all counts are below 1, because only the neighbours of the part have any, the vector is shorter by as much.
    """
    having = Counter(name for counts in counted.values() for name in counts)
    found: dict[str, _Vector] = {}
    for iri, counts in counted.items():
        vector = {
            name: (1 + math.log(count) if count >= 1 else count) * math.log(1 + len(counted) / having[name])
            for name, count in counts.items()
        }
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        length /= min(1.0, max(counts.values(), default=1.0))
        found[iri] = {name: value / length for name, value in vector.items()}
    return found


def _common_terms(one: _Vector, other: _Vector) -> _Vector:
    """Return the contribution of each shared term to the cosine similarity of two vectors."""
    return {name: value * other[name] for name, value in one.items() if name in other}


def _heaviest(shared: _Vector) -> list[str]:
    return sorted(shared, key=lambda name: (-shared[name], name))[:_MOST_LISTED]
