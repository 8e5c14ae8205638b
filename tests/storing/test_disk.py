"""The dataset on disk, written and opened."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import Store

from crmgraph.building import Manifest, documents
from crmgraph.errors import UsageError
from crmgraph.storing import DUMP, STORE
from crmgraph.storing.disk import graph_sizes, open_store, write_dataset

G, H = "https://example.org/g", "https://example.org/h"
LINES = f"""<urn:a> <urn:b> "línea 1\\nlínea \\"2\\""@es <{G}> .
<urn:a> <urn:b> "7"^^<http://www.w3.org/2001/XMLSchema#integer> <{H}> .
<urn:b> <urn:a> <urn:b> <{G}> .
"""


def test_written_and_opened(tmp_path: Path) -> None:
    write_dataset(LINES, tmp_path)
    store = open_store(tmp_path)
    assert graph_sizes(store) == {G: 2, H: 1}
    values = {quad.object.value for quad in store}
    assert 'línea 1\nlínea "2"' in values
    assert gzip.decompress((tmp_path / f"{DUMP}.gz").read_bytes()) == (tmp_path / DUMP).read_bytes()


def test_a_damaged_store_says_what_to_do(tmp_path: Path) -> None:
    write_dataset(LINES, tmp_path)
    [manifest] = (tmp_path / STORE).glob("MANIFEST-*")
    manifest.write_bytes(b"")
    with pytest.raises(UsageError, match=r"the store cannot be opened \(.*[^.]\); .* crmgraph build --force$"):
        open_store(tmp_path)
    with pytest.raises(UsageError, match="crmgraph build --force"):
        open_store(tmp_path / "none")


def test_the_real_dataset_has_the_graphs_of_the_contract(store: Store, manifest: Manifest) -> None:
    sizes = graph_sizes(store)
    assert sizes == manifest.graphs
    names = {name.removeprefix("https://w3id.org/crmgraph/graph/") for name in sizes}
    plans = {file.stem for file in documents()}
    assert plans > {"crm", "gcm"}
    assert names == {
        *(f"{kind}/{plan}" for kind in ("plan", "source") for plan in plans),
        *("reference", "processes", "links", "ontology", "inferred", "findings", "catalog"),
    }


def test_no_statement_stands_in_two_graphs(store: Store) -> None:
    """Where one did, a query over the union of the graphs would count it twice."""
    triples = [quad.triple for quad in store]
    assert len(triples) == len(set(triples))
