"""Whether the findings about a mutant are those of the plan it was made from, and what the damage adds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from crmgraph.checks.findings import Finding, Location
from tests.checks.mutation.mutants import Edit, Expected, Ground, Mutant, short

_OF_NAMES = frozenset(
    {"acronym-unexplained", "acronym-unknown", "name-misspelt", "name-unaccented", "name-variant", "title-differs"}
    | {"agent-without-role", "date-past"}
)
"""Codes of findings at the first place that names a thing, which is elsewhere when that is damaged."""
_OF_ENDS = frozenset(
    {"sentence-repeated", "name-variant", "date-past", "date-before-plan", "unresolved-cross-reference"}
)
"""Codes of findings whose second place is the first or last of something."""
_OF_WHOLE_PARTS = frozenset(
    {"number-missing", "number-gap", "number-repeated", "number-outside-parent", "number-out-of-order"}
    | {"number-outside-row", "activity-without-action", "activity-without-schedule", "action-without-objective"}
    | {"action-without-numbered-activity", "schedule-without-numbered-activity", "objective-without-action"}
    | {"attachment-by-position"}
)
"""Codes of findings about the place of a part in the plan, which another wording must not remove."""


@dataclass(frozen=True)
class Verdict:
    """What was expected and is `missed`, what came besides (`false`), and what went without a reason (`lost`)."""

    missed: tuple[Expected, ...]
    false: tuple[Finding, ...]
    lost: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether the mutant was caught without a false alarm."""
        return not (self.missed or self.false or self.lost)


class _Map:
    """Where the characters of a mutant were before."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = sorted(edits)

    def before(self, place: int) -> int | None:
        """The place in the original of a place in the mutant; None within what was put in."""
        shift = 0
        for edit in self.edits:
            begin = edit.start + shift
            if place < begin:
                break
            if place == begin and not edit.text and edit.end > edit.start:
                return edit.start
            if place < begin + len(edit.text):
                return edit.start if place == begin and edit.end > edit.start else None
            shift += len(edit.text) - (edit.end - edit.start)
        return place - shift

    def key(self, location: Location) -> object:
        """The place in the original of some words, or their place among what is new."""
        place = None if location.start is None else self.before(location.start)
        return ("new", location.start) if place is None else place

    def copied(self, place: int) -> int | None:
        """The place in the original of which a place in the mutant is a copy."""
        shift = 0
        for edit in self.edits:
            begin = edit.start + shift
            if begin <= place < begin + len(edit.text) and edit.copied is not None:
                margin = edit.text.index(edit.text.strip())
                return edit.copied[0] + place - begin - margin
            shift += len(edit.text) - (edit.end - edit.start)
        return None


def judge(mutant: Mutant, ground: Ground, found: Sequence[Finding]) -> Verdict:
    """What is to be said of the findings about a mutant."""
    way = _Map(mutant.edits)
    old = {_key(each, lambda location: location.start): each for each in ground.findings}
    now = {_key(each, way.key): each for each in found}
    new = [each for key, each in now.items() if key not in old or _is_reworded(each, old[key], mutant)]
    gone = [each for key, each in old.items() if key not in now]
    missed, new_left = _take(mutant.expected, new)
    removed = " ".join(ground.text[edit.start : edit.end] for edit in mutant.edits)
    damaged = _names(ground, removed)
    copies = {(each.code, each.location.start) for each in ground.findings}
    added = _names(ground, " ".join(edit.text for edit in mutant.edits))

    def about(each: Finding, things: frozenset[str]) -> bool:
        return each.code in _OF_NAMES and bool(things & _names(ground, each.location.exact or ""))

    def may_come(each: Finding) -> bool:
        copied = None if each.location.start is None else way.copied(each.location.start)
        return (
            _is_related(each, mutant)
            or (copied is not None and (each.code, copied) in copies)
            or about(each, damaged)
            or (each.code in _OF_NAMES and bool(each.location.exact) and str(each.location.exact) in removed)
        )

    def may_go(each: Finding) -> bool:
        locations = [location for location in (each.location, each.other) if location is not None]
        return (
            _is_related(each, mutant)
            or any(_is_covered(location, mutant.edits) for location in locations)
            or (each.code not in _OF_WHOLE_PARTS and any(_is_touched(location, mutant.edits) for location in locations))
            or about(each, damaged | added)
        )

    return Verdict(
        tuple(missed),
        tuple(each for each in new_left if not may_come(each)),
        tuple(each for each in gone if not may_go(each)),
    )


def _is_reworded(each: Finding, before: Finding, mutant: Mutant) -> bool:
    """Whether a finding of other words than were there before is one that is expected in their place."""
    return each.location.exact != before.location.exact and any(_fits(each, wanted) for wanted in mutant.expected)


def _key(each: Finding, place: Callable[[Location], object]) -> tuple[object, ...]:
    """What makes two findings the same; of which earlier part one is a repetition may change."""
    other = None if each.other is None or each.code in _OF_ENDS else place(each.other)
    return each.code, place(each.location), other


def _take(expected: Sequence[Expected], new: Sequence[Finding]) -> tuple[list[Expected], list[Finding]]:
    """What was expected in vain, and what came unexpectedly."""
    left, missed = list(new), []
    for wanted in expected:
        if not any(_fits(each, wanted) for each in new):
            missed.append(wanted)
        left = [each for each in left if not _fits(each, wanted)]
    return missed, left


def _fits(each: Finding, wanted: Expected) -> bool:
    other = short(each.other.element) if each.other else None
    return (
        each.code == wanted.code
        and fnmatchcase(short(each.location.element), wanted.element)
        and wanted.exact in (None, each.location.exact)
        and wanted.other in (None, other)
    )


def _is_related(each: Finding, mutant: Mutant) -> bool:
    element = short(each.location.element)
    return any(each.code == code and fnmatchcase(element, pattern) for code, pattern in mutant.related)


def _is_covered(location: Location, edits: Sequence[Edit]) -> bool:
    return location.start is not None and any(
        edit.start <= location.start and (location.end or location.start) <= edit.end for edit in edits
    )


def _is_touched(location: Location, edits: Sequence[Edit]) -> bool:
    return location.start is not None and any(
        edit.start <= (location.end or location.start) and location.start <= edit.end for edit in edits
    )


def _names(ground: Ground, words: str) -> frozenset[str]:
    return frozenset(each.iri for each in ground.names_in(words))
