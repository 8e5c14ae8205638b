"""The source document as RDF: each passage with its offsets and its exact words."""

from bisect import bisect_right
from collections.abc import Iterable

from rdflib import DCTERMS, RDF, RDFS, XSD, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import LANGUAGE_IRIS, Names
from crmgraph.reading.model import CrossReference, Leaf, Passage, Plan, Referral

__all__ = ["describe_quotation", "describe_source", "passage_iri"]

_DOCUMENT = {"es": "Documento fuente", "en": "Source document"}


def passage_iri(plan: Plan, passage: Passage | Leaf, names: Names) -> URIRef:
    """The IRI of a passage of the plan's source: its offsets name it."""
    return URIRef(names.id("source", plan.id, f"{passage.start}-{passage.end}"))


def describe_source(
    plan: Plan, names: Names, title_translated: str | None = None, quoted: Iterable[Passage] = ()
) -> Graph:
    """The `source/…` graph of a plan: the document, its leaf passages, and the quotations within them.

    `title_translated` is what the plan is called in the other language. Quotations are the words of referrals and
    cross-references, and those that are `quoted`.
    """
    graph = Graph()
    source = URIRef(names.id("source", plan.id))
    graph.add((source, RDF.type, CG.Source))
    for language, document in _DOCUMENT.items():
        title = plan.title if language == plan.language else title_translated or plan.title
        graph.add((source, RDFS.label, Literal(f"{document}: {title}", language)))
    graph.add((source, DCTERMS.language, URIRef(LANGUAGE_IRIS[plan.language])))
    graph.add((source, DCTERMS.identifier, Literal(f"sha256:{plan.source.sha256}")))
    graph.add((source, DCTERMS.extent, Literal(len(plan.source.text))))
    for leaf in plan.leaves:
        iri = _describe_passage(graph, plan, leaf, names)
        graph.add((iri, RDF.type, CG.LeafPassage))
        graph.add((iri, CG.row, Literal(leaf.row)))
        if leaf.column is not None:
            graph.add((iri, CG.column, Literal(leaf.column)))
    for quotation in {*_quotations(plan), *quoted}:
        describe_quotation(graph, plan, quotation, names)
    return graph


def describe_quotation(graph: Graph, plan: Plan, passage: Passage, names: Names) -> URIRef:
    """Adds a passage that may be smaller than the leaf it stands in to the graph of the source, and gives its IRI."""
    around = plan.leaves[bisect_right(plan.leaves, passage.start, key=lambda leaf: leaf.start) - 1]
    if (passage.start, passage.end) != (around.start, around.end):
        iri = _describe_passage(graph, plan, passage, names)
        graph.add((iri, CG.inPassage, passage_iri(plan, around, names)))
    return passage_iri(plan, passage, names)


def _quotations(plan: Plan) -> Iterable[Passage]:
    """The passages of parts that are smaller than the line or cell they stand in."""
    for part, _ in plan.walk():
        if isinstance(part, Referral | CrossReference):
            yield part.passage
        if isinstance(part, CrossReference):
            yield from filter(None, (part.number_passage, part.theme_passage))


def _describe_passage(graph: Graph, plan: Plan, passage: Passage | Leaf, names: Names) -> URIRef:
    iri = passage_iri(plan, passage, names)
    graph.add((iri, RDF.type, CG.Passage))
    graph.add((iri, CG.source, URIRef(names.id("source", plan.id))))
    graph.add((iri, CG.start, Literal(passage.start)))
    graph.add((iri, CG.end, Literal(passage.end)))
    graph.add((iri, CG.exact, Literal(passage.exact, datatype=XSD.string)))
    return iri
