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

__all__ = ["OPERATORS", "DataMutant", "DataOperator", "judge_data"]

_PARTS = (CG.Theme, CG.Objective, CG.Action, CG.Activity, CG.ScheduleEntry)
_UP = {CG.Action: "action-without-objective", CG.Activity: "activity-without-action"}


@dataclass(frozen=True)
class DataMutant:
    """Statements taken out of the plan's data and put in, the code that must come, and of what IRI the rest may be."""

    place: str
    code: str
    taken: tuple[tuple[Node, Node, Node], ...]
    put: tuple[tuple[Node, Node, Node], ...] = ()
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


def _parts(graph: Graph) -> Iterator[tuple[Node, Node]]:
    for kind in _PARTS:
        yield from ((part, kind) for part in sorted(graph.subjects(RDF.type, kind), key=str))


def _without(name: str, does: str, predicate: URIRef, code: str, related: tuple[str, ...] = ()) -> DataOperator:
    def places(graph: Graph) -> Iterator[DataMutant]:
        for part, _ in _parts(graph):
            taken = tuple(graph.triples((part, predicate, None)))
            yield DataMutant(short(str(part)), code, taken, (), related)

    return DataOperator(name, does, places)


_BEING_TRANSLATED = (URIRef(Names().id("plan", PLAN)), CG.translatedInto, Literal("en"))


def _without_label(name: str, language: str, code: str, put: tuple[tuple[Node, Node, Node], ...] = ()) -> DataOperator:
    def places(graph: Graph) -> Iterator[DataMutant]:
        for part, _ in _parts(graph):
            taken = tuple(
                triple
                for triple in graph.triples((part, RDFS.label, None))
                if getattr(triple[2], "language", "") == language
            )
            if taken:
                yield DataMutant(short(str(part)), code, taken, put)

    return DataOperator(name, f"a part has no name in the language {language}", places)


def _stretched(graph: Graph) -> Iterator[DataMutant]:
    for passage in sorted(graph.subjects(RDF.type, CG.Passage), key=str):
        for triple in graph.triples((passage, CG.end, None)):
            more = (passage, CG.end, Literal(int(str(triple[2])) + 1))
            # What is said of names goes by where their words end.
            yield DataMutant(str(passage), "passage-extent", (triple,), (more,), ("name-*",))


def _groundless(graph: Graph) -> Iterator[DataMutant]:
    for statement in sorted(graph.subjects(RDF.type, CG.Statement), key=str):
        taken = tuple(graph.triples((statement, CG.passage, None)))
        subject = graph.value(statement, CG.subject)
        if taken:
            yield DataMutant(short(str(subject)), "statement-ground", taken, ())


def _readings(name: str, kind: URIRef, predicate: URIRef, code: str) -> DataOperator:
    def places(graph: Graph) -> Iterator[DataMutant]:
        for reading in sorted(graph.subjects(RDF.type, kind), key=str):
            taken = tuple(graph.triples((reading, predicate, None)))
            holder = graph.value(predicate=CG.participation, object=reading) or graph.value(reading, CG.inElement)
            if taken and holder is not None:
                # Those of a mention that stands first decide what is said of names.
                yield DataMutant(short(str(holder)), code, taken, (), ("agent-*", "name-*", "date-past"))

    return DataOperator(name, f"a {short_name(kind)} without its {short_name(predicate)}", places)


def short_name(term: URIRef) -> str:
    """The last part of a term's IRI."""
    return str(term).rpartition("#")[2].rpartition("/")[2]


OPERATORS = (
    _without("drop-passage", "a part says not where it is read", CG.passage, "part-passage"),
    _without(
        "drop-parent", "a part says not what it is part of", DCTERMS.isPartOf, "part-parent",
        ("number-*", "*-without-*", "attachment-*"),
    ),
    _without("drop-attachment", "a part says not how its place is known", CG.attachedBy, "part-attachment"),
    _without_label("drop-label", "es", "label-spanish"),
    _without_label("drop-translation", "en", "translation-missing", (_BEING_TRANSLATED,)),
    DataOperator("stretch-passage", "a passage ends one character later than it says", _stretched),
    DataOperator("drop-ground", "a statement says not in which words it is read", _groundless),
    _readings("drop-role", CG.Participation, CG.role, "participation-capacity"),
    _readings("drop-participation-passage", CG.Participation, CG.passage, "reading-passage"),
    _readings("drop-mention-passage", CG.Mention, CG.passage, "reading-passage"),
)  # fmt: skip
