"""The union of the graphs of a store as a set, where several of them hold the same statement.

The engine's own union finds such a statement once for each graph that holds it, and then counts are wrong.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from crmgraph.storing.cloning import clone

__all__ = ["has_union", "joined", "open_union", "share_statements", "write_union"]

_UNION = "union"
_EVERY = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_ONCE = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"


def write_union(folder: Path) -> None:
    """Have the Oxigraph store in `folder` hold, where graphs of it share statements, another one with their union.

    Nobody may have the store open to write. The other has the same named graphs, and in the graph without a name each
    statement of all graphs. What `clone` makes of a store has none.
    """
    store = Store.read_only(str(folder))
    if not share_statements(store):
        return
    clone(folder, folder / _UNION)
    union = Store(folder / _UNION)
    # Graph by graph, for what is added at once is held in memory.
    for graph in store.named_graphs():
        union.bulk_extend(_without_name(store.quads_for_pattern(None, None, None, graph)))
    union.flush()


def open_union(folder: Path) -> Store | None:
    """What `write_union` made of the store in `folder`, for reading; None where no statement is in several graphs."""
    return Store.read_only(str(folder / _UNION)) if has_union(folder) else None


def has_union(folder: Path) -> bool:
    """Whether `write_union` found a statement in several graphs of the store in `folder`."""
    return (folder / _UNION).is_dir()


def share_statements(store: Store, graphs: Sequence[NamedNode] | None = None) -> bool:
    """Whether a statement is in several of these graphs; without any, of all, that without a name among them."""

    setting: dict[str, Any] = {"default_graph": graphs, "use_default_graph_as_union": graphs is None}
    every, once = (list(map(str, store.query(query, **setting))) for query in (_EVERY, _ONCE))  # type: ignore[arg-type]
    return every != once


def joined(store: Store, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Store:
    """A store in memory whose graph without a name is the union of these graphs of a store, beside the named ones."""
    union = Store()
    for graph in default:
        union.extend(_without_name(store.quads_for_pattern(None, None, None, graph)))
    for graph in named:
        union.extend(store.quads_for_pattern(None, None, None, graph))
    return union


def _without_name(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The same statements in the graph without a name."""
    return (Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) for quad in quads)
