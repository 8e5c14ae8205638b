"""Proof by mutation: what is broken on purpose is found in its place, and nothing else is.

A fixed sample is tried, with every operator in it; with CRMGRAPH_ALL_MUTANTS set, every mutant is.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from random import Random

import pytest
from rdflib import Dataset, URIRef

from crmgraph.building import check_plan
from crmgraph.checking import Finding, merged
from crmgraph.checking.plans import check_dataset
from crmgraph.describing import spoken_of
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading import read_plan_text
from crmgraph.reading.source import Source
from tests.checking.mutation import data
from tests.checking.mutation.bench import PLAN, Bench
from tests.checking.mutation.growing import clean_plan
from tests.checking.mutation.mutants import Ground, Mutant
from tests.checking.mutation.neutral import CHANGES, seen
from tests.checking.mutation.running import REAL, ground_of, mutants, run

ALL = bool(os.environ.get("CRMGRAPH_ALL_MUTANTS"))
PLANS = {"real": REAL, **{f"made-{seed}": clean_plan(seed) for seed in range(3)}}
SAMPLED = {"real": 0, "made-0": 1} if not ALL else dict.fromkeys(PLANS, 10**6)
"""How many mutants of each operator are tried on which plan."""
ONLY_REAL = 1
"""How many are tried of an operator that does not fit the made plan."""


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="module")
def grounds(bench: Bench) -> dict[str, Ground]:
    return {name: ground_of(text, bench) for name, text in PLANS.items()}


def sample(grounds: dict[str, Ground], bench: Bench) -> Iterator[tuple[str, str, Mutant]]:
    """The mutants to be tried: those of each operator in an order that is always the same."""
    tried: dict[str, int] = defaultdict(int)
    for plan, ground in sorted(grounds.items()):
        by_operator: dict[str, list[Mutant]] = defaultdict(list)
        for operator, mutant in mutants(ground, bench):
            by_operator[operator.name].append(mutant)
        for name, made in by_operator.items():
            Random(name).shuffle(made)
            wanted = SAMPLED.get(plan, 0) or (ONLY_REAL if plan == "real" and not tried[name] else 0)
            for mutant in made[:wanted]:
                tried[name] += 1
                yield plan, name, mutant


def test_every_mutant_is_caught_without_a_false_alarm(grounds: dict[str, Ground], bench: Bench) -> None:
    wrong = []
    for plan, operator, mutant in sample(grounds, bench):
        verdict = run(mutant, grounds[plan], bench)
        if not verdict.good:
            wrong.append((plan, operator, mutant.place, verdict))
    assert wrong == []


@pytest.mark.parametrize("seed", range(40 if ALL else 6))
def test_a_clean_plan_has_nothing_wrong(seed: int, bench: Bench) -> None:
    assert bench.findings(clean_plan(seed)) == []


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("plan", ["real", "made-0"])
def test_what_means_nothing_changes_nothing(plan: str, change: str, grounds: dict[str, Ground], bench: Bench) -> None:
    assert seen(bench.findings(CHANGES[change](PLANS[plan]))) == seen(grounds[plan].findings)


@pytest.fixture(scope="module")
def described(bench: Bench) -> Dataset:
    return bench.described(REAL)


@pytest.fixture(scope="module")
def undamaged(bench: Bench, described: Dataset) -> list[Finding]:
    return bench.check(described, whole=True)


@pytest.mark.parametrize("operator", data.OPERATORS, ids=lambda operator: operator.name)
def test_damaged_data_are_caught(
    operator: data.DataOperator, bench: Bench, described: Dataset, undamaged: list[Finding]
) -> None:
    places = list(operator.places(merged(described)))
    Random(operator.name).shuffle(places)
    assert places
    for mutant in places if ALL else places[:1]:
        with mutant.damaging(described) as damaged:
            found = bench.check(damaged, whole=True)
        assert data.judge_data([mutant], undamaged, found) == ([], [])


def test_a_state_that_is_an_organisation_is_a_contradiction_with_its_statements(
    bench: Bench, described: Dataset
) -> None:
    dataset = spoken_of(described, bench.background)
    state = URIRef(bench.names.id("country", "HND"))
    graph = dataset.graph(URIRef(bench.names.graph("reference")))
    graph.add((state, URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), CG.Organisation))
    found = check_dataset(dataset, bench.names, lambda _: None, strict=False)[1]
    clashes = [each for each in found if each.code == "contradiction"]
    assert [each.spot.element for each in clashes] == [str(state)]
    assert any("Organisation" in triple for triple in clashes[0].triples)
    assert any("State" in triple for triple in clashes[0].triples)


def test_the_short_way_gives_what_the_whole_way_gives(bench: Bench, grounds: dict[str, Ground]) -> None:
    damaged = next(mutant for _, mutant in mutants(grounds["real"], bench) if not mutant.refused)
    for text in (REAL, clean_plan(0), damaged.text(REAL)):
        whole = check_plan(read_plan_text(Source(text), PLAN), Names(), lambda _: None, bench.background)
        assert [plain(each) for each in whole] == [plain(each) for each in bench.findings(text)]


def plain(finding: Finding) -> tuple[object, ...]:
    """A finding without its place in a file."""
    return finding.code, finding.severity, finding.spot, finding.other, finding.message_es, finding.message_en
