"""The closure by the rules of OWL 2 RL, its lists and names, and the values of literals."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store
from pyoxigraph import Literal as OxiLiteral
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from crmgraph.inferring.closing import Closure, where
from crmgraph.inferring.lists import Match, instances, lists
from crmgraph.inferring.literals import DATATYPES, belongs, differ, value_of
from crmgraph.inferring.nodes import Nodes
from crmgraph.inferring.rules import RULES, Term, Triple, iri
from crmgraph.inferring.wordings import WORDINGS

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
    closure = Closure(read(turtle))
    term = closure.nodes.term
    return {(term(subject), term(predicate), term(value)) for subject, predicate, value in closure.match(*[None] * 3)}


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
    (":C owl:onProperty :p ; owl:someValuesFrom xsd:integer", ":a :p 3", ":a a :C"),
    (":C owl:onProperty :p ; owl:allValuesFrom :D", ":a a :C ; :p :b", ":b a :D"),
    (":C owl:onProperty :p ; owl:maxCardinality 1", ":a a :C ; :p :b , :c", ":b owl:sameAs :c"),
    (":C owl:onProperty :p ; owl:maxQualifiedCardinality '1'^^xsd:nonNegativeInteger ; owl:onClass :D",
     ":a a :C ; :p :b , :c . :b a :D . :c a :D", ":b owl:sameAs :c"),
    ("", ":a owl:sameAs :b . :b owl:sameAs :c . :a :p 'x' . :y :a :z", ":c :p 'x' . :y :c :z . :c owl:sameAs :a"),
    ("", ":a owl:sameAs 1 . :b owl:sameAs '01'^^xsd:byte", ":a owl:sameAs :b"),
    ("", ":a owl:sameAs 1 . :b owl:sameAs 2", ":a owl:differentFrom :b"),
    ("", ":a owl:sameAs 300", ":a a xsd:integer , xsd:short , rdfs:Literal"),
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


def test_long_chains_and_equal_values() -> None:
    links = "".join(f":n{n} :p :n{n + 1} ." for n in range(60))
    found = closed(f":p a owl:TransitiveProperty . {links}")
    assert len([triple for triple in found if triple[1] == EX.p]) == 60 * 61 // 2
    said = {value for _, predicate, value in closed(":a :p 1 . :b :p '01'^^xsd:byte .") if predicate == EX.p}
    assert len(said) == 1


# The table of rules: tables 4 to 9 of OWL 2 Profiles, section 4.3.


CONCLUDING = """eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o prp-ap prp-dom prp-rng prp-fp prp-ifp prp-symp prp-trp
    prp-spo1 prp-spo2 prp-eqp1 prp-eqp2 prp-inv1 prp-inv2 prp-key cls-thing cls-nothing1 cls-int1 cls-int2 cls-uni
    cls-svf1 cls-svf2 cls-avf cls-hv1 cls-hv2 cls-maxc2 cls-maxqc3 cls-maxqc4 cls-oo cax-sco cax-eqc1 cax-eqc2
    dt-type1 scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2 scm-rng1
    scm-rng2 scm-hv scm-svf1 scm-svf2 scm-avf1 scm-avf2 scm-int scm-uni"""
FALSE = """eq-diff1 eq-diff2 eq-diff3 prp-irp prp-asyp prp-pdw prp-adp prp-npa1 prp-npa2 cls-nothing2 cls-com cls-maxc1
    cls-maxqc1 cls-maxqc2 cax-dw cax-adc"""


def test_rules_are_those_of_the_specification_each_in_both_languages() -> None:
    assert {rule.name for rule in RULES if rule.conclusion} == set(WORDINGS) == {*CONCLUDING.split()}
    assert {rule.name for rule in RULES if not rule.conclusion} == {*FALSE.split(), "prp-fp"}
    assert [name for name, wording in WORDINGS.items() if wording.spanish in ("", str(wording))] == []
    for rule in RULES:
        if rule.conclusion is None:
            assert rule.meaning
            assert {f"?{name}" for name in re.findall(r"{(\w)}", rule.meaning)} <= set(" ".join(rule.given).split())
        elif rule.given and not rule.each:
            known = {atom for premise in rule.premises for atom in premise} | {name for name, _ in rule.members}
            assert {atom for atom in rule.conclusion if isinstance(atom, str)} <= known, rule.name


def test_rule_over_a_list_is_spelt_out() -> None:
    [chain] = [rule for rule in RULES if rule.name == "prp-spo2"]
    head, brother, child = (NamedNode(EX[name]) for name in ("list", "brother", "child"))
    uncle = chain.over(head, (brother, child))
    assert uncle.premises == (("p", iri("owl:propertyChainAxiom"), head), ("u0", brother, "u1"), ("u1", child, "u2"))
    assert uncle.conclusion == ("u0", "p", "u2")
    [rule] = [rule for rule in RULES if rule.name == "cls-maxc2"]
    assert rule.premises[0][2] == OxiLiteral("1", datatype=iri("xsd:nonNegativeInteger"))
    closure = Closure(read(":a :p :b ."))
    [union] = [rule for rule in RULES if rule.name == "cls-uni"]
    assert where(union, closure.lists, closure.nodes) is None
    assert list(closure.solutions(union)) == []


# Lists


def matching(turtle: str) -> Match:
    store = Store()
    store.load((PREFIXES + turtle).encode(), format=RdfFormat.TURTLE)

    def match(subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Triple]:
        for quad in store.quads_for_pattern(subject, predicate, value):  # type: ignore[arg-type]
            yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]

    return match


def test_lists_whole_and_broken() -> None:
    a, b, c = (NamedNode(EX[name]) for name in "abc")
    found = lists(matching(":x owl:propertyChainAxiom ( :b :a :b ) . :y owl:unionOf ( :c ) . :z :other ( :a ) ."))
    assert sorted(found.values(), key=len) == [(c,), (b, a, b)]
    assert all(isinstance(head, BlankNode) for head in found)
    named = ":x owl:intersectionOf :l . :l rdf:first :a ; rdf:rest :m . :m rdf:first :b ; rdf:rest rdf:nil ."
    assert lists(matching(named)) == {NamedNode(EX["l"]): (a, b)}
    for tail in (":m", ":l"):
        assert [*lists(matching(f":x owl:oneOf :l . :l rdf:first :a ; rdf:rest {tail} .")).values()] == [(a,)]
    match = matching(":p owl:propertyChainAxiom ( :a :b ) , ( :c ) , () .")
    rules = list(instances(RULES, match, lists(match)))
    assert sorted(len(rule.premises) for rule in rules if rule.name == "prp-spo2") == [2, 3]
    assert not any(rule.each for rule in rules)


# Names of nodes, and values of literals


def literal(words: str, datatype: URIRef) -> Literal:
    return Literal(words, datatype=datatype, normalize=False)


def test_nodes_have_names_that_lead_back() -> None:
    nodes, blank = Nodes(), BNode()
    assert nodes.name(EX.a).value == str(EX.a)
    assert nodes.term(nodes.name(EX.a)) == EX.a
    assert nodes.term(iri("owl:sameAs")) == URIRef("http://www.w3.org/2002/07/owl#sameAs"), "never asked for"
    assert nodes.name(blank) != nodes.name(BNode())
    assert nodes.term(nodes.name(blank)) == blank
    assert nodes.value(nodes.name(blank)) is None
    written = [literal("01", XSD.byte), Literal(1)]
    [name] = {nodes.name(each) for each in written}
    assert nodes.term(name) == min(written, key=lambda each: each.n3())
    assert nodes.name(Literal("1")) != name
    assert len(nodes.literals()) == 2
    triple = nodes.triple(EX.a, RDFS.label, Literal("a", lang="es"))
    assert tuple(map(nodes.term, triple)) == (EX.a, RDFS.label, Literal("a", lang="es"))


SAME = [
    (literal("1", XSD.integer), literal("01", XSD.byte)),
    (literal("1.0", XSD.decimal), literal("1", XSD.integer)),
    (literal("true", XSD.boolean), literal("1", XSD.boolean)),
    (literal("1.5E1", XSD.double), literal("15", XSD.double)),
    (Literal("a"), literal("a", XSD.string)),
    (Literal("a"), literal("a", XSD.token)),
    (Literal("a", lang="EN"), Literal("a", lang="en")),
    (literal("a@en", RDF.PlainLiteral), Literal("a", lang="en")),
    (literal("2009-07-01T12:00:00Z", XSD.dateTime), literal("2009-07-01T14:00:00+02:00", XSD.dateTimeStamp)),
    (literal("2009-07-01T24:00:00", XSD.dateTime), literal("2009-07-02T00:00:00.000", XSD.dateTime)),
    (literal("0F", XSD.hexBinary), literal("0f", XSD.hexBinary)),
    (literal("1996", XSD.gYear), literal("1996", XSD.gYear)),
]
OTHER = [
    (literal("1", XSD.integer), literal("2", XSD.integer)),
    (literal("1", XSD.integer), literal("1", XSD.double)),
    (literal("1", XSD.float), literal("1", XSD.double)),
    (literal("1", XSD.integer), Literal("1")),
    (Literal("a", lang="en"), Literal("a", lang="es")),
    (Literal("a", lang="en"), Literal("a")),
    (literal("0F", XSD.hexBinary), literal("Dw==", XSD.base64Binary)),
    (literal("1996", XSD.gYear), literal("1997", XSD.gYear)),
    (literal("2009-07-01T12:00:00", XSD.dateTime), literal("2009-07-01T12:00:00Z", XSD.dateTime)),
]
ILL_TYPED = [
    ("128", XSD.byte), ("-1", XSD.nonNegativeInteger), ("0", XSD.positiveInteger), ("1.0", XSD.integer),
    ("1e3", XSD.decimal), ("one", XSD.double), ("yes", XSD.boolean), ("2009-13-01T00:00:00", XSD.dateTime),
    ("2009-07-01", XSD.dateTime), ("2009-07-01T24:30:00", XSD.dateTime), ("2009-07-01T12:00:00", XSD.dateTimeStamp),
    ("0", XSD.hexBinary), ("=", XSD.base64Binary), ("D!w==", XSD.base64Binary), ("no tag", RDF.PlainLiteral),
    ("a b", XSD.NCName), ("1a", XSD.Name), ("español largo", XSD.language),
]  # fmt: skip
BELONGS = [
    (literal("5", XSD.byte), {XSD.integer, XSD.decimal, XSD.unsignedByte, XSD.positiveInteger, RDFS.Literal}),
    (literal("5.0", XSD.decimal), {XSD.integer, XSD.byte}),
    (Literal("word"), {XSD.string, XSD.token, XSD.NCName, XSD.language, RDF.PlainLiteral}),
    (literal("2009-07-01T12:00:00Z", XSD.dateTime), {XSD.dateTimeStamp, XSD.dateTime}),
]
BELONGS_NOT = [
    (literal("300", XSD.integer), XSD.byte), (literal("5.5", XSD.decimal), XSD.integer),
    (Literal("a", lang="es"), XSD.string), (Literal("two words"), XSD.NCName), (Literal("1"), XSD.integer),
    (literal("2009-07-01T12:00:00", XSD.dateTime), XSD.dateTimeStamp), (literal("1996", XSD.gYear), XSD.dateTime),
]  # fmt: skip


def test_values_of_literals(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")  # rdflib complains of what is wrong on purpose
    for one, other in SAME:
        assert value_of(one) == value_of(other), one
        assert not differ(value_of(one), value_of(other)), one
    assert [pair for pair in OTHER if not differ(value_of(pair[0]), value_of(pair[1]))] == []
    for words, datatype in ILL_TYPED:
        value = value_of(literal(words, datatype))
        assert value[0] == "ill-typed", words
        assert not any(belongs(value, kind) for kind in DATATYPES)
    for each, kinds in BELONGS:
        assert kinds <= {kind for kind in DATATYPES if belongs(value_of(each), kind)}
    assert [each for each, kind in BELONGS_NOT if belongs(value_of(each), kind)] == []
    metres, feet = (value_of(literal("1", EX[unit])) for unit in ("metre", "foot"))
    assert metres != feet
    assert not differ(metres, feet), "nothing is known of an unknown datatype"
    assert not belongs(metres, XSD.integer)


@given(st.integers() | st.text() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False))
def test_literals_of_python_are_of_their_datatype(value: object) -> None:
    written = Literal(value)
    assert written.datatype is None or belongs(value_of(written), written.datatype)
    assert not differ(value_of(written), value_of(written))


@given(st.text(max_size=20), st.sampled_from(sorted(DATATYPES)))
def test_any_words_have_a_value(words: str, datatype: URIRef) -> None:
    assert value_of(literal(words, datatype)) == value_of(literal(words, datatype))
