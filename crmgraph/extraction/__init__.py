"""Information extraction from text: names of known things and statuses here, dates and acronyms in the modules below.

The functions take text and return spans in code points, end exclusive. They do not depend on the model of plans or on
RDF, except for the names in the gazetteer, an index of the names of the things in an RDF graph. Words and patterns are
data in `lexicon/`. The names of the statuses come from the vocabulary.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick
from rapidfuzz.distance import OSA
from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from crmgraph.extraction.dates import calendar_patterns
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
    name_spellings,
    singular_acronym,
    word_list,
    words,
)
from crmgraph.namespaces import ONTOLOGY, PREFIXES
from crmgraph.reading.languages import fold, key

_CG = Namespace(f"{ONTOLOGY}#")
_FORMS = {
    RDFS.label: "full-name",
    SKOS.prefLabel: "full-name",
    SKOS.altLabel: "other-name",
    SKOS.hiddenLabel: "misspelling",
}
_INFLECTED = ("es", None)
"""The languages of names that are inflected and whose accents are checked; None is for names without a language."""
_PEOPLE = ("AgentGroup", "population-group")
_ARTICLES = frozenset({"el", "la", "los", "las", "the"})
_VOWELS = frozenset("aeiou")
_SHORTEST_STATE, _SHORTEST_WORD, _SHORTEST_ACRONYM, _SHORTEST_UNREADABLE = 6, 4, 5, 4
"""The minimum word lengths, in letters, for which misspellings are recognised."""


class Mention(NamedTuple):
    """A span of a text that names a thing.

    Attributes:
        start: The offset of the first code point.
        end: The offset after the last code point.
        iri: The IRI of the thing.
        form: A concept of the scheme name-form: `full-name`, `other-name`, `acronym`, `unaccented` or `misspelling`.
        name: The name in the graph that matches.
    """

    start: int
    end: int
    iri: str
    form: str
    name: str


class _NameUse(NamedTuple):
    """A thing that a sequence of words may name.

    Attributes:
        iri: The IRI of the thing.
        form: The form of the name, as in Mention.
        name: The name in the graph.
        capitals: The minimum number of capitals in each word; empty if case does not matter.
    """

    iri: str
    form: str
    name: str
    capitals: tuple[int, ...] = ()


_Match = tuple[int, int, tuple[_NameUse, ...]]
"""A sequence of words of a text that is a known name: the index of the first word, that after the last, and the things.

