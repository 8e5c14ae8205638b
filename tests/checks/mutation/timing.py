"""Damage to the times in a plan: dates that are past, impossible, to be set, or missing; periods with no beginning."""

import re
from collections.abc import Iterator
from itertools import cycle

from tests.checks.mutation.mutants import Edit, Expected, Ground, Mutant, Operator
from tests.checks.mutation.wording import appended, reworded, unread
from tests.support.phrases import rows_of

_DATED = re.compile(r"\b(?:19|20)\d\d\b")
_DELAY = re.compile(r"\bdentro\s+de\s")
_RECURRENCE = "add-recurrence"


def _anchors(ground: Ground, element: str) -> tuple[tuple[str, str], ...]:
    """A date is where the periods of what is beside it can count from."""
    parent = ground.parents[element].id
    return tuple(("time-without-anchor", each) for each in (element, parent, f"{element}.*", f"{parent}.*"))


def _is_undated(ground: Ground) -> bool:
    return any(each.code == "plan-undated" for each in ground.findings)


def _says(
    name: str, does: str, codes: str, ways: str, exact: str, other: str, also: str, unseen: str, dated: str, kinds: str
) -> Operator:
    """A part says something of times, in each of these ways in turn; words behind a comma are added to its own.

    Of two `codes` the first is that in a plan without a date. The words added are those of the finding, where `exact`
    has no others. `also` are codes that may come or go with it.
    """

    def places(ground: Ground) -> Iterator[Mutant]:
        if dated and _is_undated(ground):
            return
        code = codes.split("|")[0 if _is_undated(ground) else -1]
        for part, words in zip(ground.parts(*kinds.split("|")), cycle(ways.split("|")), strict=False):
            added = words.startswith(", ")
            quoted = exact or (words.removeprefix(", ") if added else None)
            related = [(each, part.id) for each in also.split("|") if each]
            related += () if exact else _anchors(ground, part.id)
            related += unread(part, ground) if unseen else ()
            edit = appended(part, words) if added else reworded(part, words)
            expected = Expected(code, part.id, quoted, part.id if other else None)
            yield Mutant(part.id, (edit,), (expected,), tuple(related))

    return Operator(name, does, places)


def _done_later(ground: Ground) -> Iterator[Mutant]:
    """After the day on which the title says that the plan was adopted."""
    first = ground.parts("Theme")[0].passage.start
    title = ground.text[:first]
    if not _DATED.search(title):
        return
    end = len(title) - len(title.lstrip())
    adoption = Edit(end, end, "Adoptado el 12 de diciembre de 2034\n\n")
    for part in ground.parts("ScheduleEntry"):
        yield Mutant(
            part.id,
            (adoption, reworded(part, "Realizado en marzo de 2099")),
            (Expected("outcome-to-come", part.id, "Realizado", part.id),),
            (("date-before-plan", "*"), ("date-after-plan", "*"), ("time-without-anchor", "*")),
        )


def _since_when(name: str, words: str) -> Operator:
    """A recurrence counts from the years in the title, or from the delay that stands beside it, where it has any."""

    def places(ground: Ground) -> Iterator[Mutant]:
        for part in ground.parts("Activity") if _is_undated(ground) or name != _RECURRENCE else ():
            entries = " ".join(each.text for each in ground.children(part, "ScheduleEntry"))
            begun = name == _RECURRENCE and _DELAY.search(part.text)
            if not begun and not _DATED.search(part.text + entries):
                yield Mutant(
                    part.id,
                    (appended(part, f", {words}"),),
                    (Expected("time-without-anchor", part.id, words),),
                    _anchors(ground, part.id),
                )

    return Operator(name, f"an activity is to be done “{words}”", places)


def _undated_plan(ground: Ground) -> Iterator[Mutant]:
    """The year in the title is gone."""
    first = ground.parts("Theme")[0].passage.start
    years = list(_DATED.finditer(ground.text, 0, first))
    if years:
        edits = tuple(Edit(found.start(), found.end(), "") for found in years)
        related = (("time-without-anchor", "*"),)
        yield Mutant("title", edits, (Expected("plan-undated", ""),), related)


_SAID = [_says(*row) for row in rows_of("timing", "checks/mutation")]
OPERATORS = (
    *_SAID[:4],
    Operator("complete-later", "an entry says that something was done after the plan was adopted", _done_later),
    *_SAID[4:],
    _since_when("add-delay", "dentro de dos años"),
    _since_when(_RECURRENCE, "cada cuatro meses"),
    Operator("undate-plan", "the title of the plan has no year", _undated_plan),
)
