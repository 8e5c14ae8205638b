"""Damage to the build of a plan: parts that are missing, there twice, renumbered, swapped, moved or empty."""

from collections.abc import Iterator
from itertools import pairwise

from crmgraph.reading.model import Part
from tests.checks.mutation.mutants import Edit, Expected, Ground, Mutant, Operator, numbered

__all__ = ["OPERATORS"]

_BELOW = {"Theme": "Objective", "Objective": "Action", "Action": "Activity", "Activity": "ScheduleEntry"}
_LEVELS = tuple(_BELOW.values())
_FREE = 77


def _around(part: Part, ground: Ground, *codes: str) -> tuple[tuple[str, str], ...]:
    """Codes of findings about the lines of a part's row, some of which have no number and are placed by the others."""
    row = ground.objective(part)
    return tuple((code, pattern) for code in codes for pattern in (row.id, *(each.id for each, _ in row.walk())))


_PLACED = ("attachment-by-position", "number-missing", "activity-without-schedule", "action-without-numbered-activity")


def _loose(part: Part, ground: Ground) -> tuple[tuple[str, str], ...]:
    """What may be said otherwise of a row that has lines without a number, for their place depends on the others."""
    row = ground.objective(part)
    theme = part.id.partition("/")[0]
    lines = [each for each, _ in row.walk() if each.kind in _LEVELS and each.number is None]
    if not lines:
        return ()
    return (*_around(part, ground, *_PLACED), *((code, f"{theme}/*-?") for code in _PLACED))


def _orphans(part: Part, ground: Ground) -> list[Expected]:
    """What is to be said of the numbered children of a part when that, or its number, is no longer there."""
    if part.kind == "Action":
        lines = ground.children(part, "Activity")
        return [Expected("activity-without-action", each.id) for each in numbered(lines)]
    if part.kind == "Activity" and part.number is not None:
        entries = numbered(ground.children(part, "ScheduleEntry"))
        return [Expected("schedule-without-numbered-activity", each.id) for each in entries]
    return []


def _stranded(part: Part, ground: Ground) -> list[Expected]:
    """What is to be said of the lines without a number in a row whose only action is no longer there."""
    objective = ground.parents[part.id]
    lines = ground.children(part, "Activity")
    if part.kind == "Action" and ground.children(objective, "Action") == [part] and len(numbered(lines)) < len(lines):
        return [Expected("activity-without-action", f"{objective.id}-?")]
    return []


def _childless(part: Part, ground: Ground) -> list[Expected]:
    """What is to be said of the parent of a part when that, or its number, is no longer there."""
    parent = ground.parents[part.id]
    others = [each for each in ground.children(parent, part.kind) if each is not part]
    if part.kind == "ScheduleEntry" and not others and parent.kind == "Activity":
        return [Expected("activity-without-schedule", parent.id)]
    if part.kind == "Activity" and part.number is not None and not numbered(others) and parent.kind == "Action":
        return [Expected("action-without-numbered-activity", parent.id)]
    if part.kind == "Action" and not others:
        return [Expected("objective-without-action", parent.id)]
    return []


def _gap(part: Part, ground: Ground) -> list[Expected]:
    """The next number under the same parent lacks the one before it."""
    siblings = numbered(ground.children(ground.parents[part.id], part.kind))
    if part not in siblings:
        return []
    return [Expected("number-gap", each.id) for each in siblings[siblings.index(part) + 1 :][:1]]


def _drops(kind: str) -> Operator:
    def places(ground: Ground) -> Iterator[Mutant]:
        for part in ground.parts(kind):
            if part.kind == "Activity" and part.number is None:
                continue
            yield Mutant(
                part.id,
                (Edit(part.passage.start, part.passage.end, ""),),
                (*_orphans(part, ground), *_stranded(part, ground), *_childless(part, ground), *_gap(part, ground)),
                (*_loose(part, ground), *_cited(part, ground), *_unanchored(part)),
            )

    return Operator(f"drop-{kind.lower()}", f"the words of one {kind} are gone", places)


def _cited(part: Part, ground: Ground) -> tuple[tuple[str, str], ...]:
    """References that lead to a part, or to what is below it."""
    cited = {each.id for each, _ in part.walk()}
    return tuple(
        ("unresolved-cross-reference", ground.parents[each.id].id)
        for each in ground.parts("CrossReference")
        if getattr(each, "target", None) in cited
    )