There are no things for a known name of something that is not in the graph.
"""


class Gazetteer:
    """An index of the names of things (rdfs:label, SKOS labels), to find them in texts.

    Attributes:
        ordinary: The folded words of names that are not in capitals there.
    """

    def __init__(
        self,
        graph: Graph,
        classes: Collection[str] = (),
        languages: Collection[str] = ("es",),
        *,
        finds_misspellings: bool = True,
    ) -> None:
        """Index the names and their other forms; the graph is not kept.

        Args:
            graph: The things, with their classes and names.
            classes: The IRIs of the classes of the wanted things; empty for all things.
            languages: The languages of the wanted names. Names without a language and acronyms are always included.
            finds_misspellings: Whether misspelt names are found, with the form `misspelling`. If not, accents are
                ignored.
        """
        self._finds_misspellings = finds_misspellings
        collected = _NameCollector(graph, languages)
        self._names = collected.names(classes)
        self._accented, self.ordinary = collected.accented, frozenset(collected.ordinary)
        self._corrected = _misspelling_indexes(collected, self._names) if finds_misspellings else ()
        for place in longer_place_names(languages) if self._names else ():
            self._names.setdefault(tuple(word.form for word in words(place)), ())
        self._rows = list(self._names)
        self._automaton = AhoCorasick([_pad_words(row) for row in self._rows])

    def find(self, text: str, within: bool = False) -> list[Mention]:
        """Return the mentions of things in a text, in order.

        Whole words are matched, regardless of accents, case and kind of space; acronyms only in capitals. Of
        overlapping names, the first is kept, or the longest if they begin together. A longer place name that is not in
        the graph ("Nuevo México") also hides the shorter name. A name shared by several things gives one mention for
        each.

        Args:
            text: The text.
            within: Whether the text is itself a name, and only names of a part of it are wanted.
        """
        said = words(text)
        hits = [hit for hit in self._find_matches(said, text) if not within or hit[1] - hit[0] < len(said)]
        mentions: list[Mention] = []
        free = 0
        for first, last, uses in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
            if first >= free:
                free = last
                start, end = said[first].start, said[last - 1].end
                for use in uses:
                    if form := self._form_in_text(use, text[start:end]):
                        mentions.append(Mention(start, end, use.iri, form, use.name))
        return mentions

    def _form_in_text(self, name: _NameUse, mention: str) -> str | None:
        """Return the form of a name in a text; None if the words are not that name.

        An ñ that is not in the name makes another word: "cañada" is not Canada.
        """
        if name.form == "misspelling":
            return name.form if self._finds_misspellings else None
        if "ñ" in mention.lower() and "ñ" not in name.name.lower() and key(mention) == key(name.name):
            return None
        lacking = accent_form(mention, self._accented.get(name.iri, ())) if self._finds_misspellings else None
        return lacking or name.form

    def _find_matches(self, said: Sequence[Word], text: str) -> Iterator[_Match]:
        """Yield the names in a text in their exact forms, and those with one misspelt word."""
        spoken = [text[word.start : word.end] for word in said]
        for first, last, names in self._find_rows([word.form for word in said]):
            capitals = [sum(map(str.isupper, word)) for word in spoken[first:last]]
            fitting = tuple(name for name in names if all(map(operator.ge, capitals, name.capitals)))
            if fitting or not names:
                yield first, last, fitting
        for corrections, is_written, fits in self._corrected:
            meant = [
                corrections.word_meant(word.form) if is_written(written) else None
                for word, written in zip(said, spoken, strict=True)
            ]
            if any(meant):
                forms = [new or word.form for new, word in zip(meant, said, strict=True)]
                yield from (
                    (first, last, tuple(name._replace(form="misspelling") for name in names))
                    for first, last, names in self._find_rows(forms)
                    if names and sum(map(bool, meant[first:last])) == 1 and fits(tuple(forms[first:last]))
                )

    def _find_rows(self, forms: Sequence[str]) -> Iterator[_Match]:
        """Yield all matches of known names in a sequence of folded words, including overlapping ones."""
        starts = accumulate((len(form) + 1 for form in forms), initial=0)
        places = {start: place for place, start in enumerate(starts)}
        for row, start, end in self._automaton.find_matches_as_indexes(_pad_words(forms), overlapping=True):
            yield places[start], places[end - 1], self._names[self._rows[row]]


def _pad_words(forms: Sequence[str]) -> str:
    """Return the words with spaces around each, so that only whole words are matched."""
    return f" {' '.join(forms)} "


class _NameCollector:
    """A reader of the names in a graph, and of their variants in texts.

    Attributes:
        ordinary: The folded words of names that are not in capitals there.
        states: The names of States, as folded words, each with its words without articles.
        foreign: The folded words of the names of States in all languages.
        acronyms: The folded acronyms of one word.
        accented: The names whose accents are checked, by the IRI of the thing.
    """

    def __init__(self, graph: Graph, languages: Collection[str]) -> None:
        self._graph, self._languages = graph, languages
        self.ordinary: set[str] = set()
        self.states: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.foreign: set[str] = set()
        self.acronyms: set[str] = set()
        self.accented: dict[str, set[str]] = defaultdict(set)
        self._correct_names: dict[URIRef, set[str]] = defaultdict(set)
        self._exact: dict[tuple[str, ...], dict[str, _NameUse]] = {}
        self._variant_uses: dict[tuple[str, ...], dict[str, _NameUse]] = {}

    def _has_any_kind(self, thing: URIRef, *kinds: str) -> bool:
        """Return whether a thing has one of these classes, or is in one of these concept schemes."""
        return any(
            (thing, RDF.type, _CG[kind]) in self._graph
            or (thing, SKOS.inScheme, URIRef(f"{ONTOLOGY}/{kind}")) in self._graph
            for kind in kinds
        )

    def names(self, classes: Collection[str]) -> dict[tuple[str, ...], tuple[_NameUse, ...]]:
        """Return the things of these classes that each name may mean, by the folded words of the name.

        A variant that was made of a name is left out if another thing has it as a label.
        """
        wanted = {thing for name in classes for thing in self._graph.subjects(RDF.type, URIRef(name))}
        for predicate, form in _FORMS.items():
            for thing, name in sorted(self._graph.subject_objects(predicate), key=str):
                if isinstance(thing, URIRef) and isinstance(name, Literal) and (not classes or thing in wanted):
                    if self._has_any_kind(thing, "State"):
                        self.foreign |= {word.form for word in words(name)}
                    # Acronyms are the same in all languages, but must not look like a function word.
                    is_free = is_acronym(str(name)) and key(str(name)) not in word_list("small_words")
                    if (is_free or name.language in (None, *self._languages)) and any(map(str.isalnum, name)):
                        self._add_name(thing, str(name), form, name.language in _INFLECTED)
        names = self._variant_uses | self._exact
        return {row: tuple(found for _, found in sorted(names[row].items())) for row in sorted(names)}

    def _add_name(self, thing: URIRef, name: str, form: str, is_spanish: bool) -> None:
        """Record a name of a thing, with its variants.

        Args:
            thing: The thing.
            name: The name.
            form: The form of the name, as in Mention.
            is_spanish: Whether the name may be inflected as in Spanish.
        """
        said, is_right = words(name), form != "misspelling"
        row = tuple(word.form for word in said)
        if is_right:
            self._correct_names[thing].add(name)
            self.accented[str(thing)] |= {name} if is_spanish else set()
        self.ordinary |= {word.form for word in said if not name[word.start : word.end].isupper()}
        if is_acronym(name):
            self.acronyms |= set(row) if len(row) == 1 else set()
            notations = {str(notation) for notation in self._graph.objects(thing, SKOS.notation)}
            # The notation of a concept is not its acronym.
            is_thematic = self._has_any_kind(thing, "topic", "population-group")
            if is_right and (is_thematic or notations & {name, singular_acronym(name)}):
                form = "acronym"
            ways = acronym_forms(name)
        else:
            if self._has_any_kind(thing, "State") and is_right:
                self.states[row] = tuple(word for word in row if word not in _ARTICLES)
            ways = self._variants(thing, name, is_spanish)
        meant = name if is_right else self._corrected_name(thing, name)
        for place, (forms, capitals) in enumerate(ways):
            # A correct name of one thing has priority over the same misspelling or variant of another.
            table = self._exact if is_right and not place else self._variant_uses
            table.setdefault(forms, {}).setdefault(str(thing), _NameUse(str(thing), form, meant, capitals))

    def _variants(self, thing: URIRef, name: str, is_spanish: bool) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
        """Return the variants of a name that is no acronym, each with the minimum number of capitals of its words."""
        rows = name_spellings(name)
        if "-".join(rows[0]) in word_list("ordinary") or (self._has_any_kind(thing, "Place") and len(rows[0]) == 1):
            # In lower case it is an ordinary word.
            said = words(name)
            initials = tuple(int(name[word.start].isupper() and word.form not in _ARTICLES) for word in said)
            return [(rows[0], initials)]
        ways: list[tuple[tuple[str, ...], tuple[int, ...]]] = [(row, ()) for row in rows]
        are_people = self._has_any_kind(thing, *_PEOPLE)
        if is_spanish and (are_people or self._has_any_kind(thing, "topic")):
            ways += [(row, ()) for row in sorted({form for row in rows for form in inflections(row, are_people)})]
            acronym, _, rest = name.partition(" ")
            if is_acronym(acronym):  # ONGs interesadas
                others = tuple(word.form for word in words(rest))
                ways += [((*row, *others), (*n, *(0 for _ in others))) for row, n in acronym_forms(acronym)]
        return ways

    def _corrected_name(self, thing: URIRef, name: str) -> str:
        """Return the correct name that is most similar to a known misspelling.

        It is an acronym if the misspelling is one. Without a correct name, the misspelling is returned.
        """
        names = self._correct_names[thing]
        alike = {each for each in names if is_acronym(each) == is_acronym(name)}
        return min(sorted(alike or names), key=lambda each: OSA.distance(key(name), key(each)), default=name)


_Correction = tuple[Corrections, Callable[[str], bool], Callable[[tuple[str, ...]], bool]]


def _misspelling_indexes(collected: _NameCollector, names: Collection[tuple[str, ...]]) -> list[_Correction]:
    """Return the indexes of misspellings: of long names, of acronyms, and of the names of States.

    Each comes with two conditions: on the written form of the misspelt word (capitals), and on the name that it is part
    of. Other short words are left out, since their misspellings are often other words (Chile, chiles; Mali, mail) or
    other acronyms (UNODA, UNODC).
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
    found: list[_Correction] = [
        (Corrections(long, known, is_transposed_or_doubled, is_long_word), lambda _: True, is_long_name),
        (
            Corrections(acronyms, {name[0] for name in names if len(name) == 1}, is_transposed_or_doubled),
            str.isupper,
            lambda row: len(row) == 1,
        ),
    ]
    for alone, least in ((True, _SHORTEST_STATE), (False, _SHORTEST_WORD)):
        rows = {row: main for row, main in collected.states.items() if (len(main) == 1) == alone}
        said = {word for main in rows.values() for word in main if word.isalpha() and len(word) >= least}
        corrections = Corrections(said, beside_states, is_transposed_or_doubled, lacks_letter, is_long_word)
        found.append((corrections, lambda written: written[0].isupper(), rows.__contains__))
    return found


