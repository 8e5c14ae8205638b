"""Compares inference with owlrl, and checks with pySHACL, on the real dataset."""

import time
from importlib.metadata import version
from pathlib import Path

from owlrl import OWLRL_Semantics
from pyoxigraph import RdfFormat
from rdflib import Graph

from crmgraph.checks.shacl import read_shapes, results_in, validate
from crmgraph.describing.vocabulary import triple_of
from crmgraph.files import resource
from crmgraph.inference.entailment import Closure
from crmgraph.namespaces import Names
from tests.support.literal_triples import Triple, triples_as_written
from tests.support.shacl import plain, reference_report

ROUNDS = 3
LATER = ("findings", "catalog")
"""The graphs that are made when all else has been inferred and checked."""


def _statements(dump: Path, *left_out: str) -> list[Triple]:
    """Return the triples of a dump in N-Quads, except those in the graphs `left_out`."""
    ends = tuple(f"<{Names().graph(name)}> .\n" for name in left_out)
    with dump.open(encoding="utf-8") as lines:
        return triples_as_written("".join(line for line in lines if not line.endswith(ends)), RdfFormat.N_QUADS)


def _graph(triples: list[Triple]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


def inference(dump: Path) -> str:
    """Return a report on both closures of the dataset in `dump`, without its inferred triples."""
    triples = _statements(dump, *LATER, "inferred")
    stated = [triple_of(triple) for triple in triples]
    began = time.perf_counter()
    closure = Closure(stated)
    ours = time.perf_counter() - began
    graph = _graph(triples)
    began = time.perf_counter()
    OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False).closure()
    theirs = time.perf_counter() - began
    size = sum(1 for _ in closure.triples())
    return f"""
## Inference

The closure by the rules of OWL 2 RL ([inference.md](inference.md)), in memory, beside owlrl {version("owlrl")} (s, once
each):

| statements | when closed | crmgraph | owlrl | owlrl / crmgraph |
|---|---|---|---|---|
| {len(set(triples)):,} | {size:,} | {ours:.2f} | {theirs:.1f} | {theirs / ours:.0f} |
"""


def checks(dump: Path) -> str:
    data, shapes, times = _graph(_statements(dump, *LATER)), read_shapes(resource("ontology") / "shapes"), []
    for _ in range(ROUNDS):
        began = time.process_time()
        found = validate(data, shapes)
        times.append(time.process_time() - began)
    began = time.process_time()
    report = reference_report(plain(data), shapes.graph)
    theirs, ours = time.process_time() - began, min(times)
    same = "yes" if set(found) == set(results_in(report, shapes)) else "**no**"
    return f"""
## Checking

The shapes in `ontology/shapes/` over the same statements: Oxigraph {version("pyoxigraph")} for the SPARQL constraints
and pyshifty {version("pyshifty")} for the others (best of {ROUNDS}, the writing of the statements included), beside
pySHACL {version("pyshacl")}, the reference (once, with each query of the shapes parsed once and its patterns taken up
from what is known). Both in seconds of the processor.

| statements | results | fast | pySHACL | pySHACL / fast | same results |
|---|---|---|---|---|---|
| {len(data):,} | {len(found):,} | {ours:.2f} | {theirs:,.1f} | {theirs / ours:.1f} | {same} |
"""
