"""The union of the graphs of a store as a set, where several of them hold the same statement.

The engine's own union finds such a statement once for each graph that holds it, and then counts are wrong.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from crmgraph.storing.cloning import clone
from crmgraph.storing.syncing import sync, sync_folder

__all__ = ["has_union", "joined", "open_union", "share_statements", "write_union"]

_UNION = "union"
_EVERY = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_ONCE = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"


def write_union(folder: Path) -> None:
    """Have the Oxigraph store in `folder` hold, where graphs of it share statements, another one with their union.

    Nobody may have the store open to write. The other has the same named graphs, and in the graph without a name each
    statement of all graphs. It is there whole or not at all, even if the machine loses power; what `clone` makes of a
    store has none. Raises OSError and RuntimeError where the disk is full.
    """
    if has_union(folder):
        return
    store = Store.read_only(str(folder))
    if not share_statements(store):
        return
    fresh = folder / f"{_UNION}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    clone(folder, fresh)
    union = Store(fresh)
    # All in one go, for each makes tables of its own.
    union.bulk_extend(_without_name(store))
    union.flush()
    del union
    sync_folder(fresh)
    fresh.rename(folder / _UNION)
    sync(folder)


def open_union(folder: Path) -> Store | None:
    """What `write_union` made of the store in `folder`, for reading; None where no statement is in several graphs."""
    return Store.read_only(str(folder / _UNION)) if has_union(folder) else None


def has_union(folder: Path) -> bool:
    """Whether `write_union` found a statement in several graphs of the store in `folder`."""
    return (folder / _UNION).is_dir()


def share_statements(store: Store, graphs: Sequence[NamedNode] | None = None) -> bool:
    """Whether a statement is in several of these graphs; without any, of all, that without a name among them."""
    setting: dict[str, Any] = {"default_graph": graphs, "use_default_graph_as_union": graphs is None}

    def count(query: str) -> int:
        found = store.query(query, **setting)
        assert isinstance(found, QuerySolutions)
        return int(next(found)["n"].value)

    return count(_EVERY) != count(_ONCE)


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
