"""Damage to the data themselves, which no text can have: parts without a place, words that are too long, two kinds."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rdflib import RDF, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.findings import Finding
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import PREFIXES, Names
from tests.checks.mutation.bench import PLAN
from tests.checks.mutation.mutants import short
from tests.support.phrases import rows_of

Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class DataMutant:
    """Statements taken out of the plan's data and put in, the code that must come, and of what IRI the rest may be."""

    place: str
    code: str
    taken: tuple[Triple, ...]
    put: tuple[Triple, ...] = ()
    related: tuple[str, ...] = ()

    @contextmanager
    def damaging(self, dataset: Dataset) -> Iterator[Dataset]:
        """The dataset, damaged within this context."""
        gone = [quad for triple in self.taken for quad in dataset.quads((*triple, None))]
        graph = dataset.graph(URIRef(Names().graph("plan", PLAN)))
        new = [triple for triple in self.put if triple not in graph]
        for triple in self.taken:
            dataset.remove((*triple, None))
        for triple in new:
            graph.add(triple)
        yield dataset
        for triple in new:
            graph.remove(triple)
        for subject, predicate, value, name in gone:
            dataset.graph(name).add((subject, predicate, value))


@dataclass(frozen=True)
class DataOperator:
    """A way to damage data: its name, what it does, and all the places where it fits a graph."""

    name: str
    does: str
    places: Callable[[Graph], Iterator[DataMutant]]


def judge_data(
    mutants: Sequence[DataMutant], before: Sequence[Finding], after: Sequence[Finding]
) -> tuple[list[DataMutant], list[Finding]]:
    """Which of the mutants, all done to the data at once, were missed; and what was found besides."""
    old = {(each.code, each.location.element) for each in before}
    new = [each for each in after if (each.code, each.location.element) not in old]
    missed = [mutant for mutant in mutants if not any(_is_of(each, mutant) for each in new)]
    related = {code for mutant in mutants for code in mutant.related}
    others = [
        each
        for each in new
        if not any(_is_of(each, mutant) for mutant in mutants)
        and not any(fnmatchcase(each.code, code) for code in related)
    ]
    return missed, others


def _is_of(each: Finding, mutant: DataMutant) -> bool:
    places = (each.location.element, each.location.passage, short(each.location.element))
    return each.code == mutant.code and mutant.place in places


def _without(name: str, does: str, kinds: str, predicate: str, code: str, related: str, language: str) -> DataOperator:
    """What things of these kinds say by a property, in a language if one is named, is gone."""
    space, _, term = predicate.partition(":")
    # Only of a plan that is being translated is a name in English missed.
    put = ((URIRef(Names().id("plan", PLAN)), CG.translatedInto, Literal("en")),) if language == "en" else ()

    def places(graph: Graph) -> Iterator[DataMutant]:
        for node in (node for kind in kinds.split() for node in sorted(graph.subjects(RDF.type, CG[kind]), key=str)):
            said = graph.triples((node, URIRef(PREFIXES[space] + term), None))
            taken = tuple(each for each in said if language in ("", getattr(each[2], "language", "")))
            if taken:
                yield DataMutant(short(str(_holder(graph, node))), code, taken, put, tuple(related.split()))

    return DataOperator(name, does, places)


def _holder(graph: Graph, node: Node) -> Node:
    """The part that is found to lack what a statement, a participation or a mention in it lacks, or the part itself."""
    reading = graph.value(predicate=CG.participation, object=node)
    return reading or graph.value(node, CG.subject) or graph.value(node, CG.inElement) or node


def _stretched(graph: Graph) -> Iterator[DataMutant]:
    for passage in sorted(graph.subjects(RDF.type, CG.Passage), key=str):
        for triple in graph.triples((passage, CG.end, None)):
            more = (passage, CG.end, Literal(int(str(triple[2])) + 1))
            # What is said of names goes by where their words end.
            yield DataMutant(str(passage), "passage-extent", (triple,), (more,), ("name-*",))


OPERATORS = (
    *(_without(*row) for row in rows_of("data", "checks/mutation")),
    DataOperator("stretch-passage", "a passage ends one character later than it says", _stretched),
)
