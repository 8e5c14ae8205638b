"""The dataset on disk: N-Quads in order, the store, the union of its graphs, names of states, and its seal."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store
from rdflib import BNode, Dataset, Literal, URIRef

from crmgraph.building.manifest import Manifest, plan_documents
from crmgraph.building.parts import as_n_quads
from crmgraph.errors import UsageError
from crmgraph.sparql.workarounds import has_union, open_union
from crmgraph.store import DUMP, STORE
from crmgraph.store.dataset import SEAL, copy_store, is_intact, open_store, seal, store_dump, write_union

G, H = "https://example.org/g", "https://example.org/h"
LINES = f"""<urn:a> <urn:b> "7"^^<http://www.w3.org/2001/XMLSchema#integer> <{H}> .
<urn:a> <urn:b> "línea 1\\nlínea \\"2\\""@es <{G}> .
<urn:b> <urn:a> <urn:b> <{G}> .
"""
ONE, OTHER = URIRef("urn:a"), URIRef("urn:b")
QUADS = (
    (ONE, OTHER, Literal('línea 1\nlínea "2"', "es"), URIRef(G)),
    (ONE, OTHER, Literal(7), URIRef(H)),
    (OTHER, ONE, OTHER, URIRef(G)),
)


def test_the_same_data_are_the_same_bytes() -> None:
    made = []
    for order in (QUADS, QUADS[::-1]):
        dataset = Dataset()
        for subject, predicate, value, graph in order:
            dataset.graph(graph).add((subject, predicate, value))
        made.append(dataset)
    assert as_n_quads(made[0]) == as_n_quads(made[1]) == LINES
    made[0].graph(URIRef(G)).add((BNode(), ONE, OTHER))
    with pytest.raises(ValueError, match="without a name"):
        as_n_quads(made[0])


def graph_sizes(store: Store) -> dict[str, int]:
    return {
        graph.value: sum(1 for _ in store.quads_for_pattern(None, None, None, graph)) for graph in store.named_graphs()
    }


def test_written_and_opened(tmp_path: Path) -> None:
    (tmp_path / DUMP).write_text(LINES, encoding="utf-8")
    store_dump(tmp_path)
    store = open_store(tmp_path / STORE)
    assert graph_sizes(store) == {G: 2, H: 1}
    assert 'línea 1\nlínea "2"' in {quad.object.value for quad in store}
    del store
    assert gzip.decompress((tmp_path / f"{DUMP}.gz").read_bytes()) == (tmp_path / DUMP).read_bytes()
    [manifest] = (tmp_path / STORE).glob("MANIFEST-*")
    manifest.write_bytes(b"")
    with pytest.raises(UsageError, match=r"the store cannot be opened \(.*[^.]\); .* crmgraph build --force$"):
        open_store(tmp_path / STORE)
    with pytest.raises(UsageError, match="crmgraph build --force"):
        open_store(tmp_path / "none")


def test_the_real_dataset(store: Store, build_folder: Path, manifest: Manifest) -> None:
    sizes = graph_sizes(store)
    assert sizes == manifest.graphs
    plans = {file.stem for file in plan_documents()}
    assert plans > {"crm", "gcm"}
    assert {name.removeprefix("https://w3id.org/crmgraph/graph/") for name in sizes} == {
        *(f"{kind}/{plan}" for kind in ("plan", "source") for plan in plans),
        *("reference", "processes", "links", "ontology", "inferred", "findings", "catalog"),
    }
    # Where a statement stood in two graphs, a query over their union would count it twice.
    triples = [quad.triple for quad in store]
    assert len(triples) == len(set(triples))
    assert not has_union(manifest.folder(build_folder) / STORE)


A, B, C = (NamedNode(f"http://e/{name}") for name in "abc")


def stored(folder: Path, *quads: Quad) -> Path:
    store = Store(folder)
    store.extend(quads)
    store.flush()
    return folder


def test_the_union_of_graphs_that_share_a_statement(tmp_path: Path) -> None:
    folder = stored(tmp_path / "store", Quad(A, A, A, A), Quad(A, A, A, B), Quad(A, A, B, B), Quad(A, A, C))
    (folder / "union.new").mkdir()
    write_union(folder)
    write_union(folder)
    assert sorted(each.name for each in folder.iterdir() if each.is_dir()) == ["union"], "it is made once"
    union = open_union(folder)
    assert union is not None
    found = [str(quad.object) for quad in union.quads_for_pattern(None, None, None, DefaultGraph())]
    assert sorted(found) == [str(each) for each in (A, B, C)]
    assert len(list(union.quads_for_pattern(None, None, None, B))) == 2
    assert len(Store.read_only(str(folder))) == 4, "the store itself stays as it is"
    copy_store(folder, tmp_path / "copy")
    assert (has_union(folder), has_union(tmp_path / "copy")) == (True, False)
    write_union(stored(tmp_path / "default", Quad(A, A, A), Quad(A, A, A, B)))
    assert has_union(tmp_path / "default")
    apart = stored(tmp_path / "apart", Quad(A, A, A, A), Quad(A, A, B, B), Quad(A, A, C))
    write_union(apart)
    assert (has_union(apart), open_union(apart)) == (False, None)


def test_damage_of_a_sealed_folder_shows(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    (folder / "store").mkdir(parents=True)
    files = {"findings.json": b"[]", "store/MANIFEST-1": b"abc", "store/LOG": b"began", "large": b"x" * 2**20}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    seal(folder)
    sealed = (folder / SEAL).read_bytes()
    assert is_intact(folder)
    (folder / "store" / "LOG").write_text("began, opened", encoding="utf-8")
    (folder / "store" / "more").write_text("", encoding="utf-8")
    assert is_intact(folder), "the engine's diary may grow"
    for name, damage in (
        ("findings.json", b"{}"),
        ("findings.json", None),
        ("store/MANIFEST-1", b""),
        ("large", b"x" * (2**20 - 1) + b"y"),
        (SEAL, None),
        (SEAL, b"{}"),
        (SEAL, b"\xff"),
    ):
        file = folder / name
        if damage is None:
            file.unlink()
        else:
            file.write_bytes(damage)
        assert not is_intact(folder), (name, damage)
        file.write_bytes(sealed if name == SEAL else files[name])
        assert is_intact(folder)
    assert not is_intact(tmp_path / "none")
