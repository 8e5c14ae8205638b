"""The fast closure beside owlrl: the same statements follow from graphs made at random.

The axioms are such that owlrl keeps to the specification: it never looks at the last property of a key (prp-key) nor
at the last member of a list (eq-diff2, prp-adp), so one that nothing else speaks of stands last; and no literal is a
subject. The real graph is in tests/conformance.
"""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from owlrl import OWLRL_Semantics
from rdflib import OWL, RDFS, BNode, Graph, Literal
from rdflib.term import Node

from crmgraph.describing.vocabulary import statement_of, triple_of
from crmgraph.inference.entailment import Closure, is_consistent
from tests.support.phrases import rows_of

PREFIXES = """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . """
TERMS = {"C": ("C0", "C1", "C2", "C3"), "p": ("p0", "p1", "p2"), "t": ("t0", "t1", "t2", "t3")}
# owlrl skips axioms of a term with itself, such as that it is its own kind, where the term is not declared.
DECLARED = " ".join(
    f":{term} a owl:{kind} ." for name, kind in (("C", "Class"), ("p", "ObjectProperty")) for term in TERMS[name]
)
KINDS = ("Transitive", "Symmetric", "Functional", "InverseFunctional", "Irreflexive", "Asymmetric")
AXIOMS = [axiom for (axiom,) in rows_of("axioms", "inference")]
FACTS = [":<t> a :<C>", ":<t> :<p> :<t>"]
BLANKS: dict[str, st.SearchStrategy[str]] = {
    **{name: st.sampled_from(terms) for name, terms in (*TERMS.items(), ("kind", KINDS), ("n", ("0", "1")))},
    **{
        f"{name}s": st.lists(st.sampled_from(terms), min_size=2, max_size=3, unique=True).map(
            lambda chosen: " ".join(f":{term}" for term in chosen)
        )
        for name, terms in TERMS.items()
    },
}
Triple = tuple[Node, Node, Node]


def filled(form: str) -> st.SearchStrategy[str]:
    """Sentences of a form, with a term in each of its blanks."""
    parts = re.split(r"<(\w+)>", form)
    return st.tuples(*(BLANKS[part] if at % 2 else st.just(part) for at, part in enumerate(parts))).map("".join)


def sentences(forms: list[str]) -> st.SearchStrategy[list[str]]:
    """Lists of sentences of these forms; nothing has two lists of one kind."""
    one = st.sampled_from(forms).flatmap(filled)
    return st.lists(one, max_size=9, unique_by=lambda sentence: sentence.partition("(")[0])


def closed_by_owlrl(triples: list[Triple]) -> tuple[set[Triple], list[str]]:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    engine = OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    return set(graph), engine.error_messages


def worth_comparing(triple: Triple) -> bool:
    """Not that a thing is the same as itself, nor what is no RDF, nor of what datatype something is."""
    subject, predicate, value = triple
    if predicate in (OWL.maxCardinality, OWL.maxQualifiedCardinality):
        return False  # the store writes these numbers in another way
    if isinstance(subject, BNode | Literal) or isinstance(predicate, BNode | Literal) or isinstance(value, BNode):
        return False
    if predicate == OWL.sameAs:
        return subject != value
    return not {subject, value} & {RDFS.Datatype}


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(sentences(AXIOMS), sentences(FACTS))
def test_same_conclusions_from_random_graphs(axioms: list[str], facts: list[str]) -> None:
    said = "".join(f"{sentence} . " for sentence in (*axioms, *facts))
    triples = sorted(Graph().parse(data=PREFIXES + DECLARED + said, format="turtle"))
    closure = Closure(map(triple_of, triples))
    ours, contradiction = {statement_of(triple) for triple in closure.triples()}, not is_consistent(closure)
    theirs, complaints = closed_by_owlrl(triples)
    assert contradiction is bool(complaints), complaints
    assert set(filter(worth_comparing, ours)) == set(filter(worth_comparing, theirs))