def _unanchored(part: Part) -> tuple[tuple[str, str], ...]:
    """What is below a part may count its times from what that says."""
    return tuple(("time-without-anchor", each.id) for each, _ in part.walk() if each is not part)


def _drop_objectives(ground: Ground) -> Iterator[Mutant]:
    """An empty cell: the row goes on with the objective before, if the theme has one."""
    for theme in ground.parts("Theme"):
        for place, part in enumerate(ground.children(theme, "Objective")):
            before = ground.children(theme, "Objective")[place - 1] if place else None
            actions = ground.children(part, "Action")
            noted = bool(ground.children(part, "Note"))
            code = "number-outside-parent" if place and not noted else "action-without-objective"
            gap = _gap(part, ground)
            yield Mutant(
                part.id,
                (Edit(part.passage.start, part.passage.end, ""),),
                (*(Expected(code, each.id) for each in actions), *(gap if place else ())),
                (
                    *_cited(part, ground),
                    *_loose(part, ground),
                    *(_loose(before, ground) if before else ()),
                    *((("note-contradicts-schedule", "*"),) if noted else ()),
                    *(
                        ()
                        if place
                        else (("theme-without-objective", theme.id), *((each.code, each.element) for each in gap))
                    ),
                ),
            )


def _drop_titles(ground: Ground) -> Iterator[Mutant]:
    """The title of a theme is gone, so its objectives seem to belong to the theme before."""
    themes = ground.parts("Theme")
    for before, theme in zip([None, *themes], themes, strict=False):
        objectives = numbered(ground.children(theme, "Objective"))
        taken = {each.number for each in ground.children(before, "Objective")} if before else set()
        expected = [
            Expected("number-repeated", f"{before.id}/{each.number}-2")
            for each in objectives
            if before and each.number in taken
        ]
        citing = [
            ground.parents[each.id].id
            for each in ground.parts("CrossReference")
            if getattr(each, "theme_passage", None) and getattr(each, "target_theme", None) == theme.id
        ]
        expected += [Expected("unknown-theme", each) for each in citing if not each.startswith(f"{theme.id}/")]
        codes: tuple[str, ...] = (
            "number-repeated",
            "number-gap",
            "number-out-of-order",
            "number-outside-row",
            *_PLACED,
        )
        codes += (
            "note-contradicts-schedule",
            "schedule-without-numbered-activity",
            "objective-without-action",
            "unresolved-cross-reference",
            "unknown-theme",
        )
        repeats = list(getattr(theme, "repeats", ()))
        yield Mutant(
            theme.id,
            tuple(Edit(words.start, words.end, "") for words in (theme.passage, *repeats)),
            tuple(expected),
            tuple((code, pattern) for code in codes for pattern in (f"{theme.id}/*", f"{getattr(before, 'id', '')}/*")),
            refused=before is None,
        )


def _duplicates(kind: str) -> Operator:
    def places(ground: Ground) -> Iterator[Mutant]:
        for part in numbered(ground.parts(kind)):
            copy, row = f"{part.id}-2", ground.objective(part)
            below = _BELOW.get(kind)
            missing = {
                "Action": "objective-without-action",
                "Activity": "action-without-numbered-activity",
                "ScheduleEntry": "activity-without-schedule",
            }
            expected = [Expected("number-repeated", copy, None, part.id)]
            if below is not None and (kind == "Objective" or not ground.children(part, below)):
                expected.append(Expected(missing[below], copy))
            yield Mutant(
                part.id,
                (Edit(part.passage.end, part.passage.end, "\n\n" + part.passage.exact, _span(part)),),
                tuple(expected),
                (("sentence-repeated", copy), ("note-contradicts-schedule", f"{row.id}-?"), *_loose(part, ground)),
            )

    return Operator(f"duplicate-{kind.lower()}", f"one {kind} stands there twice", places)


def _span(part: Part) -> tuple[int, int]:
    return part.passage.start, part.passage.end


def _number(part: Part) -> Edit:
    return Edit(part.passage.start, part.passage.start + len(part.number or ""), "")


def _renumbered(part: Part, number: str, *others: Edit) -> tuple[Edit, ...]:
    place = _number(part)
    return (Edit(place.start, place.end, number), *others)


