"""The ontology keeps to OWL 2 RL: a checker of the profile, and proof that it finds each kind of breach.

OWL 2 Profiles (second edition), section 4.2, and the restrictions of OWL 2 Structural Specification, section 11.2, that
a profile inherits. Axioms about anonymous classes are read through the RDF mapping; annotations are left alone.
"""

from collections.abc import Iterable, Iterator

import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.resources import resource

DATATYPES = {RDF.PlainLiteral, RDF.XMLLiteral, RDFS.Literal} | {
    XSD[name]
    for name in (
        "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte "
        "unsignedLong unsignedInt unsignedShort unsignedByte float double string normalizedString token language Name "
        "NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"
    ).split()
}

# For each place in which a class may stand: the constructors allowed there, and the place of what they are made of.
ALLOWED: dict[str, dict[URIRef, str | None]] = {
    "subclass": {
        OWL.intersectionOf: "subclass",
        OWL.unionOf: "subclass",
        OWL.oneOf: None,
        OWL.someValuesFrom: "filler",
        OWL.hasValue: None,
    },
    "superclass": {
        OWL.intersectionOf: "superclass",
        OWL.complementOf: "subclass",
        OWL.allValuesFrom: "superclass",
        OWL.hasValue: None,
        OWL.maxCardinality: None,
        OWL.maxQualifiedCardinality: "filler",
    },
    "equivalent": {OWL.intersectionOf: "equivalent", OWL.hasValue: None},
}
ALLOWED["filler"] = ALLOWED["subclass"]
CARDINALITIES = {
    OWL.cardinality,
    OWL.minCardinality,
    OWL.maxCardinality,
    OWL.qualifiedCardinality,
    OWL.minQualifiedCardinality,
    OWL.maxQualifiedCardinality,
}
CONSTRUCTORS = {key for place in ALLOWED.values() for key in place} | CARDINALITIES | {OWL.hasSelf}
SIMPLE_ONLY = {
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.IrreflexiveProperty,
    OWL.AsymmetricProperty,
}
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
ENTITY_KINDS = (OWL.Class, RDFS.Datatype, *PROPERTY_KINDS)
BUILT_IN = tuple(str(namespace) for namespace in (OWL, RDF, RDFS, XSD))


class Profile:
    """A graph read as an ontology. `breaches` are what is outside OWL 2 RL, one sentence each."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.breaches = sorted({*self._axioms(), *self._property_restrictions(), *self._declarations(), *self._data()})

    def _axioms(self) -> Iterator[str]:
        graph = self.graph
        for kind in (OWL.disjointUnionOf, OWL.ReflexiveProperty):
            if (None, kind, None) in graph or (None, RDF.type, kind) in graph:
                yield f"axiom: {_name(kind)}"
        for lower, upper in graph.subject_objects(RDFS.subClassOf):
            yield from self._class(lower, "subclass")
            yield from self._class(upper, "superclass")
        for pair in graph.subject_objects(OWL.equivalentClass):
            for side in pair:
                yield from self._range(side) if self._is_data(pair) else self._class(side, "equivalent")
        for node in graph.subjects(RDF.type, OWL.Class):
            yield from self._definition(node)
        for pair in graph.subject_objects(OWL.disjointWith):
            for side in pair:
                yield from self._class(side, "subclass")
        for group in graph.subjects(RDF.type, OWL.AllDisjointClasses):
            for member in self._list(graph.value(group, OWL.members)):
                yield from self._class(member, "subclass")
        for keyed in graph.subjects(OWL.hasKey):
            yield from self._class(keyed, "subclass")
        for subject, kind in graph.subject_objects(RDF.type):
            if not str(kind).startswith(BUILT_IN) or kind == OWL.Thing:
                yield from self._class(kind, "superclass", assertion=kind == OWL.Thing and isinstance(subject, Node))
        for domain in graph.objects(None, RDFS.domain):
            yield from self._class(domain, "superclass")
        for ranged, range_ in graph.subject_objects(RDFS.range):
            data = (ranged, RDF.type, OWL.DatatypeProperty) in graph
            yield from self._range(range_) if data else self._class(range_, "superclass")
