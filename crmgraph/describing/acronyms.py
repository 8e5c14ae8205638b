"""The acronyms of a plan: where each is first used, and where the plan says in words what it stands for, if it does."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from rdflib import RDF, Literal, URIRef

from crmgraph.describing.everyday import CURRENCIES, EVERYDAY, is_name
from crmgraph.describing.expansions import initials, introduced, spelled_out
from crmgraph.describing.mentions import Found
from crmgraph.describing.naming import Lexicon
from crmgraph.describing.naming.namesakes import SMALL_WORDS
from crmgraph.describing.naming.spelling import addresses, is_acronym
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import key
from crmgraph.reading.model import Passage

__all__ = ["Acronym", "describe_acronyms", "find_acronyms"]

# The plural of initials is written with each letter doubled: EE. UU., RR. HH.
_DOUBLED = r"([^\W\d_])\1\.\s?([^\W\d_])\2\.?"
_TOKEN = re.compile(rf"(?<![\w.])(?:{_DOUBLED}|[^\W\d_]{{2,}}(?:[’'`]?s)?)(?!\w)")
_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$")
_NUMBER = re.compile(r"[-‐‑–]\d{1,3}(?!\w)")
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.\s?\Z")
_BETWEEN = re.compile(r"\s+(?:[^\W\d_]\s+)?")
_ARTICLE = re.compile(r"(?<!\w)(?:el|la|los|las|al|del|the)\s\Z", re.IGNORECASE)
_THEME = re.compile(r"\b(?:temas?|themes?)\s+(?:[“\"«‘'][^”\"»’']*)?\Z", re.IGNORECASE)
_FAR = 300


class Acronym(NamedTuple):
    """Letters used in place of a name: where in a text they stand (code points, end exclusive) and which they are.

    `beside` says whether another word in capitals stands beside them, as in a heading within the text; `numbered`
    whether a number follows, as in what things of a series are called (ruta CA-4), or an initial goes before, as in the
    names of people (J. PÉREZ).
    """

    start: int
    end: int
    letters: str
    beside: bool = False
    numbered: bool = False


def find_acronyms(text: str) -> Iterator[Acronym]:
    """Words of two or more capitals, in the order of the text, without a plural s; none where all of it is in capitals.

    A Roman numeral is a number, and a small word (DE), one that everyone knows (PDF), the code of a currency (MXN) or
    what a theme is called (el tema «AGUA») stands for no name.
    """
    if not any(map(str.islower, text)):
        return
    capitals = [token for token in _TOKEN.finditer(text) if _letters(token[0]).isupper()]
    apart = addresses(text) if capitals else []
    capitals = [
        token
        for token in capitals
        if not _ROMAN.match(_letters(token[0]))
        and not any(start <= token.start() and token.end() <= end for start, end in apart)
    ]
    for place, token in enumerate(capitals):
        letters = _letters(token[0])
        if letters in EVERYDAY or key(letters) in SMALL_WORDS or _is_other_than_a_name(letters, text[: token.start()]):
            continue
        row = capitals[max(0, place - 1) : place + 2]
        beside = any(_BETWEEN.fullmatch(text, left.end(), right.start()) for left, right in pairwise(row))
        other = _NUMBER.match(text, token.end()) or _INITIAL.search(text, 0, token.start())
        yield Acronym(token.start(), token.start() + len(_singular(token[0])), letters, beside, other is not None)


def _letters(token: str) -> str:
    return re.sub(r"[.\s]", "", _singular(token))


def _is_other_than_a_name(letters: str, before: str) -> bool:
    """Whether capitals are the code of a currency, which no article goes before, or are in the title of a theme."""
    is_currency = letters in CURRENCIES and not _ARTICLE.search(before)
    return is_currency or _THEME.search(before[-_FAR:]) is not None


def _singular(token: str) -> str:
    return token.rstrip("s").rstrip("’'`")


def describe_acronyms(
    passages: list[tuple[URIRef, Passage]], found: list[Found], lexicon: Lexicon, scribe: Scribe
) -> None:
    """Each acronym of the plan by its first use, with what it names and the words that spell it out, if any do.

    `passages` are the words of the elements, in the order of the plan, and `found` the mentions in them. Unless the
    plan or the lexicon knows it, a word that is also written small, that stands beside another in capitals or before a
    number, or that looks like a name, is none. One that is misspelt counts as the one that is meant.
    """
    seen: set[str] = set()
    words = {
        key(word) for _, passage in passages for word in re.findall(r"[^\W\d_]+", passage.exact) if not word.isupper()
    }
    words |= lexicon.ordinary
    names = _names(passages)
    for element, passage in passages:
        for acronym in find_acronyms(passage.exact):
            letters = _meant(acronym.letters, lexicon)
            if letters in seen:
                continue
            place = within(passage, acronym.start, acronym.end)
            things = _things(letters, place, found, lexicon)
            spelled = _named_in_words(things, letters, found) or _explained(letters, passages, names, bool(things))
            if not things and spelled is None and (key(letters) in words or _is_other(acronym)):
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


def _is_other(capitals: Acronym) -> bool:
    """Whether capitals that nobody knows are rather a word of a heading, the name of one in a series, or any name."""
    return capitals.beside or capitals.numbered or is_name(capitals.letters)


def _meant(letters: str, lexicon: Lexicon) -> str:
    """The acronym that letters are a known or likely misspelling of; else themselves."""
    for mention in lexicon.find(letters):
        if mention.form == "misspelling" and mention.end == len(letters) and mention.name.isupper():
            return mention.name if mention.name.isalpha() else letters
    return letters


def _things(letters: str, place: Passage, found: list[Found], lexicon: Lexicon) -> set[URIRef]:
    """What the letters name by themselves, or else the joint acronym that they are part of (CEPAL/CELADE)."""
    alone = {URIRef(mention.iri) for mention in lexicon.find(letters) if mention.end - mention.start == len(letters)}
    return alone or {
        each.thing
        for each in found
        if each.passage.start <= place.start and place.end <= each.passage.end and is_acronym(each.passage.exact)
    }


def _named_in_words(things: set[URIRef], letters: str, found: list[Found]) -> Passage | None:
    """The first words, without the acronym itself, that name one of the things."""
    for each in found:
        if each.thing in things and not each.passage.exact.startswith(letters) and len(each.passage.exact.split()) > 1:
            return each.passage
    return None


def _explained(
    letters: str, passages: list[tuple[URIRef, Passage]], names: Mapping[str, Passage], is_known: bool
) -> Passage | None:
    """The first words that spell out the letters or, where nobody knows these, are a name that introduces them.

    `names` are those in the plan, by their initials.
    """
    for finds in (spelled_out,) if is_known else (spelled_out, introduced):
        for _, passage in passages:
            place = finds(letters, passage.exact) if letters in passage.exact else None
            if place is not None:
                return within(passage, *place)
    return None if is_known else names.get(key(letters))


def _names(passages: list[tuple[URIRef, Passage]]) -> dict[str, Passage]:
    """The first name of the plan with each row of initials."""
    names: dict[str, Passage] = {}
    for _, passage in passages:
        for letters, start, end in initials(passage.exact):
            names.setdefault(letters, within(passage, start, end))
    return names
