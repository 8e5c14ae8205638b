"""The checks beside pySHACL on the same shapes: on the real dataset, on one plan among more and more, and on all.

Each is measured in a process of its own, as many at a time as there are processors, for pySHACL takes an hour and more
on a hundred plans. The seconds are of the processor: neither engine waits for anything, and what else the machine does
does not count.
"""

import os
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

from pyoxigraph import RdfFormat, parse
from rdflib import Dataset, Graph

from crmgraph.checking import merged
from crmgraph.checking.shapes import Shapes, read_shapes
from crmgraph.checking.validating import results, validate
from crmgraph.describing import Background, describe_background, describe_plan, spoken_of
from crmgraph.inferring import infer
from crmgraph.namespaces import Names
from crmgraph.reading import Plan
from crmgraph.resources import resource
from tests.bench.terms import rdflib_term
from tests.support.defects import defective_plan
from tests.support.shacl import plain, reference_report

__all__ = ["Checked", "checks", "checks_report"]

PLANS = (1, 10, 100)
ROUNDS = 3
NAMES = Names()
LATER = {NAMES.graph(name) for name in ("findings", "catalog")}


@dataclass(frozen=True)
class Checked:
    """What was checked: its statements, the results, the seconds of each engine, and whether both found the same.

    `whole` are the seconds from the plan that was read to the results, where one plan was checked; `unprepared` those
    of the reference as it comes, where it was tried.
    """

    name: str
    statements: int
    results: int
    whole: float | None
    ours: float
    theirs: float
    agree: bool
    unprepared: float | None = None


def checks(dump: Path) -> list[Checked]:
    """The dataset in `dump` (N-Quads), then one and all of so many random plans with defects."""
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes:
        # What takes longest begins first.
        together = {count: processes.submit(_check_all, count) for count in reversed(PLANS) if count > 1}
        real = processes.submit(_check_real, dump)
        alone = {count: processes.submit(_check_one, count) for count in PLANS}
        ordered = [real, *(some[count] for count in PLANS for some in (alone, together) if count in some)]
        return [each.result() for each in ordered]


def _check_real(dump: Path) -> Checked:
    data = Graph()
    for quad in parse(path=dump, format=RdfFormat.N_QUADS):
        if quad.graph_name.value not in LATER:
            data.add((rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)))
    return _measured("the real dataset", data)


def _check_one(count: int) -> Checked:
    plans, described, background = _described(count)
    for dataset in described:
        _add(dataset, background.dataset)
    began = time.process_time()
    data = _alone(plans[0], background)
    validate(data, read_shapes(resource("ontology") / "shapes"))
    whole = time.process_time() - began
    return _measured(f"one plan, of {count}", data, whole, as_it_comes=count == min(PLANS))


def _check_all(count: int) -> Checked:
    _, described, background = _described(count)
    return _measured(f"all of {count}", _together(described, background))


def _described(count: int) -> tuple[list[Plan], list[Dataset], Background]:
    plans = [defective_plan(seed) for seed in range(count)]
    background = describe_background(resource("ontology"), resource("data"), NAMES)
    return plans, [describe_plan(plan, background) for plan in plans], background


def _alone(plan: Plan, background: Background) -> Graph:
    """What is looked at to check one plan, as `crmgraph check` does."""
    dataset = describe_plan(plan, background)
    _add(spoken_of(dataset, background), dataset)
    return merged(dataset) + infer(dataset, NAMES)


def _together(described: Iterable[Dataset], background: Background) -> Graph:
    dataset = Dataset()
    for each in described:
        _add(each, dataset)
    _add(spoken_of(dataset, background), dataset)
    return merged(dataset) + infer(dataset, NAMES)


def _add(more: Dataset, dataset: Dataset) -> None:
    for subject, predicate, value, graph in more.quads():
        dataset.graph(graph).add((subject, predicate, value))


def _measured(name: str, data: Graph, whole: float | None = None, as_it_comes: bool = False) -> Checked:
    """Both engines on the same statements; ours the best of some rounds, the reference with each query parsed once."""
    shapes = read_shapes(resource("ontology") / "shapes")
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        found = validate(data, shapes)
        times.append(time.process_time() - began)
    theirs, report = _of_the_reference(plain(data), shapes)
    agree = set(found) == set(results(report, shapes))
    unprepared = _of_the_reference(plain(data, Graph), shapes)[0] if as_it_comes else None
    checked = Checked(name, len(data), len(found), whole, min(times), theirs, agree, unprepared)
    sys.stderr.write(f"{checked}\n")
    return checked


def _of_the_reference(data: Graph, shapes: Shapes) -> tuple[float, Graph]:
    began = time.process_time()
    report = reference_report(data, shapes.graph)
    return time.process_time() - began, report


def checks_report(checked: Sequence[Checked]) -> str:
    """The section of the page on benchmarks."""
    slower = max(each.unprepared / each.theirs for each in checked if each.unprepared is not None)
    rows = "\n".join(
        f"| {each.name} | {each.statements:,} | {each.results:,} "
        f"| {'' if each.whole is None else f'{each.whole:.2f}'} | {each.ours:.2f} | {each.theirs:,.1f} "
        f"| {each.theirs / each.ours:.1f} | {'yes' if each.agree else '**no**'} |"
        for each in checked
    )
    return f"""
## Checking

The shapes in `ontology/shapes/` over the same statements: pyshifty {version("pyshifty")}, which carries the checks
(best of {ROUNDS}, the writing of the statements for it included), beside pySHACL {version("pyshacl")}, the reference
(once, with each query of the shapes parsed once and its patterns taken up from what is known; as it comes, which was
not waited for on a hundred plans, it took {slower:.0f} times as long on one). Both in seconds of the processor, each
row in a process of its own, as many at a time as there are processors. The plans are made at random, with defects. To
check one of them, as crmgraph does, only its own graphs and what they speak of are looked at; the whole way is from the
plan that was read, with all the others in the background, to its results. All of them in one graph take longer than
their number says, for some checks then go through the parts of all plans for each part.

| what is checked | statements | results | the whole way | pyshifty | pySHACL | pySHACL / pyshifty | same results |
|---|---|---|---|---|---|---|---|
{rows}
"""
