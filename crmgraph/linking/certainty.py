"""Which thing a name means for certain, so that nobody need look: a wrong thing is worse than none."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from crmgraph.linking.entities import Entity
from crmgraph.linking.matching import Match
from crmgraph.linking.order import OF, Turn, turns_of, two_of
from crmgraph.linking.spelling import all_words_of, code_of, is_small, words_of
from crmgraph.namespaces import ONTOLOGY, PREFIXES

__all__ = ["Certainty", "called_so"]

_SHORT = 4
"""How many letters a name has at most that is an ordinary word too often: it must be written as the thing writes it.

So must a single word of another language than those of the graph be (Suède, suede).
"""

_ADDRESS = re.compile(r"https?://\S+|[a-z-]+/\S+|Q\d+")
_YEAR = re.compile(r"\d{4}")
_SHORTER = 2
"""How many letters a name has at most that stands for too much where nobody said what kind of thing is meant."""


def _kinds(*names: str) -> frozenset[str]:
    return frozenset(f"{ONTOLOGY}#{name}" for name in names)


_BROAD = _kinds("Agent")
"""What says no more of what is meant than that somebody is."""

_NAMED = _kinds("State", "Organisation", "ConsultativeProcess")
"""What has a name that is nobody else's."""

_TITLED = _kinds("Instrument", "Network")
"""What is called by what it is, and has a name of its own only where that says whose."""

_PLACED = _NAMED | _kinds("Place")
"""What says in the name of another thing whose or where it is."""

_WORKS = _kinds("Plan", "Instrument")
"""What has a title."""

_INSTRUMENT = f"{ONTOLOGY}#Instrument"

_TITLE = PREFIXES["dcterms"] + "title"
_ACRONYM = PREFIXES["skos"] + "notation"
_SAME_AS = PREFIXES["schema"] + "sameAs"


def called_so(matches: Sequence[Match], language: str) -> list[Match]:
    """The matches without those things that only some call so, and in another language, where others are called so."""
    exact = {match.entity.iri for match in matches if match.is_exact}
    called = {match.entity.iri for match in matches if match.is_exact and _is_called(match, language)}
    return [match for match in matches if not called or match.entity.iri not in exact - called]


def _is_called(match: Match, language: str) -> bool:
    """Whether anybody calls the thing so in this language."""
    entity = match.entity
    return match.name not in entity.never_own or language in entity.given[match.name]


def _is_own(match: Match, language: str) -> bool:
    """Whether it is the name of the thing, and not only what some call it in this language."""
    entity = match.entity
    return match.name not in entity.never_own and language not in entity.given.get(match.name, ())


class Certainty:
    """What makes a name certain: the names that say whose or where a thing is, and the titles of works."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._proper: set[tuple[str, ...]] = set()
        self._titles: set[tuple[tuple[str, ...], str]] = set()
        for entity in entities:
            if _PLACED & set(entity.kinds):
                self._proper |= {all_words_of(name) for name in entity.names}
            if _WORKS & set(entity.kinds):
                self._titles |= {(_title_of(name), entity.iri) for name in entity.names}

    def meant(self, name: str, matches: Sequence[Match], kinds: Collection[str], language: str) -> Match | None:
        """The one of all matches that the name means for certain, if any, where one of these kinds was asked for."""
        exact = [match for match in matches if match.is_exact]
        if len(exact) != 1 or not _is_own(exact[0], language):
            return None
        [match] = exact
        kinds_of = set(match.entity.kinds)
        if kinds and kinds_of.isdisjoint(kinds):
            return None
        is_asked_for = bool(kinds_of & set(kinds) - _BROAD)
        written = name.strip()
        if match.is_code:
            # Three letters that stand for a State stand for something else as an organisation.
            is_asked_alone = is_asked_for and kinds_of.issuperset(kinds)
            return match if _is_certain_code(written, match.name, is_asked_for=is_asked_alone) else None
        if self._is_bare(match) or not (is_asked_for or self._is_proper(match)):
            return None
        return match if _is_written_so(written, match) and _is_in_order(written, match.entity) else None

    def _is_proper(self, match: Match) -> bool:
        """Whether the name says which thing is meant where nobody said of what kind it is."""
        kinds = set(match.entity.kinds)
        if _letters(match.name) <= _SHORTER or _is_of_another(match):
            return False
        return bool(_NAMED & kinds or (_TITLED & kinds and self._is_a_name(match)))

    def _is_a_name(self, match: Match) -> bool:
        """Whether it has a proper name in it, or the thing has an acronym or is known elsewhere; and no description."""
        values = match.entity.values
        # An instrument without a title was described by whoever read of it, and by nobody named.
        if _INSTRUMENT in match.entity.kinds and _TITLE not in values:
            return False
        return _ACRONYM in values or _SAME_AS in values or not self._proper.isdisjoint(_runs(all_words_of(match.name)))

    def _is_bare(self, match: Match) -> bool:
        """Whether longer titles of other works begin or end with this one (“Plan de Acción”), or of the same work where
        nothing but the year says which it is.
        """
        if not _WORKS & set(match.entity.kinds):
            return False
        title = _title_of(match.name)
        has_year = title != words_of(match.name)
        longer = (
            other for other, iri in self._titles if len(other) > len(title) and (has_year or iri != match.entity.iri)
        )
        return any(title in (other[: len(title)], other[-len(title) :]) for other in longer)


def _title_of(name: str) -> tuple[str, ...]:
    """The words of a title without the years."""
    return tuple(word for word in words_of(name) if not _YEAR.fullmatch(word))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All runs of words that follow each other."""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            yield tuple(words[start:end])


