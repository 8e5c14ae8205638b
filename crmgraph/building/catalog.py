"""The catalogue of the dataset."""

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, serialize
from rdflib import OWL, Dataset, Graph

from crmgraph import __version__
from crmgraph.namespaces import BASE, Names
from crmgraph.store.quads import as_n_quads


def describe_catalog(folder: Path, dataset: Dataset, names: Names) -> Graph:
    """Return the graph `catalog`: what a file says of the dataset, and what the dataset counts (DCAT-AP, VoID).

    It counts itself too, and does not say when it was built.

    Args:
        folder: the folder with what is said of the dataset, in Turtle, with addresses relative to the base
            (`catalog.ttl`), and with the updates that add what is counted (`catalog.ru`).
        dataset: all other graphs.
        names: the names of things and graphs.
    """
    turtle = (folder / "catalog.ttl").read_text(encoding="utf-8").replace(f'"{BASE}', f'"{names.base}')
    turtle += f'<id/dataset/crmgraph> <{OWL.versionInfo}> "{__version__}" .\n'
    own, store = NamedNode(names.graph("catalog")), Store()
    store.bulk_load(as_n_quads(dataset).encode(), RdfFormat.N_QUADS)
    store.load(turtle.encode(), RdfFormat.TURTLE, base_iri=names.base, to_graph=own)
    store.update((folder / "catalog.ru").read_text(encoding="utf-8"), prefixes=names.prefixes())
    said = serialize(
        (quad.triple for quad in store.quads_for_pattern(None, None, None, own)), format=RdfFormat.N_TRIPLES
    )
    return Graph().parse(data=said, format="nt")
