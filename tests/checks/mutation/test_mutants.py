"""Proof by mutation: what is broken on purpose is found in its place, and nothing else is.

A fixed sample is tried, with every operator in it; `python -m tests.checks.mutation` tries every mutant.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from random import Random

import pytest
from rdflib import Dataset

from crmgraph.checks.findings import Finding
from crmgraph.checks.plans import check_plan, merged
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan_text
from crmgraph.reading.languages import key
from crmgraph.reading.source import Source
from tests.checks.made import bench
from tests.checks.mutation import data
from tests.checks.mutation.bench import PLAN
from tests.checks.mutation.growing import clean_plan
from tests.checks.mutation.mutants import Ground, Mutant, short
from tests.checks.mutation.running import REAL, ground_of, mutants, operators, run

PLANS = {"made-0": clean_plan(0), "real": REAL}
AT_ONCE = 4
_SPACE = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")


@pytest.fixture(scope="module")
def grounds() -> dict[str, Ground]:
    return {name: ground_of(text, bench()) for name, text in PLANS.items()}


def sample(grounds: dict[str, Ground]) -> Iterator[tuple[str, Mutant]]:
    """One mutant of each operator, always the same; of the real plan only where the operator fits no other."""
    for turn, operator in enumerate(operators(bench())):
        for plan, ground in grounds.items():
            made = list(operator.places(ground))
            if made:
                Random(operator.name).shuffle(made)
                themes = [theme.id for theme in ground.parts("Theme")]
                theme = themes[turn % len(themes)]
                yield plan, next((each for each in made if each.place.startswith(theme)), made[0])
                break


def together(some: Sequence[Mutant]) -> Mutant:
    """The damage of several mutants done at once."""
    return Mutant(
        " and ".join(each.place for each in some),
        tuple(edit for each in some for edit in each.edits),
        tuple(expected for each in some for expected in each.expected),
        tuple(related for each in some for related in each.related),
    )


def batches(some: Sequence[Mutant]) -> list[list[Mutant]]:
    """Mutants that may be done at once: each of another theme, and none that changes anything in all of the plan."""
    made: list[tuple[set[str], list[Mutant]]] = []
    for mutant in some:
        everywhere = mutant.refused or any(element.startswith("*") for _, element in mutant.related)
        themes = {each.element.partition("/")[0] for each in mutant.expected} | {mutant.place.partition("/")[0]}
        if everywhere or any("*" in theme for theme in themes):
            made.append((set(), [mutant]))
            continue
        for taken, batch in made:
            if taken and not taken & themes and len(batch) < AT_ONCE:
                taken |= themes
                batch.append(mutant)
                break
        else:
            made.append((themes, [mutant]))
    return [batch for _, batch in made]


def test_every_mutant_is_caught_without_a_false_alarm(grounds: dict[str, Ground]) -> None:
    wrong = []
    of_plan: dict[str, list[Mutant]] = {}
    for plan, mutant in sample(grounds):
        of_plan.setdefault(plan, []).append(mutant)
    assert sum(map(len, of_plan.values())) > 55
    for plan, some in of_plan.items():
        for batch in batches(some):
            if len(batch) > 1 and run(together(batch), grounds[plan], bench()).good:
                continue
            for mutant in batch:
                verdict = run(mutant, grounds[plan], bench())
                if not verdict.good:
                    wrong.append((plan, mutant.place, verdict))
    assert wrong == []


@pytest.mark.parametrize("seed", range(3))
def test_a_clean_plan_has_nothing_wrong(seed: int) -> None:
    assert bench().findings(clean_plan(seed)) == []


def every(what: re.Pattern[str], new: str, nth: int) -> Callable[[str], str]:
    def change(text: str) -> str:
        turns = count(1)
        return what.sub(lambda found: new if next(turns) % nth == 0 else found[0], text)

    return change


def broken_lines(text: str) -> str:
    """A cell's sentence goes on in the next line; the lines before the table are titles, each by itself."""
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
"""How blank space, line ends and accents are written must change nothing."""


def seen(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    """What people see of findings, however blank space and accents are written."""
    return sorted(
        (
            each.code,
            short(each.location.element),
            key(each.location.exact or ""),
            short(each.other.element) if each.other else "",
        )
        for each in findings
    )


@pytest.mark.drill
@pytest.mark.parametrize("change", CHANGES)
def test_blank_space_line_ends_and_accents(change: str, grounds: dict[str, Ground]) -> None:
    for plan, ground in grounds.items():
        assert seen(bench().findings(CHANGES[change](PLANS[plan]))) == seen(ground.findings)


def test_blank_space_line_ends_and_accents_together(grounds: dict[str, Ground]) -> None:
    text = REAL
    for name in ("two blanks for one", "line breaks within a cell", "more empty lines", "line ends of Windows",
                 "accents apart from their letters"):  # fmt: skip
        text = CHANGES[name](text)
    assert seen(bench().findings(text)) == seen(grounds["real"].findings)


def test_damaged_data_are_caught() -> None:
    """One damage of each operator, all of it at once."""
    described: Dataset = bench().described(REAL)
    before = bench().check(described, whole=True)
    graph = merged(described)
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
    # In a plan that is being translated, what has lost its Spanish name lacks a translation, too.
    assert (missed, [each for each in others if each.code != "translation-missing"]) == ([], [])


def test_the_short_way_gives_what_the_whole_way_gives(grounds: dict[str, Ground]) -> None:
    damaged = next(mutant for _, mutant in mutants(grounds["real"], bench()) if not mutant.refused)
    text = damaged.text(REAL)
    whole = check_plan(read_plan_text(Source(text), PLAN), Names(), lambda _: None, bench().background)
    assert [plain(each) for each in whole] == [plain(each) for each in bench().findings(text)]


def plain(finding: Finding) -> tuple[object, ...]:
    """A finding without its place in a file."""
    return finding.code, finding.severity, finding.location, finding.other, finding.message_es, finding.message_en
