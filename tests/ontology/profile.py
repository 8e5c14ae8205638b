"""A checker of the profile OWL 2 RL, with the restrictions of OWL 2 DL that it inherits.

OWL 2 Profiles (second edition), section 4.2, and the Structural Specification, section 11: simple properties where a
bound is set, and a regular hierarchy of properties. What is annotated is left alone: it means nothing to a reasoner.
"""

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

__all__ = ["breaches"]

DATATYPES = {RDF.PlainLiteral, RDF.langString, RDF.XMLLiteral, RDFS.Literal} | {
    XSD[name]
    for name in (
        *("decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger"),
        *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
        *("float", "double", "boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp"),
        *("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"),
    )
}
# For each place where a class may stand: the constructors allowed there, and the place in which their operands stand.
SUBCLASS: dict[Node, str] = {
    OWL.intersectionOf: "subclass",
    OWL.unionOf: "subclass",
    OWL.oneOf: "",
    OWL.someValuesFrom: "filler",
    OWL.hasValue: "",
}
SUPERCLASS: dict[Node, str] = {
    OWL.intersectionOf: "superclass",
    OWL.complementOf: "subclass",
    OWL.allValuesFrom: "superclass",
    OWL.hasValue: "",
    OWL.maxCardinality: "",
    OWL.maxQualifiedCardinality: "filler",
}
EQUIVALENT: dict[Node, str] = {OWL.intersectionOf: "equivalent", OWL.hasValue: ""}
ALLOWED = {"subclass": SUBCLASS, "filler": SUBCLASS, "superclass": SUPERCLASS, "equivalent": EQUIVALENT}
CARDINALITIES = {OWL[bound + kind] for bound in ("min", "max") for kind in ("Cardinality", "QualifiedCardinality")} | {
    OWL.cardinality,
    OWL.qualifiedCardinality,
}
CONSTRUCTORS = {*SUBCLASS, *SUPERCLASS, *CARDINALITIES, OWL.hasSelf, OWL.disjointUnionOf}
CONSTRUCTORS |= {OWL.datatypeComplementOf, OWL.withRestrictions}
OBJECT_ONLY = {OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty}
OBJECT_ONLY |= {OWL.TransitiveProperty, OWL.SymmetricProperty, OWL.ReflexiveProperty}
SIMPLE_ONLY = {OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty}
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
BUILT_IN = tuple(str(namespace) for namespace in (OWL, RDF, RDFS, XSD))


def breaches(graph: Graph) -> list[str]:
    """What in the ontology is outside OWL 2 RL: for each breach the place, and what stands there."""
    return sorted(set(_Profile(graph).breaches()))