def _is_of_another(match: Match) -> bool:
    """Whether it is an acronym within the label of the thing: it is that of another, whose thing this is."""
    entity = match.entity
    if match.name not in {value.text for value in entity.values.get(_ACRONYM, ())}:
        return False
    acronym = words_of(match.name)
    labels = (words_of(label) for label in entity.labels.values())
    return any(label != acronym and acronym in _runs(label) for label in labels)


def _letters(name: str) -> int:
    return sum(map(str.isalnum, name))


def _is_certain_code(written: str, code: str, *, is_asked_for: bool) -> bool:
    """An address or a number of Wikidata is certain; so are three capitals where a kind of thing is asked for."""
    if _ADDRESS.fullmatch(code):
        return _ADDRESS.fullmatch(written) is not None
    return is_asked_for and written == code and re.fullmatch("[A-Z]{3}", code) is not None


def _is_written_so(written: str, match: Match) -> bool:
    """Whether a name is long enough to be none of the words of a language, or is written as the thing writes it."""
    entity = match.entity
    if _has_acronym(match.name):
        return match.name in written
    if len(match.name) > _SHORT and (match.name not in entity.foreign or len(words_of(match.name)) > 1):
        return True
    return written.replace(".", "") in {name.replace(".", "") for name in entity.names}


def _has_acronym(name: str) -> bool:
    """Whether a word of a name is told from a small one by its capitals alone: LA Declaration, la déclaration."""
    return not name.isupper() and any(
        len(word) > 1 and word.isupper() and is_small(word.lower()) for word in name.split()
    )


def _is_in_order(written: str, entity: Entity) -> bool:
    """Whether the words stand as in a name of the thing, and no more of them are joined than in that one.

    The south of Sudan is not South Sudan, nor are women and migrants migrant women, nor is what is done by them done to
    them. What says in its name where it is may be written as in an index, and two names of the thing may stand
    side by side.
    """
    is_named = bool(_PLACED & set(entity.kinds))
    turns = turns_of(written) if is_named else turns_of(written)[:1]
    own = [turns_of(name)[0] for name in entity.names]
    if any(_says(turn, name, is_named=is_named) for turn in turns for name in own):
        return True
    codes = {code_of(code) for code in entity.codes}
    both = two_of(written)
    return bool(both) and all(code_of(each) in codes or _is_in_order(each, entity) for each in both)


def _says(turn: Turn, own: Turn, *, is_named: bool) -> bool:
    """Whether a name says what that of a thing says. What is named, and not described, may have “of” between its words
    for another small word or none (the Puebla Process, the Conference on Migration).
    """
    if turn.words != own.words or not (turn.joints <= own.joints and turn.breaks <= own.breaks):
        return False
    return all(own.ties.get(place) == tie or (is_named and place and tie == OF) for place, tie in turn.ties.items())
