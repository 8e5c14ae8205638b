"""Which part of one version is which of the other: by its words, its number and its place, none of which must stay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz, process

from crmgraph.reading.folding import key
from crmgraph.reading.plan import Part, Plan

__all__ = ["KINDS", "Pairing", "pair"]

KINDS = ("Theme", "Objective", "Action", "Activity", "Note")
"""What is compared, from above to below. Entries of the calendar count as said of the part that they belong to."""

_LEAST = 0.65
_LEAST_IN_PLACE = 0.4
"""How much two texts are alike at least, of 1, where they may be one part: anywhere, or by one number in one place."""

_SAME_TEXT, _SAME_NUMBER, _SAME_PLACE = 0.5, 0.3, 0.3


@dataclass(frozen=True)
class Pairing:
    """The parts that both versions have, old and new, in the order of the new one; and those that only one has."""

    pairs: tuple[tuple[Part, Part], ...]
    dropped: tuple[Part, ...]
    added: tuple[Part, ...]


class _Candidate(NamedTuple):
    """Two parts that may be one, and how much speaks for it."""

    weight: float
    old: int
    new: int


def pair(old: Plan, new: Plan) -> Pairing:
    """Pair the parts of two versions, kind by kind from above, so that it is known where what is above has gone."""
    above_old, above_new = _parents(old), _parents(new)
    pairs: list[tuple[Part, Part]] = []
    new_of: dict[str, str] = {}
    for kind in KINDS:
        ours, theirs = (_of_kind(plan, kind) for plan in (old, new))
        taken: tuple[set[int], set[int]] = set(), set()
        for each in sorted(_candidates(ours, theirs, new_of, (above_old, above_new)), key=lambda each: -each.weight):
            if each.old in taken[0] or each.new in taken[1]:
                continue
            taken[0].add(each.old)
            taken[1].add(each.new)
            pairs.append((ours[each.old], theirs[each.new]))
            new_of[ours[each.old].id] = theirs[each.new].id
    place = {part.id: number for number, (part, _) in enumerate(new.walk())}
    known = {part.id for _, part in pairs}
    return Pairing(
        tuple(sorted(pairs, key=lambda both: place[both[1].id])),
        tuple(part for part, _ in old.walk() if part.kind in KINDS and part.id not in new_of),
        tuple(part for part, _ in new.walk() if part.kind in KINDS and part.id not in known),
    )


def _of_kind(plan: Plan, kind: str) -> list[Part]:
    return [part for part, _ in plan.walk() if part.kind == kind]


def _parents(plan: Plan) -> Mapping[str, str]:
    return {part.id: parent.id if parent else "" for part, parent in plan.walk()}


def _candidates(
    ours: Sequence[Part],
    theirs: Sequence[Part],
    new_of: Mapping[str, str],
    above: tuple[Mapping[str, str], Mapping[str, str]],
) -> Iterator[_Candidate]:
    texts = [key(part.text) for part in theirs]
    for index, one in enumerate(ours):
        said = key(one.text)
        found = process.extract(said, texts, scorer=fuzz.ratio, score_cutoff=100 * _LEAST_IN_PLACE, limit=None)
        if not said:
            # Nothing is like nothing.
            found = [("", 100.0, place) for place, text in enumerate(texts) if not text]
        found += [
            (texts[place], 100 * shared, place)
            for place, other in enumerate(theirs)
            if (shared := _shared_below(one, other)) >= _LEAST
        ]
        for text, value, place in found:
            other = theirs[place]
            is_numbered = one.number == other.number
            is_here = new_of.get(above[0][one.id], "") == above[1][other.id]
            likeness = value / 100
            if likeness >= _LEAST or (is_numbered and is_here):
                weight = likeness + _SAME_TEXT * (said == text) + _SAME_NUMBER * is_numbered + _SAME_PLACE * is_here
                yield _Candidate(weight, index, place)


def _shared_below(one: Part, other: Part) -> float:
    """How many of the parts below both say the same, of all of the longer: a part may have lost its own words."""
    ours, theirs = ({key(below.text) for below in part.parts} for part in (one, other))
    return len(ours & theirs) / max(len(ours), len(theirs)) if len(ours & theirs) > 1 else 0.0
