"""Proofs: sound, in no circle, the shortest, and one for whatever follows."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib import Graph

from crmgraph.inferring.closing import Closure
from crmgraph.inferring.explaining import Explainer, Proof
from crmgraph.inferring.records import StoreRecords
from crmgraph.inferring.rules import RULES, Rule, Term, Triple
from crmgraph.namespaces import Names

INFERRED = "https://example.org/inferred"
PREFIXES = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def ex(name: str) -> NamedNode:
    return NamedNode(f"https://example.org/{name}")


def triple(words: str) -> Triple:
    [found] = Graph().parse(data=f"{PREFIXES} {words} .", format="turtle")
    subject, predicate, value = (NamedNode(str(term)) for term in found)
    return subject, predicate, value


def closed(turtle: str) -> tuple[StoreRecords, set[Triple]]:
    """The records of a graph and of all that follows from it, and what follows."""
    asserted = set(Graph().parse(data=PREFIXES + turtle, format="turtle"))
    closure = Closure(asserted)
    store = Store()
    inferred = set()
    for names in closure.match(None, None, None):
        known = names in closure.asserted
        store.add(Quad(*names, ex("asserted") if known else NamedNode(INFERRED)))
        if not known:
            inferred.add(names)
    return StoreRecords(store, INFERRED), inferred  # type: ignore[return-value]


def every_step(proof: Proof) -> Iterator[Proof]:
    yield proof
    for premise in proof.premises:
        yield from every_step(premise)


def is_in_no_circle(proof: Proof, above: tuple[Triple, ...] = ()) -> bool:
    return proof.triple not in above and all(is_in_no_circle(each, (*above, proof.triple)) for each in proof.premises)


def is_instance(step: Proof, rule: Rule) -> bool:
    """Whether some values of the rule's variables make it say just this; its lists are taken as read."""
    values: dict[str, Term] = {}
    if rule.conclusion is None:
        return False
    wanted = [*rule.premises, rule.conclusion]
    given_premises = {premise.triple for premise in step.premises}

    def fits(patterns: list[tuple[object, ...]], known: dict[str, Term], used: set[Triple]) -> bool:
        if not patterns:
            return used == given_premises
        pattern, *rest = patterns
        options = [step.triple] if not rest else sorted(given_premises, key=str)
        for option in options:
            found = dict(known)
            if all(
                found.setdefault(atom, term) == term if isinstance(atom, str) else atom == term
                for atom, term in zip(pattern, option, strict=True)
            ) and fits(rest, found, used | ({option} if rest else set())):
                return True
        return False

    return fits(list(wanted), values, set())


def test_the_shortest_way_is_found() -> None:
    facts = ":p a owl:TransitiveProperty . :q rdfs:subPropertyOf :p . :a :p :b . :b :p :c . :c :p :d . :a :q :d ."
    records, _ = closed(facts)
    proof = Explainer(records).shortest(triple(":a :p :c"))
    assert proof is not None
    assert (proof.rule, [premise.rule for premise in proof.premises]) == ("prp-trp", [None] * 3)
    proof = Explainer(records).shortest(triple(":a :p :d"))
    assert proof is not None
    assert proof.rule == "prp-spo1", "one step, where the chain takes two"


def test_every_last_step_is_found_and_the_shortest_first() -> None:
    records, _ = closed(
        ":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :d . :a :q :d . :q rdfs:subPropertyOf :p ."
    )
    proofs = Explainer(records).all(triple(":a :p :d"))
    assert [proof.rule for proof in proofs] == ["prp-spo1", "prp-trp", "prp-trp"]
    assert [proof.size for proof in proofs] == sorted(proof.size for proof in proofs)


def test_what_is_asserted_is_its_own_proof_whatever_else_it_follows_from() -> None:
    records, _ = closed(":p owl:inverseOf :q . :a :p :b . :b :q :a .")
    explainer = Explainer(records)
    assert explainer.shortest(triple(":a :p :b")) == Proof(triple(":a :p :b"))
    assert [proof.rule for proof in explainer.all(triple(":a :p :b"))] == [None, "prp-inv2"]


def test_what_is_not_there_has_no_proof() -> None:
    records, _ = closed(":p owl:inverseOf :q . :a :p :b .")
    explainer = Explainer(records)
    assert explainer.shortest(triple(":a :q :b")) is None
    assert explainer.all(triple(":a :q :b")) == ()


