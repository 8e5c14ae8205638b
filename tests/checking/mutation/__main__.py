"""Writes to docs/checks-mutants.md how many mutants of each kind there are, and how many are caught.

`python -m tests.checking.mutation [MOST]` tries every mutant, or at most MOST of each operator on each plan.
"""

import sys
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from random import Random

from rdflib import Graph

from tests.checking.mutation import data
from tests.checking.mutation.bench import Bench
from tests.checking.mutation.growing import clean_plan
from tests.checking.mutation.running import REAL, ground_of, mutants, operators, run

PAGE = Path(__file__).parents[3] / "docs" / "checks-mutants.md"
PLANS = (REAL, clean_plan(0), clean_plan(1))
_TITLE = """# Mutants

Plans and data broken on purpose, and what the checks make of them: each must add the finding that is expected, in its
place, and no other. {tried}, by `python -m tests.checking.mutation`.

"""
_HEAD = "| Operator | What it does | Mutants | Caught | With a false alarm |\n| --- | --- | ---: | ---: | ---: |\n"
_WAYS = ("mutants", "caught", "alarmed")
Figures = Counter[tuple[str, str]]


def tried(turn: tuple[int, int, int]) -> tuple[Figures, list[str]]:
    """Every `step`-th mutant from `first` on, of at most `most` of each operator and plan: what became of them."""
    first, step, most = turn
    bench = Bench()
    figures: Figures = Counter()
    wrong: list[str] = []
    place = 0
    for text in PLANS:
        ground = ground_of(text, bench)
        made = list(mutants(ground, bench))
        Random(0).shuffle(made)
        taken: Counter[str] = Counter()
        for operator, mutant in made:
            taken[operator.name] += 1
            place += 1
            if taken[operator.name] > most or place % step != first:
                continue
            verdict = run(mutant, ground, bench)
            _count(figures, operator.name, not verdict.missed, bool(verdict.false or verdict.lost))
            if not verdict.good:
                wrong.append(f"{operator.name} {mutant.place}: {verdict}")
    _try_data(figures, wrong, bench, turn)
    return figures, wrong


def _try_data(figures: Figures, wrong: list[str], bench: Bench, turn: tuple[int, int, int]) -> None:
    first, step, most = turn
    described = bench.described(REAL)
    before = bench.check(described, whole=True)
    graph = Graph()
    for subject, predicate, value, _ in described.quads():
        graph.add((subject, predicate, value))
    for operator in data.OPERATORS:
        made = list(operator.places(graph))
        Random(0).shuffle(made)
        for mutant in made[:most][first::step]:
            after = bench.check(mutant.apply(bench.described(REAL)), whole=True)
            caught, others = data.judge_data(mutant, before, after)
            _count(figures, operator.name, caught, bool(others))
            if others or not caught:
                wrong.append(f"{operator.name} {mutant.place}: {caught} {others}")


def _count(figures: Figures, name: str, caught: bool, alarmed: bool) -> None:
    figures[name, "mutants"] += 1
    figures[name, "caught"] += caught
    figures[name, "alarmed"] += alarmed


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
    """Tries the mutants, on two processors, and writes the page."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else sys.maxsize
    figures: Figures = Counter()
    with Pool(2) as pool:
        for some, wrong in pool.map(tried, [(0, 2, most), (1, 2, most)]):
            figures += some
            for line in wrong:
                print(line)
    bench = Bench()
    does = {each.name: each.does for each in operators(bench)} | {each.name: each.does for each in data.OPERATORS}
    amount = "All of them were tried" if most == sys.maxsize else f"At most {most} of each operator and plan were tried"
    PAGE.write_text(_TITLE.format(tried=amount) + table(figures, does), encoding="utf-8")


if __name__ == "__main__":
    main()