_PATTERNS, _OCCASIONS = calendar_patterns("statuses"), calendar_patterns("occasions")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_DONE, _NOT_CARRIED_OUT = (PREFIXES["status"] + name for name in ("done", "not-carried-out"))
_ALTERNATIVE = "other-name"
"""The form of a mention by an alternative label."""
_LONGEST_SUBJECT, _LONGEST_CLAUSE = 12, 300
"""The maximum length of a subject in words, and of a clause in characters."""


def find_statuses(text: str, names: Gazetteer, in_note: bool = False) -> list[Mention]:
    """Return the statuses that a schedule entry or a note states, each once, with the first words that state it.

    A negated name does not count. An alternative name counts only as the verb of a sentence, at the beginning or end of
    an entry, or as the whole statement of a note. A status in a note counts only if it applies to everything that the
    note is about. If there are several statuses, only those that are a clause of their own count; else only the first,
    since the others may describe a thing ("pending funds").

    Args:
        text: The entry or note.
        names: The names of the statuses.
        in_note: Whether the text is a note.
    """
    found: dict[str, tuple[Mention, str, str]] = {}
    for mention in names.find(text):
        iri, start = mention.iri, mention.start
        opening = fold(text[:start].translate(_DASHES))
        if in_note and iri == _DONE and (denial := _PATTERNS["nothing"].search(opening.text)):
            iri, start = _NOT_CARRIED_OUT, opening.original(*denial.span("words"))[0]
        before, name, after = (
            fold(part.translate(_DASHES)).text
            for part in (text[:start], text[mention.start : mention.end], text[mention.end :])
        )
        if iri not in found and _states_status(mention._replace(iri=iri), before, name, after, in_note):
            found[iri] = mention._replace(start=start, iri=iri), before, after
    apart = [
        status
        for status, before, after in found.values()
        if _PATTERNS["opens"].search(before) and _PATTERNS["goes_on"].match(after)
    ]
    return apart if len(found) > 1 and apart else [status for status, _, _ in found.values()][:1]


