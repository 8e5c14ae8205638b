"""The candidates for a query: the things that a name may stand for and that have the properties asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from crmgraph.linking import Entity, Match
from crmgraph.linking.spelling import LONGEST, words_of
from crmgraph.namespaces import ONTOLOGY
from crmgraph.reading.folding import key
from crmgraph.serving.reconciliation.queries import PropertyQuery, Query
from crmgraph.serving.reconciliation.things import Things

__all__ = ["Candidate", "candidates"]

_WORDS = re.compile(r"[^\W\d_][^\d_/:]{4,}")
_REMEMBERED = 2**16
_NAME_COUNTS = 0.6
_UNKNOWN_COUNTS = 0.2
"""What a property counts of which the graph says nothing for the thing, where it does for other candidates."""

_SHORT = 4
"""How many letters a name has at most that is an ordinary word too often: it must be written as the thing writes it.

So must a single word of another language than those of the graph be (Suède, suede).
"""

_PLAIN = frozenset(
    f"{ONTOLOGY}#{name}" for name in ("State", "Organisation", "ConsultativeProcess", "Network", "Instrument")
)
"""What can be meant for certain where nobody said what the names are; others are called by words that say much else."""


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant, with its score from 0 to 100, and what it is made of.

    `properties` says for each property asked for how much a value of the thing is like it, from 0 to 1. `is_certain`
    where the name is exactly one of its own and of nothing else, and all properties asked for are its own too.
    """

    entity: Entity
    score: float
    match: Match | None
    properties: Mapping[str, float]
    is_certain: bool


def candidates(things: Things, query: Query, language: str) -> list[Candidate]:
    """The candidates, the best first; none where nothing is asked.

    What is called so only by some, and in another language than this, is none beside what is called so in this one.
    """
    kinds = () if query.type_strict == "should" else query.type
    if query.query.strip():
        # More than are wanted: properties may bring one forward.
        most = query.limit if not query.properties else max(query.limit, 50)
        matches: list[Match | None] = list(things.matcher.matches(query.query, kinds, most))
        found = [(match.entity, match) for match in matches if match]
    else:
        wanted = set(kinds)
        of_kind = (each for each in things.entities.values() if not kinds or wanted.intersection(each.kinds))
        found = [(entity, None) for entity in of_kind]  # type: ignore[misc]
    if query.type_strict == "all":
        found = [(entity, match) for entity, match in found if set(query.type) <= set(entity.kinds)]
    exact = {entity.iri for entity, match in found if match and match.is_exact}
    called = {
        entity.iri for entity, match in found if match and match.is_exact and _is_called(match, language)
    } or exact
    found = [(entity, match) for entity, match in found if entity.iri not in exact - called]
    liked = {entity.iri: _properties(things, query, entity) for entity, _ in found}
    # Of what nobody says anything, nothing can be said.
    asked = {name for known in liked.values() for name in known}
    judged = [
        Candidate(
            entity,
            _score(match, liked[entity.iri], len(asked)),
            match,
            liked[entity.iri],
            len(called) == 1 and _is_certain(query, entity, match, liked[entity.iri], language),
        )
        for entity, match in found
    ]
    if not query.query.strip():
        judged = [candidate for candidate in judged if candidate.score]
    return sorted(judged, key=lambda candidate: -candidate.score)[: query.limit]


def _is_called(match: Match, language: str) -> bool:
    """Whether anybody calls the thing so in this language."""
    entity = match.entity
    return match.name not in entity.never_own or language in entity.given[match.name]


def _is_own(match: Match, language: str) -> bool:
    """Whether it is the name of the thing, and not only what some call it in this language."""
    entity = match.entity
    return match.name not in entity.never_own and language not in entity.given.get(match.name, ())


def _properties(things: Things, query: Query, entity: Entity) -> dict[str, float]:
    """How much the thing is like each property that is asked for; those left out of which nothing is said of it."""
    likeness = {asked.pid: _likeness(things, entity, asked) for asked in query.properties if asked.v}
    return {name: value for name, value in likeness.items() if value is not None}


def _score(match: Match | None, known: Mapping[str, float], asked: int) -> float:
    if not asked:
        return round(100 * match.likeness, 1) if match else 0.0
    unknown = _UNKNOWN_COUNTS if match else 0.0
    like = (sum(known.values()) + unknown * (asked - len(known))) / asked
    return round(100 * (_NAME_COUNTS * match.likeness + (1 - _NAME_COUNTS) * like if match else like), 1)


def _is_certain(query: Query, entity: Entity, match: Match | None, known: Mapping[str, float], language: str) -> bool:
    if match is None or not match.is_exact or any(known.get(each.pid) != 1 for each in query.properties if each.v):
        return False
    if not _is_own(match, language):
        return False
    if not set(query.type or _PLAIN) & set(entity.kinds):
        return False
    written = query.query.strip()
    if match.is_code:
        return _is_certain_code(written, match.name, is_asked_for=bool(query.type))
    if len(match.name) > _SHORT and (match.name not in entity.foreign or len(words_of(match.name)) > 1):
        return True
    return written.replace(".", "") in {name.replace(".", "") for name in entity.names}


def _is_certain_code(written: str, code: str, *, is_asked_for: bool) -> bool:
    """An address or a number of Wikidata is certain; so are three capitals where a kind of thing is asked for."""
    if re.fullmatch(r"https?://.+|Q\d+", code):
        return written == code
    return is_asked_for and written == code and re.fullmatch("[A-Z]{3}", code) is not None


def _likeness(things: Things, entity: Entity, asked: PropertyQuery) -> float | None:
    """How much a value of the thing is like one of those asked for; None where nothing is said of it."""
    values = entity.values.get(asked.pid)
    if not values:
        return None
    # What is long is no slip of the pen of anything, and nothing to be remembered.
    like = (
        _alike(things.spellings(value), wanted) if len(wanted) <= LONGEST else float(wanted in things.spellings(value))
        for value in values
        for wanted in asked.v
    )
    return max(like)


@lru_cache(_REMEMBERED)
def _alike(spellings: tuple[str, ...], wanted: str) -> float:
    """How much one of the spellings is like what is wanted, from 0 to 1."""
    wanted = wanted.removesuffix(".0") if re.fullmatch(r"\d+\.0", wanted) else wanted
    sought = key(wanted)
    if any(key(spelling) == sought for spelling in spellings):
        return 1.0
    # Only words may be slips of the pen: an address, a date or a code that is another is another.
    if not _WORDS.fullmatch(wanted):
        return 0.0
    words = [key(spelling) for spelling in spellings if _WORDS.fullmatch(spelling)]
    found = process.extractOne(sought, words, scorer=fuzz.ratio, score_cutoff=80)
    return round(found[1] / 100, 3) if found else 0.0
