"""Pairs of parts of two versions of a plan that are one part, by words, number and place, none of which must stay."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from crmgraph.reading.folding import key
from crmgraph.reading.model import Part, Plan

__all__ = ["KINDS", "Pairing", "pair"]

KINDS = ("Theme", "Objective", "Action", "Activity", "Note")
"""The kinds of parts compared, from above to below. Entries of the calendar are of the part that they belong to."""

# The least similarity of two texts, of 1, that may be one part: anywhere, with one number in one place, or where the
# part has become one of another kind.
_LEAST = 0.65
_LEAST_IN_PLACE = 0.4
_LEAST_ON_ANOTHER_LEVEL = 0.9
_FEW = 0.1
"""The share of the parts of the shorter plan that must be similar to parts of the other, if the two are one plan."""

_SAME_TEXT, _SAME_NUMBER, _SAME_PLACE = 0.5, 0.3, 0.3

_Pair = tuple[Part, Part]
_Candidate = tuple[float, Part, Part]
"""Two parts that may be one, after the weight of what speaks for it."""


@dataclass(frozen=True)
class Pairing:
    """The parts that both versions have, old and new, in the order of the new one; and those that only one has.

    `are_strangers` says that the two have hardly any words in common: then a number and a place are no sign, either.
    """

    pairs: tuple[_Pair, ...]
    dropped: tuple[Part, ...]
    added: tuple[Part, ...]
    are_strangers: bool


def pair(old: Plan, new: Plan) -> Pairing:
    """Pair the parts of two versions, kind by kind from above, so that it is known where their parents have gone.

    Before that, those of two kinds whose words stand only once in either version; after it, those that are left.
    """
    parents = {side: {part.id: parent for part, parent in plan.walk()} for side, plan in (("old", old), ("new", new))}
    ours, theirs = ([part for part, _ in plan.walk() if part.kind in KINDS] for plan in (old, new))
    once, once_new = (_said_once(parts) for parts in (ours, theirs))
    pairs = [(once[text], once_new[text]) for text in once if text in once_new]
    pairs = [both for both in pairs if both[0].kind != both[1].kind]
    for kind in KINDS:
        before, after = ([part for part in parts if part.kind == kind] for parts in _unpaired(ours, theirs, pairs))
        pairs += _best(_of_one_kind(before, after, {one.id: other.id for one, other in pairs}, parents))
    pairs += _best(_of_two_kinds(*_unpaired(ours, theirs, pairs)))
    similar = [both for both in pairs if both[0].text and _similarity(*both) >= _LEAST]
    are_strangers = len(similar) < _FEW * min(len(ours), len(theirs))
    if are_strangers:
        pairs = similar
    dropped, added = _unpaired(ours, theirs, pairs)
    order = {part.id: number for number, part in enumerate(theirs)}
    pairs.sort(key=lambda both: order[both[1].id])
    return Pairing(tuple(pairs), tuple(dropped), tuple(added), are_strangers)


def _said_once(parts: Sequence[Part]) -> Mapping[str, Part]:
    counts = Counter(key(part.text) for part in parts)
    return {text: part for part in parts if (text := key(part.text)) and counts[text] == 1}


def _unpaired(ours: Sequence[Part], theirs: Sequence[Part], pairs: Sequence[_Pair]) -> tuple[list[Part], list[Part]]:
    old, new = ({both[side].id for both in pairs} for side in (0, 1))
    return [part for part in ours if part.id not in old], [part for part in theirs if part.id not in new]


def _best(candidates: Iterable[_Candidate]) -> Iterator[_Pair]:
    """Yield the pairs for which most speaks, each part once."""
    old, new = set[str](), set[str]()
    for _, before, after in sorted(candidates, key=lambda each: -each[0]):
        if before.id not in old and after.id not in new:
            old.add(before.id)
            new.add(after.id)
            yield before, after


def _of_one_kind(
    ours: Sequence[Part],
    theirs: Sequence[Part],
    new_ids: Mapping[str, str],
    parents: Mapping[str, Mapping[str, Part | None]],
) -> Iterator[_Candidate]:
    """Yield the parts of one kind with similar words, or one number in one place."""
    texts = [key(part.text) for part in theirs]
    for one in ours:
        text = key(one.text)
        found = process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=100 * _LEAST_IN_PLACE, limit=None)
        if not text:
            # Nothing is similar to nothing.
            found = [("", 100.0, place) for place, other in enumerate(texts) if not other]
        shared = ((100 * _shared_below(one, other), place) for place, other in enumerate(theirs))
        found += [(texts[place], value, place) for value, place in shared if value >= 100 * _LEAST]
        above = parents["old"][one.id]
        for other_text, value, place in found:
            other = theirs[place]
            is_numbered = one.number == other.number
            parent = parents["new"][other.id]
            is_here = (new_ids.get(above.id, "") if above else "") == (parent.id if parent else "")
            if value / 100 >= _LEAST or (is_numbered and is_here):
                signs = _SAME_TEXT * (text == other_text) + _SAME_NUMBER * is_numbered + _SAME_PLACE * is_here
                yield value / 100 + signs, one, other


def _of_two_kinds(ours: Sequence[Part], theirs: Sequence[Part]) -> Iterator[_Candidate]:
    """Yield the parts of two kinds that say nearly the same."""
    texts = [key(part.text) for part in theirs]
    for one in ours:
        for text, value, place in process.extract(
            key(one.text), texts, scorer=fuzz.ratio, score_cutoff=100 * _LEAST_ON_ANOTHER_LEVEL, limit=None
        ):
            if text and one.kind != theirs[place].kind:
                yield value / 100, one, theirs[place]


def _similarity(before: Part, after: Part) -> float:
    """Return how similar the words of two parts are, from 0 to 1."""
    return max(fuzz.ratio(key(before.text), key(after.text)) / 100, _shared_below(before, after))


def _shared_below(one: Part, other: Part) -> float:
    """Return the share of the parts below both that say the same, for a part may have lost its own words."""
    ours, theirs = ({key(below.text) for below in part.parts} for part in (one, other))
    return len(ours & theirs) / max(len(ours), len(theirs)) if len(ours & theirs) > 1 else 0.0
