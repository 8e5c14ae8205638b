"""Whether the findings about a mutant are those of the plan it was made from, and what the damage adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from crmgraph.checks.findings import Finding
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

    missed: tuple[Expected, ...] = ()
    false: tuple[Finding, ...] = ()
    lost: tuple[Finding, ...] = ()


GOOD = Verdict()
"""The mutant was caught without a false alarm."""


def judge(mutant: Mutant, ground: Ground, found: Sequence[Finding]) -> Verdict:
    """Return what is to be said of the findings about a mutant."""
    before, copied = _origins(ground.text, mutant.edits)
    old = {_key(each, {place: place for place in range(len(ground.text))}): each for each in ground.findings}
    now = {_key(each, before): each for each in found}
    new = [each for key, each in now.items() if key not in old or _is_reworded(each, old[key], mutant)]
    unexpected = [each for each in new if not any(_fits(each, wanted) for wanted in mutant.expected)]
    copies = {(each.code, each.location.start) for each in ground.findings}
    removed = " ".join(ground.text[edit.start : edit.end] for edit in mutant.edits)
    damaged, added = _names(ground, removed), _names(ground, " ".join(edit.text for edit in mutant.edits))

    def is_about(each: Finding, things: frozenset[str]) -> bool:
        return each.code in _OF_NAMES and bool(things & _names(ground, each.location.exact or ""))

    def may_come(each: Finding) -> bool:
        return (
            _is_related(each, mutant)
            or (each.code, copied.get(each.location.start, -1)) in copies
            or is_about(each, damaged)
            or (each.code in _OF_NAMES and bool(each.location.exact) and str(each.location.exact) in removed)
        )

    return Verdict(
        tuple(wanted for wanted in mutant.expected if not any(_fits(each, wanted) for each in new)),
        tuple(each for each in unexpected if not may_come(each)),
        tuple(
            each
            for key, each in old.items()
            if not (key in now or _is_related(each, mutant) or _is_damaged(each, mutant.edits))
            and not is_about(each, damaged | added)
        ),
    )


def _origins(text: str, edits: Sequence[Edit]) -> tuple[dict[int | None, int], dict[int | None, int]]:
    """Return where the characters of a mutant were before, and of which one each that was put in is a copy."""
    before: dict[int | None, int] = {}
    copied: dict[int | None, int] = {}
    at = end = 0
    for edit in (*sorted(edits), Edit(len(text), len(text), "")):
        for place in range(end, edit.start):
            before.setdefault(at, place)
            at += 1
        if edit.end > edit.start:
            before[at] = edit.start
        if edit.copied is not None:
            margin = edit.text.index(edit.text.strip())
            copied |= {at + place: edit.copied[0] + place - margin for place in range(len(edit.text))}
        at, end = at + len(edit.text), edit.end
    return before, copied


def _key(each: Finding, before: Mapping[int | None, int]) -> tuple[object, ...]:
    """Return what makes two findings the same; of which earlier part one is a repetition may change."""
    places = [each.location.start]
    if each.other is not None and each.code not in _OF_ENDS:
        places.append(each.other.start)
    return each.code, *(before.get(place, ("new", place)) for place in places)


def _is_reworded(each: Finding, before: Finding, mutant: Mutant) -> bool:
    """Return whether a finding of other words than were there before is one that is expected in their place."""
    return each.location.exact != before.location.exact and any(_fits(each, wanted) for wanted in mutant.expected)


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


def _is_damaged(each: Finding, edits: Sequence[Edit]) -> bool:
    """Return whether a finding was about words that were changed or, of the place of a part, about those taken away."""
    for location in (each.location, each.other):
        if location is not None and location.start is not None:
            start, end = location.start, location.end or location.start
            for edit in edits:
                is_gone = edit.start <= start and end <= edit.end
                if is_gone or (each.code not in _OF_WHOLE_PARTS and edit.start <= end and start <= edit.end):
                    return True
    return False


def _names(ground: Ground, words: str) -> frozenset[str]:
    return frozenset(each.iri for each in ground.names_in(words))
