"""Mutants of the data of a plan, with defects that no text can cause, such as a part without a passage."""

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
    """A mutant of the data of a plan."""

    place: str  # the element or passage that the expected finding is about
    code: str  # of the expected finding
    taken: tuple[Triple, ...]  # the triples to remove
    put: tuple[Triple, ...] = ()  # the triples to add
    related: tuple[str, ...] = ()  # patterns (`fnmatch`) of codes that are allowed besides

    @contextmanager
    def damaging(self, dataset: Dataset) -> Iterator[Dataset]:
        """Damage the dataset within this context, and repair it at the end."""
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
    """A mutation operator on data: its name, its description, and a function that yields all its mutants of a graph."""

    name: str
    does: str
    places: Callable[[Graph], Iterator[DataMutant]]


def judge_data(
    mutants: Sequence[DataMutant], before: Sequence[Finding], after: Sequence[Finding]
) -> tuple[list[DataMutant], list[Finding]]:
    """The mutants that were not caught, and the unexpected findings, if all `mutants` were applied at once."""
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
    """The operator that removes a property of things of these kinds, in one language or, if it is empty, in all."""
    space, _, term = predicate.partition(":")
    # A missing English label is a defect only in a plan with translations.
    put = ((URIRef(Names().id("plan", PLAN)), CG.translatedInto, Literal("en")),) if language == "en" else ()

    def places(graph: Graph) -> Iterator[DataMutant]:
        for node in (node for kind in kinds.split() for node in sorted(graph.subjects(RDF.type, CG[kind]), key=str)):
            said = graph.triples((node, URIRef(PREFIXES[space] + term), None))
            taken = tuple(each for each in said if language in ("", getattr(each[2], "language", "")))
            if taken:
                yield DataMutant(short(str(_holder(graph, node))), code, taken, put, tuple(related.split()))

    return DataOperator(name, does, places)


def _holder(graph: Graph, node: Node) -> Node:
    """The element that a finding is about, if `node` is damaged: that of a statement or mention, or the node itself."""
    reading = graph.value(predicate=CG.participation, object=node)
    return reading or graph.value(node, RDF.subject) or graph.value(predicate=CG.mention, object=node) or node


def _stretched(graph: Graph) -> Iterator[DataMutant]:
    for passage in sorted(graph.subjects(RDF.type, CG.Passage), key=str):
        for triple in graph.triples((passage, CG.end, None)):
            more = (passage, CG.end, Literal(int(str(triple[2])) + 1))
            # Findings about names depend on the end of the mention.
            yield DataMutant(str(passage), "passage-extent", (triple,), (more,), ("name-*",))


OPERATORS = (
    *(_without(*row) for row in rows_of("data", "checks/mutation")),
    DataOperator("stretch-passage", "a passage ends one character later than it says", _stretched),
)
