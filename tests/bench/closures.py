"""The closure beside owlrl, on the real graph and on several copies of its things, which share one ontology."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from owlrl import OWLRL_Semantics
from pyoxigraph import RdfFormat, parse
from rdflib import Graph, URIRef
from rdflib.term import Node

from crmgraph.inferring.closing import Closure
from crmgraph.namespaces import Names
from tests.bench.terms import rdflib_term

__all__ = ["COPIES", "Closed", "closures"]

COPIES = 4
NAMES = Names()
LATER = {NAMES.graph(name) for name in ("inferred", "findings", "catalog")}
Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Closed:
    """A graph by its name, how many statements it has and has when closed, and the seconds that each took."""

    name: str
    statements: int
    closed: int
    ours: float
    theirs: float


def closures(dump: Path) -> list[Closed]:
    """Both closures of the dataset in `dump` (N-Quads) before inferring, and of its things so many times over."""
    terms, things = read(dump)
    copies = [copied for number in range(COPIES) for copied in copy(things, number)]
    return [
        measured("the real graph", [*terms, *things]),
        measured(f"{COPIES} copies of its things", [*terms, *copies]),
    ]


def read(dump: Path) -> tuple[list[Triple], list[Triple]]:
    """The statements of the ontology, and all others."""
    parts: tuple[list[Triple], list[Triple]] = [], []
    for quad in parse(path=dump, format=RdfFormat.N_QUADS):
        graph = quad.graph_name.value
        if graph not in LATER:
            triple = (rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object))
            parts[graph != NAMES.graph("ontology")].append(triple)
    return parts


def copy(triples: Iterable[Triple], number: int) -> list[Triple]:
    """The same statements about other things."""
    space = NAMES.id()

    def other(term: Node) -> Node:
        named = isinstance(term, URIRef) and term.startswith(space)
        return URIRef(f"{space}{number}/{str(term).removeprefix(space)}") if named else term

    return [(other(subject), predicate, other(value)) for subject, predicate, value in triples]


def measured(name: str, triples: list[Triple]) -> Closed:
    began = time.perf_counter()
    closure = Closure(triples)
    ours = time.perf_counter() - began
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    began = time.perf_counter()
    OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False).closure()
    theirs = time.perf_counter() - began
    return Closed(name, len(set(triples)), sum(1 for _ in closure.match(None, None, None)), ours, theirs)
