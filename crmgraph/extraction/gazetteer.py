"""The names of the things in a graph, in the forms that they take in a text, and where a text uses them."""

import operator
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick
from rapidfuzz.distance import OSA
from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from crmgraph.extraction.names import (
    Corrections,
    Word,
    accent_form,
    acronym_forms,
    inflections,
    is_acronym,
    is_long_name,
    is_long_word,
    is_transposed_or_doubled,
    lacks_letter,
    longer_place_names,
    singular_acronym,
    spellings,
    word_list,
    words,
)
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.languages import key

_CG = Namespace(f"{ONTOLOGY}#")
_FORMS = {
    RDFS.label: "full-name",
    SKOS.prefLabel: "full-name",
    SKOS.altLabel: "short-name",
    SKOS.hiddenLabel: "misspelling",
}
_INFLECTED = ("es", None)
"""The languages in which names have other forms and accents, beside names that have none."""
_PEOPLE = ("AgentGroup", "population-group")
_ARTICLES = frozenset({"el", "la", "los", "las", "the"})
_VOWELS = frozenset("aeiou")
_SHORTEST_STATE, _SHORTEST_WORD, _SHORTEST_ACRONYM, _SHORTEST_UNREADABLE = 6, 4, 5, 4
"""How many letters a word has at least in which a slip is known."""


class Mention(NamedTuple):
    """A place in a text, in code points, end exclusive, the thing named there, in what form, and by which of its names.

    The form is `full-name`, `short-name`, `acronym`, `unaccented` or `misspelling`: a concept of the scheme name-form.
    """

    start: int
    end: int
    iri: str
    form: str
    name: str


class _NameUse(NamedTuple):
    """What a row of words names, by which name, and how many capitals each word must have; none given: all one."""

    iri: str
    form: str
    name: str
    capitals: tuple[int, ...] = ()


class _Match(NamedTuple):
    """Words of a text, from the one at `first` up to that at `last` (exclusive), and what they name, if anything."""

    first: int
    last: int
    names: tuple[_NameUse, ...]


class Gazetteer:
    """The names of things (rdfs:label, skos:prefLabel, skos:altLabel, skos:hiddenLabel), to be found in texts.

    `ordinary` are the words of names, folded, that are not written in capitals there.
    """

    def __init__(
        self,
        graph: Graph,
        classes: Collection[str] = (),
        languages: Collection[str] = ("es",),
        *,
        finds_misspellings: bool = True,
    ) -> None:
        """Collect the names and their other forms; the graph is read once and not kept.

        Args:
            graph: the things, with their classes and names.
            classes: the IRIs of the classes whose things are wanted; all where there are none.
            languages: those whose names count, beside names without a language; acronyms are known in any.
            finds_misspellings: whether a name with a slip in it is known, and told to be misspelt. If not, names
                as they stand, whatever their accents.
        """
        self._finds_misspellings = finds_misspellings
        collected = _NameCollector(graph, languages)
        self._names = collected.names(classes)
        self._accented, self.ordinary = collected.accented, frozenset(collected.ordinary)
        self._corrected = _corrections(collected, self._names) if finds_misspellings else ()
        for place in longer_place_names(languages) if self._names else ():
            self._names.setdefault(tuple(word.form for word in words(place)), ())
        self._rows = list(self._names)
        self._automaton = AhoCorasick([_padded(row) for row in self._rows])

    def find(self, text: str, within: bool = False) -> list[Mention]:
        """Return where a text names a thing, in its order.

        Whole words, accents and case and kind of space aside; acronyms in capitals only. Of names that overlap the one
        that begins first counts, of those that begin together the longest, and so does a longer name of a place that
        is not in the graph. A name of several things gives a place for each.

        Args:
            text: the text.
            within: whether the text is a name itself, and those that some of its words name are wanted.
        """
        said = words(text)
        hits = [hit for hit in self._find_matches(said, text) if not within or hit.last - hit.first < len(said)]
        mentions: list[Mention] = []
        free = 0
        for hit in sorted(hits, key=lambda hit: (hit.first, -hit.last)):
            if hit.first >= free:
                free = hit.last
                start, end = said[hit.first].start, said[hit.last - 1].end
                for name in hit.names:
                    if form := self._form_in_text(name, text[start:end]):
                        mentions.append(Mention(start, end, name.iri, form, name.name))
        return mentions

    def _form_in_text(self, name: _NameUse, said: str) -> str | None:
        """Return the form in which a name is said; None where it is not that name.

        An ñ that the name has not is a letter and no accent: Cañada.
        """
        if name.form == "misspelling":
            return name.form if self._finds_misspellings else None
        if "ñ" in said.lower() and "ñ" not in name.name.lower() and key(said) == key(name.name):
            return None
        lacking = accent_form(said, self._accented.get(name.iri, ())) if self._finds_misspellings else None
        return lacking or name.form

    def _find_matches(self, said: Sequence[Word], text: str) -> Iterator[_Match]:
        """Yield the names in a text as they stand, and those with a slip in one word."""
        spoken = [text[word.start : word.end] for word in said]
        for first, last, names in self._find_rows([word.form for word in said]):
            capitals = [sum(map(str.isupper, word)) for word in spoken[first:last]]
            fitting = tuple(name for name in names if all(map(operator.ge, capitals, name.capitals)))
            if fitting or not names:
                yield _Match(first, last, fitting)
        for corrections, is_written, fits in self._corrected:
            meant = [
                corrections.of(word.form) if is_written(written) else None
                for word, written in zip(said, spoken, strict=True)
            ]
            if any(meant):
                forms = [new or word.form for new, word in zip(meant, said, strict=True)]
                yield from (
                    _Match(first, last, tuple(name._replace(form="misspelling") for name in names))
                    for first, last, names in self._find_rows(forms)
                    if names and sum(map(bool, meant[first:last])) == 1 and fits(tuple(forms[first:last]))
                )

    def _find_rows(self, forms: Sequence[str]) -> Iterator[_Match]:
        places, length = {0: 0}, 0
        for place, form in enumerate(forms, 1):
            length += len(form) + 1
            places[length] = place
        for row, start, end in self._automaton.find_matches_as_indexes(_padded(forms), overlapping=True):
            yield _Match(places[start], places[end - 1], self._names[self._rows[row]])