class _Profile:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def breaches(self) -> Iterator[str]:
        yield from self._class_axioms()
        yield from self._property_axioms()
        yield from self._restrictions_on_simple_properties()
        yield from self._chains()
        yield from self._assertions()
        yield from self._punning()

    def _class_axioms(self) -> Iterator[str]:
        graph = self.graph
        for lower, upper in graph.subject_objects(RDFS.subClassOf):
            yield from self._class(lower, "subclass")
            yield from self._class(upper, "superclass")
        for sides in graph.subject_objects(OWL.equivalentClass):
            data = any(self._is_a(side, RDFS.Datatype) for side in sides)
            for side in sides:
                yield from self._data_range(side) if data else self._class(side, "equivalent")
        for sides in graph.subject_objects(OWL.disjointWith):
            for side in sides:
                yield from self._class(side, "subclass")
        for group in graph.subjects(RDF.type, OWL.AllDisjointClasses):
            for member in self._list(graph.value(group, OWL.members)):
                yield from self._class(member, "subclass")
        for keyed in graph.subjects(OWL.hasKey):
            yield from self._class(keyed, "subclass")
        for defined in {node for constructor in CONSTRUCTORS for node in graph.subjects(constructor)}:
            if isinstance(defined, URIRef):
                yield from self._class(defined, "equivalent")
                yield from self._constructed(defined, "equivalent")

    def _property_axioms(self) -> Iterator[str]:
        graph = self.graph
        for subject, value in graph.subject_objects(RDFS.domain):
            yield from self._property(subject)
            if not self._is_a(subject, OWL.AnnotationProperty):
                yield from self._class(value, "superclass")
        for subject, value in graph.subject_objects(RDFS.range):
            yield from self._property(subject)
            if self._is_a(subject, OWL.DatatypeProperty):
                yield from self._data_range(value)
            elif not self._is_a(subject, OWL.AnnotationProperty):
                yield from self._class(value, "superclass")
        for predicate in (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf, OWL.propertyDisjointWith):
            for sides in graph.subject_objects(predicate):
                for side in sides:
                    yield from self._property(side)
        for subject in graph.subjects(RDF.type, OWL.ReflexiveProperty):
            yield f"axiom: {_name(OWL.ReflexiveProperty)} {_name(subject)}"
        for kind in OBJECT_ONLY:
            for subject in graph.subjects(RDF.type, kind):
                if self._is_a(subject, OWL.DatatypeProperty):
                    yield f"data property: {_name(kind)} {_name(subject)}"

    def _restrictions_on_simple_properties(self) -> Iterator[str]:
        graph = self.graph
        for composite in self._composite():
            bounded = graph.subjects(OWL.onProperty, composite)
            if (
                any(self._is_a(composite, kind) for kind in SIMPLE_ONLY)
                or (composite, OWL.propertyDisjointWith, None) in graph
                or (None, OWL.propertyDisjointWith, composite) in graph
                or any((node, bound, None) in graph for node in bounded for bound in {*CARDINALITIES, OWL.hasSelf})
            ):
                yield f"not simple: {_name(composite)}"

    def _composite(self) -> set[Node]:
        """Transitive properties and chains, and what follows from one: its inverses, all above it."""
        graph = self.graph
        found = {*graph.subjects(RDF.type, OWL.TransitiveProperty), *graph.subjects(OWL.propertyChainAxiom)}
        waiting = list(found)
        while waiting:
            node = waiting.pop()
            above = self._implied(node)
            waiting.extend(above - found)
            found |= above
        return found

    def _chains(self) -> Iterator[str]:
        """What is wrong in chains of properties: too short, not of object properties, or not regular (section 11.2)."""
        below: set[tuple[Node, Node]] = set()
        for composite, chain in self.graph.subject_objects(OWL.propertyChainAxiom):
            members = self._list(chain)
            if len(members) < 2:
                yield f"chain too short: {_name(composite)}"
            for member in members:
                yield from self._property(member)
                if self._is_a(member, OWL.DatatypeProperty):
                    yield f"data property: chain {_name(member)}"
            if members != [composite, composite]:
                inner = members[1:] if members[:1] == [composite] else members
                inner = inner[:-1] if len(inner) == len(members) and inner[-1:] == [composite] else inner
                below |= {(member, composite) for member in inner}
        for lower, upper in below:
            if lower in self._above(upper, below):
                yield f"not regular: {_name(upper)}"

    def _above(self, start: Node, below: set[tuple[Node, Node]]) -> set[Node]:
        """The property, its inverses, and all that must stand above one of them in the order of properties."""
        found: set[Node] = {start}
        waiting = [start]
        while waiting:
            node = waiting.pop()
            above = self._implied(node) | {upper for lower, upper in below if lower == node}
            waiting.extend(above - found)
            found |= above
        return found

    def _implied(self, node: Node) -> set[Node]:
        """The properties that hold wherever this one does, in either direction."""
        graph = self.graph
        return {
            *graph.objects(node, RDFS.subPropertyOf),
            *graph.objects(node, OWL.inverseOf),
            *graph.subjects(OWL.inverseOf, node),
            *graph.objects(node, OWL.equivalentProperty),
            *graph.subjects(OWL.equivalentProperty, node),
        }

    def _assertions(self) -> Iterator[str]:
        for predicate, value in self.graph.predicate_objects():
            if predicate == RDF.type and (not str(value).startswith(BUILT_IN) or value == OWL.Thing):
                yield from self._class(value, "superclass")
            if not str(predicate).startswith(BUILT_IN):
                yield from self._property(predicate)
            annotated = self._is_a(predicate, OWL.AnnotationProperty) or str(predicate).startswith(str(RDFS))
            datatype = value.datatype if isinstance(value, Literal) and not annotated else None
            if datatype is not None and datatype not in DATATYPES:
                yield f"datatype: {_name(datatype)}"

    def _punning(self) -> Iterator[str]:
        for subject in set(self.graph.subjects(RDF.type)):
            kinds = set(self.graph.objects(subject, RDF.type))
            if len(kinds & PROPERTIES) > 1 or {OWL.Class, RDFS.Datatype} <= kinds:
                yield f"two kinds: {_name(subject)}"

    def _class(self, node: Node, place: str) -> Iterator[str]:
        if isinstance(node, BNode):
            yield from self._constructed(node, place)
        elif node == OWL.Thing:
            if place != "filler":
                yield f"{place}: {_name(node)}"
        elif node != OWL.Nothing and not self._is_a(node, OWL.Class):
            yield f"undeclared: {_name(node)}"

    def _constructed(self, node: Node, place: str) -> Iterator[str]:
        graph = self.graph
        restricted = graph.value(node, OWL.onProperty)
        if restricted is not None:
            yield from self._property(restricted)
        data = self._is_a(restricted, OWL.DatatypeProperty)
        for constructor, operand in graph.predicate_objects(node):
            if constructor in ALLOWED[place]:
                inner = ALLOWED[place][constructor]
                if constructor in CARDINALITIES and int(str(operand)) > 1:
                    yield f"{place}: {_name(constructor)} {operand}"
                for part in self._operands(node, constructor, operand) if inner else ():
                    yield from self._data_range(part) if data else self._class(part, inner)
            elif constructor in CONSTRUCTORS:
                yield f"{place}: {_name(constructor)}"

    def _operands(self, node: Node, constructor: Node, operand: Node) -> list[Node]:
        if constructor in CARDINALITIES:
            return [*self.graph.objects(node, OWL.onClass), *self.graph.objects(node, OWL.onDataRange)]
        return self._list(operand) if constructor in (OWL.intersectionOf, OWL.unionOf) else [operand]

    def _data_range(self, node: Node) -> Iterator[str]:
        if isinstance(node, BNode):
            for constructor, operand in self.graph.predicate_objects(node):
                if constructor == OWL.intersectionOf:
                    for part in self._list(operand):
                        yield from self._data_range(part)
                elif constructor in CONSTRUCTORS:
                    yield f"data range: {_name(constructor)}"
        elif node not in DATATYPES and not (
            self._is_a(node, RDFS.Datatype) and (node, OWL.equivalentClass, None) in self.graph
        ):
            yield f"datatype: {_name(node)}"

    def _property(self, node: Node) -> Iterator[str]:
        if isinstance(node, BNode):
            return
        if not str(node).startswith(BUILT_IN) and not any(self._is_a(node, kind) for kind in PROPERTIES):
            yield f"undeclared: {_name(node)}"

    def _is_a(self, node: Node | None, kind: Node) -> bool:
        return node is not None and (node, RDF.type, kind) in self.graph

    def _list(self, head: Node | None) -> list[Node]:
        return list(Collection(self.graph, head)) if head is not None else []


def _name(node: Node) -> str:
    return str(node).rpartition("#")[2]