def _states_status(mention: Mention, before: str, name: str, after: str, in_note: bool) -> bool:
    """Return whether a name states the status as a fact about the subject of the entry or note.

    `before`, `name` and `after` are the folded text of the name and around it.
    """
    status = mention.iri.removeprefix(PREFIXES["status"])
    is_alternative, finite = mention.form == _ALTERNATIVE, _PATTERNS["finite"].match(name)
    is_told = status in ("done", "launched")
    tells = is_told or (status == "in-progress" and _PATTERNS["begins"].search(name) is not None)
    undone = ("denied", "foreseen", "aim", "measure") if tells else ("no_before",)
    if (
        any(_PATTERNS[each].search(before.rstrip()) for each in undone)
        or (status == "done" and _is_partly(before, after))
        or (is_told and _PATTERNS["target_after"].match(after))
    ):
        return False
    if in_note:
        is_all = not is_alternative or finite or _PATTERNS["ends"].match(after)
        of_part = _PATTERNS["of_a_part"].search(after) and not (status == "done" and _PATTERNS["in_time"].match(after))
        return bool(is_all) and _concerns_whole(before, after) and not of_part
    if not is_alternative:
        return not is_told or not _PATTERNS["condition"].search(_clause_before(before))
    if _PATTERNS["opens"].search(before):
        in_something = _PATTERNS["in_something"].match(name) and re.match(" (?:de|of) ", after)
        return bool(finite or in_something or _PATTERNS["goes_on"].match(after))
    if finite:
        return _is_main_clause(before)
    ends = _PATTERNS["ends"].match(after) or (tells and _PATTERNS["in_time"].match(after) and _is_main_clause(before))
    led = _PATTERNS["no_status_before"].search(before) or _PATTERNS["of_a_moment"].search(_clause_before(before))
    return bool(_PATTERNS["participle"].match(name) and ends and not led)


