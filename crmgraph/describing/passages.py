"""The source document as RDF: each passage with its offsets and its exact words."""

from bisect import bisect_right
from collections.abc import Iterable

from rdflib import DCTERMS, RDF, RDFS, XSD, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names
from crmgraph.reading.plan import CrossReference, Leaf, Passage, Plan, Referral

__all__ = ["describe_source", "passage_iri"]


def passage_iri(plan: Plan, passage: Passage | Leaf, names: Names) -> URIRef:
    """The IRI of a passage of the plan's source: its offsets name it."""
    return URIRef(names.id("source", plan.id, f"{passage.start}-{passage.end}"))


def describe_source(
    plan: Plan, names: Names, title_in_english: str | None = None, quoted: Iterable[Passage] = ()
) -> Graph:
    """The `source/…` graph of a plan: the document, its leaf passages, and the quotations within them.

    Quotations are the words of referrals and cross-references, and those that are `quoted`.
    """
    graph = Graph()
    source = URIRef(names.id("source", plan.id))
    graph.add((source, RDF.type, CG.Source))
    graph.add((source, RDFS.label, Literal(f"Documento fuente: {plan.title}", "es")))
    if title_in_english is not None:
        graph.add((source, RDFS.label, Literal(f"Source document: {title_in_english}", "en")))
    graph.add((source, DCTERMS.identifier, Literal(f"sha256:{plan.source.sha256}")))
    graph.add((source, DCTERMS.extent, Literal(len(plan.source.text))))
    for leaf in plan.leaves:
        iri = _describe_passage(graph, plan, leaf, names)
        graph.add((iri, RDF.type, CG.LeafPassage))
        graph.add((iri, CG.row, Literal(leaf.row)))
        if leaf.column is not None:
            graph.add((iri, CG.column, Literal(leaf.column)))
    starts = [leaf.start for leaf in plan.leaves]
    for quotation in {*_quotations(plan), *quoted}:
        around = plan.leaves[bisect_right(starts, quotation.start) - 1]
        if (quotation.start, quotation.end) != (around.start, around.end):
            iri = _describe_passage(graph, plan, quotation, names)
            graph.add((iri, CG.inPassage, passage_iri(plan, around, names)))
    return graph


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
