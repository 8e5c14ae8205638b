"""The union of graphs that share statements."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from crmgraph.building import Manifest
from crmgraph.storing import STORE
from crmgraph.storing.cloning import clone
from crmgraph.storing.unions import has_union, joined, open_union, share_statements, write_union

A, B, C = (NamedNode(f"http://e/{name}") for name in "abc")


def held(*quads: Quad) -> Store:
    store = Store()
    store.extend(quads)
    return store


def stored(folder: Path, *quads: Quad) -> Path:
    store = Store(folder)
    store.extend(quads)
    store.flush()
    return folder


def test_the_union_of_graphs_that_share_a_statement(tmp_path: Path) -> None:
    folder = stored(tmp_path / "store", Quad(A, A, A, A), Quad(A, A, A, B), Quad(A, A, B, B), Quad(A, A, C))
    write_union(folder)
    union = open_union(folder)
    assert union is not None
    assert sorted(str(quad.object) for quad in union.quads_for_pattern(None, None, None, DefaultGraph())) == [
        str(each) for each in (A, B, C)
    ]
    assert len(list(union.quads_for_pattern(None, None, None, B))) == 2
    assert len(Store.read_only(str(folder))) == 4, "the store itself stays as it is"


def test_the_graph_without_a_name_is_one_of_them(tmp_path: Path) -> None:
    write_union(stored(tmp_path / "store", Quad(A, A, A), Quad(A, A, A, B)))
    assert has_union(tmp_path / "store")


def test_graphs_that_share_nothing_need_none(tmp_path: Path) -> None:
    folder = stored(tmp_path / "store", Quad(A, A, A, A), Quad(A, A, B, B), Quad(A, A, C))
    write_union(folder)
    assert not has_union(folder)
    assert open_union(folder) is None


def test_a_copy_has_none(tmp_path: Path) -> None:
    folder = stored(tmp_path / "store", Quad(A, A, A, A), Quad(A, A, A, B))
    write_union(folder)
    clone(folder, tmp_path / "copy")
    assert has_union(folder)
    assert not has_union(tmp_path / "copy")


def test_it_is_made_once(tmp_path: Path) -> None:
    folder = stored(tmp_path / "store", Quad(A, A, A, A), Quad(A, A, A, B))
    (folder / "union.new").mkdir()
    write_union(folder)
    write_union(folder)
    assert sorted(each.name for each in folder.iterdir() if each.is_dir()) == ["union"]


def test_many_graphs_take_few_tables(tmp_path: Path) -> None:
    """Or a store of some thousand graphs takes minutes to write."""
    graphs = [NamedNode(f"http://e/{number}") for number in range(300)]
    folder = stored(tmp_path / "store", *(Quad(A, A, A, graph) for graph in graphs))
    write_union(folder)
    assert len(list((folder / "union").glob("*.sst"))) < 20


def test_the_built_dataset_has_each_statement_in_one_graph(build_folder: Path, manifest: Manifest) -> None:
    assert not has_union(manifest.folder(build_folder) / STORE)


_terms = st.sampled_from([A, B, C])
_graphs = st.sampled_from([A, B, C, DefaultGraph()])


@given(st.lists(st.builds(Quad, _terms, _terms, _terms, _graphs)), st.sets(_terms), st.sets(_terms))
def test_some_graphs_joined(quads: list[Quad], default: set[NamedNode], named: set[NamedNode]) -> None:
    store = held(*quads)
    of_default = [quad.triple for quad in store if quad.graph_name in default]
    assert share_statements(store, list(default)) == (len(set(of_default)) < len(of_default))
    assert share_statements(store) == (len({quad.triple for quad in quads}) < len(set(quads)))
    union = joined(store, list(default), list(named))
    assert {quad.triple for quad in union if quad.graph_name == DefaultGraph()} == set(of_default)
    assert {quad for quad in union if quad.graph_name != DefaultGraph()} == {
        quad for quad in quads if quad.graph_name in named
    }
