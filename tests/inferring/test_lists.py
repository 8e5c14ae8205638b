"""The lists of axioms, whole or broken."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from crmgraph.inferring.lists import Match, instances, lists
from crmgraph.inferring.rules import RULES, Term, Triple

PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
A, B, C = (NamedNode(f"https://example.org/{name}") for name in "abc")


def matching(turtle: str) -> Match:
    store = Store()
    store.load((PREFIXES + turtle).encode(), format=RdfFormat.TURTLE)

    def match(subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Triple]:
        for quad in store.quads_for_pattern(subject, predicate, value):  # type: ignore[arg-type]
            yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]

    return match


def test_lists_are_read_in_their_order() -> None:
    found = lists(matching(":x owl:propertyChainAxiom ( :b :a :b ) . :y owl:unionOf ( :c ) . :z :other ( :a ) ."))
    assert sorted(found.values(), key=len) == [(C,), (B, A, B)]
    assert all(isinstance(head, BlankNode) for head in found)


def test_a_list_of_named_cells_is_a_list() -> None:
    match = matching(":x owl:intersectionOf :l . :l rdf:first :a ; rdf:rest :m . :m rdf:first :b ; rdf:rest rdf:nil .")
    assert lists(match) == {NamedNode("https://example.org/l"): (A, B)}


def test_a_broken_list_ends_where_it_breaks_and_a_circle_ends() -> None:
    broken = matching(":x owl:oneOf :l . :l rdf:first :a ; rdf:rest :m .")
    circle = matching(":x owl:oneOf :l . :l rdf:first :a ; rdf:rest :l .")
    assert [*lists(broken).values()] == [*lists(circle).values()] == [(A,)]


def test_the_rules_are_spelt_out_for_each_list_that_is_not_empty() -> None:
    match = matching(":p owl:propertyChainAxiom ( :a :b ) , ( :c ) , () .")
    chains = [rule for rule in instances(RULES, match, lists(match)) if rule.name == "prp-spo2"]
    assert sorted(len(rule.premises) for rule in chains) == [2, 3]
    assert not any(rule.each for rule in instances(RULES, match, lists(match)))
