"""The candidates for a query: the things that a name may stand for and that have the properties asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from crmgraph.caching import memoize
from crmgraph.linking import Entity, Match, called_so
from crmgraph.linking.spelling import LONGEST
from crmgraph.reading.folding import key
from crmgraph.reconciliation.queries import PropertyQuery, Query
from crmgraph.reconciliation.things import Things

__all__ = ["Candidate", "candidates"]

_WORDS = re.compile(r"[^\W\d_][^\d_/:]{4,}")
_REMEMBERED = 2**16
_NAME_COUNTS = 0.6
_UNKNOWN_COUNTS = 0.2
"""What a property counts of which the graph says nothing for the thing, where it does for other candidates."""

_OTHER_KIND_COUNTS = 0.8
"""What a thing counts of another kind than it should be."""

_LOOKED_AT = 50
"""How many are looked at where fewer are wanted: properties may bring one forward, and others may be called so, too."""


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant, with its score from 0 to 100, and what it is made of.

    `has_kind` where it is of a kind asked for, or none was. `properties` says for each property asked for how much a
    value of the thing is like it, from 0 to 1. `is_certain` where the name is exactly one of its own and of nothing
    else, and all properties asked for are its own too.
    """

    entity: Entity
    score: float
    match: Match | None
    has_kind: bool
    properties: Mapping[str, float]
    is_certain: bool


def candidates(things: Things, query: Query, language: str) -> list[Candidate]:
    """The candidates, the best first; none where nothing is asked.

    What is called so only by some, and in another language than this, is none beside what is called so in this one.
    """
    meant: Match | None = None
    found: list[tuple[Entity, Match | None]]
    if query.query.strip():
        kinds = () if query.type_strict == "should" else query.type
        likeliest = things.matcher.matches(query.query, kinds, max(query.limit, _LOOKED_AT))
        matches = called_so([match for match in likeliest if _is_asked_for(match.entity, query)], language)
        meant = things.certainty.meant(query.query, matches, query.type, language)
        found = [(match.entity, match) for match in matches]
    else:
        found = [(entity, None) for entity in things.entities.values() if _is_asked_for(entity, query)]
    liked = {entity.iri: _properties(things, query, entity) for entity, _ in found}
    # Of what nobody says anything, nothing can be said.
    asked = {name for known in liked.values() for name in known}
    judged = [
        Candidate(
            entity,
            _score(match, liked[entity.iri], len(asked), 1.0 if has_kind else _OTHER_KIND_COUNTS),
            match,
            has_kind,
            liked[entity.iri],
            match is not None and match is meant and _has_all(liked[entity.iri], query),
        )
        for entity, match in found
        for has_kind in [_has_kind(entity, query)]
    ]
    if not query.query.strip():
        judged = [candidate for candidate in judged if candidate.score]
    return sorted(judged, key=lambda candidate: -candidate.score)[: query.limit]


def _is_asked_for(entity: Entity, query: Query) -> bool:
    """Whether the thing is of the kinds that it has to be of."""
    return query.type_strict == "should" or _has_kind(entity, query)


def _has_kind(entity: Entity, query: Query) -> bool:
    """Whether the thing is of the kinds asked for: of all of them, or of one."""
    if not query.type:
        return True
    kinds = set(entity.kinds)
    return kinds.issuperset(query.type) if query.type_strict == "all" else not kinds.isdisjoint(query.type)


def _has_all(known: Mapping[str, float], query: Query) -> bool:
    """Whether each property that is asked for is known to be the thing's."""
    return all(known.get(asked.pid) == 1 for asked in query.properties if asked.v)


def _properties(things: Things, query: Query, entity: Entity) -> dict[str, float]:
    """How much the thing is like each property that is asked for; those left out of which nothing is said of it."""
    likeness = {asked.pid: _likeness(things, entity, asked) for asked in query.properties if asked.v}
    return {name: value for name, value in likeness.items() if value is not None}


def _score(match: Match | None, known: Mapping[str, float], asked: int, kind: float) -> float:
    """From 0 to 100: how much the name is like, and the properties asked for are the thing's, times `kind`."""
    if not asked:
        return round(100 * kind * match.likeness, 1) if match else 0.0
    unknown = _UNKNOWN_COUNTS if match else 0.0
    like = (sum(known.values()) + unknown * (asked - len(known))) / asked
    return round(100 * kind * (_NAME_COUNTS * match.likeness + (1 - _NAME_COUNTS) * like if match else like), 1)


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


@memoize(_REMEMBERED)
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
