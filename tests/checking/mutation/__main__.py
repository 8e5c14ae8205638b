"""Writes to docs/checks-mutants.md how many mutants of each kind there are, and how many are caught.

`python -m tests.checking.mutation` tries every mutant, with a number at most so many of each operator on each plan, and
with names all those of these operators: the rows of the others then stay as they are.
"""

import gc
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import NamedTuple

from rdflib import Dataset

from crmgraph.checking import Finding, merged
from tests.checking.mutation import data
from tests.checking.mutation.bench import Bench
from tests.checking.mutation.growing import clean_plan
from tests.checking.mutation.mutants import Ground, Mutant, Operator
from tests.checking.mutation.running import REAL, ground_of, mutants, operators, run

PAGE = Path(__file__).parents[3] / "docs" / "checks-mutants.md"
PLANS = (REAL, clean_plan(0), clean_plan(1))
PROCESSES, AT_ONCE = 2, 10
"""How many processes try mutants, and how much damage is done to the data at once."""
_TITLE = """# Mutants

Plans and data broken on purpose, and what the checks make of them: each must add the finding that is expected, in its
place, and no other. {tried}, by `python -m tests.checking.mutation`.

"""
_HEAD = "| Operator | What it does | Mutants | Caught | With a false alarm |\n| --- | --- | ---: | ---: | ---: |\n"
_WAYS = ("mutants", "caught", "alarmed")
Figures = Counter[tuple[str, str]]
Task = int | tuple[str, list[data.DataMutant]]
"""The place of a mutant of a plan, or an operator and the damage that it does to the data at once."""


class Outcome(NamedTuple):
    """What became of one mutant; `said` is what was wrong with what the checks made of it."""

    operator: str
    caught: bool
    alarmed: bool
    said: str


class Trial:
    """What one process needs to try mutants."""

    def __init__(self) -> None:
        self.bench = Bench()
        self.grounds = [ground_of(text, self.bench) for text in PLANS]

    @cached_property
    def of_plans(self) -> list[tuple[Operator, Mutant, Ground]]:
        """The mutants of all plans, those of a plan in an order that is always the same."""
        found = []
        for ground in self.grounds:
            made = [(operator, mutant, ground) for operator, mutant in mutants(ground, self.bench)]
            Random(0).shuffle(made)
            found += made
        return found

    def of_data(self, most: int) -> list[tuple[data.DataOperator, list[data.DataMutant]]]:
        """The mutants of the real plan's data, at most `most` of each operator, several in different places at once."""
        found = []
        graph = merged(self._described)
        for operator in data.OPERATORS:
            made = list(operator.places(graph))
            Random(0).shuffle(made)
            batches: list[dict[str, data.DataMutant]] = []
            for mutant in made[:most]:
                home = next((each for each in batches if mutant.place not in each and len(each) < AT_ONCE), None)
                if home is None:
                    home = {}
                    batches.append(home)
                home[mutant.place] = mutant
            found += [(operator, list(each.values())) for each in batches]
        return found

    def try_plan(self, place: int) -> Outcome:
        """What becomes of the mutant of a plan at a place among all."""
        operator, mutant, ground = self.of_plans[place]
        verdict = run(mutant, ground, self.bench)
        said = "" if verdict.good else f"{operator.name} {mutant.place}: {verdict}"
        return Outcome(operator.name, not verdict.missed, bool(verdict.false or verdict.lost), said)

    def try_data(self, operator: str, damage: list[data.DataMutant]) -> list[Outcome]:
        """What becomes of damage done at once; where that is not as it should be, of each part of it alone."""
        with ExitStack() as done:
            for mutant in damage:
                done.enter_context(mutant.damaging(self._described))
            found = self.bench.check(self._described, whole=True)
        missed, others = data.judge_data(damage, self._undamaged, found)
        if len(damage) > 1 and (missed or others):
            return [outcome for mutant in damage for outcome in self.try_data(operator, [mutant])]
        said = f"{operator} {damage[0].place}: {missed} {others}" if missed or others else ""
        return [Outcome(operator, not missed, bool(others), said) for _ in damage]

    @cached_property
    def _described(self) -> Dataset:
        return self.bench.described(REAL)

    @cached_property
    def _undamaged(self) -> list[Finding]:
        return self.bench.check(self._described, whole=True)


def places(trial: Trial, most: int) -> Iterator[int]:
    """The places of the mutants of plans to try, at most `most` of each operator and plan."""
    taken: Counter[tuple[str, int]] = Counter()
    for place, (operator, _, ground) in enumerate(trial.of_plans):
        taken[operator.name, id(ground)] += 1
        if taken[operator.name, id(ground)] <= most:
            yield place


_trials: list[Trial] = []


def begin() -> None:
    """Makes a process ready. What it needs all the time is no concern of the garbage collector."""
    _trials.append(Trial())
    gc.freeze()


def turn(task: Task) -> list[Outcome]:
    """What becomes of a mutant of a plan or of damage to data, in a process that is ready."""
    return [_trials[0].try_plan(task)] if isinstance(task, int) else _trials[0].try_data(*task)


def table(figures: Figures, does: dict[str, str]) -> str:
    """The figures as a table in Markdown."""
    rows = [
        " | ".join(("| " + name, does[name], *(str(figures[name, way]) for way in _WAYS))) + " |\n"
        for name in does
        if figures[name, "mutants"]
    ]
    total = [sum(figures[name, way] for name in does) for way in _WAYS]
    return _HEAD + "".join(rows) + f"| **All** | | {total[0]} | {total[1]} | {total[2]} |\n"


def told(page: str, again: set[str]) -> Figures:
    """The figures that a page tells of operators that are not tried `again`; none where all are."""
    figures: Figures = Counter()
    for name, *numbers in re.findall(r"^\| ([\w-]+) \| .* \| (\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE):
        if again and name not in again:
            figures.update({(name, way): int(number) for way, number in zip(_WAYS, numbers, strict=True)})
    return figures


def operator_of(task: Task, trial: Trial) -> str:
    """The name of the operator of a task."""
    return trial.of_plans[task][0].name if isinstance(task, int) else task[0]


def main() -> None:
    """Tries the mutants, on several processors, and writes the page."""
    most = int(sys.argv[1]) if sys.argv[1:2] and sys.argv[1].isdecimal() else sys.maxsize
    named = set(sys.argv[1:]) if most == sys.maxsize else set()
    trial = Trial()
    damage = [(operator.name, mutants) for operator, mutants in trial.of_data(most)]
    tasks: list[Task] = [*places(trial, most), *damage]
    tasks = [task for task in tasks if not named or operator_of(task, trial) in named]
    Random(0).shuffle(tasks)
    figures = told(PAGE.read_text(encoding="utf-8"), named)
    with Pool(PROCESSES, begin) as pool:
        for done, outcomes in enumerate(pool.imap_unordered(turn, tasks), start=1):
            for outcome in outcomes:
                figures[outcome.operator, "mutants"] += 1
                figures[outcome.operator, "caught"] += outcome.caught
                figures[outcome.operator, "alarmed"] += outcome.alarmed
                if outcome.said:
                    print(outcome.said, flush=True)
            if done % 100 == 0:
                print(f"{done} of {len(tasks)} tasks", file=sys.stderr, flush=True)
    does = {each.name: each.does for each in operators(trial.bench)} | {each.name: each.does for each in data.OPERATORS}
    amount = "All of them were tried" if most == sys.maxsize else f"At most {most} of each operator and plan were tried"
    PAGE.write_text(_TITLE.format(tried=amount) + table(figures, does), encoding="utf-8")


if __name__ == "__main__":
    main()
