"""The comparison of the findings about a mutant with those about its original plan and with the expected ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from crmgraph.checks.findings import Finding
from tests.checks.mutation.mutants import Edit, Expected, Ground, Mutant, short

_CODES_OF_NAMES = frozenset(
    {"acronym-unexplained", "acronym-unknown", "name-misspelt", "name-unaccented", "name-variant", "title-differs"}
    | {"agent-without-role", "date-past"}
)
"""Codes of findings about the first mention of a thing. If this mention is damaged, they move to the next one."""
_CODES_WITH_CHANGING_SECOND = frozenset(
    {"sentence-repeated", "name-variant", "date-past", "date-before-plan", "unresolved-cross-reference"}
)
"""Codes of findings whose second location is the first or last of several, which may change."""
_CODES_OF_POSITIONS = frozenset(
    {"number-missing", "number-gap", "number-repeated", "number-outside-parent", "number-out-of-order"}
    | {"number-outside-row", "activity-without-action", "activity-without-schedule", "action-without-objective"}
    | {"action-without-numbered-activity", "schedule-without-numbered-activity", "objective-without-action"}
    | {"attachment-by-position"}
)
"""Codes of findings about the position of a part, which must not disappear if its text changes."""


@dataclass(frozen=True)
class Verdict:
    """The result of a mutant."""

    missed: tuple[Expected, ...] = ()  # expected, but not reported
    false: tuple[Finding, ...] = ()  # new, but not expected
    lost: tuple[Finding, ...] = ()  # about the original plan, and gone without reason


GOOD = Verdict()
"""The verdict that the mutant was caught, without false or lost findings."""


def judge(mutant: Mutant, ground: Ground, found: Sequence[Finding]) -> Verdict:
    """Return the verdict on a mutant of the plan `ground`, about which `found` was found."""
    before, copied = _origins(ground.text, mutant.edits)
    old = {_key(each, {place: place for place in range(len(ground.text))}): each for each in ground.findings}
    now = {_key(each, before): each for each in found}
    new = [each for key, each in now.items() if key not in old or _is_reworded(each, old[key], mutant)]
    unexpected = [each for each in new if not any(_fits(each, wanted) for wanted in mutant.expected)]
    copies = {(each.code, each.location.start) for each in ground.findings}
    removed = " ".join(ground.text[edit.start : edit.end] for edit in mutant.edits)
    damaged, added = _names(ground, removed), _names(ground, " ".join(edit.text for edit in mutant.edits))

    def is_about(each: Finding, things: frozenset[str]) -> bool:
        return each.code in _CODES_OF_NAMES and bool(things & _names(ground, each.location.exact or ""))

    def may_come(each: Finding) -> bool:
        return (
            _is_related(each, mutant)
            or (each.code, copied.get(each.location.start, -1)) in copies
            or is_about(each, damaged)
            or (each.code in _CODES_OF_NAMES and bool(each.location.exact) and str(each.location.exact) in removed)
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
    """Return the offsets in the original text of unchanged characters, and of inserted characters that are copies."""
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
    """Return the key by which findings about the mutant and about the original plan are compared."""
    places = [each.location.start]
    if each.other is not None and each.code not in _CODES_WITH_CHANGING_SECOND:
        places.append(each.other.start)
    return each.code, *(before.get(place, ("new", place)) for place in places)


def _is_reworded(each: Finding, before: Finding, mutant: Mutant) -> bool:
    """Return whether a finding has another text than the corresponding one about the original, as is expected."""
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
    """Return whether an edit changed the text of a finding or, for a finding about a position, removed its text."""
    for location in (each.location, each.other):
        if location is not None and location.start is not None:
            start, end = location.start, location.end or location.start
            for edit in edits:
                is_gone = edit.start <= start and end <= edit.end
                if is_gone or (each.code not in _CODES_OF_POSITIONS and edit.start <= end and start <= edit.end):
                    return True
    return False


def _names(ground: Ground, words: str) -> frozenset[str]:
    return frozenset(each.iri for each in ground.names_in(words))