def _renumber(kind: str) -> Operator:
    def places(ground: Ground) -> Iterator[Mutant]:
        for part in numbered(ground.parts(kind)):
            beginning = (part.number or "").rpartition(".")[0]
            number = f"{beginning}.{_FREE}" if beginning else str(_FREE)
            theme = part.id.partition("/")[0]
            new = f"{theme}/{number}"
            expected = [Expected("number-gap", new), *_orphans(part, ground)]
            siblings = numbered(ground.children(ground.parents[part.id], kind))
            after = siblings[siblings.index(part) + 1 :]
            if len(after) == 1:
                expected.append(Expected("number-out-of-order", after[0].id, None, new))
            elif after:
                expected.append(Expected("number-out-of-order", new, None, after[0].id))
            if kind == "Objective":
                expected += [Expected("number-outside-parent", each.id) for each in ground.children(part, "Action")]
            elif kind != "ScheduleEntry":
                missing = "action-without-numbered-activity" if kind == "Action" else "activity-without-schedule"
                expected.append(Expected(missing, new))
            related = [
                *_cited(part, ground),
                *_unanchored(part),
                *_loose(part, ground),
                *((each.code, each.element) for each in _gap(part, ground)),
            ]
            yield Mutant(part.id, _renumbered(part, number), tuple(expected), tuple(related))

    return Operator(f"renumber-{kind.lower()}", f"one {kind} has a number that leaves a gap", places)


def _falls_to_unnumbered(entry: Part, ground: Ground) -> bool:
    """Whether an entry whose number helps nobody is taken for that of an unnumbered activity: both begin their row."""
    row = ground.objective(entry)
    first = {kind: next(iter(_in_row(row, kind)), None) for kind in ("Activity", "ScheduleEntry")}
    return first["ScheduleEntry"] is entry and first["Activity"] is not None and first["Activity"].number is None


def _in_row(row: Part, kind: str) -> list[Part]:
    return sorted((each for each, _ in row.walk() if each.kind == kind), key=lambda each: each.passage)


def _misnumber(kind: str) -> Operator:
    def places(ground: Ground) -> Iterator[Mutant]:
        for part in numbered(ground.parts(kind)):
            number = f"{_FREE}.{(part.number or '').partition('.')[2]}"
            new = f"{part.id.partition('/')[0]}/{number}"
            expected = [*_orphans(part, ground)]
            if kind == "ScheduleEntry" and _falls_to_unnumbered(part, ground):
                expected.append(Expected("schedule-without-numbered-activity", new))
            elif ground.parents[part.id].number is not None:
                expected.append(Expected("number-outside-parent", new))
            related = [
                *_cited(part, ground),
                *_unanchored(part),
                *_loose(part, ground),
                *((each.code, each.element) for each in (*_gap(part, ground), *_childless(part, ground))),
                ("action-without-numbered-activity", new),
                ("activity-without-schedule", new),
                ("schedule-without-numbered-activity", new),
                *_around(part, ground, "activity-without-schedule", "action-without-numbered-activity"),
            ]
            yield Mutant(part.id, _renumbered(part, number), tuple(expected), tuple(related))

    return Operator(f"misnumber-{kind.lower()}", f"the number of one {kind} begins as no other does", places)


def _unnumber(kind: str) -> Operator:
    def places(ground: Ground) -> Iterator[Mutant]:
        for part in numbered(ground.parts(kind)):
            end = part.passage.end - len(part.text)
            blank = "\n\n" if ground.text[: part.passage.start].rstrip(" ").endswith("\n") else ""
            parent = ground.parents[part.id]
            if kind == "ScheduleEntry" and parent.number is None:
                continue
            alone = kind == "Activity" and len(numbered(ground.children(parent, kind))) == 1
            if alone:
                actions = ground.children(ground.objective(part), "Action")
                alone = not any(numbered(ground.children(each, kind)) for each in actions if each is not parent)
            theme = part.id.partition("/")[0]
            expected = [*_orphans(part, ground), *_childless(part, ground)] if kind == "Activity" else []
            related = [
                *_loose(part, ground), *_cited(part, ground), *_unanchored(part),
                *((code, f"{theme}/*") for code in (*_PLACED, "number-outside-parent", "objective-without-action")),
                ("referral-unverifiable", f"{theme}/*"),
                *((each.code, each.element) for each in (*_gap(part, ground), *_childless(part, ground))),
            ]  # fmt: skip
            start = part.passage.start
            edits = (Edit(start, start, blank), Edit(start, end, ""))
            mutant = Mutant(part.id, edits, tuple(expected), tuple(related))
            yield (
                mutant
                if alone
                else Mutant(
                    part.id,
                    mutant.edits,
                    (*expected, Expected("number-missing", "*", part.text.strip())),
                    mutant.related,
                )
            )

    return Operator(f"unnumber-{kind.lower()}", f"one {kind} has lost its number", places)


