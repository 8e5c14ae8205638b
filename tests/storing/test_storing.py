"""The dataset on disk: the same data, the same bytes."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import Store
from rdflib import BNode, Dataset, Literal, URIRef

from crmgraph.building import Manifest
from crmgraph.storing.disk import DUMP, graph_sizes, open_store, write_dataset
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


def test_written_and_opened(tmp_path: Path) -> None:
    write_dataset(quads(made(*QUADS)), tmp_path)
    store = open_store(tmp_path)
    assert graph_sizes(store) == {str(G): 2, str(H): 1}
    values = {quad.object.value for quad in store}
    assert 'línea 1\nlínea "2"' in values
    assert gzip.decompress((tmp_path / f"{DUMP}.gz").read_bytes()) == (tmp_path / DUMP).read_bytes()


def test_the_real_dataset_has_the_graphs_of_the_contract(store: Store, manifest: Manifest) -> None:
    sizes = graph_sizes(store)
    assert sizes == manifest.graphs
    names = {name.removeprefix("https://w3id.org/crmgraph/graph/") for name in sizes}
    assert names == {
        "plan/crm", "source/crm", "reference", "processes", "ontology", "inferred", "findings", "catalog",
    }  # fmt: skip


def test_no_statement_stands_in_two_graphs(store: Store) -> None:
    """Where one did, a query over the union of the graphs would count it twice."""
    triples = [quad.triple for quad in store]
    assert len(triples) == len(set(triples))
