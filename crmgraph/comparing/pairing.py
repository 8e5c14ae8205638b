"""Which part of one version is which of the other: by its words, its number and its place, none of which must stay."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

_LEAST_ON_ANOTHER_LEVEL = 0.9
"""And where the part has become one of another kind."""

_FEW = 0.1
"""Of the parts of the shorter plan: where fewer are alike in the other, the two have hardly anything in common."""

_SAME_TEXT, _SAME_NUMBER, _SAME_PLACE = 0.5, 0.3, 0.3


@dataclass(frozen=True)
class Pairing:
    """The parts that both versions have, old and new, in the order of the new one; and those that only one has.

    `are_strangers` says that the two have hardly any words in common: then a number and a place are no sign, either.
    """

    pairs: tuple[tuple[Part, Part], ...]
    dropped: tuple[Part, ...]
    added: tuple[Part, ...]
    are_strangers: bool


class _Candidate(NamedTuple):
    """Two parts that may be one, and how much speaks for it."""

    weight: float
    old: int
    new: int


def pair(old: Plan, new: Plan) -> Pairing:
    """Pair the parts of two versions, kind by kind from above, so that it is known where what is above has gone.

    Before that, those whose words stand only once in either and are of another kind; after it, those that are left.
    """
    above = _parents(old), _parents(new)
    ours, theirs = ([part for part, _ in plan.walk() if part.kind in KINDS] for plan in (old, new))
    pairs = list(_unmistakable(ours, theirs))
    for kind in KINDS:
        left = _left(ours, theirs, pairs)
        before, after = ([part for part in parts if part.kind == kind] for parts in left)
        new_of = {one.id: other.id for one, other in pairs}
        pairs += _best(before, after, _candidates(before, after, new_of, above))
    before, after = _left(ours, theirs, pairs)
    pairs += _best(before, after, _on_another_level(before, after))
    alike = [both for both in pairs if _likeness(*both) >= _LEAST]
    are_strangers = len(alike) < _FEW * min(len(ours), len(theirs))
    if are_strangers:
        pairs = alike
    place = {part.id: number for number, part in enumerate(theirs)}
    dropped, added = _left(ours, theirs, pairs)
    return Pairing(
        tuple(sorted(pairs, key=lambda both: place[both[1].id])), tuple(dropped), tuple(added), are_strangers
    )


def _unmistakable(ours: Sequence[Part], theirs: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
    """Parts of two kinds that say the same, which no other part of either version says."""
    before, after = (_said_once(parts) for parts in (ours, theirs))
    for words in before.keys() & after.keys():
        if before[words].kind != after[words].kind:
            yield before[words], after[words]


def _said_once(parts: Sequence[Part]) -> Mapping[str, Part]:
    said = [key(part.text) for part in parts]
    counts = Counter(said)
    return {words: part for words, part in zip(said, parts, strict=True) if words and counts[words] == 1}


def _left(
    ours: Sequence[Part], theirs: Sequence[Part], pairs: Sequence[tuple[Part, Part]]
) -> tuple[list[Part], list[Part]]:
    """The parts of both versions that are in no pair."""
    known = [{both[side].id for both in pairs} for side in (0, 1)]
    return [part for part in ours if part.id not in known[0]], [part for part in theirs if part.id not in known[1]]


def _best(
    ours: Sequence[Part], theirs: Sequence[Part], candidates: Iterable[_Candidate]
) -> Iterator[tuple[Part, Part]]:
    """Those for which most speaks, each part once."""
    taken: tuple[set[int], set[int]] = set(), set()
    for each in sorted(candidates, key=lambda each: -each.weight):
        if each.old not in taken[0] and each.new not in taken[1]:
            taken[0].add(each.old)
            taken[1].add(each.new)
            yield ours[each.old], theirs[each.new]


def _on_another_level(ours: Sequence[Part], theirs: Sequence[Part]) -> Iterator[_Candidate]:
    """Parts of two kinds that say nearly the same."""
    texts = [key(part.text) for part in theirs]
    for index, one in enumerate(ours):
        found = process.extract(
            key(one.text), texts, scorer=fuzz.ratio, score_cutoff=100 * _LEAST_ON_ANOTHER_LEVEL, limit=None
        )
        for _, value, place in found:
            if one.kind != theirs[place].kind and texts[place]:
                yield _Candidate(value / 100, index, place)


def _likeness(before: Part, after: Part) -> float:
    """How much the words of two parts are alike, of 1; where there are none, they are not."""
    return (
        max(fuzz.ratio(key(before.text), key(after.text)) / 100, _shared_below(before, after)) if before.text else 0.0
    )


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
