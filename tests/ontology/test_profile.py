"""The ontology keeps to OWL 2 RL: a checker of the profile, and proof that it finds each kind of breach.

OWL 2 Profiles (second edition), section 4.2, and the restrictions of the OWL 2 Structural Specification, section 11,
that a profile inherits. What is annotated is left alone, for it means nothing to a reasoner.
"""

from collections.abc import Iterator

import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.resources import resource

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
            above = {*graph.objects(node, RDFS.subPropertyOf), *graph.objects(node, OWL.inverseOf)}
            above |= {*graph.subjects(OWL.inverseOf, node), *graph.objects(node, OWL.equivalentProperty)}
            above |= {*graph.subjects(OWL.equivalentProperty, node)}
            waiting.extend(above - found)
            found |= above
        return found

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


def read(turtle: str) -> Graph:
    """An ontology of a few lines: four classes, three properties, two individuals and whatever `turtle` adds."""
    return Graph().parse(
        format="turtle",
        data=f"""
        @prefix : <http://example.org/#> .
        @prefix owl: <{OWL}> .
        @prefix rdf: <{RDF}> .
        @prefix rdfs: <{RDFS}> .
        @prefix xsd: <{XSD}> .
        <http://example.org/> a owl:Ontology .
        :A a owl:Class . :B a owl:Class . :C a owl:Class . :D a owl:Class .
        :p a owl:ObjectProperty . :q a owl:ObjectProperty . :d a owl:DatatypeProperty . :n a owl:AnnotationProperty .
        {turtle}
        """,
    )


@pytest.mark.parametrize(
    ("turtle", "breach"),
    [
        (":A owl:disjointUnionOf (:B :C) .", "equivalent: disjointUnionOf"),
        (":p a owl:ReflexiveProperty .", "axiom: ReflexiveProperty p"),
        (":A rdfs:subClassOf owl:Thing .", "superclass: Thing"),
        ("owl:Thing rdfs:subClassOf :A .", "subclass: Thing"),
        (":A owl:equivalentClass owl:Thing .", "equivalent: Thing"),
        (":x a owl:Thing .", "superclass: Thing"),
        (":A owl:oneOf (:x) .", "equivalent: oneOf"),
        (":A rdfs:subClassOf [ owl:unionOf (:B :C) ] .", "superclass: unionOf"),
        (":p rdfs:domain [ owl:unionOf (:B :C) ] .", "superclass: unionOf"),
        (":p rdfs:range [ owl:unionOf (:B :C) ] .", "superclass: unionOf"),
        (":x a [ owl:unionOf (:B :C) ] .", "superclass: unionOf"),
        (":A rdfs:subClassOf [ owl:oneOf (:x) ] .", "superclass: oneOf"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ] .", "superclass: someValuesFrom"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:hasSelf true ] .", "superclass: hasSelf"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:minCardinality 1 ] .", "superclass: minCardinality"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:cardinality 1 ] .", "superclass: cardinality"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 2 ] .", "superclass: maxCardinality 2"),
        (
            ":A rdfs:subClassOf [ owl:onProperty :p ; owl:minQualifiedCardinality 1 ; owl:onClass :B ] .",
            "superclass: minQualifiedCardinality",
        ),
        (
            ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass "
            "[ owl:complementOf :B ] ] .",
            "filler: complementOf",
        ),
        ("[ owl:complementOf :B ] rdfs:subClassOf :A .", "subclass: complementOf"),
        ("[ owl:onProperty :p ; owl:allValuesFrom :B ] rdfs:subClassOf :A .", "subclass: allValuesFrom"),
        ("[ owl:onProperty :p ; owl:maxCardinality 1 ] rdfs:subClassOf :A .", "subclass: maxCardinality"),
        (":A owl:disjointWith [ owl:complementOf :B ] .", "subclass: complementOf"),
        ("[ a owl:AllDisjointClasses ; owl:members (:A [ owl:complementOf :B ]) ] .", "subclass: complementOf"),
        ("[ owl:complementOf :B ] owl:hasKey (:d) .", "subclass: complementOf"),
        (":A owl:equivalentClass [ owl:unionOf (:B :C) ] .", "equivalent: unionOf"),
        (":A owl:unionOf (:B :C) .", "equivalent: unionOf"),
        (":A owl:equivalentClass [ owl:intersectionOf (:B [ owl:complementOf :C ]) ] .", "equivalent: complementOf"),
        (":A rdfs:subClassOf [ owl:complementOf [ owl:complementOf :B ] ] .", "subclass: complementOf"),
        (":d rdfs:range xsd:date .", "datatype: date"),
        (":d rdfs:range xsd:gYear .", "datatype: gYear"),
        (":d rdfs:range xsd:duration .", "datatype: duration"),
        (":d rdfs:range owl:real .", "datatype: real"),
        (":d rdfs:range owl:rational .", "datatype: rational"),
        (":d rdfs:range :A .", "datatype: A"),
        (":d rdfs:range [ a rdfs:Datatype ; owl:oneOf (1 2) ] .", "data range: oneOf"),
        (":d rdfs:range [ a rdfs:Datatype ; owl:unionOf (xsd:string xsd:integer) ] .", "data range: unionOf"),
        (":d rdfs:range [ a rdfs:Datatype ; owl:datatypeComplementOf xsd:int ] .", "data range: datatypeComplementOf"),
        (
            ":d rdfs:range [ owl:onDatatype xsd:int ; owl:withRestrictions ([ xsd:minInclusive 0 ]) ] .",
            "data range: withRestrictions",
        ),
        (":A rdfs:subClassOf [ owl:onProperty :d ; owl:allValuesFrom xsd:date ] .", "datatype: date"),
        (":A rdfs:subClassOf [ owl:onProperty :d ; owl:hasValue '2010-05-01'^^xsd:date ] .", "datatype: date"),
        (":x :d '2010'^^xsd:gYear .", "datatype: gYear"),
        (":d a owl:InverseFunctionalProperty .", "data property: InverseFunctionalProperty d"),
        (":d a owl:TransitiveProperty .", "data property: TransitiveProperty d"),
        (":p a owl:TransitiveProperty , owl:FunctionalProperty .", "not simple: p"),
        (":p a owl:TransitiveProperty ; rdfs:subPropertyOf :q . :q a owl:IrreflexiveProperty .", "not simple: q"),
        (":p a owl:TransitiveProperty . :q owl:inverseOf :p ; a owl:AsymmetricProperty .", "not simple: q"),
        (":p owl:propertyChainAxiom (:q :q) ; a owl:FunctionalProperty .", "not simple: p"),
        (":p a owl:TransitiveProperty ; owl:propertyDisjointWith :q .", "not simple: p"),
        (
            ":p a owl:TransitiveProperty . :A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 1 ] .",
            "not simple: p",
        ),
        (":A rdfs:subClassOf :Missing .", "undeclared: Missing"),
        (":p rdfs:range :Missing .", "undeclared: Missing"),
        (":x a :Missing .", "undeclared: Missing"),
        (":p rdfs:subPropertyOf :missing .", "undeclared: missing"),
        (":A rdfs:subClassOf [ owl:onProperty :missing ; owl:allValuesFrom :B ] .", "undeclared: missing"),
        (":A :missing 'a note' .", "undeclared: missing"),
        (":p a owl:DatatypeProperty .", "two kinds: p"),
        (":A a rdfs:Datatype .", "two kinds: A"),
    ],
)
def test_a_breach_is_found(turtle: str, breach: str) -> None:
    assert breaches(read(turtle)) == [breach]


