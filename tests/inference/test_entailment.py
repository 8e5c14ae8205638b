"""What inference adds to the dataset: only what is new and useful, and the answers that users rely on."""

from collections.abc import Sequence

from rdflib import OWL, RDF, RDFS, BNode, Dataset, Literal, URIRef
from rdflib.term import Node

from crmgraph.inference.entailment import infer, is_useful
from crmgraph.namespaces import Names

Triple = tuple[Node, Node, Node]
NAMES, EXAMPLE = Names(), Names("https://example.org/")
A, B, C, P = (URIRef(f"https://example.org/id/{name}") for name in "abcp")


def made(ontology: Sequence[Triple], things: Sequence[Triple]) -> Dataset:
    dataset = Dataset()
    for name, triples in (("ontology", ontology), ("reference", things)):
        for triple in triples:
            dataset.graph(URIRef(EXAMPLE.graph(name))).add(triple)
    return dataset


def test_only_new_statements_about_things() -> None:
    part, within = (URIRef(f"https://example.org/terms/{name}") for name in ("Part", "within"))
    terms = [(within, RDF.type, OWL.TransitiveProperty), (part, RDFS.subClassOf, OWL.Thing)]
    dataset = made(terms, [(A, RDF.type, part), (A, within, B), (B, within, C)])
    assert set(infer(dataset, EXAMPLE)) == {(A, within, C)}


def test_useful_statements() -> None:
    useless: tuple[Triple, ...] = (
        (A, OWL.sameAs, A), (A, RDF.type, OWL.Thing), (A, RDF.type, OWL.NamedIndividual), (A, RDF.type, RDFS.Resource),
        (A, P, BNode()), (BNode(), P, A), (A, BNode(), B), (Literal("a"), P, B), (A, Literal("a"), B),
    )  # fmt: skip
    useful: tuple[Triple, ...] = ((A, OWL.sameAs, B), (A, RDF.type, P), (A, P, A), (A, P, Literal("a")))
    assert [is_useful(*triple) for triple in (*useless, *useful)] == [False] * len(useless) + [True] * len(useful)
    terms = [(P, RDFS.subPropertyOf, RDFS.seeAlso), (P, RDF.type, OWL.ObjectProperty)]
    assert set(infer(made(terms, [(A, OWL.sameAs, B), (B, P, Literal("x"))]), EXAMPLE)) == {
        (B, OWL.sameAs, A), (A, P, Literal("x")), (A, RDFS.seeAlso, Literal("x")), (B, RDFS.seeAlso, Literal("x")),
    }  # fmt: skip
