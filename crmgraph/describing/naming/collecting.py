"""The names in a graph, each as it stands and in the forms that it takes in a text."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from rapidfuzz.distance import OSA
from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Literal, URIRef

from crmgraph.describing.naming.inflecting import inflections
from crmgraph.describing.naming.namesakes import ORDINARY, SMALL_WORDS
from crmgraph.describing.naming.spelling import acronym_spellings, is_acronym, singular_acronym, spellings, words
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key

__all__ = ["Collector", "Name", "Names"]

_FORMS = {
    RDFS.label: "full-name",
    SKOS.prefLabel: "full-name",
    SKOS.altLabel: "short-name",
    SKOS.hiddenLabel: "misspelling",
}
_GROUPS = URIRef(f"{ONTOLOGY}/population-group")
_TOPICS = URIRef(f"{ONTOLOGY}/topic")
_INFLECTED = ("es", None)
"""The languages in which names have other forms and accents, beside names that have none."""
_ARTICLES = frozenset({"el", "la", "los", "las", "the"})


class Name(NamedTuple):
    """What a row of words names, by which name, and how many capitals each word must have; none given: all one."""

    iri: str
    form: str
    name: str
    capitals: tuple[int, ...] = ()


Names = dict[tuple[str, ...], tuple[Name, ...]]
"""Names by their words."""


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


def _is_free(name: Literal) -> bool:
    """Whether a name is one in whatever language the text is: an acronym, unless it looks like a small word."""
    return is_acronym(str(name)) and key(str(name)) not in SMALL_WORDS


class Collector:
    """Reads names from a graph: each as it stands, and then the forms that it takes in a text.

    `states` and `compound_states` are the names of States, of one word and of more, each with its words but for an
    article; `foreign` the words of the names of States in whatever language; `titles` what instruments with an official
    title are called in full, by their words.
    """

    def __init__(self, graph: Graph, languages: Collection[str]) -> None:
        self._graph = graph
        self._languages = languages
        self._places = set(graph.subjects(RDF.type, CG.Place))
        self._people = {*graph.subjects(RDF.type, CG.AgentGroup), *graph.subjects(SKOS.inScheme, _GROUPS)}
        self._kinds = self._people | set(graph.subjects(SKOS.inScheme, _TOPICS))
        self._instruments = set(graph.subjects(DCTERMS.title)) & set(graph.subjects(RDF.type, CG.Instrument))
        self._state_iris = set(graph.subjects(RDF.type, CG.State))
        self.ordinary: set[str] = set()
        self.states: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.compound_states: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.foreign: set[str] = set()
        self.titles: dict[tuple[str, ...], Name] = {}
        self.acronyms: set[str] = set()
        self.accented: dict[str, set[str]] = defaultdict(set)
        self._right: dict[URIRef, set[str]] = defaultdict(set)
        self._given: dict[tuple[str, ...], dict[str, Name]] = {}
        self._derived: dict[tuple[str, ...], dict[str, Name]] = {}

    def collect(self, classes: Collection[str]) -> Names:
        """The names by their words. A form that some thing has as its name is not taken for another thing's."""
        wanted = {thing for name in classes for thing in self._graph.subjects(RDF.type, URIRef(name))}
        for predicate, form in _FORMS.items():
            for thing, name in sorted(self._graph.subject_objects(predicate), key=str):
                if not isinstance(thing, URIRef) or not isinstance(name, Literal) or (classes and thing not in wanted):
                    continue
                if thing in self._state_iris:
                    self.foreign |= {word.form for word in words(name)}
                if name.language in (None, *self._languages) or _is_free(name):
                    self._add(thing, str(name), form, name.language in _INFLECTED)
        names = self._derived | self._given
        return {row: tuple(found for _, found in sorted(names[row].items())) for row in sorted(names)}

    def _add(self, thing: URIRef, name: str, form: str, spanish: bool) -> None:
        if not any(map(str.isalnum, name)):
            return
        if form != "misspelling":
            self._right[thing].add(name)
            if spanish:
                self.accented[str(thing)].add(name)
        said = words(name)
        if form == "full-name" and thing in self._instruments:
            self.titles[tuple(word.form for word in said)] = Name(str(thing), "short-name", name)
        self.ordinary |= {word.form for word in said if not name[word.start : word.end].isupper()}
        if is_acronym(name):
            if len(said) == 1:
                self.acronyms.add(said[0].form)
            notations = {str(notation) for notation in self._graph.objects(thing, SKOS.notation)}
            if form != "misspelling" and notations & {name, singular_acronym(name)}:
                form = "acronym"
            ways = acronym_spellings(name)
        else:
            if thing in self._state_iris and form != "misspelling":
                row = tuple(word.form for word in said)
                main = tuple(word for word in row if word not in _ARTICLES)
                (self.states if len(main) == 1 else self.compound_states)[row] = main
            ways = [(row, ()) for row in spellings(name)]
            if self._is_ordinary(thing, ways[0][0]):
                ways = [(ways[0][0], _initials(name))]
            if thing in self._kinds and spanish:
                forms = {each for row, _ in ways for each in inflections(row, thing in self._people)}
                ways += [(row, ()) for row in sorted(forms)] + _with_plural_acronym(name)
        meant = self._meant(thing, name) if form == "misspelling" else name
        for place, (row, capitals) in enumerate(ways):
            # What is a name of one thing in its own right is not taken for another that is wrongly called so.
            table = self._derived if place or form == "misspelling" else self._given
            table.setdefault(row, {}).setdefault(str(thing), Name(str(thing), form, meant, capitals))

    def _meant(self, thing: URIRef, name: str) -> str:
        """The name that a known misspelling is nearest to, of an acronym the acronym; itself where there is none."""
        names = self._right[thing]
        alike = {each for each in names if is_acronym(each) == is_acronym(name)}
        return min(sorted(alike or names), key=lambda each: OSA.distance(key(name), key(each)), default=name)

    def _is_ordinary(self, thing: URIRef, row: tuple[str, ...]) -> bool:
        """Whether a name is, or may be, an ordinary word too when it is written small, as many a place's is."""
        return "-".join(row) in ORDINARY or (thing in self._places and len(row) == 1)