@pytest.mark.parametrize(
    "turtle",
    [
        "",
        ":A rdfs:subClassOf :B ; owl:disjointWith :C ; owl:equivalentClass :D .",
        "[ owl:intersectionOf (:A [ owl:unionOf (:B :C) ]) ] rdfs:subClassOf :D .",
        "[ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf :A .",
        "[ owl:onProperty :d ; owl:someValuesFrom xsd:string ] rdfs:subClassOf :A .",
        "[ owl:oneOf (:x :y) ] rdfs:subClassOf :A .",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom :B ] , [ owl:complementOf :C ] .",
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass owl:Thing ] .",
        ":A rdfs:subClassOf [ owl:onProperty :d ; owl:maxQualifiedCardinality 0 ; owl:onDataRange xsd:int ] .",
        ":A owl:equivalentClass [ owl:intersectionOf (:B [ owl:onProperty :p ; owl:hasValue :x ]) ] .",
        ":p a owl:TransitiveProperty , owl:SymmetricProperty ; owl:inverseOf :q .",
        ":p a owl:FunctionalProperty , owl:InverseFunctionalProperty , owl:AsymmetricProperty .",
        ":p a owl:IrreflexiveProperty ; owl:propertyDisjointWith :q .",
        ":d a owl:FunctionalProperty ; rdfs:range xsd:integer .",
        ":d rdfs:range [ a rdfs:Datatype ; owl:intersectionOf (xsd:integer xsd:decimal) ] .",
        ":Code a rdfs:Datatype ; owl:equivalentClass xsd:token . :d rdfs:range :Code .",
        ":p owl:propertyChainAxiom (:p :q) . :A owl:hasKey (:d) .",
        ":x a :A ; :p :y ; :d 'uno'@es , 1 , true ; owl:differentFrom :y .",
        ":n rdfs:range xsd:date . <http://example.org/> :n '2010-05-01'^^xsd:date .",
    ],
)
def test_what_the_profile_allows_is_let_through(turtle: str) -> None:
    assert breaches(read(turtle)) == []


def test_the_ontology_keeps_to_the_profile() -> None:
    ontology = Graph().parse(resource("ontology") / "crmgraph.ttl")

    assert len(set(ontology.subjects(RDFS.subClassOf))) > 15, "the ontology was read"
    assert breaches(ontology) == []


def test_a_slip_in_the_ontology_would_be_found() -> None:
    ontology = Graph().parse(resource("ontology") / "crmgraph.ttl")
    within = next(ontology.subjects(RDF.type, OWL.TransitiveProperty))

    ontology.add((within, RDF.type, OWL.FunctionalProperty))

    assert breaches(ontology) == ["not simple: within"]
