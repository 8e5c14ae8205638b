"""The names of the things in a graph, and where a text uses them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick
from rdflib import Graph

from crmgraph.describing.naming.collecting import Collector, Name
from crmgraph.describing.naming.mistyping import AcronymCorrections, Corrections, StateCorrections, is_long
from crmgraph.describing.naming.namesakes import NEAR_STATES, RIGHT, other_places
from crmgraph.describing.naming.shortening import Shortened
from crmgraph.describing.naming.spelling import Accents, Word, accents, words
from crmgraph.reading.folding import key

__all__ = ["Lexicon", "Mention"]

_BY_ACCENTS = {Accents.MISSING: "unaccented", Accents.WRONG: "misspelling"}


class Mention(NamedTuple):
    """A place in a text, in code points, end exclusive, the thing named there, in what form, and by which of its names.

    The form is `full-name`, `short-name`, `acronym`, `unaccented` or `misspelling`: a concept of the scheme name-form.
    """

    start: int
    end: int
    iri: str
    form: str
    name: str


class _Hit(NamedTuple):
    """Words of a text, from the one at `first` up to that at `last` (exclusive), and what they name, if anything."""

    first: int
    last: int
    names: tuple[Name, ...]


class Lexicon:
    """The names (rdfs:label, skos:prefLabel, skos:altLabel, skos:hiddenLabel) of the things in a graph.

    `classes` are the IRIs of the classes whose things are wanted, all things where there are none; `languages` are
    those whose names count, beside names without a language; acronyms are known in any. `ordinary` are the words of
    names, folded, that are not written in capitals there.

    With `judges_spelling`, a name with a slip in it is known, and told to be misspelt. Without, for a language whose
    spellings the graph does not have, names are known as they stand, whatever their accents, and nothing is told of
    how they are written.
    """

    def __init__(
        self,
        graph: Graph,
        classes: Collection[str] = (),
        languages: Collection[str] = ("es",),
        *,
        judges_spelling: bool = True,
    ) -> None:
        """Collects the names and their other forms; reads the graph once and does not keep it."""
        self._judges_spelling = judges_spelling
        collector = Collector(graph, languages)
        self._names = collector.collect(classes)
        self._accented = collector.accented
        self.ordinary = frozenset(collector.ordinary)
        known = {word for name in self._names for word in name} | RIGHT
        self._corrections = Corrections(filter(is_long, self._names), known)
        self._states = [
            (StateCorrections(states.values(), known | collector.foreign | NEAR_STATES), frozenset(states))
            for states in (collector.states, collector.compound_states)
        ]
        self._titles = collector.titles
        self._shortened = Shortened(self._titles, collector.foreign)
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
        tolerant = self._tolerant(said, text) if self._judges_spelling else ()
        hits = [*self._exact(said, text), *tolerant, *self._untitled(said)]
        if not whole:
            hits = [hit for hit in hits if hit.last - hit.first < len(said)]
        mentions: list[Mention] = []
        free = 0
        for hit in sorted(hits, key=lambda hit: (hit.first, -hit.last)):
            if hit.first >= free:
                free = hit.last
                start, end = said[hit.first].start, said[hit.last - 1].end
                spoken = text[start:end]
                mentions += [
                    Mention(start, end, name.iri, self._form(name, spoken), name.name)
                    for name in hit.names
                    if self._is_meant(name, spoken)
                ]
        return mentions

    def _is_meant(self, name: Name, said: str) -> bool:
        if name.form == "misspelling":
            return self._judges_spelling
        return not _is_other_letter(said, name.name)

    def _form(self, name: Name, said: str) -> str:
        """The form in which a name was said; one with a slip, or a known misspelling, may lack accents besides."""
        if name.form == "misspelling" or not self._judges_spelling:
            return name.form
        return _BY_ACCENTS.get(accents(said, self._accented.get(name.iri, ())), name.form)

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
        for corrections, names in self._states:
            meant = [corrections.of(word.form) if text[word.start].isupper() else None for word in said]
            yield from self._corrected(said, meant, names.__contains__)
        meant = [_agreeing(before, word, text) for before, word in zip([None, *said], said, strict=False)]
        compound = self._states[-1][1]
        yield from self._corrected(said, meant, lambda row: row in compound or is_long(row))
        meant = [self._acronyms.of(word.form) if text[word.start : word.end].isupper() else None for word in said]
        yield from self._corrected(said, meant, lambda row: len(row) == 1)

    def _untitled(self, said: Sequence[Word]) -> Iterator[_Hit]:
        """Titles of instruments without one or two of their words."""
        for first, last, title in self._shortened.find([word.form for word in said]):
            yield _Hit(first, last, (self._titles[title],))

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


def _agreeing(before: Word | None, word: Word, text: str) -> str | None:
    """A word with a capital in the plural, where it is in the singular behind a plural (Naciones Unida)."""
    is_plural = before is not None and before.form.endswith("s") and text[before.start].isupper()
    is_meant = is_plural and text[word.start].isupper() and not word.form.endswith("s")
    return f"{word.form}s" if is_meant else None


def _line(forms: Sequence[str]) -> str:
    """Words with a blank about each, so that only whole words are found in it."""
    return f" {' '.join(forms)} "


def _is_other_letter(said: str, name: str) -> bool:
    """Whether words have an ñ that the name has not, which is a letter and no accent: Cañada."""
    return "ñ" in said.lower() and "ñ" not in name.lower() and key(said) == key(name)


def _has_capitals(spoken: Sequence[str], capitals: Sequence[int]) -> bool:
    return not capitals or all(
        sum(map(str.isupper, word)) >= count for word, count in zip(spoken, capitals, strict=True)
    )
