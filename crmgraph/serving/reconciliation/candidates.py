"""The candidates for a query: the things that a name may stand for and that have the properties asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from crmgraph.linking import Entity, Match, Value
from crmgraph.reading.folding import key
from crmgraph.serving.reconciliation.queries import PropertyQuery, Query
from crmgraph.serving.reconciliation.things import Things

__all__ = ["Candidate", "candidates"]

_NAME_COUNTS = 0.7
_SHORT = 3
"""How many characters a code has that may well be something else, unless a kind of thing is asked for."""


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant, with its score from 0 to 100, and what it is made of.

    `properties` says for each property asked for how much a value of the thing is like it, from 0 to 1. `is_certain`
    where the name is exactly one of its own and of nothing else, and no property speaks against it.
    """

    entity: Entity
    score: float
    match: Match | None
    properties: Mapping[str, float]
    is_certain: bool


def candidates(things: Things, query: Query) -> list[Candidate]:
    """The candidates, the best first."""
    kinds = () if query.type_strict == "should" else query.type
    if query.query.strip():
        # More than are wanted: properties may bring one forward.
        most = query.limit if not query.properties else max(query.limit, 50)
        matches: list[Match | None] = list(things.matcher.matches(query.query, kinds, most))
        found = [(match.entity, match) for match in matches if match]
    else:
        of_kind = (each for each in things.entities.values() if not kinds or set(kinds) & set(each.kinds))
        found = [(entity, None) for entity in of_kind]  # type: ignore[misc]
    if query.type_strict == "all":
        found = [(entity, match) for entity, match in found if set(query.type) <= set(entity.kinds)]
    exact = {entity.iri for entity, match in found if match and match.is_exact}
    judged = [_judged(things, query, entity, match, len(exact) == 1) for entity, match in found]
    if not query.query.strip():
        judged = [candidate for candidate in judged if candidate.score]
    return sorted(judged, key=lambda candidate: -candidate.score)[: query.limit]


def _judged(things: Things, query: Query, entity: Entity, match: Match | None, is_only: bool) -> Candidate:
    likeness = {asked.pid: _likeness(things, entity, asked) for asked in query.properties if asked.v}
    # What the graph does not say speaks neither for it nor against it, beside a name.
    known = {name: value for name, value in likeness.items() if value is not None}
    if match is None:
        score = sum(known.values()) / len(likeness) if likeness else 0.0
    elif known:
        score = _NAME_COUNTS * match.likeness + (1 - _NAME_COUNTS) * sum(known.values()) / len(known)
    else:
        score = match.likeness
    is_clear = bool(query.type) or len(query.query.strip()) >= _SHORT
    is_certain = bool(match and match.is_exact and is_only and is_clear) and all(value == 1 for value in known.values())
    return Candidate(entity, round(100 * score, 1), match, known, is_certain)


def _likeness(things: Things, entity: Entity, asked: PropertyQuery) -> float | None:
    """How much a value of the thing is like one of those asked for; None where nothing is said of it."""
    values = entity.values.get(asked.pid)
    if not values:
        return None
    return max(
        _alike(spelling, wanted) for value in values for spelling in _spellings(things, value) for wanted in asked.v
    )


def _spellings(things: Things, value: Value) -> list[str]:
    """How a value may be written: as it is, and where it is a thing by its names and codes."""
    other = things.entities.get(value.text) if value.is_iri else None
    labels = things.labels.get(value.text, {}).values() if value.is_iri else ()
    return [value.text, *labels, *(() if other is None else (*other.names, *other.codes))]


def _alike(spelling: str, wanted: str) -> float:
    if key(spelling) == key(wanted):
        return 1.0
    return round(fuzz.ratio(key(spelling), key(wanted), score_cutoff=80) / 100, 3)
