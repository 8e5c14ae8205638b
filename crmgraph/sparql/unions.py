"""The union of a store's graphs as a set of triples, for stores in which several graphs contain the same triple.

Oxigraph's own union contains such a triple once for each graph, so that counts come out wrong.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

UNION_FOLDER = "union"
"""Name of the subfolder of a store's folder that contains the store with the union."""


def has_union(folder: Path) -> bool:
    """Return whether a store with the union of the graphs was built in the folder of this store."""
    return (folder / UNION_FOLDER).is_dir()


def open_union(folder: Path) -> Store | None:
    """Open the union of the graphs of the store in a folder; None if no triple is in several graphs."""
    return Store.read_only(str(folder / UNION_FOLDER)) if has_union(folder) else None


def has_shared_triples(store: Store, graphs: Sequence[NamedNode] | None = None) -> bool:
    """Return whether any triple is in more than one of these graphs.

    Without `graphs`, all graphs of the store are compared, including the default graph.
    """
    setting: dict[str, Any] = {"default_graph": graphs, "use_default_graph_as_union": graphs is None}

    def count(what: str) -> int:
        found = store.query(f"SELECT (COUNT(*) AS ?n) {{ {what} }}", **setting)
        assert isinstance(found, QuerySolutions)
        return int(next(found)["n"].value)

    return count("?s ?p ?o") != count("SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }")


def join_graphs(store: Store, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Store:
    """Return a new store in memory for a query over this dataset.

    Its default graph is the union of the graphs `default`. Its named graphs are the graphs `named`.
    """
    union = Store()
    for graph in default:
        union.extend(in_default_graph(store.quads_for_pattern(None, None, None, graph)))
    for graph in named:
        union.extend(store.quads_for_pattern(None, None, None, graph))
    return union


def in_default_graph(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield these quads with the default graph in place of their own graph."""
    return (Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in quads)
