"""The parts of a plan as RDF: what each is, says, belongs to, stands on and points to."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import DCTERMS, RDF, RDFS, XSD, Graph, Literal, URIRef

from crmgraph.describing.naming import Lexicon
from crmgraph.describing.passages import passage_iri
from crmgraph.describing.statuses import StatusAnnotations, statuses_of
from crmgraph.describing.translations import Translations
from crmgraph.describing.vocabulary import ATTACHMENT, CG
from crmgraph.namespaces import Names
from crmgraph.reading.folding import tidy
from crmgraph.reading.plan import CrossReference, Part, Plan, Referral, ScheduleEntry, Theme

__all__ = ["Words", "describe_parts"]


@dataclass(frozen=True)
class Words:
    """What is known beforehand of the words in a plan: networks by name, statuses by phrase, and what readers saw.

    `english` has the English labels of reference things, by IRI.
    """

    networks: Lexicon
    english: Mapping[str, str]
    statuses: Lexicon
    translations: Translations
    status_annotations: StatusAnnotations


def describe_parts(plan: Plan, words: Words, names: Names) -> Graph:
    """The `plan/…` graph: the plan, and each of its parts with number, text, labels, parent, passage and targets."""
    graph = Graph()
    root = URIRef(names.id("plan", plan.id))
    graph.add((root, RDF.type, CG.Plan))
    graph.add((root, DCTERMS.source, URIRef(names.id("source", plan.id))))
    _label(graph, root, plan.title, words.translations)
    for leaf in plan.leaves:
        if leaf.row == 0:
            graph.add((root, CG.passage, passage_iri(plan, leaf, names)))
    in_order = sorted(plan.walk(), key=lambda pair: (pair[0].passage.start, -pair[0].passage.end))
    describer = _Describer(graph, plan, words, names)
    for order, (part, parent) in enumerate(in_order, 1):
        describer.describe(part, root if parent is None else describer.iri(parent.id), order)
    return graph


def _label(graph: Graph, subject: URIRef, text: str, translations: Translations) -> None:
    label = tidy(text)
    graph.add((subject, RDFS.label, Literal(label, "es")))
    if label in translations:
        graph.add((subject, RDFS.label, Literal(translations[label], "en")))


@dataclass(frozen=True)
class _Describer:
    graph: Graph
    plan: Plan
    words: Words
    names: Names

    def iri(self, part: str) -> URIRef:
        return URIRef(self.names.id("plan", self.plan.id, part))

    def describe(self, part: Part, parent: URIRef, order: int) -> None:
        graph, subject = self.graph, self.iri(part.id)
        graph.add((subject, RDF.type, CG[part.kind]))
        graph.add((subject, DCTERMS.isPartOf, parent))
        graph.add((parent, DCTERMS.hasPart, subject))
        graph.add((subject, CG.within, parent))
        graph.add((subject, CG.attachedBy, ATTACHMENT[part.attached_by.value]))
        graph.add((subject, CG.order, Literal(order)))
        graph.add((subject, CG.text, Literal(part.text, "es")))
        graph.add((subject, CG.passage, passage_iri(self.plan, part.passage, self.names)))
        if part.number is not None:
            graph.add((subject, CG.number, Literal(part.number, datatype=XSD.string)))
        if isinstance(part, Referral):
            self._describe_referral(part, subject, parent)
        elif isinstance(part, CrossReference):
            self._describe_cross_reference(part, subject, parent)
        else:
            _label(graph, subject, part.text, self.words.translations)
        if isinstance(part, ScheduleEntry):
            for status in statuses_of(part, self.words.statuses, self.words.status_annotations):
                graph.add((subject, CG.status, URIRef(status)))
        if isinstance(part, Theme):
            for repeat in part.repeats:
                graph.add((subject, CG.repeatedIn, passage_iri(self.plan, repeat, self.names)))

    def _describe_referral(self, part: Referral, subject: URIRef, parent: URIRef) -> None:
        self.graph.add((subject, RDFS.label, Literal(f"Remisión a un plan de trabajo: {tidy(part.target)}", "es")))
        networks = [mention.iri for mention in self.words.networks.find(part.target)]
        if networks:
            named = ", ".join(self.words.english.get(network, network) for network in networks)
            self.graph.add((subject, RDFS.label, Literal(f"Referral to a work plan: {named}", "en")))
        for network in networks:
            for element in (subject, parent):
                self.graph.add((element, CG.deferredTo, URIRef(network)))

    def _describe_cross_reference(self, part: CrossReference, subject: URIRef, parent: URIRef) -> None:
        number = part.target_number
        self.graph.add((subject, RDFS.label, Literal(f"Referencia al número {number}", "es")))
        self.graph.add((subject, RDFS.label, Literal(f"Reference to number {number}", "en")))
        self.graph.add((subject, CG.targetNumber, Literal(number, datatype=XSD.string)))
        if part.number_passage:
            self.graph.add((subject, CG.targetPassage, passage_iri(self.plan, part.number_passage, self.names)))
        if part.target_theme:
            self.graph.add((subject, CG.targetTheme, self.iri(part.target_theme)))
        if part.target:
            for element in (subject, parent):
                self.graph.add((element, CG.refersTo, self.iri(part.target)))
