"""Inferring: what follows from the data and the ontology by the rules of OWL 2 RL, kept apart from what was said."""

from owlrl import OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, BNode, Dataset, Graph, URIRef
from rdflib.term import Node

from crmgraph.inferring.contradictions import check_contradictions
from crmgraph.namespaces import Names

__all__ = ["infer"]

_EMPTY_WORDS = frozenset({OWL.Thing, OWL.NamedIndividual, RDFS.Resource, RDFS.Literal})


def infer(dataset: Dataset, names: Names) -> Graph:
    """What the dataset entails beyond what it says, about the things it speaks of.

    Left out: what is true of everything (`a owl:Thing`, sameness with itself), and statements about the ontology's
    own terms. Raises ContradictionError where data and ontology cannot both be true.
    """
    terms = dataset.graph(URIRef(names.graph("ontology")))
    asserted = Graph()
    things: set[Node] = set()
    for subject, predicate, thing, graph in dataset.quads():
        asserted.add((subject, predicate, thing))
        if graph != terms.identifier:
            things.add(subject)
    closed, complaints = _close(asserted)
    check_contradictions(closed, asserted, complaints)
    inferred = Graph()
    for triple in closed:
        if triple not in asserted and triple[0] in things and _is_useful(triple):
            inferred.add(triple)
    return inferred


def _close(asserted: Graph) -> tuple[Graph, list[str]]:
    """The OWL 2 RL closure and the engine's complaints about it."""
    closed = Graph()
    for triple in asserted:
        closed.add(triple)
    engine = OWLRL_Semantics(closed, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    return closed, [message.strip() for message in engine.error_messages]


def _is_useful(triple: tuple[Node, Node, Node]) -> bool:
    subject, predicate, value = triple
    if isinstance(value, BNode):
        return False
    if predicate == OWL.sameAs:
        return subject != value
    return not (predicate == RDF.type and value in _EMPTY_WORDS)
