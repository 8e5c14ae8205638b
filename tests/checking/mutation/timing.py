"""Damage to the times in a plan: dates that are past, impossible, to be set, or missing; periods with no beginning."""

import re
from collections.abc import Iterator
from itertools import cycle

from tests.checking.mutation.mutants import Edit, Expected, Ground, Mutant, Operator
from tests.checking.mutation.wording import appended, reworded, unread

__all__ = ["OPERATORS"]

_DATED = re.compile(r"\b(?:19|20)\d\d\b")
_DELAY = re.compile(r"\bdentro\s+de\s")
_RECURRENCE = "add-recurrence"


def _anchors(ground: Ground, element: str) -> tuple[tuple[str, str], ...]:
    """A date is where the periods of what is beside it can count from."""
    parent = ground.parents[element].id
    return tuple(("time-without-anchor", each) for each in (element, parent, f"{element}.*", f"{parent}.*"))


def _impossible(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("Activity", "ScheduleEntry"):
        yield Mutant(
            part.id,
            (appended(part, ", el 31 de junio de 2010"),),
            (Expected("date-impossible", part.id, "31 de junio de 2010"),),
            unread(part, ground),
        )


def _past(ground: Ground) -> Iterator[Mutant]:
    """Before the year in the title or, where there is none, before the latest thing that the plan cites."""
    code = "date-past" if any(each.code == "plan-undated" for each in ground.findings) else "date-before-plan"
    for part in ground.parts("ScheduleEntry"):
        yield Mutant(
            part.id,
            (appended(part, ", hasta enero de 1999"),),
            (Expected(code, part.id, "hasta enero de 1999"),),
            (*_anchors(ground, part.id), ("date-to-be-set", part.id), ("outcome-undated", part.id)),
        )


def _reversed(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("ScheduleEntry"):
        yield Mutant(
            part.id,
            (appended(part, ", de 2034 a 2032"),),
            (Expected("period-reversed", part.id, "de 2034 a 2032"),),
            (*_anchors(ground, part.id), ("outcome-undated", part.id), *unread(part, ground)),
        )


def _reversed_within(ground: Ground) -> Iterator[Mutant]:
    """Within one month or one year, which is said once."""
    ways = cycle(("del 5 al 3 de marzo de 2034", "de junio a mayo de 2034", "from 5 March to 3 March 2034"))
    for part, words in zip(ground.parts("ScheduleEntry"), ways, strict=False):
        yield Mutant(
            part.id,
            (appended(part, f", {words}"),),
            (Expected("period-reversed", part.id, words),),
            (*_anchors(ground, part.id), ("outcome-undated", part.id), *unread(part, ground)),
        )


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


def _beyond(ground: Ground) -> Iterator[Mutant]:
    """After the last of the years in the title."""
    if not any(each.code == "plan-undated" for each in ground.findings):
        for part in ground.parts("ScheduleEntry"):
            yield Mutant(
                part.id,
                (appended(part, ", hasta marzo de 2099"),),
                (Expected("date-after-plan", part.id, "hasta marzo de 2099"),),
                (*_anchors(ground, part.id), ("outcome-undated", part.id)),
            )


def _to_be_set(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("ScheduleEntry"):
        words = "fechas por definir"
        yield Mutant(
            part.id,
            (reworded(part, f"Guatemala, en {words}"),),
            (Expected("date-to-be-set", part.id),),
            _anchors(ground, part.id),
        )


def _set_and_not(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("ScheduleEntry"):
        yield Mutant(
            part.id,
            (reworded(part, "Fecha por definir, marzo de 2031"),),
            (Expected("status-contradicts-date", part.id, None, part.id),),
            _anchors(ground, part.id),
        )


def _undone(ground: Ground) -> Iterator[Mutant]:
    for part in ground.parts("ScheduleEntry"):
        yield Mutant(
            part.id,
            (reworded(part, "Actividad realizada"),),
            (Expected("outcome-undated", part.id),),
            _anchors(ground, part.id),
        )


def _since_when(name: str, words: str) -> Operator:
    """A recurrence counts from the years in the title, or from the delay that stands beside it, where it has any."""

    def places(ground: Ground) -> Iterator[Mutant]:
        undated = any(each.code == "plan-undated" for each in ground.findings)
        for part in ground.parts("Activity") if undated or name != _RECURRENCE else ():
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


OPERATORS = (
    Operator("add-impossible-date", "a date that no calendar has", _impossible),
    Operator("add-past-date", "a date before the plan itself", _past),
    Operator("reverse-period", "a period that ends before it begins", _reversed),
    Operator("reverse-within", "a period that ends before it begins in the same month or year", _reversed_within),
    Operator("complete-later", "an entry says that something was done after the plan was adopted", _done_later),
    Operator("add-late-date", "a date after the years in the title", _beyond),
    Operator("unset-date", "an entry says that its date is to be set", _to_be_set),
    Operator("contradict-date", "an entry says that its date is to be set, and gives one", _set_and_not),
    Operator("undate-outcome", "an entry says that something is done, and not when", _undone),
    _since_when("add-delay", "dentro de dos años"),
    _since_when(_RECURRENCE, "cada cuatro meses"),
    Operator("undate-plan", "the title of the plan has no year", _undated_plan),
)
