"""Mutants with defects of names: misspellings, missing accents, other names, and acronyms without expansion."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, URIRef

from crmgraph.describing.annotations import elements_with_text
from crmgraph.describing.vocabulary import CG, GraphWriter, concept, subpassage
from crmgraph.extraction.names import find_acronyms, find_words_without_accent, is_long_name
from crmgraph.namespaces import Names
from crmgraph.reading.languages import key, tidy
from crmgraph.reading.model import Passage
from tests.checks.mutation.mutants import Edit, Expected, Ground, Mutant, Operator, short
from tests.checks.mutation.wording import findings_without_annotation

_LONG_WORD = re.compile(r"[^\W\d_]{8,}")
_BODIES = (CG.Organ, CG.Organisation, CG.State, CG.Network)
Place = tuple[str, Passage, str, str]


def _mentions(ground: Ground) -> Iterator[Place]:
    """The mentions in a plan: the path of the element, the passage, the IRI of the thing and the form of the name."""
    for element, passage in elements_with_text(GraphWriter(ground.plan, Names())):
        for start, end, iri, form, _ in ground.names_in(passage.exact):
            yield short(str(element)), subpassage(passage, start, end), iri, form


def _mutant(
    element: str, called: str, edits: tuple[Edit, ...], expected: Expected, ground: Ground, *more: str
) -> Mutant:
    """A mutant of an element. Findings with the codes `more` may appear or disappear in any element."""
    parts = [part for part, _ in ground.plan.walk() if part.id == element]
    related = (*(findings_without_annotation(parts[0], ground) if parts else ()), *((code, "*") for code in more))
    return Mutant(f"{element} {called}", edits, (expected,), related)


def _names(thing: str, reference: Graph) -> list[str]:
    ways = (RDFS.label, SKOS.prefLabel, SKOS.altLabel)
    names = (name for way in ways for name in reference.objects(URIRef(thing), way))
    return sorted(str(name) for name in names if getattr(name, "language", None) == "es")


def _misspelt(ground: Ground) -> Iterator[Mutant]:
    """Exchange two letters of a long word."""
    for element, words, _, form in _mentions(ground):
        long = _LONG_WORD.search(words.exact)
        if form == "misspelling" or long is None or not is_long_name(key(words.exact).split()):
            continue
        place = words.start + long.start() + 3
        one, two = ground.text[place], ground.text[place + 1]
        if key(one) == key(two) or not (one + two).islower():
            continue
        edit = Edit(place, place + 2, two + one)
        wrong = words.exact[: place - words.start] + edit.text + words.exact[place - words.start + 2 :]
        yield _mutant(element, tidy(words.exact), (edit,), Expected("name-misspelt", element, wrong), ground)


def _misspelt_states(ground: Ground) -> Iterator[Mutant]:
    """Remove a letter from the name of a State."""
    for element, words, thing, form in _mentions(ground):
        name = words.exact
        if "/country/" not in thing or form == "misspelling" or not name.isalpha() or len(name) < 6:
            continue
        wrong = name[:2] + name[3:]
        edit, expected = Edit(words.start, words.end, wrong), Expected("name-misspelt", element, wrong)
        yield _mutant(element, wrong, (edit,), expected, ground, "name-variant")


def _bare(ground: Ground) -> Iterator[Mutant]:
    """Remove the accent from the first use, outside names, of a word in -ción."""
    named = [words for _, words, _, _ in _mentions(ground)]
    seen = {key(ground.text[start:end]) for start, end in find_words_without_accent(ground.text)}
    for element, passage in elements_with_text(GraphWriter(ground.plan, Names())):
        for match in re.finditer(r"[^\W\d_]{2,}ción(?!\w)", passage.exact):
            word = subpassage(passage, *match.span())
            if key(word.exact) in seen or any(each.start < word.end and word.start < each.end for each in named):
                continue
            seen.add(key(word.exact))
            bare, place = _without_accents(word.exact), short(str(element))
            edit, expected = Edit(word.start, word.end, bare), Expected("accent-missing", place, bare)
            yield _mutant(place, word.exact, (edit,), expected, ground)


def _unaccented(reference: Graph, ground: Ground) -> Iterator[Mutant]:
    for element, words, thing, _ in _mentions(ground):
        bare, names = _without_accents(words.exact), set(map(_alike, _names(thing, reference)))
        if bare == words.exact or bare == bare.upper() or _alike(words.exact) not in names or _alike(bare) in names:
            continue
        edits = tuple(
            Edit(words.start + at, words.start + at + 1, new)
            for at, (old, new) in enumerate(zip(words.exact, bare, strict=True))
            if old != new
        )
        said = (place for _, place, _, _ in _mentions(ground) if place < words)
        if not any(tidy(place.exact).lower() == tidy(bare).lower() for place in said):
            expected = Expected("name-unaccented", element, bare)
            yield _mutant(element, tidy(words.exact), edits, expected, ground, "name-unaccented")


def _alike(words: str) -> str:
    return tidy(words).lower().replace("-", " ")


def _without_accents(words: str) -> str:
    """Remove all accents; ñ is a letter of its own and stays."""
    return "".join(each if each in "ñÑ" else unicodedata.normalize("NFD", each)[0] for each in words)


def _unknown_acronyms(ground: Ground) -> Iterator[Mutant]:
    """Replace an acronym by an unknown one. Acronyms in brackets are skipped, as the name before them expands them."""
    for element, passage in elements_with_text(GraphWriter(ground.plan, Names())):
        for acronym in find_acronyms(passage.exact):
            words = subpassage(passage, acronym.start, acronym.start + len(acronym.letters))
            if passage.exact[: acronym.start].endswith("("):
                continue
            edit, place = Edit(words.start, words.end, "XQZW"), short(str(element))
            yield _mutant(place, acronym.letters, (edit,), Expected("acronym-unknown", place), ground)


def _unexplained_acronyms(ground: Ground) -> Iterator[Mutant]:
    """Replace all full names of a thing by its acronym, so that nothing expands the acronym."""
    acronyms: dict[str, str] = {}
    names: dict[str, list[Passage]] = {}
    for _, words, thing, form in _mentions(ground):
        if form == "acronym":
            acronyms.setdefault(thing, words.exact)
        elif " " in words.exact:
            names.setdefault(thing, []).append(words)
    explained = {each.location.exact for each in ground.findings if each.code == "acronym-unexplained"}
    for thing, letters in acronyms.items():
        if thing in names and letters not in explained and letters.isalpha():
            edits = tuple(Edit(words.start, words.end, letters) for words in names[thing])
            rest = key(Mutant(letters, edits).text(ground.text))
            if any(key(words.exact) in rest for words in names[thing]):
                continue
            related = (("name-variant", "*"), ("name-unaccented", ""), ("status-missing", "*"))
            yield Mutant(letters, edits, (Expected("acronym-unexplained", "*", letters),), related)


_RENAMABLE = {concept("instrument-kind", name) for name in ("fund", "mechanism", "programme")}
"""The kinds of instruments whose names change as they go on."""


def _retitled(reference: Graph, ground: Ground) -> Iterator[Mutant]:
    for element, words, thing, _ in _mentions(ground):
        titles = [key(str(title)) for title in reference.objects(URIRef(thing), DCTERMS.title)]
        is_renamable = not _RENAMABLE.isdisjoint(reference.objects(URIRef(thing), CG.instrumentKind))
        if not is_renamable and any(key(words.exact).startswith(title) for title in titles):
            for name in _names(thing, reference):
                official = any(key(name).startswith(title) for title in titles)
                if " " in name and name != name.lower() and not official:
                    edit, expected = Edit(words.start, words.end, name), Expected("title-differs", element, name)
                    yield _mutant(element, name, (edit,), expected, ground)


def _stands_alone(name: str, thing: str, words: Passage, ground: Ground) -> bool:
    """Whether a name in place of `words` would be recognised as such, and not as part of the title of an instrument."""
    line = ground.text[: words.start].rpartition("\n")[2]
    return any(each.iri == thing and each.start == len(line) for each in ground.names_in(line + name))


def _renamed(reference: Graph, ground: Ground) -> Iterator[Mutant]:
    """Replace the second mention of an organisation, network or State by another of its names."""
    first: dict[str, Passage] = {}
    for element, words, thing, form in _mentions(ground):
        kinds = set(reference.objects(URIRef(thing), RDF.type))
        if not kinds & set(_BODIES) or words.exact == words.exact.lower() or form in ("misspelling", "acronym"):
            continue
        if thing not in first:
            first[thing] = words
            continue
        said = {tidy(place.exact).lower() for _, place, other, _ in _mentions(ground) if other == thing}
        for name in _names(thing, reference):
            fresh = " " in name and name.lower() not in said and name != name.lower()
            # One that brings in an acronym (ONU Migración) is rightly told of that, too.
            fresh = fresh and not list(find_acronyms(name))
            one, other = key(name), key(first[thing].exact)
            apart = words.start != first[thing].end + 2 and not (one.startswith(other) or other.startswith(one))
            if fresh and apart and _stands_alone(name, thing, words, ground):
                edit, expected = Edit(words.start, words.end, name), Expected("name-variant", element, name)
                made = _mutant(element, name, (edit,), expected, ground)
                yield replace(made, related=(*made.related, ("name-variant", element)))


def operators(reference: Graph) -> tuple[Operator, ...]:
    """The operators on names; `reference` has the names of things."""
    return (
        Operator("misspell-name", "two letters of a long name have changed places", _misspelt),
        Operator("misspell-state", "a letter of a State's name is missing", _misspelt_states),
        Operator("bare-word", "a word in -ción has lost its accent", _bare),
        Operator("unaccent-name", "a name has lost its accents", partial(_unaccented, reference)),
        Operator("unknown-acronym", "an acronym is one that nobody knows", _unknown_acronyms),
        Operator("unexplain-acronym", "an acronym stands wherever the plan gave the name", _unexplained_acronyms),
        Operator("break-title", "an instrument is cited by a title that is not its official one",
                 partial(_retitled, reference)),
        Operator("rename", "a body or State goes by a second name", partial(_renamed, reference)),
    )  # fmt: skip
