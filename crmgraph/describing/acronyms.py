"""The acronyms of a plan: where each is first used, and where the plan says in words what it stands for, if it does."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rdflib import RDF, Literal, URIRef

from crmgraph.describing.mentions import Found
from crmgraph.describing.quoting import within
from crmgraph.describing.scribe import Scribe
from crmgraph.describing.vocabulary import CG
from crmgraph.reading.folding import key
from crmgraph.reading.plan import Passage

__all__ = ["Acronym", "describe_acronyms", "find_acronyms"]

# The plural of initials is written with each letter doubled: EE. UU., RR. HH.
_DOUBLED = r"([^\W\d_])\1\.\s?([^\W\d_])\2"
_TOKEN = re.compile(rf"(?<![\w.])(?:{_DOUBLED}|[^\W\d_]{{2,}}(?:[’'`]?s)?)(?!\w)")
_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$")
_SMALL_WORDS = re.compile(r"\b(?:a|al|and|contra|de|del|el|en|for|in|la|las|los|of|on|para|por|sobre|the|to|y)\b")


class Acronym(NamedTuple):
    """Letters used in place of a name: where in a text they stand (code points, end exclusive) and which they are."""

    start: int
    end: int
    letters: str


def find_acronyms(text: str) -> Iterator[Acronym]:
    """Words of two or more capitals, in the order of the text, a plural s aside; none where all of it is in capitals.

    A Roman numeral is a number.
    """
    if not any(map(str.islower, text)):
        return
    for token in _TOKEN.finditer(text):
        letters = re.sub(r"[.\s]", "", token.group()).rstrip("s").rstrip("’'`")
        if letters.isupper() and not _ROMAN.match(letters):
            yield Acronym(token.start(), token.end(), letters)


def describe_acronyms(passages: list[tuple[URIRef, Passage]], found: list[Found], scribe: Scribe) -> None:
    """Each acronym of the plan by its first use, with what it names and the words that spell it out, if any do.

    `passages` are the words of the elements, in the order of the plan, and `found` the mentions in them.
    """
    seen: set[str] = set()
    for element, passage in passages:
        for acronym in find_acronyms(passage.exact):
            if acronym.letters in seen:
                continue
            seen.add(acronym.letters)
            node = URIRef(f"{scribe.root}/acronym/{acronym.letters}")
            place = within(passage, acronym.start, acronym.end)
            scribe.graph.add((node, RDF.type, CG.Acronym))
            scribe.graph.add((node, CG.firstUsedIn, element))
            scribe.graph.add((node, CG.letters, Literal(acronym.letters)))
            scribe.stand(node, place)
            things = {each.thing for each in found if _covers(each.passage, place)}
            for thing in things:
                scribe.graph.add((node, CG.standsFor, thing))
            spelled = _named_in_words(things, acronym.letters, found) or _bracketed(acronym.letters, passages)
            if spelled is not None:
                scribe.stand(node, spelled, CG.spelledOutIn)


def _covers(whole: Passage, part: Passage) -> bool:
    """Whether a mention is of the acronym: it begins with it; a longer name that ends in one is another thing's."""
    return whole.start == part.start and part.end <= whole.end


def _named_in_words(things: set[URIRef], letters: str, found: list[Found]) -> Passage | None:
    """The first words, without the acronym itself, that name one of the things."""
    for each in found:
        if each.thing in things and not each.passage.exact.startswith(letters) and " " in each.passage.exact:
            return each.passage
    return None


def _bracketed(letters: str, passages: list[tuple[URIRef, Passage]]) -> Passage | None:
    """The words before "(ABC)" whose initials are those letters."""
    for _, passage in passages:
        for bracket in re.finditer(rf"\({letters}\)", passage.exact):
            words = list(re.finditer(r"\w+", passage.exact[: bracket.start()]))
            for first in range(len(words) - 1, max(-1, len(words) - 3 * len(letters)), -1):
                said = passage.exact[words[first].start() : bracket.start()]
                if _initials(said) == letters.casefold():
                    return within(passage, words[first].start(), words[-1].end())
    return None


def _initials(words: str) -> str:
    return "".join(word[0] for word in _SMALL_WORDS.sub(" ", key(words)).split() if word[0].isalpha())
