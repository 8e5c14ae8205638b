"""Mutation tests of the checks, with a mutant of each operator: each defect is found at its location, and no other."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from random import Random

import pytest
from rdflib import Dataset

from crmgraph.checks.findings import Finding
from crmgraph.checks.plans import check_plan, merged_graph
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan_text
from crmgraph.reading.languages import key
from crmgraph.reading.model import Source
from tests.checks.made import bench
from tests.checks.mutation import data
from tests.checks.mutation.bench import PLAN
from tests.checks.mutation.growing import clean_plan
from tests.checks.mutation.judging import GOOD
from tests.checks.mutation.mutants import Ground, Mutant, short
from tests.checks.mutation.running import REAL, ground_of, mutants, operators, run

PLANS = {"made": clean_plan(197), "real": REAL}
"""The original plans. The first is short, and most operators apply to it."""
_SPACE = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")


@pytest.fixture(scope="module")
def grounds() -> dict[str, Ground]:
    return {name: ground_of(text, bench()) for name, text in PLANS.items()}


def sample(grounds: dict[str, Ground]) -> Iterator[tuple[str, Mutant]]:
    """One fixed mutant of each operator. It is of the real plan only if the operator does not apply to the made one."""
    for turn, operator in enumerate(operators(bench())):
        for plan, ground in grounds.items():
            made = list(operator.places(ground))
            if made:
                Random(operator.name).shuffle(made)
                themes = [theme.id for theme in ground.parts("Theme")]
                theme = themes[turn % len(themes)]
                yield plan, next((each for each in made if each.place.startswith(theme)), made[0])
                break


def test_every_mutant_is_caught_without_a_false_alarm(grounds: dict[str, Ground]) -> None:
    verdicts = [(plan, mutant.place, run(mutant, grounds[plan], bench())) for plan, mutant in sample(grounds)]
    assert len(verdicts) > 55
    assert [each for each in verdicts if each[2] != GOOD] == []


@pytest.mark.parametrize("seed", range(3))
def test_a_clean_plan_has_nothing_wrong(seed: int) -> None:
    assert bench().findings(clean_plan(seed)) == []


def every(what: re.Pattern[str], new: str, nth: int) -> Callable[[str], str]:
    def change(text: str) -> str:
        turns = count(1)
        return what.sub(lambda found: new if next(turns) % nth == 0 else found[0], text)

    return change


def broken_lines(text: str) -> str:
    """Insert line breaks into the sentences of cells, but not into the lines before the table, which are titles."""
    head, tab, table = text.partition("\t")
    return head + tab + every(_SPACE, "\n", 7)(table)


CHANGES: dict[str, Callable[[str], str]] = {
    "two blanks for one": every(_SPACE, "  ", 3),
    "hard blanks": every(_SPACE, "\u00a0", 1),
    "blanks at the ends of lines": lambda text: text.replace("\n", "  \n"),
    "more empty lines": lambda text: text.replace("\n\n", "\n\n\n"),
    "line breaks within a cell": broken_lines,
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "line ends of old Macs": lambda text: text.replace("\n", "\r"),
    "accents apart from their letters": lambda text: unicodedata.normalize("NFD", text),
}
"""Changes of blank space, line ends and the composition of accents, none of which may change the findings."""


def normalised(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    """The findings without differences of blank space and accents."""
    return sorted(
        (
            each.code,
            short(each.location.element),
            key(each.location.exact or ""),
            short(each.other.element) if each.other else "",
        )
        for each in findings
    )


def test_blank_space_line_ends_and_accents(grounds: dict[str, Ground]) -> None:
    """Each change is applied alone to the short plan, and several together to the real one."""
    for name, change in CHANGES.items():
        assert bench().findings(change(PLANS["made"])) == [], name
    text = REAL
    for name in ("two blanks for one", "line breaks within a cell", "more empty lines", "line ends of Windows",
                 "accents apart from their letters"):  # fmt: skip
        text = CHANGES[name](text)
    assert normalised(bench().findings(text)) == normalised(grounds["real"].findings)


def test_damaged_data_are_caught() -> None:
    """One mutant of each operator on data; all are applied at once."""
    described: Dataset = bench().described(REAL)
    before = bench().check(described, whole=True)
    graph = merged_graph(described)
    damage: list[data.DataMutant] = []
    for operator in data.OPERATORS:
        places = list(operator.places(graph))
        Random(operator.name).shuffle(places)
        damage.append(next(each for each in places if each.place not in {other.place for other in damage}))
    with ExitStack() as done:
        for mutant in damage:
            done.enter_context(mutant.damaging(described))
        found = bench().check(described, whole=True)
    missed, others = data.judge_data(damage, before, found)
    # In a plan with translations, a part without a Spanish label has no translation either.
    assert (missed, [each for each in others if each.code != "translation-missing"]) == ([], [])


def test_the_short_way_gives_what_the_whole_way_gives(grounds: dict[str, Ground]) -> None:
    damaged = next(mutant for _, mutant in mutants(grounds["real"], bench()) if not mutant.refused)
    text = damaged.text(REAL)
    whole = check_plan(read_plan_text(Source(text), PLAN), Names(), lambda _: None, bench().background)
    assert [plain(each) for each in whole] == [plain(each) for each in bench().findings(text)]


def plain(finding: Finding) -> tuple[object, ...]:
    """A finding without file, line and column."""
    return finding.code, finding.severity, finding.location, finding.other, finding.statement_es, finding.statement_en
