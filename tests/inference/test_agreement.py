"""The fast closure beside owlrl: the same statements follow from graphs made at random.

The axioms are such that owlrl keeps to the specification: it never looks at the last property of a key (prp-key) nor
at the last member of a list (eq-diff2, prp-adp); and no literal is a subject. The real graph is in tests/conformance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from owlrl import OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from crmgraph.errors import ContradictionError
from crmgraph.inference.entailment import Closure, check_consistency, statement_of, triple_of

EX = Namespace("https://example.org/")
CLASSES = [EX[f"C{n}"] for n in range(4)]
PROPERTIES = [EX[f"p{n}"] for n in range(3)]
THINGS = [EX[f"t{n}"] for n in range(4)]
Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Axiom:
    """Triples, and a tie from the first thing to a list of others where there is a `tie`."""

    triples: tuple[Triple, ...]
    tie: tuple[Node, URIRef] | None = None
    members: tuple[Node, ...] = ()


def closed_by_owlrl(triples: Sequence[Triple]) -> tuple[set[Triple], list[str]]:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    engine = OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    engine.closure()
    return set(graph), engine.error_messages


def closed_by_us(triples: Sequence[Triple]) -> tuple[set[Triple], str]:
    closure = Closure(map(triple_of, triples))
    found = {statement_of(triple) for triple in closure.triples()}
    try:
        check_consistency(closure)
    except ContradictionError as error:
        return found, error.message
    return found, ""


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


classes, properties, things = (st.sampled_from(terms) for terms in (CLASSES, PROPERTIES, THINGS))


def axioms() -> st.SearchStrategy[Axiom]:
    def plain(*shape: Node | st.SearchStrategy[Node]) -> st.SearchStrategy[Axiom]:
        parts = (part if isinstance(part, st.SearchStrategy) else st.just(part) for part in shape)
        return st.tuples(*parts).map(lambda triple: Axiom((triple,)))

    def restriction(kind: URIRef, values: st.SearchStrategy[Node]) -> st.SearchStrategy[Axiom]:
        return st.tuples(classes, properties, values).map(
            lambda parts: Axiom(((parts[0], OWL.onProperty, parts[1]), (parts[0], kind, parts[2])))
        )

    def listed(
        first: st.SearchStrategy[Node], tie: URIRef, members: st.SearchStrategy[Node]
    ) -> st.SearchStrategy[Axiom]:
        return st.tuples(first, st.lists(members, min_size=1, max_size=3)).map(
            lambda parts: Axiom((), (parts[0], tie), tuple(parts[1]))
        )

    def all_of(kind: URIRef, members: st.SearchStrategy[Node]) -> st.SearchStrategy[Axiom]:
        # owlrl leaves the last member out, so one that nothing else speaks of stands last.
        return st.lists(members, min_size=2, max_size=3, unique=True).map(
            lambda chosen: Axiom(((EX.all, RDF.type, kind),), (EX.all, OWL.members), (*chosen, EX.last))
        )

    def counted(kind: URIRef, of: tuple[Node, ...]) -> st.SearchStrategy[Axiom]:
        return st.tuples(classes, properties, st.sampled_from(of), st.integers(0, 1)).map(
            lambda parts: Axiom(
                (
                    (parts[0], OWL.onProperty, parts[1]),
                    (parts[0], kind, Literal(parts[3], datatype=XSD.nonNegativeInteger)),
                    *([(parts[0], OWL.onClass, parts[2])] if kind == OWL.maxQualifiedCardinality else []),
                )
            )
        )

    kinds = st.sampled_from(
        [
            OWL.TransitiveProperty, OWL.SymmetricProperty, OWL.FunctionalProperty, OWL.InverseFunctionalProperty,
            OWL.IrreflexiveProperty, OWL.AsymmetricProperty,
        ]
    )  # fmt: skip
    return st.one_of(
        *(
            plain(terms, tie, others)
            for terms, others, ties in (
                (classes, classes, (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith, OWL.complementOf)),
                (properties, properties, (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.propertyDisjointWith)),
                (properties, properties, (OWL.inverseOf, OWL.sameAs)),
                (properties, classes, (RDFS.domain, RDFS.range)),
                (things, things, (OWL.differentFrom, OWL.sameAs)),
                (classes, classes, (OWL.sameAs,)),
            )
            for tie in ties
        ),
        plain(properties, RDF.type, kinds),
        restriction(OWL.someValuesFrom, classes),
        restriction(OWL.someValuesFrom, st.just(OWL.Thing)),
        restriction(OWL.allValuesFrom, classes),
        restriction(OWL.hasValue, things),
        counted(OWL.maxCardinality, (OWL.Thing,)),
        counted(OWL.maxQualifiedCardinality, (*CLASSES, OWL.Thing)),
        listed(properties, OWL.propertyChainAxiom, properties),
        listed(classes, OWL.intersectionOf, classes),
        listed(classes, OWL.unionOf, classes),
        listed(classes, OWL.oneOf, things),
        all_of(OWL.AllDisjointClasses, classes),
        all_of(OWL.AllDisjointProperties, properties),
        all_of(OWL.AllDifferent, things),
        st.tuples(things, properties, things).map(
            lambda parts: Axiom(
                (
                    (EX.no, OWL.sourceIndividual, parts[0]),
                    (EX.no, OWL.assertionProperty, parts[1]),
                    (EX.no, OWL.targetIndividual, parts[2]),
                )
            )
        ),
    )


def facts() -> st.SearchStrategy[Triple]:
    return st.one_of(
        st.tuples(things, st.just(RDF.type), classes),
        st.tuples(things, properties, things),
    )


def graph_of(stated: list[Axiom], facts: list[Triple]) -> list[Triple]:
    """The graph, with all terms declared: owlrl skips axioms of a term with itself, such as that it is its own kind."""
    graph = Graph()
    for kind, terms in ((OWL.Class, CLASSES), (OWL.ObjectProperty, PROPERTIES)):
        for term in terms:
            graph.add((term, RDF.type, kind))
    for axiom in stated:
        for triple in axiom.triples:
            graph.add(triple)
        if axiom.tie and (*axiom.tie, None) not in graph:
            head = BNode()
            Collection(graph, head, list(axiom.members))
            graph.add((*axiom.tie, head))
    for fact in facts:
        graph.add(fact)
    return sorted(graph)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(axioms(), max_size=9), st.lists(facts(), max_size=9))
def test_same_conclusions_from_random_graphs(stated: list[Axiom], said: list[Triple]) -> None:
    triples = graph_of(stated, said)
    ours, contradiction = closed_by_us(triples)
    theirs, complaints = closed_by_owlrl(triples)
    assert bool(contradiction) is bool(complaints), contradiction or complaints
    assert set(filter(worth_comparing, ours)) == set(filter(worth_comparing, theirs))
