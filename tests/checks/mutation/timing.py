"""Mutants with defects of times: past, impossible, open or missing dates, and periods without a beginning."""

import re
from collections.abc import Iterator
from itertools import cycle

from tests.checks.mutation.mutants import Edit, Expected, Ground, Mutant, Operator
from tests.checks.mutation.wording import appended, findings_without_annotation, reworded
from tests.support.phrases import rows_of

_DATED = re.compile(r"\b(?:19|20)\d\d\b")
_DELAY = re.compile(r"\bdentro\s+de\s")
_RECURRENCE = "add-recurrence"


def _period_findings(ground: Ground, element: str) -> tuple[tuple[str, str], ...]:
    """The related findings near an element that gets a date, as periods of neighbouring elements may begin with it."""
    parent = ground.parents[element].id
    return tuple(("time-without-anchor", each) for each in (element, parent, f"{element}.*", f"{parent}.*"))


def _is_undated(ground: Ground) -> bool:
    return any(each.code == "plan-undated" for each in ground.findings)


def _words_operator(
    name: str, does: str, codes: str, ways: str, exact: str, other: str, also: str, unseen: str, dated: str, kinds: str
) -> Operator:
    """The operator that writes words about times into parts of some kinds. Values are separated by |.

    `codes` has the code of the expected finding, after that for an undated plan. `ways` has the words, used in turn:
    appended to a text if they begin with a comma, otherwise in its place. `exact` is the text of the finding (by
    default the appended words). `also` has codes of findings about the part that may appear or disappear. Texts that
    are not empty mean: in `other`, the second element of the finding is the part; in `unseen`, an annotated status may
    disappear; in `dated`, only dated plans have the defect.
    """

    def places(ground: Ground) -> Iterator[Mutant]:
        if dated and _is_undated(ground):
            return
        code = codes.split("|")[0 if _is_undated(ground) else -1]
        for part, words in zip(ground.parts(*kinds.split("|")), cycle(ways.split("|")), strict=False):
            added = words.startswith(", ")
            quoted = exact or (words.removeprefix(", ") if added else None)
            related = [(each, part.id) for each in also.split("|") if each]
            related += () if exact else _period_findings(ground, part.id)
            related += findings_without_annotation(part, ground) if unseen else ()
            edit = appended(part, words) if added else reworded(part, words)
            expected = Expected(code, part.id, quoted, part.id if other else None)
            yield Mutant(part.id, (edit,), (expected,), tuple(related))

    return Operator(name, does, places)


def _done_after_adoption(ground: Ground) -> Iterator[Mutant]:
    """An entry states that something was done after the day of adoption in the title."""
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


def _period_operator(name: str, words: str) -> Operator:
    """The operator that adds a delay or recurrence to an activity, in which no other date may be its beginning."""

    def places(ground: Ground) -> Iterator[Mutant]:
        for part in ground.parts("Activity") if _is_undated(ground) or name != _RECURRENCE else ():
            entries = " ".join(each.text for each in ground.children(part, "ScheduleEntry"))
            begun = name == _RECURRENCE and _DELAY.search(part.text)
            if not begun and not _DATED.search(part.text + entries):
                yield Mutant(
                    part.id,
                    (appended(part, f", {words}"),),
                    (Expected("time-without-anchor", part.id, words),),
                    _period_findings(ground, part.id),
                )

    return Operator(name, f"an activity is to be done “{words}”", places)


def _undated_plan(ground: Ground) -> Iterator[Mutant]:
    """Remove the years from the title."""
    first = ground.parts("Theme")[0].passage.start
    years = list(_DATED.finditer(ground.text, 0, first))
    if years:
        edits = tuple(Edit(found.start(), found.end(), "") for found in years)
        related = (("time-without-anchor", "*"),)
        yield Mutant("title", edits, (Expected("plan-undated", ""),), related)


_WORDS_OPERATORS = [_words_operator(*row) for row in rows_of("timing", "checks/mutation")]
OPERATORS = (
    *_WORDS_OPERATORS[:4],
    Operator(
        "complete-later", "an entry says that something was done after the plan was adopted", _done_after_adoption
    ),
    *_WORDS_OPERATORS[4:],
    _period_operator("add-delay", "dentro de dos años"),
    _period_operator(_RECURRENCE, "cada cuatro meses"),
    Operator("undate-plan", "the title of the plan has no year", _undated_plan),
)
