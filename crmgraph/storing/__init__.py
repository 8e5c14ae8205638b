"""Storing: a dataset as sorted N-Quads, and as an Oxigraph store on disk that queries are answered from."""

import gzip
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import BNode, Dataset
from rdflib import Literal as RdflibLiteral
from rdflib.term import Node

__all__ = ["DUMP", "STORE", "graph_sizes", "open_store", "quads", "write_dataset"]

DUMP = "dataset.nq"
STORE = "store"


def quads(dataset: Dataset) -> str:
    """The dataset as N-Quads, a statement a line, in the order of the characters: the same data, the same text.

    Raises ValueError where a node has no name, for its line would differ from one time to the next.
    """
    return "".join(sorted({f"{_quad(*quad)} .\n" for quad in dataset.quads()}))


def _quad(subject: Node, predicate: Node, value: Node, graph: Node | None) -> Quad:
    if isinstance(subject, BNode) or isinstance(value, BNode):
        raise ValueError(f"a node without a name in {graph}: {subject.n3()} … {value.n3()}")
    return Quad(NamedNode(str(subject)), NamedNode(str(predicate)), _value(value), NamedNode(str(graph)))


def _value(value: Node) -> NamedNode | Literal:
    if not isinstance(value, RdflibLiteral):
        return NamedNode(str(value))
    if value.language:
        return Literal(str(value), language=value.language)
    return Literal(str(value), datatype=NamedNode(str(value.datatype)) if value.datatype else None)


def write_dataset(text: str, folder: Path) -> None:
    """Write N-Quads `text` into `folder`: as it is, compressed for download, and as an Oxigraph store."""
    (folder / DUMP).write_text(text, encoding="utf-8", newline="\n")
    (folder / f"{DUMP}.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    store = Store(folder / STORE)
    store.bulk_load(text.encode(), format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()


def open_store(folder: Path) -> Store:
    """The store of a built dataset, for reading."""
    return Store.read_only(str(folder / STORE))


def graph_sizes(store: Store) -> dict[str, int]:
    """How many statements each named graph has, by its IRI."""
    return {
        graph.value: sum(1 for _ in store.quads_for_pattern(None, None, None, graph)) for graph in store.named_graphs()
    }