def _swap(kind: str) -> Operator:
    def places(ground: Ground) -> Iterator[Mutant]:
        parents = {ground.parents[part.id].id: ground.parents[part.id] for part in ground.parts(kind)}
        for parent in parents.values():
            siblings = numbered(ground.children(parent, kind))
            for one, other in pairwise(siblings):
                edits = _renumbered(one, other.number or "", *_renumbered(other, one.number or ""))
                expected = [Expected("number-out-of-order", one.id, None, other.id)]
                rows = [each.id for part in (one, other) for each, _ in ground.objective(part).walk()]
                codes = (
                    ("number-outside-row", "number-out-of-order") if kind == "Objective" else ("number-out-of-order",)
                )
                related = [(code, row) for code in codes for row in rows]
                related += _loose(one, ground)
                related += [("time-without-anchor", row) for row in rows]
                if kind == "Objective":
                    related.append(("note-contradicts-schedule", f"{one.id.partition('/')[0]}/*"))
                after = siblings[siblings.index(other) + 1 :][:1]
                related += [("number-out-of-order", each.id) for each in after]
                yield Mutant(f"{one.id} {other.id}", edits, tuple(expected), tuple(related))

    return Operator(f"swap-{kind.lower()}", f"the numbers of one {kind} and the next have changed places", places)


def _moves(kind: str) -> Operator:
    """To the row of the next objective of the theme, and to that of the one before."""

    def places(ground: Ground) -> Iterator[Mutant]:
        for theme in ground.parts("Theme"):
            rows = ground.children(theme, "Objective")
            for here, there in (*pairwise(rows), *pairwise(rows[::-1])):
                targets = [each for each, _ in there.walk() if each.kind == kind]
                if not targets:
                    continue
                for part in (each for each, _ in here.walk() if each.kind == kind and each.number is not None):
                    last = max(targets, key=lambda each: each.passage)
                    edits = (
                        Edit(part.passage.start, part.passage.end, ""),
                        Edit(last.passage.end, last.passage.end, "\n\n" + part.passage.exact, _span(part)),
                    )
                    expected = (Expected("number-outside-row", part.id, None, there.id), *_stranded(part, ground))
                    related = [*_loose(part, ground), *_loose(last, ground)]
                    related += _around(part, ground, "sentence-repeated")
                    related += [("note-contradicts-schedule", each.id) for each in ground.children(here, "Note")]
                    yield Mutant(f"{part.id} to {there.id}", edits, expected, tuple(related))

    return Operator(f"move-{kind.lower()}", f"one {kind} stands in the row of another objective", places)


def _blanks(kind: str) -> Operator:
    def places(ground: Ground) -> Iterator[Mutant]:
        for part in numbered(ground.parts(kind)):
            start = part.passage.end - len(part.text)
            status = (("status-missing", part.id),) if kind == "ScheduleEntry" else ()
            related = (*status, *_cited(part, ground), *_unanchored(part), ("note-contradicts-schedule", "*"))
            yield Mutant(part.id, (Edit(start, part.passage.end, ""),), (Expected("text-missing", part.id),), related)

    return Operator(f"blank-{kind.lower()}", f"of one {kind} only the number is left", places)


OPERATORS = (
    Operator("drop-theme", "the title of a theme is gone", _drop_titles),
    Operator("drop-objective", "the words of an objective are gone", _drop_objectives),
    *(_drops(kind) for kind in _LEVELS[1:]),
    *(_duplicates(kind) for kind in _LEVELS),
    *(_renumber(kind) for kind in _LEVELS),
    *(_misnumber(kind) for kind in _LEVELS[1:]),
    *(_unnumber(kind) for kind in _LEVELS),
    *(_swap(kind) for kind in _LEVELS[:3]),
    *(_moves(kind) for kind in _LEVELS[1:]),
    *(_blanks(kind) for kind in _LEVELS),
)
