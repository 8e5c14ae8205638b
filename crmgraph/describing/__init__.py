"""Describing: a `Plan`, the curated tables and the ontology become named graphs of an RDF dataset."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import SKOS, Dataset, Graph, Literal, URIRef

from crmgraph.describing.annotations import (
    Annotation,
    Things,
    Translations,
    describe_annotations,
    known_documents,
    read_translations,
    same_sentences,
)
from crmgraph.describing.parts import describe_order, describe_parts
from crmgraph.describing.tables import TableMapping, check_files, describe_reference, read_mappings
from crmgraph.describing.vocabulary import CG, GraphWriter, bind, describe_source, read_ontology
from crmgraph.describing.words import (
    TOPIC_TABLES,
    describe_acronyms,
    describe_bare_words,
    describe_mentions,
    describe_repetitions,
    describe_statuses,
    describe_times,
    describe_topics,
)
from crmgraph.extraction.gazetteer import Gazetteer
from crmgraph.namespaces import ONTOLOGY, Names
from crmgraph.reading.languages import other_language, tidy
from crmgraph.reading.model import Plan

__all__ = ["Background", "describe_background", "describe_plan", "spoken_of"]

_NAMED = (
    CG.State, CG.Organ, CG.Organisation, CG.AgentGroup, CG.Network, CG.ConsultativeProcess, CG.Instrument, CG.Meeting,
    CG.Place,
)  # fmt: skip
"""The classes of things whose names a plan may give."""

_THEMATIC = ("topic", "population-group")
"""The vocabularies whose concepts are named by the words of a plan, as things are."""


@dataclass(frozen=True)
class Background:
    """The background of all plans: the ontology and the reference data, as named graphs, and where they came from.

    `networks` and `statuses` are the names of networks and of statuses, `named` those of all that a plan in a language
    may mention; `annotations` is the folder in which each plan may have one of its own, with tables that have these
    `mappings`; `sources` is that of the plans so annotated.
    """

    dataset: Dataset
    things: Things
    networks: Gazetteer
    statuses: Gazetteer
    named: Callable[[str], Gazetteer]
    annotations: Path
    mappings: Mapping[str, TableMapping]
    sources: Path
    names: Names


def describe_background(ontology: Path, data: Path, names: Names) -> Background:
    """Return the graphs `ontology`, `reference` and `processes`, from the folders `ontology` and `data`.

    Raises TableError where a curated table has a wrong row, or a name that nobody reads.
    """
    dataset = bind(describe_reference(data / "reference", names), names.prefixes())
    reference, processes, terms = (
        dataset.graph(URIRef(names.graph(name))) for name in ("reference", "processes", "ontology")
    )
    terms += read_ontology(ontology)
    folder = data / "annotations"
    check_files(folder, (), beside=[path.name for path in folder.glob("*") if path.is_dir()])
    things_named = Graph()
    for graph in (reference, processes, _concepts(terms, _THEMATIC)):
        things_named += graph

    @cache
    def named(language: str) -> Gazetteer:
        # Few names are known in other languages, and many are as in Spanish, but for their accents.
        is_known = language in ("es", "en")
        languages = (language,) if is_known else ("es", language)
        return Gazetteer(things_named, (*_NAMED, SKOS.Concept), languages, judges_spelling=is_known)

    return Background(
        dataset,
        Things(dataset, names),
        networks=Gazetteer(reference, (CG.Network,), ("es", "en")),
        statuses=Gazetteer(_concepts(terms, ("status",)), (SKOS.Concept,), ("es", "en")),
        named=named,
        annotations=folder,
        mappings=read_mappings(folder),
        sources=data / "source",
        names=names,
    )


def _concepts(ontology: Graph, schemes: Iterable[str]) -> Graph:
    """Return what the ontology says of the concepts of some vocabularies."""
    graph = Graph()
    for scheme in schemes:
        for concept in ontology.subjects(SKOS.inScheme, URIRef(f"{ONTOLOGY}/{scheme}")):
            graph += ontology.triples((concept, None, None))
    return graph


def describe_plan(plan: Plan, background: Background) -> Dataset:
    """Return the graphs `plan/…` and `source/…` of a plan, by the background and what readers saw in it.

    Of a plan that nobody has read, what was seen in the same sentences of others counts.

    Raises TableError where an annotation of the plan does not fit it, or is in a file that nobody reads.
    """
    names, folder = background.names, background.annotations
    known = known_documents(plan, background.sources, folder)
    translations: Translations = {}
    for document, tables in known:
        check_files(tables, (*background.mappings, "translations"))
        # Of two translations of a text the first counts.
        translations = read_translations(tables / "translations.csv", document, background.things) | translations
    dataset = bind(Dataset(), names.prefixes())
    writer = GraphWriter(plan, names, dataset.graph(URIRef(names.graph("plan", plan.id))))
    describe_parts(writer, background.networks, background.things, translations)
    if (folder / plan.id / "translations.csv").is_file():
        writer.add(writer.root, (CG.translatedInto, Literal(other_language(plan.language))))
    named = background.named(plan.language)
    found = describe_mentions(named, writer)
    describe_acronyms(found, named, writer)
    if plan.language == "es":
        describe_bare_words(found, writer)
    describe_repetitions(writer)
    describe_order(writer)
    annotations: list[Annotation] = []
    read_for: dict[str, set[URIRef]] = {table: set() for table in TOPIC_TABLES}
    for document, tables in known:
        places = same_sentences(document, plan)
        parts = [writer.iri(part.id) for same in places.values() for part in same]
        for part in parts:
            writer.add(part, (CG.readIn, URIRef(names.id("plan", document.id))))
        for table, elements in read_for.items():
            elements.update(parts if (tables / f"{table}.csv").is_file() else ())
        annotations += describe_annotations(tables, background.mappings, places, background.things, writer)
    describe_topics(read_for, found, writer)
    describe_times(annotations, named, writer)
    describe_statuses(background.statuses, annotations, writer)
    title = translations.get(tidy(plan.title))
    source = dataset.graph(URIRef(names.graph("source", plan.id)))
    source += describe_source(plan, names, title[0] if title else None, writer.quoted)
    return dataset


def spoken_of(plan: Dataset, background: Background) -> Dataset:
    """Return, of the background, the ontology and what it says of the things that the graphs of a plan speak of.

    Not of other plans, whose texts are not here.
    """
    terms, plans = URIRef(background.names.graph("ontology")), background.names.id("plan", "")
    named = {value for _, _, value, _ in plan.quads() if isinstance(value, URIRef) and not value.startswith(plans)}
    dataset = bind(Dataset(), background.names.prefixes())
    ontology = dataset.graph(terms)
    ontology += background.dataset.graph(terms)
    for thing in named:
        for subject, predicate, value, graph in background.dataset.quads((thing, None, None, None)):
            dataset.graph(graph).add((subject, predicate, value))
    return dataset
