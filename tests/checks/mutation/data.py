"""Damage to the data themselves, which no text can have: parts without a place, words that are too long, two kinds."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rdflib import DCTERMS, RDF, RDFS, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.checks.findings import Finding
from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from tests.checks.mutation.bench import PLAN
from tests.checks.mutation.mutants import short

_PARTS = (CG.Theme, CG.Objective, CG.Action, CG.Activity, CG.ScheduleEntry)
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


def _without(
    name: str, does: str, kinds: Sequence[Node], predicate: URIRef, code: str, related: tuple[str, ...] = (),
    holder: Callable[[Graph, Node], Node | None] = lambda _, node: node, language: str | None = None,
    put: tuple[Triple, ...] = (),
) -> DataOperator:  # fmt: skip
    """What things of these kinds say by a property, in a language if one is named, is gone; the holder lacks it."""

    def places(graph: Graph) -> Iterator[DataMutant]:
        for node in (node for kind in kinds for node in sorted(graph.subjects(RDF.type, kind), key=str)):
            taken = tuple(
                triple
                for triple in graph.triples((node, predicate, None))
                if language in (None, getattr(triple[2], "language", ""))
            )
            held = holder(graph, node)
            if taken and held is not None:
                yield DataMutant(short(str(held)), code, taken, put, related)

    return DataOperator(name, does, places)


def _reader(graph: Graph, reading: Node) -> Node | None:
    return graph.value(predicate=CG.participation, object=reading) or graph.value(reading, CG.inElement)


def _stretched(graph: Graph) -> Iterator[DataMutant]:
    for passage in sorted(graph.subjects(RDF.type, CG.Passage), key=str):
        for triple in graph.triples((passage, CG.end, None)):
            more = (passage, CG.end, Literal(int(str(triple[2])) + 1))
            # What is said of names goes by where their words end.
            yield DataMutant(str(passage), "passage-extent", (triple,), (more,), ("name-*",))


_BEING_TRANSLATED = (URIRef(Names().id("plan", PLAN)), CG.translatedInto, Literal("en"))
# Mentions that stand first decide what is said of names.
_OF_NAMES = ("agent-*", "name-*", "date-past")
OPERATORS = (
    _without("drop-passage", "a part says not where it is read", _PARTS, CG.passage, "part-passage"),
    _without("drop-parent", "a part says not what it is part of", _PARTS, DCTERMS.isPartOf, "part-parent",
             ("number-*", "*-without-*", "attachment-*")),
    _without("drop-attachment", "a part says not how its place is known", _PARTS, CG.attachedBy, "part-attachment"),
    _without("drop-label", "a part has no name in the language es", _PARTS, RDFS.label, "label-spanish", language="es"),
    _without("drop-translation", "a part has no name in the language en", _PARTS, RDFS.label, "translation-missing",
             language="en", put=(_BEING_TRANSLATED,)),
    DataOperator("stretch-passage", "a passage ends one character later than it says", _stretched),
    _without("drop-ground", "a statement says not in which words it is read", (CG.Statement,), CG.passage,
             "statement-ground", holder=lambda graph, statement: graph.value(statement, CG.subject)),
    _without("drop-role", "a Participation without its role", (CG.Participation,), CG.role, "participation-capacity",
             _OF_NAMES, _reader),
    _without("drop-participation-passage", "a Participation without its passage", (CG.Participation,), CG.passage,
             "reading-passage", _OF_NAMES, _reader),
    _without("drop-mention-passage", "a Mention without its passage", (CG.Mention,), CG.passage, "reading-passage",
             _OF_NAMES, _reader),
)  # fmt: skip
