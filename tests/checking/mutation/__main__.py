"""Writes to docs/checks-mutants.md how many mutants of each kind there are, and how many are caught.

`python -m tests.checking.mutation [MOST]` tries every mutant, or at most MOST of each operator on each plan.
"""

import gc
import sys
from collections import Counter
from collections.abc import Iterator
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
PROCESSES = 2
_TITLE = """# Mutants

Plans and data broken on purpose, and what the checks make of them: each must add the finding that is expected, in its
place, and no other. {tried}, by `python -m tests.checking.mutation`.

"""
_HEAD = "| Operator | What it does | Mutants | Caught | With a false alarm |\n| --- | --- | ---: | ---: | ---: |\n"
_WAYS = ("mutants", "caught", "alarmed")
Figures = Counter[tuple[str, str]]


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

    @cached_property
    def of_data(self) -> list[tuple[data.DataOperator, data.DataMutant]]:
        """The mutants of the real plan's data."""
        found = []
        graph = merged(self._described)
        for operator in data.OPERATORS:
            made = [(operator, mutant) for mutant in operator.places(graph)]
            Random(0).shuffle(made)
            found += made
        return found

    def tried(self, place: int) -> Outcome:
        """What becomes of the mutant at a place among all, those of plans first."""
        if place < len(self.of_plans):
            operator, mutant, ground = self.of_plans[place]
            verdict = run(mutant, ground, self.bench)
            said = "" if verdict.good else f"{operator.name} {mutant.place}: {verdict}"
            return Outcome(operator.name, not verdict.missed, bool(verdict.false or verdict.lost), said)
        damage, damaged = self.of_data[place - len(self.of_plans)]
        with damaged.damaging(self._described) as dataset:
            after = self.bench.check(dataset, whole=True)
        caught, others = data.judge_data(damaged, self._undamaged, after)
        said = "" if caught and not others else f"{damage.name} {damaged.place}: {caught} {others}"
        return Outcome(damage.name, caught, bool(others), said)

    @cached_property
    def _described(self) -> Dataset:
        return self.bench.described(REAL)

    @cached_property
    def _undamaged(self) -> list[Finding]:
        return self.bench.check(self._described, whole=True)


def places(trial: Trial, most: int) -> Iterator[int]:
    """The places of the mutants to try, at most `most` of each operator and plan."""
    taken: Counter[tuple[str, int]] = Counter()
    keys = [(operator.name, id(ground)) for operator, _, ground in trial.of_plans]
    for place, key in enumerate([*keys, *((operator.name, 0) for operator, _ in trial.of_data)]):
        taken[key] += 1
        if taken[key] <= most:
            yield place


_trials: list[Trial] = []


def begin() -> None:
    """Makes a process ready. What it needs all the time is no concern of the garbage collector."""
    _trials.append(Trial())
    gc.freeze()


def turn(place: int) -> Outcome:
    """What becomes of one mutant, in a process that is ready."""
    return _trials[0].tried(place)


def table(figures: Figures, does: dict[str, str]) -> str:
    """The figures as a table in Markdown."""
    rows = [
        " | ".join(("| " + name, does[name], *(str(figures[name, way]) for way in _WAYS))) + " |\n"
        for name in does
        if figures[name, "mutants"]
    ]
    total = [sum(figures[name, way] for name in does) for way in _WAYS]
    return _HEAD + "".join(rows) + f"| **All** | | {total[0]} | {total[1]} | {total[2]} |\n"


def main() -> None:
    """Tries the mutants, on several processors, and writes the page."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else sys.maxsize
    trial = Trial()
    chosen = list(places(trial, most))
    Random(0).shuffle(chosen)
    figures: Figures = Counter()
    with Pool(PROCESSES, begin) as pool:
        for done, outcome in enumerate(pool.imap_unordered(turn, chosen), start=1):
            figures[outcome.operator, "mutants"] += 1
            figures[outcome.operator, "caught"] += outcome.caught
            figures[outcome.operator, "alarmed"] += outcome.alarmed
            if outcome.said:
                print(outcome.said, flush=True)
            if done % 100 == 0:
                print(f"{done} of {len(chosen)}", file=sys.stderr, flush=True)
    does = {each.name: each.does for each in operators(trial.bench)} | {each.name: each.does for each in data.OPERATORS}
    amount = "All of them were tried" if most == sys.maxsize else f"At most {most} of each operator and plan were tried"
    PAGE.write_text(_TITLE.format(tried=amount) + table(figures, does), encoding="utf-8")


if __name__ == "__main__":
    main()