def test_what_only_follows_from_itself_has_no_proof() -> None:
    store = Store()
    store.add(Quad(*triple(":p owl:inverseOf :q"), ex("asserted")))  # type: ignore[arg-type]
    for words in (":a :p :b", ":b :q :a"):
        store.add(Quad(*triple(words), NamedNode(INFERRED)))  # type: ignore[arg-type]
    explainer = Explainer(StoreRecords(store, INFERRED))
    assert explainer.shortest(triple(":a :p :b")) is None
    assert explainer.all(triple(":a :p :b")) == ()


@pytest.mark.parametrize(
    ("given_graph", "goal", "rule"),
    [
        (":p owl:propertyChainAxiom ( :q :r :s ) . :a :q :b . :b :r :c . :c :s :d .", ":a :p :d", "prp-spo2"),
        (":C owl:unionOf ( :D :E ) . :a a :E .", ":a a :C", "cls-uni"),
        (":C owl:intersectionOf ( :D :E ) . :a a :E , :D .", ":a a :C", "cls-int1"),
        (":C owl:oneOf ( :a ) .", ":a a :C", "cls-oo"),
        (":C owl:hasKey ( :p ) . :a a :C ; :p :z . :b a :C ; :p :z .", ":a owl:sameAs :b", "prp-key"),
        (":C owl:onProperty :p ; owl:hasValue :v . :a a :C .", ":a :p :v", "cls-hv1"),
        (":a owl:sameAs :b . :a :p :c .", ":b :p :c", "eq-rep-s"),
    ],
)
def test_each_kind_of_axiom_is_explained(given_graph: str, goal: str, rule: str) -> None:
    records, _ = closed(given_graph)
    proof = Explainer(records).shortest(triple(goal))
    assert proof is not None
    assert proof.rule == rule


classes, properties, things = (st.sampled_from([f":{kind}{n}" for n in range(3)]) for kind in "Cpt")
axioms = st.one_of(
    st.tuples(classes, st.sampled_from(["rdfs:subClassOf", "owl:equivalentClass"]), classes),
    st.tuples(properties, st.sampled_from(["rdfs:subPropertyOf", "owl:inverseOf"]), properties),
    st.tuples(properties, st.sampled_from(["rdfs:domain", "rdfs:range"]), classes),
    st.tuples(properties, st.just("a"), st.sampled_from(["owl:TransitiveProperty", "owl:SymmetricProperty"])),
    st.tuples(things, st.just("owl:sameAs"), things),
    st.tuples(things, st.just("a"), classes),
    st.tuples(things, properties, things),
).map(lambda parts: " ".join(parts) + " .")
chains = st.tuples(properties, properties, properties).map(
    lambda parts: f"{parts[0]} owl:propertyChainAxiom ( {parts[1]} {parts[2]} ) ."
)


@example(
    [
        ":p0 a owl:SymmetricProperty .",
        ":p1 owl:inverseOf :p2 .",
        ":t0 owl:sameAs :t2 .",
        ":p0 owl:inverseOf :p2 .",
        ":t0 :p1 :t1 .",
    ],
    [":p0 owl:propertyChainAxiom ( :p0 :p1 ) ."],
)
@settings(max_examples=40)
@given(st.lists(axioms, max_size=8), st.lists(chains, max_size=1))
def test_whatever_follows_has_a_sound_proof_in_no_circle(stated: list[str], chained: list[str]) -> None:
    records, inferred = closed("\n".join([*stated, *chained]))
    explainer = Explainer(records)
    rules = [rule for rule in RULES if not rule.each]
    rules += [rule.over(head, members) for rule in RULES if rule.each for head, members in explainer.lists.items()]
    for goal in sorted(inferred, key=str):
        if isinstance(goal[2], Literal) or goal[0] == goal[2] or "2002/07/owl#" in f"{goal[0]}{goal[2]}":
            continue  # about the terms of OWL themselves, which come from rules that need no premises
        proof = explainer.shortest(goal)
        assert proof is not None, goal
        assert is_in_no_circle(proof)
        for step in every_step(proof):
            if step.rule is None:
                assert records.is_asserted(step.triple)
            else:
                assert any(is_instance(step, rule) for rule in rules if rule.name == step.rule), step


def test_every_kind_of_real_inference_is_explained_down_to_what_was_asserted(store: Store) -> None:
    records = StoreRecords(store, Names().graph("inferred"))
    explainer = Explainer(records)
    quads = sorted(store.quads_for_pattern(None, None, None, NamedNode(Names().graph("inferred"))), key=str)
    by_predicate = {quad.predicate: quad for quad in quads}
    for quad in [*quads[::60], *by_predicate.values()]:
        proof = explainer.shortest((quad.subject, quad.predicate, quad.object))  # type: ignore[arg-type]
        assert proof is not None, quad
        assert is_in_no_circle(proof)
        assert all(records.is_asserted(step.triple) for step in every_step(proof) if step.rule is None)
