"""What a plan shows of its wording: acronyms and what spells them out, bare words, and sentences that come twice."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from rdflib import RDF, Literal, URIRef

from crmgraph.describing.mentions import Found, worded_elements
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.extraction.acronyms import find_acronyms, find_bare_words, find_expansion, find_initialled
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.extraction.names import is_acronym
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key
from crmgraph.reading.model import Action, Activity, Objective, Passage

__all__ = ["describe_acronyms", "describe_bare_words", "describe_repetitions"]

_UNACCENTED = URIRef(f"{ONTOLOGY}/name-form#unaccented")
_FEWEST_WORDS = 3
"""Fewer words, such as "Capacitaciones", are a kind of activity and no sentence."""


def describe_acronyms(found: Sequence[Found], names: Gazetteer, scribe: Scribe) -> None:
    """Add each acronym of a plan by its first use, with what it names and the words that spell it out, if any do.

    Unless the plan or the gazetteer knows it, a word that is also written small, that stands beside another in capitals
    or before a number, or that looks like a name, is none. One that is misspelt counts as the one that is meant.

    Args:
        found: the mentions in the plan.
        names: the names of things that a plan may mention.
        scribe: the writer of the graph.
    """
    elements = list(worded_elements(scribe))
    texts = [passage for _, passage in elements]
    words = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.exact) if not word.isupper()}
    small = {key(word) for word in words} | names.ordinary
    seen: set[str] = set()
    for element, passage in elements:
        for acronym in find_acronyms(passage.exact):
            letters = _meant(acronym.letters, names)
            if letters in seen:
                continue
            place = within(passage, acronym.start, acronym.end)
            things = _things(letters, place, found, names)
            spelled = _named_in_words(things, letters, found) or _expansion(letters, texts, is_known=bool(things))
            if not things and spelled is None and (key(letters) in small or acronym.is_other):
                continue
            seen.add(letters)
            node = URIRef(f"{scribe.root}/acronym/{letters}")
            scribe.graph.add((node, RDF.type, CG.Acronym))
            scribe.graph.add((node, CG.firstUsedIn, element))
            scribe.graph.add((node, CG.letters, Literal(letters)))
            scribe.stand(node, place)
            for thing in things:
                scribe.graph.add((node, CG.standsFor, thing))
            if spelled is not None:
                scribe.stand(node, spelled, CG.spelledOutIn)


def _meant(letters: str, names: Gazetteer) -> str:
    """Return the acronym that letters are a known or likely misspelling of; else themselves."""
    for mention in names.find(letters):
        if mention.form == "misspelling" and mention.end == len(letters) and mention.name.isupper():
            return mention.name if mention.name.isalpha() else letters
    return letters


def _things(letters: str, place: Passage, found: Iterable[Found], names: Gazetteer) -> set[URIRef]:
    """Return what letters name by themselves, or else the joint acronym that they are part of (CEPAL/CELADE)."""
    alone = {URIRef(mention.iri) for mention in names.find(letters) if mention.end - mention.start == len(letters)}
    return alone or {
        each.thing
        for each in found
        if each.passage.start <= place.start and place.end <= each.passage.end and is_acronym(each.passage.exact)
    }


def _named_in_words(things: set[URIRef], letters: str, found: Iterable[Found]) -> Passage | None:
    """Return the first words, without the acronym itself, that name one of the things."""
    for each in found:
        if each.thing in things and not each.passage.exact.startswith(letters) and len(each.passage.exact.split()) > 1:
            return each.passage
    return None


def _expansion(letters: str, texts: Sequence[Passage], is_known: bool) -> Passage | None:
    """Return the first words that spell the letters out or, where nobody knows these, a name that introduces them, or
    one that has them as its initials.
    """
    using = [text for text in texts if letters in text.exact]
    places = chain(
        ((text, find_expansion(letters, text.exact, by_letters=True)) for text in using),
        ((text, find_expansion(letters, text.exact, by_letters=False)) for text in using if not is_known),
        ((text, find_initialled(letters, text.exact)) for text in texts if not is_known),
    )
    return next((within(text, *place) for text, place in places if place), None)


def describe_bare_words(found: Iterable[Found], scribe: Scribe) -> None:
    """Add the first use of each word of a plan in Spanish that surely lacks its accent, its headings too.

    Those in a name that lacks accents, as `found` tells, are told there.
    """
    told = [each.passage for each in found if (each.node, CG.nameForm, _UNACCENTED) in scribe.graph]
    headings = [leaf for leaf in scribe.plan.leaves if leaf.row == 1]
    places = [(scribe.root, Passage(leaf.start, leaf.end, leaf.exact)) for leaf in headings]
    seen: set[str] = set()
    for element, passage in sorted([*worded_elements(scribe), *places], key=lambda place: place[1].start):
        for start, end in find_bare_words(passage.exact):
            word = within(passage, start, end)
            is_told = any(name.start <= word.start and word.end <= name.end for name in told)
            if key(word.exact) not in seen and not is_told:
                seen.add(key(word.exact))
                scribe.stand(element, word, CG.unaccentedWord)


def describe_repetitions(scribe: Scribe) -> None:
    """Add for each objective, action or activity which earlier one has the same words, whatever their numbers.

    Accents, case and a final stop do not count. It repeats the first of its kind with them.
    """
    firsts: dict[tuple[str, str], str] = {}
    for part, _ in sorted(scribe.plan.walk(), key=lambda pair: pair[0].passage.start):
        words = key(part.text).rstrip(" .;,")
        if isinstance(part, Objective | Action | Activity) and len(words.split()) >= _FEWEST_WORDS:
            first = firsts.setdefault((part.kind, words), part.id)
            if first != part.id:
                scribe.graph.add((scribe.iri(part.id), CG.repeats, scribe.iri(first)))
