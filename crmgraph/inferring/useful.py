"""What follows from a dataset and is worth saying: the part of its closure that is new, and about things."""

from rdflib import OWL, RDF, RDFS, BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.inferring.closing import Closure
from crmgraph.inferring.contradictions import check_contradictions
from crmgraph.namespaces import Names

__all__ = ["is_useful", "useful_statements"]

_EMPTY_WORDS = frozenset({OWL.Thing, OWL.NamedIndividual, RDFS.Resource, RDFS.Literal})


def useful_statements(dataset: Dataset, names: Names) -> Graph:
    """What the dataset entails beyond what it says, about the things it speaks of.

    Left out: what is true of everything (`a owl:Thing`, sameness with itself), what speaks of nodes without a name, and
    statements about the ontology's own terms. Raises ContradictionError where data and ontology cannot both be true.
    """
    terms = URIRef(names.graph("ontology"))
    quads = list(dataset.quads())
    closure = Closure((subject, predicate, value) for subject, predicate, value, _ in quads)
    check_contradictions(closure)
    things = {closure.nodes.name(subject) for subject, _, _, graph in quads if graph != terms}
    inferred = Graph()
    for triple in closure.match(None, None, None):
        if triple[0] in things and triple not in closure.asserted:
            subject, predicate, value = (closure.nodes.term(name) for name in triple)
            if is_useful(subject, predicate, value):
                inferred.add((subject, predicate, value))
    return inferred


def is_useful(subject: Node, predicate: Node, value: Node) -> bool:
    """Whether the statement tells anything, and RDF can say it."""
    if isinstance(subject, BNode | Literal) or isinstance(predicate, BNode | Literal) or isinstance(value, BNode):
        return False
    if predicate == OWL.sameAs:
        return subject != value
    return not (predicate == RDF.type and value in _EMPTY_WORDS)
