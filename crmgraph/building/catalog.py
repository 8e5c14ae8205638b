"""The catalogue of the dataset: a description with metadata and statistics (DCAT-AP, VoID)."""

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, serialize
from rdflib import OWL, Dataset, Graph

from crmgraph import __version__
from crmgraph.namespaces import BASE, Names
from crmgraph.store.quads import as_n_quads


def describe_catalog(folder: Path, dataset: Dataset, names: Names) -> Graph:
    """Return the graph `catalog`, which describes the dataset (DCAT-AP, VoID).

    The statistics include the catalogue itself. There is no date of the build, so that equal input gives equal output.

    Args:
        folder: The folder with the metadata in Turtle, with IRIs relative to the base (`catalog.ttl`), and with the
            SPARQL updates that add the statistics (`catalog.ru`).
        dataset: All other graphs.
        names: The IRIs of things and graphs.
    """
    turtle = (folder / "catalog.ttl").read_text(encoding="utf-8").replace(f'"{BASE}', f'"{names.base}')
    turtle += f'<id/dataset/crmgraph> <{OWL.versionInfo}> "{__version__}" .\n'
    catalog, store = NamedNode(names.graph("catalog")), Store()
    store.bulk_load(as_n_quads(dataset).encode(), RdfFormat.N_QUADS)
    store.load(turtle.encode(), RdfFormat.TURTLE, base_iri=names.base, to_graph=catalog)
    store.update((folder / "catalog.ru").read_text(encoding="utf-8"), prefixes=names.prefixes())
    n_triples = serialize(
        (quad.triple for quad in store.quads_for_pattern(None, None, None, catalog)), format=RdfFormat.N_TRIPLES
    )
    return Graph().parse(data=n_triples, format="nt")
