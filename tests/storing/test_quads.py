"""The dataset as N-Quads: the same data, the same bytes."""

import pytest
from rdflib import BNode, Dataset, Literal, URIRef

from crmgraph.storing.quads import quads

A, B, G, H = (URIRef(f"https://example.org/{name}") for name in "abgh")


def made(*order: tuple[URIRef, URIRef, URIRef | Literal, URIRef]) -> Dataset:
    dataset = Dataset()
    for subject, predicate, value, graph in order:
        dataset.graph(graph).add((subject, predicate, value))
    return dataset


QUADS = ((A, B, Literal('línea 1\nlínea "2"', "es"), G), (A, B, Literal(7), H), (B, A, B, G))


def test_the_order_of_making_makes_no_difference() -> None:
    text = quads(made(*QUADS))
    assert text == quads(made(*reversed(QUADS)))
    assert text.splitlines() == sorted(text.splitlines())
    assert len(text.splitlines()) == len(QUADS)


def test_a_node_without_a_name_is_refused() -> None:
    dataset = made(*QUADS)
    dataset.graph(G).add((BNode(), A, B))
    with pytest.raises(ValueError, match="without a name"):
        quads(dataset)