def _padded(forms: Sequence[str]) -> str:
    """Return words with a blank about each, so that only whole words are found in it."""
    return f" {' '.join(forms)} "


class _NameCollector:
    """Reads the names of a graph: each as it stands, and then the forms that it takes in a text.

    `states` are the names of States, each with its words but for an article; `foreign` the words of the names of States
    in whatever language; `accented` the names whose accents count.
    """

    def __init__(self, graph: Graph, languages: Collection[str]) -> None:
        self._graph, self._languages = graph, languages
        self.ordinary: set[str] = set()
        self.states: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.foreign: set[str] = set()
        self.acronyms: set[str] = set()
        self.accented: dict[str, set[str]] = defaultdict(set)
        self._right: dict[URIRef, set[str]] = defaultdict(set)
        self._given: dict[tuple[str, ...], dict[str, _NameUse]] = {}
        self._derived: dict[tuple[str, ...], dict[str, _NameUse]] = {}

    def _is_any(self, thing: URIRef, *kinds: str) -> bool:
        """Return whether a thing is of one of these classes, or in one of the vocabularies of these names."""
        return any(
            (thing, RDF.type, _CG[kind]) in self._graph
            or (thing, SKOS.inScheme, URIRef(f"{ONTOLOGY}/{kind}")) in self._graph
            for kind in kinds
        )

    def names(self, classes: Collection[str]) -> dict[tuple[str, ...], tuple[_NameUse, ...]]:
        """Return the names by their words. A form that some thing has as its name is not taken for another thing's."""
        wanted = {thing for name in classes for thing in self._graph.subjects(RDF.type, URIRef(name))}
        for predicate, form in _FORMS.items():
            for thing, name in sorted(self._graph.subject_objects(predicate), key=str):
                if not isinstance(thing, URIRef) or not isinstance(name, Literal) or (classes and thing not in wanted):
                    continue
                if self._is_any(thing, "State"):
                    self.foreign |= {word.form for word in words(name)}
                # An acronym is one in whatever language the text is, unless it looks like a small word.
                is_free = is_acronym(str(name)) and key(str(name)) not in word_list("small_words")
                if (is_free or name.language in (None, *self._languages)) and any(map(str.isalnum, name)):
                    self._add_name(thing, str(name), form, name.language in _INFLECTED)
        names = self._derived | self._given
        return {row: tuple(found for _, found in sorted(names[row].items())) for row in sorted(names)}

    def _add_name(self, thing: URIRef, name: str, form: str, spanish: bool) -> None:
        said, is_right = words(name), form != "misspelling"
        row = tuple(word.form for word in said)
        if is_right:
            self._right[thing].add(name)
            self.accented[str(thing)] |= {name} if spanish else set()
        self.ordinary |= {word.form for word in said if not name[word.start : word.end].isupper()}
        if is_acronym(name):
            self.acronyms |= set(row) if len(row) == 1 else set()
            notations = {str(notation) for notation in self._graph.objects(thing, SKOS.notation)}
            form = "acronym" if is_right and notations & {name, singular_acronym(name)} else form
            ways = acronym_forms(name)
        else:
            if self._is_any(thing, "State") and is_right:
                self.states[row] = tuple(word for word in row if word not in _ARTICLES)
            ways = self._variants(thing, name, spanish)
        meant = name if is_right else self._corrected_name(thing, name)
        for place, (forms, capitals) in enumerate(ways):
            # What is a name of one thing in its own right is not taken for another that is wrongly called so.
            table = self._given if is_right and not place else self._derived
            table.setdefault(forms, {}).setdefault(str(thing), _NameUse(str(thing), form, meant, capitals))

    def _variants(self, thing: URIRef, name: str, spanish: bool) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
        """Return the forms of a name that is no acronym, each with how many capitals its words must have."""
        rows = spellings(name)
        if "-".join(rows[0]) in word_list("ordinary") or (self._is_any(thing, "Place") and len(rows[0]) == 1):
            # It is an ordinary word, too, when it is written small.
            said = words(name)
            initials = tuple(int(name[word.start].isupper() and word.form not in _ARTICLES) for word in said)
            return [(rows[0], initials)]
        ways: list[tuple[tuple[str, ...], tuple[int, ...]]] = [(row, ()) for row in rows]
        are_people = self._is_any(thing, *_PEOPLE)
        if spanish and (are_people or self._is_any(thing, "topic")):
            ways += [(row, ()) for row in sorted({form for row in rows for form in inflections(row, are_people)})]
            acronym, _, rest = name.partition(" ")
            if is_acronym(acronym):  # ONGs interesadas
                others = tuple(word.form for word in words(rest))
                ways += [((*row, *others), (*n, *(0 for _ in others))) for row, n in acronym_forms(acronym)]
        return ways

    def _corrected_name(self, thing: URIRef, name: str) -> str:
        """Return the name that a known misspelling is nearest to, of an acronym the acronym; itself for want of one."""
        names = self._right[thing]
        alike = {each for each in names if is_acronym(each) == is_acronym(name)}
        return min(sorted(alike or names), key=lambda each: OSA.distance(key(name), key(each)), default=name)


