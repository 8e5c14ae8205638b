"""The store of a process, as it is asked for one dataset or another."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

from crmgraph.sparql import stored as module
from crmgraph.sparql.dataset import Dataset
from crmgraph.sparql.evaluation import Stored
from tests.support.stores import EX

A, B, MANY = (NamedNode(f"{EX}{name}") for name in ("a", "b", "many"))


def test_graphs_that_share_statements_are_joined_once(stored: Stored) -> None:
    store, setting = stored.with_graphs(Dataset((A, B), (B,)), joins_graphs=True)
    assert len(store) == 6 + 3
    assert setting == {"default_graph": DefaultGraph(), "named_graphs": (B,)}
    assert stored.with_graphs(Dataset((A, B), (B,)), joins_graphs=True)[0] is store


def test_graphs_that_share_none_are_asked_where_they_are(stored: Stored) -> None:
    for graphs in ((A, MANY), (A,), ()):
        store, setting = stored.with_graphs(Dataset(graphs, ()), joins_graphs=True)
        assert store is stored.store
        assert setting == {"default_graph": graphs, "named_graphs": ()}


def test_a_large_union_is_not_kept(small_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 5)
    stored = Stored.open(small_store)
    first, second = (stored.with_graphs(Dataset((A, B), ()), joins_graphs=True)[0] for _ in range(2))
    assert first is not second
    assert len(first) == len(second) == 6


def test_without_a_dataset_the_union_of_all_is_asked_where_there_is_one() -> None:
    store, union = Store(), Store()
    assert Stored(store, union).with_graphs(None, joins_graphs=True) == (union, {})
    assert Stored(store, union).with_graphs(None, joins_graphs=False)[0] is store
    assert Stored(store).with_graphs(None, joins_graphs=True) == (store, {"use_default_graph_as_union": True})
