"""The checks beside pySHACL on the same shapes, on the real dataset and on one plan among more and more of them."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
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

    `whole` are the seconds from the plan that was read to the results, `theirs` and `agree` None where pySHACL was not
    waited for.
    """

    name: str
    statements: int
    results: int
    whole: float | None
    ours: float
    theirs: float | None
    agree: bool | None


def checks(dump: Path) -> list[Checked]:
    """The dataset in `dump` (N-Quads), then one and all of so many random plans with defects."""
    shapes = read_shapes(resource("ontology") / "shapes")
    return [measured("the real dataset", _real(dump), shapes), *_among(shapes)]


def _real(dump: Path) -> Graph:
    data = Graph()
    for quad in parse(path=dump, format=RdfFormat.N_QUADS):
        if quad.graph_name.value not in LATER:
            data.add((rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)))
    return data


def _among(shapes: Shapes) -> Iterator[Checked]:
    plans = [defective_plan(seed) for seed in range(max(PLANS))]
    for count in PLANS:
        background = describe_background(resource("ontology"), resource("data"), NAMES)
        described = [describe_plan(plan, background) for plan in plans[:count]]
        for dataset in described:
            _add(dataset, background.dataset)
        began = time.perf_counter()
        data = _alone(plans[0], background)
        validate(data, shapes)
        whole = time.perf_counter() - began
        yield measured(f"one plan, of {count}", data, shapes, whole)
        if count > 1:
            yield measured(f"all of {count}", _together(described, background), shapes, waited=False)


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


def measured(name: str, data: Graph, shapes: Shapes, whole: float | None = None, waited: bool = True) -> Checked:
    """Both engines on the same statements; ours the best of some rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = validate(data, shapes)
        times.append(time.perf_counter() - began)
    if not waited:
        return Checked(name, len(data), len(found), whole, min(times), None, None)
    same = plain(data, Graph)
    began = time.perf_counter()
    reference = set(results(reference_report(same, shapes.graph), shapes))
    theirs = time.perf_counter() - began
    return Checked(name, len(data), len(found), whole, min(times), theirs, set(found) == reference)


def checks_report(checked: Iterable[Checked]) -> str:
    """The section of the page on benchmarks."""
    rows = "\n".join(
        f"| {each.name} | {each.statements:,} | {each.results} | {_seconds(each.whole)} | {each.ours:.2f} "
        f"| {_seconds(each.theirs) or 'not run'} | {f'{each.theirs / each.ours:.0f}' if each.theirs else ''} "
        f"| {'' if each.agree is None else 'yes' if each.agree else '**no**'} |"
        for each in checked
    )
    return f"""
## Checking

The shapes in `ontology/shapes/` over the same statements: pyshifty {version("pyshifty")}, which carries the checks (s,
best of {ROUNDS}, the writing of the statements for it included), beside pySHACL {version("pyshacl")}, the reference (s,
once). The plans are made at random, with defects. To check one of them only its own graphs and what they speak of are
looked at; the whole way is from the plan that was read, with all the others in the background, to its results. pySHACL
was not run on several plans together, for which it needs the time of one as many times over.

| what is checked | statements | results | the whole way | pyshifty | pySHACL | pySHACL / pyshifty | same results |
|---|---|---|---|---|---|---|---|
{rows}
"""


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.2f}"