_Correction = tuple[Corrections, Callable[[str], bool], Callable[[tuple[str, ...]], bool]]


def _corrections(collected: _NameCollector, names: Collection[tuple[str, ...]]) -> list[_Correction]:
    """Return the slips that are known: those of long names and, where they have their capitals, of States and acronyms.

    With each goes how a word has to be written that may be one, and of which names it may be a word. Slips of short
    names and words are other words too often (Chile, chiles; Mali, mail), and another letter mostly makes another
    body's acronym (UNODA beside UNODC).
    """
    known = {word for name in names for word in name} | word_list("right")
    beside_states = known | collected.foreign | word_list("near_states")
    long = {
        word for name in names if is_long_name(name) for word in name if len(word) >= _SHORTEST_WORD and word.isalpha()
    }
    acronyms = {
        word
        for word in collected.acronyms
        if word.isalpha() and len(word) >= (_SHORTEST_ACRONYM if _VOWELS & set(word) else _SHORTEST_UNREADABLE)
    }
    single_words = {name[0] for name in names if len(name) == 1}
    found: list[_Correction] = [
        (Corrections(long, known, is_transposed_or_doubled, is_long_word), lambda _: True, is_long_name),
        (Corrections(acronyms, single_words, is_transposed_or_doubled), str.isupper, lambda row: len(row) == 1),
    ]
    for alone, least in ((True, _SHORTEST_STATE), (False, _SHORTEST_WORD)):
        rows = {row: main for row, main in collected.states.items() if (len(main) == 1) == alone}
        said = {word for main in rows.values() for word in main if word.isalpha() and len(word) >= least}
        corrections = Corrections(said, beside_states, is_transposed_or_doubled, lacks_letter, is_long_word)
        found.append((corrections, lambda written: written[0].isupper(), rows.__contains__))
    return found
