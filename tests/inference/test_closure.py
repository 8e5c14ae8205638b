"""The closure by the rules of OWL 2 RL, and the rules themselves."""

import re

import pytest
from rdflib import Graph, Namespace
from rdflib.term import Node

from crmgraph.inference.closure import Closure, statement_of, triple_of
from crmgraph.inference.rules import rules

EX = Namespace("https://example.org/")
PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def read(turtle: str) -> set[tuple[Node, Node, Node]]:
    return set(Graph().parse(data=PREFIXES + turtle, format="turtle"))


def closed(turtle: str) -> set[tuple[Node, Node, Node]]:
    return {statement_of(triple) for triple in Closure(map(triple_of, read(turtle))).triples()}


# Axioms, facts, and what follows from the two together.
FOLLOWS = [
    (":p owl:propertyChainAxiom ( :q )", ":a :q :b", ":a :p :b"),
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
    (":C owl:onProperty :p ; owl:hasValue 'v'", ":a a :C . :b :p 'v'", ":a :p 'v' . :b a :C"),
    (":C owl:onProperty :p ; owl:someValuesFrom :D", ":a :p :b . :b a :D", ":a a :C"),
    (":C owl:onProperty :p ; owl:someValuesFrom owl:Thing", ":a :p :b", ":a a :C"),
    (":C owl:onProperty :p ; owl:allValuesFrom :D", ":a a :C ; :p :b", ":b a :D"),
    (":C owl:onProperty :p ; owl:maxCardinality 1", ":a a :C ; :p :b , :c", ":b owl:sameAs :c"),
    (":C owl:onProperty :p ; owl:maxQualifiedCardinality '1'^^xsd:nonNegativeInteger ; owl:onClass :D",
     ":a a :C ; :p :b , :c . :b a :D . :c a :D", ":b owl:sameAs :c"),
    ("", ":a owl:sameAs :b . :b owl:sameAs :c . :a :p 'x' . :y :a :z", ":c :p 'x' . :y :c :z . :c owl:sameAs :a"),
    (":D rdfs:subClassOf :E . :p rdfs:domain :D", ":q rdfs:subPropertyOf :p", ":q rdfs:domain :E"),
]  # fmt: skip
FOLLOWS_NOT = [
    (":C owl:hasKey ( :p ) . :a a :C ; :p 1 . :b a :C ; :p 2", ":a owl:sameAs :b"),
    (":C owl:hasKey ( :p ) . :a a :C ; :p 1 . :b :p 1", ":a owl:sameAs :b"),
    (":C owl:hasKey ( :p :q ) . :a a :C ; :p 1 ; :q :z . :b a :C ; :p 1", ":a owl:sameAs :b"),
    (":C owl:intersectionOf ( :D :E ) . :a a :D", ":a a :C"),
    (":C owl:onProperty :p ; owl:someValuesFrom xsd:byte . :a :p 300", ":a a :C"),
    (":C owl:onProperty :p ; owl:maxCardinality 1 . :a :p :b , :c", ":b owl:sameAs :c"),
    (":p owl:propertyChainAxiom ( :q :r ) . :a :q :b . :c :r :d", ":a :p :d"),
    (":a :p 1 . :b :p 1.0", ":a owl:sameAs :b"),
]


@pytest.mark.parametrize(("axioms", "facts", "expected"), FOLLOWS)
def test_what_follows(axioms: str, facts: str, expected: str) -> None:
    wanted = read(f"{expected} .")
    assert wanted <= closed(f"{axioms} . {facts} ." if axioms else f"{facts} .")
    assert not axioms or not wanted <= closed(f"{facts} ."), "it is the axioms that lead to it"


def test_what_does_not_follow() -> None:
    assert [case for case in FOLLOWS_NOT if read(f"{case[1]} .") & closed(f"{case[0]} .")] == []


def test_long_chains() -> None:
    links = "".join(f":n{n} :p :n{n + 1} ." for n in range(60))
    found = closed(f":p a owl:TransitiveProperty . {links}")
    assert len([triple for triple in found if triple[1] == EX.p]) == 60 * 61 // 2


# Tables 4 to 9 of OWL 2 Profiles, section 4.3.
CONCLUDING = """prp-ap dt-type1
    eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o prp-dom prp-rng prp-fp prp-ifp prp-symp prp-trp prp-spo1
    prp-spo2 prp-eqp1 prp-eqp2 prp-inv1 prp-inv2 prp-key cls-thing cls-nothing1 cls-int1 cls-int2 cls-uni cls-svf1
    cls-svf2 cls-avf cls-hv1 cls-hv2 cls-maxc2 cls-maxqc3 cls-maxqc4 cls-oo cax-sco cax-eqc1 cax-eqc2 scm-cls scm-sco
    scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2 scm-rng1 scm-rng2 scm-hv scm-svf1
    scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni"""
FALSE = """eq-diff1 eq-diff2 eq-diff3 prp-fp prp-irp prp-asyp prp-pdw prp-adp prp-npa1 prp-npa2 cls-nothing2 cls-com
    cls-maxc1 cls-maxqc1 cls-maxqc2 cax-dw cax-adc dt-not-type"""


def test_rules_are_those_of_the_specification_each_in_both_languages() -> None:
    assert {rule.name for rule in rules() if rule.conclusion} == {*CONCLUDING.split()}
    assert {rule.name for rule in rules() if not rule.conclusion} == {*FALSE.split()}
    for rule in rules():
        assert rule.meaning.spanish not in ("", str(rule.meaning))
        variables = set(re.findall(r"\?(\w+)", f"{rule.axioms} {rule.given}"))
        conclusion = re.findall(r"\?(\w+)", " ".join(map(str, rule.conclusion or ())))
        assert {*re.findall(r"{(\w)}", rule.meaning), *conclusion} <= variables, rule.name
