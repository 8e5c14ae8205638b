"""The closure beside owlrl, and the checks beside pySHACL, on the real dataset."""

import sys
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from owlrl import OWLRL_Semantics
from pyoxigraph import RdfFormat, parse
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.engine import read_shapes, results, validate
from crmgraph.inference.entailment import Closure, triple_of
from crmgraph.namespaces import Names
from crmgraph.resources import resource
from tests.support.shacl import plain, reference_report

COPIES = 4
ROUNDS = 3
NAMES = Names()
LATER = {NAMES.graph(name) for name in ("findings", "catalog")}
Triple = tuple[Node, Node, Node]


def table(rows: Iterable[str]) -> str:
    """The rows of a table in Markdown."""
    return "\n".join(rows)


def inference(dump: Path) -> str:
    """Both closures of the dataset in `dump` (N-Quads) before inferring, and of its things so many times over."""
    terms, things = _read(dump)
    copies = [copied for number in range(COPIES) for copied in _copy(things, number)]
    rows = [_closed("the real graph", [*terms, *things]), _closed(f"{COPIES} copies of its things", [*terms, *copies])]
    return f"""
## Inference

The closure by the rules of OWL 2 RL ([inference.md](inference.md)), in memory, beside owlrl {version("owlrl")} (s, once
each). The second graph has the things of the real one several times over, under other names, and one ontology:

| graph | statements | when closed | crmgraph | owlrl | owlrl / crmgraph |
|---|---|---|---|---|---|
{table(rows)}
"""


def _term(term: object) -> Node:
    """A term of pyoxigraph as rdflib has it; one that is neither a literal nor blank is an IRI."""
    value, datatype = getattr(term, "value", ""), getattr(term, "datatype", None)
    if datatype is None:
        return URIRef(value)
    language = getattr(term, "language", None)
    return Literal(value, lang=language) if language else Literal(value, datatype=URIRef(datatype.value))


def _read(dump: Path) -> tuple[list[Triple], list[Triple]]:
    """The statements of the ontology, and all others that nothing was inferred from."""
    parts: tuple[list[Triple], list[Triple]] = [], []
    for quad in parse(path=dump, format=RdfFormat.N_QUADS):
        graph = quad.graph_name.value
        if graph not in LATER | {NAMES.graph("inferred")}:
            triple = (_term(quad.subject), _term(quad.predicate), _term(quad.object))
            parts[graph != NAMES.graph("ontology")].append(triple)
    return parts


def _copy(triples: Iterable[Triple], number: int) -> list[Triple]:
    """The same statements about other things."""
    space = NAMES.id()

    def other(term: Node) -> Node:
        named = isinstance(term, URIRef) and term.startswith(space)
        return URIRef(f"{space}{number}/{str(term).removeprefix(space)}") if named else term

    return [(other(subject), predicate, other(value)) for subject, predicate, value in triples]


def _closed(name: str, triples: list[Triple]) -> str:
    stated = [triple_of(triple) for triple in triples]
    began = time.perf_counter()
    closure = Closure(stated)
    ours = time.perf_counter() - began
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    began = time.perf_counter()
    OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False).closure()
    theirs = time.perf_counter() - began
    size = sum(1 for _ in closure.triples())
    return f"| {name} | {len(set(triples)):,} | {size:,} | {ours:.2f} | {theirs:.1f} | {theirs / ours:.0f} |"


def checks(dump: Path) -> str:
    """The checks of the dataset in `dump` (N-Quads)."""
    real = Graph()
    for quad in parse(path=dump, format=RdfFormat.N_QUADS):
        if quad.graph_name.value not in LATER:
            real.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    rows = [_checked("the real dataset", real)]
    return f"""
## Checking

The shapes in `ontology/shapes/` over the same statements: pyshifty {version("pyshifty")}, which carries the checks
(best of {ROUNDS}, the writing of the statements for it included), beside pySHACL {version("pyshacl")}, the reference
(once, with each query of the shapes parsed once and its patterns taken up from what is known). Both in seconds of the
processor.

| what is checked | statements | results | pyshifty | pySHACL | pySHACL / pyshifty | same results |
|---|---|---|---|---|---|---|
{table(rows)}
"""


def _checked(name: str, data: Graph) -> str:
    shapes = read_shapes(resource("ontology") / "shapes")
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        found = validate(data, shapes)
        times.append(time.process_time() - began)
    began = time.process_time()
    report = reference_report(plain(data), shapes.graph)
    theirs, ours = time.process_time() - began, min(times)
    same = "yes" if set(found) == set(results(report, shapes)) else "**no**"
    row = f"| {name} | {len(data):,} | {len(found):,} | {ours:.2f} | {theirs:,.1f} | {theirs / ours:.1f} | {same} |"
    sys.stderr.write(f"{row}\n")
    return row
