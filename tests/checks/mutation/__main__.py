"""Writes to docs/checks-mutants.md how many mutants of each kind there are, and how many are caught.

`python -m tests.checks.mutation` tries every mutant, which takes hours; with a number, at most so many of each
operator on each plan.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random

from crmgraph.checks.plans import merged
from tests.checks.mutation import data
from tests.checks.mutation.bench import Bench
from tests.checks.mutation.growing import clean_plan
from tests.checks.mutation.running import REAL, ground_of, mutants, operators, run

PAGE = Path(__file__).parents[3] / "docs" / "checks-mutants.md"
_TITLE = """# Mutants

Plans and data broken on purpose, and what the checks make of them: each must add the finding that is expected, in its
place, and no other. {tried}, by `python -m tests.checks.mutation`.

"""
_HEAD = "| Operator | What it does | Mutants | Caught | With a false alarm |\n| --- | --- | ---: | ---: | ---: |\n"
_WAYS = ("mutants", "caught", "alarmed")


def main(most: int) -> None:
    """Tries the mutants and writes the page."""
    bench, figures = Bench(), Counter[tuple[str, str]]()

    def note(name: str, said: str, missed: bool, alarmed: bool) -> None:
        figures.update({(name, "mutants"): 1, (name, "caught"): int(not missed), (name, "alarmed"): int(alarmed)})
        if missed or alarmed:
            print(name, said, flush=True)

    for text in (REAL, clean_plan(0), clean_plan(1)):
        ground = ground_of(text, bench)
        made = list(mutants(ground, bench))
        Random(0).shuffle(made)
        tried = Counter[str]()
        for operator, mutant in made:
            tried[operator.name] += 1
            if tried[operator.name] <= most:
                verdict = run(mutant, ground, bench)
                note(
                    operator.name,
                    f"{mutant.place}: {verdict}",
                    bool(verdict.missed),
                    bool(verdict.false or verdict.lost),
                )
    described = bench.described(REAL)
    undamaged, graph = bench.check(described, whole=True), merged(described)
    for each in data.OPERATORS:
        places = list(each.places(graph))
        Random(0).shuffle(places)
        for damage in places[:most]:
            with damage.damaging(described):
                found = bench.check(described, whole=True)
            missed, others = data.judge_data([damage], undamaged, found)
            note(each.name, f"{damage.place}: {missed} {others}", bool(missed), bool(others))
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