def _is_partly(before: str, after: str) -> bool:
    """Return whether the status between these folded texts is true only in part, or denied: “completed: no”."""
    ends = any(_PATTERNS[name].match(after) for name in ("partly_after", "answered_no"))
    return ends or _PATTERNS["partly_before"].search(before) is not None


def _concerns_whole(before: str, after: str) -> bool:
    """Return whether the status between these folded texts applies to everything that the note is about.

    It does not if its subject is a part, as in "the workshops were held".
    """
    clause = _PATTERNS["says_that"].sub("", f"{_clause_before(before)} ").lstrip()
    whole = not clause or _PATTERNS["of_all_before"].fullmatch(clause)
    return len(clause) <= _LONGEST_CLAUSE and bool(whole and _PATTERNS["of_all_after"].match(after))


def _is_main_clause(before: str) -> bool:
    """Return whether the text before a verb is only the subject of its sentence, such as "two courses"."""
    clause = _clause_before(before)
    is_short = len(clause.split()) <= _LONGEST_SUBJECT
    return is_short and not _PATTERNS["condition"].search(clause) and not _PATTERNS["not_a_subject"].search(clause)


def _clause_before(before: str) -> str:
    """Return the end of the folded text before a mention that is in the same clause as the mention."""
    *_, clause = _PATTERNS["sentence_end"].split(_PATTERNS["number_before"].sub("", before))
    return clause.strip(" ,-")


def find_occasion(text: str) -> tuple[int, int] | None:
    """Return the span of the first words in a schedule entry that introduce a time or condition other than a date.

    In "after the harvest" they are "after the". The span is in code points, end exclusive; None if there are no such
    words. Whether the entry also contains a date is not checked.
    """
    folded = fold(text)
    if opening := _OCCASIONS["opens"].match(folded.text) or _OCCASIONS["all_said"].match(folded.text):
        return folded.original(*opening.span("words"))
    begun = _OCCASIONS["beginning"].match(folded.text)
    found = _OCCASIONS["within"].search(folded.text, begun.end() if begun else 0)
    return folded.original(*found.span()) if found else None
