"""The names of the things in a graph, and where a text uses them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.describing.naming.inflecting import inflections
from crmgraph.describing.naming.mistyping import AcronymCorrections, Corrections, is_long
from crmgraph.describing.naming.namesakes import NEAR_STATES, ORDINARY, other_places
from crmgraph.describing.naming.spelling import (
    Word,
    acronym_spellings,
    is_acronym,
    lacks_accents,
    singular_acronym,
    spellings,
    words,
)
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY

__all__ = ["Lexicon", "Mention"]

_FORMS = {
    RDFS.label: "full-name",
    SKOS.prefLabel: "full-name",
    SKOS.altLabel: "short-name",
    SKOS.hiddenLabel: "misspelling",
}
_GROUPS = URIRef(f"{ONTOLOGY}/population-group")
_TOPICS = URIRef(f"{ONTOLOGY}/topic")
_ARTICLES = frozenset({"el", "la", "los", "las", "the"})


class Mention(NamedTuple):
    """A place in a text, in code points, end exclusive, the thing named there, in what form, and by which of its names.

    The form is `full-name`, `short-name`, `acronym`, `unaccented` or `misspelling`: a concept of the scheme name-form.
    """

    start: int
    end: int
    iri: str
    form: str
    name: str


class _Name(NamedTuple):
    """What a row of words names, by which name, and how many capitals each word must have; none given: all one."""

    iri: str
    form: str
    name: str
    capitals: tuple[int, ...] = ()


class _Hit(NamedTuple):
    """Words of a text, from the one at `first` up to that at `last` (exclusive), and what they name, if anything."""

    first: int
    last: int
    names: tuple[_Name, ...]


_Names = dict[tuple[str, ...], tuple[_Name, ...]]


class Lexicon:
    """The names (rdfs:label, skos:prefLabel, skos:altLabel, skos:hiddenLabel) of the things in a graph.

    `classes` are the IRIs of the classes whose things are wanted, all things where there are none; `languages` are
    those whose names count, beside names without a language. `ordinary` are the words of names, folded, that are not
    written in capitals there.
    """

    def __init__(self, graph: Graph, classes: Collection[str] = (), languages: Collection[str] = ("es",)) -> None:
        """Collects the names and their other forms; reads the graph once and does not keep it."""
        collector = _Collector(graph, languages)
        self._names = collector.collect(classes)
        self._right = collector.right
        self.ordinary = frozenset(collector.ordinary)
        known = {word for name in self._names for word in name}
        self._corrections = Corrections(filter(is_long, self._names), known)
        self._states = frozenset(collector.states & self._names.keys())
        self._one_word = Corrections(self._states, known | NEAR_STATES)
        self._acronyms = AcronymCorrections(self._names, collector.acronyms)
        for place in other_places(languages) if self._names else ():
            self._names.setdefault(tuple(word.form for word in words(place)), ())
        self._rows = list(self._names)
        self._automaton = AhoCorasick([_line(row) for row in self._rows])

    def find(self, text: str) -> list[Mention]:
        """Where `text` names a thing, in the order of the text.

        Whole words, accents and case and kind of space aside; acronyms in capitals only. Of names that overlap the one
        that begins first counts, of those that begin together the longest, and so does a longer name of a place that
        is not in the graph. A name of several things gives a place for each.
        """
        return self._find(text, whole=True)

    def find_within(self, text: str) -> list[Mention]:
        """Where `text`, which is a name itself, names other things with some of its words."""
        return self._find(text, whole=False)

    def _find(self, text: str, whole: bool) -> list[Mention]:
        said = words(text)
        hits = [*self._exact(said, text), *self._tolerant(said, text)]
        if not whole:
            hits = [hit for hit in hits if hit.last - hit.first < len(said)]
        mentions: list[Mention] = []
        free = 0
        for hit in sorted(hits, key=lambda hit: (hit.first, -hit.last)):
            if hit.first >= free:
                free = hit.last
                start, end = said[hit.first].start, said[hit.last - 1].end
                mentions += [
                    Mention(start, end, name.iri, self._form(name, text[start:end]), name.name) for name in hit.names
                ]
        return mentions

    def _form(self, name: _Name, said: str) -> str:
        """The form in which a name was said; one with a slip, or a known misspelling, may lack accents besides."""
        if name.form != "misspelling" and lacks_accents(said, self._right[name.iri]):
            return "unaccented"
        return name.form

    def _exact(self, said: Sequence[Word], text: str) -> Iterator[_Hit]:
        for first, last, names in self._matches([word.form for word in said]):
            spoken = [text[word.start : word.end] for word in said[first:last]]
            fitting = tuple(name for name in names if _has_capitals(spoken, name.capitals))
            if fitting or not names:
                yield _Hit(first, last, fitting)

    def _tolerant(self, said: Sequence[Word], text: str) -> Iterator[_Hit]:
        """Names with a slip in one word: long ones, and where they have their capitals those of States and acronyms."""
        meant = [self._corrections.of(word.form) for word in said]
        yield from self._corrected(said, meant, is_long)
        meant = [self._one_word.of(word.form) if text[word.start].isupper() else None for word in said]
        yield from self._corrected(said, meant, self._states.__contains__)
        meant = [self._acronyms.of(word.form) if text[word.start : word.end].isupper() else None for word in said]
        yield from self._corrected(said, meant, lambda row: len(row) == 1)

    def _corrected(
        self, said: Sequence[Word], meant: Sequence[str | None], fits: Callable[[tuple[str, ...]], bool]
    ) -> Iterator[_Hit]:
        if not any(meant):
            return
        corrected = [new or word.form for new, word in zip(meant, said, strict=True)]
        for first, last, names in self._matches(corrected):
            if names and sum(map(bool, meant[first:last])) == 1 and fits(tuple(corrected[first:last])):
                yield _Hit(first, last, tuple(name._replace(form="misspelling") for name in names))

    def _matches(self, forms: Sequence[str]) -> Iterator[_Hit]:
        places = {0: 0}
        length = 0
        for place, form in enumerate(forms, 1):
            length += len(form) + 1
            places[length] = place
        for row, start, end in self._automaton.find_matches_as_indexes(_line(forms), overlapping=True):
            yield _Hit(places[start], places[end - 1], self._names[self._rows[row]])


def _line(forms: Sequence[str]) -> str:
    """Words with a blank about each, so that only whole words are found in it."""
    return f" {' '.join(forms)} "


def _has_capitals(spoken: Sequence[str], capitals: Sequence[int]) -> bool:
    return not capitals or all(
        sum(map(str.isupper, word)) >= count for word, count in zip(spoken, capitals, strict=True)
    )


def _with_plural_acronym(name: str) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    """A name that begins with an acronym, with that in the plural: ONGs interesadas, ONG’s interesadas."""
    acronym, _, rest = name.partition(" ")
    if not is_acronym(acronym):
        return []
    others = tuple(word.form for word in words(rest))
    return [((*row, *others), (*capitals, *(0 for _ in others))) for row, capitals in acronym_spellings(acronym)]


def _initials(name: str) -> tuple[int, ...]:
    """How many capitals each word of a name must have that counts only where it is written as a name."""
    return tuple(int(name[word.start].isupper() and word.form not in _ARTICLES) for word in words(name))


class _Collector:
    """Reads names from a graph: each as it stands, and then the forms that it takes in a text."""

    def __init__(self, graph: Graph, languages: Collection[str]) -> None:
        self._graph = graph
        self._languages = languages
        self._places = set(graph.subjects(RDF.type, CG.Place))
        self._people = {*graph.subjects(RDF.type, CG.AgentGroup), *graph.subjects(SKOS.inScheme, _GROUPS)}
        self._kinds = self._people | set(graph.subjects(SKOS.inScheme, _TOPICS))
        self._state_iris = set(graph.subjects(RDF.type, CG.State))
        self.ordinary: set[str] = set()
        self.states: set[tuple[str, ...]] = set()
        self.acronyms: set[str] = set()
        self.right: dict[str, set[str]] = defaultdict(set)
        self._given: dict[tuple[str, ...], dict[str, _Name]] = {}
        self._derived: dict[tuple[str, ...], dict[str, _Name]] = {}

    def collect(self, classes: Collection[str]) -> _Names:
        """The names by their words. A form that some thing has as its name is not taken for another thing's."""
        wanted = {thing for name in classes for thing in self._graph.subjects(RDF.type, URIRef(name))}
        for predicate, form in _FORMS.items():
            for thing, name in sorted(self._graph.subject_objects(predicate), key=str):
                if not isinstance(thing, URIRef) or not isinstance(name, Literal) or (classes and thing not in wanted):
                    continue
                if name.language is None or name.language in self._languages:
                    self._add(thing, str(name), form)
                    if form != "misspelling":
                        self.right[str(thing)].add(str(name))
        names = self._derived | self._given
        return {row: tuple(found for _, found in sorted(names[row].items())) for row in sorted(names)}

    def _add(self, thing: URIRef, name: str, form: str) -> None:
        if not any(map(str.isalnum, name)):
            return
        said = words(name)
        self.ordinary |= {word.form for word in said if not name[word.start : word.end].isupper()}
        if is_acronym(name):
            if len(said) == 1:
                self.acronyms.add(said[0].form)
            notations = {str(notation) for notation in self._graph.objects(thing, SKOS.notation)}
            if form != "misspelling" and notations & {name, singular_acronym(name)}:
                form = "acronym"
            ways = acronym_spellings(name)
        else:
            if thing in self._state_iris and len([word for word in said if word.form not in _ARTICLES]) == 1:
                self.states.add(tuple(word.form for word in said))
            ways = [(row, ()) for row in spellings(name)]
            if self._is_ordinary(thing, ways[0][0]):
                ways = [(ways[0][0], _initials(name))]
            if thing in self._kinds:
                forms = {each for row, _ in ways for each in inflections(row, thing in self._people)}
                ways += [(row, ()) for row in sorted(forms)] + _with_plural_acronym(name)
        for place, (row, capitals) in enumerate(ways):
            table = self._derived if place else self._given
            table.setdefault(row, {}).setdefault(str(thing), _Name(str(thing), form, name, capitals))

    def _is_ordinary(self, thing: URIRef, row: tuple[str, ...]) -> bool:
        """Whether a name is, or may be, an ordinary word too when it is written small, as many a place's is."""
        return "-".join(row) in ORDINARY or (thing in self._places and len(row) == 1)
