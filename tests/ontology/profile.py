"""A checker of OWL 2 RL for ontologies without class expressions, which ours is one of.

OWL 2 Profiles (second edition), section 4.2, and the Structural Specification, section 11: simple properties where a
bound is set, and a regular hierarchy of properties.
"""

from collections.abc import Callable, Iterator

from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

__all__ = ["breaches"]

DATATYPES = {RDF.PlainLiteral, RDF.langString, RDFS.Literal} | {
    XSD[name]
    for name in [
        "decimal",
        "integer",
        "nonNegativeInteger",
        "positiveInteger",
        "int",
        "boolean",
        "anyURI",
        "string",
        "token",
    ]
}
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
SIMPLE_ONLY = (OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty)
OF_OBJECTS = (*SIMPLE_ONLY[1:], OWL.TransitiveProperty, OWL.SymmetricProperty)
BETWEEN_CLASSES = (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)
BETWEEN_PROPERTIES = (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf, OWL.propertyDisjointWith)
KNOWN = {*PROPERTIES, *SIMPLE_ONLY, *OF_OBJECTS, *BETWEEN_CLASSES, *BETWEEN_PROPERTIES} | {
    *(OWL.Class, OWL.Ontology, OWL.propertyChainAxiom, OWL.versionIRI, OWL.versionInfo, OWL.priorVersion),
    *(OWL.backwardCompatibleWith, OWL.imports, OWL.differentFrom),
}
"""What the axioms may be made of."""


def breaches(graph: Graph) -> list[str]:
    """Return what in the ontology is outside OWL 2 RL, each breach with what stands there."""
    return sorted(set(_breaches(graph)))


def _breaches(graph: Graph) -> Iterator[str]:
    def declared(term: Node, *kinds: Node) -> bool:
        return any((term, RDF.type, kind) in graph for kind in kinds)

    for node in {node for triple in graph for node in triple if str(node).startswith(str(OWL))} - KNOWN:
        yield f"construct: {_name(node)}"
    sides = [side for edge in BETWEEN_CLASSES for pair in graph.subject_objects(edge) for side in pair]
    sides += [value for edge in (RDFS.domain, RDFS.range) for term, value in graph.subject_objects(edge)
              if edge == RDFS.domain or declared(term, OWL.ObjectProperty)]  # fmt: skip
    yield from (f"undeclared: {_name(side)}" for side in sides if not declared(side, OWL.Class))
    linked = {side for edge in BETWEEN_PROPERTIES for pair in graph.subject_objects(edge) for side in pair}
    linked |= {term for edge in (RDFS.domain, RDFS.range) for term in graph.subjects(edge)}
    yield from (f"undeclared: {_name(term)}" for term in linked if not declared(term, *PROPERTIES))
    for term, value in graph.subject_objects(RDFS.range):
        if declared(term, OWL.DatatypeProperty) and value not in DATATYPES:
            yield f"datatype: {_name(value)}"
    for kind in OF_OBJECTS:
        yield from (f"data property: {_name(term)}" for term in graph.subjects(RDF.type, kind)
                    if declared(term, OWL.DatatypeProperty))  # fmt: skip
    for term in graph.subjects(RDF.type):
        if sum(declared(term, kind) for kind in PROPERTIES) > 1:
            yield f"two kinds: {_name(term)}"
    yield from _chains(graph)
    composite = {*graph.subjects(RDF.type, OWL.TransitiveProperty), *graph.subjects(OWL.propertyChainAxiom)}
    for term in _reached(composite, lambda node: _implied(graph, node)):
        disjoint = {*graph.objects(term, OWL.propertyDisjointWith), *graph.subjects(OWL.propertyDisjointWith, term)}
        if declared(term, *SIMPLE_ONLY) or disjoint:
            yield f"not simple: {_name(term)}"


def _chains(graph: Graph) -> Iterator[str]:
    """Yield chains that are too short or not regular (section 11.2)."""
    below: set[tuple[Node, Node]] = set()
    for term, head in graph.subject_objects(OWL.propertyChainAxiom):
        links = list(Collection(graph, head))
        if len(links) < 2:
            yield f"chain too short: {_name(term)}"
        yield from (f"data property: chain {_name(link)}" for link in links
                    if (link, RDF.type, OWL.ObjectProperty) not in graph)  # fmt: skip
        if links != [term, term]:
            inner = links[1:] if links[:1] == [term] else links
            inner = inner[:-1] if len(inner) == len(links) and inner[-1:] == [term] else inner
            below |= {(link, term) for link in inner}
    for lower, upper in below:
        above = _reached({upper}, lambda node: _implied(graph, node) | {up for low, up in below if low == node})
        if lower in above:
            yield f"not regular: {_name(upper)}"


def _implied(graph: Graph, node: Node) -> set[Node]:
    """Return the properties that hold wherever this one does, in either direction."""
    either = {*graph.objects(node, OWL.inverseOf), *graph.subjects(OWL.inverseOf, node)}
    either |= {*graph.objects(node, OWL.equivalentProperty), *graph.subjects(OWL.equivalentProperty, node)}
    return either | {*graph.objects(node, RDFS.subPropertyOf)}


def _reached(start: set[Node], step: Callable[[Node], set[Node]]) -> set[Node]:
    found, waiting = set(start), list(start)
    while waiting:
        new = step(waiting.pop()) - found
        found |= new
        waiting.extend(new)
    return found


def _name(node: Node) -> str:
    return URIRef(str(node)).rpartition("#")[2]
