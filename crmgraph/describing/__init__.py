"""Describing: a `Plan`, the curated tables and the ontology become named graphs of an RDF dataset."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from rdflib import SKOS, Dataset, Graph, Literal, URIRef

from crmgraph.describing.annotations import (
    Annotation,
    Known,
    Reader,
    Things,
    describe_annotators,
    describe_known,
    known_documents,
    same_sentences,
)
from crmgraph.describing.mentions import describe_acronyms, describe_bare_words, describe_mentions, describe_repetitions
from crmgraph.describing.parts import describe_neighbours, describe_parts
from crmgraph.describing.readings import (
    TABLES,
    TOPIC_TABLES,
    Translation,
    Translations,
    describe_events,
    describe_instrument_uses,
    describe_participations,
    describe_topics,
    describe_values,
    read_translations,
)
from crmgraph.describing.reference import describe_reference
from crmgraph.describing.schedules import describe_occasions, describe_statuses, describe_times
from crmgraph.describing.tables import check_files
from crmgraph.describing.vocabulary import CG, bind, read_ontology
from crmgraph.describing.writer import GraphWriter, describe_source
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.folding import tidy
from crmgraph.reading.languages import other_language
from crmgraph.reading.model import Plan

__all__ = ["Background", "describe_background", "describe_plan", "spoken_of"]

_NAMED = (
    CG.State,
    CG.Organ,
    CG.Organisation,
    CG.AgentGroup,
    CG.Network,
    CG.ConsultativeProcess,
    CG.Instrument,
    CG.Meeting,
    CG.Place,
)
"""The classes of things whose names a plan may give."""

_THEMATIC = ("topic", "population-group")
"""The vocabularies whose concepts are named by the words of a plan, as things are."""

_ANNOTATIONS = (*TABLES, "participations", "instrument-uses", "events", "translations")
"""The tables of what readers saw in a plan."""


@dataclass(frozen=True)
class Background:
    """What holds whatever the plan: the ontology and the reference data, as named graphs, and where they came from.

    `networks` and `statuses` are the names of networks and of statuses, `named` those of all that a plan in Spanish may
    mention, `named_in_english` of one in English, and `named_elsewhere` of one in the language that it is asked for;
    `annotations` is the folder in which each plan may have one of its own, `sources` that of the plans so annotated.
    """

    dataset: Dataset
    things: Things
    networks: Gazetteer
    statuses: Gazetteer
    named: Gazetteer
    named_in_english: Gazetteer
    named_elsewhere: Callable[[str], Gazetteer]
    annotations: Path
    sources: Path
    names: Names

    def named_in(self, plan: Plan) -> Gazetteer:
        """The names of all that a plan may mention, in its language."""
        known = {"es": self.named, "en": self.named_in_english}
        return known.get(plan.language) or self.named_elsewhere(plan.language)


def describe_background(ontology: Path, data: Path, names: Names) -> Background:
    """The graphs `ontology`, `reference` and `processes`, from the folders `ontology` and `data`.

    Raises TableError where a curated table has a wrong row, or a name that nobody reads.
    """
    dataset = describe_reference(data / "reference", names)
    reference = dataset.graph(URIRef(names.graph("reference")))
    processes = dataset.graph(URIRef(names.graph("processes")))
    terms = _copy(read_ontology(ontology), dataset.graph(URIRef(names.graph("ontology"))))
    _copy(_annotators(data / "annotations", names), reference)
    bind(dataset, names.prefixes())
    things_named = Graph()
    for graph in (reference, processes):
        _copy(graph, things_named)
    _copy(_concepts(terms, _THEMATIC), things_named)
    classes = (*_NAMED, SKOS.Concept)

    @cache
    def named_elsewhere(language: str) -> Gazetteer:
        # Few names are known in other languages, and many are as in Spanish, but for their accents.
        return Gazetteer(things_named, classes, ("es", language), judges_spelling=False)

    return Background(
        dataset,
        Things(dataset, names),
        networks=Gazetteer(reference, (CG.Network,), ("es", "en")),
        statuses=Gazetteer(_concepts(terms, ("status",)), (SKOS.Concept,), ("es", "en")),
        named=Gazetteer(things_named, classes),
        named_in_english=Gazetteer(things_named, classes, ("en",)),
        named_elsewhere=named_elsewhere,
        annotations=data / "annotations",
        sources=data / "source",
        names=names,
    )


def describe_plan(plan: Plan, background: Background) -> Dataset:
    """The graphs `plan/…` and `source/…` of a plan, in the light of the background and of what readers saw in it.

    Of a plan that nobody has read, what was seen in the same sentences of others counts.

    Raises TableError where an annotation of the plan does not fit it, or is in a file that nobody reads.
    """
    names = background.names
    known = known_documents(plan, background.sources, background.annotations)
    translations = _translations(known, background)
    dataset = bind(Dataset(), names.prefixes())
    assert isinstance(dataset, Dataset)
    writer = GraphWriter(plan, names, dataset.graph(URIRef(names.graph("plan", plan.id))))
    describe_parts(writer, background.networks, background.things, translations)
    if (background.annotations / plan.id / "translations.csv").is_file():
        writer.graph.add((writer.root, CG.translatedInto, Literal(other_language(plan.language))))
    named = background.named_in(plan)
    found = describe_mentions(named, writer)
    describe_acronyms(found, named, writer)
    if plan.language == "es":
        describe_bare_words(found, writer)
    describe_repetitions(writer)
    describe_neighbours(writer)
    read: list[Annotation] = []
    read_for: dict[str, set[str]] = {table: set() for table in TOPIC_TABLES}
    for each in known:
        places = same_sentences(each.plan, plan)
        for table, parts in read_for.items():
            if (each.folder / f"{table}.csv").is_file():
                parts.update(part.id for part in chain.from_iterable(places.values()))
        describe_known(each.plan, places, writer)
        reader = Reader(each.folder, places, background.things)
        describe_participations(reader, writer)
        describe_instrument_uses(reader, writer)
        read += describe_values(reader, writer)
        describe_events(reader, writer)
    for table, parts in read_for.items():
        describe_topics(table, parts, found, writer)
    describe_times(read, named, writer)
    describe_statuses(background.statuses, read, writer)
    describe_occasions(writer)
    title = translations.get(tidy(plan.title))
    source = describe_source(plan, names, title.text if title else None, writer.quoted)
    _copy(source, dataset.graph(URIRef(names.graph("source", plan.id))))
    return dataset


def spoken_of(plan: Dataset, background: Background) -> Dataset:
    """Of the background, the ontology and what it says of the things that the graphs of a plan speak of.

    Not of other plans, whose texts are not here.
    """
    terms, plans = URIRef(background.names.graph("ontology")), background.names.id("plan", "")
    named = {value for _, _, value, _ in plan.quads() if isinstance(value, URIRef) and not value.startswith(plans)}
    dataset = bind(Dataset(), background.names.prefixes())
    assert isinstance(dataset, Dataset)
    _copy(background.dataset.graph(terms), dataset.graph(terms))
    for thing in named:
        for subject, predicate, value, graph in background.dataset.quads((thing, None, None, None)):
            dataset.graph(graph).add((subject, predicate, value))
    return dataset


def _translations(known: Iterable[Known], background: Background) -> Translations:
    """What readers translated in these documents; of two translations of a text the first counts."""
    translations: dict[str, Translation] = {}
    for each in known:
        check_files(each.folder, _ANNOTATIONS)
        read = read_translations(each.folder / "translations.csv", each.plan, background.things)
        translations = {**read, **translations}
    return translations


def _annotators(folder: Path, names: Names) -> Graph:
    """Who reads plans; beside their table there are the folders of the plans."""
    plans = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    check_files(folder, ("annotators",), beside=plans)
    return describe_annotators(folder / "annotators.csv", names)


def _copy(source: Graph, target: Graph) -> Graph:
    for triple in source:
        target.add(triple)
    return target


def _concepts(ontology: Graph, schemes: Iterable[str]) -> Graph:
    """What the ontology says of the concepts of some vocabularies."""
    graph = Graph()
    for scheme in schemes:
        for concept in ontology.subjects(SKOS.inScheme, URIRef(f"{ONTOLOGY}/{scheme}")):
            for triple in ontology.triples((concept, None, None)):
                graph.add(triple)
    return graph
