"""What follows from a dataset and is worth saying: the part of its closure that is new, and about things."""

from collections.abc import Iterable

from rdflib import OWL, RDF, RDFS, BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from crmgraph.inferring.causes import Contradiction, contradictions
from crmgraph.inferring.closing import Closure
from crmgraph.inferring.contradictions import check_contradictions
from crmgraph.namespaces import Names

__all__ = ["all_conclusions", "is_useful", "useful_statements"]

_Quad = tuple[Node, Node, Node, Node | None]

_EMPTY_WORDS = frozenset({OWL.Thing, OWL.NamedIndividual, RDFS.Resource, RDFS.Literal})


def useful_statements(dataset: Dataset, names: Names) -> Graph:
    """What the dataset entails beyond what it says, about the things it speaks of.

    Left out: what is true of everything (`a owl:Thing`, sameness with itself), what speaks of nodes without a name, and
    statements about the ontology's own terms. Raises ContradictionError where data and ontology cannot both be true.
    """
    quads = list(dataset.quads())
    closure = _closure(quads)
    check_contradictions(closure)
    return _useful(closure, quads, names)


def all_conclusions(dataset: Dataset, names: Names) -> tuple[Graph, list[Contradiction]]:
    """What `useful_statements` gives, and every contradiction there is rather than an error for the first."""
    quads = list(dataset.quads())
    closure = _closure(quads)
    terms = URIRef(names.graph("ontology"))
    axioms = ((subject, predicate, value) for subject, predicate, value, graph in quads if graph == terms)
    return _useful(closure, quads, names), contradictions(closure, axioms)


def _closure(quads: Iterable[_Quad]) -> Closure:
    return Closure((subject, predicate, value) for subject, predicate, value, _ in quads)


def _useful(closure: Closure, quads: Iterable[_Quad], names: Names) -> Graph:
    terms = URIRef(names.graph("ontology"))
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
