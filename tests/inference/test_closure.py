"""The closure by the rules of OWL 2 RL, and the rules themselves."""

import re

import pytest
from rdflib import Graph, Namespace
from rdflib.term import Node

from crmgraph.describing.vocabulary import statement_of, triple_of
from crmgraph.inference.entailment import Closure
from crmgraph.inference.rules import rules
from tests.support.phrases import rows_of

EX = Namespace("https://example.org/")
PREFIXES = """
@prefix : <https://example.org/> .
@prefix cg: <https://w3id.org/crmgraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def read(turtle: str) -> set[tuple[Node, Node, Node]]:
    return set(Graph().parse(data=PREFIXES + turtle, format="turtle"))


def closed(turtle: str) -> set[tuple[Node, Node, Node]]:
    return {statement_of(triple) for triple in Closure(map(triple_of, read(turtle))).triples()}


@pytest.mark.parametrize(("axioms", "facts", "follows", "follows_not"), rows_of("follows", "inference"))
def test_what_follows_and_what_does_not(axioms: str, facts: str, follows: str, follows_not: str) -> None:
    wanted, found = read(f"{follows} ." if follows else ""), closed(f"{axioms} . {facts} ." if axioms else f"{facts} .")
    assert wanted <= found
    assert not axioms or not wanted <= closed(f"{facts} ."), "it is the axioms that lead to it"
    assert not follows_not or not read(f"{follows_not} .") & found


# Tables 4 to 9 of OWL 2 Profiles, section 4.3.
CONCLUDING = """prp-ap dt-type1
    eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o prp-dom prp-rng prp-fp prp-ifp prp-symp prp-trp prp-spo1
    prp-spo2 prp-eqp1 prp-eqp2 prp-inv1 prp-inv2 prp-key cls-thing cls-nothing1 cls-int1 cls-int2 cls-uni cls-svf1
    cls-svf2 cls-avf cls-hv1 cls-hv2 cls-maxc2 cls-maxqc3 cls-maxqc4 cls-oo cax-sco cax-eqc1 cax-eqc2 scm-cls scm-sco
    scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2 scm-rng1 scm-rng2 scm-hv scm-svf1
    scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni"""
FALSE = """eq-diff1 eq-diff2 eq-diff3 prp-fp prp-irp prp-asyp prp-pdw prp-adp prp-npa1 prp-npa2 cls-nothing2 cls-com
    cls-maxc1 cls-maxqc1 cls-maxqc2 cax-dw cax-adc dt-not-type"""


def test_rules_are_those_of_the_specification_and_one_of_the_project_each_in_both_languages() -> None:
    assert {rule.name for rule in rules() if rule.conclusion} == {*CONCLUDING.split(), "cg-schedule"}
    assert {rule.name for rule in rules() if not rule.conclusion} == {*FALSE.split()}
    for rule in rules():
        assert rule.meaning.spanish not in ("", str(rule.meaning))
        variables = set(re.findall(r"\?(\w+)", f"{rule.axioms} {rule.given}"))
        conclusion = re.findall(r"\?(\w+)", " ".join(map(str, rule.conclusion or ())))
        assert {*re.findall(r"{(\w)}", rule.meaning), *conclusion} <= variables, rule.name
