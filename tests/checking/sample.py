"""A few statements about a plan, for what looks for places and words in them."""

from rdflib import DCTERMS, RDF, RDFS, Graph, Literal, URIRef

from crmgraph.describing.vocabulary import CG
from crmgraph.namespaces import Names

NAMES = Names()
TEXT = "7.1 La OIM y\n la OIM"


def iri(path: str) -> URIRef:
    return URIRef(NAMES.id(path))


THEME, ACTION, OTHER, MENTION = (iri(f"plan/p/{path}") for path in ("t", "t/7.1", "t/7.2", "t/7.1/mention-1"))
REFERENCE = iri("plan/p/t/7.1/reference-1")


def passage(graph: Graph, start: int, end: int, exact: str) -> URIRef:
    node = iri(f"source/p/{start}-{end}")
    for triple in (
        (node, RDF.type, CG.Passage), (node, CG.source, iri("source/p")), (node, CG.start, Literal(start)),
        (node, CG.end, Literal(end)), (node, CG.exact, Literal(exact)),
    ):  # fmt: skip
        graph.add(triple)
    return node


def small_graph() -> Graph:
    """Two actions of a theme; the first, in the words of `TEXT`, mentions somebody and refers to something."""
    graph = Graph()
    whole, other, name = passage(graph, 10, 30, TEXT), passage(graph, 40, 43, "7.2"), passage(graph, 17, 20, "OIM")
    for triple in (
        (THEME, RDF.type, CG.Theme), (ACTION, DCTERMS.isPartOf, THEME), (ACTION, CG.number, Literal("7.1")),
        (ACTION, CG.passage, whole), (ACTION, RDFS.label, Literal("Acción", "es")), (OTHER, CG.number, Literal("7.2")),
        (OTHER, CG.passage, other), (OTHER, DCTERMS.isPartOf, THEME), (MENTION, CG.inElement, ACTION),
        (MENTION, CG.passage, name), (MENTION, CG.mentioned, iri("actor/oim")),
        (iri("actor/oim"), RDFS.label, Literal("IOM", "en")), (iri("actor/oim"), RDFS.label, Literal("OIM", "es")),
        (REFERENCE, RDF.type, CG.CrossReference), (REFERENCE, DCTERMS.isPartOf, ACTION), (REFERENCE, CG.passage, whole),
        (REFERENCE, CG.targetPassage, name),
    ):  # fmt: skip
        graph.add(triple)
    return graph
