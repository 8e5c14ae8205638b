"""Runs all mutants, which takes hours, or at most N of each operator and plan, and writes docs/checks-mutants.md."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import TypeVar

from crmgraph.checks.plans import merged_graph
from tests.checks.mutation import data
from tests.checks.mutation.bench import Bench
from tests.checks.mutation.growing import clean_plan
from tests.checks.mutation.judging import GOOD, Verdict
from tests.checks.mutation.mutants import Expected
from tests.checks.mutation.running import REAL, ground_of, operators, run

PAGE = Path(__file__).parents[3] / "docs" / "checks-mutants.md"
_TITLE = """# Mutants

Plans and data broken on purpose, and what the checks make of them: each must add the finding that is expected, in its
place, and no other. {tried}, by `python -m tests.checks.mutation`.

"""
_HEAD = "| Operator | What it does | Mutants | Caught | With a false alarm |\n| --- | --- | ---: | ---: | ---: |\n"
_WAYS = ("mutants", "caught", "alarmed")
_Some = TypeVar("_Some")


def verdicts(bench: Bench, most: int) -> Iterator[tuple[str, str, Verdict]]:
    """Yield the operator, the place and the verdict of mutants, at most `most` for each operator and plan."""
    for text in (REAL, clean_plan(0), clean_plan(1)):
        ground = ground_of(text, bench)
        for operator in operators(bench):
            for mutant in shuffled(operator.places(ground))[:most]:
                yield operator.name, mutant.place, run(mutant, ground, bench)
    described = bench.described(REAL)
    undamaged, graph = bench.check(described, whole=True), merged_graph(described)
    for each in data.OPERATORS:
        for damage in shuffled(each.places(graph))[:most]:
            with damage.damaging(described):
                found = bench.check(described, whole=True)
            missed, others = data.judge_data([damage], undamaged, found)
            yield (
                each.name,
                damage.place,
                Verdict(tuple(Expected(one.code, one.place) for one in missed), tuple(others)),
            )


def shuffled(places: Iterable[_Some]) -> list[_Some]:
    found = list(places)
    Random(0).shuffle(found)
    return found


def main(most: int) -> None:
    bench, figures = Bench(), Counter[tuple[str, str]]()
    for name, place, said in verdicts(bench, most):
        is_alarmed = bool(said.false or said.lost)
        figures.update(
            {(name, "mutants"): 1, (name, "caught"): int(not said.missed), (name, "alarmed"): int(is_alarmed)}
        )
        if said != GOOD:
            print(name, place, said, flush=True)
    does = {each.name: each.does for each in operators(bench)} | {each.name: each.does for each in data.OPERATORS}
    rows = [
        f"| {name} | {what} | {' | '.join(str(figures[name, way]) for way in _WAYS)} |\n"
        for name, what in does.items()
        if figures[name, "mutants"]
    ]
    total = " | ".join(str(sum(figures[name, way] for name in does)) for way in _WAYS)
    amount = "All of them were tried" if most == sys.maxsize else f"At most {most} of each operator and plan were tried"
    PAGE.write_text(f"{_TITLE.format(tried=amount)}{_HEAD}{''.join(rows)}| **All** | | {total} |\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else sys.maxsize)
