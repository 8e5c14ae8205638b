"""The closure, construct by construct, as the tables of the specification have them."""

import pytest
from rdflib import Graph, Namespace
from rdflib.term import Node

from crmgraph.inferring.closing import Closure, where
from crmgraph.inferring.rules import RULES

EX = Namespace("https://example.org/")
PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def read(turtle: str) -> set[tuple[Node, Node, Node]]:
    return set(Graph().parse(data=PREFIXES + turtle, format="turtle"))


def closed(turtle: str) -> set[tuple[Node, Node, Node]]:
    closure = Closure(read(turtle))
    term = closure.nodes.term
    return {(term(subject), term(predicate), term(value)) for subject, predicate, value in closure.match(*[None] * 3)}


@pytest.mark.parametrize(
    ("axioms", "facts", "expected"),
    [
        (":p owl:propertyChainAxiom ( :q )", ":a :q :b", ":a :p :b"),
        (":p owl:propertyChainAxiom ( :q :r )", ":a :q :b . :b :r :c", ":a :p :c"),
        (":p owl:propertyChainAxiom ( :q :r :q :s )", ":a :q :b . :b :r :c . :c :q :d . :d :s :e", ":a :p :e"),
        (":p owl:propertyChainAxiom ( :q :p )", ":a :q :b . :b :q :c . :c :p :d", ":a :p :d"),
        (":p a owl:TransitiveProperty", ":a :p :b . :b :p :c . :c :p :d . :d :p :e", ":a :p :e"),
        (":p a owl:SymmetricProperty", ":a :p :b", ":b :p :a"),
        (":p owl:inverseOf :q", ":a :p :b . :c :q :d", ":b :q :a . :d :p :c"),
        (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r", ":a :p 'x'", ":a :r 'x'"),
        (":p owl:equivalentProperty :q", ":a :p :b . :c :q :d", ":a :q :b . :c :p :d"),
        (":p rdfs:domain :C ; rdfs:range :D", ":a :p :b", ":a a :C . :b a :D"),
        (":p a owl:FunctionalProperty", ":a :p :b , :c . :b :q :d", ":b owl:sameAs :c . :c :q :d"),
        (":p a owl:InverseFunctionalProperty", ":a :p 'x' . :b :p 'x' . :c :q :a", ":a owl:sameAs :b . :c :q :b"),
        (":C owl:hasKey ( :p :q )", ":a a :C ; :p 1 ; :q :z . :b a :C ; :p 1 ; :q :z", ":a owl:sameAs :b"),
        (":C rdfs:subClassOf :D . :D owl:equivalentClass :E", ":a a :C", ":a a :D , :E"),
        (":C owl:intersectionOf ( :D :E )", ":a a :D , :E . :b a :C", ":a a :C . :b a :D , :E"),
        (":C owl:unionOf ( :D :E )", ":a a :E", ":a a :C"),
        (":C owl:oneOf ( :a :b )", ":x :p :y", ":a a :C . :b a :C"),
        (":C owl:onProperty :p ; owl:hasValue :v", ":a a :C . :b :p :v", ":a :p :v . :b a :C"),
        (":C owl:onProperty :p ; owl:hasValue 'v'", ":a a :C . :b :p 'v'", ":a :p 'v' . :b a :C"),
        (":C owl:onProperty :p ; owl:someValuesFrom :D", ":a :p :b . :b a :D", ":a a :C"),
        (":C owl:onProperty :p ; owl:someValuesFrom owl:Thing", ":a :p :b", ":a a :C"),
        (":C owl:onProperty :p ; owl:someValuesFrom xsd:integer", ":a :p 3", ":a a :C"),
        (":C owl:onProperty :p ; owl:allValuesFrom :D", ":a a :C ; :p :b", ":b a :D"),
        (":C owl:onProperty :p ; owl:maxCardinality 1", ":a a :C ; :p :b , :c", ":b owl:sameAs :c"),
        (
            ":C owl:onProperty :p ; owl:maxQualifiedCardinality '1'^^xsd:nonNegativeInteger ; owl:onClass :D",
            ":a a :C ; :p :b , :c . :b a :D . :c a :D",
            ":b owl:sameAs :c",
        ),
        ("", ":a owl:sameAs :b . :b owl:sameAs :c . :a :p 'x' . :y :a :z", ":c :p 'x' . :y :c :z . :c owl:sameAs :a"),
        ("", ":a owl:sameAs 1 . :b owl:sameAs '01'^^xsd:byte", ":a owl:sameAs :b"),
        ("", ":a owl:sameAs 1 . :b owl:sameAs 2", ":a owl:differentFrom :b"),
        ("", ":a owl:sameAs 300", ":a a xsd:integer , xsd:short , rdfs:Literal"),
        (":D rdfs:subClassOf :E . :p rdfs:domain :D", ":q rdfs:subPropertyOf :p", ":q rdfs:domain :E"),
    ],
)
def test_what_follows(axioms: str, facts: str, expected: str) -> None:
    wanted = read(f"{expected} .")
    assert wanted <= closed(f"{axioms} . {facts} ." if axioms else f"{facts} .")
    assert not axioms or not wanted <= closed(f"{facts} ."), "it is the axioms that lead to it"


@pytest.mark.parametrize(
    ("given", "absent"),
    [
        (":C owl:hasKey ( :p ) . :a a :C ; :p 1 . :b a :C ; :p 2", ":a owl:sameAs :b"),
        (":C owl:hasKey ( :p ) . :a a :C ; :p 1 . :b :p 1", ":a owl:sameAs :b"),
        (":C owl:intersectionOf ( :D :E ) . :a a :D", ":a a :C"),
        (":C owl:onProperty :p ; owl:someValuesFrom xsd:byte . :a :p 300", ":a a :C"),
        (":C owl:onProperty :p ; owl:maxCardinality 1 . :a :p :b , :c", ":b owl:sameAs :c"),
        (":p owl:propertyChainAxiom ( :q :r ) . :a :q :b . :c :r :d", ":a :p :d"),
        (":a :p 1 . :b :p 1.0", ":a owl:sameAs :b"),
    ],
)
def test_what_does_not(given: str, absent: str) -> None:
    assert not read(f"{absent} .") & closed(f"{given} .")


def test_the_closure_says_nothing_twice_in_other_words() -> None:
    said = {value for subject, predicate, value in closed(":a :p 1 . :b :p '01'^^xsd:byte .") if predicate == EX.p}
    assert len(said) == 1


def test_a_long_chain_of_parts_is_closed() -> None:
    length = 60
    links = "".join(f":n{n} :p :n{n + 1} ." for n in range(length))
    found = closed(f":p a owl:TransitiveProperty . {links}")
    assert len([triple for triple in found if triple[1] == EX.p]) == length * (length + 1) // 2


def test_a_rule_about_lists_is_left_out_where_there_is_none() -> None:
    closure = Closure(read(":a :p :b ."))
    [union] = [rule for rule in RULES if rule.name == "cls-uni"]
    assert where(union, closure.lists, closure.nodes) is None
    assert list(closure.solutions(union)) == []
