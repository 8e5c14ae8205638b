"""Mutants with defects of structure: parts that are missing, duplicated, renumbered, exchanged, moved or empty."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise

from crmgraph.reading.model import Part
from tests.checks.mutation.mutants import Edit, Expected, Ground, Mutant, Operator, numbered

_BELOW = {"Theme": "Objective", "Objective": "Action", "Action": "Activity", "Activity": "ScheduleEntry"}
_LEVELS = tuple(_BELOW.values())
_UNUSED_NUMBER = 77
_CODES_OF_ATTACHMENT = (
    "attachment-by-position",
    "number-missing",
    "activity-without-schedule",
    "action-without-numbered-activity",
)
_CODE_WITHOUT = {
    "Action": "objective-without-action",
    "Activity": "action-without-numbered-activity",
    "ScheduleEntry": "activity-without-schedule",
}
"""By the kind of a part: the code of the finding that its parent has no such part."""

Related = Iterable[tuple[str, str]]


def _mutant(place: str, edits: Iterable[Edit], expected: Iterable[Expected], related: Related) -> Mutant:
    return Mutant(place, tuple(edits), tuple(expected), tuple(related))


def _theme(part: Part) -> str:
    return part.id.partition("/")[0]


def _row_findings(part: Part, ground: Ground, *codes: str) -> Related:
    """The given codes, with each element in the row of a part, as related findings."""
    row = ground.objective(part)
    return ((code, pattern) for code in codes for pattern in (row.id, *(each.id for each, _ in row.walk())))


def _unnumbered_findings(part: Part, ground: Ground) -> Related:
    """The related findings in a row with unnumbered parts, since their position depends on the other parts."""
    lines = [each for each, _ in ground.objective(part).walk() if each.kind in _LEVELS and each.number is None]
    return (
        (
            *_row_findings(part, ground, *_CODES_OF_ATTACHMENT),
            *((code, f"{_theme(part)}/*-?") for code in _CODES_OF_ATTACHMENT),
        )
        if lines
        else ()
    )


def _subpart_findings(part: Part, ground: Ground) -> list[Expected]:
    """The findings about the numbered subparts of a part that loses its number or is removed."""
    code = {"Action": "activity-without-action", "Activity": "schedule-without-numbered-activity"}.get(part.kind)
    if code is None or (part.kind == "Activity" and part.number is None):
        return []
    return [Expected(code, each.id) for each in numbered(ground.children(part, _BELOW[part.kind]))]


def _unnumbered_activity_findings(part: Part, ground: Ground) -> list[Expected]:
    """The findings about the unnumbered activities in a row whose only action is removed."""
    objective = ground.parents[part.id]
    lines = ground.children(part, "Activity")
    if part.kind == "Action" and ground.children(objective, "Action") == [part] and len(numbered(lines)) < len(lines):
        return [Expected("activity-without-action", f"{objective.id}-?")]
    return []


def _parent_findings(part: Part, ground: Ground) -> list[Expected]:
    """The findings about the parent of a part that loses its number or is removed."""
    parent = ground.parents[part.id]
    others = [each for each in ground.children(parent, part.kind) if each is not part]
    is_last = {
        "ScheduleEntry": not others and parent.kind == "Activity",
        "Activity": part.number is not None and not numbered(others) and parent.kind == "Action",
        "Action": not others,
    }
    return [Expected(_CODE_WITHOUT[part.kind], parent.id)] if is_last.get(part.kind) else []


def _gap_findings(part: Part, ground: Ground) -> list[Expected]:
    """The finding about the gap before the next number, if a part is removed."""
    siblings = numbered(ground.children(ground.parents[part.id], part.kind))
    after = siblings[siblings.index(part) + 1 :][:1] if part in siblings else []
    return [Expected("number-gap", each.id) for each in after]


def _as_related(expected: Iterable[Expected]) -> Related:
    return ((each.code, each.element) for each in expected)


def _reference_findings(part: Part, ground: Ground) -> Related:
    """The related findings about the cross-references to a part or its subparts."""
    cited = {each.id for each, _ in part.walk()}
    references = (each for each in ground.parts("CrossReference") if getattr(each, "target", None) in cited)
    return (("unresolved-cross-reference", ground.parents[each.id].id) for each in references)


def _period_findings(part: Part) -> Related:
    """The related findings about the subparts of a part, whose periods may begin with a date in its text."""
    return (("time-without-anchor", each.id) for each, _ in part.walk() if each is not part)


def _drop(kind: str, ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts(kind):
        if part.kind != "Activity" or part.number is not None:
            expected = [
                each
                for what in (_subpart_findings, _unnumbered_activity_findings, _parent_findings, _gap_findings)
                for each in what(part, ground)
            ]
            related = (*_unnumbered_findings(part, ground), *_reference_findings(part, ground), *_period_findings(part))
            yield _mutant(part.id, [Edit(*_span(part), "")], expected, related)


def _drop_objectives(ground: Ground) -> Iterator[Mutant]:
    """Remove the text of an objective. Its row then continues the previous objective of the theme, if there is one."""
    for theme in ground.parts("Theme"):
        for before, part in pairwise([None, *ground.children(theme, "Objective")]):
            assert part is not None
            noted, gap = bool(ground.children(part, "Note")), _gap_findings(part, ground)
            code = "number-outside-parent" if before and not noted else "action-without-objective"
            expected = [Expected(code, each.id) for each in ground.children(part, "Action")]
            related = [
                *_reference_findings(part, ground),
                *_unnumbered_findings(part, ground),
                *(_unnumbered_findings(before, ground) if before else ()),
            ]
            related += [("note-contradicts-schedule", "*")] if noted else []
            related += [] if before else [("theme-without-objective", theme.id), *_as_related(gap)]
            yield _mutant(part.id, [Edit(*_span(part), "")], [*expected, *(gap if before else [])], related)


def _drop_titles(ground: Ground) -> Iterator[Mutant]:
    """Remove the title of a theme. Its objectives then belong to the previous theme."""
    codes = (
        "number-repeated", "number-gap", "number-out-of-order", "number-outside-row", *_CODES_OF_ATTACHMENT,
        "note-contradicts-schedule", "schedule-without-numbered-activity", "objective-without-action",
        "unresolved-cross-reference", "unknown-theme",
    )  # fmt: skip
    for before, theme in pairwise([None, *ground.parts("Theme")]):
        assert theme is not None
        taken = {each.number for each in ground.children(before, "Objective")} if before else set()
        objectives = [each for each in numbered(ground.children(theme, "Objective")) if each.number in taken]
        expected = [Expected("number-repeated", f"{before.id}/{each.number}-2") for each in objectives if before]
        citing = [
            ground.parents[each.id].id
            for each in ground.parts("CrossReference")
            if getattr(each, "theme_passage", None) and getattr(each, "target_theme", None) == theme.id
        ]
        expected += [Expected("unknown-theme", each) for each in citing if not each.startswith(f"{theme.id}/")]
        yield Mutant(
            theme.id,
            tuple(Edit(words.start, words.end, "") for words in (theme.passage, *getattr(theme, "repeats", ()))),
            tuple(expected),
            tuple((code, pattern) for code in codes for pattern in (f"{theme.id}/*", f"{getattr(before, 'id', '')}/*")),
            refused=before is None,
        )


def _duplicate(kind: str, ground: Ground) -> Iterator[Mutant]:
    below = _BELOW.get(kind)
    for part in numbered(ground.parts(kind)):
        copy = f"{part.id}-2"
        expected = [Expected("number-repeated", copy, None, part.id)]
        if below is not None and (kind == "Objective" or not ground.children(part, below)):
            expected.append(Expected(_CODE_WITHOUT[below], copy))
        edit = Edit(part.passage.end, part.passage.end, "\n\n" + part.passage.exact, _span(part))
        row = ground.objective(part).id
        related = (
            ("sentence-repeated", copy),
            ("note-contradicts-schedule", f"{row}-?"),
            *_unnumbered_findings(part, ground),
        )
        yield _mutant(part.id, [edit], expected, related)


def _span(part: Part) -> tuple[int, int]:
    return part.passage.start, part.passage.end


def _number(part: Part, number: str) -> Edit:
    return Edit(part.passage.start, part.passage.start + len(part.number or ""), number)


def _renumber(kind: str, ground: Ground) -> Iterator[Mutant]:
    for part in numbered(ground.parts(kind)):
        beginning = (part.number or "").rpartition(".")[0]
        number = f"{beginning}.{_UNUSED_NUMBER}" if beginning else str(_UNUSED_NUMBER)
        new = f"{_theme(part)}/{number}"
        expected = [Expected("number-gap", new), *_subpart_findings(part, ground)]
        siblings = numbered(ground.children(ground.parents[part.id], kind))
        after = siblings[siblings.index(part) + 1 :]
        if len(after) == 1:
            expected.append(Expected("number-out-of-order", after[0].id, None, new))
        elif after:
            expected.append(Expected("number-out-of-order", new, None, after[0].id))
        if kind == "Objective":
            expected += [Expected("number-outside-parent", each.id) for each in ground.children(part, "Action")]
        elif kind != "ScheduleEntry":
            expected.append(Expected(_CODE_WITHOUT[_BELOW[kind]], new))
        related = (
            *_reference_findings(part, ground),
            *_period_findings(part),
            *_unnumbered_findings(part, ground),
            *_as_related(_gap_findings(part, ground)),
        )
        yield _mutant(part.id, [_number(part, number)], expected, related)


def _falls_to_unnumbered(entry: Part, ground: Ground) -> bool:
    """Whether an entry with a wrong number is attached to an unnumbered activity: both are the first in their row."""
    row = sorted((each for each, _ in ground.objective(entry).walk()), key=lambda each: each.passage)
    first = {kind: next((each for each in row if each.kind == kind), None) for kind in ("Activity", "ScheduleEntry")}
    return first["ScheduleEntry"] is entry and first["Activity"] is not None and first["Activity"].number is None


def _misnumber(kind: str, ground: Ground) -> Iterator[Mutant]:
    for part in numbered(ground.parts(kind)):
        number = f"{_UNUSED_NUMBER}.{(part.number or '').partition('.')[2]}"
        new = f"{_theme(part)}/{number}"
        expected = _subpart_findings(part, ground)
        if kind == "ScheduleEntry" and _falls_to_unnumbered(part, ground):
            expected.append(Expected("schedule-without-numbered-activity", new))
        elif ground.parents[part.id].number is not None:
            expected.append(Expected("number-outside-parent", new))
        related = (
            *_reference_findings(part, ground), *_period_findings(part), *_unnumbered_findings(part, ground),
            *_as_related((*_gap_findings(part, ground), *_parent_findings(part, ground))),
            ("action-without-numbered-activity", new),
            ("activity-without-schedule", new), ("schedule-without-numbered-activity", new),
            *_row_findings(part, ground, "activity-without-schedule", "action-without-numbered-activity"),
        )  # fmt: skip
        yield _mutant(part.id, [_number(part, number)], expected, related)


def _unnumber(kind: str, ground: Ground) -> Iterator[Mutant]:
    for part in numbered(ground.parts(kind)):
        parent, theme, start = ground.parents[part.id], _theme(part), part.passage.start
        if kind == "ScheduleEntry" and parent.number is None:
            continue
        blank = "\n\n" if ground.text[:start].rstrip(" ").endswith("\n") else ""
        actions = ground.children(ground.objective(part), "Action")
        alone = kind == "Activity" and len(numbered(ground.children(parent, kind))) == 1
        alone = alone and not any(numbered(ground.children(each, kind)) for each in actions if each is not parent)
        expected = [*_subpart_findings(part, ground), *_parent_findings(part, ground)] if kind == "Activity" else []
        expected += [] if alone else [Expected("number-missing", "*", part.text.strip())]
        related = (
            *_unnumbered_findings(part, ground), *_reference_findings(part, ground), *_period_findings(part),
            *((code, f"{theme}/*") for code in _CODES_OF_ATTACHMENT),
            *((code, f"{theme}/*") for code in ("number-outside-parent", "objective-without-action")),
            ("referral-unverifiable", f"{theme}/*"),
            *_as_related((*_gap_findings(part, ground), *_parent_findings(part, ground))),
        )  # fmt: skip
        edits = (Edit(start, start, blank), Edit(start, part.passage.end - len(part.text), ""))
        yield _mutant(part.id, edits, expected, related)


def _swap(kind: str, ground: Ground) -> Iterator[Mutant]:
    codes = ("number-outside-row", "number-out-of-order") if kind == "Objective" else ("number-out-of-order",)
    parents = {ground.parents[part.id].id: ground.parents[part.id] for part in ground.parts(kind)}
    for parent in parents.values():
        siblings = numbered(ground.children(parent, kind))
        for one, other in pairwise(siblings):
            edits = (_number(one, other.number or ""), _number(other, one.number or ""))
            rows = [each.id for part in (one, other) for each, _ in ground.objective(part).walk()]
            related = [*((code, row) for code in codes for row in rows), *_unnumbered_findings(one, ground)]
            related += [("time-without-anchor", row) for row in rows]
            related += [("note-contradicts-schedule", f"{_theme(one)}/*")] if kind == "Objective" else []
            related += [("number-out-of-order", each.id) for each in siblings[siblings.index(other) + 1 :][:1]]
            expected = [Expected("number-out-of-order", one.id, None, other.id)]
            yield _mutant(f"{one.id} {other.id}", edits, expected, related)


def _move(kind: str, ground: Ground) -> Iterator[Mutant]:
    """Move a part to the row of the next objective of its theme, and to that of the previous one."""
    for theme in ground.parts("Theme"):
        rows = ground.children(theme, "Objective")
        for here, there in (*pairwise(rows), *pairwise(rows[::-1])):
            targets = [each for each, _ in there.walk() if each.kind == kind]
            moved = [each for each, _ in here.walk() if each.kind == kind and each.number is not None]
            for part in moved if targets else ():
                last = max(targets, key=lambda each: each.passage)
                copy = Edit(last.passage.end, last.passage.end, "\n\n" + part.passage.exact, _span(part))
                expected = (
                    Expected("number-outside-row", part.id, None, there.id),
                    *_unnumbered_activity_findings(part, ground),
                )
                related = [
                    *_unnumbered_findings(part, ground),
                    *_unnumbered_findings(last, ground),
                    *_row_findings(part, ground, "sentence-repeated"),
                ]
                related += [("note-contradicts-schedule", each.id) for each in ground.children(here, "Note")]
                yield _mutant(f"{part.id} to {there.id}", (Edit(*_span(part), ""), copy), expected, related)


def _blank(kind: str, ground: Ground) -> Iterator[Mutant]:
    for part in numbered(ground.parts(kind)):
        edit = Edit(part.passage.end - len(part.text), part.passage.end, "")
        status = [("status-missing", part.id)] if kind == "ScheduleEntry" else []
        related = (
            *status,
            *_reference_findings(part, ground),
            *_period_findings(part),
            ("note-contradicts-schedule", "*"),
        )
        yield _mutant(part.id, [edit], [Expected("text-missing", part.id)], related)


def _each(
    name: str, does: str, kinds: tuple[str, ...], places: Callable[[str, Ground], Iterator[Mutant]]
) -> list[Operator]:
    """An operator for each kind of part."""
    return [Operator(f"{name}-{kind.lower()}", does.format(kind), partial(places, kind)) for kind in kinds]


OPERATORS = (
    Operator("drop-theme", "the title of a theme is gone", _drop_titles),
    Operator("drop-objective", "the words of an objective are gone", _drop_objectives),
    *_each("drop", "the words of one {} are gone", _LEVELS[1:], _drop),
    *_each("duplicate", "one {} stands there twice", _LEVELS, _duplicate),
    *_each("renumber", "one {} has a number that leaves a gap", _LEVELS, _renumber),
    *_each("misnumber", "the number of one {} begins as no other does", _LEVELS[1:], _misnumber),
    *_each("unnumber", "one {} has lost its number", _LEVELS, _unnumber),
    *_each("swap", "the numbers of one {} and the next have changed places", _LEVELS[:3], _swap),
    *_each("move", "one {} stands in the row of another objective", _LEVELS[1:], _move),
    *_each("blank", "of one {} only the number is left", _LEVELS, _blank),
)
