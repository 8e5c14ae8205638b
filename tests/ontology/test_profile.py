"""The ontology keeps to OWL 2 RL, and the checker that says so finds each kind of breach."""

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Namespace, URIRef

from crmgraph.namespaces import PREFIXES
from crmgraph.resources import resource
from tests.ontology.profile import breaches

CG = Namespace(PREFIXES["cg"])


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
        (":p owl:propertyChainAxiom (:q) .", "chain too short: p"),
        (":p owl:propertyChainAxiom (:q :missing) .", "undeclared: missing"),
        (":p owl:propertyChainAxiom (:q :d) .", "data property: chain d"),
        (":p owl:propertyChainAxiom (:q :p :q) .", "not regular: p"),
        (":p owl:propertyChainAxiom (:p :p :q) .", "not regular: p"),
        (":p owl:propertyChainAxiom (:q :r) ; rdfs:subPropertyOf :q . :r a owl:ObjectProperty .", "not regular: p"),
        (":p owl:propertyChainAxiom (:q :p) ; owl:inverseOf :q .", "not regular: p"),
        (
            ":p owl:propertyChainAxiom (:r :p) . :r a owl:ObjectProperty ; rdfs:subPropertyOf :q . "
            ":p rdfs:subPropertyOf :r .",
            "not regular: p",
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
        ":p owl:propertyChainAxiom (:q :p) , (:p :p) , (:q :q) . :q a owl:TransitiveProperty .",
        ":p owl:propertyChainAxiom (:q :p) . :q rdfs:subPropertyOf :p .",
        ":p owl:propertyChainAxiom (:q :q :p) . :r a owl:ObjectProperty ; owl:inverseOf :p .",
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


def test_the_ontology_has_chains_to_check() -> None:
    ontology = Graph().parse(resource("ontology") / "crmgraph.ttl")

    assert len(set(ontology.objects(None, OWL.propertyChainAxiom))) >= 12


@pytest.mark.parametrize(
    ("property_", "added", "breach"),
    [
        ("within", (RDF.type, OWL.FunctionalProperty), "not simple: within"),
        ("reliedOnBy", (RDF.type, OWL.IrreflexiveProperty), "not simple: reliedOnBy"),
        ("takesPartIn", (RDFS.subPropertyOf, CG.process), "not regular: takesPartIn"),
    ],
)
def test_a_slip_in_the_ontology_would_be_found(property_: str, added: tuple[URIRef, URIRef], breach: str) -> None:
    ontology = Graph().parse(resource("ontology") / "crmgraph.ttl")

    ontology.add((CG[property_], *added))

    assert breaches(ontology) == [breach]
