"""The union of the graphs of a store as a set, where several of them hold the same statement.

The engine's own union finds such a statement once for each graph that holds it, and then counts are wrong.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

UNION = "union"
"""The name of the folder, within that of a store, with the store of the union."""


def has_union(folder: Path) -> bool:
    """Tell whether the store in a folder has another one with the union of its graphs."""
    return (folder / UNION).is_dir()


def open_union(folder: Path) -> Store | None:
    """Open the union of the graphs of the store in a folder; None where no statement is in several graphs."""
    return Store.read_only(str(folder / UNION)) if has_union(folder) else None


def share_statements(store: Store, graphs: Sequence[NamedNode] | None = None) -> bool:
    """Tell whether a statement is in several of these graphs; without any, of all, the default graph among them."""
    setting: dict[str, Any] = {"default_graph": graphs, "use_default_graph_as_union": graphs is None}

    def count(what: str) -> int:
        found = store.query(f"SELECT (COUNT(*) AS ?n) {{ {what} }}", **setting)
        assert isinstance(found, QuerySolutions)
        return int(next(found)["n"].value)

    return count("?s ?p ?o") != count("SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }")


def joined(store: Store, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Store:
    """Return a store in memory with the union of these graphs as its default graph, beside the named ones."""
    union = Store()
    for graph in default:
        union.extend(without_graph(store.quads_for_pattern(None, None, None, graph)))
    for graph in named:
        union.extend(store.quads_for_pattern(None, None, None, graph))
    return union


def without_graph(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the same statements in the default graph."""
    return (Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in quads)
