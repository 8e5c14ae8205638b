"""Describing: a `Plan`, the curated tables and the ontology become named graphs of an RDF dataset."""

from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, Dataset, Graph, URIRef

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.parts import Words, describe_parts
from crmgraph.describing.passages import describe_source
from crmgraph.describing.reference import describe_reference
from crmgraph.describing.statuses import read_status_annotations
from crmgraph.describing.translations import read_translations
from crmgraph.describing.vocabulary import CG, STATUS, bind, read_ontology
from crmgraph.namespaces import Names
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import Plan

__all__ = ["Background", "describe_background", "describe_plan"]


@dataclass(frozen=True)
class Background:
    """What holds whatever the plan: the ontology and the reference data, as named graphs, and where they came from."""

    dataset: Dataset
    networks: Lexicon
    statuses: Lexicon
    annotations: Path
    names: Names


def describe_background(ontology: Path, data: Path, names: Names) -> Background:
    """The graphs `ontology`, `reference` and `processes`, from the folders `ontology` and `data`.

    Raises TableError where a curated table has a wrong row.
    """
    dataset = describe_reference(data / "reference", names)
    terms = _copy(read_ontology(ontology), dataset.graph(URIRef(names.graph("ontology"))))
    bind(dataset, names.prefixes())
    networks = Lexicon(dataset.graph(URIRef(names.graph("reference"))), (CG.Network,))
    return Background(dataset, networks, _status_lexicon(terms), data / "annotations", names)


def describe_plan(plan: Plan, background: Background) -> Dataset:
    """The graphs `plan/…` and `source/…` of a plan, in the light of the background.

    Raises TableError where an annotation of the plan does not fit it.
    """
    names = background.names
    annotations = background.annotations / plan.id
    statuses = frozenset(map(str, background.dataset.graph(URIRef(names.graph("ontology"))).subjects(SKOS.inScheme)))
    words = Words(
        background.networks,
        _english_labels(background.dataset),
        background.statuses,
        read_translations(annotations / "translations.csv"),
        read_status_annotations(annotations / "statuses.csv", plan, statuses),
    )
    dataset = bind(Dataset(), names.prefixes())
    assert isinstance(dataset, Dataset)
    _copy(describe_parts(plan, words, names), dataset.graph(URIRef(names.graph("plan", plan.id))))
    title_in_english = words.translations.get(tidy(plan.title))
    _copy(describe_source(plan, names, title_in_english), dataset.graph(URIRef(names.graph("source", plan.id))))
    return dataset


def _copy(source: Graph, target: Graph) -> Graph:
    for triple in source:
        target.add(triple)
    return target


def _english_labels(dataset: Dataset) -> dict[str, str]:
    return {
        str(thing): str(label)
        for thing, _, label, _ in dataset.quads((None, RDFS.label, None, None))
        if getattr(label, "language", None) == "en"
    }


def _status_lexicon(ontology: Graph) -> Lexicon:
    """The phrases by which a calendar says how things stand: the labels of the concepts of the status scheme."""
    statuses = Graph()
    for concept in ontology.subjects(RDF.type, SKOS.Concept):
        if str(concept).startswith(STATUS):
            for triple in ontology.triples((concept, None, None)):
                statuses.add(triple)
    return Lexicon(statuses, (SKOS.Concept,))
