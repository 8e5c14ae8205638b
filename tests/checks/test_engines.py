"""The engine that carries the checks finds what pySHACL, the reference, finds on our own shapes, for each check."""

from functools import cache

import pytest
from rdflib import RDF, XSD, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.engine import Result, read_shapes, results, validate
from crmgraph.checks.plans import merged
from crmgraph.describing import describe_plan, spoken_of
from crmgraph.describing.vocabulary import CG
from crmgraph.inference.entailment import infer
from crmgraph.namespaces import Names
from crmgraph.reading import Plan, read_plan_text
from crmgraph.reading.source import Source
from crmgraph.resources import resource
from tests.support.backgrounds import made_plan
from tests.support.dataset import real_background
from tests.support.defects import damage, defective_plan
from tests.support.shacl import plain, reference_report

pytestmark = pytest.mark.drill
NAMES = Names()
SHAPES = read_shapes(resource("ontology") / "shapes")
RANDOM_PLANS, SEED = (2, 3), 5
UNNUMBERED = made_plan(
    ("Tema", "1. Uno", "1.1 A\n\n1.2 B", "Algo\n\nVer el objetivo 1 del tema “Nada”", ""),
    ("", "2. Dos", "2.2 A\n\n2.1 B", "", ""),
)
DATED = defective_plan(4, objectives=4, title="PLAN DE ACCION 2004-2006, de mayo de 2004")
NOT_COMPARED = {
    "contradiction"  # it has no shape
}


def part_of_the_real_plan() -> Plan:
    """Two objectives of its first theme; what was read in its sentences counts in it too."""
    text = (resource("data") / "source" / "crm.txt").read_text(encoding="utf-8")
    first, second, third = (text.index(f"\t{number}. ") for number in (1, 6, 8))
    return read_plan_text(Source(text[:first] + text[second : text.rindex("\t", 0, third)]), "part")


@cache
def data(damaged: bool) -> Graph:
    """That part and random plans with defects, with what they speak of and what follows; perhaps damaged afterwards."""
    background = real_background()
    dataset = Dataset()
    for plan in (part_of_the_real_plan(), *map(defective_plan, RANDOM_PLANS), DATED):
        add(describe_plan(plan, background), dataset)
    things = {subject for subject, _, _, _ in dataset.quads()}
    add(describe_plan(UNNUMBERED, background), dataset)
    graph = URIRef(NAMES.graph("plan", UNNUMBERED.id))
    dataset.graph(graph).add((URIRef(NAMES.id("plan", UNNUMBERED.id)), CG.translatedInto, Literal("en")))
    add(spoken_of(dataset, background), dataset)
    everything = merged(dataset)
    everything += infer(dataset, NAMES)
    if damaged:
        damage(everything, things, SEED)
        part = min(everything.subjects(RDF.type, CG.Activity), key=str)
        everything.add((part, CG.inRowOf, min(everything.subjects(RDF.type, CG.Objective), key=str)))
        add_correspondences(part, everything)
    return everything


def add_correspondences(part: Node, graph: Graph) -> None:
    """That something in another plan corresponds to a part, and that nothing does, and neither how nor how surely."""
    for name, kind in (("like", CG.Correspondence), ("unlike", CG.NoCorrespondence)):
        said = URIRef(NAMES.id("statement", name))
        for predicate, value in (
            (RDF.type, kind), (RDF.type, CG.Statement), (CG.subject, part),
            (CG.comparedWith, URIRef(NAMES.id("plan/x"))), (CG.certainty, Literal("7", datatype=XSD.decimal)),
        ):  # fmt: skip
            graph.add((said, predicate, value))


def add(more: Dataset, dataset: Dataset) -> None:
    for subject, predicate, value, graph in more.quads():
        dataset.graph(graph).add((subject, predicate, value))


@cache
def found(damaged: bool) -> set[Result]:
    return set(validate(data(damaged), SHAPES))


@pytest.mark.parametrize("damaged", [False, True], ids=["as written", "damaged"])
def test_both_engines_find_the_same(damaged: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of dates that are wrong on purpose
    reference = reference_report(plain(data(damaged)), SHAPES.graph)
    assert found(damaged) == set(results(reference, SHAPES))


def test_they_are_compared_on_every_check(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")
    broken = {result.check.code for damaged in (False, True) for result in found(damaged)}
    unbroken = {check.code for check in SHAPES.catalogue} - broken
    assert unbroken <= NOT_COMPARED, "the words in tests/support/defects.py must break each check"
